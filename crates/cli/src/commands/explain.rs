// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::codes::{Code, codes};
use underpin_office::watch::explain::Explanation;
use underpin_office::watch::own::OWN_FEED;

use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, print};

/// Say why a system or a package has a vulnerability, or has it not; or what a code means
///
/// With two names it tells, source by source, what advisories say about the package versions of a system, or about one package
/// version (a purl), and what follows. With one it says what a code means that answers show; without any it lists all codes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin explain tax-assessment CVE-2021-44228\n  underpin explain pkg:npm/left-pad@1.3.0 CVE-2026-0001\n  underpin explain back-port"
)]
pub struct Explain {
    /// A system, a purl, or a code
    #[arg(value_name = "SYSTEM|PURL|CODE")]
    about: Option<String>,
    /// A vulnerability, by any of its names
    #[arg(value_name = "VULNERABILITY", requires = "about")]
    vulnerability: Option<String>,
}

impl Explain {
    pub async fn run(self, context: &Context) -> Result<bool> {
        if let (Some(about), Some(vulnerability)) = (&self.about, &self.vulnerability) {
            let house = context.existing().await?;
            let desk = context.desk(&house).await?;
            let watched = house.watch(&desk).await?;
            print(&story(&watched.explain(&desk, about, vulnerability)?), context.printing_all())?;
            return Ok(false);
        }
        let found = find(self.about.as_deref())?;
        let mut answer = Answer {
            columns: columns(&["code", "about", "meaning"]),
            fields: &["code", "about", "meaning"],
            ..Answer::default()
        };
        for code in found {
            answer.rows.push(serde_json::json!({ "code": code.code, "about": code.about, "meaning": code.meaning }));
            answer.cells.push(vec![code.code.to_owned(), code.about.to_owned(), code.meaning.to_owned()]);
        }
        answer.json = answer.rows.clone().into();
        print(&answer, context.printing_all())?;
        Ok(false)
    }
}

const STORY_FIELDS: [&str; 9] = [
    "package",
    "verdict",
    "reason",
    "meaning",
    "looked_up",
    "sources_disagree",
    "sources",
    "upgrade",
    "upgrade_same_major",
];

/// The story for people: the verdict first, then each package version and each source.
pub fn story(found: &Explanation) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let mut answer = Answer { json, fields: &STORY_FIELDS, ..Answer::default() };
    answer.rows = answer.json["packages"].as_array().cloned().unwrap_or_default();
    let other: Vec<&str> = found.names.iter().map(String::as_str).filter(|name| *name != found.vulnerability).collect();
    let also = if other.is_empty() { String::new() } else { format!(" (also {})", other.join(", ")) };
    answer.head.push(format!("{} and {}{also}: {}.", found.about, found.vulnerability, found.verdict));
    if let Some(mark) = found.tlp {
        answer.head.push(format!("TLP:{}: it rests on an advisory of the office.", mark.to_uppercase()));
    }
    if let Some(severity) = &found.severity {
        let score = severity.score.as_ref().map(|score| format!(" {score}")).unwrap_or_default();
        answer.head.push(format!("Severity: {}{score}, as {} says.", severity.rating, said_by(&severity.source)));
    }
    if found.packages.is_empty() {
        answer.head.push("No advisory that we hold speaks of a package version that is used there.".to_owned());
    }
    for package in &found.packages {
        answer.head.push(String::new());
        answer.head.push(format!("{}: {} ({}). {}", package.package, package.verdict, package.reason, package.meaning));
        if package.low_confidence {
            answer
                .head
                .push("  Low confidence: only a product name (CPE) that the inventory states led there.".to_owned());
        }
        for key in &package.looked_up {
            answer.head.push(format!("  looked up as {key}"));
        }
        if package.sources_disagree {
            answer.head.push("  Sources disagree: see below.".to_owned());
        }
        for source in &package.sources {
            let changed = source.modified.map(|at| format!(", changed {}", at.date())).unwrap_or_default();
            let gone = source.withdrawn.map(|at| format!(", taken back {}", at.date())).unwrap_or_default();
            answer.head.push(format!("  {} ({}{changed}{gone}): {}", source.advisory, source.feed, source.verdict));
            answer.head.extend(source.evidence.iter().map(|line| format!("    {line}")));
        }
        match (&package.upgrade, &package.upgrade_same_major) {
            (Some(version), Some(near)) if version != near => {
                answer
                    .head
                    .push(format!("  Nothing is known against {version}, and {near} in the same major version."));
            }
            (Some(version), _) => answer.head.push(format!("  Nothing is known against {version}.")),
            _ => {}
        }
    }
    answer.head.extend(decided(found));
    if found.more > 0 {
        answer.notes.push(format!("{} further package versions are not shown", found.more));
    }
    answer.notes.push(found.freshness.sentence());
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

