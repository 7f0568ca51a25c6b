// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office publishes: advisories and statements as CSAF, OSV and OpenVEX, and the parts lists of its own releases. One person
//! drafts, another one approves; then it is signed and everybody can fetch it.
//!
//! A document is dated when it is approved, not when it is drafted: whoever fetches what is new since a moment misses nothing. It is signed
//! once, at that moment, and the signature is kept: whoever serves it needs no secret, every server gives the same bytes, and what an old
//! key signed stays signed by it.

mod addresses;
mod approvals;
mod content;
mod drafts;
mod keys;
mod provider;
mod sboms;
mod security_text;
mod settings;
mod site;
mod sources;

pub use content::{Content, FileForm, PublishedContent, PublishedFile};
pub use drafts::{DraftAsked, Drafted, PublicationRow, PublicationsAnswer};
pub use keys::{KeyRow, MadeKey};
pub use sboms::SbomAsked;
pub use security_text::{PublishNotice, SignedText};
pub use settings::{KeyText, PublishSettings, SecurityText};
pub(crate) use site::KeptSite;
pub use site::{PublicRow, Site, SiteFile};
pub use sources::DecisionsAsked;
pub use underpin_feeds::SecretPlace;
pub use underpin_model::publications::{KeyRevocation, PublicationKind, PublicationState};
