// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Everything that is watched, as one viewer sees it: package versions in use held against all advisories.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use underpin_assess::findings::{
    Bits, Deadlines, Decided, Engine, Estate, MatchFacts, Parts, PlaceClass, Priorities, Rows, Rules, Said, Statuses,
    SystemFacts, Texts, VersionFacts, Viewer, Voice, VulnerabilityFacts,
};
use underpin_assess::matching::{AdvisoryRef, GroupRef, Inverse, Layers, Match, distro, lookups};
use underpin_assess::severity::{self, DeadlineRules, PlaceFacts, PriorityLevel, Standing};
use underpin_ledger::Edition;
use underpin_model::registry::{AgencyId, ProtectionNeed, System, SystemId};
use underpin_model::watch::{Decision, DecisionId, Place, Reason, Verdict};
use underpin_model::{PackageId, Timestamp, Viewer as Asker};

use super::artefacts::{Apart, Parts as ArtefactParts};
use super::freshness::Freshness;
use super::index::Compiled;
use super::own_marks::Marks;
use super::statements::{Spoken, speaks};
use super::things::Thing;
use super::vulnerabilities::{Vulnerability, natural};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// How sure a match by product name (CPE) is, in percent: vendor and product are the inventory's word, and such names are easily
/// mistaken. A finding of which it cannot be told is half as sure.
const PRODUCT_NAME_PERCENT: u8 = 40;

/// What is watched. See the module.
#[derive(Debug)]
pub struct Watched {
    /// What feeds say.
    pub compiled: Arc<Compiled>,
    /// Advisories as this viewer sees them.
    pub layers: Layers,
    /// How the office marked its own advisories among them.
    pub(super) marks: Marks,
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
    pub(super) deadlines: Deadlines,
    /// The office's rules behind the deadlines.
    pub deadline_rules: DeadlineRules,
    pub(super) statuses: Statuses,
    pub(super) viewer: Viewer,
    /// Things that cannot be held against advisories, by reason.
    pub unanswerable: Vec<(Reason, u64)>,
    /// The same for each thing, by its number.
    pub(super) unanswered: Vec<Option<Reason>>,
    /// Decisions that the viewer may see, those that ended too.
    pub decisions: Vec<Decision>,
    /// What suppliers state.
    pub statements: Vec<Spoken>,
    /// Decisions that change nothing, with the reason.
    pub ignored: Vec<(DecisionId, &'static str)>,
    /// Where package versions are used, as far as artefacts matter.
    pub(super) parts: ArtefactParts,
    /// Agencies above those that the viewer sees, whose decisions hold for them too.
    above: Vec<Above>,
    pub(super) at: Timestamp,
}

/// An agency out of sight, and the one above it.
type Above = (AgencyId, Option<AgencyId>);

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
        let statements = self.statements_of(desk, &editions).await?;
        let compiled = self.compiled(editions).await?;
        let (layers, marks, (own, own_unread)) = self.layers(&compiled, &reader, at).await?;
        let freshness = Freshness { own, own_unread, ..freshness };
        let decisions = reader.decisions(at).await?;
        let apart = Apart::of(desk, &decisions, statements.iter().flat_map(Spoken::documents).copied());
        let mut things = desk.things_in(|document| apart.has(document))?;
        if layers.has_products() {
            desk.name_products(&mut things.list)?;
        }
        let parts = apart.parts(desk, &things.places);
        let above = self.above(desk, &decisions).await?;
        let deadline_rules = self.settings.deadlines.clone();
        let builder = Builder {
            desk,
            at,
            compiled,
            layers,
            marks,
            freshness,
            decisions,
            statements,
            parts,
            above,
            deadline_rules,
        };
        builder.build(things.list, things.uses)
    }
}

