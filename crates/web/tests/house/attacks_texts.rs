// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Hostile words in everything that comes from outside or from people: documents, advisories, the registry, decisions, incidents, names.
//! Every page and file that can be reached is read afterwards.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use underpin_model::Viewer;
use underpin_office::coordinator::Author;

use crate::attacks::everything;
use crate::attacks_files::send;
use crate::support::{PASSWORD, Web, now};
use crate::triage::{encoded, field};

/// Ends whatever it stands in, and begins something that a browser would run.
const PROBE: &str = "'\"><xss-probe onload=alert(1)>";
/// Answers of one kind and form that are read.
const OF_A_KIND: usize = 25;

/// An answer: its type, and what it says.
struct Read {
    kind: String,
    body: String,
}

/// Everything that links lead to from some addresses: answers by address.
async fn reached(web: &Web, cookie: &str, starts: &[&str]) -> BTreeMap<String, Read> {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen: BTreeSet<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    let mut queue: Vec<String> = starts.iter().rev().map(|start| (*start).to_owned()).collect();
    let mut found = BTreeMap::new();
    while let Some(path) = queue.pop() {
        let kind = path.split('/').nth(1).unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
        let form = path.split("format=").nth(1).unwrap_or_default().to_owned();
        let count = kinds.entry(format!("{kind} {form}")).or_default();
        *count += 1;
        if *count > OF_A_KIND || ["help", "assets"].contains(&kind.as_str()) {
            continue;
        }
        let request = Request::get(&path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request");
        let (parts, body) = web.raw(request).await;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        for rest in body.split("href=\"").skip(1).take_while(|_| kind.starts_with("text/html")) {
            let link = rest.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&");
            let link = link.split('#').next().unwrap_or_default().to_owned();
            if link.starts_with('/') && seen.insert(link.clone()) {
                queue.insert(0, link);
            }
        }
        found.insert(path, Read { kind: kind.to_owned(), body });
    }
    found
}

/// The same with the probe behind every text but for those of some fields, which say what kind of thing it is.
fn probed(value: Value, kept: &[&str]) -> Value {
    match value {
        Value::String(text) => Value::String(format!("{text}{PROBE}")),
        Value::Array(items) => items.into_iter().map(|item| probed(item, kept)).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| {
                let value = if kept.contains(&name.as_str()) { value } else { probed(value, kept) };
                (name, value)
            })
            .collect(),
        other => other,
    }
}

