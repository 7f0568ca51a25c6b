// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The three states of a coordinated disclosure after CERT/CC's Vultron: case, embargo, report.
//!
//! Sources: Householder and Spring, *A State-Based Model for Multi-Party Coordinated Vulnerability Disclosure* (CMU/SEI-2021-SR-021);
//! Householder, *Designing Vultron* (CMU/SEI-2022-SR-012). What may follow what stands in `assess::engagement::disclosure`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::StatedContact;
use crate::Timestamp;
use crate::numbers::numbers;
use crate::words::words;

numbers! {
    /// Number of a disclosure of a vulnerability, shown as `C12` (a case).
    DisclosureId "C" "a case";
}

words!(
    /// What happens in a case. None of it can be undone.
    CaseEvent { #[default] VendorAware "vendor-aware", FixReady "fix-ready", FixDeployed "fix-deployed",
        PublicAware "public-aware", ExploitPublic "exploit-public", AttacksSeen "attacks-seen", }
);
words!(
    /// How an embargo stands.
    EmbargoState { #[default] None "none", Proposed "proposed", Active "active", Revise "revise", Exited "exited", }
);
words!(
    /// What is done about an embargo.
    EmbargoEvent { #[default] Propose "propose", Accept "accept", Reject "reject", Terminate "terminate", }
);
words!(
    /// How a participant stands towards the report.
    ReportState { #[default] Start "start", Received "received", Invalid "invalid", Valid "valid", Accepted "accepted",
        Deferred "deferred", Closed "closed", }
);
words!(
    /// What a participant does with the report.
    ReportEvent { #[default] Receive "receive", Validate "validate", Invalidate "invalidate", Accept "accept",
        Defer "defer", Close "close", }
);

words!(
    /// What can be written down in a case of disclosure: facts of the world, what is done about an embargo, and about the report.
    DisclosureAct { #[default] VendorAware "vendor-aware", FixReady "fix-ready", FixDeployed "fix-deployed",
        PublicAware "public-aware", ExploitPublic "exploit-public", AttacksSeen "attacks-seen",
        EmbargoPropose "embargo-propose", EmbargoAccept "embargo-accept", EmbargoReject "embargo-reject",
        EmbargoTerminate "embargo-terminate", ReportReceive "report-receive", ReportValidate "report-validate",
        ReportInvalidate "report-invalidate", ReportAccept "report-accept", ReportDefer "report-defer",
        ReportClose "report-close", }
);

/// Something that was written down in a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DisclosureEvent {
    /// What.
    pub what: DisclosureAct,
    /// Until when an embargo is to hold, where one was proposed with a day.
    pub until: Option<Timestamp>,
    /// A note; may be empty.
    pub note: String,
    /// Whether it followed by itself on the event before it.
    pub is_by_itself: bool,
    /// Login of who wrote it down.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// A case of disclosure with all that happened in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DisclosureRecord {
    /// Number.
    pub id: DisclosureId,
    /// Key of the project that is the vendor.
    pub project: String,
    /// What it is called inside.
    pub title: String,
    /// Who is let into this compartment knows of the case.
    pub compartment: String,
    /// Login of who opened it.
    pub opened_by: String,
    /// When.
    pub opened: Timestamp,
    /// What happened, in the order in which it was written down.
    pub events: Vec<DisclosureEvent>,
    /// How the project wants to be approached in this case, in the order in which it was written down.
    #[serde(default)]
    pub contacts: Vec<CaseContact>,
}

/// What a project said, in a case, of how it wants to be approached: for those who are let into the compartment alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CaseContact {
    /// What it said; what is left out stays as it is.
    pub contact: StatedContact,
    /// Login of who wrote it down.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// What has happened in a case: six facts, of which 32 combinations can be. Written as `VFdpxa`, capital for what has happened.
///
/// No fix is ready before the vendor knows (F needs V), and none is deployed before it is ready (D needs F).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct CaseState(u8);

/// The letters, in the order of [`CaseEvent::ALL`].
const LETTERS: [char; 6] = ['v', 'f', 'd', 'p', 'x', 'a'];

impl CaseState {
    /// Nothing has happened.
    pub const START: Self = Self(0);

    /// The state of these facts; `None` for what cannot be.
    pub fn of(events: &[CaseEvent]) -> Option<Self> {
        let bits = events.iter().fold(0, |bits, event| bits | 1 << *event as u8);
        let state = Self(bits);
        let holds = |first: CaseEvent, then: CaseEvent| !state.has(then) || state.has(first);
        let can_be =
            holds(CaseEvent::VendorAware, CaseEvent::FixReady) && holds(CaseEvent::FixReady, CaseEvent::FixDeployed);
        can_be.then_some(state)
    }

    /// Whether this has happened.
    pub fn has(self, event: CaseEvent) -> bool {
        self.0 & 1 << event as u8 != 0
    }

    /// With one thing more; `None` where that cannot be.
    pub fn with(self, event: CaseEvent) -> Option<Self> {
        let mut events: Vec<CaseEvent> = CaseEvent::ALL.iter().copied().filter(|other| self.has(*other)).collect();
        events.push(event);
        Self::of(&events)
    }

    /// All states that can be, in the order of their letters.
    pub fn all() -> Vec<Self> {
        let of = |bits: u8| {
            let events: Vec<CaseEvent> =
                CaseEvent::ALL.iter().copied().filter(|event| Self(bits).has(*event)).collect();
            Self::of(&events)
        };
        (0..1 << LETTERS.len()).filter_map(of).collect()
    }
}

impl fmt::Display for CaseState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        CaseEvent::ALL.iter().zip(LETTERS).try_for_each(|(event, letter)| {
            write!(f, "{}", if self.has(*event) { letter.to_ascii_uppercase() } else { letter })
        })
    }
}

impl fmt::Debug for CaseState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for CaseState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no state of a case, such as VFdpxa");
        let letters: Vec<char> = text.chars().collect();
        let is_spelt = letters.len() == LETTERS.len()
            && letters.iter().zip(LETTERS).all(|(letter, wanted)| letter.to_ascii_lowercase() == wanted);
        if !is_spelt {
            return Err(wrong());
        }
        let seen = CaseEvent::ALL.iter().zip(&letters).filter(|(_, letter)| letter.is_ascii_uppercase());
        Self::of(&seen.map(|(event, _)| *event).collect::<Vec<_>>()).ok_or_else(wrong)
    }
}

impl Serialize for CaseState {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CaseState {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for CaseState {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CaseState".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^(vfd|Vfd|VFd|VFD)[pP][xX][aA]$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_two_of_sixty_four_can_be() {
        let all = CaseState::all();
        assert_eq!(all.len(), 32);
        for state in &all {
            assert_eq!(state.to_string().parse(), Ok(*state));
            let json = serde_json::to_string(state).expect("JSON");
            assert_eq!(serde_json::from_str::<CaseState>(&json).expect("a state"), *state);
        }
        assert_eq!(all[0], CaseState::START);
        assert_eq!(CaseState::START.to_string(), "vfdpxa");
    }

    #[test]
    fn what_cannot_be_is_no_state() {
        for text in ["vFdpxa", "vfDpxa", "VfDpxa", "vFDPXA", "vfdpx", "vfdpxaa", "fvdpxa", "", "v.dpxa"] {
            assert!(text.parse::<CaseState>().is_err(), "{text}");
        }
        assert_eq!(CaseState::START.with(CaseEvent::FixReady), None);
        assert_eq!(
            CaseState::START.with(CaseEvent::VendorAware).map(|state| state.to_string()).as_deref(),
            Some("Vfdpxa")
        );
    }
}
