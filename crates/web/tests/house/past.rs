// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Pictures of the past on the overview and on the page of an agency: worked out behind their readers, true, and within their reach.

use std::time::Duration;

use underpin_model::Timestamp;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::Web;

/// Asks until a page draws the picture.
async fn drawn(web: &Web, path: &str, cookie: &str, picture: &str) -> String {
    let mark = format!("id=\"{picture}\"");
    for _ in 0..600 {
        let body = web.get(path, cookie).await.body;
        if body.contains(&mark) {
            return body;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} never draws {picture}");
}

/// The two numbers beside a name in the table of a picture.
fn numbers(body: &str, name: &str) -> Vec<u64> {
    let row = body.split("<tr>").find(|row| row.contains(&format!(">{name}</a></th>"))).unwrap_or_default();
    let cells = row.split("<td class=\"number\">").skip(1);
    cells.map(|cell| cell.split('<').next().unwrap_or_default().replace(',', "").parse().expect("a number")).collect()
}

#[tokio::test]
async fn what_was_open_long_ago_stands_beside_what_is_open_now() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let agency = "health-institute";
    let first = web.get(&format!("/agencies/{agency}"), &ada).await;
    assert!(!first.body.contains("id=\"then-and-now\""), "nobody waits for it");
    let body = drawn(&web, &format!("/agencies/{agency}"), &ada, "then-and-now").await;
    let now = web.get("/findings?format=json", &ada).await.json();
    let now: Timestamp = now["as_of"].as_str().expect("a moment").parse().expect("a moment");
    // The demo knows nothing of half a year ago: a quarter of a year it is.
    let nothing = Timestamp(now.0 - 182 * Timestamp::DAY_US).date();
    let none = web.get(&format!("/findings?format=json&as-of={nothing}"), &ada).await.json();
    assert_eq!(none["total"], 0, "{none}");
    let then = Timestamp(now.0 - 91 * Timestamp::DAY_US).date();
    let mut sum = [0, 0];
    for (word, name) in [("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low")] {
        let mut expected = Vec::new();
        for as_of in [format!("&as-of={then}"), String::new()] {
            let path = format!("/findings?agency={agency}&severity=%3D{word}&format=json{as_of}");
            expected.push(web.get(&path, &ada).await.json()["total"].as_u64().expect("a total"));
        }
        assert_eq!(numbers(&body, name), expected, "{word}");
        sum = [sum[0] + expected[0], sum[1] + expected[1]];
    }
    assert!(sum[1] > 0 && sum[0] != sum[1], "the demo has something to tell: {sum:?}");
}

#[tokio::test]
async fn the_overview_tells_the_weeks_that_its_reader_may_see() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let tess = web.person("tess", vec![Grant { role: Role::Owner, reach: Reach::Agency("treasury".into()) }]).await;
    assert!(!web.get("/", &ada).await.body.contains("id=\"by-week\""), "nobody waits for it");
    let told = |body: &str| {
        body.split("id=\"by-week\"").nth(1).and_then(|rest| rest.split("</figure>").next()).map(str::to_owned)
    };
    let of_all = told(&drawn(&web, "/", &ada, "by-week").await);
    // What somebody else's eyes have found is not shown to others.
    assert!(!web.get("/", &tess).await.body.contains("id=\"by-week\""));
    let of_one = told(&drawn(&web, "/", &tess, "by-week").await);
    assert!(of_all.is_some() && of_one.is_some() && of_all != of_one);
    let own = told(&web.get("/findings/weeks", &tess).await.body);
    assert_eq!(of_one, own, "the picture is that of its page");
}
