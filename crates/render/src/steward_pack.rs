// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a steward has to show, as Markdown and as a report: made of facts, and what is missing says so. Words from outside are never markup.

use underpin_model::steward_pack::{PackFact, PackPart, PackRequest, StewardPack};

use crate::authority_report::cited;
use crate::pdf::{Part, PdfError, Report, pdf};
use crate::{Argument, Language, dates, text};

/// The pack as a report.
pub fn document(language: Language, facts: &StewardPack) -> Report {
    let say = |key: &str| text(language, key, &[]);
    let mut parts = vec![Part::Lead(lead(language, facts)), Part::Text(say("pack-note"))];
    for part in &facts.parts {
        parts.push(Part::Heading(element(language, part)));
        match part.facts.is_empty() {
            true => parts.push(Part::Text(say("pack-missing"))),
            false => parts.push(Part::List(part.facts.iter().map(|own| fact(language, own)).collect())),
        }
        parts.push(Part::Note(cited(language, &part.law)));
    }
    parts.push(Part::Heading(say("pack-log")));
    match facts.requests.is_empty() {
        true => parts.push(Part::Text(say("pack-log-none"))),
        false => {
            parts.push(Part::Table(columns(language), facts.requests.iter().map(|row| cells(language, row)).collect()))
        }
    }
    Report {
        title: say("pack-title"),
        author: if facts.author.is_empty() { say("pack-nobody") } else { facts.author.clone() },
        marking: String::new(),
        foot: foot(language, facts),
        made: facts.as_of,
        language,
        parts,
    }
}

/// The pack as the bytes of a PDF.
///
/// # Errors
/// When the layout is at fault.
pub fn bytes(language: Language, facts: &StewardPack) -> Result<Vec<u8>, PdfError> {
    pdf(&document(language, facts))
}

/// The pack as Markdown.
pub fn markdown(language: Language, facts: &StewardPack) -> String {
    let report = document(language, facts);
    let mut lines = vec![format!("# {}", plain(&report.title)), String::new(), plain(&report.author), String::new()];
    for part in &report.parts {
        match part {
            Part::Lead(words) => lines.push(format!("**{}**", plain(words))),
            Part::Heading(words) => lines.push(format!("## {}", plain(words))),
            Part::Text(words) | Part::Note(words) => lines.push(plain(words)),
            Part::List(items) => lines.extend(items.iter().map(|item| format!("- {}", plain(item)))),
            Part::Facts(_, pairs) => lines.extend(pairs.iter().map(|[a, b]| format!("- {}: {}", plain(a), plain(b)))),
            Part::Table(names, rows) => {
                let row = |cells: &[String]| {
                    format!("| {} |", cells.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join(" | "))
                };
                lines.push(row(names));
                lines.push(format!("|{}", "---|".repeat(names.len())));
                lines.extend(rows.iter().map(|cells| row(cells)));
            }
        }
        lines.push(String::new());
    }
    lines.push(plain(&report.foot));
    lines.join("\n") + "\n"
}

/// Words on one line in which no letter is markup.
fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// How much of it has something to show.
pub fn lead(language: Language, facts: &StewardPack) -> String {
    let (missing, all) = (facts.missing().count(), facts.parts.len());
    let key = if missing == 0 { "pack-lead-whole" } else { "pack-lead" };
    text(language, key, &[("missing", missing.into()), ("all", all.into())])
}

/// What the law asks for.
pub fn element(language: Language, part: &PackPart) -> String {
    text(language, &format!("pack-{}", part.element.as_str()), &[])
}

