// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a request may lead, and what goes with it.

use underpin_feeds::{Code, Validators};
use underpin_testkit::server::Reply;

use super::world::{World, world};

async fn told(world: &World, address: &str) -> Result<String, Code> {
    let answer = world.client.bytes(address, &Validators::default(), 100).await;
    let answer = answer.inspect_err(|error| {
        let text = format!("{error} {error:?}");
        assert!(!text.contains("secret"), "{text}");
    });
    answer.map(|answer| String::from_utf8(answer.unwrap().bytes).unwrap()).map_err(|error| error.code)
}

#[tokio::test]
async fn redirects_are_followed_as_far_as_the_guard_allows() {
    let world = world();
    let port = world.server.port();
    world.server.on("/end", [Reply::ok("end")]);
    world.server.on("/loop", [Reply::redirect("/loop")]);
    for step in 1..=6 {
        world.server.on(
            &format!("/{step}"),
            [Reply::redirect(if step == 1 { "end".to_owned() } else { format!("{}", step - 1) })],
        );
    }
    for (location, expected) in [
        ("/end".to_owned(), Ok("end".to_owned())),
        ("//b.example:PORT/end".to_owned(), Ok("end".to_owned())),
        ("/4".to_owned(), Ok("end".to_owned())),
        ("/5".to_owned(), Err(Code::TooManyRedirects)),
        ("/loop".to_owned(), Err(Code::TooManyRedirects)),
        ("http://inside.example:PORT/end?key=secret".to_owned(), Err(Code::AddressRefused)),
        ("http://twofold.example:PORT/end".to_owned(), Err(Code::AddressRefused)),
        ("http://mapped.example:PORT/end".to_owned(), Err(Code::AddressRefused)),
        ("http://metadata.example:PORT/latest/meta-data".to_owned(), Err(Code::AddressRefused)),
        (format!("http://127.0.0.{}:PORT/end", 1), Err(Code::AddressRefused)),
        (format!("http://169.254.169.{}/latest", 254), Err(Code::AddressRefused)),
        ("https://[::1]/end".to_owned(), Err(Code::AddressRefused)),
        ("http://user:secret@a.example:PORT/end".to_owned(), Err(Code::AddressRefused)),
        ("http://public.example/end".to_owned(), Err(Code::AddressRefused)),
        ("http://a.example:22/end".to_owned(), Err(Code::AddressRefused)),
        ("file:///etc/passwd".to_owned(), Err(Code::BadAddress)),
        ("http://gone.example:PORT/end".to_owned(), Err(Code::UnknownHost)),
        ("http://empty.example:PORT/end".to_owned(), Err(Code::UnknownHost)),
        ("http://[".to_owned(), Err(Code::BadAnswer)),
    ] {
        let location = location.replace("PORT", &port.to_string());
        world.server.on("/start", [Reply::redirect(location.clone())]);
        assert_eq!(told(&world, &world.at("/start")).await, expected, "{location}");
    }
    world.server.on("/start", [Reply::status(302)]);
    assert_eq!(told(&world, &world.at("/start")).await, Err(Code::BadAnswer));
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_called() {
    let world = world();
    world.server.on("/a", [Reply::ok("x")]);
    for host in ["inside.example", "twofold.example"] {
        assert_eq!(
            told(&world, &world.server.address(host, "/a?key=secret")).await,
            Err(Code::AddressRefused),
            "{host}"
        );
    }
    assert_eq!(world.server.take_paths(), Vec::<String>::new());
    assert_eq!(world.pauses(), Vec::<u64>::new());
}

#[tokio::test]
async fn credentials_stay_with_their_host() {
    let world = world();
    let authorisation = |world: &World| -> Vec<Option<String>> {
        let asked = world.server.asked();
        world.server.take_paths();
        asked.iter().map(|asked| asked.headers.get("authorization").cloned()).collect()
    };
    let of = |host: &str, path: &str| world.server.address(host, path);
    world.server.on("/end", [Reply::ok("end")]);
    let a = Some("Bearer secret-A".to_owned());
    let b = Some("Bearer secret-B".to_owned());
    told(&world, &of("a.example", "/end")).await.unwrap();
    assert_eq!(authorisation(&world), vec![a.clone()]);
    told(&world, &of("b.example", "/end")).await.unwrap();
    assert_eq!(authorisation(&world), [b]);
    told(&world, &of("c.example", "/end")).await.unwrap();
    assert_eq!(authorisation(&world), [None]);
    // To the same host: it goes along. To another one: neither its own nor the first one's, nor after coming back.
    world.server.on("/same", [Reply::redirect("/end")]);
    told(&world, &of("a.example", "/same")).await.unwrap();
    assert_eq!(authorisation(&world), [a.clone(), a.clone()]);
    world.server.on("/away", [Reply::redirect(of("b.example", "/back"))]);
    world.server.on("/back", [Reply::redirect(of("a.example", "/end"))]);
    told(&world, &of("a.example", "/away")).await.unwrap();
    assert_eq!(authorisation(&world), [a, None, None]);
    assert!(!format!("{:?}", world.client.credentials()).contains("secret"));
}
