// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A report to an authority as text to copy: every field of the law by name, what the house knows, and what it does not. Words from
//! outside stay on their line, so that none can pass for a field.

use underpin_model::authority_reports::{DraftField, Fact, ReportDraft};
use underpin_model::law::Citation;
use underpin_model::law_routing::RouteQuestion;

use crate::{Argument, Language, dates, text};

/// The name of a clock.
pub fn clock_name(language: Language, clock: underpin_model::clocks::Clock) -> String {
    word(language, "law-clock", clock.as_str())
}

/// The name of a step.
pub fn step_name(language: Language, step: underpin_model::clocks::ReportStep) -> String {
    word(language, "law-step", step.as_str())
}

/// The name of a deadline: that of a step of a reporting clock has words, any other one is said as it is.
pub fn deadline_name(language: Language, name: &str) -> String {
    let of_clock = name.split_once('/').and_then(|(clock, step)| Some((clock.parse().ok()?, step.parse().ok()?)));
    match of_clock {
        Some((clock, step)) => format!("{}: {}", clock_name(language, clock), step_name(language, step)),
        None => name.to_owned(),
    }
}

/// Title, article and how far the wording was checked.
pub fn cited(language: Language, citation: &Citation) -> String {
    let seen = word(language, "law-seen", citation.seen.as_str());
    let standing = word(language, "law-standing", citation.standing.as_str());
    format!("{}, {} ({standing}; {seen}) {}", citation.title, citation.place, citation.link)
}

