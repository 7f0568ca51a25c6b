// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `where`: every system and agency that uses a package, and how much of the government that answer covers.
//!
//! All documents about a system are read as one first (as `what` does), then cut to what was asked; so both directions
//! of the question agree. Uses whose version cannot be held against the range asked for, and uses in systems that are
//! not active, stand beside the answer: they are in no count, and never passed over in silence.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;
use underpin_assess::identity::origin::apart;
use underpin_assess::reconcile::{Reconciled, Use, reconcile};
use underpin_lake::{Occurrence, PackageVersion};
use underpin_model::Coverage;
use underpin_model::coverage::CoverageState;
use underpin_model::inventory::Scope;
use underpin_model::registry::{AgencyId, SystemId};

use super::find::Found;
use super::query::PackageQuery;
use super::versions::{Fit, VersionQuery, epoch_of};
use super::where_rows::Names;
use crate::error::Result;
use crate::house::{Desk, Overview};

/// Versions outside the range that are named when none inside it is found.
const OTHER_VERSIONS: usize = 10;

/// The answer of `where`.
#[derive(Clone, Debug, Serialize)]
pub struct WhereAnswer {
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
    /// Package types the coverage was judged for.
    pub types: Vec<String>,
    /// What kind of fact the coverage was judged for, where the question is about one (digests, licences, CPE names).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<&'static str>,
    /// True when the question does not say which type of package it is about and nothing was found that tells.
    pub type_unknown: bool,
    /// One row for each system and package version.
    pub rows: Vec<WhereRow>,
    /// Active systems that use it in a version that cannot be held against the range.
    pub undecided: u64,
    /// One row for each of these uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub undecided_rows: Vec<WhereRow>,
    /// Uses in systems that are planned or retired.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inactive_rows: Vec<WhereRow>,
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

/// A package version in a system.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WhereRow {
    /// Stable identifier of the agency.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// Stable identifier of the system.
    pub system: SystemId,
    /// Its name.
    pub system_name: String,
    /// Planned, active or retired.
    pub status: &'static str,
    /// Deployments that the documents are about, else all of the system.
    pub deployments: Vec<String>,
    /// Package: canonical purl without version, with `repository_url` where it does not come from a registry; empty for a
    /// file that belongs to no package.
    pub package: String,
    /// Version; empty when unknown.
    pub version: String,
    /// Path of the file, where a digest is that of a file.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Direct dependency; unknown when no document can tell.
    pub direct: Option<bool>,
    /// The direct dependencies that bring it in.
    pub via: Vec<String>,
    /// What it is used for.
    pub scope: &'static str,
    /// How sure, in percent.
    pub confidence: u8,
    /// Differs from upstream.
    pub modified: Option<bool>,
    /// Documents that say so.
    pub documents: Vec<String>,
    /// Current documents about the same system that can show such a package and do not name it.
    pub silent_documents: Vec<String>,
    /// Whether all this evidence is older than the set age.
    pub stale: bool,
    /// Who runs the system.
    pub operator: String,
    /// Who supplies it.
    pub supplier: String,
    /// Who can patch it.
    pub support: String,
    /// Functional contact of the system, else of the agency.
    pub contact: String,
}

/// What `where` was asked, and how.
struct Question<'q> {
    asked: PackageQuery,
    range: Option<VersionQuery>,
    stale_days: u64,
    query: &'q str,
    versions: Option<&'q str>,
}

/// A package version of a system, read from all its documents.
struct SystemUse<'f> {
    system: u32,
    row: Reconciled,
    fit: Fit,
    /// Uses joined in it: document, package version.
    pairs: Vec<(i64, i64)>,
    epoch: Option<&'f str>,
}

impl Desk {
    /// Where something is used.
    ///
    /// # Errors
    /// When the question cannot be read or a segment is damaged.
    pub fn where_used(&self, query: &str, versions: Option<&str>, stale_days: u64) -> Result<WhereAnswer> {
        let range = versions.map(VersionQuery::parse).transpose()?;
        let mut question = Question { asked: PackageQuery::parse(query)?, range, stale_days, query, versions };
        let found = self.find(&question.asked)?;
        let mut uses = self.read_as_one(&found);
        for one in &mut uses {
            if let Some(range) = &mut question.range {
                one.fit = range.fit(&one.row.kind, &one.row.version, one.epoch);
            }
        }
        self.answer(&mut question, &found, &uses)
    }

