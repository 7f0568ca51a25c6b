// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A registry comes in as a file: first the plan, then all of it or nothing, and never over what moved meanwhile.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use underpin_office::people::{Grant, Reach, Role};

use crate::support::{Reply, Web};
use crate::triage::field;

const FILE: &str =
    "id,name,agency,exposure\nmail-desk,Mail desk,treasury,internet\npayments-hub,Payments hub,treasury,internal\n";

/// Sends text fields and at most one file.
async fn sent(web: &Web, cookie: &str, fields: &[(&str, &str)], file: Option<&str>) -> Reply {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    if let Some(text) = file {
        body.push_str("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"systems.csv\"\r\n\r\n");
        body.push_str(&format!("{text}\r\n"));
    }
    body.push_str("--x--\r\n");
    let request = Request::post("/registry/import")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(Body::from(body));
    web.ask(request.expect("a request")).await
}

#[tokio::test]
async fn files_are_planned_first_and_imported_then() {
    let web = Web::demo().await;
    let everywhere = |role| vec![Grant { role, reach: Reach::Government }];
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let rita = web.person("rita", everywhere(Role::Reader)).await;
    assert_eq!(web.get("/registry/import", &rita).await.status, StatusCode::FORBIDDEN);
    let token = field(&web.get("/registry/import", &ada).await, "form_token");
    let plan = sent(&web, &ada, &[("form_token", &token)], Some(FILE)).await;
    assert_eq!(plan.status, StatusCode::OK, "{}", plan.body);
    assert!(plan.body.contains("would add 1 and change 1 entries"), "{}", plan.body);
    assert_eq!(web.get("/registry/systems/mail-desk", &ada).await.status, StatusCode::NOT_FOUND);
    let (kept, revision) = (field(&plan, "kept"), field(&plan, "revision"));
    let import = |revision: String| {
        let (token, kept) = (token.clone(), kept.clone());
        let (web, ada) = (&web, &ada);
        async move {
            let fields = [("form_token", &*token), ("revision", &*revision), ("kept", &*kept), ("step", "import")];
            sent(web, ada, &fields, None).await
        }
    };
    // Somebody changes the registry before the plan is carried out.
    let form = format!("form_token={token}&id=test-desk&name=Test+desk&agency=treasury");
    assert_eq!(web.post("/registry/systems/new", &form, &ada).await.status, StatusCode::SEE_OTHER);
    let moved = import(revision).await;
    assert!(moved.body.contains("Meanwhile the registry changed"), "{}", moved.body);
    assert_eq!(web.get("/registry/systems/mail-desk", &ada).await.status, StatusCode::NOT_FOUND);
    let done = import(field(&moved, "revision")).await;
    assert!(done.body.contains("1 entries were added and 1 changed"), "{}", done.body);
    assert!(web.get("/registry/systems/mail-desk", &ada).await.body.contains("Mail desk"));
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_place() {
    let web = Web::demo().await;
    let ada = web.person("ada", vec![Grant { role: Role::Analyst, reach: Reach::Government }]).await;
    let token = field(&web.get("/registry/import", &ada).await, "form_token");
    let wrong = "id,name,agency,exposure\na-desk,<b>A</b>,no-such-agency,internet\nb-desk,B,treasury,everywhere\n";
    let reply = sent(&web, &ada, &[("form_token", &token)], Some(wrong)).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["systems.csv", "no-such-agency", "everywhere", "Nothing was changed"] {
        assert!(reply.body.contains(words), "{words}: {}", reply.body);
    }
    assert!(!reply.body.contains("<b>A</b>"));
    let nothing = sent(&web, &ada, &[("form_token", &token)], None).await;
    assert!(nothing.status == StatusCode::UNPROCESSABLE_ENTITY && nothing.body.contains("at least one file"));
    for (fields, expected) in [
        (vec![("step", "import")], StatusCode::FORBIDDEN),
        (vec![("form_token", &*token), ("kept", "no base64")], StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(sent(&web, &ada, &fields, None).await.status, expected);
    }
}
