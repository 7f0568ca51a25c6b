// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office knows of projects, written down: facts for planning and who else pays. A file is learned as a whole or not at all.
//!
//! Facts about a project replace the ones before; of funding, the list of a project replaces the list before. What was known at a
//! moment of the past can always be asked.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;
use underpin_assess::engagement::double_funding::{Funding, FundingSource};
use underpin_assess::projects::{Address, Names};
pub use underpin_formats::project_facts::{KnownFunding, KnownName, KnownProject, ProjectFile};
use underpin_ledger::ProjectRecord;
use underpin_model::Timestamp;
use underpin_model::engagement::CommitmentRecord;

use super::commitments::may_rank;
use super::priorities::Ranking;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// The kind of the line with facts for planning.
const FACTS: &str = "facts";
/// The kind of the line with who else pays.
const FUNDING: &str = "funding";
/// The kind of the line with other names.
const NAMES: &str = "names";

/// What came of learning a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Learned {
    /// Projects with facts in it.
    pub projects: usize,
    /// Payments and promises of others in it.
    pub fundings: usize,
    /// Other names in it.
    pub names: usize,
    /// Whether anything of it was new.
    pub is_new: bool,
}

impl Ranking {
    /// The key of a project that somebody names; for one that no document shows, what they wrote.
    ///
    /// # Errors
    /// `unknown-project` where several projects fit.
    pub fn key_or_text(&self, text: &str) -> Result<String> {
        match self.key_of(text) {
            Ok(key) => Ok(key),
            Err(error) if error.code == "not-found" => Ok(text.trim().to_owned()),
            Err(error) => Err(OfficeError::new("unknown-project", error.message).hint(error.hint)),
        }
    }
}

impl House {
    /// Writes down what a file says of projects.
    ///
    /// # Errors
    /// `unknown-project` for one that cannot be told or stands there twice; `not-allowed`; what the ledger says.
    pub async fn learn_projects(&self, author: &Author, ranking: &Ranking, file: ProjectFile) -> Result<Learned> {
        let mut facts: BTreeMap<String, KnownProject> = BTreeMap::new();
        for known in &file.projects {
            let key = ranking.key_or_text(&known.project)?;
            let alternatives =
                known.alternatives.iter().map(|text| ranking.key_or_text(text)).collect::<Result<_>>()?;
            let known = KnownProject { project: key.clone(), alternatives, ..known.clone() };
            if facts.insert(key.clone(), known).is_some() {
                return Err(OfficeError::new("unknown-project", format!("{key} stands there twice"))
                    .hint("keep one table for each project"));
            }
        }
        let mut funding: BTreeMap<String, Vec<KnownFunding>> = BTreeMap::new();
        for known in &file.fundings {
            let key = ranking.key_or_text(&known.project)?;
            let known = KnownFunding { project: key.clone(), ..known.clone() };
            funding.entry(key).or_default().push(known);
        }
        let mut names: BTreeMap<String, Vec<KnownName>> = BTreeMap::new();
        for known in &file.names {
            let (key, other) = (self.name_of(ranking, &known.project)?, self.name_of(ranking, &known.other)?);
            if key == other {
                return Err(OfficeError::new("unknown-project", format!("{key} is no other name of itself"))
                    .hint("name the address that the project has now, and another one"));
            }
            let known = KnownName { project: key.clone(), other, ..known.clone() };
            names.entry(key).or_default().push(known);
        }
        let names = names.into_iter().map(|(key, list)| (key, NAMES, json!(list)));
        let facts = facts.into_iter().map(|(key, known)| (key, FACTS, json!(known)));
        let funding = funding.into_iter().map(|(key, list)| (key, FUNDING, json!(list)));
        let before = self.ledger.reader(author.viewer.clone(), author.at).revision().await?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let after = writer.note_projects(author.at, facts.chain(funding).chain(names).collect()).await?;
        Ok(Learned {
            projects: file.projects.len(),
            fundings: file.fundings.len(),
            names: file.names.len(),
            is_new: after > before,
        })
    }

    /// The key that somebody means as a name of a project: an address as it stands, or a project in use.
    fn name_of(&self, ranking: &Ranking, text: &str) -> Result<String> {
        match Address::read(text).filter(|_| text.contains('/') && !text.starts_with("pkg:")) {
            Some(address) => Ok(address.key),
            None => ranking.key_or_text(text),
        }
    }

