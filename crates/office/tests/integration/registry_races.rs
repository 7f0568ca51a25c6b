// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Several registrars at once, on both databases: nobody's change is lost.

use underpin_ledger::Location;
use underpin_office::House;
use underpin_testkit::postgres::{self, psql};

use crate::registry::{Government, author, day, fields, file};

/// A schema of its own; `None` after saying that the test is skipped.
pub fn schema(name: &str) -> Option<(String, Location)> {
    let url = postgres::server()?;
    let schema = format!("office_{name}_{}", std::process::id());
    if !psql(&url, &format!("CREATE SCHEMA {schema}")) {
        underpin_testkit::skip("psql");
        return None;
    }
    let location = Location::Postgres(postgres::ledger(&url, &schema));
    Some((schema, location))
}

/// Runs a body on both databases, with a second handle beside the government's own.
async fn on_both(name: &str, body: impl AsyncFn(&Government, &House)) {
    let mut places = vec![None];
    let postgres = schema(name);
    places.extend(postgres.clone().map(|(_, location)| Some(location)));
    for ledger in places {
        let government = Government::with_ledger(ledger).await;
        let second = House::open((*government.house.settings).clone()).await.expect("opens");
        body(&government, &second).await;
        second.close().await;
        government.house.clone().close().await;
    }
    if let Some((schema, _)) = postgres {
        let url = std::env::var("UNDERPIN_TEST_POSTGRES").unwrap_or_default();
        assert!(psql(&url, &format!("DROP SCHEMA {schema} CASCADE")));
    }
}

#[tokio::test]
async fn two_editors_of_different_fields_lose_nothing() {
    on_both("editors", async |government, second| {
        for round in 0..8 {
            let at = author(&format!("2026-02-{:02}", round + 1));
            let (purpose, supplier) = (format!("purpose {round}"), format!("supplier {round}"));
            let (one, two) = (fields(&[("purpose", &purpose)]), fields(&[("supplier", &supplier)]));
            let (one, two) = tokio::join!(
                government.house.edit_system(&at, "tax-portal", &one, None),
                second.edit_system(&at, "tax-portal", &two, None)
            );
            assert!(one.expect("edits").changed && two.expect("edits").changed);
            let desk = government.desk("2026-03-01").await;
            let system = desk.system_called("tax-portal").expect("is there");
            assert_eq!((&system.purpose, &system.supplier), (&purpose, &supplier));
        }
    })
    .await;
}

#[tokio::test]
async fn an_edit_during_a_merger_belongs_to_the_new_agency() {
    on_both("merger", async |government, second| {
        let sources = ["customs".to_owned(), "tax-office".to_owned()];
        let (contact, at) = (fields(&[("contact", "it@gov.example")]), author("2026-02-01"));
        let unit = fields(&[("name", "Mail"), ("agency", "customs")]);
        let (merged, edited, added) = tokio::join!(
            government.house.merge_agencies(&at, &sources, "revenue", None, Some(day("2026-06-01"))),
            second.edit_system(&at, "website", &contact, None),
            second.add_system(&at, None, &unit, None)
        );
        merged.expect("merges");
        edited.expect("edits");
        added.expect("adds");
        let desk = government.desk("2026-06-02").await;
        let told: Vec<String> = desk
            .snapshot
            .systems
            .iter()
            .map(|system| format!("{} {} {}", system.id, system.agency, system.contact))
            .collect();
        assert_eq!(
            told,
            [
                "identity revenue ",
                "mail revenue ",
                "tax-portal revenue ",
                "website revenue it@gov.example",
                "website-2 revenue "
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn two_imports_at_once_both_count() {
    on_both("imports", async |government, second| {
        let one =
            [file("one.csv", "id,name,agency,purpose\nwebsite,Website,tax-office,news\nmail,Mail,customs,letters\n")];
        let two = [file(
            "two.csv",
            "id,name,agency,exposure\nwebsite-2,Website,customs,partners\nmail,Mail,customs,internal\n",
        )];
        let at = author("2026-02-01");
        let (one, two) = tokio::join!(
            government.house.import_registry(&at, &one, None, false),
            second.import_registry(&at, &two, None, false)
        );
        let (one, two) = (one.expect("imports"), two.expect("imports"));
        // Whoever came second found the mailbox there already, and said something else about it.
        assert_eq!(one.added + two.added, 1);
        assert_eq!(one.changed + two.changed, 3);
        let desk = government.desk("2026-02-02").await;
        assert_eq!(desk.system_called("website").expect("is there").purpose, "news");
        assert_eq!(desk.system_called("website-2").expect("is there").exposure.as_str(), "partners");
        assert_eq!(desk.snapshot.systems.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_name_is_given_once() {
    on_both("names", async |government, second| {
        let mail = fields(&[("name", "Mail"), ("agency", "customs")]);
        let at = author("2026-02-01");
        let id = || Some("post".to_owned());
        let (one, two) = tokio::join!(
            government.house.add_system(&at, id(), &mail, None),
            second.add_system(&at, id(), &mail, None)
        );
        let refused = [one, two].into_iter().find_map(Result::err).expect("one of them came second");
        assert_eq!(refused.code, "already-there");
        let (one, two) = tokio::join!(
            government.house.add_system(&at, None, &mail, None),
            second.add_system(&at, None, &mail, None)
        );
        let mut names = [one.expect("adds").about, two.expect("adds").about];
        names.sort();
        assert_eq!(names, ["system mail", "system mail-2"]);
    })
    .await;
}
