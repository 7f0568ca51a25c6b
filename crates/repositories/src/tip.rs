// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The files of the newest commit, and which of them speak about the project itself.

use std::cell::RefCell;

use gix::ObjectId;
use gix::objs::{CommitRef, Kind};
use hashbrown::HashMap;
use underpin_model::limits::bounds::{GIT_FILES, GIT_MAILMAP_BYTES};
use underpin_model::signals::Ignorance;

use crate::changes::Folders;
use crate::clone::{GitClone, Objects};
use crate::vendored::is_vendored;

/// Folders in which forges look for files about the project, in the order of preference.
const FOLDERS: &[&str] = &["", ".github/", "docs/", ".gitlab/", "doc/"];
/// How names of texts end.
const ENDINGS: &[&str] = &["", ".md", ".rst", ".txt", ".adoc", ".markdown", ".org"];

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Readme,
    Security,
    Licence,
    Contributing,
    Conduct,
    Governance,
    Funding,
    FundingYml,
    FundingJson,
    /// Payments, line by line.
    Accounts,
    Owners,
    Insights,
    /// Files that ask for an agreement (CLA) by a program.
    Agreement,
    /// Files that ask for sign-offs (DCO) by a program.
    SignOff,
    /// What changed from release to release.
    Changelog,
    Publiccode,
    SecurityTxt,
    CodeJson,
}

impl Topic {
    /// Names without folder and ending, in small letters; whether they may end as texts do; whether only the root counts.
    fn names(self) -> (&'static [&'static str], bool, bool) {
        match self {
            Self::Readme => (&["readme"], true, false),
            Self::Security => (&["security", "security-policy", "security_policy"], true, false),
            Self::Licence => (
                &["license", "licence", "copying", "unlicense", "license-mit", "license-apache", "copyright"],
                true,
                true,
            ),
            Self::Contributing => (&["contributing", "contribute", "hacking"], true, false),
            Self::Conduct => (&["code_of_conduct", "code-of-conduct", "codeofconduct", "conduct"], true, false),
            Self::Governance => (&["governance", "project-governance", "project_governance"], true, false),
            Self::Funding => (&["funding.yml", "funding.yaml", "funding.json"], false, false),
            Self::FundingYml => (&["funding.yml", "funding.yaml"], false, false),
            Self::FundingJson => (&["funding.json", ".well-known/funding.json"], false, false),
            Self::Accounts => (&[".gov/accounting.csv", "accounting.csv"], false, true),
            Self::Owners => (&["codeowners"], false, false),
            Self::Insights => (&["security-insights.yml", "security-insights.yaml"], false, false),
            Self::Agreement => (&[".clabot", "cla.json", "workflows/cla.yml", "workflows/cla.yaml"], false, false),
            Self::SignOff => (&["dco.yml", "dco", "dco.txt", "workflows/dco.yml", "workflows/dco.yaml"], false, false),
            Self::Changelog => (
                &["changelog", "changes", "history", "news", "release-notes", "release_notes", "releases"],
                true,
                false,
            ),
            Self::Publiccode => (&["publiccode.yml", "publiccode.yaml"], false, true),
            Self::CodeJson => (&["code.json"], false, true),
            Self::SecurityTxt => (&[".well-known/security.txt", "security.txt"], false, true),
        }
    }

    /// The first place of a file about this that `has` knows; names are given in small letters.
    pub(crate) fn find<T>(self, has: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (names, is_text, is_root) = self.names();
        let folders = if is_root { &FOLDERS[..1] } else { FOLDERS };
        let endings = if is_text { ENDINGS } else { &ENDINGS[..1] };
        let places = folders.iter().flat_map(|folder| names.iter().map(move |name| (folder, name)));
        let places = places.flat_map(|(folder, name)| endings.iter().map(move |ending| (folder, name, ending)));
        // A security.txt is for programs, and another topic.
        let is_other = |name: &str, ending: &str| self == Self::Security && name == "security" && ending == ".txt";
        let mut places = places.into_iter().filter(|(_, name, ending)| !is_other(name, ending));
        places.find_map(|(folder, name, ending)| has(&format!("{folder}{name}{ending}")))
    }
}

/// The newest commit.
pub(crate) struct Tip {
    objects: RefCell<Objects>,
    /// Paths of files that the project itself wrote.
    pub(crate) own: Vec<Vec<u8>>,
    /// Path and content of every file that lies high enough to speak about the project, by the path in small letters.
    high: HashMap<String, (String, ObjectId)>,
}

impl Tip {
    /// Reads the names of its files.
    pub(crate) fn read(clone: &GitClone, commit: Option<ObjectId>) -> Result<Self, Ignorance> {
        let mut objects = clone.objects();
        let hash = objects.hash();
        let id = commit.ok_or(Ignorance::NoCommits)?;
        let bytes = objects.read(&id, Kind::Commit).ok_or(Ignorance::NotInClone)?;
        let tree = CommitRef::from_bytes(bytes, hash).map_err(|_| Ignorance::NotUnderstood)?.tree();
        let files = Folders::default().files(&mut objects, tree, GIT_FILES).map_err(|_| Ignorance::NotInClone)?;
        let mut tip = Self { objects: RefCell::new(objects), own: Vec::new(), high: HashMap::new() };
        for side in files.ok_or(Ignorance::BeyondLimits)? {
            if !side.mode.is_blob() {
                continue;
            }
            if side.path.iter().filter(|byte| **byte == b'/').count() < 3
                && let Ok(path) = std::str::from_utf8(&side.path)
            {
                // Of names that differ only in the case of letters the first counts.
                tip.high.entry(path.to_lowercase()).or_insert((path.to_owned(), side.id));
            }
            if !is_vendored(&side.path) {
                tip.own.push(side.path);
            }
        }
        Ok(tip)
    }

    /// The path of the file about a topic.
    pub(crate) fn find(&self, topic: Topic) -> Option<&str> {
        topic.find(|place| self.high.get(place).map(|(path, _)| path.as_str()))
    }

    /// The text of the file about a topic, with its path.
    pub(crate) fn text(&self, topic: Topic) -> Result<(&str, String), Ignorance> {
        let path = self.find(topic).ok_or(Ignorance::NotInClone)?;
        let (_, id) = self.high.get(&path.to_lowercase()).ok_or(Ignorance::NotInClone)?;
        let mut objects = self.objects.borrow_mut();
        objects.file_bytes(id).ok_or(Ignorance::NotInClone)?;
        objects.text(id).map(|text| (path, text)).ok_or(Ignorance::NotUnderstood)
    }

    /// The project's own file that joins identities; empty where there is none.
    pub(crate) fn mailmap(&self) -> Vec<u8> {
        let Some((_, id)) = self.high.get(".mailmap") else { return Vec::new() };
        self.objects.borrow_mut().file(id, GIT_MAILMAP_BYTES).map(<[u8]>::to_vec).unwrap_or_default()
    }
}
