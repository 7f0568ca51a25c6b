// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the public sees of the catalogue: repositories that are public, with what they declare; how practices stand only where the agency
//! lets everybody read it, without places and without what would help an attacker. No system, no look-alike, no number of anything that
//! is not public.
//!
//! The ledger cuts it (`public_repositories.rs` there). What is made of it is kept until something of it is another: a change of anything
//! else gives the same answer, not one that is made again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;
use underpin_ledger::{PublicRepositories, PublicRepositoryRecord};
use underpin_model::catalogue::{Converted, Listing};
use underpin_model::{Timestamp, Viewer};

use super::catalogue::{
    CatalogueAnswer, CatalogueQuery, RepositoryRow, StandardResults, by_standard, narrowed, row, searched,
};
use super::catalogue_export::{CatalogueExport, CatalogueFormat, list_of, listing, writable};
use super::self_assessment::RequirementRow;
use crate::error::Result;
use crate::house::{House, Overview};

/// A public repository, for everybody.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicRepository {
    /// The repository.
    pub repository: RepositoryRow,
    /// What it declares.
    pub declared: underpin_model::catalogue::Declared,
    /// Practices, standard by standard; none where the agency has not published them.
    pub standards: Vec<StandardResults>,
    /// What the agency says where no program can judge, without reasons; none where it has not published how practices stand.
    pub self_assessment: Vec<RequirementRow>,
}

/// All public repositories, with the files that are made of them when somebody asks first.
#[derive(Debug, Default)]
pub struct PublicCatalogue {
    records: Arc<Vec<PublicRepositoryRecord>>,
    changed: Timestamp,
    /// Rows with the texts in which words are looked for.
    rows: Vec<(RepositoryRow, String)>,
    /// What agencies say where no program can judge, by the place of the repository in `records`.
    said: BTreeMap<usize, Vec<RequirementRow>>,
    exports: [OnceLock<CatalogueExport>; CatalogueFormat::ALL.len()],
}

/// What was made last, and by which look at the ledger.
#[derive(Debug, Default)]
pub(crate) struct KeptCatalogue {
    made: Mutex<Option<Made>>,
    /// Who makes it: one at a time, the others wait for that.
    making: tokio::sync::Mutex<()>,
}

#[derive(Clone, Debug)]
struct Made {
    /// The ledger's revision, and from when until when that says everything: what is planned changes names.
    revision: i64,
    from: Timestamp,
    until: Timestamp,
    /// How far the ledger was read for it.
    read: PublicRepositories,
    catalogue: Arc<PublicCatalogue>,
}

impl KeptCatalogue {
    fn fresh(&self, revision: i64, now: Timestamp) -> Option<Arc<PublicCatalogue>> {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        (made.revision == revision && made.from <= now && now < made.until).then_some(made.catalogue)
    }
}

impl PublicCatalogue {
    fn of(read: &PublicRepositories, said: BTreeMap<usize, Vec<RequirementRow>>) -> Self {
        let (records, changed) = (Arc::clone(&read.records), read.changed);
        let rows = records.iter().map(|one| (row_of(one), searched(&one.address, &one.repository.declared)));
        Self { rows: rows.collect(), records, changed, said, exports: Default::default() }
    }

    /// Those that are meant.
    pub fn list(&self, query: &CatalogueQuery) -> CatalogueAnswer {
        // As of the last change of what is public. The number of the snapshot tells how often something is written, which is nobody's
        // business outside.
        narrowed(Overview { snapshot: 0, as_of: self.changed }, &self.rows, query)
    }

    /// One by its address, in any form.
    pub fn repository(&self, text: &str) -> Option<PublicRepository> {
        let at = self.place(text)?;
        let found = self.records.get(at)?;
        Some(PublicRepository {
            self_assessment: self.said.get(&at).cloned().unwrap_or_default(),
            repository: row_of(found),
            standards: by_standard(found.repository.look.as_ref()),
            declared: found.repository.declared.clone(),
        })
    }

    /// The file of one in a format.
    pub fn file(&self, text: &str, format: CatalogueFormat) -> Option<Converted> {
        self.called(text).map(|found| format.write(&listing_of(found)))
    }

    /// The formats in which one can be written: the others ask for what nobody declared.
    pub fn formats(&self, text: &str) -> Vec<CatalogueFormat> {
        self.called(text).map(|found| writable(&listing_of(found))).unwrap_or_default()
    }

    /// All of them in a format with lists.
    pub fn export(&self, format: CatalogueFormat) -> &CatalogueExport {
        self.exports[format as usize].get_or_init(|| {
            let listings: Vec<Listing> = self.records.iter().map(listing_of).collect();
            list_of(format, "government", &listings)
        })
    }

    fn called(&self, text: &str) -> Option<&PublicRepositoryRecord> {
        self.place(text).and_then(|at| self.records.get(at))
    }

    fn place(&self, text: &str) -> Option<usize> {
        let key = underpin_assess::catalogue::address_key(text).unwrap_or_else(|| text.trim().to_owned());
        let all = || self.records.iter().enumerate().filter(|(_, record)| record.address == key);
        // A copy of another agency may say that it lies there, too.
        let firm = all().find(|(_, record)| record.is_firm);
        firm.or_else(|| all().next()).map(|(at, _)| at)
    }
}

fn row_of(record: &PublicRepositoryRecord) -> RepositoryRow {
    row((&record.agency, &record.agency_name), &record.address, &record.repository)
}

fn listing_of(record: &PublicRepositoryRecord) -> Listing {
    listing(&record.agency_name, &record.address, &record.repository, None)
}

impl House {
    /// Whether everybody may see public repositories.
    pub fn publishes_catalogue(&self) -> bool {
        self.settings.publishes_catalogue
    }

    /// Public repositories; `None` where the operator has not switched that on. As long as nothing of them is another it is the very same
    /// answer, whoever asks and whatever else is written.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn public_catalogue(&self, now: Timestamp) -> Result<Option<Arc<PublicCatalogue>>> {
        if !self.settings.publishes_catalogue {
            return Ok(None);
        }
        let kept = &self.public_catalogue;
        // Asked first: what is written meanwhile makes the answer older than it says, and it is looked at again the next time.
        let revision = self.ledger.operator_reader().revision().await?;
        if let Some(found) = kept.fresh(revision, now) {
            return Ok(Some(found));
        }
        let _only = kept.making.lock().await;
        let revision = self.ledger.operator_reader().revision().await?;
        if let Some(found) = kept.fresh(revision, now) {
            return Ok(Some(found));
        }
        let before = kept.made.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let known = before.as_ref().map(|made| made.read.clone()).unwrap_or_default();
        let reader = self.ledger.reader(Viewer::Stranger, now);
        let read = reader.public_repositories(&known).await?;
        let said = self.public_self_assessments(&read.records, now).await?;
        let same = |made: &Made| {
            let is_read = Arc::ptr_eq(&made.read.records, &read.records) && made.read.changed == read.changed;
            is_read && made.catalogue.said == said
        };
        let catalogue = match before.filter(same) {
            Some(made) => made.catalogue,
            None => Arc::new(PublicCatalogue::of(&read, said)),
        };
        let until = self.next_planned(now).await?.unwrap_or(Timestamp::MAX);
        let made = Made { revision, from: now, until, read, catalogue: Arc::clone(&catalogue) };
        *kept.made.lock().unwrap_or_else(PoisonError::into_inner) = Some(made);
        Ok(Some(catalogue))
    }
}
