// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::keeping::rebuild::{RebuildOptions, RebuildReport};
use underpin_office::{OfficeError, Result};

use super::add::Bar;
use crate::context::Context;
use crate::output::{Answer, columns, print};

/// Make all facts again from the originals, with today's readers
///
/// Every document is read again, quarantined ones too. New facts take the place of the old ones in one step; whoever asks
/// meanwhile is not disturbed. When it is interrupted, nothing has changed.
#[derive(Debug, clap::Args)]
pub struct Rebuild {
    /// Only compare: exit with 2 when any table or view would answer differently; change nothing
    #[arg(long, conflicts_with = "verify")]
    check: bool,
    /// Replace the facts only when every table and view answers as before
    #[arg(long)]
    verify: bool,
}

impl Rebuild {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let options =
            RebuildOptions { actor: context.actor(), tag: context.tag(), check: self.check, verify: self.verify };
        let house = context.existing().await?;
        let at = house.fixed_clock().await?.unwrap_or(context.now);
        let bar = Bar::of_bytes(context);
        let report = house.rebuild(&context.global.viewer, &options, at, &bar).await;
        bar.finish();
        let report = report?;
        print(&answer(&report), context.printing_all())?;
        house.close().await;
        if report.differences.is_empty() {
            return Ok(false);
        }
        let names: Vec<&str> = report.differences.iter().map(|one| one.table.as_str()).collect();
        Err(OfficeError::new("answers-differ", format!("these would answer differently: {}", names.join(", ")))
            .hint("nothing was changed; newer readers may see more. `underpin rebuild` takes the new facts"))
    }
}

fn answer(report: &RebuildReport) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { rows: vec![json.clone()], json, ..Answer::default() };
    answer.head = vec![
        format!("{:>9}  documents read again ({:.1} MB)", report.documents, report.bytes as f64 / 1e6),
        format!("{:>9}  state something else than before", report.changed),
        format!("{:>9}  were quarantined and can be read now", report.recovered),
        format!("{:>9}  are quarantined", report.quarantined),
        format!("{:>9}  uses, {} gaps", report.occurrences, report.gaps),
        format!("{:>9}  files of facts in the place of {}", report.segments_written, report.segments_replaced),
        format!("{:>9.2}  seconds", report.seconds),
    ];
    if let (Some(before), Some(after)) = (&report.before, &report.after) {
        answer.head.push(String::new());
        answer.head.push(format!("   before  {before}"));
        answer.head.push(format!("    after  {after}"));
    }
    if !report.differences.is_empty() {
        answer.columns = columns(&["table or view", "rows before", "rows after"]);
        let row = |rows: u64| rows.to_string();
        let differences = report.differences.iter();
        answer.cells =
            differences.map(|one| vec![one.table.clone(), row(one.rows_before), row(one.rows_after)]).collect();
    } else if !report.lost.is_empty() {
        answer.columns = columns(&["no longer readable", "code", "detail"]);
        let lost = report.lost.iter();
        answer.cells = lost.map(|one| vec![one.path.clone(), one.code.clone(), one.detail.clone()]).collect();
    }
    answer.notes.push(
        match (report.replaced, report.differences.is_empty()) {
            (true, _) => "the new facts count now; `underpin collect` removes the old ones later",
            (false, true) => "every table and view answers as before; nothing was changed",
            (false, false) => "nothing was changed",
        }
        .to_owned(),
    );
    answer
}
