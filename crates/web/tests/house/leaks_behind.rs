// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What lies behind the pages of two houses that differ in one secret: messages that go out, figures for those who watch over the
//! machine, and the journal. Nobody who is not let in may read more there than on the pages.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use tower::ServiceExt as _;
use underpin_model::Viewer;
use underpin_office::messages::{Channel, Outgoing, Wish};
use underpin_web::Entry;

use crate::leaks::WORD;
use crate::support::{Web, now, random};

/// Lines of the journal of a house, as they were taken down.
#[derive(Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<Entry>>>);

impl Journal {
    /// What takes lines down.
    pub fn sink(&self) -> underpin_web::Journal {
        let lines = Arc::clone(&self.0);
        Arc::new(move |entry: &Entry| lines.lock().expect("a lock").push(entry.clone()))
    }

    /// The lines since the last time.
    pub fn taken(&self) -> Vec<Entry> {
        std::mem::take(&mut *self.0.lock().expect("a lock"))
    }
}

/// Everybody wants to be told everything, at once.
pub async fn subscribe(web: &Web, people: Vec<&str>) {
    for who in people {
        let wish = Wish {
            kinds: ["risks", "tasks", "incidents", "rounds"].map(str::to_owned).to_vec(),
            priority: "watch".to_owned(),
            at_once: true,
            ..Wish::default()
        };
        let to = (Channel::Mail, "desk@agency.example");
        web.house().subscribe((&Viewer::Operator, "tests", now()), who, to, &wish, random()).await.expect("subscribed");
    }
}

/// One round of messages; no server takes them, so they stay in the outbox.
pub async fn deliver(web: &Web) {
    let out = Outgoing {
        mail: None,
        network: Default::default(),
        url: "https://house.example".to_owned(),
        edge: Arc::new(underpin_office::watch::fetch::System { now }),
        chance: Arc::new(|| Some(random())),
    };
    web.house().send_messages(&out, now(), now()).await.expect("a round");
}

/// Messages in the outbox by the login of who is told: what each tells, and how trying went.
async fn outbox(web: &Web) -> BTreeMap<String, Vec<String>> {
    let owners = web.house().subscriptions(&Viewer::Operator, None).await.expect("subscriptions");
    let owners: BTreeMap<i64, String> = owners.into_iter().map(|one| (one.number, one.login)).collect();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for one in web.house().deliveries(&Viewer::Operator, true).await.expect("deliveries") {
        let told = format!("{:?} {} {}", one.notices, one.attempts, one.fault);
        found.entry(owners[&one.subscription].clone()).or_default().push(told);
    }
    found
}

/// The figures as numbers by name. Left out, because they must differ: how long answers took, which no two runs have in common; the
/// number of the ledger's last change, which tells whoever runs the machine how often something was written; and how many
/// pictures are kept, of which one is that of who is let in.
pub async fn figures(web: &Web) -> BTreeMap<String, f64> {
    let asked = Request::get("/metrics").body(Body::empty()).expect("a request");
    let told = underpin_web::operations(web.shared()).oneshot(asked).await.expect("figures");
    let bytes = to_bytes(told.into_body(), 5_000_000).await.expect("a body");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(!text.contains(WORD), "the word in the figures");
    let masked = [
        "underpin_request_seconds_bucket",
        "underpin_request_seconds_sum",
        "underpin_ledger_revision",
        "underpin_desks_kept",
    ];
    let lines = text.lines().filter(|line| !line.starts_with('#') && !masked.iter().any(|name| line.starts_with(name)));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, value)| (name.to_owned(), value.parse().expect("a number")))
        .collect()
}

/// How much each figure grew.
fn grown(before: &BTreeMap<String, f64>, after: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    after
        .iter()
        .map(|(name, value)| (name.clone(), value - before.get(name).unwrap_or(&0.0)))
        .filter(|(_, by)| *by != 0.0)
        .collect()
}

/// A line of the journal without its number, its moment and how long the answer took: no two runs have these in common.
fn plain(entry: &Entry) -> String {
    format!("{} {} {} {} {} {}", entry.level, entry.method, entry.route, entry.status, entry.code, entry.detail)
}

/// What differs behind the pages of the two houses, each with its figures after the secret was put in; and lines of the journal: of
/// putting the secret in, then of both houses since.
pub async fn behind_the_pages(
    (with, before_with): (&Web, BTreeMap<String, f64>),
    (without, before_without): (&Web, BTreeMap<String, f64>),
    (secret_work, told_with, told_without): &(Vec<Entry>, Vec<Entry>, Vec<Entry>),
) -> Vec<String> {
    let mut leaks = Vec::new();
    let found = (grown(&before_with, &figures(with).await), grown(&before_without, &figures(without).await));
    if found.0 != found.1 {
        let differing = found.0.iter().filter(|(name, by)| found.1.get(*name) != Some(by)).take(5);
        leaks.push(format!("figures: {:?}", differing.collect::<Vec<_>>()));
    }
    assert!(found.0.len() > 100, "figures that grew: {}", found.0.len());
    for entry in secret_work.iter().chain(told_with) {
        if plain(entry).contains(WORD) {
            leaks.push(format!("journal: {}", plain(entry)));
        }
    }
    let differing = told_with.iter().zip(told_without).find(|(one, other)| plain(one) != plain(other));
    if told_with.len() != told_without.len() || differing.is_some() {
        let lines = (told_with.len(), told_without.len());
        leaks.push(format!("journal: {lines:?} lines, {:?}", differing.map(|(one, other)| [plain(one), plain(other)])));
    }
    for web in [with, without] {
        deliver(web).await;
    }
    let (mut found, expected) = (outbox(with).await, outbox(without).await);
    // Who is let in is told of the secret, or nothing is tested.
    let insider = found.remove("insider").unwrap_or_default();
    assert!(expected.get("insider").unwrap_or(&Vec::new()).len() < insider.len(), "{insider:?}");
    for (who, messages) in &found {
        if expected.get(who) != Some(messages) {
            leaks.push(format!("outbox of {who}: {messages:?} and {:?}", expected.get(who)));
        }
    }
    leaks
}
