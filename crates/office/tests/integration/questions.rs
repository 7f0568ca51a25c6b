// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What makes an answer honest: nothing that cannot be decided, seen or counted is passed over in silence.

use serde_json::json;
use underpin_model::{Coverage, Viewer};
use underpin_office::Desk;
use underpin_office::coordinator::diff::diff;
use underpin_office::coordinator::registry_edit::Retired;
use underpin_office::coordinator::registry_fields::Fields;
use underpin_office::coordinator::where_used::{WhereAnswer, WhereRow};

use crate::documents::{Place, author, bom, day};

const STALE_DAYS: u64 = 90;
const LOG4J: &str = "pkg:maven/org.apache.logging.log4j/log4j-core";

/// `system version (status)` of each row.
fn rows(rows: &[WhereRow<'_>]) -> Vec<String> {
    rows.iter().map(|row| format!("{} {} {}", row.system, row.version, row.file).trim_end().to_owned()).collect()
}

fn where_used<'d>(desk: &'d Desk, query: &str, versions: Option<&str>) -> WhereAnswer<'d> {
    desk.where_used(query, versions, STALE_DAYS).expect("answers")
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(field, value)| ((*field).to_owned(), vec![(*value).to_owned()])).collect()
}

/// A document of a tool with raw components.
fn document(tool: &str, subject: &str, components: &serde_json::Value) -> String {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {
            "timestamp": "2026-02-01T00:00:00Z", "tools": [{ "name": tool, "version": "1" }],
            "component": { "type": "application", "name": subject, "version": "1", "bom-ref": "root" },
        },
        "components": components,
    })
    .to_string()
}

#[tokio::test]
async fn a_version_that_cannot_be_told_is_neither_inside_nor_outside() {
    let place = Place::new().await;
    let known = bom("portal", "2026-02-01T00:00:00Z", &[&format!("{LOG4J}@2.14.1")]);
    let bare = document("scout", "mail", &json!([{ "type": "library", "name": "log4j-core", "purl": LOG4J }]));
    place.add(&[("portal.json", &known)], Some("portal"), "2026-02-02").await;
    place.add(&[("mail.json", &bare)], Some("mail"), "2026-02-03").await;
    let desk = place.desk("2026-02-10").await;
    let found = where_used(&desk, "log4j-core", Some("<2.15"));
    assert_eq!((rows(&found.rows), rows(&found.undecided_rows)), (vec!["portal 2.14.1".into()], vec!["mail".into()]));
    assert_eq!((found.systems, found.undecided), (1, 1));
    // Whose version cannot be told is not known to be unhurt.
    assert_eq!(found.coverage, Coverage { known: 1, blind: 1, ..Coverage::default() });
    let outside = where_used(&desk, "log4j-core", Some(">=2.15"));
    assert_eq!((outside.systems, rows(&outside.undecided_rows)), (0, vec!["mail".to_owned()]));
    assert_eq!(outside.other_versions, ["2.14.1"]);
    let misspelt = where_used(&desk, "log4j-cor", Some("<2.15"));
    assert_eq!(misspelt.suggestions, ["org.apache.logging.log4j:log4j-core"]);
}

#[tokio::test]
async fn a_purge_never_brings_an_older_picture_back() {
    let place = Place::new().await;
    for (at, version) in [("2026-02-01", "2.14.1"), ("2026-02-02", "2.17.1")] {
        let text = bom("portal", &format!("{at}T00:00:00Z"), &[&format!("{LOG4J}@{version}")]);
        place.add(&[("portal.json", &text)], Some("portal"), at).await;
    }
    assert_eq!(rows(&where_used(&place.desk("2026-02-03").await, "log4j-core", None).rows), ["portal 2.17.1"]);
    place.purge("D2", "2026-02-04").await;
    for at in ["2026-02-03", "2026-02-05"] {
        let desk = place.desk(at).await;
        let found = where_used(&desk, "log4j-core", None);
        assert_eq!((rows(&found.rows), found.purged_documents), (Vec::new(), vec!["D2".to_owned()]), "{at}");
        let what = desk.what("portal", STALE_DAYS).expect("answers");
        assert_eq!((what.rows.len(), what.purged_documents), (0, vec!["D2".to_owned()]));
        assert_eq!(what.coverage, Some(Coverage { unknown: 1, ..Coverage::default() }));
        let how = desk.how("log4j-core", "portal").await.expect("answers");
        assert_eq!((how.rows.len(), how.purged_documents), (0, vec!["D2".to_owned()]));
        let changes = diff((&desk, "portal"), (&desk, "portal")).expect("answers");
        assert_eq!(changes.purged_documents, ["D2"]);
        // What does not count is not answered about as if it did.
        assert_eq!(desk.how("log4j-core", "D2").await.expect_err("refused").code, "document-purged");
        assert_eq!(desk.export("D2").expect_err("refused").code, "document-purged");
        assert_eq!(diff((&desk, "D1"), (&desk, "D2")).expect_err("refused").code, "document-purged");
    }
    // A newer document replaces the purged one as it would have replaced any.
    let text = bom("portal", "2026-02-06T00:00:00Z", &[&format!("{LOG4J}@2.20.0")]);
    place.add(&[("portal.json", &text)], Some("portal"), "2026-02-06").await;
    let desk = place.desk("2026-02-07").await;
    let found = where_used(&desk, "log4j-core", None);
    assert_eq!((rows(&found.rows), found.purged_documents.len()), (vec!["portal 2.20.0".to_owned()], 0));
}

