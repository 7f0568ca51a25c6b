// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `registry add`, `edit`, `retire` and `declare`: one thing at a time.
//!
//! A change holds from a moment on (`valid_from`, else now). What is planned for later or was said about the time
//! since stays as it is apart from the fields named: an edit goes over every statement that reaches beyond the moment.
//! Names are those of now; what fields refer to must be there when the change begins to hold.

use serde::Serialize;
use underpin_ledger::RegistryChange;
use underpin_model::Timestamp;
use underpin_model::registry::{
    Agency, AgencyId, Deployment, DeploymentId, MappingRule, System, SystemId, SystemStatus, Versioned, slug,
};

use super::Author;
use super::registry_entry::Entry;
use super::registry_fields::{FieldChange, Fields, Settable, differences, set_all};
use super::registry_scene::{Intent, Scene, amended};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// What a change did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ChangeAnswer {
    /// What it was about: `system portal`.
    pub about: String,
    /// Revision of the ledger afterwards.
    pub revision: i64,
    /// False when everything held already.
    pub changed: bool,
    /// Since when it holds.
    pub valid_from: Timestamp,
    /// What changed, as far as it holds now.
    pub fields: Vec<FieldChange>,
    /// What to know beyond that.
    pub notes: Vec<String>,
}

/// What can be retired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retired {
    /// An agency with nothing below it.
    Agency(String),
    /// A system: it stays in the registry with the status `retired`.
    System(String),
    /// A deployment of a system.
    Deployment(String, String),
    /// A mapping rule.
    Mapping(MappingRule),
}

impl House {
    /// Registers an agency.
    ///
    /// # Errors
    /// `already-there`, `invalid-field`, and what the ledger refuses.
    pub async fn add_agency(
        &self,
        author: &Author,
        id: Option<String>,
        fields: &Fields,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        self.change(author, from, |scene| {
            let mut agency = Agency::default();
            set_all(&mut agency, fields, scene.then())?;
            agency.id = AgencyId(fresh_id::<Agency>(scene, id.as_deref(), &agency.name, "")?);
            Ok(added(agency))
        })
        .await
    }

    /// Registers a system.
    ///
    /// # Errors
    /// As [`Self::add_agency`].
    pub async fn add_system(
        &self,
        author: &Author,
        id: Option<String>,
        fields: &Fields,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        self.change(author, from, |scene| {
            let mut system = System::default();
            set_all(&mut system, fields, scene.then())?;
            system.id = SystemId(fresh_id::<System>(scene, id.as_deref(), &system.name, "")?);
            Ok(added(system))
        })
        .await
    }

    /// Registers a deployment. Without a name it is called as its identifier says.
    ///
    /// # Errors
    /// As [`Self::add_agency`].
    pub async fn add_deployment(
        &self,
        author: &Author,
        id: Option<String>,
        fields: &Fields,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        self.change(author, from, |scene| {
            let mut deployment = Deployment::default();
            set_all(&mut deployment, fields, scene.then())?;
            let within = format!("{}/", deployment.system);
            let id = fresh_id::<Deployment>(scene, id.as_deref(), &deployment.name, &within)?;
            deployment.id = DeploymentId(id);
            Ok(added(deployment))
        })
        .await
    }

    /// Registers a mapping rule.
    ///
    /// # Errors
    /// `invalid-field`, and what the ledger refuses.
    pub async fn add_mapping(&self, author: &Author, fields: &Fields, from: Option<Timestamp>) -> Result<ChangeAnswer> {
        self.change(author, from, |scene| {
            let mut rule = MappingRule::default();
            set_all(&mut rule, fields, scene.then())?;
            let about = about_rule(&rule);
            let notes = vec!["the rule binds documents that come in from now on".to_owned()];
            Ok(Intent { about, notes, ..added(rule) })
        })
        .await
    }

    /// Changes fields of an agency.
    ///
    /// # Errors
    /// `not-found`, `ended`, `ambiguous-name`, `invalid-field`, and what the ledger refuses.
    pub async fn edit_agency(
        &self,
        author: &Author,
        text: &str,
        fields: &Fields,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        let outcome = self.change(author, from, |scene| {
            let found = scene.now.agency_called(text).map(|agency| agency.id.0.clone());
            edited::<Agency>(scene, text, found, fields)
        });
        match outcome.await {
            Err(error) if error.code == "not-found" => {
                let reader = self.ledger.reader(author.viewer.clone(), author.at);
                let history = reader.history_of_agency(&AgencyId(text.to_owned())).await?;
                Err(ended("agency", text, &history, from.unwrap_or(author.at)).unwrap_or(error))
            }
            outcome => outcome,
        }
    }

