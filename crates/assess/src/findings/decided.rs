// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Decisions and suppliers' statements as rules about vulnerabilities: which hold, where, and about which package versions.
//!
//! What cannot hold is not passed over in silence: [`Rules::ignored`] names it with the reason. In particular a reason that is
//! bound to a place ("the code is never reached") says nothing about another place: a decision for an agency or the whole
//! government with such a reason, or a statement about a package wherever it is used, changes nothing.

use std::collections::{HashMap, HashSet};

use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::watch::{Decision, DecisionId, Justification, Place, Status};
use underpin_model::{Purl, Timestamp};

use super::artefacts::Artefacts;
use super::estate::Estate;
use super::status::FindingStatus;
use crate::identity::of_purl;
use crate::matching::is_cve;
use crate::vers::VersionRange;

/// What a supplier said (VEX), bound to a product.
#[derive(Clone, Debug)]
pub struct Said<'a> {
    /// Who speaks, by a number of the caller's own list: the most trusted first.
    pub author: u32,
    /// Names of the vulnerability, the main one first.
    pub vulnerabilities: Vec<&'a str>,
    /// Purl of the thing, with or without version. Empty for everything inside artefacts that are the product; elsewhere a
    /// statement without it says nothing: never by the vulnerability alone.
    pub package: &'a str,
    /// Which versions, where the purl does not say: one version, or a range (VERS); empty for all.
    pub versions: &'a str,
    /// Where the thing must be.
    pub within: Within,
    /// What is said.
    pub status: Status,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// When it was said.
    pub said: Timestamp,
}

/// The product that a thing must be part of for a statement to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Within {
    /// Wherever the thing is.
    Anywhere,
    /// In these artefacts (by number, in any order): they are the product, or hold the thing only inside it.
    Artefacts(Vec<u32>),
    /// Nowhere here, and why.
    Nowhere(Ignored),
}

/// What was decided and said, and as of when.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// Decisions, those that ended too.
    pub decisions: &'a [Decision],
    /// Statements.
    pub statements: &'a [Said<'a>],
    /// Identifiers of the estate's systems.
    pub systems: &'a [SystemId],
    /// Identifiers of the estate's agencies.
    pub agencies: &'a [AgencyId],
    /// Artefacts of uses.
    pub artefacts: &'a Artefacts,
    /// The moment asked for: what was recorded or said later is not known yet.
    pub at: Timestamp,
}

/// Who made a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Voice {
    /// The government itself.
    Decision(DecisionId),
    /// A supplier: place of its statement in the list.
    Statement(u32),
}

/// Why a decision or statement changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// Its reason is bound to a place, and it speaks about many.
    BoundToPlace,
    /// No match has a vulnerability of that name.
    UnknownVulnerability,
    /// It names one of several vulnerabilities that an advisory is about: the others would be closed with it.
    PartOfSeveral,
    /// The package is no purl.
    UnreadablePackage,
    /// There is no such system or agency.
    UnknownPlace,
    /// The statement names no package.
    NoProduct,
    /// The statement asks for something that is not known of package versions (an architecture).
    UnknownQualifier,
    /// Nothing here is the product that the statement is about.
    ProductNotHere,
    /// The product is here, and nobody says that the component lies inside it and nowhere else.
    NotContained,
    /// The versions that the statement speaks of cannot be read.
    UnreadableVersions,
}

impl Ignored {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::BoundToPlace,
        Self::UnknownVulnerability,
        Self::PartOfSeveral,
        Self::UnreadablePackage,
        Self::UnknownPlace,
        Self::NoProduct,
        Self::UnknownQualifier,
        Self::ProductNotHere,
        Self::NotContained,
        Self::UnreadableVersions,
    ];

    /// The same in plain words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::BoundToPlace => "Its reason is bound to a place, and it speaks about many places.",
            Self::UnknownVulnerability => "No package version in use has a vulnerability of that name.",
            Self::PartOfSeveral => {
                "The advisory found here is about several vulnerabilities, and it names one of them: name the advisory."
            }
            Self::UnreadablePackage => "The package that it names is no package URL.",
            Self::UnknownPlace => "There is no such system or agency.",
            Self::NoProduct => "It names no product that can be told.",
            Self::UnknownQualifier => "It asks for something that is not known of package versions.",
            Self::ProductNotHere => "Nothing here is the product that it is about.",
            Self::NotContained => "The product is here, and no document says that the component lies only inside it.",
            Self::UnreadableVersions => "The versions that it speaks of cannot be read.",
        }
    }

    /// The stable code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BoundToPlace => "bound-to-place",
            Self::UnknownVulnerability => "unknown-vulnerability",
            Self::PartOfSeveral => "part-of-several",
            Self::UnreadablePackage => "unreadable-package",
            Self::UnknownPlace => "unknown-place",
            Self::NoProduct => "no-product",
            Self::UnknownQualifier => "unknown-qualifier",
            Self::ProductNotHere => "product-not-here",
            Self::NotContained => "not-contained",
            Self::UnreadableVersions => "unreadable-versions",
        }
    }
}

