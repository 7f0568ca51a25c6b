// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How secrets look: a beginning that is looked for, and what has to stand behind it.
//!
//! Sources: what the services publish of their tokens, and public lists of shapes.

use underpin_model::practices::FaultCode;

use super::Match;
use super::assigned::assigned;
use super::checksums::{has_github_checksum, is_pypi_macaroon};
use super::examples::bits_per_letter;
use super::keys::private_key;

/// A kind of secret.
pub(super) struct Shape {
    /// What is looked for, whatever the case of its letters.
    pub(super) beginnings: &'static [&'static str],
    pub(super) code: FaultCode,
    /// Whether it is told by a name before it, not by itself.
    pub(super) is_generic: bool,
    /// Whether the reader itself leaves out what is only there to be seen.
    pub(super) knows_examples: bool,
    /// Reads it: all bytes, where the beginning begins and ends.
    pub(super) read: for<'a> fn(&'a [u8], usize, usize) -> Option<Match<'a>>,
}

const fn shape(
    beginnings: &'static [&'static str],
    code: FaultCode,
    read: for<'a> fn(&'a [u8], usize, usize) -> Option<Match<'a>>,
) -> Shape {
    Shape { beginnings, code, is_generic: false, knows_examples: false, read }
}

/// All kinds.
pub(super) const SHAPES: &[Shape] = &[
    Shape {
        beginnings: &["-----BEGIN "],
        code: FaultCode::SecretPrivateKey,
        is_generic: false,
        knows_examples: true,
        read: private_key,
    },
    shape(&["AGE-SECRET-KEY-1"], FaultCode::SecretPrivateKey, |all, from, to| {
        token(all, from, to, b"AGE-SECRET-KEY-1", is_capital, 58..=58)
    }),
    shape(&["AKIA", "ASIA"], FaultCode::SecretAws, aws),
    shape(&["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], FaultCode::SecretGithub, checked),
    shape(&["github_pat_"], FaultCode::SecretGithub, |all, from, to| {
        token(all, from, to, b"github_pat_", is_word, 82..=82)
    }),
    shape(&["npm_"], FaultCode::SecretNpm, checked),
    shape(&["pypi-"], FaultCode::SecretPypi, pypi),
    shape(&["glpat-", "glptt-", "gldt-", "glrt-", "glcbt-"], FaultCode::SecretGitlab, gitlab),
    shape(&["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-"], FaultCode::SecretSlack, slack),
    shape(&["hooks.slack.com/services/T"], FaultCode::SecretSlack, slack_hook),
    shape(&["AIza"], FaultCode::SecretGoogle, |all, from, to| hint(token(all, from, to, b"AIza", is_dashed, 35..=35))),
    shape(&["GOCSPX-"], FaultCode::SecretGoogle, |all, from, to| token(all, from, to, b"GOCSPX-", is_dashed, 28..=28)),
    shape(&["AccountKey="], FaultCode::SecretAzure, azure),
    shape(&["sk_live_", "rk_live_"], FaultCode::SecretStripe, |all, from, to| {
        exact(all, from, to, &[b"sk_live_", b"rk_live_"], is_letter, 24..=107)
    }),
    shape(&["SG."], FaultCode::SecretSendgrid, sendgrid),
    shape(&["dop_v1_", "doo_v1_"], FaultCode::SecretDigitalocean, |all, from, to| {
        exact(all, from, to, &[b"dop_v1_", b"doo_v1_"], is_hex, 64..=64)
    }),
    shape(&["hf_"], FaultCode::SecretHuggingface, |all, from, to| {
        token(all, from, to, b"hf_", u8::is_ascii_alphabetic, 34..=34)
    }),
    shape(&["eyJ"], FaultCode::SecretJwt, jwt),
    shape(
        &[
            "postgres://",
            "postgresql://",
            "mysql://",
            "mongodb://",
            "mongodb+srv://",
            "redis://",
            "rediss://",
            "amqp://",
            "amqps://",
        ],
        FaultCode::SecretDatabase,
        database,
    ),
    Shape {
        beginnings: &[
            "password",
            "passwd",
            "secret",
            "token",
            "api_key",
            "apikey",
            "api-key",
            "access_key",
            "accesskey",
            "auth_key",
            "private_key",
        ],
        code: FaultCode::SecretAssigned,
        is_generic: true,
        knows_examples: false,
        read: assigned,
    },
];

fn is_letter(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

fn is_dashed(byte: &u8) -> bool {
    is_word(byte) || *byte == b'-'
}

fn is_capital(byte: &u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_hex(byte: &u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(byte)
}

pub(super) fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// How many bytes from a place on are of a kind.
fn run(all: &[u8], from: usize, most: usize, is_kind: fn(&u8) -> bool) -> usize {
    all.get(from..).unwrap_or_default().iter().take(most).take_while(|byte| is_kind(byte)).count()
}

/// Whether no word reaches into a token from before.
fn stands_alone(all: &[u8], from: usize) -> bool {
    from == 0 || !all.get(from - 1).is_some_and(is_word)
}

pub(super) fn sure(secret: &[u8]) -> Option<Match<'_>> {
    Some(Match { secret, is_sure: true, is_proven: false })
}

pub(super) fn hint(found: Option<Match<'_>>) -> Option<Match<'_>> {
    found.map(|found| Match { is_sure: false, ..found })
}

/// A beginning in exactly these letters, and so many letters of a kind behind it.
fn token<'a>(
    all: &'a [u8],
    from: usize,
    to: usize,
    beginning: &[u8],
    is_kind: fn(&u8) -> bool,
    count: std::ops::RangeInclusive<usize>,
) -> Option<Match<'a>> {
    exact(all, from, to, &[beginning], is_kind, count)
}

fn exact<'a>(
    all: &'a [u8],
    from: usize,
    to: usize,
    beginnings: &[&[u8]],
    is_kind: fn(&u8) -> bool,
    count: std::ops::RangeInclusive<usize>,
) -> Option<Match<'a>> {
    (beginnings.contains(&all.get(from..to)?) && stands_alone(all, from)).then_some(())?;
    let length = run(all, to, count.end() + 1, is_kind);
    let secret = all.get(to..to + length)?;
    (count.contains(&length) && bits_per_letter(secret) > 2.5).then(|| sure(secret))?
}

