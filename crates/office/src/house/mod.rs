// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The house: one opened data directory with its ledger, its lake and its limits.

mod desk;
mod kept;
mod reading;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use underpin_assess::severity::DeadlineRules;
use underpin_lake::{EngineSettings, Lake, LakeError, StoreLimits, StoreLocation};
use underpin_ledger::{Ledger, Location};
use underpin_model::registry::AgencyId;
use underpin_model::{Limits, Timestamp, Viewer};

pub use desk::{Bound, Desk, Overview, made};
pub use reading::Reread;
pub(crate) use reading::place;

use crate::coordinator::names::near_identifiers;
use crate::error::{OfficeError, Result};
use crate::intake::SignatureRules;
use crate::law::LawSettings;
use crate::publish::PublishSettings;
use crate::regulator::{AcceptanceRules, KeptVerdicts};
use crate::role_model::open_data::OpenDataRules;

/// What is kept of a bucket, in the data directory.
pub(crate) const CACHE: &str = "cache";

/// Where the parts of a house lie.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Data directory.
    pub data: PathBuf,
    /// Ledger; the embedded one below the data directory when not given.
    pub ledger: Option<Location>,
    /// Folder or bucket of evidence and segments; below the data directory when not given.
    pub store: Option<StoreLocation>,
    /// The cluster that carries out large queries; none when they are carried out in this process.
    pub engine: Option<EngineSettings>,
    /// Limits in force.
    pub limits: Limits,
    /// Until when findings should be dealt with.
    pub deadlines: DeadlineRules,
    /// Whether readers are told totals of what lies beyond their reach.
    pub safe_totals: bool,
    /// Whether everybody may see the promises to projects that agreed to be named.
    pub publishes_promises: bool,
    /// Whether everybody may read consultations, and say something.
    pub publishes_consultations: bool,
    /// What everybody is told of what is used.
    pub open_data: OpenDataRules,
    /// Whether everybody may see the public repositories of the catalogue.
    pub publishes_catalogue: bool,
    /// Whether everybody may see who answered for a repository of the catalogue.
    pub names_assessors: bool,
    /// The government's organisations at forges: only of repositories below them may be published how they keep practices.
    pub organisations: Vec<String>,
    /// Who publishes, under which address.
    pub publish: PublishSettings,
    /// Whose signatures of documents count.
    pub signatures: SignatureRules,
    /// Rulebooks that are held against what comes in.
    pub acceptance: AcceptanceRules,
    /// Where reports to authorities are handed in.
    pub law: LawSettings,
}

impl Settings {
    /// The embedded default below one folder.
    pub fn embedded(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            ledger: None,
            store: None,
            engine: None,
            limits: Limits::default(),
            deadlines: DeadlineRules::default(),
            safe_totals: true,
            publishes_promises: false,
            publishes_consultations: false,
            open_data: OpenDataRules::default(),
            publishes_catalogue: false,
            names_assessors: false,
            organisations: Vec::new(),
            publish: PublishSettings::default(),
            signatures: SignatureRules::default(),
            acceptance: AcceptanceRules::default(),
            law: LawSettings::default(),
        }
    }

    /// Where the ledger is.
    pub fn ledger_location(&self) -> Location {
        self.ledger.clone().unwrap_or_else(|| Location::Sqlite(self.data.join("ledger.sqlite")))
    }

    /// Where evidence and segments are.
    pub fn store_location(&self) -> StoreLocation {
        self.store.clone().unwrap_or_else(|| StoreLocation::Folder(self.data.clone()))
    }

    /// The folder of evidence, segments and what is derived from them. Of a bucket, the data directory: there lies what is kept
    /// of it here, and what is derived.
    pub fn store_folder(&self) -> PathBuf {
        match &self.store {
            Some(StoreLocation::Folder(folder)) => folder.clone(),
            Some(StoreLocation::Bucket(_)) | None => self.data.clone(),
        }
    }

    /// How much is kept here of a bucket, and how long it is asked.
    pub fn store_limits(&self) -> StoreLimits {
        StoreLimits {
            cache_bytes: self.limits.store_cache_bytes,
            patience: std::time::Duration::from_secs(self.limits.store_patience_seconds),
        }
    }
}

