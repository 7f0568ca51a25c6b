// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office knows of how a project wants to be approached: its newest record of the kind `contact`. What stands nowhere is not
//! known, and the gate reads that in favour of the project.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;
use underpin_assess::projects::{Address, assign};
use underpin_model::Timestamp;
use underpin_model::engagement::{CaseContact, DisclosureId, DisclosureRecord, ProjectFacts, StatedContact};

use super::contact::told as contact_told;
use super::contact_filled::{FurtherFacts, of_insights, of_look};
use super::kept_signals::SIGNALS;
use super::projects::Projects;
use super::published_money::INSIGHTS;
use super::reply::with_replies;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Where a line of the card is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct FactSource {
    /// `project`, `office`, `clone` or `insights`; `case` for what only members of a compartment know.
    pub told_by: &'static str,
    /// When it was written down or looked at.
    pub as_of: Timestamp,
}

/// What is known of how a project wants to be approached, and where each line is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldFacts {
    /// What is known.
    pub facts: ProjectFacts,
    /// The source of each line that is known, by the name of its field; of an address by the name of its door.
    pub sources: BTreeMap<&'static str, FactSource>,
}

/// Kind of the records that facts about contact stand in.
pub const CONTACT_RECORD: &str = "contact";

impl House {
    /// What is known of a project, as of a moment: what the office wrote down, and before it what the project itself replied. The gate
    /// needs it whoever asks.
    ///
    /// # Errors
    /// `project-facts` for a record that is none; what the ledger says.
    pub async fn known_facts(&self, project: &str, as_of: Timestamp) -> Result<ProjectFacts> {
        Ok(self.told_facts(project, as_of).await?.facts)
    }

    /// The same, with the source and the day of each line. The word of the project comes first, then what the office wrote down; what
    /// both left open is filled from SECURITY-INSIGHTS and from the newest look at a clone, the newer of the two first.
    ///
    /// # Errors
    /// As [`Self::known_facts`].
    pub async fn told_facts(&self, project: &str, as_of: Timestamp) -> Result<ToldFacts> {
        let reader = self.ledger.operator_reader();
        let look = reader.project_records(SIGNALS, Some(project), as_of).await?.pop();
        let given = reader.project_records(INSIGHTS, Some(project), as_of).await?.pop();
        let (own, written) = self.own_facts(project, as_of).await?;
        let mut told = ToldFacts { facts: own, sources: BTreeMap::new() };
        let is_written = written.map(|at| told.note_written(at)).unwrap_or_default();
        let replies = self.replies(project, as_of).await?;
        told.facts = with_replies((told.facts, written), &replies);
        for reply in &replies {
            let source = FactSource { told_by: "project", as_of: reply.day };
            // An opt-out that holds against this reply is not its word.
            let holds =
                |name: &str| name != "is_opted_out" || reply.contact.is_opted_out == Some(told.facts.is_opted_out);
            let names = reply.contact.entries().into_iter().map(|(name, _)| name).filter(|name| holds(name));
            told.sources.extend(names.map(|name| (name, source.clone())));
        }
        let mut further: Vec<FurtherFacts> = Vec::new();
        if let Some(record) = look {
            further.push(of_look(project, &record)?);
        }
        if let Some(record) = given {
            further.push(of_insights(&record)?);
        }
        further.sort_by_key(|one| std::cmp::Reverse(one.as_of));
        further.iter().for_each(|one| told.fill(one, &is_written));
        Ok(told)
    }

    /// The same for a reader: with what projects said in cases that the reader is let into.
    ///
    /// # Errors
    /// As [`Self::known_facts`].
    pub async fn told_facts_for(&self, desk: &Desk, project: &str) -> Result<ToldFacts> {
        let as_of = desk.overview().as_of;
        let mut told = self.told_facts(project, as_of).await?;
        let cases = self.ledger.reader(desk.viewer.clone(), desk.now).disclosures(as_of).await?;
        told.add_cases(cases.iter().filter(|case| case.project == project));
        Ok(told)
    }

