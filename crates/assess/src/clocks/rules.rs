// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The clocks as data: whom each binds, since when, what starts each step and how long it has, and by which text.

use underpin_model::clocks::{Clock, Clock::*};
use underpin_model::clocks::{ClockCaution, ClosingProof, Happened, Obliged, ReportStep};

use super::period::Period::{self, Days, Hours, Months};

/// What starts the period of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Becoming aware.
    Aware,
    /// The first corrective or mitigating measure, or becoming aware if that is later.
    Measure,
    /// Handing in the notification.
    Notification,
    /// The same; while the incident goes on at the end, the end of its handling.
    NotificationOrHandling,
    /// The end of the period after the notification, when the incident still goes on then.
    OngoingAtEnd,
    /// Each request of an authority, which may name a date.
    Request,
    /// None: somebody states the day.
    StatedDay,
}

/// A step of a clock.
#[derive(Clone, Copy, Debug)]
pub struct StepRule {
    /// The step.
    pub step: ReportStep,
    /// What starts it.
    pub start: Start,
    /// How long it has; `None` where the law names no period.
    pub period: Option<Period>,
    /// The key of the text that asks for it.
    pub law: &'static str,
    /// The only roles that it binds; empty for all roles of the clock.
    pub only: &'static [Obliged],
    /// Whether information that was provided before closes it.
    pub coverable: bool,
    /// What shows that it was done.
    pub proofs: &'static [ClosingProof],
}

/// A reporting clock.
#[derive(Clone, Copy, Debug)]
pub struct ClockRule {
    /// Which one.
    pub clock: Clock,
    /// The roles that it binds.
    pub binds: &'static [Obliged],
    /// The keys of the texts that bind them.
    pub law: &'static [&'static str],
    /// The first day on which becoming aware starts it, and the text that says so. Products on the market before are meant too.
    pub valid_from: (&'static str, &'static str),
    /// The day on which another text took its place, and that text.
    pub replaced: Option<(&'static str, &'static str)>,
    /// The steps.
    pub steps: &'static [StepRule],
    /// What everybody should know who relies on it.
    pub cautions: &'static [ClockCaution],
}

impl ClockRule {
    /// The rule of a step.
    pub fn step(&self, step: ReportStep) -> Option<&'static StepRule> {
        self.steps.iter().find(|rule| rule.step == step)
    }

    fn has(&self, start: Start) -> bool {
        self.steps.iter().any(|step| step.start == start)
    }

    /// Whether an event means anything to this clock. Whether a step can be closed so is told by the step.
    pub fn knows(&self, happened: &Happened) -> bool {
        match happened {
            Happened::RoleConfirmed(role) | Happened::RoleDenied(role) => self.binds.contains(role),
            Happened::HandedIn { step, .. } | Happened::AlreadyProvided(step) => self.step(*step).is_some(),
            Happened::MeasureAvailable => self.has(Start::Measure),
            Happened::IntermediateRequested(_) => self.has(Start::Request),
            Happened::StillOngoing | Happened::HandlingEnded => self.has(Start::OngoingAtEnd),
            Happened::DueStated(_) => self.has(Start::StatedDay),
            Happened::BecameAware | Happened::Withdrawn => true,
        }
    }
}

const SENT: &[ClosingProof] = &[ClosingProof::Receipt, ClosingProof::TextSent];
const FIRST: &[ClosingProof] = &[ClosingProof::MomentOfAwareness, ClosingProof::Receipt, ClosingProof::TextSent];
const MEASURE: &[ClosingProof] = &[ClosingProof::MeasurePublished, ClosingProof::Receipt, ClosingProof::TextSent];

const PLAIN: StepRule = StepRule {
    step: ReportStep::EarlyWarning,
    start: Start::Aware,
    period: Some(Hours(24)),
    law: "",
    only: &[],
    coverable: false,
    proofs: FIRST,
};

const fn asked(law: &'static str) -> StepRule {
    StepRule { step: ReportStep::Intermediate, start: Start::Request, period: None, law, proofs: SENT, ..PLAIN }
}

const fn within_72_hours(law: &'static str, coverable: bool) -> StepRule {
    StepRule { step: ReportStep::Notification, period: Some(Hours(72)), law, coverable, proofs: SENT, ..PLAIN }
}

const fn month_after(law: &'static str, coverable: bool) -> StepRule {
    let period = Some(Months(1));
    StepRule { step: ReportStep::Final, start: Start::Notification, period, law, coverable, proofs: SENT, ..PLAIN }
}

