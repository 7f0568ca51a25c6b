// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use underpin_model::limits::bounds::MAIL_BYTES;
use underpin_office::rounds::{MailRow, MailTaken};
use underpin_office::{House, OfficeError, Result};

use crate::context::Context;
use crate::output::{Answer, columns, counted, dash, print};

/// Answers that come by mail: files become documents of the system that was asked about, words a remark
///
/// A mail belongs to a letter of ours by the reference in its subject or in what it answers, never by its sender. What cannot be told to
/// belong anywhere, or holds a program, is kept aside with the reason. No file is removed; a mail that is handed in again is taken once.
#[derive(Debug, clap::Args)]
pub struct Mails {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Take(Take),
    List(List),
    Show(Show),
}

/// Take mails in: files as mail programs save them (.eml), or folders of them
#[derive(Debug, clap::Args)]
struct Take {
    /// Files and folders
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

/// Mails that were handed in
#[derive(Debug, clap::Args)]
struct List {
    /// Only those that are kept aside
    #[arg(long)]
    aside: bool,
}

/// The bytes of a mail that is kept aside
#[derive(Debug, clap::Args)]
struct Show {
    /// Its number
    #[arg(value_name = "NUMBER")]
    number: i64,
}

impl Mails {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.operator("take mails")?;
        let house = context.existing().await?;
        let is_aside = match self.what {
            What::Take(take) => take.run(context, &house).await?,
            What::List(list) => {
                print(&listed(&house.mails(&context.global.viewer, list.aside).await?), context.printing_all())?;
                false
            }
            What::Show(show) => {
                let bytes = house.original_mail(&context.global.viewer, show.number).await?;
                std::io::stdout()
                    .write_all(&bytes)
                    .map_err(|error| OfficeError::new("file", format!("standard output: {error}")))?;
                false
            }
        };
        house.close().await;
        Ok(is_aside)
    }
}

impl Take {
    /// Whether some mail was kept aside.
    async fn run(&self, context: &Context, house: &House) -> Result<bool> {
        let mut files = Vec::new();
        for path in &self.paths {
            gather(path, &mut files)?;
        }
        let content_now = house.fixed_clock().await?.unwrap_or(context.now);
        let (actor, tag) = (context.actor(), context.tag());
        let mut taken: Vec<(PathBuf, MailTaken)> = Vec::new();
        for (position, file) in files.into_iter().enumerate() {
            let bytes = read(&file)?;
            let tag = format!("{tag}m{position}");
            let by = (&context.global.viewer, actor.as_str());
            let outcome = house.take_mail(by, &bytes, (&tag, (content_now, context.now))).await?;
            taken.push((file, outcome));
        }
        let answer = told(&taken);
        print(&answer, context.printing_all())?;
        Ok(taken.iter().any(|(_, mail)| mail.outcome == "aside"))
    }
}

/// One byte more than is read tells that it is too large.
fn read(file: &Path) -> Result<Vec<u8>> {
    use std::io::Read as _;
    let told = |error: std::io::Error| OfficeError::file(file, &error);
    let mut bytes = Vec::new();
    fs::File::open(file).map_err(told)?.take(MAIL_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(told)?;
    Ok(bytes)
}

/// Files in their order; of a folder those that end in `.eml`.
fn gather(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let told = |error: std::io::Error| OfficeError::file(path, &error);
    if !fs::metadata(path).map_err(told)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut inside: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path).map_err(told)? {
        let entry = entry.map_err(told)?.path();
        let is_mail = entry.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("eml"));
        if is_mail && entry.is_file() {
            inside.push(entry);
        }
    }
    inside.sort();
    files.extend(inside);
    Ok(())
}

fn told(taken: &[(PathBuf, MailTaken)]) -> Answer {
    let of = |word: &str| taken.iter().filter(|(_, mail)| mail.outcome == word).count() as u64;
    let rows: Vec<serde_json::Value> = taken
        .iter()
        .map(|(file, mail)| {
            let mut row = serde_json::to_value(mail).unwrap_or_default();
            row["file"] = file.display().to_string().into();
            row
        })
        .collect();
    let cells = taken.iter().map(|(file, mail)| {
        let documents: Vec<&str> =
            mail.files.iter().map(|file| file.document.as_str()).filter(|one| !one.is_empty()).collect();
        vec![
            file.display().to_string(),
            mail.outcome.clone(),
            mail.number.to_string(),
            dash(&mail.tasks.join(", ")),
            dash(&documents.join(", ")),
            dash(&mail.reason),
        ]
    });
    Answer {
        json: serde_json::json!({ "mails": rows }),
        head: vec![format!(
            "{} taken, {} kept aside, {} known.",
            counted(of("taken"), "mail was", "mails were"),
            of("aside"),
            of("known")
        )],
        columns: columns(&["File", "Outcome", "Number", "Tasks", "Documents", "Reason"]),
        cells: cells.collect(),
        rows,
        ..Answer::default()
    }
}

fn listed(mails: &[MailRow]) -> Answer {
    let rows: Vec<serde_json::Value> = mails.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect();
    let cells = mails.iter().map(|row| {
        vec![
            row.number.to_string(),
            row.at.to_string(),
            dash(&row.sender),
            dash(&row.subject),
            row.outcome.clone(),
            dash(&row.reason),
        ]
    });
    Answer {
        json: serde_json::json!({ "mails": rows }),
        head: vec![format!("{}.", counted(mails.len() as u64, "mail", "mails"))],
        columns: columns(&["Number", "When", "From", "Subject", "Outcome", "Reason"]),
        cells: cells.collect(),
        rows,
        ..Answer::default()
    }
}
