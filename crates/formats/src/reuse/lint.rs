// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A whole tree held against REUSE.

use std::collections::{BTreeMap, BTreeSet};

use spdx::{exception_id, license_id};
use underpin_model::practices::{Fault, FaultCode, Inspection};

use super::declared::{self, DEP5, Declared, Precedence, TOML};
use super::{covered, expression, tags};

/// The folder of the texts.
const LICENSES: &str = "LICENSES/";

/// A file of a tree, by its path from the root. Links and other repositories are left out before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed<'a> {
    /// Its path.
    pub path: &'a str,
}

/// A tree: its regular files by path, and how to read one.
pub struct Tree<'a> {
    /// Sorted by path.
    pub files: &'a [Listed<'a>],
    /// Reads a file by its place in the list; what keeps it from being read is `beyond-limits` or `unreadable`.
    pub read: &'a dyn Fn(usize) -> Result<Vec<u8>, FaultCode>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Faults, and files that were too large to be read.
    pub found: Inspection,
    /// How many files have to say what they are under.
    pub covered: u64,
}

/// Holds a tree against REUSE.
pub fn lint(tree: &Tree<'_>) -> Report {
    let mut work =
        Work { tree, report: Report::default(), texts: BTreeMap::new(), used: BTreeSet::new(), declared: Vec::new() };
    work.texts();
    work.declarations();
    for place in 0..tree.files.len() {
        work.file(place);
    }
    work.unused();
    work.report.found.sort();
    work.report
}

struct Work<'a> {
    tree: &'a Tree<'a>,
    report: Report,
    /// Licences whose texts are there, with the paths of these.
    texts: BTreeMap<&'a str, &'a str>,
    used: BTreeSet<String>,
    /// Outermost first.
    declared: Vec<Declared>,
}

/// What is said about one file, from all sides.
#[derive(Default)]
struct All<'a> {
    has_copyright: bool,
    expressions: Vec<(Option<u32>, &'a str)>,
}

impl<'a> Work<'a> {
    fn fault(&mut self, fault: Fault) {
        self.report.found.faults.push(fault);
    }

    fn find(&self, path: &str) -> Option<usize> {
        self.tree.files.binary_search_by(|file| file.path.cmp(path)).ok()
    }

    /// The texts in the folder for them.
    fn texts(&mut self) {
        for file in self.tree.files {
            let Some(below) = file.path.strip_prefix(LICENSES).filter(|below| !below.ends_with(".license")) else {
                continue;
            };
            let name = below.rsplit('/').next().unwrap_or(below);
            let (stem, ending) = match name.rfind('.') {
                Some(at) if at > 0 => (name.get(..at).unwrap_or(name), name.get(at..).unwrap_or_default()),
                _ => (name, ""),
            };
            let is_whole = ending.len() > 1 && (is_listed(stem) || is_own(stem));
            let identifier = if !is_whole && is_listed(name) { name } else { stem };
            let of_file = |code| Fault::of_file(file.path, code).about(identifier);
            if !is_whole && is_listed(name) {
                self.fault(of_file(FaultCode::LicenceWithoutEnding));
            }
            if !is_listed(identifier) && (!is_own(identifier) || identifier.contains("Unknown")) {
                self.fault(of_file(FaultCode::UnknownLicence));
            }
            if is_deprecated(identifier) {
                self.fault(of_file(FaultCode::DeprecatedLicence));
            }
            if self.texts.insert(identifier, file.path).is_some() {
                self.fault(of_file(FaultCode::Twice));
            }
        }
    }

    /// The files that speak for others.
    fn declarations(&mut self) {
        let is_toml = |path: &str| path.rsplit('/').next() == Some(TOML) && covered::is_in_scope(path);
        let files = self.tree.files.iter().enumerate();
        let tomls: Vec<usize> = files.filter(|(_, file)| is_toml(file.path)).map(|(place, _)| place).collect();
        let dep5 = self.find(DEP5);
        if dep5.is_some() && !tomls.is_empty() {
            self.fault(Fault::of_file(DEP5, FaultCode::Dep5AndToml));
        }
        for place in tomls.into_iter().chain(dep5) {
            let Some(file) = self.tree.files.get(place) else { continue };
            let bytes = (self.tree.read)(place);
            if bytes.as_ref().is_ok_and(Vec::is_empty) {
                continue;
            }
            let text = bytes.as_deref().ok().and_then(|bytes| std::str::from_utf8(bytes).ok());
            let read =
                text.and_then(
                    |text| {
                        if file.path == DEP5 { declared::dep5(text) } else { declared::toml(file.path, text) }
                    },
                );
            match read {
                Some(read) => self.declared.push(read),
                None => self.fault(Fault::of_file(file.path, FaultCode::MalformedToml)),
            }
        }
        self.declared.sort_by(|one, other| one.folder().cmp(other.folder()));
    }

