// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What every command needs: settings, the time, who asks. The only place that reads the clock.

use underpin_model::registry::{AgencyId, Classification};
use underpin_model::{Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::watch::fetch::System;
use underpin_office::{Desk, House, OfficeError, Result};

use crate::configuration::{self, Configuration, Flags};
use crate::output::{Format, Printing};

/// Flags of every command.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Global {
    #[command(flatten)]
    pub places: Flags,
    /// How to write the answer
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Answer as of this moment: what was known by then, judged as of then (2026-03-01 or 2026-03-01T08:00:00Z)
    #[arg(long, global = true, value_name = "TIME")]
    pub as_of: Option<Timestamp>,
    /// Who asks: operator, analyst[:CLEARANCE], agency:ID[,ID…][:CLEARANCE] or stranger
    #[arg(long, global = true, value_name = "VIEWER", default_value = "operator", value_parser = parse_viewer)]
    pub viewer: Viewer,
    /// Age from which evidence counts as stale, in days [default: 90, or limits.stale_days]
    #[arg(long, global = true, value_name = "DAYS")]
    pub stale_days: Option<u64>,
    /// No progress, no notes: only the answer
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Name to write into the audit chain [environment: UNDERPIN_ACTOR, USER]
    #[arg(long, global = true, value_name = "NAME")]
    pub actor: Option<String>,
}

/// A running command.
#[derive(Debug)]
pub struct Context {
    /// Flags.
    pub global: Global,
    /// Settings and their origins.
    pub configuration: Configuration,
    /// Now.
    pub now: Timestamp,
}

impl Context {
    /// Reads configuration and clock.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn new(global: Global) -> Result<Self> {
        let configuration = configuration::load(&global.places, &|name| std::env::var(name).ok())?;
        Ok(Self { global, configuration, now: now() })
    }

    /// Opens the house, making it if need be.
    ///
    /// # Errors
    /// When it is not writable.
    pub async fn house(&self) -> Result<House> {
        self.seen(House::open(self.configuration.settings.clone()).await?).await
    }

    /// Opens a house that is there already.
    ///
    /// # Errors
    /// `no-data` when there is none.
    pub async fn existing(&self) -> Result<House> {
        self.seen(House::open_existing(self.configuration.settings.clone()).await?).await
    }

    /// Whoever asks must be somebody: an agency with a typing error sees nothing, and that must not look like an answer.
    async fn seen(&self, house: House) -> Result<House> {
        if matches!(self.global.viewer, Viewer::Agency { .. }) {
            let at = house.fixed_clock().await?.unwrap_or(self.now);
            house.check_viewer(&self.global.viewer, at).await?;
        }
        Ok(house)
    }

    /// A desk for the viewer, as of the moment asked for. A house with a fixed clock (the demo) answers as of that.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn desk(&self, house: &House) -> Result<Desk> {
        self.desk_at(house, self.global.as_of).await
    }

    /// A desk for the viewer, as of a moment, or (`None`) as of now. Rights are those of now all the same.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn desk_at(&self, house: &House, moment: Option<Timestamp>) -> Result<Desk> {
        let now = self.clock(house).await?;
        house.desk_as_of(self.global.viewer.clone(), moment.unwrap_or(now), now).await
    }

    /// Now, or as the fixed clock of the house says.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn clock(&self, house: &House) -> Result<Timestamp> {
        Ok(house.fixed_clock().await?.unwrap_or(self.now))
    }

    /// Who makes a change, and when: now, or as the fixed clock of the house says.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn author(&self, house: &House) -> Result<Author> {
        let at = house.fixed_clock().await?.unwrap_or(self.now);
        Ok(Author { actor: self.actor(), viewer: self.global.viewer.clone(), at })
    }

    /// How answers are written: on a terminal, long tables are cut.
    pub fn printing(&self) -> Printing {
        Printing { rows: self.configuration.settings.limits.table_rows, ..self.printing_all() }
    }

    /// The same for answers that are never cut.
    pub fn printing_all(&self) -> Printing {
        Printing { format: self.global.format, rows: usize::MAX, quiet: self.global.quiet }
    }

    /// Refuses everybody but the operator.
    ///
    /// # Errors
    /// `not-allowed`.
    pub fn operator(&self, action: &str) -> Result<()> {
        underpin_office::operator_only(&self.global.viewer, action)
    }

    /// Refuses a stranger.
    ///
    /// # Errors
    /// `not-allowed`.
    pub fn known(&self, action: &str) -> Result<()> {
        if self.global.viewer == Viewer::Stranger { self.operator(action) } else { Ok(()) }
    }

    /// Age from which evidence counts as stale.
    pub fn stale_days(&self) -> u64 {
        self.global.stale_days.unwrap_or(self.configuration.settings.limits.stale_days)
    }

    /// Who runs the command.
    pub fn actor(&self) -> String {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        self.global
            .actor
            .clone()
            .or_else(|| variable("UNDERPIN_ACTOR"))
            .or_else(|| variable("USER"))
            .unwrap_or_else(|| "operator".to_owned())
    }

    /// The clock, for what waits and retries.
    pub fn outside(&self) -> System {
        System { now }
    }

    /// A text that no other process uses: for file names.
    pub fn tag(&self) -> String {
        tag(self.now)
    }

    /// Progress bars only for people, never in pipes.
    pub fn shows_progress(&self) -> bool {
        use std::io::IsTerminal as _;
        !self.global.quiet && std::io::stderr().is_terminal()
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge: here the clock is read, everywhere else time is a parameter")]
fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_microsecond())
}

/// The clock, for what runs long.
pub fn clock() -> Timestamp {
    now()
}

/// Random bytes from the operating system.
///
/// # Errors
/// When it has none to give: then nothing that must be secret can be made.
pub fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| OfficeError::new("no-randomness", error.to_string()))?;
    Ok(bytes)
}

/// What a process is called where others read it: its work, its number and its machine.
pub fn holder(word: &str) -> String {
    let named = std::fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    let machine = named.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or("this machine");
    format!("{word} {} on {machine}", std::process::id())
}

/// A text that no other process uses and that is another one each time: for file names.
pub fn fresh_tag() -> String {
    tag(now())
}

/// Numbers of processes are the same in every container: chance tells those of one moment apart.
fn tag(now: Timestamp) -> String {
    let chance = random().map_or(0, |bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    format!("{:x}-{:x}-{chance:08x}", now.0, std::process::id())
}

fn parse_viewer(text: &str) -> std::result::Result<Viewer, String> {
    let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
    let clearance = |text: &str| if text.is_empty() { Ok(Classification::Internal) } else { text.parse() };
    match kind {
        "operator" => Ok(Viewer::Operator),
        "stranger" => Ok(Viewer::Stranger),
        "analyst" => Ok(Viewer::Analyst { clearance: clearance(rest)? }),
        "agency" if !rest.is_empty() => {
            let (agencies, level) = rest.split_once(':').unwrap_or((rest, ""));
            let agencies = agencies.split(',').map(|id| AgencyId(id.trim().to_owned())).collect();
            Ok(Viewer::Agency { agencies, clearance: clearance(level)? })
        }
        _ => Err("write operator, analyst, analyst:secret, agency:ID, agency:ID,ID:restricted or stranger".to_owned()),
    }
}

/// A usage error found after parsing.
pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> OfficeError {
    OfficeError::new("usage", message).hint(hint)
}