/// How a decision that closed a finding came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Somebody withdrew it.
    Withdrawn,
    /// Its time is over.
    Expired,
    /// A later decision of the same reach, or a later statement of a supplier about the very thing, says otherwise.
    Contradicted,
}

/// A decision or statement about a vulnerability.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub voice: Voice,
    pub reach: Reach,
    /// Package versions, ascending; `None` for all.
    pub versions: Option<Vec<u32>>,
    /// 0 for all packages, 1 for a package, 2 for a version.
    pub detail: u8,
    pub status: FindingStatus,
    pub is_bound_to_place: bool,
    /// When it was recorded or said.
    pub moment: Timestamp,
    /// How it ended; `None` while it holds.
    pub ended: Option<Why>,
    /// Of a statement.
    pub author: u32,
}

/// Where a rule holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Everywhere,
    Agency(u32),
    System(u32),
    /// A system, and the artefacts that are meant of it, ascending.
    Artefact(u32, Vec<u32>),
    /// Ascending.
    Artefacts(Vec<u32>),
}

/// Rules by vulnerability.
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    pub(super) estate: &'a Estate,
    pub(super) artefacts: &'a Artefacts,
    pub(super) by_vulnerability: HashMap<u32, Vec<Rule>>,
    /// The agency itself and those above it, by agency.
    pub(super) paths: Vec<Vec<u32>>,
    /// What changes nothing, and why.
    pub ignored: Vec<(Voice, Ignored)>,
}

impl<'a> Rules<'a> {
    /// Reads what was decided and said.
    pub fn of(estate: &'a Estate, decided: &Decided<'a>) -> Self {
        let paths = (0..estate.agencies.len() as u32).map(|agency| path(estate, agency)).collect();
        let mut rules =
            Self { estate, artefacts: decided.artefacts, by_vulnerability: HashMap::new(), paths, ignored: Vec::new() };
        let names = Names::of(estate, decided);
        for decision in decided.decisions {
            let Some(ended) = state_at(decision, decided.at) else { continue };
            let voice = Voice::Decision(decision.id);
            match names.decision(estate, decision, ended) {
                Ok((vulnerability, rule)) => rules.by_vulnerability.entry(vulnerability).or_default().push(rule),
                Err(ignored) => rules.ignored.push((voice, ignored)),
            }
        }
        for (number, said) in decided.statements.iter().enumerate().filter(|(_, said)| said.said <= decided.at) {
            let voice = Voice::Statement(number as u32);
            match names.statement(estate, said, voice) {
                Ok((vulnerability, rule)) => rules.by_vulnerability.entry(vulnerability).or_default().push(rule),
                Err(ignored) => rules.ignored.push((voice, ignored)),
            }
        }
        rules
    }
}

/// An agency and those above it, the nearest first. A ring ends where it began.
fn path(estate: &Estate, agency: u32) -> Vec<u32> {
    let mut path = vec![agency];
    while let Some(above) = path.last().and_then(|last| estate.agencies[*last as usize]) {
        if path.contains(&above) {
            break;
        }
        path.push(above);
    }
    path
}

