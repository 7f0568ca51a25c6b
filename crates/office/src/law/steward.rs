// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a steward of free software has to show (Article 24 of Regulation (EU) 2024/2847), made from what is true in this house and nothing
//! else: settings, answers about roles, what was published, the log of requests. What is not there is named as missing.
//!
//! The pack goes to others: cases under embargo, incidents and systems that are not spoken of outside, logins, and what other authorities
//! asked are left out of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use underpin_model::catalogue::Visibility;
use underpin_model::clocks::{Obliged, StepState};
use underpin_model::law_roles::{LawRole, RoleSubject};
use underpin_model::people::Act;
use underpin_model::publications::PublicationState;
use underpin_model::registry::Classification;
use underpin_model::steward_pack::{PackElement, PackFact, PackPart, PackRequest, StewardPack};
use underpin_model::watch::Tlp;
use underpin_render::{Language, steward_pack as words};

use super::bundle::{WrittenFile, write_folder};
use super::citation;
use super::requests::{RequestRow, RequestState};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::messages::SPOKEN_CLASSIFICATION;
use crate::publish::{PublicationKind, PublicationRow};
use crate::role_model::catalogue::CatalogueQuery;

impl House {
    /// Writes the pack into a folder that is not there yet: Markdown and PDF in both languages, the facts as data, digests.
    ///
    /// # Errors
    /// `not-allowed` for who does not lead for the government; `exists`; when the ledger cannot be read or the folder not written.
    pub async fn steward_pack(&self, desk: &Desk, folder: &Path, authority: Option<&str>) -> Result<Vec<WrittenFile>> {
        let facts = self.steward_facts(desk, authority).await?;
        write_folder(folder, pack_files(&facts)?)
    }

    /// What is true of the steward. The log is that of the authority for which the pack is made: what one of them asks is not for the
    /// next one, so without a name requests are counted and none is told.
    ///
    /// # Errors
    /// `not-allowed` for who does not lead for the government: less sight would look like less to show.
    pub async fn steward_facts(&self, desk: &Desk, authority: Option<&str>) -> Result<StewardPack> {
        if !desk.viewer.may_everywhere(Act::Lead) {
            return Err(OfficeError::new(
                "not-allowed",
                "only who leads for the whole government may make a steward's pack",
            )
            .hint("ask somebody who may; on the command line --viewer says who asks"));
        }
        let mut requests = self.authority_requests(desk).await?.rows;
        let name = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        requests.retain(|row| authority.is_none_or(|own| name(own) == name(&row.authority)));
        let is_open = |row: &&RequestRow| matches!(row.state, RequestState::Late | RequestState::Open);
        let (all, open) = (requests.len() as u64, requests.iter().filter(is_open).count() as u64);
        let log = if all > 0 { vec![PackFact::Requests { all, open }] } else { Vec::new() };
        let part = |element, law: &str, facts| PackPart { element, facts, law: citation(law) };
        let parts = vec![
            part(PackElement::Responsible, "cra-3-14", self.publisher()),
            part(PackElement::Products, "cra-3-14", self.steward_of(desk).await?),
            part(PackElement::Contact, "cra-24-1", self.contacts()),
            part(PackElement::SecureDevelopment, "cra-24-1", self.development(desk).await?),
            part(PackElement::VulnerabilityHandling, "cra-24-1", self.handling(desk).await?),
            part(PackElement::VoluntaryReporting, "cra-24-1", self.policy(desk)),
            part(PackElement::InformationSharing, "cra-24-1", self.sharing(desk).await?),
            part(PackElement::Reporting, "cra-24-3", self.reports(desk).await?),
            part(PackElement::Authorities, "cra-24-2", log),
        ];
        let told = requests.into_iter().filter(|_| authority.is_some());
        let rows = told.map(|row| PackRequest {
            request: row.request,
            authority: row.authority,
            about: row.about,
            asked: row.asked,
            due: row.due,
            answered: row.answered,
            evidence: row.evidence,
        });
        let overview = desk.overview();
        Ok(StewardPack {
            author: self.settings.publish.name.trim().to_owned(),
            parts,
            requests: rows.collect(),
            snapshot: overview.snapshot,
            as_of: overview.as_of,
        })
    }