/// A fact, in words.
pub fn fact(language: Language, fact: &PackFact) -> String {
    let say = |key: &str, arguments: &[(&str, Argument<'_>)]| text(language, key, arguments);
    let day = |at| dates::day(language, at);
    match fact {
        PackFact::Publisher { name } => say("pack-fact-publisher", &[("name", name.into())]),
        PackFact::Authority { words } => say("pack-fact-authority", &[("words", words.into())]),
        PackFact::StewardOf { name, said } => {
            say("pack-fact-steward", &[("name", name.into()), ("day", (&day(*said)).into())])
        }
        PackFact::Contact { address } => say("pack-fact-contact", &[("address", address.into())]),
        PackFact::SecurityText { expires } => say("pack-fact-security-text", &[("day", (&day(*expires)).into())]),
        PackFact::Policy { address } => say("pack-fact-policy", &[("address", address.into())]),
        PackFact::Repositories { all, public } => {
            say("pack-fact-repositories", &[("all", (*all).into()), ("public", (*public).into())])
        }
        PackFact::Cases { public } => say("pack-fact-cases", &[("count", (*public).into())]),
        PackFact::Advisories { published } => say("pack-fact-advisories", &[("count", (*published).into())]),
        PackFact::Reports { handed_in, late } => {
            say("pack-fact-reports", &[("count", (*handed_in).into()), ("late", (*late).into())])
        }
        PackFact::Requests { all, open } => {
            say("pack-fact-requests", &[("count", (*all).into()), ("open", (*open).into())])
        }
    }
}

fn columns(language: Language) -> Vec<String> {
    let keys = [
        "pack-log-number",
        "pack-log-authority",
        "pack-log-about",
        "pack-log-asked",
        "pack-log-due",
        "pack-log-answered",
    ];
    keys.iter().map(|key| text(language, key, &[])).collect()
}

fn cells(language: Language, row: &PackRequest) -> Vec<String> {
    let day = |at: Option<underpin_model::Timestamp>| at.map_or_else(|| "–".to_owned(), |at| dates::day(language, at));
    vec![
        row.request.to_string(),
        row.authority.clone(),
        row.about.clone(),
        dates::day(language, row.asked),
        day(row.due),
        row.answered.map_or_else(|| text(language, "pack-log-open", &[]), |at| dates::day(language, at)),
    ]
}

fn foot(language: Language, facts: &StewardPack) -> String {
    let (at, snapshot) = (dates::minute(language, facts.as_of), facts.snapshot.to_string());
    text(language, "draft-as-of", &[("at", (&at).into()), ("snapshot", (&snapshot).into())])
}

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;
    use underpin_model::law::{Citation, Seen, Standing};
    use underpin_model::steward_pack::PackElement;

    use super::*;

    fn example() -> StewardPack {
        let law = Citation {
            key: "a".to_owned(),
            title: "Regulation".to_owned(),
            place: "Article 24(1)".to_owned(),
            link: "https://law.example".to_owned(),
            standing: Standing::Law,
            seen: Seen::Copy,
            open: String::new(),
        };
        let part = |element, facts| PackPart { element, facts, law: law.clone() };
        let parts = PackElement::ALL.iter().map(|element| match element {
            PackElement::Contact => {
                part(*element, vec![PackFact::Contact { address: "mailto:a@b.example".to_owned() }])
            }
            _ => part(*element, Vec::new()),
        });
        StewardPack {
            author: String::new(),
            parts: parts.collect(),
            requests: vec![PackRequest {
                request: 1,
                authority: "**Market** | [a](b)".to_owned(),
                about: "<script>\n# the policy".to_owned(),
                asked: Timestamp(1_800_000_000_000_000),
                due: None,
                answered: None,
                evidence: Vec::new(),
            }],
            snapshot: 3,
            as_of: Timestamp(1_800_000_000_000_000),
        }
    }

    #[test]
    fn what_is_missing_says_so_and_words_from_outside_are_no_markup() {
        for language in [Language::English, Language::German] {
            let text = markdown(language, &example());
            let missing = crate::text(language, "pack-missing", &[]);
            assert_eq!(text.matches(&missing).count(), PackElement::ALL.len() - 1, "{text}");
            assert!(text.contains("mailto:a@b.example") && !text.contains("**Market**") && !text.contains("<script>"));
            assert!(text.contains("\\<script\\> \\# the policy"), "{text}");
            assert!(bytes(language, &example()).expect("a PDF").starts_with(b"%PDF"));
        }
        assert!(markdown(Language::English, &example()).contains("8 of 9"));
    }
}
