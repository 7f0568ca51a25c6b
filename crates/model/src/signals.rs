// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signals: what the git history and the files of an upstream project tell about how it is looked after.
//!
//! A signal is evidence, no score. It is known or unknown with a reason; a missing one is never zero and never "no". It says
//! what it rests on and the time at which it was judged. Subjects are projects: no signal can hold a person, only counts of them.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::community::CommunityCard;
use crate::words::words;

words!(
    /// In which unit a signal counts.
    Unit { #[default] People "people", Organisations "organisations", Commits "commits", Releases "releases", Days "days",
        Files "files", Ratio "ratio", Share "share", Flag "flag", Moment "moment", Word "word", }
);
words!(
    /// Why a signal is unknown.
    Ignorance {
        // Nothing is there to judge: no commit, or no branch checked out.
        #[default] NoCommits "no-commits",
        // The history was cut when it was cloned.
        Shallow "shallow",
        // No commit of a person lies in the time asked for.
        NoHumanCommits "no-human-commits",
        // No commit lies in the time asked for.
        NoRecentCommits "no-recent-commits",
        // No commit was made with an address of an organisation.
        NoOrganisations "no-organisations",
        // No release was tagged, or the tags were not cloned.
        NoTags "no-tags",
        // A rhythm needs three releases on different days.
        TooFewReleases "too-few-releases",
        // Git does not hold it here: the file is missing, or its content was not cloned.
        NotInClone "not-in-clone",
        // The file is there, and does not say it.
        NotSaid "not-said",
        // The file is there and could not be read.
        NotUnderstood "not-understood",
        // No file has an author: all were left out or made by programs.
        NoAuthors "no-authors",
        // More than the limits allow; a part would have been no answer.
        BeyondLimits "beyond-limits",
    }
);
words!(
    /// What has to be known to read a value rightly.
    Caveat {
        // Signatures were seen, not verified: that needs the keys.
        #[default] NotVerified "not-verified",
        // Commits dated after the time of judging were taken as made no later than their successors.
        ClockSkew "clock-skew",
        // The history was cut, before the time that counts.
        ShallowBefore "shallow-before",
        // Some contents were missing or too large to compare: a file that was renamed and changed may count as new.
        RenamesNotCompared "renames-not-compared",
        // Found by words; a person should read the place.
        WordsOnly "words-only",
    }
);

