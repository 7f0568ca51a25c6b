// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `catalogue`: which software does the government itself publish or build, what does it say about itself, and how does it keep practices?

use serde::Serialize;
use underpin_assess::catalogue::plain_words;
use underpin_ledger::{RepositoryChange, RepositoryRecord};
use underpin_model::Timestamp;
use underpin_model::catalogue::{
    Declared, DevelopmentState, KeptPractice, Listing, OwnRepository, RepositoryLook, Visibility,
};
use underpin_model::practices::Outcome;
use underpin_model::registry::AgencyId;

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// Practices by result. They are counted within one look and never put together to one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct OutcomeTally {
    /// Met.
    pub met: u64,
    /// Not met.
    pub not_met: u64,
    /// Cannot be assessed.
    pub not_assessed: u64,
}

impl OutcomeTally {
    /// Of practices.
    pub fn of(practices: &[KeptPractice]) -> Self {
        let count = |outcome: Outcome| practices.iter().filter(|one| one.outcome == outcome).count() as u64;
        Self { met: count(Outcome::Met), not_met: count(Outcome::NotMet), not_assessed: count(Outcome::NotAssessed) }
    }
}

/// A repository in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct RepositoryRow {
    /// Its address in one form.
    pub address: String,
    /// Its agency.
    pub agency: String,
    /// The agency's name.
    pub agency_name: String,
    /// Its name.
    pub name: String,
    /// What it is, in one or two sentences.
    pub description: String,
    /// Who may know of it.
    pub visibility: Visibility,
    /// Its licence as an SPDX expression.
    pub licence: Option<String>,
    /// How far it is.
    pub state: DevelopmentState,
    /// Kind of software.
    pub software_type: String,
    /// Its categories.
    pub categories: Vec<String>,
    /// Languages it is written in.
    pub written_in: Vec<String>,
    /// The commit that was looked at.
    pub commit: Option<String>,
    /// When that was made.
    pub committed: Option<Timestamp>,
    /// When somebody looked; absent where nobody did.
    pub looked: Option<Timestamp>,
    /// How practices stood then; absent where that is not known, or not published to who asks.
    pub practices: Option<OutcomeTally>,
    /// Systems within sight that run it by the word of their agencies.
    pub systems: Vec<String>,
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct CatalogueQuery {
    /// Words of name, description, address or category; all must be there.
    #[serde(rename = "q")]
    pub text: String,
    /// Of this agency, by identifier.
    pub agency: String,
    /// Of this licence.
    pub licence: String,
    /// In this state.
    pub state: String,
}

impl CatalogueQuery {
    /// Whether anything narrows the list.
    pub fn is_empty(&self) -> bool {
        [&self.text, &self.agency, &self.licence, &self.state].iter().all(|text| text.trim().is_empty())
    }

    /// Whether a row is meant. `texts` is what words are looked for in.
    pub(super) fn fits(&self, row: &RepositoryRow, texts: &str) -> bool {
        let texts = texts.to_lowercase();
        let is = |wanted: &str, own: &str| wanted.trim().is_empty() || wanted.trim().eq_ignore_ascii_case(own);
        self.text.split_whitespace().all(|word| texts.contains(&word.to_lowercase()))
            && is(&self.agency, &row.agency)
            && is(&self.licence, row.licence.as_deref().unwrap_or_default())
            && is(&self.state, row.state.as_str())
    }
}

/// The answer of `catalogue list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CatalogueAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Repositories within sight, before anything narrowed the list.
    pub all: u64,
    /// Licences that there are, for the filter.
    pub licences: Vec<String>,
    /// Agencies that there are, by identifier and name, for the filter.
    pub agencies: Vec<(String, String)>,
    /// Those that are meant, by agency and address.
    pub rows: Vec<RepositoryRow>,
}

/// All texts in which words are looked for.
pub(super) fn searched(address: &str, declared: &Declared) -> String {
    let texts = declared.texts.values().flat_map(|text| {
        [&text.short, &text.long].into_iter().chain(&text.features).map(String::as_str).collect::<Vec<_>>()
    });
    let lists = declared.categories.iter().chain(&declared.platforms).map(String::as_str);
    let all = [address, declared.name.as_str(), declared.software_type.as_str()].into_iter().chain(lists).chain(texts);
    all.collect::<Vec<_>>().join("\n")
}

/// What the agency of a repository within sight is called, also where that is all that may be known of it.
pub(super) fn agency_of<'d>(desk: &'d Desk, record: &'d RepositoryRecord) -> &'d str {
    record.agency_name.as_deref().unwrap_or_else(|| desk.agency_name(&record.agency))
}

