// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What pipelines, build files and documents of a repository show: places, never the text that stands there.

use std::collections::BTreeSet;

use crate::limits::bounds::PRACTICE_PLACES;
use crate::practices::{Fault, FaultCode};
use crate::words::words;

words!(
    /// What a document, or a part of it, is about.
    Theme {
        #[default] Usage "usage", Defects "defects", Verification "verification", Author "author", Support "support",
        SupportEnd "support-end", Dependencies "dependencies", Building "building", Members "members", Roles "roles",
        Contribution "contribution", Acceptance "acceptance", Testing "testing", TestPolicy "test-policy", Design "design",
        Interfaces "interfaces", Assessment "assessment", Threats "threats", Contact "contact", PrivateChannel "private-channel",
        ResponseTime "response-time", Advisories "advisories", Exploitability "exploitability", Secrets "secrets",
        Roadmap "roadmap", Purpose "purpose", Review "review", Style "style", Standards "standards", Maturity "maturity", Installation "installation",
    }
);

/// What was seen, by code and place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildFacts {
    /// What is done in a way that lets others in, or lies there and should not.
    pub faults: Vec<Fault>,
    /// What is there, or is done.
    pub signs: Vec<Fault>,
    /// Files that were not understood, and what was left open in them.
    pub undecided: Vec<Fault>,
    /// Where documents speak about a theme.
    pub themes: Vec<(Theme, Fault)>,
    /// Files of the repository that workflows and actions call.
    pub calls: Vec<Call>,
    /// What called files do with what they are given.
    pub reached: Vec<Reached>,
}

/// A file of the repository that a workflow or an action calls, and what it gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The file that calls.
    pub from: String,
    /// The line of the call, from 1.
    pub line: u32,
    /// What is called: a file, or the folder of an action.
    pub to: String,
    /// Whether outsiders start it with the rights of the repository.
    pub is_privileged: bool,
    /// Whether outsiders start it.
    pub is_outside: bool,
    /// Whether it runs for every proposal.
    pub tests_proposals: bool,
    /// Inputs that may hold words of outsiders.
    pub words: BTreeSet<String>,
    /// Inputs that may name code of outsiders.
    pub code: BTreeSet<String>,
    /// Inputs of the caller that it gives on, each with the name under which.
    pub passed: Vec<(String, String)>,
}

/// A place in a called file where it matters who calls, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The called file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What reaches it.
    pub what: Inner,
}

/// What reaches a place in a called file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inner {
    /// The words of this input become part of a script.
    Words(String),
    /// The code that this input names is fetched.
    Code(String),
    /// The code of a proposal is fetched.
    Proposal,
}

impl BuildFacts {
    /// Notes a fault; beyond the limit of places nothing is kept.
    pub fn fault(&mut self, fault: Fault) {
        push(&mut self.faults, fault);
    }

    /// Notes what is there or done.
    pub fn sign(&mut self, sign: Fault) {
        push(&mut self.signs, sign);
    }

    /// Notes what was left open.
    pub fn open(&mut self, fault: Fault) {
        push(&mut self.undecided, fault);
    }

    /// Notes that a document speaks about a theme; the first place of each file is enough.
    pub fn theme(&mut self, theme: Theme, place: Fault) {
        // Files come one after another, so those of this file stand at the end.
        let mut own = self.themes.iter_mut().rev().take_while(|(_, at)| at.path == place.path);
        match own.find(|(own, _)| *own == theme) {
            // A plain place says more than one that has to be read.
            Some((_, known)) if known.code != FaultCode::Found && place.code == FaultCode::Found => *known = place,
            Some(_) => {}
            None => self.themes.push((theme, place)),
        }
    }

    /// The faults of some codes.
    pub fn faults_of(&self, codes: &[FaultCode]) -> Vec<Fault> {
        of(&self.faults, codes)
    }

    /// The signs of some codes.
    pub fn signs_of(&self, codes: &[FaultCode]) -> Vec<Fault> {
        of(&self.signs, codes)
    }

    /// The places that plainly speak about a theme.
    pub fn about(&self, theme: Theme) -> Vec<Fault> {
        self.of_theme(theme, true)
    }

    /// The places that may speak about a theme: a person has to read them.
    pub fn perhaps_about(&self, theme: Theme) -> Vec<Fault> {
        self.of_theme(theme, false)
    }

    fn of_theme(&self, theme: Theme, is_plain: bool) -> Vec<Fault> {
        let own =
            self.themes.iter().filter(|(own, place)| *own == theme && (place.code == FaultCode::Found) == is_plain);
        own.map(|(_, place)| place.clone()).collect()
    }

    /// Sorted by place.
    pub fn sort(&mut self) {
        for list in [&mut self.faults, &mut self.signs, &mut self.undecided] {
            list.sort();
            list.dedup();
        }
        self.themes.sort();
    }
}

fn push(list: &mut Vec<Fault>, fault: Fault) {
    if list.len() <= PRACTICE_PLACES {
        list.push(fault);
    }
}

fn of(list: &[Fault], codes: &[FaultCode]) -> Vec<Fault> {
    list.iter().filter(|fault| codes.contains(&fault.code)).cloned().collect()
}