/// An opened house.
#[derive(Clone, Debug)]
pub struct House {
    /// Decisions and the catalogue.
    pub(crate) ledger: Ledger,
    /// Evidence and facts.
    pub(crate) lake: Arc<Lake>,
    /// How far what is kept here of a bucket was held against the catalogue.
    pub(crate) held: Arc<kept::HeldTo>,
    /// What feeds say, compiled last.
    pub(crate) compiled: Arc<crate::watch::index::Cache>,
    /// Numbers of packages that are taken.
    pub(crate) numbers: Arc<crate::intake::KnownNumbers>,
    /// What was read, until it is written down.
    pub(crate) reads: Arc<crate::reads::ReadLog>,
    /// The whole picture behind totals, taken last.
    pub(crate) whole: Arc<crate::elsewhere::Kept>,
    /// What everybody may fetch, made last.
    pub(crate) site: Arc<crate::publish::KeptSite>,
    /// What everybody may read of the catalogue, made last.
    pub(crate) public_catalogue: Arc<crate::role_model::public_catalogue::KeptCatalogue>,
    /// Whose signatures of documents count, once it was read.
    pub(crate) trust: Arc<std::sync::OnceLock<Arc<crate::intake::signed::Trust>>>,
    /// What documents conform to, judged last.
    pub(crate) verdicts: Arc<KeptVerdicts>,
    /// Where things lie, and the limits.
    pub settings: Arc<Settings>,
}

impl House {
    /// Opens the house, making what is missing.
    ///
    /// # Errors
    /// When the data directory is not writable or the ledger cannot be reached.
    pub async fn open(settings: Settings) -> Result<Self> {
        make_folder(&settings.data)?;
        let store = settings.store_folder();
        make_folder(&store)?;
        if let Location::Sqlite(path) = settings.ledger_location() {
            make_private(&path)?;
        }
        let ledger = Ledger::open(&settings.ledger_location(), &settings.limits).await?;
        let lake = Lake::open_at(&settings.store_location(), store.join(CACHE), settings.store_limits())?;
        if let Some(engine) = &settings.engine {
            lake.use_engine(engine.clone())?;
        }
        let (held, compiled, numbers) = (Arc::default(), Arc::default(), Arc::default());
        let (reads, whole) = (Arc::default(), Arc::default());
        let (site, public_catalogue, trust) = (Arc::default(), Arc::default(), Arc::default());
        let (verdicts, settings) = (Arc::default(), Arc::new(settings));
        Ok(Self {
            ledger,
            lake,
            held,
            compiled,
            numbers,
            reads,
            whole,
            site,
            public_catalogue,
            trust,
            verdicts,
            settings,
        })
    }

    /// Opens a house that must be there already: questions never make an empty one by a typing error.
    ///
    /// # Errors
    /// `no-data` when there is none.
    pub async fn open_existing(settings: Settings) -> Result<Self> {
        let missing = match settings.ledger_location() {
            Location::Sqlite(path) => (!path.exists()).then_some(path),
            Location::Postgres(_) => None,
        };
        if let Some(path) = missing {
            return Err(OfficeError::new("no-data", format!("there is no Underpin data here: {} is missing", path.display()))
                .hint("name the directory with --data or UNDERPIN_DATA, or begin with `underpin add PATH…` or `underpin demo`"));
        }
        Self::open(settings).await
    }

