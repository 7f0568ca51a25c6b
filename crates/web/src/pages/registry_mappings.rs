// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/registry/mappings`: which documents that come in are about which system? A rule is tried out on what is here before it is written
//! down or taken away; and all rules can be applied to what is about no system yet.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Serialize;
use underpin_model::people::Act;
use underpin_model::registry::MappingRule;
use underpin_office::Desk;
use underpin_office::coordinator::document_rules::RuledReport;
use underpin_office::coordinator::mapping_trial::{MappingTrial, TrialOutcome};
use underpin_office::coordinator::registry_edit::Retired;
use underpin_office::coordinator::registry_fields::Fields;
use underpin_office::house::Overview;
use underpin_render::text;

use super::incident_view::author;
use super::registry::refusal_of;
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Rows};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::pager::Pager;
use crate::reach::Reachable;
use crate::visitor::{Person, pairs};

/// Fields of a rule.
const FIELDS: [&str; 4] = ["on", "pattern", "system", "deployment"];
/// What a rule can look at.
const ON: [&str; 3] = ["subject", "path", "purl"];
/// Rules on a page.
const PAGE_ROWS: u64 = 50;
/// Documents that a rule fits which are shown; all of them are counted, and in the files.
const SHOWN_DOCUMENTS: usize = 50;
/// Rules as rows of a file.
const RULES: Rows = Rows { name: "mappings", list: "rows", fields: &["on", "pattern", "system", "deployment"] };
/// Documents that a rule fits, as rows of a file.
const TRIAL: Rows = Rows {
    name: "mapping-trial",
    list: "rows",
    fields: &["document", "outcome", "subject", "path", "learned", "systems"],
};

#[derive(Serialize)]
struct Listed<'d> {
    #[serde(flatten)]
    overview: Overview,
    rows: Vec<&'d MappingRule>,
}

#[derive(Template)]
#[template(path = "registry_mappings.html")]
struct Page<'d> {
    frame: Frame,
    headline: String,
    desk: &'d Desk,
    rules: Vec<MappingRule>,
    pager: Pager,
    sent: Sent,
    on: [&'static str; 3],
    trial: Option<MappingTrial>,
    /// Documents of the trial by outcome: waiting, there, elsewhere.
    counts: [u64; 3],
    is_cut: bool,
    /// What applying all rules did.
    report: Option<RuledReport>,
    /// Accepted documents about no system.
    unbound: u64,
    /// Whether the reader may write down or take away the rule that is tried out.
    changes: bool,
    /// Whether the reader may apply the rules.
    applies: bool,
    done: &'static str,
    refusal_key: &'static str,
    refusal: String,
}

impl Page<'_> {
    /// The name of a system.
    fn system(&self, id: &str) -> String {
        self.desk.system_position(id).map_or_else(|| id.to_owned(), |position| self.desk.system(position).name.clone())
    }

    /// The page of a rule.
    fn rule(&self, rule: &MappingRule) -> String {
        address(rule)
    }
}

/// The page on which a rule is tried out.
pub fn address(rule: &MappingRule) -> String {
    let mut pairs = vec![
        ("on".to_owned(), rule.on.as_str().to_owned()),
        ("pattern".to_owned(), rule.pattern.clone()),
        ("system".to_owned(), rule.system.0.clone()),
    ];
    pairs.extend(rule.deployment.as_ref().map(|id| ("deployment".to_owned(), id.0.clone())));
    exports::with_pairs("/registry/mappings", &pairs)
}

/// What is said after a form was sent.
#[derive(Default)]
struct Told {
    report: Option<RuledReport>,
    refusal_key: &'static str,
    refusal: String,
    status: StatusCode,
}

/// The rules; with a pattern and a system in the address, that rule tried out.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let sent = Sent(pairs(&person.visitor.uri));
    shown(&house, &person, sent, Told::default()).await
}

fn fields(sent: &Sent) -> Fields {
    let given = FIELDS.iter().filter_map(|name| Some(((*name).to_owned(), vec![sent.some(name)?])));
    given.collect()
}

