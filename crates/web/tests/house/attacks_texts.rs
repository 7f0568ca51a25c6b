// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Hostile words in everything that comes from outside: documents, advisories, the registry and decisions. Every page that can be
//! reached is read afterwards.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use underpin_model::Viewer;
use underpin_office::coordinator::Author;

use crate::attacks::everything;
use crate::attacks_files::send;
use crate::support::{Web, now};
use crate::triage::{encoded, field};

/// Ends whatever it stands in, and begins something that a browser would run.
const PROBE: &str = "'\"><xss-probe onload=alert(1)>";
/// Pages of one kind that are read.
const OF_A_KIND: usize = 40;

/// Everything that links lead to from the overview, and from some addresses: pages by address.
async fn reached(web: &Web, cookie: &str, starts: &[&str]) -> BTreeMap<String, String> {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen: BTreeSet<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    let mut queue: Vec<String> = starts.iter().rev().map(|start| (*start).to_owned()).collect();
    let mut pages = BTreeMap::new();
    while let Some(path) = queue.pop() {
        let kind = path.split('/').nth(1).unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
        let count = kinds.entry(kind.clone()).or_default();
        *count += 1;
        if *count > OF_A_KIND || ["help", "assets"].contains(&kind.as_str()) || path.contains("format=") {
            continue;
        }
        let body = web.get(&path, cookie).await.body;
        for rest in body.split("href=\"").skip(1) {
            let link = rest.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&");
            let link = link.split('#').next().unwrap_or_default().to_owned();
            if link.starts_with('/') && seen.insert(link.clone()) {
                queue.insert(0, link);
            }
        }
        pages.insert(path, body);
    }
    pages
}

fn hostile_sbom() -> String {
    let text = |name: &str| serde_json::Value::from(format!("{name}{PROBE}"));
    let link = "javascript:alert(1)//xss-probe";
    serde_json::json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {
            "timestamp": "2026-03-02T08:00:00Z",
            "authors": [{"name": text("author"), "email": text("mail")}],
            "supplier": {"name": text("supplier"), "url": [link]},
            "tools": {"components": [{"type": "application", "name": text("tool"), "version": text("1")}]},
            "properties": [{"name": text("property"), "value": text("value")}],
            "component": {"type": "application", "name": text("subject"), "version": text("1"), "bom-ref": text("a"),
                "description": text("words")},
        },
        "components": [
            {"type": "library", "name": text("library"), "version": text("2"), "group": text("group"), "bom-ref": text("b"),
             "description": text("words"), "author": text("author"), "publisher": text("publisher"), "copyright": text("c"),
             "cpe": text("cpe:2.3:a:b:c"), "scope": text("required"),
             "licenses": [{"license": {"name": text("licence"), "url": link}}, {"expression": text("MIT")}],
             "hashes": [{"alg": text("SHA-256"), "content": text("00")}],
             "externalReferences": [{"type": text("website"), "url": link, "comment": text("remark")}],
             "properties": [{"name": text("property"), "value": text("value")}]},
            {"type": "library", "name": "probe-lib", "version": "1.0.0", "bom-ref": "c",
             "purl": "pkg:npm/probe-lib@1.0.0"},
            {"type": "library", "name": text("odd"), "version": text("3"), "bom-ref": "d",
             "purl": "pkg:npm/%27%22%3E%3Cxss-probe@3%27%22%3E%3Cxss-probe"},
        ],
        "dependencies": [{"ref": text("a"), "dependsOn": [text("b"), "c", "d"]}],
    })
    .to_string()
}

