// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the files of a repository show about practices.

mod builds;
mod calls;
mod history;
mod marks;
mod named;
mod proofs;
mod secrets;
pub(crate) mod signed;
mod tree;

use std::cell::Cell;

use underpin_formats::declarations::{Seen, Source};
use underpin_formats::reuse::{self, Listed};
use underpin_formats::{code_json, publiccode, security_insights, security_txt};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{CHECKED_FILE_BYTES, CHECKED_TOTAL_BYTES, DECLARATION_BYTES, GIT_TEXT_BYTES};
use underpin_model::practices::{Fault, FaultCode, Inspection, Obstacle, Pack, Topic, TreeFacts};

pub use history::history_facts;
pub use secrets::secret_facts;
pub use tree::{NotRead, SourceFile, SourceKind, SourceTree};

/// How many bytes of a picture tell what it is.
const PICTURE_BYTES: usize = 64;

/// What the files of a tree say about the practices of the packs that are wanted. Only the pack about licences reads every file.
///
/// Dates are judged as of a moment.
pub fn tree_facts(tree: &SourceTree, as_of: Timestamp, wants: impl Fn(Pack) -> bool) -> TreeFacts {
    let named = named::named(tree);
    let path = |topic: Topic| named.iter().find(|(own, ..)| *own == topic).map(|(_, path, _)| path.as_str());
    let declared = |topic: Topic, inspect: &dyn Fn(&str, &[u8]) -> Inspection| {
        let path = path(topic)?;
        Some(match tree.find(path).map(|file| tree.read(file, DECLARATION_BYTES)) {
            Some(Ok(bytes)) => inspect(path, &bytes),
            Some(Err(NotRead::TooLarge)) => of_file(path, FaultCode::BeyondLimits),
            Some(Err(NotRead::Unreadable)) | None => of_file(path, FaultCode::Unreadable),
        })
    };
    TreeFacts {
        commit: tree.commit().map(str::to_owned),
        files: tree.files().len() as u64,
        as_of,
        security_txt: declared(Topic::SecurityTxt, &|path, bytes| security_txt::inspect(path, bytes, as_of)),
        code_json: declared(Topic::CodeJson, &code_json::inspect),
        security_insights: declared(Topic::SecurityInsights, &security_insights::inspect),
        publiccode: declared(Topic::Publiccode, &|path, bytes| {
            publiccode::inspect(&Source { path, bytes, look: &|name| look(tree, name), is_json: false })
        }),
        reuse: wants(Pack::Reuse).then(|| licences(tree)),
        builds: (wants(Pack::Osps) || wants(Pack::Scorecard) || wants(Pack::Files)).then(|| builds::builds(tree)),
        marks: tree.marks(),
        named,
        ..TreeFacts::default()
    }
}

fn of_file(path: &str, code: FaultCode) -> Inspection {
    Inspection { faults: vec![Fault::of_file(path, code)], ..Inspection::default() }
}

/// The beginning of a file that a declaration names.
fn look(tree: &SourceTree, name: &str) -> Seen {
    match tree.resolved(name).map(|file| tree.read(file, GIT_TEXT_BYTES)) {
        None => Seen::Nothing,
        Some(Ok(mut bytes)) => {
            bytes.truncate(PICTURE_BYTES);
            Seen::File(bytes)
        }
        Some(Err(_)) => Seen::Blind,
    }
}

/// What every file says about its copyright and licence.
fn licences(tree: &SourceTree) -> Result<Inspection, Obstacle> {
    let files: Vec<&SourceFile> = tree.files().iter().filter(|file| file.kind == SourceKind::File).collect();
    let listed: Vec<Listed<'_>> = files.iter().map(|file| Listed { path: &file.path }).collect();
    let left = Cell::new(CHECKED_TOTAL_BYTES);
    let read = |place: usize| {
        let file = files.get(place).ok_or(FaultCode::Unreadable)?;
        let bytes = tree.read(file, CHECKED_FILE_BYTES.min(left.get())).map_err(|why| match why {
            NotRead::TooLarge => FaultCode::BeyondLimits,
            NotRead::Unreadable => FaultCode::Unreadable,
        })?;
        left.set(left.get().saturating_sub(bytes.len() as u64));
        Ok(bytes)
    };
    let report = reuse::lint(&reuse::Tree { files: &listed, read: &read });
    // A tree without a single file that counts says nothing about the practice.
    if report.covered == 0 && report.found == Inspection::default() { Err(Obstacle::NoFile) } else { Ok(report.found) }
}
