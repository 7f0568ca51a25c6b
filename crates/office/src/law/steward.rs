// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a steward of free software has to show (Article 24 of Regulation (EU) 2024/2847), made from what is true in this house and nothing
//! else: settings, answers about roles, what was published, the log of requests. What is not there is named as missing.
//!
//! Cases under embargo are not counted: the pack goes to others.

use std::path::Path;

use underpin_model::catalogue::Visibility;
use underpin_model::clocks::{Obliged, StepState};
use underpin_model::law_roles::LawRole;
use underpin_model::people::Act;
use underpin_model::publications::PublicationState;
use underpin_model::steward_pack::{PackElement, PackFact, PackPart, PackRequest, StewardPack};
use underpin_render::{Language, steward_pack as words};

use super::bundle::{WrittenFile, write_folder};
use super::citation;
use super::requests::RequestState;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::publish::PublicationKind;
use crate::role_model::catalogue::CatalogueQuery;

impl House {
    /// Writes the pack into a folder that is not there yet: Markdown and PDF in both languages, the facts as data, digests.
    ///
    /// # Errors
    /// `not-allowed` for who does not lead for the government; `exists`; when the ledger cannot be read or the folder not written.
    pub async fn steward_pack(&self, desk: &Desk, folder: &Path) -> Result<Vec<WrittenFile>> {
        let facts = self.steward_facts(desk).await?;
        let mut files = Vec::new();
        for language in [Language::English, Language::German] {
            let code = language.code();
            files.push((format!("steward-pack.{code}.md"), words::markdown(language, &facts).into_bytes()));
            let pdf =
                words::bytes(language, &facts).map_err(|error| OfficeError::new("report-failed", error.to_string()))?;
            files.push((format!("steward-pack.{code}.pdf"), pdf));
        }
        let mut json = serde_json::to_vec_pretty(&facts).unwrap_or_default();
        json.push(b'\n');
        files.push(("steward-pack.json".to_owned(), json));
        write_folder(folder, files)
    }

    /// What is true of the steward.
    ///
    /// # Errors
    /// `not-allowed` for who does not lead for the government: less sight would look like less to show.
    pub async fn steward_facts(&self, desk: &Desk) -> Result<StewardPack> {
        if !desk.viewer.may_everywhere(Act::Lead) {
            return Err(OfficeError::new(
                "not-allowed",
                "only who leads for the whole government may make a steward's pack",
            )
            .hint("ask somebody who may; on the command line --viewer says who asks"));
        }
        let requests = self.authority_requests(desk).await?;
        let (all, late) = (requests.rows.len() as u64, requests.count(RequestState::Late));
        let open = late + requests.count(RequestState::Open);
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
        let rows = requests.rows.into_iter().map(|row| PackRequest {
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
        let own = rows.filter(|row| row.outcome.role == Some(LawRole::Steward));
        Ok(own.map(|row| PackFact::StewardOf { name: row.name, actor: row.actor, said: row.said }).collect())
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
        let rows = self.publications(desk).await?.rows;
        let is_out = |row: &&crate::publish::PublicationRow| {
            row.kind == PublicationKind::Csaf && row.state == PublicationState::Approved && !row.withdraws
        };
        let published = rows.iter().filter(is_out).count() as u64;
        Ok(if published > 0 { vec![PackFact::Advisories { published }] } else { Vec::new() })
    }

    async fn reports(&self, desk: &Desk) -> Result<Vec<PackFact>> {
        let steward = [Obliged::StewardInDevelopment, Obliged::StewardInfrastructure];
        let clocks = self.clocks(desk).await?.rows.into_iter();
        let own = clocks.filter(|row| row.roles.iter().any(|role| steward.contains(role)));
        let steps: Vec<_> = own.flat_map(|row| row.steps).collect();
        let handed_in = steps.iter().filter(|step| step.handed_in.is_some()).count() as u64;
        let late = steps.iter().filter(|step| step.state == StepState::Late).count() as u64;
        Ok(if steps.is_empty() { Vec::new() } else { vec![PackFact::Reports { handed_in, late }] })
    }
}
