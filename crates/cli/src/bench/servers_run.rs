// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Many who hand in at several servers, until the time is over; and whoever kills one server after the other.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use underpin_office::Result;

use super::load_client::{ask, form};
use super::load_house::{AGENCY, Served};

/// Whoever is sent away comes again after that time.
const AGAIN: Duration = Duration::from_millis(500);
/// Whoever finds nobody at home knocks again after that time.
const KNOCK: Duration = Duration::from_millis(50);
/// A server that is down for so long when all is over does not come back.
const GIVEN_UP: Duration = Duration::from_secs(60);
/// Systems that the documents are about.
const SYSTEMS: u64 = 50;

/// What is to be done.
pub struct Task<'t> {
    pub token: &'t str,
    /// At each server.
    pub uploaders: usize,
    pub lasts: Duration,
    pub kill_every: Option<Duration>,
    /// Starts the server of that place anew.
    pub start: &'t dyn Fn(usize) -> Result<Served>,
}

/// What was done.
#[derive(Default)]
pub struct Sum {
    /// How long each upload took that was acknowledged.
    pub uploads: Vec<Duration>,
    /// Documents that were acknowledged.
    pub acknowledged: Vec<String>,
    /// Requests that were asked to come again.
    pub sent_away: u64,
    /// Requests that were cut off by a kill.
    pub cut_off: u64,
    /// From each kill to the next acknowledgement of the same server.
    pub recovered: Vec<Duration>,
    /// What went wrong.
    pub failed: Vec<String>,
}

struct Shared {
    until: Instant,
    /// Where each server answers; nowhere while it is down.
    addresses: Vec<Mutex<Option<SocketAddr>>>,
    /// What each has acknowledged.
    counts: Vec<AtomicU64>,
    next: AtomicU64,
    sum: Mutex<Sum>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does it.
///
/// # Errors
/// When a server does not come up again after a kill.
pub fn run(task: &Task<'_>, mut servers: Vec<Served>) -> Result<Sum> {
    let shared = Shared {
        until: Instant::now() + task.lasts,
        addresses: servers.iter().map(|server| Mutex::new(Some(server.address))).collect(),
        counts: servers.iter().map(|_| AtomicU64::new(0)).collect(),
        next: AtomicU64::new(0),
        sum: Mutex::default(),
    };
    let token = task.token;
    std::thread::scope(|scope| -> Result<()> {
        for place in 0..servers.len() {
            for _ in 0..task.uploaders {
                let (shared, addresses) = (&shared, &shared.addresses);
                scope.spawn(move || {
                    while Instant::now() < shared.until {
                        hand_in(shared, &addresses[place], &shared.counts[place], token);
                    }
                });
            }
        }
        let Some(every) = task.kill_every else { return Ok(()) };
        let mut place = 0;
        while Instant::now() + every < shared.until {
            std::thread::sleep(every);
            *locked(&shared.addresses[place]) = None;
            servers[place].kill();
            let (killed, before) = (Instant::now(), shared.counts[place].load(Ordering::SeqCst));
            servers[place] = (task.start)(place)?;
            *locked(&shared.addresses[place]) = Some(servers[place].address);
            while shared.counts[place].load(Ordering::SeqCst) == before && Instant::now() < shared.until {
                std::thread::sleep(KNOCK);
            }
            locked(&shared.sum).recovered.push(killed.elapsed());
            place = (place + 1) % servers.len();
        }
        Ok(())
    })?;
    Ok(shared.sum.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Hands the next document in, again and again until it is acknowledged, as build servers do.
fn hand_in(shared: &Shared, place: &Mutex<Option<SocketAddr>>, count: &AtomicU64, token: &str) {
    let number = shared.next.fetch_add(1, Ordering::Relaxed);
    let project = format!("service {}", number % SYSTEMS);
    let fields = [("projectName", project.as_str()), ("autoCreate", "true"), ("parentName", AGENCY)];
    let (kind, body) = form(&fields, ("bom.json", document(number).as_bytes()));
    let headers = [("x-api-key", token), ("content-type", kind.as_str())];
    // What was begun is ended, so that every document that is there was acknowledged to somebody.
    loop {
        let Some(address) = *locked(place) else {
            if Instant::now() > shared.until + GIVEN_UP {
                return locked(&shared.sum).failed.push("a killed server did not come back".to_owned());
            }
            std::thread::sleep(KNOCK);
            continue;
        };
        let started = Instant::now();
        match ask(address, ("POST", "/api/v1/bom"), &headers, &body) {
            Ok(reply) if reply.status == 503 && reply.header("retry-after").is_some() => {
                locked(&shared.sum).sent_away += 1;
                std::thread::sleep(AGAIN);
            }
            Ok(reply) if reply.status == 200 => {
                let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
                let Some(document) = answer["documents"][0]["document"].as_str() else {
                    return locked(&shared.sum).failed.push(format!("no document in {answer}"));
                };
                count.fetch_add(1, Ordering::SeqCst);
                let mut sum = locked(&shared.sum);
                sum.acknowledged.push(document.to_owned());
                return sum.uploads.push(started.elapsed());
            }
            Ok(reply) => {
                let body: String = std::str::from_utf8(&reply.body).unwrap_or("").chars().take(300).collect();
                return locked(&shared.sum).failed.push(format!("{}: {body}", reply.status));
            }
            Err(_) if *locked(place) != Some(address) => locked(&shared.sum).cut_off += 1,
            Err(error) => return locked(&shared.sum).failed.push(error.to_string()),
        }
    }
}

/// Another document for each number.
fn document(number: u64) -> String {
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[
        {{"type":"library","name":"left-pad","version":"1.0.{number}","purl":"pkg:npm/left-pad@1.0.{number}"}},
        {{"type":"library","name":"right-pad","version":"2.{}.0","purl":"pkg:npm/right-pad@2.{}.0"}}]}}"#,
        number % 7,
        number % 7
    )
}