    /// Changes fields of a system.
    ///
    /// # Errors
    /// As [`Self::edit_agency`].
    pub async fn edit_system(
        &self,
        author: &Author,
        text: &str,
        fields: &Fields,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        let outcome = self.change(author, from, |scene| {
            let found = scene.now.system_called(text).map(|system| system.id.0.clone());
            edited::<System>(scene, text, found, fields)
        });
        match outcome.await {
            Err(error) if error.code == "not-found" => {
                let reader = self.ledger.reader(author.viewer.clone(), author.at);
                let history = reader.history_of_system(&SystemId(text.to_owned())).await?;
                Err(ended("system", text, &history, from.unwrap_or(author.at)).unwrap_or(error))
            }
            outcome => outcome,
        }
    }

    /// Changes fields of a deployment.
    ///
    /// # Errors
    /// As [`Self::edit_agency`]; `invalid-field` for another system, for a deployment is known by its system.
    pub async fn edit_deployment(
        &self,
        author: &Author,
        system: &str,
        deployment: &str,
        fields: &Fields,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        self.change(author, from, |scene| {
            let (key, found) = deployment_meant(scene, system, deployment)?;
            let intent = edited::<Deployment>(scene, &key, found, fields)?;
            if intent.fields.iter().any(|field| field.field == "system") {
                return Err(OfficeError::new("invalid-field", format!("deployment {key} stays with its system"))
                    .hint("retire it, and add one to the other system"));
            }
            Ok(intent)
        })
        .await
    }

    /// Takes something out of use, from a moment on, with everything planned for later. Its past stays.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`, `agency-in-use`, and what the ledger refuses.
    pub async fn retire(&self, author: &Author, retired: &Retired, from: Option<Timestamp>) -> Result<ChangeAnswer> {
        if let Retired::System(text) = retired {
            let status = vec![SystemStatus::Retired.as_str().to_owned()];
            return self.edit_system(author, text, &vec![("status".to_owned(), status)], from).await;
        }
        self.change(author, from, |scene| {
            let (about, change) = match retired {
                Retired::Deployment(system, deployment) => return retired_deployment(scene, system, deployment),
                Retired::Mapping(rule) => (about_rule(rule), rule.end()),
                Retired::Agency(text) | Retired::System(text) => {
                    let found = scene.now.agency_called(text).map(|agency| agency.id.0.clone());
                    let id = AgencyId(meant::<Agency>(scene, text, found)?);
                    (format!("agency {id}"), RegistryChange::EndAgency(id))
                }
            };
            Ok(Intent { about, changes: vec![change], ..Intent::default() })
        })
        .await
    }
}

fn about_rule(rule: &MappingRule) -> String {
    format!("mapping of {} {:?} to {}", rule.on.as_str(), rule.pattern, rule.system)
}

/// Something new.
fn added<T: Entry>(value: T) -> Intent {
    let (kind, key) = (T::KIND.as_str(), value.key());
    Intent {
        about: format!("{kind} {key}"),
        fields: differences(None, Some(&value)),
        changes: vec![value.put()],
        notes: Vec::new(),
        thing: Some((kind, key)),
    }
}

/// What an identifier leads to: what is there now, or what is planned under it.
fn meant<T: Entry>(scene: &Scene, text: &str, found: Result<String>) -> Result<String> {
    match found {
        Err(error) if error.code == "not-found" && !scene.timeline::<T>(text).is_empty() => Ok(text.to_owned()),
        found => found,
    }
}

/// New values of fields, whatever else is planned.
fn edited<T: Entry + Settable>(scene: &Scene, text: &str, found: Result<String>, fields: &Fields) -> Result<Intent> {
    let key = meant::<T>(scene, text, found)?;
    let kind = T::KIND.as_str();
    let timeline = scene.timeline::<T>(&key);
    let Some(first) = timeline.first() else {
        return Err(OfficeError::new("ended", format!("{kind} {key} is not there any more then")));
    };
    let mut after = first.value.clone();
    set_all(&mut after, fields, scene.then())?;
    Ok(Intent {
        about: format!("{kind} {key}"),
        fields: differences(Some(&first.value), Some(&after)),
        changes: amended(&timeline, scene.from, |value| set_all(value, fields, scene.then()))?,
        notes: Vec::new(),
        thing: Some((kind, key)),
    })
}

