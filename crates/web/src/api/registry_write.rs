// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The registry is changed: things are added, changed and ended, through the same use cases as everywhere.

use axum::http::header;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use underpin_model::Timestamp;
use underpin_model::people::Act;
use underpin_model::registry::{
    Agency, Classification, DeploymentId, Exposure, MappingField, MappingRule, ProtectionNeed, System, SystemStatus,
};
use underpin_office::coordinator::registry_edit::{ChangeAnswer, Retired};
use underpin_office::coordinator::registry_fields::Fields;

use super::BASE;
use super::call::{Call, given};
use super::endpoint::{Endpoint, endpoint};
use super::problem::Problem;
use super::registry::{entry, read, tag_of_entry};
use super::reply::Reply;

pub fn endpoints() -> Vec<Endpoint> {
    let all = vec![
        endpoint!(POST "/agencies" add_agency Registry "Registers an agency").makes().sends::<NewAgency>(),
        endpoint!(POST "/systems" add_system Registry "Registers a system").makes().sends::<NewSystem>(),
        endpoint!(POST "/systems/{system}/deployments" add_deployment Registry "Registers a place where a system runs")
            .makes()
            .sends::<NewDeployment>(),
        endpoint!(POST "/mappings" add_mapping Registry "Registers a rule that binds documents that come in")
            .makes()
            .sends::<NewMapping>(),
        endpoint!(PATCH "/agencies/{agency}" edit_agency Registry "Changes fields of an agency").matched().sends::<AgencyChange>(),
        endpoint!(PATCH "/systems/{system}" edit_system Registry "Changes fields of a system").matched().sends::<SystemChange>(),
        endpoint!(PATCH "/systems/{system}/deployments/{deployment}" edit_deployment Registry "Changes fields of a deployment")
            .sends::<DeploymentChange>(),
        endpoint!(POST "/agencies/{agency}/end" end_agency Registry "Ends an agency that has nothing below it")
            .matched()
            .sends::<End>(),
        endpoint!(POST "/systems/{system}/end" end_system Registry "Retires a system").matched().sends::<End>(),
        endpoint!(POST "/systems/{system}/deployments/{deployment}/end" end_deployment Registry "Ends a deployment").sends::<End>(),
        endpoint!(POST "/mappings/end" end_mapping Registry "Ends a mapping rule").sends::<NewMapping>(),
    ];
    all.into_iter().map(|endpoint| endpoint.act(Act::Register).gives::<ChangeAnswer>()).collect()
}

