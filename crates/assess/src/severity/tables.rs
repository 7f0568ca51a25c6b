// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The numbers of the priority, in one place. The function ([`super::priority`]) and the SQL text ([`super::sql`]) are both
//! made from these tables.
//!
//! # How a level comes about
//! 1. *Threat* (is it used?): **exploited** when a list (KEV, EUVD) or SSVC says so; **likely** from a likelihood of 10 % on, or
//!    with known attack code that can be automated; **possible** from 1 % on or with known attack code; else **unlikely**.
//! 2. *Harm* (how bad?): **critical**, **high**, **medium** or **low** by severity.
//! 3. Both give the urgency of the vulnerability ([`URGENCY`]): hostile (the package itself is malicious), emergency,
//!    pressing, serious, ordinary, slight.
//! 4. *Exposure* and *protection need* give the standing of the place ([`STANDING`]): front, inner, back, remote. What is used in
//!    development or tests only stands remote, whatever the system is; a build tool at most back.
//! 5. Urgency and standing give the level ([`LEVEL`]).
//!
//! What is not known is named in the answer and counted with care, never as the best case: a severity as high, exploitation as
//! possible, an exposure as that of a system that partners reach, a protection need as high where exposure leaves it open, a
//! scope as runtime. Points only order findings within their level.

use super::priority::PriorityLevel::{self, ActNow, Planned, Soon, Watch};

/// Likelihood (EPSS) from which exploitation counts as likely.
pub const LIKELY: f32 = 0.1;

/// Likelihood from which exploitation counts as possible.
pub const POSSIBLE: f32 = 0.01;

/// Urgency of a malicious package.
pub const HOSTILE: u8 = 5;

/// Names of the urgencies, the least first.
pub const URGENCY_NAMES: [&str; 6] = ["slight", "ordinary", "serious", "pressing", "emergency", "hostile"];

/// Names of the standings, the least first.
pub const STANDING_NAMES: [&str; 4] = ["remote", "back", "inner", "front"];

/// Urgency by threat (unlikely, possible, likely, exploited) and harm (low, medium, high, critical).
pub const URGENCY: [[u8; 4]; 4] = [[0, 0, 1, 2], [0, 1, 2, 2], [1, 2, 3, 3], [4, 4, 4, 4]];

/// Standing by exposure (isolated, internal, unknown, partners, internet) and protection need (normal, unknown, high, very high).
pub const STANDING: [[u8; 4]; 5] = [[0, 1, 1, 1], [1, 2, 2, 2], [2, 2, 3, 3], [2, 3, 3, 3], [3, 3, 3, 3]];

/// Level by urgency and standing, both the least first.
pub const LEVEL: [[PriorityLevel; 4]; 6] = [
    [Watch, Watch, Watch, Watch],
    [Watch, Watch, Planned, Planned],
    [Watch, Planned, Planned, Soon],
    [Planned, Soon, Soon, ActNow],
    [Soon, ActNow, ActNow, ActNow],
    [ActNow, ActNow, ActNow, ActNow],
];

