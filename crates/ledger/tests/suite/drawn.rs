// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Drawn histories in a ledger of their own, each held against an oracle.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

use crate::fixture::Store;

/// Draws `cases` times, and asks each time in an empty ledger; without one nothing is asked.
pub fn check<S: Strategy>(
    cases: u32,
    drawn: &S,
    store: impl AsyncFn() -> Option<Store>,
    agrees: impl AsyncFn(&Store, S::Value) -> TestCaseResult,
) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(drawn, |drawn| {
        runtime.block_on(async {
            let Some(store) = store().await else { return Ok(()) };
            let outcome = agrees(&store, drawn).await;
            store.finish().await;
            outcome
        })
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