    /// Other names of projects that were known at a moment.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(crate) async fn project_names(&self, at: Timestamp) -> Result<Names> {
        let written: Vec<Vec<KnownName>> =
            newest(self.ledger.operator_reader().newest_project_records(NAMES, at).await?)?;
        Ok(Names::new(written.into_iter().flatten().map(|one| (one.other, one.project, one.confidence_percent))))
    }

    /// What is written down of projects, for somebody who asks for just that.
    ///
    /// # Errors
    /// `not-allowed`; when the ledger cannot be read.
    pub async fn written_facts(&self, desk: &Desk) -> Result<ProjectFile> {
        may_rank(desk)?;
        self.known_projects(desk).await
    }

    /// What was known of projects at the moment of a desk; nothing for who may not rank for the whole government.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn known_projects(&self, desk: &Desk) -> Result<ProjectFile> {
        let at = desk.overview().as_of;
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let projects = known_at(&reader, at).await?;
        let fundings: Vec<Vec<KnownFunding>> = newest(reader.project_records(FUNDING, None, at).await?)?;
        let names: Vec<Vec<KnownName>> = newest(reader.project_records(NAMES, None, at).await?)?;
        let names = names.into_iter().flatten().collect();
        Ok(ProjectFile { projects, fundings: fundings.into_iter().flatten().collect(), names })
    }
}

/// Facts of projects as they were written down by a moment.
///
/// # Errors
/// When the ledger cannot be read.
pub(super) async fn known_at(reader: &underpin_ledger::Reader, at: Timestamp) -> Result<Vec<KnownProject>> {
    newest(reader.project_records(FACTS, None, at).await?)
}

/// The newest line of each project, in the order of their keys.
fn newest<T: serde::de::DeserializeOwned>(records: Vec<ProjectRecord>) -> Result<Vec<T>> {
    let newest: BTreeMap<String, ProjectRecord> =
        records.into_iter().map(|record| (record.project.clone(), record)).collect();
    let read = |record: ProjectRecord| {
        serde_json::from_value(record.body).map_err(|error| damaged(record.number, &record.project, &error))
    };
    newest.into_values().map(read).collect()
}

/// A line that cannot be read back.
pub(super) fn damaged(number: i64, project: &str, error: &serde_json::Error) -> OfficeError {
    OfficeError::new("ledger-damaged", format!("the ledger is damaged at line {number} about {project}: {error}"))
        .hint("`underpin audit verify` says whether it was changed past the ledger")
}

/// Own promises and what others pay, as records that can be held against each other. What was withdrawn is no money.
pub(super) fn funding_records(own: &[CommitmentRecord], others: &[KnownFunding]) -> Vec<Funding> {
    let own = own.iter().filter(|record| record.commitment.withdrawn.is_none()).map(|record| Funding {
        source: FundingSource::Own,
        funder: None,
        project: record.commitment.project.clone(),
        activity: Some(record.commitment.activity.clone()),
        from: Some(record.commitment.from),
        until: Some(record.commitment.until),
        amount_cents: Some(record.commitment.milestones.iter().map(|one| one.payment_cents).sum()),
    });
    let others = others.iter().map(|known| Funding {
        source: FundingSource::Register,
        funder: Some(known.funder.clone()),
        project: known.project.clone(),
        activity: known.activity.map(|code| code.as_str().to_owned()),
        from: known.from,
        until: known.until,
        amount_cents: known.amount.map(|amount| amount.cents()),
    });
    own.chain(others).collect()
}

/// Facts for a plan: what is known, and instruments that somebody pays for at a moment.
pub(super) fn with_funding(mut known: Vec<KnownProject>, records: &[Funding], at: Timestamp) -> Vec<KnownProject> {
    for record in records.iter().filter(|record| record.until.is_none_or(|until| until > at)) {
        let Some(code) = record.activity.as_ref().and_then(|word| word.parse().ok()) else { continue };
        let place = known.iter().position(|known| known.project == record.project).unwrap_or_else(|| {
            let source = "the register of funding".to_owned();
            known.push(KnownProject { project: record.project.clone(), source, ..KnownProject::default() });
            known.len() - 1
        });
        let funded = known[place].funded.get_or_insert_default();
        if !funded.contains(&code) {
            funded.push(code);
        }
    }
    known
}
