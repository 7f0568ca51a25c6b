// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The least of a client that a measurement needs: one request on one connection, in the clear, to this machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take before the request counts as failed.
const PATIENCE: Duration = Duration::from_secs(60);
/// Parts the fields of a form; no document of a measurement contains it.
const BOUNDARY: &str = "underpin-bench-7f3a9c51";

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Status of HTTP.
    pub status: u16,
    /// The header lines.
    pub head: String,
    /// What follows them.
    pub body: Vec<u8>,
}

impl Reply {
    /// The value of a header; its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let line = |line: &'_ str| line.split_once(':').filter(|(own, _)| own.eq_ignore_ascii_case(name)).is_some();
        self.head.lines().find(|text| line(text)).and_then(|text| text.split_once(':')).map(|(_, value)| value.trim())
    }
}

/// Sends a request and reads the whole answer.
///
/// # Errors
/// When there is no connection, or no answer in time.
pub fn ask(
    to: SocketAddr,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Reply> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    stream.write_all(head.as_bytes())?;
    // Whoever is sent away early does not read all: the answer says why.
    let sent = stream.write_all(body);
    let mut bytes = Vec::new();
    match (stream.read_to_end(&mut bytes), sent) {
        (Ok(_), _) if !bytes.is_empty() => {}
        (Err(error), _) if bytes.is_empty() => return Err(error),
        (_, Err(error)) => return Err(error),
        _ => {}
    }
    parsed(&bytes).ok_or_else(|| std::io::Error::new(std::io::ErrorKind::InvalidData, "no answer in HTTP"))
}

fn parsed(bytes: &[u8]) -> Option<Reply> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = (std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 4..]);
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Reply { status, head: head.to_owned(), body: body.to_vec() })
}

/// A form with fields and a document, and its media type.
pub fn form(fields: &[(&str, &str)], file: (&str, &[u8])) -> (String, Vec<u8>) {
    let mut body = Vec::with_capacity(file.1.len() + 1_000);
    for (name, value) in fields {
        let field = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(field.as_bytes());
    }
    let field = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"bom\"; filename=\"{}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n",
        file.0
    );
    body.extend_from_slice(field.as_bytes());
    body.extend_from_slice(file.1);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_apart() {
        let reply =
            parsed(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nx: y: z\r\n\r\nbusy\r\n\r\n").expect("one");
        assert_eq!((reply.status, reply.body.as_slice()), (503, &b"busy\r\n\r\n"[..]));
        assert_eq!(
            (reply.header("retry-after"), reply.header("x"), reply.header("z")),
            (Some("5"), Some("y: z"), None)
        );
        for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"hello\r\n\r\n"] {
            assert_eq!(parsed(bytes), None);
        }
    }
}
