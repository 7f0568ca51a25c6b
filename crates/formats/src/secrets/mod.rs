// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Secrets in texts: private keys, tokens of services, addresses of databases with a password.
//!
//! What is found says where and of which kind, never what. A shape of its own, a checksum or a structure makes a finding sure; what only looks
//! random after a telling name, and what lies among tests and examples, is a hint that a person has to look at.

mod assigned;
mod checksums;
mod encoded;
mod examples;
mod keys;
mod shapes;

#[cfg(test)]
mod tests;

use aho_corasick::Input;
use aho_corasick::automaton::{Automaton as _, OverlappingState};
use aho_corasick::dfa::DFA;
use sha2::{Digest as _, Sha256};
use underpin_model::limits::bounds::SECRETS_PER_FILE;
use underpin_model::practices::FaultCode;

pub use checksums::{has_github_checksum, is_pypi_macaroon};
pub use encoded::is_closed;
use shapes::{SHAPES, Shape};

/// Comments that say that somebody looked at a line.
const ALLOWED: &[&[u8]] =
    &[b"gitleaks:allow", b"allowlist secret", b"whitelist secret", b"trufflehog:ignore", b"nosecret", b"allow-secret"];

/// What was found. The secret itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The line, from 1.
    pub line: u32,
    /// Which kind.
    pub code: FaultCode,
    /// Whether it is one, as far as a text can tell; else a hint.
    pub is_sure: bool,
    /// Tells two findings of the same secret from those of different ones, in one run. Nobody is shown it.
    pub mark: [u8; 8],
}

/// What a shape made of the bytes behind its beginning.
pub(crate) struct Match<'a> {
    /// All that is secret.
    pub(crate) secret: &'a [u8],
    pub(crate) is_sure: bool,
    /// A checksum or structure holds: then it is one among tests, too.
    pub(crate) is_proven: bool,
}

/// Looks for secrets. Made once; may be used by several threads.
pub struct Scanner {
    /// This very automaton, so that each byte costs a look into its table and no call: the whole history of a clone goes through here.
    beginnings: DFA,
    /// The shape of each beginning.
    shapes: Vec<&'static Shape>,
}

impl Scanner {
    /// A scanner; `None` where it cannot be made, which no table of ours brings about.
    pub fn new() -> Option<Self> {
        let mut shapes = Vec::new();
        let mut texts = Vec::new();
        for shape in SHAPES {
            for beginning in shape.beginnings {
                shapes.push(shape);
                texts.push(*beginning);
            }
        }
        let beginnings = DFA::builder().ascii_case_insensitive(true).build(texts).ok()?;
        Some(Self { beginnings, shapes })
    }

    /// The secrets of a file, by line. In bytes that are no text only shapes of their own are looked for.
    pub fn scan(&self, path: &str, bytes: &[u8]) -> Vec<Found> {
        if let Some(text) = encoded::wide_text(bytes) {
            return self.scan(path, text.as_bytes());
        }
        let is_text = !encoded::beginning(bytes).contains(&0);
        let is_example = examples::is_example_path(path);
        let mut found: Vec<Found> = Vec::new();
        let (mut line, mut counted) = (1, 0);
        let mut behind = 0;
        let (input, mut state) = (Input::new(bytes), OverlappingState::start());
        while found.len() < SECRETS_PER_FILE {
            let is_searched = self.beginnings.try_find_overlapping(&input, &mut state).is_ok();
            let Some(hit) = state.get_match().filter(|_| is_searched) else { break };
            let Some(shape) = self.shapes.get(hit.pattern().as_usize()) else { continue };
            // A longer token that was told already holds this one.
            if hit.start() < behind && !shape.is_generic || shape.is_generic && !is_text {
                continue;
            }
            let Some(matched) = (shape.read)(bytes, hit.start(), hit.end()) else { continue };
            let text_line = line_around(bytes, hit.start());
            let is_seen = !shape.knows_examples && examples::is_example(matched.secret);
            if is_seen || ALLOWED.iter().any(|word| contains(text_line, word)) {
                continue;
            }
            line += memchr::memchr_iter(b'\n', &bytes[counted.min(hit.start())..hit.start()]).count();
            counted = hit.start();
            let is_sure = matched.is_sure && (matched.is_proven || !is_example);
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            found.push(Found { line, code: shape.code, is_sure, mark: mark(matched.secret) });
            if !shape.is_generic {
                behind = hit.end();
            }
        }
        // A telling name before a token that has a shape says nothing new.
        let told: Vec<u32> =
            found.iter().filter(|one| one.code != FaultCode::SecretAssigned).map(|one| one.line).collect();
        found.retain(|one| one.code != FaultCode::SecretAssigned || !told.contains(&one.line));
        found.sort();
        found.dedup_by(|one, other| (one.line, one.code, one.mark) == (other.line, other.code, other.mark));
        found
    }
}

fn mark(secret: &[u8]) -> [u8; 8] {
    let digest = Sha256::digest(secret);
    let mut mark = [0; 8];
    mark.copy_from_slice(&digest[..8]);
    mark
}

/// The line around a place, of moderate length.
fn line_around(bytes: &[u8], at: usize) -> &[u8] {
    const SIDE_BYTES: usize = 2_000;
    let from = at.saturating_sub(SIDE_BYTES);
    let begin = memchr::memrchr(b'\n', &bytes[from..at]).map_or(from, |place| from + place + 1);
    let to = bytes.len().min(at + SIDE_BYTES);
    let end = memchr::memchr(b'\n', &bytes[at..to]).map_or(to, |place| at + place);
    &bytes[begin..end]
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(text, word).is_some()
}