    /// Everything of the same name in each system that has a use that is meant, read as one; cut to what is meant.
    fn read_as_one<'f>(&self, found: &'f Found) -> Vec<SystemUse<'f>> {
        let places =
            |document: i64| self.systems_of(document).iter().chain(self.inactive_systems_of(document)).copied();
        let mut wanted = vec![false; self.snapshot.systems.len()];
        let mut epochs: HashMap<i64, &str> = HashMap::new();
        for (version, occurrences) in &found.uses {
            epochs.extend(epoch_of(version).map(|epoch| (version.id, epoch)));
            let meant = occurrences.iter().filter(|occurrence| found.meant.holds(occurrence.document, version.id));
            meant.flat_map(|one| places(one.document)).for_each(|system| wanted[system as usize] = true);
        }
        let mut placed: Vec<(u32, Use<'_>)> = Vec::new();
        for (version, occurrences) in &found.uses {
            for occurrence in occurrences {
                let systems = places(occurrence.document).filter(|system| wanted[*system as usize]);
                placed.extend(systems.map(|system| (system, as_use(version, occurrence))));
            }
        }
        placed.sort_by_key(|(system, _)| *system);
        let mut all = Vec::new();
        let mut uses = Vec::new();
        for of_system in placed.chunk_by(|(one, _), (other, _)| one == other) {
            uses.clear();
            uses.extend(of_system.iter().map(|(_, found)| found.clone()));
            for row in reconcile(&uses) {
                let joined = |found: &&Use<'_>| row.package_versions.binary_search(&found.package_version).is_ok();
                let pairs: Vec<(i64, i64)> =
                    uses.iter().filter(joined).map(|found| (found.document, found.package_version)).collect();
                if pairs.iter().any(|(document, version)| found.meant.holds(*document, *version)) {
                    let epoch = row.package_versions.iter().find_map(|id| epochs.get(id).copied());
                    all.push(SystemUse { system: of_system[0].0, row, fit: Fit::Inside, pairs, epoch });
                }
            }
        }
        all
    }

    fn answer(&self, question: &mut Question<'_>, found: &Found, uses: &[SystemUse<'_>]) -> Result<WhereAnswer> {
        let types = self.question_types(&question.asked, uses);
        let mut names = Names { via: self.via_names(uses)?, packages: HashMap::new() };
        let (mut rows, mut undecided_rows, mut inactive_rows) = (Vec::new(), Vec::new(), Vec::new());
        let mut pairs: HashSet<(i64, i64)> = HashSet::new();
        for one in uses.iter().filter(|one| one.fit != Fit::Outside) {
            let row = self.row(one.system, &one.row, &mut names, &types, question.stale_days);
            match (self.is_active(one.system), one.fit) {
                (false, _) => inactive_rows.push(row),
                (true, Fit::Inside) => {
                    pairs.extend(&one.pairs);
                    rows.push(row);
                }
                (true, _) => undecided_rows.push(row),
            }
        }
        let file_rows = self.file_rows(found, question.stale_days);
        let occurrences = (pairs.len() + file_rows.iter().filter(|row| row.status == ACTIVE).count()) as u64;
        for row in file_rows {
            if row.status == ACTIVE { rows.push(row) } else { inactive_rows.push(row) }
        }
        [&mut rows, &mut undecided_rows, &mut inactive_rows].into_iter().for_each(|rows| in_order(rows));
        let type_unknown = types.is_empty() && question.asked.needed_fact().is_none();
        let coverage = self.answer_coverage(question, &types, &rows, &undecided_rows)?;
        let nothing = found.uses.is_empty() && found.files.is_empty();
        let distinct = |rows: &[WhereRow]| rows.iter().map(|row| &row.system).collect::<HashSet<_>>().len() as u64;
        Ok(WhereAnswer {
            query: question.query.to_owned(),
            versions: question.versions.map(str::to_owned),
            overview: self.overview(),
            systems: distinct(&rows),
            agencies: rows.iter().map(|row| &row.agency).collect::<HashSet<_>>().len() as u64,
            occurrences,
            coverage,
            types,
            needs: question.asked.needed_fact().map(super::query::Fact::as_str),
            type_unknown,
            undecided: distinct(&undecided_rows),
            unbound_documents: self.unbound_of(found, question),
            purged_documents: self.purged_everywhere(),
            other_versions: if rows.is_empty() { other_versions(uses) } else { Vec::new() },
            suggestions: if nothing { self.suggestions(&question.asked)? } else { Vec::new() },
            rows,
            undecided_rows,
            inactive_rows,
        })
    }

    fn is_active(&self, system: u32) -> bool {
        self.system(system).status.as_str() == ACTIVE
    }

    /// The package types a question is about: the one it states, else those of what was found.
    fn question_types(&self, asked: &PackageQuery, uses: &[SystemUse<'_>]) -> Vec<String> {
        if asked.needed_fact().is_some() {
            return Vec::new();
        }
        let all = || uses.iter().map(|one| one.row.kind.clone()).collect();
        asked.stated_type().map_or_else(|| telling(all()), |stated| vec![stated])
    }

    /// A system that was found to use it by fresh evidence is known, whatever else its documents cannot show; one whose
    /// version cannot be told is blind to this question.
    fn answer_coverage(
        &self,
        question: &Question<'_>,
        types: &[String],
        rows: &[WhereRow],
        undecided: &[WhereRow],
    ) -> Result<Coverage> {
        let mut told: Vec<Option<CoverageState>> = vec![None; self.snapshot.systems.len()];
        let mut tell = |row: &WhereRow, state: CoverageState| {
            let known = self.system_position(&row.system.0).and_then(|position| told.get_mut(position as usize));
            if let Some(known) = known.filter(|known| **known != Some(CoverageState::Known)) {
                *known = Some(state);
            }
        };
        undecided.iter().for_each(|row| tell(row, CoverageState::Blind));
        rows.iter().for_each(|row| tell(row, if row.stale { CoverageState::Stale } else { CoverageState::Known }));
        let ask = match question.asked.needed_fact() {
            Some(fact) => self.coverage_question_of(self.documents_stating(fact)?, question.stale_days),
            // Where the type is open, a "no" needs evidence that can show every type there is.
            None if types.is_empty() => self.coverage_question(&self.shown_types(), question.stale_days),
            None => self.coverage_question(types, question.stale_days),
        };
        Ok(self.coverage_by(|system| match told[system as usize] {
            Some(state) => state,
            None => self.coverage_state(system, &ask),
        }))
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
            let meant = occurrences.iter().filter(|one| fits && found.meant.holds(one.document, version.id));
            documents.extend(meant.map(|one| one.document));
        }
        documents.retain(|document| unbound.contains(document));
        documents.into_iter().map(|document| format!("D{document}")).collect()
    }

    /// Names of the package versions that bring others in.
    fn via_names(&self, uses: &[SystemUse<'_>]) -> Result<HashMap<i64, String>> {
        let via: Vec<i64> = uses.iter().flat_map(|one| one.row.via.iter().copied()).collect();
        self.names(&via)
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

const ACTIVE: &str = "active";

fn in_order(rows: &mut [WhereRow]) {
    rows.sort_by(|a, b| {
        (&a.agency, &a.system, &a.package, &a.version, &a.file)
            .cmp(&(&b.agency, &b.system, &b.package, &b.version, &b.file))
    });
}

/// Versions in use that the range leaves out.
fn other_versions(uses: &[SystemUse<'_>]) -> Vec<String> {
    let outside = uses.iter().filter(|one| one.fit == Fit::Outside);
    let versions: BTreeSet<&str> = outside.map(|one| one.row.version.as_str()).collect();
    versions.into_iter().take(OTHER_VERSIONS).map(str::to_owned).collect()
}

/// The types that coverage can be judged by: `generic` only says that a document gave no type, so it tells nothing where
/// others are known.
fn telling(types: BTreeSet<String>) -> Vec<String> {
    let typed: Vec<String> = types.iter().filter(|kind| *kind != "generic").cloned().collect();
    if typed.is_empty() { types.into_iter().collect() } else { typed }
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
