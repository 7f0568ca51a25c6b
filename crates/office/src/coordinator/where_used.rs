// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `where`: every system and agency that uses a package, and how much of the government that answer covers.
//!
//! All documents about a system are read as one first (as `what` does), then cut to what was asked; so both directions
//! of the question agree. Uses whose version cannot be held against the range asked for, and uses in systems that are
//! not active, stand beside the answer: they are in no count, and never passed over in silence.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;
use underpin_assess::identity::origin::apart;
use underpin_assess::reconcile::{Reconciled, Use, reconcile};
use underpin_lake::{Occurrence, PackageVersion};
use underpin_model::Coverage;
use underpin_model::coverage::CoverageState;
use underpin_model::inventory::Scope;
use underpin_model::registry::SystemStatus;

use super::coverage::CoverageQuestion;
use super::find::Found;
use super::query::PackageQuery;
use super::versions::{Fit, VersionQuery, epoch_of};
use super::where_rows::Names;
pub use super::where_rows::{Named, Shared, WhereRow};
use crate::error::Result;
use crate::house::{Desk, Overview};

/// Versions outside the range that are named when none inside it is found.
const OTHER_VERSIONS: usize = 10;

/// The answer of `where`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct WhereAnswer<'d> {
    /// What was asked for.
    pub query: String,
    /// Versions asked for, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versions: Option<String>,
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Active systems that use it.
    pub systems: u64,
    /// Agencies that own them.
    pub agencies: u64,
    /// Uses: package versions (and files) in current documents about these systems.
    pub occurrences: u64,
    /// How much of the government this answer covers.
    pub coverage: Coverage,
    /// How each system (by position) stands towards the question.
    #[serde(skip)]
    pub states: Arc<[CoverageState]>,
    /// Package types the coverage was judged for.
    pub types: Vec<String>,
    /// What kind of fact the coverage was judged for, where the question is about one (digests, licences, CPE names).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<&'static str>,
    /// True when the question does not say which type of package it is about and nothing was found that tells.
    pub type_unknown: bool,
    /// One row for each system and package version.
    pub rows: Vec<WhereRow<'d>>,
    /// What all rows have in common, shown or not.
    #[serde(skip)]
    pub summary: WhereSummary<'d>,
    /// Active systems that use it in a version that cannot be held against the range, or that name it without its kind.
    pub undecided: u64,
    /// One row for each of these uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undecided_rows: Vec<WhereRow<'d>>,
    /// Uses in systems that are planned or retired.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inactive_rows: Vec<WhereRow<'d>>,
    /// Documents that name it but are about no system yet.
    pub unbound_documents: Vec<String>,
    /// Purged documents of active systems that nothing has replaced: what they said is not in this answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub purged_documents: Vec<String>,
    /// Versions in use outside the range, where none inside it was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_versions: Vec<String>,
    /// Did you mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
}

/// What the rows of `where` have in common, for pages that show the first ones only.
#[derive(Clone, Debug, Default)]
pub struct WhereSummary<'d> {
    /// How many rows there are.
    pub rows: u64,
    /// How many systems of each agency use it.
    pub by_agency: BTreeMap<&'d str, u64>,
    /// How many systems have each version; empty where no document states one.
    pub by_version: BTreeMap<String, u64>,
    /// Packages, as purls without version.
    pub packages: BTreeSet<Shared>,
}

/// What `where` was asked, and how.
struct Question<'q> {
    asked: PackageQuery,
    range: Option<VersionQuery>,
    stale_days: u64,
    query: &'q str,
    versions: Option<&'q str>,
    /// Rows to write out at most.
    shown: usize,
}

/// A package version of a system, read from all its documents.
struct SystemUse {
    system: u32,
    row: Reconciled,
    fit: Fit,
    /// Uses joined in it: document, package version.
    uses: Vec<(i64, i64)>,
}

/// Uses by what they count for, each with its system.
#[derive(Default)]
struct Told {
    inside: Vec<(u32, Reconciled)>,
    undecided: Vec<(u32, Reconciled)>,
    inactive: Vec<(u32, Reconciled)>,
    /// Uses that count: document, package version.
    pairs: Vec<(i64, i64)>,
    /// For each system (by position): how it stands by what was found.
    told: Vec<Option<CoverageState>>,
}

