// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a commit changes, written as `git diff --no-renames` writes it, so that its number can be worked out.

use std::fmt::Write as _;

use gix::ObjectId;
use gix::objs::tree::EntryMode;
use underpin_model::limits::bounds::{FORK_LINES, GIT_COMPARED_BYTES};

use crate::changes::Changes;
use crate::clone::Objects;
use crate::lines::write_hunks;

/// What there is of a file.
enum Content {
    Text(String),
    /// Bytes, a submodule, or too much to compare: its number counts.
    Other,
}

/// The text of a change; `None` where a file of it cannot be read, or all of it together is too much.
pub(crate) fn patch_text(objects: &mut Objects, changes: &Changes) -> Option<String> {
    let added = changes.added.iter().map(|side| (&side.path, None, Some((side.id, side.mode))));
    let removed = changes.removed.iter().map(|side| (&side.path, Some((side.id, side.mode)), None));
    let modified = changes.modified.iter().map(|edit| (&edit.path, Some(edit.sides[0]), Some(edit.sides[1])));
    let mut files: Vec<_> = added.chain(removed).chain(modified).collect();
    // A file without lines counts with the one that follows: the number rests on the order of git.
    files.sort_by(|a, b| a.0.cmp(b.0));
    let mut out = String::new();
    for (path, old, new) in files {
        write_file(objects, path, old, new, &mut out)?;
    }
    Some(out)
}

fn write_file(
    objects: &mut Objects,
    path: &[u8],
    old: Option<(ObjectId, EntryMode)>,
    new: Option<(ObjectId, EntryMode)>,
    out: &mut String,
) -> Option<()> {
    if out.len() as u64 > GIT_COMPARED_BYTES {
        return None;
    }
    let path = String::from_utf8_lossy(path);
    // Writing into a text cannot fail.
    let _ = writeln!(out, "diff --git a/{path} b/{path}");
    match (old, new) {
        (None, Some((_, mode))) => _ = writeln!(out, "new file mode {:06o}", mode.value()),
        (Some((_, mode)), None) => _ = writeln!(out, "deleted file mode {:06o}", mode.value()),
        (Some((_, before)), Some((_, after))) if before != after => {
            let _ = writeln!(out, "old mode {:06o}\nnew mode {:06o}", before.value(), after.value());
        }
        _ => {}
    }
    if old.map(|(id, _)| id) == new.map(|(id, _)| id) {
        return Some(());
    }
    let mut read = |side: Option<(ObjectId, EntryMode)>| match side {
        None => Some(Content::Text(String::new())),
        Some((id, mode)) => content(objects, id, mode),
    };
    match (read(old)?, read(new)?) {
        (Content::Text(before), Content::Text(after)) => {
            if before.is_empty() && after.is_empty() {
                return Some(());
            }
            let name = |side: &Option<(ObjectId, EntryMode)>, letter: char| {
                side.map_or_else(|| "/dev/null".to_owned(), |_| format!("{letter}/{path}"))
            };
            let _ = writeln!(out, "--- {}\n+++ {}", name(&old, 'a'), name(&new, 'b'));
            write_hunks(&before, &after, FORK_LINES, out);
        }
        _ => {
            let number =
                |side: Option<(ObjectId, EntryMode)>| side.map_or_else(|| "0".repeat(40), |(id, _)| id.to_string());
            let _ = writeln!(out, "index {}..{}\nBinary files differ", number(old), number(new));
        }
    }
    Some(())
}

fn content(objects: &mut Objects, id: ObjectId, mode: EntryMode) -> Option<Content> {
    if mode.is_commit() {
        return Some(Content::Other);
    }
    if objects.file_bytes(&id)? > GIT_COMPARED_BYTES {
        return Some(Content::Other);
    }
    let bytes = objects.file(&id, GIT_COMPARED_BYTES)?;
    // As git does: a zero byte near the beginning makes a file bytes.
    let is_bytes = bytes.iter().take(8_000).any(|byte| *byte == 0);
    let text = std::str::from_utf8(bytes).ok().filter(|_| !is_bytes);
    Some(text.map_or(Content::Other, |text| Content::Text(text.to_owned())))
}
