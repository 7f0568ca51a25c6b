// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `registry add`, `edit`, `retire` and `declare`: one thing at a time.
//!
//! A change holds from a moment on (`valid_from`, else now). What is planned for later or was said about the time
//! since stays as it is apart from the fields named: an edit goes over every statement that reaches beyond the moment.

use serde::Serialize;
use underpin_ledger::RegistryChange;
use underpin_model::Timestamp;
use underpin_model::registry::{
    Agency, AgencyId, Deployment, DeploymentId, MappingRule, System, SystemId, SystemStatus, Versioned, is_identifier,
    slug,
};

use super::Author;
use super::registry_fields::{FieldChange, Fields, differences, set_all};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// What a change did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let mut agency = Agency::default();
        set_all(&mut agency, fields, &desk)?;
        let taken = |id: &str| desk.snapshot.agencies.iter().any(|known| known.id.0 == id);
        agency.id = AgencyId(fresh_id("agency", id, &agency.name, taken)?);
        let about = format!("agency {}", agency.id);
        let fields = differences(None, Some(&agency));
        self.change(author, about, from, fields, vec![RegistryChange::PutAgency(agency)]).await
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
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let mut system = System::default();
        set_all(&mut system, fields, &desk)?;
        system.id = SystemId(fresh_id("system", id, &system.name, |id| desk.system_position(id).is_some())?);
        let about = format!("system {}", system.id);
        let fields = differences(None, Some(&system));
        self.change(author, about, from, fields, vec![RegistryChange::PutSystem(system)]).await
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
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let mut deployment = Deployment::default();
        set_all(&mut deployment, fields, &desk)?;
        let same = |known: &&Deployment, id: &str| known.system == deployment.system && known.id.0 == id;
        let taken = |id: &str| desk.snapshot.deployments.iter().any(|known| same(&known, id));
        deployment.id = DeploymentId(fresh_id("deployment", id, &deployment.name, taken)?);
        let about = format!("deployment {}/{}", deployment.system, deployment.id);
        let fields = differences(None, Some(&deployment));
        self.change(author, about, from, fields, vec![RegistryChange::PutDeployment(deployment)]).await
    }

    /// Registers a mapping rule.
    ///
    /// # Errors
    /// `invalid-field`, and what the ledger refuses.
    pub async fn add_mapping(&self, author: &Author, fields: &Fields, from: Option<Timestamp>) -> Result<ChangeAnswer> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let mut rule = MappingRule::default();
        set_all(&mut rule, fields, &desk)?;
        let about = format!("mapping of {} {:?} to {}", rule.on.as_str(), rule.pattern, rule.system);
        let fields = differences(None, Some(&rule));
        let mut answer = self.change(author, about, from, fields, vec![RegistryChange::PutMapping(rule)]).await?;
        answer.notes.push("the rule binds documents that come in from now on".to_owned());
        Ok(answer)
    }

    /// Changes fields of an agency.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`, `invalid-field`, and what the ledger refuses.
    pub async fn edit_agency(
        &self,
        author: &Author,
        text: &str,
        fields: &Fields,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let (id, missing) = meant(text, desk.agency_called(text).map(|agency| agency.id.0.clone()))?;
        let timeline = self.agency_timeline(author, &AgencyId(id.clone())).await?;
        if let (true, Some(error)) = (timeline.is_empty(), missing) {
            return Err(error);
        }
        let (changes, seen) = edited(&desk, &timeline, from.unwrap_or(author.at), fields, "agency", &id)?;
        let changes = statements(changes, RegistryChange::PutAgency, &RegistryChange::EndAgency(AgencyId(id.clone())));
        self.change(author, format!("agency {id}"), from, seen, changes).await
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
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let (id, missing) = meant(text, desk.system_called(text).map(|system| system.id.0.clone()))?;
        let timeline = self.system_timeline(author, &SystemId(id.clone())).await?;
        if let (true, Some(error)) = (timeline.is_empty(), missing) {
            return Err(error);
        }
        let (changes, seen) = edited(&desk, &timeline, from.unwrap_or(author.at), fields, "system", &id)?;
        let changes = statements(changes, RegistryChange::PutSystem, &RegistryChange::EndSystem(SystemId(id.clone())));
        self.change(author, format!("system {id}"), from, seen, changes).await
    }

    /// Changes fields of a deployment.
    ///
    /// # Errors
    /// As [`Self::edit_agency`].
    pub async fn edit_deployment(
        &self,
        author: &Author,
        system: &str,
        deployment: &str,
        fields: &Fields,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let before = deployment_called(&desk, system, deployment)?;
        let mut after = before.clone();
        set_all(&mut after, fields, &desk)?;
        let about = format!("deployment {}/{}", before.system, before.id);
        let seen = differences(Some(before), Some(&after));
        self.change(author, about, from, seen, vec![RegistryChange::PutDeployment(after)]).await
    }

    /// Takes something out of use, from a moment on. Its past stays.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`, `agency-in-use`, and what the ledger refuses.
    pub async fn retire(&self, author: &Author, retired: &Retired, from: Option<Timestamp>) -> Result<ChangeAnswer> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        match retired {
            Retired::System(text) => {
                let status = vec![SystemStatus::Retired.as_str().to_owned()];
                self.edit_system(author, text, &vec![("status".to_owned(), status)], from).await
            }
            Retired::Agency(text) => {
                let id = desk.agency_called(text)?.id.clone();
                let changes = vec![RegistryChange::EndAgency(id.clone())];
                self.change(author, format!("agency {id}"), from, Vec::new(), changes).await
            }
            Retired::Deployment(system, deployment) => {
                let found = deployment_called(&desk, system, deployment)?;
                let about = format!("deployment {}/{}", found.system, found.id);
                let changes = vec![RegistryChange::EndDeployment(found.system.clone(), found.id.clone())];
                self.change(author, about, from, Vec::new(), changes).await
            }
            Retired::Mapping(rule) => {
                let about = format!("mapping of {} {:?} to {}", rule.on.as_str(), rule.pattern, rule.system);
                let changes = vec![RegistryChange::RemoveMapping(rule.clone())];
                self.change(author, about, from, Vec::new(), changes).await
            }
        }
    }

    /// Applies changes that hold from a moment on.
    pub(crate) async fn change(
        &self,
        author: &Author,
        about: String,
        from: Option<Timestamp>,
        fields: Vec<FieldChange>,
        changes: Vec<RegistryChange>,
    ) -> Result<ChangeAnswer> {
        let valid_from = from.unwrap_or(author.at);
        let dated = |change: RegistryChange| match change {
            RegistryChange::ValidFrom(..) => change,
            other => other.valid_from(valid_from),
        };
        let changes = changes.into_iter().map(dated).collect();
        let before = self.ledger.reader(author.viewer.clone()).revision().await?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let revision = writer.apply_registry(author.at, changes).await.map_err(explained)?;
        Ok(ChangeAnswer { about, revision, changed: revision > before, valid_from, fields, notes: Vec::new() })
    }

    /// What is believed now about an agency, in the order of time.
    pub(crate) async fn agency_timeline(&self, author: &Author, id: &AgencyId) -> Result<Vec<Versioned<Agency>>> {
        Ok(believed(self.ledger.reader(author.viewer.clone()).history_of_agency(id).await?))
    }

    /// What is believed now about a system, in the order of time.
    pub(crate) async fn system_timeline(&self, author: &Author, id: &SystemId) -> Result<Vec<Versioned<System>>> {
        Ok(believed(self.ledger.reader(author.viewer.clone()).history_of_system(id).await?))
    }
}

