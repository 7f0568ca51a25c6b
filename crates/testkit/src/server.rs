// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A real HTTP server on this machine that behaves as told: well, slowly, brokenly or with malice.
//!
//! Each path has a list of answers. They are given one after the other; the last one stays. What was asked is kept.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// One answer.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    etag: Option<String>,
    ranges: bool,
    before: Duration,
    stated_length: Option<usize>,
    drop_after: Option<usize>,
    stall_after: Option<(usize, Duration)>,
    no_answer: bool,
}

impl Reply {
    /// Status 200 with a body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, body: body.into(), ..Self::default() }
    }

    /// A status without a body.
    pub fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// A redirect.
    pub fn redirect(to: impl Into<String>) -> Self {
        Self::status(302).header("Location", to)
    }

    /// A connection that is closed without an answer.
    pub fn hang_up() -> Self {
        Self { no_answer: true, ..Self::default() }
    }

    /// A further header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// An `ETag` (without quotation marks here): `If-None-Match` with it is answered with 304.
    #[must_use]
    pub fn etag(mut self, etag: &str) -> Self {
        self.etag = Some(format!("\"{etag}\""));
        self
    }

    /// Ranges are served, as long as `If-Range` names the same `ETag`.
    #[must_use]
    pub fn with_ranges(mut self) -> Self {
        self.ranges = true;
        self
    }

    /// Waits before the answer.
    #[must_use]
    pub fn after(mut self, pause: Duration) -> Self {
        self.before = pause;
        self
    }

    /// States another length than that of the body.
    #[must_use]
    pub fn stating_length(mut self, length: usize) -> Self {
        self.stated_length = Some(length);
        self
    }

    /// Closes the connection after so many bytes of the body.
    #[must_use]
    pub fn dropping_after(mut self, bytes: usize) -> Self {
        self.drop_after = Some(bytes);
        self
    }

    /// Stops sending after so many bytes of the body for a while.
    #[must_use]
    pub fn stalling_after(mut self, bytes: usize, pause: Duration) -> Self {
        self.stall_after = Some((bytes, pause));
        self
    }
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The path with its query.
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
}

#[derive(Default)]
struct Script {
    routes: BTreeMap<String, Vec<Reply>>,
    asked: Vec<Asked>,
}

/// The server. It lives as long as the test's process.
#[derive(Clone)]
pub struct Server {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
}

impl Server {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When no port can be had.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let server = Self { address, script: Arc::default() };
        let serving = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serving = serving.clone();
                std::thread::spawn(move || serving.serve(&stream));
            }
        });
        server
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The address of a path under a host's name (that the test resolves to this machine).
    pub fn address(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port())
    }

    /// Sets the answers of a path (with its query).
    pub fn on(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.lock().routes.insert(path.to_owned(), replies.into_iter().collect());
    }

    /// The answers that a path has now.
    pub fn reply(&self, path: &str) -> Vec<Reply> {
        self.lock().routes.get(path).cloned().unwrap_or_default()
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.lock().asked.clone()
    }

    /// The paths asked for so far; forgets them.
    pub fn take_paths(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().asked).into_iter().map(|asked| asked.path).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, stream: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        loop {
            let asked = read_request(&mut reader)?;
            let reply = {
                let mut script = self.lock();
                script.asked.push(asked.clone());
                let replies = script.routes.get_mut(&asked.path);
                match replies {
                    Some(replies) if replies.len() > 1 => replies.remove(0),
                    Some(replies) => replies.first().cloned().unwrap_or_else(|| Reply::status(404)),
                    None => Reply::status(404),
                }
            };
            answer(stream, &asked, reply)?;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    Some(Asked { path, headers })
}

/// Sends an answer. `None` when the connection is over.
fn answer(mut stream: &TcpStream, asked: &Asked, mut reply: Reply) -> Option<()> {
    std::thread::sleep(reply.before);
    if reply.no_answer {
        return None;
    }
    let header = |name: &str| asked.headers.get(name).cloned();
    if let Some(etag) = &reply.etag {
        reply.headers.push(("ETag".to_owned(), etag.clone()));
        if header("if-none-match").as_ref() == Some(etag) {
            (reply.status, reply.body) = (304, Vec::new());
        }
    }
    let from = header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let is_same = header("if-range") == reply.etag;
    if let Some(from) = from.filter(|_| reply.ranges && is_same && reply.status == 200) {
        let all = reply.body.len();
        reply.body = reply.body.split_off(from.min(all));
        reply.status = 206;
        reply.headers.push(("Content-Range".to_owned(), format!("bytes {from}-{}/{all}", all.saturating_sub(1))));
    }
    let mut head = format!("HTTP/1.1 {} Scripted\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if reply.status != 304 {
        head.push_str(&format!("Content-Length: {}\r\n", reply.stated_length.unwrap_or(reply.body.len())));
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
    let end = reply.drop_after.unwrap_or(reply.body.len()).min(reply.body.len());
    let (first, pause) = reply.stall_after.unwrap_or((end, Duration::ZERO));
    stream.write_all(&reply.body[..first.min(end)]).ok()?;
    stream.flush().ok()?;
    std::thread::sleep(pause);
    stream.write_all(&reply.body[first.min(end)..end]).ok()?;
    let is_whole = reply.drop_after.is_none() && reply.stated_length.is_none_or(|length| length == reply.body.len());
    is_whole.then_some(())
}
