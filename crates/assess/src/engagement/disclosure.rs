// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Coordinated disclosure of one vulnerability with one vendor (the project): what may follow what, after CERT/CC's Vultron.
//!
//! *Case* (`vfdpxa`): facts about the world. They are taken in the order in which they can be true: no fix before the vendor knows, none
//! deployed before it is ready; once an exploit is public, the next fact is that the public knows; once the public knows, the next is
//! that the vendor does. Attacks alone oblige to nothing. 32 of 64 combinations can be, and 70 histories lead through them.
//!
//! *Embargo*: none, proposed, active, revise, exited. While a revision is discussed, the old embargo holds. It ends by itself, and a
//! proposal is void, as soon as the public knows or an exploit is public (Vultron: SHALL), and when attacks are seen (Vultron: SHOULD; this
//! office does not wait). From then on none can be proposed.
//!
//! *Report*: how the vendor stands towards it. Receiving it makes the vendor aware. A valid report is accepted or deferred before it is
//! closed.
//!
//! What Vultron says with SHALL or MUST is refused here; what it says with SHOULD is [`Advice`], because a fact or a decision of
//! others that is not as it should be must still be written down. There is no state for keeping a vulnerability.
//!
//! Sources: as in [`underpin_model::engagement::CaseState`]; CERTCC/Vultron, process models CS, EM, RM and their interactions. In the
//! printed grammar the row `VFdPxA` leads by X to `VFDPXA`; one event changes one letter, so it is `VFdPXA` here.

use underpin_model::engagement::{
    CaseEvent, CaseState, DisclosureAct, EmbargoEvent, EmbargoState, ReportEvent, ReportState,
};

/// The whole state of a disclosure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Disclosure {
    /// What has happened.
    pub case: CaseState,
    /// How the embargo stands.
    pub embargo: EmbargoState,
    /// How the vendor stands towards the report.
    pub report: ReportState,
}

/// Something that happened or was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Event {
    /// In the world.
    Case(CaseEvent),
    /// About the embargo.
    Embargo(EmbargoEvent),
    /// With the report.
    Report(ReportEvent),
}

/// Acts and events: the same, one by one.
const ACTS: [(DisclosureAct, Event); 16] = [
    (DisclosureAct::VendorAware, Event::Case(CaseEvent::VendorAware)),
    (DisclosureAct::FixReady, Event::Case(CaseEvent::FixReady)),
    (DisclosureAct::FixDeployed, Event::Case(CaseEvent::FixDeployed)),
    (DisclosureAct::PublicAware, Event::Case(CaseEvent::PublicAware)),
    (DisclosureAct::ExploitPublic, Event::Case(CaseEvent::ExploitPublic)),
    (DisclosureAct::AttacksSeen, Event::Case(CaseEvent::AttacksSeen)),
    (DisclosureAct::EmbargoPropose, Event::Embargo(EmbargoEvent::Propose)),
    (DisclosureAct::EmbargoAccept, Event::Embargo(EmbargoEvent::Accept)),
    (DisclosureAct::EmbargoReject, Event::Embargo(EmbargoEvent::Reject)),
    (DisclosureAct::EmbargoTerminate, Event::Embargo(EmbargoEvent::Terminate)),
    (DisclosureAct::ReportReceive, Event::Report(ReportEvent::Receive)),
    (DisclosureAct::ReportValidate, Event::Report(ReportEvent::Validate)),
    (DisclosureAct::ReportInvalidate, Event::Report(ReportEvent::Invalidate)),
    (DisclosureAct::ReportAccept, Event::Report(ReportEvent::Accept)),
    (DisclosureAct::ReportDefer, Event::Report(ReportEvent::Defer)),
    (DisclosureAct::ReportClose, Event::Report(ReportEvent::Close)),
];

impl From<DisclosureAct> for Event {
    fn from(act: DisclosureAct) -> Self {
        ACTS.iter().find(|(own, _)| *own == act).map_or(Self::Case(CaseEvent::VendorAware), |(_, event)| *event)
    }
}

impl From<Event> for DisclosureAct {
    fn from(event: Event) -> Self {
        ACTS.iter().find(|(_, own)| *own == event).map_or_else(Self::default, |(act, _)| *act)
    }
}