fn cyclonedx() -> Value {
    const KEPT: [&str; 6] = ["bomFormat", "specVersion", "timestamp", "type", "bom-ref", "purl"];
    let link = "javascript:alert(1)//xss-probe";
    let sbom = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "urn:uuid:1",
        "metadata": {
            "timestamp": "2026-03-02T08:00:00Z",
            "authors": [{"name": "author", "email": "mail"}], "lifecycles": [{"name": "phase", "description": "words"}],
            "supplier": {"name": "supplier", "url": [link], "contact": [{"name": "one", "email": "mail", "phone": "1"}]},
            "tools": {"components": [{"type": "application", "name": "tool", "version": "1", "author": "maker"}]},
            "properties": [{"name": "property", "value": "value"}],
            "component": {"type": "application", "name": "subject", "version": "1", "bom-ref": "a", "description": "words"},
        },
        "components": [
            {"type": "library", "name": "library", "version": "2", "group": "group", "bom-ref": "b", "description": "words",
             "author": "author", "publisher": "publisher", "copyright": "c", "cpe": "cpe:2.3:a:b:c", "scope": "required",
             "mime-type": "text/plain", "swid": {"tagId": "tag", "name": "name"},
             "licenses": [{"license": {"name": "licence", "url": link, "text": {"content": "words"}}}, {"expression": "MIT"}],
             "hashes": [{"alg": "SHA-256", "content": "00"}],
             "externalReferences": [{"type": "website", "url": link, "comment": "remark"}],
             "evidence": {"occurrences": [{"location": "/a"}], "copyright": [{"text": "c"}]},
             "pedigree": {"notes": "notes", "ancestors": [{"type": "library", "name": "old", "version": "1"}]},
             "properties": [{"name": "property", "value": "value"}]},
            {"type": "library", "name": "probe-lib", "version": "1.0.0", "bom-ref": "c", "purl": "pkg:npm/probe-lib@1.0.0"},
            {"type": "library", "name": "odd", "version": "3", "bom-ref": "d",
             "purl": "pkg:npm/%27%22%3E%3Cxss-probe%20onload=alert(1)%3E@3%27%22%3E%3Cxss-probe%20onload=alert(1)%3E"},
        ],
        "services": [{"bom-ref": "s", "name": "service", "endpoints": [link], "description": "words"}],
        "dependencies": [{"ref": "a", "dependsOn": ["b", "c", "d"]}],
        "annotations": [{"subjects": ["a"], "annotator": {"individual": {"name": "one"}}, "text": "words"}],
        "vulnerabilities": [{"id": "CVE-2026-0009", "description": "words", "recommendation": "words",
            "source": {"name": "source", "url": link}, "analysis": {"state": "exploitable", "detail": "words"},
            "affects": [{"ref": "c"}]}],
    });
    // The edges lead somewhere all the same: references have no probe.
    let mut sbom = probed(sbom, &KEPT);
    sbom["dependencies"] = json!([{"ref": "a", "dependsOn": ["b", "c", "d"]}]);
    sbom["components"][1]["name"] = json!("probe-lib");
    sbom["components"][1]["version"] = json!("1.0.0");
    sbom
}

fn spdx() -> Value {
    const KEPT: [&str; 8] = [
        "spdxVersion",
        "SPDXID",
        "created",
        "referenceCategory",
        "referenceType",
        "relationshipType",
        "spdxElementId",
        "relatedSpdxElement",
    ];
    let package = json!({
        "SPDXID": "SPDXRef-b", "name": "spdx-library", "versionInfo": "4", "supplier": "Organization: one", "originator": "Person: one",
        "downloadLocation": "javascript:alert(1)//xss-probe", "homepage": "javascript:alert(1)//xss-probe", "licenseConcluded": "MIT",
        "licenseDeclared": "MIT", "licenseComments": "words", "copyrightText": "c", "summary": "words", "description": "words",
        "comment": "words", "packageFileName": "file", "sourceInfo": "words",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/other@1"}],
        "checksums": [{"algorithm": "SHA256", "checksumValue": "00"}], "annotations": [{"annotator": "one", "comment": "words"}],
    });
    probed(
        json!({
            "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "document", "dataLicense": "CC0-1.0",
            "documentNamespace": "https://a.example/b", "comment": "words",
            "creationInfo": {"created": "2026-03-02T08:00:00Z", "creators": ["Tool: one", "Person: two"], "comment": "words"},
            "packages": [package],
            "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-1", "extractedText": "words", "name": "name"}],
            "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-b"}],
        }),
        &KEPT,
    )
}

fn advisory() -> Value {
    const KEPT: [&str; 8] = ["id", "modified", "published", "type", "ecosystem", "introduced", "fixed", "package"];
    let link = "javascript:alert(1)//xss-probe";
    probed(
        json!({
            "id": "OSPO-2026-0001", "modified": "2026-03-02T08:00:00Z", "published": "2026-03-02T08:00:00Z",
            "aliases": ["CVE-2026-0001"], "related": ["CVE-2026-0002"], "summary": "summary",
            "details": "# [details](javascript:alert(1)) <script>alert(1)</script>",
            "references": [{"type": "WEB", "url": link}, {"type": "FIX", "url": "https://a.example/"}],
            "credits": [{"name": "finder", "contact": ["mailto:a"]}], "severity": [{"type": "CVSS_V3", "score": "9"}],
            "database_specific": {"severity": "HIGH", "cwe_ids": ["CWE-79"]},
            "affected": [{"package": {"ecosystem": "npm", "name": "probe-lib"},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}],
                "ecosystem_specific": {"imports": ["import"]}, "database_specific": {"source": "source"}}],
        }),
        &KEPT,
    )
}

