// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The pages: one file each. Each answers one question.

pub mod accessibility;
pub mod account;
pub mod account_codes;
pub mod account_connect;
pub mod account_messages;
pub mod account_tokens;
pub mod agencies;
pub mod annual;
pub mod answer;
pub mod audit;
pub mod catalogue;
pub mod catalogue_assess;
pub mod catalogue_repository;
pub mod changes;
pub mod clocks;
pub mod collect_script;
pub mod commitments;
pub mod conformity;
pub mod consultation;
pub mod consultation_acts;
pub mod consultations;
pub mod contract;
pub mod contracts;
pub mod coverage;
pub mod decisions;
pub mod deliver;
pub mod design;
mod design_more;
mod design_parts;
mod design_pictures;
pub mod disclosure;
pub mod disclosures;
pub mod document;
pub mod document_acts;
pub mod documents;
mod documents_figure;
pub mod dossier;
pub mod engagement;
pub mod engagement_acts;
pub mod engagement_new;
pub mod engagement_view;
pub mod engagements;
pub mod exemptions;
pub mod find;
pub mod findings;
pub mod first_30_days;
mod first_days;
pub mod fold;
pub mod funding;
pub mod hand_in;
pub mod health;
pub mod help;
pub mod incident_acts;
pub mod incident_clocks;
pub mod incident_drill;
pub mod incident_figure;
mod incident_figures;
pub mod incident_new;
pub mod incident_room;
pub mod incident_rows;
pub mod incident_view;
pub mod incidents;
pub mod language;
pub mod law_request;
pub mod law_requests;
pub mod law_role;
pub mod law_roles;
pub mod mandate;
pub mod naming;
pub mod open_data;
pub mod overview;
pub mod packages;
pub mod people;
pub mod plan;
pub mod plan_asked;
pub mod plan_brief;
pub mod project;
pub mod projects;
pub mod projects_map;
pub mod promises;
pub mod provider;
pub mod publication_drafts;
pub mod publications;
pub mod reads;
pub mod registry;
pub mod registry_deployment;
pub mod registry_import;
pub mod registry_mappings;
pub mod roles;
pub mod round;
pub mod round_letter;
pub mod round_new;
pub mod rounds;
pub mod rules;
pub mod settings;
pub mod sign_in;
pub mod sign_in_code;
pub mod sign_in_openid;
pub mod situation;
pub mod sources;
pub mod sql;
pub mod sql_running;
pub mod steward_pack;
pub mod suggest;
pub mod system;
pub mod system_difference;
pub mod system_paths;
pub mod task;
pub mod task_evidence;
pub mod tasks;
pub mod triage;
pub mod upload;
pub mod upstream;
pub mod vulnerability;
pub mod waivers;
pub mod weeks;
pub mod welcome;
pub mod words;

use std::str::FromStr;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use underpin_model::Timestamp;

use crate::error::WebError;
use crate::visitor::moment;

/// What a page gives.
pub type Answer = Result<Response, WebError>;

/// A template as an answer.
pub fn html(page: &impl Template) -> Answer {
    Ok(Html(page.render()?).into_response())
}

/// The number of something in an address.
///
/// # Errors
/// Not found, when it is none.
pub fn number<T: FromStr>(text: &str) -> Result<T, WebError> {
    text.parse().map_err(|_| WebError::not_found())
}

/// The moment in a form, as people write it; empty for now.
///
/// # Errors
/// `as-of` when it is none.
pub fn as_of(text: &str) -> Result<Option<Timestamp>, WebError> {
    match text {
        "" => Ok(None),
        text => moment(text).map(Some).ok_or_else(|| WebError::new(StatusCode::BAD_REQUEST, "as-of")),
    }
}

/// An address of this house to go to, whatever somebody wrote: never another house.
pub fn own_address(text: &str) -> &str {
    let is_own = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_own { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for (text, expected) in [
            ("/find?q=a", "/find?q=a"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\r\nSet-Cookie: a", "/"),
            ("", "/"),
        ] {
            assert_eq!(own_address(text), expected, "{text:?}");
        }
    }
}