impl House {
    /// The agencies above those that the viewer sees, where a decision names one of them: it holds for what is below, and the
    /// viewer may know of the decision. Nothing but their order is used.
    async fn above(&self, desk: &Desk, decisions: &[Decision]) -> Result<Vec<Above>> {
        let seen: HashSet<&AgencyId> = desk.snapshot.agencies.iter().map(|agency| &agency.id).collect();
        let is_above = |decision: &Decision| matches!(&decision.place, Place::Agency(id) if !seen.contains(id));
        if !decisions.iter().any(is_above) {
            return Ok(Vec::new());
        }
        let all = self.ledger.reader(Asker::Operator, desk.now).snapshot(desk.snapshot.at).await?.agencies;
        let parents: HashMap<AgencyId, Option<AgencyId>> = all.into_iter().map(|one| (one.id, one.parent)).collect();
        let mut above: Vec<Above> = Vec::new();
        let mut reached: HashSet<&AgencyId> = seen.clone();
        for agency in &desk.snapshot.agencies {
            let mut next = parents.get(&agency.id).and_then(Option::as_ref);
            while let Some((id, parent)) = next.and_then(|id| parents.get_key_value(id)) {
                if !reached.insert(id) {
                    break;
                }
                above.push((id.clone(), parent.clone()));
                next = parent.as_ref();
            }
        }
        Ok(above)
    }

    /// What others state in the feeds of these editions and in documents; no feed is read where none has statements.
    async fn statements_of(&self, desk: &Desk, editions: &[Edition]) -> Result<Vec<Spoken>> {
        if !editions.iter().any(|edition| speaks(&edition.feed)) {
            return self.statements(desk, None).await;
        }
        self.statements(desk, Some(&self.shelf(editions).await?)).await
    }
}

impl Watched {
    /// Answers questions about findings.
    pub fn engine(&self) -> Engine<'_> {
        Engine {
            estate: &self.estate,
            priorities: &self.priorities,
            deadlines: &self.deadlines,
            statuses: &self.statuses,
        }
    }

    /// Bytes that the findings take in memory.
    pub fn bytes(&self) -> usize {
        self.estate.bytes() + self.priorities.bytes() + self.deadlines.bytes() + self.statuses.bytes()
    }

    /// How many uses of a package version in a system, and how many matches of a package version and a vulnerability.
    pub fn size(&self) -> (usize, usize) {
        (self.estate.uses(), self.estate.matches())
    }

    /// How findings came to their states.
    pub(super) fn with_rules<T>(&self, desk: &Desk, work: impl FnOnce(&Rules<'_>) -> T) -> T {
        let told = (&self.decisions[..], &self.statements[..], &self.parts);
        with_rules(desk, &self.above, &self.estate, told, self.at, work)
    }

    /// The vulnerabilities that a name leads to: the one it names, and those of advisories that were made from it (a distribution's
    /// advisory can be about several CVEs).
    pub fn numbers_of(&self, name: &str) -> Vec<u32> {
        let found = self.layers.find(name.trim());
        let groups: HashSet<GroupRef> =
            found.iter().filter_map(|(advisory, _)| self.layers.group_of(*advisory)).collect();
        let numbers = self.vulnerabilities.iter().enumerate().filter(|(_, one)| groups.contains(&one.group));
        numbers.map(|(number, _)| number as u32).collect()
    }

    /// For the way back from an advisory to the package versions in use that it touches.
    pub fn inverse(&self) -> Inverse<'_> {
        Inverse::of(&self.things.iter().map(Thing::subject).collect::<Vec<_>>())
    }

    /// The active systems that an advisory hits, before decisions.
    pub fn touched(&self, inverse: &Inverse<'_>, advisory: AdvisoryRef) -> BTreeSet<u32> {
        let touched = inverse.touched_in(&self.layers, advisory, self.at);
        let affected = touched.into_iter().filter(|(_, found)| found.reason.verdict() == Verdict::Affected);
        let systems = affected.flat_map(|(thing, _)| self.estate.systems_of(thing as u32));
        systems.filter(|system| self.viewer.systems.contains(*system)).collect()
    }
}

