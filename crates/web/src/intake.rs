// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The way in for documents: one queue for everything that pages and programs hand in.
//!
//! A transaction that is durable costs some hundredths of a second, whatever is in it. So uploads that come at the same time go in
//! together: the first one waits a moment for others, then all of the same caller become one batch. Each is answered only when
//! its batch is durable, and for itself. A batch that fails is tried again one by one, so that one bad upload harms nobody else.
//! What waits is bounded, in bytes and in number: beyond that a caller is asked to come again, before anything of it is kept.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use underpin_model::people::PersonId;
use underpin_model::{Timestamp, Viewer};
use underpin_office::intake::{AddOptions, Progress, Upload, Uploaded};
use underpin_office::{Announced, Announcer, House, OfficeError, Result};

use crate::house::{Chance, Clock};
use crate::quiet::Quiet;
use crate::rush::Rush;

/// Room is given out in pieces of that many bytes.
const PIECE_BYTES: u64 = 1_024;
/// How long uploads wait for a ledger that does not answer, and how often it is asked.
const AWAY_PATIENCE: Duration = Duration::from_secs(30);
const AWAY_PAUSE: Duration = Duration::from_millis(500);
/// Batches after which small segments are put together.
const TIDY_AFTER: usize = 8;

/// Who hands in: the name for the audit chain, and in whose sight.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Who {
    /// Login, or login and name of a token.
    pub actor: String,
    /// Whose account it is.
    pub person: PersonId,
    /// The viewer.
    pub viewer: Viewer,
}

/// Room for the bytes of one upload, given back when this is dropped.
#[derive(Debug)]
pub struct Room {
    permit: OwnedSemaphorePermit,
    semaphore: Arc<Semaphore>,
    bytes: u64,
}

impl Room {
    /// Makes it large enough for that many bytes in all. False when there is no room for them now.
    pub fn grow_to(&mut self, bytes: u64) -> bool {
        let more = pieces(bytes).saturating_sub(pieces(self.bytes));
        match Arc::clone(&self.semaphore).try_acquire_many_owned(more) {
            Ok(permit) => self.permit.merge(permit),
            Err(_) => return false,
        }
        self.bytes = self.bytes.max(bytes);
        true
    }
}

fn pieces(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(PIECE_BYTES)).unwrap_or(u32::MAX)
}

struct Waiting {
    who: Who,
    upload: Upload,
    answer: oneshot::Sender<Result<Uploaded>>,
    _room: Room,
}

struct Shared {
    house: House,
    clock: Clock,
    chance: Chance,
    rush: Arc<Rush>,
    quiet: Quiet,
}

/// The queue. It begins to work with the first upload.
pub struct Intake {
    shared: Arc<Shared>,
    room: Arc<Semaphore>,
    places: Arc<Semaphore>,
    sender: OnceLock<UnboundedSender<(Waiting, OwnedSemaphorePermit)>>,
}

impl Intake {
    /// A queue in front of a house.
    pub fn new(house: House, (clock, chance): (Clock, Chance), rush: Arc<Rush>, quiet: Quiet) -> Self {
        let limits = house.limits();
        let room = pieces(limits.uploads_bytes) as usize;
        let places = limits.uploads_waiting;
        Self {
            room: Arc::new(Semaphore::new(room.min(Semaphore::MAX_PERMITS))),
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            shared: Arc::new(Shared { house, clock, chance, rush, quiet }),
            sender: OnceLock::new(),
        }
    }

    /// Uploads that wait or are being taken in now.
    pub fn waiting(&self) -> u64 {
        let places = self.shared.house.limits().uploads_waiting.min(Semaphore::MAX_PERMITS);
        places.saturating_sub(self.places.available_permits()) as u64
    }

    /// Room for an upload of that many bytes.
    ///
    /// # Errors
    /// `busy` when there is none now; `too-large` when there never is.
    pub fn room(&self, bytes: u64) -> Result<Room> {
        let limits = self.shared.house.limits();
        if bytes > limits.upload_bytes.min(limits.uploads_bytes) {
            return Err(too_large(limits.upload_bytes));
        }
        let permit = Arc::clone(&self.room).try_acquire_many_owned(pieces(bytes)).map_err(|_| busy())?;
        Ok(Room { permit, semaphore: Arc::clone(&self.room), bytes })
    }

