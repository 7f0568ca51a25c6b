// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signals that follow from dates, authors and marks of commits: who carries the project, since when nobody did, which share
//! programs have.

use hashbrown::HashMap;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::SIGNAL_YEARS;
use underpin_model::signals::{Caveat, Ignorance, Reading, Signal, SignalCode, Source, Value, Year};

use crate::absence::absence_factor;
use crate::history::{Commit, History};

/// What was counted over a span of time.
#[derive(Default)]
struct Span {
    commits: u64,
    merges: u64,
    signed: u64,
    human: u64,
    bots: u64,
    signed_off: u64,
    reviewed: u64,
    people: HashMap<u32, u64>,
    organisations: HashMap<u32, u64>,
}

impl Span {
    /// Commits after `from`, all of them where it is not given, up to and with `until`.
    fn of<'c>(commits: impl IntoIterator<Item = &'c Commit>, from: Option<i64>, until: i64) -> Self {
        let mut span = Self::default();
        let inside = |commit: &&Commit| from.is_none_or(|from| commit.seconds > from) && commit.seconds <= until;
        for commit in commits.into_iter().filter(inside) {
            span.commits += 1;
            span.signed += u64::from(commit.is_signed);
            if commit.is_merge() {
                span.merges += 1;
            } else if commit.author.is_bot {
                span.bots += 1;
            } else {
                span.human += 1;
                span.signed_off += u64::from(commit.trailers.is_signed_off);
                span.reviewed += u64::from(commit.trailers.is_reviewed);
                *span.people.entry(commit.author.number).or_default() += 1;
                if let Some(domain) = commit.author.domain {
                    *span.organisations.entry(domain).or_default() += 1;
                }
            }
        }
        span
    }
}

/// The signals of the history, and its spans of 12 months.
pub(crate) struct Activity<'a> {
    history: &'a History,
    as_of: Timestamp,
    is_shallow: bool,
}

impl<'a> Activity<'a> {
    pub(crate) fn new(history: &'a History, as_of: Timestamp, is_shallow: bool) -> Self {
        Self { history, as_of, is_shallow }
    }

    /// Why nothing can be said about the time after `from`; `None` when all of it is here.
    pub(crate) fn missing(&self, from: Option<Timestamp>) -> Option<Ignorance> {
        if self.history.is_beyond_limits {
            return Some(Ignorance::BeyondLimits);
        }
        if self.history.commits.is_empty() {
            return Some(Ignorance::NoCommits);
        }
        // What lies behind a commit is older than it: a cut before the span takes nothing from it.
        let is_after =
            |place: &u32| from.is_none_or(|from| self.history.commits[*place as usize].seconds > seconds(from));
        let is_cut = self.history.cut.iter().any(is_after);
        is_cut.then_some(if self.is_shallow { Ignorance::Shallow } else { Ignorance::NotInClone })
    }

    /// Commits after a moment, without those dated after the time of judging, and the fewest people who made half of those that people
    /// made: zero where nobody made one.
    pub(crate) fn since(&self, from: Timestamp) -> (u64, Option<u64>) {
        let commits = self.history.commits.iter().filter(|commit| !commit.is_later);
        let span = Span::of(commits, Some(seconds(from)), seconds(self.as_of));
        (span.commits, Some(absence_factor(span.people.values().copied()).unwrap_or_default()))
    }

    /// A signal about the time after `from`, unless a part of that is missing.
    pub(crate) fn signal(
        &self,
        code: SignalCode,
        from: Option<Timestamp>,
        count: u64,
        value: Result<Value, Ignorance>,
    ) -> Signal {
        let reading = self.missing(from).map_or_else(|| Reading::from(value), Reading::Unknown);
        let mut caveats = Vec::new();
        if self.history.skewed > 0 {
            caveats.push(Caveat::ClockSkew);
        }
        if reading.value().is_some() && !self.history.cut.is_empty() {
            caveats.push(Caveat::ShallowBefore);
        }
        Signal { code, reading, source: Source::Commits { count, from }, caveats, as_of: self.as_of }
    }

