// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Value, json};
use underpin_office::cluster::is_built;
use underpin_office::regulator::shipped;
use underpin_office::{OfficeError, Result};

use super::add::Fresh;
use super::cluster_asked::{Asking, Size, Taken};
use super::cluster_questions::{About, QUESTIONS, Way};
use super::cluster_run::Place;
use crate::commands::serve::told_to_end;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, dash, tell};

/// How many executors there are in the end.
const EXECUTORS: usize = 2;
const FIELDS: [&str; 12] = [
    "question",
    "carried_out",
    "embedded_seconds",
    "one_executor_seconds",
    "two_executors_seconds",
    "one_executor_ratio",
    "two_executors_ratio",
    "rows",
    "digest",
    "is_same",
    "refused",
    "asked",
];
/// Letters of a digest that a table shows.
const DIGEST_LETTERS: usize = 12;

/// Measure what a cluster gains and costs on this house: this process against one and two executors on this machine
///
/// A scheduler and two executors with one thread each are started on loopback as processes of their own, and ended again. Each question
/// is asked in this process, then with one executor, then with two; its rows have to be the same. This process uses all processors. On a
/// machine with few of them, it and the executors take them from each other.
///
/// What most questions need is at hand, as in a house that runs: what is watched, and the tables of the registry. Of the simulation, the
/// tables of the registry and who uses which package are at hand; of the full match, nothing is.
///
/// Questions are handed over however few rows they read (as with limits.cluster_small_rows = 0), so that small ones show what that
/// costs. Some stay here all the same, and the answer says which: those that name one document or package, and those that read only
/// findings or matches, whose rows are made in the process that asks. Matching is done there, too, by package version and not by use, so
/// a cluster does not shorten it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin bench cluster --data ./underpin-data\n  underpin bench cluster --rounds 5 --format json"
)]
pub struct Cluster {
    /// Times each question is asked, after one time that does not count
    #[arg(long, default_value_t = 3, value_name = "N")]
    rounds: usize,
    /// Rule that is simulated
    #[arg(long, default_value = "licences/osi-approved", value_name = "RULEBOOK/RULE")]
    rule: String,
    /// Memory of each executor, in mebibytes
    #[arg(long, default_value_t = 2_048, value_name = "MIB")]
    memory_mib: usize,
    /// Where executors write what they find [default: the system's temporary directory]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

/// A house, measured three times.
struct Measured {
    size: Size,
    about: About,
    /// In this process, with one executor, with two: each question in the order of the list.
    stages: Vec<Vec<Taken>>,
}

impl Cluster {
    /// Measures. What comes with the answer is an error where rows were not the same.
    pub async fn run(&self, context: &Context) -> Result<(Answer, Result<()>)> {
        is_built()?;
        // Whoever is told to end leaves no process behind: what is dropped here ends them.
        let measured = tokio::select! {
            measured = Box::pin(self.measured(context)) => measured?,
            () = told_to_end() => return Err(OfficeError::new("interrupted", "the measurement was ended")),
        };
        Ok((self.answer(&measured), measured.agreed()))
    }

    async fn measured(&self, context: &Context) -> Result<Measured> {
        // What is declared first goes last: the folder after the processes that write into it.
        let base = self.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let fresh = Fresh::new(base.join(format!("underpin-bench-cluster-{}", context.tag())))?;
        let (book, rule) =
            self.rule.split_once('/').ok_or_else(|| usage("--rule names no rule", "write it as RULEBOOK/RULE"))?;
        let here = Asking::open(context, None).await?;
        let size = here.size().await?;
        let about =
            About { document: size.document, package: size.package, book: shipped(book)?, rule: rule.to_owned() };
        say(context, "asking this process");
        let mut stages = vec![self.asked(context, here, &about).await?];
        let place = Place::new(&fresh.0, context)?;
        let scheduler = place.scheduler()?;
        let mut executors = Vec::new();
        for number in 1..=EXECUTORS {
            executors.push(place.executor(&scheduler, number, self.memory_mib)?);
            let engine = place.engine(&scheduler, &context.configuration.settings.limits)?;
            let there = Asking::open(context, Some(engine)).await?;
            say(context, &format!("asking a cluster; executors: {number}"));
            stages.push(self.asked(context, there, &about).await?);
        }
        Ok(Measured { size, about, stages })
    }

    /// All questions, one after the other.
    async fn asked(&self, context: &Context, asking: Asking, about: &About) -> Result<Vec<Taken>> {
        let mut all = Vec::new();
        for (name, way) in QUESTIONS {
            say(context, &format!("  {name}"));
            all.push(asking.ask(way, about, self.rounds.max(1)).await?);
        }
        asking.close().await;
        Ok(all)
    }

