// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One archive, member by member: a thread of its own takes it apart and waits until each piece of evidence is fetched, so
//! that never more than the member at hand is in memory. What is no evidence is dropped at once.
//!
//! A file that is read together with another one has to wait for it, for it may come later in the archive. Few do, and
//! what waits is bounded: beyond that the archive is gone through a second time for those that found no place.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Cursor};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use sha2::{Digest, Sha256};
use underpin_formats::containers::{Item, Member, unpack, unpack_file};
use underpin_formats::parts::may_have_parts;
use underpin_formats::{Probe, Reader, detect};
use underpin_model::{EvidenceId, Limits};

use super::companions::{Shelf, is_companion_name};
use super::job::{Content, Job};
use super::{LeftOut, OutcomeCode};

/// Where an archive lies.
#[derive(Clone, Debug)]
pub enum Archive {
    /// In a file.
    File(PathBuf),
    /// In memory.
    Bytes(Vec<u8>),
}

/// What comes out of an archive.
#[derive(Debug)]
pub enum Piece {
    /// A piece of evidence.
    Job(Box<Job>),
    /// Anything else.
    LeftOut(LeftOut),
}

/// The pieces of an archive, each made when it is asked for.
#[derive(Debug)]
pub struct Pieces {
    receiver: Receiver<Piece>,
    thread: Option<JoinHandle<()>>,
}

impl Pieces {
    /// Begins to take an archive apart. It ends early when this is dropped.
    pub fn of(archive: Archive, path: String, limits: &Limits) -> Self {
        // Nothing is made ahead: what has not been fetched is the one member in the hands of the thread.
        let (sender, receiver) = sync_channel(0);
        let limits = limits.clone();
        let thread = std::thread::spawn(move || {
            if let Err(error) = take_apart(&archive, &path, &limits, &sender) {
                let left_out = LeftOut::new(path, OutcomeCode::UnreadableFile, error.to_string());
                let _ = sender.send(Piece::LeftOut(left_out));
            }
        });
        Self { receiver, thread: Some(thread) }
    }

    /// The next piece; `None` at the end.
    pub fn next(&mut self) -> Option<Piece> {
        let piece = self.receiver.recv().ok();
        if piece.is_none()
            && let Some(Err(panic)) = self.thread.take().map(JoinHandle::join)
        {
            std::panic::resume_unwind(panic);
        }
        piece
    }
}

fn take_apart(archive: &Archive, path: &str, limits: &Limits, sender: &SyncSender<Piece>) -> io::Result<()> {
    let container = match archive {
        Archive::File(file) => hash(File::open(file)?)?,
        Archive::Bytes(bytes) => hash(Cursor::new(bytes))?,
    };
    let mut taker = Taker { container, sender, limits, shelf: Shelf::default(), waiting: Vec::new(), waiting_bytes: 0 };
    let mut postponed = HashSet::new();
    let mut position = 0;
    let flow = go_through(archive, path, limits, &mut |item| {
        position += 1;
        match item {
            Item::Member(member) => taker.first(member, position, &mut postponed),
            Item::Issue(issue) => taker.leave_out(issue.path, issue.code.as_str(), &issue.detail),
        }
    })?;
    if flow.is_break() || taker.release().is_break() || postponed.is_empty() {
        return Ok(());
    }
    position = 0;
    let _flow = go_through(archive, path, limits, &mut |item| {
        position += 1;
        match item {
            Item::Member(member) if postponed.contains(&position) => taker.second(member),
            _ => ControlFlow::Continue(()),
        }
    })?;
    Ok(())
}

fn go_through(
    archive: &Archive,
    path: &str,
    limits: &Limits,
    take: &mut dyn FnMut(Item<'_>) -> ControlFlow<()>,
) -> io::Result<ControlFlow<()>> {
    match archive {
        Archive::File(file) => unpack_file(File::open(file)?, path, limits, take),
        Archive::Bytes(bytes) => Ok(unpack(bytes, path, limits, take)),
    }
}

fn hash(mut from: impl io::Read) -> io::Result<EvidenceId> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 << 10];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(EvidenceId(hasher.finalize().into())),
            read => hasher.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// Sorts the members of an archive as they come.
struct Taker<'t> {
    container: EvidenceId,
    sender: &'t SyncSender<Piece>,
    limits: &'t Limits,
    shelf: Shelf,
    waiting: Vec<Job>,
    waiting_bytes: u64,
}