/// `Some(None)` while a decision holds, `Some(Some(_))` once it has ended, `None` when it never held before that moment.
fn state_at(decision: &Decision, at: Timestamp) -> Option<Option<Why>> {
    if decision.recorded > at {
        return None;
    }
    if decision.holds_at(at) {
        return Some(None);
    }
    let approved = match (&decision.approved, decision.needs_approval) {
        (Some((_, moment)), true) => *moment,
        (None, true) => return None,
        (_, false) => Timestamp::MIN,
    };
    let began = decision.valid_from.max(decision.recorded).max(approved);
    let withdrawn = decision.withdrawn.as_ref().map_or(Timestamp::MAX, |(_, moment, _)| *moment);
    let expired = decision.expires.unwrap_or(Timestamp::MAX);
    let end = withdrawn.min(expired);
    (began < end && end <= at).then_some(Some(if withdrawn <= expired { Why::Withdrawn } else { Why::Expired }))
}

/// What names in decisions mean.
struct Names<'a> {
    /// By name; `None` for a CVE number that is only found among several of one advisory.
    vulnerabilities: HashMap<String, Option<u32>>,
    systems: HashMap<&'a str, u32>,
    agencies: HashMap<&'a str, u32>,
    artefacts: &'a Artefacts,
}

impl<'a> Names<'a> {
    fn of(estate: &Estate, decided: &Decided<'a>) -> Self {
        let said = decided.statements.iter().flat_map(|said| said.vulnerabilities.iter().copied());
        let named = decided.decisions.iter().map(|decision| decision.vulnerability.as_str());
        let wanted: HashSet<String> = said.chain(named).map(folded).collect();
        let mut vulnerabilities = HashMap::new();
        for number in 0..estate.names.len() as u32 {
            let names = estate.names.row(number).iter().map(|name| folded(name));
            let has_several = names.clone().filter(|name| is_cve(name)).nth(1).is_some();
            for name in names.filter(|name| wanted.contains(name)) {
                let whole = Some(number).filter(|_| !(has_several && is_cve(&name)));
                let known: &mut Option<u32> = vulnerabilities.entry(name).or_default();
                *known = known.or(whole);
            }
        }
        let systems = decided.systems.iter().enumerate().map(|(number, id)| (id.0.as_str(), number as u32)).collect();
        let agencies = decided.agencies.iter().enumerate().map(|(number, id)| (id.0.as_str(), number as u32)).collect();
        Self { vulnerabilities, systems, agencies, artefacts: decided.artefacts }
    }

    fn vulnerability(&self, name: &str) -> Result<u32, Ignored> {
        let known = self.vulnerabilities.get(&folded(name)).ok_or(Ignored::UnknownVulnerability)?;
        known.ok_or(Ignored::PartOfSeveral)
    }

    fn decision(&self, estate: &Estate, decision: &Decision, ended: Option<Why>) -> Result<(u32, Rule), Ignored> {
        let system = |id: &SystemId| self.systems.get(id.0.as_str()).copied().ok_or(Ignored::UnknownPlace);
        let reach = match &decision.place {
            Place::Government => Reach::Everywhere,
            Place::Agency(id) => Reach::Agency(self.agencies.get(id.0.as_str()).copied().ok_or(Ignored::UnknownPlace)?),
            Place::System(id) => Reach::System(system(id)?),
            Place::Artefact { system: id, artefact } => Reach::Artefact(system(id)?, self.artefacts.called(artefact)),
        };
        let is_bound_to_place = is_bound(decision.status, decision.justification);
        if is_bound_to_place && matches!(reach, Reach::Everywhere | Reach::Agency(_)) {
            return Err(Ignored::BoundToPlace);
        }
        let vulnerability = self.vulnerability(&decision.vulnerability)?;
        let (versions, detail) = match decision.package.trim() {
            "" => (None, 0),
            text => {
                let (purl, _) = Purl::parse_lenient(text).map_err(|_| Ignored::UnreadablePackage)?;
                versions(estate, vulnerability, purl, None)
            }
        };
        let status = status(decision.status);
        let (voice, moment) = (Voice::Decision(decision.id), decision.recorded);
        let rule = Rule { voice, reach, versions, detail, status, is_bound_to_place, moment, ended, author: 0 };
        Ok((vulnerability, rule))
    }

