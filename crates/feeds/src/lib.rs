// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The only room that calls out: one file a source. It fetches and verifies, and hands bytes to the formats.
//!
//! Every way in gives the same [`Delivery`]: fetched over the network, read from a folder or archive ([`from_path`]), or taken
//! from a signed bundle. A delivery names files; what is in them is read one document at a time ([`DeliveredFile::read`]), so an
//! archive of gigabytes never lies in memory. Reading files blocks: call it where blocking is allowed (`spawn_blocking`).

pub mod bundle;
mod bundle_key;
mod client;
mod credentials;
pub mod csaf;
mod csaf_gone;
mod csaf_lists;
mod csaf_provider;
pub mod cve;
mod delivery;
mod download;
mod edge;
pub mod end_of_life;
pub mod epss;
mod error;
pub mod euvd;
mod fetch;
pub mod forge;
pub mod forge_list;
mod from_path;
pub mod git;
mod guard;
pub mod kev;
pub mod mail;
pub mod mailbox;
mod mirror;
pub mod openid;
mod openpgp;
mod openpgp_key;
pub mod openvex;
pub mod osv;
mod packed;
mod places;
pub mod portfolio;
mod proxy;
mod sidecar;
mod sniff;
mod trust;
pub mod webhook;

pub use client::{Answer, Client, Pace, Setup};
pub use credentials::{CredentialSource, Credentials, SecretPlace, secret as read_secret};
pub use delivery::{Content, DeliveredFile, Delivery, Document, Refusal, Selection, Validators};
pub use download::{Downloaded, Progress, Watcher, Wish};
pub use edge::{Edge, System};
pub use error::{Code, FeedError};
pub use fetch::Fetch;
pub use from_path::{FromPath, from_path};
pub use guard::{HostPermit, Permits, shown_text as shown_address, why_not_public};
pub use openpgp_key::{PublishingKey, check_signature, clear_text, revoked_key, save_text};
pub use proxy::Proxies;
