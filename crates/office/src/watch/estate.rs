// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Everything that is watched, as one viewer sees it: package versions in use held against all advisories.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use underpin_assess::findings::{
    Bits, Engine, Estate, Flags, MatchFacts, Parts, Priorities, Rows, Statuses, SystemFacts, Texts, VersionFacts,
    Viewer, VulnerabilityFacts,
};
use underpin_assess::matching::{GroupRef, Layers, Match, distro, lookups};
use underpin_assess::severity::{
    self, Choice, ExploitedList, Given, Knowledge, Known, PlaceFacts, PriorityLevel, Rating, Standing, Urgency,
};
use underpin_model::registry::{ProtectionNeed, System};
use underpin_model::watch::{Reason, Verdict};
use underpin_model::{PackageId, Timestamp};

use super::freshness::Freshness;
use super::index::Compiled;
use super::things::Thing;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// A vulnerability that somebody is hit by, or may be.
#[derive(Clone, Debug)]
pub struct Vulnerability {
    /// Its name: a CVE where it has one.
    pub name: String,
    /// The advisories joined in it.
    pub group: GroupRef,
    /// How bad, by whose word.
    pub severity: Option<Severity>,
    /// What makes it urgent.
    pub urgency: Urgency,
}

/// The severity that counts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Severity {
    /// Word.
    pub rating: &'static str,
    /// Base score, 0 to 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// Vector or word, as stated.
    pub value: String,
    /// Who says so.
    pub source: String,
}

/// What is watched. See the module.
#[derive(Debug)]
pub struct Watched {
    /// What feeds say.
    pub compiled: Arc<Compiled>,
    /// Advisories as this viewer sees them.
    pub layers: Layers,
    /// How old that is.
    pub freshness: Freshness,
    /// Package versions in use.
    pub things: Vec<Thing>,
    /// Vulnerabilities, in the order of their names.
    pub vulnerabilities: Vec<Vulnerability>,
    /// Purl types, by number.
    pub ecosystems: Vec<String>,
    pub(super) estate: Estate,
    pub(super) priorities: Priorities,
    pub(super) statuses: Statuses,
    pub(super) viewer: Viewer,
    /// Things that cannot be held against advisories, by reason.
    pub unanswerable: Vec<(Reason, u64)>,
    pub(super) at: Timestamp,
}

impl House {
    /// Holds everything in use against all advisories, as the viewer of the desk sees both, as of its moment.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a segment or evidence is damaged.
    pub async fn watch(&self, desk: &Desk) -> Result<Watched> {
        let at = desk.snapshot.at;
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let editions = reader.editions(at).await?;
        let freshness = Freshness::of(&editions, &reader.feed_states().await?, at);
        let compiled = self.compiled(editions).await?;
        let layers = Layers::from(Arc::clone(&compiled.index));
        let things = desk.things()?;
        Builder { desk, at, layers: &layers, knowledge: &compiled.knowledge }
            .build(things.list, things.uses)
            .map(|built| built.with(Arc::clone(&compiled), layers.clone(), freshness))
    }
}

impl Watched {
    /// Answers questions about findings.
    pub fn engine(&self) -> Engine<'_> {
        Engine { estate: &self.estate, priorities: &self.priorities, statuses: &self.statuses }
    }

    /// Bytes that the findings take in memory.
    pub fn bytes(&self) -> usize {
        self.estate.bytes() + self.priorities.bytes() + self.statuses.bytes()
    }

    /// How many uses of a package version in a system, and how many matches of a package version and a vulnerability.
    pub fn size(&self) -> (usize, usize) {
        (self.estate.uses(), self.estate.matches())
    }

    /// The vulnerability with this name, by any of its names.
    pub fn vulnerability(&self, name: &str) -> Option<u32> {
        let found = self.layers.find(name);
        let groups: Vec<GroupRef> = found.iter().filter_map(|(advisory, _)| self.layers.group_of(*advisory)).collect();
        self.vulnerabilities.iter().position(|one| groups.contains(&one.group)).map(|position| position as u32)
    }
}

/// The parts of [`Watched`] that depend on the inventory.
struct Built {
    things: Vec<Thing>,
    vulnerabilities: Vec<Vulnerability>,
    ecosystems: Vec<String>,
    estate: Estate,
    priorities: Priorities,
    statuses: Statuses,
    viewer: Viewer,
    unanswerable: Vec<(Reason, u64)>,
    at: Timestamp,
}

impl Built {
    fn with(self, compiled: Arc<Compiled>, layers: Layers, freshness: Freshness) -> Watched {
        let Self { things, vulnerabilities, ecosystems, estate, priorities, statuses, viewer, unanswerable, at } = self;
        Watched {
            compiled,
            layers,
            freshness,
            things,
            vulnerabilities,
            ecosystems,
            estate,
            priorities,
            statuses,
            viewer,
            unanswerable,
            at,
        }
    }
}

