// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reporting clocks under the law. [`rules`] names all of them as data; [`judge`] says where each step of one stands at a moment,
//! by what people said happened; [`period`] is how the law counts; [`routing`] says to whom a report goes; [`fields`] what it holds.
//!
//! Nothing here decides that somebody is bound: a person confirms the role, and until then a step only says when it would be due.
//! A clock is a help, not legal advice; each answer names its text of law and what is open about it ([`crate::law_sources`]).

pub mod fields;
mod history;
mod judge;
mod known;
pub mod period;
pub mod routing;
pub mod rules;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod properties;

pub use history::{Settled, settle};
pub use judge::{ClockStanding, Outlook, StepStanding, judge};
pub use period::Calendar;
pub use rules::{CLOCKS, ClockRule, rule};
