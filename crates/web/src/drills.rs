// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Starting a drill, from a page or by a program: with how long it took until the first list of systems was there.

use underpin_model::incidents::IncidentId;
use underpin_office::coordinator::Author;

use crate::house::WebHouse;

/// Opens a drill on the estate of today, and keeps how long the first list took by the clock on the wall.
///
/// # Errors
/// `not-found` for a drill that there is not, or a vulnerability that no source knows; `not-allowed`; what the ledger says.
pub async fn started(house: &WebHouse, author: &Author, name: &str) -> underpin_office::Result<IncidentId> {
    let began = house.wall_clock();
    let id = house.house.open_drill(author, name).await?;
    let seat = house.seat(&author.viewer, None).await?;
    let watched = house.watched(&seat).await?;
    house.house.incident(&seat.desk, watched, id).await?;
    let milliseconds = house.wall_clock().0.saturating_sub(began.0).unsigned_abs() / 1_000;
    house.house.keep_lap(author, id, "first-list", milliseconds).await?;
    Ok(id)
}
