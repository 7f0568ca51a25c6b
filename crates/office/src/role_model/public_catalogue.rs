// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the public sees of the catalogue: repositories that are public, with what they declare; how practices stand only where the agency
//! lets everybody read it, without places and without what would help an attacker. No system, no look-alike, no number of anything that
//! is not public.

use serde::Serialize;
use underpin_ledger::RepositoryRecord;
use underpin_model::catalogue::{Converted, RepositoryLook, Visibility};
use underpin_model::{Timestamp, Viewer};

use super::catalogue::{CatalogueAnswer, CatalogueQuery, StandardResults, by_standard, narrowed, row, searched};
use super::catalogue_export::{CatalogueExport, CatalogueFormat, list_of, listing, writable};
use crate::error::Result;
use crate::house::{House, Overview};

/// A public repository, for everybody.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PublicRepository {
    /// The repository.
    pub repository: super::catalogue::RepositoryRow,
    /// What it declares.
    pub declared: underpin_model::catalogue::Declared,
    /// Practices, standard by standard; none where the agency has not published them.
    pub standards: Vec<StandardResults>,
}

impl House {
    /// Whether everybody may see public repositories.
    pub fn publishes_catalogue(&self) -> bool {
        self.settings.publishes_catalogue
    }

    /// Public repositories that are meant; `None` where the operator has not switched that on.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn public_catalogue(&self, now: Timestamp, query: &CatalogueQuery) -> Result<Option<CatalogueAnswer>> {
        let Some(records) = self.public_records(now).await? else { return Ok(None) };
        let newest = records.iter().map(|(record, _)| record.moment).max().unwrap_or_default();
        let rows = records.iter().map(|(record, name)| {
            let row = row((&record.agency, name), &record.address, &record.repository);
            (row, searched(&record.address, &record.repository.declared))
        });
        Ok(Some(narrowed(overview(newest), rows.collect(), query)))
    }

    /// A public repository by its address; `None` where there is none, or the operator has not switched that on.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn public_repository(&self, now: Timestamp, text: &str) -> Result<Option<PublicRepository>> {
        let found = self.public_called(now, text).await?;
        Ok(found.map(|(record, name)| PublicRepository {
            repository: row((&record.agency, &name), &record.address, &record.repository),
            standards: by_standard(record.repository.look.as_ref()),
            declared: record.repository.declared,
        }))
    }

    /// The file of a public repository in a format, as [`Self::public_repository`].
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn public_repository_file(
        &self,
        now: Timestamp,
        text: &str,
        format: CatalogueFormat,
    ) -> Result<Option<Converted>> {
        let found = self.public_called(now, text).await?;
        Ok(found.map(|(record, name)| format.write(&listing(&name, &record.address, &record.repository, None))))
    }

    /// The formats in which a public repository can be written: the others ask for what nobody declared.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn public_repository_formats(&self, now: Timestamp, text: &str) -> Result<Vec<CatalogueFormat>> {
        let Some((record, name)) = self.public_called(now, text).await? else { return Ok(Vec::new()) };
        Ok(writable(&listing(&name, &record.address, &record.repository, None)))
    }

    /// All public repositories in a format with lists.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn public_export(&self, now: Timestamp, format: CatalogueFormat) -> Result<Option<CatalogueExport>> {
        let Some(records) = self.public_records(now).await? else { return Ok(None) };
        let of = |(record, name): &Named| listing(name, &record.address, &record.repository, None);
        let listings: Vec<_> = records.iter().map(of).collect();
        Ok(Some(list_of(format, "government", &listings)))
    }

    async fn public_called(&self, now: Timestamp, text: &str) -> Result<Option<Named>> {
        let key = underpin_assess::catalogue::address_key(text).unwrap_or_else(|| text.trim().to_owned());
        let records = self.public_records(now).await?.unwrap_or_default();
        Ok(records.into_iter().find(|(record, _)| record.address == key))
    }

    /// The public is no viewer of the ledger: what it may see is cut out here, from the whole.
    async fn public_records(&self, now: Timestamp) -> Result<Option<Vec<Named>>> {
        if !self.settings.publishes_catalogue {
            return Ok(None);
        }
        let reader = self.ledger.reader(Viewer::Operator, now);
        let records = reader.own_repositories(now).await?;
        let agencies = reader.snapshot(now).await?.agencies;
        let named = |record: RepositoryRecord| {
            let agency = agencies.iter().find(|agency| agency.id == record.agency);
            let name = agency.map_or_else(|| record.agency.0.clone(), |agency| agency.name.clone());
            (record, name)
        };
        Ok(Some(records.into_iter().filter_map(cut).map(named).collect()))
    }
}

