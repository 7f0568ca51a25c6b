// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Coordinated disclosure as a case that people lead: what happened, how the embargo stands, what should be thought of.
//!
//! What may follow what is told by [`step`]. An embargo with a day ends on that day by itself; where the public knows, an exploit is public
//! or attacks are seen, the step ends it. Nothing is stored of how a case stands: it follows from its events.

use serde::Serialize;
use underpin_assess::engagement::disclosure::{Advice, Disclosure, advice, is_embargoed, is_open, obliged, step};
use underpin_ledger::{Follows, LedgerError, NewDisclosure, NewDisclosureEvent};
use underpin_model::Timestamp;
use underpin_model::engagement::{
    CaseContact, CaseEvent, CaseState, DisclosureAct, DisclosureEvent, DisclosureId, DisclosureRecord, EmbargoState,
    ReportState,
};

use super::contact::told;
use crate::coordinator::Author;
use crate::error::Result;
use crate::house::{Desk, House, Overview};

/// A case, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DisclosureRow {
    /// Its number.
    pub disclosure: String,
    /// The project that is the vendor.
    pub project: String,
    /// What it is called inside.
    pub title: String,
    /// Its compartment.
    pub compartment: String,
    /// What has happened, as `VFdpxa`: capital for what has.
    pub case: CaseState,
    /// How the embargo stands.
    pub embargo: EmbargoState,
    /// Until when it holds, or is proposed to hold; `None` for no day.
    pub until: Option<Timestamp>,
    /// Whether an embargo binds now.
    pub is_embargoed: bool,
    /// Whether so much is known outside that no embargo protects anybody.
    pub is_open: bool,
    /// How the project stands towards the report.
    pub report: ReportState,
    /// The one thing that has to be said next, where there is one.
    pub obliged: Option<CaseEvent>,
    /// What should be thought of: stable words.
    pub advice: Vec<&'static str>,
    /// What may follow.
    pub may_follow: Vec<DisclosureAct>,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened: Timestamp,
}

/// The answer of `disclosure list`.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct DisclosuresAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Cases that the viewer is let into, the newest first.
    pub rows: Vec<DisclosureRow>,
}

/// The answer of `disclosure show`.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct DisclosureAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The case.
    #[serde(flatten)]
    pub row: DisclosureRow,
    /// What happened, in the order in which it was written down.
    pub rows: Vec<DisclosureEvent>,
    /// Conversations that belong to it.
    pub conversations: Vec<String>,
    /// How the project wants to be approached in it; only members of its compartment know.
    pub contacts: Vec<CaseContact>,
}

/// How a case stands: its states, and until when its embargo holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    state: Disclosure,
    until: Option<Timestamp>,
    proposed: Option<Timestamp>,
}

impl Standing {
    /// After these events, at a moment.
    fn of(events: &[DisclosureEvent], at: Timestamp) -> Self {
        let mut standing = Self::default();
        for event in events.iter().filter(|event| !event.is_by_itself) {
            standing = standing.at(event.at);
            // What is stored was possible when it was written.
            if let Ok((next, _)) = standing.after(event.what, event.until) {
                standing = next;
            }
        }
        standing.at(at)
    }

    /// The same at a later moment: an embargo ends on its day.
    fn at(mut self, at: Timestamp) -> Self {
        if is_embargoed(self.state) && self.until.is_some_and(|until| until <= at) {
            self.state.embargo = EmbargoState::Exited;
        }
        self
    }

    /// After one thing more, with what follows by itself.
    fn after(
        self,
        what: DisclosureAct,
        until: Option<Timestamp>,
    ) -> std::result::Result<(Self, Vec<DisclosureAct>), String> {
        let taken = step(self.state, what.into()).map_err(|why| why.to_string())?;
        let mut next = Self { state: taken.state, ..self };
        match what {
            DisclosureAct::EmbargoPropose => next.proposed = until,
            DisclosureAct::EmbargoAccept => next.until = self.proposed,
            _ => {}
        }
        Ok((next, taken.followed.into_iter().map(DisclosureAct::from).collect()))
    }

