// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Looking at clones of own repositories for the catalogue. Nobody is called, nothing in a clone is run or changed.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use underpin_assess::catalogue::address_key;
use underpin_ledger::{LookedAt, NotOverwritten, RefusedLook, TakenRepositories};
use underpin_model::Timestamp;
use underpin_model::catalogue::{AddressFrom, Declared, KeptPlace, KeptPractice, RepositoryLook, Visibility};
use underpin_model::limits::bounds::{KEPT_PLACES, REPOSITORIES_TAKEN};
use underpin_model::practices::Fault;
use underpin_model::registry::AgencyId;
use underpin_repositories::{GitClone, SourceTree, look_at, tree_facts};

use super::check::{CheckedPractice, check, unreadable};
use super::evidence::Evidence;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Clones that are named where several claim one address.
const NAMED_OTHERS: usize = 5;

/// A clone to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloneOf {
    /// Where it is; a folder of clones stands for all of them.
    pub path: PathBuf,
    /// Whose repository it is.
    pub agency: AgencyId,
    /// Who may know of it; `None` leaves it as it is.
    pub visibility: Option<Visibility>,
    /// Its address, where neither its files nor the clone say it.
    pub address: Option<String>,
}

/// A clone that is not in the catalogue, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotTaken {
    /// The clone.
    pub path: String,
    /// Stable code.
    pub code: &'static str,
    /// Why.
    pub message: String,
}

/// What came of looking at clones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CrawlAnswer {
    /// What was written down.
    #[serde(flatten)]
    pub taken: TakenRepositories,
    /// Clones that are not in the catalogue.
    pub rows: Vec<NotTaken>,
}

/// What a clone shows: its address and from where that is known, what it declares, and how it keeps practices.
pub type Shown = (Option<(String, AddressFrom)>, Declared, RepositoryLook);

/// What a clone shows: its address with how that is known, what it declares, and the look with the results of practices.
///
/// Where it was cloned from comes first: a fork that keeps the file of its upstream declares the address of that one.
///
/// # Errors
/// `no-clone`, `no-folder`, `too-many-files`.
pub fn look(path: &Path, as_of: Timestamp) -> Result<Shown> {
    let tree = SourceTree::open(path).map_err(unreadable)?;
    let facts = tree_facts(&tree, as_of, |_| false);
    let clone = facts.commit.is_some().then(|| GitClone::open(path)).transpose().map_err(unreadable)?;
    let (declared, mut found) = look_at(clone.as_ref(), &tree, &facts);
    found.practices = check(path, &[], as_of, &Evidence::default())?.practices.iter().map(kept).collect();
    let origin = clone.as_ref().and_then(GitClone::origin).and_then(|origin| address_key(&origin));
    let says = declared.url.as_deref().and_then(address_key);
    let address = origin.map(|key| (key, AddressFrom::Origin)).or(says.map(|key| (key, AddressFrom::Declared)));
    Ok((address, declared, found))
}

fn kept(practice: &CheckedPractice) -> KeptPractice {
    let more = practice.places.len().saturating_sub(KEPT_PLACES) as u64;
    KeptPractice {
        pack: practice.pack,
        practice: practice.practice.to_owned(),
        version: practice.version,
        standard: practice.standard.clone(),
        rule: practice.rule.to_owned(),
        outcome: practice.outcome,
        obstacle: practice.obstacle,
        places: practice.places.iter().take(KEPT_PLACES).map(place).collect(),
        more_places: practice.more_places + more,
    }
}

fn place(fault: &Fault) -> KeptPlace {
    let mut place = fault.path.clone();
    for part in [fault.line, fault.column].into_iter().flatten() {
        place += &format!(":{part}");
    }
    KeptPlace { place, code: fault.code, detail: fault.detail.clone() }
}

/// Clones at a path: itself, or those in the folder, one or two folders deep. Links are not followed.
fn clones_at(path: &Path, depth: usize) -> Result<Vec<PathBuf>> {
    let is_clone = path.join(".git").symlink_metadata().is_ok()
        || (path.join("HEAD").is_file() && path.join("objects").is_dir() && path.join("refs").is_dir());
    if is_clone || depth == 0 {
        return Ok(if is_clone { vec![path.to_owned()] } else { Vec::new() });
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| OfficeError::file(path, &error))? {
        let entry = entry.map_err(|error| OfficeError::file(path, &error))?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            found.extend(clones_at(&entry.path(), depth - 1)?);
        }
        if found.len() > REPOSITORIES_TAKEN {
            return Err(OfficeError::new("too-many-files", format!("{} holds too many clones", path.display()))
                .hint("look at a part of them"));
        }
    }
    found.sort();
    Ok(found)
}

impl House {
    /// Looks at clones and writes down what they show. What cannot be read, or has no address, is told and left out.
    ///
    /// # Errors
    /// `no-clone` where a path holds none, `unknown-agency`, `not-allowed`, and what the ledger says.
    pub async fn crawl(&self, author: &Author, wanted: &[CloneOf]) -> Result<CrawlAnswer> {
        let mut all: Vec<CloneOf> = Vec::new();
        for one in wanted {
            let mut found = clones_at(&one.path, 2)?;
            // A plain folder does not say where it lies.
            if found.is_empty() && one.address.is_some() && one.path.is_dir() {
                found.push(one.path.clone());
            }
            if found.is_empty() {
                let message = format!("{} is no clone, and there is none in it", one.path.display());
                return Err(OfficeError::new("no-clone", message).hint("name a clone, or a folder with clones in it"));
            }
            all.extend(found.into_iter().map(|path| CloneOf { path, ..one.clone() }));
        }
        // A folder and a clone in it may both be named.
        let mut known = BTreeSet::new();
        all.retain(|one| known.insert((one.agency.0.clone(), one.path.canonicalize().unwrap_or(one.path.clone()))));
        let looked: Vec<std::result::Result<LookedAt, NotTaken>> =
            all.par_iter().map(|one| looked_at(one, author.at)).collect();
        let (mut looks, mut rows): (Vec<(PathBuf, LookedAt)>, Vec<NotTaken>) = Default::default();
        for (of, one) in all.into_iter().zip(looked) {
            match one {
                Ok(look) => looks.push((of.path, look)),
                Err(not) => rows.push(not),
            }
        }
        self.taken(author, (looks, rows)).await
    }