impl Desk {
    /// Where something is used.
    ///
    /// # Errors
    /// When the question cannot be read or a segment is damaged.
    pub fn where_used(&self, query: &str, versions: Option<&str>, stale_days: u64) -> Result<WhereAnswer<'_>> {
        self.where_used_first(query, versions, stale_days, usize::MAX)
    }

    /// The same with so many rows at most; what is counted is counted of all.
    ///
    /// # Errors
    /// As [`Desk::where_used`].
    pub fn where_used_first(
        &self,
        query: &str,
        versions: Option<&str>,
        stale_days: u64,
        shown: usize,
    ) -> Result<WhereAnswer<'_>> {
        let range = versions.map(VersionQuery::parse).transpose()?;
        let mut question = Question { asked: PackageQuery::parse(query)?, range, stale_days, query, versions, shown };
        let found = self.find(&question.asked)?;
        let mut uses = self.read_as_one(&found);
        if let Some(range) = &mut question.range {
            let epochs: HashMap<i64, &str> =
                found.uses.iter().filter_map(|(version, _)| Some((version.id, epoch_of(version)?))).collect();
            for one in &mut uses {
                let epoch = one.row.package_versions.iter().find_map(|id| epochs.get(id).copied());
                one.fit = match range.fit(&one.row.kind, &one.row.version, epoch) {
                    // A name without a kind is no decision, whatever its version.
                    Fit::Inside => one.fit,
                    other => other,
                };
            }
        }
        self.answer(&mut question, &found, uses)
    }

    /// Everything of the same name in each system that has a use that is meant, read as one; cut to what is meant.
    fn read_as_one(&self, found: &Found) -> Vec<SystemUse> {
        use rayon::prelude::*;
        let places =
            |document: i64| self.systems_of(document).iter().chain(self.inactive_systems_of(document)).copied();
        let mut wanted = vec![false; self.snapshot.systems.len()];
        for (version, occurrences) in &found.uses {
            let mut want = |one: &Occurrence| places(one.document).for_each(|system| wanted[system as usize] = true);
            if found.maybe.contains(&version.id) {
                occurrences.iter().for_each(want);
            } else {
                found.meant.of(version.id, occurrences).for_each(&mut want);
            }
        }
        // By agency, then by system: both in the order of their identifiers. What is sorted is small: where to find a use.
        let mut placed: Vec<(Option<u32>, u32, u32, u32)> = Vec::new();
        for (index, (_, occurrences)) in (0_u32..).zip(&found.uses) {
            for (place, occurrence) in (0_u32..).zip(occurrences) {
                let systems = places(occurrence.document).filter(|system| wanted[*system as usize]);
                placed.extend(systems.map(|system| (self.agency_of(system), system, index, place)));
            }
        }
        placed.par_sort_unstable();
        let use_at = |&(_, _, index, place): &(Option<u32>, u32, u32, u32)| {
            let (version, occurrences) = &found.uses[index as usize];
            as_use(version, &occurrences[place as usize])
        };
        let of_system = |of_system: &[(Option<u32>, u32, u32, u32)]| {
            let uses: Vec<Use<'_>> = of_system.iter().map(use_at).collect();
            let joined = |row: Reconciled| {
                let own = uses.iter().filter(|found| row.package_versions.contains(&found.package_version));
                let pairs: Vec<(i64, i64)> = own.map(|found| (found.document, found.package_version)).collect();
                let fit = if pairs.iter().any(|(document, version)| found.meant.holds(*document, *version)) {
                    Fit::Inside
                } else if pairs.iter().any(|(_, version)| found.maybe.contains(version)) {
                    Fit::Undecided
                } else {
                    return None;
                };
                Some(SystemUse { system: of_system[0].1, row, fit, uses: pairs })
            };
            reconcile(&uses).into_iter().filter_map(joined).collect::<Vec<_>>()
        };
        placed.par_chunk_by(|one, other| one.1 == other.1).flat_map_iter(of_system).collect()
    }

    fn answer<'d>(
        &'d self,
        question: &mut Question<'_>,
        found: &Found,
        uses: Vec<SystemUse>,
    ) -> Result<WhereAnswer<'d>> {
        let types = self.question_types(&question.asked, &uses);
        let names = Names::new(self.via_names(&uses)?, &found.uses, self.showing(&types));
        let days = question.stale_days;
        let other_versions = other_versions(&uses);
        let Told { mut inside, undecided, inactive, mut pairs, mut told } = self.told_apart(uses, days);
        pairs.sort_unstable();
        pairs.dedup();
        let mut occurrences = pairs.len() as u64;
        let mut summary = self.summary(&inside, &names);
        let write = |places: Vec<(u32, Reconciled)>| self.rows(places, &names, &types, days);
        let has_files = !found.files.is_empty();
        inside.truncate(if has_files { usize::MAX } else { question.shown });
        let (mut rows, undecided_rows, mut inactive_rows) = (write(inside), write(undecided), write(inactive));
        for (system, row) in self.file_rows(found, days) {
            if row.status == SystemStatus::Active.as_str() {
                occurrences += 1;
                tell(&mut told, system, if row.stale { CoverageState::Stale } else { CoverageState::Known });
                rows.push(row);
            } else {
                inactive_rows.push(row);
            }
        }
        if has_files {
            rows.sort_by_key(|row| (row.agency, row.system));
            summary = WhereSummary::of(&rows);
            rows.truncate(question.shown);
        }
        let states = self.answer_states(question, &types, &told)?;
        let nothing =
            rows.is_empty() && undecided_rows.is_empty() && inactive_rows.is_empty() && other_versions.is_empty();
        Ok(WhereAnswer {
            query: question.query.to_owned(),
            versions: question.versions.map(str::to_owned),
            overview: self.overview(),
            systems: summary.by_agency.values().sum(),
            agencies: summary.by_agency.len() as u64,
            occurrences,
            coverage: self.coverage_by(|system| states[system as usize]),
            states,
            needs: question.asked.needed_fact().map(super::query::Fact::as_str),
            type_unknown: types.is_empty() && question.asked.needed_fact().is_none(),
            types,
            undecided: distinct(undecided_rows.iter().map(|row: &WhereRow<'_>| row.system)),
            unbound_documents: self.unbound_of(found, question),
            purged_documents: self.purged_everywhere(),
            other_versions: if rows.is_empty() { other_versions } else { Vec::new() },
            suggestions: if nothing { self.suggestions(&question.asked, found)? } else { Vec::new() },
            rows,
            summary,
            undecided_rows,
            inactive_rows,
        })
    }

    /// Tells uses apart that count, that may count, and that count nowhere yet or any more.
    fn told_apart(&self, uses: Vec<SystemUse>, days: u64) -> Told {
        let mut found = Told { told: vec![None; self.snapshot.systems.len()], ..Told::default() };
        for one in uses.into_iter().filter(|one| one.fit != Fit::Outside) {
            let place = (one.system, one.row);
            match (self.system(place.0).status, one.fit) {
                (SystemStatus::Active, Fit::Inside) => {
                    found.pairs.extend(one.uses);
                    let is_stale = self.are_stale(&place.1.documents, days);
                    tell(&mut found.told, place.0, if is_stale { CoverageState::Stale } else { CoverageState::Known });
                    found.inside.push(place);
                }
                (SystemStatus::Active, _) => {
                    tell(&mut found.told, place.0, CoverageState::Blind);
                    found.undecided.push(place);
                }
                _ => found.inactive.push(place),
            }
        }
        found
    }

    fn rows(
        &self,
        places: Vec<(u32, Reconciled)>,
        names: &Names,
        types: &[String],
        stale_days: u64,
    ) -> Vec<WhereRow<'_>> {
        use rayon::prelude::*;
        places.into_par_iter().map(|(system, found)| self.row(system, found, names, types, stale_days)).collect()
    }

    /// What uses have in common; those of a system lie side by side.
    fn summary<'d>(&'d self, uses: &[(u32, Reconciled)], names: &Names) -> WhereSummary<'d> {
        let mut summary = WhereSummary { rows: uses.len() as u64, ..WhereSummary::default() };
        // With each version the system that was seen last.
        let mut versions: HashMap<&str, (u32, u64)> = HashMap::new();
        let mut packages: HashSet<(i64, &str, &str)> = HashSet::new();
        let mut last_package = None;
        for of_system in uses.chunk_by(|one, other| one.0 == other.0) {
            *summary.by_agency.entry(&self.system(of_system[0].0).agency.0).or_default() += 1;
        }
        for (system, found) in uses {
            let (last, systems) = versions.entry(&found.version).or_default();
            if *systems == 0 || last != system {
                (*last, *systems) = (*system, *systems + 1);
            }
            let package = (found.package, found.kind.as_str(), found.origin.as_str());
            if last_package.replace(package) != Some(package) && packages.insert(package) {
                summary.packages.insert(names.package(found));
            }
        }
        let versions = versions.into_iter().map(|(version, (_, systems))| (version.to_owned(), systems));
        summary.by_version = versions.collect();
        summary
    }

    /// The package types a question is about: the one it states, else those of what was found.
    fn question_types(&self, asked: &PackageQuery, uses: &[SystemUse]) -> Vec<String> {
        if asked.needed_fact().is_some() {
            return Vec::new();
        }
        let kinds = || uses.iter().map(|one| one.row.kind.as_str()).collect::<HashSet<_>>().into_iter().collect();
        asked.stated_type().map_or_else(|| telling(kinds()), |stated| vec![stated])
    }

    /// How each system stands towards the question: as the answer tells, else by its documents.
    fn answer_states(
        &self,
        question: &Question<'_>,
        types: &[String],
        told: &[Option<CoverageState>],
    ) -> Result<Arc<[CoverageState]>> {
        let (asked, stale_days) = (&question.asked, question.stale_days);
        let kind = (asked.needed_fact(), types.to_vec(), stale_days);
        let states = self.states(kind, || self.asked_of_all(asked, types, stale_days))?;
        Ok(told.iter().zip(states.iter()).map(|(told, state)| told.unwrap_or(*state)).collect())
    }

    /// What systems are asked that an answer does not name.
    fn asked_of_all(&self, asked: &PackageQuery, types: &[String], stale_days: u64) -> Result<CoverageQuestion> {
        Ok(match asked.needed_fact() {
            Some(fact) => self.coverage_question_of(self.documents_stating(fact)?, stale_days),
            // Where the type is open, a "no" needs evidence that can show every type there is.
            None if types.is_empty() => match self.shown_types().as_slice() {
                [] => self.coverage_question_of(&HashSet::new(), stale_days),
                all => self.coverage_question(all, stale_days),
            },
            None => self.coverage_question(types, stale_days),
        })
    }

    /// What an answer asked systems that it does not name.
    pub(crate) fn question_of(&self, answer: &WhereAnswer<'_>, stale_days: u64) -> Result<CoverageQuestion> {
        self.asked_of_all(&PackageQuery::parse(&answer.query)?, &answer.types, stale_days)
    }

    /// Documents about no system that name what is meant, in a version that may be meant.
    fn unbound_of(&self, found: &Found, question: &mut Question<'_>) -> Vec<String> {
        let unbound: HashSet<i64> = self.unbound().map(|record| record.id.0).collect();
        let mut documents: BTreeSet<i64> = found.files.iter().map(|(document, _)| *document).collect();
        for (version, occurrences) in &found.uses {
            let fits = question
                .range
                .as_mut()
                .is_none_or(|range| range.fit(&version.kind, &version.version, epoch_of(version)) != Fit::Outside);
            let meant = found.meant.of(version.id, occurrences).filter(|one| fits && unbound.contains(&one.document));
            documents.extend(meant.map(|one| one.document));
        }
        documents.retain(|document| unbound.contains(document));
        documents.into_iter().map(|document| format!("D{document}")).collect()
    }

    /// Names of the package versions that bring others in.
    fn via_names(&self, uses: &[SystemUse]) -> Result<HashMap<i64, Shared>> {
        let mut via: Vec<i64> = uses.iter().flat_map(|one| one.row.via.iter().copied()).collect();
        via.sort_unstable();
        via.dedup();
        Ok(self.names(&via)?.into_iter().map(|(id, name)| (id, name.into())).collect())
    }

    /// Names of package versions, as `name version`.
    pub(crate) fn names(&self, ids: &[i64]) -> Result<HashMap<i64, String>> {
        let versions = self.session.version_set(ids)?;
        let mut names = HashMap::new();
        for version in ids.iter().filter_map(|id| versions.get(*id)) {
            names
                .entry(version.id)
                .or_insert_with(|| format!("{} {}", version.full_name(), version.version).trim_end().to_owned());
        }
        Ok(names)
    }
}