/// The name of an access key of AWS. It is no secret by itself; with the key near it, it is.
fn aws(all: &[u8], from: usize, to: usize) -> Option<Match<'_>> {
    const NEAR_BYTES: usize = 400;
    const KEY_BYTES: usize = 40;
    let is_kind = |byte: &u8| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(byte);
    let (is_begin, length) = (matches!(all.get(from..to)?, b"AKIA" | b"ASIA"), run(all, to, 17, is_kind));
    (is_begin && length == 16 && stands_alone(all, from) && !all.get(to + 16).is_some_and(is_word)).then_some(())?;
    let name = all.get(from..to + 16)?;
    let near = &all[from.saturating_sub(NEAR_BYTES)..all.len().min(to + 16 + NEAR_BYTES)];
    let words = near.split(|byte| !(is_base64(byte)));
    let is_key = |word: &[u8]| word.len() == KEY_BYTES && bits_per_letter(word) > 4.2 && has_kinds(word);
    let is_sure = words.into_iter().any(is_key);
    Some(Match { secret: name, is_sure, is_proven: false })
}

/// Small letters, capitals and digits.
pub(super) fn has_kinds(word: &[u8]) -> bool {
    let has = |is_kind: fn(&u8) -> bool| word.iter().any(is_kind);
    has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
}

/// Tokens of GitHub and npm, whose last letters are a checksum. One that does not hold is an invented one.
fn checked(all: &[u8], from: usize, to: usize) -> Option<Match<'_>> {
    let is_small = all.get(from..to)?.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'_');
    let length = run(all, to, 37, is_letter);
    (is_small && length == 36 && stands_alone(all, from)).then_some(())?;
    let secret = all.get(to..to + 36)?;
    has_github_checksum(secret).then_some(Match { secret, is_sure: true, is_proven: true })
}

fn pypi(all: &[u8], from: usize, to: usize) -> Option<Match<'_>> {
    let secret = all.get(to..to + run(all, to, 1_000, is_dashed))?;
    let is_proven = all.get(from..to)? == b"pypi-" && secret.len() > 60 && is_pypi_macaroon(secret);
    is_proven.then_some(Match { secret, is_sure: true, is_proven })
}

fn gitlab(all: &[u8], from: usize, to: usize) -> Option<Match<'_>> {
    let known: [&[u8]; 5] = [b"glpat-", b"glptt-", b"gldt-", b"glrt-", b"glcbt-"];
    exact(all, from, to, &known, is_dashed, 20..=64).filter(|found| found.secret.iter().any(u8::is_ascii_digit))
}

