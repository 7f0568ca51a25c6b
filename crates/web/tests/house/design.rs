// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/_design` shows every part that the templates share, so that each is looked at in light, dark, forced colours and at 320 px.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::Web;

/// Files of shared parts, with the name under which the page of parts knows them.
const SHARED: [(&str, &str); 2] = [("parts.html", "parts"), ("incident_parts.html", "bits")];

fn template(name: &str) -> String {
    std::fs::read_to_string(format!("{}/templates/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a template")
}

#[test]
fn every_shared_part_is_shown() {
    let page = template("design.html");
    let mut seen = 0;
    for (file, short) in SHARED {
        for part in template(file).split("{% macro ").skip(1).filter_map(|rest| rest.split('(').next()) {
            assert!(page.contains(&format!("{{% call {short}::{part}(")), "{file}: {part} is not shown on /_design");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn every_state_of_a_mark_is_shown() {
    let style = std::fs::read_to_string(format!("{}/assets/house.css", env!("CARGO_MANIFEST_DIR"))).expect("the style");
    let page =
        std::fs::read_to_string(format!("{}/src/pages/design.rs", env!("CARGO_MANIFEST_DIR"))).expect("the page");
    let samples =
        std::fs::read_to_string(format!("{}/src/pages/design_parts.rs", env!("CARGO_MANIFEST_DIR"))).expect("samples");
    for kind in ["data-level", "data-known", "data-reach", "data-round", "data-task"] {
        for word in style.split(&format!("[{kind}=\"")).skip(1).filter_map(|rest| rest.split('"').next()) {
            let quoted = format!("\"{word}\"");
            assert!(page.contains(&quoted) || samples.contains(&quoted), "{kind}={word} is not shown on /_design");
        }
    }
}

#[tokio::test]
async fn the_page_of_parts_is_whole_in_both_languages_and_shows_nobody_anything() {
    let web = Web::demo().await;
    let page = web.get("/_design", "").await;
    assert_eq!(page.status, StatusCode::OK);
    for expected in ["TLP:AMBER", "CVE-2099-0001", "A practice", "the reason is longer", "data-round=\"late\"", "<q>"] {
        assert!(page.body.contains(expected), "{expected}");
    }
    assert!(!page.body.contains("lab-reporting"), "it names a system of the house");
}

#[tokio::test]
async fn words_of_sources_are_marked_as_english_on_german_pages() {
    let web = Web::demo().await;
    let cookie = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let german = format!("{cookie}; language=de");
    let page = web.get("/vulnerabilities/CVE-2021-44228", &german).await;
    assert!(page.body.contains("<html lang=\"de\""), "{}", page.body);
    assert!(page.body.contains("<p class=\"ds-paragraph lede\"><span lang=\"en\">"), "{}", page.body);
    let new = web.get("/incidents/new?kind=package&what=pkg:", &german).await;
    assert!(new.body.contains("<span lang=\"en\">"), "{}", new.body);
}
