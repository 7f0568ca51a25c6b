// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `where`: every system and agency that uses a package, and how much of the government that answer covers.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;
use underpin_assess::identity::origin::apart;
use underpin_assess::reconcile::{Reconciled, Use, reconcile};
use underpin_assess::suggest::{nearest, nearness};
use underpin_lake::{Occurrence, PackageVersion, Wanted, texts};
use underpin_model::Coverage;
use underpin_model::coverage::CoverageState;
use underpin_model::inventory::Scope;
use underpin_model::registry::{AgencyId, SystemId};

use super::query::{PackageQuery, VersionQuery, fits_cpe, spellings};
use crate::error::Result;
use crate::house::{Desk, Overview};

/// Suggestions given when nothing was found.
const SUGGESTIONS: usize = 5;

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
    /// Systems that use it.
    pub systems: u64,
    /// Agencies that own them.
    pub agencies: u64,
    /// Uses: package versions in current documents about systems.
    pub occurrences: u64,
    /// How much of the government this answer covers.
    pub coverage: Coverage,
    /// Package types the coverage was judged for; empty when the question leaves them open and nothing was found.
    pub types: Vec<String>,
    /// One row for each system and package version.
    pub rows: Vec<WhereRow>,
    /// Documents that name it but are about no system yet.
    pub unbound_documents: Vec<String>,
    /// Did you mean.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
}

/// A package version in a system.
#[derive(Clone, Debug, Serialize)]
pub struct WhereRow {
    /// Stable identifier of the agency.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// Stable identifier of the system.
    pub system: SystemId,
    /// Its name.
    pub system_name: String,
    /// Deployments that the documents are about, else all of the system.
    pub deployments: Vec<String>,
    /// Package: canonical purl without version; with `repository_url` where it does not come from a registry.
    pub package: String,
    /// Version; empty when unknown.
    pub version: String,
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

/// Package versions with their uses.
pub(crate) type Found = Vec<(PackageVersion, Vec<Occurrence>)>;

impl Desk {
    /// Where something is used.
    ///
    /// # Errors
    /// When the question cannot be read or a segment is damaged.
    pub fn where_used(&self, query: &str, versions: Option<&str>, stale_days: u64) -> Result<WhereAnswer> {
        let asked = PackageQuery::parse(query)?;
        let range = versions.map(VersionQuery::parse).transpose()?;
        let mut found = self.find(&asked)?;
        let all_types: BTreeSet<String> = found.iter().map(|(version, _)| version.kind.clone()).collect();
        if let Some(range) = &range {
            found.retain(|(version, _)| range.contains(version));
        }
        let types = asked.stated_type().map_or_else(|| telling(all_types), |stated| vec![stated]);
        let rows = self.rows(&found, &types, stale_days)?;
        let mut answer = WhereAnswer {
            query: query.to_owned(),
            versions: versions.map(str::to_owned),
            overview: self.overview(),
            systems: rows.iter().map(|row| &row.system).collect::<HashSet<_>>().len() as u64,
            agencies: rows.iter().map(|row| &row.agency).collect::<HashSet<_>>().len() as u64,
            occurrences: self.count_uses(&found),
            coverage: Coverage::default(),
            suggestions: Vec::new(),
            unbound_documents: self.unbound_of(&found),
            types,
            rows,
        };
        answer.coverage = self.answer_coverage(&answer.types, &answer.rows, stale_days);
        if found.is_empty() && range.is_none() {
            answer.suggestions = self.suggestions(&asked)?;
        }
        Ok(answer)
    }

    /// A system that was found to use it by fresh evidence is known, whatever else its documents cannot show.
    fn answer_coverage(&self, types: &[String], rows: &[WhereRow], stale_days: u64) -> Coverage {
        let mut fresh: HashMap<&str, bool> = HashMap::new();
        for row in rows {
            *fresh.entry(row.system.0.as_str()).or_default() |= !row.stale;
        }
        let question = self.coverage_question(types, stale_days);
        self.coverage_by(|system| match fresh.get(self.system(system).id.0.as_str()) {
            Some(true) => CoverageState::Known,
            Some(false) => CoverageState::Stale,
            None => self.coverage_state(system, &question),
        })
    }

    pub(crate) fn find(&self, asked: &PackageQuery) -> Result<Found> {
        let mut found = match asked {
            PackageQuery::Name { namespace, name } => {
                let mut names = spellings(name);
                names.extend(namespace.as_ref().map(|namespace| format!("{namespace}/{name}")));
                self.session.uses_of_names(&names)?
            }
            PackageQuery::Purl(purl) => self.session.uses_of_names(std::slice::from_ref(&purl.name))?,
            PackageQuery::Pattern(_) => return Ok(self.session.uses_of_matching(|version| asked.fits(version))?),
            PackageQuery::Cpe(parts) => return self.find_by_cpe(parts),
            PackageQuery::Hash(value) => return self.find_by_hash(value),
            PackageQuery::Licence(licence) => return self.find_by_licence(licence),
        };
        found.retain(|(version, _)| asked.fits(version));
        Ok(found)
    }

