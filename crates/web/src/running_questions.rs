// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Questions in SQL that take longer than somebody wants to wait without a word: they go on while their page says how far they are, and
//! end when their reader says so. Whoever asked finds the answer there, once, for a short time; nobody else finds anything.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use underpin_model::Viewer;
use underpin_model::people::PersonId;
use underpin_office::OfficeError;
use underpin_office::cluster::{Listener, Progress, watched};
use underpin_office::coordinator::sql::SqlFound;
use underpin_office::house::Overview;

/// How long an answer is kept for whoever asked.
const KEPT: Duration = Duration::from_secs(120);
/// Questions that one person may leave to themselves; with one more, the oldest of them goes.
const LEFT_A_PERSON: usize = 4;

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// The text.
    pub query: String,
    /// The day that was chosen, as it was written; empty for now.
    pub chosen_day: String,
    /// What the answer rests on.
    pub overview: Overview,
}

/// Who asked, and with which eyes: whoever lost a right meanwhile finds nothing.
pub(crate) type Owner = (PersonId, Viewer);

/// How a question ended.
type Outcome = underpin_office::Result<SqlFound>;

struct Running {
    owner: Owner,
    question: Question,
    begun: Instant,
    progress: Arc<Mutex<Option<Progress>>>,
    outcome: Arc<Mutex<Option<Outcome>>>,
    has_ended: watch::Receiver<bool>,
    /// Whether its page is all that leads to it.
    is_left: bool,
    work: AbortHandle,
}

impl Running {
    /// Memory of an answer that nobody has fetched yet.
    fn kept_bytes(&self) -> usize {
        let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        outcome.as_ref().and_then(|found| found.as_ref().ok()).map_or(0, |found| found.answer.bytes())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.work.abort();
    }
}

/// How a question stands.
pub(crate) enum Standing {
    /// It is worked on, since so long; how far a cluster is with it, where one was asked.
    Running { question: Question, seconds: u64, progress: Option<Progress> },
    /// It ended; this was the only time that it is told.
    Ended(Box<(Question, Outcome)>),
}

/// The questions that are worked on.
#[derive(Clone)]
pub(crate) struct RunningQuestions {
    running: Arc<Mutex<HashMap<String, Running>>>,
    /// Memory of all answers together that nobody has fetched yet.
    most_bytes: usize,
}

/// A question that ends when nobody waits for it any more.
pub(crate) struct Waiting {
    questions: RunningQuestions,
    id: String,
    is_left: bool,
}

impl Waiting {
    /// It goes on without whoever asked, and is found under this name.
    pub fn left(mut self) -> String {
        self.is_left = true;
        self.questions.leave(&self.id);
        self.id.clone()
    }

    /// The name.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if !self.is_left {
            self.questions.lock().remove(&self.id);
        }
    }
}

impl RunningQuestions {
    /// None yet. `most_bytes` is what answers that nobody has fetched yet may hold together.
    pub fn new(most_bytes: usize) -> Self {
        Self { running: Arc::default(), most_bytes }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that whoever asked went away, and ends the oldest question of theirs where they left too many.
    fn leave(&self, id: &str) {
        let mut questions = self.lock();
        let Some(leaving) = questions.get_mut(id) else { return };
        leaving.is_left = true;
        let person = leaving.owner.0;
        let theirs = |running: &&Running| running.is_left && running.owner.0 == person;
        if questions.values().filter(theirs).count() > LEFT_A_PERSON {
            remove_oldest(&mut questions, |running| theirs(&running));
        }
    }

    /// Gives up the oldest answers that nobody has fetched, where all together hold too much.
    fn make_room(&self) {
        let mut questions = self.lock();
        while questions.values().map(Running::kept_bytes).sum::<usize>() > self.most_bytes {
            if !remove_oldest(&mut questions, |running| running.is_left && running.kept_bytes() > 0) {
                return;
            }
        }
    }

    /// Begins to work on a question, under a name that nobody guesses.
    pub fn begin(
        &self,
        id: String,
        owner: Owner,
        question: Question,
        work: impl Future<Output = Outcome> + Send + 'static,
    ) -> Waiting {
        let (progress, outcome) = (Arc::<Mutex<Option<Progress>>>::default(), Arc::<Mutex<Option<Outcome>>>::default());
        let (end, has_ended) = watch::channel(false);
        let (noted, answered) = (Arc::clone(&progress), Arc::clone(&outcome));
        let listener = Listener(Arc::new(move |progress| {
            *noted.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
        }));
        let (questions, name) = (self.clone(), id.clone());
        let work = tokio::spawn(async move {
            let found = AssertUnwindSafe(watched(listener, work)).catch_unwind().await;
            let found = found
                .unwrap_or_else(|_| Err(OfficeError::new("query-limit", "the query is more than the engine can do")));
            *answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
            end.send_replace(true);
            questions.make_room();
            tokio::time::sleep(KEPT).await;
            questions.lock().remove(&name);
        });
        let work = work.abort_handle();
        let running =
            Running { owner, question, begun: Instant::now(), progress, outcome, has_ended, is_left: false, work };
        self.lock().insert(id.clone(), running);
        Waiting { questions: self.clone(), id, is_left: false }
    }

    /// How a question of this owner stands, after waiting so long for its end; what was found stays where it is.
    pub async fn peek(&self, owner: &Owner, id: &str, patience: Duration) -> Option<(bool, u64, Option<Progress>)> {
        self.wait(owner, id, patience).await?;
        let questions = self.lock();
        let running = questions.get(id)?;
        let progress = *running.progress.lock().unwrap_or_else(PoisonError::into_inner);
        Some((*running.has_ended.borrow(), running.begun.elapsed().as_secs(), progress))
    }

    async fn wait(&self, owner: &Owner, id: &str, patience: Duration) -> Option<()> {
        let mut has_ended = self.lock().get(id).filter(|running| running.owner == *owner)?.has_ended.clone();
        // Whether it ended or time is up is seen by whoever waited.
        let _ = tokio::time::timeout(patience, has_ended.wait_for(|ended| *ended)).await;
        Some(())
    }

    /// How a question of this owner stands, after waiting so long for its end. None where there is no such question, or it is somebody
    /// else's.
    pub async fn look(&self, owner: &Owner, id: &str, patience: Duration) -> Option<Standing> {
        self.wait(owner, id, patience).await?;
        let mut questions = self.lock();
        let running = questions.get(id)?;
        let found = running.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        let question = running.question.clone();
        match found {
            Some(found) => {
                questions.remove(id);
                Some(Standing::Ended(Box::new((question, found))))
            }
            None => {
                let progress = *running.progress.lock().unwrap_or_else(PoisonError::into_inner);
                Some(Standing::Running { question, seconds: running.begun.elapsed().as_secs(), progress })
            }
        }
    }

    /// Ends a question of this owner; what was asked, and the day that was chosen.
    pub fn stop(&self, owner: &Owner, id: &str) -> Option<Question> {
        let mut questions = self.lock();
        questions.get(id).filter(|running| running.owner == *owner)?;
        questions.remove(id).map(|running| running.question.clone())
    }
}

/// Ends the oldest of some questions; whether there was one.
fn remove_oldest(questions: &mut HashMap<String, Running>, is_one: impl Fn(&Running) -> bool) -> bool {
    let oldest = questions.iter().filter(|(_, running)| is_one(running)).min_by_key(|(_, running)| running.begun);
    let Some(id) = oldest.map(|(id, _)| id.clone()) else { return false };
    questions.remove(&id);
    true
}

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    fn owner(person: i64) -> Owner {
        (PersonId(person), Viewer::Operator)
    }

