// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a scheduler knows of the questions under way: of which a part may have been carried out twice, which nobody waits for any more,
//! and which nobody works on.
//!
//! When an executor is lost, the engine's scheduler (release 55) does parts again whose results it has handed on or noted already, and
//! counts both: rows come twice. So does an executor that was taken for dead and is not. Therefore every question that was under way
//! while an executor was heard of for the last time ends without an answer, and whoever asked begins it again from the start.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ballista_core::serde::protobuf::TaskStatus;

/// What the scheduler says of a question of which a part may have been carried out twice.
pub(super) const REPEATED: &str = "a part of the question was carried out twice";
/// What it says where no executor asked for work for as long as one may wait.
pub(super) const NOBODY_WORKS: &str = "no executor asks this scheduler for work";
/// How long questions and executors are remembered: longer than any of them lasts.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);
/// The scheduler counts in whole seconds, so it may take somebody for dead this much sooner; and what it does about an executor that
/// is gone takes it a moment.
const ROUNDING: Duration = Duration::from_secs(2);
/// Whoever waits for an answer asks several times a second: who has not asked for so long is gone.
const NOBODY_WAITS: Duration = Duration::from_secs(30);

/// A question that was taken.
#[derive(Debug)]
struct Question {
    begun: Instant,
    /// When somebody asked for the last time how it stands.
    asked: Instant,
    has_ended: bool,
    is_repeated: bool,
}

/// An executor: when it was heard of for the last time, and whether it said that it goes.
#[derive(Debug)]
struct Executor {
    heard: Instant,
    is_gone: bool,
}

#[derive(Debug, Default)]
struct Known {
    questions: HashMap<String, Question>,
    executors: HashMap<String, Executor>,
}