/// The rule of a form tried out, or why it is none. Nothing where no rule was entered.
async fn tried(desk: &Desk, sent: &Sent, told: &mut Told) -> Result<Option<MappingTrial>, WebError> {
    let missing = ["pattern", "system"].into_iter().filter(|name| sent.some(name).is_none()).count();
    if missing == 2 {
        return Ok(None);
    }
    match desk.try_mapping(&fields(sent)).await {
        Ok(trial) => Ok(Some(trial)),
        Err(error) if matches!(error.code, "not-found" | "ambiguous-name" | "invalid-field") => {
            if told.refusal_key.is_empty() {
                told.refusal_key = "mapping-fault";
                told.status = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

async fn shown(house: &WebHouse, person: &Person, sent: Sent, mut told: Told) -> Answer {
    let visitor = &person.visitor;
    let viewer = visitor.viewer();
    let seat = house.seat(&viewer, visitor.as_of).await?;
    let desk = &seat.desk;
    let mut trial = tried(desk, &sent, &mut told).await?;
    let rules = desk.list_mappings(None)?;
    if let Some(format) = exports::wanted(visitor)? {
        return match &trial {
            Some(trial) => exports::give(format, trial, TRIAL),
            None => exports::give(format, &Listed { overview: desk.overview(), rows: rules }, RULES),
        };
    }
    let mut frame = Frame::new(visitor, Place::Government);
    "/registry/mappings".clone_into(&mut frame.path);
    frame.title = frame.t("mappings");
    frame.answers(desk.overview().as_of, exports::BOTH);
    for (key, address) in [("nav-government", "/agencies"), ("registry", "/registry")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    let headline = text(frame.language, "mappings-headline", &[("count", rules.len().into())]);
    let is_present = visitor.as_of.is_none();
    let own = Reachable::of(&viewer, desk, Act::Register);
    let is_own = |trial: &MappingTrial| {
        desk.system_position(&trial.rule.system.0).is_some_and(|position| own.has(desk.system(position)))
    };
    let changes = is_present && trial.as_ref().is_some_and(is_own);
    let outcomes = [TrialOutcome::Waits, TrialOutcome::There, TrialOutcome::Elsewhere];
    let counts = outcomes.map(|outcome| trial.as_ref().map_or(0, |trial| trial.count(outcome)));
    let mut is_cut = false;
    if let Some(trial) = &mut trial {
        is_cut = trial.rows.len() > SHOWN_DOCUMENTS;
        trial.rows.truncate(SHOWN_DOCUMENTS);
    }
    let pager = Pager::new(&frame, sent.number("page").unwrap_or(1), rules.len() as u64, PAGE_ROWS);
    let rules = rules.into_iter().skip(pager.skipped()).take(PAGE_ROWS as usize).cloned().collect();
    let done = match sent.one("done") {
        "added" => "mapping-added",
        "ended" => "mapping-ended",
        _ => "",
    };
    let page = Page {
        headline,
        desk,
        rules,
        pager,
        on: ON,
        trial,
        counts,
        is_cut,
        report: told.report,
        unbound: desk.unbound().count() as u64,
        changes,
        applies: is_present && viewer.may(Act::HandIn),
        done,
        refusal_key: told.refusal_key,
        refusal: told.refusal,
        sent,
        frame,
    };
    Ok((told.status, html(&page)?).into_response())
}

/// A rule as the use case takes it, with identifiers where somebody wrote names.
fn said(rule: &MappingRule) -> Fields {
    let mut said = vec![("on", rule.on.as_str()), ("pattern", &rule.pattern), ("system", &rule.system.0)];
    said.extend(rule.deployment.as_ref().map(|id| ("deployment", id.0.as_str())));
    said.into_iter().map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).collect()
}

/// Writes a rule down, takes one away, or applies all of them.
pub async fn change(State(house): State<Arc<WebHouse>>, person: Person, sent: Sent) -> Answer {
    person.check(sent.one("form_token"))?;
    let author = author(&house, &person).await?;
    let fault =
        |key: &'static str| Told { refusal_key: key, status: StatusCode::UNPROCESSABLE_ENTITY, ..Told::default() };
    if sent.is("step", "apply") {
        if !author.viewer.may(Act::HandIn) {
            return Err(WebError::new(StatusCode::FORBIDDEN, "not-allowed"));
        }
        if !sent.is_ticked("sure") {
            return shown(&house, &person, sent, fault("mapping-fault-sure")).await;
        }
        let report = house.house.bind_by_rules(&author).await?;
        return shown(&house, &person, sent, Told { report: Some(report), ..Told::default() }).await;
    }
    let Ok(from) = sent.day("from") else { return shown(&house, &person, sent, fault("triage-fault-day")).await };
    let seat = house.seat(&author.viewer, None).await?;
    // A rule that names what is not in sight is no rule.
    let Ok(rule) = seat.desk.rule_of(&fields(&sent)) else {
        return shown(&house, &person, sent, fault("mapping-fault")).await;
    };
    let outcome = match sent.is("step", "end") {
        true => house.house.retire(&author, &Retired::Mapping(rule), from).await.map(|_| "ended"),
        false => house.house.add_mapping(&author, &said(&rule), from).await.map(|_| "added"),
    };
    match outcome {
        Ok(word) => Ok(Redirect::to(&format!("/registry/mappings?done={word}")).into_response()),
        Err(error) => {
            let (refusal_key, refusal, status) = refusal_of(error)?;
            shown(&house, &person, sent, Told { refusal_key, refusal, status, ..Told::default() }).await
        }
    }
}
