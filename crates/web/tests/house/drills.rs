// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A drill says so on every page that shows it, and in every file.

use axum::http::StatusCode;
use underpin_model::Viewer;
use underpin_model::incidents::{Scope, ScopeQuery, TaskChange};
use underpin_model::registry::Classification;
use underpin_model::rounds::KeyMatter;
use underpin_model::watch::{Place, Tlp};
use underpin_office::coordinator::Author;
use underpin_office::incidents::{NewIncident, TasksQuery};
use underpin_office::people::{Grant, Reach, Role};
use underpin_render::Language;
use underpin_web::routes::ROUTES;

use crate::support::Web;

const TITLE: &str = "Lemon exercise";

#[tokio::test]
async fn every_page_that_shows_a_drill_says_so() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let house = web.house();
    let at = house.fixed_clock().await.expect("a ledger").expect("the demo's clock stands still");
    let author = Author { actor: "ada".to_owned(), viewer: Viewer::Operator, at };
    let new = NewIncident {
        title: TITLE.to_owned(),
        scope: Scope { query: ScopeQuery::Package("log4j-core".to_owned()), from: None, until: None },
        place: Place::Government,
        tlp: Tlp::Amber,
        classification: Classification::Internal,
        drill_of: Some("log4shell".to_owned()),
        target: None,
    };
    let id = house.open_incident(&author, new).await.expect("opened");
    let desk = house.desk(Viewer::Operator, at).await.expect("a desk");
    let query = TasksQuery { incident: Some(id), ..TasksQuery::default() };
    let tasks = house.tasks(&desk, None, &query).await.expect("tasks");
    for row in &tasks {
        let change = TaskChange { owner: Some(Some("ada".to_owned())), ..TaskChange::default() };
        house.set_task(&author, row.task.id, change, None).await.expect("given");
    }
    let task = &tasks.iter().find(|row| matches!(row.task.place, Place::System(_))).expect("a task").task;
    let mut paths: Vec<String> = ROUTES
        .iter()
        .filter(|route| route.method == "get" && !route.path.contains('{'))
        .map(|route| route.path.to_owned())
        .collect();
    paths.extend([
        format!("/incidents/{id}"),
        format!("/incidents/{id}/situation"),
        format!("/tasks/{}", task.id),
        "/tasks?which=all&state=any".to_owned(),
    ]);
    if let Place::System(system) = &task.place {
        paths.push(format!("/systems/{}", system.0));
    }
    let mut shown = Vec::new();
    for path in &paths {
        let reply = web.get(path, &ada).await;
        // The trail is the record itself, word for word.
        if reply.status != StatusCode::OK || !reply.body.contains(TITLE) || path == "/audit" {
            continue;
        }
        let says = reply.body.contains("data-color=\"warning\">Drill</span>") || reply.body.contains("ds-alert drill");
        assert!(says, "{path} shows a drill and does not say so: {}", reply.body);
        shown.push(path.as_str());
    }
    assert!(shown.len() >= 5, "{shown:?}");
    for path in
        [format!("/incidents/{id}?format=json"), "/incidents?format=json".to_owned(), "/tasks?format=json".to_owned()]
    {
        assert!(web.get(&path, &ada).await.body.contains("\"is_drill\":true"), "{path}");
    }
    // Letters about it, and what their links show.
    let random = [[1; 32], [2; 32], [3; 32]];
    let matter = KeyMatter::Task(task.id);
    let now = "2026-03-02T09:00:00Z".parse().expect("a moment");
    let printed = house.print_letter(&author, &matter, Language::German, "https://house.example", (random, now)).await;
    let printed = printed.expect("a letter").letter;
    assert!(printed.subject.starts_with("ÜBUNG ") && printed.text().starts_with("Dies ist eine Übung."), "{printed:?}");
    for path in ["answer", "upload"] {
        let secret = if path == "answer" { "01".repeat(32) } else { "02".repeat(32) };
        let page = web.get(&format!("/{path}/{secret}"), "").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("ds-alert drill") && page.body.contains(TITLE), "{}", page.body);
    }
}
