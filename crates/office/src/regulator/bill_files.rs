// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whole folders of bills of materials against several rulebooks: each file is read once and parsed once, and all rules run over one
//! set of tables. Memory is bounded: what came together is judged before more is read, and a file above the limit is not read at all.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use underpin_lake::StatedRows;
use underpin_model::Limits;
use underpin_model::limits::bounds::{JUDGED_BYTES, JUDGED_PART_BYTES};

use super::bills::{BillAnswer, JudgedBill, Read, add_places, judged, named, push, tables};
use super::rulebooks::Rulebook;
use crate::error::Result;
use crate::intake::{Content, Job, LeftOut, Walk};

/// Holds documents against rulebooks. Paths are files, folders and archives; an answer for each rulebook, all with the same documents
/// in the same order. `with_places` names the components, which takes a query more for each broken clause.
///
/// # Errors
/// `rule-refused` where a rule is no reading query, `not-found` for a path that is not there; a file that cannot be read is told in
/// its place.
pub async fn check_bills(
    paths: &[PathBuf],
    books: &[Rulebook],
    limits: &Limits,
    with_places: bool,
) -> Result<Vec<BillAnswer>> {
    let mut walk = Walk::new(paths, limits)?;
    let mut answers: Vec<BillAnswer> = books.iter().map(BillAnswer::of).collect();
    let mut pile = Pile::default();
    while let Some(batch) = walk.next_batch()? {
        pile.read(batch, limits);
        if pile.bytes() > JUDGED_BYTES {
            std::mem::take(&mut pile).judge(books, limits, with_places, &mut answers).await?;
        }
    }
    pile.judge(books, limits, with_places, &mut answers).await?;
    for left_out in walk.left_out() {
        answers.iter_mut().for_each(|answer| answer.documents.push(not_read(&left_out)));
    }
    Ok(answers)
}

/// Holds one document that is in memory against rulebooks, with the places of what it does not keep.
///
/// # Errors
/// `rule-refused` where a rule is no reading query.
pub async fn check_bill(name: &str, bytes: &[u8], books: &[Rulebook], limits: &Limits) -> Result<Vec<JudgedBill>> {
    let mut rows = StatedRows::default();
    let read = push(&mut rows, 0, bytes, Path::new(name), limits);
    let pile = Pile { parts: vec![rows], reads: vec![(name.to_owned(), read)] };
    let mut answers: Vec<BillAnswer> = books.iter().map(BillAnswer::of).collect();
    pile.judge(books, limits, true, &mut answers).await?;
    Ok(answers.into_iter().flat_map(|answer| answer.documents).collect())
}

/// Holds a file that somebody sends against one rulebook, with places; of an archive each member. At most `most` are judged: of the others
/// it is told that they were not.
///
/// # Errors
/// `rule-refused` where a rule is no reading query.
pub(super) async fn check_sent(
    (name, bytes): (String, Vec<u8>),
    book: &Rulebook,
    limits: &Limits,
    most: usize,
) -> Result<Vec<JudgedBill>> {
    let (jobs, mut unjudged) = members(name, bytes, limits, most)?;
    let mut answers = vec![BillAnswer::of(book)];
    for job in jobs {
        let mut pile = Pile::default();
        pile.read(vec![job], limits);
        pile.judge(std::slice::from_ref(book), limits, true, &mut answers).await?;
    }
    let mut judged: Vec<JudgedBill> = answers.into_iter().flat_map(|answer| answer.documents).collect();
    judged.append(&mut unjudged);
    Ok(judged)
}

/// The first files of what somebody sends, and what is told of all others.
fn members(name: String, bytes: Vec<u8>, limits: &Limits, most: usize) -> Result<(Vec<Job>, Vec<JudgedBill>)> {
    let mut walk = Walk::of_memory(std::iter::once((name, bytes)), limits);
    let (mut jobs, mut unjudged) = (Vec::new(), Vec::new());
    while let Some(batch) = walk.next_batch()? {
        for job in batch {
            if jobs.len() < most {
                jobs.push(job);
                continue;
            }
            let reason = format!("at most {most} documents are judged at once");
            let reason = Read::Unreadable { code: "too-many-at-once".to_owned(), reason };
            unjudged.push(JudgedBill::unreadable(job.path, &reason));
        }
    }
    unjudged.extend(walk.left_out().iter().map(not_read));
    Ok((jobs, unjudged))
}