    fn find_by_hash(&self, value: &str) -> Result<Found> {
        let values = [value.to_owned()];
        let columns = ["document", "package_version"];
        let rows = self.session.rows("hash", "value", "value", Wanted::Texts(&values), &columns)?;
        self.uses_in_documents(&rows)
    }

    fn find_by_cpe(&self, parts: &[String]) -> Result<Found> {
        let columns = ["document", "package_version", "value", "kind"];
        let mut kept = Vec::new();
        for batch in self.session.rows("identifier", "value", "value", Wanted::All, &columns)? {
            let (values, kinds) = (texts(&batch, 2)?, texts(&batch, 3)?);
            let fits = |row: &usize| kinds.value(*row) == "cpe" && fits_cpe(parts, values.value(*row));
            kept.extend(pairs(&batch)?.into_iter().enumerate().filter(|(row, _)| fits(row)).map(|(_, pair)| pair));
        }
        self.uses_of_pairs(&kept)
    }

    fn find_by_licence(&self, licence: &str) -> Result<Found> {
        let columns = ["document", "package_version", "expression"];
        let mut kept = Vec::new();
        for batch in self.session.rows("licence", "expression", "expression", Wanted::All, &columns)? {
            let expressions = texts(&batch, 2)?;
            let fits = |row: &usize| names_licence(expressions.value(*row), licence);
            kept.extend(pairs(&batch)?.into_iter().enumerate().filter(|(row, _)| fits(row)).map(|(_, pair)| pair));
        }
        self.uses_of_pairs(&kept)
    }

    fn uses_in_documents(&self, batches: &[underpin_lake::Rows]) -> Result<Found> {
        let mut kept = Vec::new();
        for batch in batches {
            kept.extend(pairs(batch)?);
        }
        self.uses_of_pairs(&kept)
    }

    /// Uses of these package versions in exactly these documents.
    fn uses_of_pairs(&self, pairs: &[(i64, i64)]) -> Result<Found> {
        let wanted: HashSet<(i64, i64)> = pairs.iter().copied().collect();
        let mut ids: Vec<i64> = pairs.iter().map(|(_, version)| *version).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found = self.session.uses_of_ids(&ids)?;
        for (version, uses) in &mut found {
            uses.retain(|occurrence| wanted.contains(&(occurrence.document, version.id)));
        }
        found.retain(|(_, uses)| !uses.is_empty());
        Ok(found)
    }

    fn count_uses(&self, found: &Found) -> u64 {
        let uses = found.iter().flat_map(|(_, uses)| uses);
        uses.filter(|occurrence| !self.systems_of(occurrence.document).is_empty()).count() as u64
    }

    fn unbound_of(&self, found: &Found) -> Vec<String> {
        let unbound: HashSet<i64> = self.unbound().map(|record| record.id.0).collect();
        let documents: BTreeSet<i64> = found
            .iter()
            .flat_map(|(_, uses)| uses)
            .map(|occurrence| occurrence.document)
            .filter(|document| unbound.contains(document))
            .collect();
        documents.into_iter().map(|document| format!("D{document}")).collect()
    }

    fn rows(&self, found: &Found, types: &[String], stale_days: u64) -> Result<Vec<WhereRow>> {
        let mut by_system: BTreeMap<u32, Vec<Use<'_>>> = BTreeMap::new();
        for (version, uses) in found {
            for occurrence in uses {
                for system in self.systems_of(occurrence.document) {
                    by_system.entry(*system).or_default().push(as_use(version, occurrence));
                }
            }
        }
        let joined: Vec<(u32, Vec<Reconciled>)> =
            by_system.into_iter().map(|(system, uses)| (system, reconcile(&uses))).collect();
        let via: Vec<i64> = joined.iter().flat_map(|(_, rows)| rows).flat_map(|row| row.via.clone()).collect();
        let names = self.names(&via)?;
        let mut rows: Vec<WhereRow> = joined
            .iter()
            .flat_map(|(system, rows)| rows.iter().map(|row| (*system, row)))
            .map(|(system, row)| self.row(system, row, &names, types, stale_days))
            .collect();
        rows.sort_by(|a, b| {
            (&a.agency, &a.system, &a.package, &a.version).cmp(&(&b.agency, &b.system, &b.package, &b.version))
        });
        Ok(rows)
    }

    /// Names of package versions, as `name version`.
    pub(crate) fn names(&self, ids: &[i64]) -> Result<HashMap<i64, String>> {
        let versions = self.session.versions_by_id(ids)?;
        Ok(versions
            .into_iter()
            .map(|version| (version.id, format!("{} {}", version.full_name(), version.version).trim_end().to_owned()))
            .collect())
    }

