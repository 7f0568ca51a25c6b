// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! For those who watch over the machine: is it alive, can it answer.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::house::WebHouse;

/// `/healthz`: the program runs.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `/readyz` at the address of the pages, which everybody may ask: the ledger answers.
pub async fn ready(State(house): State<Arc<WebHouse>>) -> (StatusCode, &'static str) {
    match house.now().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the ledger does not answer\n"),
    }
}

/// `/readyz` at the address for those who watch over the machine: what does not flow stands in further lines. The house stays ready: it
/// answers all the same, and starting it anew would not help.
pub async fn ready_in_detail(State(house): State<Arc<WebHouse>>) -> (StatusCode, String) {
    let (status, word) = ready(State(Arc::clone(&house))).await;
    let lines = match house.flow_lines().await {
        Ok(lines) if status == StatusCode::OK => lines,
        _ => Vec::new(),
    };
    (status, lines.iter().fold(word.to_owned(), |text, line| format!("{text}{line}\n")))
}
