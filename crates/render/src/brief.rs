// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A plan for support on one page: what is paid for, what agencies pay together, what is not done and what comes first, what is not
//! known, what is to be decided. Every number stands beside what it can be checked by.

use underpin_model::brief::{BriefRefusal, PlanBrief};
use underpin_model::interventions::InterventionCode;

use crate::pdf::{Part, PdfError, Report, pdf};
use crate::{Argument, Language, dates, numbers, text};

/// Lines of a list on the page; the last one says how many more stand in the plan.
const LINES: usize = 4;

/// The document, by an office.
pub fn document(language: Language, facts: &PlanBrief, author: &str) -> Report {
    let say = |key: &str| text(language, key, &[]);
    let euro = |cents: i64| numbers::euro(language, cents);
    let budget = euro(facts.budget_cents);
    let mut parts = vec![Part::Lead(lead(language, facts))];
    if let Some(percent) = facts.avoided_percent.filter(|_| !facts.items.is_empty()) {
        parts.push(Part::Text(text(language, "brief-avoided", &[("percent", percent.into())])));
    }
    if !facts.items.is_empty() {
        parts.push(Part::Heading(say("brief-paid")));
        let names = ["brief-project", "brief-what", "brief-cost", "brief-systems"].map(say).to_vec();
        let row = |item: &underpin_model::brief::BriefItem| {
            let what: Vec<String> = item.interventions.iter().map(|code| instrument(language, *code)).collect();
            vec![item.project.clone(), what.join(" + "), euro(item.cost_cents), numbers::count(language, item.systems)]
        };
        parts.push(Part::Table(names, facts.items.iter().map(row).collect()));
        parts.push(Part::Note(say("brief-why")));
    }
    let lists = [
        ("brief-pooled", pooled(language, facts)),
        ("brief-doubled", doubled(language, facts)),
        ("brief-refused", facts.refused.iter().map(|one| refused(language, one)).collect()),
        ("brief-unknown", unknown(language, facts)),
    ];
    for (key, lines) in lists.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        parts.push(Part::Heading(say(key)));
        parts.push(Part::List(shortened(language, lines)));
    }
    parts.extend([Part::Heading(say("brief-next")), Part::Text(say("brief-next-line"))]);
    let at = dates::minute(language, facts.as_of);
    let command = format!("underpin {}", facts.command);
    let foot = [("at", Argument::Text(&at)), ("command", Argument::Text(&command))];
    Report {
        title: text(language, "brief-title", &[("budget", Argument::Text(&budget))]),
        author: author.to_owned(),
        // What the government leans on is a list of targets.
        marking: "TLP:AMBER".to_owned(),
        foot: text(language, "brief-foot", &foot),
        made: facts.as_of,
        language,
        parts,
    }
}

/// The document as the bytes of a PDF.
///
/// # Errors
/// What [`pdf`] says.
pub fn bytes(language: Language, facts: &PlanBrief, author: &str) -> Result<Vec<u8>, PdfError> {
    pdf(&document(language, facts, author))
}

/// A list as long as fits on the page.
fn shortened(language: Language, mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > LINES {
        let more = lines.split_off(LINES - 1).len() as u64;
        lines.push(text(language, "brief-more", &[("count", more.into())]));
    }
    lines
}

/// The last part of a key, by which people know the project.
pub fn name_of(key: &str) -> &str {
    key.rsplit('/').find(|part| !part.is_empty()).unwrap_or(key)
}

/// The whole plan in a sentence.
pub fn lead(language: Language, facts: &PlanBrief) -> String {
    let (budget, cost) = (numbers::euro(language, facts.budget_cents), numbers::euro(language, facts.cost_cents));
    if facts.items.is_empty() {
        return text(language, "brief-nothing", &[("budget", Argument::Text(&budget))]);
    }
    let words = [
        ("budget", Argument::Text(&budget)),
        ("cost", Argument::Text(&cost)),
        ("projects", Argument::Count(facts.items.len() as u64)),
        ("systems", facts.systems.into()),
        ("agencies", facts.agencies.into()),
    ];
    text(language, "brief-lead", &words)
}

/// What an instrument is called.
pub fn instrument(language: Language, code: InterventionCode) -> String {
    text(language, &format!("intervention-{}", code.as_str()), &[])
}

/// What agencies pay together, a line each.
pub fn pooled(language: Language, facts: &PlanBrief) -> Vec<String> {
    let line = |one: &underpin_model::brief::BriefPool| {
        let (amount, what) = (numbers::euro(language, one.amount_cents), instrument(language, one.activity));
        let words = [
            ("number", Argument::Text(&one.number)),
            ("agencies", one.agencies.into()),
            ("amount", Argument::Text(&amount)),
            ("what", Argument::Text(&what)),
            ("project", Argument::Text(name_of(&one.project))),
        ];
        text(language, "brief-pooled-line", &words)
    };
    facts.pooled.iter().map(line).collect()
}

/// Where somebody else pays, too, a line each.
pub fn doubled(language: Language, facts: &PlanBrief) -> Vec<String> {
    let line = |one: &underpin_model::brief::BriefDouble| {
        let what = instrument(language, one.activity);
        let words = [
            ("number", Argument::Text(&one.number)),
            ("funder", Argument::Text(&one.funder)),
            ("what", Argument::Text(&what)),
            ("project", Argument::Text(name_of(&one.project))),
        ];
        text(language, "brief-doubled-line", &words)
    };
    facts.doubled.iter().map(line).collect()
}

