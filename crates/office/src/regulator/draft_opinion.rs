// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The skeleton of an opinion on a draft law, as Markdown: what the test of its definitions found, and room for what only people can say.

use underpin_model::rules::DraftEffect;
use underpin_render::Language;
use underpin_render::words::{Argument, text};

use super::draft_law::{DraftAnswer, DraftLaw, DraftRow, Verdict};

/// What decided about a party, in words.
pub fn because(row: &DraftRow, language: Language) -> String {
    let said = row.because.iter().map(|reason| {
        let fact = word(language, "law-fact", reason.fact.as_str());
        if reason.holds { fact } else { format!("{}: {fact}", text(language, "draft-no", &[])) }
    });
    said.collect::<Vec<_>>().join("; ")
}

fn word(language: Language, area: &str, word: &str) -> String {
    text(language, &format!("{area}-{word}"), &[])
}

/// The skeleton.
pub fn opinion(draft: &DraftLaw, answer: &DraftAnswer, language: Language) -> String {
    let plain = |key: &str| text(language, key, &[]);
    let title = if language == Language::German { &draft.title.de } else { &draft.title.en };
    let told: [(&str, Argument<'_>); 4] = [
        ("name", draft.source.name.as_str().into()),
        ("address", draft.source.address.as_str().into()),
        ("standing", draft.standing.as_str().into()),
        ("confirmed", draft.confirmed.as_str().into()),
    ];
    let mut parts = vec![
        format!("# {}", text(language, "opinion-title", &[("title", title.into())])),
        plain("opinion-head"),
        format!("## {}", plain("opinion-looked-at")),
        text(language, "opinion-text", &told),
    ];
    parts.extend(draft.note.as_ref().map(|note| match language {
        Language::German => note.de.clone(),
        Language::English => note.en.clone(),
    }));
    parts.push(format!("## {}", plain("opinion-does")));
    parts.push(text(language, "opinion-does-lede", &[("count", answer.rows.len().into())]));
    parts.push(table(answer, language));
    for effect in [DraftEffect::NewlyBound, DraftEffect::SetFree, DraftEffect::Open] {
        parts.push(format!("## {}", plain(&format!("opinion-{}", effect.as_str()))));
        let rows: Vec<&DraftRow> = answer.rows.iter().filter(|row| row.effect == effect).collect();
        if rows.is_empty() {
            parts.push(plain("opinion-none"));
        }
        rows.into_iter().for_each(|row| parts.extend(section(row, language)));
    }
    parts.push(format!("## {}", plain("opinion-limits")));
    parts.extend([plain("opinion-limits-text"), plain("opinion-reply")]);
    parts.join("\n\n") + "\n"
}

fn table(answer: &DraftAnswer, language: Language) -> String {
    let names = ["party", "enacted", "drafted", "effect", "intention"];
    let heads = names.map(|name| text(language, &format!("draft-column-{name}"), &[]));
    let mut lines = vec![format!("| {} |", heads.join(" | ")), "|---|---|---|---|---|".to_owned()];
    for row in &answer.rows {
        let open = || text(language, "draft-open", &[]);
        let cells = [
            word(language, "archetype", row.party),
            word(language, "law-role", row.enacted.as_str()),
            row.role.map_or_else(open, |role| word(language, "law-role", role.as_str())),
            word(language, "draft-effect", row.effect.as_str()),
            word(language, "intention", row.intention.as_str()),
        ];
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

/// One party whose standing would change, or is open.
fn section(row: &DraftRow, language: Language) -> Vec<String> {
    let plain = |key: &str| text(language, key, &[]);
    let mut parts = vec![format!("### {}", word(language, "archetype", row.party))];
    if !row.because.is_empty() {
        parts.push(text(language, "opinion-because", &[("because", (&because(row, language)).into())]));
    }
    if !row.possible.is_empty() {
        let possible = row.possible.iter().map(|verdict| match verdict {
            Verdict::Role(role) => word(language, "law-role", role.as_str()),
            Verdict::Lawyer(asked) => word(language, "law-question", asked.as_str()),
        });
        let possible = possible.collect::<Vec<_>>().join("; ");
        parts.push(text(language, "opinion-possible", &[("possible", (&possible).into())]));
    }
    if !row.missing.is_empty() {
        let facts = row.missing.iter().map(|fact| word(language, "law-fact", fact.as_str()));
        let facts = facts.collect::<Vec<_>>().join("; ");
        parts.push(text(language, "opinion-missing", &[("facts", (&facts).into())]));
    }
    parts.push(match &row.place {
        Some(place) => {
            let intention = word(language, "intention", row.intention.as_str());
            let said = [("place", Argument::from(place)), ("intention", Argument::from(&intention))];
            text(language, "opinion-said", &said)
        }
        None => plain("opinion-silent"),
    });
    parts.extend([plain("opinion-ask"), plain("opinion-wording")]);
    parts
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::regulator::draft_law::{draft_of, try_draft};

    #[test]
    fn an_opinion_names_each_party_whose_standing_changes_in_both_languages() {
        let draft = draft_of(Path::new("cra-proposal-2022")).unwrap();
        let answer = try_draft(&draft).unwrap();
        for language in [Language::English, Language::German] {
            let opinion = opinion(&draft, &answer, language);
            let changed = answer
                .rows
                .iter()
                .filter(|row| matches!(row.effect, DraftEffect::NewlyBound | DraftEffect::SetFree | DraftEffect::Open));
            for row in changed {
                let heading = format!("### {}\n", word(language, "archetype", row.party));
                assert_eq!(opinion.matches(&heading).count(), 1, "{heading}");
            }
            for key in ["opinion-", "draft-", "law-fact-", "law-role-", "archetype-", "intention-"] {
                assert!(!opinion.contains(key), "a text is missing: {opinion}");
            }
        }
    }
}
