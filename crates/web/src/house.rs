// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The house behind the pages: opened once, with the desks that readers sit at, kept as long as nothing changes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use underpin_model::limits::bounds::FLOW_SECONDS;
use underpin_model::people::PersonId;
use underpin_model::registry::AgencyId;
use underpin_model::{Timestamp, Viewer};
use underpin_office::people::Random;
use underpin_office::rounds::eyes_of;
use underpin_office::watch::estate::Watched;
use underpin_office::{House, Result};

use crate::desks::Desks;
use crate::entrance::Entrance;
use crate::intake::Intake;
use crate::journal::{Figures, Journal};
use crate::kept_answers::KeptAnswers;
use crate::pace::{Paces, TooOften, Whose};
use crate::past::Past;
use crate::quiet::Quiet;
use crate::running_questions::RunningQuestions;
pub use crate::seat::{Changed, Seat};

/// Tells the time. It is read at the edge of the program and handed in.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Gives random bytes. They are drawn at the edge of the program and handed in.
pub type Chance = Arc<dyn Fn() -> Random + Send + Sync>;

/// How long the next piece of a form or file may take; who sends nothing for so long holds a place that others need.
const PATIENCE: Duration = Duration::from_secs(30);

/// An opened house and what pages share.
pub struct WebHouse {
    /// The use cases.
    pub house: House,
    /// Whether browsers reach it through TLS.
    pub is_encrypted: bool,
    /// Address by which people reach it, without a slash at the end; empty where it is not known.
    pub url: String,
    /// What it counts about its own work.
    pub figures: Arc<Figures>,
    /// Where it writes down how requests were answered.
    pub journal: Option<Journal>,
    /// How long to wait for the next piece of what somebody sends.
    pub patience: Duration,
    /// The way in for what is handed in through pages and by programs.
    pub intake: Intake,
    /// How people come in.
    pub entrance: Entrance,
    /// How often who asked lately.
    pub(crate) paces: Paces,
    clock: Clock,
    chance: Chance,
    desks: Arc<Desks>,
    /// Desks of agencies, as they are told of by mail.
    mail_desks: Arc<Desks>,
    /// What was open at moments of the past.
    pub(crate) past: Past,
    /// Whether people come to this server with all their requests: then a long question has a page.
    pub(crate) people_stay: bool,
    /// Questions in SQL that are worked on.
    pub(crate) running: RunningQuestions,
    /// What everybody reads, made last.
    pub(crate) kept_answers: KeptAnswers,
    /// Open data that was worked out lately.
    pub(crate) open_data: crate::pages::open_data::Kept,
    /// The starter kit that was made last.
    pub(crate) starter_kit: crate::pages::open_data::KeptKit,
    /// Which roles of the office were switched how.
    pub(crate) known_steps: crate::compass::KnownSteps,
    /// Consultations as everybody reads them.
    pub(crate) known_consultations: crate::public_consultations::KnownConsultations,
    /// How outbox and sources stood, with the moment at which that was asked.
    flow: Mutex<Option<(Timestamp, Vec<String>)>>,
}

impl std::fmt::Debug for WebHouse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WebHouse").field("house", &self.house).finish_non_exhaustive()
    }
}

impl WebHouse {
    /// A house with a clock and a source of chance.
    pub fn new(house: House, is_encrypted: bool, clock: Clock, chance: Chance) -> Self {
        let desks = Arc::new(Desks::new(house.clone(), Arc::clone(&clock)));
        let intake = Intake::new(house.clone(), (Arc::clone(&clock), Arc::clone(&chance)), desks.rush(), desks.quiet());
        let (figures, entrance) = (Arc::default(), Entrance::default());
        let running = RunningQuestions::new(house.limits().query_bytes);
        Self {
            house,
            is_encrypted,
            url: String::new(),
            figures,
            journal: None,
            intake,
            entrance,
            paces: Paces::default(),
            patience: PATIENCE,
            clock,
            chance,
            mail_desks: Arc::new(desks.apart()),
            desks,
            past: Past::default(),
            running,
            people_stay: true,
            kept_answers: KeptAnswers::default(),
            open_data: Default::default(),
            starter_kit: Default::default(),
            known_steps: Default::default(),
            known_consultations: Default::default(),
            flow: Mutex::default(),
        }
    }