/// Who speaks in a feed.
pub fn said_by(feed: &str) -> &str {
    if feed == OWN_FEED { "the office" } else { feed }
}

/// What was decided and stated, and what findings came to.
fn decided(found: &Explanation) -> Vec<String> {
    let mut lines = Vec::new();
    if !found.told.is_empty() {
        lines.extend([String::new(), "Decided and stated:".to_owned()]);
    }
    for one in &found.told {
        let about = if one.package.is_empty() { "everything there" } else { &one.package };
        let why = one.justification.map(|why| format!(" ({why})")).unwrap_or_default();
        lines.push(format!("  {} {} on {}: {about} is {}{why}", one.kind, one.by, one.said.date(), one.status));
        lines.push(format!("    holds {}", one.holds));
        if !one.words.is_empty() {
            lines.push(format!("    in their words: {}", one.words));
        }
        lines.extend(one.without_effect.map(|code| format!("    changes nothing: {code}")));
    }
    if found.told_more > 0 {
        lines.push(format!("  and {} more", found.told_more));
    }
    if !found.states.is_empty() {
        lines.extend([String::new(), "After decisions and statements:".to_owned()]);
    }
    for state in &found.states {
        let by = state.decision.as_ref().or(state.statement.as_ref());
        let by = by.map(|by| format!(", because of {by}")).unwrap_or_default();
        let again = state.reopened.as_ref().map(|(by, why)| format!(", open again: {by} {why}")).unwrap_or_default();
        lines.push(format!("  {}: {}{by}{again}", state.package, state.status));
    }
    lines
}

fn find(wanted: Option<&str>) -> Result<Vec<Code>> {
    let all = codes();
    let Some(wanted) = wanted else { return Ok(all) };
    let found: Vec<Code> = all.iter().filter(|code| code.code == wanted).cloned().collect();
    if found.is_empty() {
        let near = nearest(wanted, &all);
        let hint = if near.is_empty() {
            "`underpin explain` lists all codes".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        return Err(usage(format!("there is no code {wanted:?}"), hint));
    }
    Ok(found)
}

/// The codes that share most words with `wanted`.
fn nearest(wanted: &str, all: &[Code]) -> Vec<&'static str> {
    let shared = |code: &str| wanted.split('-').filter(|word| code.split('-').any(|part| part == *word)).count();
    let mut near: Vec<(usize, &str)> = all.iter().map(|code| (shared(code.code), code.code)).collect();
    near.retain(|(shared, _)| *shared > 0);
    near.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
    near.into_iter().map(|(_, code)| code).take(5).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_have_several_meanings_and_all_are_shown() {
        let about: Vec<&str> = find(Some("too-deep")).expect("known").iter().map(|code| code.about).collect();
        assert_eq!(about, ["document", "archive", "file", "advisory"]);
    }

    #[test]
    fn an_unknown_code_gets_a_suggestion() {
        let error = find(Some("no-licence-version")).expect_err("there is none");
        assert_eq!(error.code, "usage");
        assert!(error.hint.contains("no-version"), "{}", error.hint);
    }
}
