// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Everything that is measured in one house: what it takes on disk, and each question by a process of its own.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use underpin_office::measure::{batch_beyond, forget_files, size_on_disk};
use underpin_office::{OfficeError, Result};

use super::add::Fresh;
use super::process::{Ran, attempt, run};

/// Documents of the batch that is handed in.
const BATCH: usize = 200;
/// The package asked for is the one at this place by use: neither in every system nor in none.
const PLACE_BY_USE: usize = 1_000;

const BY_AGENCY: &str =
    "SELECT agency, count(*) AS findings FROM finding GROUP BY agency ORDER BY findings DESC, agency";

/// What is measured.
pub struct Wanted<'w> {
    pub rule: &'w str,
    pub rounds: usize,
    pub compacts: bool,
    pub seed: u64,
}

/// A house, measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// Name.
    pub name: String,
    /// Active systems.
    pub systems: u64,
    /// Documents.
    pub documents: u64,
    /// Uses: package versions in documents.
    pub occurrences: u64,
    /// What was measured.
    pub figures: Vec<Taken>,
}

/// One thing, measured.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Taken {
    /// Stable name.
    pub what: String,
    /// Bytes on disk.
    pub bytes: Option<u64>,
    /// With the files dropped from the cache of the system, in milliseconds.
    pub cold_ms: Option<f64>,
    /// Again, the median, in milliseconds.
    pub warm_ms: Option<f64>,
    /// Largest memory of all processes that did it.
    pub peak_bytes: Option<u64>,
    /// Whether it ended with an error, so that there is no time.
    pub is_refused: bool,
    /// What was run.
    pub command: String,
}

/// Makes a house with a command.
pub fn made(data: &Path, arguments: &[&str]) -> Result<Taken> {
    let ran = run(&with_data(data, arguments))?;
    Ok(Taken { cold_ms: Some(milliseconds(ran.time)), ..taken("make-the-house", &ran, arguments) })
}

/// Measures the house below a folder.
pub fn measure(name: &str, data: &Path, wanted: &Wanted<'_>, made: Option<Taken>) -> Result<Measured> {
    let mut house = size(name, data)?;
    house.figures.extend(made);
    house.figures.extend(on_disk(data));
    let package = package(data)?;
    let questions: [(&str, &[&str]); 5] = [
        ("packages-by-systems", &["usage", "--top", "50"]),
        ("where", &["where", package.as_str()]),
        ("full-match", &["findings", "--rows", "1"]),
        ("findings-by-agency", &["sql", BY_AGENCY]),
        ("rule-simulation", &["rules", "simulate", wanted.rule]),
    ];
    for (what, arguments) in questions {
        house.figures.push(question(data, what, arguments, wanted.rounds)?);
    }
    house.figures.push(intake(data, wanted.seed)?);
    if wanted.compacts {
        house.figures.push(once(data, "compaction", &["compact"])?);
    }
    Ok(house)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn with_data<'a>(data: &'a Path, arguments: &'a [&'a str]) -> Vec<&'a OsStr> {
    let mut all: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
    all.extend(["--format", "json", "--quiet", "--data"].map(OsStr::new));
    all.push(data.as_os_str());
    all
}

fn taken(what: &str, ran: &Ran, arguments: &[&str]) -> Taken {
    let quoted = |word: &&str| if word.contains(' ') { format!("\"{word}\"") } else { (*word).to_owned() };
    let words: Vec<String> = arguments.iter().map(quoted).collect();
    let command = format!("underpin {}", words.join(" "));
    Taken { what: what.to_owned(), peak_bytes: ran.peak_bytes, command, ..Taken::default() }
}

/// What a process of its own answers.
fn asked(data: &Path, arguments: &[&str]) -> Result<Value> {
    let ran = run(&with_data(data, arguments))?;
    serde_json::from_slice(&ran.output)
        .map_err(|error| OfficeError::new("bench", format!("underpin {}: {error}", arguments.join(" "))))
}

