// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where the house reports: its time zone, its holidays, and to which state. What is not set is asked, never guessed.

use serde::Deserialize;
use underpin_assess::clocks::Calendar;
use underpin_assess::clocks::routing::Whereabouts;
use underpin_model::law_routing::ReportBody;

use crate::error::{OfficeError, Result};

/// Hours before its end from which a step is due soon, where nothing else is set.
const SOON_HOURS: u16 = 6;
/// Microseconds in an hour.
const HOUR_US: i64 = 3_600_000_000;

/// The table `[law]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LawSettings {
    /// The time zone of the place where reports are handed in, as `Europe/Berlin`. Without it days end by UTC, and answers say so.
    pub time_zone: Option<String>,
    /// Public holidays there, each as `2026-12-25`.
    pub holidays: Vec<String>,
    /// The state of the main establishment in the Union, as `DE`.
    pub country: Option<String>,
    /// Whether it is known that there is none in the Union.
    pub outside_union: bool,
    /// The state of the authorised representative.
    pub representative: Option<String>,
    /// The state of the importer of most products.
    pub importer: Option<String>,
    /// The state of the distributor of most products.
    pub distributor: Option<String>,
    /// The state of most users.
    pub users: Option<String>,
    /// Whether whoever reports is a public administration.
    pub is_public: Option<bool>,
    /// Whether it works in national security, public security, defence or law enforcement.
    pub is_excluded: Option<bool>,
    /// The body that receives reports under the NIS 2 directive, as the office looked it up; it goes before what the program knows.
    pub body: Option<ReportBody>,
    /// Hours before its end from which a step is due soon.
    pub soon_hours: u16,
}

impl Default for LawSettings {
    fn default() -> Self {
        Self {
            time_zone: None,
            holidays: Vec::new(),
            country: None,
            outside_union: false,
            representative: None,
            importer: None,
            distributor: None,
            users: None,
            is_public: None,
            is_excluded: None,
            body: None,
            soon_hours: SOON_HOURS,
        }
    }
}

impl LawSettings {
    /// Refuses a zone, a day or a country that is none, and what contradicts itself.
    ///
    /// # Errors
    /// A sentence about it.
    pub fn check(&self) -> std::result::Result<(), String> {
        self.calendar().map_err(|error| error.message)?;
        let is_country = |code: &String| code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase());
        let states = [&self.country, &self.representative, &self.importer, &self.distributor, &self.users];
        if let Some(wrong) = states.into_iter().flatten().find(|code| !is_country(code)) {
            return Err(format!("{wrong:?} is no country; write two capital letters, as DE"));
        }
        if self.outside_union && self.country.is_some() {
            return Err("country names the main establishment in the Union, and outside_union says that there is none"
                .to_owned());
        }
        self.body.as_ref().map_or(Ok(()), check_body)
    }

    /// Each value by its name in the configuration file, with whether it was set.
    pub fn told(&self) -> Vec<(String, String, bool)> {
        let fact = |fact: Option<bool>| (fact.map(|fact| fact.to_string()).unwrap_or_default(), fact.is_some());
        let state = |state: &Option<String>| (state.clone().unwrap_or_default(), state.is_some());
        let shown = [
            ("time_zone", state(&self.time_zone)),
            ("holidays", (self.holidays.join(", "), !self.holidays.is_empty())),
            ("country", state(&self.country)),
            ("outside_union", (self.outside_union.to_string(), self.outside_union)),
            ("representative", state(&self.representative)),
            ("importer", state(&self.importer)),
            ("distributor", state(&self.distributor)),
            ("users", state(&self.users)),
            ("is_public", fact(self.is_public)),
            ("is_excluded", fact(self.is_excluded)),
            ("body.name", state(&self.body.as_ref().map(|body| body.name.clone()))),
            ("body.address", state(&self.body.as_ref().map(|body| body.address.clone()))),
            ("body.language", state(&self.body.as_ref().map(|body| body.language.clone()))),
            ("soon_hours", (self.soon_hours.to_string(), self.soon_hours != SOON_HOURS)),
        ];
        shown.into_iter().map(|(name, (value, is_set))| (format!("law.{name}"), value, is_set)).collect()
    }

    /// The place where periods are counted.
    ///
    /// # Errors
    /// `invalid-configuration` for a zone or a day that is none.
    pub fn calendar(&self) -> Result<Calendar> {
        let invalid = |why: String| {
            OfficeError::new("invalid-configuration", format!("law: {why}"))
                .hint("`underpin config` lists every value and its origin")
        };
        let calendar =
            Calendar::new(self.time_zone.as_deref().unwrap_or("UTC")).map_err(|error| invalid(error.to_string()))?;
        calendar.with_holidays(self.holidays.iter().map(String::as_str)).map_err(|error| invalid(error.to_string()))
    }

    /// What is known about who reports.
    pub(crate) fn whereabouts(&self, is_steward: bool) -> Whereabouts {
        let fallbacks = [&self.representative, &self.importer, &self.distributor, &self.users];
        Whereabouts {
            main_establishment: self.country.clone(),
            outside_union: self.outside_union,
            fallbacks: fallbacks.map(Clone::clone),
            is_steward,
            is_public: self.is_public,
            is_excluded: self.is_excluded,
            has_entered_body: self.body.is_some(),
        }
    }

    /// How long before its end a step is due soon, in microseconds.
    pub(crate) fn soon_us(&self) -> i64 {
        i64::from(self.soon_hours) * HOUR_US
    }
}

