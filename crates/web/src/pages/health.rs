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

/// `/readyz`: the ledger answers.
pub async fn ready(State(house): State<Arc<WebHouse>>) -> (StatusCode, &'static str) {
    match house.now().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the ledger does not answer\n"),
    }
}
