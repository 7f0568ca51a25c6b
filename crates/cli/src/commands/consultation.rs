// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::io::Read as _;
use std::path::{Path, PathBuf};

use underpin_model::compass::{
    AnswerVerdict, CommentGround, CommentId, ConsultationClosing, ConsultationId, HeardGroup, NewConsultation,
};
use underpin_model::limits::bounds::CONSULTATION_FILE_BYTES;
use underpin_office::compass::ConsultationChange;
use underpin_office::compass::consultations::{CommentRow, ConsultationAnswer, ConsultationRow, ConsultationsAnswer};
use underpin_office::{House, OfficeError, Result};

use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted, dash, print};

/// Hear people before a role starts or changes: a public draft, comments without an account, an answer to each
///
/// Everybody reads them at /consultations and says something, where `publish_consultations = true` stands in the table [web] of the
/// configuration. A comment is shown after somebody looked at it.
#[derive(Debug, clap::Args)]
pub struct Consultations {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Draft(Draft),
    /// All consultations that you may see
    List,
    /// One consultation, with its comments
    Show(One),
    /// Publish a draft: everybody can read it from now on, and it does not change any more
    Publish(One),
    Moderate(Moderate),
    Answer(Answering),
    Close(Close),
}

/// Write down what is to be put to everybody, from a file
///
/// The file is TOML: `role`, `measure` and `stage` (may be left out), `proposed` (active or retired), `from` and `until`, and the tables
/// `title`, `text` and `question`, each with `de` and `en`.
#[derive(Debug, clap::Args)]
struct Draft {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
struct One {
    /// The consultation, as U3
    #[arg(value_name = "CONSULTATION")]
    consultation: ConsultationId,
}

/// Look at a comment: show it, do not show it and say why, or take its words out together with somebody else
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("how").required(true), after_help = "Examples:\n  underpin consultation moderate U1 M3 --show\n  underpin consultation moderate U1 M4 --hide advertising")]
struct Moderate {
    #[command(flatten)]
    one: One,
    /// The comment, as M12
    #[arg(value_name = "COMMENT")]
    comment: CommentId,
    /// Everybody can read it
    #[arg(long, group = "how")]
    show: bool,
    /// Nobody can: advertising, personal-data, insult, off-topic, repeated or secret
    #[arg(long, value_name = "GROUND", group = "how")]
    hide: Option<CommentGround>,
    /// Its words go for good, when another person says so, too: one of the grounds of --hide
    #[arg(long, value_name = "GROUND", group = "how")]
    take_out: Option<CommentGround>,
}

/// Answer a comment, in words that everybody reads; a later answer takes the place of an earlier one
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  underpin consultation answer U1 M3 --verdict partly --reason 'From June on'")]
struct Answering {
    #[command(flatten)]
    one: One,
    /// The comment, as M12
    #[arg(value_name = "COMMENT")]
    comment: CommentId,
    /// What becomes of it: accepted, partly or not-accepted
    #[arg(long, value_name = "VERDICT")]
    verdict: AnswerVerdict,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Close a consultation whose period is over and whose comments all have an answer
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  underpin consultation close U1 --changed 'It begins in June' --heard maintainers=4"
)]
struct Close {
    #[command(flatten)]
    one: One,
    /// What changed by it, in words that everybody reads
    #[arg(long, value_name = "TEXT")]
    changed: String,
    /// Who was heard besides the comments, by kind: agencies, maintainers, contributors, foundations, companies, researchers,
    /// civil-society, citizens or others
    #[arg(long, value_name = "KIND=COUNT", value_parser = heard)]
    heard: Vec<HeardGroup>,
}

fn heard(text: &str) -> std::result::Result<HeardGroup, String> {
    let (kind, count) = text.split_once('=').ok_or("write KIND=COUNT, as in maintainers=4")?;
    let count = count.parse().map_err(|_| format!("{count:?} is no number"))?;
    Ok(HeardGroup { kind: kind.parse()?, count })
}