    fn publisher(&self) -> Vec<PackFact> {
        let (name, words) = (self.settings.publish.name.trim(), self.settings.publish.authority.trim());
        let name = (!name.is_empty()).then(|| PackFact::Publisher { name: name.to_owned() });
        let authority = (!words.is_empty()).then(|| PackFact::Authority { words: words.to_owned() });
        name.into_iter().chain(authority).collect()
    }

    /// Products of which the answers that count leave the role of a steward.
    async fn steward_of(&self, desk: &Desk) -> Result<Vec<PackFact>> {
        let rows = self.law_roles(desk).await?.rows.into_iter();
        let own = rows.filter(|row| row.outcome.role == Some(LawRole::Steward) && is_spoken(desk, &row.subject));
        Ok(own.map(|row| PackFact::StewardOf { name: row.name, said: row.said }).collect())
    }

    fn contacts(&self) -> Vec<PackFact> {
        let publish = &self.settings.publish;
        let stated = publish.security_txt.iter().flat_map(|text| text.contact.iter());
        let all = stated.map(String::as_str).chain([publish.contact.trim()]).filter(|text| !text.is_empty());
        all.map(|address| PackFact::Contact { address: address.to_owned() }).collect()
    }

    /// A security.txt that holds on the desk's day.
    fn policy(&self, desk: &Desk) -> Vec<PackFact> {
        let text = self.settings.publish.security_txt.as_ref().filter(|text| text.expires > desk.overview().as_of);
        let Some(text) = text else { return Vec::new() };
        let policy = text.policy.clone().map(|address| PackFact::Policy { address });
        [PackFact::SecurityText { expires: text.expires }].into_iter().chain(policy).collect()
    }

    async fn development(&self, desk: &Desk) -> Result<Vec<PackFact>> {
        let found = self.catalogue(desk, &CatalogueQuery::default()).await?;
        let public = found.rows.iter().filter(|row| row.visibility == Visibility::Public).count() as u64;
        Ok(if found.all > 0 { vec![PackFact::Repositories { all: found.all, public }] } else { Vec::new() })
    }

    async fn handling(&self, desk: &Desk) -> Result<Vec<PackFact>> {
        let cases = self.disclosures(desk).await?.rows;
        let public = cases.iter().filter(|row| row.is_open && !row.is_embargoed).count() as u64;
        Ok(if public > 0 { vec![PackFact::Cases { public }] } else { Vec::new() })
    }

    async fn sharing(&self, desk: &Desk) -> Result<Vec<PackFact>> {
        let published = standing_advisories(&self.publications(desk).await?.rows);
        Ok(if published > 0 { vec![PackFact::Advisories { published }] } else { Vec::new() })
    }

    async fn reports(&self, desk: &Desk) -> Result<Vec<PackFact>> {
        let steward = [Obliged::StewardInDevelopment, Obliged::StewardInfrastructure];
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let incidents = reader.incidents(desk.snapshot.at).await?.into_iter();
        let goes_out = incidents.filter(|own| goes_out(own.tlp, own.classification));
        let told: BTreeSet<String> = goes_out.map(|own| own.id.to_string()).collect();
        let clocks = self.clocks(desk).await?.rows.into_iter().filter(|row| told.contains(&row.incident));
        let clocks = clocks.filter(|row| row.whom.as_ref().is_none_or(|whom| is_spoken(desk, whom)));
        let own = clocks.filter(|row| row.roles.iter().any(|role| steward.contains(role)));
        let steps: Vec<_> = own.flat_map(|row| row.steps).collect();
        let handed_in = steps.iter().filter(|step| step.handed_in.is_some()).count() as u64;
        let late = steps.iter().filter(|step| step.state == StepState::Late).count() as u64;
        Ok(if steps.is_empty() { Vec::new() } else { vec![PackFact::Reports { handed_in, late }] })
    }
}

