// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/incidents/new`: who would be hit? Asked first, then opened.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use underpin_model::incidents::{Scope, ScopeQuery, SystemStanding};
use underpin_model::people::{Act, Reach};
use underpin_model::registry::Classification;
use underpin_model::watch::{Place as Where, Tlp};
use underpin_office::incidents::NewIncident;
use underpin_render::{Argument, text};

use super::incident_view::{Fault, Notice, author, may_lead, moment};
use super::{Answer, html};
use crate::forms::Told;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Systems of the preview that are shown.
const SHOWN_ROWS: usize = 100;

/// What the forms say: the question, and what the incident is to be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    form_token: String,
    kind: String,
    what: String,
    versions: String,
    from: String,
    until: String,
    title: String,
    target: String,
    tlp: String,
    classification: String,
    place: String,
    drill: String,
}

/// A system that would be in it.
struct Row {
    system: String,
    name: String,
    agency: String,
    agency_name: String,
    reach: &'static str,
}

/// Who would be hit.
struct Preview {
    systems: Vec<Row>,
    is_cut: bool,
    unclear: u64,
}

#[derive(Template)]
#[template(path = "incident_new.html")]
struct Page {
    frame: Frame,
    notice: Notice,
    headline: String,
    asked: Asked,
    preview: Option<Preview>,
    may_open: bool,
    kinds: [&'static str; 3],
    markings: Vec<&'static str>,
    classes: Vec<&'static str>,
    /// Where somebody may lead: word and name.
    places: Vec<(String, String)>,
}

impl Asked {
    /// The question; `None` while none is asked. A moment that is none counts as not given: [`Self::faults`] tells of it.
    fn scope(&self) -> Option<Scope> {
        let (what, versions) = (self.what.trim(), self.versions.trim());
        if what.is_empty() {
            return None;
        }
        let query = match self.kind.as_str() {
            "vulnerability" => ScopeQuery::Vulnerability(what.to_owned()),
            "digest" => ScopeQuery::Digest(what.to_owned()),
            _ => ScopeQuery::Package(format!("{what} {versions}").trim().to_owned()),
        };
        let when = |text: &str| moment(text).ok().flatten();
        Some(Scope { query, from: when(&self.from), until: when(&self.until) })
    }

    /// What is wrong with the moments, field by field.
    fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let fields = [("from", &self.from), ("until", &self.until), ("target", &self.target)];
        let mut faults: Vec<_> = fields
            .into_iter()
            .filter(|(_, text)| moment(text).is_err())
            .map(|(field, _)| (field, "incident-fault-moment"))
            .collect();
        let (from, until) = (moment(&self.from), moment(&self.until));
        match (from, until) {
            (Ok(None), Ok(Some(_))) => faults.push(("from", "incident-fault-window-from")),
            (Ok(Some(from)), Ok(Some(until))) if until < from => faults.push(("until", "incident-fault-window-order")),
            (Ok(Some(_)), _) if self.kind == "vulnerability" => faults.push(("from", "incident-fault-window-kind")),
            _ => {}
        }
        faults
    }

    /// What is not said, is said for people: a package, for inside use, what the marking is in most cases.
    fn completed(mut self) -> Self {
        if !["vulnerability", "digest"].contains(&self.kind.as_str()) {
            "package".clone_into(&mut self.kind);
        }
        if self.tlp.parse::<Tlp>().is_err() {
            Tlp::Amber.as_str().clone_into(&mut self.tlp);
        }
        if self.classification.parse::<Classification>().is_err() {
            Classification::Internal.as_str().clone_into(&mut self.classification);
        }
        self
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person, Query(asked): Query<Asked>) -> Answer {
    shown(&house, &person, asked, Notice::default()).await
}

/// Opens it.
pub async fn open(State(house): State<Arc<WebHouse>>, person: Person, Form(asked): Form<Asked>) -> Answer {
    person.check(&asked.form_token)?;
    let asked = asked.completed();
    let mut faults = Vec::new();
    let mut fault =
        |field, key: &str| faults.push(Fault { field, told: text(person.visitor.language, key, &[]).into() });
    let scope = asked.scope();
    if scope.is_none() {
        fault("what", "incident-fault-what");
    }
    if asked.title.trim().is_empty() {
        fault("title", "incident-fault-title");
    }
    asked.faults().into_iter().for_each(|(field, key)| fault(field, key));
    let (Some(scope), Ok(target), true) = (scope, moment(&asked.target), faults.is_empty()) else {
        return refused(&house, &person, asked, Notice { faults, ..Notice::default() }).await;
    };
    let author = author(&house, &person).await?;
    let new = NewIncident {
        title: asked.title.trim().to_owned(),
        scope,
        place: chosen_place(&asked.place),
        tlp: asked.tlp.parse().unwrap_or(Tlp::Amber),
        classification: asked.classification.parse().unwrap_or(Classification::Internal),
        drill_of: (!asked.drill.is_empty()).then(|| asked.what.trim().to_owned()),
        target,
    };
    match house.house.open_incident(&author, new).await {
        Ok(id) => Ok(Redirect::to(&format!("/incidents/{id}?done=opened")).into_response()),
        Err(error) => match error.code {
            "invalid-incident" | "too-long" | "query" | "usage" | "version-range" | "invalid-digest" => {
                refused(&house, &person, asked, Notice::fault("what", Told::by_the_office(&error))).await
            }
            _ => Err(error.into()),
        },
    }
}

fn chosen_place(word: &str) -> Where {
    match word.trim() {
        "" => Where::Government,
        agency => Where::Agency(agency.into()),
    }
}

async fn refused(house: &WebHouse, person: &Person, asked: Asked, notice: Notice) -> Answer {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, shown(house, person, asked, notice).await?).into_response())
}

