// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::collections::BTreeSet;
use std::path::PathBuf;

use underpin_model::engagement::{CarriedPatch, CarriedSource, CarriedStanding, TakenPatches};
use underpin_model::watch::Place;
use underpin_office::supporter::upstream::{CarriedRow, UpstreamAnswer};
use underpin_office::supporter::upstream_take::{ForkAnswer, ForkSide, compare, read_patches, upstream_changes};
use underpin_office::{Desk, House, Result};

use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, counted, dash, print};

const FIELDS: [&str; 11] =
    ["project", "system", "agency", "source", "name", "title", "standing", "since", "age_days", "places", "patch_id"];
const COMPARED: [&str; 6] = ["name", "title", "is_upstream", "dated", "forwarding", "patch_id"];

/// Patches that systems and agencies carry, and which of them their projects do not know
#[derive(Debug, clap::Args)]
pub struct Upstream {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Take(Take),
    Compare(Compare),
    /// Every carried patch within sight: how it stands, how old it is; those of documents, too
    List,
}

/// Who carries the patches.
#[derive(Debug, clap::Args)]
struct Carrier {
    /// The system that carries them
    #[arg(long, value_name = "SYSTEM", conflicts_with = "agency")]
    system: Option<String>,
    /// The agency that carries them as a whole
    #[arg(long, value_name = "AGENCY")]
    agency: Option<String>,
    /// The project that they change: its repository, or a package of it
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
}

impl Carrier {
    fn place(&self, desk: &Desk) -> Result<Place> {
        match (&self.system, &self.agency) {
            (Some(system), _) => Ok(Place::System(desk.system_called(system)?.id.clone())),
            (None, Some(agency)) => Ok(Place::Agency(desk.agency_called(agency)?.id.clone())),
            (None, None) => Err(usage("nobody is named who carries them", "name --system or --agency")),
        }
    }

    fn project(&self, desk: &Desk) -> Result<String> {
        match &self.project {
            Some(project) => desk.project_key(project),
            None => Err(usage("the project is not named", "name --project: its repository, or a package of it")),
        }
    }

    async fn take(
        &self,
        (context, house): (&Context, &House),
        source: CarriedSource,
        patches: Vec<CarriedPatch>,
    ) -> Result<TakenPatches> {
        let desk = context.desk_at(house, None).await?;
        let (place, project) = (self.place(&desk)?, self.project(&desk)?);
        house.take_patches(&context.author(house).await?, (&place, &project), source, patches).await
    }
}

/// Write down the patches in a folder, in the order of its series
///
/// Read are headers of DEP-3 and Upstream-Status and the number of each change. Nobody who wrote or reviewed a patch is kept. What is no
/// longer in the folder is written down as gone.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin upstream take --system portal --project github.com/madler/zlib debian/patches"
)]
struct Take {
    #[command(flatten)]
    carrier: Carrier,
    /// A clone of the project: patches whose change it has are told as upstream
    #[arg(long, value_name = "CLONE")]
    upstream: Option<PathBuf>,
    /// The folder; debian/patches below it is meant where that is there
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Hold a fork against its upstream: which of its changes does the project not have?
///
/// Two clones, or one clone with two branches, tags or commits. Changes are recognised by what they change, as `git cherry` does, and by
/// "cherry picked from commit". Merges count for nothing, and what a later commit reverts is not carried. Squashed changes are not
/// recognised. With --project and --system or --agency the result is written down.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin upstream compare our-zlib zlib\n  underpin upstream compare zlib zlib --fork-ref ours --upstream-ref main"
)]
struct Compare {
    #[command(flatten)]
    carrier: Carrier,
    /// The clone of the fork
    #[arg(value_name = "FORK")]
    fork: PathBuf,
    /// The clone of the project
    #[arg(value_name = "UPSTREAM")]
    upstream: PathBuf,
    /// A branch, tag or commit of the fork; else what is checked out
    #[arg(long, value_name = "NAME")]
    fork_ref: Option<String>,
    /// A branch, tag or commit of the project; else what is checked out
    #[arg(long, value_name = "NAME")]
    upstream_ref: Option<String>,
}