    fn question(text: &str) -> Question {
        Question {
            query: text.to_owned(),
            chosen_day: String::new(),
            overview: Overview { snapshot: 1, as_of: Timestamp::MAX },
        }
    }

    fn refused() -> Outcome {
        Err(OfficeError::new("query-refused", "no"))
    }

    #[tokio::test]
    async fn its_own_reader_finds_a_question_while_it_runs_and_its_answer_once() {
        let (questions, tell) = (RunningQuestions::new(1), Arc::new(tokio::sync::Notify::new()));
        let told = Arc::clone(&tell);
        let work = async move {
            told.notified().await;
            refused()
        };
        let id = questions.begin("a".to_owned(), owner(1), question("SELECT 1"), work).left();
        assert!(questions.look(&owner(2), &id, SOON).await.is_none(), "it is somebody else's");
        assert!(questions.look(&owner(1), "b", SOON).await.is_none());
        assert!(questions.look(&(PersonId(1), Viewer::Stranger), &id, SOON).await.is_none(), "it lost its rights");
        let Some(Standing::Running { question, progress: None, .. }) = questions.look(&owner(1), &id, SOON).await
        else {
            panic!("it runs")
        };
        assert_eq!(question.query, "SELECT 1");
        assert!(matches!(questions.peek(&owner(1), &id, SOON).await, Some((false, _, None))));
        assert_eq!(questions.peek(&owner(2), &id, SOON).await, None);
        tell.notify_one();
        let Some(Standing::Ended(ended)) = questions.look(&owner(1), &id, Duration::from_secs(10)).await else {
            panic!("it ended")
        };
        assert_eq!(ended.1.err().map(|error| error.code), Some("query-refused"));
        assert!(questions.look(&owner(1), &id, SOON).await.is_none(), "told once");
    }

    #[tokio::test]
    async fn what_is_stopped_or_not_waited_for_ends() {
        struct Gone(Arc<tokio::sync::Notify>);
        impl Drop for Gone {
            fn drop(&mut self) {
                self.0.notify_one();
            }
        }
        let questions = RunningQuestions::new(1);
        for is_stopped in [true, false] {
            let gone = Arc::new(tokio::sync::Notify::new());
            let guard = Gone(Arc::clone(&gone));
            let work = async move {
                let _guard = guard;
                std::future::pending().await
            };
            let waiting = questions.begin("a".to_owned(), owner(1), question("SELECT 2"), work);
            if is_stopped {
                let id = waiting.left();
                assert!(questions.stop(&owner(2), &id).is_none(), "it is somebody else's");
                assert!(questions.stop(&owner(1), &id).is_some());
            } else {
                drop(waiting);
            }
            tokio::time::timeout(Duration::from_secs(10), gone.notified()).await.expect("it ended");
            assert!(questions.lock().is_empty());
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let questions = RunningQuestions::new(1);
        let waiting =
            questions.begin("a".to_owned(), owner(1), question("SELECT 3"), async { panic!("of the engine") });
        let Some(Standing::Ended(ended)) = questions.look(&owner(1), waiting.id(), Duration::from_secs(10)).await
        else {
            panic!("it ended")
        };
        assert_eq!(ended.1.err().map(|error| error.code), Some("query-limit"));
    }

    #[tokio::test]
    async fn one_person_leaves_a_few_questions_and_no_more() {
        let questions = RunningQuestions::new(1);
        let begin = |id: String, person: i64| {
            questions.begin(id, owner(person), question("SELECT 4"), std::future::pending()).left()
        };
        begin("other".to_owned(), 2);
        for number in 0..6 {
            begin(number.to_string(), 1);
        }
        let mut there: Vec<String> = questions.lock().keys().cloned().collect();
        there.sort();
        assert_eq!(there, ["2", "3", "4", "5", "other"]);
    }
}
