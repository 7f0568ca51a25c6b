// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The situation of an incident in sentences, for whoever leads: made of facts, so that page and PDF say the same. Every sentence
//! follows from a number that stands in the list of numbers below it.

use underpin_model::situation::{NextKind, NextStep, Situation, Told};

use crate::authority_report::deadline_name;
use crate::pdf::{Part, PdfError, Report, pdf};
use crate::room::{Standing, headline};
use crate::{Argument, Language, dates, text};

/// A number with what it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// What it counts.
    pub what: String,
    /// The number, and how it is asked for again.
    pub told: Told,
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentences {
    /// The sentence that says it all.
    pub headline: String,
    /// What else must be known at once.
    pub lead: Vec<String>,
    /// Who is hit.
    pub hit: Vec<String>,
    /// What is not known.
    pub not_known: Vec<String>,
    /// What happens next, and when.
    pub next: Vec<String>,
    /// Words for the public.
    pub public: Vec<String>,
    /// Every number, with its question.
    pub numbers: Vec<Number>,
}

/// The sentences of a situation.
pub fn sentences(language: Language, facts: &Situation) -> Sentences {
    let say = |key: &str, arguments: &[(&str, Argument<'_>)]| text(language, key, arguments);
    let count = |key: &str, count: u64| say(key, &[("count", count.into())]);
    let mut lead = Vec::new();
    if facts.hit.count > 0 {
        lead.push(count("report-agencies", facts.agencies));
    }
    if !facts.exploited.is_empty() {
        lead.push(say("report-exploited", &[("lists", (&facts.exploited.join(", ")).into())]));
    }
    lead.extend(match (facts.target, facts.is_on_track) {
        (Some(at), Some(true)) => Some(moment(language, "report-on-track", at)),
        (Some(at), Some(false)) => Some(moment(language, "report-off-track", at)),
        (Some(at), None) => Some(moment(language, "report-target", at)),
        (None, _) => None,
    });
    let ministries = facts.ministries.iter();
    let hit = ministries
        .map(|row| say("report-ministry", &[("name", (&row.name).into()), ("count", row.hit.count.into())]))
        .collect();
    Sentences {
        headline: headline(language, &facts.title, &standing(facts)),
        lead,
        hit,
        not_known: not_known(language, facts),
        next: next(language, facts),
        public: public(language, facts),
        numbers: numbers(language, facts),
    }
}

fn standing(facts: &Situation) -> Standing {
    Standing {
        open: facts.hit.count,
        settled: facts.fixed.count + facts.accepted.count,
        unclear: facts.in_the_dark(),
        is_closed: facts.closed.is_some(),
        ..Standing::default()
    }
}

fn moment(language: Language, key: &str, at: underpin_model::Timestamp) -> String {
    text(language, key, &[("at", (&dates::minute(language, at)).into())])
}

fn not_known(language: Language, facts: &Situation) -> Vec<String> {
    let counts = [
        ("report-unknown", facts.unknown.count),
        ("report-blind", facts.blind.count),
        ("report-stale", facts.stale.count),
        ("report-declared", facts.declared),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let mut lines: Vec<String> = counts.map(|(key, count)| text(language, key, &[("count", count.into())])).collect();
    lines.push(match facts.knowledge_days {
        Some(days) => text(language, "report-knowledge", &[("count", days.into())]),
        None => text(language, "knowledge-nothing", &[]),
    });
    lines
}

fn next(language: Language, facts: &Situation) -> Vec<String> {
    let mut lines: Vec<String> = facts.next.iter().map(|step| next_step(language, step)).collect();
    lines.extend(facts.deadlines.iter().map(|deadline| {
        let due = dates::minute(language, deadline.due);
        let name = deadline_name(language, &deadline.name);
        let arguments = [
            ("name", (&name).into()),
            ("binds", (&deadline.binds).into()),
            ("source", (&deadline.source).into()),
            ("at", (&due).into()),
        ];
        text(language, "report-deadline", &arguments)
    }));
    lines
}

fn next_step(language: Language, step: &NextStep) -> String {
    let key = match step.kind {
        NextKind::Acknowledge => "report-next-acknowledge",
        NextKind::Ask => "report-next-ask",
        NextKind::Mend => "report-next-mend",
        NextKind::Prove => "report-next-prove",
        NextKind::Agree => "report-next-agree",
        NextKind::Close => "report-next-close",
        NextKind::Learn => "report-next-learn",
    };
    let mut sentences = vec![text(language, key, &[("count", step.open.count.into())])];
    sentences.extend(step.due.map(|at| moment(language, "report-due", at)));
    if step.overdue > 0 {
        sentences.push(text(language, "report-overdue", &[("count", step.overdue.into())]));
    }
    sentences.join(" ")
}

/// Words that give nothing away: how many, never who.
fn public(language: Language, facts: &Situation) -> Vec<String> {
    let (open, settled) = (facts.hit.count, facts.fixed.count + facts.accepted.count);
    let key = match (open, settled) {
        (0, 0) => "report-public-none",
        (0, _) => "report-public-done",
        _ => "report-public-open",
    };
    let mut lines = vec![text(
        language,
        key,
        &[("title", (&facts.title).into()), ("settled", settled.into()), ("total", (open + settled).into())],
    )];
    if facts.in_the_dark() > 0 {
        lines.push(text(language, "report-public-asked", &[]));
    }
    lines
}

fn numbers(language: Language, facts: &Situation) -> Vec<Number> {
    let named = [
        ("room-exposed", &facts.hit),
        ("room-fixed", &facts.fixed),
        ("room-accepted", &facts.accepted),
        ("room-not-hit", &facts.not_hit),
        ("reach-blind", &facts.blind),
        ("reach-stale", &facts.stale),
        ("reach-unknown", &facts.unknown),
    ];
    let mut numbers: Vec<Number> =
        named.iter().map(|(key, told)| Number { what: text(language, key, &[]), told: (*told).clone() }).collect();
    numbers.extend(facts.ministries.iter().map(|row| Number { what: row.name.clone(), told: row.hit.clone() }));
    numbers
}

/// The same as a document of one page, to be printed or sent.
pub fn document(language: Language, facts: &Situation, author: &str) -> Report {
    let told = sentences(language, facts);
    let say = |key: &str| text(language, key, &[]);
    let mut parts = Vec::new();
    if facts.is_drill {
        parts.push(Part::Note(say("incident-drill-says")));
    }
    parts.push(Part::Lead(told.headline.clone()));
    parts.extend(told.lead.iter().cloned().map(Part::Text));
    let lists = [("report-hit", &told.hit), ("report-not-known", &told.not_known), ("report-next", &told.next)];
    for (key, lines) in lists.into_iter().filter(|(_, lines)| !lines.is_empty()) {
        parts.push(Part::Heading(say(key)));
        parts.push(Part::List(lines.clone()));
    }
    parts.push(Part::Heading(say("report-public")));
    parts.extend(told.public.iter().cloned().map(Part::Text));
    parts.push(Part::Heading(say("report-numbers")));
    let names = vec![say("room-what"), say("report-number"), say("report-question")];
    let rows = told.numbers.iter();
    let rows =
        rows.map(|row| vec![row.what.clone(), row.told.count.to_string(), format!("underpin {}", row.told.command)]);
    parts.push(Part::Table(names, rows.collect()));
    Report {
        title: text(language, "report-title", &[("title", (&facts.title).into())]),
        author: author.to_owned(),
        marking: format!("TLP:{}", facts.tlp.as_str().to_uppercase()),
        foot: text(language, "report-for", &[("at", (&dates::minute(language, facts.as_of)).into())]),
        made: facts.as_of,
        language,
        parts,
    }
}

/// The document as the bytes of a PDF.
///
/// # Errors
/// What [`pdf`] says.
pub fn bytes(language: Language, facts: &Situation, author: &str) -> Result<Vec<u8>, PdfError> {
    pdf(&document(language, facts, author))
}

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;
    use underpin_model::incidents::{IncidentDeadline, IncidentId, Scope, ScopeQuery, Step};
    use underpin_model::registry::Classification;
    use underpin_model::situation::MinistryHit;
    use underpin_model::watch::Tlp;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn told(count: u64) -> Told {
        Told { count, command: "where log4j-core".to_owned(), address: "/find?q=log4j-core".to_owned() }
    }

    fn facts() -> Situation {
        Situation {
            incident: IncidentId(1),
            title: "Log4Shell".to_owned(),
            scope: Scope { query: ScopeQuery::Package("log4j-core".to_owned()), from: None, until: None },
            is_drill: false,
            drill_of: None,
            tlp: Tlp::Amber,
            classification: Classification::Internal,
            snapshot: 7,
            as_of: at("2026-03-02T09:00:00Z"),
            opened: at("2026-03-01T09:00:00Z"),
            closed: None,
            step: Step::Fix,
            target: Some(at("2026-03-04T09:00:00Z")),
            is_on_track: Some(true),
            systems: 20,
            hit: told(3),
            agencies: 2,
            fixed: told(4),
            accepted: told(1),
            not_hit: told(8),
            blind: told(0),
            stale: told(1),
            unknown: told(3),
            declared: 12,
            exploited: vec!["kev".to_owned()],
            ministries: vec![MinistryHit { agency: "mof".to_owned(), name: "Finance".to_owned(), hit: told(3) }],
            next: vec![NextStep {
                kind: NextKind::Mend,
                open: told(3),
                due: Some(at("2026-03-03T09:00:00Z")),
                overdue: 1,
            }],
            deadlines: vec![IncidentDeadline {
                name: "Early warning".to_owned(),
                binds: "essential entities".to_owned(),
                source: "NIS 2, Article 23".to_owned(),
                due: at("2026-03-02T10:00:00Z"),
                confirmed_by: Some("ada".to_owned()),
                met: None,
            }],
            knowledge_days: Some(2),
        }
    }

    #[test]
    fn a_situation_is_told_whole() {
        let told = sentences(Language::English, &facts());
        assert_eq!(told.headline, "3 of 8 systems are still exposed to Log4Shell");
        assert_eq!(
            told.lead,
            [
                "They belong to 2 agencies.",
                "It is being exploited, says: kev.",
                "The work is fast enough for the target: nobody exposed on 4 March 2026, 09:00 UTC.",
            ]
        );
        assert_eq!(told.hit, ["Finance: 3 systems"]);
        assert_eq!(
            told.not_known,
            [
                "Of 3 systems nothing is known.",
                "Of one system the documents are old.",
                "12 systems are only declared as a number. Nothing can be told of them.",
                "What is known of vulnerabilities was looked at 2 days ago.",
            ]
        );
        assert_eq!(
            told.next,
            [
                "3 systems are being mended. Due 3 March 2026, 09:00 UTC. One is late.",
                "Early warning: due 2 March 2026, 10:00 UTC. Binds essential entities (NIS 2, Article 23).",
            ]
        );
        assert_eq!(
            told.public,
            [
                "We know of a problem called Log4Shell. Of 8 systems that it reaches, 5 are safe again. The others are being worked on.",
                "We are still asking some of our agencies.",
            ]
        );
        assert_eq!(told.numbers.len(), 8);
    }

    #[test]
    fn nothing_that_the_public_reads_names_anybody() {
        for hit in [0, 3] {
            let given = Situation { hit: told(hit), ..facts() };
            for language in Language::ALL {
                let words = sentences(language, &given).public.join(" ");
                assert!(!words.contains("Finance") && !words.contains("kev"), "{words}");
            }
        }
    }

    #[test]
    fn it_becomes_a_document_in_both_languages() {
        for language in Language::ALL {
            let drill = Situation { is_drill: true, ..facts() };
            assert!(matches!(&document(language, &drill, "Office").parts[0], Part::Note(_)), "a drill says so first");
            let bytes = bytes(language, &drill, "Office").expect("a PDF");
            assert!(bytes.starts_with(b"%PDF"));
        }
    }
}
