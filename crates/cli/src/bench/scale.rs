// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::{OfficeError, Result};

use super::add::Fresh;
use super::scale_fit::Fit;
use super::scale_house::{Measured, Wanted, measure};
use super::scale_page;
use crate::context::Context;
use crate::output::{Answer, columns};

/// Measure houses of several sizes, fit curves, and say what a larger one will take
///
/// Without --house, simulated continents are made for it. Each question is asked by a process of its own: first after the files of
/// the house were dropped from the system's cache (cold), then again (warm). In the end a batch is handed in, and all files are put
/// together, so a house that is measured is not what it was before.
///
/// Curves are fitted by least squares of what is off in percent. What is expected beyond is the curve that fits best, from the
/// lowest to the highest of those that fit nearly as well.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin bench scale --systems 1350,13500,135000 --format json\n  underpin bench scale --house small=a --house middle=b --house large=c\n  underpin bench scale --from figures.json --page book/src/explanation/scale.md"
)]
pub struct Scale {
    /// A house to measure, with the name that the table gives it
    #[arg(long = "house", value_name = "NAME=DIR")]
    houses: Vec<String>,
    /// Systems of the continents to make; a thousand have about 1.1 million uses
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [1_350, 13_500, 135_000], conflicts_with = "houses")]
    systems: Vec<u64>,
    /// Decides what the continents hold
    #[arg(long, default_value_t = 7, value_name = "NUMBER")]
    seed: u64,
    /// Where the continents are made, one after the other [default: the system's temporary directory]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Rule that is simulated
    #[arg(long, default_value = "licences/osi-approved", value_name = "RULEBOOK/RULE")]
    rule: String,
    /// Times each question is asked warm
    #[arg(long, default_value_t = 3, value_name = "N")]
    rounds: usize,
    /// Do not put all files together in the end
    #[arg(long)]
    without_compaction: bool,
    /// Uses for which it is told what to expect
    #[arg(long, default_value_t = 1_000_000_000, value_name = "N")]
    to: u64,
    /// Measure nothing, and take the answer of an earlier run, as JSON
    #[arg(long, value_name = "FILE", conflicts_with_all = ["houses", "systems"])]
    from: Option<PathBuf>,
    /// Write tables and pictures between the markers of this page, and the pictures beside it
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

impl Scale {
    /// Measures, fits, and writes the page where one is named.
    pub fn run(&self, context: &Context) -> Result<Answer> {
        let mut houses = match &self.from {
            Some(path) => earlier(path)?,
            None if self.houses.is_empty() => self.continents(context)?,
            None => self.named(context)?,
        };
        houses.sort_by_key(|house| house.occurrences);
        if let Some(path) = &self.page {
            scale_page::write(path, &houses, self.to, context.now)?;
        }
        Ok(answer(&houses, self.to))
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted { rule: &self.rule, rounds: self.rounds, compacts: !self.without_compaction, seed: self.seed }
    }

    fn named(&self, context: &Context) -> Result<Vec<Measured>> {
        let mut found = Vec::new();
        for named in &self.houses {
            let (name, folder) = named.split_once('=').ok_or_else(|| {
                OfficeError::new("usage", format!("--house {named:?} names no house")).hint("write --house corpus=DIR")
            })?;
            tell(context, &format!("measuring {name}"));
            found.push(measure(name, folder.as_ref(), &self.wanted(), None)?);
        }
        Ok(found)
    }

    fn continents(&self, context: &Context) -> Result<Vec<Measured>> {
        let base = self.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let mut found = Vec::new();
        for systems in &self.systems {
            let fresh = Fresh::new(base.join(format!("underpin-bench-scale-{}-{systems}", context.tag())))?;
            let name = format!("{systems} systems");
            tell(context, &format!("making a continent of {name}"));
            let (systems, seed) = (systems.to_string(), self.seed.to_string());
            let arguments = ["simulate", "--systems", &systems, "--seed", &seed];
            let made = super::scale_house::made(&fresh.0, &arguments)?;
            tell(context, &format!("measuring {name}"));
            found.push(measure(&name, &fresh.0, &self.wanted(), Some(made))?);
        }
        Ok(found)
    }
}

