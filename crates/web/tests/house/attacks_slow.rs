// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Connections that bring nothing, or too little, over a real socket: they are closed, and others are answered meanwhile.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::Web;

/// What was answered until the other side closed; `None` when it did not close in time. Each piece is sent after a pause.
async fn dripped(address: SocketAddr, begun: &str, piece: &str) -> Option<String> {
    let (mut read, mut write) = TcpStream::connect(address).await.expect("it listens").into_split();
    write.write_all(begun.as_bytes()).await.expect("sent");
    let piece = piece.to_owned();
    let sending = tokio::spawn(async move {
        while !piece.is_empty() && write.write_all(piece.as_bytes()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // The connection stays open for who sends nothing.
        std::future::pending::<()>().await;
        drop(write);
    });
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), read.read_to_end(&mut answer)).await;
    sending.abort();
    // A connection that is broken off is closed, too.
    read.ok().map(|_| String::from_utf8_lossy(&answer).into_owned())
}

/// CWE-400 ("slow loris"): heads and bodies that never end hold all places.
#[tokio::test]
async fn heads_and_bodies_that_drip_are_given_up() {
    let patience = Duration::from_millis(600);
    let web = Web::demo_arranged(|_| (), move |house| house.with_patience(patience)).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let (end, told) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(underpin_web::serve(web.shared(), listener, None, async {
        let _ = told.await;
    }));
    let body = "POST /sign-in HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 9000\r\n\r\n";
    let slow = [
        ("nothing at all", "", ""),
        ("a head that never ends", "GET / HTTP/1.1\r\nhost: a\r\n", "x: y\r\n"),
        ("letter by letter", "GET /", "a"),
        ("a body that never comes", body, ""),
        ("a body that drips", body, "a"),
        ("nothing after the first answer", "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n", ""),
    ];
    let all = slow.map(|(name, begun, piece)| async move { (name, dripped(address, begun, piece).await) });
    let began = Instant::now();
    let answers = futures::future::join_all(all);
    let meanwhile = dripped(address, "GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "");
    let (answers, meanwhile) = futures::future::join(answers, meanwhile).await;
    assert!(meanwhile.is_some_and(|answer| answer.starts_with("HTTP/1.1 200")), "others are answered");
    for (name, answer) in answers {
        let answer = answer.unwrap_or_else(|| panic!("{name}: still open after {:?}", began.elapsed()));
        let is_refused = answer.is_empty() || answer.starts_with("HTTP/1.1 4");
        assert!(is_refused || name.starts_with("nothing after"), "{name}: {answer}");
    }
    end.send(()).expect("it listens");
    serving.await.expect("it ends in good order");
}