macro_rules! fields {
    ($(#[doc = $doc:literal])+ $name:ident $(needs { $(#[doc = $need_doc:literal] $need:ident: $need_kind:ty,)+ })? { $(#[doc = $field_doc:literal] $field:ident: $kind:ty,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "it says what may be sent; the use case takes the fields one by one")]
        struct $name {
            $($(#[doc = $need_doc] $need: $need_kind,)+)?
            $(#[doc = $field_doc] #[serde(default, deserialize_with = "given")] $field: Option<Option<$kind>>,)+
            /// Since when it holds; else now.
            #[serde(default)]
            valid_from: Option<Timestamp>,
        }
    };
}

fields! {
    /// An agency to be registered.
    NewAgency needs {
        /// Name.
        name: String,
    } {
        /// Stable identifier; else made from the name.
        id: String,
        /// Other names it is known by.
        aliases: Vec<String>,
        /// The agency it belongs to.
        parent: String,
        /// Functional mailbox or page; never a person.
        contact: String,
        /// Systems it says it has that are not registered yet.
        declared_systems: u64,
        /// Agencies it came from.
        predecessors: Vec<String>,
    }
}

fields! {
    /// What of an agency is to be changed: fields that are named; null empties one.
    AgencyChange {
        /// Name.
        name: String,
        /// Other names it is known by.
        aliases: Vec<String>,
        /// The agency it belongs to.
        parent: String,
        /// Functional mailbox or page; never a person.
        contact: String,
        /// Systems it says it has that are not registered yet.
        declared_systems: u64,
        /// Agencies it came from.
        predecessors: Vec<String>,
    }
}

fields! {
    /// A system to be registered.
    NewSystem needs {
        /// Name.
        name: String,
        /// The agency that owns it.
        agency: String,
    } {
        /// Stable identifier; else made from the name.
        id: String,
        /// Other names it is known by.
        aliases: Vec<String>,
        /// What it is for.
        purpose: String,
        /// Who runs it.
        operator: String,
        /// Who supplies it.
        supplier: String,
        /// Support contract: who can patch it.
        support: String,
        /// Functional mailbox or page; never a person.
        contact: String,
        /// Protection need: confidentiality.
        confidentiality: ProtectionNeed,
        /// Protection need: integrity.
        integrity: ProtectionNeed,
        /// Protection need: availability.
        availability: ProtectionNeed,
        /// Who can reach it.
        exposure: Exposure,
        /// Who may know of it.
        classification: Classification,
        /// Where it is in its life.
        status: SystemStatus,
        /// Systems it needs to work.
        depends_on: Vec<String>,
    }
}

fields! {
    /// What of a system is to be changed: fields that are named; null empties one.
    SystemChange {
        /// Name.
        name: String,
        /// The agency that owns it.
        agency: String,
        /// Other names it is known by.
        aliases: Vec<String>,
        /// What it is for.
        purpose: String,
        /// Who runs it.
        operator: String,
        /// Who supplies it.
        supplier: String,
        /// Support contract: who can patch it.
        support: String,
        /// Functional mailbox or page; never a person.
        contact: String,
        /// Protection need: confidentiality.
        confidentiality: ProtectionNeed,
        /// Protection need: integrity.
        integrity: ProtectionNeed,
        /// Protection need: availability.
        availability: ProtectionNeed,
        /// Who can reach it.
        exposure: Exposure,
        /// Who may know of it.
        classification: Classification,
        /// Where it is in its life.
        status: SystemStatus,
        /// Systems it needs to work.
        depends_on: Vec<String>,
    }
}

fields! {
    /// A deployment to be registered.
    NewDeployment needs {
        /// Name.
        name: String,
    } {
        /// Stable identifier, unique within the system; else made from the name.
        id: String,
        /// Environment (`production`, `test`, …).
        environment: String,
        /// Data centre, cloud region or site.
        location: String,
        /// Who can reach it, where that differs from the system.
        exposure: Exposure,
    }
}

fields! {
    /// What of a deployment is to be changed: fields that are named; null empties one.
    DeploymentChange {
        /// Name.
        name: String,
        /// Environment (`production`, `test`, …).
        environment: String,
        /// Data centre, cloud region or site.
        location: String,
        /// Who can reach it, where that differs from the system.
        exposure: Exposure,
    }
}

/// A mapping rule.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewMapping {
    /// Pattern; `*` stands for any characters.
    pattern: String,
    /// The system.
    system: String,
    /// What is looked at; else the subject.
    #[serde(default)]
    on: Option<MappingField>,
    /// The deployment, where it matters.
    #[serde(default)]
    deployment: Option<String>,
    /// Since when it holds; else now.
    #[serde(default)]
    valid_from: Option<Timestamp>,
}

/// When something ends.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct End {
    /// Since when it holds; else now.
    #[serde(default)]
    valid_from: Option<Timestamp>,
}

/// What a request says: identifier, fields, and since when.
struct Said {
    id: Option<String>,
    fields: Fields,
    from: Option<Timestamp>,
}

/// The fields that a request names, as the use case takes them.
fn said<T: DeserializeOwned>(call: &Call) -> Result<Said, Problem> {
    // Read once as what it must be, so that what is wrong is told; then field by field.
    call.sent::<T>()?;
    let object: serde_json::Map<String, Value> = call.sent()?;
    let mut said = Said { id: None, fields: Vec::new(), from: None };
    for (name, value) in object {
        let words = words(&value);
        match name.as_str() {
            "id" => said.id = words.into_iter().next().filter(|id| !id.is_empty()),
            "valid_from" => said.from = words.first().and_then(|text| text.parse().ok()),
            _ => said.fields.push((name, words)),
        }
    }
    Ok(said)
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(words).collect(),
        other => vec![other.to_string()],
    }
}

fn made(call: &Call, answer: &ChangeAnswer, kind: &str) -> Result<Reply, Problem> {
    // `about` is the kind, a blank, the identifier.
    let id = answer.about.split_once(' ').map_or("", |(_, id)| id);
    Ok(call.say(answer)?.header(header::LOCATION, format!("{BASE}/{kind}/{}", crate::error::encoded(id))))
}

async fn add_agency(call: Call) -> Result<Reply, Problem> {
    let said = said::<NewAgency>(&call)?;
    let answer = call.house.house.add_agency(&call.author().await?, said.id, &said.fields, said.from).await?;
    made(&call, &answer, "agencies")
}

async fn add_system(call: Call) -> Result<Reply, Problem> {
    let said = said::<NewSystem>(&call)?;
    let answer = call.house.house.add_system(&call.author().await?, said.id, &said.fields, said.from).await?;
    made(&call, &answer, "systems")
}

async fn add_deployment(call: Call) -> Result<Reply, Problem> {
    let mut said = said::<NewDeployment>(&call)?;
    said.fields.insert(0, ("system".to_owned(), vec![call.variable("system").to_owned()]));
    call.say(&call.house.house.add_deployment(&call.author().await?, said.id, &said.fields, said.from).await?)
}

async fn add_mapping(call: Call) -> Result<Reply, Problem> {
    let said = said::<NewMapping>(&call)?;
    call.say(&call.house.house.add_mapping(&call.author().await?, &said.fields, said.from).await?)
}

/// Refuses a change that was meant for another state of the thing; what is not there is told as such.
async fn check_agency(call: &Call) -> Result<String, Problem> {
    let seat = call.seat().await?;
    let found = entry(call, &seat, "agency", false).await?;
    call.check_match(&tag_of_entry(&read::<Agency>(found.fields)?))?;
    Ok(found.id)
}

async fn check_system(call: &Call) -> Result<String, Problem> {
    let seat = call.seat().await?;
    let found = entry(call, &seat, "system", false).await?;
    call.check_match(&tag_of_entry(&read::<System>(found.fields)?))?;
    Ok(found.id)
}

async fn edit_agency(call: Call) -> Result<Reply, Problem> {
    let said = said::<AgencyChange>(&call)?;
    let id = check_agency(&call).await?;
    call.say(&call.house.house.edit_agency(&call.author().await?, &id, &said.fields, said.from).await?)
}

async fn edit_system(call: Call) -> Result<Reply, Problem> {
    let said = said::<SystemChange>(&call)?;
    let id = check_system(&call).await?;
    call.say(&call.house.house.edit_system(&call.author().await?, &id, &said.fields, said.from).await?)
}

async fn edit_deployment(call: Call) -> Result<Reply, Problem> {
    let said = said::<DeploymentChange>(&call)?;
    let (system, deployment) = (call.variable("system"), call.variable("deployment"));
    let author = call.author().await?;
    call.say(&call.house.house.edit_deployment(&author, system, deployment, &said.fields, said.from).await?)
}

async fn end(call: &Call, what: Retired, from: Option<Timestamp>) -> Result<Reply, Problem> {
    call.say(&call.house.house.retire(&call.author().await?, &what, from).await?)
}

async fn end_agency(call: Call) -> Result<Reply, Problem> {
    let sent: End = call.sent()?;
    let id = check_agency(&call).await?;
    end(&call, Retired::Agency(id), sent.valid_from).await
}

async fn end_system(call: Call) -> Result<Reply, Problem> {
    let sent: End = call.sent()?;
    let id = check_system(&call).await?;
    end(&call, Retired::System(id), sent.valid_from).await
}

async fn end_deployment(call: Call) -> Result<Reply, Problem> {
    let sent: End = call.sent()?;
    let what = Retired::Deployment(call.variable("system").to_owned(), call.variable("deployment").to_owned());
    end(&call, what, sent.valid_from).await
}

async fn end_mapping(call: Call) -> Result<Reply, Problem> {
    let sent: NewMapping = call.sent()?;
    let rule = MappingRule {
        on: sent.on.unwrap_or_default(),
        pattern: sent.pattern,
        system: sent.system.as_str().into(),
        deployment: sent.deployment.map(DeploymentId),
    };
    end(&call, Retired::Mapping(rule), sent.valid_from).await
}
