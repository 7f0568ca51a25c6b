// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Deadlines. Those of a law are proposals: whether they bind is for a person to say, so none runs by itself.
//!
//! Regulation (EU) 2024/2847 (CRA), Article 14(1) and (2): whoever makes a product tells of an actively exploited vulnerability within 24
//! hours, and more within 72 hours of becoming aware. Directive (EU) 2022/2555 (NIS 2), Article 23(4): essential and important entities tell
//! of a significant incident within 24 hours, more within 72 hours, and report within a month of that.

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::incidents::Incident;

use super::room::DeadlineRow;

const HOUR_US: i64 = 3_600_000_000;
/// The month of NIS 2, counted as 30 days: never later than a month of the calendar but in February.
const MONTH_HOURS: i64 = 30 * 24;

/// A legal clock that runs once a person confirms the role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ProposedClock {
    /// Its name.
    pub name: &'static str,
    /// Whom it binds.
    pub binds: &'static str,
    /// Law and article.
    pub source: &'static str,
    /// When it would be due.
    pub due: Timestamp,
}

const MAKER: &str = "manufacturers of a product with an actively exploited vulnerability";
const ENTITY: &str = "essential and important entities with a significant incident";

/// Name, whom it binds, source, hours after the incident was opened.
const CLOCKS: [(&str, &str, &str, i64); 5] = [
    ("cra-early-warning", MAKER, "Regulation (EU) 2024/2847, Article 14(2)(a)", 24),
    ("cra-notification", MAKER, "Regulation (EU) 2024/2847, Article 14(2)(b)", 72),
    ("nis2-early-warning", ENTITY, "Directive (EU) 2022/2555, Article 23(4)(a)", 24),
    ("nis2-notification", ENTITY, "Directive (EU) 2022/2555, Article 23(4)(b)", 72),
    ("nis2-final-report", ENTITY, "Directive (EU) 2022/2555, Article 23(4)(d)", 72 + MONTH_HOURS),
];

/// Legal clocks that nobody has confirmed yet. A drill has none: nothing has happened.
pub fn proposals(incident: &Incident) -> Vec<ProposedClock> {
    if incident.is_drill || incident.closed.is_some() {
        return Vec::new();
    }
    let known = |name: &str| incident.deadlines.iter().any(|deadline| deadline.name == name);
    let open = CLOCKS.into_iter().filter(|(name, ..)| !known(name));
    open.map(|(name, binds, source, hours)| ProposedClock {
        name,
        binds,
        source,
        due: Timestamp(incident.opened.0.saturating_add(hours.saturating_mul(HOUR_US))),
    })
    .collect()
}

/// Deadlines that run.
pub(super) fn deadlines(incident: &Incident, now: Timestamp) -> Vec<DeadlineRow> {
    let rows = incident.deadlines.iter();
    rows.map(|deadline| DeadlineRow {
        is_overdue: deadline.met.is_none() && deadline.due < now,
        deadline: deadline.clone(),
    })
    .collect()
}
