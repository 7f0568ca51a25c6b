// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use underpin_model::registry::{AgencyId, DeploymentId, SystemId};
use underpin_office::intake::{AddOptions, AddReport, Durable, Progress, Target};
use underpin_office::jobs::Spread;
use underpin_office::watch::gate::GateLevel;
use underpin_office::{House, OfficeError, Result};

use super::findings::{judged, level_of};
use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted, print};

/// Take evidence in: SBOMs, lockfiles, package lists, archives of them
///
/// Formats are found by content. Folders and archives are searched; `-` is standard input. Every file is accounted for:
/// accepted, duplicate, quarantined (kept, with the reason) or skipped (no evidence).
#[derive(Debug, clap::Args)]
pub struct Add {
    /// Files, folders, archives; - for standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The documents are about this system, named by its identifier or a name; what a survey says of its rows goes first
    #[arg(long, value_name = "ID", conflicts_with_all = ["manifest", "as_systems"])]
    system: Option<String>,
    /// … and about this deployment of it
    #[arg(long, value_name = "ID", requires = "system")]
    deployment: Option<String>,
    /// A CSV file with the columns path, system, deployment says what each file is about
    #[arg(long, value_name = "CSV", conflicts_with = "as_systems")]
    manifest: Option<PathBuf>,
    /// Make each described artefact a system of this agency (made if missing)
    #[arg(long, value_name = "AGENCY")]
    as_systems: Option<String>,
    /// The agency that hands them in: it sees them while they are bound to no system
    #[arg(long, value_name = "AGENCY")]
    uploader: Option<String>,
    /// Only store the evidence now; all running `underpin worker` take it in, each a part of it (`underpin jobs` tells how far they are)
    #[arg(long, conflicts_with_all = ["manifest", "as_systems", "fail_on_quarantine", "fail_on", "acknowledge"])]
    spread: bool,
    /// Exit with 1 when anything was quarantined
    #[arg(long)]
    fail_on_quarantine: bool,
    /// Exit with 1 when what was added has a finding at this priority, severity or score (see `underpin findings`)
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<String>,
    /// Write one JSON line to standard error for each batch that is durable: what it names survives whatever comes
    #[arg(long)]
    acknowledge: bool,
}

/// Progress for people, and acknowledgements for programs.
pub struct Bar {
    bar: ProgressBar,
    acknowledge: bool,
}

impl Bar {
    /// Bytes read, for people only.
    pub fn of_bytes(context: &Context) -> Self {
        let bar = if context.shows_progress() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {bytes} read, {bytes_per_sec}") {
            bar.set_style(style);
        }
        Self { bar, acknowledge: false }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn advance(&self, _: u64, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn durable(&self, batch: &Durable) {
        if self.acknowledge
            && let Ok(line) = serde_json::to_string(batch)
        {
            self.bar.suspend(|| eprintln!("{line}"));
        }
    }
}

impl Add {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let target = self.target()?;
        let level = level_of(self.fail_on.as_deref())?;
        let options = AddOptions {
            paths: self.paths.clone(),
            target,
            uploader: self.uploader.map(AgencyId),
            viewer: context.global.viewer.clone(),
            actor: context.actor(),
            tag: context.tag(),
        };
        let house = context.house().await?;
        let bar = Bar { acknowledge: self.acknowledge, ..Bar::of_bytes(context) };
        let at = house.fixed_clock().await?.unwrap_or(context.now);
        if self.spread {
            let spread = house.spread(&options, at, &bar).await;
            bar.finish();
            print(&put_down(&spread?), context.printing_all())?;
            house.close().await;
            return Ok(false);
        }
        let report = house.add_and_tell(&options, at, &bar).await;
        bar.finish();
        let report = report?;
        print(&answer(&report), context.printing_all())?;
        let fails = match &level {
            Some(level) => judge(&house, &report, level, context).await?,
            None => false,
        };
        house.close().await;
        Ok(fails || (self.fail_on_quarantine && report.quarantined > 0))
    }

    fn target(&self) -> Result<Target> {
        if let Some(agency) = &self.as_systems {
            if !underpin_model::registry::is_identifier(agency) {
                return Err(usage(
                    format!("{agency:?} is no identifier of an agency"),
                    format!("try --as-systems {}", underpin_model::registry::slug(agency)),
                ));
            }
            return Ok(Target::AsSystems(AgencyId(agency.clone())));
        }
        if let Some(system) = &self.system {
            let deployment = self.deployment.clone().map(DeploymentId);
            return Ok(Target::System(SystemId(system.clone()), deployment));
        }
        match &self.manifest {
            Some(path) => Ok(Target::Manifest(underpin_office::intake::read_manifest(path)?)),
            None => Ok(Target::Rules),
        }
    }
}

