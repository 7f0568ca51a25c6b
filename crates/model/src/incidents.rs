// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Incidents: "is it anywhere?" as work. Its scope is a question that is asked anew whenever somebody looks; its tasks, steps
//! and deadlines are what people said, each with who and when.
//!
//! Who is hit is never stored: it follows from the evidence. What is stored is what people did about it.

use serde::{Deserialize, Serialize};

use crate::numbers::numbers;
use crate::registry::Classification;
use crate::watch::{Place, Tlp};
use crate::words::words;
use crate::{DocumentId, Timestamp};

numbers! {
    /// Number of an incident, shown as `I12`.
    IncidentId "I" "an incident";
    /// Number of a task, shown as `T12`.
    TaskId "T" "a task";
    /// Number of a round of collection, shown as `R12`.
    RoundId "R" "a round of collection";
}

words!(
    /// Where the work on an incident stands. People set it; whether its condition is met is computed beside it.
    Step { #[default] Identify "identify", Notify "notify", Fix "fix", Verify "verify", Learn "learn", }
);
words!(
    /// What a task asks for: evidence where nothing is known, a fix, proof of one, or something else.
    TaskKind { Check "check", Fix "fix", Verify "verify", #[default] Other "other", }
);
words!(
    /// How far a task is, by the word of those who do it.
    TaskState { #[default] Open "open", Acknowledged "acknowledged", InProgress "in-progress", Done "done",
        Verified "verified", CannotBecause "cannot-because", }
);
words!(
    /// How a system stands towards an incident, by evidence and decisions. The states are disjoint.
    SystemStanding { Hit "hit", Fixed "fixed", Accepted "accepted", NotHit "not-hit", Blind "blind", Stale "stale",
        #[default] Unknown "unknown", }
);
words!(
    /// Why a system stands as it does.
    StandingReason { Used "used", UsedInWindow "used-in-window", FixedByDocument "fixed-by-document",
        ClosedByDecision "closed-by-decision", ReasonAccepted "reason-accepted", ShownNotToUse "shown-not-to-use",
        EvidenceCannotShow "evidence-cannot-show", EvidenceTooOld "evidence-too-old", #[default] NoEvidence "no-evidence",
        VersionUndecided "version-undecided", LookedInto "looked-into", }
);

/// What an incident is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ScopeQuery {
    /// A package as `where` understands it; a range of versions may follow after a space: `log4j-core <2.17.1`.
    Package(String),
    /// A vulnerability, by any of its names.
    Vulnerability(String),
    /// The digest of a package or a file.
    Digest(String),
}

impl ScopeQuery {
    /// What kind of question it is: `package`, `vulnerability` or `digest`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Package(_) => "package",
            Self::Vulnerability(_) => "vulnerability",
            Self::Digest(_) => "digest",
        }
    }

    /// The text asked for.
    pub fn text(&self) -> &str {
        match self {
            Self::Package(text) | Self::Vulnerability(text) | Self::Digest(text) => text,
        }
    }
}

/// The question of an incident, asked anew at every reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[schemars(rename = "IncidentScope")]
pub struct Scope {
    /// What.
    pub query: ScopeQuery,
    /// Whoever had it at some moment since then counts as hit, too.
    pub from: Option<Timestamp>,
    /// … until then; until the moment asked for when not given.
    pub until: Option<Timestamp>,
}

/// A day on which something is due, and whom that binds. It runs only once a person has confirmed that the role fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct IncidentDeadline {
    /// Its name: that of a rule (`cra-early-warning`), or the office's own.
    pub name: String,
    /// Whom it binds.
    pub binds: String,
    /// Where that is said: law and article, or a rule of the office.
    pub source: String,
    /// When.
    pub due: Timestamp,
    /// Who confirmed that it binds.
    pub confirmed_by: Option<String>,
    /// When it was met, if it was.
    #[serde(default)]
    pub met: Option<Timestamp>,
}

/// A request to close an incident although systems are still hit. Another person must agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CloseRequest {
    /// Who asks.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Systems that were hit then, as far as whoever asked could see.
    pub open_hits: u64,
}

/// That somebody set a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StepSet {
    /// Which.
    pub step: Step,
    /// Who.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// What they said.
    pub note: String,
}

