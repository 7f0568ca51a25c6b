// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What build servers do that were made for Dependency-Track: hand in an SBOM, wait, look the project up, read its findings.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use underpin_office::coordinator::keys::{is_uuid, system_key};
use underpin_office::people::{Grant, Reach, Role, Scope};

use crate::support::{Reply, Web};

/// A role for an agency.
pub fn of(role: Role, agency: &str) -> Vec<Grant> {
    vec![Grant { role, reach: Reach::Agency(agency.into()) }]
}

/// An SBOM of one library, made at a minute.
pub fn sbom(version: &str, minute: u32) -> String {
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,
        "metadata":{{"timestamp":"2026-03-02T08:{minute:02}:00Z","tools":[{{"name":"maker","version":"1"}}],
        "component":{{"type":"application","name":"reporting","bom-ref":"a"}}}},
        "components":[{{"type":"library","group":"org.apache.logging.log4j","name":"log4j-core","version":"{version}",
        "purl":"pkg:maven/org.apache.logging.log4j/log4j-core@{version}","bom-ref":"b"}}]}}"#
    )
}

/// A request of a program.
pub async fn ask(web: &Web, token: &str, method: &str, path: &str, body: &str) -> Reply {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("x-api-key", token)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_owned()));
    web.ask(request.expect("a request")).await
}

/// The body with which most clients hand in.
pub fn wrapped(document: &str, fields: Value) -> String {
    let mut body = fields;
    body["bom"] = json!(STANDARD.encode(document));
    body.to_string()
}