impl Known {
    /// What was under way at a moment may be carried out twice.
    fn repeat_what_was_under_way(&mut self, at: Instant) {
        for question in self.questions.values_mut().filter(|question| question.begun <= at) {
            question.is_repeated = true;
        }
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct UnderWay {
    known: Arc<Mutex<Known>>,
    silence: Duration,
    waiting: Duration,
}

impl UnderWay {
    /// `silence` is the time after which an executor counts as lost, `waiting` how long a question waits when there is none.
    pub fn new(silence: Duration, waiting: Duration) -> Self {
        Self { known: Arc::default(), silence: silence.saturating_sub(ROUNDING), waiting }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A question was taken.
    pub fn begun(&self, question: String, now: Instant) {
        let mut known = self.lock();
        known.questions.retain(|_, question| now.saturating_duration_since(question.begun) < REMEMBERED);
        known.executors.retain(|_, executor| now.saturating_duration_since(executor.heard) < REMEMBERED);
        // What one that just went had of it is given to others before the scheduler knows.
        let is_repeated = known
            .executors
            .values()
            .any(|executor| executor.is_gone && now.saturating_duration_since(executor.heard) < ROUNDING);
        known.questions.insert(question, Question { begun: now, asked: now, has_ended: false, is_repeated });
    }

    /// An executor speaks, and says how parts ended. To be called before the scheduler hears of it.
    pub fn heard(&self, executor: &str, parts: &[TaskStatus], now: Instant) {
        let mut known = self.lock();
        let last = known.executors.insert(executor.to_owned(), Executor { heard: now, is_gone: false });
        if let Some(last) = last.filter(|last| now.saturating_duration_since(last.heard) >= self.silence) {
            // What it worked on may have been given to others.
            known.repeat_what_was_under_way(last.heard);
        }
        for part in parts.iter().filter(|part| part.stage_attempt_num > 0) {
            if let Some(question) = known.questions.get_mut(&part.job_id) {
                question.is_repeated = true;
            }
        }
    }

    /// An executor was given parts, maybe of questions that were taken since it spoke.
    pub fn given(&self, executor: &str, now: Instant) {
        if let Some(executor) = self.lock().executors.get_mut(executor) {
            executor.heard = now;
        }
    }

    /// An executor goes, or does not know what became of what it said: its parts are given to others. To be called before the scheduler
    /// hears of it.
    pub fn gone(&self, executor: &str, now: Instant) {
        let mut known = self.lock();
        if known.executors.insert(executor.to_owned(), Executor { heard: now, is_gone: true }).is_some() {
            known.repeat_what_was_under_way(now);
        }
    }

    /// Somebody asks how a question stands. Why there will be no answer, if there will be none.
    pub fn asked(&self, question: &str, now: Instant) -> Option<&'static str> {
        let mut known = self.lock();
        let silent = |executor: &&Executor| now.saturating_duration_since(executor.heard) >= self.silence;
        if let Some(lost) = known.executors.values().filter(silent).map(|executor| executor.heard).max() {
            known.repeat_what_was_under_way(lost);
        }
        let there = known.executors.values().filter(|executor| !executor.is_gone).map(|executor| executor.heard).max();
        let question = known.questions.get_mut(question)?;
        question.asked = now;
        let somebody = there.unwrap_or(question.begun).max(question.begun);
        if question.is_repeated {
            Some(REPEATED)
        } else if !question.has_ended && now.saturating_duration_since(somebody) >= self.waiting {
            Some(NOBODY_WORKS)
        } else {
            None
        }
    }

    /// A question has ended, one way or the other.
    pub fn ended(&self, question: &str) {
        if let Some(question) = self.lock().questions.get_mut(question) {
            question.has_ended = true;
        }
    }

    /// Questions that nobody waits for any more. Whoever asks again all the same begins again.
    pub fn left(&self, now: Instant) -> Vec<String> {
        let mut known = self.lock();
        let left = known.questions.iter_mut().filter(|(_, question)| {
            !question.has_ended && now.saturating_duration_since(question.asked) >= NOBODY_WAITS
        });
        left.map(|(name, question)| {
            question.is_repeated = true;
            name.clone()
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn under_way() -> UnderWay {
        UnderWay::new(11 * SECOND, 30 * SECOND)
    }

    #[test]
    fn parts_that_were_begun_again_and_executors_that_are_lost_or_come_back_are_noticed() {
        let begun = Instant::now();
        let at = |seconds: u32| begun + seconds * SECOND;
        let part = |job: &str, attempt: u32| TaskStatus {
            job_id: job.to_owned(),
            stage_attempt_num: attempt,
            ..TaskStatus::default()
        };
        let known = under_way();
        let is_repeated = |question: &str, now| known.asked(question, now) == Some(REPEATED);
        known.begun("one".to_owned(), at(0));
        known.begun("two".to_owned(), at(0));
        known.heard("first", &[part("one", 0), part("two", 0)], at(1));
        known.heard("second", &[], at(1));
        known.heard("first", &[part("two", 1), part("unknown", 1)], at(6));
        assert_eq!(["one", "two", "unknown"].map(|question| is_repeated(question, at(6))), [false, true, false]);
        // Begun after the second one was heard of for the last time: it has no part of it.
        known.begun("three".to_owned(), at(8));
        known.heard("first", &[], at(11));
        assert!(is_repeated("one", at(11)), "the second one counts as lost, whether it speaks again or not");
        assert!(!is_repeated("three", at(11)));
        known.heard("second", &[], at(12));
        assert!(!is_repeated("three", at(12)));
        // Taken while an executor was being answered, which got a part of it and is never heard of again.
        let brief = under_way();
        brief.heard("only", &[], at(0));
        brief.begun("during".to_owned(), at(1));
        brief.given("only", at(2));
        assert_eq!(brief.asked("during", at(12)), Some(REPEATED));
        known.heard("second", &[part("three", 0)], at(13));
        known.heard("first", &[], at(22));
        known.heard("second", &[], at(24));
        assert!(is_repeated("three", at(24)), "it comes back, and had a part of it");
        known.begun("four".to_owned(), at(24) + REMEMBERED);
        assert!(!is_repeated("two", at(24) + REMEMBERED), "forgotten");
    }

    #[test]
    fn what_an_executor_that_goes_had_is_begun_again() {
        let begun = Instant::now();
        let known = under_way();
        known.gone("unknown", begun);
        known.begun("one".to_owned(), begun + 3 * SECOND);
        known.heard("first", &[], begun + 3 * SECOND);
        assert_eq!(known.asked("one", begun + 3 * SECOND), None);
        known.gone("first", begun + 4 * SECOND);
        known.begun("two".to_owned(), begun + 5 * SECOND);
        known.begun("three".to_owned(), begun + 6 * SECOND);
        known.heard("first", &[], begun + 6 * SECOND);
        let standing = ["one", "two", "three"].map(|question| known.asked(question, begun + 7 * SECOND));
        assert_eq!(standing, [Some(REPEATED), Some(REPEATED), None]);
    }

    #[test]
    fn a_question_that_nobody_works_on_or_waits_for_ends() {
        let begun = Instant::now();
        let at = |seconds: u32| begun + seconds * SECOND;
        let known = under_way();
        known.begun("one".to_owned(), at(0));
        assert_eq!(known.asked("one", at(29)), None);
        assert_eq!(known.asked("one", at(30)), Some(NOBODY_WORKS));
        known.heard("first", &[], at(31));
        assert_eq!(known.asked("one", at(32)), None);
        for second in 33..100 {
            known.heard("first", &[], at(second));
        }
        known.begun("two".to_owned(), at(50));
        known.begun("ended".to_owned(), at(50));
        known.ended("ended");
        assert!(known.left(at(61)).is_empty());
        assert_eq!(known.left(at(62)), ["one"]);
        let mut left = known.left(at(80));
        left.sort();
        assert_eq!(left, ["one", "two"]);
        assert_eq!(known.asked("two", at(81)), Some(REPEATED), "whoever was away for so long begins again");
        assert_eq!(known.left(at(82)), ["one"]);
        assert_eq!(known.asked("ended", at(99)), None);
    }
}