    /// Hands uploads in. The answers come when they are durable, in their order.
    ///
    /// # Errors
    /// `busy` when too many wait: nothing was taken then.
    pub async fn hand_in(&self, who: &Who, uploads: Vec<(Upload, Room)>) -> Result<Vec<Result<Uploaded>>> {
        let sender = self.sender.get_or_init(|| {
            let (sender, receiver) = unbounded_channel();
            tokio::spawn(work(Arc::clone(&self.shared), receiver));
            sender
        });
        let mut answers = Vec::with_capacity(uploads.len());
        for (upload, room) in uploads {
            let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
            let (answer, answered) = oneshot::channel();
            let waiting = Waiting { who: who.clone(), upload, answer, _room: room };
            sender.send((waiting, place)).map_err(|_| busy())?;
            answers.push(answered);
        }
        let mut outcomes = Vec::with_capacity(answers.len());
        for answer in answers {
            outcomes.push(answer.await.unwrap_or_else(|_| Err(busy())));
        }
        Ok(outcomes)
    }
}

/// The house has too much to do now.
pub fn busy() -> OfficeError {
    OfficeError::new("busy", "too many documents come in at the moment").hint("come again in a few seconds")
}

/// An upload beyond the limit.
pub fn too_large(limit: u64) -> OfficeError {
    OfficeError::new("too-large", format!("an upload has at most {limit} bytes, the limit upload_bytes"))
}

/// Whether an error may be gone in a moment, whatever was handed in.
fn passes(error: &OfficeError) -> bool {
    matches!(error.code, "dictionary-moved" | "ledger-away" | "ledger-conflict" | "ledger-busy" | "numbers-taken")
}

/// Whether an error would come whatever was handed in, and each try takes its time.
fn is_of_the_house(error: &OfficeError) -> bool {
    matches!(error.code, "store-failed" | "store-refused" | "disk-full" | "ledger-full")
}

type Line = VecDeque<(Waiting, OwnedSemaphorePermit)>;

/// Takes what waits, batch by batch, until nobody can hand in any more.
async fn work(shared: Arc<Shared>, mut receiver: UnboundedReceiver<(Waiting, OwnedSemaphorePermit)>) {
    let mut line = Line::new();
    let mut batches = 0;
    loop {
        if line.is_empty() {
            match receiver.recv().await {
                Some(waiting) => line.push_back(waiting),
                None => return,
            }
        }
        let limits = shared.house.limits();
        let until = Instant::now() + Duration::from_millis(limits.upload_wait_ms);
        while line.len() < limits.upload_batch {
            match timeout_at(until, receiver.recv()).await {
                Ok(Some(waiting)) => line.push_back(waiting),
                Ok(None) | Err(_) => break,
            }
        }
        let batch = next_batch(&mut line, limits.upload_batch, limits.batch_bytes);
        shared.take(batch).await;
        batches += 1;
        if batches % TIDY_AFTER == 0 {
            shared.tidy().await;
        }
    }
}

/// Those of the line that go with its first one: of the same caller. No two of them keep one name.
fn next_batch(line: &mut Line, most: usize, most_bytes: u64) -> Vec<Waiting> {
    let Some(who) = line.front().map(|(first, _)| first.who.clone()) else { return Vec::new() };
    let (mut batch, mut rest, mut names, mut bytes) = (Vec::new(), Line::new(), HashSet::new(), 0);
    for (mut waiting, place) in line.drain(..) {
        let fits = batch.is_empty() || (batch.len() < most && bytes < most_bytes);
        if fits && waiting.who == who {
            bytes += waiting.upload.bytes.len() as u64;
            waiting.upload.name = free_name(&waiting.upload.name, &names);
            names.insert(waiting.upload.name.clone());
            batch.push(waiting);
        } else {
            rest.push_back((waiting, place));
        }
    }
    *line = rest;
    batch
}