/// Names of the open vulnerabilities of a project.
async fn found(web: &Web, token: &str, project: &str) -> Vec<String> {
    let answer = ask(web, token, "GET", &format!("/api/v1/finding/project/{project}"), "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let rows = answer.json();
    let rows = rows.as_array().expect("a list");
    assert_eq!(answer.header("x-total-count"), rows.len().to_string());
    rows.iter().map(|row| row["vulnerability"]["vulnId"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn a_build_hands_in_waits_looks_up_and_reads_its_findings() {
    let web = Web::demo().await;
    let token = web.program("builder", of(Role::Owner, "treasury"), &[Scope::Work], None).await;
    let version = ask(&web, "", "GET", "/api/version", "").await.json();
    assert_eq!((&version["application"], &version["version"]), (&json!("Dependency-Track"), &json!("4.12.0")));

    let fields = || json!({"projectName": "Pension Payments", "projectVersion": "1.0.0", "autoCreate": true});
    let body = wrapped(&sbom("2.14.1", 0), fields());
    let sent = ask(&web, &token, "PUT", "/api/v1/bom", &body).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    assert_eq!(sent.json()["documents"][0]["outcome"], "accepted", "{}", sent.body);
    let key = sent.json()["token"].as_str().expect("a token").to_owned();
    for path in ["/api/v1/bom/token/", "/api/v1/event/token/"] {
        let waiting = ask(&web, &token, "GET", &format!("{path}{key}"), "").await;
        assert_eq!(waiting.json(), json!({"processing": false}), "what is answered for is there");
    }

    let lookup = "/api/v1/project/lookup?name=Pension%20Payments&version=1.0.0";
    let project = ask(&web, &token, "GET", lookup, "").await.json();
    let uuid = project["uuid"].as_str().expect("a key").to_owned();
    assert!(is_uuid(&uuid));
    let expected = json!({
        "uuid": uuid, "name": "Pension Payments", "version": "1.0.0", "description": "", "publisher": "Federal Treasury",
        "classifier": "APPLICATION", "active": true, "isLatest": true, "tags": [], "properties": [],
        "lastBomImport": project["lastBomImport"], "lastBomImportFormat": "cyclonedx-json",
    });
    assert_eq!(project, expected);
    assert!(project["lastBomImport"].as_i64() > Some(1_700_000_000_000), "milliseconds: {project}");
    for path in [format!("/api/v1/project/{uuid}"), format!("/api/v1/project/{}", uuid.to_uppercase())] {
        assert_eq!(ask(&web, &token, "GET", &path, "").await.json(), expected, "{path}");
    }
    let other = ask(&web, &token, "GET", "/api/v1/project/lookup?name=Pension%20Payments&version=9", "").await;
    assert_eq!(other.problem(), (404, "not-found".to_owned()), "a version that nobody handed in");

    assert!(found(&web, &token, &uuid).await.contains(&"CVE-2021-44228".to_owned()));
    let metrics = ask(&web, &token, "GET", &format!("/api/v1/metrics/project/{uuid}/current"), "").await.json();
    let count = |name: &str| metrics[name].as_u64().unwrap_or_else(|| panic!("{name}: {metrics}"));
    assert!(count("critical") >= 1 && count("components") >= 1 && count("vulnerableComponents") == 1, "{metrics}");
    let by_severity: u64 = ["critical", "high", "medium", "low", "unassigned"].map(count).iter().sum();
    assert_eq!((by_severity, count("findingsUnaudited")), (count("vulnerabilities"), count("findingsTotal")));

    // The next build is about the same system, and takes the place of the one before.
    let mut fields = fields();
    fields["projectVersion"] = json!("1.0.1");
    let sent = ask(&web, &token, "POST", "/api/v1/bom", &wrapped(&sbom("2.25.0", 30), fields)).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    assert_eq!(found(&web, &token, &uuid).await, Vec::<String>::new(), "who hands in sees it at once");
    let project = ask(&web, &token, "GET", &format!("/api/v1/project/{uuid}"), "").await.json();
    assert_eq!(project["version"], "1.0.1");
    let known = ask(&web, &token, "GET", lookup, "").await;
    assert_eq!(
        (known.status, &known.json()["uuid"]),
        (StatusCode::OK, &json!(uuid)),
        "older versions are the same system"
    );
    let export = ask(&web, &token, "GET", &format!("/api/v1/bom/cyclonedx/project/{uuid}"), "").await;
    assert!(export.body.contains("log4j-core@2.25.0"), "{}", export.body);
    let export = ask(&web, &token, "GET", &format!("/api/v1/finding/project/{uuid}/export"), "").await.json();
    assert_eq!((&export["project"]["uuid"], &export["findings"]), (&json!(uuid), &json!([])));
    let none = ask(&web, &token, "GET", &format!("/api/v1/violation/project/{uuid}"), "").await;
    assert_eq!((none.json(), none.header("x-total-count")), (json!([]), "0"));
}

#[tokio::test]
async fn projects_are_listed_by_name_and_by_page() {
    let web = Web::demo().await;
    let token = web.program("builder", of(Role::Reader, "treasury"), &[Scope::Read], None).await;
    let all = ask(&web, &token, "GET", "/api/v1/project?pageSize=1000", "").await;
    let names = |reply: &Reply| {
        let json = reply.json();
        let rows = json.as_array().expect("a list");
        rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    let every = names(&all);
    assert!(every.contains(&"Payments Hub".to_owned()) && every.contains(&"Grants Register".to_owned()), "{every:?}");
    assert!(!every.contains(&"Laboratory Reporting".to_owned()), "another agency's");
    let total = every.len().to_string();
    assert_eq!(all.header("x-total-count"), total);
    let mut paged = Vec::new();
    for page in 1..=every.len() {
        let one = ask(&web, &token, "GET", &format!("/api/v1/project?pageSize=1&pageNumber={page}"), "").await;
        assert_eq!(one.header("x-total-count"), total);
        paged.extend(names(&one));
    }
    assert_eq!(paged, every, "page by page, each once");
    for (query, expected) in [
        ("name=payments%20hub", vec!["Payments Hub"]),
        ("name=payments", vec![]),
        ("searchText=PAYM", vec!["Payments Hub"]),
        ("name=Laboratory%20Reporting", vec![]),
        ("limit=5&offset=100000", vec![]),
    ] {
        for path in ["/api/v1/project", "/api/v1/project/"] {
            let answer = ask(&web, &token, "GET", &format!("{path}?{query}"), "").await;
            assert_eq!(names(&answer), expected, "{path}?{query}");
        }
    }
    let hub = system_key(&"payments-hub".into());
    let own = ask(&web, &token, "GET", &format!("/api/v1/project/{hub}/"), "").await.json();
    assert_eq!(own["name"], "Payments Hub");
}