fn read(file: &Path) -> Result<NewConsultation> {
    let fault = |error: std::io::Error| OfficeError::file(file, &error);
    let mut text = String::new();
    std::fs::File::open(file)
        .map_err(fault)?
        .take(CONSULTATION_FILE_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(fault)?;
    if text.len() as u64 > CONSULTATION_FILE_BYTES {
        return Err(OfficeError::new(
            "too-large",
            format!("{} is larger than {CONSULTATION_FILE_BYTES} bytes", file.display()),
        ));
    }
    toml::from_str(&text).map_err(|error| {
        usage(
            format!("{}: {error}", file.display()),
            "`underpin consultation draft --help` says what stands in the file",
        )
    })
}

impl Consultations {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let change = async |one: One, what: ConsultationChange| -> Result<Answer> {
            house.change_consultation(&context.author(&house).await?, one.consultation, &what).await?;
            shown(context, &house, one.consultation).await
        };
        let answer = match self.what {
            What::Draft(draft) => {
                let id = house.draft_consultation(&context.author(&house).await?, &read(&draft.file)?.into()).await?;
                shown(context, &house, id).await?
            }
            What::List => list(&house.consultations(&context.desk(&house).await?).await?),
            What::Show(one) => answer(&house.consultation(&context.desk(&house).await?, one.consultation).await?),
            What::Publish(one) => change(one, ConsultationChange::Publish).await?,
            What::Moderate(asked) => {
                let comment = asked.comment;
                let what = match (asked.hide, asked.take_out, asked.show) {
                    (Some(ground), _, _) => ConsultationChange::Hide { comment, ground },
                    (None, Some(ground), _) => ConsultationChange::TakeOut { comment, ground },
                    (None, None, _) => ConsultationChange::Show { comment },
                };
                change(asked.one, what).await?
            }
            What::Answer(asked) => {
                let Answering { one, comment, verdict, reason } = asked;
                change(one, ConsultationChange::Answer { comment, verdict, reason }).await?
            }
            What::Close(Close { one, changed, heard }) => {
                change(one, ConsultationChange::Close { closing: ConsultationClosing { changed, heard } }).await?
            }
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

async fn shown(context: &Context, house: &House, id: ConsultationId) -> Result<Answer> {
    Ok(answer(&house.consultation(&context.desk_at(house, None).await?, id).await?))
}

const FIELDS: [&str; 11] =
    ["number", "title_en", "state", "from", "until", "comments", "waiting", "shown", "not_shown", "answered", "closed"];

fn list(found: &ConsultationsAnswer) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.head.push(format!("{}.", counted(found.rows.len() as u64, "consultation", "consultations")));
    answer.columns =
        columns(&["number", "about", "title", "state", "from", "until", "comments", "waiting", "answered"]);
    for row in &found.rows {
        answer.cells.push(vec![
            row.number.clone(),
            row.consultation.about.to_string(),
            row.consultation.title_en.clone(),
            row.state.as_str().to_owned(),
            row.consultation.from.date(),
            row.consultation.until.date(),
            row.comments.to_string(),
            row.waiting.to_string(),
            format!("{} of {}", row.answered, row.shown),
        ]);
    }
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

fn head(row: &ConsultationRow) -> Vec<String> {
    let one = &row.consultation;
    let mut head = vec![
        format!(
            "{}: {} ({}, {} to be {})",
            row.number,
            one.title_en,
            row.state.as_str(),
            one.about,
            one.proposed.as_str()
        ),
        format!("From {} until {}. {}", one.from.date(), one.until.date(), one.question_en),
        format!(
            "{}: {} waiting, {} shown, {} answered, {} not shown, {} withdrawn by their authors, {} taken out by the office.",
            counted(row.comments as u64, "comment", "comments"),
            row.waiting,
            row.shown,
            row.answered,
            row.not_shown,
            row.withdrawn,
            row.taken_out
        ),
    ];
    if let Some(closing) = &row.closing {
        let heard = closing.heard.iter().map(|group| format!("{} {}", group.count, group.kind.as_str()));
        head.push(format!("What changed: {}", closing.changed));
        head.push(format!("Heard besides: {}", dash(&heard.collect::<Vec<_>>().join(", "))));
    }
    head
}

/// How a comment stands, with the ground where there is one.
fn standing(row: &CommentRow) -> String {
    let state = match row.ground {
        Some(ground) => format!("{} ({})", row.state.as_str(), ground.as_str()),
        None => row.state.as_str().to_owned(),
    };
    match row.take_out {
        Some(ground) => format!("{state}, to be taken out ({})", ground.as_str()),
        None => state,
    }
}

fn answer(found: &ConsultationAnswer) -> Answer {
    let cells = |row: &CommentRow| {
        vec![
            row.number.clone(),
            row.came.date(),
            standing(row),
            dash(row.name.as_deref().unwrap_or_default()),
            row.words.clone(),
            row.verdict.map_or_else(|| dash(""), |verdict| verdict.as_str().to_owned()),
            dash(row.answer.as_deref().unwrap_or_default()),
        ]
    };
    let json = serde_json::to_value(found).unwrap_or_default();
    Answer {
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        json,
        fields: &["number", "came", "state", "ground", "name", "words", "verdict", "answer", "answered"],
        head: head(&found.row),
        columns: columns(&["comment", "came", "state", "name", "words", "verdict", "answer"]),
        cells: found.rows.iter().map(cells).collect(),
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
    }
}
