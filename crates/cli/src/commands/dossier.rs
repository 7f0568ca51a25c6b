// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::limits::bounds::QUESTIONS_BYTES;
use underpin_office::Result;
use underpin_office::supporter::dossier::{AnsweredQuestion, DossierAnswer, DossierRow};
use underpin_render::Language;

use super::contact::text_of;
use super::coverage::snapshot_line;
use crate::context::Context;
use crate::output::{Answer, columns, dash, print, write};

const FIELDS: [&str; 6] = ["question", "is_known", "english", "german", "source", "looked"];
const ASKED: [&str; 3] = ["asked", "about", "is_known"];

/// What agencies and vendors ask a project again and again, answered from public evidence
///
/// Nobody has to ask the project. Each answer has its source and date; what is not known is said to be so. With --questions, the questions
/// of a text are answered one by one, in English or German, as far as the dossier is about them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin dossier github.com/madler/zlib --markdown\n  underpin dossier zlib --questions supplier-form.txt"
)]
pub struct Dossier {
    /// Its repository, or a package of it
    #[arg(value_name = "PROJECT")]
    project: String,
    /// A text file with questions, such as a questionnaire that came in
    #[arg(long, value_name = "FILE")]
    questions: Option<PathBuf>,
    /// As Markdown on standard output, to be handed on
    #[arg(long)]
    markdown: bool,
    /// In German
    #[arg(long)]
    german: bool,
}

impl Dossier {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let watched = house.watch(&desk).await?;
        let found = house.dossier(&desk, &watched, &self.project).await?;
        let language = if self.german { Language::German } else { Language::English };
        let questions = match &self.questions {
            Some(file) => Some(found.answers(&text_of(file, usize::try_from(QUESTIONS_BYTES).unwrap_or(usize::MAX))?)),
            None => None,
        };
        match (&questions, self.markdown) {
            (Some(questions), true) => write(found.answers_markdown(questions, language).as_bytes())?,
            (None, true) => write(found.markdown(language).as_bytes())?,
            (Some(questions), false) => print(&answered(&found, questions, language), context.printing())?,
            (None, false) => print(&whole(&found, language), context.printing())?,
        }
        house.close().await;
        Ok(false)
    }
}

fn lines(row: &DossierRow, language: Language) -> Vec<String> {
    let quote = row.quote.as_ref().map(|quote| format!("  \"{}\" ({}:{})", quote.text, quote.path, quote.line));
    let origin = row.origin(language).map(|origin| format!("  [{origin}]"));
    let said = row.of_project.iter().map(|(day, words)| format!("  the project, {}: {words}", day.date()));
    let first = format!("  {}", row.says.of(language));
    std::iter::once(first).chain(quote).chain(origin).chain(said).collect()
}

fn whole(found: &DossierAnswer, language: Language) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let cells = |row: &DossierRow| {
        let said: Vec<String> = row.of_project.iter().map(|(day, words)| format!("{}: {words}", day.date())).collect();
        vec![
            row.asks.of(language).to_owned(),
            [row.says.of(language), row.quote.as_ref().map_or("", |quote| quote.text.as_str())]
                .join(" ")
                .trim()
                .to_owned(),
            dash(&row.origin(language).unwrap_or_default()),
            dash(&said.join("; ")),
        ]
    };
    let mut notes: Vec<String> =
        found.remarks.iter().map(|(day, words)| format!("the project, {}: {words}", day.date())).collect();
    notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    Answer {
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        json,
        fields: &FIELDS,
        columns: columns(&["Question", "Answer", "Source", "The project says"]),
        head: vec![format!("{}: {} of {} questions are answered.", found.project, found.known(), found.rows.len())],
        cells: found.rows.iter().map(cells).collect(),
        notes,
    }
}

fn answered(found: &DossierAnswer, questions: &[AnsweredQuestion], language: Language) -> Answer {
    let known = questions.iter().filter(|one| one.is_known).count();
    let mut head = vec![format!("{}: {known} of {} questions are answered.", found.project, questions.len())];
    for one in questions {
        head.push(one.asked.clone());
        if one.about.is_empty() {
            head.push("  Not known: no question of the dossier is about this.".to_owned());
        }
        head.extend(found.about(&one.about).flat_map(|row| lines(row, language)));
    }
    let rows: Vec<serde_json::Value> =
        questions.iter().map(|one| serde_json::to_value(one).unwrap_or_default()).collect();
    let json = serde_json::json!({ "project": found.project, "questions": rows, "dossier": found });
    let notes = vec![snapshot_line(found.overview.snapshot, found.overview.as_of)];
    Answer { json, rows, fields: &ASKED, head, notes, ..Answer::default() }
}