/// A repository in a list.
pub(super) fn row(
    (agency, agency_name): (&AgencyId, &str),
    address: &str,
    repository: &OwnRepository,
) -> RepositoryRow {
    let declared = &repository.declared;
    let listing = Listing { address: address.to_owned(), declared: declared.clone(), ..Listing::default() };
    let look = repository.look.as_ref();
    RepositoryRow {
        address: address.to_owned(),
        agency: agency.0.clone(),
        agency_name: agency_name.to_owned(),
        name: listing.name().to_owned(),
        description: listing.text().map(|text| text.short.clone()).unwrap_or_default(),
        visibility: repository.visibility,
        licence: declared.licence.clone(),
        state: declared.state,
        software_type: declared.software_type.clone(),
        categories: declared.categories.clone(),
        written_in: look.map(|look| look.written_in.clone()).unwrap_or_default(),
        commit: look.and_then(|look| look.commit.clone()),
        committed: look.and_then(|look| look.committed),
        looked: look.map(|look| look.looked),
        practices: look.filter(|look| !look.practices.is_empty()).map(|look| OutcomeTally::of(&look.practices)),
        systems: repository.systems.iter().map(|system| system.0.clone()).collect(),
    }
}

/// Narrows rows, and says which agencies and licences there are.
pub(super) fn narrowed(
    overview: Overview,
    rows: &[(RepositoryRow, String)],
    query: &CatalogueQuery,
) -> CatalogueAnswer {
    let all = rows.len() as u64;
    let mut licences: Vec<String> = rows.iter().filter_map(|(row, _)| row.licence.clone()).collect();
    let mut agencies: Vec<(String, String)> =
        rows.iter().map(|(row, _)| (row.agency.clone(), row.agency_name.clone())).collect();
    licences.sort_unstable();
    licences.dedup();
    agencies.sort_unstable();
    agencies.dedup();
    let rows = rows.iter().filter(|(row, texts)| query.fits(row, texts)).map(|(row, _)| row.clone()).collect();
    CatalogueAnswer { overview, all, licences, agencies, rows }
}

impl House {
    /// Records of repositories within sight.
    pub(super) async fn repository_records(&self, desk: &Desk) -> Result<Vec<RepositoryRecord>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        Ok(reader.own_repositories(desk.overview().as_of).await?)
    }

    /// Repositories within sight that are meant.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn catalogue(&self, desk: &Desk, query: &CatalogueQuery) -> Result<CatalogueAnswer> {
        let records = self.repository_records(desk).await?;
        let rows = records.iter().map(|record| {
            let row = row((&record.agency, agency_of(desk, record)), &record.address, &record.repository);
            (row, searched(&record.address, &record.repository.declared))
        });
        Ok(narrowed(desk.overview(), &rows.collect::<Vec<_>>(), query))
    }

    /// The record that an address means: in any form, and by agency where two agencies have it.
    ///
    /// # Errors
    /// `unknown-repository`, `ambiguous-name`.
    pub(super) async fn repository_called(
        &self,
        desk: &Desk,
        text: &str,
        agency: Option<&AgencyId>,
    ) -> Result<RepositoryRecord> {
        let key = underpin_assess::catalogue::address_key(text).unwrap_or_else(|| text.trim().to_owned());
        let mut found = self.repository_records(desk).await?;
        found.retain(|one| one.address == key && agency.is_none_or(|agency| one.agency == *agency));
        match found.len() {
            0 => Err(OfficeError::new("unknown-repository", format!("there is no repository {key} in the catalogue"))
                .hint("`underpin catalogue list` shows those that you may see")),
            1 => Ok(found.remove(0)),
            _ => {
                let agencies: Vec<&str> = found.iter().map(|one| one.agency.0.as_str()).collect();
                Err(OfficeError::new("ambiguous-name", format!("{key} stands there for {}", agencies.join(", ")))
                    .hint("name one of them with --agency"))
            }
        }
    }

    /// Changes a repository that is there.
    ///
    /// # Errors
    /// `unknown-repository`, `ambiguous-name`, `unknown-system`, `not-allowed`, `not-own` for results of a repository that is not the
    /// government's, and what the ledger says.
    pub async fn change_repository(
        &self,
        author: &Author,
        (text, agency): (&str, Option<&AgencyId>),
        change: RepositoryChange,
    ) -> Result<()> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let found = self.repository_called(&desk, text, agency).await?;
        if change == RepositoryChange::PublishScorecard(true) {
            self.must_be_own(&found.address)?;
        }
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.change_repository(author.at, (&found.agency, &found.address), change).await?;
        Ok(())
    }
}

/// Practices of one standard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StandardResults {
    /// Name and version of the standard.
    pub standard: String,
    /// Its practices.
    pub practices: Vec<KeptPractice>,
}

/// Practices of a look, standard by standard.
pub fn by_standard(look: Option<&RepositoryLook>) -> Vec<StandardResults> {
    let mut found: Vec<StandardResults> = Vec::new();
    for practice in look.map(|look| look.practices.as_slice()).unwrap_or_default() {
        match found.iter_mut().find(|one| one.standard == practice.standard) {
            Some(one) => one.practices.push(practice.clone()),
            None => {
                found.push(StandardResults { standard: practice.standard.clone(), practices: vec![practice.clone()] })
            }
        }
    }
    found
}

/// Words of the descriptions of a repository.
pub(super) fn words_of(declared: &Declared) -> std::collections::BTreeSet<String> {
    let texts = declared.texts.values().map(|text| format!("{} {}", text.short, text.long));
    texts.flat_map(|text| plain_words(&text)).collect()
}