fn size(name: &str, data: &Path) -> Result<Measured> {
    let counted = "SELECT (SELECT count(*) FROM system WHERE status = 'active') AS systems, \
                   count(*) AS documents FROM document";
    let found = asked(data, &["sql", counted])?;
    let uses = asked(data, &["sql", "SELECT count(*) AS uses FROM occurrence"])?;
    let number = |answer: &Value, name: &str| answer["rows"][0][name].as_u64().unwrap_or(0);
    Ok(Measured {
        name: name.to_owned(),
        systems: number(&found, "systems"),
        documents: number(&found, "documents"),
        occurrences: number(&uses, "uses"),
        figures: Vec::new(),
    })
}

fn on_disk(data: &Path) -> Vec<Taken> {
    let size = size_on_disk(data);
    let parts = [
        ("disk", size.sum()),
        ("disk-ledger", size.ledger),
        ("disk-evidence", size.evidence),
        ("disk-facts", size.segments),
        ("disk-other", size.other),
    ];
    let one = |(what, bytes): (&str, u64)| Taken {
        what: what.to_owned(),
        bytes: Some(bytes),
        command: "du -b DIR".to_owned(),
        ..Taken::default()
    };
    parts.map(one).to_vec()
}

/// A package of middling spread.
fn package(data: &Path) -> Result<String> {
    let answer = asked(data, &["usage", "--top", &PLACE_BY_USE.to_string()])?;
    let last = answer["rows"].as_array().and_then(|rows| rows.last());
    last.and_then(|row| row["package"].as_str()).map(str::to_owned).ok_or_else(|| {
        OfficeError::new("bench", "there is no package in use that could be asked for").hint("add evidence first")
    })
}

/// Cold once, then warm.
fn question(data: &Path, what: &str, arguments: &[&str], rounds: usize) -> Result<Taken> {
    let all = with_data(data, arguments);
    forget_files(data);
    let (cold, status) = attempt(&all)?;
    let mut figure = taken(what, &cold, arguments);
    if !matches!(status.code(), Some(0 | 1)) {
        return Ok(Taken { is_refused: true, ..figure });
    }
    figure.cold_ms = Some(milliseconds(cold.time));
    let mut warm = Vec::new();
    for _ in 0..rounds {
        let ran = run(&all)?;
        warm.push(milliseconds(ran.time));
        figure.peak_bytes = figure.peak_bytes.max(ran.peak_bytes);
    }
    warm.sort_by(f64::total_cmp);
    figure.warm_ms = warm.get(warm.len() / 2).copied();
    Ok(figure)
}

/// What changes the house is done once.
fn once(data: &Path, what: &str, arguments: &[&str]) -> Result<Taken> {
    let (ran, status) = attempt(&with_data(data, arguments))?;
    let figure = taken(what, &ran, arguments);
    if !matches!(status.code(), Some(0 | 1)) {
        return Ok(Taken { is_refused: true, ..figure });
    }
    Ok(Taken { warm_ms: Some(milliseconds(ran.time)), ..figure })
}

/// One more batch of documents, bound to no system.
fn intake(data: &Path, seed: u64) -> Result<Taken> {
    let folder = Fresh::new(data.with_extension("batch"))?;
    for (name, bytes) in batch_beyond(seed, BATCH) {
        let path = folder.0.join(name);
        std::fs::write(&path, bytes).map_err(|error| OfficeError::file(&path, &error))?;
    }
    let path = folder.0.to_string_lossy().into_owned();
    let mut figure = once(data, "intake", &["add", path.as_str()])?;
    figure.command = format!("underpin add FOLDER with {BATCH} documents");
    Ok(figure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_so_that_it_can_be_run_again() {
        let ran = Ran { time: Duration::from_millis(5), peak_bytes: Some(7), output: Vec::new() };
        let figure = taken("x", &ran, &["sql", "SELECT 1", "--top"]);
        assert_eq!((&*figure.command, figure.peak_bytes), ("underpin sql \"SELECT 1\" --top", Some(7)));
    }
}
