// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How a project stands, as lines below its dependence.

use underpin_model::community::Said;
use underpin_model::signals::Reading;
use underpin_office::supporter::evidence::{ProjectEvidence, Unfixed};
use underpin_office::supporter::project_view::ProjectStanding;

use super::signals::reading;
use crate::output::dash;

/// Class, evidence, the newest look and what changed.
pub fn lines(standing: &ProjectStanding) -> Vec<String> {
    let evidence = &standing.evidence;
    let notes: Vec<&str> = evidence.notes.iter().map(|note| note.as_str()).collect();
    let mut lines =
        vec![format!("How it stands: {} ({}).", evidence.class.as_str(), said(&notes, "nothing is missing"))];
    for kind in &evidence.kinds {
        let (Some(reason), Some(source)) = (kind.reason, kind.source) else {
            lines.push(format!("  {}: unknown", kind.kind.as_str()));
            continue;
        };
        let day = kind.as_of.map(|at| at.date()).unwrap_or_default();
        lines.push(format!("  {}: {} ({}, {})", kind.kind.as_str(), reason.as_str(), source.as_str(), dash(&day)));
    }
    lines.extend(elsewhere(evidence));
    let Some(look) = &evidence.look else { return lines };
    let commit: String = look.signals.tip.iter().flat_map(|tip| tip.chars().take(12)).collect();
    let old = if look.is_old { ": signals-old" } else { "" };
    lines.push(format!(
        "Its clone was looked at on {} (commit {}), {} days ago{old}; {} looks are kept.",
        look.looked.date(),
        dash(&commit),
        look.age_days,
        standing.looks.len()
    ));
    for change in &standing.changes {
        let before = change.before.map_or_else(|| "nothing".to_owned(), reading);
        lines.push(format!(
            "  since the look before: {} was {before}, is {}",
            change.code.as_str(),
            reading(change.after)
        ));
    }
    for signal in look.signals.signals.iter().filter(|signal| matches!(signal.reading, Reading::Known(_))) {
        lines.push(format!("  {}: {} {}", signal.code.as_str(), reading(signal.reading), signal.code.unit().as_str()));
    }
    lines.push("What the project says about itself:".to_owned());
    for (question, said) in look.signals.community.entries() {
        if let Said::Words(words) = said {
            lines.push(format!("  {question} ({}:{}): {}", words.path, words.line, words.text));
        }
    }
    lines
}

/// What others than the clone say.
fn elsewhere(evidence: &ProjectEvidence) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(Unfixed { vulnerabilities, oldest_days, names }) = &evidence.unfixed {
        let oldest = oldest_days.map(|days| format!(", the oldest for {days} days")).unwrap_or_default();
        lines.push(format!("  without a fix: {vulnerabilities}{oldest} ({})", dash(&names.join(", "))));
    }
    if let Some(published) = evidence.published {
        lines.push(format!("  published within three years: {published}"));
    }
    for one in &evidence.lifecycles {
        lines.push(format!("  end of life: {} {} is {}", one.product, one.newest_cycle, one.newest_state));
    }
    if let Some(is_archived) = evidence.is_archived {
        lines.push(format!(
            "  archived or deprecated, as the office wrote down: {}",
            if is_archived { "yes" } else { "no" }
        ));
    }
    if !evidence.remarks.is_empty() {
        lines.push(format!("  advisories remark: {}", evidence.remarks.join(", ")));
    }
    lines
}

fn said(words: &[&str], none: &str) -> String {
    if words.is_empty() { none.to_owned() } else { words.join(", ") }
}
