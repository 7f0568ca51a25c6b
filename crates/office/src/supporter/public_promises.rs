// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the public sees of promises: those that hold, of projects that agreed to be named. Nobody's login, no reason of the office, no
//! agency and no version is in it; whom the office merely thinks of is not either.
//!
//! Of projects that did not agree the public learns about how many there are, by the rule for totals of what is out of sight; never a sum
//! of money, which would tell what a single one gets.

use std::collections::BTreeSet;

use serde::Serialize;
use underpin_assess::engagement::commitments::{MilestoneStanding, ledger, standing};
pub use underpin_assess::totals::SafeTotal;
use underpin_assess::totals::{Hidden, offset_key, safe_total};
use underpin_model::engagement::{Commitment, CommitmentRecord, Milestone, PromiseState};
use underpin_model::{Timestamp, Viewer};
use underpin_render::spreadsheet::guarded;

use super::commitments::{StateTally, may_rank, tallied};
use super::facts::known_at;
use super::outcomes::{FrozenIndicator, OutcomeResult, OutcomeRow, outcome_rows};
use crate::error::Result;
use crate::house::{Desk, House};

/// The public ledger of promises.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicPromises {
    /// As of when.
    pub as_of: Timestamp,
    /// How many of these stand how, and the money in them, in cents.
    pub states: Vec<StateTally>,
    /// Each of them, by number.
    pub promises: Vec<PublicPromise>,
    /// How many more projects something is promised to, which did not agree to be named.
    pub unnamed: SafeTotal,
}

/// A promise as the public sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicPromise {
    /// Its number, as `K12`.
    pub number: String,
    /// The project.
    pub project: String,
    /// What is done, as the word of an instrument.
    pub activity: String,
    /// How it stands.
    pub state: PromiseState,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
    /// What its parts pay together, in cents.
    pub promised_cents: i64,
    /// Of that, for parts whose public work is there.
    pub earned_cents: i64,
    /// What was paid.
    pub paid_cents: i64,
    /// Its parts.
    pub parts: Vec<PublicPart>,
    /// Why it was taken back, in the public words that were given then.
    pub withdrawn: Option<String>,
    /// Payments: when, and how much in cents.
    pub payments: Vec<(Timestamp, i64)>,
    /// Whether it helped, as was said before: only where every project that was helped along with it agreed to be named, and never with
    /// the projects that they are compared with.
    pub outcomes: Vec<PublicOutcome>,
}

/// What came of a promise, as the public sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicOutcome {
    /// When is compared.
    pub horizon: Timestamp,
    /// What is looked at, as was said before the help began.
    pub indicators: Vec<FrozenIndicator>,
    /// `waiting` before the horizon, `reported` after it.
    pub state: &'static str,
    /// What came out, nulls as nulls.
    pub results: Vec<OutcomeResult>,
}

/// A part of a promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicPart {
    /// What will be there.
    pub title: String,
    /// By when.
    pub due: Timestamp,
    /// What is paid for it, in cents.
    pub payment_cents: i64,
    /// How it stands.
    pub state: PromiseState,
    /// Days by which it is or came late.
    pub late_days: i64,
    /// Where the public work is.
    pub work: Option<String>,
}