struct Builder<'b> {
    desk: &'b Desk,
    at: Timestamp,
    layers: &'b Layers,
    knowledge: &'b Knowledge,
}

/// What one thing has: vulnerabilities with the strongest reason each, or why it cannot be told.
type Hits = (Vec<(GroupRef, MatchFacts)>, Option<Reason>);

impl Builder<'_> {
    fn build(&self, things: Vec<Thing>, uses: Vec<(u32, underpin_assess::findings::Use)>) -> Result<Built> {
        let hits: Vec<Hits> = things.par_iter().map(|thing| self.hits(thing)).collect();
        let mut unanswerable: HashMap<Reason, u64> = HashMap::new();
        for reason in hits.iter().filter_map(|(_, reason)| *reason) {
            *unanswerable.entry(reason).or_default() += 1;
        }
        let mut unanswerable: Vec<(Reason, u64)> = unanswerable.into_iter().collect();
        unanswerable.sort_by_key(|(reason, count)| (std::cmp::Reverse(*count), *reason));
        let (vulnerabilities, numbers) = self.vulnerabilities(&things, &hits);
        let matches = hits.into_iter().map(|(found, _)| {
            found.into_iter().map(|(group, facts)| MatchFacts {
                vulnerability: numbers.get(&group).copied().unwrap_or_default(),
                ..facts
            })
        });
        let matches = Rows::of(matches);
        let (ecosystems, versions) = ecosystems(&things);
        let agencies = self.agencies();
        let facts: Vec<VulnerabilityFacts> = vulnerabilities.par_iter().map(|one| self.facts(one)).collect();
        let texts: Vec<String> = vulnerabilities.par_iter().map(|one| self.text(one)).collect();
        let names: Vec<Vec<Box<str>>> = vulnerabilities
            .par_iter()
            .map(|one| self.layers.group_names(one.group).into_iter().map(Into::into).collect())
            .collect();
        let systems = &self.desk.snapshot.systems;
        let parts = Parts {
            agencies,
            systems: systems.iter().enumerate().map(|(position, system)| self.system(position, system)).collect(),
            versions,
            version_texts: Texts::of(things.iter().map(|thing| &thing.purl)),
            uses: by_system(uses, systems.len()),
            matches,
            vulnerabilities: facts,
            names: Rows::of(names),
            vulnerability_texts: Texts::of(texts),
        };
        let estate = Estate::new(parts)
            .map_err(|error| OfficeError::new("estate-invalid", format!("findings cannot be worked out: {error}")))?;
        let priorities = Priorities::of(&estate, |vulnerability, class| {
            let place =
                PlaceFacts { exposure: class.exposure, need: class.need, direct: class.direct, scope: class.scope };
            let urgency = vulnerabilities.get(vulnerability as usize).map_or(0, |one| one.urgency.rank);
            severity::priority::level_and_score(urgency, Standing::of(&place).rank).1
        });
        let statuses = Statuses::undecided(&estate);
        let viewer = Viewer { systems: Bits::of(systems.len(), self.desk.active_systems()), ..Viewer::default() };
        let at = self.at;
        Ok(Built { things, vulnerabilities, ecosystems, estate, priorities, statuses, viewer, unanswerable, at })
    }

    fn hits(&self, thing: &Thing) -> Hits {
        let subject = thing.subject();
        let keys = lookups(&subject);
        let mut found: Vec<Match> = Vec::new();
        self.layers.matches_of(&keys, self.at, &mut found);
        let mut hits: Vec<(GroupRef, MatchFacts)> = Vec::with_capacity(found.len());
        for one in &found {
            let Some(group) = self.layers.group_of(one.advisory) else { continue };
            let facts = self.match_facts(one);
            match hits.iter_mut().find(|(known, _)| *known == group) {
                Some((_, known)) => *known = joined(*known, facts),
                None => hits.push((group, facts)),
            }
        }
        (hits, keys.unanswerable)
    }

    fn match_facts(&self, found: &Match) -> MatchFacts {
        let has_fix = self.layers.entry(found).is_some_and(|entry| entry.names_fix());
        let confidence_percent = match found.reason.verdict() {
            Verdict::Affected if found.is_inexact => 80,
            Verdict::Affected => 95,
            _ => 50,
        };
        MatchFacts { vulnerability: 0, reason: found.reason, has_fix, confidence_percent }
    }

    /// The vulnerabilities that were found, in the order of their names, and their numbers.
    fn vulnerabilities(&self, things: &[Thing], hits: &[Hits]) -> (Vec<Vulnerability>, HashMap<GroupRef, u32>) {
        // A distribution's word about severity counts where only its packages are hit.
        let mut of_distribution: HashMap<GroupRef, bool> = HashMap::new();
        for (thing, (found, _)) in things.iter().zip(hits) {
            let is_of_distribution = distro::is_distribution_type(&thing.kind);
            for (group, _) in found {
                of_distribution
                    .entry(*group)
                    .and_modify(|all| *all &= is_of_distribution)
                    .or_insert(is_of_distribution);
            }
        }
        let mut groups: Vec<(GroupRef, bool)> = of_distribution.into_iter().collect();
        groups.sort_unstable();
        let mut found: Vec<Vulnerability> =
            groups.par_iter().map(|(group, of_distribution)| self.vulnerability(*group, *of_distribution)).collect();
        found.par_sort_by(|a, b| natural(&a.name).cmp(&natural(&b.name)).then_with(|| a.name.cmp(&b.name)));
        let numbers = found.iter().enumerate().map(|(number, one)| (one.group, number as u32)).collect();
        (found, numbers)
    }

    fn vulnerability(&self, group: GroupRef, of_distribution: bool) -> Vulnerability {
        let known = self.known(group);
        let severity = self.severity(group, of_distribution);
        let listed = || known.iter().flat_map(Known::listings);
        let facts = severity::VulnerabilityFacts {
            is_malicious: self.is_malicious(group),
            is_listed: self.knowledge.has_lists().then(|| listed().next().is_some()),
            ransomware: listed().filter_map(|listing| listing.ransomware).max(),
            likelihood: likelihood(&known),
            ssvc: known.iter().find_map(Known::ssvc),
            rating: severity.as_ref().map_or(Rating::Unknown, |(rating, _, _)| *rating),
            base_tenths: severity.as_ref().and_then(|(_, tenths, _)| *tenths),
        };
        Vulnerability {
            name: self.layers.group_name(group).to_owned(),
            group,
            severity: severity.map(|(_, _, severity)| severity),
            urgency: Urgency::of(&facts),
        }
    }

    /// What is known under any name of a vulnerability.
    fn known(&self, group: GroupRef) -> Vec<Known<'_>> {
        self.layers.group_names(group).into_iter().filter_map(|name| self.knowledge.get(name)).collect()
    }

    fn is_malicious(&self, group: GroupRef) -> bool {
        let mut members = self.layers.group_members(group).into_iter().filter_map(|one| self.layers.advisory(one));
        members.any(|advisory| advisory.is_malicious())
    }

    /// The severity that counts: of the advisories themselves, else of the CVE record.
    fn severity(&self, group: GroupRef, of_distribution: bool) -> Option<(Rating, Option<u8>, Severity)> {
        let members = self.layers.group_members(group);
        let mut stated = Vec::new();
        for advisory in members.into_iter().filter_map(|one| self.layers.advisory(one)) {
            let of_entries = advisory.entries().flat_map(|entry| entry.severities());
            for severity in advisory.severities().into_iter().chain(of_entries) {
                stated.push((severity, advisory.feed()));
            }
        }
        let given: Vec<Given<'_>> = stated
            .iter()
            .map(|(severity, feed)| Given { severity, feed, is_of_distribution: is_of_distribution(feed) })
            .collect();
        if let Some(choice) = severity::choose(&given, of_distribution) {
            return Some(chosen(&choice));
        }
        let known = self.known(group);
        let rated = known.iter().flat_map(Known::ratings).next()?;
        let severity = Severity {
            rating: rated.rating.as_str(),
            score: rated.base_tenths.map(tenths),
            value: rated.value.to_owned(),
            source: rated.source.to_owned(),
        };
        Some((rated.rating, rated.base_tenths, severity))
    }

    fn facts(&self, one: &Vulnerability) -> VulnerabilityFacts {
        let known = self.known(one.group);
        let mut flags = Flags::NONE;
        for listing in known.iter().flat_map(Known::listings) {
            flags = flags.and(match listing.list {
                ExploitedList::Kev => Flags::KEV,
                ExploitedList::Euvd => Flags::EUVD,
            });
            if listing.ransomware == Some(true) {
                flags = flags.and(Flags::RANSOMWARE);
            }
        }
        if self.is_malicious(one.group) {
            flags = flags.and(Flags::MALICIOUS);
        }
        let members = self.layers.group_members(one.group);
        let published = members.into_iter().filter_map(|member| self.layers.advisory(member)?.published()).min();
        let severity = one.severity.as_ref();
        VulnerabilityFacts {
            severity: severity.and_then(|severity| severity.score.as_ref()?.parse().ok()),
            word: severity.map_or(0, |severity| word_of(severity.rating)),
            epss: likelihood(&known),
            flags,
            first_known: published,
        }
    }

    /// What a search looks at: names and the summaries.
    fn text(&self, one: &Vulnerability) -> String {
        let mut text = self.layers.group_names(one.group).join(" ");
        for advisory in self.layers.group_members(one.group).into_iter().filter_map(|one| self.layers.advisory(one)) {
            text.push(' ');
            text.push_str(advisory.summary());
        }
        text.replace('\n', " ")
    }

    fn agencies(&self) -> Vec<Option<u32>> {
        let agencies = &self.desk.snapshot.agencies;
        let numbers: HashMap<_, u32> =
            agencies.iter().enumerate().map(|(number, agency)| (&agency.id, number as u32)).collect();
        let above =
            agencies.iter().map(|agency| agency.parent.as_ref().and_then(|parent| numbers.get(parent).copied()));
        // A system whose agency cannot be seen belongs to the one at the end.
        above.chain([None]).collect()
    }

    fn system(&self, position: usize, system: &System) -> SystemFacts {
        let nowhere = self.desk.snapshot.agencies.len() as u32;
        let need = [system.confidentiality, system.integrity, system.availability];
        SystemFacts {
            agency: self.desk.agency_of(position as u32).unwrap_or(nowhere),
            exposure: system.exposure,
            need: need.into_iter().max().unwrap_or(ProtectionNeed::Unknown),
        }
    }
}

