// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The ways in which clients send documents, and what they are told when one cannot be taken.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use underpin_model::Limits;
use underpin_office::coordinator::keys::system_key;
use underpin_office::people::{Role, Scope};

use crate::compatible::{ask, of, sbom, wrapped};
use crate::support::{Reply, Web};

const SPDX: &str = r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"hub","dataLicense":"CC0-1.0",
"documentNamespace":"https://example.org/hub","creationInfo":{"created":"2026-03-01T00:00:00Z","creators":["Tool: maker-1"]},
"packages":[{"SPDXID":"SPDXRef-a","name":"left-pad","versionInfo":"1.3.0","downloadLocation":"NOASSERTION",
"externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/left-pad@1.3.0"}]}]}"#;

const XML: &str = r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1">
<components><component type="library"><name>left-pad</name><version>1.2.0</version><purl>pkg:npm/left-pad@1.2.0</purl></component>
</components></bom>"#;

const BOUNDARY: &str = "------------------------d74496d66958873e";

/// A form as curl and the known plugins send it: fields, then the file.
fn form(fields: &[(&str, &str)], file: &str) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str(&format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"bom\"; filename=\"bom.json\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n"
    ));
    body
}

async fn send(web: &Web, (name, value): (&str, &str), (method, path): (&str, &str), kind: &str, body: &str) -> Reply {
    let request = Request::builder().method(method).uri(path).header(name, value).header(header::CONTENT_TYPE, kind);
    web.ask(request.body(Body::from(body.to_owned())).expect("a request")).await
}

