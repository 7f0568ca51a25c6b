// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Deadlines. Those of a law are proposals: whether they bind is for a person to say, so none runs by itself.
//!
//! Regulation (EU) 2024/2847 (CRA), Article 14(1) and (2): whoever makes a product tells of an actively exploited vulnerability within 24
//! hours, and more within 72 hours of becoming aware. Directive (EU) 2022/2555 (NIS 2), Article 23(4): essential and important entities tell
//! of a significant incident within 24 hours, more within 72 hours, and report within a month of that.

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::incidents::{Incident, IncidentDeadline};

use super::room::DeadlineRow;
use crate::error::{OfficeError, Result};

const HOUR_US: i64 = Timestamp::DAY_US / 24;

/// A legal clock that runs once a person confirms the role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProposedClock {
    /// Its name.
    pub name: &'static str,
    /// Whom it binds.
    pub binds: &'static str,
    /// Law and article.
    pub source: &'static str,
    /// When it would be due, had what it begins with happened when the incident was opened (a notification: 72 hours later).
    pub due: Timestamp,
    /// What it begins with: `awareness`, `corrective-measure`, `notification`.
    pub begins_with: &'static str,
    /// The first day on which the duty applies, where what began with the opening is not bound by it.
    pub applies_from: Option<Timestamp>,
}

/// How long a clock runs.
#[derive(Clone, Copy)]
enum Runs {
    Hours(i64),
    Months(i32),
}

/// A clock of a law.
struct Rule {
    name: &'static str,
    binds: &'static str,
    source: &'static str,
    begins_with: &'static str,
    runs: Runs,
    applies_from: Option<&'static str>,
}

const MAKER: &str = "manufacturers of a product with an actively exploited vulnerability";
const ENTITY: &str = "essential and important entities with a significant incident";
/// Article 71(2) of Regulation (EU) 2024/2847: Article 14 applies from that day.
const REPORTING: Option<&str> = Some("2026-09-11");

const fn rule(
    name: &'static str,
    source: &'static str,
    begins_with: &'static str,
    runs: Runs,
    (binds, applies_from): (&'static str, Option<&'static str>),
) -> Rule {
    Rule { name, binds, source, begins_with, runs, applies_from }
}

const CRA: (&str, Option<&str>) = (MAKER, REPORTING);
const NIS2: (&str, Option<&str>) = (ENTITY, None);

/// Regulation (EU) 2024/2847 (Cyber Resilience Act), Article 14(2): 24 hours and 72 hours after becoming aware, 14 days after a
/// corrective or mitigating measure is available. Directive (EU) 2022/2555 (NIS2), Article 23(4): 24 hours and 72 hours after becoming
/// aware, one month after the notification; member states have put it into their own law.
static RULES: [Rule; 6] = [
    rule("cra-early-warning", "Regulation (EU) 2024/2847, Article 14(2)(a)", "awareness", Runs::Hours(24), CRA),
    rule("cra-notification", "Regulation (EU) 2024/2847, Article 14(2)(b)", "awareness", Runs::Hours(72), CRA),
    rule(
        "cra-final-report",
        "Regulation (EU) 2024/2847, Article 14(2)(c)",
        "corrective-measure",
        Runs::Hours(336),
        CRA,
    ),
    rule("nis2-early-warning", "Directive (EU) 2022/2555, Article 23(4)(a)", "awareness", Runs::Hours(24), NIS2),
    rule("nis2-notification", "Directive (EU) 2022/2555, Article 23(4)(b)", "awareness", Runs::Hours(72), NIS2),
    rule("nis2-final-report", "Directive (EU) 2022/2555, Article 23(4)(d)", "notification", Runs::Months(1), NIS2),
];

impl Rule {
    fn due(&self, begins: Timestamp) -> Timestamp {
        match self.runs {
            Runs::Hours(hours) => Timestamp(begins.0.saturating_add(hours * HOUR_US)),
            Runs::Months(months) => begins.months_later(months),
        }
    }