pub(super) struct Builder<'b> {
    desk: &'b Desk,
    at: Timestamp,
    pub(super) compiled: Arc<Compiled>,
    pub(super) layers: Layers,
    marks: Marks,
    freshness: Freshness,
    decisions: Vec<Decision>,
    statements: Vec<Spoken>,
    parts: ArtefactParts,
    above: Vec<Above>,
    deadline_rules: DeadlineRules,
}

/// What one thing has: vulnerabilities with the strongest reason each, or why it cannot be told.
type Hits = (Vec<(GroupRef, MatchFacts)>, Option<Reason>);

impl Builder<'_> {
    fn build(self, things: Vec<Thing>, uses: Vec<(u32, underpin_assess::findings::Use)>) -> Result<Watched> {
        let hits: Vec<Hits> = things.par_iter().map(|thing| self.hits(thing)).collect();
        let unanswered: Vec<Option<Reason>> = hits.iter().map(|(_, reason)| *reason).collect();
        let mut unanswerable: HashMap<Reason, u64> = HashMap::new();
        for reason in unanswered.iter().copied().flatten() {
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
        let (priorities, deadlines) = self.priorities(&estate, &vulnerabilities);
        let (statuses, ignored) = self.decided(&estate);
        let viewer = Viewer { systems: Bits::of(systems.len(), self.desk.active_systems()), ..Viewer::default() };
        Ok(Watched {
            compiled: self.compiled,
            layers: self.layers,
            marks: self.marks,
            freshness: self.freshness,
            things,
            vulnerabilities,
            ecosystems,
            estate,
            priorities,
            deadlines,
            deadline_rules: self.deadline_rules,
            above: self.above,
            statuses,
            viewer,
            unanswerable,
            unanswered,
            decisions: self.decisions,
            statements: self.statements,
            ignored,
            parts: self.parts,
            at: self.at,
        })
    }

    /// How urgent and until when, by vulnerability and class.
    fn priorities(&self, estate: &Estate, vulnerabilities: &[Vulnerability]) -> (Priorities, Deadlines) {
        let mut standings: HashMap<PlaceClass, u16> = HashMap::new();
        let mut ranks = |vulnerability: u32, class: PlaceClass| {
            let standing = standings.entry(class).or_insert_with(|| {
                let PlaceClass { exposure, need, direct, scope } = class;
                Standing::of(&PlaceFacts { exposure, need, direct, scope }).rank
            });
            let urgency = vulnerabilities.get(vulnerability as usize).map_or(0, |one| one.urgency.rank);
            severity::priority::level_and_score(urgency, *standing)
        };
        let priorities = Priorities::of(estate, |vulnerability, class| ranks(vulnerability, class).1);
        let deadlines = Deadlines::of(estate, |vulnerability, class| {
            let known = vulnerabilities.get(vulnerability as usize)?.known;
            let (level, _): (PriorityLevel, u16) = ranks(vulnerability, class);
            self.deadline_rules.due(level, known, class.exposure).map(|(_, day)| day)
        });
        (priorities, deadlines)
    }

    /// The states of findings after decisions, and the decisions that change nothing, each with its reason.
    fn decided(&self, estate: &Estate) -> (Statuses, Vec<(DecisionId, &'static str)>) {
        let told = (&self.decisions[..], &self.statements[..], &self.parts);
        with_rules(self.desk, &self.above, estate, told, self.at, |rules| {
            let ignored = rules.ignored.iter().filter_map(|(voice, why)| match voice {
                Voice::Decision(id) => Some((*id, why.as_str())),
                Voice::Statement(_) => None,
            });
            (Statuses::decided(rules), ignored.collect())
        })
    }

    fn hits(&self, thing: &Thing) -> Hits {
        let subject = thing.subject();
        let keys = lookups(&subject);
        let mut found: Vec<Match> = Vec::new();
        self.layers.matches_of(&keys, self.at, &mut found);
        let mut hits: Vec<(GroupRef, MatchFacts)> = Vec::with_capacity(found.len());
        for one in &found {
            let entry = self.layers.entry(one);
            // A remark ("unmaintained") is no flaw.
            if entry.is_some_and(|entry| !entry.informational().is_empty()) {
                continue;
            }
            let Some(group) = self.layers.group_of(one.advisory) else { continue };
            let facts = self.match_facts(one);
            match hits.iter_mut().find(|(known, _)| *known == group) {
                Some((_, known)) => *known = joined(*known, facts),
                None => hits.push((group, facts)),
            }
        }
        // A product that no record names is not covered by any source, as if it had no name.
        let is_unknown = keys.is_by_product_name() && !self.layers.knows(&keys);
        (hits, if is_unknown { Some(Reason::NoSource) } else { keys.unanswerable })
    }

    fn match_facts(&self, found: &Match) -> MatchFacts {
        let entry = self.layers.entry(found);
        let has_fix = entry.is_some_and(|entry| entry.names_fix());
        let confidence_percent = match found.reason.verdict() {
            Verdict::Affected if entry.is_some_and(|entry| entry.is_by_product_name()) => PRODUCT_NAME_PERCENT,
            _ if entry.is_some_and(|entry| entry.is_by_product_name()) => PRODUCT_NAME_PERCENT / 2,
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

    fn agencies(&self) -> Vec<Option<u32>> {
        let seen = self.desk.snapshot.agencies.iter().map(|agency| (&agency.id, agency.parent.as_ref()));
        let agencies: Vec<_> = seen.chain(self.above.iter().map(|(id, parent)| (id, parent.as_ref()))).collect();
        let numbers: HashMap<_, u32> = agencies.iter().zip(0..).map(|((id, _), number)| (*id, number)).collect();
        let above = agencies.iter().map(|(_, parent)| parent.and_then(|parent| numbers.get(parent).copied()));
        // A system whose agency cannot be seen belongs to the one at the end.
        above.chain([None]).collect()
    }

    fn system(&self, position: usize, system: &System) -> SystemFacts {
        let nowhere = (self.desk.snapshot.agencies.len() + self.above.len()) as u32;
        let need = [system.confidentiality, system.integrity, system.availability];
        SystemFacts {
            agency: self.desk.agency_of(position as u32).unwrap_or(nowhere),
            exposure: system.exposure,
            need: need.into_iter().max().unwrap_or(ProtectionNeed::Unknown),
        }
    }
}

/// Decisions as rules about this estate.
fn with_rules<T>(
    desk: &Desk,
    above: &[Above],
    estate: &Estate,
    (decisions, spoken, parts): (&[Decision], &[Spoken], &ArtefactParts),
    at: Timestamp,
    work: impl FnOnce(&Rules<'_>) -> T,
) -> T {
    let systems: Vec<SystemId> = desk.snapshot.systems.iter().map(|system| system.id.clone()).collect();
    let seen = desk.snapshot.agencies.iter().map(|agency| &agency.id);
    let agencies: Vec<AgencyId> = seen.chain(above.iter().map(|(id, _)| id)).cloned().collect();
    let (systems, agencies, artefacts) = (&systems[..], &agencies[..], &parts.artefacts);
    let said: Vec<Said<'_>> = spoken.iter().map(|one| one.said(parts)).collect();
    let statements = &said[..];
    work(&Rules::of(estate, &Decided { decisions, statements, systems, agencies, artefacts, at }))
}

/// Two matches of one vulnerability: the stronger verdict counts, a fix known to either is known.
fn joined(a: MatchFacts, b: MatchFacts) -> MatchFacts {
    let stronger = if b.reason.verdict() > a.reason.verdict() { b } else { a };
    MatchFacts { has_fix: a.has_fix || b.has_fix, ..stronger }
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
pub(super) fn by_system(
    uses: Vec<(u32, underpin_assess::findings::Use)>,
    systems: usize,
) -> Rows<underpin_assess::findings::Use> {
    let mut rows = Rows::default();
    let mut rest = uses.as_slice();
    for system in 0..systems as u32 {
        let (own, later) = rest.split_at(rest.partition_point(|(number, _)| *number <= system));
        rows.push(own.iter().map(|(_, used)| *used));
        rest = later;
    }
    rows
}
