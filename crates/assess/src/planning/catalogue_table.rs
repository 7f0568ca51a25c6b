// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The catalogue as data: one entry an instrument, in the order of [`InterventionCode::ALL`].

use underpin_model::Money;
use underpin_model::interventions::{InterventionCode, LegalRoute, Prerequisite, Skill};

use super::catalogue::{CostRange, Effect, Intervention};
use super::priors::Prior;

/// Costs in thousands of euro.
const fn thousands(low: i64, likely: i64, high: i64) -> CostRange {
    CostRange {
        low: Money::from_cents(low * 100_000),
        likely: Money::from_cents(likely * 100_000),
        high: Money::from_cents(high * 100_000),
    }
}

/// Shares in hundredths.
const fn about(mean: u8, low: u8, high: u8, source: &'static str) -> Effect {
    Effect { share: Prior { mean: mean as f64 / 100.0, low: low as f64 / 100.0, high: high as f64 / 100.0 }, source }
}

/// No effect is claimed.
const NONE: Effect = Effect { share: Prior::NOTHING, source: "" };

const COMPETITIVE: &str = "a market price after a competitive award is no aid";
const GRANT: &str =
    "no aid where the project offers nothing on a market; else de minimis or the block exemption for research";

/// All instruments.
pub const INTERVENTIONS: [Intervention; 12] = [
    AUDIT,
    FUZZING,
    PAID_MAINTENANCE,
    FELLOWSHIP,
    DIRECT_CONTRIBUTION,
    RELEASE_HARDENING,
    SUCCESSION,
    BOUNTY_WITH_TRIAGE,
    FOUNDATION_MEMBERSHIP,
    POOLED_FUND,
    REPLACE,
    ADOPT,
];

const AUDIT: Intervention = Intervention {
    code: InterventionCode::Audit,
    about: "An outside security review of code and design, with time for the fixes.",
    cost: thousands(40, 75, 180),
    months: (3, 9),
    effects: [
        about(
            25,
            8,
            45,
            "Fifty public audits of one broker found about 130 high or critical flaws for some 60,000 dollars each; the share of all flaws is judgement",
        ),
        about(10, 2, 22, "Judgement: reviews of build and release are usual parts of an audit"),
        NONE,
    ],
    upstream_hours: 80,
    office_hours: 40,
    skill: Skill::SecurityReview,
    prerequisites: &[Prerequisite::Consent, Prerequisite::AbsorptiveCapacity],
    guard_rails: &[
        "the report belongs to the project until its flaws are fixed",
        "money for fixes is part of the order",
    ],
    routes: &[LegalRoute::Procurement, LegalRoute::Grant],
    state_aid: COMPETITIVE,
};

const FUZZING: Intervention = Intervention {
    code: InterventionCode::Fuzzing,
    about: "Fuzz targets, kept running, with somebody who looks at what they find.",
    cost: thousands(20, 45, 120),
    months: (3, 12),
    effects: [
        about(
            20,
            5,
            40,
            "Public fuzzing services report tens of thousands of flaws in about a thousand projects; the share of incidents is judgement",
        ),
        NONE,
        NONE,
    ],
    upstream_hours: 40,
    office_hours: 20,
    skill: Skill::SecurityReview,
    prerequisites: &[Prerequisite::Consent, Prerequisite::AbsorptiveCapacity],
    guard_rails: &["findings are private first", "few findings at a time, each with a reproduction"],
    routes: &[LegalRoute::Procurement, LegalRoute::Grant],
    state_aid: COMPETITIVE,
};

const PAID_MAINTENANCE: Intervention = Intervention {
    code: InterventionCode::PaidMaintenance,
    about: "A contract for agreed maintenance: releases, answers to reports, old branches.",
    cost: thousands(30, 90, 250),
    months: (12, 24),
    effects: [
        about(
            15,
            3,
            30,
            "A vendor's survey: paid maintainers adopt security practices half as often again; studies of donations find no clear effect",
        ),
        about(10, 2, 22, "Judgement: somebody has time to look at new contributors"),
        about(
            30,
            8,
            55,
            "Studies of sponsorship with comparison groups: maintenance and review rise, for how long is open",
        ),
    ],
    upstream_hours: 0,
    office_hours: 30,
    skill: Skill::Contracting,
    prerequisites: &[Prerequisite::Consent, Prerequisite::CanReceiveMoney, Prerequisite::ContinuityReserve],
    guard_rails: &["no control over what is merged", "notice well before it ends"],
    routes: &[LegalRoute::Procurement, LegalRoute::Grant],
    state_aid: COMPETITIVE,
};

