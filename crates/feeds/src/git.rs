// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A repository at an address, fetched once: the names that it has, and one pack with all their objects. Nothing is written there.
//!
//! It is asked over https alone, in version 2 of the protocol of git, through the one guard; no program is run. Sources: `gitprotocol-http`,
//! `gitprotocol-v2`, `gitprotocol-common` (lines with their length before them).

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use reqwest::{Response, Url};
use underpin_model::limits::bounds::{self, RECEIVED_NAMES_BYTES, RECEIVED_PACK_BYTES, RECEIVED_REFERENCES};

use crate::client::{Client, trouble};
use crate::error::{Code, FeedError};
use crate::guard::{HostPermit, host_name, shown, shown_text};

/// How the service is called.
const SERVICE: &str = "git-upload-pack";
const ADVERTISED: &str = "application/x-git-upload-pack-advertisement";
const ASKED: &str = "application/x-git-upload-pack-request";
const RESULT: &str = "application/x-git-upload-pack-result";
/// Lines without a text: the end, and what parts two sections.
const END: &[u8] = b"0000";
const PART: &[u8] = b"0001";
/// Bytes of the length before each line.
const LENGTH: usize = 4;

/// The names of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The number of an object in digits of base 16, and the name that leads to it.
    pub names: Vec<(String, String)>,
    /// The branch that `HEAD` is.
    pub head: Option<String>,
    /// Whether objects are numbered by SHA-256.
    pub is_sha256: bool,
}

/// What lets the host of an address be called: its port, and with `is_inside` also where it lies inside and without encryption.
///
/// # Errors
/// An address that is none.
pub fn permit(address: &str, is_inside: bool) -> Result<(String, HostPermit), FeedError> {
    let bad = || FeedError::new(Code::BadAddress, shown_text(address), "this is no address of a repository");
    let url = Url::parse(address).map_err(|_| bad())?;
    let host = url.host_str().map(host_name).ok_or_else(bad)?;
    let mut permit = HostPermit { plain_http: is_inside, private_addresses: is_inside, ..HostPermit::default() };
    permit.ports.extend(url.port());
    Ok((host, permit))
}

/// Fetches all branches and tags into a file.
///
/// # Errors
/// What the guard refuses, what does not answer or speaks another protocol, and what is larger than the limits allow.
pub async fn fetch(client: &Client, address: &str, into: &Path) -> Result<Fetched, FeedError> {
    let remote = Remote::find(client, address).await?;
    let fetched = remote.names().await?;
    if fetched.names.is_empty() {
        return Err(remote.bad("the repository is empty"));
    }
    remote.pack(&fetched, into).await?;
    Ok(fetched)
}

/// A repository that answered.
struct Remote<'c> {
    client: &'c Client,
    /// Where it is asked.
    url: Url,
    is_sha256: bool,
}

impl<'c> Remote<'c> {
    async fn find(client: &'c Client, address: &str) -> Result<Self, FeedError> {
        let bad = |detail: &str| FeedError::new(Code::BadAddress, shown_text(address), detail);
        let mut start = client.check(address)?;
        if start.query().is_some() || !start.username().is_empty() || start.password().is_some() {
            return Err(bad("name the address without a user, a password or a question mark"));
        }
        start.set_fragment(None);
        let base = start.path().trim_end_matches('/').to_owned();
        start.set_path(&format!("{base}/info/refs"));
        start.set_query(Some(&format!("service={SERVICE}")));
        let mut url = start.clone();
        for _ in 0..=bounds::REDIRECTS {
            let request = client.http.get(url.clone()).header("git-protocol", "version=2").header("accept", ADVERTISED);
            let response = request.send().await.map_err(|error| trouble(&url, error).error)?;
            if response.status().is_redirection() {
                url = Self::next(client, &response, &url)?;
                continue;
            }
            let bytes = read(response, &url, ADVERTISED, RECEIVED_NAMES_BYTES).await?;
            let speaks = |word: &str| lines(&bytes).is_some_and(|all| all.contains(&word.as_bytes()));
            if !speaks("version 2") {
                return Err(FeedError::new(
                    Code::BadAnswer,
                    shown(&url),
                    "it does not speak version 2 of the protocol of git",
                ));
            }
            let is_sha256 = speaks("object-format=sha256");
            let path = url.path().strip_suffix("/info/refs").unwrap_or(&base).to_owned();
            url.set_path(&format!("{path}/{SERVICE}"));
            url.set_query(None);
            return Ok(Self { client, url, is_sha256 });
        }
        Err(FeedError::new(Code::TooManyRedirects, shown(&url), format!("more than {} redirects", bounds::REDIRECTS)))
    }

