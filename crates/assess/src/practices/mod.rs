// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Practices: what standards ask of a repository, judged from its files alone.
//!
//! One practice is one file, and its first sentence is what it asks. A result is met, not met or cannot be assessed; unknown is
//! never "no", and nothing is added up across standards.

mod changelog;
mod code_json_valid;
mod code_of_conduct;
mod commits_signed;
mod commits_verified;
mod contributing_guide;
mod forge_judged;
mod insights_current;
mod insights_valid;
mod licence_file;
mod no_likely_secrets;
mod no_secrets;
mod opencode;
mod opencode_bus_factor;
mod opencode_commits;
mod opencode_issue_reaction;
mod opencode_protected_branch;
mod opencode_releases;
mod opencode_reviews;
mod opencode_security_policy;
mod opencode_signed_tags;
mod osps;
mod osps_judged;
mod provenance;
mod provenance_authentic;
mod provenance_hardened;
mod provenance_there;
mod public_code;
mod publiccode_current;
mod publiccode_reachable;
mod publiccode_there;
mod publiccode_valid;
mod readme;
mod reuse_copyright;
mod reuse_deprecated;
mod reuse_endings;
mod reuse_expressions;
mod reuse_known;
mod reuse_licensing;
mod reuse_readable;
mod reuse_texts;
mod reuse_unused;
mod scorecard;
mod security_policy;
mod security_txt_current;
mod security_txt_valid;
mod shown;
mod signatures;
mod tags_signed;
mod tags_verified;

use underpin_model::practices::{Fault, FaultCode, Obstacle, Outcome, Pack, Topic, TreeFacts};

/// A practice and how it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Practice {
    /// Stable name.
    pub id: &'static str,
    /// The standard that asks for it.
    pub pack: Pack,
    /// The rule of the standard, as the standard calls it.
    pub rule: &'static str,
    /// Grows when the judgement changes.
    pub version: u16,
    judge: fn(&TreeFacts) -> Judgement,
}

impl Practice {
    /// What the files of a tree say about it. A forge that was asked and left something open did not tell it.
    pub fn judged(&self, facts: &TreeFacts) -> Judgement {
        let judged = (self.judge)(facts);
        let is_silent = judged.obstacle == Some(Obstacle::NeedsForge) && facts.forge.is_some();
        if is_silent { Judgement { obstacle: Some(Obstacle::ForgeSilent), ..judged } } else { judged }
    }
}

/// Where a pack comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Its name.
    pub title: &'static str,
    /// The version that is judged by.
    pub version: &'static str,
    /// Where it can be read.
    pub address: &'static str,
}

/// The standard behind a pack.
pub fn standard(pack: Pack) -> Standard {
    let (title, version, address) = match pack {
        Pack::Files => ("Standard for Public Code", "0.8.0", "https://standard.publiccode.net"),
        Pack::Publiccode => ("publiccode.yml", "0.7.0", "https://yml.publiccode.tools"),
        Pack::Reuse => ("REUSE", "3.3", "https://reuse.software/spec-3.3"),
        Pack::SecurityTxt => ("security.txt", "RFC 9116", "https://www.rfc-editor.org/rfc/rfc9116"),
        Pack::SecurityInsights => ("SECURITY-INSIGHTS", "2.2.0", "https://security-insights.openssf.org"),
        Pack::Osps => ("OSPS Baseline", "draft after 2025-10", "https://baseline.openssf.org"),
        Pack::Scorecard => ("OpenSSF Scorecard", "5", "https://github.com/ossf/scorecard/blob/main/docs/checks.md"),
        Pack::CodeJson => ("code.json", "2.0.0", "https://github.com/DSACMS/gov-codejson"),
        Pack::OpenCode => ("openCode badges", "2025", "https://badges.opencode.de"),
        Pack::Signatures => ("Signatures of git", "2", "https://git-scm.com/docs/gitformat-signature"),
        Pack::Secrets => ("CWE-540 and CWE-798", "4.16", "https://cwe.mitre.org/data/definitions/540.html"),
        Pack::Slsa => ("SLSA", "1.2", "https://slsa.dev/spec/v1.2/"),
    };
    Standard { title, version, address }
}

/// Where the rule of a practice can be read, as near as its standard has addresses.
pub fn rule_address(practice: &Practice) -> String {
    let base = standard(practice.pack).address;
    match practice.pack {
        Pack::Files => format!("{base}/criteria/{}.html", practice.rule),
        Pack::Scorecard => format!("{base}#{}", practice.rule.to_lowercase()),
        Pack::Secrets => match practice.rule.strip_prefix("CWE-") {
            Some(number) => format!("https://cwe.mitre.org/data/definitions/{number}.html"),
            None => base.to_owned(),
        },
        Pack::SecurityTxt => match practice.rule.strip_prefix("section ") {
            Some(section) => format!("{base}#section-{section}"),
            None => base.to_owned(),
        },
        _ => base.to_owned(),
    }
}

/// A result with what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// One of three.
    pub outcome: Outcome,
    /// Why it cannot be assessed.
    pub obstacle: Option<Obstacle>,
    /// The places that show it: faults where it is not met, what was found where it is.
    pub places: Vec<Fault>,
}

impl Judgement {
    /// Nobody can say, for a reason.
    fn not_assessed(obstacle: Obstacle) -> Self {
        Self { outcome: Outcome::NotAssessed, obstacle: Some(obstacle), places: Vec::new() }
    }

