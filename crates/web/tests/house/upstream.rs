// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Carried patches, dossiers and ratings on pages: what each reader may see, and what a project itself said.

use axum::http::StatusCode;
use underpin_model::Viewer;
use underpin_model::engagement::{DossierQuestion, ProjectReply, ProjectStatement};
use underpin_office::coordinator::Author;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::Web;

const PROJECT: &str = "github.com/apache/logging-log4j2";

fn of(role: Role, reach: Reach) -> Vec<Grant> {
    vec![Grant { role, reach }]
}

#[tokio::test]
async fn who_sees_the_place_sees_its_patches() {
    let web = Web::demo().await;
    let all = web.person("all", of(Role::Officer, Reach::Government)).await;
    let treasury = web.person("taxes", of(Role::Reader, Reach::Agency("treasury".into()))).await;
    let nothing = web.person("door", of(Role::Administrator, Reach::Government)).await;
    let page = web.get("/upstream", &all).await.body;
    for words in
        ["3 patches that we carry were not forwarded, 2 of them for too long", "time-zone.patch", "umlauts.patch"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("3 patches of 2 projects were not forwarded"), "the figure: {page}");
    let own = web.get("/upstream", &treasury).await.body;
    assert!(own.contains("1 patch that we carry was not forwarded, 0 of them for too long"), "{own}");
    assert!(own.contains("umlauts.patch") && !own.contains("time-zone.patch"), "{own}");
    let none = web.get("/upstream", &nothing).await.body;
    assert!(none.contains("No carried patch is known") && !none.contains(".patch"), "{none}");
    let rows = web.get("/upstream?format=json", &treasury).await;
    let found: serde_json::Value = serde_json::from_str(&rows.body).expect("JSON");
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_dossier_is_for_every_reader_and_holds_nothing_of_the_ranking() {
    let web = Web::demo().await;
    let reader = web.person("reader", of(Role::Reader, Reach::Agency("treasury".into()))).await;
    let office = web.person("office", of(Role::Officer, Reach::Government)).await;
    let door = web.person("door", of(Role::Administrator, Reach::Government)).await;
    let at = web.house().fixed_clock().await.expect("a ledger").expect("a clock");
    let author = Author { actor: "ada".to_owned(), viewer: Viewer::Operator, at };
    let statement = |about, text: &str| ProjectStatement { about, text: text.to_owned() };
    let reply = ProjectReply {
        day: at,
        statements: vec![
            statement(Some(DossierQuestion::Sbom), "One with <b>each</b> release."),
            statement(None, "We are happy to hear from you."),
        ],
        ..ProjectReply::default()
    };
    web.house().take_reply(&author, PROJECT, reply).await.expect("taken");
    let page = web.get(&format!("/dossiers/{PROJECT}"), &reader).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["Is a bill of materials (SBOM) published?", "release.", "We are happy to hear from you.", "Not known"]
    {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(!page.body.contains("<b>each"), "words from outside are no markup");
    for hidden in ["points of dependence", "at risk", "Fiction of the demo"] {
        assert!(!page.body.contains(hidden), "{hidden}: {}", page.body);
    }
    let markdown = web.get(&format!("/dossiers/{PROJECT}?format=markdown"), &reader).await;
    assert!(markdown.header("content-type").starts_with("text/markdown"));
    assert!(markdown.body.contains("\\<b\\>each"), "{}", markdown.body);
    assert_eq!(web.get(&format!("/dossiers/{PROJECT}"), &door).await.status, StatusCode::FORBIDDEN);
    assert_eq!(web.get("/dossiers/no-such-project", &reader).await.status, StatusCode::NOT_FOUND);
    // The page of the project shows both, and leads there.
    let project = web.get("/projects/logging-log4j2", &office).await.body;
    for words in ["What the project says about this", "We are happy to hear from you.", "/dossiers/"] {
        assert!(project.contains(words), "{words}: {project}");
    }
}