impl Taker<'_> {
    /// What may wait, and what may be kept for others: so little that all together stay far below a few batches.
    fn most_bytes(&self) -> u64 {
        self.limits.batch_bytes / 4
    }

    fn first(&mut self, member: Member<'_>, position: usize, postponed: &mut HashSet<usize>) -> ControlFlow<()> {
        let name = Job::file_name(&member.path);
        let is_companion = is_companion_name(name);
        let is_kept = is_companion && self.shelf.keep(&member.path, &member.bytes, self.most_bytes());
        let reader = detect(&Probe { bytes: &member.bytes, file_name: name, path: &member.path });
        let Some(reader) = reader else {
            return match (is_companion, is_kept) {
                (true, true) => self.leave_out(member.path, OutcomeCode::Companion.as_str(), super::read::COMPANION),
                (true, false) => {
                    let detail = "files that are read together with others take too much memory in this archive";
                    self.leave_out(member.path, OutcomeCode::TooLarge.as_str(), detail)
                }
                (false, _) if may_have_parts(&member.bytes) => self.send(self.job(member, None)),
                (false, _) => self.leave_out(member.path, OutcomeCode::NoEvidence.as_str(), super::read::NO_EVIDENCE),
            };
        };
        let job = self.job(member, Some(reader));
        if job.companions.len() == reader.companions.len() {
            return self.send(job);
        }
        let bytes = super::walk::size(&job);
        if self.waiting_bytes.saturating_add(bytes) > self.most_bytes() {
            postponed.insert(position);
            return ControlFlow::Continue(());
        }
        self.waiting_bytes += bytes;
        self.waiting.push(job);
        ControlFlow::Continue(())
    }

    /// Everything has come: what waits has now what it waited for, or will not get it.
    fn release(&mut self) -> ControlFlow<()> {
        self.waiting_bytes = 0;
        for mut job in std::mem::take(&mut self.waiting) {
            job.companions = job.reader.map(|reader| self.shelf.of(&job.path, reader)).unwrap_or_default();
            self.send(job)?;
        }
        ControlFlow::Continue(())
    }

    fn second(&mut self, member: Member<'_>) -> ControlFlow<()> {
        let name = Job::file_name(&member.path);
        let reader = detect(&Probe { bytes: &member.bytes, file_name: name, path: &member.path });
        self.send(self.job(member, reader))
    }

    fn job(&self, member: Member<'_>, reader: Option<&'static Reader>) -> Job {
        let companions = reader.map(|reader| self.shelf.of(&member.path, reader)).unwrap_or_default();
        Job {
            container: (member.depth > 0).then_some(self.container),
            reader,
            companions,
            ..Job::new(member.path, Content::Bytes(member.bytes.into_owned()))
        }
    }

    fn leave_out(&self, path: String, code: &str, detail: &str) -> ControlFlow<()> {
        self.give(Piece::LeftOut(LeftOut { path, code: code.to_owned(), detail: detail.to_owned() }))
    }

    fn send(&self, job: Job) -> ControlFlow<()> {
        self.give(Piece::Job(Box::new(job)))
    }

    /// Waits until the piece is fetched; nobody wants more when nobody listens.
    fn give(&self, piece: Piece) -> ControlFlow<()> {
        match self.sender.send(piece) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tar_of(members: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, text) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            builder.append_data(&mut header, name, text.as_bytes()).expect("a member");
        }
        builder.into_inner().expect("a tar")
    }

    /// Path and companions of every piece of evidence, and path and code of everything else, in order.
    fn pieces(bytes: Vec<u8>, limits: &Limits) -> Vec<String> {
        let mut pieces = Pieces::of(Archive::Bytes(bytes), "a.tar".to_owned(), limits);
        let mut shown = Vec::new();
        while let Some(piece) = pieces.next() {
            shown.push(match piece {
                Piece::Job(job) => {
                    assert!(job.container.is_some());
                    let with = job.companions.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes));
                    format!("{} with {}", job.path, with.collect::<Vec<_>>().join(" "))
                }
                Piece::LeftOut(left_out) => format!("{}: {}", left_out.path, left_out.code),
            });
        }
        shown
    }

    const STATUS: &str = "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n";

    #[test]
    fn what_waits_gets_its_companion_whether_it_finds_a_place_or_not() {
        let bytes = tar_of(&[
            ("one/var/lib/dpkg/status", STATUS),
            ("two/var/lib/dpkg/status", STATUS),
            ("notes.txt", "nothing"),
            ("two/etc/os-release", "ID=2"),
            ("one/etc/os-release", "ID=1"),
            ("three/var/lib/dpkg/status", STATUS),
            ("two/lib/apk/db/installed", "C:Q1\nP:a\nV:1\nA:all\n"),
        ]);
        let mut expected = vec![
            "a.tar!notes.txt: no-evidence",
            "a.tar!two/etc/os-release: companion",
            "a.tar!one/etc/os-release: companion",
            "a.tar!two/lib/apk/db/installed with ID=2",
            "a.tar!one/var/lib/dpkg/status with ID=1",
            "a.tar!two/var/lib/dpkg/status with ID=2",
            "a.tar!three/var/lib/dpkg/status with ",
        ];
        assert_eq!(pieces(bytes.clone(), &Limits::default()), expected);
        // One place for all of them: the others are fetched in a second pass, and everything comes once.
        let one_place = Limits { batch_bytes: 4 * STATUS.len() as u64 + 4, ..Limits::default() };
        assert_eq!(pieces(bytes.clone(), &one_place), expected);
        let none = Limits { batch_bytes: 4 * 10, ..Limits::default() };
        assert_eq!(pieces(bytes.clone(), &none), expected);
        // Without a place for companions there are none, and that is said.
        expected.truncate(1);
        expected.extend(["a.tar!two/etc/os-release: too-large", "a.tar!one/etc/os-release: too-large"]);
        expected.extend(["a.tar!one/var/lib/dpkg/status with ", "a.tar!two/var/lib/dpkg/status with "]);
        expected.extend(["a.tar!three/var/lib/dpkg/status with ", "a.tar!two/lib/apk/db/installed with "]);
        assert_eq!(pieces(bytes, &Limits { batch_bytes: 4, ..Limits::default() }), expected);
    }

    #[test]
    fn who_stops_listening_gets_nothing_more() {
        let members: Vec<(String, String)> = (0..50).map(|n| (format!("{n}/go.sum"), String::new())).collect();
        let members: Vec<(&str, &str)> = members.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let mut pieces = Pieces::of(Archive::Bytes(tar_of(&members)), "a.tar".to_owned(), &Limits::default());
        assert!(pieces.next().is_some());
        let thread = pieces.thread.take().expect("a thread");
        drop(pieces);
        thread.join().expect("ends without a panic");
    }
}
