// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Analysis on a cluster: Ballista's scheduler and executors with what a plan of ours needs, and the way there.
//!
//! Architecture invariants:
//! - a query is planned here, for its viewer, and goes out as a finished plan: what it may see stands in the leaves of the plan, below
//!   every condition, and tables that are no files travel as the rows that this viewer may see;
//! - an executor carries out only what it knows: steps from one list, and files of the one store by their bare names;
//! - nobody is answered who does not know the secret of the cluster;
//! - what a cluster cannot carry out rightly is carried out in this process.

mod check;
mod client;
mod codec;
mod connections;
mod door;
mod executor;
mod functions;
mod planned;
mod scheduler;
mod serving;
mod shippable;
mod shipped;
#[cfg(test)]
mod tests;
mod under_way;
mod versions;
mod whole;
mod wire;

pub use client::settled;
pub use executor::run_executor;
pub use scheduler::run_scheduler;
pub(crate) use whole::{each_system_use, package_usage};

use crate::engine::Progress;
use crate::error::LakeError;
use crate::running::{Deadline, on_deep_stack};
use crate::session::Session;
use crate::sql::{Beside, SqlAnswer, SqlLimits};

/// Bytes of one message between two processes of a cluster.
const MESSAGE_BYTES: usize = 256 << 20;

/// The answer of the cluster; none when there is no cluster, or the query is better carried out here.
///
/// # Errors
/// `engine-…` when the cluster does not answer; else what the query itself is refused for.
pub(crate) async fn answered(
    session: &Session,
    text: &str,
    beside: Beside<'_>,
    limits: SqlLimits,
    deadline: Deadline,
) -> Result<Option<SqlAnswer>, LakeError> {
    let engine = &session.lake.engine;
    let Some(settings) = engine.settings() else { return Ok(None) };
    let opened = planned::opened(session, beside, limits, settings).await?;
    let stop = opened.stop.clone();
    let bounds = planned::Bounds::of(settings, limits, session.lake.place());
    let work = planned::shipment(opened, text.to_owned(), bounds);
    let Some(shipment) = on_deep_stack(work, stop, deadline).await? else { return Ok(None) };
    let carried = client::carried_out(engine, settings, &shipment, limits);
    let answer = tokio::time::timeout(deadline.left(), carried).await;
    engine.told(Progress::Ended);
    match answer {
        Ok(Ok(Some(batches))) => SqlAnswer::of(&shipment.schema, &batches).map(Some),
        Ok(Ok(None)) => Ok(None),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(deadline.passed()),
    }
}