/// An incident, with what had happened to it by the moment asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Incident {
    /// Number.
    pub id: IncidentId,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub scope: Scope,
    /// Whose it is: all of the government, or an agency with everything below it. No system outside is looked at.
    pub place: Place,
    /// How far it may be passed on.
    pub tlp: Tlp,
    /// Who may know of it.
    pub classification: Classification,
    /// Only an exercise. Said wherever the incident is shown.
    pub is_drill: bool,
    /// What is practised, where it is a drill: `log4shell`, `xz`.
    pub drill_of: Option<String>,
    /// When it was opened.
    pub opened: Timestamp,
    /// By whom.
    pub opened_by: String,
    /// The highest number of a document that was there then: what has a higher one came later.
    pub last_document: DocumentId,
    /// Where the work stands.
    pub step: Step,
    /// By when nothing should be hit any more.
    pub target: Option<Timestamp>,
    /// When it was closed; `None` while it is open.
    pub closed: Option<Timestamp>,
    /// Who asked to close it although systems are hit, while nobody has agreed.
    pub close_request: Option<CloseRequest>,
    /// Steps that were set, in their order.
    pub steps: Vec<StepSet>,
    /// What is due when.
    pub deadlines: Vec<IncidentDeadline>,
    /// How long parts of a drill took, in milliseconds by a stopwatch: name and time.
    pub laps: Vec<(String, u64)>,
    /// The ledger's revision of the last change: give it back with a change to be told when somebody else was faster.
    pub revision: i64,
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Task {
    /// Number.
    pub id: TaskId,
    /// The incident it belongs to.
    pub incident: Option<IncidentId>,
    /// The round of collection it belongs to.
    pub round: Option<i64>,
    /// What it asks for.
    pub kind: TaskKind,
    /// Where: a system, or an agency.
    pub place: Place,
    /// What it says.
    pub title: String,
    /// Login of whoever does it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Timestamp>,
    /// How far it is, by the word of those who do it.
    pub state: TaskState,
    /// When it was acknowledged first.
    pub acknowledged: Option<Timestamp>,
    /// Why it cannot be done, where that was said, and by whom.
    pub because: Option<(String, String)>,
    /// Who accepted that reason.
    pub accepted_by: Option<String>,
    /// When it was made.
    pub made: Timestamp,
    /// By whom.
    pub made_by: String,
    /// The ledger's revision of the last change.
    pub revision: i64,
}

/// What is to change in a task. What is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TaskChange {
    /// How far it is. `cannot-because` needs a text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub state: Option<TaskState>,
    /// Login of whoever does it; `Some(None)` takes the owner away.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "given")]
    pub owner: Option<Option<String>>,
    /// By when; `Some(None)` takes the day away.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "given")]
    pub due: Option<Option<Timestamp>>,
    /// What is said about it.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub text: String,
    /// A document that shows it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<DocumentId>,
    /// That the reason why it cannot be done is accepted, by somebody else than who gave it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub accepts: bool,
}

/// A field that is there, even where it says nothing: `null` takes a value away, a missing field keeps it.
fn given<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// What was said about a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Remark {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What; may be empty where a document speaks.
    pub text: String,
    /// A document that shows it.
    pub evidence: Option<DocumentId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_back() {
        assert_eq!("I12".parse(), Ok(IncidentId(12)));
        assert_eq!("i12".parse(), Ok(IncidentId(12)));
        assert_eq!(" 12 ".parse(), Ok(TaskId(12)));
        assert_eq!(TaskId(7).to_string(), "T7");
        assert!("V12".parse::<TaskId>().is_err());
        assert!("".parse::<IncidentId>().is_err());
    }

    #[test]
    fn a_change_without_content_is_written_as_nothing() {
        let empty = TaskChange::default();
        assert_eq!(serde_json::to_string(&empty).expect("JSON"), "{}");
        let taken = TaskChange { owner: Some(None), ..TaskChange::default() };
        let text = serde_json::to_string(&taken).expect("JSON");
        assert_eq!(text, r#"{"owner":null}"#);
        assert_eq!(serde_json::from_str::<TaskChange>(&text).expect("a change"), taken);
        assert_eq!(serde_json::from_str::<TaskChange>("{}").expect("a change"), empty);
    }
}