const FELLOWSHIP: Intervention = Intervention {
    code: InterventionCode::Fellowship,
    about: "A stipend for somebody who maintains the project, free to choose the work.",
    cost: thousands(25, 60, 120),
    months: (6, 24),
    effects: [
        about(10, 2, 22, "Judgement, from public programmes for maintainers that are too young to be measured"),
        about(8, 1, 18, "Judgement: somebody has time to look at new contributors"),
        about(25, 5, 50, "Judgement, from studies of sponsorship: activity rises while it lasts"),
    ],
    upstream_hours: 0,
    office_hours: 20,
    skill: Skill::Contracting,
    prerequisites: &[Prerequisite::Consent, Prerequisite::CanReceiveMoney, Prerequisite::ContinuityReserve],
    guard_rails: &["the person is chosen by the project", "no reports beyond what is public"],
    routes: &[LegalRoute::Grant, LegalRoute::Employment],
    state_aid: GRANT,
};

const DIRECT_CONTRIBUTION: Intervention = Intervention {
    code: InterventionCode::DirectContribution,
    about: "Patches, tests, reviews and documentation by the office's own people.",
    cost: thousands(5, 20, 60),
    months: (1, 12),
    effects: [
        about(8, 2, 18, "Judgement: fixes that arrive with a test shorten the time to a fix"),
        NONE,
        about(10, 2, 22, "Studies of abandoned packages: many had the fix waiting in a change that nobody merged"),
    ],
    upstream_hours: 30,
    office_hours: 200,
    skill: Skill::Programming,
    prerequisites: &[Prerequisite::Consent, Prerequisite::TakesContributions, Prerequisite::AbsorptiveCapacity],
    guard_rails: &["small changes that were asked for", "no more at once than the project can review"],
    routes: &[LegalRoute::OwnWork],
    state_aid: "own work that is given to everybody is no aid",
};

const RELEASE_HARDENING: Intervention = Intervention {
    code: InterventionCode::ReleaseHardening,
    about: "Two-person release, signed and reproducible artefacts, protected keys and accounts.",
    cost: thousands(10, 30, 80),
    months: (2, 6),
    effects: [
        NONE,
        about(
            40,
            15,
            65,
            "Most known takeovers used one account or one unseen release step; the share that is prevented is judgement",
        ),
        NONE,
    ],
    upstream_hours: 40,
    office_hours: 20,
    skill: Skill::ReleaseEngineering,
    prerequisites: &[Prerequisite::Consent, Prerequisite::AbsorptiveCapacity],
    guard_rails: &["tools that the project can keep without us"],
    routes: &[LegalRoute::Procurement, LegalRoute::Grant, LegalRoute::OwnWork],
    state_aid: COMPETITIVE,
};

const SUCCESSION: Intervention = Intervention {
    code: InterventionCode::Succession,
    about: "A second and a third maintainer are found, paid while they learn, and given access step by step.",
    cost: thousands(20, 60, 150),
    months: (6, 18),
    effects: [
        about(8, 1, 18, "Judgement: more eyes, but larger teams were not found to give less underproduction"),
        about(10, 0, 25, "Judgement: nobody is alone with pressure; but newcomers with access are a risk, too"),
        about(45, 20, 70, "Judgement, from the share of packages whose maintenance rests on one person"),
    ],
    upstream_hours: 120,
    office_hours: 40,
    skill: Skill::Facilitation,
    prerequisites: &[
        Prerequisite::Consent,
        Prerequisite::CanReceiveMoney,
        Prerequisite::AbsorptiveCapacity,
        Prerequisite::ContinuityReserve,
    ],
    guard_rails: &["the project chooses whom it trusts", "access grows slowly, with two-person rules"],
    routes: &[LegalRoute::Grant, LegalRoute::Employment],
    state_aid: GRANT,
};