/// Why something cannot follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, thiserror::Error)]
pub enum Forbidden {
    /// It has happened already; nothing of it can happen twice.
    #[error("it has happened already")]
    HappenedAlready,
    /// F needs V.
    #[error("no fix is ready before the vendor knows")]
    VendorFirst,
    /// D needs F.
    #[error("no fix is deployed before it is ready")]
    FixFirst,
    /// X without P: the public knows what an exploit shows.
    #[error("an exploit is public: say first that the public knows")]
    PublicFirst,
    /// P without V: the vendor knows what the public knows.
    #[error("the public knows: say first that the vendor does")]
    VendorOfPublicFirst,
    /// P, X or A.
    #[error("the public knows, an exploit is public or attacks are seen: no embargo can begin")]
    TooLateForEmbargo,
    /// Not from this state of the embargo.
    #[error("the embargo stands otherwise: this cannot follow")]
    NotForThisEmbargo,
    /// Not from this state of the report.
    #[error("the report stands otherwise: this cannot follow")]
    NotForThisReport,
    /// Closing a valid report.
    #[error("a valid report is accepted or deferred before it is closed")]
    DecideBeforeClosing,
}

/// What a step led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The state after it.
    pub state: Disclosure,
    /// What followed by itself.
    pub followed: Vec<Event>,
}

/// The next state.
///
/// # Errors
/// Says why the event cannot follow.
pub fn step(state: Disclosure, event: Event) -> Result<Step, Forbidden> {
    match event {
        Event::Case(event) => {
            let case = case_step(state.case, event)?;
            let (embargo, ended) = embargo_in(case, state.embargo);
            let followed = ended.map(Event::Embargo).into_iter().collect();
            Ok(Step { state: Disclosure { case, embargo, ..state }, followed })
        }
        Event::Embargo(event) => {
            if is_open(state.case) && matches!(event, EmbargoEvent::Propose | EmbargoEvent::Accept) {
                return Err(Forbidden::TooLateForEmbargo);
            }
            let embargo = embargo_step(state.embargo, event).ok_or(Forbidden::NotForThisEmbargo)?;
            Ok(Step { state: Disclosure { embargo, ..state }, followed: Vec::new() })
        }
        Event::Report(event) => {
            let report = report_step(state.report, event)?;
            let makes_aware = event == ReportEvent::Receive && !state.case.has(CaseEvent::VendorAware);
            let case = if makes_aware { case_step(state.case, CaseEvent::VendorAware)? } else { state.case };
            let followed = makes_aware.then_some(Event::Case(CaseEvent::VendorAware)).into_iter().collect();
            Ok(Step { state: Disclosure { case, report, ..state }, followed })
        }
    }
}

/// The one thing that has to be said next, where there is one.
pub fn obliged(case: CaseState) -> Option<CaseEvent> {
    if case.has(CaseEvent::ExploitPublic) && !case.has(CaseEvent::PublicAware) {
        return Some(CaseEvent::PublicAware);
    }
    let knows_first = case.has(CaseEvent::PublicAware) && !case.has(CaseEvent::VendorAware);
    knows_first.then_some(CaseEvent::VendorAware)
}

/// Whether somebody outside knows enough that an embargo protects nobody.
pub fn is_open(case: CaseState) -> bool {
    [CaseEvent::PublicAware, CaseEvent::ExploitPublic, CaseEvent::AttacksSeen].into_iter().any(|event| case.has(event))
}

/// Whether an embargo binds.
pub fn is_embargoed(state: Disclosure) -> bool {
    matches!(state.embargo, EmbargoState::Active | EmbargoState::Revise)
}

fn case_step(case: CaseState, event: CaseEvent) -> Result<CaseState, Forbidden> {
    if case.has(event) {
        return Err(Forbidden::HappenedAlready);
    }
    match obliged(case) {
        Some(CaseEvent::PublicAware) if event != CaseEvent::PublicAware => return Err(Forbidden::PublicFirst),
        Some(CaseEvent::VendorAware) if event != CaseEvent::VendorAware => return Err(Forbidden::VendorOfPublicFirst),
        _ => {}
    }
    let missing = if event == CaseEvent::FixDeployed { Forbidden::FixFirst } else { Forbidden::VendorFirst };
    case.with(event).ok_or(missing)
}