impl Upstream {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let answer = match &self.what {
            What::List => list(&house.upstream(&context.desk(&house).await?).await?),
            What::Take(take) => take.run(context, &house).await?,
            What::Compare(compare) => compare.run(context, &house).await?,
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

impl Take {
    async fn run(&self, context: &Context, house: &House) -> Result<Answer> {
        let known = match &self.upstream {
            Some(clone) => upstream_changes(clone)?,
            None => BTreeSet::new(),
        };
        let patches = read_patches(&self.folder, &known)?;
        let taken = self.carrier.take((context, house), CarriedSource::Folder, patches).await?;
        Ok(Answer::said(vec![said(&taken)], serde_json::to_value(taken).unwrap_or_default()))
    }
}

impl Compare {
    async fn run(&self, context: &Context, house: &House) -> Result<Answer> {
        let side = |clone: &PathBuf, reference: &Option<String>| ForkSide {
            clone: clone.clone(),
            reference: reference.clone(),
        };
        let found = compare(&side(&self.fork, &self.fork_ref), &side(&self.upstream, &self.upstream_ref))?;
        let mut answer = compared(&found);
        if self.carrier.project.is_some() {
            let taken = self.carrier.take((context, house), CarriedSource::Fork, found.rows).await?;
            answer.notes.push(said(&taken));
        }
        Ok(answer)
    }
}

fn said(taken: &TakenPatches) -> String {
    format!(
        "{}: {} new, {} changed, {} gone.",
        counted(taken.found as u64, "patch", "patches"),
        taken.new,
        taken.changed,
        taken.gone
    )
}

fn compared(found: &ForkAnswer) -> Answer {
    let mut head = vec![format!(
        "{} of the fork that the project does not have, {} that it has in a commit of its own; {} of the project are not in the fork.",
        counted(found.ahead, "change", "changes"),
        found.equivalent,
        counted(found.behind, "commit", "commits")
    )];
    head.extend(found.parted.map(|at| format!("The newest commit that both have is of {}.", at.date())));
    let mut notes = Vec::new();
    if found.unread > 0 {
        notes.push(format!("{} could not be compared.", counted(found.unread, "commit", "commits")));
    }
    if found.is_cut {
        notes.push("A history was cut or is too long: older commits were not compared.".to_owned());
    }
    let cells = |row: &CarriedPatch| {
        vec![
            row.name.chars().take(12).collect(),
            row.dated.map_or_else(|| dash(""), |at| at.date()),
            (if row.is_upstream { "upstream" } else { "carried" }).to_owned(),
            row.title.clone().unwrap_or_default(),
        ]
    };
    let json = serde_json::to_value(found).unwrap_or_default();
    let rows = json["rows"].as_array().cloned().unwrap_or_default();
    let cells = found.rows.iter().map(cells).collect();
    Answer {
        json,
        fields: &COMPARED,
        columns: columns(&["Commit", "Day", "Standing", "Title"]),
        head,
        rows,
        cells,
        notes,
    }
}

fn list(found: &UpstreamAnswer) -> Answer {
    let untold = counted(found.untold(), "patch", "patches");
    let mut head = vec![format!(
        "{} carried; {untold} not forwarded, {} of them for too long.",
        counted(found.rows.len() as u64, "patch is", "patches are"),
        found.count(CarriedStanding::Debt)
    )];
    head.extend(found.to_upstream_days.map(|days| {
        let came = counted(found.upstreamed, "patch", "patches");
        format!(
            "{came} came to the project while carried, half of them within {}.",
            counted(days as u64, "day", "days")
        )
    }));
    let cells = |row: &CarriedRow| {
        vec![
            row.standing.as_str().to_owned(),
            row.age_days.to_string(),
            row.project.clone(),
            row.system.clone().unwrap_or_else(|| row.agency.clone()),
            row.name.clone(),
            row.title.clone().unwrap_or_default(),
        ]
    };
    let json = serde_json::to_value(found).unwrap_or_default();
    let rows = json["rows"].as_array().cloned().unwrap_or_default();
    Answer {
        json,
        fields: &FIELDS,
        columns: columns(&["Standing", "Days", "Project", "Carried by", "Patch", "Title"]),
        head,
        rows,
        cells: found.rows.iter().map(cells).collect(),
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
    }
}