    /// The day that people ask for: of the proposal while there is one, else of the embargo.
    fn day(self) -> Option<Timestamp> {
        match self.state.embargo {
            EmbargoState::Proposed | EmbargoState::Revise => self.proposed,
            EmbargoState::Active | EmbargoState::Exited => self.until,
            EmbargoState::None => None,
        }
    }
}

impl House {
    /// Opens a case.
    ///
    /// # Errors
    /// `invalid-disclosure`, `too-long`, `not-allowed`, and what the ledger says.
    pub async fn open_disclosure(&self, author: &Author, new: NewDisclosure) -> Result<DisclosureRow> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let id = writer.open_disclosure(author.at, new).await.map_err(told)?;
        self.disclosure_now(author, id).await
    }

    /// Writes down what happened in a case.
    ///
    /// # Errors
    /// `unknown-disclosure`, `invalid-disclosure` for what cannot follow, `too-long`, `not-allowed`, and what the ledger says.
    pub async fn note_disclosure(
        &self,
        author: &Author,
        id: DisclosureId,
        new: NewDisclosureEvent,
    ) -> Result<DisclosureRow> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let follows: Follows<'static> = Box::new(follows);
        writer.note_disclosure(author.at, id, new, follows).await.map_err(told)?;
        self.disclosure_now(author, id).await
    }

    /// Cases that the viewer is let into.
    ///
    /// # Errors
    /// What the ledger says.
    pub async fn disclosures(&self, desk: &Desk) -> Result<DisclosuresAnswer> {
        let as_of = desk.overview().as_of;
        let records = self.ledger.reader(desk.viewer.clone(), desk.now).disclosures(as_of).await?;
        let mut rows: Vec<DisclosureRow> = records.iter().map(|record| row(record, as_of)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.opened));
        Ok(DisclosuresAnswer { overview: desk.overview(), rows })
    }

    /// One case.
    ///
    /// # Errors
    /// `unknown-disclosure`, and what the ledger says.
    pub async fn disclosure(&self, desk: &Desk, id: DisclosureId) -> Result<DisclosureAnswer> {
        let as_of = desk.overview().as_of;
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let record = reader.disclosures(as_of).await?.into_iter().find(|record| record.id == id);
        let record = record.ok_or_else(|| told(LedgerError::UnknownDisclosure(id)))?;
        let contacts = reader.contacts(Some(&record.project), as_of).await?.conversations;
        let own = contacts.iter().filter(|one| one.conversation.case == Some(id));
        Ok(DisclosureAnswer {
            overview: desk.overview(),
            row: row(&record, as_of),
            conversations: own.map(|one| one.conversation.id.to_string()).collect(),
            rows: record.events,
            contacts: record.contacts,
        })
    }

    async fn disclosure_now(&self, author: &Author, id: DisclosureId) -> Result<DisclosureRow> {
        let record = self.seen_disclosure(author, id).await?;
        Ok(row(&record, author.at))
    }

    /// A case within sight.
    pub(super) async fn seen_disclosure(&self, author: &Author, id: DisclosureId) -> Result<DisclosureRecord> {
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        let record = reader.disclosures(Timestamp::MAX).await?.into_iter().find(|record| record.id == id);
        record.ok_or_else(|| told(LedgerError::UnknownDisclosure(id)))
    }
}

/// What follows by itself on an event, or why it cannot follow.
fn follows(record: &DisclosureRecord, event: &DisclosureEvent) -> std::result::Result<Vec<DisclosureAct>, String> {
    if event.until.is_some() && event.what != DisclosureAct::EmbargoPropose {
        return Err("only a proposal of an embargo has a day".to_owned());
    }
    if event.until.is_some_and(|until| until <= event.at) {
        return Err("an embargo ends on a day to come".to_owned());
    }
    Standing::of(&record.events, event.at).after(event.what, event.until).map(|(_, followed)| followed)
}

