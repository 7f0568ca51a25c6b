// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Work behind those who wait for an answer: it takes little of a processor that somebody else wants.
//!
//! What comes in, and the pictures of the house that are made anew meanwhile, can keep all processors busy for minutes. So they are
//! worked on by threads of low priority, on half of the processors: a page is answered as if the house were idle.

use std::future::Future;
use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};
use thread_priority::{ThreadPriority, ThreadPriorityValue, set_current_thread_priority};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, oneshot};
use underpin_office::{OfficeError, Result};

use crate::seat::beside;

/// Priority of quiet work, of 100: a nice value of 9, which is a tenth of a processor that others want as well. With the lowest one,
/// another busy program on the machine would keep whoever hands in waiting for ever.
const LOW: u8 = 25;

/// A place for quiet work: one piece of work at a time, on as many threads as it has. Pieces take turns in the order they came.
#[derive(Clone, Debug)]
pub struct Quiet {
    /// Absent where the system gives no threads: then the work is done as all other.
    pool: Option<Arc<ThreadPool>>,
    turn: Arc<Mutex<()>>,
}

impl Quiet {
    /// A place on half of the processors: the others are for answers alone.
    pub fn on_half_of_the_processors() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new("quiet", (processors / 2).max(1))
    }

    /// A place with that many threads, which bear this name.
    fn new(name: &'static str, threads: usize) -> Self {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(move |number| format!("{name}-{number}"))
            .start_handler(|_| {
                // A system that keeps priorities to itself still gets the work done.
                if let Ok(low) = ThreadPriorityValue::try_from(LOW) {
                    let _ = set_current_thread_priority(ThreadPriority::Crossplatform(low));
                }
            })
            // Whoever waits for the work is told that it broke off.
            .panic_handler(|_| {})
            .build();
        Self { pool: pool.ok().map(Arc::new), turn: Arc::default() }
    }

    /// Does the work when all that was asked for before is done. It is done to its end even when nobody waits any more.
    ///
    /// # Errors
    /// What the work says; `broke-off` when it panicked.
    pub async fn run<T: Send + 'static>(&self, work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
        // A thread that waits for others of its pool begins whatever lies there: a second piece of work must not.
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let Some(pool) = &self.pool else { return beside(work).await };
        let (told, done) = oneshot::channel();
        let handle = Handle::current();
        pool.spawn(move || {
            let _turn = turn;
            let _ = told.send(handle.block_on(work));
        });
        done.await.unwrap_or_else(|_| Err(OfficeError::new("broke-off", "the work broke off")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rayon::prelude::*;

    use super::*;

    #[tokio::test]
    async fn one_piece_of_work_at_a_time_and_all_of_it() {
        let (quiet, under_way, most) =
            (Quiet::new("test", 2), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let pieces = (0..20_u64).map(|number| {
            let (quiet, under_way, most) = (quiet.clone(), Arc::clone(&under_way), Arc::clone(&most));
            tokio::spawn(async move {
                quiet
                    .run(async move {
                        most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                        let sum = (0..10_000_u64).into_par_iter().map(|one| one % 7 + number).sum::<u64>();
                        under_way.fetch_sub(1, Ordering::SeqCst);
                        Ok(sum)
                    })
                    .await
            })
        });
        for (number, piece) in (0..).zip(pieces.collect::<Vec<_>>()) {
            let expected = (0..10_000_u64).map(|one| one % 7 + number).sum::<u64>();
            assert_eq!(piece.await.expect("it ends").expect("it is done"), expected);
        }
        assert_eq!(most.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn what_panics_breaks_off_and_the_next_is_done() {
        let quiet = Quiet::new("test", 1);
        let broken: Result<()> = quiet.run(async { panic!("a mistake") }).await;
        assert_eq!(broken.expect_err("it broke off").code, "broke-off");
        assert_eq!(quiet.run(async { Ok(7) }).await.expect("done"), 7);
    }
}
