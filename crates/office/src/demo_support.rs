// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office of Norvania knows of projects and promised to them: one promise half kept and late, one pooled offer, and one that
//! waits because somebody else pays for the same. Looks at public clones, and patches that Norvania carries.

use underpin_ledger::{CommitmentChange, NewCommitment};
use underpin_model::engagement::{CarriedPatch, CarriedSource, CommitmentId, Milestone, PatchForwarding};
use underpin_model::watch::Place;
use underpin_model::{Money, Timestamp, Viewer};

use crate::coordinator::Author;
use crate::demo::moment;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::supporter::Weights;
use crate::supporter::kept_signals::KeptSignals;

const PROJECTS: &str = include_str!("../../../demo/projects.toml");
/// Looks at public clones: what was counted in them is true on the day of the look.
const LOOKS: &str = include_str!("../../../demo/looks.jsonl");
/// The funding officer of Norvania, and who approves.
const PEOPLE: [&str; 2] = ["mira.halden", "jonas.brekk"];

/// Writes it down: what was promised `first`, and what is known and promised `now`.
pub(crate) async fn support(house: &House, first: Timestamp, now: Timestamp) -> Result<()> {
    let [officer, second] =
        PEOPLE.map(|actor| move |at: Timestamp| Author { actor: actor.to_owned(), viewer: Viewer::Operator, at });
    let approve = async |id: CommitmentId, at: Timestamp| {
        house.change_commitment(&second(at), id, CommitmentChange::Approve).await
    };
    let fuzzing = NewCommitment {
        project: "github.com/apache/logging-log4j2".to_owned(),
        activity: "fuzzing".to_owned(),
        from: first,
        until: moment("2026-11-30T00:00:00Z")?,
        milestones: vec![
            part("Fuzzing runs every day, in public", "2026-01-31", 25_000)?,
            part("What it found is written down in public", "2026-02-27", 25_000)?,
        ],
        reason: "Fiction of the demo: Log4Shell showed what a fault there does; a service contract.".to_owned(),
        shares: Vec::new(),
    };
    let id = house.propose_commitment(&officer(first), fuzzing).await?;
    approve(id, first).await?;
    let (shown, paid) = (moment("2026-01-28T10:00:00Z")?, moment("2026-02-05T09:00:00Z")?);
    let address = "https://fuzzing.norvania.example/log4j".to_owned();
    let work = CommitmentChange::Show { milestone: 0, address, at: shown };
    house.change_commitment(&officer(shown), id, work).await?;
    let payment = CommitmentChange::Pay { milestone: 0, amount_cents: 2_500_000 };
    house.change_commitment(&officer(paid), id, payment).await?;

    let desk = house.desk(Viewer::Operator, now).await?;
    let ranking = desk.ranking(&Weights::default())?;
    let file = underpin_formats::project_facts::read(PROJECTS).map_err(|error| OfficeError::new("demo", error))?;
    house.learn_projects(&officer(now), &ranking, file).await?;
    let promise = |project: &str, activity: &str, reason: &str| -> Result<NewCommitment> {
        Ok(NewCommitment {
            project: ranking.key_or_text(project)?,
            activity: activity.to_owned(),
            from: moment("2026-04-01T00:00:00Z")?,
            until: moment("2027-04-01T00:00:00Z")?,
            milestones: vec![
                part("What is done first is agreed on, in public", "2026-06-30", 30_000)?,
                part("A year of it, told in public", "2027-03-31", 90_000)?,
            ],
            reason: format!("Fiction of the demo: {reason}"),
            shares: Vec::new(),
        })
    };
    let mut pooled = promise("slf4j", "paid-maintenance", "every ministry logs with it; a service contract, pooled.")?;
    pooled.shares = ranking.pool(&desk, &pooled.project, Money::from_cents(12_000_000))?;
    approve(house.propose_commitment(&officer(now), pooled).await?, now).await?;
    house.keep_signals(&officer(now), looks()?).await?;
    let doubled = promise("jackson-core", "audit", "all forms are read with it; a service contract.")?;
    house.propose_commitment(&officer(now), doubled).await?;
    carried(house, &officer(now)).await?;
    crate::demo_catalogue::catalogue(house, &officer(now)).await
}

/// A look at the clone of a project, as a line of the file.
#[derive(serde::Deserialize)]
struct Look {
    project: String,
    look: KeptSignals,
}

fn looks() -> Result<Vec<(String, KeptSignals)>> {
    let look = |line: &str| {
        let look: Look = serde_json::from_str(line).map_err(|error| OfficeError::new("demo", error.to_string()))?;
        Ok((look.project, look.look))
    };
    LOOKS.lines().map(look).collect()
}

/// Patches that a system and an agency carry.
async fn carried(house: &House, author: &Author) -> Result<()> {
    use PatchForwarding as F;
    let patch = |(position, name, title, forwarding, day): (u32, &str, &str, PatchForwarding, &str)| {
        Ok(CarriedPatch {
            name: name.to_owned(),
            position,
            title: Some(title.to_owned()),
            is_carried: true,
            is_upstream: name == "backport-limits.patch",
            forwarding,
            dated: Some(moment(&format!("{day}T00:00:00Z"))?),
            ..CarriedPatch::default()
        })
    };
    let of_system = [
        (1, "laboratory-fields.patch", "Fields of the laboratory in each line", F::No, "2025-06-02"),
        (2, "shorter-names.patch", "Shorter names of threads", F::No, "2025-11-20"),
        (3, "time-zone.patch", "Keep the time zone of the register", F::Yes, "2025-12-09"),
        (4, "paths-of-norvania.patch", "Paths as our images have them", F::NotNeeded, "2025-03-17"),
    ];
    let of_agency = [
        (1, "backport-limits.patch", "Limits of nesting, from the next version", F::Yes, "2025-10-01"),
        (2, "umlauts.patch", "Umlauts in names of fields", F::No, "2026-02-20"),
        (3, "old-dates.patch", "Dates before 1900", F::Unknown, "2025-08-11"),
    ];
    let system = Place::System("lab-reporting".into());
    let agency = Place::Agency("treasury".into());
    let patches = of_system.into_iter().map(patch).collect::<Result<Vec<_>>>()?;
    house.take_patches(author, (&system, "github.com/apache/logging-log4j2"), CarriedSource::Folder, patches).await?;
    let patches = of_agency.into_iter().map(patch).collect::<Result<Vec<_>>>()?;
    house.take_patches(author, (&agency, "github.com/fasterxml/jackson-core"), CarriedSource::Fork, patches).await?;
    Ok(())
}

fn part(title: &str, day: &str, euro: i64) -> Result<Milestone> {
    let payment_cents = Money::from_euro(euro).map_or(0, Money::cents);
    Ok(Milestone { title: title.to_owned(), due: moment(&format!("{day}T23:59:59Z"))?, payment_cents, evidence: None })
}