const fn month_after_handling(law: &'static str) -> StepRule {
    StepRule { start: Start::NotificationOrHandling, ..month_after(law, false) }
}

const fn informs(only: &'static [Obliged]) -> StepRule {
    let proofs = &[ClosingProof::UsersMessage];
    StepRule { step: ReportStep::InformUsers, period: None, law: "cra-14-8", only, proofs, ..PLAIN }
}

const PROGRESS: StepRule = StepRule {
    step: ReportStep::Progress,
    start: Start::OngoingAtEnd,
    period: Some(Months(1)),
    law: "nis2-23-4-e",
    proofs: SENT,
    ..PLAIN
};

const EXPLOITED: ClockRule = ClockRule {
    clock: CraExploitedVulnerability,
    binds: &[Obliged::Manufacturer, Obliged::StewardInDevelopment],
    law: &["cra-14-1", "cra-24-3", "cra-69-3"],
    valid_from: ("2026-09-11", "cra-71-2"),
    replaced: None,
    steps: &[
        StepRule { law: "cra-14-2-a", ..PLAIN },
        within_72_hours("cra-14-2-b", true),
        asked("cra-14-6"),
        StepRule {
            step: ReportStep::Final,
            start: Start::Measure,
            period: Some(Days(14)),
            law: "cra-14-2-c",
            coverable: true,
            proofs: MEASURE,
            ..PLAIN
        },
        informs(&[Obliged::Manufacturer]),
    ],
    cautions: &[ClockCaution::WithoutUndueDelay, ClockCaution::HoursAreElapsed],
};

const SEVERE: ClockRule = ClockRule {
    clock: CraSevereIncident,
    binds: &[Obliged::Manufacturer, Obliged::StewardInfrastructure],
    law: &["cra-14-3", "cra-14-5", "cra-24-3", "cra-69-3"],
    steps: &[
        StepRule { law: "cra-14-4-a", ..PLAIN },
        within_72_hours("cra-14-4-b", true),
        asked("cra-14-6"),
        month_after("cra-14-4-c", true),
        informs(&[]),
    ],
    ..EXPLOITED
};

const SIGNIFICANT: ClockRule = ClockRule {
    clock: Nis2SignificantIncident,
    binds: &[Obliged::EssentialEntity, Obliged::ImportantEntity],
    law: &["nis2-23-1"],
    valid_from: ("2024-10-18", "nis2-41"),
    replaced: None,
    steps: &[
        StepRule { law: "nis2-23-4-a", ..PLAIN },
        within_72_hours("nis2-23-4-b", false),
        asked("nis2-23-4-c"),
        PROGRESS,
        month_after_handling("nis2-23-4-d"),
    ],
    cautions: &[ClockCaution::WithoutUndueDelay, ClockCaution::HoursAreElapsed, ClockCaution::NationalLawDecides],
};

const TRUST: ClockRule = ClockRule {
    clock: Nis2TrustService,
    binds: &[Obliged::TrustServiceProvider],
    law: &["nis2-23-1", "nis2-23-4-trust"],
    steps: &[
        StepRule { law: "nis2-23-4-a", ..PLAIN },
        StepRule { step: ReportStep::Notification, law: "nis2-23-4-trust", proofs: SENT, ..PLAIN },
        asked("nis2-23-4-c"),
        PROGRESS,
        month_after_handling("nis2-23-4-d"),
    ],
    ..SIGNIFICANT
};

const KEV: ClockRule = ClockRule {
    clock: KevDueDate,
    binds: &[Obliged::FederalCivilianAgency, Obliged::OwnPolicy],
    law: &["kev-bod-22-01"],
    valid_from: ("2021-11-03", "kev-bod-22-01"),
    replaced: Some(("2026-06-10", "kev-bod-26-04")),
    steps: &[StepRule {
        step: ReportStep::Remediation,
        start: Start::StatedDay,
        period: None,
        law: "kev-bod-22-01",
        proofs: &[ClosingProof::FixShown],
        ..PLAIN
    }],
    cautions: &[ClockCaution::ZoneNotStated],
};

/// All clocks.
pub static CLOCKS: &[ClockRule] = &[EXPLOITED, SEVERE, SIGNIFICANT, TRUST, KEV];

/// The rule of a clock.
pub fn rule(clock: Clock) -> &'static ClockRule {
    CLOCKS.iter().find(|rule| rule.clock == clock).unwrap_or(&EXPLOITED)
}

/// Since when a state's own law under a directive binds, where that is known: country, first day, key of the text.
pub static NATIONAL_STARTS: &[(&str, &str, &str)] = &[("DE", "2025-12-06", "bsig-32")];
