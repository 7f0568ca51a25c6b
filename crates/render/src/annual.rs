// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The annual report, for page and PDF alike: every number with the command by which it is asked for again. What is not known stands
//! there as not known.

use underpin_model::compass::{AnnualLine, AnnualReport, AnnualSection};

use crate::pdf::{Part, PdfError, Report, pdf};
use crate::{Argument, Language, dates, numbers, text};

/// The document, by an office.
pub fn document(language: Language, facts: &AnnualReport, author: &str) -> Report {
    let say = |key: &str| text(language, key, &[]);
    let year = facts.year.to_string();
    let mut parts = vec![Part::Lead(lead(language, facts))];
    if facts.is_running {
        parts.push(Part::Text(say("annual-running")));
    }
    parts.push(Part::Note(eyes(language, facts)));
    parts.push(Part::Note(say("annual-how-to-read")));
    let names = ["annual-what", "annual-how-many", "annual-asked-by"].map(say).to_vec();
    for section in AnnualSection::ALL {
        let rows: Vec<Vec<String>> =
            facts.rows.iter().filter(|line| line.section == *section).map(|line| row(language, facts, line)).collect();
        if !rows.is_empty() {
            parts.push(Part::Heading(say(&format!("annual-section-{}", section.as_str()))));
            parts.push(Part::Table(names.clone(), rows));
        }
    }
    let at = dates::minute(language, facts.until);
    let command = format!("underpin {}", facts.command);
    Report {
        title: text(language, "annual-title", &[("year", Argument::Text(&year))]),
        author: author.to_owned(),
        marking: marking(facts),
        foot: text(language, "annual-foot", &[("at", Argument::Text(&at)), ("command", Argument::Text(&command))]),
        made: facts.until,
        language,
        parts,
    }
}

/// The document as the bytes of a PDF.
///
/// # Errors
/// What [`pdf`] says.
pub fn bytes(language: Language, facts: &AnnualReport, author: &str) -> Result<Vec<u8>, PdfError> {
    pdf(&document(language, facts, author))
}

/// How many, of how many; `not known` where that is so.
pub fn number(language: Language, line: &AnnualLine) -> String {
    let Some(count) = line.count else { return text(language, "annual-not-known", &[]) };
    if line.is_money {
        return numbers::euro(language, i64::try_from(count).unwrap_or(i64::MAX));
    }
    match line.of {
        Some(of) => text(language, "annual-count-of", &[("count", count.into()), ("of", of.into())]),
        None => numbers::count(language, count),
    }
}

fn marking(facts: &AnnualReport) -> String {
    format!("TLP:{}", facts.tlp.as_str().to_uppercase())
}

/// With whose eyes it was counted, and how far it may be passed on.
pub fn eyes(language: Language, facts: &AnnualReport) -> String {
    let (clearance, marking) =
        (text(language, &format!("classification-{}", facts.clearance.as_str()), &[]), marking(facts));
    let words = [("clearance", Argument::Text(&clearance)), ("marking", Argument::Text(&marking))];
    text(language, "annual-eyes", &words)
}

/// The whole year in a sentence or two: only what is known.
pub fn lead(language: Language, facts: &AnnualReport) -> String {
    let of =
        |code: &str| facts.rows.iter().find(|line| line.code == code).and_then(|line| Some((line.count?, line.of)));
    let mut sentences = Vec::new();
    if let Some((count, Some(of))) = of("annual-systems-known") {
        sentences.push(text(language, "annual-lead-systems", &[("count", count.into()), ("of", of.into())]));
    }
    if let Some((count, Some(of))) = of("annual-promises-kept").filter(|(_, of)| of.is_some_and(|of| of > 0)) {
        sentences.push(text(language, "annual-lead-promises", &[("count", count.into()), ("of", of.into())]));
    }
    if let Some((count, _)) = of("annual-consultations") {
        sentences.push(text(language, "annual-lead-consultations", &[("count", count.into())]));
    }
    sentences.join(" ")
}

fn row(language: Language, facts: &AnnualReport, line: &AnnualLine) -> Vec<String> {
    // The moment is the same for all and stands in the foot.
    let moment = format!(" --as-of {}", facts.until);
    vec![text(language, &line.code, &[]), number(language, line), line.command.replace(&moment, "")]
}

#[cfg(test)]
mod tests {
    use underpin_model::registry::Classification;
    use underpin_model::watch::Tlp;

    use super::*;

    fn line(section: AnnualSection, code: &str, count: Option<u64>, of: Option<u64>) -> AnnualLine {
        AnnualLine {
            section,
            code: code.to_owned(),
            count,
            of,
            is_money: code == "annual-paid",
            href: "/coverage".to_owned(),
            command: "underpin coverage --as-of 2026-03-02T09:00:00Z".to_owned(),
        }
    }

    fn facts() -> AnnualReport {
        AnnualReport {
            year: 2026,
            from: "2026-01-01T00:00:00Z".parse().expect("a moment"),
            until: "2026-03-02T09:00:00Z".parse().expect("a moment"),
            is_running: true,
            tlp: Tlp::AmberStrict,
            clearance: Classification::Restricted,
            command: "report annual --year 2026 --as-of 2026-03-02T09:00:00Z".to_owned(),
            rows: vec![
                line(AnnualSection::Inventory, "annual-systems-known", Some(12), Some(15)),
                line(AnnualSection::Support, "annual-paid", Some(2_500_000), None),
                line(AnnualSection::Support, "annual-promises-kept", None, None),
                line(AnnualSection::Listening, "annual-consultations", Some(1), None),
            ],
        }
    }

    #[test]
    fn what_is_not_known_is_said_and_stands_in_no_sentence() {
        let facts = facts();
        let told = |language| facts.rows.iter().map(|line| number(language, line)).collect::<Vec<_>>();
        assert_eq!(told(Language::English), ["12 of 15", "€25,000", "not known", "1"]);
        let lead = lead(Language::English, &facts);
        assert!(lead.contains("contents of 12 are known") && !lead.to_lowercase().contains("promise"), "{lead}");
        let report = document(Language::German, &facts, "Das Büro");
        let cells = |part: &Part| match part {
            Part::Table(_, rows) => rows.iter().map(|row| row.join(" | ")).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let rows: Vec<String> = report.parts.iter().flat_map(cells).collect();
        assert_eq!(rows.len(), 4);
        assert!(rows.iter().all(|row| row.ends_with("| underpin coverage")), "{rows:?}");
    }

    #[test]
    fn the_marking_is_that_of_what_is_counted_and_it_is_said_with_whose_eyes() {
        for language in Language::ALL {
            let report = document(language, &facts(), "The office");
            assert_eq!(report.marking, "TLP:AMBER+STRICT");
            let told = eyes(language, &facts());
            let clearance = text(language, "classification-restricted", &[]);
            assert!(told.contains("TLP:AMBER+STRICT") && told.contains(&clearance), "{told}");
            assert!(report.parts.iter().any(|part| matches!(part, Part::Note(note) if *note == told)));
        }
    }

    #[test]
    fn the_same_report_gives_the_same_bytes() {
        for language in Language::ALL {
            let one = bytes(language, &facts(), "The office").expect("a PDF");
            assert!(one.starts_with(b"%PDF-"));
            assert_eq!(one, bytes(language, &facts(), "The office").expect("a PDF"));
        }
    }
}
