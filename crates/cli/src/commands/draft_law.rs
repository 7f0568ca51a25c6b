// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use serde_json::json;
use underpin_model::rules::{DraftEffect, Intention};
use underpin_office::Result;
use underpin_office::regulator::draft_law::{
    DraftAnswer, DraftLaw, DraftRow, because, draft_of, opinion, parties as all_parties, try_draft,
};
use underpin_render::Language;
use underpin_render::words::text;

use crate::context::{Context, usage};
use crate::output::{Answer, print, write_files};

/// Whom would a draft law bind, and does it say that it means them?
///
/// The draft's definitions, as questions in a TOML file, are tried on the parties of the ecosystem: volunteers, one-person projects, groups
/// that live from donations, forks, foundations, stewards, companies, public bodies. Beside each answer stands the law as enacted, what
/// decided, and whether the draft says that it means this. Facts of the parties are invented and typical; nothing is written down.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin draft-law cra-proposal-2022\n  underpin draft-law our-draft.toml --opinion opinion --german\n  underpin draft-law our-draft.toml --fail-on not-meant\n  underpin draft-law --parties"
)]
pub struct DraftLawCommand {
    /// A file, or a draft that is shipped: cra-proposal-2022
    #[arg(value_name = "DRAFT", required_unless_present = "parties")]
    draft: Option<PathBuf>,
    /// The parties that drafts are tried on, with what holds for each and its role under the law as enacted
    #[arg(long, conflicts_with_all = ["draft", "opinion", "fail_on"])]
    parties: bool,
    /// Write the skeleton of an opinion (opinion.md) into this folder; people fill it
    #[arg(long, value_name = "FOLDER")]
    opinion: Option<PathBuf>,
    /// Exit with 1 when a party is bound or set free otherwise than meant (not-meant), or the draft does not say (not-said)
    #[arg(long, value_name = "INTENTION")]
    fail_on: Option<Intention>,
    /// In German
    #[arg(long)]
    german: bool,
}

const FIELDS: [&str; 6] = ["party", "enacted", "role", "effect", "intention", "place"];

impl DraftLawCommand {
    pub fn run(self, context: &Context) -> Result<bool> {
        if self.fail_on == Some(Intention::AsMeant) {
            return Err(usage("--fail-on takes not-meant or not-said", "what is meant is no reason to fail"));
        }
        let language = if self.german { Language::German } else { Language::English };
        let Some(draft) = &self.draft else {
            return print(&parties(language), context.printing_all()).map(|()| false);
        };
        let draft = draft_of(draft)?;
        let answer = try_draft(&draft)?;
        if let Some(folder) = &self.opinion {
            let text = opinion(&draft, &answer, language);
            write_files(folder, std::iter::once(Ok(("opinion.md", text.into_bytes()))))?;
        }
        print(&told(&draft, &answer, language), context.printing_all())?;
        let is_moved = |row: &&DraftRow| matches!(row.effect, DraftEffect::NewlyBound | DraftEffect::SetFree);
        Ok(self.fail_on.is_some_and(|fail_on| {
            answer.rows.iter().any(|row| row.intention == Intention::NotMeant)
                || (fail_on == Intention::NotSaid
                    && answer.rows.iter().filter(is_moved).any(|row| row.intention == Intention::NotSaid))
        }))
    }
}

fn parties(language: Language) -> Answer {
    let mut answer = Answer {
        columns: ["party", "word", "enacted", "holds"]
            .iter()
            .map(|name| text(language, &format!("draft-column-{name}"), &[]))
            .collect(),
        fields: &["party", "enacted", "holds"],
        ..Answer::default()
    };
    for party in all_parties() {
        let holds = party.holds.iter().map(|fact| text(language, &format!("law-fact-{}", fact.as_str()), &[]));
        answer.cells.push(vec![
            text(language, &format!("archetype-{}", party.key), &[]),
            party.key.to_owned(),
            text(language, &format!("law-role-{}", party.cra.as_str()), &[]),
            holds.collect::<Vec<_>>().join("; "),
        ]);
        answer.rows.push(json!({ "party": party.key, "enacted": party.cra, "holds": party.holds }));
    }
    answer.json = json!({ "parties": answer.rows });
    answer
}

fn told(draft: &DraftLaw, answer: &DraftAnswer, language: Language) -> Answer {
    let word = |area: &str, word: &str| text(language, &format!("{area}-{word}"), &[]);
    let of = |texts: &underpin_office::regulator::BothLanguages| match language {
        Language::German => texts.de.clone(),
        Language::English => texts.en.clone(),
    };
    let counts = DraftEffect::ALL
        .iter()
        .map(|effect| format!("{} {}", answer.count(Some(*effect), None), word("draft-effect", effect.as_str())));
    let mut head = vec![
        format!("{} ({})", of(&draft.title), draft.standing.as_str()),
        format!("{} <{}>, {}", draft.source.name, draft.source.address, draft.confirmed.as_str()),
        counts.collect::<Vec<_>>().join("; "),
    ];
    head.extend(draft.note.as_ref().map(of));
    let mut cells = Vec::new();
    for row in &answer.rows {
        let role = row.role.map_or_else(|| text(language, "draft-open", &[]), |role| word("law-role", role.as_str()));
        cells.push(vec![
            text(language, &format!("archetype-{}", row.party), &[]),
            word("law-role", row.enacted.as_str()),
            role,
            word("draft-effect", row.effect.as_str()),
            word("intention", row.intention.as_str()),
            because(row, language),
        ]);
    }
    let columns = ["party", "enacted", "drafted", "effect", "intention", "because"];
    Answer {
        head,
        columns: columns.iter().map(|name| text(language, &format!("draft-column-{name}"), &[])).collect(),
        cells,
        rows: answer.rows.iter().map(|row| json!(row)).collect(),
        json: json!(answer),
        fields: &FIELDS,
        notes: vec![text(language, "draft-facts-invented", &[])],
    }
}