/// Judges what was added: it is in, whatever comes out.
async fn judge(house: &House, report: &AddReport, level: &GateLevel, context: &Context) -> Result<bool> {
    if report.quarantined > 0 {
        let message =
            format!("{} could not be read, so they were not judged", counted(report.quarantined, "file", "files"));
        return Err(OfficeError::new("not-judged", message).hint("`underpin documents list --quarantined` says why"));
    }
    let desk = context.desk(house).await?;
    let watched = house.watch(&desk).await?;
    let gate = watched.gate_of(&desk, &report.told(), level)?;
    Ok(judged(Some(&gate), context))
}

/// What waits now to be taken in.
fn put_down(spread: &Spread) -> Answer {
    let json = serde_json::to_value(spread).unwrap_or_default();
    let mut answer = Answer { rows: vec![json.clone()], json, ..Answer::default() };
    answer.head = vec![
        format!("{:>9}  files are stored and wait to be taken in ({:.1} MB)", spread.files, spread.bytes as f64 / 1e6),
        format!("{:>9}  jobs for `underpin worker`", spread.pieces),
        format!("{:>9}  skipped", spread.skipped_files.len()),
    ];
    answer.columns = columns(&["outcome", "path", "code", "detail"]);
    for file in &spread.skipped_files {
        answer.cells.push(vec!["skipped".to_owned(), file.path.clone(), file.code.clone(), file.detail.clone()]);
    }
    answer.notes.push("next: `underpin jobs --wait 600` waits until all of it is in".to_owned());
    answer
}

const FIELDS: [&str; 19] = [
    "documents",
    "accepted",
    "duplicates",
    "quarantined",
    "skipped",
    "occurrences",
    "package_versions",
    "gaps",
    "bytes",
    "seconds",
    "bound",
    "unbound",
    "systems_created",
    "quarantined_files",
    "skipped_files",
    "duplicate_files",
    "not_counting",
    "unresolved_systems",
    "unused_rows",
];

pub fn answer(report: &AddReport) -> Answer {
    let json = serde_json::to_value(report).unwrap_or_default();
    let mut answer = Answer { rows: vec![json.clone()], json, fields: &FIELDS, ..Answer::default() };
    answer.head = vec![
        format!("{:>9}  files looked at ({:.1} MB)", report.documents, report.bytes as f64 / 1e6),
        format!("{:>9}  accepted", report.accepted),
        format!("{:>9}  duplicates (the same bytes were there already)", report.duplicates),
        format!("{:>9}  quarantined (kept, but could not be read)", report.quarantined),
        format!("{:>9}  skipped (no evidence)", report.skipped),
        String::new(),
        format!("{:>9}  uses of {} package versions", report.occurrences, report.package_versions),
        format!("{:>9}  gaps", report.gaps),
        format!(
            "{:>9}  bound to systems ({} made), {} unbound",
            report.bound,
            counted(report.systems_created, "system", "systems"),
            counted(report.unbound, "document", "documents")
        ),
        format!("{:>9.2}  seconds", report.seconds),
    ];
    answer.notes.clone_from(&report.notes);
    answer.columns = columns(&["outcome", "path", "code", "detail"]);
    for (outcome, files) in [
        ("quarantined", &report.quarantined_files),
        ("skipped", &report.skipped_files),
        ("not bound", &report.unresolved_systems),
        ("does not count", &report.not_counting),
        ("row not used", &report.unused_rows),
    ] {
        for file in files {
            answer.cells.push(vec![outcome.to_owned(), file.path.clone(), file.code.clone(), file.detail.clone()]);
        }
    }
    if report.unbound > 0 {
        answer.notes.push("next: `underpin documents list --unbound` shows what is about no system yet".to_owned());
    }
    if !report.unused_rows.is_empty() {
        answer.notes.push(
            "rows of the manifest that mean no file changed nothing; mend them and run the same command again: what is in stays in"
                .to_owned(),
        );
    }
    if report.duplicates > 0 && report.accepted == 0 && report.bound == 0 {
        answer.notes.push(match report.not_counting.len() {
            0 => "nothing changed: these bytes were all known".to_owned(),
            1 => "nothing changed: these bytes were all known, but one document does not count".to_owned(),
            many => format!("nothing changed: these bytes were all known, but {many} documents do not count"),
        });
    }
    answer
}