/// Refuses a body that nobody could find, and words that could pass for other lines of a draft.
fn check_body(body: &ReportBody) -> std::result::Result<(), String> {
    let has_blank = |text: &str| text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    if body.name.trim().is_empty() || body.name.contains(char::is_control) {
        return Err("body.name is one line: what the body is called".to_owned());
    }
    let is_address = body.address.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !has_blank(rest));
    if !is_address {
        return Err(format!("body.address {:?} is no address of a form; it begins with https://", body.address));
    }
    let is_language = matches!(body.language.len(), 0 | 2 | 3) && body.language.bytes().all(|b| b.is_ascii_lowercase());
    match is_language {
        true => Ok(()),
        false => {
            Err(format!("body.language {:?} is no language; write two or three small letters, as pt", body.language))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_refused_with_its_reason() {
        let named = |country: &str| LawSettings { country: Some(country.to_owned()), ..LawSettings::default() };
        let body = |name: &str, address: &str, language: &str| {
            let [name, address, language] = [name, address, language].map(str::to_owned);
            LawSettings { body: Some(ReportBody { name, address, language }), ..LawSettings::default() }
        };
        assert_eq!(LawSettings::default().check(), Ok(()));
        assert_eq!(body("CSIRT", "https://csirt.example/form", "pt").check(), Ok(()));
        assert_eq!(named("DE").check(), Ok(()));
        for (settings, part) in [
            (named("Germany"), "two capital letters"),
            (LawSettings { outside_union: true, ..named("DE") }, "outside_union"),
            (LawSettings { time_zone: Some("Berlin".to_owned()), ..LawSettings::default() }, "time zone"),
            (body("", "https://csirt.example", ""), "body.name"),
            (body("A\nB", "https://csirt.example", ""), "body.name"),
            (body("CSIRT", "http://csirt.example", ""), "body.address"),
            (body("CSIRT", "https://csirt.example/a b", ""), "body.address"),
            (body("CSIRT", "https://", ""), "body.address"),
            (body("CSIRT", "https://csirt.example", "Portuguese"), "body.language"),
            (LawSettings { holidays: vec!["25.12.".to_owned()], ..LawSettings::default() }, "is not a day"),
        ] {
            let wrong = settings.check().expect_err("it cannot be so");
            assert!(wrong.contains(part), "{wrong}");
        }
    }
}
