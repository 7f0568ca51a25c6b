// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signals of clones, kept by time: each look at a clone is a line about its project, with the commit, the day and what the project says
//! about itself. Counts alone, as they leave a clone; nobody is named.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::json;
use underpin_assess::projects::{Address, Names};
use underpin_formats::project_money::About;
use underpin_ledger::{ProjectRecord, Reader};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::SIGNAL_CLONES;
use underpin_model::project_money::PublishedFacts;
use underpin_model::signals::{ProjectSignals, Reading, SignalCode};
use underpin_repositories::{GitClone, published, signals};

use super::priorities::Ranking;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Kind of the lines that hold a look at a clone.
pub(super) const SIGNALS: &str = "signals";
/// Days after which a look is old.
const OLD_DAYS: i64 = 90;

/// A look at a clone, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptSignals {
    /// The address that the clone names as its origin, as host and path: a login, a password or a question in it is not kept.
    pub origin: Option<String>,
    /// What it said.
    pub signals: ProjectSignals,
    /// What its files say about money, and addresses that it declares.
    #[serde(default, skip_serializing_if = "PublishedFacts::is_empty")]
    pub published: PublishedFacts,
}

/// A look that was kept, with its age.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct KeptLook {
    /// When the clone was looked at.
    pub looked: Timestamp,
    /// Days since then.
    pub age_days: i64,
    /// Whether that is longer ago than 90 days.
    pub is_old: bool,
    /// The address that the clone names as its origin, as host and path: a login, a password or a question in it is not kept.
    pub origin: Option<String>,
    /// What it said, and what the project says about itself.
    pub signals: ProjectSignals,
    /// What its files say about money, and addresses that it declares.
    pub published: PublishedFacts,
}

/// A signal that is another one than at the look before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SignalChange {
    /// Which.
    pub code: SignalCode,
    /// What was known before.
    pub before: Option<Reading>,
    /// What is known now.
    pub after: Reading,
}

/// What was found in a folder of clones.
#[derive(Clone, Debug, Serialize)]
pub struct FolderLook {
    /// The clone, by its place below the folder.
    pub clone: String,
    /// The project in use that it is.
    pub project: Option<String>,
    /// Why it is none: `no-clone`, `no-address`, `not-in-use`, `said-twice`.
    pub fault: Option<&'static str>,
    /// What it said.
    #[serde(skip)]
    pub kept: Option<KeptSignals>,
}

impl KeptLook {
    /// A look as it stands at a moment.
    pub fn of(kept: KeptSignals, at: Timestamp) -> Self {
        let looked = kept.signals.as_of;
        let age_days = (at.0 - looked.0).max(0) / Timestamp::DAY_US;
        Self {
            looked,
            age_days,
            is_old: age_days > OLD_DAYS,
            origin: kept.origin,
            signals: kept.signals,
            published: kept.published,
        }
    }
}

/// What changed from one look to the next, but for what moves with time alone.
pub fn changes(before: &ProjectSignals, after: &ProjectSignals) -> Vec<SignalChange> {
    use SignalCode as C;
    let moves = |code: SignalCode| matches!(code, C::DaysSinceHumanCommit | C::ReleaseGapCurrent | C::ReleaseGapRatio);
    let change = |code: SignalCode, after: Reading| {
        let before = before.reading(code);
        (before != Some(after)).then_some(SignalChange { code, before, after })
    };
    let still = after.signals.iter().filter(|signal| !moves(signal.code));
    still.filter_map(|signal| change(signal.code, signal.reading)).collect()
}

/// Reads a clone to be kept: the clone of this project, or of the one that it names as its origin. `payers` are names of organisations
/// that may stand in accounts as they are.
///
/// # Errors
/// `no-clone`.
pub fn read_clone(
    path: &Path,
    as_of: Timestamp,
    salt: &[u8; 32],
    (project, payers): (Option<&str>, &[String]),
) -> Result<KeptSignals> {
    let clone = super::signals::open(path)?;
    let origin = clone.origin().and_then(|origin| Address::read(&origin)).map(|address| address.key);
    let about = About { project: project.or(origin.as_deref()).unwrap_or_default(), payers };
    let published = published(&clone, &about);
    Ok(KeptSignals { signals: signals(&clone, as_of, salt), published, origin })
}