    /// Where it leads, when that is the same host and the same question.
    fn next(client: &Client, response: &Response, url: &Url) -> Result<Url, FeedError> {
        let location = response.headers().get("location").and_then(|value| value.to_str().ok());
        let next = location.and_then(|text| url.join(text).ok());
        let Some(next) = next else {
            return Err(FeedError::new(Code::BadAnswer, shown(url), "a redirect that leads nowhere"));
        };
        if next.origin() != url.origin() || !next.path().ends_with("/info/refs") {
            let detail = format!("it leads elsewhere, to {}; name that address where you believe it", shown(&next));
            return Err(FeedError::new(Code::AddressRefused, shown(url), detail));
        }
        client.check(next.as_str())
    }

    fn bad(&self, detail: &str) -> FeedError {
        FeedError::new(Code::BadAnswer, shown(&self.url), detail)
    }

    async fn ask(&self, body: Vec<u8>) -> Result<Response, FeedError> {
        let request = self.client.http.post(self.url.clone()).header("git-protocol", "version=2");
        let request = request.header("content-type", ASKED).header("accept", RESULT).body(body);
        request.send().await.map_err(|error| trouble(&self.url, error).error)
    }

    fn command(&self, name: &str) -> Vec<u8> {
        let format = if self.is_sha256 { "sha256" } else { "sha1" };
        let mut body = line(&format!("command={name}\n"));
        body.extend(line(&format!("object-format={format}\n")));
        body.extend_from_slice(PART);
        body
    }

    async fn names(&self) -> Result<Fetched, FeedError> {
        let mut body = self.command("ls-refs");
        for wish in ["symrefs\n", "ref-prefix HEAD\n", "ref-prefix refs/heads/\n", "ref-prefix refs/tags/\n"] {
            body.extend(line(wish));
        }
        body.extend_from_slice(END);
        let bytes = read(self.ask(body).await?, &self.url, RESULT, RECEIVED_NAMES_BYTES).await?;
        let all = lines(&bytes).ok_or_else(|| self.bad("its names cannot be read"))?;
        if all.len() > RECEIVED_REFERENCES {
            return Err(FeedError::new(
                Code::TooLarge,
                shown(&self.url),
                format!("more than {RECEIVED_REFERENCES} names"),
            ));
        }
        let mut fetched = Fetched { is_sha256: self.is_sha256, ..Fetched::default() };
        for text in all {
            let text = std::str::from_utf8(text).map_err(|_| self.bad("a name is no text"))?;
            let mut words = text.split(' ');
            let (Some(object), Some(name)) = (words.next(), words.next()) else {
                return Err(self.bad("its names cannot be read"));
            };
            let target = words.find_map(|word| word.strip_prefix("symref-target:"));
            if name == "HEAD" {
                fetched.head = target.map(str::to_owned);
            }
            let is_object = matches!(object.len(), 40 | 64) && object.bytes().all(|byte| byte.is_ascii_hexdigit());
            // A branch that has no commit yet leads nowhere.
            if is_object {
                fetched.names.push((object.to_owned(), name.to_owned()));
            } else if object != "unborn" {
                return Err(self.bad("its names cannot be read"));
            }
        }
        Ok(fetched)
    }