#[tokio::test]
async fn documents_come_in_every_way_that_clients_know() {
    let web = Web::demo().await;
    let token = web.program("builder", of(Role::Contributor, "treasury"), &[Scope::HandIn], None).await;
    let (hub, bearer) = (system_key(&"payments-hub".into()), format!("Bearer {token}"));
    let (key, bearer) = (("x-api-key", token.as_str()), ("authorization", bearer.as_str()));
    let multipart = format!("multipart/form-data; boundary={BOUNDARY}");
    let plain = "/api/v1/bom";
    let named = [("autoCreate", "true"), ("projectName", "payments hub"), ("projectVersion", "2")];
    let encoded = STANDARD.encode(sbom("2.25.1", 3));
    let lines = encoded.as_bytes().chunks(76).map(String::from_utf8_lossy).collect::<Vec<_>>();
    let with_lines = json!({"project": hub, "bom": lines.join("\r\n")}).to_string();
    let addressed = format!("{plain}?project={hub}");
    let cases = [
        ("key in JSON", key, "PUT", plain, "application/json", wrapped(&sbom("2.25.0", 1), json!({"project": hub}))),
        (
            "name in JSON",
            bearer,
            "PUT",
            plain,
            "application/json; charset=utf-8",
            wrapped(&sbom("2.25.0", 2), json!({"projectName": "Payments Hub", "projectVersion": "1"})),
        ),
        ("base64 in lines", key, "POST", plain, "application/json", with_lines),
        ("a form with the key", key, "POST", plain, multipart.as_str(), form(&[("project", &hub)], &sbom("2.25.0", 4))),
        ("a form with the name", bearer, "POST", plain, multipart.as_str(), form(&named, &sbom("2.25.0", 5))),
        ("a form, put", key, "PUT", plain, multipart.as_str(), form(&named, &sbom("2.25.0", 6))),
        ("the document itself", key, "POST", addressed.as_str(), "application/vnd.cyclonedx+json", sbom("2.25.0", 7)),
        ("the same as JSON", key, "POST", addressed.as_str(), "application/json", sbom("2.25.0", 8)),
        ("SPDX in JSON", key, "PUT", plain, "application/json", wrapped(SPDX, json!({"project": hub}))),
        ("SPDX in a form", key, "POST", plain, multipart.as_str(), form(&named, &SPDX.replace("1.3.0", "1.3.1"))),
        ("XML", key, "PUT", plain, "application/json", wrapped(XML, json!({"project": hub}))),
    ];
    for (name, who, method, path, kind, body) in cases {
        let sent = send(&web, who, (method, path), kind, &body).await;
        assert_eq!(sent.status, StatusCode::OK, "{name}: {}", sent.body);
        let told = &sent.json()["documents"][0];
        assert_eq!(
            (&told["outcome"], &told["systems"]),
            (&json!("accepted"), &json!(["payments-hub"])),
            "{name}: {told}"
        );
    }
    // The same bytes again are no error: builds are run twice.
    let again = ask(&web, &token, "PUT", plain, &wrapped(SPDX, json!({"project": hub}))).await;
    assert_eq!((again.status, &again.json()["documents"][0]["outcome"]), (StatusCode::OK, &json!("duplicate")));
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_in_words_that_clients_read() {
    let limits = Limits { upload_bytes: 20_000, ..Limits::default() };
    let web = Web::demo_within(limits).await;
    let hands = web.program("builder", of(Role::Contributor, "treasury"), &[Scope::HandIn], None).await;
    let reads = web.program("watcher", of(Role::Reader, "treasury"), &[Scope::Read], None).await;
    let owns = web.program("owner", of(Role::Owner, "treasury"), &[Scope::Work], None).await;
    let hub = system_key(&"payments-hub".into());
    let nobody = system_key(&"no-such-system".into());
    let good = |fields| wrapped(&sbom("2.25.0", 1), fields);
    let project = || json!({"project": hub});
    let broken = &sbom("2.25.0", 9)[..300];
    let large = wrapped(&format!("{}{}", sbom("2.25.0", 1), " ".repeat(20_000)), project());
    let both = json!({"projectName": "New One", "autoCreate": true, "parentName": "no-such-agency"});
    let cases = [
        ("no token", "", good(project()), (401, "sign-in")),
        ("no good token", "underpin_x", good(project()), (401, "sign-in")),
        ("a token that only reads", &reads, good(project()), (403, "scope")),
        ("no JSON", &hands, "{".to_owned(), (400, "usage")),
        ("no object", &hands, "[]".to_owned(), (400, "usage")),
        ("no document", &hands, project().to_string(), (400, "usage")),
        ("no base64", &hands, json!({"project": hub, "bom": "%%%"}).to_string(), (400, "usage")),
        ("no project", &hands, good(json!({})), (400, "usage")),
        ("no such key", &hands, good(json!({"project": nobody})), (404, "not-found")),
        ("a key that is none", &hands, good(json!({"project": "x"})), (404, "not-found")),
        ("no such name", &hands, good(json!({"projectName": "New One"})), (404, "not-found")),
        (
            "who may not make one",
            &hands,
            good(json!({"projectName": "New One", "autoCreate": true})),
            (403, "not-allowed"),
        ),
        ("a parent that is not there", &owns, good(both), (404, "not-found")),
        ("half a document", &hands, wrapped(broken, project()), (400, "quarantined")),
        ("no SBOM at all", &hands, wrapped("hello", project()), (400, "no-evidence")),
        ("too large", &hands, large, (413, "too-large")),
    ];
    for (name, token, body, (status, code)) in cases {
        let refused = ask(&web, token, "PUT", "/api/v1/bom", &body).await;
        assert_eq!(refused.problem(), (status, code.to_owned()), "{name}: {}", refused.body);
        assert_eq!(refused.header("content-type"), "application/problem+json", "{name}");
        assert!(!refused.json()["detail"].as_str().unwrap_or_default().is_empty(), "{name}: {}", refused.body);
    }
    // What is too large is refused before it is read: nothing of it says how large it is.
    let endless = Request::put("/api/v1/bom").header("x-api-key", &hands).header("content-type", "application/json");
    let chunks = (0..40).map(|_| Ok::<_, std::io::Error>("x".repeat(1_000)));
    let body = Body::from_stream(futures::stream::iter(chunks));
    let refused = web.ask(endless.body(body).expect("a request")).await;
    assert_eq!(refused.problem(), (413, "too-large".to_owned()), "{}", refused.body);
    for path in ["/api/v1/bom/token/x", "/api/v1/project/x", "/api/v1/finding/project/x"] {
        assert_eq!(ask(&web, &reads, "GET", path, "").await.problem(), (400, "usage".to_owned()), "{path}");
    }
    let missing = ask(&web, &reads, "GET", "/api/v1/nothing", "").await;
    assert_eq!(missing.problem(), (404, "not-found".to_owned()));
}

#[tokio::test]
async fn a_build_can_wait_for_its_findings_and_end_by_them() {
    let web = Web::demo().await;
    let token = web.program("builder", of(Role::Owner, "treasury"), &[Scope::Work], None).await;
    let fields = || json!({"projectName": "Grants Register"});
    let bad = wrapped(&sbom("2.14.1", 1), fields());
    let told = ask(&web, &token, "PUT", "/api/v1/bom?wait", &bad).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    assert!(told.json()["findings"]["total"].as_u64() > Some(0), "{}", told.body);
    let ended = ask(&web, &token, "PUT", "/api/v1/bom?fail-on=planned", &bad).await;
    assert_eq!(ended.problem(), (422, "findings".to_owned()), "{}", ended.body);
    assert!(ended.json()["token"].is_string(), "it was taken all the same");
    let refused = ask(&web, &token, "PUT", "/api/v1/bom?fail-on=worst", &bad).await;
    assert_eq!(refused.problem(), (400, "usage".to_owned()));
}