/// How an embargo stands in a case, and what ended it there.
fn embargo_in(case: CaseState, embargo: EmbargoState) -> (EmbargoState, Option<EmbargoEvent>) {
    match embargo {
        EmbargoState::Proposed if is_open(case) => (EmbargoState::None, Some(EmbargoEvent::Reject)),
        EmbargoState::Active | EmbargoState::Revise if is_open(case) => {
            (EmbargoState::Exited, Some(EmbargoEvent::Terminate))
        }
        _ => (embargo, None),
    }
}

fn embargo_step(embargo: EmbargoState, event: EmbargoEvent) -> Option<EmbargoState> {
    use EmbargoEvent as E;
    use EmbargoState as S;
    match (embargo, event) {
        (S::None | S::Proposed, E::Propose) => Some(S::Proposed),
        (S::Proposed, E::Reject) => Some(S::None),
        (S::Proposed | S::Revise, E::Accept) | (S::Revise, E::Reject) => Some(S::Active),
        (S::Active | S::Revise, E::Propose) => Some(S::Revise),
        (S::Active | S::Revise, E::Terminate) => Some(S::Exited),
        _ => None,
    }
}

fn report_step(report: ReportState, event: ReportEvent) -> Result<ReportState, Forbidden> {
    use ReportEvent as E;
    use ReportState as S;
    match (report, event) {
        (S::Start, E::Receive) => Ok(S::Received),
        (S::Received | S::Invalid, E::Validate) => Ok(S::Valid),
        (S::Received, E::Invalidate) => Ok(S::Invalid),
        (S::Valid | S::Deferred, E::Accept) => Ok(S::Accepted),
        (S::Valid | S::Accepted, E::Defer) => Ok(S::Deferred),
        (S::Invalid | S::Accepted | S::Deferred, E::Close) => Ok(S::Closed),
        (S::Valid, E::Close) => Err(Forbidden::DecideBeforeClosing),
        _ => Err(Forbidden::NotForThisReport),
    }
}

/// What should be thought of in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Advice {
    /// The vendor knows, and nobody spoke of an embargo yet.
    SpeakOfEmbargo,
    /// A fix is ready: no new embargo should begin, a proposed one should be rejected.
    NoNewEmbargo,
    /// A fix is ready: an embargo should be brought to its end.
    PrepareToEnd,
    /// A fix is deployed: an embargo should end.
    EndEmbargo,
    /// An embargo is agreed on although the vendor finds the report invalid, or is done with it.
    NoEmbargoForThisReport,
    /// Closed during an embargo: say whether the vendor still keeps it. Better is to hold the report as deferred or invalid until then.
    SayWhetherItIsKept,
    /// Attacks are seen and the public does not know: fix and publication should come as soon as they can.
    Hurry,
}

/// What should be thought of.
pub fn advice(state: Disclosure) -> Vec<Advice> {
    let has = |event: CaseEvent| state.case.has(event);
    let is_proposed = state.embargo == EmbargoState::Proposed;
    let is_out = matches!(state.report, ReportState::Invalid | ReportState::Closed);
    let begins = has(CaseEvent::VendorAware) && !has(CaseEvent::FixReady) && !is_open(state.case);
    let is_ready = has(CaseEvent::FixReady) && !is_open(state.case);
    [
        (begins && state.embargo == EmbargoState::None && !is_out, Advice::SpeakOfEmbargo),
        (is_ready && is_proposed, Advice::NoNewEmbargo),
        (is_ready && is_embargoed(state) && !has(CaseEvent::FixDeployed), Advice::PrepareToEnd),
        (has(CaseEvent::FixDeployed) && is_embargoed(state), Advice::EndEmbargo),
        (is_out && is_proposed, Advice::NoEmbargoForThisReport),
        (state.report == ReportState::Closed && is_embargoed(state), Advice::SayWhetherItIsKept),
        (has(CaseEvent::AttacksSeen) && !has(CaseEvent::PublicAware), Advice::Hurry),
    ]
    .into_iter()
    .filter(|(is_due, _)| *is_due)
    .map(|(_, advice)| advice)
    .collect()
}
