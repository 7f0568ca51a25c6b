// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the newest commits and the tags of a clone show: whether contributors sign off, and whether releases have versions.

use std::collections::{BTreeSet, VecDeque};

use gix::ObjectId;
use gix::objs::{CommitRef, Kind};
use underpin_model::limits::bounds::CHECKED_COMMITS;
use underpin_model::practices::HistoryMarks;

use crate::clone::Objects;
use crate::is_bot;
use crate::releases::has_release_name;
use crate::trailers::trailers;

/// How a line begins that signs off.
const SIGN_OFF: &[u8] = b"signed-off-by:";

/// Reads the newest commits that are no merges and come from no program, and the names of tags.
pub(super) fn marks(objects: &mut Objects, tip: ObjectId) -> HistoryMarks {
    let mut marks = HistoryMarks { has_release_tag: has_release_tag(objects), ..HistoryMarks::default() };
    let hash = objects.hash();
    let mut seen = BTreeSet::from([tip]);
    let mut open = VecDeque::from([tip]);
    while let Some(id) = open.pop_front() {
        if marks.commits >= CHECKED_COMMITS || seen.len() > 8 * CHECKED_COMMITS as usize {
            break;
        }
        let Some(commit) = objects.read(&id, Kind::Commit).and_then(|bytes| CommitRef::from_bytes(bytes, hash).ok())
        else {
            continue;
        };
        let parents: Vec<ObjectId> = commit.parents().collect();
        if parents.len() < 2 && !is_program(commit.author) {
            marks.commits += 1;
            marks.signed_off += u32::from(is_signed_by(commit.message, commit.author));
        }
        open.extend(parents.into_iter().filter(|parent| seen.insert(*parent)));
    }
    marks
}

/// Whether a line of an author is that of a program.
fn is_program(author: &[u8]) -> bool {
    let mut parts = author.splitn(2, |byte| *byte == b'<');
    let name = parts.next().unwrap_or_default();
    let mail = parts.next().and_then(|rest| rest.split(|byte| *byte == b'>').next()).unwrap_or_default();
    is_bot(name, mail)
}

/// Whether the author signed off, known by mail address or by name: somebody else cannot assert it.
fn is_signed_by(message: &[u8], author: &[u8]) -> bool {
    let (name, mail) = who(author);
    let lines = message.split(|byte| *byte == b'\n');
    trailers(message).is_signed_off
        && lines.filter_map(|line| line.split_at_checked(SIGN_OFF.len())).any(|(key, rest)| {
            let (own_name, own_mail) = who(rest);
            key.eq_ignore_ascii_case(SIGN_OFF)
                && (own_mail == mail && !mail.is_empty() || own_name == name && !name.is_empty())
        })
}

/// The name and the mail address of a line, in small letters.
fn who(line: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut parts = line.splitn(2, |byte| *byte == b'<');
    let name = parts.next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let mail = parts.next().and_then(|rest| rest.split(|byte| *byte == b'>').next()).unwrap_or_default();
    (name, mail.trim_ascii().to_ascii_lowercase())
}

fn has_release_tag(objects: &Objects) -> bool {
    let Ok(platform) = objects.repository.references() else { return false };
    let Ok(references) = platform.tags() else { return false };
    references.flatten().any(|reference| has_release_name(&reference.name().shorten().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_author_signs_off_and_nobody_else() {
        let author = b"A B <a@office.gov> 1700000000 +0000";
        for (message, expected) in [
            (&b"x\n\nSigned-off-by: A B <a@office.gov>\n"[..], true),
            (b"x\n\nsigned-off-by: Other Name <A@office.gov>\n", true),
            (b"x\n\nSigned-off-by: A B <other@office.gov>\n", true),
            (b"x\n\nSigned-off-by: C <c@office.gov>\nSigned-off-by: A B <a@office.gov>\n", true),
            (b"x\n\nSigned-off-by: Somebody Else <b@office.gov>\n", false),
            (b"x\n", false),
        ] {
            assert_eq!(is_signed_by(message, author), expected, "{}", String::from_utf8_lossy(message));
        }
    }
}