/// The name, or the first one that is free with a number before the file: where it lies stays, because rules may go by that.
fn free_name(name: &str, taken: &HashSet<String>) -> String {
    let (folder, file) = name.rfind('/').map_or(("", name), |slash| name.split_at(slash + 1));
    let numbered = (2..).map(|number| format!("{folder}{number}-{file}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}

/// Notes what comes next, and whose it is, before anybody can see it.
struct Noted {
    rush: Arc<Rush>,
    who: Who,
}

impl Progress for Noted {
    fn advance(&self, _: u64, _: u64) {}

    fn announcer(&self) -> Option<Announcer> {
        let (rush, who) = (Arc::clone(&self.rush), self.who.clone());
        Some(Announcer(Arc::new(move |announced| match announced {
            // Else something may go out of somebody's sight: then everybody gets a new desk.
            Announced::Coming { revision, only_adds: true } => {
                rush.note(revision, Some((who.person, &who.viewer)));
            }
            Announced::Coming { .. } => {}
            Announced::Withdrawn { revision } => rush.forget(revision),
        })))
    }
}

impl Shared {
    /// Takes a batch; where that fails, each of it by itself.
    async fn take(&self, batch: Vec<Waiting>) {
        let Some(who) = batch.first().map(|first| first.who.clone()) else { return };
        let uploads = batch.iter().map(|waiting| waiting.upload.clone()).collect();
        match self.add_patiently(&who, uploads).await {
            Ok(outcomes) => {
                for (waiting, outcome) in batch.into_iter().zip(outcomes) {
                    // Whoever went away is not told; the document is there all the same.
                    let _ = waiting.answer.send(outcome);
                }
            }
            Err(error) if batch.len() == 1 || passes(&error) || is_of_the_house(&error) => {
                for waiting in batch {
                    let _ = waiting.answer.send(Err(OfficeError::new(error.code, &*error.message).hint(&*error.hint)));
                }
            }
            Err(_) => {
                for waiting in batch {
                    let alone = self.add(&who, vec![waiting.upload]).await;
                    let outcome = alone.and_then(|mut outcomes| outcomes.pop().unwrap_or_else(|| Err(busy())));
                    let _ = waiting.answer.send(outcome);
                }
            }
        }
    }

    /// Takes uploads in; while the ledger does not answer they wait here for a while. Where the answer to a commit was lost, the second
    /// try finds them known.
    async fn add_patiently(&self, who: &Who, uploads: Vec<Upload>) -> Result<Vec<Result<Uploaded>>> {
        let until = Instant::now() + AWAY_PATIENCE;
        loop {
            match self.add(who, uploads.clone()).await {
                Err(error) if passes(&error) && Instant::now() < until => tokio::time::sleep(AWAY_PAUSE).await,
                outcome => return outcome,
            }
        }
    }

    async fn add(&self, who: &Who, uploads: Vec<Upload>) -> Result<Vec<Result<Uploaded>>> {
        let options = AddOptions {
            viewer: who.viewer.clone(),
            actor: who.actor.clone(),
            tag: self.tag(),
            ..AddOptions::default()
        };
        let (house, at) = (self.house.clone(), self.now().await?);
        let noted = Noted { rush: Arc::clone(&self.rush), who: who.clone() };
        self.quiet.run(async move { house.add_together(&options, uploads, at, &noted).await }).await
    }

    /// Puts small segments together. What goes wrong is tried again with the next batches; everything is stored.
    async fn tidy(&self) {
        let (house, tag, rush) = (self.house.clone(), self.tag(), Arc::clone(&self.rush));
        let Ok(at) = self.now().await else { return };
        let announcer = Announcer(Arc::new(move |announced| match announced {
            Announced::Coming { revision, .. } => rush.note(revision, None),
            Announced::Withdrawn { revision } => rush.forget(revision),
        }));
        let holder = format!("server {}", std::process::id());
        let _ = self.quiet.run(async move { house.tidy_in_turn((&holder, &tag), at, Some(announcer)).await }).await;
    }

    async fn now(&self) -> Result<Timestamp> {
        Ok(self.house.fixed_clock().await?.unwrap_or_else(|| (self.clock)()))
    }

    /// Makes file names unique across processes.
    fn tag(&self) -> String {
        let random = (self.chance)();
        random[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_file_of_one_name_stays_in_its_folder() {
        let mut taken = HashSet::new();
        for (name, expected) in [
            ("uploads/forms/1.0/bom.json", "uploads/forms/1.0/bom.json"),
            ("uploads/forms/1.0/bom.json", "uploads/forms/1.0/2-bom.json"),
            ("uploads/forms/1.0/bom.json", "uploads/forms/1.0/3-bom.json"),
            ("bom.json", "bom.json"),
            ("bom.json", "2-bom.json"),
        ] {
            let free = free_name(name, &taken);
            assert_eq!(free, expected);
            taken.insert(free);
        }
    }
}