fn refused(language: Language, one: &BriefRefusal) -> String {
    let (what, reason, first) = (
        instrument(language, one.intervention),
        text(language, &format!("refusal-{}", one.reason.as_str()), &[]),
        text(language, &format!("first-{}", one.first.as_str()), &[]),
    );
    let words = [
        ("project", Argument::Text(name_of(&one.project))),
        ("what", Argument::Text(&what)),
        ("reason", Argument::Text(&reason)),
        ("first", Argument::Text(&first)),
    ];
    text(language, "brief-refused-line", &words)
}

/// What is not known, a line each.
pub fn unknown(language: Language, facts: &PlanBrief) -> Vec<String> {
    let mut lines = Vec::new();
    if facts.unasked > 0 {
        lines.push(text(language, "brief-unknown-facts", &[("count", facts.unasked.into())]));
    }
    if facts.unknown_systems > 0 {
        lines.push(text(language, "brief-unknown-agencies", &[("unknown", facts.unknown_systems.into())]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use underpin_model::brief::{BriefDouble, BriefItem, BriefPool};
    use underpin_model::interventions::{FirstStep, RefusalReason};

    use super::*;

    fn facts() -> PlanBrief {
        PlanBrief {
            as_of: "2026-03-02T09:00:00Z".parse().expect("a moment"),
            budget_cents: 500_000_000,
            cost_cents: 84_000_000,
            items: vec![BriefItem {
                project: "github.com/apache/logging-log4j2".to_owned(),
                interventions: vec![InterventionCode::Audit, InterventionCode::PaidMaintenance],
                cost_cents: 84_000_000,
                systems: 12,
            }],
            systems: 12,
            agencies: 5,
            avoided_percent: Some(41),
            pooled: vec![BriefPool {
                number: "K2".to_owned(),
                project: "github.com/a/b".to_owned(),
                activity: InterventionCode::Fuzzing,
                agencies: 4,
                amount_cents: 6_000_000,
            }],
            doubled: vec![BriefDouble {
                number: "K1".to_owned(),
                project: "github.com/a/b".to_owned(),
                activity: InterventionCode::Audit,
                funder: "The Republic of Osteria".to_owned(),
            }],
            refused: vec![BriefRefusal {
                project: "github.com/c/d".to_owned(),
                intervention: InterventionCode::BountyWithTriage,
                reason: RefusalReason::NoTriageCapacity,
                first: FirstStep::PayForTriage,
            }],
            unasked: 31,
            unknown_systems: 5,
            command: "plan --budget 5000000".to_owned(),
        }
    }

    fn told(report: &Report) -> String {
        let mut lines = vec![format!("# {} [{}] {}", report.title, report.marking, report.foot)];
        for part in &report.parts {
            match part {
                Part::Lead(words) | Part::Text(words) | Part::Note(words) => lines.push(words.clone()),
                Part::Heading(words) => lines.push(format!("## {words}")),
                Part::List(points) => lines.extend(points.iter().map(|point| format!("- {point}"))),
                Part::Table(names, rows) => {
                    lines.extend(std::iter::once(names).chain(rows).map(|row| row.join(" | ")));
                }
                Part::Facts(_, pairs) => lines.extend(pairs.iter().map(|pair| pair.join(": "))),
            }
        }
        lines.join("\n")
    }

    #[test]
    fn the_page_in_both_languages() {
        let page = |language| told(&document(language, &facts(), "The office"));
        insta::assert_snapshot!("brief_english", page(Language::English));
        insta::assert_snapshot!("brief_german", page(Language::German));
        let nothing = PlanBrief { budget_cents: 100, command: "plan --budget 1".to_owned(), ..PlanBrief::default() };
        insta::assert_snapshot!("brief_nothing", told(&document(Language::English, &nothing, "The office")));
    }

    #[test]
    fn every_word_of_the_lists_is_there_in_both_languages() {
        for language in [Language::English, Language::German] {
            let words = InterventionCode::ALL.iter().map(|one| format!("intervention-{}", one.as_str()));
            let words = words.chain(RefusalReason::ALL.iter().map(|one| format!("refusal-{}", one.as_str())));
            for key in words.chain(FirstStep::ALL.iter().map(|one| format!("first-{}", one.as_str()))) {
                assert_ne!(text(language, &key, &[]), key, "{language:?}");
            }
        }
    }

    #[test]
    fn a_plan_of_five_projects_is_a_pdf_of_one_page() {
        let mut facts = facts();
        facts.items[0].interventions.extend([InterventionCode::Succession, InterventionCode::PooledFund]);
        facts.items = vec![facts.items[0].clone(); 5];
        facts.refused = vec![facts.refused[0].clone(); 20];
        for language in [Language::English, Language::German] {
            let bytes = bytes(language, &facts, "The office").expect("a PDF");
            assert!(bytes.starts_with(b"%PDF-"));
            let text = String::from_utf8_lossy(&bytes);
            let pages = text.matches("/Type /Page\n").count() + text.matches("/Type/Page/").count();
            assert_eq!(pages, 1, "{language:?}");
        }
    }
}
