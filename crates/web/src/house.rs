// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The house behind the pages: opened once, with the desks that readers sit at, kept as long as nothing changes.

use std::sync::Arc;

use underpin_model::{Timestamp, Viewer};
use underpin_office::people::Random;
use underpin_office::watch::estate::Watched;
use underpin_office::{House, Result};

use crate::desks::Desks;
pub use crate::desks::Seat;
use crate::entrance::Entrance;
use crate::intake::Intake;
use crate::journal::{Figures, Journal};

/// Tells the time. It is read at the edge of the program and handed in.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Gives random bytes. They are drawn at the edge of the program and handed in.
pub type Chance = Arc<dyn Fn() -> Random + Send + Sync>;

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
    /// The way in for what is handed in through pages and by programs.
    pub intake: Intake,
    /// How people come in.
    pub entrance: Entrance,
    clock: Clock,
    chance: Chance,
    desks: Arc<Desks>,
}

impl std::fmt::Debug for WebHouse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WebHouse").field("house", &self.house).finish_non_exhaustive()
    }
}

impl WebHouse {
    /// A house with a clock and a source of chance.
    pub fn new(house: House, is_encrypted: bool, clock: Clock, chance: Chance) -> Self {
        let desks = Arc::new(Desks::new(house.clone()));
        let intake = Intake::new(house.clone(), (Arc::clone(&clock), Arc::clone(&chance)), desks.rush());
        let (figures, entrance) = (Arc::default(), Entrance::default());
        Self { house, is_encrypted, url: String::new(), figures, journal: None, intake, entrance, clock, chance, desks }
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

    /// Random bytes.
    pub fn random(&self) -> Random {
        (self.chance)()
    }

    /// A seat for a viewer, as of a moment or now. As long as nothing is written, readers share it. While documents of others
    /// rush in, it may be some seconds old; whoever writes sees what they wrote.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn seat(&self, viewer: &Viewer, as_of: Option<Timestamp>) -> Result<Arc<Seat>> {
        self.desks.seat(viewer, as_of, (self.now().await?, self.wall_clock())).await
    }

    /// What is watched from a seat.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn watched<'s>(&self, seat: &'s Seat) -> Result<&'s Watched> {
        seat.watched(&self.house).await
    }
}
