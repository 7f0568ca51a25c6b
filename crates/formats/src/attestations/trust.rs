// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is pinned of Sigstore: its file of trust (`trusted_root.json`), or certificates alone.
//!
//! Source: protobuf-specs of Sigstore, `sigstore_trustroot.proto`.

use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::TRUSTED_KEYS;

use super::base64;
use super::certificate::{Authority, Certificate};
use crate::signatures::{Der, PublicKey};

/// The key of a log, with the time for which it counts.
#[derive(Clone, Debug)]
pub struct LogKey {
    /// How signatures name it.
    pub id: Vec<u8>,
    /// The key.
    pub key: PublicKey,
    /// From this second on.
    pub from: Option<i64>,
    /// Up to and with this second.
    pub to: Option<i64>,
}

impl LogKey {
    pub(super) fn is_in_force(&self, seconds: i64) -> bool {
        self.from.is_none_or(|from| from <= seconds) && self.to.is_none_or(|to| seconds <= to)
    }
}

/// Whom we believe about signatures of releases.
#[derive(Clone, Debug, Default)]
pub struct TrustRoot {
    /// Who certifies signers.
    pub authorities: Vec<Authority>,
    /// Logs of signatures.
    pub logs: Vec<LogKey>,
    /// Logs of certificates.
    pub certificate_logs: Vec<LogKey>,
    /// Who certifies moments.
    pub time_authorities: Vec<Authority>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    media_type: String,
    #[serde(default)]
    tlogs: Vec<Log>,
    #[serde(default)]
    certificate_authorities: Vec<Chain>,
    #[serde(default)]
    ctlogs: Vec<Log>,
    #[serde(default)]
    timestamp_authorities: Vec<Chain>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    public_key: Key,
    log_id: Id,
    /// Logs of the second kind name themselves in their notes by this identifier.
    checkpoint_key_id: Option<Id>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    raw_bytes: String,
    valid_for: Option<Span>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Id {
    key_id: String,
}

#[derive(Deserialize)]
struct Span {
    start: Option<String>,
    end: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chain {
    cert_chain: Certificates,
    valid_for: Option<Span>,
}

#[derive(Deserialize)]
struct Certificates {
    certificates: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    raw_bytes: String,
}

/// The seconds of a span; `None` where it cannot be read, or has no beginning.
fn span(span: Option<Span>) -> Option<(Option<i64>, Option<i64>)> {
    let span = span?;
    let second = |text: &str| text.parse::<Timestamp>().ok().map(|moment| moment.0.div_euclid(1_000_000));
    let from = second(span.start.as_deref()?)?;
    let to = match span.end {
        Some(end) => Some(second(&end)?),
        None => None,
    };
    Some((Some(from), to))
}

impl TrustRoot {
    /// Whether nothing is pinned.
    pub fn is_empty(&self) -> bool {
        self.authorities.is_empty() && self.logs.is_empty()
    }

    /// Reads a file of trust. Keys of kinds that are not known are left out: what they signed is then not believed.
    ///
    /// # Errors
    /// What is no such file, or holds more than the limits allow.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let file: File = serde_json::from_slice(bytes).map_err(|error| format!("this is no trusted root: {error}"))?;
        if !file.media_type.starts_with("application/vnd.dev.sigstore.trustedroot") {
            return Err("this is no trusted root of Sigstore".to_owned());
        }
        let count = file.tlogs.len() + file.ctlogs.len() + file.certificate_authorities.len();
        if count + file.timestamp_authorities.len() > TRUSTED_KEYS {
            return Err("this is more than the limits allow".to_owned());
        }
        Ok(Self {
            authorities: file.certificate_authorities.into_iter().filter_map(authority).collect(),
            logs: file.tlogs.into_iter().flat_map(log).collect(),
            certificate_logs: file.ctlogs.into_iter().flat_map(log).collect(),
            time_authorities: file.timestamp_authorities.into_iter().filter_map(authority).collect(),
        })
    }

    /// Takes a certificate that is believed by itself.
    pub fn add(&mut self, der: &[u8]) -> bool {
        let read = Certificate::read(der);
        let is_read = read.is_some();
        self.authorities.extend(read.map(|root| Authority { chain: vec![root], from: None, to: None }));
        is_read
    }

    /// Takes over another one.
    pub fn join(&mut self, other: Self) {
        self.authorities.extend(other.authorities);
        self.logs.extend(other.logs);
        self.certificate_logs.extend(other.certificate_logs);
        self.time_authorities.extend(other.time_authorities);
    }
}

fn authority(chain: Chain) -> Option<Authority> {
    let (from, to) = span(chain.valid_for)?;
    let read = |raw: Raw| Certificate::read(&base64(&raw.raw_bytes)?);
    let chain = chain.cert_chain.certificates.into_iter().map(read).collect::<Option<Vec<_>>>()?;
    (!chain.is_empty()).then_some(Authority { chain, from, to })
}

fn log(log: Log) -> Vec<LogKey> {
    let read = || {
        let (from, to) = span(log.public_key.valid_for)?;
        let bytes = base64(&log.public_key.raw_bytes)?;
        let key = PublicKey::of_spki(&bytes).or_else(|| pkcs1(&bytes))?;
        let ids = [Some(log.log_id), log.checkpoint_key_id].into_iter().flatten();
        Some(
            ids.filter_map(|id| base64(&id.key_id))
                .map(|id| LogKey { id, key: key.clone(), from, to })
                .collect::<Vec<_>>(),
        )
    };
    read().unwrap_or_default()
}

/// A bare key of RSA (RFC 8017, A.1.1).
fn pkcs1(bytes: &[u8]) -> Option<PublicKey> {
    let mut numbers = Der::only(bytes)?.tagged(Der::SEQUENCE)?.inside();
    PublicKey::of_rsa(numbers.next()?.unsigned()?, numbers.next()?.unsigned()?)
}