#[tokio::test]
async fn systems_that_are_not_active_stand_beside_the_answer() {
    let place = Place::new().await;
    let text = bom("portal", "2026-02-01T00:00:00Z", &[&format!("{LOG4J}@2.14.1")]);
    for system in ["portal", "mail"] {
        place.add(&[("sbom.json", &text)], Some(system), "2026-02-01").await;
    }
    let retired = Retired::System("mail".to_owned());
    place.house.retire(&author("registrar", "2026-02-02"), &retired, None).await.expect("retires");
    let desk = place.desk("2026-02-03").await;
    let found = where_used(&desk, "log4j-core", None);
    assert_eq!((found.systems, found.occurrences, found.coverage.systems()), (1, 1, 1));
    assert_eq!(
        (rows(&found.rows), rows(&found.inactive_rows)),
        (vec!["portal 2.14.1".into()], vec!["mail 2.14.1".into()])
    );
    assert_eq!(found.inactive_rows[0].status, "retired");
    let usage = desk.usage(None).expect("answers");
    let log4j = usage.rows.iter().find(|row| row.package == LOG4J).expect("in use");
    assert_eq!((log4j.systems, log4j.occurrences), (1, 1));
    let sql = "SELECT count(DISTINCT system) FROM use WHERE name = 'log4j-core'";
    let sql = place.house.sql(&desk.into(), sql).await.expect("answers");
    assert!(sql.freshness.is_none(), "nothing of it comes from feeds");
    assert_eq!(sql.answer.rows().expect("rows"), [[underpin_lake::Value::Integer(1)]]);
}

#[tokio::test]
async fn a_document_about_two_deployments_counts_once_and_where_it_still_holds() {
    let place = Place::new().await;
    for name in ["production", "test"] {
        let deployment = fields(&[("system", "portal"), ("name", name)]);
        place.house.add_deployment(&author("registrar", "2026-01-02"), None, &deployment, None).await.expect("adds");
    }
    let old = bom("portal", "2026-02-01T00:00:00Z", &[&format!("{LOG4J}@2.14.1")]);
    let new = bom("portal", "2026-02-02T00:00:00Z", &[&format!("{LOG4J}@2.17.1")]);
    for deployment in ["production", "test"] {
        place.add_to_deployment(&[("old.json", &old)], "portal", deployment, "2026-02-01").await;
    }
    let coverage = place.desk("2026-02-01").await.coverage(STALE_DAYS).expect("answers");
    let portal = coverage.systems.iter().find(|row| row.system.0 == "portal").expect("is there");
    assert_eq!((portal.evidence.documents, portal.document_ids.as_slice()), (1, ["D1".to_owned()].as_slice()));
    place.add_to_deployment(&[("new.json", &new)], "portal", "production", "2026-02-02").await;
    let deployments = |desk: &Desk| -> Vec<String> {
        let found = where_used(desk, "log4j-core", None);
        found.rows.iter().map(|row| format!("{} {}", row.version, row.deployments.join(" "))).collect()
    };
    assert_eq!(deployments(&place.desk("2026-02-03").await), ["2.14.1 test", "2.17.1 production"]);
    let retired = Retired::Deployment("portal".to_owned(), "test".to_owned());
    place.house.retire(&author("registrar", "2026-02-04"), &retired, None).await.expect("retires");
    assert_eq!(deployments(&place.desk("2026-02-05").await), ["2.17.1 production"]);
}