    /// Writes down what looks found. `rows` is what was left out before.
    pub(super) async fn taken(
        &self,
        author: &Author,
        (looks, mut rows): (Vec<(PathBuf, LookedAt)>, Vec<NotTaken>),
    ) -> Result<CrawlAnswer> {
        let (looks, twice) = told_apart(looks);
        rows.extend(twice);
        let place = |look: &LookedAt| (look.agency.clone(), look.address.clone());
        let paths: HashMap<(AgencyId, String), PathBuf> =
            looks.iter().map(|(path, look)| (place(look), path.clone())).collect();
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        let looks = looks.into_iter().map(|(_, look)| look).collect();
        let taken = writer.take_repositories(author.at, looks).await?;
        rows.extend(taken.refused.iter().map(|one| {
            let path = paths.get(&(one.agency.clone(), one.address.clone())).cloned().unwrap_or_default();
            refused(&path, one)
        }));
        Ok(CrawlAnswer { taken, rows })
    }
}

/// Looks, and those that claim one address: nobody can say which of them lies there, so none is taken.
fn told_apart(looks: Vec<(PathBuf, LookedAt)>) -> (Vec<(PathBuf, LookedAt)>, Vec<NotTaken>) {
    let mut of_address: HashMap<String, Vec<PathBuf>> = HashMap::new();
    for (path, look) in &looks {
        of_address.entry(look.address.clone()).or_default().push(path.clone());
    }
    let others = |path: &Path, address: &str| -> Vec<String> {
        let all = of_address.get(address).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|other| *other != path).take(NAMED_OTHERS).map(|other| other.display().to_string()).collect()
    };
    let (good, twice): (Vec<_>, Vec<_>) =
        looks.into_iter().partition(|(path, look)| others(path, &look.address).is_empty());
    let row = |(path, look): &(PathBuf, LookedAt)| NotTaken {
        path: path.display().to_string(),
        code: "same-address",
        message: format!(
            "it lies at {address} by its own word, and so does {others}: say where each lies with --address, or mend its origin or the url \
             of its publiccode.yml",
            address = look.address,
            others = others(path, &look.address).join(", ")
        ),
    };
    let rows = twice.iter().map(row).collect();
    (good, rows)
}

/// A look that would have taken the place of another repository.
fn refused(path: &Path, one: &RefusedLook) -> NotTaken {
    let address = &one.address;
    let (code, message) = match one.why {
        NotOverwritten::OnlyDeclared => (
            "other-origin",
            format!(
                "another one is known to lie at {address}; this one only declares that, as a fork does that keeps the file of its upstream: \
                 say where it lies with --address, or mend the url of its publiccode.yml"
            ),
        ),
        NotOverwritten::OtherHistory => (
            "other-history",
            format!(
                "another one is in the catalogue as {address}, and its history begins elsewhere: say where this one lies with --address, or \
                 take the other one out with `underpin catalogue remove`"
            ),
        ),
        NotOverwritten::Closed => (
            "closed-at-forge",
            format!(
                "its forge shows {address} to some people only, and it is public in the catalogue: say `underpin catalogue change {address} \
                 --visibility internal`, or open it there"
            ),
        ),
    };
    NotTaken { path: path.display().to_string(), code, message }
}

fn looked_at(one: &CloneOf, as_of: Timestamp) -> std::result::Result<LookedAt, NotTaken> {
    let not = |code: &'static str, message: String| NotTaken { path: one.path.display().to_string(), code, message };
    let (found, declared, look) = look(&one.path, as_of).map_err(|error| not(error.code, error.message))?;
    let said = one.address.as_deref().map(|text| {
        let key =
            address_key(text).ok_or_else(|| not("no-address", format!("{text} is no address of a repository")))?;
        Ok((key, AddressFrom::Said))
    });
    let (address, address_from) = said.transpose()?.or(found).ok_or_else(|| {
        not("no-address", "neither its files nor the clone say where it lies; say it with --address".to_owned())
    })?;
    Ok(LookedAt {
        agency: one.agency.clone(),
        address,
        address_from,
        is_closed: false,
        visibility: one.visibility,
        declared,
        look: Some(look),
    })
}

impl Desk {
    /// The clones of a list. Paths begin at the folder of the list.
    ///
    /// # Errors
    /// `bad-list`; `not-found` or `ambiguous-name` for an agency.
    pub fn clones_in(&self, folder: &Path, text: &str) -> Result<Vec<CloneOf>> {
        let lines = underpin_formats::crawl_list::read(text).map_err(|error| {
            OfficeError::new("bad-list", error).hint("a table [[clones]] each, or CSV, with agency, path, visibility")
        })?;
        let of = |line: underpin_formats::crawl_list::CrawlLine| {
            let agency = self.agency_called(&line.agency)?.id.clone();
            Ok(CloneOf { path: folder.join(line.path), agency, visibility: line.visibility, address: None })
        };
        lines.into_iter().map(of).collect()
    }
}
