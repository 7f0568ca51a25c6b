// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How an upstream project stands, as a class with its reasons and never as a score.
//!
//! Reasons of one kind often have one cause, so they count once. The class is a hint for a person who reads the reasons; it is about a
//! project and never about anybody in it.

use crate::words::words;

words!(
    /// How a project stands.
    ProjectClass {
        // Too little is known.
        #[default] Unknown "unknown",
        // Small, released, quiet, and nothing is open.
        Finished "finished",
        // People work on it, and nothing speaks against it.
        Healthy "healthy",
        // It works, and hangs on few.
        Thin "thin",
        // Two kinds of signals speak against it.
        AtRisk "at-risk",
        // Nothing was seen for long. Perhaps it lives elsewhere.
        NoRecentActivitySeen "no-recent-activity-seen",
    }
);
words!(
    /// Why a project has its class.
    ClassReason {
        // One person made half of the commits of the last 12 months.
        #[default] FewPeople "few-people",
        // Several people share the work.
        ManyPeople "many-people",
        // A person made a commit within a year.
        Active "active",
        // Nobody did within a year.
        Quiet "quiet",
        // Nobody did within two years.
        Silent "silent",
        // The last release is much longer ago than usual.
        ReleaseOverdue "release-overdue",
        // Releases keep their rhythm.
        ReleasesInRhythm "releases-in-rhythm",
        // The project, its forge, an advisory or a list of ends of life says that it has ended.
        SaysEnded "says-ended",
        // The project says that it is active.
        SaysActive "says-active",
        // Vulnerabilities are known and not fixed.
        VulnerabilitiesOpen "vulnerabilities-open",
        // None is known that is not fixed.
        NothingOpen "nothing-open",
        // It is small.
        Small "small",
    }
);
words!(
    /// A kind of evidence: kinds are independent of each other, signals of one kind are not.
    EvidenceKind { #[default] People "people", Activity "activity", Releases "releases", Word "word", Vulnerabilities "vulnerabilities", }
);
words!(
    /// Where evidence is from.
    EvidenceSource { #[default] Clone "clone", Advisories "advisories", Lifecycle "lifecycle", Facts "facts", }
);
words!(
    /// What is missing from the evidence, or old.
    EvidenceNote {
        // No clone of it was ever looked at.
        #[default] SignalsMissing "signals-missing",
        // The clone was looked at more than 90 days ago.
        SignalsOld "signals-old",
        // No feed of advisories speaks of the kind of its packages.
        AdvisoriesMissing "advisories-missing",
    }
);
words!(
    /// Why a project has another name.
    NameKind { #[default] Rename "rename", Fork "fork", Mirror "mirror", }
);

impl ClassReason {
    /// Of which kind it is; being small is none of its own.
    pub fn kind(self) -> Option<EvidenceKind> {
        Some(match self {
            Self::FewPeople | Self::ManyPeople => EvidenceKind::People,
            Self::Active | Self::Quiet | Self::Silent => EvidenceKind::Activity,
            Self::ReleaseOverdue | Self::ReleasesInRhythm => EvidenceKind::Releases,
            Self::SaysEnded | Self::SaysActive => EvidenceKind::Word,
            Self::VulnerabilitiesOpen | Self::NothingOpen => EvidenceKind::Vulnerabilities,
            Self::Small => return None,
        })
    }

    /// Whether it speaks against the project.
    pub fn speaks_against(self) -> bool {
        matches!(
            self,
            Self::FewPeople
                | Self::Quiet
                | Self::Silent
                | Self::ReleaseOverdue
                | Self::SaysEnded
                | Self::VulnerabilitiesOpen
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_can_speak_for_and_against() {
        for kind in EvidenceKind::ALL {
            let of = |against: bool| {
                ClassReason::ALL
                    .iter()
                    .filter(|reason| reason.kind() == Some(*kind) && reason.speaks_against() == against)
                    .count()
            };
            assert!(of(true) > 0 && of(false) > 0, "{}", kind.as_str());
        }
        assert_eq!(ClassReason::Small.kind(), None);
    }
}
