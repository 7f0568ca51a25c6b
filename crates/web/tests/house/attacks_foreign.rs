// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reaching for what belongs to others: to change it, or only to count it.

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::attacks::everything;
use crate::attacks_files::send;
use crate::support::Web;
use crate::triage::{encoded, field};

fn owner() -> Vec<Grant> {
    vec![Grant { role: Role::Owner, reach: Reach::Agency("treasury".into()) }]
}

/// The bypass of May 2026 (reads were guarded, writes were not): one request suppresses the findings of another project.
#[tokio::test]
async fn findings_and_entries_of_others_are_not_written() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    let tess = web.person("tess", owner()).await;
    let all = web.get("/findings?system=lab-reporting&format=json", &ada).await.body;
    let all: serde_json::Value = serde_json::from_str(&all).expect("JSON");
    let word = |name: &str| all["rows"][0][name].as_str().expect("a text").to_owned();
    let pick = encoded(&format!("{} {} lab-reporting", word("vulnerability"), word("package")));
    let token = field(&web.get("/account", &tess).await, "form_token");
    let before = web.written().await;
    for choice in
        [format!("pick={pick}"), "all=yes&system=lab-reporting".into(), "all=yes&agency=health-institute".into()]
    {
        for place in ["systems", "government", "agency%3Ahealth-institute", "system%3Alab-reporting"] {
            let form = format!(
                "form_token={token}&{choice}&status=fixed&reason=r&place={place}&decisions=1&findings=1&systems=1&step=make"
            );
            let reply = web.post("/findings/decide", &form, &tess).await;
            assert_ne!(reply.status, StatusCode::SEE_OTHER, "{choice} {place}");
        }
    }
    for path in ["/registry/systems/lab-reporting", "/registry/agencies/health-institute"] {
        for step in ["save", "end"] {
            let form = format!("form_token={token}&was=%5B%5D&name=mine&step={step}");
            let reply = web.post(path, &form, &tess).await;
            assert!(reply.status.is_client_error(), "{path}: {}", reply.status);
        }
    }
    assert_eq!(web.written().await, before, "nothing is written");
    let after = web.get("/findings?system=lab-reporting&format=json", &ada).await.body;
    let after: serde_json::Value = serde_json::from_str(&after).expect("JSON");
    assert_eq!(after["total"], all["total"]);
}

/// Issues 4200, 4437 and 6165: lists, totals and figures count the projects of others.
#[tokio::test]
async fn what_others_hand_in_changes_no_figure() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    let tess = web.person("tess", owner()).await;
    let paths = [
        "/",
        "/findings",
        "/findings?state=all&format=json",
        "/agencies",
        "/agencies/treasury",
        "/coverage",
        "/coverage?format=json",
        "/documents?format=json",
        "/find?q=log4j-core",
        "/find?q=log4j-core&format=json",
        "/packages?purl=pkg:maven/org.apache.logging.log4j/log4j-core",
        "/vulnerabilities/CVE-2021-44228",
        "/vulnerabilities/CVE-2021-44228?format=json",
        "/suggest?q=log4j",
        "/suggest?q=health",
        "/decisions",
        "/registry",
    ];
    web.until_the_past_is_known(&["/", "/agencies/treasury"], &tess).await;
    let mut before = Vec::new();
    for path in paths {
        before.push(without_snapshot(&web.get(path, &tess).await.body));
    }
    let sbom = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"metadata":{"timestamp":"2026-03-02T08:00:00Z",
        "component":{"type":"application","name":"extra","bom-ref":"a"}},"components":[{"type":"library","group":"org.apache.logging.log4j",
        "name":"log4j-core","version":"2.14.0","purl":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.0","bom-ref":"b"}]}"#;
    let token = field(&web.get("/documents/hand-in", &ada).await, "form_token");
    let taken = send(&web, &ada, &token, "lab-reporting", &[("extra.json", sbom.into())]).await;
    assert!(taken.body.contains("One file is taken in"), "{}", taken.body);
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(without_snapshot(&web.get(path, &tess).await.body), before, "{path}");
    }
    assert!(web.get("/documents?system=lab-reporting&format=json", &ada).await.body.contains("extra"), "it is there");
}

/// An answer without the number of the snapshot: it counts what is written, and says neither what nor where.
fn without_snapshot(body: &str) -> String {
    let mut parts = body.split("\"snapshot\":");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.trim_start_matches(|letter: char| letter.is_ascii_digit()))
}
