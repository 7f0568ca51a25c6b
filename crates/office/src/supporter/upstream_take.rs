// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Taking stock of carried patches: from a folder as distributors keep it, or from a fork held against its upstream.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;
use underpin_assess::engagement::patch_id::{PatchId, patch_id};
use underpin_assess::engagement::upstream::{PatchHeaders, forwarding_word, headers};
use underpin_model::Timestamp;
use underpin_model::engagement::{CarriedPatch, CarriedSource, TakenPatches};
use underpin_model::limits::bounds::{CARRIED_FIELD_BYTES, CARRIED_PATCH_BYTES, CARRIED_PATCHES, CARRIED_PLACES};
use underpin_model::watch::Place;
use underpin_repositories::{Fork, ForkCommit, GitClone, change_numbers, compare_forks};

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;

/// A side of a comparison: a clone, and a branch, tag or commit of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForkSide {
    /// Where the clone is.
    pub clone: PathBuf,
    /// Which; without one what is checked out.
    pub reference: Option<String>,
}

/// What a comparison of a fork with its upstream found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ForkAnswer {
    /// Changes that the project does not have.
    pub ahead: u64,
    /// Changes of the fork that the project has in commits of its own.
    pub equivalent: u64,
    /// Commits of the project that the fork does not have.
    pub behind: u64,
    /// When the newest commit was made that both have.
    pub parted: Option<Timestamp>,
    /// Commits that could not be compared.
    pub unread: u64,
    /// Whether a history was cut, or there were too many commits.
    pub is_cut: bool,
    /// Both kinds of changes, those that the project does not have first, the oldest first.
    pub rows: Vec<CarriedPatch>,
}

/// Reads the patches in a folder: in the order of its `series`, or by name where there is none. `debian/patches` below it is meant where
/// that is there. `upstream` are the numbers of changes that the project has.
///
/// # Errors
/// `no-patches`.
pub fn read_patches(folder: &Path, upstream: &BTreeSet<PatchId>) -> Result<Vec<CarriedPatch>> {
    let root = folder.canonicalize().map_err(|error| fault(folder, &error.to_string()))?;
    let below = root.join("debian/patches");
    let folder = if below.is_dir() { below } else { root.clone() };
    let series = folder.join("series");
    let names = if series.is_file() { in_series(&read(&root, &series)?)? } else { in_folder(&folder)? };
    if names.is_empty() {
        return Err(fault(&folder, "there is no patch in it"));
    }
    if names.len() > CARRIED_PATCHES {
        return Err(fault(&folder, &format!("it holds more than {CARRIED_PATCHES} patches")));
    }
    let of = |(position, name): (u32, String)| {
        Ok(patch_of(name.clone(), position, &read(&root, &folder.join(&name))?, upstream))
    };
    (1..).zip(names).map(of).collect()
}

/// Names in the order of a series; options behind a name and remarks are left out.
fn in_series(text: &str) -> Result<Vec<String>> {
    let name = |line: &str| {
        let name = line.split('#').next().unwrap_or_default().split_whitespace().next()?;
        Some(name.to_owned())
    };
    let names: Vec<String> = text.lines().filter_map(name).collect();
    let leads_out = |name: &&String| Path::new(name).components().any(|part| !matches!(part, Component::Normal(_)));
    match names.iter().find(leads_out) {
        Some(name) => Err(fault(Path::new(name), "a patch lies below its series")),
        None => Ok(names),
    }
}

