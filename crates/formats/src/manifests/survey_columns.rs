// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which column of a survey is which, by its heading in German or English, and how sure words are.

/// The number of each column that was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    pub system: Option<usize>,
    pub name: usize,
    pub version: Option<usize>,
    pub certainty: Option<usize>,
    pub purl: Option<usize>,
    pub kind: Option<usize>,
    pub supplier: Option<usize>,
}

const SYSTEM: &[&str] = &[
    "system",
    "it-system",
    "systemname",
    "system name",
    "anwendung",
    "application",
    "verfahren",
    "fachverfahren",
    "service",
    "dienst",
    "it-verfahren",
];
const NAME: &[&str] = &[
    "name",
    "software",
    "komponente",
    "component",
    "package",
    "paket",
    "produkt",
    "product",
    "bibliothek",
    "library",
    "softwarename",
    "component name",
    "package name",
    "open source",
    "open-source-software",
];
const VERSION: &[&str] = &["version", "versionsnummer", "release", "versionsstand", "version number"];
const CERTAINTY: &[&str] = &[
    "sure",
    "how sure",
    "wie sicher",
    "gewissheit",
    "certainty",
    "confidence",
    "konfidenz",
    "sicherheit der angabe",
    "verlässlichkeit",
    "verlaesslichkeit",
    "sicher?",
    "sure?",
];
const PURL: &[&str] = &["purl", "package url", "package-url", "packageurl"];
const KIND: &[&str] = &["type", "typ", "ecosystem", "ökosystem", "oekosystem", "package type", "pakettyp"];
const SUPPLIER: &[&str] = &["supplier", "vendor", "hersteller", "anbieter", "lieferant", "manufacturer"];

impl Columns {
    /// The columns by their headings; `None` when these are not those of a survey: a name is needed, and beside it
    /// either how sure the answer is, or version and system.
    pub fn find<'h>(headings: impl Iterator<Item = &'h str>) -> Option<Self> {
        let headings: Vec<String> = headings
            .take(64)
            .map(|heading| heading.trim().trim_end_matches(['*', ':']).trim().to_lowercase())
            .collect();
        let of = |words: &[&str]| headings.iter().position(|heading| words.contains(&heading.as_str()));
        let columns = Self {
            system: of(SYSTEM),
            name: of(NAME)?,
            version: of(VERSION),
            certainty: of(CERTAINTY),
            purl: of(PURL),
            kind: of(KIND),
            supplier: of(SUPPLIER),
        };
        let is_survey = columns.certainty.is_some() || columns.version.is_some() && columns.system.is_some();
        is_survey.then_some(columns)
    }
}

/// How sure an answer is, in percent: a word of three grades, a percentage, or a share between 0 and 1. `Ok(None)` when
/// nothing was answered.
///
/// # Errors
/// When the answer is none of these.
pub(super) fn certainty_percent(answer: &str) -> Result<Option<u8>, ()> {
    let answer = answer.trim().to_lowercase();
    let percent = match answer.as_str() {
        "" | "-" => return Ok(None),
        "sicher" | "sure" | "certain" | "high" | "hoch" | "ja" | "yes" | "gesichert" | "confirmed" => 90,
        "vermutlich" | "wahrscheinlich" | "probably" | "probable" | "likely" | "medium" | "mittel" => 60,
        "unsicher" | "unsure" | "uncertain" | "low" | "niedrig" | "gering" | "vielleicht" | "maybe" | "möglich"
        | "possible" | "guess" | "guessed" | "geraten" => 30,
        _ => {
            let (number, is_percent) = match answer.strip_suffix('%') {
                Some(number) => (number.trim(), true),
                None => (answer.as_str(), false),
            };
            let value: f64 = number.replace(',', ".").parse().map_err(|_| ())?;
            // A share and a percentage are told apart by the sign and by size: "1" alone is the share.
            let value = if is_percent || value > 1.0 { value } else { value * 100.0 };
            if !(0.0..=100.0).contains(&value) {
                return Err(());
            }
            (0_u8..=100).rev().find(|percent| f64::from(*percent) <= value + 0.5).unwrap_or(0)
        }
    };
    Ok(Some(percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_a_survey_are_known() {
        for (headings, expected) in [
            ("System|Name|Version|How sure", Some((Some(0), 1, Some(2), Some(3)))),
            ("Fachverfahren*|Komponente:|Versionsnummer", Some((Some(0), 1, Some(2), None))),
            ("software|gewissheit", Some((None, 0, None, Some(1)))),
            ("name|version", None),
            ("system|name|owner", None),
            ("name|version|licence", None),
            ("", None),
        ] {
            let found = Columns::find(headings.split('|'));
            assert_eq!(found.map(|c| (c.system, c.name, c.version, c.certainty)), expected, "{headings}");
        }
    }

    #[test]
    fn answers_become_percent() {
        for (answer, expected) in [
            ("Sicher", Ok(Some(90))),
            ("vermutlich", Ok(Some(60))),
            ("LOW", Ok(Some(30))),
            ("guess", Ok(Some(30))),
            ("80 %", Ok(Some(80))),
            ("0,75", Ok(Some(75))),
            ("1", Ok(Some(100))),
            ("1%", Ok(Some(1))),
            ("100", Ok(Some(100))),
            ("", Ok(None)),
            ("120", Err(())),
            ("-5%", Err(())),
            ("NaN", Err(())),
            ("whatever", Err(())),
        ] {
            assert_eq!(certainty_percent(answer), expected, "{answer}");
        }
    }
}
