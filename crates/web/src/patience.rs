// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How long the house waits for who asks: for the head of a request, and for what comes with it. Whoever sends slowly on purpose holds a
//! place that others need (CWE-400).

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody as _};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use axum::serve::Listener;
use axum::{BoxError, Router};
use futures::{Stream, StreamExt as _};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::sleep;
use tower::Service as _;

use crate::house::WebHouse;

/// Bytes a second that a body must bring at least, all in all, beyond the time that everybody has. The slowest lines bring more.
const SLOWEST_BYTES_A_SECOND: u64 = 1_024;

/// Answers at an address until `end` comes true; then what was begun is finished. A connection on which no whole head of a request
/// arrives within `patience` is closed, whether it brings nothing or too little.
pub async fn answer(mut listener: TcpListener, app: Router, patience: Duration, end: impl Future<Output = ()>) {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience);
    let builder = Arc::new(builder);
    let mut app = app.into_make_service_with_connect_info::<SocketAddr>();
    let (ending, told) = watch::channel(());
    let mut end = pin!(end);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut end => break,
        };
        let service = app.call(peer).await.unwrap_or_else(|never: Infallible| match never {});
        let (builder, mut told) = (Arc::clone(&builder), told.clone());
        tokio::spawn(async move {
            let answered = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
            let mut answered = pin!(answered);
            let is_over = tokio::select! {
                _ = answered.as_mut() => true,
                _ = told.changed() => false,
            };
            if !is_over {
                answered.as_mut().graceful_shutdown();
                // What breaks off here breaks off for who asked: there is nobody else to tell.
                let _ = answered.await;
            }
        });
    }
    drop((listener, told));
    // Nobody listens when no connection is open.
    let _ = ending.send(());
    ending.closed().await;
}

/// Gives up on a body that brings too little for the time that it takes. (That each piece comes in time is held by another layer.)
pub async fn bodies(State(house): State<Arc<WebHouse>>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let body = Body::from_stream(hurried(body.into_data_stream(), house.patience));
    next.run(Request::from_parts(parts, body)).await
}

/// The pieces of a body, until the time is over that everybody has and that the pieces earned.
fn hurried(pieces: BodyDataStream, patience: Duration) -> impl Stream<Item = Result<Bytes, BoxError>> + Send {
    let limit = Box::pin(sleep(patience));
    futures::stream::try_unfold((pieces, limit), async |(mut pieces, mut limit)| {
        let piece = tokio::select! {
            piece = pieces.next() => piece.transpose()?,
            () = limit.as_mut() => return Err("the body comes too slowly".into()),
        };
        let Some(piece) = piece else { return Ok(None) };
        let earned = Duration::from_millis(piece.len() as u64 * 1_000 / SLOWEST_BYTES_A_SECOND);
        let until = limit.deadline() + earned;
        limit.as_mut().reset(until);
        Ok(Some((piece, (pieces, limit))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(pieces: Vec<(u64, usize)>) -> Result<usize, BoxError> {
        let slow = futures::stream::iter(pieces).then(async |(wait_ms, bytes)| {
            sleep(Duration::from_millis(wait_ms)).await;
            Ok::<_, std::io::Error>(vec![0; bytes])
        });
        let pieces = Body::from_stream(slow).into_data_stream();
        let read: Vec<_> = hurried(pieces, Duration::from_millis(300)).collect().await;
        read.into_iter().map(|piece| piece.map(|piece| piece.len())).sum()
    }

    #[tokio::test]
    async fn who_brings_enough_has_time() {
        assert_eq!(read(vec![]).await.expect("nothing"), 0);
        assert_eq!(read(vec![(0, 10), (100, 10)]).await.expect("in time"), 20);
        assert!(read(vec![(50, 1); 20]).await.is_err(), "a letter at a time, for a second");
        // 200 bytes earn nearly 200 ms each.
        assert_eq!(read(vec![(150, 200); 6]).await.expect("slow, but steady"), 1_200);
        assert!(read(vec![(0, 10), (60_000, 10)]).await.is_err());
    }
}
