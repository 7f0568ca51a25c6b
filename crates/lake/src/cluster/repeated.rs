// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Questions of which a part was carried out twice.
//!
//! When an executor is lost, the engine's scheduler (release 55) does a whole step again of which it has handed some results on already,
//! and counts both: rows come twice. An executor that was taken for dead and comes back is counted twice in the same way. So such a
//! question ends without an answer, and whoever asked begins it again from the start.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ballista_core::serde::protobuf::TaskStatus;

/// What the scheduler says of such a question.
pub(super) const WORDS: &str = "a part of the question was carried out twice";
/// How long questions and executors are remembered: longer than any of them lasts.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);
/// The scheduler counts in whole seconds, so it may take somebody for dead this much sooner.
const ROUNDING: Duration = Duration::from_secs(2);

/// Questions under way, and when executors were heard of.
#[derive(Debug, Default)]
struct Known {
    /// Since when, and whether a part was carried out twice.
    questions: HashMap<String, (Instant, bool)>,
    executors: HashMap<String, Instant>,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Repeated {
    known: Arc<Mutex<Known>>,
    silence: Duration,
}

impl Repeated {
    /// `silence` is the time after which an executor counts as lost.
    pub fn new(silence: Duration) -> Self {
        Self { known: Arc::default(), silence: silence.saturating_sub(ROUNDING) }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A question was taken.
    pub fn begun(&self, question: String, now: Instant) {
        let mut known = self.lock();
        known.questions.retain(|_, (since, _)| now.saturating_duration_since(*since) < REMEMBERED);
        known.executors.retain(|_, last| now.saturating_duration_since(*last) < REMEMBERED);
        known.questions.insert(question, (now, false));
    }

    /// An executor speaks, and says how parts ended. To be called before the scheduler hears of it.
    pub fn heard(&self, executor: &str, parts: &[TaskStatus], now: Instant) {
        let mut known = self.lock();
        let last = known.executors.insert(executor.to_owned(), now);
        if last.is_some_and(|last| now.saturating_duration_since(last) >= self.silence) {
            // What it worked on may have been given to others.
            known.questions.values_mut().for_each(|(_, is_repeated)| *is_repeated = true);
        }
        for part in parts.iter().filter(|part| part.stage_attempt_num > 0) {
            if let Some((_, is_repeated)) = known.questions.get_mut(&part.job_id) {
                *is_repeated = true;
            }
        }
    }

    /// Whether a part of it was carried out twice.
    pub fn holds(&self, question: &str) -> bool {
        self.lock().questions.get(question).is_some_and(|(_, is_repeated)| *is_repeated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_were_begun_again_and_executors_that_come_back_are_noticed() {
        let begun = Instant::now();
        let at = |seconds: u64| begun + Duration::from_secs(seconds);
        let part = |job: &str, attempt: u32| TaskStatus {
            job_id: job.to_owned(),
            stage_attempt_num: attempt,
            ..TaskStatus::default()
        };
        let repeated = Repeated::new(Duration::from_secs(11));
        repeated.begun("one".to_owned(), at(0));
        repeated.begun("two".to_owned(), at(0));
        repeated.heard("first", &[part("one", 0), part("two", 0)], at(1));
        repeated.heard("second", &[], at(1));
        repeated.heard("first", &[part("two", 1), part("unknown", 1)], at(6));
        assert_eq!(["one", "two", "unknown"].map(|question| repeated.holds(question)), [false, true, false]);
        // The second one was silent for as long as makes it count as lost.
        repeated.heard("first", &[], at(11));
        repeated.heard("second", &[], at(11));
        assert!(repeated.holds("one"));
        repeated.begun("three".to_owned(), at(12));
        repeated.heard("second", &[part("three", 0)], at(13));
        assert!(!repeated.holds("three"));
        repeated.begun("four".to_owned(), at(13) + REMEMBERED);
        assert!(!repeated.holds("two"), "forgotten");
    }
}
