// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that hold signatures of releases, read into one shape.

use serde_json::Value;
use underpin_model::limits::bounds::{ATTESTATIONS, CERTIFICATE_CHAIN, ENVELOPE_SIGNATURES};

use super::base64;
use super::log::{Entry, Proof};
use crate::signatures::pem_blocks;

/// Where somebody signed.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// A text with its kind (DSSE).
    Text { kind: String, payload: Vec<u8>, signatures: Vec<Vec<u8>> },
    /// A file by its digest.
    File { digest: Option<Vec<u8>>, signature: Vec<u8> },
    /// A statement that nobody signed.
    Bare { payload: Vec<u8> },
}

/// An entry of a log with the kind of its body.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    pub(super) entry: Entry,
    pub(super) kind: String,
    pub(super) version: String,
}

/// One signature with all that came along.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    pub(super) content: Content,
    /// That of the signer first.
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) entries: Vec<Logged>,
    pub(super) timestamps: Vec<Vec<u8>>,
    /// Whether it must stand in a log: bundles say so, bare envelopes do not.
    pub(super) is_bundle: bool,
}

/// Whether a file is called as attestations are.
pub fn is_attestation_name(name: &str) -> bool {
    let name = name.to_lowercase();
    [
        ".intoto.jsonl",
        ".sigstore",
        ".sigstore.json",
        ".att",
        ".dsse.json",
        ".provenance",
        ".provenance.json",
        ".build.slsa",
        ".publish.attestation",
    ]
    .iter()
    .any(|ending| name.ends_with(ending))
        || name == "multiple.intoto.jsonl"
}

/// All signatures of a file: a bundle, an envelope, several of them line by line, what npm answers, or a provenance of PyPI.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Option<Envelope>>> {
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        return of_value(&value);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let mut all = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(ATTESTATIONS + 1) {
        all.extend(of_value(&serde_json::from_str(line).ok()?)?);
    }
    (!all.is_empty() && all.len() <= ATTESTATIONS).then_some(all)
}

fn of_value(value: &Value) -> Option<Vec<Option<Envelope>>> {
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned();
    let found = if let Some(all) = list(value, "attestations") {
        all.iter().map(|one| one.get("bundle").map_or_else(|| of_pypi(one), bundle)).collect()
    } else if let Some(groups) = list(value, "attestation_bundles") {
        groups.iter().filter_map(|group| list(group, "attestations")).flatten().map(|one| of_pypi(&one)).collect()
    } else if value.get("mediaType").is_some() {
        vec![bundle(value)]
    } else if value.get("payloadType").is_some() {
        vec![bare(value)]
    } else if value.get("verification_material").is_some() {
        vec![of_pypi(value)]
    } else if value.get("base64Signature").is_some() {
        vec![of_cosign(value)]
    } else if text(value, &["_type"]).is_some_and(|kind| kind.starts_with("https://in-toto.io/Statement/")) {
        vec![unsigned(value)]
    } else {
        return None;
    };
    (found.len() <= ATTESTATIONS).then_some(found)
}

fn text<'a>(value: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().try_fold(value, |value, name| value.get(name))?.as_str()
}

fn bytes(value: &Value, names: &[&str]) -> Option<Vec<u8>> {
    base64(text(value, names)?)
}