    /// What the gate knows for words of a compartment: for words outside (an empty name) nothing of any case.
    pub(super) async fn facts_within(
        &self,
        project: &str,
        as_of: Timestamp,
        compartment: &str,
    ) -> Result<ProjectFacts> {
        let mut told = self.told_facts(project, as_of).await?;
        if !compartment.is_empty() {
            let cases = self.ledger.operator_reader().disclosures(as_of).await?;
            told.add_cases(cases.iter().filter(|case| case.project == project && case.compartment == compartment));
        }
        Ok(told.facts)
    }

    /// Writes down how a project wants to be approached in a case, for its compartment alone: an object as for [`Self::note_facts`].
    ///
    /// # Errors
    /// `project-facts` for what is no such object or for another project than that of the case; `unknown-disclosure`,
    /// `invalid-disclosure`, `too-long`, `not-allowed`; what the ledger says.
    pub async fn note_case_facts(&self, author: &Author, id: DisclosureId, project: &str, body: Json) -> Result<()> {
        let case = self.seen_disclosure(author, id).await?;
        if case.project != project {
            let message = format!("{id} is a case of {}, not of {project}", case.project);
            return Err(OfficeError::new("project-facts", message).hint("`underpin disclosure list` lists the cases"));
        }
        self.note_case_contact(author, id, stated(facts_of(project, &body)?)).await
    }

    /// The same for what is left out where nothing was said.
    ///
    /// # Errors
    /// `unknown-disclosure`, `invalid-disclosure`, `too-long`, `not-allowed`; what the ledger says.
    pub async fn note_case_contact(&self, author: &Author, id: DisclosureId, contact: StatedContact) -> Result<()> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.note_case_contact(author.at, id, contact).await.map_err(contact_told)?;
        Ok(())
    }

    /// What the office itself wrote down, and when; the word of the project stands beside it.
    pub(super) async fn own_facts(&self, project: &str, as_of: Timestamp) -> Result<(ProjectFacts, Option<Timestamp>)> {
        let records = self.ledger.operator_reader().project_records(CONTACT_RECORD, Some(project), as_of).await?;
        match records.last() {
            Some(record) => Ok((facts_of(project, &record.body)?, Some(record.moment))),
            None => Ok((ProjectFacts { project: project.to_owned(), ..ProjectFacts::default() }, None)),
        }
    }

    /// Writes down what is known of a project, as an object with the fields of [`ProjectFacts`]; what is left out is not known.
    ///
    /// # Errors
    /// `project-facts` for what is no such object; `not-allowed`; what the ledger says.
    pub async fn note_facts(&self, author: &Author, project: &str, body: Json) -> Result<ProjectFacts> {
        let facts = facts_of(project, &body)?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let body = serde_json::to_value(&facts).unwrap_or_default();
        writer.note_project(author.at, project, CONTACT_RECORD, body).await?;
        Ok(facts)
    }
}

impl ToldFacts {
    /// Adds what the project said in cases, the newest last.
    fn add_cases<'c>(&mut self, cases: impl Iterator<Item = &'c DisclosureRecord>) {
        let mut said: Vec<&CaseContact> = cases.flat_map(|case| &case.contacts).collect();
        said.sort_by_key(|one| one.at);
        for one in said {
            self.facts = one.contact.over(std::mem::take(&mut self.facts));
            let source = FactSource { told_by: "case", as_of: one.at };
            self.sources.extend(one.contact.entries().into_iter().map(|(name, _)| (name, source.clone())));
        }
    }
}