/// An entry of the registry whose words are hostile.
async fn hostile_entry(web: &Web, cookie: &str, path: &str) {
    let page = web.get(path, cookie).await;
    let was = field(&page, "was").replace("&#34;", "\"").replace("&#38;", "&").replace("&#39;", "'");
    let values: Vec<(String, String)> = serde_json::from_str(&was).expect("what it was");
    let mut form = format!("form_token={}&was={}", field(&page, "form_token"), encoded(&was));
    for (name, value) in &values {
        let words = ["name", "purpose", "operator", "supplier", "support", "contact", "aliases"];
        let value = if words.contains(&name.as_str()) { format!("{value}{PROBE}") } else { value.clone() };
        form.push_str(&format!("&{name}={}", encoded(&value)));
    }
    let saved = web.post(path, &form, cookie).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{path}: {}", saved.body);
}

/// What people write: a name, an incident, remarks, a decision.
async fn hostile_people(web: &Web, cookie: &str) -> String {
    let key = web.house().invite(
        now(),
        "tests",
        everything(),
        underpin_model::registry::Classification::Secret,
        crate::support::random(),
    );
    let key = key.await.expect("invited").secret().to_owned();
    let form = format!("name=N{}&login=nora&password={}", encoded(PROBE), encoded(PASSWORD));
    assert_eq!(web.post(&format!("/welcome/{key}"), &form, "").await.status, StatusCode::SEE_OTHER);
    let token = field(&web.get("/account", cookie).await, "form_token");
    let probe = encoded(&format!("words{PROBE}"));
    let form = format!("form_token={token}&kind=package&what=log4j-core&versions=%3C2.17.1&title={probe}&tlp=amber");
    let opened = web.post("/incidents/new", &form, cookie).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    let room = opened.location.split('?').next().expect("a path").to_owned();
    let answer: Value =
        serde_json::from_str(&web.get(&format!("{room}?format=json"), cookie).await.body).expect("JSON");
    let path = format!("/tasks/{}", answer["tasks"][0]["number"].as_str().expect("a task"));
    let revision = field(&web.get(&path, cookie).await, "revision");
    let form = format!("form_token={token}&revision={revision}&state=cannot-because&text={probe}");
    assert_eq!(web.post(&path, &form, cookie).await.status, StatusCode::SEE_OTHER);
    let found: Value = serde_json::from_str(&web.get("/findings?format=json", cookie).await.body).expect("JSON");
    let word = |name: &str| found["rows"][0][name].as_str().expect("a text").to_owned();
    let pick = encoded(&format!("{} {} {}", word("vulnerability"), word("package"), word("system")));
    let ruling = format!("form_token={token}&pick={pick}&status=under-investigation&reason={probe}&place=systems");
    let looked = web.post("/findings/decide", &format!("{ruling}&step=look"), cookie).await;
    let numbers = ["decisions", "findings", "systems"].map(|name| format!("{name}={}", field(&looked, name))).join("&");
    let made = web.post("/findings/decide", &format!("{ruling}&{numbers}&step=make"), cookie).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    room
}

