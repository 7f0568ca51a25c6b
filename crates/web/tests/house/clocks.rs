// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reporting clocks and roles under the law, as people with different rights meet them.

use axum::http::StatusCode;
use underpin_office::people::Role;

use crate::support::{Web, at, everywhere, send};

const NIS2: &str = "nis2-significant-incident";

/// Opens an incident: its page.
async fn open(web: &Web, cookie: &str) -> String {
    let form = "kind=package&what=log4j-core&versions=%3C2.17.1&title=Old+log4j&tlp=amber";
    let reply = send(web, "/incidents/new", form, cookie).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{reply:?}");
    reply.location.split('?').next().expect("a path").to_owned()
}

async fn json(web: &Web, path: &str, cookie: &str) -> serde_json::Value {
    serde_json::from_str(&web.get(path, cookie).await.body).expect("JSON")
}

#[tokio::test]
async fn a_clock_runs_once_somebody_says_so_and_its_draft_names_what_is_unknown() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    assert!(web.get("/clocks", &ada).await.body.contains("No reporting clock runs"));
    let room = open(&web, &ada).await;
    let clocks = format!("{room}/clocks");
    assert!(web.get(&room, &ada).await.body.contains(&format!("href=\"{clocks}\"")));
    let page = web.get(&clocks, &ada).await.body;
    for words in ["Clocks that nobody began", "Nobody has set it: days may end too late", "Say whether a clock binds"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let form = format!("act=confirm&role={NIS2}+essential-entity&whom=agency+treasury");
    let unsaid = send(&web, &clocks, &form, &ada).await;
    assert!(unsaid.status == StatusCode::UNPROCESSABLE_ENTITY && unsaid.body.contains("Say whether it binds"));
    let future = send(&web, &clocks, &format!("{form}&binds=yes&aware=2099-01-01T00:00"), &ada).await;
    assert!(future.body.contains("cannot lie in the future"), "{}", future.body);
    let said = send(&web, &clocks, &format!("{form}&binds=yes&aware=2026-02-20T10:00&note=%3Cb%3Ewe+are"), &ada).await;
    assert_eq!(said.location, format!("{clocks}?done=told"), "{said:?}");
    let page = web.get(&clocks, &ada).await.body;
    for words in ["Overdue", "The period is over.", "&#60;b&#62;we are", "Article 23(4)(a)", "essential entity"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(web.get("/clocks", &ada).await.body.contains("One reporting clock is overdue"));
    assert!(web.get(&room, &ada).await.body.contains("Significant incident (NIS 2): Early warning"));

    let told = format!("act=tell&clock={NIS2}&event=handed-in");
    assert!(send(&web, &clocks, &told, &ada).await.body.contains("Choose the step"));
    let wrong = send(&web, &clocks, &format!("{told}&step=remediation"), &ada).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.body.contains("has no step remediation"));
    for whom in ["nobody", "agency+none"] {
        let wrong = send(&web, &clocks, &format!("{told}&step=early-warning&whom={whom}"), &ada).await;
        assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(wrong.body.contains("Nobody in sight is called so."), "{whom}: {}", wrong.body);
    }
    let file = send(&web, &clocks, &format!("{told}&step=early-warning&evidence=/etc/passwd"), &ada).await;
    assert!(file.status == StatusCode::UNPROCESSABLE_ENTITY, "no file of the server is evidence");
    let sent = format!("{told}&whom=agency+treasury&step=early-warning&at=2026-02-21T09:00&proof=receipt&evidence=D1");
    assert_eq!(send(&web, &clocks, &sent, &ada).await.status, StatusCode::SEE_OTHER);
    let answer = json(&web, &format!("{clocks}?format=json"), &ada).await;
    let own = answer["clocks"].as_array().expect("clocks").iter().find(|row| row["clock"] == NIS2).expect("it runs");
    assert_eq!(own["steps"][0]["state"], "done-in-time");
    assert_eq!(own["steps"][0]["missing_proofs"], serde_json::json!(["moment-of-awareness", "text-sent"]));

    let draft = format!("{clocks}/{NIS2}/notification");
    let page = web.get(&draft, &ada).await.body;
    for words in
        ["Text to copy", "Fields that nobody here knows", "NOT KNOWN in this house.", "Indicators of compromise"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let german = web.get(&format!("{draft}?language=de"), &ada).await;
    assert_eq!(german.status, StatusCode::OK);
    for path in [format!("{clocks}/{NIS2}/remediation"), format!("{clocks}/NIS2-significant-incident/notification")] {
        assert_eq!(web.get(&path, &ada).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn who_does_not_lead_reads_and_who_does_not_see_learns_nothing() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    let room = open(&web, &ada).await;
    let clocks = format!("{room}/clocks");
    let form = format!("act=confirm&role={NIS2}+essential-entity&binds=yes&aware=2026-02-20T10:00");
    assert_eq!(send(&web, &clocks, &form, &ada).await.status, StatusCode::SEE_OTHER);
    let rita = web.person("rita", everywhere(Role::Reader)).await;
    let reads = web.get(&clocks, &rita).await.status == StatusCode::OK;
    let seen = json(&web, "/clocks?format=json", &rita).await["rows"].as_array().expect("rows").len();
    assert_eq!(seen, usize::from(reads), "the list shows what the page shows");
    let refused = send(&web, &clocks, &form, &rita).await.status;
    assert!(matches!(refused, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY));
    let carl = web.person("carl", at(Role::Administrator, "treasury")).await;
    assert_eq!(web.get(&clocks, &carl).await.status, StatusCode::NOT_FOUND);
    assert_eq!(web.get(&format!("{clocks}/{NIS2}/early-warning"), &carl).await.status, StatusCode::NOT_FOUND);
    assert!(web.get("/clocks", &carl).await.body.contains("No reporting clock runs"));
    assert_eq!(web.get("/clocks", "").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_role_is_asked_one_question_at_a_time() {
    let web = Web::demo().await;
    let ada = web.person("ada", everywhere(Role::Analyst)).await;
    assert!(web.get("/law/roles", &ada).await.body.contains("Nobody has asked for a role yet"));
    let path = "/law/role?agency=treasury&product=forms&law=cra";
    let page = web.get(path, &ada).await.body;
    assert!(page.contains("Is it no product of the law") && page.contains("Why it is asked"), "{page}");
    let about = "agency=treasury&product=forms&law=cra";
    let none = send(&web, "/law/role", &format!("{about}&fact=outside-product-scope"), &ada).await;
    assert!(none.status == StatusCode::UNPROCESSABLE_ENTITY && none.body.contains("Choose an answer"), "{none:?}");
    for (fact, holds) in [("outside-product-scope", "no"), ("own-use-only", "yes")] {
        let answer = format!("{about}&fact={fact}&holds={holds}&source=%3Cb%3Econtract");
        let reply = send(&web, "/law/role", &answer, &ada).await;
        assert_eq!(reply.location, format!("{path}&saved=yes"), "{reply:?}");
    }
    let page = web.get(path, &ada).await.body;
    for words in ["Decided", "own use", "Recital 16", "wording seen in a copy", "&#60;b&#62;contract"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let list = web.get("/law/roles", &ada).await.body;
    assert!(list.contains("One role was asked for") && list.contains("agency=treasury"), "{list}");
    let rita = web.person("rita", at(Role::Reader, "treasury")).await;
    assert!(
        web.get(&path.replace("product=forms", "product=letters"), &rita)
            .await
            .body
            .contains("Who decides for the agency answers.")
    );
    let refused = send(&web, "/law/role", &format!("{about}&fact=price&holds=no"), &rita).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(web.get("/law/role?agency=none", &ada).await.status, StatusCode::NOT_FOUND);
    assert_eq!(web.get("/law/role?agency=treasury&product=My+Forms", &ada).await.status, StatusCode::NOT_FOUND);
    let examples = web.get("/law/examples", &rita).await.body;
    assert!(examples.contains("published examples agree with their source"), "{examples}");
}
