// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rounds of collection in the browser, and answering by links without an account.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use underpin_office::people::{Grant, Reach, Role};

use crate::support::{Reply, Web, send};

fn at(role: Role, reach: Reach) -> Vec<Grant> {
    vec![Grant { role, reach }]
}

async fn json(web: &Web, path: &str, cookie: &str) -> serde_json::Value {
    serde_json::from_str(&web.get(path, cookie).await.body).expect("JSON")
}

/// The secret of a link in a letter.
fn key(body: &str, path: &str) -> String {
    let start = format!("https://house.example/{path}/");
    let rest = body.split(&start).nth(1).unwrap_or_else(|| panic!("no link to {path}: {body}"));
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}

/// A form with a file, as browsers send it.
async fn upload(web: &Web, path: &str, task: &str, file: &str) -> Reply {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n-\r\n--b\r\nContent-Disposition: form-data; \
         name=\"task\"\r\n\r\n{task}\r\n--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"bom.json\"\r\n\
         Content-Type: application/json\r\n\r\n{file}\r\n--b--\r\n"
    );
    let request =
        Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=b").body(Body::from(body));
    web.ask(request.expect("a request")).await
}

/// A round about the health institute, with the links of its letter.
async fn asked(web: &Web, ada: &str) -> (String, String) {
    let form = "title=Autumn&due=2026-04-01&asks=all&agency=health-institute&remind_days=7&language=en&text=";
    let look = send(web, "/rounds/new", &format!("{form}&act=look"), ada).await;
    assert!(look.body.contains("would be asked"), "{}", look.body);
    let opened = send(web, "/rounds/new", &format!("{form}&act=open"), ada).await;
    assert_eq!(
        (opened.status, opened.location.as_str()),
        (StatusCode::SEE_OTHER, "/rounds/R1?done=opened"),
        "{opened:?}"
    );
    let bare = web.get("/rounds/R1/letters/health-institute", ada).await;
    assert_eq!(bare.status, StatusCode::OK, "{}", bare.body);
    assert!(!bare.body.contains("/answer/") && !bare.body.contains("UP-"), "no links without a form: {}", bare.body);
    let letter = send(web, "/rounds/R1/letters/health-institute", "language=en", ada).await.body;
    (key(&letter, "answer"), key(&letter, "upload"))
}

#[tokio::test]
async fn an_agency_without_accounts_answers_by_links() {
    let web = Web::demo().await;
    let ada = web.person("ada", at(Role::Analyst, Reach::Government)).await;
    let (answer, file) = asked(&web, &ada).await;
    let rows = json(&web, "/rounds/R1?format=json", &ada).await["rows"].clone();
    let rows = rows.as_array().expect("rows");
    let task = |system: &str| {
        let row = rows.iter().find(|row| row["system"] == system).unwrap_or_else(|| panic!("{system}: {rows:?}"));
        row["task"].as_str().expect("a number").to_owned()
    };
    let (page, first) = (format!("/answer/{answer}"), task("lab-reporting"));
    let shown = web.get(&page, "").await;
    assert_eq!(
        (shown.status, shown.kept.0.as_str(), shown.kept.1.as_str()),
        (StatusCode::OK, "no-store", "no-referrer")
    );
    assert!(shown.body.contains("Autumn") && !shown.body.contains("tax-assessment"), "{}", shown.body);

    let bare = web.post(&page, &format!("task={first}&answer=cannot-because&text=+"), "").await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = web.post(&page, &format!("task={first}&answer=cannot-because&text=no+tool"), "").await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{said:?}");
    let told = json(&web, "/rounds/R1?format=json", &ada).await;
    let row = told["rows"].as_array().expect("rows").iter().find(|row| row["task"] == *first).expect("the row").clone();
    assert_eq!((&row["standing"], &row["because"]), (&"cannot".into(), &"no tool".into()));
    assert!(web.get(&format!("/tasks/{first}"), &ada).await.body.contains("letter:health-institute"));

    // Exactly that system gets the document.
    let bom = serde_json::json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "timestamp": "2026-03-02T08:00:00Z", "component": { "type": "application", "name": "other" },
            "tools": { "components": [{ "type": "application", "name": "maker" }] } },
        "components": [{ "type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0" }] });
    let empty = upload(&web, &format!("/upload/{file}"), &first, "").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let taken = upload(&web, &format!("/upload/{file}"), &first, &bom.to_string()).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
    assert!(taken.body.contains("taken, thank you"), "{}", taken.body);
    let told = json(&web, "/rounds/R1?format=json", &ada).await;
    let row = told["rows"].as_array().expect("rows").iter().find(|row| row["task"] == *first).expect("the row").clone();
    assert_eq!(row["standing"], "evidence", "{row}");
    let document = row["document"].as_str().expect("a document");
    let document = json(&web, &format!("/documents/{document}?format=json"), &ada).await.to_string();
    assert!(document.contains("lab-reporting"), "{document}");
    let page = web.get("/rounds/R1", &ada).await.body;
    assert!(page.contains("answers are there: Autumn") && page.contains("Evidence came"), "{page}");
}

