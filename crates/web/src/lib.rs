// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The web house: pages for people, answers for programs. It names the office and what it renders, never the ledger or the lake.
//!
//! Architecture invariant: every route stands in one list ([`routes::ROUTES`]) with who may ask; the clock comes from outside.

pub mod api;
mod assets;
mod bars;
pub mod caller;
mod carried;
mod compass;
mod compatible;
mod desks;
mod dossiers;
mod drills;
pub mod entrance;
mod error;
mod exports;
mod figures;
mod forms;
mod frame;
mod headers;
pub mod house;
pub mod intake;
pub mod journal;
mod kept_answers;
mod origin;
mod pace;
mod pager;
mod pages;
mod past;
mod patience;
mod public_consultations;
mod questions;
mod quiet;
mod reach;
pub mod reads;
mod received;
mod reports;
pub mod routes;
mod running_questions;
mod rush;
mod seat;
mod seat_answers;
pub mod serve;
mod visitor;
pub mod weigh;

pub use entrance::Entrance;
pub use house::{Chance, Clock, WebHouse};
pub use journal::{Entry, Journal};
pub use serve::{app, operations, serve};