/// A whole number, which this JSON writes as a text.
fn number<T: std::str::FromStr>(value: &Value, name: &str) -> Option<T> {
    match value.get(name)? {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

/// An envelope of DSSE alone; those of some builders bring a certificate beside each signature.
fn bare(value: &Value) -> Option<Envelope> {
    let list = value.get("signatures")?.as_array()?;
    let certificates = list.first().and_then(|one| text(one, &["cert"])).map(chain);
    let (content, entries, timestamps) = (dsse(value)?, Vec::new(), Vec::new());
    Some(Envelope { content, certificates: certificates.unwrap_or_default(), entries, timestamps, is_bundle: false })
}

/// The certificates of a text in PEM, that of the signer first.
fn chain(text: &str) -> Vec<Vec<u8>> {
    let mut all = pem_blocks(text, "CERTIFICATE");
    all.truncate(CERTIFICATE_CHAIN);
    all
}

/// A statement of in-toto without any envelope.
fn unsigned(value: &Value) -> Option<Envelope> {
    Some(Envelope {
        content: Content::Bare { payload: serde_json::to_vec(value).ok()? },
        certificates: Vec::new(),
        entries: Vec::new(),
        timestamps: Vec::new(),
        is_bundle: false,
    })
}

/// What Cosign wrote with `--bundle` before bundles of Sigstore: a signature of a file or an envelope, and the promise of the log.
fn of_cosign(value: &Value) -> Option<Envelope> {
    let signature = bytes(value, &["base64Signature"])?;
    let content = match serde_json::from_slice::<Value>(&signature) {
        Ok(inner) if inner.get("payloadType").is_some() => dsse(&inner)?,
        _ => Content::File { digest: None, signature },
    };
    let certificates = match text(value, &["cert"]).unwrap_or_default() {
        "" => Vec::new(),
        pem if pem.contains("-----BEGIN") => chain(pem),
        // Usually in base 64 once more.
        inner => chain(std::str::from_utf8(&base64(inner)?).ok()?),
    };
    let logged = value.get("rekorBundle").filter(|logged| !logged.is_null());
    let entries: Vec<Logged> = logged.into_iter().map(cosign_entry).collect::<Option<_>>()?;
    Some(Envelope { content, certificates, is_bundle: !entries.is_empty(), entries, timestamps: Vec::new() })
}

fn cosign_entry(value: &Value) -> Option<Logged> {
    let inner = value.get("Payload")?;
    let body = bytes(inner, &["body"])?;
    let said: Value = serde_json::from_slice(&body).ok()?;
    let log = text(inner, &["logID"])?.as_bytes().chunks(2);
    let log = log.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    Some(Logged {
        kind: text(&said, &["kind"])?.to_owned(),
        version: text(&said, &["apiVersion"])?.to_owned(),
        entry: Entry {
            log: log.collect::<Option<_>>()?,
            index: Some(number(inner, "logIndex")?),
            taken: number::<i64>(inner, "integratedTime").filter(|taken| *taken > 0),
            promise: Some(bytes(value, &["SignedEntryTimestamp"])?),
            proof: None,
            body,
        },
    })
}

fn dsse(value: &Value) -> Option<Content> {
    let list = value.get("signatures")?.as_array()?;
    let signatures =
        list.iter().take(ENVELOPE_SIGNATURES).map(|one| bytes(one, &["sig"])).collect::<Option<Vec<_>>>()?;
    (!signatures.is_empty()).then_some(())?;
    Some(Content::Text {
        kind: text(value, &["payloadType"])?.to_owned(),
        payload: bytes(value, &["payload"])?,
        signatures,
    })
}

/// The version of a bundle, from its kind.
fn version(kind: &str) -> Option<u8> {
    match kind {
        "application/vnd.dev.sigstore.bundle+json;version=0.1" => Some(1),
        "application/vnd.dev.sigstore.bundle+json;version=0.2" => Some(2),
        "application/vnd.dev.sigstore.bundle+json;version=0.3" | "application/vnd.dev.sigstore.bundle.v0.3+json" => {
            Some(3)
        }
        _ => None,
    }
}

fn bundle(value: &Value) -> Option<Envelope> {
    let version = version(text(value, &["mediaType"])?)?;
    let material = value.get("verificationMaterial")?;
    let content = match (value.get("dsseEnvelope"), value.get("messageSignature")) {
        (Some(envelope), None) => dsse(envelope)?,
        (None, Some(message)) => Content::File {
            digest: match text(message, &["messageDigest", "algorithm"]) {
                Some("SHA2_256") => Some(bytes(message, &["messageDigest", "digest"])?),
                Some(_) => return None,
                None => None,
            },
            signature: bytes(message, &["signature"])?,
        },
        _ => return None,
    };
    // One signature and no more, as the specification has it.
    if let Content::Text { signatures, .. } = &content {
        (signatures.len() == 1).then_some(())?;
    }
    let chain = material.get("x509CertificateChain").and_then(|chain| chain.get("certificates"));
    let certificates = match (material.get("certificate"), chain.and_then(Value::as_array)) {
        (Some(one), _) => vec![bytes(one, &["rawBytes"])?],
        (None, Some(all)) if version < 3 => {
            let all = all.iter().take(CERTIFICATE_CHAIN).map(|one| bytes(one, &["rawBytes"]));
            let all = all.collect::<Option<Vec<_>>>()?;
            (!all.is_empty()).then_some(all)?
        }
        (None, Some(_)) => return None,
        (None, None) => {
            material.get("publicKey")?;
            Vec::new()
        }
    };
    let entries = material.get("tlogEntries").and_then(Value::as_array);
    let entries = entries.into_iter().flatten().take(ATTESTATIONS).map(entry).collect::<Option<Vec<_>>>()?;
    // The first version rests on promises, later ones on proofs.
    let is_whole = |one: &Logged| if version == 1 { one.entry.promise.is_some() } else { one.entry.proof.is_some() };
    entries.iter().all(is_whole).then_some(())?;
    let stamps = material.get("timestampVerificationData").and_then(|data| data.get("rfc3161Timestamps"));
    let stamps = stamps.and_then(Value::as_array).into_iter().flatten().take(CERTIFICATE_CHAIN);
    let timestamps = stamps.map(|one| bytes(one, &["signedTimestamp"])).collect::<Option<Vec<_>>>()?;
    Some(Envelope { content, certificates, entries, timestamps, is_bundle: true })
}

fn entry(value: &Value) -> Option<Logged> {
    let proof = match value.get("inclusionProof") {
        None | Some(Value::Null) => None,
        Some(proof) => Some(Proof {
            index: match proof.get("logIndex") {
                // What is zero is left out.
                None => 0,
                Some(_) => number(proof, "logIndex")?,
            },
            size: number(proof, "treeSize")?,
            root: bytes(proof, &["rootHash"])?,
            hashes: proof
                .get("hashes")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(|one| base64(one.as_str()?))
                .collect::<Option<_>>()?,
            note: text(proof, &["checkpoint", "envelope"]).map(str::to_owned),
        }),
    };
    let index = match value.get("logIndex") {
        None => Some(0),
        Some(_) => Some(number::<u64>(value, "logIndex")?),
    };
    let promise = value.get("inclusionPromise").filter(|promise| !promise.is_null());
    Some(Logged {
        kind: text(value, &["kindVersion", "kind"])?.to_owned(),
        version: text(value, &["kindVersion", "version"])?.to_owned(),
        entry: Entry {
            body: bytes(value, &["canonicalizedBody"])?,
            log: bytes(value, &["logId", "keyId"])?,
            index,
            taken: number::<i64>(value, "integratedTime").filter(|taken| *taken > 0),
            promise: match promise {
                Some(promise) => Some(bytes(promise, &["signedEntryTimestamp"])?),
                None => None,
            },
            proof,
        },
    })
}

/// An attestation as PyPI keeps it (PEP 740).
fn of_pypi(value: &Value) -> Option<Envelope> {
    let material = value.get("verification_material")?;
    let entries = material.get("transparency_entries").and_then(Value::as_array);
    let entries = entries.into_iter().flatten().take(ATTESTATIONS).map(entry).collect::<Option<Vec<_>>>()?;
    Some(Envelope {
        content: Content::Text {
            kind: "application/vnd.in-toto+json".to_owned(),
            payload: bytes(value, &["envelope", "statement"])?,
            signatures: vec![bytes(value, &["envelope", "signature"])?],
        },
        certificates: vec![bytes(material, &["certificate"])?],
        entries,
        timestamps: Vec::new(),
        is_bundle: true,
    })
}
