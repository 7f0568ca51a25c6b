// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents: "is it anywhere?" as work that ends. Who is hit is asked anew at every reading, against the desk of whoever reads;
//! what people did about it is what the ledger holds.

mod burn_down;
pub mod changes;
mod clocks;
mod closing;
mod drill;
mod judge;
pub mod open;
mod progress;
pub mod room;
pub mod scope;
mod seen;
pub mod situation;
pub(crate) mod sql;
mod stopwatch;
pub mod tasks;
mod timeline;

pub use closing::Closing;
pub use drill::{DRILLS, Drill};
pub use open::{NewIncident, Preview, Refreshed};
pub use room::{
    BurnDown, BurnPoint, Counts, DeadlineRow, IncidentRoom, IncidentRow, LapRow, MinistryRow, Proof, StepRow,
    StopwatchRow, SystemRow, TimelineRow,
};
pub(crate) use seen::{Ministries, hidden};
pub use tasks::{TaskRow, TasksQuery};
