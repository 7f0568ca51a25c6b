// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Engagement: what the government says to a project, what it promised and gave, and how a vulnerability is disclosed together.
//!
//! A project is named by the canonical address of its repository, such as `github.com/curl/curl`: never by a person. Whether something
//! may be said at all is decided by the verbs in `assess::engagement`; here are the words and what is kept of them.

mod carried;
mod commitment;
mod digest;
mod disclosure;
mod dossier;
mod naming;
mod project;
mod rating;
mod request;

pub use carried::{CarriedPatch, CarriedSource, CarriedStanding, PatchForwarding, TakenPatches};
pub use commitment::{
    Commitment, CommitmentId, CommitmentRecord, Evidence, InvalidCommitment, Milestone, Payment, PromiseState, Share,
    Withdrawal,
};
pub use digest::TextDigest;
pub use disclosure::{
    CaseContact, CaseEvent, CaseState, DisclosureAct, DisclosureEvent, DisclosureId, DisclosureRecord, EmbargoEvent,
    EmbargoState, ReportEvent, ReportState,
};
pub use dossier::{DossierQuestion, DossierSource, ProjectReply, ProjectStatement, StatedContact};
pub use naming::NamingConsent;
pub use project::{ContactAddresses, ProjectFacts};
pub use rating::ProjectRating;
pub use request::{
    AskedRequest, Assistance, Brings, Channel, Contact, ContactRefusal, Conversation, ConversationEnd, ConversationId,
    ConversationState, GateRule, Message, Request, RequestId, RequestKind, Sender, Topic,
};