/// A record with the name of its agency.
type Named = (RepositoryRecord, String);

/// As of the newest line of what is public: so the answer stays the same until that changes.
fn overview(newest: Timestamp) -> Overview {
    // The number of the snapshot tells how often something is written, which is nobody's business outside.
    Overview { snapshot: 0, as_of: newest }
}

/// What is left of a repository for everybody.
fn cut(mut record: RepositoryRecord) -> Option<RepositoryRecord> {
    let repository = &mut record.repository;
    if repository.visibility != Visibility::Public {
        return None;
    }
    repository.systems.clear();
    repository.put_aside.clear();
    record.actor.clear();
    let look = repository.look.take().map(|look| look.for_others(repository.publishes_scorecard));
    repository.look = look.map(|look| RepositoryLook { roots: Vec::new(), marks: Vec::new(), ..look });
    Some(record)
}

#[cfg(test)]
mod tests {
    use underpin_model::catalogue::{Declared, KeptPlace, KeptPractice, OwnRepository, PutAside};
    use underpin_model::practices::Pack;

    use super::*;

    fn record(visibility: Visibility, publishes_scorecard: bool) -> RepositoryRecord {
        let practice = |pack, name: &str| KeptPractice {
            pack,
            practice: name.to_owned(),
            places: vec![KeptPlace { place: "inside.rs:3".to_owned(), ..KeptPlace::default() }],
            more_places: 7,
            ..KeptPractice::default()
        };
        RepositoryRecord {
            number: 1,
            agency: "treasury".into(),
            address: "git.example/a/b".to_owned(),
            repository: OwnRepository {
                visibility,
                publishes_scorecard,
                declared: Declared { name: "Forms".to_owned(), ..Declared::default() },
                look: Some(RepositoryLook {
                    practices: vec![practice(Pack::Files, "readme"), practice(Pack::Secrets, "no-likely-secrets")],
                    marks: vec![4_711],
                    ..RepositoryLook::default()
                }),
                systems: vec!["tax-assessment".into()],
                put_aside: vec![PutAside { address: "git.example/c/d".to_owned(), reason: "inner".to_owned() }],
                ..OwnRepository::default()
            },
            actor: "mira".to_owned(),
            moment: Timestamp(5),
        }
    }

    #[test]
    fn nothing_but_what_is_public_is_left() {
        assert_eq!(cut(record(Visibility::Internal, true)), None);
        let found = cut(record(Visibility::Public, true)).expect("public");
        let look = found.repository.look.clone().expect("a look");
        assert_eq!(look.practices.iter().map(|one| one.practice.as_str()).collect::<Vec<_>>(), ["readme"]);
        let quiet = cut(record(Visibility::Public, false)).expect("public");
        assert_eq!(quiet.repository.look.clone().expect("a look").practices, []);
        for one in [found, quiet] {
            let told = format!("{one:?}");
            for inside in ["inside.rs", "tax-assessment", "inner", "mira", "4711", "secrets", "git.example/c/d"] {
                assert!(!told.contains(inside), "{inside} in {told}");
            }
        }
    }
}
