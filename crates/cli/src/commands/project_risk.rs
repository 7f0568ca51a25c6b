// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Expected harm of projects, as lines and as a table; what could be used instead; formulas of others.

use underpin_office::supporter::comparison::Comparison;
use underpin_office::supporter::project_view::ProjectStanding;
use underpin_office::supporter::risks::{RateStep, RiskPart, RisksAnswer};

use super::coverage::snapshot_line;
use crate::output::{Answer, columns, counted, dash};

const FIELDS: [&str; 12] = [
    "place",
    "project",
    "class",
    "kinds_known",
    "dependence_place",
    "dependence",
    "systems",
    "agencies",
    "risk",
    "first_percent",
    "parts",
    "notes",
];

/// Projects by expected harm, the first `top` of them; all for 0.
pub fn listed(mut found: RisksAnswer, top: usize, explains: bool) -> Answer {
    if top > 0 {
        found.rows.truncate(top);
    }
    let mut answer =
        Answer { json: serde_json::to_value(&found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.head.push(format!(
        "The {} of {} projects with the highest dependence, by expected harm (points times days, a year).",
        found.looked_at, found.projects
    ));
    answer.columns = columns(&["place", "harm", "between", "first 10", "dependence", "class", "known", "project"]);
    if explains {
        answer.columns.extend(columns(&["made of"]));
    }
    for row in &found.rows {
        let mut cells = vec![
            row.place.to_string(),
            format!("{:.1}", row.risk.mean),
            format!("{:.1}–{:.1}", row.risk.low, row.risk.high),
            format!("{:.0} %", row.first_percent),
            format!("{:.1}", row.dependence.likely),
            row.class.as_str().to_owned(),
            format!("{}/{}", row.kinds_known, row.kinds),
            row.project.clone(),
        ];
        if explains {
            cells.push(row.parts.iter().flat_map(part).collect::<Vec<_>>().join("\n"));
        }
        answer.cells.push(cells);
    }
    answer.notes.push(format!(
        "between: 80 of 100 of {} draws; first 10: in how many of 100 draws it is among them; known: kinds of evidence",
        found.draws
    ));
    answer
        .notes
        .push("beliefs before anything is known (expected, low, high): incidents a year, days of one:".to_owned());
    for one in &found.beliefs {
        let [incidents, days] =
            [one.incidents, one.days].map(|[mean, low, high]| format!("{mean:.3}, {low:.3}, {high:.3}"));
        answer.notes.push(format!("  {}: {incidents}; {days}", one.cause.as_str()));
    }
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

/// A cause as a product that can be followed, and what moved it.
fn part(part: &RiskPart) -> Vec<String> {
    let RiskPart { cause, incidents, days, harm, steps } = part;
    let mut lines = vec![format!("{}: × {incidents:.3} a year × {days:.0} days = {harm:.1}", cause.as_str())];
    lines.extend(steps.iter().map(step));
    lines
}

fn step(RateStep { reason, events, years }: &RateStep) -> String {
    let what = reason.map_or("published within three years", |reason| reason.as_str());
    format!("  {what}: {events:+.2} events in {years:+.2} years")
}

/// Expected harm of one project, and what could be used instead.
pub fn lines(standing: &ProjectStanding) -> Vec<String> {
    let risk = &standing.risk;
    let place = if standing.is_compared {
        format!("place {}, among the first 10 in {:.0} of 100 draws", risk.place, risk.first_percent)
    } else {
        "not held against others, which the government leans on more".to_owned()
    };
    let mut lines = vec![format!(
        "Expected harm: {:.1} points of dependence make {:.1} points times days a year, in 80 of 100 draws {:.1}–{:.1}; {place}.",
        risk.dependence.likely, risk.risk.mean, risk.risk.low, risk.risk.high
    )];
    lines.extend(risk.parts.iter().flat_map(part).map(|line| format!("  {line}")));
    let instead = &standing.substitutes;
    let depth = instead.depth_least.map(|depth| format!(", the nearest {depth} steps away")).unwrap_or_default();
    lines.push(format!(
        "To leave it, {} would have to change, with {} of its packages asked for directly{depth}.",
        counted(u64::from(instead.systems), "system", "systems"),
        instead.direct_uses
    ));
    match &instead.source {
        None => lines.push(
            "Whether others serve the same purpose is not written down (`underpin facts`, alternatives).".to_owned(),
        ),
        Some(source) => lines.push(format!("Others serve the same purpose ({source}):")),
    }
    for one in &instead.alternatives {
        let both = one.systems_with_both;
        let used = if one.dependence.is_some() {
            format!("used by {}, of which {both} use both", counted(u64::from(one.systems), "system", "systems"))
        } else {
            "not in use here".to_owned()
        };
        lines.push(format!("  {}: {used}", one.project));
    }
    lines
}

/// What formulas of others say, with what they do not say.
pub fn compared(found: &Comparison) -> Vec<String> {
    let mut lines = vec![
        "Formulas of others, to compare. They do not say where help is needed: small quiet projects score low, and a score".to_owned(),
        "can rise when less is known. Nothing here is decided by them.".to_owned(),
    ];
    let score = found.criticality_score.map_or_else(|| "unknown".to_owned(), |score| format!("{score:.3}"));
    lines.push(format!("  OpenSSF Criticality Score: {score} from {} of 10 inputs", found.criticality_parts.len()));
    for part in &found.criticality_parts {
        lines.push(format!("    {}: {:.1} adds {:.3}", part.input, part.value, part.adds));
    }
    lines.push(format!("    not known, and left out of both sums: {}", dash(&found.criticality_missing.join(", "))));
    let cves = found.census.cves.map_or_else(|| "unknown".to_owned(), |points| points.to_string());
    lines.push(format!(
        "  Census of 2015: {} points so far (home page {}, vulnerabilities {cves}, contributors {}); not known: {}",
        found.census.points,
        found.census.website,
        found.census.contributors,
        found.census.missing.join(", ")
    ));
    lines
}