fn in_folder(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| fault(folder, &error.to_string()))? {
        let entry = entry.map_err(|error| fault(folder, &error.to_string()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_patch = [".patch", ".diff"].iter().any(|end| name.ends_with(end));
        // A link may lead anywhere; it is not followed.
        if is_patch && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Reads a file below `root`. A link on the way to it may lead anywhere; it is not followed.
fn read(root: &Path, path: &Path) -> Result<String> {
    let of = |error: std::io::Error| fault(path, &error.to_string());
    if path.canonicalize().map_err(of)? != path || !path.starts_with(root) {
        return Err(fault(path, "it is reached by a link"));
    }
    let found = path.symlink_metadata().map_err(of)?;
    if !found.is_file() || found.len() > CARRIED_PATCH_BYTES {
        return Err(fault(path, &format!("it is no file of at most {CARRIED_PATCH_BYTES} bytes")));
    }
    Ok(String::from_utf8_lossy(&std::fs::read(path).map_err(of)?).into_owned())
}

fn fault(path: &Path, what: &str) -> OfficeError {
    OfficeError::new("no-patches", format!("{}: {what}", path.display()))
        .hint("name a folder with patches, such as debian/patches with its series")
}

fn patch_of(name: String, position: u32, text: &str, upstream: &BTreeSet<PatchId>) -> CarriedPatch {
    let said = headers(text);
    let number = patch_id(text);
    CarriedPatch {
        name,
        position,
        title: said.title.clone().map(short),
        is_carried: true,
        is_upstream: said.is_upstream() || number.is_some_and(|number| upstream.contains(&number)),
        forwarding: forwarding_word(&said.forwarding),
        places: places(&said),
        dated: said.last_update,
        patch_id: number.map(|number| number.to_string()),
    }
}

/// Addresses, commits and versions of the project that headers name. Other words beside them are often names of people.
fn places(said: &PatchHeaders) -> Vec<String> {
    use underpin_assess::engagement::upstream::Forwarding;
    let forwarded = match &said.forwarding {
        Forwarding::Yes(address) => address.as_deref(),
        _ => None,
    };
    let texts = forwarded.into_iter().chain(said.origin_at.iter().map(String::as_str));
    let texts = texts.chain(said.bugs.iter().map(String::as_str)).chain(said.applied.as_deref());
    let is_place = |word: &&str| {
        let is_commit = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        word.contains("://")
            || word.starts_with("commit:")
            || word.starts_with(|c: char| c.is_ascii_digit())
            || is_commit
    };
    let mut found: Vec<String> = Vec::new();
    for word in texts.flat_map(|text| text.split([' ', ','])).filter(is_place) {
        if !word.contains('@') && word.len() <= CARRIED_FIELD_BYTES && !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found.truncate(CARRIED_PLACES);
    found
}

fn short(mut text: String) -> String {
    while text.len() > CARRIED_FIELD_BYTES {
        text.pop();
    }
    text
}

/// The numbers of changes that a clone of the project has.
///
/// # Errors
/// `no-clone`.
pub fn upstream_changes(clone: &Path) -> Result<BTreeSet<PatchId>> {
    let clone = super::signals::open(clone)?;
    let numbers = change_numbers(&clone, None, &|text| patch_id(text).map(|number| number.0));
    let numbers = numbers.map_err(|error| OfficeError::new("no-clone", error.to_string()).hint("clone it whole"))?;
    Ok(numbers.into_iter().map(PatchId).collect())
}

/// Holds a fork against its upstream.
///
/// # Errors
/// `no-clone`.
pub fn compare(fork: &ForkSide, upstream: &ForkSide) -> Result<ForkAnswer> {
    let found = compared(fork, upstream)?;
    let rows = found.ahead.iter().map(|commit| (commit, false));
    let rows = rows.chain(found.equivalent.iter().map(|commit| (commit, true)));
    Ok(ForkAnswer {
        ahead: found.ahead.len() as u64,
        equivalent: found.equivalent.len() as u64,
        behind: found.behind,
        parted: found.parted,
        unread: found.unread,
        is_cut: found.is_cut,
        rows: (1..)
            .zip(rows)
            .map(|(position, (commit, is_upstream))| of_commit(commit, position, is_upstream))
            .collect(),
    })
}

fn compared(fork: &ForkSide, upstream: &ForkSide) -> Result<Fork> {
    let open = |side: &ForkSide| super::signals::open(&side.clone);
    let (own, other): (GitClone, GitClone) = (open(fork)?, open(upstream)?);
    let number = |text: &str| patch_id(text).map(|number| number.0);
    compare_forks((&own, fork.reference.as_deref()), (&other, upstream.reference.as_deref()), &number).map_err(
        |error| OfficeError::new("no-clone", error.to_string()).hint("name a branch, tag or commit that is there"),
    )
}

fn of_commit(commit: &ForkCommit, position: u32, is_upstream: bool) -> CarriedPatch {
    let said = headers(&commit.fields);
    CarriedPatch {
        name: commit.id.clone(),
        position,
        title: Some(commit.title.clone()).filter(|title| !title.is_empty()),
        is_carried: true,
        is_upstream: is_upstream || said.is_upstream(),
        forwarding: forwarding_word(&said.forwarding),
        places: places(&said),
        dated: Some(commit.at),
        patch_id: Some(PatchId(commit.change).to_string()),
    }
}

impl House {
    /// Writes down which patches of a project a system or an agency carries, as one source shows them. What is no longer in it is gone.
    ///
    /// # Errors
    /// `invalid-patch`, `unknown-system`, `unknown-agency`, `not-allowed`; what the ledger says.
    pub async fn take_patches(
        &self,
        author: &Author,
        (place, project): (&Place, &str),
        source: CarriedSource,
        patches: Vec<CarriedPatch>,
    ) -> Result<TakenPatches> {
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        Ok(writer.carry_patches(author.at, (place, project), source, patches).await?)
    }
}
