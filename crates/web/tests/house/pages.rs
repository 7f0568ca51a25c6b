// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The pages hang together: every link leads somewhere, every word is there, and programs get the same answer.

use std::collections::{BTreeSet, VecDeque};

use axum::http::StatusCode;
use underpin_office::people::{Grant, Reach, Role};

use crate::support::Web;

/// Pages that are walked at most; the demo country has fewer kinds of them.
const WALKED: usize = 120;

async fn analyst(web: &Web) -> String {
    web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await
}

/// Addresses of this house that a page links to.
fn links(body: &str) -> impl Iterator<Item = String> {
    let targets = body.split(" href=\"").skip(1).filter_map(|part| part.split('"').next());
    targets
        .filter(|target| target.starts_with('/') && !target.starts_with("/assets/"))
        .map(|target| target.split('#').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&"))
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let web = Web::demo().await;
    let cookie = analyst(&web).await;
    let mut known = BTreeSet::from(["/".to_owned()]);
    // The lists early: what they lead to is walked before there are too many pages.
    let mut waiting = VecDeque::from(["/", "/coverage", "/documents", "/help"].map(str::to_owned));
    let mut walked = 0;
    while let Some(path) = waiting.pop_front() {
        walked += 1;
        if walked > WALKED {
            break;
        }
        let reply = web.get(&path, &cookie).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        if !path.contains("format=") {
            assert!(reply.body.contains("<h1"), "{path} has no heading");
            let new = links(&reply.body).filter(|link| known.insert(link.clone())).collect::<Vec<_>>();
            waiting.extend(new);
        }
    }
    for page in ["/coverage", "/documents", "/help", "/help/introduction", "/findings", "/agencies"] {
        assert!(known.contains(page), "nothing leads to {page}");
    }
    for start in ["/documents/", "/systems/", "/agencies/", "/vulnerabilities/", "/packages?purl="] {
        assert!(known.iter().any(|path| path.starts_with(start)), "nothing leads to {start}…");
    }
}

#[tokio::test]
async fn the_numbers_of_what_is_known_are_those_of_the_lists_behind_them() {
    let web = Web::demo().await;
    let cookie = analyst(&web).await;
    let mut followed = BTreeSet::new();
    for page in [
        "/findings",
        "/agencies/health-institute",
        "/find?q=log4j-core",
        "/find?q=log4j-core&versions=%3C2.17.1",
        "/find?q=no-such-package",
        "/packages?purl=pkg%3Amaven/org.apache.logging.log4j/log4j-core",
        "/vulnerabilities/CVE-2021-44228",
        "/rounds",
    ] {
        let body = web.get(page, &cookie).await.body;
        let links: Vec<&str> = body.split("href=\"/coverage?").skip(1).filter(|link| link.contains("#gaps")).collect();
        assert!(!links.is_empty(), "{page}");
        for link in links {
            let (query, rest) = link.split_once("#gaps\">").expect("an address");
            let words = rest.split('<').next().expect("words");
            let digits = words.split(|one: char| !one.is_ascii_digit()).find(|part| !part.is_empty());
            let count: usize = digits.expect("a number").parse().expect("a number");
            let list = web
                .get(&format!("/coverage?{}", query.replace("&amp;", "&").replace("&#38;", "&")), &cookie)
                .await
                .body;
            let rows = list.split("id=\"gaps\"").nth(1).expect("a list");
            let rows = rows.split("</section>").next().expect("its end").matches("<th scope=\"row\">").count();
            assert_eq!(rows, count, "{page}: {words} {query}");
            followed.insert(query.to_owned());
        }
    }
    assert!(followed.len() > 15, "{followed:?}");
}

#[tokio::test]
async fn programs_get_the_same_answer() {
    let web = Web::demo().await;
    let cookie = analyst(&web).await;
    for (path, list, column) in [
        ("/", "rows", "vulnerability"),
        ("/coverage", "agencies", "with_below.known"),
        ("/agencies", "agencies", "agency"),
        ("/agencies/treasury", "systems", "system"),
        ("/findings", "rows", "vulnerability"),
        ("/find?q=log4j-core", "rows", "package"),
        ("/packages?purl=pkg%3Amaven/org.apache.logging.log4j/log4j-core", "rows", "version"),
        ("/vulnerabilities/CVE-2021-44228", "rows", "system"),
        ("/systems/payments-hub", "rows", "package"),
        ("/documents", "rows", "document"),
    ] {
        let join = if path.contains('?') { '&' } else { '?' };
        let json = web.get(&format!("{path}{join}format=json"), &cookie).await;
        let json: serde_json::Value = serde_json::from_str(&json.body).expect("JSON");
        let rows = json[list].as_array().map_or(0, Vec::len);
        assert!(rows > 0 && json["as_of"].is_string(), "{path}: {json}");
        let csv = web.get(&format!("{path}{join}format=csv"), &cookie).await;
        let head = csv.body.lines().next().unwrap_or_default();
        assert!(head.contains(&format!("\"{column}\"")), "{path}: {head}");
        assert!(csv.body.lines().count() > rows, "{path}: {rows} rows\n{}", csv.body);
        assert_eq!(
            web.get(&format!("{path}{join}format=xml"), &cookie).await.status,
            StatusCode::BAD_REQUEST,
            "{path}"
        );
    }
}

#[tokio::test]
async fn findings_are_there_for_build_servers() {
    let web = Web::demo().await;
    let cookie = analyst(&web).await;
    for (path, offers) in [("/findings", true), ("/systems/lab-reporting", true), ("/coverage", false)] {
        let page = web.get(path, &cookie).await;
        for (format, start) in [("sarif", "{\"$schema\""), ("junit", "<?xml")] {
            assert_eq!(page.body.contains(&format!("format={format}")), offers, "{path} {format}");
            let reply = web.get(&format!("{path}?format={format}"), &cookie).await;
            let expected = if offers { StatusCode::OK } else { StatusCode::BAD_REQUEST };
            assert_eq!(reply.status, expected, "{path} {format}");
            assert!(
                !offers || (reply.body.starts_with(start) && reply.body.contains("CVE-2021-44228")),
                "{}",
                reply.body
            );
        }
    }
}

#[tokio::test]
async fn another_day_is_another_answer_and_no_day_is_none() {
    let web = Web::demo().await;
    let cookie = analyst(&web).await;
    let past = web.get("/coverage?as-of=2001-01-01", &cookie).await;
    assert!(past.body.contains("No system is written down yet"), "{}", past.body);
    assert!(past.body.contains("This is an answer about the past."), "{}", past.body);
    assert_eq!(web.get("/coverage?as-of=soon", &cookie).await.status, StatusCode::BAD_REQUEST);
    let kept = web.get("/find?q=log4j-core&as-of=", &cookie).await;
    assert_eq!(kept.status, StatusCode::OK);
    assert!(kept.body.contains("<input type=\"hidden\" name=\"q\" value=\"log4j-core\">"), "{}", kept.body);
}

#[tokio::test]
async fn the_manual_is_there_for_everybody() {
    let web = Web::demo().await;
    let page = web.get("/help/how-to/bind-documents", "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("lang=\"en\"") && page.body.contains("Bind documents to systems</h1>"), "{}", page.body);
    assert_eq!(web.get("/help/how-to/none", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(web.get("/_design", "").await.status, StatusCode::OK);
}

#[test]
fn every_word_of_the_templates_is_there() {
    let keys: BTreeSet<&str> = underpin_render::words::keys().into_iter().collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).expect("templates") {
        let path = file.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("text");
        for call in ["frame.t(\"", "frame.n(\""] {
            for key in text.split(call).skip(1).filter_map(|part| part.split('"').next()) {
                assert!(keys.contains(key), "{path:?} says {key}");
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}