    fn file(&mut self, place: usize) {
        let Some(file) = self.tree.files.get(place).filter(|file| covered::is_covered(file.path)) else { return };
        let declared = std::mem::take(&mut self.declared);
        let told = outside(&declared, file.path);
        let is_whole = told.iter().any(|said| said.precedence == Precedence::Override);
        let beside = self.find(&format!("{}.license", file.path));
        match (self.tree.read)(place) {
            // An empty file has nothing that could be protected.
            Ok(bytes) if bytes.is_empty() => {}
            Ok(bytes) => {
                let marks = match beside.map(&self.tree.read) {
                    _ if is_whole => Ok(tags::Marks::default()),
                    None => Ok(tags::marks(&bytes)),
                    Some(beside) => beside.map(|bytes| tags::marks(&bytes)),
                };
                match marks {
                    Ok(marks) => self.judge(file.path, &together(&told, &marks)),
                    Err(code) => self.not_read(file.path, code),
                }
            }
            Err(code) => self.not_read(file.path, code),
        }
        self.declared = declared;
    }

    fn not_read(&mut self, path: &str, code: FaultCode) {
        let fault = Fault::of_file(path, code);
        match code {
            FaultCode::BeyondLimits => self.report.found.undecided.push(fault),
            _ => self.fault(fault),
        }
    }

    fn judge(&mut self, path: &str, all: &All<'_>) {
        self.report.covered += 1;
        if !all.has_copyright {
            self.fault(Fault::of_file(path, FaultCode::NoCopyright));
        }
        let mut has_licence = false;
        for (line, text) in &all.expressions {
            let at = |fault: Fault| Fault { line: *line, ..fault };
            let Some(names) = expression::names(text) else {
                self.fault(at(Fault::of_file(path, FaultCode::BadExpression)));
                continue;
            };
            has_licence = true;
            for name in names {
                let is_there = |name: &str| self.texts.contains_key(name);
                if !is_there(name) && !is_there(name.strip_suffix('+').unwrap_or(name)) {
                    self.fault(at(Fault::of_file(path, FaultCode::LicenceTextMissing).about(name)));
                }
                self.used.insert(name.to_owned());
            }
        }
        if !has_licence {
            self.fault(Fault::of_file(path, FaultCode::NoLicensing));
        }
    }

    fn unused(&mut self) {
        let texts = std::mem::take(&mut self.texts);
        for (name, path) in texts {
            if !self.used.contains(name) && !self.used.contains(&format!("{name}+")) {
                self.fault(Fault::of_file(path, FaultCode::LicenceUnused).about(name));
            }
        }
    }
}

/// What is said about a file by others, outermost first, up to the first that lets nobody else speak.
fn outside<'d>(declared: &'d [Declared], path: &str) -> Vec<&'d declared::Said> {
    let mut told = Vec::new();
    for said in declared.iter().filter_map(|one| one.about(path)) {
        told.push(said);
        if said.precedence == Precedence::Override {
            break;
        }
    }
    told
}

/// What counts of all that is said: what is the closest counts apart for copyright and for licence.
fn together<'a>(told: &[&'a declared::Said], marks: &'a tags::Marks) -> All<'a> {
    let mut all = All { has_copyright: marks.has_copyright, ..All::default() };
    all.expressions.extend(marks.expressions.iter().map(|(line, text)| (Some(*line), text.as_str())));
    let closest = || told.iter().rev().filter(|said| said.precedence == Precedence::Closest);
    if !marks.says_something() || !marks.has_copyright {
        all.has_copyright |= closest().any(|said| said.has_copyright);
    }
    if marks.expressions.is_empty()
        && let Some(said) = closest().find(|said| !said.expressions.is_empty())
    {
        all.expressions.extend(said.expressions.iter().map(|text| (None, text.as_str())));
    }
    for said in told.iter().filter(|said| said.precedence != Precedence::Closest) {
        all.has_copyright |= said.has_copyright;
        all.expressions.extend(said.expressions.iter().map(|text| (None, text.as_str())));
    }
    all
}

/// A name that whoever wrote the licence gave it.
fn is_own(name: &str) -> bool {
    name.strip_prefix("LicenseRef-").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    })
}

/// A licence or an exception on the list of SPDX.
fn is_listed(name: &str) -> bool {
    spdx::identifiers::LICENSES.iter().any(|licence| licence.name == name) || exception_id(name).is_some()
}

fn is_deprecated(name: &str) -> bool {
    license_id(name).is_some_and(spdx::LicenseId::is_deprecated)
        || exception_id(name).is_some_and(spdx::ExceptionId::is_deprecated)
}