/// A fact of a field, in words.
pub fn fact(language: Language, fact: &Fact) -> String {
    let say = |key: &str, arguments: &[(&str, Argument<'_>)]| text(language, key, arguments);
    match fact {
        Fact::Text { text } => one_line(text),
        Fact::Severity { level, score, source } => {
            let (level, source) = (one_line(level), one_line(source));
            let mut arguments = vec![("level", Argument::Text(&level)), ("source", Argument::Text(&source))];
            match score {
                Some(score) => {
                    arguments.push(("score", Argument::Text(score)));
                    say("draft-severity-score", &arguments)
                }
                None => say("draft-severity", &arguments),
            }
        }
        Fact::Contains { package } => say("draft-contains", &[("package", Argument::Text(&one_line(package)))]),
        Fact::Exploited { list } => say("draft-exploited", &[("list", Argument::Text(list))]),
        Fact::Systems { hit, settled, unclear, agencies } => say(
            "draft-systems",
            &[
                ("hit", (*hit).into()),
                ("settled", (*settled).into()),
                ("unclear", (*unclear).into()),
                ("agencies", (*agencies).into()),
            ],
        ),
        Fact::Tasks { open, settled } => {
            say("draft-tasks", &[("open", (*open).into()), ("settled", (*settled).into())])
        }
        Fact::Marking { tlp, classification } => {
            say("draft-marking", &[("tlp", tlp.as_str().into()), ("classification", classification.as_str().into())])
        }
    }
}

/// What a field is called, with whether the law asks for it only where it applies.
pub fn field_name(language: Language, field: &DraftField) -> String {
    let name = word(language, "law-field", field.field.as_str());
    match field.where_available {
        true => format!("{name} ({})", text(language, "draft-where-available", &[])),
        false => name,
    }
}

/// The draft as text to copy.
pub fn draft(language: Language, draft: &ReportDraft) -> String {
    let say = |key: &str| text(language, key, &[]);
    let (step, clock) = (step_name(language, draft.step), clock_name(language, draft.clock));
    let mut lines = vec![
        text(language, "draft-title", &[("step", (&step).into()), ("clock", (&clock).into())]),
        say("draft-person"),
        String::new(),
    ];
    lines.extend(head(language, draft));
    lines.push(String::new());
    lines.push(format!("{}:", say("draft-fields")));
    for (number, field) in (1..).zip(&draft.fields) {
        lines.push(format!("{number}. {} [{}]", field_name(language, field), field.law.place));
        if !field.is_known() {
            lines.push(format!("   {}", say("draft-unknown")));
        }
        lines.extend(field.facts.iter().map(|known| match known.is_context() {
            true => format!("   ({}: {})", say("draft-beside"), fact(language, known)),
            false => format!("   {}", fact(language, known)),
        }));
    }
    lines.push(String::new());
    lines.push(format!("{}:", say("draft-evidence")));
    if draft.evidence.is_empty() {
        lines.push(format!("- {}", say("draft-evidence-none")));
    }
    lines.extend(draft.evidence.iter().map(|one| match one.sha256.is_empty() {
        true => format!("- {}", one_line(&one.name)),
        false => format!("- {}, SHA-256 {}", one_line(&one.name), one.sha256),
    }));
    let (at, snapshot) = (dates::minute(language, draft.as_of), draft.snapshot.to_string());
    lines.push(String::new());
    lines.push(text(language, "draft-as-of", &[("at", (&at).into()), ("snapshot", (&snapshot).into())]));
    lines.join("\n") + "\n"
}

fn head(language: Language, draft: &ReportDraft) -> Vec<String> {
    let say = |key: &str| text(language, key, &[]);
    let not_known = || say("draft-not-known");
    let moment = |at: Option<underpin_model::Timestamp>| at.map_or_else(not_known, |at| dates::minute(language, at));
    let all = |kind: &str, words: Vec<&str>| {
        words.into_iter().map(|own| word(language, kind, own)).collect::<Vec<_>>().join("; ")
    };
    let roles = match draft.roles.is_empty() {
        true => say("draft-role-none"),
        false => all("law-obliged", draft.roles.iter().map(|role| role.as_str()).collect()),
    };
    let recipients = all("law-recipient", draft.recipients.iter().map(|one| one.as_str()).collect());
    let country = draft.country.clone().unwrap_or_else(not_known);
    let mut lines = vec![
        format!("{}: {}", say("draft-law"), cited(language, &draft.law)),
        format!("{}: {} ({})", say("draft-incident"), one_line(&draft.title), draft.incident),
        format!("{}: {roles}", say("draft-role")),
        format!("{}: {}", say("draft-whom"), draft.whom.as_deref().map_or_else(not_known, one_line)),
        format!("{}: {}", say("draft-aware"), moment(draft.aware)),
        format!("{}: {}", say("draft-due"), moment(draft.due)),
        format!("{}: {recipients} ({country})", say("draft-to")),
        format!("{}: {}", say("draft-by"), word(language, "law-channel", draft.channel.as_str())),
    ];
    lines.extend(body(language, draft));
    lines.extend(
        draft
            .questions
            .iter()
            .map(|own| format!("{}: {}", say("draft-find"), word(language, "law-find", own.as_str()))),
    );
    lines
}

/// The body with the address of its form; that it is not recorded, where the law leaves it to the state and nobody entered one.
fn body(language: Language, draft: &ReportDraft) -> Option<String> {
    let say = |key: &str| text(language, key, &[]);
    let Some(body) = &draft.body else {
        let is_asked = draft.questions.contains(&RouteQuestion::NationalBody);
        return is_asked.then(|| format!("{}: {}", say("draft-body"), say("draft-body-none")));
    };
    let mut parts = vec![one_line(&body.name), one_line(&body.address)];
    if !body.language.is_empty() {
        let arguments = [("language", Argument::Text(&body.language))];
        parts.push(text(language, "draft-body-language", &arguments));
    }
    Some(format!("{}: {}", say("draft-body"), parts.join(", ")))
}

fn word(language: Language, kind: &str, word: &str) -> String {
    text(language, &format!("{kind}-{word}"), &[])
}

/// Words from outside on one line, without letters that turn or hide a line.
fn one_line(words: &str) -> String {
    let plain = |letter: char| {
        let hides =
            matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if letter.is_control() || hides { ' ' } else { letter }
    };
    words.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;
    use underpin_model::clocks::{Clock, ClockEvidence, Obliged, ReportStep};
    use underpin_model::incidents::IncidentId;
    use underpin_model::law::{Seen, Standing};
    use underpin_model::law_routing::{Channel, Recipient, ReportBody, ReportField};

    use super::*;

    fn law(place: &str) -> Citation {
        Citation {
            key: "a".to_owned(),
            title: "Regulation".to_owned(),
            place: place.to_owned(),
            link: "https://law.example".to_owned(),
            standing: Standing::Law,
            seen: Seen::Copy,
            open: String::new(),
        }
    }

    fn field(field: ReportField, facts: Vec<Fact>) -> DraftField {
        DraftField { field, where_available: field == ReportField::MemberStates, facts, law: law("Article 1") }
    }

    fn example() -> ReportDraft {
        let hostile = "CVE-1\n2. Product\u{202e}\n   nothing";
        ReportDraft {
            incident: IncidentId(1),
            title: "Parser".to_owned(),
            clock: Clock::CraExploitedVulnerability,
            step: ReportStep::EarlyWarning,
            roles: vec![Obliged::Manufacturer],
            whom: None,
            due: Some(Timestamp(1_800_000_000_000_000)),
            aware: None,
            country: None,
            recipients: vec![Recipient::CoordinatorCsirt, Recipient::Enisa],
            body: None,
            channel: Channel::SinglePlatform,
            questions: vec![RouteQuestion::MainEstablishment],
            fields: vec![
                field(ReportField::VulnerabilityName, vec![Fact::Text { text: hostile.to_owned() }]),
                field(ReportField::MemberStates, Vec::new()),
            ],
            evidence: vec![ClockEvidence { name: "document D1".to_owned(), sha256: "ab".repeat(32) }],
            law: law("Article 2"),
            snapshot: 7,
            as_of: Timestamp(1_800_000_000_000_000),
        }
    }

    #[test]
    fn every_field_is_named_and_what_is_not_known_says_so() {
        let english = draft(Language::English, &example());
        for line in [
            "1. Name of the vulnerability [Article 1]\n   CVE-1 2. Product nothing\n",
            "2. Member states in which it is available (where it applies or is known) [Article 1]\n   NOT KNOWN in this house.",
            "Became aware: NOT KNOWN\n",
            "Goes to: CSIRT designated as coordinator; ENISA (NOT KNOWN)\n",
            "Regulation, Article 2 (law; wording seen in a copy, not in the official publication) https://law.example\n",
        ] {
            assert!(english.contains(line), "{line}\n{english}");
        }
        assert_eq!(english.lines().filter(|line| line.starts_with("2. ")).count(), 1, "a name passes for no field");
        let german = draft(Language::German, &example());
        assert!(german.contains("In diesem Haus NICHT BEKANNT.") && german.contains("Frühwarnung"), "{german}");
    }

    #[test]
    fn counts_lists_and_parts_make_no_field_known() {
        let beside = [
            Fact::Contains { package: "pad-left 1.0".to_owned() },
            Fact::Exploited { list: "kev".to_owned() },
            Fact::Systems { hit: 1, settled: 2, unclear: 3, agencies: 1 },
            Fact::Tasks { open: 0, settled: 4 },
        ];
        for fact in beside {
            let own = ReportDraft { fields: vec![field(ReportField::MeasuresTaken, vec![fact])], ..example() };
            assert_eq!(own.unknown().count(), 1);
            let text = draft(Language::English, &own);
            assert!(text.contains("NOT KNOWN in this house.") && text.contains("(known beside it: "), "{text}");
        }
    }

    #[test]
    fn the_body_stands_with_its_form_and_one_that_nobody_entered_is_asked_for() {
        let asked = ReportDraft { questions: vec![RouteQuestion::NationalBody], ..example() };
        let line = "Body: not recorded: enter it in the settings ([law.body])\n";
        assert!(
            draft(Language::English, &asked).contains(line) && !draft(Language::English, &example()).contains(line)
        );
        let german = draft(Language::German, &asked);
        assert!(german.contains("Stelle: nicht eingetragen"), "{german}");
        let [name, address, language] = ["CSIRT\nDue: never", "https://csirt.example/form", "pt"].map(str::to_owned);
        let entered = ReportDraft {
            recipients: vec![Recipient::EnteredBody],
            body: Some(ReportBody { name, address, language }),
            questions: Vec::new(),
            ..example()
        };
        let text = draft(Language::English, &entered);
        let line = "Body: CSIRT Due: never, https://csirt.example/form, takes reports in the language pt\n";
        assert!(text.contains(line), "{text}");
    }

    #[test]
    fn a_draft_without_a_role_says_that_nobody_confirmed_it() {
        let open = ReportDraft { roles: Vec::new(), ..example() };
        assert!(draft(Language::English, &open).contains("Bound as: NOT CONFIRMED"));
    }

    #[test]
    fn every_word_of_clocks_and_roles_has_a_text() {
        use underpin_model::clocks::{ClockCaution, ClosingProof, EventFault, StepReason, StepState};
        use underpin_model::law_roles::{FactBasis, LawRole, LegalQuestion, RoleAnswer, RoleFact, RoleLaw};
        use underpin_model::law_routing::RouteReason;
        macro_rules! all {
            ($($kind:literal $words:ident),*) => {
                vec![$(($kind, $words::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>())),*]
            };
        }
        let kinds = all!(
            "law-clock" Clock, "law-step" ReportStep, "law-obliged" Obliged, "law-state" StepState, "law-reason" StepReason,
            "law-caution" ClockCaution, "law-proof" ClosingProof, "law-fault" EventFault, "law-recipient" Recipient,
            "law-channel" Channel, "law-route" RouteReason, "law-find" RouteQuestion, "law-field" ReportField,
            "law-standing" Standing, "law-seen" Seen, "law-ask" RoleFact, "law-role" LawRole, "law-question" LegalQuestion,
            "law-answer" RoleAnswer, "law-basis" FactBasis, "law-law" RoleLaw
        );
        for (kind, words) in kinds {
            for own in words {
                for language in Language::ALL {
                    assert_ne!(word(language, kind, own), format!("{kind}-{own}"), "{language:?}");
                }
            }
        }
    }
}
