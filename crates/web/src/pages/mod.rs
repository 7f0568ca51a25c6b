// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The pages: one file each. Each answers one question.

pub mod accessibility;
pub mod account;
pub mod agencies;
pub mod coverage;
pub mod design;
pub mod documents;
pub mod find;
pub mod findings;
pub mod health;
pub mod help;
pub mod incident_acts;
pub mod incident_new;
pub mod incident_room;
pub mod incident_rows;
pub mod incident_view;
pub mod incidents;
pub mod language;
pub mod overview;
pub mod packages;
pub mod sign_in;
pub mod situation;
pub mod system;
pub mod task;
pub mod tasks;
pub mod vulnerability;
pub mod welcome;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::error::WebError;

/// What a page gives.
pub type Answer = Result<Response, WebError>;

/// A template as an answer.
pub fn html(page: &impl Template) -> Answer {
    Ok(Html(page.render()?).into_response())
}

/// An address of this house to go to, whatever somebody wrote: never another house.
pub fn own_address(text: &str) -> &str {
    let is_own =
        text.starts_with('/') && !text.starts_with("//") && !text.contains('\\') && !text.contains(char::is_control);
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
