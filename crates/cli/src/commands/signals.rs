// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::community::Said;
use underpin_model::signals::{Reading, Source, Value};
use underpin_office::Result;
use underpin_office::supporter::Weights;
use underpin_office::supporter::signals::{SignalsAnswer, look};

use crate::context::{Context, clock, random};
use crate::output::{Answer, columns, dash, print, word};

/// How is an upstream project looked after, as far as a plain git clone tells?
///
/// The clone is read in place, with no network; nothing that it names is run, and nothing in it is changed. Each signal is known, or
/// unknown with the reason. People are counted, never named. With --project, vulnerabilities without a fix are counted from what is
/// known here. Below the signals stands what the project says about itself: read it before you write to anybody.
#[derive(Debug, clap::Args)]
pub struct Signals {
    /// The folder of a clone, bare or not
    #[arg(value_name = "CLONE")]
    clone: PathBuf,
    /// The project in use that it is
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
}

const FIELDS: [&str; 5] = ["code", "reading", "source", "caveats", "as_of"];

impl Signals {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let known = match &self.project {
            None => None,
            Some(project) => {
                let house = context.existing().await?;
                let desk = context.desk(&house).await?;
                let watched = house.watch(&desk).await?;
                Some(desk.ranking(&Weights::default())?.unfixed(&desk, &watched, project)?)
            }
        };
        let as_of = context.global.as_of.unwrap_or_else(clock);
        print(&answer(&look(&self.clone, as_of, &random()?, known)?), context.printing_all())?;
        Ok(false)
    }
}

fn answer(found: &SignalsAnswer) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["signals"].as_array().cloned().unwrap_or_default();
    let reasons: Vec<String> = found.reasons.iter().map(word).collect();
    answer.head.push(format!("{} ({})", word(&found.class), dash(&reasons.join(", "))));
    if let Some(project) = &found.project {
        let count = found.unfixed_advisories.unwrap_or_default();
        answer.head.push(format!("{project}: {count} vulnerabilities of versions in use have no known fix"));
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
    answer.notes.push(format!("judged as of {}", found.signals.as_of));
    answer
}

fn reading(reading: Reading) -> String {
    match reading {
        Reading::Unknown(why) => format!("unknown ({})", why.as_str()),
        Reading::Known(Value::Number(number)) => number.to_string(),
        Reading::Known(Value::Fraction { part, whole }) => format!("{part} of {whole}"),
        Reading::Known(Value::Flag(flag)) => if flag { "yes" } else { "no" }.to_owned(),
        Reading::Known(Value::Moment(at)) => at.to_string().chars().take(10).collect(),
        Reading::Known(Value::Word(word)) => word.as_str().to_owned(),
    }
}

fn source(source: &Source) -> String {
    match source {
        Source::Commits { count, .. } => format!("{count} commits"),
        Source::Tags(count) => format!("{count} tags"),
        Source::File(path) => path.clone(),
        Source::FileNames => "names of files".to_owned(),
    }
}
