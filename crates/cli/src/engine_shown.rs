// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What becomes of a query on a cluster, for somebody at a terminal: one line, which goes when the answer is there. Ctrl+C takes the
//! query back.

use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;

use underpin_office::cluster::{Listener, Progress, settled};
use underpin_office::{House, OfficeError, Result};

use crate::context::Context;

/// Shows how queries stand, where a cluster is asked and somebody looks.
pub fn watch(house: &House, context: &Context) {
    if context.configuration.settings.engine.is_none() || !context.shows_progress() {
        return;
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
        bar.set_style(style);
    }
    house.watch_engine(Listener(Arc::new(move |progress| match line(progress) {
        Some(line) => {
            bar.set_message(line);
            bar.tick();
        }
        None => bar.finish_and_clear(),
    })));
}

fn line(progress: Progress) -> Option<String> {
    match progress {
        Progress::Queued => Some("the cluster has the question".to_owned()),
        Progress::Running { steps: 0 } => Some("the cluster works on it".to_owned()),
        Progress::Running { steps } => Some(format!("the cluster works on it; steps done: {steps}")),
        Progress::Again { attempt } => Some(format!("the cluster lost it; asked again (time {attempt})")),
        Progress::Ended => None,
    }
}

/// Waits for an answer, but not after Ctrl+C: then what the cluster works on is taken back first.
///
/// # Errors
/// Those of the work; `interrupted`.
pub async fn interruptible<T>(context: &Context, work: impl Future<Output = Result<T>>) -> Result<T> {
    if context.configuration.settings.engine.is_none() {
        return work.await;
    }
    let answer = tokio::select! {
        answer = work => Some(answer),
        // Where the signal cannot be heard, it ends the program as it always did.
        Ok(()) = tokio::signal::ctrl_c() => None,
    };
    settled().await;
    answer.unwrap_or_else(|| Err(OfficeError::new("interrupted", "the question was taken back from the cluster")))
}
