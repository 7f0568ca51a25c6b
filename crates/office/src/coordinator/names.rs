// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Finding an agency or a system by identifier, name or alias. Names need not be unique: an ambiguous one lists the
//! candidates.

use underpin_ledger::Snapshot;
use underpin_model::DocumentId;
use underpin_model::registry::{Agency, Deployment, System, SystemId};

use crate::error::{OfficeError, Result};
use crate::house::Desk;

/// Suggestions given when nothing was found.
pub(crate) const SUGGESTIONS: usize = 5;

/// A candidate: identifier, name, other names.
type Named<'r> = (&'r str, &'r str, &'r [String]);

/// The agency that is meant, among those of a snapshot.
///
/// # Errors
/// `not-found` with near names, `ambiguous-name` with the candidates.
pub(crate) fn agency_in<'s>(snapshot: &'s Snapshot, text: &str) -> Result<&'s Agency> {
    let agencies = &snapshot.agencies;
    let named = |agency: &Agency| agency.parent.as_ref().map_or(String::new(), |parent| format!(", below {parent}"));
    let index = called("agency", "agencies", text, agencies.len(), |index| {
        let agency = &agencies[index];
        ((agency.id.0.as_str(), agency.name.as_str(), agency.aliases.as_slice()), named(agency))
    })?;
    Ok(&agencies[index])
}

/// The system that is meant, among those of a snapshot.
///
/// # Errors
/// `not-found` with near names, `ambiguous-name` with the candidates.
pub(crate) fn system_in<'s>(snapshot: &'s Snapshot, text: &str) -> Result<&'s System> {
    let systems = &snapshot.systems;
    let index = called("system", "systems", text, systems.len(), |index| {
        let system = &systems[index];
        ((system.id.0.as_str(), system.name.as_str(), system.aliases.as_slice()), format!(", agency {}", system.agency))
    })?;
    Ok(&systems[index])
}

/// The deployment of a system that is meant.
///
/// # Errors
/// `not-found` with near names, `ambiguous-name` with the candidates.
pub(crate) fn deployment_in<'s>(snapshot: &'s Snapshot, system: &SystemId, text: &str) -> Result<&'s Deployment> {
    let own: Vec<&Deployment> = snapshot.deployments.iter().filter(|one| one.system == *system).collect();
    let index = called("deployment", "deployments", text, own.len(), |index| {
        ((own[index].id.0.as_str(), own[index].name.as_str(), &[]), format!(", of {system}"))
    })?;
    Ok(own[index])
}

impl Desk {
    /// The agency that is meant.
    ///
    /// # Errors
    /// `not-found` with near names, `ambiguous-name` with the candidates.
    pub fn agency_called(&self, text: &str) -> Result<&Agency> {
        agency_in(&self.snapshot, text)
    }

    /// The system that is meant.
    ///
    /// # Errors
    /// `not-found` with near names, `ambiguous-name` with the candidates.
    pub fn system_called(&self, text: &str) -> Result<&System> {
        system_in(&self.snapshot, text)
    }

    /// The document that is meant: `D12` or `12`.
    ///
    /// # Errors
    /// `not-found` when the viewer sees none with this number.
    pub fn document_called(&self, text: &str) -> Result<&underpin_model::DocumentRecord> {
        let number = text.trim().parse::<DocumentId>().ok();
        number.and_then(|number| self.document(number.0)).ok_or_else(|| {
            OfficeError::new("not-found", format!("there is no document {text:?} that you may see"))
                .hint("`underpin documents list` lists them; write the number as D12")
        })
    }
}

/// Identifiers of the things whose identifier or name is near to a text, nearest first, each once.
pub(crate) fn near_identifiers<'r>(text: &str, things: impl Iterator<Item = (&'r str, &'r str)>) -> Vec<&'r str> {
    let near = |name: &str| underpin_assess::suggest::nearness(text, name);
    let mut found: Vec<(usize, &str)> =
        things.filter_map(|(id, name)| Some((near(id).into_iter().chain(near(name)).min()?, id))).collect();
    found.sort_unstable();
    found.into_iter().take(SUGGESTIONS).map(|(_, id)| id).collect()
}

fn called<'r>(
    kind: &str,
    plural: &str,
    text: &str,
    count: usize,
    row: impl Fn(usize) -> (Named<'r>, String),
) -> Result<usize> {
    let text = text.trim();
    if let Some(index) = (0..count).find(|index| row(*index).0.0 == text) {
        return Ok(index);
    }
    let wanted = text.to_lowercase();
    let fits = |(id, name, aliases): Named<'_>| {
        id == wanted || name.to_lowercase() == wanted || aliases.iter().any(|alias| alias.to_lowercase() == wanted)
    };
    let found: Vec<usize> = (0..count).filter(|index| fits(row(*index).0)).collect();
    match found.as_slice() {
        [only] => Ok(*only),
        [] => {
            let near = near_identifiers(text, (0..count).map(|index| (row(index).0.0, row(index).0.1)));
            let hint = match near.is_empty() {
                true => format!("`underpin registry list {plural}` lists what there is"),
                false => format!("did you mean: {}?", near.join(", ")),
            };
            Err(OfficeError::new("not-found", format!("there is no {kind} {text:?} that you may see")).hint(hint))
        }
        several => {
            let shown = several.iter().map(|index| {
                let ((id, name, _), more) = row(*index);
                format!("{id} ({name}{more})")
            });
            let list = shown.collect::<Vec<_>>().join("; ");
            Err(OfficeError::new("ambiguous-name", format!("{text:?} names several {plural}: {list}"))
                .hint("use the identifier"))
        }
    }
}
