// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How a project stands, as a class and never as a score.
//!
//! One signal alone decides nothing. Signals of one kind (people, activity, releases, what the project says, what is open) often
//! have one cause, so they count once: a class other than unknown needs two kinds that are known, and a bad one needs two kinds
//! that speak for it. A small project that is simply finished is not at risk: it has releases, nothing open, and little to change.
//! The class is a hint for a person who reads the reasons; it never names anybody.

use serde::{Deserialize, Serialize};
use underpin_model::project_class::{ClassReason as Reason, ProjectClass as Class};
use underpin_model::signals::{DeclaredStatus, ProjectSignals, Reading, SignalCode, Value};

/// Days without a commit of a person after which a project counts as quiet.
const QUIET_DAYS: u64 = 365;
/// Days without one after which no recent activity was seen.
const SILENT_DAYS: u64 = 730;
/// The current pause against the usual one from which a release is overdue.
const OVERDUE_TIMES: u64 = 3;
/// Days that have passed at least before a release is overdue: a weekly rhythm that rests for a month is no sign.
const OVERDUE_DAYS: u64 = 365;
/// People who carry the last 12 months, up to which a project hangs on few.
const FEW_PEOPLE: u64 = 1;
/// Files up to which a project can be finished.
const SMALL_FILES: u64 = 200;

/// What other sources than a clone know. `None` is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// Advisories for which no release has a fix.
    pub unfixed_advisories: Option<u64>,
    /// Whether the forge calls it archived, an advisory unmaintained, or a list of ends of life says that every release has ended.
    pub has_ended: Option<bool>,
}

/// A class with its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// How it stands.
    pub class: Class,
    /// Why: every kind that is known, with what it says.
    pub reasons: Vec<Reason>,
}

/// The class of a project.
pub fn classify(signals: &ProjectSignals, elsewhere: Elsewhere) -> Judgement {
    let people = people(signals);
    let activity = activity(signals);
    let releases = releases(signals);
    let word = word(signals, elsewhere);
    let open = elsewhere
        .unfixed_advisories
        .map(|count| if count > 0 { Reason::VulnerabilitiesOpen } else { Reason::NothingOpen });
    let mut reasons: Vec<Reason> = [people, activity, releases, word, open].into_iter().flatten().collect();
    let bad = reasons.iter().filter(|reason| reason.speaks_against()).count();
    let files = number(signals, SignalCode::FilesAtTip);
    let is_small = files.is_some_and(|files| files <= SMALL_FILES);
    let was_released = number(signals, SignalCode::Releases).is_some_and(|releases| releases > 0);
    let is_quiet = matches!(activity, Some(Reason::Quiet | Reason::Silent));
    let is_finished =
        is_quiet && is_small && was_released && open == Some(Reason::NothingOpen) && word != Some(Reason::SaysEnded);
    if is_finished {
        reasons.push(Reason::Small);
    }
    let class = match () {
        () if reasons.len() < 2 => Class::Unknown,
        () if is_finished => Class::Finished,
        () if bad >= 2 && activity == Some(Reason::Silent) => Class::NoRecentActivitySeen,
        () if bad >= 2 => Class::AtRisk,
        () if bad == 1 && people == Some(Reason::FewPeople) && activity == Some(Reason::Active) => Class::Thin,
        () if bad == 0 && activity == Some(Reason::Active) => Class::Healthy,
        () => Class::Unknown,
    };
    Judgement { class, reasons }
}

fn number(signals: &ProjectSignals, code: SignalCode) -> Option<u64> {
    signals.reading(code).and_then(Reading::number)
}

/// The absence factor of 12 months; where nobody made a commit then, the longer spans say nothing about today.
fn people(signals: &ProjectSignals) -> Option<Reason> {
    let carrying = number(signals, SignalCode::Absence12Months)?;
    Some(if carrying <= FEW_PEOPLE { Reason::FewPeople } else { Reason::ManyPeople })
}

fn activity(signals: &ProjectSignals) -> Option<Reason> {
    let days = number(signals, SignalCode::DaysSinceHumanCommit)?;
    Some(match days {
        days if days > SILENT_DAYS => Reason::Silent,
        days if days > QUIET_DAYS => Reason::Quiet,
        _ => Reason::Active,
    })
}

fn releases(signals: &ProjectSignals) -> Option<Reason> {
    let usual = number(signals, SignalCode::ReleaseGapMedian)?;
    let current = number(signals, SignalCode::ReleaseGapCurrent)?;
    let is_overdue = current > OVERDUE_DAYS && current > usual.saturating_mul(OVERDUE_TIMES);
    Some(if is_overdue { Reason::ReleaseOverdue } else { Reason::ReleasesInRhythm })
}