/// What facts say, as words of a project: an opt-out that nobody stated is none.
fn stated(facts: ProjectFacts) -> StatedContact {
    let addresses = facts.addresses;
    StatedContact {
        is_opted_out: facts.is_opted_out.then_some(true),
        is_archived: facts.is_archived,
        accepts_reports: facts.accepts_reports,
        accepts_changes: facts.accepts_changes,
        accepts_automated_changes: facts.accepts_automated_changes,
        takes_only_fixes: facts.takes_only_fixes,
        contributing_allows_bots: facts.contributing_allows_bots,
        is_run_by_volunteers: facts.is_run_by_volunteers,
        active_maintainers: facts.active_maintainers,
        security_policy: addresses.security_policy,
        private_report: addresses.private_report,
        stated: addresses.stated,
        maintainers: addresses.maintainers,
        public_issues: addresses.public_issues,
    }
}

/// Facts from an object that may leave out what is not known.
fn facts_of(project: &str, body: &Json) -> Result<ProjectFacts> {
    let fault = |message: String| {
        OfficeError::new("project-facts", format!("{project}: {message}"))
            .hint("the manual lists the fields, under \"Write to a project\"")
    };
    let known = ProjectFacts { project: project.to_owned(), ..ProjectFacts::default() };
    let mut whole = serde_json::to_value(&known).unwrap_or_default();
    let given = body.as_object().ok_or_else(|| fault("an object is needed".to_owned()))?;
    for (name, value) in given.iter().filter(|(name, _)| *name != "project") {
        let place = whole.get_mut(name).ok_or_else(|| fault(format!("there is no field {name}")))?;
        match (place, value) {
            (Json::Object(fields), Json::Object(inner)) => {
                for (name, value) in inner {
                    let place = fields.get_mut(name).ok_or_else(|| fault(format!("there is no address {name}")))?;
                    place.clone_from(value);
                }
            }
            (place, value) => place.clone_from(value),
        }
    }
    serde_json::from_value(whole).map_err(|error| fault(error.to_string()))
}

impl Desk {
    /// The key of the project that is meant: of an address of its repository, or of a package in use within sight. A package that
    /// nobody within sight uses keeps its own name, so that the answer tells nothing about others.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`; when a segment is missing or damaged.
    pub fn project_key(&self, text: &str) -> Result<String> {
        match self.key_of_address(text) {
            Some(key) => Ok(key),
            None => self.key_among(text, &self.projects_of(&self.session.package_uses()?.packages())?),
        }
    }

    /// The key of an address of a repository.
    fn key_of_address(&self, text: &str) -> Option<String> {
        let address = Address::read(text.trim()).filter(|_| text.contains('/') && !text.starts_with("pkg:"))?;
        Some(self.names.settled(&address.key).to_owned())
    }

    /// The same as [`Self::project_key`] where the projects in use are at hand.
    pub(super) fn key_among(&self, text: &str, projects: &Projects) -> Result<String> {
        if let Some(key) = self.key_of_address(text) {
            return Ok(key);
        }
        let text = text.trim();
        match projects.key_of(text) {
            Err(error) if error.code == "not-found" && text.starts_with("pkg:") => {
                Ok(assign(text, &[], &self.names).project)
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_left_out_is_not_known() {
        let body = json!({ "accepts_reports": false, "addresses": { "stated": "https://log.example/contact" } });
        let facts = facts_of("github.com/log/log", &body).expect("facts");
        assert_eq!((facts.accepts_reports, facts.accepts_changes, facts.is_opted_out), (Some(false), None, false));
        assert_eq!(facts.addresses.stated.as_deref(), Some("https://log.example/contact"));
        assert_eq!((facts.project.as_str(), facts.addresses.maintainers), ("github.com/log/log", None));
        let other = facts_of("github.com/log/log", &json!({ "project": "github.com/evil/evil" })).expect("facts");
        assert_eq!(other.project, "github.com/log/log");
        for body in [
            json!([]),
            json!({ "accepts_report": false }),
            json!({ "accepts_reports": "maybe" }),
            json!({ "addresses": { "home": "x" } }),
            json!({ "addresses": "x" }),
        ] {
            assert_eq!(facts_of("p", &body).expect_err("refused").code, "project-facts", "{body}");
        }
    }
}
