// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reporting clocks under the law: their words, and what people say happened. An event is never changed or removed: a later one
//! corrects or withdraws it, and both stay.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::law_roles::RoleSubject;
use crate::words::words;

words!(
    /// A reporting clock: one kind of event under one law.
    Clock { #[default] CraExploitedVulnerability "cra-exploited-vulnerability", CraSevereIncident "cra-severe-incident",
        Nis2SignificantIncident "nis2-significant-incident", Nis2TrustService "nis2-trust-service",
        KevDueDate "kev-due-date", }
);
words!(
    /// What has to be handed in or done.
    ReportStep { #[default] EarlyWarning "early-warning", Notification "notification", Intermediate "intermediate-report",
        Progress "progress-report", Final "final-report", InformUsers "inform-users", Remediation "remediation", }
);
words!(
    /// In which role somebody is bound to report.
    Obliged { #[default] Manufacturer "manufacturer",
        // A steward, as far as it takes part in the development: Article 24(3) of Regulation (EU) 2024/2847.
        StewardInDevelopment "steward-in-development",
        // A steward, where its own systems for the development are hit: the same paragraph.
        StewardInfrastructure "steward-infrastructure",
        EssentialEntity "essential-entity", ImportantEntity "important-entity",
        TrustServiceProvider "trust-service-provider", FederalCivilianAgency "federal-civilian-agency",
        // Not bound by the law; the office decided to keep the date.
        OwnPolicy "own-policy", }
);
words!(
    /// Where a step stands.
    StepState { #[default] NotStarted "not-started", Running "running", DueSoon "due-soon", Late "late",
        DoneInTime "done-in-time", DoneLate "done-late", NotDueYet "not-due-yet", DoesNotApply "does-not-apply", }
);
words!(
    /// Why a step stands there.
    StepReason { #[default] RoleNotConfirmed "role-not-confirmed", RoleDenied "role-denied", NotForThisRole "not-for-this-role",
        NotAware "not-aware", AwareBeforeLaw "aware-before-law", PeriodRuns "period-runs", PeriodOver "period-over",
        // Over when hours are counted from the moment; not over when the hour in which the event fell is left out.
        WithinUncountedHour "within-uncounted-hour",
        WaitsForMeasure "waits-for-measure", WaitsForNotification "waits-for-notification",
        WaitsForHandlingEnd "waits-for-handling-end", WaitsForDate "waits-for-date", NotRequested "not-requested",
        NotOngoing "not-ongoing", NoLimitInLaw "no-limit-in-law", HandedIn "handed-in",
        HandedInBeforeStart "handed-in-before-start", AlreadyProvided "already-provided",
        BeyondCalendar "beyond-calendar",
        // It was handed in, and what it is held against is not known: nothing says whether that was in time.
        TimelinessUnknown "timeliness-unknown",
        // It was handed in in time, and nobody said by whom: several may be bound.
        BoundNotNamed "bound-not-named", }
);
words!(
    /// What a person should know before relying on a clock.
    ClockCaution {
        // The law says without undue delay; the period is the end, not the aim.
        #[default] WithoutUndueDelay "without-undue-delay",
        // Hours are counted as elapsed time, which is never later than Regulation 1182/71 allows.
        HoursAreElapsed "hours-are-elapsed",
        // Article 24(3) names 14(1) and 14(3), not the paragraphs with the periods.
        StewardPeriodsByAnalogy "steward-periods-by-analogy",
        // How a steward finds its coordinator is not settled.
        StewardRoutingOpen "steward-routing-open",
        // A directive binds through national law, which may count otherwise.
        NationalLawDecides "national-law-decides",
        NationalLawUnknown "national-law-unknown",
        ZoneNotStated "zone-not-stated",
        LawReplaced "law-replaced",
        RoleContradicted "role-contradicted",
        MeasureBeforeAwareness "measure-before-awareness",
        SeveralDates "several-dates",
        NoHolidaysGiven "no-holidays-given",
        EventsInTheFuture "events-in-the-future",
        EventsUnusable "events-unusable",
        // Nobody said when whoever is bound became aware: the dates are as if that was when the incident was opened.
        AwarenessAssumed "awareness-assumed",
        // Nobody said who is bound, so nothing that was handed in counts as met.
        BoundNotNamed "bound-not-named",
    }
);
words!(
    /// What shows that a step was done.
    ClosingProof { #[default] Receipt "receipt", TextSent "text-sent", MomentOfAwareness "moment-of-awareness",
        MeasurePublished "measure-published", UsersMessage "users-message", FixShown "fix-shown", }
);
words!(
    /// Why an event of a history could not be used.
    EventFault { #[default] NumberTwice "number-twice", AmendsUnknown "amends-unknown", AmendsLater "amends-later",
        WithdrawsNothing "withdraws-nothing", StepNotInClock "step-not-in-clock", CannotBeCovered "cannot-be-covered",
        NotInThisClock "not-in-this-clock", }
);

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// A person confirmed that the role is held for this product or service.
    RoleConfirmed(Obliged),
    /// A person decided that the role is not held.
    RoleDenied(Obliged),
    /// Whoever is bound became aware.
    BecameAware,
    /// A corrective or mitigating measure became available.
    MeasureAvailable,
    /// A step was handed in, with what shows it.
    HandedIn {
        /// The step.
        step: ReportStep,
        /// What is at hand to show it.
        #[serde(default)]
        proofs: Vec<ClosingProof>,
    },
    /// What a step asks for was provided before; only some steps may be closed so.
    AlreadyProvided(ReportStep),
    /// An authority asked for an intermediate report, perhaps with a date.
    IntermediateRequested(Option<Timestamp>),
    /// The incident still goes on.
    StillOngoing,
    /// The handling of the incident ended.
    HandlingEnded,
    /// Somebody stated a due date: its day in UTC is the day that was stated.
    DueStated(Timestamp),
    /// Only with [`ClockEvent::amends`]: that event did not happen.
    Withdrawn,
}