    /// Sits down at a desk: everything a viewer may see, as of now. `now` is the present by the clock.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn desk(&self, viewer: Viewer, now: Timestamp) -> Result<Desk> {
        self.desk_as_of(viewer, now, now).await
    }

    /// The same as of another moment, past or to come. What the viewer may see is judged by `now`, the present by the
    /// clock, whatever the moment asked for.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn desk_as_of(&self, viewer: Viewer, as_of: Timestamp, now: Timestamp) -> Result<Desk> {
        let snapshot = self.ledger.reader(viewer.clone(), now).snapshot(as_of).await?;
        self.drop_what_is_gone(&snapshot).await?;
        let mut desk = Desk::new(self, viewer, now, snapshot);
        desk.names = self.project_names(as_of).await?;
        Ok(desk)
    }

    /// Refuses a viewer of agencies that are not there at that moment: seeing nothing must not look like an answer.
    ///
    /// # Errors
    /// `not-found` with near names.
    pub async fn check_viewer(&self, viewer: &Viewer, at: Timestamp) -> Result<()> {
        let Viewer::Agency { agencies, .. } = viewer else { return Ok(()) };
        let own = self.ledger.reader(viewer.clone(), at).snapshot(at).await?;
        if agencies.iter().all(|id| own.agencies.iter().any(|agency| agency.id == *id)) {
            return Ok(());
        }
        let all = self.ledger.operator_reader().snapshot(at).await?;
        let unknown = |id: &&AgencyId| all.agencies.iter().all(|agency| agency.id != **id);
        let Some(id) = agencies.iter().find(unknown) else { return Ok(()) };
        let near = near_identifiers(&id.0, all.agencies.iter().map(|one| (one.id.0.as_str(), one.name.as_str())));
        let hint = match near.is_empty() {
            true => "`underpin registry list agencies` lists what there is".to_owned(),
            false => format!("did you mean: {}?", near.join(", ")),
        };
        Err(OfficeError::new("not-found", format!("--viewer: there is no agency {:?}", id.0)).hint(hint))
    }

    /// A desk for a picture that was taken before, or that is being tried out.
    pub(crate) fn desk_of(&self, viewer: Viewer, snapshot: underpin_ledger::Snapshot) -> Desk {
        Desk::new(self, viewer, snapshot.at, snapshot)
    }

    /// The clock of a house whose time stands still (the demo country), so that its answers never change.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn fixed_clock(&self) -> Result<Option<Timestamp>> {
        let clock = self.ledger.operator_reader().setting("clock").await?;
        Ok(clock.and_then(|text| text.parse().ok()))
    }

    /// When something planned in the registry next begins or ends: what was read before that moment may not be true after it.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn next_planned(&self, moment: Timestamp) -> Result<Option<Timestamp>> {
        Ok(self.ledger.operator_reader().next_planned(moment).await?)
    }

    /// Stops the clock of this house.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn fix_clock(&self, actor: &str, at: Timestamp) -> Result<()> {
        let writer = self.ledger.writer(actor, Viewer::Operator);
        writer.set_setting(at, "clock", Some(&at.to_string())).await?;
        Ok(())
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.settings.limits
    }

    /// Whether other servers may be open over the same ledger.
    pub fn is_shared(&self) -> bool {
        matches!(self.settings.ledger_location(), Location::Postgres(_))
    }

    /// Writes down what is still held, and closes the ledger in good order.
    pub async fn close(self) {
        // Who serves others writes before, and says when that fails; here nobody is left to be told.
        let _ = self.write_reads().await;
        self.ledger.close().await;
    }
}

/// Refuses everybody but the operator: for work on the whole house.
///
/// # Errors
/// `not-allowed`, naming the viewer and the action.
pub fn operator_only(viewer: &Viewer, action: &str) -> Result<()> {
    Ok(underpin_ledger::operator_only(viewer, action)?)
}

fn make_folder(folder: &Path) -> Result<()> {
    underpin_lake::make_folder(folder).map_err(|error| {
        let error = match error {
            LakeError::File { path, error } => OfficeError::file(&path, &error),
            other => other.into(),
        };
        error.hint("choose another directory with --data, or make this one writable")
    })
}

/// Makes the embedded ledger's file readable for its owner only; what the database puts beside it takes the same rights.
fn make_private(ledger: &Path) -> Result<()> {
    make_folder(ledger.parent().unwrap_or(Path::new("")))?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // One that is there keeps its rights. Where none can be made, the ledger says so itself.
    let _ = options.open(ledger);
    Ok(())
}
