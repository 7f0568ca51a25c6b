// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::Timestamp;
use underpin_model::incidents::RoundId;
use underpin_model::registry::AgencyId;
use underpin_model::rounds::{KeyMatter, RoundAsks};
use underpin_model::watch::Place;
use underpin_office::rounds::{RoundCounts, RoundRoom, RoundRow, RoundWish};
use underpin_office::{Desk, House, OfficeError, Result};
use underpin_render::Language;
use underpin_render::letter::Letter;

use crate::context::{self, Context};
use crate::output::{Answer, columns, counted, dash, print};

/// Rounds of collection: ask agencies for evidence by a day, remind them, see who has answered
#[derive(Debug, clap::Args)]
pub struct Rounds {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Open(Box<Open>),
    /// All rounds that you may see, the newest first
    List,
    Show(Show),
    Letter(PrintLetter),
    /// Remind everybody who has not answered; letters go out with the next messages
    Remind(One),
    Close(Close),
}

/// Open a round: every system without fresh evidence is asked for it, agency by agency
///
/// Letters go by mail to the contact of each agency, with links that need no account; `serve` and `messages send` send them.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin round open --title 'Autumn round' --due 2026-03-31 --in-agency health-ministry"
)]
struct Open {
    /// What it is called
    #[arg(long, value_name = "TEXT", required = true)]
    title: String,
    /// By when
    #[arg(long, value_name = "TIME", required = true)]
    due: Timestamp,
    /// What the letters say besides: why you ask
    #[arg(long, value_name = "TEXT", default_value = "")]
    text: String,
    /// Ask about systems with fresh evidence, too
    #[arg(long)]
    all: bool,
    /// Only this agency and what is below it
    #[arg(long, value_name = "AGENCY")]
    in_agency: Option<String>,
    /// Days before the day when those who have not answered are reminded; 0 for never
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    remind_days: u32,
    /// Letters in German
    #[arg(long)]
    german: bool,
    /// Only say who would be asked
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct One {
    /// The round, as R3
    #[arg(value_name = "ROUND")]
    round: RoundId,
}

/// One round: who has answered, by ministry and agency
#[derive(Debug, clap::Args)]
struct Show {
    /// The round, as R3
    #[arg(value_name = "ROUND")]
    round: RoundId,
    /// Place by place
    #[arg(long)]
    places: bool,
}

/// The letter to an agency, on paper: its links are made now, and shown this once
#[derive(Debug, clap::Args)]
struct PrintLetter {
    /// The round, as R3
    #[arg(value_name = "ROUND")]
    round: RoundId,
    /// The agency
    #[arg(value_name = "AGENCY")]
    agency: String,
    /// Without links: only what it says
    #[arg(long)]
    no_links: bool,
    /// As a PDF, into this file
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
    /// In German
    #[arg(long)]
    german: bool,
    /// Address by which people reach the house, for the links
    #[arg(long, value_name = "URL", env = "UNDERPIN_PUBLIC_URL", hide_env_values = true, default_value = "")]
    public_url: String,
}

/// Close a round: its links end
#[derive(Debug, clap::Args)]
struct Close {
    /// The round, as R3
    #[arg(value_name = "ROUND")]
    round: RoundId,
    /// Why
    #[arg(long, value_name = "TEXT", required = true)]
    reason: String,
}

impl Rounds {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let answer = match self.what {
            What::Open(open) => open.run(context, &house).await?,
            What::List => list(&house.rounds(&context.desk(&house).await?).await?),
            What::Show(show) => room(&house.round(&context.desk(&house).await?, show.round).await?, show.places),
            What::Letter(print) => print.run(context, &house).await?,
            What::Remind(one) => {
                house.remind_round(&context.author(&house).await?, one.round).await?;
                said(one.round, "Everybody who has not answered is reminded with the next messages.".to_owned())
            }
            What::Close(close) => {
                house.close_round(&context.author(&house).await?, close.round, &close.reason).await?;
                said(close.round, format!("Round {} is closed; its links have ended.", close.round))
            }
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

impl Open {
    fn wish(&self, desk: &Desk) -> Result<RoundWish> {
        Ok(RoundWish {
            title: self.title.clone(),
            text: self.text.clone(),
            language: if self.german { "de" } else { "en" }.to_owned(),
            asks: if self.all { RoundAsks::All } else { RoundAsks::Missing },
            place: match &self.in_agency {
                Some(name) => Place::Agency(desk.agency_called(name)?.id.clone()),
                None => Place::Government,
            },
            // A day without an hour means all of it.
            due: match self.due.0.rem_euclid(Timestamp::DAY_US) {
                0 => Timestamp(self.due.0.saturating_add(Timestamp::DAY_US - 1)),
                _ => self.due,
            },
            remind_days: self.remind_days,
        })
    }