impl Happened {
    /// Whether it is said of one who is bound and of nobody else; the rest is true of the incident.
    pub fn is_of_one(&self) -> bool {
        match self {
            Self::RoleConfirmed(_) | Self::RoleDenied(_) | Self::BecameAware => true,
            Self::HandedIn { .. } | Self::AlreadyProvided(_) | Self::IntermediateRequested(_) => true,
            Self::MeasureAvailable | Self::StillOngoing | Self::HandlingEnded => false,
            Self::DueStated(_) | Self::Withdrawn => false,
        }
    }
}

/// One event of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClockEvent {
    /// Its number in the history, in the order in which events were recorded; each number once.
    pub number: u64,
    /// When it happened, not when it was recorded.
    pub at: Timestamp,
    /// When somebody said so, where that is known; what gains time counts from then on only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Timestamp>,
    /// The earlier event that this one corrects or withdraws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<u64>,
    /// What happened.
    pub happened: Happened,
}

/// What shows that something happened: its name in the house (`document D12`, `decision 4`) or elsewhere, and its digest where it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClockEvidence {
    /// What it is.
    pub name: String,
    /// SHA-256 of its bytes, as hexadecimal digits; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
}

/// An event as somebody states it. What was stated stays: a mistake is corrected by another event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct StatedClockEvent {
    /// When it happened.
    pub at: Timestamp,
    /// The earlier event of the same clock that this one corrects or withdraws.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<u64>,
    /// What happened.
    pub happened: Happened,
    /// Of whom it is said: an agency, a system or an own product. Each has clocks of its own; `None` for what is true of the incident.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whom: Option<RoleSubject>,
    /// What is to be said about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// From where it is known, as a directive or a letter with its number; a due date that a person states needs it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// What shows it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<ClockEvidence>,
}