fn hostile_advisory() -> String {
    let text = |name: &str| serde_json::Value::from(format!("{name}{PROBE}"));
    serde_json::json!({
        "id": "OSPO-2026-0001", "modified": "2026-03-02T08:00:00Z", "published": "2026-03-02T08:00:00Z",
        "aliases": [text("CVE-2026-0001")], "related": [text("CVE-2026-0002")],
        "summary": text("summary"), "details": text("# [details](javascript:alert(1)) <script>alert(1)</script>"),
        "references": [{"type": "WEB", "url": "javascript:alert(1)//xss-probe"}, {"type": text("WEB"), "url": text("https://a.example/")}],
        "credits": [{"name": text("finder"), "contact": [text("mailto:a")]}],
        "severity": [{"type": text("CVSS_V3"), "score": text("9")}],
        "database_specific": {"severity": text("HIGH"), "cwe_ids": [text("CWE-79")]},
        "affected": [{"package": {"ecosystem": "npm", "name": "probe-lib"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}],
            "ecosystem_specific": {"imports": [text("import")]}, "database_specific": {"source": text("source")}}],
    })
    .to_string()
}

/// CVE-2019-1020007 (GHSA-jp9v-w6vw-9m5v), GHSA-4gqv-hcmg-jw33, GHSA-6j82-qv49-r46p, GHSA-c33w-pm52-mqvf (CVE-2022-39350) and
/// GHSA-7xvh-c266-cfr5: words of documents and advisories run as scripts in the browser of who reads them.
#[tokio::test]
async fn words_from_outside_stay_words_on_every_page() {
    let web = Web::demo().await;
    let ada = web.person("ada", everything()).await;
    let token = field(&web.get("/documents/hand-in", &ada).await, "form_token");
    let name = format!("bom{}.json", PROBE.replace('"', ""));
    let files = [(name.as_str(), hostile_sbom().into_bytes())];
    let outcome = send(&web, &ada, &token, "payments-hub", &files).await;
    assert_eq!(outcome.status, StatusCode::OK, "{}", outcome.body);
    let author = Author { actor: format!("desk{PROBE}"), viewer: Viewer::Operator, at: now() };
    web.house().publish_advisory(&author, &hostile_advisory(), Default::default()).await.expect("published");
    let page = web.get("/registry/systems/payments-hub", &ada).await;
    let was = field(&page, "was").replace("&#34;", "\"").replace("&#38;", "&").replace("&#39;", "'");
    let values: Vec<(String, String)> = serde_json::from_str(&was).expect("what it was");
    let mut form = format!("form_token={}&was={}", field(&page, "form_token"), encoded(&was));
    for (name, value) in &values {
        let words =
            ["name", "purpose", "operator", "supplier", "support", "contact", "aliases"].contains(&name.as_str());
        let value = if words { format!("{value}{PROBE}") } else { value.clone() };
        form.push_str(&format!("&{name}={}", encoded(&value)));
    }
    let saved = web.post("/registry/systems/payments-hub", &form, &ada).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let starts = [
        "/",
        "/systems/payments-hub",
        "/vulnerabilities/OSPO-2026-0001",
        "/documents?system=payments-hub",
        "/packages?purl=pkg:npm/probe-lib",
        "/find?q=probe-lib",
        "/find?q=library",
        "/registry/systems/payments-hub",
        "/audit",
    ];
    let mut pages = reached(&web, &ada, &starts).await;
    pages.insert("what became of the file".to_owned(), outcome.body);
    assert!(pages.len() > 30, "{:?}", pages.keys());
    for (path, body) in &pages {
        assert!(!body.contains("<xss-probe") && !body.contains("<script>alert"), "{path}: {}", around(body));
        for attribute in ["href", "src", "action", "xlink:href", "formaction"] {
            for rest in body.split(&format!("{attribute}=\"")).skip(1) {
                let link = rest.trim_start().to_ascii_lowercase();
                assert!(!link.starts_with("javascript:") && !link.starts_with("data:"), "{path}: {}", &link[..40]);
            }
        }
    }
    let shown = pages.values().filter(|body| body.contains("xss-probe")).count();
    assert!(shown >= 5, "hostile words are shown, as words: on {shown} pages");
}

fn around(body: &str) -> String {
    let place = body.find("<xss-probe").unwrap_or_default();
    body.chars().skip(body[..place].chars().count().saturating_sub(200)).take(400).collect()
}