    /// The same house, which keeps a journal.
    #[must_use]
    pub fn with_journal(self, journal: Option<Journal>) -> Self {
        Self { journal, ..self }
    }

    /// The same house, which people enter as the operator has set it.
    #[must_use]
    pub fn with_entrance(self, entrance: Entrance) -> Self {
        Self { entrance, ..self }
    }

    /// The same house, reached by this address: links in letters lead there.
    #[must_use]
    pub fn reached_by(self, url: impl Into<String>) -> Self {
        Self { url: url.into(), ..self }
    }

    /// The same house, to which people come with all their requests, or not.
    #[must_use]
    pub fn where_people_stay(self, people_stay: bool) -> Self {
        Self { people_stay, ..self }
    }

    /// The same house, which waits so long for the next piece of what somebody sends.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// How many answers for everybody were made since this was opened; all others were given from what was kept.
    pub fn public_answers_made(&self) -> u64 {
        self.kept_answers.made()
    }

    /// How many desks are kept for readers.
    pub fn desks_kept(&self) -> usize {
        self.desks.kept()
    }

    /// Now; in a house whose time stands still (the demo country), that.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn now(&self) -> Result<Timestamp> {
        Ok(self.house.fixed_clock().await?.unwrap_or_else(|| (self.clock)()))
    }

    /// The present by the clock on the wall, whatever the house says: sessions and limits end by it.
    pub fn wall_clock(&self) -> Timestamp {
        (self.clock)()
    }

    /// Sixteen signs by chance: a name that nobody else gives.
    pub fn tag(&self) -> String {
        self.random().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Random bytes.
    pub fn random(&self) -> Random {
        (self.chance)()
    }

    /// What does not flow, in lines for those who watch over the machine; remembered for a moment.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(crate) async fn flow_lines(&self) -> Result<Vec<String>> {
        let now = self.wall_clock();
        let lock = || self.flow.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |at: &Timestamp| now.0.abs_diff(at.0) < FLOW_SECONDS.unsigned_abs() * 1_000_000;
        if let Some((_, lines)) = lock().clone().filter(|(at, _)| is_fresh(at)) {
            return Ok(lines);
        }
        let lines = self.house.flow(now).await?.lines();
        *lock() = Some((now, lines.clone()));
        Ok(lines)
    }

    /// Counts something that is bounded a minute.
    ///
    /// # Errors
    /// When it is over.
    pub(crate) fn may_ask(&self, whose: Whose) -> std::result::Result<(), TooOften> {
        self.paces.take(whose, self.house.limits(), self.wall_clock())
    }

    /// Somebody asks with these eyes; to be told before they take a seat.
    pub fn met(&self, person: PersonId, viewer: &Viewer) {
        self.desks.rush().met(person, viewer);
    }

    /// A place for work that nobody waits for.
    pub(crate) fn quiet(&self) -> Quiet {
        self.desks.quiet()
    }

    /// A seat for a viewer, as of a moment or now. As long as nothing is written, readers share it. While documents of others
    /// rush in, it may be some seconds old; whoever writes sees what they wrote.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn seat(&self, viewer: &Viewer, as_of: Option<Timestamp>) -> Result<Arc<Seat>> {
        self.desks.seat(viewer, as_of).await
    }

    /// A seat that sees what an agency may be told by mail, for somebody who reads its letter: what they handed in is there.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn mail_seat(&self, reader: PersonId, agency: &AgencyId, as_of: Option<Timestamp>) -> Result<Arc<Seat>> {
        let eyes = eyes_of(agency);
        self.met(reader, &eyes);
        self.mail_desks.seat(&eyes, as_of).await
    }

    /// What is watched from a seat.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn watched<'s>(&self, seat: &'s Seat) -> Result<&'s Watched> {
        seat.watched(&self.house).await
    }
}
