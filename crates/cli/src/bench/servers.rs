// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use underpin_model::{DocumentState, Viewer};
use underpin_office::{House, Location, OfficeError, Result, Settings, StoreLocation};

use super::add::Fresh;
use super::figures::Figure;
use super::load_house::{AGENCY, Served, command, faults, words};
use super::servers_run::{Sum, Task, run};
use crate::context::{self, Context};

/// Failed requests that are told of by their words.
const TOLD: usize = 3;

/// Several servers on one ledger and one store, each with many who hand in at once; `--kill-every` kills one after the other
///
/// Give a PostgreSQL database that holds nothing yet with --ledger; the store is made fresh. In the end it is counted: documents must be
/// acknowledgements exactly, and no transaction may have been ended because two waited for each other.
#[derive(Debug, clap::Args)]
pub struct Servers {
    /// How many servers
    #[arg(long, default_value_t = 4, value_name = "N")]
    servers: usize,
    /// How many hand in at the same time at each of them
    #[arg(long, default_value_t = 100, value_name = "N")]
    uploaders: usize,
    /// How long it goes on
    #[arg(long, default_value_t = 600, value_name = "SECONDS")]
    seconds: u64,
    /// Kill one server after the other, as a power cut does, and start it anew; nothing is killed when this is 0
    #[arg(long, default_value_t = 0, value_name = "SECONDS")]
    kill_every: u64,
    /// Where the fresh directories are made [default: the system's temporary directory]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

/// What is there in the end.
struct Counted {
    documents: HashSet<String>,
    deadlocks: u64,
    faults: Vec<String>,
}

impl Servers {
    pub async fn run(&self, context: &Context) -> Result<Vec<Figure>> {
        let Location::Postgres(url) = context.configuration.settings.ledger_location() else {
            return Err(OfficeError::new("usage", "several servers share a ledger on PostgreSQL")
                .hint("make an empty database and name it: --ledger postgres://HOST/DATABASE"));
        };
        let base = self.scratch.clone().unwrap_or_else(std::env::temp_dir);
        let fresh = Fresh::new(base.join(format!("underpin-bench-servers-{}", context.tag())))?;
        let store = fresh.0.join("store");
        let places = [OsStr::new("--ledger"), OsStr::new(&url), OsStr::new("--store"), store.as_os_str()];
        let settings = |number: usize| Settings {
            ledger: Some(Location::Postgres(url.clone())),
            store: Some(StoreLocation::Folder(store.clone())),
            ..Settings::embedded(data(&fresh.0, number))
        };
        let before = begin(settings(0)).await?;
        let token = token(&data(&fresh.0, 0), &places)?;
        let start = |number: usize| {
            let listen = std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 0));
            Served::start_on(&data(&fresh.0, number), listen, &places)
        };
        let servers = (1..=self.servers).map(start).collect::<Result<Vec<_>>>()?;
        let task = Task {
            token: &token,
            uploaders: self.uploaders,
            lasts: Duration::from_secs(self.seconds),
            kill_every: (self.kill_every > 0).then(|| Duration::from_secs(self.kill_every)),
            start: &|place| start(place + 1),
        };
        let sum = run(&task, servers)?;
        let mut counted = count(settings(0)).await?;
        counted.deadlocks = counted.deadlocks.saturating_sub(before);
        for number in 1..=self.servers {
            let found = faults(&data(&fresh.0, number));
            counted.faults.extend(found.into_iter().map(|(fault, times)| format!("{times} times {fault}")));
        }
        Ok(self.figures(&sum, &counted))
    }

    fn figures(&self, sum: &Sum, counted: &Counted) -> Vec<Figure> {
        let known: HashSet<String> = sum.acknowledged.iter().cloned().collect();
        let lost = known.difference(&counted.documents).count();
        let twice = sum.acknowledged.len() - known.len();
        // Who was cut off does not know; all others do.
        let more = counted.documents.difference(&known).count().saturating_sub(sum.cut_off as usize);
        let seconds = self.seconds as f64;
        let told: Vec<&str> = sum.failed.iter().chain(&counted.faults).take(TOLD).map(String::as_str).collect();
        vec![
            Figure::of("uploads", &sum.uploads).note(format!(
                "{} acknowledged by {} servers, {:.1} a second; {} asked to come again, {} cut off",
                sum.acknowledged.len(),
                self.servers,
                sum.acknowledged.len() as f64 / seconds,
                sum.sent_away,
                sum.cut_off
            )),
            Figure::of("from a kill to the next acknowledgement of all", &sum.recovered)
                .note(format!("{} kills", sum.recovered.len())),
            Figure::of("acknowledged and lost", &[]).never(lost as u64).note(format!("{lost} of {}", known.len())),
            Figure::of("numbers given twice", &[]).never(twice as u64),
            Figure::of("documents that nobody was told of", &[])
                .never(more as u64)
                .note(format!("{} documents are there", counted.documents.len())),
            Figure::of("deadlocks", &[]).never(counted.deadlocks),
            Figure::of("requests that failed", &[]).never(sum.failed.len() as u64).note(told.join("; ")),
        ]
    }
}

fn data(base: &Path, number: usize) -> PathBuf {
    base.join(format!("data-{number}"))
}

/// Makes the tables where they are missing, and refuses a ledger that somebody uses. Gives the deadlocks that there were before.
async fn begin(settings: Settings) -> Result<u64> {
    let house = House::open(settings).await?;
    let desk = house.desk(Viewer::Operator, context::clock()).await?;
    let is_empty = desk.snapshot.documents.is_empty() && desk.snapshot.agencies.is_empty();
    drop(desk);
    let deadlocks = house.deadlocks().await?;
    house.close().await;
    match is_empty {
        true => Ok(deadlocks),
        false => {
            Err(OfficeError::new("not-empty", "this ledger is in use").hint("give an empty database for measuring"))
        }
    }
}

/// An agency, and the token of a program that hands in for it.
fn token(data: &Path, places: &[&OsStr]) -> Result<String> {
    let on = |arguments: &[&str]| command(data, &[places, words(arguments).as_slice()].concat());
    on(&["registry", "add", "agency", "--name", AGENCY])?;
    on(&["people", "service", "builder", "--name", "Build server", "--role", "owner", "--agency", AGENCY])?;
    let made = on(&["people", "token", "make", "builder", "--name", "servers", "--scope", "work"])?;
    let made: serde_json::Value = serde_json::from_slice(&made).unwrap_or_default();
    made["secret"].as_str().map(str::to_owned).ok_or_else(|| OfficeError::new("bench", "no token was made"))
}

/// What is there in the end.
async fn count(settings: Settings) -> Result<Counted> {
    let house = House::open_existing(settings).await?;
    let desk = house.desk(Viewer::Operator, context::clock()).await?;
    let accepted = desk.snapshot.documents.iter().filter(|record| record.state == DocumentState::Accepted);
    let documents = accepted.map(|record| record.id.to_string()).collect();
    drop(desk);
    let deadlocks = house.deadlocks().await?;
    house.close().await;
    Ok(Counted { documents, deadlocks, faults: Vec::new() })
}
