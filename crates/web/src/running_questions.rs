// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Questions in SQL that take longer than somebody wants to wait without a word: they go on while their page says how far they are, and
//! end when their reader says so. Whoever asked finds the answer there, once, for a short time; nobody else finds anything.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::AbortHandle;
use underpin_model::Viewer;
use underpin_model::people::PersonId;
use underpin_office::cluster::{Listener, Progress, watched};
use underpin_office::coordinator::sql::SqlFound;
use underpin_office::house::Overview;

/// How long an answer is kept for whoever asked.
const KEPT: Duration = Duration::from_secs(120);

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
    work: AbortHandle,
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
#[derive(Clone, Default)]
pub(crate) struct RunningQuestions(Arc<Mutex<HashMap<String, Running>>>);

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
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
            let found = watched(listener, work).await;
            *answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
            end.send_replace(true);
            tokio::time::sleep(KEPT).await;
            questions.lock().remove(&name);
        });
        let work = work.abort_handle();
        let running = Running { owner, question, begun: Instant::now(), progress, outcome, has_ended, work };
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

#[cfg(test)]
mod tests {
    use underpin_model::Timestamp;
    use underpin_office::OfficeError;

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
        let (questions, tell) = (RunningQuestions::default(), Arc::new(tokio::sync::Notify::new()));
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
        let questions = RunningQuestions::default();
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
}