fn believed<T>(mut history: Vec<Versioned<T>>) -> Vec<Versioned<T>> {
    history.retain(|row| row.recorded_until == Timestamp::MAX);
    history.sort_by_key(|row| row.valid_from);
    history
}

/// What is to be said from a moment on: a value, or (`None`) that it ends.
type Amended<T> = Vec<(Timestamp, Option<T>)>;

/// Goes over every statement that reaches beyond a moment.
///
/// # Errors
/// What `amend` refuses.
pub(crate) fn amended<T: Clone>(
    timeline: &[Versioned<T>],
    from: Timestamp,
    mut amend: impl FnMut(&mut T) -> Result<()>,
) -> Result<Amended<T>> {
    let mut changes = Vec::new();
    let mut reaching = timeline.iter().filter(|row| row.valid_until > from).peekable();
    while let Some(row) = reaching.next() {
        let mut value = row.value.clone();
        amend(&mut value)?;
        changes.push((row.valid_from.max(from), Some(value)));
        let follows = reaching.peek().is_some_and(|next| next.valid_from <= row.valid_until);
        if row.valid_until != Timestamp::MAX && !follows {
            changes.push((row.valid_until, None));
        }
    }
    Ok(changes)
}

/// The same as changes of the registry.
pub(crate) fn statements<T>(
    amended: Amended<T>,
    put: fn(T) -> RegistryChange,
    end: &RegistryChange,
) -> Vec<RegistryChange> {
    let change = |(from, value): (Timestamp, Option<T>)| match value {
        Some(value) => put(value).valid_from(from),
        None => end.clone().valid_from(from),
    };
    amended.into_iter().map(change).collect()
}

