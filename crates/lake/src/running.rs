// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Where a query runs: on threads of its own with deep stacks, until it is done or its time is up.
//!
//! Planning and single steps of the engine can be long and do not yield, so the clock is watched by a thread that does nothing
//! else. What is still at work then is told to stop and left behind; it ends at its next step.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use datafusion::error::{DataFusionError, Result};
use tokio::runtime::{Builder, Runtime};

use crate::error::LakeError;

/// Stack of the threads that plan and run a query. Only what is touched takes memory.
const STACK_BYTES: usize = 64 << 20;
/// Threads that may wait for files. Each has a stack of its own.
const FILE_THREADS: usize = 4;

/// Until when somebody waits for an answer, from the moment at which it is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    begun: Instant,
    timeout_ms: u64,
}

impl Deadline {
    pub fn in_ms(timeout_ms: u64) -> Self {
        Self { begun: Instant::now(), timeout_ms }
    }

    pub fn left(self) -> Duration {
        Duration::from_millis(self.timeout_ms).saturating_sub(self.begun.elapsed())
    }

    /// What is said when it has passed: the time that was allowed, whatever part of it was left for the last step.
    pub fn passed(self) -> LakeError {
        LakeError::Limit(format!("the query took longer than {} ms", self.timeout_ms))
    }
}

/// Tells everything that works on a query that nobody waits for it any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Nobody waits any more.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// # Errors
    /// When nobody waits any more.
    pub fn check(&self) -> Result<()> {
        if self.0.load(Ordering::Relaxed) {
            return Err(DataFusionError::ResourcesExhausted("the query was stopped".to_owned()));
        }
        Ok(())
    }
}

// Parts of a plan are compared by what they compute; who stops them is no part of that.
impl PartialEq for Stop {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Stop {}

impl Hash for Stop {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Stops a query when whoever asked goes away.
struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.set();
    }
}

/// Runs `work` where its nesting cannot overflow the stack, until `deadline`.
///
/// # Errors
/// Those of `work`, and [`LakeError::Limit`] when the time is up or the engine gave up in a way of its own.
pub(crate) async fn on_deep_stack<T: Send + 'static>(
    work: impl Future<Output = Result<T, LakeError>> + Send + 'static,
    stop: Stop,
    deadline: Deadline,
) -> Result<T, LakeError> {
    let _stopped = StopOnDrop(stop.clone());
    let (tell, told) = tokio::sync::oneshot::channel();
    let started = |error: std::io::Error| LakeError::Limit(format!("no thread could be started: {error}"));
    std::thread::Builder::new()
        .name("query".to_owned())
        .spawn(move || {
            let runtime = Builder::new_multi_thread()
                .thread_name("query")
                .thread_stack_size(STACK_BYTES)
                .max_blocking_threads(FILE_THREADS)
                .enable_time()
                .build();
            match runtime {
                Ok(runtime) => {
                    let answer = watched(&runtime, work, deadline);
                    stop.set();
                    // Nobody listens when the question was given up. The answer goes out before the threads end.
                    let _ = tell.send(answer);
                    runtime.shutdown_background();
                }
                Err(error) => _ = tell.send(Err(started(error))),
            }
        })
        .map_err(started)?;
    told.await.unwrap_or_else(|_| Err(LakeError::Limit("the query ended without an answer".to_owned())))
}

/// Waits for the work, but no longer than it may take. A panic of the engine is an answer too.
fn watched<T: Send + 'static>(
    runtime: &Runtime,
    work: impl Future<Output = Result<T, LakeError>> + Send + 'static,
    deadline: Deadline,
) -> Result<T, LakeError> {
    let (done, finished) = channel();
    let task = runtime.spawn(work);
    runtime.spawn(async move { done.send(task.await) });
    match finished.recv_timeout(deadline.left()) {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {
            Err(LakeError::Limit("the query is more than the engine can do".to_owned()))
        }
        Err(RecvTimeoutError::Timeout) => Err(deadline.passed()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Preparing takes part of the time; whoever asked is told what was allowed, not what was left.
    #[test]
    fn the_whole_time_is_told() {
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
        for spent_ms in [0, 150, 1_000] {
            let deadline = Deadline { begun: Instant::now() - Duration::from_millis(spent_ms), timeout_ms: 200 };
            let endless = std::future::pending::<Result<(), LakeError>>();
            let error = runtime.block_on(on_deep_stack(endless, Stop::default(), deadline)).expect_err("it never ends");
            assert_eq!(error.code(), "query-limit");
            assert!(error.to_string().contains("longer than 200 ms"), "{error}");
        }
    }
}