fn slack(all: &[u8], from: usize, to: usize) -> Option<Match<'_>> {
    let secret = all.get(to..to + run(all, to, 200, |byte| is_letter(byte) || *byte == b'-'))?;
    let parts: Vec<&[u8]> = secret.split(|byte| *byte == b'-').collect();
    let is_number = |part: &&[u8]| part.len() >= 10 && part.iter().all(u8::is_ascii_digit);
    let is_small = all.get(from..to)?.iter().all(|byte| byte.is_ascii_lowercase() || *byte == b'-');
    let (last, first) = (parts.last()?, parts.first()?);
    (is_small && stands_alone(all, from) && parts.len() >= 3 && is_number(first) && last.len() >= 24)
        .then(|| sure(secret))?
}

fn slack_hook(all: &[u8], _from: usize, to: usize) -> Option<Match<'_>> {
    let secret = all.get(to..to + run(all, to, 80, |byte| is_letter(byte) || *byte == b'/'))?;
    let parts: Vec<usize> = secret.split(|byte| *byte == b'/').map(<[u8]>::len).collect();
    let fits = matches!(parts.as_slice(), [team, hook, key] if *team >= 7 && *hook >= 8 && *key == 24);
    (fits && secret.iter().any(u8::is_ascii_lowercase) && bits_per_letter(secret) > 3.5).then(|| sure(secret))?
}

fn azure(all: &[u8], _from: usize, to: usize) -> Option<Match<'_>> {
    let length = run(all, to, 87, is_base64);
    let secret = all.get(to..to + length)?;
    // The emulator of Azure has a key that everybody knows.
    const EMULATOR: &[u8] = b"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq";
    (length == 86 && all.get(to + 86..to + 88) == Some(b"==") && !secret.starts_with(EMULATOR)).then(|| sure(secret))?
}

fn sendgrid(all: &[u8], from: usize, to: usize) -> Option<Match<'_>> {
    (all.get(from..to)? == b"SG." && stands_alone(all, from) && run(all, to, 23, is_dashed) == 22).then_some(())?;
    (all.get(to + 22) == Some(&b'.') && run(all, to + 23, 44, is_dashed) == 43).then(|| sure(all.get(to..to + 66)?))?
}

/// A token of JSON Web Signature: three parts, the first two JSON in base64. It may have ended long ago, so it is a hint.
fn jwt(all: &[u8], from: usize, _to: usize) -> Option<Match<'_>> {
    let secret = all.get(from..from + run(all, from, 4_000, |byte| is_dashed(byte) || *byte == b'.'))?;
    let parts: Vec<&[u8]> = secret.split(|byte| *byte == b'.').collect();
    let [head, body, signature] = parts.as_slice() else { return None };
    let is_json = |part: &[u8]| part.starts_with(b"eyJ") && part.len() > 10;
    let fits = stands_alone(all, from) && is_json(head) && is_json(body) && signature.len() >= 40;
    fits.then(|| hint(sure(secret)))?
}

/// An address of a database with a password. Sure where the host is another machine out there.
fn database(all: &[u8], _from: usize, to: usize) -> Option<Match<'_>> {
    let is_address = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\');
    let text = std::str::from_utf8(all.get(to..to + run(all, to, 400, is_address))?).ok()?;
    let authority = text.split(['/', '?', '#', ' ']).next()?;
    let (user, host) = authority.rsplit_once('@')?;
    let password = user.split_once(':')?.1;
    let host = host.split([':', ',']).next()?.to_lowercase();
    let is_filled = password.len() >= 8
        && !password.contains(['$', '{', '%', '*', '['])
        && password.bytes().any(|byte| byte.is_ascii_digit())
        && password.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !password.to_lowercase().contains("pass");
    let found = (is_filled && !is_reserved(&host)).then(|| sure(password.as_bytes()))?;
    // A machine near by (a name of a container, an address of an inner net) has a password, too: a person has to look.
    if is_far(&host) { found } else { hint(found) }
}

/// Whether a host is one of examples.
fn is_reserved(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    host.is_empty() || matches!(last, "example" | "test" | "invalid") || host.contains("example.") || host == "host"
}

/// Whether a host is another machine out there, as far as its name tells.
fn is_far(host: &str) -> bool {
    let numbers: Vec<Option<u8>> = host.split('.').map(|part| part.parse().ok()).collect();
    if let [Some(first), Some(second), Some(_), Some(_)] = numbers.as_slice() {
        return !matches!((first, second), (0 | 10 | 127, _) | (192, 168) | (172, 16..=31) | (169, 254));
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_name = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_inner = matches!(last, "example" | "test" | "local" | "localhost" | "invalid" | "internal");
    host.contains('.') && is_name && !is_inner && !host.contains("example.") && !host.contains("host")
}