#[tokio::test]
async fn a_link_is_good_for_nothing_else() {
    let web = Web::demo().await;
    let ada = web.person("ada", at(Role::Analyst, Reach::Government)).await;
    let (answer, file) = asked(&web, &ada).await;
    let nothing = web.get("/answer/none", "").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    for path in [format!("/upload/{answer}"), format!("/answer/{file}"), format!("/welcome/{answer}")] {
        let reply = web.get(&path, "").await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            web.post(&path, "task=T1&answer=yes&name=a&login=b&password=c", "").await.status,
            StatusCode::NOT_FOUND
        );
    }
    // Tasks of others cannot be answered by it, nor can they be told from such that are not there.
    let opened =
        send(&web, "/rounds/new", "title=Other&due=2026-04-01&asks=all&agency=tax-agency&act=open", &ada).await;
    if opened.status == StatusCode::SEE_OTHER {
        let rows = json(&web, "/rounds/R2?format=json", &ada).await["rows"].clone();
        let foreign = rows[0]["task"].as_str().expect("a task").to_owned();
        let replies = [foreign.as_str(), "T987654"].map(|task| (task.to_owned(), format!("task={task}&answer=yes")));
        let mut told = Vec::new();
        for (task, form) in replies {
            let reply = web.post(&format!("/answer/{answer}"), &form, "").await;
            told.push((reply.status, reply.body.replace(&task, "")));
            let reply = upload(&web, &format!("/upload/{file}"), &task, "{}").await;
            told.push((reply.status, reply.body.replace(&task, "")));
        }
        assert!(told[0].0.is_client_error() && told[1].0.is_client_error(), "{told:?}");
        assert_eq!((&told[0], &told[1]), (&told[2], &told[3]));
        assert_eq!(json(&web, "/rounds/R2?format=json", &ada).await["rows"][0]["standing"], "waiting");
    }
    // Who reads one system reads of the others in no letter.
    let lena = web.person("lena", at(Role::Reader, Reach::System("lab-reporting".into()))).await;
    let letter = web.get("/rounds/R1/letters/health-institute", &lena).await;
    assert_eq!(letter.status, StatusCode::OK, "{}", letter.body);
    assert!(letter.body.contains("Laboratory Reporting"), "{}", letter.body);
    assert!(!letter.body.contains("Vaccination Register"), "{}", letter.body);
    // Who only reads gives out no links, and a closed round takes no answers.
    let rita = web.person("rita", at(Role::Reader, Reach::Agency("health-institute".into()))).await;
    for path in ["/rounds/R1/letters/health-institute", "/rounds/R1/remind", "/rounds/R1/close"] {
        let reply = send(&web, path, "language=en&reason=because", &rita).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}: {}", reply.body);
    }
    let closed = send(&web, "/rounds/R1/close", "reason=enough", &ada).await;
    assert_eq!(closed.location, "/rounds/R1?done=closed");
    assert_eq!(web.get(&format!("/answer/{answer}"), "").await.status, StatusCode::NOT_FOUND);
    let trail = json(&web, "/audit?format=json", &web.person("aud", at(Role::Auditor, Reach::Government)).await).await;
    let trail = trail.to_string();
    assert!(trail.contains("make-links") && !trail.contains(&answer) && !trail.contains(&file), "keys are in no trail");
}

#[tokio::test]
async fn who_is_told_what_is_chosen_on_a_page() {
    let web = Web::demo().await;
    let ada = web.person("ada", at(Role::Analyst, Reach::Government)).await;
    let bad = send(&web, "/account/messages", "kind=tasks&channel=mail&address=nowhere", &ada).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.body.contains("value=\"nowhere\""), "what was entered stays: {}", bad.body);
    let wish = "kind=tasks&kind=rounds&channel=mail&address=ada@agency.example&rhythm=at-once&priority=soon";
    let made = send(&web, "/account/messages", wish, &ada).await;
    assert_eq!(made.location, "/account/messages?done=made");
    let page = web.get("/account/messages", &ada).await.body;
    for words in ["ada@agency.example", "My tasks, Rounds of collection", "Pressing things at once"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let hook = "kind=risks&channel=webhook&address=https://hooks.example/secret-path&rhythm=daily";
    let made = send(&web, "/account/messages", hook, &ada).await.body;
    assert!(made.contains("It is shown this once."), "{made}");
    let page = web.get("/account/messages", &ada).await.body;
    assert!(page.contains("hooks.example") && !page.contains("secret-path"), "{page}");
    let bob = web.person("bob", at(Role::Reader, Reach::Government)).await;
    assert_eq!(send(&web, "/account/messages/1/end", "", &bob).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&web, "/account/messages/1/end", "", &ada).await.location, "/account/messages?done=ended");
    assert!(!web.get("/account/messages", &ada).await.body.contains("ada@agency.example"));
}