    fn answer(&self, measured: &Measured) -> Answer {
        let rows: Vec<Value> =
            measured.questions().map(|(name, way, stages)| row(name, way, &stages, measured)).collect();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let mut answer = Answer {
            json: json!({
                "occurrences": measured.size.occurrences,
                "processors": processors,
                "rounds": self.rounds.max(1),
                "executor_threads": 1,
                "executor_memory_mib": self.memory_mib,
                "rule": self.rule,
                "rows": rows,
            }),
            fields: &FIELDS,
            ..Answer::default()
        };
        answer.columns = columns(&[
            "question",
            "carried out",
            "embedded",
            "1 executor",
            "2 executors",
            "1 by embedded",
            "2 by embedded",
            "rows",
            "digest",
        ]);
        answer.cells = rows.iter().map(cells).collect();
        answer.rows = rows;
        answer.notes = vec![
            format!("uses in the house: {}; processors: {processors}", measured.size.occurrences),
            format!("medians; times each was asked: {}, and once before that", self.rounds.max(1)),
            format!("each executor: 1 thread, {} MiB; simulated: {}", self.memory_mib, self.rule),
        ];
        for (name, _, stages) in measured.questions() {
            let refused = stages.iter().filter_map(|taken| taken.refused.as_ref());
            answer.notes.extend(refused.map(|why| format!("{name}: {why}")));
        }
        if cfg!(debug_assertions) {
            answer.notes.push("this is a development build: figures of a release build are better".to_owned());
        }
        answer
    }
}

impl Measured {
    /// Each question, with what came of it in each stage.
    fn questions(&self) -> impl Iterator<Item = (&'static str, Way, Vec<&Taken>)> {
        QUESTIONS.into_iter().enumerate().map(move |(number, (name, way))| {
            let taken: Vec<&Taken> = self.stages.iter().filter_map(|stage| stage.get(number)).collect();
            (name, way, taken)
        })
    }

    /// Whether every question had the same rows wherever it was answered.
    fn agreed(&self) -> Result<()> {
        let wrong: Vec<&str> =
            self.questions().filter(|(_, _, stages)| digests(stages).len() > 1).map(|(name, ..)| name).collect();
        if wrong.is_empty() {
            return Ok(());
        }
        Err(OfficeError::new("bench", format!("not the same rows every time: {}", wrong.join("; ")))
            .hint("if nothing came into the house meanwhile, report it with the answer"))
    }
}

/// Work that takes minutes says where it is.
fn say(context: &Context, what: &str) {
    if !context.global.quiet {
        tell(what);
    }
}

fn digests<'t>(stages: &[&'t Taken]) -> BTreeSet<&'t str> {
    stages.iter().flat_map(|taken| &taken.digests).map(String::as_str).collect()
}

fn row(name: &str, way: Way, stages: &[&Taken], measured: &Measured) -> Value {
    let seconds = |stage: usize| stages.get(stage).and_then(|taken| taken.median_seconds());
    let ratio = |stage: usize| seconds(stage).zip(seconds(0)).map(|(there, here)| there / here);
    let refused: Vec<&String> = stages.iter().filter_map(|taken| taken.refused.as_ref()).collect();
    json!({
        "question": name,
        "carried_out": carried_out(stages.get(1..).unwrap_or_default()),
        "embedded_seconds": seconds(0),
        "one_executor_seconds": seconds(1),
        "two_executors_seconds": seconds(2),
        "one_executor_ratio": ratio(1),
        "two_executors_ratio": ratio(2),
        "rows": stages.iter().find_map(|taken| taken.rows),
        "digest": digests(stages).first(),
        "is_same": digests(stages).len() <= 1,
        "refused": refused,
        "asked": measured.about.asked(way),
    })
}

/// Where a question was carried out though a cluster was named.
fn carried_out(there: &[&Taken]) -> String {
    let mut places: Vec<&str> =
        there.iter().map(|taken| if taken.handed_over > 0 { "cluster" } else { "here" }).collect();
    places.dedup();
    places.join(", then ")
}

fn cells(row: &Value) -> Vec<String> {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let seconds = |name: &str| row[name].as_f64().map_or("–".to_owned(), |seconds| format!("{seconds:.3} s"));
    let ratio = |name: &str| row[name].as_f64().map_or("–".to_owned(), |ratio| format!("{ratio:.2}×"));
    let digest: String = text("digest").chars().take(DIGEST_LETTERS).collect();
    vec![
        text("question"),
        text("carried_out"),
        seconds("embedded_seconds"),
        seconds("one_executor_seconds"),
        seconds("two_executors_seconds"),
        ratio("one_executor_ratio"),
        ratio("two_executors_ratio"),
        row["rows"].as_u64().map_or("–".to_owned(), |rows| rows.to_string()),
        if row["is_same"] == true { dash(&digest) } else { "not the same".to_owned() },
    ]
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn taken(seconds: u64, digest: &str, handed_over: usize) -> Taken {
        let times = vec![Duration::from_secs(seconds)];
        Taken { times, rows: Some(1), digests: [digest.to_owned()].into(), handed_over, refused: None }
    }

    #[test]
    fn a_row_says_where_how_long_and_whether_it_was_the_same() {
        let (here, one, two) = (taken(4, "a", 0), taken(8, "a", 4), taken(2, "b", 4));
        let about = About { document: 1, package: 2, book: shipped("licences").expect("a book"), rule: "x".to_owned() };
        let size = Size { occurrences: 1, document: 1, package: 2 };
        let measured = Measured { size, about, stages: Vec::new() };
        let found = row("x", Way::Anew("SELECT 1"), &[&here, &one, &two], &measured);
        assert_eq!(
            (found["one_executor_ratio"].as_f64(), found["two_executors_ratio"].as_f64()),
            (Some(2.0), Some(0.5))
        );
        assert_eq!((&found["carried_out"], &found["is_same"]), (&json!("cluster"), &json!(false)));
        assert_eq!(cells(&found).last().map(String::as_str), Some("not the same"));
        let refused = Taken { refused: Some("query-limit: too long".to_owned()), ..Taken::default() };
        let found = row("x", Way::Anew("SELECT 1"), &[&here, &refused, &one], &measured);
        assert_eq!((&found["one_executor_seconds"], &found["is_same"]), (&Value::Null, &json!(true)));
        assert_eq!(found["carried_out"], "here, then cluster");
    }
}
