// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/settings`: what is set, and does it come from the house or from the program? Nothing secret is here, and nothing of where files lie.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use serde::Serialize;
use underpin_model::{Limits, Timestamp};

use super::{Answer, html};
use crate::exports::{self, Rows};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::visitor::Person;

/// Settings as rows of a file.
const ROWS: Rows =
    Rows { name: "settings", list: "settings", fields: &["name", "value", "built_in", "is_own", "meaning"] };

/// What is set now.
#[derive(Serialize)]
struct Set {
    as_of: Timestamp,
    settings: Vec<Setting>,
}

/// A setting.
#[derive(Serialize)]
struct Setting {
    name: String,
    value: String,
    built_in: String,
    is_own: bool,
    /// What it means; in English.
    meaning: &'static str,
}

#[derive(Template)]
#[template(path = "settings.html")]
struct Page {
    frame: Frame,
    settings: Vec<Setting>,
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    let settings = limits(house.house.limits());
    if let Some(format) = exports::wanted(&person.visitor)? {
        return exports::give(format, &Set { as_of: house.wall_clock(), settings }, ROWS);
    }
    let mut frame = Frame::new(&person.visitor, Place::Nowhere);
    frame.title = frame.t("settings");
    frame.offers(exports::BOTH);
    html(&Page { frame, settings })
}

fn limits(limits: &Limits) -> Vec<Setting> {
    let values = serde_json::to_value(limits).unwrap_or_default();
    let setting = |(name, built_in, meaning): (&'static str, String, &'static str)| {
        let value = values.get(name).map(ToString::to_string).unwrap_or_default();
        Setting { name: name.to_owned(), is_own: value != built_in, value, built_in, meaning }
    };
    Limits::manual().into_iter().map(setting).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_house_set_is_told_apart() {
        let own = limits(&Limits { stale_days: 7, ..Limits::default() });
        let set: Vec<_> =
            own.iter().filter(|one| one.is_own).map(|one| (one.name.as_str(), one.value.as_str())).collect();
        assert_eq!(set, [("stale_days", "7")]);
    }
}