    /// Met when there is no fault.
    fn without(places: Vec<Fault>) -> Self {
        let outcome = if places.is_empty() { Outcome::Met } else { Outcome::NotMet };
        Self { outcome, obstacle: None, places }
    }
}

/// Met when the file about a topic is there and says something.
fn file_with_text(facts: &TreeFacts, topic: Topic) -> Judgement {
    let (outcome, place) = match facts.find(topic) {
        Some((path, true)) => (Outcome::Met, Fault::of_file(path, FaultCode::Found)),
        Some((path, false)) => (Outcome::NotMet, Fault::of_file(path, FaultCode::Empty)),
        None => (Outcome::NotMet, Fault::of_file("", FaultCode::NotThere)),
    };
    Judgement { outcome, obstacle: None, places: vec![place] }
}

/// Met when no file of the tree has one of these faults. Where a file was not read, or a declaration cannot be, nobody can say.
fn reuse(facts: &TreeFacts, codes: &[FaultCode]) -> Judgement {
    let found = match &facts.reuse {
        None => return Judgement::not_assessed(Obstacle::NoFile),
        Some(Err(obstacle)) => return Judgement::not_assessed(*obstacle),
        Some(Ok(found)) => found,
    };
    let places: Vec<Fault> = found.faults.iter().filter(|fault| codes.contains(&fault.code)).cloned().collect();
    if !places.is_empty() {
        return Judgement::without(places);
    }
    let is_blind = found.faults.iter().any(|fault| fault.code == FaultCode::MalformedToml);
    match (is_blind, found.undecided.is_empty()) {
        (true, _) if !codes.contains(&FaultCode::MalformedToml) => Judgement::not_assessed(Obstacle::NotUnderstood),
        (_, false) => Judgement { places: found.undecided.clone(), ..Judgement::not_assessed(Obstacle::BeyondLimits) },
        _ => Judgement::without(Vec::new()),
    }
}

/// The lists of practices that have a table of their own, with [`PRACTICES`] first.
const TABLES: &[&[Practice]] = &[PRACTICES, public_code::PUBLIC_CODE, osps::OSPS, scorecard::SCORECARD];

/// Every practice, list by list.
pub fn all() -> impl Iterator<Item = &'static Practice> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// The levels of a practice, for standards that have them.
pub fn levels(practice: &Practice) -> &'static [u8] {
    if practice.pack == Pack::Osps { osps::levels(practice.rule) } else { &[] }
}

/// Practices in files of their own, pack by pack. Help, manual and answers come from this list.
pub const PRACTICES: &[Practice] = &[
    licence_file::LICENCE_FILE,
    security_policy::SECURITY_POLICY,
    contributing_guide::CONTRIBUTING_GUIDE,
    code_of_conduct::CODE_OF_CONDUCT,
    changelog::CHANGELOG,
    readme::README,
    publiccode_there::PUBLICCODE_THERE,
    publiccode_valid::PUBLICCODE_VALID,
    publiccode_current::PUBLICCODE_CURRENT,
    publiccode_reachable::PUBLICCODE_REACHABLE,
    reuse_readable::REUSE_READABLE,
    reuse_copyright::REUSE_COPYRIGHT,
    reuse_licensing::REUSE_LICENSING,
    reuse_expressions::REUSE_EXPRESSIONS,
    reuse_texts::REUSE_TEXTS,
    reuse_unused::REUSE_UNUSED,
    reuse_known::REUSE_KNOWN,
    reuse_deprecated::REUSE_DEPRECATED,
    reuse_endings::REUSE_ENDINGS,
    security_txt_valid::SECURITY_TXT_VALID,
    security_txt_current::SECURITY_TXT_CURRENT,
    insights_valid::INSIGHTS_VALID,
    insights_current::INSIGHTS_CURRENT,
    code_json_valid::CODE_JSON_VALID,
    opencode_commits::OPENCODE_COMMITS,
    opencode_issue_reaction::OPENCODE_ISSUE_REACTION,
    opencode_releases::OPENCODE_RELEASES,
    opencode_bus_factor::OPENCODE_BUS_FACTOR,
    opencode_security_policy::OPENCODE_SECURITY_POLICY,
    opencode_protected_branch::OPENCODE_PROTECTED_BRANCH,
    opencode_signed_tags::OPENCODE_SIGNED_TAGS,
    opencode_reviews::OPENCODE_REVIEWS,
    opencode::OPENCODE_MAINTENANCE_ONE,
    opencode::OPENCODE_MAINTENANCE_TWO,
    opencode::OPENCODE_MAINTENANCE_THREE,
    opencode::OPENCODE_SECURITY_ONE,
    opencode::OPENCODE_SECURITY_TWO,
    tags_signed::TAGS_SIGNED,
    tags_verified::TAGS_VERIFIED,
    commits_signed::COMMITS_SIGNED,
    commits_verified::COMMITS_VERIFIED,
    no_secrets::NO_SECRETS,
    no_likely_secrets::NO_LIKELY_SECRETS,
    provenance_there::PROVENANCE_THERE,
    provenance_authentic::PROVENANCE_AUTHENTIC,
    provenance_hardened::PROVENANCE_HARDENED,
];

#[cfg(test)]
mod closed_tests;
#[cfg(test)]
mod forge_tests;
#[cfg(test)]
mod proof_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod verdict_tests;