#[tokio::test]
async fn names_and_purls_lead_to_the_same_rows() {
    let place = Place::new().await;
    let typed = bom("portal", "2026-02-01T00:00:00Z", &[&format!("{LOG4J}@2.14.1")]);
    let bare = document("probe", "portal", &json!([{ "type": "library", "name": "log4j-core", "version": "2.14.1" }]));
    place.add(&[("typed.json", &typed)], Some("portal"), "2026-02-02").await;
    place.add(&[("bare.json", &bare)], Some("portal"), "2026-02-02").await;
    let desk = place.desk("2026-02-03").await;
    let [by_name, by_purl, by_pattern] = ["log4j-core", LOG4J, "pkg:maven/*/log4j-*"].map(|query| {
        let found = where_used(&desk, query, None);
        let row = &found.rows[0];
        (
            found.rows.len(),
            found.occurrences,
            row.confidence,
            row.documents.iter().map(ToString::to_string).collect::<Vec<_>>(),
        )
    });
    assert_eq!((by_name.0, by_name.1, &by_name.3), (1, 2, &vec!["D1".to_owned(), "D2".to_owned()]));
    assert_eq!((&by_purl, &by_pattern), (&by_name, &by_name));
    let what = desk.what("portal", STALE_DAYS).expect("answers");
    let row = what.rows.iter().find(|row| row.package == LOG4J).expect("is there");
    assert_eq!((row.confidence, &row.documents), (by_name.2, &by_name.3));
}

#[tokio::test]
async fn a_no_counts_only_those_who_could_have_said_yes() {
    let place = Place::new().await;
    let java = document(
        "own-tool",
        "portal",
        &json!([{
            "type": "library", "name": "core", "version": "1", "purl": "pkg:maven/org/core@1", "cpe": "cpe:2.3:a:org:core:1:*:*:*:*:*:*:*",
            "licenses": [{ "license": { "id": "MIT" } }],
            "hashes": [{ "alg": "SHA-1", "content": "da39a3ee5e6b4b0d3255bfef95601890afd80709" }],
        }]),
    );
    let script =
        document("other-tool", "mail", &json!([{ "type": "library", "name": "left", "purl": "pkg:npm/left@1" }]));
    place.add(&[("java.json", &java)], Some("portal"), "2026-02-02").await;
    place.add(&[("script.json", &script)], Some("mail"), "2026-02-02").await;
    let desk = place.desk("2026-02-03").await;
    let counts = |query: &str| {
        let found = where_used(&desk, query, None);
        (found.systems, found.coverage.known, found.coverage.blind, found.type_unknown)
    };
    for (query, expected) in [
        ("pkg:maven/org/core", (1, 1, 1, false)),
        ("pkg:maven/org/other", (0, 1, 1, false)),
        ("nobody-knows-it", (0, 0, 2, true)),
        ("da39a3ee5e6b4b0d3255bfef95601890afd80709", (1, 1, 1, false)),
        ("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", (1, 1, 1, false)),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", (0, 1, 1, false)),
        ("cpe:2.3:a:org:core:1.*", (0, 1, 1, false)),
        ("cpe:2.3:a:org:co*:1", (1, 1, 1, false)),
        ("licence:MIT", (1, 1, 1, false)),
        ("licence:GPL-2.0-only", (0, 1, 1, false)),
    ] {
        assert_eq!(counts(query), expected, "{query}");
    }
}

#[tokio::test]
async fn a_clock_that_ran_ahead_does_not_keep_a_document_on_top() {
    let place = Place::new().await;
    for (at, made, version) in [("2026-02-01", "2099-01-01", "2.14.1"), ("2026-02-02", "2026-02-02", "2.17.1")] {
        let text = bom("portal", &format!("{made}T00:00:00Z"), &[&format!("{LOG4J}@{version}")]);
        place.add(&[("portal.json", &text)], Some("portal"), at).await;
    }
    let desk = place.house.desk(Viewer::Operator, day("2026-02-03")).await.expect("a desk");
    assert_eq!(rows(&where_used(&desk, "log4j-core", None).rows), ["portal 2.17.1"]);
}

#[tokio::test]
async fn a_name_without_its_kind_is_undecided_and_the_silence_of_a_survey_is_no_no() {
    let place = Place::new().await;
    let survey = "system,name,version\nportal,log4j-core,\nportal,PostgreSQL,13\n";
    place.add(&[("survey.csv", survey)], Some("portal"), "2026-02-01").await;
    let desk = place.desk("2026-02-02").await;
    for query in ["pkg:maven/org.apache.logging.log4j/log4j-core", "org.apache.logging.log4j:log4j-core"] {
        let found = where_used(&desk, query, Some("<2.15"));
        assert_eq!((found.systems, rows(&found.undecided_rows)), (0, vec!["portal".to_owned()]), "{query}");
    }
    assert_eq!(where_used(&desk, "log4j-core", None).systems, 1);
    for query in ["zlib", "pkg:deb/debian/zlib1g", "pkg:generic/zlib"] {
        let found = where_used(&desk, query, None);
        assert_eq!((found.coverage.known, found.coverage.blind), (0, 1), "{query}");
    }
    let misspelt = where_used(&desk, "pkg:generic/postgresql", None);
    assert_eq!((misspelt.systems, misspelt.suggestions), (0, vec!["pkg:generic/PostgreSQL".to_owned()]));
    let slip = desk.where_used("log4j-core", Some("<2,17.1"), STALE_DAYS).expect_err("refused");
    assert_eq!(slip.code, "invalid-range");
}