/// The refusal for what has ended, with its date.
fn ended<T>(kind: &str, id: &str, history: &[Versioned<T>], from: Timestamp) -> Option<OfficeError> {
    let believed = history.iter().filter(|row| row.recorded_until == Timestamp::MAX);
    let until = believed.map(|row| row.valid_until).max()?;
    (until <= from).then(|| OfficeError::new("ended", format!("{kind} {id} ended on {}", until.date())))
}

/// The key of a deployment that is there now or planned; the second is the error when it is neither.
fn deployment_meant(scene: &Scene, system: &str, deployment: &str) -> Result<(String, Result<String>)> {
    let found = scene.now.system_called(system).map(|system| system.id.0.clone());
    let system = meant::<System>(scene, system, found)?;
    let there = scene.now.system_called(&system).and_then(|_| deployment_called(&scene.now, &system, deployment));
    let found = there.map(Entry::key);
    let key = found.as_ref().map_or_else(|_| format!("{system}/{deployment}"), Clone::clone);
    Ok((key, found))
}

/// The end of a deployment, and of the mapping rules that lead to it.
fn retired_deployment(scene: &Scene, system: &str, deployment: &str) -> Result<Intent> {
    let (key, found) = deployment_meant(scene, system, deployment)?;
    let key = meant::<Deployment>(scene, &key, found)?;
    let timeline = scene.timeline::<Deployment>(&key);
    let Some(first) = timeline.first() else {
        return Err(OfficeError::new("ended", format!("deployment {key} is not there any more then")));
    };
    let leads_here =
        |rule: &&MappingRule| rule.system == first.value.system && rule.deployment.as_ref() == Some(&first.value.id);
    let rules = scene.file().mappings.iter().filter(leads_here);
    let notes = rules.map(|rule| format!("the {} ends with it", about_rule(rule))).collect();
    let changes = vec![first.value.end()];
    Ok(Intent { about: format!("deployment {key}"), changes, notes, ..Intent::default() })
}

fn deployment_called<'d>(desk: &'d Desk, system: &str, deployment: &str) -> Result<&'d Deployment> {
    let system = desk.system_called(system)?;
    let found = desk.deployments(system).find(|row| row.id.0 == deployment || row.name == deployment);
    found.ok_or_else(|| {
        OfficeError::new("not-found", format!("system {} has no deployment {deployment:?}", system.id))
            .hint(format!("`underpin registry show {}` lists them", system.id))
    })
}

/// The identifier stated, or one made from the name that is free. `within` is what stands before it in a key.
fn fresh_id<T: Entry>(scene: &Scene, stated: Option<&str>, name: &str, within: &str) -> Result<String> {
    let kind = T::KIND.as_str();
    let timeline = |id: &str| scene.timeline::<T>(&format!("{within}{id}"));
    if let Some(id) = stated {
        if let Some(first) = timeline(id).first() {
            let there = match first.valid_from > scene.now.snapshot.at.max(scene.from) {
                true => format!("a {kind} {within}{id} is planned from {} on", first.valid_from.date()),
                false => format!("there is a {kind} {within}{id} already"),
            };
            return Err(OfficeError::new("already-there", there)
                .hint(format!("`underpin registry edit {kind} {within}{id} …` changes it")));
        }
        return Ok(id.to_owned());
    }
    let base: String = slug(name).chars().take(100).collect();
    if base.is_empty() {
        return Err(OfficeError::new("invalid-field", format!("no identifier can be made from the name {name:?}"))
            .hint("state one with --id"));
    }
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    Ok(std::iter::once(base.clone()).chain(numbered).find(|id| timeline(id).is_empty()).unwrap_or(base))
}

/// Refusals of the ledger with what to do about them.
pub(crate) fn explained(error: underpin_ledger::LedgerError) -> OfficeError {
    let hint = match error.code() {
        "agency-in-use" => "move what belongs to it first, or use `underpin registry merge` or `split`",
        "agency-cycle" => "choose another parent",
        "agency-ends" => "name the agency that it belongs to for longer, or let it end with this one",
        "begins-later" => "let it begin with what it belongs to: --valid-from",
        "registry-moved" => "run it again; nothing was changed",
        "unknown-agency" | "unknown-system" | "unknown-deployment" => {
            "it is not there, or it ends; `underpin registry list` shows what there is"
        }
        "invalid-identifier" => "write lower-case letters, digits and hyphens",
        _ => return error.into(),
    };
    OfficeError::from(error).hint(hint)
}