impl<'d> WhereSummary<'d> {
    /// The same of rows that are written out, where those of a system lie side by side.
    fn of(rows: &[WhereRow<'d>]) -> Self {
        let mut summary = Self { rows: rows.len() as u64, ..Self::default() };
        for of_system in rows.chunk_by(|one, other| one.system == other.system) {
            *summary.by_agency.entry(of_system[0].agency).or_default() += 1;
            let versions: BTreeSet<&str> = of_system.iter().map(|row| row.version.as_str()).collect();
            for version in versions {
                *summary.by_version.entry(version.to_owned()).or_default() += 1;
            }
        }
        summary.packages = rows.iter().map(|row| row.package.clone()).collect();
        summary
    }
}

/// Notes how a system stands by what was found: known by fresh evidence, whatever else its documents cannot show; else
/// stale; else blind, where only its version cannot be told.
fn tell(told: &mut [Option<CoverageState>], system: u32, state: CoverageState) {
    let rank = |state: CoverageState| match state {
        CoverageState::Known => 2,
        CoverageState::Stale => 1,
        _ => 0,
    };
    if let Some(known) = told.get_mut(system as usize)
        && known.is_none_or(|known| rank(state) > rank(known))
    {
        *known = Some(state);
    }
}

/// How many different texts there are. Equal ones mostly lie side by side, so few are looked at twice.
fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> u64 {
    let mut last = None;
    texts.filter(|text| last.replace(*text) != Some(*text)).collect::<HashSet<_>>().len() as u64
}

/// Versions in use that the range leaves out.
fn other_versions(uses: &[SystemUse]) -> Vec<String> {
    let outside = uses.iter().filter(|one| one.fit == Fit::Outside);
    let versions: BTreeSet<&str> =
        outside.map(|one| one.row.version.as_str()).filter(|version| !version.is_empty()).collect();
    versions.into_iter().take(OTHER_VERSIONS).map(str::to_owned).collect()
}

/// The types that coverage can be judged by: `generic` only says that a document gave no type, so it tells nothing where
/// others are known.
fn telling(types: BTreeSet<&str>) -> Vec<String> {
    let typed = types.iter().filter(|kind| types.len() == 1 || **kind != "generic");
    typed.map(|kind| (*kind).to_owned()).collect()
}

/// A use as reconciling wants it.
pub(crate) fn as_use<'a>(version: &'a PackageVersion, occurrence: &Occurrence) -> Use<'a> {
    Use {
        document: occurrence.document,
        kind: &version.kind,
        namespace: &version.namespace,
        name: &version.name,
        version: &version.version,
        origin: apart(&version.qualifiers),
        scope: Scope::ALL.get(usize::from(occurrence.scope)).copied().unwrap_or_default(),
        depth: occurrence.depth,
        direct: occurrence.direct,
        via: occurrence.via,
        confidence: u8::try_from(occurrence.confidence).unwrap_or(100),
        modified: occurrence.modified,
        package_version: version.id,
        package: version.package,
    }
}

/// Canonical purl of a package without version: with its origin where that is not the public registry.
pub(crate) fn package_purl(row: &Reconciled) -> String {
    let plain = plain_purl(&row.kind, &row.namespace, &row.name);
    if row.origin.is_empty() { plain } else { format!("{plain}?repository_url={}", row.origin) }
}

/// Canonical purl without version and qualifiers.
pub(crate) fn plain_purl(kind: &str, namespace: &str, name: &str) -> String {
    underpin_model::PackageText { kind, namespace, name }.to_string()
}