const BOUNTY_WITH_TRIAGE: Intervention = Intervention {
    code: InterventionCode::BountyWithTriage,
    about: "Rewards for reported flaws, with paid people who sort the reports before maintainers see them.",
    cost: thousands(40, 80, 200),
    months: (12, 12),
    effects: [
        about(
            12,
            2,
            28,
            "Public programmes: valid reports fell from 15 to below 5 in a hundred where nobody sorted them; with triage judgement",
        ),
        NONE,
        NONE,
    ],
    upstream_hours: 60,
    office_hours: 40,
    skill: Skill::Contracting,
    prerequisites: &[
        Prerequisite::Consent,
        Prerequisite::TriageCapacity,
        Prerequisite::AuditFirst,
        Prerequisite::AbsorptiveCapacity,
    ],
    guard_rails: &["never without paid triage", "it is paused when the project says so"],
    routes: &[LegalRoute::Procurement],
    state_aid: COMPETITIVE,
};

const FOUNDATION_MEMBERSHIP: Intervention = Intervention {
    code: InterventionCode::FoundationMembership,
    about: "Membership in the foundation that carries the project, with a seat where security is decided.",
    cost: thousands(5, 30, 120),
    months: (12, 12),
    effects: [
        about(3, 0, 8, "Judgement: a small share of a foundation's means reaches one project"),
        about(3, 0, 8, "Judgement: shared release services help all projects a little"),
        about(6, 1, 14, "Judgement: foundations archive and hand over in an orderly way"),
    ],
    upstream_hours: 0,
    office_hours: 20,
    skill: Skill::Facilitation,
    prerequisites: &[Prerequisite::KnownFoundation],
    guard_rails: &["votes are public", "no seat is bought for a wish"],
    routes: &[LegalRoute::Membership],
    state_aid: "a fee at the published rate is no aid",
};

const POOLED_FUND: Intervention = Intervention {
    code: InterventionCode::PooledFund,
    about: "A share in a fund of several agencies or states, which pays for work on the project.",
    cost: thousands(10, 50, 250),
    months: (12, 36),
    effects: [
        about(8, 1, 20, "Judgement: as paid maintenance, with less overhead for the project and less say"),
        about(5, 0, 12, "Judgement: as paid maintenance, thinner"),
        about(20, 5, 40, "Judgement, from studies of sponsorship, with a longer life than one sponsor"),
    ],
    upstream_hours: 0,
    office_hours: 15,
    skill: Skill::Contracting,
    prerequisites: &[Prerequisite::Consent, Prerequisite::CanReceiveMoney],
    guard_rails: &["one contact and one report for all who pay"],
    routes: &[LegalRoute::Grant, LegalRoute::Membership],
    state_aid: GRANT,
};

const REPLACE: Intervention = Intervention {
    code: InterventionCode::Replace,
    about: "The government's own systems move to another component.",
    cost: thousands(30, 120, 600),
    months: (6, 24),
    effects: [
        about(50, 20, 80, "Judgement: what it is replaced by has flaws of its own"),
        about(50, 20, 80, "Judgement: what it is replaced by can be taken over, too"),
        about(80, 55, 95, "Judgement: a maintained alternative is not abandoned"),
    ],
    upstream_hours: 0,
    office_hours: 300,
    skill: Skill::Programming,
    prerequisites: &[Prerequisite::KnownAlternative],
    guard_rails: &["tell the project, with thanks, before others hear of it"],
    routes: &[LegalRoute::Procurement, LegalRoute::OwnWork],
    state_aid: "no money goes upstream",
};

const ADOPT: Intervention = Intervention {
    code: InterventionCode::Adopt,
    about: "The office, with others, maintains the project or a fork of it.",
    cost: thousands(60, 150, 400),
    months: (12, 36),
    effects: [
        about(20, 5, 40, "Judgement: as paid maintenance, by people who must learn the code"),
        about(15, 3, 30, "Judgement: releases come from people who are known"),
        about(75, 45, 92, "Judgement: it is maintained as long as the office does it"),
    ],
    upstream_hours: 0,
    office_hours: 800,
    skill: Skill::Programming,
    prerequisites: &[Prerequisite::Consent, Prerequisite::NobodyMaintains, Prerequisite::ContinuityReserve],
    guard_rails: &["names and accounts are handed over, never taken", "an end is planned from the beginning"],
    routes: &[LegalRoute::Employment, LegalRoute::Procurement, LegalRoute::OwnWork],
    state_aid: "own work that is given to everybody is no aid",
};