    fn statement(&self, estate: &Estate, said: &Said<'_>, voice: Voice) -> Result<(u32, Rule), Ignored> {
        let reach = match &said.within {
            Within::Anywhere => Reach::Everywhere,
            Within::Artefacts(artefacts) => {
                let mut artefacts = artefacts.clone();
                artefacts.sort_unstable();
                Reach::Artefacts(artefacts)
            }
            Within::Nowhere(why) => return Err(*why),
        };
        let is_bound_to_place = is_bound(said.status, said.justification);
        let is_everything = said.package.trim().is_empty();
        match reach {
            Reach::Everywhere if is_everything => return Err(Ignored::NoProduct),
            Reach::Everywhere if is_bound_to_place => return Err(Ignored::BoundToPlace),
            _ => {}
        }
        let known = || {
            let all = said.vulnerabilities.iter().map(|name| self.vulnerability(name));
            let best = all.reduce(
                |best, next| if best.is_ok() || next == Err(Ignored::UnknownVulnerability) { best } else { next },
            );
            best.unwrap_or(Err(Ignored::UnknownVulnerability))
        };
        let (vulnerability, (versions, detail)) = if is_everything {
            (known()?, (None, 0))
        } else {
            let (purl, _) = Purl::parse_lenient(said.package).map_err(|_| Ignored::UnreadablePackage)?;
            let identity = of_purl(purl.clone()).purl;
            if !purl.qualifiers.iter().all(|(key, _)| identity.qualifier(key).is_some()) || !purl.subpath.is_empty() {
                return Err(Ignored::UnknownQualifier);
            }
            let meant = meant(said.versions)?;
            let vulnerability = known()?;
            (vulnerability, versions(estate, vulnerability, purl, meant.as_ref()))
        };
        let (status, moment, author) = (status(said.status), said.said, said.author);
        let rule = Rule { voice, reach, versions, detail, status, is_bound_to_place, moment, ended: None, author };
        Ok((vulnerability, rule))
    }
}

/// Versions that a statement names beside its purl.
enum Meant<'a> {
    One(&'a str),
    Range(VersionRange),
}

/// What the versions of a statement mean; nothing when it names none.
fn meant(versions: &str) -> Result<Option<Meant<'_>>, Ignored> {
    let versions = versions.trim();
    if versions.starts_with("vers:") {
        let range = VersionRange::parse_lenient(versions).map_err(|_| Ignored::UnreadableVersions)?;
        return Ok(Some(Meant::Range(range.0)));
    }
    // A range in words of its own ("<= 1.2", "all versions before 3") is not guessed.
    if versions.contains(|mark: char| mark.is_whitespace() || "<>=*|,".contains(mark)) {
        return Err(Ignored::UnreadableVersions);
    }
    Ok(Some(versions).filter(|versions| !versions.is_empty()).map(Meant::One))
}

/// Names of vulnerabilities are the same in upper and lower case.
fn folded(name: &str) -> String {
    name.trim().to_ascii_uppercase()
}

fn is_bound(status: Status, justification: Option<Justification>) -> bool {
    status == Status::NotAffected && justification.is_some_and(Justification::is_bound_to_place)
}

fn status(status: Status) -> FindingStatus {
    match status {
        Status::Affected => FindingStatus::Open,
        Status::UnderInvestigation => FindingStatus::UnderInvestigation,
        Status::Fixed => FindingStatus::Fixed,
        Status::NotAffected => FindingStatus::NotAffected,
    }
}

/// The versions with the vulnerability that a purl means: same package, the version where it is given, every qualifier given, and
/// one of the versions named beside it.
fn versions(estate: &Estate, vulnerability: u32, purl: Purl, meant: Option<&Meant<'_>>) -> (Option<Vec<u32>>, u8) {
    let wanted = of_purl(purl);
    let is_precise = !wanted.purl.version.is_empty();
    let found = estate.by_vulnerability.row(vulnerability).iter().map(|found| estate.match_versions[*found as usize]);
    let fits = |version: &u32| {
        if estate.versions[*version as usize].package != wanted.package_id {
            return false;
        }
        let Ok((own, _)) = Purl::parse_lenient(estate.version_texts.get(*version)) else { return false };
        let is_meant = match meant {
            None => true,
            // Of an unknown version nothing is said.
            Some(Meant::Range(range)) => !own.version.is_empty() && range.contains(&own.version),
            Some(Meant::One(version)) => own.version == *version,
        };
        is_meant
            && (!is_precise || own.version == wanted.purl.version)
            && wanted.purl.qualifiers.iter().all(|(key, value)| own.qualifier(key) == Some(value))
    };
    let detail = if is_precise || matches!(meant, Some(Meant::One(_))) { 2 } else { 1 };
    (Some(found.filter(fits).collect()), detail)
}