/// What an answer may not hold: the probe as markup, a script, a link that is one.
fn checked(path: &str, read: &Read) {
    let body = &read.body;
    if read.kind.starts_with("text/html") || read.kind.starts_with("image/svg") {
        assert!(!body.contains("<xss-probe") && !body.contains("<script>alert"), "{path}: {}", around(body));
        for attribute in ["href", "src", "action", "formaction"] {
            for rest in body.split(&format!("{attribute}=\"")).skip(1) {
                let link = rest.trim_start().chars().take(40).collect::<String>().to_ascii_lowercase();
                assert!(!link.starts_with("javascript") && !link.starts_with("data:"), "{path}: {link}");
            }
        }
        return;
    }
    // What is no page must not become one: the browser keeps to the type, and cells are no formulas.
    let plain = ["application/", "text/csv", "text/calendar", "text/markdown", "text/plain"];
    assert!(plain.iter().any(|kind| read.kind.starts_with(kind)), "{path}: {}", read.kind);
    if read.kind.starts_with("text/csv") {
        let is_formula = |line: &str| line.split("\",\"").any(|cell| cell.trim_start_matches('"').starts_with('='));
        assert!(!body.lines().any(is_formula), "{path}: {body}");
    }
    if read.kind.starts_with("application/pdf") {
        assert!(!body.contains("/JavaScript") && !body.contains("/JS ") && !body.contains("(javascript:"), "{path}");
    }
}

/// CVE-2019-1020007 (GHSA-jp9v-w6vw-9m5v), GHSA-4gqv-hcmg-jw33, GHSA-6j82-qv49-r46p, GHSA-c33w-pm52-mqvf (CVE-2022-39350) and
/// GHSA-7xvh-c266-cfr5: words of documents and advisories run as scripts in the browser of who reads them.
#[tokio::test]
async fn words_from_outside_stay_words_on_every_page() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    let token = field(&web.get("/documents/hand-in", &ada).await, "form_token");
    let name = format!("bom{}.json", PROBE.replace('"', ""));
    let files = [
        (name.as_str(), cyclonedx().to_string().into_bytes()),
        ("spdx.json", spdx().to_string().into_bytes()),
        ("\u{202e}nosj.mob\u{2066}<xss-probe>.json", b"<xss-probe onload=alert(1)>".to_vec()),
    ];
    let outcome = send(&web, &ada, &token, "payments-hub", &files).await;
    assert_eq!(outcome.status, StatusCode::OK, "{}", outcome.body);
    let author = Author { actor: format!("desk{PROBE}"), viewer: Viewer::Operator, at: now() };
    web.house().publish_advisory(&author, &advisory().to_string(), Default::default()).await.expect("published");
    hostile_entry(&web, &ada, "/registry/systems/payments-hub").await;
    hostile_entry(&web, &ada, "/registry/agencies/treasury").await;
    let room = hostile_people(&web, &ada).await;
    let (situation, pdf) = (format!("{room}/situation"), format!("{room}/situation?format=pdf"));
    let starts = [
        "/",
        "/systems/payments-hub",
        "/vulnerabilities/OSPO-2026-0001",
        "/documents?system=payments-hub",
        "/packages?purl=pkg:npm/probe-lib",
        "/find?q=probe-lib",
        "/find?q=library",
        "/registry/systems/payments-hub",
        "/decisions",
        "/audit",
        "/coverage",
        "/changes",
        "/people",
        "/suggest?q=xss",
        "/decisions/vex",
        &room,
        &situation,
        &pdf,
    ];
    let mut answers = reached(&web, &ada, &starts).await;
    let kind = "text/html".to_owned();
    answers.insert("what became of the file".to_owned(), Read { kind, body: outcome.body });
    assert!(answers.len() > 60, "{:?}", answers.keys());
    answers.iter().for_each(|(path, read)| checked(path, read));
    for kind in ["text/html", "text/csv", "application/json", "application/pdf"] {
        assert!(answers.values().any(|read| read.kind.starts_with(kind)), "{kind} is read");
    }
    let shown =
        answers.iter().filter(|(_, read)| read.body.contains("xss-probe") && read.kind.starts_with("text/html"));
    assert!(
        shown.clone().count() >= 15,
        "hostile words are shown, as words: {:?}",
        shown.map(|one| one.0).collect::<Vec<_>>()
    );
}

fn around(body: &str) -> String {
    let place = body.find("<xss-probe").unwrap_or_default();
    body.chars().skip(body[..place].chars().count().saturating_sub(200)).take(400).collect()
}