/// Work that takes minutes says where it is.
fn tell(context: &Context, what: &str) {
    if !context.global.quiet {
        eprintln!("{what}");
    }
}

fn earlier(path: &std::path::Path) -> Result<Vec<Measured>> {
    let text = std::fs::read(path).map_err(|error| OfficeError::file(path, &error))?;
    let whole: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    serde_json::from_value(whole["houses"].clone()).map_err(|error| {
        OfficeError::new("bench", format!("{}: {error}", path.display()))
            .hint("it is the answer of `underpin bench scale --format json`")
    })
}

/// One quantity of all houses, with the curve that fits it.
pub(super) struct Series {
    /// What was measured: `packages-by-systems`.
    pub what: String,
    /// `bytes`, `milliseconds-cold`, `milliseconds-warm` or `peak-bytes`.
    pub unit: &'static str,
    /// Uses and value of each house that has it.
    pub points: Vec<(u64, f64)>,
    /// The curve; `None` with fewer than three sizes.
    pub fit: Option<Fit>,
}

/// All quantities that were measured.
pub(super) fn series(houses: &[Measured]) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for house in houses {
        for figure in &house.figures {
            let values = [
                ("bytes", figure.bytes.map(|bytes| bytes as f64)),
                ("milliseconds-cold", figure.cold_ms),
                ("milliseconds-warm", figure.warm_ms),
                ("peak-bytes", figure.peak_bytes.map(|bytes| bytes as f64)),
            ];
            for (unit, value) in values {
                let Some(value) = value else { continue };
                let point = (house.occurrences, value);
                match all.iter_mut().find(|series| series.what == figure.what && series.unit == unit) {
                    Some(series) => series.points.push(point),
                    None => all.push(Series { what: figure.what.clone(), unit, points: vec![point], fit: None }),
                }
            }
        }
    }
    for series in &mut all {
        series.fit = Fit::of(&series.points);
    }
    all
}

fn answer(houses: &[Measured], to: u64) -> Answer {
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    for series in series(houses) {
        let expected = series.fit.as_ref().map(|fit| fit.at(to));
        let measured: Vec<serde_json::Value> = series
            .points
            .iter()
            .map(|(uses, value)| serde_json::json!({ "occurrences": uses, "value": value }))
            .collect();
        rows.push(serde_json::json!({
            "what": series.what, "unit": series.unit, "measured": measured,
            "curve": series.fit.as_ref().map(Fit::formula),
            "residuals_percent": series.fit.as_ref().map(|fit| fit.residuals_percent.clone()),
            "expected_occurrences": to,
            "expected": expected.map(|expected| expected.value),
            "expected_low": expected.map(|expected| expected.low),
            "expected_high": expected.map(|expected| expected.high),
        }));
        let show = |value: f64| scale_page::shown(series.unit, value);
        let range =
            |of: fn(super::scale_fit::Expected) -> f64| expected.map_or("–".to_owned(), |found| show(of(found)));
        cells.push(vec![
            series.what.clone(),
            series.unit.to_owned(),
            series.points.iter().map(|(_, value)| show(*value)).collect::<Vec<_>>().join(", "),
            series.fit.as_ref().map_or("–".to_owned(), Fit::formula),
            range(|found| found.value),
            range(|found| found.low),
            range(|found| found.high),
        ]);
    }
    let mut answer = Answer { json: serde_json::json!({ "houses": houses, "rows": rows }), rows, ..Answer::default() };
    answer.columns = columns(&["measured", "unit", "values", "curve", "expected", "from", "to"]);
    answer.cells = cells;
    let sizes: Vec<String> =
        houses.iter().map(|house| format!("{} ({} uses)", house.name, house.occurrences)).collect();
    answer.notes.push(format!("sizes: {}; expected at {to} uses", sizes.join(", ")));
    let refused = houses.iter().flat_map(|house| house.figures.iter().map(move |figure| (house, figure)));
    for (house, figure) in refused.filter(|(_, figure)| figure.is_refused) {
        answer.notes.push(format!("{}: {} was refused: `{}`", house.name, figure.what, figure.command));
    }
    if cfg!(debug_assertions) {
        answer.notes.push("this is a development build: figures of a release build are better".to_owned());
    }
    answer
}
