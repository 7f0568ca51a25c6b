// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Letters to agencies: what is asked of them by when, and how they answer, also without an account. Made of facts, so that mail, page and
//! PDF say the same.

use underpin_model::Timestamp;
use underpin_model::incidents::TaskKind;
use underpin_model::rounds::LetterKind;

use crate::pdf::{Part, PdfError, Report, pdf};
use crate::{Argument, Language, dates, text};

/// What a letter asks for at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Name of the system or agency.
    pub name: String,
    /// Its identifier.
    pub id: String,
    /// What is asked for.
    pub kind: TaskKind,
}

/// What a letter is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Which letter it is.
    pub kind: LetterKind,
    /// What the round or incident is called.
    pub title: String,
    /// Why it is asked.
    pub why: String,
    /// Whether a round asks for evidence; else an incident asks for its tasks.
    pub is_round: bool,
    /// Whether it is only an exercise.
    pub is_drill: bool,
    /// The agency it goes to.
    pub agency: String,
    /// What is asked for, place by place.
    pub items: Vec<Item>,
    /// Places beyond those, which wait in the house.
    pub more: u64,
    /// By when.
    pub due: Option<Timestamp>,
    /// Link to answer by; empty when there is none.
    pub answer_link: String,
    /// Link to hand in files by; empty when there is none.
    pub upload_link: String,
    /// What a reply must carry; empty when there is none.
    pub reference: String,
    /// Where the script to collect with is; empty when it is not told.
    pub collect_link: String,
    /// Address of the house.
    pub house_link: String,
    /// When it was written.
    pub at: Timestamp,
}

/// A letter in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// What it is about, on one line; a reply keeps the reference at its end.
    pub subject: String,
    /// Its language.
    pub language: Language,
    /// Who writes.
    pub office: String,
    /// When.
    pub at: Timestamp,
    /// Whether it is only an exercise.
    pub is_drill: bool,
    /// What it says.
    pub parts: Vec<Part>,
}

