// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/registry/systems/{id}/deployments/{deployment}`: where does a system run, which rules lead there, and how is that changed? Its end
//! takes the rules with it that lead to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde_json::Value;
use underpin_model::people::Act;
use underpin_model::registry::{MappingRule, System};
use underpin_office::coordinator::registry_edit::Retired;
use underpin_office::coordinator::registry_fields::Fields;

use super::incident_view::author;
use super::registry::{Field, refusal_of, values};
use super::registry_mappings::address;
use super::{Answer, html};
use crate::error::{WebError, encoded};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::reach::Reachable;
use crate::visitor::{Person, pairs};

/// Fields that the form sets.
const FIELDS: &[&str] = &["name", "environment", "location", "exposure"];
/// The identifier in the address of what is not there yet.
const NEW: &str = "new";

#[derive(Template)]
#[template(path = "registry_deployment.html")]
struct Page {
    frame: Frame,
    headline: String,
    system: System,
    id: String,
    is_new: bool,
    fields: Vec<Field>,
    /// What the form was made from.
    was: String,
    from: String,
    rules: Vec<MappingRule>,
    /// How many bindings name it.
    bound: u64,
    changes: bool,
    saved: bool,
    refusal_key: &'static str,
    refusal: String,
}

impl Page {
    /// The page of a rule.
    fn rule(&self, rule: &MappingRule) -> String {
        address(rule)
    }
}

/// What is said after a form was sent: key of a sentence, what the office says, and the status.
type Fault = (&'static str, String, StatusCode);

/// One place where a system runs, or the form for a new one.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Path(path): Path<(String, String)>) -> Answer {
    let sent = Sent(pairs(&person.visitor.uri));
    shown(&house, &person, (&path.0, &path.1), &sent, ("", String::new(), StatusCode::OK)).await
}

/// A system that is meant by its identifier alone; a name leads to it elsewhere, not in addresses.
fn system<'d>(desk: &'d underpin_office::Desk, id: &str) -> Result<&'d System, WebError> {
    desk.system_position(id).map(|position| desk.system(position)).ok_or_else(WebError::not_found)
}

async fn shown(
    house: &WebHouse,
    person: &Person,
    (system_id, id): (&str, &str),
    sent: &Sent,
    (refusal_key, refusal, status): Fault,
) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let desk = &seat.desk;
    let system = system(desk, system_id)?.clone();
    let changes = visitor.as_of.is_none() && Reachable::of(&viewer, desk, Act::Register).has(&system);
    let found = desk.deployments(&system).find(|row| row.id.0 == id).cloned();
    let is_new = id == NEW && found.is_none();
    if found.is_none() && !(is_new && changes) {
        return Err(WebError::not_found());
    }
    let held = found.as_ref().map_or(Value::Null, |found| serde_json::to_value(found).unwrap_or_default());
    let held = values(&held, FIELDS);
    let is_sent = !sent.one("form_token").is_empty();
    let field = |(name, (_, held)): (&&'static str, &(String, String))| {
        Field::new(name, if is_sent || is_new { sent.one(name).to_owned() } else { held.clone() })
    };
    let leads_here =
        |rule: &&MappingRule| rule.system == system.id && rule.deployment.as_ref().is_some_and(|own| own.0 == id);
    let bound =
        desk.snapshot.bindings.iter().filter(|binding| {
            binding.system == system.id && binding.deployment.as_ref().is_some_and(|own| own.0 == id)
        });
    let mut frame = Frame::new(visitor, Place::Government);
    frame.path = place(&system.id.0, id);
    frame.here.clone_from(&frame.path);
    frame.as_of = Some(desk.overview().as_of);
    for (key, address) in [("nav-government", "/agencies"), ("registry", "/registry")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    frame.crumb(system.name.clone(), format!("/registry/systems/{}", encoded(&system.id.0)));
    let name = found.as_ref().map(|found| found.name.clone()).filter(|name| !name.is_empty());
    frame.title = if is_new { frame.t("deployment-new") } else { name.unwrap_or_else(|| id.to_owned()) };
    let page = Page {
        headline: frame.title.clone(),
        fields: FIELDS.iter().zip(&held).map(field).collect(),
        was: serde_json::to_string(&held).unwrap_or_default(),
        id: id.to_owned(),
        is_new,
        from: sent.one("from").to_owned(),
        rules: desk.snapshot.mappings.iter().filter(leads_here).cloned().collect(),
        bound: bound.count() as u64,
        changes,
        saved: sent.is_ticked("saved"),
        refusal_key,
        refusal,
        system,
        frame,
    };
    Ok((status, html(&page)?).into_response())
}

