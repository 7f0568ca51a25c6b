// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Conversations with projects on pages: from the wish, over a refusal that says why, to words that are handed out; and a case of
//! disclosure with its embargo.

use axum::http::StatusCode;
use underpin_office::people::Role;

use crate::support::{Reply, Web, everywhere};
use crate::triage::field;

const PROJECT: &str = "https://github.com/apache/logging-log4j2";

/// Somebody signed in, with the secret of their forms.
struct Who {
    cookie: String,
    token: String,
}

impl Who {
    async fn made(web: &Web, login: &str, role: Role) -> Self {
        let cookie = web.person(login, everywhere(role)).await;
        let token = web.form_token(&cookie).await;
        Self { cookie, token }
    }

    async fn post(&self, web: &Web, path: &str, form: &str) -> Reply {
        web.post(path, &format!("form_token={}&{form}", self.token), &self.cookie).await
    }

    async fn ask(&self, web: &Web, more: &str) -> Reply {
        let speaker = "agency=treasury&author=Ada&complaints=respect%40agency.example&assistance=no-machine";
        self.post(web, "/engagements/new", &format!("project={PROJECT}&{speaker}&{more}")).await
    }

    /// The page that an answer leads to.
    async fn follow(&self, web: &Web, reply: &Reply) -> String {
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{reply:?}");
        let page = web.get(&reply.location, &self.cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        page.body
    }
}

#[tokio::test]
async fn words_are_judged_approved_by_another_and_handed_out() {
    let web = Web::demo().await;
    let ada = Who::made(&web, "ada", Role::Officer).await;
    let bert = Who::made(&web, "bert", Role::Officer).await;
    // How the project wants to be approached stands before the form.
    let form = web.get(&format!("/engagements/new?project={PROJECT}"), &ada.cookie).await.body;
    let (card, fields) = (form.find("id=\"card\"").expect("a card"), form.find("name=\"text\"").expect("a form"));
    assert!(card < fields, "the card comes first");
    // A refusal says the rule, why, and what first.
    let ask = "kind=ask&topic=maintenance&text=Please+move+to+another+licence+this+year.";
    let refused = ada.follow(&web, &ada.ask(&web, ask).await).await;
    for words in ["is refused", "E4:", "it asks and brings nothing", "Bring a patch"] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
    let report = "kind=vulnerability-report&topic=vulnerability&text=A+long+name+in+a+line+ends+the+service.";
    let asked = ada.ask(&web, report).await;
    let page = ada.follow(&web, &asked).await;
    assert!(
        page.contains("A long name in a line ends the service.") && page.contains("You wrote these words"),
        "{page}"
    );
    let request = asked.location.split('?').next().expect("a path").to_owned();
    let digest = field(&web.get(&request, &bert.cookie).await, "digest");
    // Not the author, not other words, nothing unapproved.
    let by = async |who: &Who, act: &str, form: &str| who.post(&web, &format!("{request}/{act}"), form).await;
    let digest = format!("digest={digest}");
    assert_eq!(by(&ada, "approve", &digest).await.status, StatusCode::FORBIDDEN);
    let other = format!("digest=sha256:{}", "0".repeat(64));
    assert_eq!(by(&bert, "approve", &other).await.status, StatusCode::CONFLICT);
    let early = by(&ada, "hand-out", "").await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(early.body.contains("nobody else approved the words"), "{}", early.body);
    assert_eq!(web.get(&format!("{request}/mail"), &ada.cookie).await.status, StatusCode::NOT_FOUND);
    by(&bert, "approve", &digest).await;
    let handed = ada.follow(&web, &by(&ada, "hand-out", "").await).await;
    assert!(handed.contains("Nothing was sent") && handed.contains("/mail"), "{handed}");
    let mail = web.get(&format!("{request}/mail"), &ada.cookie).await;
    assert_eq!(mail.headers["content-type"], "message/rfc822");
    assert!(mail.body.starts_with("X-Unsent: 1") && !mail.body.contains("From:"), "{}", mail.body);
    ends_with_thanks(&web, &ada).await;
}

/// The conversation: an answer, the end with its outcome, thanks, and what the burden meter makes of it.
async fn ends_with_thanks(web: &Web, ada: &Who) {
    let list = web.get("/engagements", &ada.cookie).await.body;
    let id = list.split("href=\"/engagements/E").nth(1).and_then(|rest| rest.split('"').next()).expect("one");
    let path = format!("/engagements/E{id}");
    let note =
        async |act: &str, form: &str| ada.follow(web, &ada.post(web, &format!("{path}/{act}"), form).await).await;
    assert!(note("answer", "").await.contains("The project answered"));
    replies(web, ada, &path).await;
    let silent = ada.post(web, &format!("{path}/end"), "how=silent").await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "it has answered");
    assert!(note("end", "how=solved&outcome=It+is+in+2.26").await.contains("The project was told: It is in 2.26"));
    assert!(!note("thanks", "").await.contains("Still owed"));
    let list = web.get("/engagements", &ada.cookie).await.body;
    assert!(list.contains("Asked: a conversation") && list.contains("Given: thanks"), "the burden meter: {list}");
}

