// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use underpin_office::jobs::{JobKind, Stop, SyncTools, Tools, Worked};
use underpin_office::{House, OfficeError, Result};

use super::serve::{keep_reads, told_to_end};
use crate::context::{self, Context};

/// Between two looks at the list when there is nothing to do.
const LOOK_PAUSE: Duration = Duration::from_secs(2);
/// Between two tries while the ledger does not answer.
const AWAY_PAUSE: Duration = Duration::from_secs(5);

/// Do what waits to be done: pieces of large intakes, messages, small files, what nobody needs any more
///
/// Start as many as you like, on as many machines as you like, on one ledger and one store. Each takes what is due and says that it is
/// still at it; when one ends without a word, another takes its work after limits.job_lease_seconds. On SIGTERM and Ctrl+C it finishes
/// what it does, or gives it back. `underpin jobs` lists what there is to do.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin worker\n  underpin worker --only intake --once\n  underpin worker --sync-every 24"
)]
pub struct Worker {
    /// Only this kind of work; may be given several times [default: all]
    #[arg(long = "only", value_name = "KIND", value_parser = ["intake", "messages", "compact", "renew", "collect", "sync"])]
    only: Vec<String>,
    /// Also fetch what sources say, every so many hours (what `underpin watch sync` does)
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(1..=8_760))]
    sync_every: Option<u32>,
    /// End when nothing is due any more
    #[arg(long)]
    once: bool,
    /// How long what was begun may still take when the program is told to end, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    grace: u64,
    /// Address by which people reach the house, for the links in messages
    #[arg(long, value_name = "URL", env = "UNDERPIN_PUBLIC_URL", hide_env_values = true)]
    public_url: Option<String>,
}

impl Worker {
    pub async fn run(self, context: &Context) -> Result<bool> {
        context.operator("work for the house")?;
        let house = context.existing().await?;
        let kinds = self.kinds()?;
        let mut tools = tools(context, "worker", kinds, self.public_url.as_deref())?;
        tools.sync = self.sync_every.map(|hours| SyncTools {
            network: context.configuration.watch.clone(),
            edge: Arc::new(context.outside()),
            environment: |name| std::env::var(name).ok(),
            every_seconds: i64::from(hours) * 3_600,
        });
        println!("{} is at work (end it with Ctrl+C)", tools.holder);
        let (tell, told) = watch::channel(false);
        tokio::spawn(async move {
            told_to_end().await;
            // Nobody listens any more when the work has ended.
            let _ = tell.send(true);
        });
        let keeping = tokio::spawn(keep_reads(house.clone()));
        let stop = Stop::new(told, Duration::from_secs(self.grace));
        let given_up = work(&house, &Arc::new(tools), stop, self.once).await;
        keeping.abort();
        house.close().await;
        Ok(given_up? > 0)
    }

    /// What it takes: what it fetches only where that was asked for.
    fn kinds(&self) -> Result<Vec<JobKind>> {
        let wanted = |kind: &JobKind| self.only.is_empty() || self.only.iter().any(|word| word == kind.as_str());
        let can = |kind: &JobKind| *kind != JobKind::Sync || self.sync_every.is_some();
        let kinds: Vec<JobKind> = JobKind::ALL.into_iter().filter(wanted).filter(can).collect();
        match kinds.is_empty() {
            true => {
                Err(OfficeError::new("usage", "--only sync needs to know how often").hint("say --sync-every HOURS"))
            }
            false => Ok(kinds),
        }
    }
}

/// What a process of this program works with.
///
/// # Errors
/// When the mail server of the configuration cannot be used.
pub fn tools(context: &Context, word: &str, kinds: Vec<JobKind>, public_url: Option<&str>) -> Result<Tools> {
    Ok(Tools {
        holder: context::holder(word),
        kinds,
        clock: Arc::new(context::clock),
        tag: Arc::new(context::fresh_tag),
        outgoing: Some(super::messages::outgoing(context, public_url)?),
        sync: None,
    })
}

/// Works until it is told to end; how many jobs were given up.
async fn work(house: &House, tools: &Arc<Tools>, mut stop: Stop, once: bool) -> Result<u64> {
    let (mut given_up, mut is_known) = (0, false);
    while !stop.is_told() {
        let started = Instant::now();
        let worked = match is_known {
            true => house.work_once(tools, stop.clone()).await,
            false => house.keep_up(tools).await.map(|()| None),
        };
        let pause = match worked {
            Ok(None) if !is_known => {
                is_known = true;
                continue;
            }
            Ok(Some(worked)) => {
                tell(&worked, started.elapsed());
                given_up += u64::from(worked.outcome == "given-up");
                continue;
            }
            Ok(None) if once => return Ok(given_up),
            Ok(None) => LOOK_PAUSE,
            Err(error) if once || !is_away(&error) => return Err(error),
            Err(error) => {
                let _ = writeln!(std::io::stderr().lock(), "error[{}]: {error}", error.code);
                AWAY_PAUSE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.told() => {}
        }
    }
    Ok(given_up)
}

/// Whether the ledger may answer again by itself.
pub fn is_away(error: &OfficeError) -> bool {
    matches!(error.code, "ledger-away" | "ledger-busy" | "ledger-conflict")
}

fn tell(worked: &Worked, took: Duration) {
    let Worked { job, kind, subject, outcome, fault } = worked;
    let about = if subject.is_empty() { String::new() } else { format!(" {subject}") };
    let why = if fault.is_empty() { String::new() } else { format!(": {fault}") };
    // Where nobody reads it, the list of jobs tells the same.
    let _ =
        writeln!(std::io::stdout().lock(), "job {job} {kind}{about}: {outcome} after {:.2} s{why}", took.as_secs_f64());
}
