// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The only room that calls out: one file a source. It fetches and verifies, and hands bytes to the formats.
//!
//! Every way in gives the same [`Delivery`]: fetched over the network, read from a folder or archive ([`from_path`]), or taken
//! from a signed bundle. A delivery names files; what is in them is read one document at a time ([`DeliveredFile::read`]), so an
//! archive of gigabytes never lies in memory. Reading files blocks: call it where blocking is allowed (`spawn_blocking`).

mod delivery;
mod error;
mod from_path;
mod places;
mod sidecar;
mod sniff;

pub use delivery::{Content, DeliveredFile, Delivery, Document, Refusal, Selection, Validators};
pub use error::{Code, FeedError};
pub use from_path::{FromPath, from_path};