async fn shown(house: &WebHouse, person: &Person, asked: Asked, mut notice: Notice) -> Answer {
    let visitor = &person.visitor;
    let mut asked = asked.completed();
    let mut frame = Frame::new(visitor, Place::Incidents);
    "/incidents/new".clone_into(&mut frame.path);
    frame.title = frame.t("incident-open-now");
    let all = frame.t("nav-incidents");
    frame.crumb(all, "/incidents");
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    let mut headline = frame.t("incident-new-headline");
    let mut preview = None;
    if notice.faults.is_empty() {
        let told = |(field, key): (&'static str, &str)| Fault { field, told: frame.t(key).into() };
        notice.faults.extend(asked.faults().into_iter().map(told));
    }
    // What is asked can be answered whatever the target says, whose field stands below the answer.
    let is_sound = asked.faults().iter().all(|(field, _)| *field == "target");
    if let Some(scope) = asked.scope().filter(|_| is_sound) {
        let watched = house.watched(&seat).await?;
        match house.house.preview_incident(&seat.desk, watched, &scope, &chosen_place(&asked.place)).await {
            Ok(judged) => {
                let hit = |row: &&underpin_office::incidents::SystemRow| row.standing == SystemStanding::Hit;
                let systems = judged.systems.iter().filter(hit);
                let (count, agencies) = (systems.clone().count() as u64, judged.agencies);
                headline = match count {
                    0 => frame.t("incident-new-none"),
                    _ => text(
                        frame.language,
                        "incident-new-hit",
                        &[("systems", Argument::Count(count)), ("agencies", Argument::Count(agencies))],
                    ),
                };
                let listed = judged.systems.iter().filter(|row| row.standing != SystemStanding::NotHit);
                preview = Some(Preview {
                    is_cut: listed.clone().count() > SHOWN_ROWS,
                    systems: listed.take(SHOWN_ROWS).map(row).collect(),
                    unclear: judged.counts.in_the_dark(),
                });
            }
            Err(error) if error.code == "query-limit" || error.code.starts_with("lake") => return Err(error.into()),
            Err(error) => notice = Notice::fault("what", Told::by_the_office(&error)),
        }
        if asked.title.is_empty() {
            asked.what.trim().clone_into(&mut asked.title);
        }
    }
    let places = places(&frame, person, &seat.desk);
    html(&Page {
        frame,
        notice,
        headline,
        preview,
        may_open: may_lead(visitor),
        kinds: ["package", "vulnerability", "digest"],
        markings: Tlp::ALL.iter().map(|word| word.as_str()).collect(),
        classes: Classification::ALL
            .iter()
            .filter(|class| **class <= person.signed.person.clearance)
            .map(|class| class.as_str())
            .collect(),
        places,
        asked,
    })
}

/// Where somebody may lead: the whole government first, else the agencies of their grants.
fn places(frame: &Frame, person: &Person, desk: &underpin_office::Desk) -> Vec<(String, String)> {
    let leads = person.signed.person.grants.iter().filter(|grant| grant.role.may(Act::Lead));
    let mut places: Vec<(String, String)> = leads
        .filter_map(|grant| match &grant.reach {
            Reach::Government => Some((String::new(), frame.t("incident-place-all"))),
            Reach::Agency(id) => {
                Some((id.0.clone(), desk.agency(id).map_or_else(|| id.0.clone(), |one| one.name.clone())))
            }
            Reach::System(_) => None,
        })
        .collect();
    places.sort();
    places.dedup();
    places
}

fn row(row: &underpin_office::incidents::SystemRow) -> Row {
    Row {
        system: row.system.clone(),
        name: row.system_name.clone(),
        agency: row.agency.clone(),
        agency_name: row.agency_name.clone(),
        reach: row.standing.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_what_was_written() {
        let asked = |kind: &str, what: &str, versions: &str| {
            Asked { kind: kind.to_owned(), what: what.to_owned(), versions: versions.to_owned(), ..Asked::default() }
                .completed()
                .scope()
                .map(|scope| scope.query)
        };
        assert_eq!(asked("", "  ", "<1"), None);
        assert_eq!(asked("", "log4j-core", ""), Some(ScopeQuery::Package("log4j-core".to_owned())));
        assert_eq!(
            asked("package", " log4j-core ", "<2.17.1 "),
            Some(ScopeQuery::Package("log4j-core <2.17.1".to_owned()))
        );
        assert_eq!(asked("vulnerability", "CVE-1-1", "<1"), Some(ScopeQuery::Vulnerability("CVE-1-1".to_owned())));
        assert_eq!(asked("digest", "ab", ""), Some(ScopeQuery::Digest("ab".to_owned())));
    }
}
