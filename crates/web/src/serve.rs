// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The door: listens, answers, and ends in good order.

use std::future::Future;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, response::Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use underpin_model::Viewer;

use crate::api::problem::Problem;
use crate::error::WebError;
use crate::house::WebHouse;
use crate::pages::health;
use crate::{api, carried, compass, error, headers, journal, origin, pace, patience, reads, routes, visitor};

/// All pages, as one service.
pub fn app(house: Arc<WebHouse>) -> Router {
    let (figures, others) = (Arc::clone(&house.figures), Arc::clone(&house.figures));
    let broke_off = move |_: Box<dyn std::any::Any + Send>| -> Response {
        figures.broke_off();
        WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "broke-off").into_response()
    };
    let broke_off_for_programs = move |_: Box<dyn std::any::Any + Send>| -> Response {
        others.broke_off();
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broke-off").into_response()
    };
    routes::router()
        // Told, so that it stays the one of the pages when the interface for programs is beside them.
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(CatchPanicLayer::custom(broke_off))
        .layer(from_fn(origin::same_house))
        .layer(from_fn_with_state(Arc::clone(&house), pace::hold))
        .layer(from_fn(error::pages))
        .merge(
            api::door::router()
                .layer(CatchPanicLayer::custom(broke_off_for_programs))
                .layer(from_fn_with_state(Arc::clone(&house), pace::hold)),
        )
        .layer(from_fn_with_state(Arc::clone(&house), compass::hold))
        .layer(from_fn_with_state(Arc::clone(&house), reads::note))
        .layer(from_fn(carried::moment))
        .layer(from_fn_with_state(Arc::clone(&house), visitor::visit))
        .layer(from_fn(headers::guard))
        .layer(from_fn_with_state(Arc::clone(&house), journal::keep))
        .layer(from_fn_with_state(Arc::clone(&house), patience::bodies))
        .layer(RequestBodyTimeoutLayer::new(house.patience))
        .layer(CompressionLayer::new())
        .with_state(house)
}

/// What is for those who watch over machines, and is served at an address of its own: whether it is alive, whether it can
/// answer, and its figures.
pub fn operations(house: Arc<WebHouse>) -> Router {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready_in_detail))
        .route("/metrics", get(metrics))
        .with_state(house)
}

async fn metrics(State(house): State<Arc<WebHouse>>) -> Response {
    let revision = house.house.revision(Viewer::Operator, house.wall_clock()).await.unwrap_or(-1);
    let text = house.figures.text(revision, house.desks_kept());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// Answers at an address until `end` comes true; then what was begun is finished.
pub async fn serve(
    house: Arc<WebHouse>,
    listener: tokio::net::TcpListener,
    watched_at: Option<tokio::net::TcpListener>,
    end: impl Future<Output = ()> + Send + 'static,
) {
    let waits = house.patience;
    let watching = watched_at.map(|listener| {
        let figures = operations(Arc::clone(&house));
        tokio::spawn(patience::answer(listener, figures, waits, std::future::pending()))
    });
    patience::answer(listener, app(house), waits, end).await;
    if let Some(watching) = watching {
        watching.abort();
    }
}
