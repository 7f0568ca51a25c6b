// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Own repositories, exemptions and self-assessments within sight, as tables for SQL.

use std::collections::BTreeSet;

use underpin_formats::licence_terms::licence_terms;
use underpin_lake::{Cell, StreamedTable, Table};

use super::catalogue::{CatalogueQuery, OutcomeTally, RepositoryRow};
use super::exemptions::ExemptionRow;
use super::self_assessment::SaidRow;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::sql_columns::{Listed, count, moment, stated, table};

/// The tables, in the order of the manual.
pub static TABLES: [&Table; 3] = [&OWN_REPOSITORY, &EXEMPTION, &SELF_ASSESSMENT];

table! {
    OWN_REPOSITORY, OWN_REPOSITORY_CELLS: for<'r> fn(&'r RepositoryRow) -> Cell<'r>;
    "own_repository", "a repository of the government within sight, with how practices stood on the day of the last look",
    "address" Text "its address in one form" => |row| Cell::Text(&row.address);
    "agency" Text "its agency" => |row| Cell::Text(&row.agency);
    "name" Text "its name" => |row| Cell::Text(&row.name);
    "description" Text "what it is, in one or two sentences" => |row| stated(&row.description);
    "visibility" Text "public or internal" => |row| Cell::Text(row.visibility.as_str());
    "licence" Text "its licence as an SPDX expression" => |row| stated(row.licence.as_deref().unwrap_or_default());
    "licence_osi" Boolean "whether the Open Source Initiative approved it; unknown where nothing or nothing known is stated" => |row| osi(row);
    "state" Text "how far it is: concept, development, beta, stable, obsolete or unknown" => |row| Cell::Text(row.state.as_str());
    "software_type" Text "kind of software, as publiccode.yml says it" => |row| stated(&row.software_type);
    "commit" Text "the commit that was looked at" => |row| stated(row.commit.as_deref().unwrap_or_default());
    "committed" Time "when that was made" => |row| moment(row.committed);
    "looked" Time "when somebody looked" => |row| moment(row.looked);
    "met" Integer "practices that were met" => |row| tally(row, |one| one.met);
    "not_met" Integer "practices that were not met" => |row| tally(row, |one| one.not_met);
    "not_assessed" Integer "practices that could not be assessed" => |row| tally(row, |one| one.not_assessed);
}

table! {
    EXEMPTION, EXEMPTION_CELLS: for<'r> fn(&'r ExemptionRow) -> Cell<'r>;
    "exemption", "why something of an agency within sight is not public",
    "agency" Text "the agency" => |row| Cell::Text(&row.agency);
    "name" Text "its name within the agency" => |row| Cell::Text(&row.name);
    "title" Text "what is not public" => |row| Cell::Text(&row.title);
    "address" Text "its address in the catalogue" => |row| stated(row.address.as_deref().unwrap_or_default());
    "ground" Text "the legal ground" => |row| Cell::Text(row.ground.as_str());
    "law" Text "law and section" => |row| Cell::Text(&row.law);
    "review" Time "the day by which somebody looks again" => |row| moment(Some(row.review));
    "state" Text "overdue, due, later or ended" => |row| Cell::Text(row.state.as_str());
    "classification" Text "up to whom the entry may be seen" => |row| Cell::Text(row.classification.as_str());
}

table! {
    SELF_ASSESSMENT, SELF_ASSESSMENT_CELLS: for<'r> fn(&'r SaidRow) -> Cell<'r>;
    "self_assessment", "what somebody of an agency said about a requirement of a repository within sight, where no program can judge",
    "address" Text "the repository's address in one form" => |row| Cell::Text(&row.address);
    "agency" Text "its agency" => |row| Cell::Text(&row.agency);
    "requirement" Text "the requirement, by the name of its criterion and its place there" => |row| Cell::Text(&row.said.requirement);
    "strength" Text "must, should or may" => |row| Cell::Text(row.said.strength.as_str());
    "standard_version" Text "the version of the Standard for Public Code that it is about" => |row| stated(row.said.version.as_deref().unwrap_or_default());
    "answer" Text "met, not-met, does-not-apply or do-not-know" => |row| stated(row.said.answer.map_or("", |answer| answer.as_str()));
    "reason" Text "why, for who reads at the agency" => |row| stated(&row.said.reason);
    "evidence" Text "an address where it can be seen" => |row| stated(row.said.evidence.as_deref().unwrap_or_default());
    "said_by" Text "login of whoever said it" => |row| stated(row.said.said_by.as_deref().unwrap_or_default());
    "said" Time "when" => |row| moment(row.said.said);
    "old" Text "why the answer is old: standard, year or change" => |row| stated(row.said.old.map_or("", |old| old.as_str()));
    "contradicts" Boolean "whether the program found that it is not met" => |row| Cell::Boolean(row.said.contradicts);
}

fn osi(row: &RepositoryRow) -> Cell<'_> {
    row.licence.as_deref().and_then(|licence| licence_terms(licence).is_osi).into()
}

fn tally(row: &RepositoryRow, of: fn(&OutcomeTally) -> u64) -> Cell<'_> {
    row.practices.as_ref().map_or(Cell::Null, |one| count(of(one)))
}

impl House {
    /// Tables of the catalogue that a query names. The others can be planned with.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(crate) async fn catalogue_tables(&self, desk: &Desk, names: &BTreeSet<String>) -> Result<Vec<StreamedTable>> {
        let mut made: Vec<StreamedTable> = Vec::new();
        if names.contains(OWN_REPOSITORY.name) {
            let rows = self.catalogue(desk, &CatalogueQuery::default()).await?.rows;
            made.push(Listed::table(&OWN_REPOSITORY, OWN_REPOSITORY_CELLS, rows));
        }
        if names.contains(EXEMPTION.name) {
            made.push(Listed::table(&EXEMPTION, EXEMPTION_CELLS, self.exemptions(desk).await?.rows));
        }
        if names.contains(SELF_ASSESSMENT.name) {
            made.push(Listed::table(&SELF_ASSESSMENT, SELF_ASSESSMENT_CELLS, self.said_rows(desk).await?));
        }
        let missing = TABLES.iter().filter(|table| !made.iter().any(|made| made.table.name == table.name));
        let missing: Vec<StreamedTable> = missing.map(|table| StreamedTable { table, rows: None }).collect();
        Ok(made.into_iter().chain(missing).collect())
    }
}
