// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::{Path, PathBuf};

use underpin_model::Timestamp;
use underpin_model::community::Said;
use underpin_model::signals::{Reading, Source, Value};
use underpin_office::Result;
use underpin_office::supporter::Weights;
use underpin_office::supporter::kept_signals::{FolderLook, KeptSignals, read_clone};
use underpin_office::supporter::signals::{SignalsAnswer, look};

use crate::context::{Context, clock, random, usage};
use crate::output::{Answer, columns, counted, dash, print, word};

/// How is an upstream project looked after, as far as a plain git clone tells?
///
/// The clone is read in place, with no network; nothing that it names is run, and nothing in it is changed. Each signal is known, or
/// unknown with the reason. People are counted, never named. With --project, vulnerabilities without a fix are counted from what is
/// known here. Below the signals stands what the project says about itself: read it before you write to anybody. With --keep the look
/// is written down: `project` and its page show it with its age, and how signals change from look to look.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin signals log4j.git --project logging-log4j2 --keep\n  underpin signals --folder clones --keep"
)]
pub struct Signals {
    /// The folder of a clone, bare or not
    #[arg(value_name = "CLONE", required_unless_present = "folder", conflicts_with = "folder")]
    clone: Option<PathBuf>,
    /// The project in use that it is
    #[arg(long, value_name = "PROJECT", conflicts_with = "folder")]
    project: Option<String>,
    /// A folder of clones: each belongs to the project in use whose address it names as its origin
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Write the look down
    #[arg(long)]
    keep: bool,
}

const FIELDS: [&str; 5] = ["code", "reading", "source", "caveats", "as_of"];
const FOLDER_FIELDS: [&str; 3] = ["clone", "project", "fault"];

impl Signals {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let as_of = context.global.as_of.unwrap_or_else(clock);
        if let Some(folder) = &self.folder {
            return self.read_folder(context, folder, as_of).await;
        }
        let path = self.clone.as_deref().unwrap_or(Path::new("."));
        let Some(project) = &self.project else {
            if self.keep {
                return Err(usage("--keep needs to know which project the clone is", "add --project PROJECT"));
            }
            print(&answer(&look(path, as_of, &random()?, None)?), context.printing_all())?;
            return Ok(false);
        };
        let house = context.existing().await?;
        let desk = context.desk_at(&house, None).await?;
        let watched = house.watch(&desk).await?;
        let known = desk.ranking(&Weights::default())?.unfixed(&watched, project)?;
        let kept = read_clone(path, as_of, &random()?, (Some(&known.0), &desk.payers()))?;
        if self.keep {
            house.keep_signals(&context.author(&house).await?, vec![(known.0.clone(), kept.clone())]).await?;
        }
        let mut answer = answer(&underpin_office::supporter::signals::answer(kept, Some(known)));
        if self.keep {
            answer.notes.push("written down".to_owned());
        }
        print(&answer, context.printing_all())?;
        house.close().await;
        Ok(false)
    }

    async fn read_folder(&self, context: &Context, folder: &Path, as_of: Timestamp) -> Result<bool> {
        let house = context.existing().await?;
        let desk = context.desk_at(&house, None).await?;
        let mut found = desk.ranking(&Weights::default())?.read_folder(folder, as_of, &random()?, &desk.payers())?;
        let looks: Vec<(String, KeptSignals)> =
            found.iter_mut().filter_map(|one| Some((one.project.clone()?, one.kept.take()?))).collect();
        let count = looks.len() as u64;
        if self.keep {
            house.keep_signals(&context.author(&house).await?, looks).await?;
        }
        print(&listed(&found, count, self.keep), context.printing())?;
        house.close().await;
        Ok(false)
    }
}

/// Which clone is which project, and which is none.
fn listed(found: &[FolderLook], count: u64, is_kept: bool) -> Answer {
    let told = if is_kept { "read and written down" } else { "read" };
    let left = found.len() as u64 - count;
    let cells = found.iter().map(|one| {
        vec![one.clone.clone(), dash(one.project.as_deref().unwrap_or_default()), dash(one.fault.unwrap_or_default())]
    });
    Answer {
        json: serde_json::json!({ "read": count, "kept": is_kept, "clones": found }),
        head: vec![format!("{} {told}; {left} belong to no project in use or cannot be read.", counted(count, "clone", "clones"))],
        columns: columns(&["clone", "project", "fault"]),
        cells: cells.collect(),
        rows: found.iter().map(|one| serde_json::to_value(one).unwrap_or_default()).collect(),
        fields: &FOLDER_FIELDS,
        notes: vec![
            "fault: no-clone (cannot be read), no-address (names no origin), not-in-use (no document shows that project), \
             said-twice (another clone is the same project)"
                .to_owned(),
        ],
    }
}

fn answer(found: &SignalsAnswer) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["signals"].as_array().cloned().unwrap_or_default();
    let reasons: Vec<String> = found.reasons.iter().map(word).collect();
    answer.head.push(format!("{} ({})", word(&found.class), dash(&reasons.join(", "))));
    match (&found.project, found.unfixed_advisories) {
        (None, _) => {}
        (Some(project), Some(count)) => {
            answer.head.push(format!("{project}: {count} vulnerabilities of versions in use have no known fix"));
        }
        (Some(project), None) => answer.head.push(format!("{project}: no feed speaks of its packages")),
    }
    answer.columns = columns(&["signal", "value", "unit", "from", "mind"]);
    for signal in &found.signals.signals {
        let caveats: Vec<&str> = signal.caveats.iter().map(|caveat| caveat.as_str()).collect();
        answer.cells.push(vec![
            signal.code.as_str().to_owned(),
            reading(signal.reading),
            signal.code.unit().as_str().to_owned(),
            source(&signal.source),
            caveats.join(", "),
        ]);
    }
    answer.notes.push("what the project says about itself:".to_owned());
    for (question, said) in found.signals.community.entries() {
        answer.notes.push(match said {
            Said::Words(words) => format!("  {question} ({}:{}): {}", words.path, words.line, words.text),
            Said::Unknown(why) => format!("  {question}: unknown ({})", why.as_str()),
        });
    }
    for file in &found.published.funding {
        answer.notes.push(format!("money ({}): {}", file.form.as_str(), crate::commands::facts::money_line(file)));
    }
    for one in &found.published.addresses {
        answer.notes.push(format!("declared address for {}: {}", one.used_for.as_str(), one.address));
    }
    answer.notes.push(format!("judged as of {}", found.signals.as_of));
    answer
}

pub fn reading(reading: Reading) -> String {
    match reading {
        Reading::Unknown(why) => format!("unknown ({})", why.as_str()),
        Reading::Known(Value::Number(number)) => number.to_string(),
        Reading::Known(Value::Fraction { part, whole }) => format!("{part} of {whole}"),
        Reading::Known(Value::Flag(flag)) => if flag { "yes" } else { "no" }.to_owned(),
        Reading::Known(Value::Moment(at)) => at.to_string().chars().take(10).collect(),
        Reading::Known(Value::Word(word)) => word.as_str().to_owned(),
    }
}

pub fn source(source: &Source) -> String {
    match source {
        Source::Commits { count, .. } => format!("{count} commits"),
        Source::Tags(count) => format!("{count} tags"),
        Source::File(path) => path.clone(),
        Source::FileNames => "names of files".to_owned(),
    }
}
