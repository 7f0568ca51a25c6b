// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The ledger: decisions, the catalogue of documents, segments and evidence, and the audit chain, in SQLite or
//! PostgreSQL.
//!
//! [`Ledger::open`] gives a handle that can do nothing by itself: questions go through a [`Reader`], changes through a
//! [`Writer`], and both are opened for a viewer. What the viewer may not see does not exist for it (see `access.rs`,
//! the one place where that is decided). Every change is one transaction with its own revision and its own entries in
//! the audit chain; a change that changes nothing leaves no trace. Time comes in as a parameter, `at`.
//!
//! Architecture invariant: only this crate names SQL databases, and every statement is written once for both.

mod access;
mod accounts;
mod admission;
mod agencies;
mod audit;
mod audit_bindings;
mod audit_catalogue;
mod audit_content;
mod audit_watch;
mod authority_requests;
mod batch;
mod belonging;
mod bindings;
mod bulk;
mod carried;
mod change;
mod clock_events;
mod commitments;
mod conversation_events;
mod conversation_reads;
mod conversation_rows;
mod conversations;
mod database;
mod decisions;
mod deployments;
mod disclosures;
mod documents;
mod door;
mod editions;
mod error;
mod evidence;
mod exemptions;
mod facts;
mod feed_states;
mod incident_events;
mod incidents;
mod invitations;
mod law_roles;
mod leases;
mod ledger;
mod letters;
mod linked;
mod location;
mod mail_keys;
mod mails;
mod maintenance;
mod mappings;
mod migrate;
mod naming;
mod outbox;
mod own_advisories;
mod own_repositories;
mod own_repository_places;
mod packs;
mod pages;
mod plans;
mod projects;
mod public_repositories;
mod publication_basis;
mod publication_keys;
mod publications;
mod purge;
mod reads;
mod reads_sealed;
mod references;
mod registry;
mod requests;
mod rights;
mod rounds;
mod second_factors;
mod segments;
mod self_assessments;
mod settings;
mod snapshot;
mod standings;
mod states;
mod subscriptions;
mod systems;
mod tasks;
mod timelines;
mod tokens;
mod tombstones;
mod trail;
mod value;
mod versions;

pub use accounts::{Listed, Sitting};
pub use admission::{Admitter, Rights};
pub use audit::{AuditCheck, AuditEntry};
pub use authority_requests::AuthorityRequestRecord;
pub use batch::{Batch, Committed};
pub use carried::CarriedRecord;
pub use change::{Announced, Announcer};
pub use clock_events::ClockEventRecord;
pub use commitments::{CommitmentChange, NewCommitment};
pub use conversation_events::ConversationChange;
pub use conversation_reads::{SeenContacts, SeenConversation, SeenRequest, WordsApproval};
pub use conversations::{ContactDraft, ContactVerdict, Heard, JudgedContact, WantedContact, WrittenContact};
pub use decisions::NewDecision;
pub use disclosures::{Follows, NewDisclosure, NewDisclosureEvent};
pub use documents::DocumentKey;
pub use door::{Account, Digest, Door, Invitation, NewPerson, Session};
pub use editions::{Edition, EditionBatch, EditionCounts, FEED_RECORDS, NewEdition};
pub use error::LedgerError;
pub use evidence::{EvidenceRecord, EvidenceState};
pub use exemptions::ExemptionRecord;
pub use facts::{DocumentFacts, Rebuilt, StateChange};
pub use feed_states::{Attempt, FeedState};
pub use incident_events::IncidentChange;
pub use incidents::NewIncident;
pub use invitations::Invited;
pub use law_roles::LawRoleRecord;
pub use leases::LeaseId;
pub use ledger::{Ledger, Reader, Writer, operator_only};
pub use letters::{About as LetterAbout, Letter, NewLetter};
pub use linked::{Begun, Link, Linked};
pub use location::Location;
pub use mail_keys::{MailKey, NewMailKey};
pub use mails::{NewTakenMail, TakenMail};
pub use migrate::SCHEMA_VERSION;
pub use naming::NamingRecord;
pub use outbox::{Attempted, Delivery, NewNotice, OutboxState};
pub use own_advisories::{NewOwnAdvisory, OwnAdvisory, PastAdvisory};
pub use own_repositories::{LookedAt, RepositoryChange, RepositoryRecord, TakenRepositories};
pub use own_repository_places::{NotOverwritten, RefusedLook};
pub use packs::{CataloguedPack, PackRecord, PackSwap};
pub use plans::Plans;
pub use projects::ProjectRecord;
pub use public_repositories::{PublicRepositories, PublicRepositoryRecord};
pub use publication_basis::{Basis, BasisKind};
pub use publication_keys::PublicationKey;
pub use publications::{Approval, NewPublication, PublicationRecord};
pub use purge::{Purge, PurgeState, PurgeWork};
pub use reads::{ReadNote, ReadStretch, ReadsAsked};
pub use reads_sealed::ReadsCheck;
pub use registry::{Applied, RegistryChange};
pub use requests::Request;
pub use rounds::{NewRound, RoundChange};
pub use second_factors::Factor;
pub use segments::{NewSegment, SegmentRecord};
pub use self_assessments::SelfAssessmentRecord;
pub use snapshot::Snapshot;
pub use subscriptions::{NewSubscription, Subscription};
pub use tasks::{NewTask, Which};
pub use tokens::{Bearing, NewToken, Token};
pub use tombstones::TombstoneSecret;
pub use trail::Stretch;

/// How the databases spell "no end is known": [`underpin_model::Timestamp::MAX`], and the same for revisions.
const STILL: i64 = i64::MAX;