/// A letter made of its facts.
pub fn letter(language: Language, facts: &Facts) -> Letter {
    let say = |key: &str, arguments: &[(&str, Argument<'_>)]| text(language, key, arguments);
    let due = facts.due.map(|due| dates::day(language, due)).unwrap_or_default();
    let mut parts = Vec::new();
    if facts.is_drill {
        parts.push(Part::Lead(say("letter-drill", &[])));
    }
    parts.push(Part::Text(say("letter-to", &[("agency", (&facts.agency).into())])));
    match facts.kind {
        LetterKind::Letter => {}
        LetterKind::Reminder | LetterKind::Again => parts.push(Part::Text(say("letter-reminds", &[]))),
        LetterKind::Late => parts.push(Part::Text(say("letter-is-late", &[("due", (&due).into())]))),
    }
    let ask = if facts.is_round { "letter-round-asks" } else { "letter-incident-asks" };
    parts.push(Part::Text(say(ask, &[("title", (&facts.title).into())])));
    if !facts.why.trim().is_empty() {
        parts.push(Part::Text(facts.why.trim().to_owned()));
    }
    let head = [say("letter-where", &[]), say("letter-what", &[])];
    let rows = facts.items.iter().map(|item| {
        let key = match item.kind {
            _ if facts.is_round => "letter-item-evidence",
            TaskKind::Check => "letter-item-check",
            TaskKind::Fix => "letter-item-fix",
            TaskKind::Verify => "letter-item-verify",
            TaskKind::Other => "letter-item-other",
        };
        [format!("{} ({})", item.name, item.id), say(key, &[])]
    });
    let rows: Vec<[String; 2]> = rows.collect();
    if !rows.is_empty() {
        parts.push(Part::Facts(head, rows));
    }
    if facts.more > 0 {
        parts.push(Part::Text(say("letter-more", &[("count", facts.more.into())])));
    }
    if !due.is_empty() && facts.kind != LetterKind::Late {
        parts.push(Part::Lead(say("letter-due", &[("due", (&due).into())])));
    }
    parts.push(Part::Heading(say("letter-how", &[])));
    parts.push(Part::List(ways(language, facts)));
    parts.push(Part::Text(say("letter-cannot", &[])));
    let key = match facts.kind {
        LetterKind::Letter => "letter-subject",
        LetterKind::Reminder | LetterKind::Again => "letter-subject-reminder",
        LetterKind::Late => "letter-subject-late",
    };
    let mut subject = say(key, &[("title", (&facts.title).into())]);
    if facts.is_drill {
        subject = format!("{} {subject}", say("letter-drill-mark", &[]));
    }
    if !facts.reference.is_empty() {
        subject = format!("{subject} [{}]", facts.reference);
    }
    let office = say("house-name", &[]);
    parts.push(Part::Note(say("letter-foot", &[("office", (&office).into())])));
    Letter { subject, language, office, at: facts.at, is_drill: facts.is_drill, parts }
}

/// How an agency can answer.
fn ways(language: Language, facts: &Facts) -> Vec<String> {
    let with = |key: &str, link: &str| text(language, key, &[("link", link.into())]);
    let mut ways = Vec::new();
    for (key, link) in [
        ("letter-answer", &facts.answer_link),
        ("letter-upload", &facts.upload_link),
        ("letter-reply", &facts.reference),
        ("letter-collect", &facts.collect_link),
        ("letter-house", &facts.house_link),
    ] {
        if !link.is_empty() {
            ways.push(with(key, link));
        }
    }
    ways
}

impl Letter {
    /// As plain text, for mail.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for part in &self.parts {
            match part {
                Part::Lead(words) | Part::Heading(words) | Part::Text(words) | Part::Note(words) => {
                    lines.push(words.clone());
                }
                Part::List(items) => {
                    lines.push(items.iter().map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n"))
                }
                Part::Facts(_, rows) => {
                    let rows: Vec<String> =
                        rows.iter().map(|[what, which]| format!("- {}: {}", one_line(what), one_line(which))).collect();
                    lines.push(rows.join("\n"));
                }
                Part::Table(_, rows) => {
                    lines.push(rows.iter().map(|row| row.join(", ")).collect::<Vec<_>>().join("\n"))
                }
            }
        }
        lines.join("\n\n")
    }

    /// As a PDF, for paper.
    ///
    /// # Errors
    /// When the layout is at fault.
    pub fn pdf(&self) -> Result<Vec<u8>, PdfError> {
        pdf(&Report {
            title: self.subject.clone(),
            author: self.office.clone(),
            marking: if self.is_drill { text(self.language, "letter-drill-mark", &[]) } else { String::new() },
            foot: format!("{}, {}", self.office, dates::day(self.language, self.at)),
            made: self.at,
            language: self.language,
            parts: self.parts.clone(),
        })
    }
}

/// Names from outside must not begin lines of their own.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(kind: LetterKind) -> Facts {
        Facts {
            kind,
            title: "Autumn round".to_owned(),
            why: "We must know what is in use.".to_owned(),
            is_round: true,
            agency: "Health Institute".to_owned(),
            items: vec![Item { name: "Lab\nreporting".to_owned(), id: "lab".to_owned(), kind: TaskKind::Check }],
            due: Some(Timestamp(1_772_668_800_000_000)),
            answer_link: "https://house.example/answer/abc".to_owned(),
            upload_link: "https://house.example/upload/def".to_owned(),
            reference: "UP-0123".to_owned(),
            ..Facts::default()
        }
    }

    #[test]
    fn a_letter_says_what_by_when_and_how() {
        let written = letter(Language::English, &facts(LetterKind::Letter));
        assert_eq!(written.subject, "Autumn round: we ask for your answer [UP-0123]");
        let text = written.text();
        for part in [
            "Health Institute",
            "We must know what is in use.",
            "- Lab reporting (lab): ",
            "https://house.example/answer/abc",
            "https://house.example/upload/def",
            "UP-0123",
            "5 March 2026",
        ] {
            assert!(text.contains(part), "{part:?} is missing in {text}");
        }
        assert!(!text.contains("Lab\nreporting"), "{text}");
        assert!(!text.contains("exercise"), "{text}");
        assert!(written.pdf().expect("a PDF").starts_with(b"%PDF"));
    }

    #[test]
    fn what_there_is_not_is_not_told_and_a_drill_says_so_first() {
        let bare = Facts {
            answer_link: String::new(),
            upload_link: String::new(),
            reference: String::new(),
            ..facts(LetterKind::Late)
        };
        let written = letter(Language::English, &Facts { is_drill: true, is_round: false, ..bare });
        assert_eq!(written.subject, "DRILL Overdue: Autumn round");
        let text = written.text();
        assert!(text.starts_with("This is an exercise."), "{text}");
        assert!(!text.contains("answer/") && !text.contains("upload/"), "{text}");
        for language in [Language::English, Language::German] {
            for kind in LetterKind::ALL {
                let text = letter(language, &facts(*kind)).text();
                assert!(!text.contains("letter-"), "a text is missing: {text}");
            }
        }
    }
}
