// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Norvania's waivers of a rule: one that ran out, one that holds and ends soon, one that waits for an answer.

use underpin_model::Viewer;
use underpin_model::registry::Classification;
use underpin_model::waivers::WaiverChange;

use crate::coordinator::Author;
use crate::demo::moment;
use crate::error::Result;
use crate::house::House;
use crate::regulator::{WaiverWish, shipped};

/// System, who asked, the day on which that was, that of the answer (empty while nobody gave one), the last day, why, and what guards
/// meanwhile.
const WAIVERS: [[&str; 7]; 3] = [
    [
        "backup-service",
        "jonas.brack",
        "2026-01-08T09:00:00Z",
        "2026-01-09T13:00:00Z",
        "2026-02-20",
        "Fiction of the demo: the contract is renewed in February, and the new one asks for a bill of materials",
        "the service reaches nothing but the store of copies",
    ],
    [
        "tax-archive",
        "lena.oster",
        "2026-02-02T10:00:00Z",
        "2026-02-03T08:30:00Z",
        "2026-03-27",
        "Fiction of the demo: the vendor writes its first bill of materials and promised it for March",
        "the archive is read-only and has no way to the internet",
    ],
    [
        "court-calendar",
        "pia.torm",
        "2026-02-27T15:00:00Z",
        "",
        "2026-06-30",
        "Fiction of the demo: the system is replaced in summer",
        "the calendar is copied to paper every evening",
    ],
];

/// Writes them down.
pub(crate) async fn waivers(house: &House) -> Result<()> {
    let book = shipped("procurement")?;
    for [system, asked_by, asked, answered, until, reason, compensation] in WAIVERS {
        let author = Author { actor: asked_by.to_owned(), viewer: Viewer::Operator, at: moment(asked)? };
        let wish = WaiverWish {
            rule: "delivered".to_owned(),
            about: system.to_owned(),
            agency: None,
            from: None,
            until: moment(until)?,
            reason: reason.to_owned(),
            compensation: compensation.to_owned(),
            classification: Classification::Internal,
        };
        let id = house.propose_waiver(&author, &book, wish).await?;
        if !answered.is_empty() {
            let officer = Author { actor: "mira.halden".to_owned(), viewer: Viewer::Operator, at: moment(answered)? };
            house.change_waiver(&officer, id, WaiverChange::Grant { note: String::new() }).await?;
        }
    }
    Ok(())
}