    async fn pack(&self, fetched: &Fetched, into: &Path) -> Result<(), FeedError> {
        let mut body = self.command("fetch");
        let mut wanted: Vec<&str> = fetched.names.iter().map(|(object, _)| object.as_str()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        for wish in ["ofs-delta\n".to_owned(), "no-progress\n".to_owned()] {
            body.extend(line(&wish));
        }
        wanted.iter().for_each(|object| body.extend(line(&format!("want {object}\n"))));
        body.extend(line("done\n"));
        body.extend_from_slice(END);
        let mut response = self.ask(body).await?;
        check(&response, &self.url, RESULT)?;
        let io = |error: std::io::Error| FeedError::file(into, &error);
        let (mut file, mut written) = (File::create(into).map_err(io)?, 0_u64);
        let (mut held, mut is_pack, mut is_done) = (Vec::new(), false, false);
        while let Some(chunk) = response.chunk().await.map_err(|error| trouble(&self.url, error).error)? {
            held.extend_from_slice(&chunk);
            let mut from = 0;
            while let Some((text, after)) = next(&held[from..]).map_err(|()| self.bad("its objects cannot be read"))? {
                from += after;
                match (is_pack, text) {
                    (false, Some(b"packfile\n" | b"packfile")) => is_pack = true,
                    (_, None) => is_done |= is_pack,
                    (true, Some([1, bytes @ ..])) => {
                        written += bytes.len() as u64;
                        if written > RECEIVED_PACK_BYTES {
                            return Err(crate::client::too_large(&self.url, RECEIVED_PACK_BYTES));
                        }
                        file.write_all(bytes).map_err(io)?;
                    }
                    (true, Some([2, ..])) => {}
                    _ => return Err(self.bad("it sends something else than its objects")),
                }
            }
            held.drain(..from);
        }
        file.sync_data().map_err(io)?;
        if is_done {
            Ok(())
        } else {
            Err(FeedError::new(Code::BrokenTransfer, shown(&self.url), "its objects end too soon"))
        }
    }
}

/// A text with its length before it.
fn line(text: &str) -> Vec<u8> {
    format!("{:04x}{text}", text.len() + LENGTH).into_bytes()
}

/// A line, none for one without a text, with how many bytes it takes.
type Line<'b> = (Option<&'b [u8]>, usize);

/// The next line; `None` where it is not all there yet.
fn next(bytes: &[u8]) -> Result<Option<Line<'_>>, ()> {
    let Some(digits) = bytes.get(..LENGTH) else { return Ok(None) };
    let digits = std::str::from_utf8(digits).map_err(|_| ())?;
    match usize::from_str_radix(digits, 16).map_err(|_| ())? {
        0..=2 => Ok(Some((None, LENGTH))),
        3 => Err(()),
        length => Ok(bytes.get(LENGTH..length).map(|text| (Some(text), length))),
    }
}

/// All texts of an answer, without the ends of their lines.
fn lines(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut all, mut from) = (Vec::new(), 0);
    while from < bytes.len() {
        let (text, after) = next(&bytes[from..]).ok()??;
        from += after;
        all.extend(text.map(|text| text.strip_suffix(b"\n").unwrap_or(text)));
    }
    Some(all)
}

fn check(response: &Response, url: &Url, kind: &str) -> Result<(), FeedError> {
    let status = response.status();
    let code = match status.as_u16() {
        200 => None,
        404 | 410 => Some(Code::NotFound),
        _ => Some(Code::HttpStatus),
    };
    if let Some(code) = code {
        return Err(FeedError::new(code, shown(url), format!("status {}", status.as_u16())));
    }
    let own = response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if own != kind {
        return Err(FeedError::new(Code::BadAnswer, shown(url), "no repository of git answers here"));
    }
    Ok(())
}

async fn read(mut response: Response, url: &Url, kind: &str, most_bytes: u64) -> Result<Vec<u8>, FeedError> {
    check(&response, url, kind)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| trouble(url, error).error)? {
        if (bytes.len() + chunk.len()) as u64 > most_bytes {
            return Err(crate::client::too_large(url, most_bytes));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_whole_or_not_at_all() {
        assert_eq!(line("done\n"), b"0009done\n");
        let all = [line("version 2\n"), END.to_vec(), line("x"), PART.to_vec()].concat();
        assert_eq!(lines(&all), Some(vec![&b"version 2"[..], b"x"]));
        for cut in 1..all.len() {
            let whole = matches!(cut, 14 | 18 | 23);
            assert_eq!(lines(&all[..cut]).is_some(), whole, "{cut}");
        }
        for bad in [&b"0003"[..], b"zzzz", b"-001", b"\xff\xff\xff\xff"] {
            assert_eq!(next(bad), Err(()), "{bad:?}");
        }
        assert_eq!(next(b"fff0abc"), Ok(None), "the rest has not come yet");
    }

    #[test]
    fn whose_host_is_permitted_and_how() {
        let (host, one) = permit("https://git.example.gov:8443/a/b.git", false).expect("an address");
        assert_eq!((host.as_str(), one.plain_http, one.private_addresses), ("git.example.gov", false, false));
        assert!(one.ports.contains(&8443));
        for none in ["", "ext::sh -c id", "-u/x", "git@host:a/b"] {
            assert!(permit(none, true).is_err(), "{none}");
        }
    }
}
