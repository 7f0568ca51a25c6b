// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Many at once: those who hand in and those who read, until the time is over.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use underpin_model::EvidenceId;
use underpin_office::Result;
use underpin_office::measure::evidence_id;

use super::load_client::{Reply, ask, form};
use super::load_house::{AGENCY, Keys, Pages, Served};

/// Whoever is sent away comes again after that time at the latest.
const AGAIN: Duration = Duration::from_secs(1);
/// Whoever finds nobody at home knocks again after that time.
const KNOCK: Duration = Duration::from_millis(20);

/// What is to be done.
pub struct Task<'t> {
    pub documents: &'t [PathBuf],
    pub pages: &'t [Pages],
    pub keys: &'t Keys,
    pub uploaders: usize,
    pub readers: usize,
    /// Between two pages of a reader.
    pub pause: Duration,
    pub lasts: Duration,
    /// The data directory, for starting anew.
    pub data: &'t Path,
    /// Whether the house is killed in the middle.
    pub is_killed: bool,
}

/// What was done.
#[derive(Default)]
pub struct Sum {
    /// How long each page took.
    pub pages: Vec<(&'static str, Duration)>,
    /// How long each upload took that was acknowledged.
    pub uploads: Vec<Duration>,
    /// Documents that were acknowledged, with the hash of what was sent.
    pub acknowledged: Vec<(String, EvidenceId)>,
    /// Their bytes.
    pub bytes: u64,
    /// Requests that were asked to come again.
    pub sent_away: u64,
    /// Requests that were cut off by the kill.
    pub cut_off: u64,
    /// What went wrong.
    pub failed: Vec<String>,
}

/// How a request ended.
enum Ended {
    Answered(Reply, Duration),
    /// To be sent again.
    Again,
    Failed,
}

struct Shared<'t> {
    task: &'t Task<'t>,
    address: SocketAddr,
    until: Instant,
    /// Odd while the house is down.
    outages: AtomicUsize,
    next: AtomicUsize,
    sum: Mutex<Sum>,
}

/// Does it.
///
/// # Errors
/// When the house does not come up again after the kill.
pub fn run(task: &Task<'_>, served: &mut Served) -> Result<Sum> {
    let shared = Shared {
        task,
        address: served.address,
        until: Instant::now() + task.lasts,
        outages: AtomicUsize::new(0),
        next: AtomicUsize::new(0),
        sum: Mutex::default(),
    };
    std::thread::scope(|scope| -> Result<()> {
        for _ in 0..task.uploaders {
            scope.spawn(|| {
                while shared.goes_on() {
                    shared.hand_in()
                }
            });
        }
        for number in 0..task.readers {
            let shared = &shared;
            scope.spawn(move || shared.read_on(number));
        }
        if !task.is_killed {
            return Ok(());
        }
        std::thread::sleep(task.lasts / 2);
        shared.outages.fetch_add(1, Ordering::SeqCst);
        served.kill();
        *served = Served::start(task.data, shared.address)?;
        shared.outages.fetch_add(1, Ordering::SeqCst);
        Ok(())
    })?;
    Ok(shared.sum.into_inner().unwrap_or_else(PoisonError::into_inner))
}

impl Shared<'_> {
    fn goes_on(&self) -> bool {
        Instant::now() < self.until
    }

    fn sum(&self) -> MutexGuard<'_, Sum> {
        self.sum.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks, and tells what was cut off from what went wrong.
    fn ask(&self, what: (&str, &str), headers: &[(&str, &str)], body: &[u8]) -> Ended {
        let outages = self.outages.load(Ordering::SeqCst);
        let started = Instant::now();
        let answer = ask(self.address, what, headers, body);
        let time = started.elapsed();
        let is_cut_off = outages % 2 == 1 || self.outages.load(Ordering::SeqCst) != outages;
        match answer {
            Ok(reply) if reply.status < 400 => Ended::Answered(reply, time),
            Ok(reply) if reply.status == 503 && reply.header("retry-after").is_some() => {
                self.sum().sent_away += 1;
                std::thread::sleep(AGAIN);
                Ended::Again
            }
            _ if is_cut_off => {
                self.sum().cut_off += 1;
                std::thread::sleep(KNOCK);
                Ended::Again
            }
            Ok(reply) => {
                let body = std::str::from_utf8(&reply.body).unwrap_or("").chars().take(300).collect::<String>();
                self.sum().failed.push(format!("{} {}: {} {body}", what.0, what.1, reply.status));
                Ended::Failed
            }
            Err(error) => {
                self.sum().failed.push(format!("{} {}: {error}", what.0, what.1));
                Ended::Failed
            }
        }
    }

    /// Hands in the next document. Each round of the documents is another one by the blanks at its end.
    fn hand_in(&self) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (round, index) = (number / self.task.documents.len() + 1, number % self.task.documents.len());
        let path = &self.task.documents[index];
        let mut bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => return self.sum().failed.push(format!("{}: {error}", path.display())),
        };
        bytes.extend(std::iter::repeat_n(b'\n', round));
        let evidence = evidence_id(&bytes);
        let project = format!("upload {index}");
        let version = round.to_string();
        let fields = [
            ("projectName", project.as_str()),
            ("projectVersion", version.as_str()),
            ("autoCreate", "true"),
            ("parentName", AGENCY),
        ];
        let (kind, body) = form(&fields, ("bom.json", &bytes));
        let headers = [("x-api-key", self.task.keys.token.as_str()), ("content-type", kind.as_str())];
        // Who was sent away or cut off sends the same again, as build servers do.
        let mut ended = self.ask(("POST", "/api/v1/bom"), &headers, &body);
        while matches!(ended, Ended::Again) && self.goes_on() {
            ended = self.ask(("POST", "/api/v1/bom"), &headers, &body);
        }
        let Ended::Answered(reply, time) = ended else { return };
        let answer: serde_json::Value = serde_json::from_slice(&reply.body).unwrap_or_default();
        let mut sum = self.sum();
        match answer["documents"][0]["document"].as_str() {
            Some(document) => {
                sum.acknowledged.push((document.to_owned(), evidence));
                sum.uploads.push(time);
                sum.bytes += bytes.len() as u64;
            }
            None => sum.failed.push(format!("{}: {answer}", path.display())),
        }
    }

    /// Reads page after page.
    fn read_on(&self, number: usize) {
        let headers = [("cookie", self.task.keys.cookie.as_str()), ("accept-encoding", "gzip")];
        // Nobody begins at the same moment as others.
        std::thread::sleep(self.task.pause.mul_f64(number as f64 / self.task.readers as f64));
        for step in number.. {
            if !self.goes_on() {
                return;
            }
            let (page, addresses) = &self.task.pages[step % self.task.pages.len()];
            let address = &addresses[(step / self.task.pages.len() + number) % addresses.len()];
            if let Ended::Answered(reply, time) = self.ask(("GET", address), &headers, &[]) {
                match reply.status {
                    200 => self.sum().pages.push((page, time)),
                    status => self.sum().failed.push(format!("{address}: {status}")),
                }
            }
            std::thread::sleep(self.task.pause);
        }
    }
}
