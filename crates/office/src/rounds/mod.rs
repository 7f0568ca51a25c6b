// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rounds of collection, and answering without an account: letters with links, replies by mail.
//!
//! A round asks for one thing a system: its tasks. Whether a system has answered with evidence follows from the documents that came since,
//! judged anew at every reading.

mod about_incident;
mod answers;
mod asked;
mod letters;
mod mail;
mod progress;
mod taken;

use serde::Serialize;
use underpin_ledger::{LetterAbout, NewRound, NewTask, RoundChange};
use underpin_model::Timestamp;
use underpin_model::coverage::CoverageState;
use underpin_model::incidents::{RoundId, TaskKind};
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_model::rounds::RoundAsks;
use underpin_model::watch::Place;

pub use self::about_incident::Written;
pub use self::answers::{Handed, HandedFile};
pub use self::asked::{Asked, AskedItem, eyes_of};
pub(crate) use self::asked::{digest, no_key};
pub use self::letters::{LetterRow, Printed};
pub(crate) use self::progress::judged;
pub use self::progress::{RoundAgencyRow, RoundCounts, RoundMinistryRow, RoundRoom, RoundRow, RoundSystemRow};
pub use self::taken::{MailRow, MailTaken};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// A round to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundWish {
    /// What it is called.
    pub title: String,
    /// What the letters say besides: why the office asks.
    pub text: String,
    /// Language of its letters: `en` or `de`.
    pub language: String,
    /// Whom it asks.
    pub asks: RoundAsks,
    /// Whose systems.
    pub place: Place,
    /// By when.
    pub due: Timestamp,
    /// Days before that day when those who have not answered are reminded; 0 for never.
    pub remind_days: u32,
}

/// Whom a round would ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RoundPreview {
    /// Systems.
    pub systems: u64,
    /// Agencies.
    pub agencies: u64,
    /// Agencies without an address for mail: their letters go on paper.
    pub without_address: Vec<String>,
}

impl House {
    /// Whom a round would ask, were it opened now.
    ///
    /// # Errors
    /// `not-found` for an agency that is not there.
    pub fn preview_round(&self, desk: &Desk, wish: &RoundWish) -> Result<RoundPreview> {
        let tasks = self.asked_for(desk, wish)?;
        let mut agencies: Vec<&AgencyId> = tasks.iter().filter_map(|task| agency_at(desk, &task.place)).collect();
        agencies.sort_unstable();
        agencies.dedup();
        let without = agencies.iter().filter(|id| letters::address(desk, id).is_none());
        Ok(RoundPreview {
            systems: tasks.iter().filter(|task| matches!(task.place, Place::System(_))).count() as u64,
            agencies: agencies.len() as u64,
            without_address: without.map(|id| id.0.clone()).collect(),
        })
    }

    /// Opens a round: a task for every system that it asks about, and the first letters.
    ///
    /// # Errors
    /// `nobody-asked` where nobody would be; `not-allowed` for who may not lead there; what the ledger says.
    pub async fn open_round(&self, author: &Author, wish: RoundWish) -> Result<RoundId> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let first = self.asked_for(&desk, &wish)?;
        if first.is_empty() {
            return Err(OfficeError::new(
                "nobody-asked",
                "every system there has fresh evidence: nobody would be asked",
            )
            .hint("ask everybody with --all, or wait until evidence is old"));
        }
        let new = NewRound {
            title: wish.title,
            text: wish.text,
            language: if wish.language == "de" { "de" } else { "en" }.to_owned(),
            asks: wish.asks,
            place: wish.place,
            due: wish.due,
            remind_days: wish.remind_days,
        };
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let (id, _) = writer.open_round(author.at, new, first).await?;
        Ok(id)
    }

    /// Has everybody reminded who has not answered: letters go out with the next messages.
    ///
    /// # Errors
    /// `not-found`, `not-allowed`, and what the ledger says.
    pub async fn remind_round(&self, author: &Author, id: RoundId) -> Result<()> {
        self.change_round(author, id, RoundChange::Remind).await
    }

    /// Closes a round; its links end.
    ///
    /// # Errors
    /// `not-found`, `not-allowed`, `empty-reason`, and what the ledger says.
    pub async fn close_round(&self, author: &Author, id: RoundId, reason: &str) -> Result<()> {
        self.change_round(author, id, RoundChange::Close { reason: reason.trim().to_owned() }).await?;
        self.ledger.door().end_keys_of(LetterAbout::Round(id)).await?;
        Ok(())
    }

    async fn change_round(&self, author: &Author, id: RoundId, change: RoundChange) -> Result<()> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        match writer.change_round(author.at, id, change).await {
            Err(error) if error.code() == "unknown-round" => Err(missing(id)),
            Err(error) => Err(error.into()),
            Ok(_) => Ok(()),
        }
    }

    /// Refuses who may not lead at a place.
    pub(super) async fn leads(&self, author: &Author, place: &Place) -> Result<()> {
        let reader = self.ledger.reader(author.viewer.clone(), author.at);
        if reader.may(Act::Lead, place).await? {
            return Ok(());
        }
        Err(OfficeError::new("not-allowed", "only who may lead there gives out links without an account"))
    }

    /// The tasks of a round: one a system, and one an agency that says it has systems which are not registered.
    fn asked_for(&self, desk: &Desk, wish: &RoundWish) -> Result<Vec<NewTask>> {
        let within: Option<Vec<AgencyId>> = match &wish.place {
            Place::Agency(id) if desk.agency(id).is_none() => {
                return Err(OfficeError::new("not-found", format!("there is no agency {:?}", id.0)));
            }
            Place::Agency(id) => Some(desk.with_descendants(id)),
            _ => None,
        };
        let counts = |agency: &AgencyId| within.as_ref().is_none_or(|within| within.contains(agency));
        let question = desk.coverage_question(&[], self.limits().stale_days);
        let is_asked = |system: &u32| {
            counts(&desk.system(*system).agency)
                && (wish.asks == RoundAsks::All || desk.coverage_state(*system, &question) != CoverageState::Known)
        };
        let task = |place: Place, name: &str| NewTask {
            kind: TaskKind::Check,
            title: format!("{}: {name}", wish.title.trim()).chars().take(TITLE_LETTERS).collect(),
            place,
            owner: None,
            due: Some(wish.due),
        };
        let systems = desk.active_systems().filter(is_asked).map(|system| desk.system(system));
        let mut tasks: Vec<NewTask> =
            systems.map(|system| task(Place::System(system.id.clone()), &system.name)).collect();
        let declaring = desk.snapshot.agencies.iter().filter(|agency| counts(&agency.id));
        let declaring = declaring.filter(|agency| agency.declared_systems.is_some_and(|count| count > 0));
        tasks.extend(declaring.map(|agency| task(Place::Agency(agency.id.clone()), &agency.name)));
        Ok(tasks)
    }
}

/// Letters of a task's title: names may be long, and a title is bounded in bytes.
const TITLE_LETTERS: usize = 120;

/// The agency that answers for a place.
pub(crate) fn agency_at<'d>(desk: &'d Desk, place: &'d Place) -> Option<&'d AgencyId> {
    match place {
        Place::System(system) | Place::Artefact { system, .. } => {
            desk.system_position(&system.0).map(|position| &desk.system(position).agency)
        }
        Place::Agency(agency) => Some(agency),
        Place::Government => None,
    }
}

fn missing(id: RoundId) -> OfficeError {
    OfficeError::new("not-found", format!("there is no round {id}"))
        .hint("`underpin round list` lists those that you may see")
}