    fn applies(&self) -> Option<Timestamp> {
        self.applies_from.and_then(|day| day.parse().ok())
    }

    /// What it begins with, as far as the incident tells.
    fn begins(&self, incident: &Incident) -> Timestamp {
        let hours = if self.begins_with == "notification" { 72 } else { 0 };
        Timestamp(incident.opened.0.saturating_add(hours * HOUR_US))
    }
}

/// The clocks that nobody has confirmed, as if the incident began when it was opened. A drill binds nobody, and a closed incident
/// begins nothing.
pub fn proposals(incident: &Incident) -> Vec<ProposedClock> {
    if incident.is_drill || incident.closed.is_some() {
        return Vec::new();
    }
    let known = |name: &str| incident.deadlines.iter().any(|deadline| deadline.name == name);
    let open = RULES.iter().filter(|rule| !known(rule.name));
    open.map(|rule| ProposedClock {
        name: rule.name,
        binds: rule.binds,
        source: rule.source,
        due: rule.due(rule.begins(incident)),
        begins_with: rule.begins_with,
        applies_from: rule.applies().filter(|applies| *applies > incident.opened),
    })
    .collect()
}

/// What somebody confirms.
#[derive(Clone, Copy, Debug, Default)]
pub struct Confirmation<'c> {
    /// Name of a legal clock, or of a deadline of the incident.
    pub name: &'c str,
    /// Who is in the role that the law names; a legal clock needs it.
    pub role: &'c str,
    /// When it began; else the opening of the incident, or what the law adds to it.
    pub begins: Option<Timestamp>,
}

/// The deadline of a clock that somebody confirms.
pub(super) fn confirmed(incident: &Incident, what: &Confirmation<'_>, by: &str) -> Result<IncidentDeadline> {
    let Confirmation { name, role, begins } = *what;
    let rule = RULES.iter().find(|rule| rule.name == name.trim()).ok_or_else(|| {
        OfficeError::new("not-found", format!("there is no legal clock {name:?}"))
            .hint(format!("known are: {}", RULES.iter().map(|rule| rule.name).collect::<Vec<_>>().join(", ")))
    })?;
    if incident.is_drill {
        return Err(OfficeError::new("usage", "a drill binds nobody: no legal clock runs in it"));
    }
    if role.trim().is_empty() {
        return Err(OfficeError::new("usage", format!("who is the {}?", rule.binds))
            .hint("a legal clock runs once a person says who is in the role that the law names"));
    }
    let begins = begins.unwrap_or_else(|| rule.begins(incident));
    if let Some(applies) = rule.applies().filter(|applies| begins < *applies) {
        return Err(OfficeError::new("usage", format!("{} applies from {}", rule.source, applies.date()))
            .hint("what began earlier is not bound by it; set a deadline of the office's own"));
    }
    Ok(IncidentDeadline {
        name: rule.name.to_owned(),
        binds: role.trim().to_owned(),
        source: rule.source.to_owned(),
        due: rule.due(begins),
        confirmed_by: Some(by.to_owned()),
        met: None,
    })
}

/// Deadlines with whether they are late.
pub(super) fn deadlines(incident: &Incident, now: Timestamp) -> Vec<DeadlineRow> {
    let rows = incident.deadlines.iter();
    rows.map(|deadline| DeadlineRow {
        is_overdue: deadline.met.is_none() && deadline.due < now,
        deadline: deadline.clone(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_run_as_long_as_the_law_says() {
        let begins: Timestamp = "2027-01-31T10:00:00Z".parse().expect("a time");
        for (rule, due) in RULES.iter().zip(["02-01", "02-03", "02-14", "02-01", "02-03", "02-28"]) {
            assert_eq!(rule.due(begins).to_string(), format!("2027-{due}T10:00:00Z"), "{}", rule.name);
        }
    }
}
