// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every route, by everybody, about things of others: the answer is that about a thing that is not there, word for word but for its
//! name, and what is one's own does not change by what others have. A route that no line here names fails.

use std::collections::BTreeSet;

use underpin_office::people::{Grant, Reach, Role};
use underpin_web::routes::{Access, ROUTES};

use crate::foreign::{Foreign, Thing};
use crate::support::{Reply, Web, without_number};

/// A route, the rest of an address or form in which `{}` stands for a thing, and the kind of thing.
pub type Line = (&'static str, &'static str, &'static str, Thing);

/// An approval of words that are none of ours.
const DIGEST: &str = "digest=sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// Where a thing can be named: in the path (an empty rest), in the query of a page, in the fields of a form.
pub const NAMED: &[Line] = &[
    ("get", "/agencies/{id}", "", Thing::Agency),
    ("post", "/agencies/{id}/naming", "agrees=yes&said_by=Eva", Thing::Agency),
    ("get", "/systems/{id}", "", Thing::System),
    ("get", "/systems/{id}/difference", "", Thing::System),
    ("get", "/systems/{id}/paths", "package=log4j-core", Thing::System),
    ("get", "/documents/{id}", "", Thing::Document),
    ("get", "/documents/{id}/original", "", Thing::Document),
    ("get", "/documents/{id}/conformity", "", Thing::Document),
    ("get", "/documents/{id}/original", "container=yes", Thing::Document),
    ("post", "/documents/{id}/bind", "system=payments-hub&sure=yes", Thing::Document),
    ("post", "/documents/{id}/unbind", "binding=payments-hub&sure=yes", Thing::Document),
    ("post", "/documents/{id}/retract", "reason=because&sure=yes", Thing::Document),
    ("post", "/documents/{id}/retract", "", Thing::Document),
    ("post", "/documents/{id}/restore", "reason=because&sure=yes", Thing::Document),
    ("post", "/documents/{id}/retry", "", Thing::Document),
    ("get", "/decisions/{id}", "", Thing::Decision),
    ("post", "/decisions/{id}/approve", "", Thing::Decision),
    ("post", "/rules/waivers", "act=withdraw&reason=because&waiver={}", Thing::Waiver),
    (
        "post",
        "/rules/waivers",
        "act=ask&rule=nis2-article-21/responsible&why=a&compensation=b&until=2026-12-31&about={}",
        Thing::System,
    ),
    ("get", "/contracts/{id}", "", Thing::Contract),
    ("post", "/contracts/{id}", "act=withdraw&reason=because", Thing::Contract),
    ("post", "/contracts/{id}", "act=link", Thing::Contract),
    ("get", "/contracts/{id}/protocol/{document}", "", Thing::Contract),
    ("get", "/contracts/{id}/letter/{document}", "", Thing::Contract),
    (
        "post",
        "/contracts",
        "reference=1&supplier=a&product=b&rulebook=ntia-2021&ends=2030-01-01&system={}",
        Thing::System,
    ),
    ("post", "/decisions/{id}/withdraw", "reason=because", Thing::Decision),
    ("get", "/vulnerabilities/{name}", "", Thing::Advisory),
    ("get", "/incidents/{id}", "", Thing::Incident),
    ("get", "/incidents/{id}/situation", "", Thing::Incident),
    ("post", "/incidents/{id}/tasks", "task=7654&owner=eve", Thing::Incident),
    ("post", "/incidents/{id}/refresh", "", Thing::Incident),
    ("post", "/incidents/{id}/step", "step=notify", Thing::Incident),
    ("get", "/law/role", "system={}", Thing::System),
    ("get", "/law/role", "agency={}", Thing::Agency),
    ("post", "/law/role", "system={}&fact=price&holds=yes", Thing::System),
    ("post", "/law/role", "agency={}&product=forms&fact=price&holds=yes", Thing::Agency),
    ("get", "/law/requests/{id}", "", Thing::AuthorityRequest),
    ("post", "/law/requests/{id}", "act=remark&text=because", Thing::AuthorityRequest),
    ("post", "/law/requests/{id}", "act=answer&with=because", Thing::AuthorityRequest),
    ("post", "/law/requests", "authority=Markets&about=because&agency={}", Thing::Agency),
    ("get", "/incidents/{id}/clocks", "", Thing::Incident),
    ("post", "/incidents/{id}/clocks", "act=tell&clock=cra-severe-incident&event=became-aware", Thing::Incident),
    ("get", "/incidents/{id}/clocks/{clock}/{step}", "", Thing::Incident),
    ("post", "/incidents/{id}/close", "reason=because", Thing::Incident),
    ("post", "/incidents/{id}/reopen", "reason=because", Thing::Incident),
    ("get", "/tasks/{id}", "", Thing::Task),
    ("post", "/tasks/{id}", "state=done&text=because", Thing::Task),
    ("post", "/tasks/{id}/owner", "owner=eve", Thing::Task),
    ("post", "/tasks/{id}/evidence", "", Thing::Task),
    ("post", "/account/tokens/{id}/end", "", Thing::Token),
    ("post", "/account/messages/{id}/end", "", Thing::Subscription),
    ("post", "/tasks/{id}/letter", "language=en", Thing::Task),
    ("post", "/incidents/{id}/letters", "language=en", Thing::Incident),
    ("get", "/rounds/{id}", "", Thing::Round),
    ("post", "/rounds/{id}/remind", "", Thing::Round),
    ("post", "/rounds/{id}/close", "reason=because", Thing::Round),
    ("get", "/rounds/{id}/letters/{agency}", "", Thing::Round),
    ("post", "/rounds/{id}/letters/{agency}", "language=en", Thing::Round),
    ("post", "/rounds/new", "title=new&due=2030-01-01&act=look&agency={}", Thing::Agency),
    ("post", "/commitments/{id}/approve", "", Thing::Commitment),
    ("get", "/engagements/requests/{id}", "", Thing::Request),
    ("get", "/engagements/requests/{id}/mail", "", Thing::Request),
    ("post", "/engagements/requests/{id}/approve", DIGEST, Thing::Request),
    ("post", "/engagements/requests/{id}/hand-out", "", Thing::Request),
    ("get", "/engagements/{id}", "", Thing::Conversation),
    ("post", "/engagements/{id}/answer", "", Thing::Conversation),
    ("post", "/engagements/{id}/thanks", "", Thing::Conversation),
    ("post", "/engagements/{id}/outcome", "outcome=because", Thing::Conversation),
    ("post", "/engagements/{id}/end", "how=solved", Thing::Conversation),
    ("post", "/engagements/{id}/rating", "worth=yes", Thing::Conversation),
    ("post", "/engagements/{id}/remind", "text=because&agency=treasury", Thing::Conversation),
    ("post", "/engagements/{id}/reply", "text=because&agency=treasury", Thing::Conversation),
    ("get", "/disclosures/{id}", "", Thing::Disclosure),
    ("post", "/disclosures/{id}/events", "what=vendor-aware", Thing::Disclosure),
    ("post", "/disclosures/{id}/contact", "door=stated&address=because", Thing::Disclosure),
    (
        "post",
        "/engagements/new",
        "project=https://github.com/apache/logging-log4j2&kind=ask&text=because&agency=treasury&case={}",
        Thing::Disclosure,
    ),
    ("post", "/engagements/new", "project=https://code.example/a/b&text=because&agency={}", Thing::Agency),
    ("get", "/people/{login}", "", Thing::Person),
    ("post", "/people/{login}", "role1=reader&reason=because", Thing::Person),
    ("post", "/people/{login}/end", "reason=because", Thing::Person),
    ("get", "/registry/{kind}/{id}", "systems", Thing::System),
    ("get", "/registry/{kind}/{id}", "agencies", Thing::Agency),
    ("post", "/registry/{kind}/{id}", "systems", Thing::System),
    ("post", "/registry/{kind}/{id}", "agencies", Thing::Agency),
    ("get", "/registry/systems/{id}/deployments/{deployment}", "", Thing::System),
    ("post", "/registry/systems/{id}/deployments/{deployment}", "name=Ours", Thing::System),
    ("post", "/registry/systems/{id}/deployments/{deployment}", "step=end&sure=yes", Thing::System),
    ("get", "/registry/mappings", "on=subject&pattern=x*&system={}", Thing::System),
    ("get", "/registry/mappings", "on=path&pattern=x*&system=payments-hub&deployment={}", Thing::System),
    ("post", "/registry/mappings", "step=add&on=subject&pattern=x*&system={}", Thing::System),
    ("post", "/registry/mappings", "step=end&on=subject&pattern=x*&system={}", Thing::System),
    ("get", "/findings", "system={}", Thing::System),
    ("get", "/findings", "agency={}", Thing::Agency),
    ("get", "/findings", "agency=%3D{}", Thing::Agency),
    ("get", "/findings", "vulnerability={}", Thing::Advisory),
    ("get", "/findings/decide", "system={}", Thing::System),
    ("get", "/findings/decide", "agency={}", Thing::Agency),
    ("get", "/findings/decide", "vulnerability={}", Thing::Advisory),
    ("get", "/decisions/fold", "system={}", Thing::System),
    ("get", "/decisions/fold", "agency={}", Thing::Agency),
    ("get", "/decisions/fold", "vulnerability={}", Thing::Advisory),
    ("get", "/documents", "system={}", Thing::System),
    ("get", "/documents", "agency={}", Thing::Agency),
    ("get", "/documents/hand-in", "system={}", Thing::System),
    ("get", "/coverage", "agency={}", Thing::Agency),
    ("get", "/coverage", "state=known&agency={}", Thing::Agency),
    ("get", "/find", "q={}", Thing::System),
    ("get", "/find", "q={}", Thing::Agency),
    ("get", "/find", "q={}", Thing::Advisory),
    ("get", "/suggest", "q={}", Thing::System),
    ("get", "/suggest", "q={}", Thing::Agency),
    ("get", "/suggest", "q={}", Thing::Advisory),
    ("get", "/decisions", "text={}", Thing::System),
    ("get", "/decisions", "text={}", Thing::Decision),
    ("get", "/incidents/new", "kind=vulnerability&what={}", Thing::Advisory),
    ("get", "/sql", "q=SELECT+*+FROM+system+WHERE+system='{}'", Thing::System),
    ("post", "/sql", "q=SELECT+count(*)+FROM+system+WHERE+system='{}'", Thing::System),
    ("get", "/audit", "subject=system+{}", Thing::System),
    ("get", "/audit/reads", "subject=system+{}", Thing::System),
    ("put", "/api/v1/bom", r#"{"project":"{}","bom":"e30="}"#, Thing::Project),
    ("put", "/api/v1/bom", r#"{"projectName":"{}","bom":"e30="}"#, Thing::System),
    ("post", "/api/v1/bom", r#"{"project":"{}","bom":"e30="}"#, Thing::Project),
    ("get", "/api/v1/bom/cyclonedx/project/{uuid}", "", Thing::Project),
    ("get", "/api/v1/project", "name={}", Thing::System),
    ("get", "/api/v1/project/", "searchText={}", Thing::System),
    ("get", "/api/v1/project/lookup", "name={}", Thing::System),
    ("get", "/api/v1/project/{uuid}", "", Thing::Project),
    ("get", "/api/v1/project/{uuid}/", "", Thing::Project),
    ("get", "/api/v1/finding/project/{uuid}", "", Thing::Project),
    ("get", "/api/v1/finding/project/{uuid}/export", "", Thing::Project),
    ("get", "/api/v1/metrics/project/{uuid}/current", "", Thing::Project),
    ("get", "/api/v1/violation/project/{uuid}", "", Thing::Project),
    ("get", "/api/v1/analysis", "project={}", Thing::Project),
    ("get", "/api/reports/findings", "system={}", Thing::System),
    ("get", "/api/reports/findings", "agency={}", Thing::Agency),
    ("get", "/api/reports/findings", "vulnerability={}", Thing::Advisory),
    ("get", "/findings", "format=sarif&system={}", Thing::System),
];

/// Routes that name nothing of a house, or only who asks.
const NAMELESS: &[(&str, &str)] = &[
    ("get", "/"),
    ("get", "/sign-in"),
    ("post", "/sign-in"),
    ("post", "/sign-out"),
    ("get", "/sign-in/code"),
    ("post", "/sign-in/code"),
    ("get", "/account"),
    ("post", "/account/password"),
    ("post", "/account/sessions"),
    ("post", "/account/openid/{name}"),
    ("get", "/account/codes"),
    ("post", "/account/codes"),
    ("post", "/account/codes/confirm"),
    ("post", "/account/codes/end"),
    ("get", "/account/tokens"),
    ("post", "/account/tokens"),
    ("get", "/sign-in/openid/{name}"),
    ("get", "/sign-in/openid/{name}/back"),
    ("get", "/welcome/{key}/openid/{name}"),
    ("get", "/welcome/{key}"),
    ("post", "/welcome/{key}"),
    ("post", "/language"),
    ("get", "/account/messages"),
    ("post", "/account/messages"),
    ("get", "/rounds"),
    ("get", "/rounds/new"),
    ("get", "/answer/{key}"),
    ("post", "/answer/{key}"),
    ("get", "/deliver/{key}"),
    ("post", "/deliver/{key}"),
    ("get", "/contracts"),
    ("get", "/upload/{key}"),
    ("post", "/upload/{key}"),
    ("get", "/collect.sh"),
    ("get", "/collect.ps1"),
    ("get", "/people"),
    ("post", "/people/invitations/{id}/end"),
    ("get", "/sql/running/{id}"),
    ("get", "/sql/running/{id}/state"),
    ("post", "/sql/running/{id}/stop"),
    ("post", "/people"),
    ("get", "/agencies"),
    ("get", "/changes"),
    ("get", "/findings/weeks"),
    ("get", "/packages"),
    ("get", "/projects"),
    ("get", "/projects/map"),
    ("get", "/projects/{*project}"),
    ("get", "/plan"),
    ("get", "/plan/brief"),
    ("post", "/plan/skills"),
    ("get", "/commitments"),
    ("get", "/funding"),
    ("get", "/engagements"),
    ("get", "/engagements/new"),
    ("get", "/disclosures"),
    ("post", "/disclosures"),
    ("get", "/upstream"),
    ("get", "/dossiers/{*project}"),
    ("get", "/incidents"),
    ("get", "/clocks"),
    ("get", "/law/roles"),
    ("get", "/law/examples"),
    ("get", "/law/requests"),
    ("get", "/law/steward-pack"),
    ("post", "/incidents/new"),
    ("post", "/incidents/drills"),
    ("get", "/tasks"),
    ("get", "/decisions/vex"),
    ("post", "/findings/decide"),
    ("post", "/documents/hand-in"),
    ("get", "/registry"),
    ("get", "/registry/import"),
    ("post", "/registry/import"),
    ("get", "/sources"),
    ("get", "/settings"),
    ("get", "/help"),
    ("get", "/help/words"),
    ("get", "/help/{*page}"),
    ("get", "/_design"),
    ("get", "/mandate"),
    ("post", "/mandate"),
    ("get", "/roles"),
    ("post", "/roles"),
    ("get", "/consultations"),
    ("get", "/consultations/{id}"),
    ("post", "/consultations/{id}/comments"),
    ("post", "/consultations/{id}/withdraw"),
    ("post", "/consultations/{id}/act"),
    ("get", "/reports/annual"),
    ("get", "/first-30-days"),
    ("get", "/promises"),
    ("get", "/open-data"),
    ("get", "/open-data/starter-kit.tar.zst"),
    ("get", "/open-data/{edition}/{file}"),
    ("get", "/catalogue"),
    ("get", "/catalogue/repository"),
    ("get", "/catalogue/repository/assess"),
    ("post", "/catalogue/repository/assess"),
    ("get", "/exemptions"),
    ("get", "/rules/waivers"),
    ("get", "/rules"),
    ("get", "/rules/{book}/{rule}"),
    ("get", "/.well-known/csaf/{*path}"),
    ("get", "/.well-known/security.txt"),
    ("get", "/publications"),
    ("get", "/publications/drafts"),
    ("post", "/publications/drafts/approve"),
    ("post", "/publications/drafts/withdraw"),
    ("get", "/publications/{*path}"),
    ("get", "/accessibility"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/assets/{tag}/{name}"),
    ("get", "/api/version"),
    ("get", "/api/v1/bom/token/{uuid}"),
    ("get", "/api/v1/event/token/{uuid}"),
];

/// Lists of one's own, for programs: they must not change by what others have.
const OWN: &[&str] = &[
    "/findings?format=json",
    "/agencies?format=json",
    "/documents?format=json",
    "/registry/mappings?format=json",
    "/registry/mappings?on=path&pattern=*&system=payments-hub&format=json",
    "/coverage?format=json",
    "/find?q=log4j-core&format=json",
    "/decisions?format=json",
    "/vulnerabilities/CVE-2021-44228?format=json",
    "/incidents?format=json",
    "/clocks?format=json",
    "/law/roles?format=json",
    "/law/requests?format=json",
    "/tasks?format=json",
    "/rounds?format=json",
    "/contracts?format=json",
    "/engagements?format=json",
    "/disclosures?format=json",
    "/upstream?format=json",
    "/exemptions?format=json",
    "/rules/waivers?format=json",
    "/rules/nis2-article-21/responsible?format=json",
    "/packages?purl=pkg:maven/org.apache.logging.log4j/log4j-core&format=json",
    "/api/v1/project?pageSize=1000",
];

/// Who asks: nobody of them has anything to do with the health institute.
pub fn people() -> Vec<(&'static str, Vec<Grant>)> {
    let of = |role, reach: Reach| vec![Grant { role, reach }];
    let treasury = || Reach::Agency("treasury".into());
    let payments = || Reach::System("payments-hub".into());
    let mut mixed = of(Role::Administrator, treasury());
    mixed.extend(of(Role::Owner, payments()));
    mixed.extend(of(Role::Auditor, treasury()));
    vec![
        ("administrator", of(Role::Administrator, Reach::Government)),
        ("inner-administrator", of(Role::Administrator, treasury())),
        ("reader", of(Role::Reader, treasury())),
        ("contributor", of(Role::Contributor, treasury())),
        ("owner", of(Role::Owner, treasury())),
        ("analyst", of(Role::Analyst, treasury())),
        ("officer", of(Role::Officer, treasury())),
        ("auditor", of(Role::Auditor, treasury())),
        ("system-reader", of(Role::Reader, payments())),
        ("system-owner", of(Role::Owner, payments())),
        ("mixed", mixed),
    ]
}

#[test]
fn every_route_is_listed() {
    let listed = |method: &str, path: &str| {
        NAMED.iter().any(|(own, route, ..)| (*own, *route) == (method, path)) || NAMELESS.contains(&(method, path))
    };
    let missing: Vec<String> = ROUTES
        .iter()
        .filter(|route| !listed(route.method, route.path))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert!(missing.is_empty(), "say in NAMED where these name a thing, or in NAMELESS that they do not: {missing:?}");
    let known = |method: &str, path: &str| ROUTES.iter().any(|route| (route.method, route.path) == (method, path));
    let named = NAMED.iter().map(|(method, path, ..)| (*method, *path));
    let gone: Vec<_> = named.chain(NAMELESS.iter().copied()).filter(|(method, path)| !known(method, path)).collect();
    assert!(gone.is_empty(), "these are no routes: {gone:?}");
}

/// The answer to one line about one thing.
pub async fn asked(web: &Web, line: &Line, name: &str, token: &str, cookie: &str) -> Reply {
    let (method, route, rest, _) = *line;
    let is_registry = route.contains("{kind}");
    let path = ["{id}", "{name}", "{login}", "{uuid}"]
        .iter()
        .fold(route.replace("{kind}", rest), |path, variable| path.replace(variable, name));
    let path = path.replace("{agency}", "health-institute").replace("{deployment}", "new").replace("{document}", "D1");
    let path = path.replace("{clock}", "cra-severe-incident").replace("{step}", "early-warning");
    let rest = if is_registry { String::new() } else { rest.replace("{}", name) };
    match method {
        "put" | "post" if route.starts_with("/api/") => web.program_writes((method, &path), &rest, token, cookie).await,
        "get" => web.get(&format!("{path}{}{rest}", if rest.is_empty() { "" } else { "?" }), cookie).await,
        _ => web.post(&path, &format!("form_token={token}&{rest}"), cookie).await,
    }
}

/// What is left of an answer without the names of the two things, the longer one first. Both are cut out of both answers: a short name
/// may stand in any page by chance.
pub fn neutral(reply: (u16, &str, &str), mut names: [&str; 2]) -> (u16, String, String) {
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let without = |text: &str| {
        names.iter().fold(text.to_owned(), |text, name| {
            text.replace(name, "").replace(&name.to_lowercase(), "").replace(&name.to_uppercase(), "")
        })
    };
    (reply.0, without(reply.1), without(reply.2))
}

pub async fn form_token(web: &Web, cookie: &str) -> String {
    let page = web.get("/accessibility", cookie).await.body;
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    token.unwrap_or_default().to_owned()
}

/// Asks every line about every foreign thing; what differs from a thing that is not there. Returns how many were asked.
async fn walk(web: &Web, people: &[(String, String)], foreign: &Foreign) -> (usize, Vec<String>) {
    let (mut count, mut leaks) = (0, Vec::new());
    for (who, cookie) in people {
        let token = form_token(web, cookie).await;
        // Who admits to the whole government has all accounts in reach.
        let has_all = |line: &&Line| who == "administrator" && line.3 == Thing::Person;
        for line in NAMED.iter().filter(|line| !has_all(line)) {
            let missing = line.3.missing();
            let nothing = asked(web, line, missing, &token, cookie).await;
            for name in foreign.of(line.3) {
                count += 1;
                let found = asked(web, line, name, &token, cookie).await;
                let [found, nothing] = [&found, &nothing]
                    .map(|reply| neutral((reply.status.as_u16(), &reply.location, &reply.body), [name, missing]));
                if found != nothing {
                    let place = found.2.bytes().zip(nothing.2.bytes()).take_while(|(a, b)| a == b).count();
                    let near = |text: &str| text.chars().skip(place.saturating_sub(60)).take(160).collect::<String>();
                    let (is, was) = (near(&found.2), near(&nothing.2));
                    leaks.push(format!(
                        "{who}: {} {} {} {name}: {} {} for {} {}\n  {is:?}\n  {was:?}",
                        line.0, line.1, line.2, found.0, found.1, nothing.0, nothing.1
                    ));
                }
            }
        }
    }
    (count, leaks)
}

/// An own list without the numbers that say only that something was written.
fn told(body: &str) -> String {
    let mut json: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|_| without_number(body).into());
    if let Some(fields) = json.as_object_mut() {
        fields.remove("snapshot");
        fields.remove("revision");
    }
    json.to_string()
}

async fn own(web: &Web, people: &[(String, String)]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (who, cookie) in people {
        for path in OWN {
            let reply = web.get(path, cookie).await;
            all.push((format!("{who} {path}"), format!("{} {}", reply.status, told(&reply.body))));
        }
    }
    all
}

#[tokio::test]
async fn what_others_have_is_not_there_on_any_route() {
    let web = Web::demo().await;
    let mut all = vec![("stranger".to_owned(), String::new())];
    for (who, grants) in people() {
        all.push((who.to_owned(), web.person(who, grants).await));
    }
    let before = own(&web, &all).await;
    let foreign = Foreign::made(&web, false).await;
    let kinds: BTreeSet<Thing> = foreign.things.iter().map(|(kind, _)| *kind).collect();
    assert!(NAMED.iter().all(|line| kinds.contains(&line.3)), "every kind that a line names is made");
    for (then, now) in before.iter().zip(own(&web, &all).await) {
        assert_eq!(*then, now);
    }
    let (count, leaks) = walk(&web, &all, &foreign).await;
    // The same for who reads the whole government, about what is kept in a compartment.
    Foreign::hide(&web).await;
    for (role, who) in [(Role::Analyst, "all-analyst"), (Role::Officer, "all-officer"), (Role::Auditor, "all-auditor")]
    {
        all.push((who.to_owned(), web.person(who, vec![Grant { role, reach: Reach::Government }]).await));
    }
    let before = own(&web, &all).await;
    let hidden = Foreign::made(&web, true).await;
    for (then, now) in before.iter().zip(own(&web, &all).await) {
        assert_eq!(*then, now);
    }
    let (more, also) = walk(&web, &all, &hidden).await;
    let signed_in = ROUTES.iter().filter(|route| route.access == Access::SignedIn).count();
    println!(
        "{} routes ({signed_in} for people), {} people, {} kinds of things: {} combinations, {} leaks",
        ROUTES.len(),
        all.len(),
        kinds.len(),
        count + more,
        leaks.len() + also.len()
    );
    assert!(leaks.is_empty() && also.is_empty(), "{}", [leaks, also].concat().join("\n"));
}
