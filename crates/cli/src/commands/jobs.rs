// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::time::{Duration, Instant};

use underpin_office::jobs::JobRow;
use underpin_office::{House, OfficeError, Result};

use crate::context::{self, Context};
use crate::output::{Answer, columns, counted, dash, print};

/// Between two looks of who waits.
const LOOK_PAUSE: Duration = Duration::from_millis(500);

/// What there is to do for `underpin worker`, who is at it, and what was given up
///
/// A job that fails is tried again after a pause, by whoever is free; after limits.job_attempts it is given up, and the reason stands here.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin jobs\n  underpin jobs --wait 600\n  underpin jobs --retry")]
pub struct Jobs {
    /// Also those that are done
    #[arg(long)]
    done: bool,
    /// Take up again what was given up
    #[arg(long)]
    retry: bool,
    /// Wait until all pieces of large intakes are in, so many seconds at most
    #[arg(long, value_name = "SECONDS")]
    wait: Option<u64>,
}

const FIELDS: [&str; 11] =
    ["job", "kind", "subject", "state", "attempts", "holder", "made", "due", "every_seconds", "fault", "result"];

impl Jobs {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.operator("list jobs")?;
        let house = context.existing().await?;
        if self.retry {
            let at = context.clock(&house).await?;
            house.retry_jobs(&context.actor(), &context.global.viewer, at).await?;
        }
        if let Some(seconds) = self.wait {
            wait(&house, context, seconds).await?;
        }
        let rows = house.jobs(&context.global.viewer, self.done, context::clock()).await?;
        let given_up = rows.iter().filter(|row| row.state == "given-up").count();
        print(&answer(&rows, given_up), context.printing())?;
        house.close().await;
        Ok(self.wait.is_some() && given_up > 0)
    }
}

/// Waits until no piece is open.
async fn wait(house: &House, context: &Context, seconds: u64) -> Result<()> {
    let started = Instant::now();
    loop {
        let open = house.pieces_open(&context.global.viewer).await?;
        if open == 0 {
            return Ok(());
        }
        if started.elapsed().as_secs() >= seconds {
            let pieces = counted(open, "piece is", "pieces are");
            return Err(OfficeError::new("busy", format!("{pieces} not in after {seconds} seconds"))
                .hint("start more `underpin worker`, or wait longer"));
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    }
}

fn answer(rows: &[JobRow], given_up: usize) -> Answer {
    let json: Vec<serde_json::Value> = rows.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect();
    let mut answer = Answer { json: json.clone().into(), rows: json, fields: &FIELDS, ..Answer::default() };
    answer.head.push(match (rows.len(), given_up) {
        (0, _) => "Nothing is to be done.".to_owned(),
        (all, 0) => format!("{}.", counted(all as u64, "job", "jobs")),
        (all, given_up) => format!("{}, {given_up} given up.", counted(all as u64, "job", "jobs")),
    });
    answer.columns = columns(&["job", "kind", "subject", "state", "attempts", "due", "holder", "fault"]);
    for row in rows {
        answer.cells.push(vec![
            row.job.to_string(),
            row.kind.clone(),
            dash(&row.subject),
            row.state.to_owned(),
            row.attempts.to_string(),
            row.due.to_string(),
            dash(&row.holder),
            dash(&row.fault),
        ]);
    }
    answer
}