fn failed(error: impl std::fmt::Display) -> OfficeError {
    OfficeError::new("report-failed", error.to_string())
}

/// The files of a pack, by name. The same facts give the same bytes.
fn pack_files(facts: &StewardPack) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for language in [Language::English, Language::German] {
        let code = language.code();
        files.push((format!("steward-pack.{code}.md"), words::markdown(language, facts).into_bytes()));
        let pdf = words::bytes(language, facts).map_err(failed)?;
        files.push((format!("steward-pack.{code}.pdf"), pdf));
    }
    let mut json = serde_json::to_vec_pretty(facts).map_err(failed)?;
    json.push(b'\n');
    files.push(("steward-pack.json".to_owned(), json));
    Ok(files)
}

/// Whether what is marked so may leave the house for somebody who is no recipient of it.
fn goes_out(tlp: Tlp, classification: Classification) -> bool {
    matches!(tlp, Tlp::Clear | Tlp::Green) && classification <= SPOKEN_CLASSIFICATION
}

/// Whether a subject may be named outside; a system that is classified higher or kept in a compartment may not.
fn is_spoken(desk: &Desk, subject: &RoleSubject) -> bool {
    let RoleSubject::System(id) = subject else { return true };
    desk.system_position(&id.0)
        .map(|position| desk.system(position))
        .is_some_and(|system| system.classification <= SPOKEN_CLASSIFICATION && system.compartments.is_empty())
}

/// Advisories that stand: of each name the newest approved version, unless that one takes back what was published.
fn standing_advisories(rows: &[PublicationRow]) -> u64 {
    let mut newest: BTreeMap<&str, &PublicationRow> = BTreeMap::new();
    let approved = |row: &&PublicationRow| row.kind == PublicationKind::Csaf && row.state == PublicationState::Approved;
    for row in rows.iter().filter(approved) {
        let known = newest.entry(row.name.as_str()).or_insert(row);
        if row.version > known.version {
            *known = row;
        }
    }
    newest.values().filter(|row| !row.withdraws).count() as u64
}

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;

    use super::*;

    fn row(name: &str, version: u64, state: PublicationState, withdraws: bool) -> PublicationRow {
        PublicationRow {
            kind: PublicationKind::Csaf,
            name: name.to_owned(),
            title: String::new(),
            version,
            summary: String::new(),
            tlp: "clear",
            state,
            withdraws,
            digest: String::new(),
            author: String::new(),
            drafted: Timestamp(0),
            ended_by: None,
            ended: None,
            reason: String::new(),
            files: Vec::new(),
        }
    }

    #[test]
    fn an_advisory_counts_once_and_not_after_it_was_taken_back() {
        let (approved, waits) = (PublicationState::Approved, PublicationState::Draft);
        let mut rows = vec![row("A-1", 1, approved, false), row("A-2", 1, approved, false)];
        assert_eq!(standing_advisories(&rows), 2);
        rows.insert(0, row("A-2", 2, approved, false));
        rows.push(row("A-1", 2, waits, true));
        assert_eq!(standing_advisories(&rows), 2, "a draft takes nothing back");
        rows.push(row("A-1", 3, approved, true));
        assert_eq!(standing_advisories(&rows), 1);
    }

    #[test]
    fn what_is_marked_for_few_does_not_go_out() {
        for (tlp, classification, expected) in [
            (Tlp::Clear, Classification::Internal, true),
            (Tlp::Green, Classification::Internal, true),
            (Tlp::Amber, Classification::Internal, false),
            (Tlp::Red, Classification::Internal, false),
            (Tlp::Clear, Classification::Secret, false),
        ] {
            assert_eq!(goes_out(tlp, classification), expected, "{tlp:?} {classification:?}");
        }
    }
}