macro_rules! signals {
    ($($(#[$attribute:meta])* $variant:ident $word:literal $unit:ident $meaning:literal;)*) => {
        words!(
            /// Every signal.
            SignalCode { $($(#[$attribute])* $variant $word,)* }
        );

        impl SignalCode {
            /// In which unit it counts.
            pub fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit,)* }
            }

            /// What it says, for the manual.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

signals! {
    #[default]
    Absence12Months "contributor-absence-12-months" People "Contributor absence factor (CHAOSS): the fewest people who together made at least half of the commits of the last 12 months, without bots and merges.";
    Absence24Months "contributor-absence-24-months" People "The same for 24 months.";
    AbsenceAllTime "contributor-absence-all-time" People "The same for the whole history.";
    Elephant12Months "elephant-factor-12-months" Organisations "Elephant factor (CHAOSS): the fewest domains of e-mail addresses that together made at least half of the commits of the last 12 months. Addresses at free mail providers are left out.";
    Elephant24Months "elephant-factor-24-months" Organisations "The same for 24 months.";
    ElephantAllTime "elephant-factor-all-time" Organisations "The same for the whole history.";
    TruckFactor "truck-factor" People "Truck factor after Avelino and others (ICPC 2016): how many main authors, the largest first, can leave before more than half of the files have lost all authors.";
    LastHumanCommit "last-human-commit" Moment "When a person last made a commit that is no merge.";
    DaysSinceHumanCommit "days-since-human-commit" Days "Days since then.";
    HumanCommits12Months "human-commits-12-months" Commits "Commits of people in the last 12 months, without merges.";
    Contributors12Months "contributors-12-months" People "People who made them.";
    BotShare12Months "bot-share-12-months" Share "Commits of programs among the commits of the last 12 months, without merges.";
    BotShareAllTime "bot-share-all-time" Share "The same for the whole history.";
    MergeShare12Months "merge-share-12-months" Share "Merges among all commits of the last 12 months.";
    SignedCommits12Months "signed-commits-12-months" Share "Commits with a signature among all commits of the last 12 months.";
    SignedOff12Months "signed-off-12-months" Share "Commits with a line Signed-off-by among the commits of people of the last 12 months, without merges.";
    Reviewed12Months "reviewed-12-months" Share "Commits with a line Reviewed-by or Acked-by among the same. Reviews that a forge keeps elsewhere are not seen.";
    SkewedCommits "clock-skewed-commits" Commits "Commits dated after the time of judging.";
    Releases "releases" Releases "Days on which releases were tagged; prereleases do not count.";
    Prereleases "prereleases" Releases "Tags of prereleases.";
    LastRelease "last-release" Moment "When the last release was tagged.";
    ReleaseGapMedian "release-gap-median" Days "Median of the days between releases.";
    ReleaseGapCurrent "release-gap-current" Days "Days since the last release.";
    ReleaseGapRatio "release-gap-ratio" Ratio "The current gap against the median gap.";
    SignedTags "signed-tags" Share "Tags with a signature among all tags of releases and prereleases.";
    FilesAtTip "files-at-tip" Files "Files of the newest commit, without what was brought in from elsewhere or generated.";
    SecurityPolicy "security-policy" Flag "Whether a security policy is there.";
    LicenceFile "licence-file" Flag "Whether a licence is there.";
    ContributingGuide "contributing-guide" Flag "Whether a guide for contributors is there.";
    CodeOfConduct "code-of-conduct" Flag "Whether a code of conduct is there.";
    GovernanceFile "governance-file" Flag "Whether a file says how the project is governed.";
    FundingFile "funding-file" Flag "Whether a file says how to fund the project (FUNDING.yml, funding.json).";
    CodeOwners "code-owners" Flag "Whether CODEOWNERS says who reviews what.";
    SecurityInsights "security-insights" Flag "Whether SECURITY-INSIGHTS is there.";
    InsightsStatus "insights-status" Word "The status that SECURITY-INSIGHTS declares.";
    InsightsChangeRequests "insights-change-requests" Flag "Whether SECURITY-INSIGHTS accepts change requests.";
    InsightsAutomated "insights-automated-change-requests" Flag "Whether SECURITY-INSIGHTS accepts change requests of programs.";
    InsightsBugFixesOnly "insights-bug-fixes-only" Flag "Whether SECURITY-INSIGHTS says that only faults are mended.";
    InsightsReports "insights-reports-accepted" Flag "Whether SECURITY-INSIGHTS accepts reports of vulnerabilities.";
    SaysDeprecated "says-deprecated" Flag "Whether the top of the README says that the project is deprecated, archived or looked after no longer.";
    AsksForCla "asks-for-cla" Flag "Whether contributors are asked for a contributor licence agreement.";
    AsksForDco "asks-for-dco" Flag "Whether contributors are asked for a developer certificate of origin.";
}

words!(
    /// What SECURITY-INSIGHTS may declare as the status of a repository (version 2.2.0 of its schema).
    DeclaredStatus { #[default] Active "active", Abandoned "abandoned", Concept "concept", Inactive "inactive", Moved "moved",
        Suspended "suspended", Unsupported "unsupported", WorkInProgress "wip", }
);

/// What a signal says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// So many of its unit.
    Number(u64),
    /// So many of so many, or so many to so many. Never of none: that is unknown.
    Fraction {
        /// Those that have it.
        part: u64,
        /// All.
        whole: u64,
    },
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Moment(Timestamp),
    /// A declared status.
    Word(DeclaredStatus),
}

/// What is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// This.
    Known(Value),
    /// Nothing, and why.
    Unknown(Ignorance),
}

impl Reading {
    /// The value, when it is known.
    pub fn value(self) -> Option<Value> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// The number, when it is a known one.
    pub fn number(self) -> Option<u64> {
        match self {
            Self::Known(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// Yes or no, when that is known.
    pub fn flag(self) -> Option<bool> {
        match self {
            Self::Known(Value::Flag(flag)) => Some(flag),
            _ => None,
        }
    }
}

impl From<Result<Value, Ignorance>> for Reading {
    fn from(value: Result<Value, Ignorance>) -> Self {
        match value {
            Ok(value) => Self::Known(value),
            Err(why) => Self::Unknown(why),
        }
    }
}

/// What a signal rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Commits of the history that leads to the newest one.
    Commits {
        /// How many were looked at.
        count: u64,
        /// The first moment that counts; the whole history where it is not given.
        from: Option<Timestamp>,
    },
    /// So many tags.
    Tags(u64),
    /// A file of the newest commit, by its path.
    File(String),
    /// All names of files of the newest commit: that something is not among them is what was seen.
    FileNames,
}

/// One signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Signal {
    /// Which.
    pub code: SignalCode,
    /// What is known.
    pub reading: Reading,
    /// What it rests on.
    pub source: Source,
    /// What has to be known to read it rightly.
    pub caveats: Vec<Caveat>,
    /// The time at which it was judged.
    pub as_of: Timestamp,
}

/// Commits and people of 12 months. Counts only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Year {
    /// After this moment…
    pub from: Timestamp,
    /// … up to and with this one.
    pub until: Timestamp,
    /// Commits of people, without merges.
    pub human_commits: u64,
    /// Commits of programs, without merges.
    pub bot_commits: u64,
    /// People who made commits.
    pub contributors: u64,
    /// Whether a part of it was cut off when the history was cloned: then all counts are lower bounds.
    pub is_cut: bool,
}

/// All that a clone says about a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ProjectSignals {
    /// The time at which it was judged.
    pub as_of: Timestamp,
    /// The newest commit of the branch that the clone calls its own, in hexadecimal digits.
    pub tip: Option<String>,
    /// Every signal once, in the order of [`SignalCode::ALL`].
    pub signals: Vec<Signal>,
    /// Spans of 12 months, the newest first; at most [`SIGNAL_YEARS`](crate::limits::bounds::SIGNAL_YEARS).
    pub years: Vec<Year>,
    /// How the project wants to be met.
    pub community: CommunityCard,
}

impl ProjectSignals {
    /// What is known of a signal.
    pub fn reading(&self, code: SignalCode) -> Option<Reading> {
        self.signals.iter().find(|signal| signal.code == code).map(|signal| signal.reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_has_a_word_of_its_own_and_a_meaning() {
        let mut words: Vec<_> = SignalCode::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), SignalCode::ALL.len());
        for code in SignalCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert!(
                code.as_str()
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
            );
            assert!(code.meaning().ends_with('.'), "{}", code.as_str());
        }
    }

    #[test]
    fn a_signal_is_written_with_words() {
        let signal = Signal {
            code: SignalCode::SignedTags,
            reading: Reading::Known(Value::Fraction { part: 3, whole: 4 }),
            source: Source::Tags(4),
            caveats: vec![Caveat::NotVerified],
            as_of: Timestamp(0),
        };
        let text = serde_json::to_string(&signal).expect("JSON");
        let expected = concat!(
            r#"{"code":"signed-tags","reading":{"known":{"fraction":{"part":3,"whole":4}}},"source":{"tags":4},"#,
            r#""caveats":["not-verified"],"as_of":"1970-01-01T00:00:00Z"}"#
        );
        assert_eq!(text, expected);
        assert_eq!(serde_json::from_str::<Signal>(&text).expect("a signal"), signal);
        let unknown = Signal { reading: Reading::Unknown(Ignorance::Shallow), ..signal };
        let text = serde_json::to_string(&unknown).expect("JSON");
        assert!(text.contains(r#""reading":{"unknown":"shallow"}"#), "{text}");
    }
}