    async fn run(&self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let wish = self.wish(&desk)?;
        let preview = house.preview_round(&desk, &wish)?;
        let mut head = vec![format!(
            "It asks about {} of {}.",
            counted(preview.systems, "system", "systems"),
            counted(preview.agencies, "agency", "agencies"),
        )];
        if !preview.without_address.is_empty() {
            head.push(format!("Without an address for mail: {}.", preview.without_address.join(", ")));
        }
        let mut json = serde_json::to_value(&preview).unwrap_or_default();
        if !self.dry_run {
            let id = house.open_round(&context.author(house).await?, wish).await?;
            head.insert(0, format!("Round {id} is open."));
            json["round"] = id.to_string().into();
        }
        Ok(Answer::said(head, json))
    }
}

impl PrintLetter {
    async fn run(&self, context: &Context, house: &House) -> Result<Answer> {
        let desk = context.desk_at(house, None).await?;
        let agency: AgencyId = desk.agency_called(&self.agency)?.id.clone();
        let language = if self.german { Language::German } else { Language::English };
        let url = self.public_url.trim_end_matches('/');
        let letter: Letter = if self.no_links {
            let theirs = house.mail_desk(&agency, desk.overview().as_of).await?;
            house.letter_text((&desk, &theirs), self.round, &agency, (language, url)).await?
        } else {
            let matter = KeyMatter::Round(self.round, agency);
            let random = [context::random()?, context::random()?, context::random()?];
            let author = context.author(house).await?;
            house.print_letter(&author, &matter, language, url, (random, context.now)).await?.letter
        };
        let json = serde_json::json!({ "subject": letter.subject, "text": letter.text() });
        let Some(file) = &self.pdf else {
            let text = letter.text();
            let lines = [letter.subject.as_str(), ""].into_iter().chain(text.lines()).map(str::to_owned);
            return Ok(Answer::said(lines.collect(), json));
        };
        let bytes = letter.pdf().map_err(|error| OfficeError::new("export", error.to_string()))?;
        std::fs::write(file, bytes).map_err(|error| OfficeError::file(file, &error))?;
        Ok(Answer::said(vec![format!("The letter is in {}.", file.display())], json))
    }
}

fn of_counts(counts: &RoundCounts) -> Vec<String> {
    [counts.evidence, counts.said, counts.cannot, counts.promised, counts.waiting, counts.late]
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn list(rounds: &[RoundRow]) -> Answer {
    let rows: Vec<serde_json::Value> = rounds.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect();
    let cells = rounds.iter().map(|row| {
        let state = if row.round.closed.is_some() { "closed" } else { "open" };
        let answered = format!("{} of {}", row.counts.answered(), row.counts.total());
        vec![row.number.clone(), row.round.title.clone(), state.to_owned(), row.round.due.date(), answered]
    });
    Answer {
        json: serde_json::json!({ "rounds": rows }),
        head: vec![format!("{}.", counted(rounds.len() as u64, "round", "rounds"))],
        columns: columns(&["Round", "Title", "State", "Due", "Answered"]),
        cells: cells.collect(),
        rows,
        ..Answer::default()
    }
}

fn room(room: &RoundRoom, places: bool) -> Answer {
    let state = if room.round.closed.is_some() { "closed" } else { "open" };
    let head = vec![
        format!("{}: {} ({state}, due {})", room.number, room.round.title, room.round.due.date()),
        format!("{} of {} have answered.", room.counts.answered(), counted(room.counts.total(), "place", "places")),
    ];
    let json = serde_json::to_value(room).unwrap_or_default();
    let sent = room.letters.iter().filter(|letter| letter.sent.is_some()).count() as u64;
    let mut notes = vec![format!(
        "{} sent, {} wait; {} came.",
        counted(sent, "letter was", "letters were"),
        room.letters.len() as u64 - sent,
        counted(room.mails.len() as u64, "mail", "mails")
    )];
    notes.extend(
        room.letters
            .iter()
            .filter(|letter| !letter.fault.is_empty())
            .map(|letter| format!("letter to {} was not taken: {}", letter.address, letter.fault)),
    );
    if places {
        let rows: Vec<serde_json::Value> =
            room.rows.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect();
        let cells = room.rows.iter().map(|row| {
            let name = if row.system.is_empty() { row.agency.clone() } else { row.system.clone() };
            let standing = row.standing.as_str().to_owned();
            vec![row.task.clone(), row.agency.clone(), name, standing, dash(&row.document), dash(&row.because)]
        });
        let columns = columns(&["Task", "Agency", "Place", "Stands", "Document", "Because"]);
        return Answer { json, head, columns, cells: cells.collect(), rows, notes, ..Answer::default() };
    }
    let rows: Vec<serde_json::Value> =
        room.agencies.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect();
    let cells = room.agencies.iter().map(|row| {
        let mut cells = vec![row.agency.clone(), dash(&row.address)];
        cells.extend(of_counts(&row.counts));
        cells
    });
    Answer {
        json,
        head,
        columns: columns(&["Agency", "Address", "Evidence", "Said", "Cannot", "Promised", "Waiting", "Late"]),
        cells: cells.collect(),
        rows,
        notes,
        ..Answer::default()
    }
}

fn said(id: RoundId, line: String) -> Answer {
    let json = serde_json::json!({ "round": id.to_string(), "said": line });
    Answer::said(vec![line, format!("next: underpin round show {id}")], json)
}
