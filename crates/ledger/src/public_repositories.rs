// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What everybody may read of the government's own repositories, signed in or not.
//!
//! It is cut where lines are read: which systems run something, look-alikes, who wrote it down, the beginnings and marks of a history and the
//! places of faults are never read into memory, practices only where the agency has published them. A line that changes nothing of the cut
//! moves nothing in it, not even the day of the look: so nobody learns from what is public that something else was written down.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::catalogue::{AddressFrom, Declared, KeptPractice, OwnRepository, RepositoryLook, Visibility};
use underpin_model::practices::{Obstacle, Outcome, Pack};
use underpin_model::registry::AgencyId;

use crate::LedgerError;
use crate::agencies::agency_names;
use crate::incidents::damaged;
use crate::ledger::Reader;
use crate::value::values;

/// A repository as everybody may read it.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicRepositoryRecord {
    /// Whose it is.
    pub agency: AgencyId,
    /// The agency's name; its identifier where it has ended.
    pub agency_name: String,
    /// Its address in one form.
    pub address: String,
    /// What everybody may know; all else is empty in it.
    pub repository: OwnRepository,
    /// Whether it is known to lie there, and does not only say so: of two that say so this one is meant.
    pub is_firm: bool,
}

/// All of them as far as the ledger was read. It is read on from there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicRepositories {
    /// By agency and address; the very same as before as long as nothing in them is another.
    pub records: Arc<Vec<PublicRepositoryRecord>>,
    /// When something that everybody may read was last another than before.
    pub changed: Timestamp,
    /// Number of the last line that was read.
    through: i64,
}

impl PublicRepositories {
    fn find(&self, (agency, address): &(String, String)) -> Option<Cut> {
        let of = |one: &PublicRepositoryRecord| {
            (one.agency.0.as_str(), one.address.as_str()).cmp(&(agency.as_str(), address.as_str()))
        };
        let found = self.records.get(self.records.binary_search_by(of).ok()?)?;
        Some((found.repository.clone(), found.is_firm))
    }
}

/// Of a line, what may be public.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Line {
    visibility: Visibility,
    publishes_scorecard: bool,
    is_gone: bool,
    declared: Declared,
    look: Option<Look>,
    address_from: AddressFrom,
}

/// Of a look, what may be public.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Look {
    looked: Timestamp,
    commit: Option<String>,
    committed: Option<Timestamp>,
    begun: Option<Timestamp>,
    written_in: Vec<String>,
    practices: Vec<Practice>,
}

/// A practice without its places.
#[derive(Deserialize)]
struct Practice {
    pack: Pack,
    practice: String,
    version: u16,
    standard: String,
    rule: String,
    outcome: Outcome,
    obstacle: Option<Obstacle>,
}

impl Practice {
    fn kept(self) -> KeptPractice {
        KeptPractice {
            pack: self.pack,
            practice: self.practice,
            version: self.version,
            standard: self.standard,
            rule: self.rule,
            outcome: self.outcome,
            obstacle: self.obstacle,
            places: Vec::new(),
            more_places: 0,
        }
    }
}

impl Line {
    /// What everybody may read, and whether it is known to lie there; `None` for what is not public.
    fn cut(self) -> Option<Cut> {
        if self.is_gone || self.visibility != Visibility::Public {
            return None;
        }
        let publishes = self.publishes_scorecard;
        let look = self.look.map(|look| {
            let practices = if publishes { look.practices } else { Vec::new() };
            let look = RepositoryLook {
                looked: look.looked,
                commit: look.commit,
                committed: look.committed,
                begun: look.begun,
                written_in: look.written_in,
                practices: practices.into_iter().map(Practice::kept).collect(),
                ..RepositoryLook::default()
            };
            look.for_others(publishes)
        });
        let public = OwnRepository {
            visibility: Visibility::Public,
            publishes_scorecard: publishes,
            declared: self.declared,
            look,
            ..OwnRepository::default()
        };
        Some((public, self.address_from.is_firm()))
    }
}

/// What is left of a line, and whether it is known to lie at its address.
type Cut = (OwnRepository, bool);

/// Whether everybody reads the same, whenever it was looked.
fn same(known: &OwnRepository, other: &OwnRepository) -> bool {
    let mut other = other.clone();
    if let (Some(look), Some(known)) = (&mut other.look, &known.look) {
        look.looked = known.looked;
    }
    *known == other
}

impl Reader {
    /// What everybody may read now, for any viewer. `known` is what was read before; a default where nothing was.
    ///
    /// # Errors
    /// What the database says.
    pub async fn public_repositories(&self, known: &PublicRepositories) -> Result<PublicRepositories, LedgerError> {
        let mut session = self.pool.read().await?;
        // What is another than before: `None` for what is no longer public.
        let mut news: BTreeMap<(String, String), Option<Cut>> = BTreeMap::new();
        let (mut changed, mut through) = (known.changed, known.through);
        let sql = "SELECT number, agency, address, body, moment FROM own_repository WHERE number > $1 ORDER BY number";
        session
            .each(sql, values![through], |row| {
                through = row.integer(0)?;
                let of = (row.text(1)?, row.text(2)?);
                let line: Line = serde_json::from_str(row.text_ref(3)?)
                    .map_err(|error| damaged(&format!("repository {} {}", of.0, of.1), &error))?;
                let before = news.get(&of).cloned().unwrap_or_else(|| known.find(&of));
                let cut = line.cut();
                let is_same = match (&before, &cut) {
                    (Some((before, _)), Some((cut, _))) => same(before, cut),
                    (before, cut) => before.is_none() && cut.is_none(),
                };
                if !is_same {
                    changed = row.timestamp(4)?;
                    news.insert(of, cut);
                } else if let (Some((kept, was_firm)), Some((_, is_firm))) = (before, cut)
                    && was_firm != is_firm
                {
                    news.insert(of, Some((kept, is_firm)));
                }
                Ok(())
            })
            .await?;
        let ids = known.records.iter().map(|one| one.agency.0.as_str());
        let ids = ids.chain(news.keys().map(|(agency, _)| agency.as_str()));
        let names = agency_names(&mut session, ids, self.now).await?;
        let called = |agency: &str| names.get(agency).cloned().unwrap_or_else(|| agency.to_owned());
        let is_called = |one: &PublicRepositoryRecord| one.agency_name == called(&one.agency.0);
        if news.is_empty() && known.records.iter().all(is_called) {
            return Ok(PublicRepositories { records: Arc::clone(&known.records), changed, through });
        }
        let kept = known.records.iter().map(|one| {
            let cut = (one.repository.clone(), one.is_firm);
            ((one.agency.0.clone(), one.address.clone()), Some(cut))
        });
        let mut all: BTreeMap<(String, String), Option<Cut>> = kept.collect();
        all.extend(news);
        let record = |((agency, address), cut): ((String, String), Option<Cut>)| {
            let (agency_name, (repository, is_firm)) = (called(&agency), cut?);
            Some(PublicRepositoryRecord { agency: AgencyId(agency), agency_name, address, repository, is_firm })
        };
        let records = Arc::new(all.into_iter().filter_map(record).collect());
        Ok(PublicRepositories { records, changed, through })
    }
}
