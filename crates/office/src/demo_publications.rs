// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What Norvania publishes: a warning about its own forms, a statement that its appointments are not affected by the same, and the parts
//! list of a release. Two people of the fiction, and a key that is made together with the demo.

use underpin_model::registry::Classification;
use underpin_model::watch::{Justification, Place, Status, Tlp};
use underpin_model::{Timestamp, Viewer};

use crate::coordinator::Author;
use crate::demo::{CLOCK, moment};
use crate::error::Result;
use crate::house::House;
use crate::publish::{DecisionsAsked, DraftAsked, Drafted, PublicationKind, SbomAsked};
use crate::watch::decisions::Ruling;
use crate::watch::own::Marking;

/// Fiction: a flaw of a program that nobody has.
const ADVISORY: &str = include_str!("../../../demo/own-advisory.json");
/// Fiction: a release that was never made, of real public packages.
const RELEASE: &[u8] = include_bytes!("../../../demo/forms-2.4.0.cdx.json");
const ID: &str = "NORCERT-2026-0001";
const APPOINTMENTS: &str = "pkg:npm/%40norvania/appointments@1.8.6";

/// Publishes it, in a house whose settings say who publishes.
///
/// # Errors
/// What publishing says; `file-exists` where there is a key already.
pub async fn publish(house: &House) -> Result<()> {
    let drafted = moment("2026-02-27T10:00:00Z")?;
    let approved = moment("2026-02-27T14:30:00Z")?;
    let by = |actor: &str, at: Timestamp| Author { actor: actor.to_owned(), viewer: Viewer::Operator, at };
    let (author, second) = (by("sanna.lund", drafted), by("jonas.brekk", approved));
    house.make_publishing_key(&by("demo", moment("2026-01-05T09:00:00Z")?), false).await?;
    let approve = async |kind: PublicationKind, draft: Drafted| {
        house.approve_publication(&second, (kind, &draft.name), &draft.digest).await
    };
    let marking = Marking { tlp: Tlp::Clear, audience: Vec::new(), classification: Classification::Public };
    house.publish_advisory(&author, ADVISORY, marking).await?;
    let asked = |id: &str, title: &str| DraftAsked {
        id: id.to_owned(),
        title: title.to_owned(),
        language: "en".to_owned(),
        ..DraftAsked::default()
    };
    let warning = house.draft_from_own(&author, ID, asked(ID, "")).await?;
    approve(PublicationKind::Csaf, warning).await?;
    let desk = house.desk(Viewer::Operator, drafted).await?;
    let watched = house.watch(&desk).await?;
    house.decide(&watched, &author, ID, APPOINTMENTS, &ruling(drafted)?).await?;
    let decisions = DecisionsAsked { vulnerabilities: vec![ID.to_owned()], packages: Vec::new() };
    let named = asked("NORCERT-VEX-2026-0001", "Appointments and the flaw in Forms");
    let statement = house.draft_from_decisions(&author, &decisions, named).await?;
    approve(PublicationKind::Csaf, statement).await?;
    let release = SbomAsked { about: "forms".to_owned(), release: "2.4.0".to_owned(), ..SbomAsked::default() };
    let parts = house.draft_sbom(&author, RELEASE, release).await?;
    approve(PublicationKind::Sbom, parts).await?;
    Ok(())
}

fn ruling(at: Timestamp) -> Result<Ruling> {
    Ok(Ruling {
        place: Place::Government,
        status: Status::NotAffected,
        justification: Some(Justification::VulnerableCodeNotPresent),
        reason: "Fiction of the demo: Appointments has no forms that officials design.".to_owned(),
        action: String::new(),
        agency: None,
        valid_from: at,
        review: Some(moment("2026-08-31T00:00:00Z")?),
        expires: None,
        needs_approval: false,
    })
}

/// Until when the security.txt of Norvania holds: its clock stands still before that.
///
/// # Errors
/// None; the day is one.
pub fn security_text() -> Result<crate::publish::SecurityText> {
    let expires = Timestamp(moment(CLOCK)?.0.saturating_add(300 * Timestamp::DAY_US));
    Ok(crate::publish::SecurityText {
        contact: vec!["mailto:cert@norvania.example".to_owned()],
        expires,
        languages: vec!["en".to_owned()],
        ..crate::publish::SecurityText::default()
    })
}
