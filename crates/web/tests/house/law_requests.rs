// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Requests of authorities, the steward's pack, and dates and bodies that people state, as people with different rights meet them.

use axum::http::StatusCode;
use underpin_model::law_routing::ReportBody;
use underpin_office::people::Role;

use crate::support::{Web, at, everywhere, send};

async fn json(web: &Web, path: &str, cookie: &str) -> serde_json::Value {
    serde_json::from_str(&web.get(path, cookie).await.body).expect("JSON")
}

const ASKED: &str =
    "authority=Market+surveillance&about=%3Cb%3Ethe+policy&reference=MS-7&due=2026-02-20&at=2026-02-10T08:00";

/// Writes a request down: its page.
async fn noted(web: &Web, agency: &str, cookie: &str) -> String {
    let reply = send(web, "/law/requests", &format!("{ASKED}&agency={agency}"), cookie).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{reply:?}");
    reply.location.split('?').next().expect("a path").to_owned()
}

#[tokio::test]
async fn a_request_is_written_down_answered_and_never_overwritten() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let empty = web.get("/law/requests", &ada).await.body;
    assert!(empty.contains("No request of an authority stands in the log") && empty.contains("Begin below"), "{empty}");
    let wrong = send(&web, "/law/requests", "at=2099-01-01T00:00&due=soon&agency=-", &ada).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Say something here.", "cannot lie in the future", "This is no day."] {
        assert!(wrong.body.contains(words), "{words}: {}", wrong.body);
    }
    let unknown = send(&web, "/law/requests", &format!("{ASKED}&agency=none"), &ada).await;
    assert!(unknown.status == StatusCode::UNPROCESSABLE_ENTITY && unknown.body.contains("none"), "{unknown:?}");

    let path = noted(&web, "treasury", &ada).await;
    let list = web.get("/law/requests", &ada).await.body;
    for words in ["One request of an authority is overdue", "&#60;b&#62;the policy", "MS-7", "Overdue"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let nothing = send(&web, &path, "act=answer&evidence=D99999", &ada).await;
    assert!(nothing.body.contains("Say something here.") && nothing.body.contains("not for you"), "{}", nothing.body);
    let answer = "act=answer&with=What+is+published&at=2026-02-25T09:00&evidence=D1";
    assert_eq!(send(&web, &path, answer, &ada).await.location, format!("{path}?done=answered"));
    assert_eq!(send(&web, &path, "act=remark&text=By+mail", &ada).await.location, format!("{path}?done=remarked"));
    let page = web.get(&path, &ada).await.body;
    for words in
        ["Answered too late", "What is published", "By mail", "document D1", "ada", "Market surveillance asked"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let told = json(&web, &format!("{path}?format=json"), &ada).await;
    assert_eq!((&told["state"], told["events"].as_array().map(Vec::len)), (&"answered-late".into(), Some(3)), "{told}");
    let before = web.get(&format!("{path}?as-of=2026-02-26"), &ada).await.status;
    assert_eq!(before, StatusCode::NOT_FOUND, "nobody had written it down then");
    for path in ["/law/requests/01", "/law/requests/x", "/law/requests/-1", "/law/requests/99999"] {
        assert_eq!(web.get(path, &ada).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(web.get("/law/requests?language=de", &ada).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_log_is_for_who_leads_or_audits_where_an_authority_asked() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let (own, other) = (noted(&web, "treasury", &ada).await, noted(&web, "health-institute", &ada).await);
    let office = noted(&web, "-", &ada).await;
    for (name, grants, expected, may_write) in [
        ("tina", at(Role::Analyst, "treasury"), [true, false, false], true),
        ("alan", at(Role::Auditor, "treasury"), [true, false, false], false),
        ("anne", everywhere(Role::Auditor), [true, true, true], false),
        ("rita", everywhere(Role::Reader), [false; 3], false),
    ] {
        let cookie = web.person(name, grants).await;
        for (path, is_seen) in [&own, &other, &office].into_iter().zip(expected) {
            let reply = web.get(path, &cookie).await;
            let status = if is_seen { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(reply.status, status, "{name} {path}");
            let forms = is_seen && may_write;
            assert_eq!(reply.body.contains("Write down an answer"), forms, "{name} {path}");
            let written = send(&web, path, "act=remark&text=seen", &cookie).await.status;
            let expected = match (is_seen, may_write) {
                (false, _) => StatusCode::NOT_FOUND,
                (true, false) => StatusCode::FORBIDDEN,
                (true, true) => StatusCode::SEE_OTHER,
            };
            assert_eq!(written, expected, "{name} {path}");
        }
        let rows = json(&web, "/law/requests?format=json", &cookie).await["rows"].as_array().expect("rows").len();
        assert_eq!(rows, expected.iter().filter(|seen| **seen).count(), "{name}");
        // Who may not write there learns nothing of whether there is such an agency.
        for agency in ["health-institute", "no-such-agency", "-"] {
            let refused = send(&web, "/law/requests", &format!("{ASKED}&agency={agency}"), &cookie).await.status;
            assert_eq!(refused, StatusCode::FORBIDDEN, "{name} {agency}");
        }
    }
    let rita = web.get("/law/requests", &web.person("rosa", everywhere(Role::Reader)).await).await.body;
    assert!(rita.contains("You do so nowhere.") && !rita.contains("Write down a request"), "{rita}");
    assert_eq!(web.get("/law/requests", "").await.status, StatusCode::SEE_OTHER, "strangers are sent to the door");
}

#[tokio::test]
async fn the_pack_is_for_who_leads_for_the_whole_government() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    noted(&web, "-", &ada).await;
    let page = web.get("/law/steward-pack", &ada).await.body;
    for words in ["elements are missing", "missing", "Article 24(1)", "Requests are counted above", "not answered: 1"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("&#60;b&#62;the policy"), "what one authority asks is not for the next one");
    let own = web.get("/law/steward-pack?authority=Market+surveillance", &ada).await.body;
    assert!(own.contains("&#60;b&#62;the policy"), "{own}");
    let other = web.get("/law/steward-pack?authority=Another+one", &ada).await.body;
    assert!(!other.contains("&#60;b&#62;the policy") && other.contains("No request stands in the log."), "{other}");
    for (form, kind) in [("pdf", "application/pdf"), ("markdown", "text/markdown"), ("json", "application/json")] {
        let file = web.get(&format!("/law/steward-pack?authority=Market+surveillance&format={form}"), &ada).await;
        assert!(file.status == StatusCode::OK && file.header("content-type").starts_with(kind), "{form}: {file:?}");
        assert!(form == "pdf" || file.body.contains("the policy"), "{form}: {}", file.body);
    }
    assert_eq!(web.get("/law/steward-pack?format=pdf&language=de", &ada).await.status, StatusCode::OK);
    for (name, grants) in [("tina", at(Role::Analyst, "treasury")), ("rita", everywhere(Role::Reader))] {
        let cookie = web.person(name, grants).await;
        for form in ["", "?format=pdf", "?format=json"] {
            let refused = web.get(&format!("/law/steward-pack{form}"), &cookie).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{name} {form}");
        }
        assert!(
            !web.get("/law/requests", &cookie).await.body.contains("/law/steward-pack"),
            "{name}: it is not offered"
        );
    }
}

#[tokio::test]
async fn a_date_by_a_letter_says_whose_word_it_is_and_a_body_that_the_office_entered_stands_in_the_draft() {
    let entered = ReportBody {
        name: "Response team".to_owned(),
        address: "https://csirt.example/form".to_owned(),
        language: "pt".to_owned(),
    };
    let web = Web::demo_arranged(|settings| settings.law.body = Some(entered), |web| web).await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let form = "kind=package&what=log4j-core&versions=%3C2.17.1&title=Old+log4j&tlp=amber";
    let room = send(&web, "/incidents/new", form, &ada).await.location;
    let clocks = format!("{}/clocks", room.split('?').next().expect("a path"));
    for role in ["kev-due-date+own-policy", "nis2-significant-incident+essential-entity"] {
        let form = format!("act=confirm&role={role}&whom=agency+treasury&binds=yes");
        assert_eq!(send(&web, &clocks, &form, &ada).await.status, StatusCode::SEE_OTHER, "{role}");
    }
    let due = "act=tell&clock=kev-due-date&event=due-stated&by=2026-03-09T00:00";
    let unsourced = send(&web, &clocks, due, &ada).await;
    assert_eq!(unsourced.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsourced.body.contains("Name the directive or letter that sets the date."), "{}", unsourced.body);
    let letter = format!("{due}&source=%3Ci%3ELetter+17");
    assert_eq!(send(&web, &clocks, &letter, &ada).await.status, StatusCode::SEE_OTHER);
    let page = web.get(&clocks, &ada).await.body;
    for words in ["Told by a person: ada, 2 March 2026. Source: &#60;i&#62;Letter 17", "9 March 2026, 23:59 UTC"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    for words in ["https://csirt.example/form", "the body that the office entered"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("It is not recorded: enter it"), "{page}");
    let answer = json(&web, &format!("{clocks}?format=json"), &ada).await;
    let kev = answer["clocks"].as_array().expect("clocks").iter().find(|row| row["clock"] == "kev-due-date");
    let stated = &kev.expect("it runs")["steps"][0]["stated"];
    assert_eq!((&stated["actor"], &stated["source"]), (&"ada".into(), &"<i>Letter 17".into()), "{answer}");
    let draft = web.get(&format!("{clocks}/nis2-significant-incident/early-warning"), &ada).await.body;
    let line = "Body: Response team, https://csirt.example/form, takes reports in the language pt";
    assert!(draft.contains(line), "{draft}");
}