fn place(system: &str, id: &str) -> String {
    format!("/registry/systems/{}/deployments/{}", encoded(system), encoded(id))
}

/// Saves a change, adds a deployment or takes one out of use.
pub async fn change(
    State(house): State<Arc<WebHouse>>,
    person: Person,
    Path((system_id, id)): Path<(String, String)>,
    sent: Sent,
) -> Answer {
    person.check(sent.one("form_token"))?;
    let author = author(&house, &person).await?;
    let seat = house.seat(&author.viewer, None).await?;
    let system = system(&seat.desk, &system_id)?;
    let fault = |key: &'static str, status| (key, String::new(), status);
    let Ok(from) = sent.day("from") else {
        let fault = fault("triage-fault-day", StatusCode::UNPROCESSABLE_ENTITY);
        return shown(&house, &person, (&system_id, &id), &sent, fault).await;
    };
    let given = |name: &&str| ((*name).to_owned(), vec![sent.one(name).to_owned()]);
    let found = seat.desk.deployments(system).find(|row| row.id.0 == id);
    let outcome = match found {
        None if id != NEW => return Err(WebError::not_found()),
        None => {
            let mut fields: Fields = FIELDS.iter().filter(|name| sent.some(name).is_some()).map(given).collect();
            fields.insert(0, ("system".to_owned(), vec![system.id.0.clone()]));
            house.house.add_deployment(&author, sent.some("id"), &fields, from).await
        }
        Some(_) if sent.is("step", "end") && !sent.is_ticked("sure") => {
            let fault = fault("deployment-fault-sure", StatusCode::UNPROCESSABLE_ENTITY);
            return shown(&house, &person, (&system_id, &id), &sent, fault).await;
        }
        Some(_) if sent.is("step", "end") => {
            house.house.retire(&author, &Retired::Deployment(system.id.0.clone(), id.clone()), from).await
        }
        Some(found) => {
            let held = values(&serde_json::to_value(found).unwrap_or_default(), FIELDS);
            if serde_json::to_string(&held).unwrap_or_default() != sent.one("was") {
                let fault = fault("registry-conflict", StatusCode::CONFLICT);
                return shown(&house, &person, (&system_id, &id), &Sent::default(), fault).await;
            }
            let is_other = |name: &&&str| held.iter().any(|(own, value)| own == *name && value != sent.one(name));
            let fields: Fields = FIELDS.iter().filter(is_other).map(given).collect();
            house.house.edit_deployment(&author, &system.id.0, &id, &fields, from).await
        }
    };
    match outcome {
        Ok(answer) => {
            // Once it has ended there is no page of it; what is planned has none yet.
            let is_here = !sent.is("step", "end") && from.is_none();
            let named = answer.about.rsplit_once('/').map_or(id.as_str(), |(_, id)| id);
            let to = match is_here {
                true => place(&system.id.0, named),
                false => format!("/registry/systems/{}", encoded(&system.id.0)),
            };
            Ok(Redirect::to(&format!("{to}?saved=yes")).into_response())
        }
        Err(error) => shown(&house, &person, (&system_id, &id), &sent, refusal_of(error)?).await,
    }
}
