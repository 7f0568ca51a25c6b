// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents: "is it anywhere?" as work that ends. Who is hit is asked anew at every reading, against the desk of whoever reads;
//! what people did about it is what the ledger holds.

pub mod burn_down;
pub mod changes;
pub mod clocks;
pub mod closing;
pub mod drill;
pub mod judge;
pub mod open;
pub mod progress;
pub mod room;
pub mod scope;
pub mod situation;
pub mod tasks;
pub mod timeline;

pub use changes::IncidentEdit;
pub use clocks::ProposedClock;
pub use closing::Closing;
pub use open::{NewIncident, Refreshed};
pub use room::{
    BurnDown, BurnPoint, Counts, DeadlineRow, IncidentRoom, IncidentRow, LapRow, MinistryRow, Proof, StepRow, SystemRow,
    TimelineRow,
};
pub use tasks::{NewOfficeTask, TaskRow, TasksQuery};