fn row(record: &DisclosureRecord, at: Timestamp) -> DisclosureRow {
    let standing = Standing::of(&record.events, at);
    let state = standing.state;
    let can = |act: &&DisclosureAct| step(state, (**act).into()).is_ok();
    DisclosureRow {
        disclosure: record.id.to_string(),
        project: record.project.clone(),
        title: record.title.clone(),
        compartment: record.compartment.clone(),
        case: state.case,
        embargo: state.embargo,
        until: standing.day(),
        is_embargoed: is_embargoed(state),
        is_open: is_open(state.case),
        report: state.report,
        obliged: obliged(state.case),
        advice: advice(state).into_iter().map(word).collect(),
        may_follow: DisclosureAct::ALL.iter().filter(can).copied().collect(),
        opened_by: record.opened_by.clone(),
        opened: record.opened,
    }
}

fn word(advice: Advice) -> &'static str {
    match advice {
        Advice::SpeakOfEmbargo => "speak-of-embargo",
        Advice::NoNewEmbargo => "no-new-embargo",
        Advice::PrepareToEnd => "prepare-to-end",
        Advice::EndEmbargo => "end-embargo",
        Advice::NoEmbargoForThisReport => "no-embargo-for-this-report",
        Advice::SayWhetherItIsKept => "say-whether-it-is-kept",
        Advice::Hurry => "hurry",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp(day * Timestamp::DAY_US)
    }

    /// A history: what, on which day, until which day. What follows by itself is added as the ledger does.
    fn told_on(story: &[(DisclosureAct, i64, Option<i64>)]) -> std::result::Result<DisclosureRecord, String> {
        let mut record = DisclosureRecord::default();
        for (what, day, until) in story {
            let event =
                DisclosureEvent { what: *what, until: until.map(at), at: at(*day), ..DisclosureEvent::default() };
            let more = follows(&record, &event)?;
            record.events.push(event.clone());
            let itself = |what| DisclosureEvent { what, until: None, is_by_itself: true, ..event.clone() };
            record.events.extend(more.into_iter().map(itself));
        }
        Ok(record)
    }

    #[test]
    fn an_embargo_ends_on_its_day_and_where_others_know() {
        use DisclosureAct as D;
        let agreed = [(D::ReportReceive, 1, None), (D::EmbargoPropose, 1, Some(30)), (D::EmbargoAccept, 2, None)];
        let record = told_on(&agreed).expect("a history");
        for (day, embargo, until) in
            [(2, EmbargoState::Active, 30), (29, EmbargoState::Active, 30), (30, EmbargoState::Exited, 30)]
        {
            let row = row(&record, at(day));
            assert_eq!(
                (row.embargo, row.until, row.case.to_string().as_str()),
                (embargo, Some(at(until)), "Vfdpxa"),
                "{day}"
            );
        }
        for open in [D::PublicAware, D::ExploitPublic, D::AttacksSeen] {
            let record = told_on(&[&agreed[..], &[(open, 3, None)]].concat()).expect("a history");
            assert_eq!(
                record.events.last().map(|event| (event.what, event.is_by_itself)),
                Some((D::EmbargoTerminate, true))
            );
            assert_eq!(row(&record, at(3)).embargo, EmbargoState::Exited, "{open:?}");
        }
        // A revision changes the day only once it is accepted.
        let revised = [&agreed[..], &[(D::EmbargoPropose, 3, Some(60))]].concat();
        assert_eq!(row(&told_on(&revised).expect("a history"), at(31)).embargo, EmbargoState::Exited);
        let revised = [&revised[..], &[(D::EmbargoAccept, 4, None)]].concat();
        assert_eq!(row(&told_on(&revised).expect("a history"), at(31)).until, Some(at(60)));
    }

    #[test]
    fn what_cannot_follow_is_refused() {
        use DisclosureAct as D;
        for story in [
            vec![(D::FixReady, 1, None)],
            vec![(D::EmbargoAccept, 1, None)],
            vec![(D::VendorAware, 1, Some(9))],
            vec![(D::EmbargoPropose, 2, Some(1))],
            vec![(D::VendorAware, 1, None), (D::PublicAware, 2, None), (D::EmbargoPropose, 3, None)],
            // Over since its day: nothing is left to accept.
            vec![(D::EmbargoPropose, 1, Some(9)), (D::EmbargoAccept, 2, None), (D::EmbargoPropose, 10, Some(20))],
        ] {
            assert!(told_on(&story).is_err(), "{story:?}");
        }
    }
}
