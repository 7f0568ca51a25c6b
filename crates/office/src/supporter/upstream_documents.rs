// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Patches that documents name in the pedigree of a component: they are evidence already, and nobody has to write them down again.
//!
//! A `backport` or `cherry-pick` is of the project itself (CycloneDX, *pedigree.patches.type*). Of the others only headers inside the
//! text of a patch say whether the project knows it; without them that is unknown.

use std::collections::{BTreeMap, HashMap};

use underpin_assess::engagement::upstream::judged;
use underpin_lake::{Wanted, integers, texts};
use underpin_model::Timestamp;
use underpin_model::engagement::{CarriedSource, PatchForwarding};

use super::upstream::CarriedRow;
use crate::error::Result;
use crate::house::Desk;
use crate::house::made;

/// What a document says of one patch.
struct Stated {
    document: i64,
    version: i64,
    kind: String,
    lines: String,
}

/// What each document says, with the project and the purl of the package.
type ByDocument<'s> = HashMap<i64, Vec<(&'s Stated, &'s (String, String))>>;

/// One row for each patch that a system's present documents name, with the day of its first document.
pub(super) fn rows(desk: &Desk) -> Result<Vec<CarriedRow>> {
    let stated = stated(desk)?;
    if stated.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = stated.iter().map(|one| one.version).collect();
    let versions = desk.session.versions_by_id(&ids)?;
    let package_of: HashMap<i64, i64> = versions.iter().map(|version| (version.id, version.package)).collect();
    let mut packages: Vec<i64> = package_of.values().copied().collect();
    packages.sort_unstable();
    packages.dedup();
    let mut named: HashMap<i64, (String, String)> = HashMap::new();
    for (project, own) in desk.projects_of(&packages)?.0 {
        named.extend(own.into_iter().map(|package| (package.number, (project.clone(), package.purl))));
    }
    let mut by_document: ByDocument<'_> = HashMap::new();
    for one in &stated {
        let Some(package) = package_of.get(&one.version).and_then(|package| named.get(package)) else { continue };
        by_document.entry(one.document).or_default().push((one, package));
    }
    Ok(by_system(desk, &by_document))
}

fn by_system(desk: &Desk, by_document: &ByDocument<'_>) -> Vec<CarriedRow> {
    let at = desk.overview().as_of;
    let mut found = Vec::new();
    for position in desk.active_systems() {
        let mut of_system: BTreeMap<(&str, &str, &str, &str), (Timestamp, bool)> = BTreeMap::new();
        for bound in desk.bound(position) {
            let record = &desk.snapshot.documents[bound.document];
            for (one, (project, purl)) in by_document.get(&record.id.0).into_iter().flatten() {
                let key = (project.as_str(), purl.as_str(), one.kind.as_str(), one.lines.as_str());
                let entry = of_system.entry(key).or_insert((made(record), false));
                entry.0 = entry.0.min(made(record));
                entry.1 |= bound.superseded_by.is_none();
            }
        }
        let system = desk.system(position);
        let present = of_system.into_iter().filter(|(_, (_, is_present))| *is_present);
        found.extend(present.map(|((project, purl, kind, lines), (since, _))| {
            let row = row((project, purl, kind), lines, since.min(at), at);
            CarriedRow { system: Some(system.id.0.clone()), agency: system.agency.0.clone(), ..row }
        }));
    }
    found
}

fn row((project, purl, kind): (&str, &str, &str), lines: &str, since: Timestamp, at: Timestamp) -> CarriedRow {
    let said = |name: &str| lines.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
    let is_own = |line: &&str| ["change ", "forwarding ", "address "].iter().any(|name| line.starts_with(name));
    let resolves: Vec<&str> = lines.lines().filter(|line| *line != "upstream" && !is_own(line)).collect();
    let is_upstream = matches!(kind, "backport" | "cherry-pick") || lines.lines().any(|line| line == "upstream");
    let forwarding: PatchForwarding = said("forwarding ").and_then(|word| word.parse().ok()).unwrap_or_default();
    let age_days = at.days_since(since).max(0);
    CarriedRow {
        project: project.to_owned(),
        source: CarriedSource::Document,
        name: format!("{purl} ({kind})"),
        title: Some(resolves.join(", ")).filter(|text| !text.is_empty()),
        standing: judged(is_upstream, forwarding, Some(age_days)),
        since,
        age_days,
        places: said("address ").into_iter().collect(),
        patch_id: said("change "),
        ..CarriedRow::default()
    }
}

fn stated(desk: &Desk) -> Result<Vec<Stated>> {
    let wanted = ["patch".to_owned()];
    let columns = ["document", "package_version", "name", "value"];
    let mut found = Vec::new();
    for batch in desk.session.rows("component_fact", "document", "kind", Wanted::Texts(&wanted), &columns)? {
        let (documents, versions) = (integers(&batch, 0)?, integers(&batch, 1)?);
        let (kinds, lines) = (texts(&batch, 2)?, texts(&batch, 3)?);
        found.extend((0..batch.num_rows()).map(|row| Stated {
            document: documents.value(row),
            version: versions.value(row),
            kind: kinds.value(row).to_owned(),
            lines: lines.value(row).to_owned(),
        }));
    }
    Ok(found)
}