    fn row(
        &self,
        position: u32,
        found: &Reconciled,
        names: &HashMap<i64, String>,
        types: &[String],
        stale_days: u64,
    ) -> WhereRow {
        let system = self.system(position);
        let agency = self.agency(&system.agency);
        let fresh = |record: &&underpin_model::DocumentRecord| {
            underpin_assess::coverage::is_fresh(crate::house::made(record), self.snapshot.at, stale_days)
        };
        let naming = |record: &&underpin_model::DocumentRecord| found.documents.contains(&record.id.0);
        let kinds = if types.is_empty() { std::slice::from_ref(&found.kind) } else { types };
        let silent = self.current_documents(position).filter(|record| {
            !naming(record)
                && record.occurrences > 0
                && kinds
                    .iter()
                    .any(|kind| record.types.iter().any(|shown| underpin_assess::capability::same_kind(shown, kind)))
        });
        let mut via: Vec<String> = found
            .via
            .iter()
            .filter(|via| !found.package_versions.contains(via))
            .filter_map(|via| names.get(via).cloned())
            .collect();
        via.sort_unstable();
        WhereRow {
            agency: system.agency.clone(),
            agency_name: agency.map(|agency| agency.name.clone()).unwrap_or_default(),
            system: system.id.clone(),
            system_name: system.name.clone(),
            deployments: self.deployments_of(position, &found.documents),
            package: package_purl(found),
            version: found.version.clone(),
            direct: found.direct,
            via,
            scope: found.scope.as_str(),
            confidence: found.confidence,
            modified: found.modified,
            documents: found.documents.iter().map(|document| format!("D{document}")).collect(),
            silent_documents: silent.map(|record| record.id.to_string()).collect(),
            stale: !self.current_documents(position).filter(naming).any(|record| fresh(&record)),
            operator: system.operator.clone(),
            supplier: system.supplier.clone(),
            support: system.support.clone(),
            contact: [&system.contact]
                .into_iter()
                .chain(agency.map(|agency| &agency.contact))
                .find(|contact| !contact.is_empty())
                .cloned()
                .unwrap_or_default(),
        }
    }

    /// Deployments that these documents are about; a document about the whole system is about all of them.
    fn deployments_of(&self, position: u32, documents: &[i64]) -> Vec<String> {
        let mut named = BTreeSet::new();
        let mut whole = false;
        for bound in self.bound(position) {
            if documents.contains(&self.snapshot.documents[bound.document].id.0) {
                match &bound.deployment {
                    Some(deployment) => _ = named.insert(deployment.clone()),
                    None => whole = true,
                }
            }
        }
        if whole {
            let system = self.system(position);
            named.extend(self.deployments(system).map(|deployment| deployment.id.0.clone()));
        }
        named.into_iter().collect()
    }

    fn suggestions(&self, asked: &PackageQuery) -> Result<Vec<String>> {
        let name = match asked {
            PackageQuery::Name { name, .. } => name,
            PackageQuery::Purl(purl) => &purl.name,
            _ => return Ok(Vec::new()),
        };
        let near = self.session.names_where(|known| nearness(name, known).is_some())?;
        let short = |full: &str| full.rsplit([':', '/']).next().unwrap_or_default().to_owned();
        let mut best: Vec<(usize, &String)> =
            near.iter().filter_map(|full| nearness(name, &short(full)).map(|near| (near, full))).collect();
        best.sort_unstable();
        let best: Vec<&str> = best.into_iter().take(SUGGESTIONS).map(|(_, full)| full.as_str()).collect();
        Ok(if best.is_empty() { nearest(name, near.iter().map(String::as_str), SUGGESTIONS) } else { best }
            .into_iter()
            .map(str::to_owned)
            .collect())
    }
}

/// The types that coverage can be judged by: `generic` only says that a document gave no type, so it tells nothing where
/// others are known.
fn telling(types: BTreeSet<String>) -> Vec<String> {
    let typed: Vec<String> = types.iter().filter(|kind| *kind != "generic").cloned().collect();
    if typed.is_empty() { types.into_iter().collect() } else { typed }
}

/// Document and package version of rows that start with these two columns.
fn pairs(batch: &underpin_lake::Rows) -> Result<Vec<(i64, i64)>> {
    let (documents, versions) = (underpin_lake::integers(batch, 0)?, underpin_lake::integers(batch, 1)?);
    Ok(documents.values().iter().copied().zip(versions.iter().map(|version| version.unwrap_or(0))).collect())
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
    underpin_model::Purl {
        kind: kind.to_owned(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        ..underpin_model::Purl::default()
    }
    .to_string()
}

/// Whether an expression names a licence: equal, or one of its words.
fn names_licence(expression: &str, licence: &str) -> bool {
    expression.eq_ignore_ascii_case(licence)
        || expression
            .split(|character: char| character.is_whitespace() || matches!(character, '(' | ')'))
            .any(|word| word.eq_ignore_ascii_case(licence))
}
