// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A large intake spread over all processes that work: the evidence first, durably, then a job for each piece.
//!
//! The files of a batch are parted by the beginning of their hash, so the same bytes lie in the same piece and no two processes read
//! them. As many pieces wait as the limit `jobs_waiting` allows; then whoever hands in waits, too.

use std::collections::HashSet;
use std::time::Duration;

use rayon::prelude::*;
use serde::Serialize;
use underpin_lake::{Packed, compressor, evidence_id, pack};
use underpin_ledger::{Jobs, NewJob};
use underpin_model::limits::bounds::{SPREAD_FILES, SPREAD_RANGES, SPREAD_STILL_SECONDS};
use underpin_model::{EvidenceId, Timestamp, Viewer};

use super::JobKind;
use super::waiting::{Piece, WaitingFile};
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::intake::{AddOptions, Content, Intake, Job, LeftOut, Progress, Target, Walk, carried};

/// How long is waited before it is looked again whether there is room.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What was put down to be taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// Files that wait.
    pub files: u64,
    /// Their bytes, unpacked.
    pub bytes: u64,
    /// Jobs that were made for them.
    pub pieces: u64,
    /// What was left out at once, and why.
    pub skipped_files: Vec<LeftOut>,
}

/// A file in memory with its hash.
struct Held {
    evidence: EvidenceId,
    job: Job,
    bytes: Vec<u8>,
}

impl House {
    /// Makes evidence durable and puts a job down for each piece of it. What it told is safe; the documents are there once the jobs
    /// are done.
    ///
    /// # Errors
    /// What keeps it from being taken in at all: a path, a target, rights. `busy` when so much waits that there is no room, and nobody
    /// takes anything. Pieces put down before stay.
    pub async fn spread(&self, options: &AddOptions, at: Timestamp, progress: &dyn Progress) -> Result<Spread> {
        let jobs = self.ledger.jobs(&Viewer::Operator)?;
        if !matches!(options.target, Target::Rules | Target::System(..)) {
            let message = "spread over processes, documents are bound by the rules or to one system";
            return Err(OfficeError::new("usage", message).hint("name the system, or leave out --spread"));
        }
        // Whatever would be refused later is refused now.
        drop(Intake::begin(self, options, at).await?);
        let mut walk = Walk::new(&options.paths, self.limits())?;
        let (mut spread, mut batches) = (Spread::default(), 0_u64);
        while let Some(batch) = walk.next_batch()? {
            batches += 1;
            self.wait_for_room(&jobs).await?;
            let loaded: Vec<std::result::Result<Held, LeftOut>> = batch.into_par_iter().map(held).collect();
            let mut files = Vec::with_capacity(loaded.len());
            for file in loaded {
                match file {
                    Ok(file) => files.push(file),
                    Err(left_out) => spread.skipped_files.push(left_out),
                }
            }
            let bytes = files.iter().map(|file| file.bytes.len() as u64).sum::<u64>();
            let new = self.pieces(&files, options, &format!("{}-{batches}", options.tag))?;
            jobs.offer(&new).await?;
            spread.files += files.len() as u64;
            spread.bytes += bytes;
            spread.pieces += new.len() as u64;
            progress.advance(files.len() as u64, bytes);
        }
        spread.skipped_files.extend(walk.left_out());
        Ok(spread)
    }

