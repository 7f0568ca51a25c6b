// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lists of a server that come in pages, in every way that servers page.

use serde_json::json;
use underpin_feeds::Code;
use underpin_feeds::portfolio::Portfolio;
use underpin_testkit::server::Reply;

use super::world::{World, world};

const LIST: &str = "/api/v1/project?excludeInactive=false&pageSize=100&pageNumber=";

fn page(world: &World, number: usize, names: std::ops::Range<usize>, total: Option<&str>) {
    let items: Vec<_> = names.map(|name| json!({ "uuid": format!("p{name}"), "name": format!("{name}") })).collect();
    let reply = Reply::ok(json!(items).to_string());
    let reply = total.into_iter().fold(reply, |reply, total| reply.header("X-Total-Count", total));
    world.server.on(&format!("{LIST}{number}"), [reply]);
}

#[tokio::test]
async fn every_page_is_read_once() {
    type Pages<'p> = &'p [(std::ops::Range<usize>, Option<&'p str>)];
    let cases: [(&str, Pages<'_>, usize, usize, usize); 7] = [
        ("one page", &[(0..3, Some("3"))], 3, 1, 0),
        ("pages of its own size", &[(0..2, Some("5")), (2..4, Some("5")), (4..5, Some("5"))], 5, 3, 0),
        ("no total", &[(0..100, None), (100..130, None)], 130, 2, 0),
        ("no pages: everything each time", &[(0..120, None), (0..120, None)], 120, 2, 0),
        ("fewer than it says", &[(0..2, Some("9")), (0..0, Some("9"))], 2, 2, 1),
        ("a total that is none", &[(0..3, Some("many"))], 3, 1, 0),
        ("nothing", &[(0..0, Some("0"))], 0, 1, 0),
    ];
    for (name, pages, items, asked, faults) in cases {
        let world = world();
        for (number, (names, total)) in (1..).zip(pages) {
            page(&world, number, names.clone(), *total);
        }
        let address = world.at("/api/");
        let listed = Portfolio::new(&world.client, &address).projects().await.expect(name);
        assert_eq!((listed.items.len(), listed.faults.len()), (items, faults), "{name}: {:?}", listed.faults);
        assert_eq!(world.server.asked().len(), asked, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_list_is_a_bad_answer_and_what_is_missing_is_none() {
    let world = world();
    world.server.on(&format!("{LIST}1"), [Reply::ok("{\"a\": 1}")]);
    world.server.on("/api/version", [Reply::ok("{\"version\":\"4.12.7\",\"application\":\"Dependency-Track\"}")]);
    let address = world.at("");
    let portfolio = Portfolio::new(&world.client, &address);
    assert_eq!(portfolio.projects().await.unwrap_err().code, Code::BadAnswer);
    assert_eq!(portfolio.version().await.as_deref(), Ok("4.12.7"));
    assert_eq!(portfolio.bom("../secret?x=1").await, Ok(None));
    let asked = world.server.asked().pop().expect("a question").path;
    assert_eq!(asked, "/api/v1/bom/cyclonedx/project/..%2Fsecret%3Fx%3D1?format=json&variant=inventory");
}