    /// All of them.
    pub(crate) fn signals(&self) -> Vec<Signal> {
        use SignalCode as C;
        let mut signals = Vec::new();
        let spans = [
            (Some(self.as_of.months_later(-12)), C::Absence12Months, C::Elephant12Months),
            (Some(self.as_of.months_later(-24)), C::Absence24Months, C::Elephant24Months),
            (None, C::AbsenceAllTime, C::ElephantAllTime),
        ];
        for (from, absence, elephant) in spans {
            let span = Span::of(&self.history.commits, from.map(seconds), seconds(self.as_of));
            let people =
                absence_factor(span.people.values().copied()).map(Value::Number).ok_or(Ignorance::NoHumanCommits);
            let organisations = absence_factor(span.organisations.values().copied()).map(Value::Number);
            signals.push(self.signal(absence, from, span.human, people));
            let known: u64 = span.organisations.values().sum();
            signals.push(self.signal(elephant, from, known, organisations.ok_or(Ignorance::NoOrganisations)));
            if absence == C::Absence12Months {
                self.habits(from, &span, &mut signals);
            }
            if absence == C::AbsenceAllTime {
                let authored = span.human + span.bots;
                signals.push(self.signal(C::BotShareAllTime, None, authored, share(span.bots, authored)));
            }
        }
        self.last_human(&mut signals);
        let all = self.history.commits.len() as u64;
        let skewed = self.signal(C::SkewedCommits, None, all, Ok(Value::Number(self.history.skewed)));
        signals.push(Signal { caveats: Vec::new(), ..skewed });
        signals
    }

    fn habits(&self, from: Option<Timestamp>, span: &Span, signals: &mut Vec<Signal>) {
        use SignalCode as C;
        let authored = span.human + span.bots;
        let number = |count| Ok(Value::Number(count));
        for (code, count, value) in [
            (C::HumanCommits12Months, span.commits, number(span.human)),
            (C::Contributors12Months, span.human, number(span.people.len() as u64)),
            (C::BotShare12Months, authored, share(span.bots, authored)),
            (C::MergeShare12Months, span.commits, share(span.merges, span.commits)),
            (C::SignedCommits12Months, span.commits, share(span.signed, span.commits)),
            (C::SignedOff12Months, span.human, share(span.signed_off, span.human)),
            (C::Reviewed12Months, span.human, share(span.reviewed, span.human)),
        ] {
            let mut signal = self.signal(code, from, count, value);
            if code == C::SignedCommits12Months {
                signal.caveats.insert(0, Caveat::NotVerified);
            }
            signals.push(signal);
        }
    }

    /// The newest commit of a person is known even where older ones are missing.
    fn last_human(&self, signals: &mut Vec<Signal>) {
        let human = self.history.commits.iter().filter(|commit| commit.is_human());
        let last = human.map(|commit| Timestamp::from_seconds(commit.seconds)).max();
        let why = self.missing(None).unwrap_or(Ignorance::NoHumanCommits);
        let reading = |value: Option<Value>| value.map_or(Reading::Unknown(why), Reading::Known);
        let days = last.and_then(|last| u64::try_from(self.as_of.days_since(last)).ok());
        for (code, value) in [
            (SignalCode::LastHumanCommit, last.map(Value::Moment)),
            (SignalCode::DaysSinceHumanCommit, days.map(Value::Number)),
        ] {
            let signal = self.signal(code, None, self.history.commits.len() as u64, Err(why));
            signals.push(Signal { reading: reading(value), ..signal });
        }
    }

    /// Spans of 12 months back to the first commit.
    pub(crate) fn years(&self) -> Vec<Year> {
        let Some(first) = self.history.commits.iter().map(|commit| commit.seconds).min() else { return Vec::new() };
        let mut years = Vec::new();
        let mut until = self.as_of;
        for number in 1..=SIGNAL_YEARS {
            if seconds(until) < first {
                break;
            }
            let months = i32::try_from(number * 12).unwrap_or(i32::MAX);
            let from = self.as_of.months_later(-months);
            let span = Span::of(&self.history.commits, Some(seconds(from)), seconds(until));
            years.push(Year {
                from,
                until,
                human_commits: span.human,
                bot_commits: span.bots,
                contributors: span.people.len() as u64,
                is_cut: self.missing(Some(from)).is_some(),
            });
            until = from;
        }
        years
    }
}

/// So many of so many, unless there are none.
pub(crate) fn share(part: u64, whole: u64) -> Result<Value, Ignorance> {
    if whole == 0 { Err(Ignorance::NoRecentCommits) } else { Ok(Value::Fraction { part, whole }) }
}

/// Whole seconds since 1970, rounded down.
pub(crate) fn seconds(moment: Timestamp) -> i64 {
    moment.0.div_euclid(1_000_000)
}