impl PublicPromises {
    /// All payments as accounts in the form that projects publish theirs in (item, date, from, to, amount, currency; a decimal point).
    pub fn accounts(&self, office: &str) -> String {
        let quoted = |text: &str| format!("\"{}\"", guarded(text).replace('"', "\"\""));
        let mut lines = vec!["Item,Date,From,To,Amount,Currency".to_owned()];
        for promise in &self.promises {
            let item = quoted(&format!("{}: {}", promise.number, promise.activity));
            let (from, to) = (quoted(office), quoted(&promise.project));
            lines.extend(promise.payments.iter().map(|(at, cents)| {
                let (sign, whole, rest) = (if *cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100);
                format!("{item},{},{from},{to},{sign}{whole}.{rest:02},EUR", at.date())
            }));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

impl House {
    /// Whether everybody may see promises to projects that agreed to be named.
    pub fn publishes_promises(&self) -> bool {
        self.settings.publishes_promises
    }

    /// What the public may see of promises at a moment; `None` where the operator has not switched that on.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn public_promises(&self, now: Timestamp) -> Result<Option<PublicPromises>> {
        if !self.settings.publishes_promises {
            return Ok(None);
        }
        self.public_at(now, now).await.map(Some)
    }

    /// The same whether it is switched on or not, for who may see everything that it is cut out of.
    ///
    /// # Errors
    /// `not-allowed`; when the ledger cannot be read.
    pub async fn promises_to_publish(&self, desk: &Desk) -> Result<PublicPromises> {
        may_rank(desk)?;
        self.public_at(desk.overview().as_of, desk.now).await
    }

    /// Promises to one project that hold, as that project may read them.
    pub(super) async fn promises_to(&self, project: &str, at: Timestamp) -> Result<Vec<PublicPromise>> {
        let mut records = self.ledger.reader(Viewer::Operator, at).commitments(at).await?;
        records.retain(|record| record.commitment.project == project);
        Ok(cut(&records, &[project].into(), at, b"").promises)
    }

    async fn public_at(&self, at: Timestamp, now: Timestamp) -> Result<PublicPromises> {
        // The public is no viewer of the ledger: what it may see is cut out here, from the whole.
        let reader = self.ledger.reader(Viewer::Operator, now);
        let records = reader.commitments(at).await?;
        // Who took back that it may be named is not named for the past either.
        let known = known_at(&reader, now).await?;
        let named: BTreeSet<&str> =
            known.iter().filter(|one| one.may_be_named == Some(true)).map(|one| one.project.as_str()).collect();
        let secret = self.rounding_secret().await?;
        let mut public = cut(&records, &named, at, secret.as_bytes());
        let names = self.project_names(at).await?;
        add_outcomes(&mut public, outcome_rows(&reader, &names, at).await?, &named);
        Ok(public)
    }
}

/// Adds what came of promises, without a word about who was compared.
fn add_outcomes(public: &mut PublicPromises, rows: Vec<OutcomeRow>, named: &BTreeSet<&str>) {
    for row in rows.into_iter().filter(|row| row.frozen.helped().iter().all(|helped| named.contains(helped.as_str()))) {
        let results: Vec<OutcomeResult> =
            row.results.into_iter().map(|one| OutcomeResult { missing: Vec::new(), ..one }).collect();
        for promise in public.promises.iter_mut().filter(|one| row.frozen.commitments.contains(&one.number)) {
            promise.outcomes.push(PublicOutcome {
                horizon: row.horizon,
                indicators: row.frozen.indicators.clone(),
                state: row.state,
                results: results.clone(),
            });
        }
    }
}

fn cut(records: &[CommitmentRecord], named: &BTreeSet<&str>, now: Timestamp, secret: &[u8]) -> PublicPromises {
    let holds = |record: &&CommitmentRecord| record.approved.as_ref().is_some_and(|(_, at)| *at <= now);
    let (shown, others): (Vec<&CommitmentRecord>, Vec<&CommitmentRecord>) =
        records.iter().filter(holds).partition(|record| named.contains(record.commitment.project.as_str()));
    let promised: Vec<Commitment> = shown.iter().map(|record| record.commitment.clone()).collect();
    // Counted are projects: several promises to one of them hide nobody.
    let projects: BTreeSet<&str> = others.iter().map(|record| record.commitment.project.as_str()).collect();
    let (count, key) = (projects.len() as u64, offset_key(secret, "promises", ""));
    let hidden = Hidden { parts: count, value: count, key };
    PublicPromises {
        as_of: now,
        states: ledger(&promised, now).into_iter().map(tallied).collect(),
        promises: shown.into_iter().map(|record| promise(record, now)).collect(),
        unnamed: safe_total(&hidden),
    }
}

fn promise(record: &CommitmentRecord, now: Timestamp) -> PublicPromise {
    let commitment = &record.commitment;
    let found = standing(commitment, now);
    let part = |(milestone, standing): (&Milestone, &MilestoneStanding)| PublicPart {
        title: milestone.title.clone(),
        due: milestone.due,
        payment_cents: milestone.payment_cents,
        state: standing.state,
        late_days: standing.late_days,
        work: milestone.evidence.as_ref().filter(|one| one.at <= now).map(|one| one.address.clone()),
    };
    PublicPromise {
        number: commitment.id.to_string(),
        project: commitment.project.clone(),
        activity: commitment.activity.clone(),
        state: found.state,
        from: commitment.from,
        until: commitment.until,
        promised_cents: found.promised_cents,
        earned_cents: found.earned_cents,
        paid_cents: record.payments.iter().map(|one| one.amount_cents).sum(),
        parts: commitment.milestones.iter().zip(&found.milestones).map(part).collect(),
        withdrawn: commitment.withdrawn.as_ref().map(|one| one.reason.clone()),
        payments: record.payments.iter().map(|one| (one.at, one.amount_cents)).collect(),
        outcomes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::engagement::{CommitmentId, Payment};

    use super::*;

    const NOW: Timestamp = Timestamp(1_000 * Timestamp::DAY_US);

    fn record(number: i64, project: &str, approved: Option<i64>) -> CommitmentRecord {
        let day = |day: i64| Timestamp(day * Timestamp::DAY_US);
        let part = |due| Milestone { title: "A part".to_owned(), due: day(due), payment_cents: 150, evidence: None };
        CommitmentRecord {
            commitment: Commitment {
                id: CommitmentId(number),
                project: project.to_owned(),
                activity: "audit".to_owned(),
                from: day(900),
                until: day(1_100),
                milestones: vec![part(990), part(1_050)],
                withdrawn: None,
            },
            reason: "within the office".to_owned(),
            shares: Vec::new(),
            proposed_by: "officer".to_owned(),
            proposed: day(900),
            approved: approved.map(|at| ("second".to_owned(), day(at))),
            payments: vec![Payment { milestone: 0, amount_cents: 150, at: day(995) }],
            revision: 1,
        }
    }

    #[test]
    fn the_public_sees_what_holds_and_may_be_named() {
        let records = [record(1, "a", Some(901)), record(2, "b", Some(901)), record(3, "a", None)];
        let found = cut(&records, &["a"].into(), NOW, b"secret");
        assert_eq!(found.promises.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), ["K1"]);
        assert_eq!(found.promises[0].state, PromiseState::Late);
        assert_eq!(found.promises[0].parts.iter().map(|part| part.late_days).collect::<Vec<_>>(), [10, 0]);
        assert_eq!(found.unnamed, SafeTotal::Withheld, "one alone could be told");
        let told = serde_json::to_string(&found).expect("JSON");
        for inside in ["officer", "second", "within", "\"b\""] {
            assert!(!told.contains(inside), "{inside} in {told}");
        }
        let many: Vec<_> = (0..40).map(|at| record(at, &format!("p{at}"), Some(901))).collect();
        assert!(matches!(cut(&many, &BTreeSet::new(), NOW, b"secret").unnamed, SafeTotal::About(_)));
        assert_eq!(cut(&records[..1], &["a"].into(), NOW, b"secret").unnamed, SafeTotal::Nothing);
    }

    #[test]
    fn accounts_hold_each_payment_and_no_formula() {
        let records = [record(1, "=a\"b", Some(901))];
        let accounts = cut(&records, &["=a\"b"].into(), NOW, b"").accounts("The office");
        assert_eq!(
            accounts,
            "Item,Date,From,To,Amount,Currency\n\"K1: audit\",1972-09-22,\"The office\",\"'=a\"\"b\",1.50,EUR\n"
        );
    }
}