/// What the project said is answered by words that somebody else approves, in the same conversation.
async fn replies(web: &Web, ada: &Who, path: &str) {
    let page = web.get(path, &ada.cookie).await.body;
    assert!(page.contains(&format!("action=\"{path}/reply\"")) && !page.contains("/remind\""), "{page}");
    let speaker = "agency=treasury&author=Ada&complaints=respect%40agency.example&assistance=no-machine";
    let wrong = ada.post(web, &format!("{path}/reply"), "text=Keep+these+words&agency=nobody").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Keep these words") && wrong.body.contains("href=\"#agency\""), "{}", wrong.body);
    let asked = ada.post(web, &format!("{path}/reply"), &format!("text=It+is+release+2.14.&{speaker}")).await;
    let request = asked.location.split('?').next().expect("a path").to_owned();
    let page = ada.follow(web, &asked).await;
    assert!(page.contains("It is release 2.14.") && page.contains("You wrote these words"), "{page}");
    let cora = Who::made(web, "cora", Role::Officer).await;
    let digest = field(&web.get(&request, &cora.cookie).await, "digest");
    cora.post(web, &format!("{request}/approve"), &format!("digest={digest}")).await;
    let handed = ada.follow(web, &ada.post(web, &format!("{request}/hand-out"), "").await).await;
    assert!(handed.contains("Nothing was sent"), "{handed}");
    let list = web.get("/engagements", &ada.cookie).await.body;
    assert!(list.contains("Answered: a reply of ours"), "the burden meter: {list}");
}

#[tokio::test]
async fn a_form_that_is_wrong_keeps_its_words() {
    let web = Web::demo().await;
    let ada = Who::made(&web, "ada", Role::Officer).await;
    let wrong = ada.ask(&web, "kind=ask&topic=other&text=Keep+these+words&budget=much&case=C7").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Keep these words") && wrong.body.contains("href=\"#budget\""), "{}", wrong.body);
    let unknown = ada.ask(&web, "kind=ask&topic=other&text=Keep+these+words&case=C7").await;
    assert!(unknown.body.contains("no such case that you may see"), "{}", unknown.body);
    let rita = Who::made(&web, "rita", Role::Reader).await;
    let read = web.get(&format!("/engagements/new?project={PROJECT}"), &rita.cookie).await.body;
    assert!(!read.contains("name=\"text\""), "who only reads has no form");
    assert_eq!(rita.ask(&web, "kind=ask&topic=other&text=x").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_embargo_ends_by_itself_where_the_public_knows() {
    let web = Web::demo().await;
    let ada = Who::made(&web, "ada", Role::Officer).await;
    assert!(web.get("/disclosures", &ada.cookie).await.body.contains("You are let into no compartment"));
    let cookie = web.let_in("ada", everywhere(Role::Officer), &["lantern"]).await;
    let ada = Who { token: web.form_token(&cookie).await, cookie };
    let opened = ada.post(&web, "/disclosures", &format!("project={PROJECT}&title=The+lamp&compartment=lantern")).await;
    let page = ada.follow(&web, &opened).await;
    assert!(page.contains("No embargo binds") && page.contains("value=\"report-receive\""), "{page}");
    let case = opened.location.split('?').next().expect("a path").to_owned();
    let note = async |form: &str| ada.post(&web, &format!("{case}/events"), form).await;
    note("what=report-receive").await;
    note("what=embargo-propose&until=2026-06-01T00:00").await;
    let bound = ada.follow(&web, &note("what=embargo-accept").await).await;
    assert!(bound.contains("An embargo binds all who know of it") && bound.contains("until 1 June 2026"), "{bound}");
    let early = note("what=fix-deployed").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.body.contains("no fix is deployed before it is ready"), "{}", early.body);
    let open = ada.follow(&web, &note("what=public-aware&note=A+paper").await).await;
    for words in ["Others know of it: no embargo holds any more", "By itself", "Embargo ended"] {
        assert!(open.contains(words), "{words}: {open}");
    }
    // A report about it has a conversation of its own, which the page leads to.
    let number = case.rsplit('/').next().expect("a number").to_owned();
    let report = format!("kind=vulnerability-report&topic=vulnerability&text=The+lamp+goes+out.&case={number}");
    ada.follow(&web, &ada.ask(&web, &report).await).await;
    assert!(web.get(&case, &ada.cookie).await.body.contains("href=\"/engagements/E"));
    let kim = Who::made(&web, "kim", Role::Officer).await;
    assert_eq!(web.get(&case, &kim.cookie).await.status, StatusCode::NOT_FOUND);
    assert_eq!(kim.post(&web, &format!("{case}/events"), "what=fix-ready").await.status, StatusCode::NOT_FOUND);
}
