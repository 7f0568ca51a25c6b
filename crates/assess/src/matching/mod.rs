// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which package version has which vulnerability: exactly, with the reason, and fast.
//!
//! A [`Compiler`] takes advisories and makes an [`Index`]. The versions that advisories name are sorted once for each package, so that
//! a match is one search for a version's place and comparisons of numbers. [`Index::matches`] finds what affects a package version,
//! [`Index::judge`] tells why an advisory does or does not.

mod answer;
mod back_port;
mod back_port_across;
mod bytes;
#[cfg(test)]
mod cases;
mod columns;
mod compile;
mod compile_product;
pub mod distro;
mod distro_mark;
mod distro_origin;
pub mod distro_release;
mod doubts;
pub mod ecosystem;
mod entry;
pub mod evaluation;
mod fixes;
pub mod go_module;
pub mod go_version;
mod groups;
mod hash;
mod history;
#[cfg(test)]
mod hostile;
mod index;
mod inverse;
mod kubernetes;
pub mod language;
mod layers;
#[cfg(test)]
mod lookup_tests;
pub mod lookups;
pub mod module_stream;
pub mod names;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod oracle_corpus;
mod pack;
mod precedence;
mod product;
#[cfg(test)]
mod product_tests;
#[cfg(test)]
mod properties;
mod release_keys;
pub mod rpm_source;
mod search;
#[cfg(test)]
mod subjects;
#[cfg(test)]
mod test_records;
mod upgrades;
pub mod upstream_version;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod vectors_layers;
#[cfg(test)]
mod vectors_precedence;

pub use answer::{Judgement, Match, StatementJudgement};
pub use back_port_across::BackPort;
pub use bytes::Damaged;
pub use compile::{Compiler, TooLarge};
pub use doubts::{Doubt, DoubtCode, doubts};
pub use entry::{EntryView, SpanEnd, SpanView};
pub use fixes::Advice;
pub use groups::is_cve;
pub use history::About;
pub use index::{AdvisoryRef, AdvisoryView, GroupView, Index, Link};
pub use inverse::Inverse;
pub use layers::{GroupRef, Layers};
pub use lookups::{By, Lookup, Lookups, Subject, lookups};
pub use product::{PRODUCTS, ProductName, is_looked_up_by_product_name};
pub use upgrades::{Upgrade, Use};

#[cfg(test)]
use underpin_model::watch::{Reason, Verdict};