impl Ranking {
    /// Reads every clone in a folder and one folder deeper. A clone belongs to the project whose address it names as its origin.
    ///
    /// # Errors
    /// `no-clone` where there is no folder, or it holds more than the limits allow.
    pub fn read_folder(
        &self,
        folder: &Path,
        as_of: Timestamp,
        salt: &[u8; 32],
        payers: &[String],
    ) -> Result<Vec<FolderLook>> {
        let mut found: Vec<FolderLook> = Vec::new();
        for path in clones(folder)? {
            let clone = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
            let mut look = FolderLook { clone, project: None, fault: None, kept: None };
            match GitClone::open(&path).map(|clone| clone.origin()) {
                Err(_) => look.fault = Some("no-clone"),
                Ok(None) => look.fault = Some("no-address"),
                Ok(Some(origin)) => {
                    match Address::read(&origin).map(|address| self.projects.1.settled(&address.key).to_owned()) {
                        Some(key) if self.projects.0.contains_key(&key) => {
                            let is_double = found.iter().any(|other| other.project.as_ref() == Some(&key));
                            look.fault = is_double.then_some("said-twice");
                            let read = || read_clone(&path, as_of, salt, (Some(&key), payers));
                            look.kept = (!is_double).then(read).transpose()?;
                            look.project = (!is_double).then_some(key);
                        }
                        _ => look.fault = Some("not-in-use"),
                    }
                }
            }
            found.push(look);
        }
        Ok(found)
    }
}

/// Folders that look like clones, in the order of their names: below the folder, or below a folder in it.
fn clones(folder: &Path) -> Result<Vec<PathBuf>> {
    let fault = |what: String| {
        OfficeError::new("no-clone", format!("{}: {what}", folder.display())).hint("name a folder that holds clones")
    };
    let is_clone =
        |path: &Path| path.join(".git").exists() || (path.join("HEAD").exists() && path.join("objects").exists());
    let mut found = Vec::new();
    for path in folders(folder).map_err(|error| fault(error.to_string()))? {
        if is_clone(&path) {
            found.push(path);
        } else {
            found.extend(folders(&path).unwrap_or_default().into_iter().filter(|path| is_clone(path)));
        }
        if found.len() > SIGNAL_CLONES {
            return Err(fault(format!("more than {SIGNAL_CLONES} clones")));
        }
    }
    Ok(found)
}

fn folders(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        // A link may lead anywhere; it is not followed.
        if entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    found.sort_unstable();
    Ok(found)
}

impl House {
    /// Keeps looks at clones, all or none. Returns whether anything was new.
    ///
    /// # Errors
    /// `not-allowed`; what the ledger says.
    pub async fn keep_signals(&self, author: &Author, looks: Vec<(String, KeptSignals)>) -> Result<bool> {
        let before = self.ledger.reader(author.viewer.clone(), author.at).revision().await?;
        let lines = looks.into_iter().map(|(key, kept)| (key, SIGNALS, json!(kept))).collect();
        let after = self.ledger.writer(&author.actor, author.viewer.clone()).note_projects(author.at, lines).await?;
        Ok(after > before)
    }

    /// Every look at one project that was known at the moment of a desk, the oldest first; none for who may not rank for the whole
    /// government.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(super) async fn looks_at(&self, desk: &Desk, project: &str) -> Result<Vec<KeptSignals>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        looks_of(&reader, &desk.names, project, desk.overview().as_of).await
    }

    /// The newest look at one project, whoever asks: it is of a public clone, and holds counts and the project's own words.
    ///
    /// # Errors
    /// As [`Self::looks_at`].
    pub(super) async fn public_look(&self, desk: &Desk, project: &str) -> Result<Option<KeptSignals>> {
        let reader = self.ledger.operator_reader();
        let mut newest: Option<ProjectRecord> = None;
        for key in std::iter::once(project).chain(desk.names.others_of(project)) {
            let found = reader.project_records(SIGNALS, Some(key), desk.overview().as_of).await?.pop();
            newest = newest.into_iter().chain(found).max_by_key(|record| record.number);
        }
        newest.map(kept).transpose()
    }

    /// The newest look at each project, by its key, the newest of all last; none for who may not rank for the whole government.
    ///
    /// # Errors
    /// As [`Self::looks_at`].
    pub(super) async fn newest_looks(&self, desk: &Desk) -> Result<Vec<(String, KeptSignals)>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let mut records = reader.newest_project_records(SIGNALS, desk.overview().as_of).await?;
        records.sort_by_key(|record| record.number);
        let of = |record: ProjectRecord| Ok((desk.names.settled(&record.project).to_owned(), kept(record)?));
        records.into_iter().map(of).collect()
    }
}

/// Every look at one project that a reader may see and that was known at a moment, the oldest first.
pub(super) async fn looks_of(
    reader: &Reader,
    names: &Names,
    project: &str,
    as_of: Timestamp,
) -> Result<Vec<KeptSignals>> {
    let mut records = Vec::new();
    // What was kept under a former name is about the project, too.
    for key in std::iter::once(project).chain(names.others_of(project)) {
        records.extend(reader.project_records(SIGNALS, Some(key), as_of).await?);
    }
    records.sort_by_key(|record| record.number);
    records.into_iter().map(kept).collect()
}

pub(super) fn kept(record: ProjectRecord) -> Result<KeptSignals> {
    let place = (record.number, record.project);
    serde_json::from_value(record.body).map_err(|error| super::facts::damaged(place.0, &place.1, &error))
}
