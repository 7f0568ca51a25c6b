// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What everybody sees of what is used: nothing unless it is switched on, and then nothing that exposes anybody.

use axum::http::StatusCode;
use underpin_office::Settings;
use underpin_office::role_model::open_data::{FILES, OpenDataRules};

use crate::support::Web;

fn switched_on(settings: &mut Settings) {
    settings.open_data = OpenDataRules { publish: true, every_months: 1, delay_days: 1, ..OpenDataRules::default() };
}

#[tokio::test]
async fn where_nothing_is_published_there_is_no_such_page() {
    let web = Web::demo().await;
    for path in
        ["/open-data", "/open-data?format=json", "/open-data/starter-kit.tar.zst", "/open-data/2026-03-01/packages.csv"]
    {
        assert_eq!(web.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn everybody_reads_what_is_widely_used_and_nothing_else() {
    let web = Web::demo_arranged(switched_on, |web| web).await;
    let page = web.get("/open-data", "").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let mut all = vec![page.body];
    for name in FILES.iter().filter(|name| !name.ends_with("parquet")) {
        let file = web.get(&format!("/open-data/2026-03-01/{name}"), "").await;
        assert_eq!(file.status, StatusCode::OK, "{name}");
        assert_eq!(file.header("cache-control"), "public, max-age=300");
        all.push(file.body);
    }
    let known = web
        .house()
        .desk(underpin_model::Viewer::Operator, web.house().fixed_clock().await.expect("a clock").expect("one"))
        .await
        .expect("a desk");
    let usage = known.usage(None).expect("usage");
    for body in &all {
        for row in usage.rows.iter().filter(|row| row.systems <= 10) {
            assert!(!body.contains(&format!("\"{}\"", row.package)), "{} of {} systems", row.package, row.systems);
        }
        for system in &known.snapshot.systems {
            assert!(!body.contains(&system.name), "{} is named", system.name);
        }
        for agency in &known.snapshot.agencies {
            assert!(!body.contains(&agency.name), "{} is named", agency.name);
        }
    }
    let told: serde_json::Value =
        serde_json::from_str(&web.get("/open-data?format=json", "").await.body).expect("JSON");
    // Norvania is small: nothing is used by so many systems that it could be told, and the page says so.
    assert_eq!((&told["kinds"], &told["packages"]), (&serde_json::json!([]), &serde_json::json!([])), "{told}");
    assert!(all[0].contains("Nothing is used so widely"), "{}", all[0]);
    assert!(told.get("collection").is_none(), "what is public is not classified by being together");
}

#[tokio::test]
async fn everybody_gets_the_starter_kit() {
    let web = Web::demo_arranged(switched_on, |web| web).await;
    let request = axum::http::Request::get("/open-data/starter-kit.tar.zst").body(axum::body::Body::empty());
    let response = web.response(request.expect("a request")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 26).await.expect("bytes");
    let kit = underpin_office::role_model::starter_kit::open(&bytes, &Default::default()).expect("a kit");
    assert!(kit.files.contains_key("begin.de.md") && !kit.has_feed(), "nothing was published");
}

#[tokio::test]
async fn an_edition_that_is_not_out_or_a_file_that_is_none_is_not_there() {
    let web = Web::demo_arranged(switched_on, |web| web).await;
    for path in [
        "/open-data?edition=2026-04-01",
        "/open-data?edition=../ledger.sqlite",
        "/open-data/2026-03-02/packages.csv",
        "/open-data/2026-03-01/systems.csv",
        "/open-data/2026-03-01/packages",
    ] {
        assert_eq!(web.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn before_the_first_edition_the_page_says_so() {
    let early = |settings: &mut Settings| {
        settings.open_data = OpenDataRules { publish: true, delay_days: 400, ..OpenDataRules::default() };
    };
    let web = Web::demo_arranged(early, |web| web).await;
    let page = web.get("/open-data", "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("There is no edition yet"), "{}", page.body);
}

async fn bytes(web: &Web, path: &str) -> (StatusCode, Vec<u8>) {
    let request = axum::http::Request::get(path).body(axum::body::Body::empty()).expect("a request");
    let response = web.response(request).await;
    let status = response.status();
    (status, axum::body::to_bytes(response.into_body(), 1 << 26).await.expect("bytes").to_vec())
}

#[tokio::test]
async fn an_edition_and_its_files_are_made_once_for_all_who_ask() {
    let web = Web::demo_arranged(switched_on, |web| web).await;
    let paths = ["/open-data", "/open-data?format=csv", "/open-data/2026-03-01/packages.parquet"];
    let all = || futures::future::join_all(paths.iter().flat_map(|path| (0..4).map(|_| bytes(&web, path))));
    let first = all().await;
    assert!(first.iter().all(|reply| reply.0 == StatusCode::OK));
    assert_eq!(web.shared().public_answers_made(), 3, "twelve readers at once");
    assert_eq!(all().await, first);
    assert_eq!(web.shared().public_answers_made(), 3);
    let file = web.get("/open-data/2026-03-01/packages.csv", "").await;
    let request = axum::http::Request::get("/open-data/2026-03-01/packages.csv")
        .header("if-none-match", file.header("etag"))
        .body(axum::body::Body::empty());
    assert_eq!(web.response(request.expect("a request")).await.status(), StatusCode::NOT_MODIFIED);
}