/// An identifier that does not hold now may be planned for later: its timeline will tell.
fn meant(text: &str, found: Result<String>) -> Result<(String, Option<OfficeError>)> {
    match found {
        Err(error) if error.code == "not-found" && is_identifier(text) => Ok((text.to_owned(), Some(error))),
        found => found.map(|id| (id, None)),
    }
}

fn edited<T: Clone + PartialEq + Serialize + super::registry_fields::Settable>(
    desk: &Desk,
    timeline: &[Versioned<T>],
    from: Timestamp,
    fields: &Fields,
    kind: &str,
    id: &str,
) -> Result<(Amended<T>, Vec<FieldChange>)> {
    let changes = amended(timeline, from, |value| set_all(value, fields, desk))?;
    if changes.is_empty() {
        return Err(match timeline.last() {
            None => OfficeError::new("not-found", format!("there is no {kind} {id:?} that you may see")),
            Some(last) => OfficeError::new("ended", format!("{kind} {id} ended on {}", last.valid_until.date())),
        });
    }
    let before: Vec<&T> = timeline.iter().filter(|row| row.valid_until > from).map(|row| &row.value).collect();
    let after: Vec<&T> = changes.iter().filter_map(|(_, value)| value.as_ref()).collect();
    if before == after {
        // Said again piece by piece it would look like news.
        return Ok((Vec::new(), Vec::new()));
    }
    let seen = differences(before.first().copied(), after.first().copied());
    Ok((changes, seen))
}

fn deployment_called<'d>(desk: &'d Desk, system: &str, deployment: &str) -> Result<&'d Deployment> {
    let system = desk.system_called(system)?;
    let found = desk.deployments(system).find(|row| row.id.0 == deployment || row.name == deployment);
    found.ok_or_else(|| {
        OfficeError::new("not-found", format!("system {} has no deployment {deployment:?}", system.id))
            .hint(format!("`underpin registry show {}` lists them", system.id))
    })
}

/// The identifier stated, or one made from the name that is free.
fn fresh_id(kind: &str, stated: Option<String>, name: &str, taken: impl Fn(&str) -> bool) -> Result<String> {
    if let Some(id) = stated {
        if taken(&id) {
            return Err(OfficeError::new("already-there", format!("there is a {kind} {id} already"))
                .hint(format!("`underpin registry edit {kind} {id} …` changes it")));
        }
        return Ok(id);
    }
    let base: String = slug(name).chars().take(100).collect();
    if base.is_empty() {
        return Err(OfficeError::new("invalid-field", format!("no identifier can be made from the name {name:?}"))
            .hint("state one with --id"));
    }
    let numbered = (2..).map(|number| format!("{base}-{number}"));
    Ok(std::iter::once(base.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or(base))
}

/// Refusals of the ledger with what to do about them.
pub(crate) fn explained(error: underpin_ledger::LedgerError) -> OfficeError {
    let hint = match error.code() {
        "agency-in-use" => "move what belongs to it first, or use `underpin registry merge` or `split`",
        "agency-cycle" => "choose another parent",
        "unknown-agency" | "unknown-system" | "unknown-deployment" => {
            "it is not there, or it ends; `underpin registry list` shows what there is"
        }
        "invalid-identifier" => "write lower-case letters, digits and hyphens",
        _ => "",
    };
    OfficeError::from(error).hint(hint)
}
