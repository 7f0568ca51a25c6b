// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A simulation in sentences, and as a document that can be handed round: command line, page and PDF say the same.

use underpin_model::Timestamp;
use underpin_render::pdf::{Part, Report, pdf};
use underpin_render::{Argument, Language, text};

use super::simulated::{AgencyChange, Alternative, Effort, Simulation, Wave};
use crate::error::{OfficeError, Result};

/// Heads of the table of agencies.
const AGENCY_HEADS: [&str; 8] = [
    "agency",
    "rules-asked",
    "rules-before",
    "rules-waived",
    "rules-after",
    "rules-stuck",
    "rules-open",
    "rules-unregistered",
];
const EFFORT_HEADS: [&str; 4] = ["rules-work", "rules-bearer", "rules-pieces", "rules-things"];
const ALTERNATIVE_HEADS: [&str; 6] =
    ["rules-alternative", "rules-met", "rules-not-met", "rules-waived", "rules-open", "rules-pieces"];
const WAVE_HEADS: [&str; 8] = [
    "rules-wave",
    "rules-until",
    "rules-asked",
    "rules-hit",
    "rules-waived",
    "rules-pieces",
    "rules-stuck",
    "rules-falls-due",
];

/// A table: its heads, and its rows.
pub type Told = (Vec<String>, Vec<Vec<String>>);

fn heads(language: Language, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| text(language, key, &[])).collect()
}

impl Simulation {
    /// What it comes to, in sentences; the first says it all.
    pub fn lines(&self, language: Language) -> Vec<String> {
        let say = |key: &str, arguments: &[(&str, Argument<'_>)]| text(language, key, arguments);
        let title = if language == Language::German { &self.title_de } else { &self.title };
        let counts = &self.counts;
        let mut lines = vec![
            say(
                "rules-simulated",
                &[
                    ("title", title.into()),
                    ("from", (&self.from).into()),
                    ("day", (&self.picture).into()),
                    ("count", counts.broken().into()),
                    ("all", counts.all().into()),
                ],
            ),
            say("rules-simulated-others", &[("met", counts.met.into()), ("open", counts.not_assessed.into())]),
            say(
                "rules-simulated-hit",
                &[
                    ("agencies", self.hit.agencies.into()),
                    ("vendors", self.hit.vendors.into()),
                    ("packages", self.hit.packages.into()),
                ],
            ),
        ];
        if counts.waived > 0 {
            lines.insert(2, say("rules-simulated-waived", &[("count", counts.waived.into())]));
        }
        if !self.in_force {
            lines.push(say("rules-simulated-not-in-force", &[("day", (&self.from).into())]));
        }
        if self.unregistered > 0 {
            lines.push(say("rules-simulated-unregistered", &[("count", self.unregistered.into())]));
        }
        for stuck in &self.stuck {
            let why = if language == Language::German { &stuck.text_de } else { &stuck.text };
            let key = if stuck.is_open { "rules-simulated-open" } else { "rules-simulated-stuck" };
            lines.push(say(key, &[("count", stuck.subjects.into()), ("why", why.into())]));
        }
        let because = if language == Language::German { &self.upstream.because_de } else { &self.upstream.because };
        lines.push(say(
            "rules-simulated-upstream",
            &[("count", self.upstream.questionnaires.into()), ("because", because.into())],
        ));
        lines
    }

    /// Where the numbers come from, and how they are made again.
    pub fn origin(&self, language: Language) -> Vec<String> {
        let (snapshot, moment) = (self.snapshot.to_string(), self.moment.to_string());
        let arguments = [
            ("snapshot", Argument::from(&snapshot)),
            ("day", (&moment).into()),
            ("sight", (&self.sight).into()),
            ("input", (&self.input_digest).into()),
            ("digest", (&self.digest).into()),
        ];
        vec![text(language, "rules-simulated-how", &[]), text(language, "rules-simulated-origin", &arguments)]
    }

    /// Agencies before and after.
    pub fn agency_table(&self, language: Language) -> Told {
        let row = |one: &AgencyChange| {
            let numbers = [one.asked, one.before, one.waived, one.after, one.stuck, one.open, one.unregistered];
            std::iter::once(one.name.clone()).chain(numbers.iter().map(ToString::to_string)).collect()
        };
        (heads(language, &AGENCY_HEADS), self.agencies.iter().map(row).collect())
    }

    /// What is to be done.
    pub fn effort_table(&self, language: Language) -> Told {
        let row = |one: &Effort| {
            vec![
                text(language, &format!("rules-work-{}", one.work.as_str()), &[]),
                text(language, &format!("rules-bearer-{}", one.bearer.as_str()), &[]),
                one.pieces.to_string(),
                one.things.to_string(),
            ]
        };
        (heads(language, &EFFORT_HEADS), self.effort.iter().map(row).collect())
    }

    /// What else could be ruled.
    pub fn alternative_table(&self, language: Language) -> Told {
        let row = |one: &Alternative| {
            let days = one.more_days.unwrap_or_default().unsigned_abs();
            let name = text(language, &format!("rules-alternative-{}", one.kind), &[("days", days.into())]);
            let numbers = [one.counts.met, one.counts.not_met, one.counts.waived, one.counts.not_assessed, one.pieces];
            std::iter::once(name).chain(numbers.iter().map(ToString::to_string)).collect()
        };
        (heads(language, &ALTERNATIVE_HEADS), self.alternatives.iter().map(row).collect())
    }

    /// The way there.
    pub fn wave_table(&self, language: Language) -> Told {
        let row = |one: &Wave| {
            let numbers = [one.asked, one.hit, one.waived, one.pieces, one.stuck, one.falls_due];
            let who = text(language, &format!("rules-wave-{}", one.who), &[]);
            [who, one.until.clone()].into_iter().chain(numbers.iter().map(ToString::to_string)).collect()
        };
        (heads(language, &WAVE_HEADS), self.waves.iter().map(row).collect())
    }

    /// The report as the bytes of a PDF. The same simulation gives the same bytes.
    ///
    /// # Errors
    /// `export` when the layout is at fault.
    pub fn pdf(&self, language: Language, author: &str) -> Result<Vec<u8>> {
        let say = |key: &str| text(language, key, &[]);
        let mut lines = self.lines(language).into_iter();
        let mut parts = vec![Part::Lead(lines.next().unwrap_or_default())];
        parts.push(Part::List(lines.collect()));
        for (key, (heads, rows)) in [
            ("rules-agencies", self.agency_table(language)),
            ("rules-effort", self.effort_table(language)),
            ("rules-alternatives", self.alternative_table(language)),
            ("rules-waves", self.wave_table(language)),
        ] {
            if !rows.is_empty() {
                parts.push(Part::Heading(say(key)));
                parts.push(Part::Table(heads, rows));
            }
        }
        parts.extend(self.origin(language).into_iter().map(Part::Note));
        let made: Timestamp =
            self.picture.parse().map_err(|_| OfficeError::new("export", format!("{:?} is no day", self.picture)))?;
        let title = if language == Language::German { &self.title_de } else { &self.title };
        let report = Report {
            title: text(language, "rules-simulated-title", &[("title", title.into())]),
            author: author.to_owned(),
            marking: self.tlp.map(|mark| format!("TLP:{}", mark.as_str().to_uppercase())).unwrap_or_default(),
            foot: format!("{}, {} ({})", self.head.source, self.head.clause, self.picture),
            made,
            language,
            parts,
        };
        pdf(&report).map_err(|error| OfficeError::new("export", error.to_string()))
    }
}