/// Two matches of one vulnerability: the stronger verdict counts, a fix known to either is known.
fn joined(a: MatchFacts, b: MatchFacts) -> MatchFacts {
    let stronger = if b.reason.verdict() > a.reason.verdict() { b } else { a };
    MatchFacts { has_fix: a.has_fix || b.has_fix, ..stronger }
}

fn likelihood(known: &[Known<'_>]) -> Option<f32> {
    known.iter().filter_map(Known::odds).map(|odds| odds.score).reduce(f32::max)
}

fn chosen(choice: &Choice<'_>) -> (Rating, Option<u8>, Severity) {
    let severity = Severity {
        rating: choice.rating.as_str(),
        score: choice.base_tenths.map(tenths),
        value: choice.value.to_owned(),
        source: choice.source.to_owned(),
    };
    (choice.rating, choice.base_tenths, severity)
}

fn tenths(tenths: u8) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

pub(super) fn word_of(rating: &str) -> u8 {
    Rating::ALL.iter().position(|known| known.as_str() == rating).unwrap_or(0) as u8
}

/// Feeds of distributions: their severities are about their own packages.
fn is_of_distribution(feed: &str) -> bool {
    const FEEDS: [&str; 14] = [
        "Ubuntu",
        "Debian",
        "Alpine",
        "AlmaLinux",
        "Rocky",
        "Red Hat",
        "SUSE",
        "openSUSE",
        "Alpaquita",
        "Wolfi",
        "Chainguard",
        "Oracle",
        "openEuler",
        "Mageia",
    ];
    let name = feed.split_once('/').map_or(feed, |(_, name)| name);
    FEEDS.iter().any(|known| name.starts_with(known))
}

/// Purl types by number, and the package versions with them.
fn ecosystems(things: &[Thing]) -> (Vec<String>, Vec<VersionFacts>) {
    let mut kinds: Vec<String> = things.iter().map(|thing| thing.kind.clone()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let versions = things
        .iter()
        .map(|thing| VersionFacts {
            package: PackageId(thing.package),
            ecosystem: kinds.binary_search(&thing.kind).unwrap_or_default() as u16,
        })
        .collect();
    (kinds, versions)
}

/// Uses as rows, one a system.
fn by_system(uses: Vec<(u32, underpin_assess::findings::Use)>, systems: usize) -> Rows<underpin_assess::findings::Use> {
    let mut rows = Rows::default();
    let mut rest = uses.as_slice();
    for system in 0..systems as u32 {
        let (own, later) = rest.split_at(rest.partition_point(|(number, _)| *number <= system));
        rows.push(own.iter().map(|(_, used)| *used));
        rest = later;
    }
    rows
}

/// A name with its numbers as numbers, so that `CVE-2021-9` stands before `CVE-2021-44228`.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (word, tail) = rest.split_at(rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len()));
        let (digits, tail) = tail.split_at(tail.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(tail.len()));
        parts.push((word.to_owned(), digits.parse().unwrap_or(u64::MAX)));
        rest = tail;
    }
    parts
}

/// The word of a score.
pub(super) fn level_word(score: u16) -> &'static str {
    let level = usize::from(score / severity::tables::TIER);
    PriorityLevel::ALL.get(level).copied().unwrap_or_default().as_str()
}