/// A named part of the score, with its points.
pub type Part = (&'static str, i16);

/// Points by exposure, in the order of [`STANDING`].
pub const EXPOSURE: [Part; 5] = [
    ("exposure-isolated", 0),
    ("exposure-internal", 40),
    ("exposure-unknown", 60),
    ("exposure-partners", 70),
    ("exposure-internet", 100),
];

/// Points by protection need, in the order of [`STANDING`].
pub const NEED: [Part; 4] = [("need-normal", 20), ("need-unknown", 50), ("need-high", 60), ("need-very-high", 80)];

/// Points by how it is used: transitive, not known, direct.
pub const DIRECT: [Part; 3] = [("transitive", 10), ("direct-unknown", 20), ("direct", 30)];

/// Points and greatest standing by scope, in the order of `Scope`: unknown, runtime, development, test, build, optional.
pub const SCOPE: [(Part, u8); 6] = [
    (("scope-unknown", 50), 3),
    (("scope-runtime", 60), 3),
    (("scope-development", 10), 0),
    (("scope-test", 10), 0),
    (("scope-build", 30), 1),
    (("scope-optional", 40), 3),
];

/// Points by severity word, in the order of `Rating`, where no vector gives a score: unknown, none, negligible, low, medium,
/// high, critical. A score in tenths counts double instead.
pub const SEVERITY: [Part; 7] = [
    ("severity-unknown", 150),
    ("severity-none", 0),
    ("severity-negligible", 10),
    ("severity-low", 50),
    ("severity-medium", 100),
    ("severity-high", 150),
    ("severity-critical", 190),
];

/// Points of a malicious package.
pub const MALICIOUS: Part = ("malicious", 400);
/// Points of a vulnerability on a list of exploited ones.
pub const LISTED: Part = ("exploited-listed", 300);
/// Points where no list was held, so that nothing can be said.
pub const LISTED_UNKNOWN: Part = ("exploited-unknown", 30);
/// Points by use in ransomware, for exploited ones: not known, no, yes.
pub const RANSOMWARE: [Part; 3] = [("ransomware-unknown", 30), ("ransomware-no", 0), ("ransomware", 60)];
/// Points by exploitation in SSVC: unknown, none, attack code known, active.
pub const SSVC_EXPLOITATION: [Part; 4] = [
    ("ssvc-exploitation-unknown", 20),
    ("ssvc-exploitation-none", 0),
    ("ssvc-exploitation-poc", 40),
    ("ssvc-exploitation-active", 250),
];
/// Points by whether an attack can be automated: not known, no, yes.
pub const AUTOMATABLE: [Part; 3] =
    [("ssvc-automatable-unknown", 20), ("ssvc-automatable-no", 0), ("ssvc-automatable", 40)];
/// Points by technical impact: not known, partial, total.
pub const IMPACT: [Part; 3] = [("ssvc-impact-unknown", 20), ("ssvc-impact-partial", 0), ("ssvc-impact-total", 40)];
/// Points where no likelihood is known; else likelihood × 200.
pub const LIKELIHOOD_UNKNOWN: Part = ("likelihood-unknown", 20);
/// Name of the part of the likelihood.
pub const LIKELIHOOD: &str = "likelihood";
/// Points of certainty that it is exploited within 30 days.
pub const LIKELIHOOD_POINTS: f32 = 200.0;

/// A rank is tier × this + points: points stay below it, a test keeps that.
pub const TIER: u16 = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn most(parts: &[Part]) -> i16 {
        parts.iter().map(|(_, points)| *points).max().unwrap_or_default()
    }

    #[test]
    fn points_stay_within_their_tier() {
        let vulnerability = MALICIOUS.1
            + LISTED.1.max(LISTED_UNKNOWN.1)
            + most(&RANSOMWARE)
            + most(&SSVC_EXPLOITATION)
            + most(&AUTOMATABLE)
            + most(&IMPACT)
            + most(&SEVERITY).max(200)
            + LIKELIHOOD_POINTS as i16;
        let scopes: Vec<Part> = SCOPE.iter().map(|(part, _)| *part).collect();
        let place = most(&EXPOSURE) + most(&NEED) + most(&DIRECT) + most(&scopes);
        assert!(vulnerability + place < TIER as i16, "{vulnerability} + {place}");
    }

    #[test]
    fn worse_input_never_lowers_the_answer() {
        let rises = |row: &[u8]| row.windows(2).all(|pair| pair[0] <= pair[1]);
        assert!(URGENCY.iter().all(|row| rises(row)) && STANDING.iter().all(|row| rises(row)));
        for column in 0..4 {
            assert!(rises(&URGENCY.map(|row| row[column])) && rises(&STANDING.map(|row| row[column])));
            assert!(LEVEL.windows(2).all(|pair| pair[0][column] <= pair[1][column]));
        }
        assert!(LEVEL.iter().all(|row| row.windows(2).all(|pair| pair[0] <= pair[1])));
    }

    #[test]
    fn unknown_is_never_the_best_case() {
        for row in STANDING {
            assert!(row[1] > row[0] || row[0] > 1, "{row:?}: an unknown need");
        }
        for (unknown, isolated) in STANDING[2].iter().zip(STANDING[0]) {
            assert!(*unknown > isolated, "an unknown exposure");
        }
        for (name, points) in EXPOSURE.iter().chain(&NEED).chain(&DIRECT).chain(&SEVERITY).chain(&RANSOMWARE) {
            assert!(!name.ends_with("unknown") || *points > 0, "{name}");
        }
    }
}
