// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Norvania, the demo country: a fictional government with real inventories of real public packages, on a clock that
//! stands still, so that its answers never change.

use underpin_feeds::{Content, DeliveredFile, Delivery, Selection, Validators};
use underpin_ledger::RegistryChange;
use underpin_model::registry::RegistryFile;
use underpin_model::watch::source::Records;
use underpin_model::{Timestamp, Viewer};

use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::intake::{AddOptions, AddReport, Progress, Target, parse_manifest};
use crate::watch::sync::{SyncOptions, SyncReport};
use crate::{demo_compass, demo_incident, demo_support, demo_waivers};

const REGISTRY: &[u8] = include_bytes!("../../../demo/registry.toml");
const BINDINGS: &[u8] = include_bytes!("../../../demo/bindings.csv");
const ADVISORIES: &[u8] = include_bytes!("../../../demo/advisories.jsonl");
const EXPLOITED: &[u8] = include_bytes!("../../../demo/exploited.json");
const EVIDENCE: &[u8] = include_bytes!("../../../demo/evidence.tar.zst");

/// The demo's present.
pub const CLOCK: &str = "2026-03-02T09:00:00Z";

/// When the agencies were registered and handed in their first evidence.
const FIRST_DELIVERY: &str = "2025-12-01T09:00:00Z";

/// What came with the first delivery, by part of its path; the rest came later.
const EARLY: [&str; 4] =
    ["tax-assessment/cyclonedx-maven-7.3.0", "cyclonedx-npm-3.1.0", "cyclonedx-py-2.8.0", "cdxgen-2025"];

/// Whether a house is the demo.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn is_demo(house: &House) -> Result<bool> {
    Ok(house.ledger.operator_reader().setting("demo").await?.is_some())
}

/// Builds Norvania in an empty house, with what keeps it busy. In a house that is Norvania already nothing changes.
///
/// # Errors
/// `not-empty` when the house holds something else.
pub async fn build(house: &House, tag: &str, progress: &dyn Progress) -> Result<Option<AddReport>> {
    let report = build_quiet(house, tag, progress).await?;
    if report.is_some() {
        demo_incident::incident(house, moment(CLOCK)?).await?;
    }
    Ok(report)
}

/// The same country on a quiet day: no incident is open, and no authority has asked for anything.
///
/// # Errors
/// As [`build`].
pub async fn build_quiet(house: &House, tag: &str, progress: &dyn Progress) -> Result<Option<AddReport>> {
    if is_demo(house).await? {
        return Ok(None);
    }
    if house.ledger.operator_reader().revision().await? > 0 {
        return Err(OfficeError::new("not-empty", "this data directory holds data that is not the demo")
            .hint("name another one with --data; the demo never touches real data"));
    }
    let (first, now) = (moment(FIRST_DELIVERY)?, moment(CLOCK)?);
    let writer = house.ledger.writer("demo", Viewer::Operator);
    let (registry, _) =
        underpin_formats::registry::read(REGISTRY, "demo/registry.toml", house.limits()).map_err(|errors| {
            OfficeError::new("demo", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        })?;
    writer.apply_registry(first, changes(registry)).await?;
    let options = AddOptions {
        target: Target::Manifest(parse_manifest(BINDINGS, "demo/bindings.csv")?),
        actor: "demo".to_owned(),
        tag: format!("{tag}-early"),
        ..AddOptions::default()
    };
    let early = |path: &str| EARLY.iter().any(|part| path.contains(part));
    let earlier = house.add_bytes(&options, "norvania", EVIDENCE, &early, first, progress).await?;
    let options = AddOptions { tag: tag.to_owned(), ..options };
    let mut report = house.add_bytes(&options, "norvania", EVIDENCE, &|path| !early(path), now, progress).await?;
    watch(house, tag, first, progress).await?;
    report.seconds = 0.0;
    report.accepted += earlier.accepted;
    report.occurrences += earlier.occurrences;
    // Both deliveries share package versions: what is there is counted.
    let desk = house.desk(Viewer::Operator, now).await?;
    demo_support::support(house, first, now).await?;
    demo_compass::compass(house, now).await?;
    demo_waivers::waivers(house).await?;
    report.package_versions = desk.session.versions_where(|_| true)?.len() as u64;
    house.fix_clock("demo", now).await?;
    writer.set_setting(now, "demo", Some("norvania")).await?;
    Ok(Some(report))
}

/// What the drills need to know: a few advisories, as facts in our own words, learned with the first delivery.
async fn watch(house: &House, tag: &str, at: Timestamp, progress: &dyn Progress) -> Result<()> {
    let options = SyncOptions {
        sources: Vec::new(),
        from: Vec::new(),
        actor: "demo".to_owned(),
        viewer: Viewer::Operator,
        tag: tag.to_owned(),
    };
    let deliveries = vec![
        delivery("osv/drills", Records::Osv, "advisories.jsonl", ADVISORIES),
        delivery("kev", Records::Kev, "exploited.json", EXPLOITED),
    ];
    house.take_deliveries(deliveries, &options, at, progress, &mut SyncReport::default()).await
}

fn delivery(feed: &str, records: Records, name: &str, bytes: &[u8]) -> Delivery {
    let content = Content::Bytes(bytes.to_vec());
    let file = DeliveredFile { name: name.to_owned(), content, selection: Selection::All, records };
    Delivery {
        feed: feed.to_owned(),
        records,
        origin: format!("demo/{name}"),
        stated: None,
        files: vec![file],
        removed: Vec::new(),
        validators: Validators::default(),
        refused: Vec::new(),
        is_complete: true,
    }
}

/// A registry file as changes: agencies first, then what refers to them.
pub(crate) fn changes(file: RegistryFile) -> Vec<RegistryChange> {
    let agencies = file.agencies.into_iter().map(RegistryChange::PutAgency);
    let systems = file.systems.into_iter().map(RegistryChange::PutSystem);
    let deployments = file.deployments.into_iter().map(RegistryChange::PutDeployment);
    let mappings = file.mappings.into_iter().map(RegistryChange::PutMapping);
    agencies.chain(systems).chain(deployments).chain(mappings).collect()
}

pub(crate) fn moment(text: &str) -> Result<Timestamp> {
    text.parse()
        .map_err(|error: underpin_model::timestamp::InvalidTimestamp| OfficeError::new("demo", error.to_string()))
}