    /// Waits until there is room for more pieces.
    async fn wait_for_room(&self, jobs: &Jobs) -> Result<()> {
        let most = self.limits().jobs_waiting as u64;
        let (mut before, mut still) = (u64::MAX, Duration::ZERO);
        loop {
            let open = jobs.open(JobKind::Intake.as_str()).await?;
            if open < most {
                return Ok(());
            }
            still = if open < before { Duration::ZERO } else { still + LOOK_AGAIN };
            before = open;
            if still.as_secs() >= SPREAD_STILL_SECONDS {
                let message = format!("{open} pieces wait, and nobody takes any");
                return Err(
                    OfficeError::new("busy", message).hint("start `underpin worker`, and run the same command again")
                );
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Writes the packs of a batch, durably, and gives a job for each.
    fn pieces(&self, files: &[Held], options: &AddOptions, tag: &str) -> Result<Vec<NewJob>> {
        let count = ranges(files.len());
        let parts: Vec<Vec<&Held>> = (0..count)
            .map(|range| files.iter().filter(|file| range_of(&file.evidence, count) == range).collect::<Vec<_>>())
            .collect();
        let new: Vec<Option<NewJob>> = parts
            .into_par_iter()
            .enumerate()
            .map(|(range, files)| match files.is_empty() {
                true => Ok(None),
                false => self.put_down(&files, options, &format!("{tag}-{range}-of-{count}")).map(Some),
            })
            .collect::<Result<_>>()?;
        self.lake.evidence.sync()?;
        Ok(new.into_iter().flatten().collect())
    }

    fn put_down(&self, files: &[&Held], options: &AddOptions, subject: &str) -> Result<NewJob> {
        let mut compressor = compressor()?;
        let (mut packed, mut known): (Vec<Packed>, HashSet<EvidenceId>) = (Vec::new(), HashSet::new());
        let mut waiting = Vec::with_capacity(files.len());
        for file in files {
            if known.insert(file.evidence) {
                packed.push(pack(&mut compressor, file.evidence, &file.bytes)?);
            }
            let mut companions = Vec::with_capacity(file.job.companions.len());
            for (role, bytes) in &file.job.companions {
                let evidence = evidence_id(bytes);
                if known.insert(evidence) {
                    packed.push(pack(&mut compressor, evidence, bytes)?);
                }
                companions.push((role.clone(), evidence.to_string()));
            }
            let container = file.job.container.map(|container| container.to_string());
            let (path, evidence) = (file.job.path.clone(), file.evidence.to_string());
            waiting.push(WaitingFile { path, evidence, container, companions });
        }
        let name = format!("waiting-{subject}.pack");
        // In a bucket its name says what it holds, too.
        let written = self.lake.evidence.write(&name, &packed)?;
        let (system, deployment) = match &options.target {
            Target::System(system, deployment) => (Some(system.0.clone()), deployment.as_ref().map(|id| id.0.clone())),
            _ => (None, None),
        };
        let piece = Piece {
            pack: written.name,
            files: waiting,
            system,
            deployment,
            uploader: options.uploader.as_ref().map(|agency| agency.0.clone()),
            viewer: options.viewer.clone(),
            actor: options.actor.clone(),
        };
        let body = serde_json::to_string(&piece)
            .map_err(|error| OfficeError::new("store-damaged", format!("a piece cannot be written down: {error}")))?;
        Ok(NewJob { kind: JobKind::Intake.as_str().to_owned(), subject: subject.to_owned(), body })
    }
}

/// Reads a file with what is read together with it.
fn held(job: Job) -> std::result::Result<Held, LeftOut> {
    let mut job = carried(job)?;
    let bytes = match std::mem::replace(&mut job.content, Content::Bytes(Vec::new())) {
        Content::Bytes(bytes) => bytes,
        Content::File(_) => Vec::new(),
    };
    Ok(Held { evidence: evidence_id(&bytes), job, bytes })
}

/// Into how many ranges of hashes so many files are parted: few files make few pieces.
fn ranges(files: usize) -> usize {
    files.div_ceil(SPREAD_FILES).clamp(1, SPREAD_RANGES)
}

fn range_of(evidence: &EvidenceId, count: usize) -> usize {
    usize::from(evidence.0[0]) * count / 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hash_lies_in_one_range() {
        for count in 1..=SPREAD_RANGES {
            let found: Vec<usize> = (0..=255).map(|first| range_of(&EvidenceId([first; 32]), count)).collect();
            assert!(found.is_sorted() && found.first() == Some(&0) && found.last() == Some(&(count - 1)), "{found:?}");
        }
        assert_eq!([0, 1, SPREAD_FILES, SPREAD_FILES + 1, 1_000_000].map(ranges), [1, 1, 1, 2, SPREAD_RANGES]);
    }
}
