// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What can go wrong in the ledger. Each fault has a stable [`code`](LedgerError::code) and names what it is about.
//!
//! A viewer who may not see a thing gets the same `unknown-…` as if it did not exist; `not-allowed` is for actions.

use underpin_model::compass::{CommentId, ConsultationId};
use underpin_model::contracts::ContractId;
use underpin_model::engagement::{CommitmentId, ConversationId, DisclosureId, RequestId};
use underpin_model::incidents::{IncidentId, RoundId, TaskId};
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::waivers::WaiverId;
use underpin_model::watch::DecisionId;
use underpin_model::{DocumentId, EvidenceId};

macro_rules! faults {
    ($($code:literal $message:literal $(#[doc = $doc:literal])+ $variant:ident $(($($kind:ty),*))? $({$($field:ident: $named:ty),*})?;)*) => {
        /// A fault of the ledger.
        #[derive(Debug, thiserror::Error)]
        #[expect(missing_docs, reason = "the fields are named in the messages")]
        pub enum LedgerError {
            $($(#[doc = $doc])+ #[error($message)] $variant $(($($kind),*))? $({$($field: $named),*})?,)*
            /// The database said something that none of the others covers.
            #[error("the ledger's database failed: {0}")]
            Database(#[source] sqlx::Error),
        }

        impl LedgerError {
            /// The stable code, in lower case with hyphens.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)*
                    Self::Database(_) => "ledger-database",
                }
            }
        }
    };
}

faults! {
    "not-allowed" "{viewer} may not {action}"
    /// The viewer may not do this, or not to this thing.
    NotAllowed { viewer: String, action: String };
    "invalid-location" "{0:?} is no ledger: give a file path or postgres://host/database"
    /// The text names neither a file nor a PostgreSQL server. Only its scheme is shown: the rest may hold a password.
    InvalidLocation(String);
    "ledger-unreachable" "the ledger at {location} cannot be opened: {reason}"
    /// The file or server cannot be opened.
    Unreachable { location: String, reason: String };
    "newer-schema" "the ledger was written by a newer Underpin (schema {found}, this one knows {known})"
    /// Only a newer version can read it.
    NewerSchema { found: i64, known: i64 };
    "ledger-busy" "another writer held the ledger for too long"
    /// The lock was not given within the time limit.
    Busy;
    "ledger-away" "the database of the ledger does not answer at the moment"
    /// The connection failed, or the server is being started or stopped.
    Away;
    "ledger-conflict" "two changes of the ledger got into each other's way"
    /// A deadlock or a transaction that could not be put in order; this one changed nothing.
    Conflict;
    "job-lost" "job {0} is no longer held by this process; whoever has it now does the work"
    /// The time of the holder ran out, or somebody else took the job: nothing is changed on its behalf any more.
    JobLost(i64);
    "ledger-full" "the disk of the ledger is full"
    /// Nothing was written.
    Full;
    "ledger-read-only" "the ledger is read-only"
    /// Nothing was written.
    ReadOnly;
    "ledger-damaged" "the ledger is damaged at {place}: {detail}"
    /// A stored row cannot be what it should be.
    Damaged { place: String, detail: String };
    "unsupported" "{0}"
    /// This database cannot do that; the message says what can.
    Unsupported(&'static str);
    "empty-actor" "a write needs somebody who does it"
    /// Every write is signed.
    EmptyActor;
    "empty-reason" "give a reason"
    /// The action needs a reason.
    EmptyReason;
    "invalid-identifier" "{0:?} is no identifier: 1 to 128 lower-case letters, digits, hyphens, dots or underscores"
    /// An identifier that would not survive files and addresses.
    InvalidIdentifier(String);
    "too-long" "{field} is {bytes} bytes long; at most {most} are allowed"
    /// A text that is looked up by an index; PostgreSQL could not take it.
    TooLong { field: String, bytes: usize, most: usize };
    "unknown-agency" "there is no agency {agency} (named by {by})"
    /// A reference to an agency that is not there.
    UnknownAgency { agency: AgencyId, by: String };
    "unknown-system" "there is no system {system} (named by {by})"
    /// A reference to a system that is not there.
    UnknownSystem { system: SystemId, by: String };
    "unknown-deployment" "there is no deployment {deployment} (named by {by})"
    /// A reference to a deployment that is not there, written `system/deployment`.
    UnknownDeployment { deployment: String, by: String };
    "unknown-mapping" "there is no such mapping rule: {0}"
    /// The rule to remove is not there.
    UnknownMapping(String);
    "agency-cycle" "{0} would be below itself"
    /// The tree of agencies would become a ring. What the viewer may not see is not named.
    AgencyCycle(String);
    "agency-in-use" "agency {agency} cannot end: {by} still belongs to it"
    /// Something still hangs on the agency.
    AgencyInUse { agency: AgencyId, by: String };
    "agency-ends" "agency {agency} ends on {until}, and {by} would outlive it"
    /// What is to belong to the agency would be left without one, and no single other agency takes over.
    AgencyEnds { agency: AgencyId, until: String, by: String };
    "begins-later" "{what} begins only on {from}; {by} cannot belong to it before"
    /// A reference to what is planned for later.
    BeginsLater { what: String, from: String, by: String };
    "taken-login" "the login name {0:?} is taken; choose another one"
    /// Two people cannot have one login.
    TakenLogin(String);
    "own-account" "nobody changes the rights of the own account or ends it; somebody else who may do that has to"
    /// A second person is needed.
    OwnAccount;
    "taken-token" "there is or was a token {0:?}; choose another name"
    /// The name of a token stands in the audit chain and is not given twice.
    TakenToken(String);
    "registry-moved" "somebody else changed the registry meanwhile"
    /// The change was made for the registry as it was; read it again.
    RegistryMoved;
    "unknown-document" "there is no document {0}"
    /// No such document, or not for this viewer.
    UnknownDocument(DocumentId);
    "not-reserved" "document number {0} was not reserved"
    /// The number was never given out.
    NotReserved(DocumentId);
    "number-taken" "document number {0} is taken"
    /// The number belongs to another document.
    NumberTaken(DocumentId);
    "document-moved" "somebody else decided about document {0} or read it meanwhile"
    /// The change was made for the document as it was; read it again.
    DocumentMoved(DocumentId);
    "document-purged" "document {0} was purged; only its tombstone is left"
    /// A tombstone does not change any more.
    DocumentPurged(DocumentId);
    "purge-only" "document {0} can only be purged through a request that somebody else approves"
    /// The state `purged` is never set by hand.
    PurgeOnly(DocumentId);
    "unknown-evidence" "there is no evidence {0}"
    /// No such evidence, or not for this viewer.
    UnknownEvidence(EvidenceId);
    "uploader-not-allowed" "document {0} must be uploaded in the name of one of the viewer's agencies"
    /// Somebody of an agency hands in for that agency only.
    UploaderNotAllowed(DocumentId);
    "unknown-purge" "there is no purge request {0}"
    /// No such request.
    UnknownPurge(i64);
    "same-actor" "purge {purge} was requested by {actor}; somebody else must approve it"
    /// Four eyes are two people.
    SameActor { purge: i64, actor: String };
    "purge-not-approved" "purge {0} is not approved yet"
    /// It cannot be carried out.
    PurgeNotApproved(i64);
    "purge-settled" "purge {0} is already {1}"
    /// Nothing is left to do.
    PurgeSettled(i64, &'static str);
    "already-purged" "evidence {0} is already purged"
    /// Nothing is left to remove.
    AlreadyPurged(EvidenceId);
    "dictionary-moved" "somebody else brought package versions meanwhile"
    /// Numbers were given for the dictionary as it was; look at what is new in it first.
    DictionaryMoved;
    "segment-gone" "segment {0} is no longer live"
    /// Somebody else replaced it first; start again from the present list.
    SegmentGone(i64);
    "segment-live" "segment {0} is still live or needed by a reader"
    /// It cannot be forgotten.
    SegmentLive(i64);
    "pack-gone" "pack {0} is no longer live"
    /// Somebody else replaced it first; start again from the present list.
    PackGone(String);
    "pack-live" "pack {0} is still live or needed by a reader"
    /// It cannot be forgotten.
    PackLive(String);
    "pack-incomplete" "pack {pack} still holds evidence {evidence}, which the new pack does not take over"
    /// Evidence would lose its place.
    PackIncomplete { pack: String, evidence: EvidenceId };
    "invalid-feed" "{0:?} is no name of a feed"
    /// A feed needs a name of one line.
    InvalidFeed(String);
    "edition-moved" "feed {0} was updated by somebody else meanwhile"
    /// The edition was made for another one than is the newest now; read the feed again and take a new number.
    EditionMoved(String);
    "edition-not-reserved" "number {0} of an edition was not reserved, or is taken"
    /// The number was never given out, or belongs to another edition.
    EditionNotReserved(i64);
    "evidence-of-feed" "evidence {0} was read from a feed; what a feed says is taken back by its source"
    /// Editions need it: it is not purged.
    EvidenceOfFeed(EvidenceId);
    "invalid-decision" "this can be no decision: {0}"
    /// What is to be decided contradicts itself.
    InvalidDecision(String);
    "unknown-decision" "there is no decision {0}"
    /// No such decision, or not for this viewer.
    UnknownDecision(DecisionId);
    "decision-settled" "decision {0} is already {1}"
    /// Nothing is left to do.
    DecisionSettled(DecisionId, &'static str);
    "same-author" "decision {decision} was made by {author}; somebody else must approve it"
    /// Four eyes are two people.
    SameAuthor { decision: DecisionId, author: String };
    "invalid-advisory" "this can be no advisory: {0}"
    /// What is to be published contradicts itself.
    InvalidAdvisory(String);
    "unknown-advisory" "there is no advisory {0} of the office"
    /// No such advisory, or not for this viewer, or it is withdrawn.
    UnknownAdvisory(String);
    "invalid-incident" "the incident cannot be so: {0}"
    /// What is said of an incident contradicts itself, or cannot follow on how it is.
    InvalidIncident(String);
    "unknown-incident" "there is no incident {0}"
    /// No such incident, or not for this viewer.
    UnknownIncident(IncidentId);
    "incident-moved" "somebody else changed incident {0} meanwhile"
    /// The change was made for the incident as it was; read it again.
    IncidentMoved(IncidentId);
    "same-closer" "{actor} asked to close incident {incident}; somebody else must agree"
    /// Four eyes are two people.
    SameCloser { incident: IncidentId, actor: String };
    "invalid-task" "the task cannot be so: {0}"
    /// What is said of a task contradicts itself, or cannot follow on how it is.
    InvalidTask(String);
    "unknown-task" "there is no task {0}"
    /// No such task, or not for this viewer.
    UnknownTask(TaskId);
    "task-moved" "somebody else changed task {0} meanwhile"
    /// The change was made for the task as it was; read it again.
    TaskMoved(TaskId);
    "same-excuse" "{actor} gave the reason in task {task}; somebody else must accept it"
    /// Four eyes are two people.
    SameExcuse { task: TaskId, actor: String };
    "invalid-round" "the round cannot be so: {0}"
    /// What is said of a round of collection contradicts itself, or cannot follow on how it is.
    InvalidRound(String);
    "unknown-round" "there is no round {0}"
    /// No such round, or not for this viewer.
    UnknownRound(RoundId);
    "invalid-project" "the project cannot be so: {0}"
    /// What is said of a project is no such thing.
    InvalidProject(String);
    "invalid-patch" "these patches cannot be so: {0}"
    /// What is said of carried patches contradicts itself.
    InvalidPatch(String);
    "invalid-commitment" "the commitment cannot be so: {0}"
    /// What is promised contradicts itself, or cannot follow on how it is.
    InvalidCommitment(String);
    "unknown-commitment" "there is no commitment {0}"
    /// No such commitment, or not for this viewer.
    UnknownCommitment(CommitmentId);
    "same-approver" "{actor} proposed commitment {commitment}; somebody else must approve it"
    /// Four eyes are two people.
    SameApprover { commitment: CommitmentId, actor: String };
    "invalid-contact" "this cannot be in a conversation with a project: {0}"
    /// What is said of a conversation contradicts itself, or cannot follow on how it stands.
    InvalidContact(String);
    "invalid-disclosure" "this cannot be in a case of disclosure: {0}"
    /// What is said of a case contradicts itself, or cannot follow on how it stands.
    InvalidDisclosure(String);
    "unknown-disclosure" "there is no case {0}"
    /// No such case, or not for this viewer.
    UnknownDisclosure(DisclosureId);
    "unknown-request" "there is no request {0} to write to a project"
    /// No such request, or not for this viewer.
    UnknownContactRequest(RequestId);
    "unknown-conversation" "there is no conversation {0}"
    /// No such conversation, or not for this viewer.
    UnknownConversation(ConversationId);
    "approver-is-author" "{author} wrote the words of {request}; somebody else must approve them"
    /// Four eyes are two people.
    ApproverIsAuthor { request: RequestId, author: String };
    "words-changed" "the words of {0} are others than those that were read"
    /// An approval belongs to the digest of the whole text.
    WordsChanged(RequestId);
    "not-approved" "nobody has approved the words of {0}"
    /// Nothing is handed out before another person read it.
    WordsNotApproved(RequestId);
    "invalid-repository" "this cannot be in the catalogue: {0}"
    /// What is said of an own repository contradicts itself.
    InvalidRepository(String);
    "unknown-repository" "there is no repository {0} in the catalogue"
    /// No such repository, or not for this viewer.
    UnknownRepository(String);
    "invalid-exemption" "this cannot be in the register of exemptions: {0}"
    /// What is said of an exemption is none.
    InvalidExemption(String);
    "unknown-exemption" "there is no exemption {0} that you may change"
    /// No such entry, or not for this viewer.
    UnknownExemption(String);
    "invalid-contract" "the contract cannot be so: {0}"
    /// What is said of a contract contradicts itself, or cannot follow on how it is.
    InvalidContract(String);
    "unknown-contract" "there is no contract {0}"
    /// No such contract, or not for this viewer.
    UnknownContract(ContractId);
    "invalid-waiver" "the waiver cannot be so: {0}"
    /// What is asked for contradicts itself, is too long, or is asked for already.
    InvalidWaiver(String);
    "unknown-waiver" "there is no waiver {0}"
    /// No such waiver, or not for this viewer.
    UnknownWaiver(WaiverId);
    "waiver-settled" "waiver {0} is already {1}"
    /// Nothing can follow on how it stands.
    WaiverSettled(WaiverId, &'static str);
    "same-granter" "waiver {waiver} was asked for by {actor}; somebody else must answer"
    /// Four eyes are two people.
    SameGranter { waiver: WaiverId, actor: String };
    "invalid-self-assessment" "this cannot be said in a self-assessment: {0}"
    /// What is said of a requirement has no reason, or no address.
    InvalidSelfAssessment(String);
    "invalid-clock-event" "this cannot be said of a reporting clock: {0}"
    /// What is said to have happened lies in the future, amends nothing, or is no event of the clock.
    InvalidClockEvent(String);
    "invalid-law-role" "this cannot be said of a role under the law: {0}"
    /// What is answered about a role contradicts itself or is about nothing.
    InvalidLawRole(String);
    "law-role-changed" "somebody else answered about {0} meanwhile: look at what is known now, and answer again"
    /// Answers are kept as a whole list; one that rests on an older list would drop what was answered since.
    LawRoleChanged(String);
    "invalid-authority-request" "this cannot be in the log of requests of authorities: {0}"
    /// What is said of a request has no authority or no question.
    InvalidAuthorityRequest(String);
    "unknown-authority-request" "there is no request {0} of an authority"
    /// No such request, or not for this viewer.
    UnknownAuthorityRequest(i64);
    "invalid-publication" "the publication cannot be so: {0}"
    /// What is drafted contradicts itself, or cannot follow on what was published.
    InvalidPublication(String);
    "unknown-publication" "no draft of {0} waits here"
    /// No such draft, or not for this viewer.
    UnknownPublication(String);
    "publication-changed" "the draft of {0} is another one than the one that was read"
    /// An approval belongs to the digest of the whole draft.
    PublicationChanged(String);
    "publication-outdated" "the draft of {name} is old: {what} is not as it was when it was drafted"
    /// A draft follows what it is made from: draft it anew.
    PublicationOutdated { name: String, what: String };
    "same-publisher" "{actor} wrote the draft of {name}; somebody else must approve it"
    /// Four eyes are two people.
    SamePublisher { name: String, actor: String };
    "invalid-mandate" "the mandate cannot be so: {0}"
    /// What is said of the mandate contradicts itself.
    InvalidMandate(String);
    "invalid-role-step" "the role cannot be switched so: {0}"
    /// What is switched is not there, or contradicts itself.
    InvalidRoleStep(String);
    "consultation-needed" "nobody was heard about this: {0}"
    /// A role starts or changes after a consultation, or with a stated exception.
    ConsultationNeeded(String);
    "invalid-consultation" "the consultation cannot be so: {0}"
    /// What is put to everybody contradicts itself, or cannot follow on how it stands.
    InvalidConsultation(String);
    "unknown-consultation" "there is no consultation {0}"
    /// No such consultation, or not for this viewer.
    UnknownConsultation(ConsultationId);
    "invalid-comment" "this can be no comment: {0}"
    /// What somebody says outside the period, or what is no plain text.
    InvalidComment(String);
    "unknown-comment" "there is no comment {0}"
    /// No such comment, or not with this key.
    UnknownComment(CommentId);
    "too-many-comments" "so many comments on {0} wait to be looked at that no more is taken now"
    /// Come again later.
    TooManyComments(ConsultationId);
    "backup-exists" "{0} is already there; a backup never overwrites"
    /// Choose another name.
    BackupExists(String);
}

impl LedgerError {
    /// True when the change may have been made all the same: the connection or the disk failed, and the answer is lost.
    /// False when it certainly was not made.
    pub fn outcome_unknown(&self) -> bool {
        matches!(self, Self::Database(_) | Self::Damaged { .. } | Self::Unreachable { .. } | Self::Away)
    }

    /// True for what passes by itself, so that trying again is worth while.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Away | Self::Conflict)
    }
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::Database(database) => database.code().unwrap_or_default().into_owned(),
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => return Self::Full,
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed => return Self::Away,
            _ => String::new(),
        };
        // SQLite gives extended numbers whose low byte is the primary code; PostgreSQL gives five characters.
        let primary = if code.len() == 5 { None } else { code.parse::<i32>().ok().map(|number| number & 0xff) };
        match (primary, code.as_str()) {
            (Some(5 | 6), _) | (_, "55P03") => Self::Busy,
            (None, "40001" | "40P01") => Self::Conflict,
            // Ended by its administrator, crashed, starting or stopping, no connection left, or cut off in the middle.
            (None, "57P01" | "57P02" | "57P03" | "53300") => Self::Away,
            (None, code) if code.len() == 5 && code.starts_with("08") => Self::Away,
            (Some(13), _) | (_, "53100") => Self::Full,
            (Some(8), _) | (_, "25006") => Self::ReadOnly,
            (Some(11 | 26), _) | (_, "XX001" | "XX002") => {
                Self::Damaged { place: "the database file".to_owned(), detail: error.to_string() }
            }
            _ => Self::Database(error),
        }
    }
}
