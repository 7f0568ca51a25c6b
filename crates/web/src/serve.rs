// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The door: listens, answers, and ends in good order.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::compression::CompressionLayer;

use crate::house::WebHouse;
use crate::{api, carried, error, headers, routes, visitor};

/// All pages, as one service.
pub fn app(house: Arc<WebHouse>) -> Router {
    routes::router()
        .layer(from_fn(error::pages))
        .layer(from_fn(carried::moment))
        .merge(api::door::router())
        .layer(from_fn_with_state(Arc::clone(&house), visitor::visit))
        .layer(from_fn(headers::guard))
        .layer(CompressionLayer::new())
        .with_state(house)
}

/// Answers at an address until `end` comes true; then what was begun is finished.
///
/// # Errors
/// When the address is taken or may not be used.
pub async fn serve(
    house: Arc<WebHouse>,
    listener: tokio::net::TcpListener,
    end: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, app(house)).with_graceful_shutdown(end).await
}
