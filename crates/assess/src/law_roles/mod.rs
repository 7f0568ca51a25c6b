// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The role of a party for a product under a law. [`definitions`] are the laws as questions, [`classify`] asks them, and
//! [`archetypes`] are the parties that a draft law is tried on,
//! and [`published`] the examples of others that it is held against.
//!
//! Never a guess: a fact that is not known and could change the answer leaves it open, with the question; facts that contradict each
//! other, and what the law itself leaves open, need a lawyer. Learning a fact never turns a decided answer into another one, unless
//! it contradicts what was stated.

pub mod archetypes;
mod classify;
pub mod definitions;
mod facts;
pub mod published;
mod tree;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod properties;

pub use classify::{Classified, Missing, Possible, Reason, Verdict, classify};
pub use tree::{BadDefinition, RoleTree};