fn not_read(left_out: &LeftOut) -> JudgedBill {
    let reason = Read::Unreadable { code: left_out.code.clone(), reason: left_out.detail.clone() };
    JudgedBill::unreadable(left_out.path.clone(), &reason)
}

/// Documents that are read and wait to be judged together.
#[derive(Default)]
struct Pile {
    parts: Vec<StatedRows>,
    /// Each document with its file; its number is its place here.
    reads: Vec<(String, Read)>,
}

/// Rows of some documents, and what became of each: its number, its file.
type Part = (Vec<StatedRows>, Vec<(usize, String, Read)>);

impl Pile {
    fn bytes(&self) -> usize {
        self.parts.iter().map(StatedRows::bytes).sum()
    }

    fn read(&mut self, batch: Vec<Job>, limits: &Limits) {
        let first = self.reads.len();
        let parts: Vec<Part> = batch
            .into_par_iter()
            .enumerate()
            .fold(Part::default, |(mut rows, mut reads), (at, job)| {
                if rows.last().is_none_or(|part: &StatedRows| part.bytes() > JUDGED_PART_BYTES) {
                    rows.push(StatedRows::default());
                }
                if let Some(part) = rows.last_mut() {
                    let read = read(part, first + at, &job, limits);
                    reads.push((first + at, job.path, read));
                }
                (rows, reads)
            })
            .collect();
        let (rows, reads): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        self.parts.extend(rows.into_iter().flatten());
        let mut reads: Vec<_> = reads.into_iter().flatten().collect();
        reads.sort_by_key(|(at, ..)| *at);
        self.reads.extend(reads.into_iter().map(|(_, path, read)| (path, read)));
    }

    async fn judge(
        self,
        books: &[Rulebook],
        limits: &Limits,
        with_places: bool,
        answers: &mut [BillAnswer],
    ) -> Result<()> {
        if self.reads.is_empty() {
            return Ok(());
        }
        // Places of many documents are thousands of queries; they are asked for one document.
        let with_places = with_places && self.reads.len() == 1;
        let tables = tables(self.parts, limits)?;
        for (book, answer) in books.iter().zip(answers) {
            let named = named(&tables, book).await?;
            for (at, (path, read)) in self.reads.iter().enumerate() {
                let mut judged = judged(path.clone(), at, read, book, &named);
                if with_places {
                    add_places(&mut judged, at, book, &tables).await?;
                }
                answer.documents.push(judged);
            }
        }
        Ok(())
    }
}

fn read(rows: &mut StatedRows, at: usize, job: &Job, limits: &Limits) -> Read {
    let path = Path::new(Job::file_name(&job.path));
    let file = match &job.content {
        Content::Bytes(bytes) => return push(rows, at, bytes, path, limits),
        Content::File(file) => file,
    };
    match read_file(file, limits) {
        Ok(Some(bytes)) => push(rows, at, &bytes, path, limits),
        Ok(None) => Read::Unreadable {
            code: "too-large".to_owned(),
            reason: format!("it has more than {} bytes, the limit evidence_bytes", limits.evidence_bytes),
        },
        Err(error) => Read::Unreadable { code: "unreadable-file".to_owned(), reason: error.to_string() },
    }
}

/// The bytes of a file; none where it grew beyond the limit since it was listed.
fn read_file(path: &Path, limits: &Limits) -> std::io::Result<Option<Vec<u8>>> {
    let file = std::fs::File::open(path)?;
    let size = file.metadata()?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(limits.evidence_bytes)).unwrap_or_default());
    file.take(limits.evidence_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limits.evidence_bytes).then_some(bytes))
}