/// What was said, by the project or its forge. No words of an end are no word that it lives.
fn word(signals: &ProjectSignals, elsewhere: Elsewhere) -> Option<Reason> {
    use DeclaredStatus as S;
    let status = match signals.reading(SignalCode::InsightsStatus).and_then(Reading::value) {
        Some(Value::Word(status)) => Some(status),
        _ => None,
    };
    let says_ended = signals.reading(SignalCode::SaysDeprecated).and_then(Reading::flag) == Some(true);
    match status {
        _ if says_ended || elsewhere.has_ended == Some(true) => Some(Reason::SaysEnded),
        Some(S::Abandoned | S::Inactive | S::Moved | S::Suspended | S::Unsupported) => Some(Reason::SaysEnded),
        Some(S::Active) => Some(Reason::SaysActive),
        Some(S::Concept | S::WorkInProgress) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;
    use underpin_model::signals::{Ignorance, Signal, Source};

    use super::*;

    /// A project: people of 12 months, days since a commit, median and current gap of releases, files, words of an end.
    type Case = (Option<u64>, Option<u64>, Option<(u64, u64)>, u64, Option<bool>);

    fn project((people, days, gaps, files, ended): Case) -> ProjectSignals {
        let number = |value: Option<u64>| value.map(Value::Number).ok_or(Ignorance::Shallow);
        let known = [
            (SignalCode::Absence12Months, number(people)),
            (SignalCode::DaysSinceHumanCommit, number(days)),
            (SignalCode::Releases, number(gaps.map(|_| 5))),
            (SignalCode::ReleaseGapMedian, number(gaps.map(|(median, _)| median))),
            (SignalCode::ReleaseGapCurrent, number(gaps.map(|(_, current)| current))),
            (SignalCode::FilesAtTip, number(Some(files))),
            (SignalCode::SaysDeprecated, ended.map(Value::Flag).ok_or(Ignorance::NotInClone)),
            (SignalCode::InsightsStatus, Err(Ignorance::NotInClone)),
        ];
        let signal = |(code, value): (SignalCode, Result<Value, Ignorance>)| Signal {
            code,
            reading: value.into(),
            source: Source::FileNames,
            caveats: Vec::new(),
            as_of: Timestamp(0),
        };
        let signals = known.into_iter().map(signal).collect();
        ProjectSignals { as_of: Timestamp(0), tip: None, signals, years: Vec::new(), community: Default::default() }
    }

    #[test]
    fn two_kinds_decide() {
        use Class as C;
        let (open, none, ended) = (Some(3), Some(0), Some(true));
        for (case, unfixed_advisories, has_ended, expected) in [
            // Nothing or one kind known.
            ((None, None, None, 10, None), None, None, C::Unknown),
            ((Some(4), None, None, 10, None), None, None, C::Unknown),
            ((None, Some(900), None, 10, None), None, None, C::Unknown),
            // Alive.
            ((Some(4), Some(3), None, 900, None), None, None, C::Healthy),
            ((Some(4), Some(3), Some((30, 20)), 900, Some(false)), none, None, C::Healthy),
            ((Some(1), Some(3), Some((30, 20)), 900, Some(false)), None, None, C::Thin),
            // One bad kind that is not the people decides nothing.
            ((Some(4), Some(3), Some((30, 400)), 900, None), None, None, C::Unknown),
            ((Some(4), Some(3), None, 900, Some(true)), None, None, C::Unknown),
            // Two.
            ((Some(1), Some(3), Some((30, 400)), 900, None), None, None, C::AtRisk),
            ((Some(1), Some(3), None, 900, None), open, None, C::AtRisk),
            ((Some(4), Some(3), None, 900, Some(true)), open, None, C::AtRisk),
            ((None, Some(400), Some((30, 500)), 900, None), None, None, C::AtRisk),
            ((None, Some(900), Some((30, 900)), 900, None), None, None, C::NoRecentActivitySeen),
            ((None, Some(900), None, 900, None), None, ended, C::NoRecentActivitySeen),
            // A weekly rhythm that rests for a month.
            ((Some(4), Some(3), Some((7, 30)), 900, None), None, None, C::Healthy),
            // Small and done; with something open, or unknown whether, it is not.
            ((None, Some(900), Some((30, 900)), 20, Some(false)), none, None, C::Finished),
            ((None, Some(900), Some((30, 900)), 20, Some(false)), open, None, C::NoRecentActivitySeen),
            ((None, Some(900), Some((30, 900)), 20, Some(false)), None, None, C::NoRecentActivitySeen),
            ((None, Some(900), Some((30, 900)), 20, Some(true)), none, None, C::NoRecentActivitySeen),
            ((None, Some(900), None, 20, Some(false)), none, None, C::Unknown),
        ] {
            let found = classify(&project(case), Elsewhere { unfixed_advisories, has_ended });
            assert_eq!(found.class, expected, "{case:?} {unfixed_advisories:?} {has_ended:?}: {:?}", found.reasons);
        }
    }

    #[test]
    fn what_others_say_counts_without_any_clone() {
        let nothing = ProjectSignals {
            as_of: Timestamp(0),
            tip: None,
            signals: Vec::new(),
            years: Vec::new(),
            community: Default::default(),
        };
        let of = |unfixed_advisories, has_ended| classify(&nothing, Elsewhere { unfixed_advisories, has_ended }).class;
        assert_eq!(of(Some(2), Some(true)), Class::AtRisk);
        assert_eq!([of(Some(2), None), of(None, Some(true)), of(Some(0), Some(false))], [Class::Unknown; 3]);
    }
}
