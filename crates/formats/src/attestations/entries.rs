// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an entry of a log says, held against the signature that it is to be about.

use serde_json::Value;

use super::base64;
use super::envelope::{Content, Logged};
use crate::signatures::{Digest, pem_blocks};

/// Whether an entry is about this signature of this content by this signer (a certificate or a public key, in DER).
pub(super) fn is_about(logged: &Logged, content: &Content, signature: &[u8], signed: &[u8], signer: &[u8]) -> bool {
    let body: Option<Value> = serde_json::from_slice(&logged.entry.body).ok();
    body.is_some_and(|body| fits(&body, logged, content, signature, signed, signer).unwrap_or(false))
}

fn text<'a>(value: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().try_fold(value, |value, name| value.get(name))?.as_str()
}

fn fits(
    body: &Value,
    logged: &Logged,
    content: &Content,
    signature: &[u8],
    signed: &[u8],
    signer: &[u8],
) -> Option<bool> {
    let is_same_kind = text(body, &["kind"])? == logged.kind && text(body, &["apiVersion"])? == logged.version;
    is_same_kind.then_some(())?;
    let spec = body.get("spec")?;
    let payload = match content {
        Content::Text { payload, .. } => Some(payload.as_slice()),
        Content::File { .. } | Content::Bare { .. } => None,
    };
    let is_hex =
        |names: &[&str], bytes: &[u8]| text(spec, names).is_some_and(|own| own.eq_ignore_ascii_case(&hex(bytes)));
    let is_bytes = |text: Option<&str>, bytes: &[u8]| text.and_then(base64).as_deref() == Some(bytes);
    let is_signer = |text: Option<&str>| text.and_then(base64).is_some_and(|text| is_pem_of(&text, signer));
    let first = |list: &str| spec.get(list).and_then(|list| list.get(0)).cloned().unwrap_or_default();
    Some(match (logged.kind.as_str(), logged.version.as_str(), payload) {
        ("hashedrekord", "0.0.1", _) => {
            is_hex(&["data", "hash", "value"], signed)
                && is_bytes(text(spec, &["signature", "content"]), signature)
                && is_signer(text(spec, &["signature", "publicKey", "content"]))
        }
        ("hashedrekord", "0.0.2", _) => {
            let spec = spec.get("hashedRekordV002")?;
            is_bytes(text(spec, &["data", "digest"]), signed)
                && is_bytes(text(spec, &["signature", "content"]), signature)
                && is_verifier(spec.get("signature")?.get("verifier")?, signer)
        }
        ("dsse", "0.0.1", Some(payload)) => {
            let one = first("signatures");
            is_hex(&["payloadHash", "value"], &Digest::Sha256.of(payload))
                && is_bytes(text(&one, &["signature"]), signature)
                && is_signer(text(&one, &["verifier"]))
        }
        ("dsse", "0.0.2", Some(payload)) => {
            let spec = spec.get("dsseV002")?;
            let one = spec.get("signatures")?.get(0)?;
            is_bytes(text(spec, &["payloadHash", "digest"]), &Digest::Sha256.of(payload))
                && is_bytes(text(one, &["content"]), signature)
                && is_verifier(one.get("verifier")?, signer)
        }
        ("intoto", "0.0.2", Some(payload)) => {
            let one = spec.get("content")?.get("envelope")?.get("signatures")?.get(0)?.clone();
            // Here the text of the signature is in base 64 once more.
            let own = text(&one, &["sig"]).and_then(base64).and_then(|text| base64(std::str::from_utf8(&text).ok()?));
            is_hex(&["content", "payloadHash", "value"], &Digest::Sha256.of(payload))
                && own.as_deref() == Some(signature)
                && is_signer(text(&one, &["publicKey"]))
        }
        _ => false,
    })
}

/// Whether a text in PEM is this certificate or key.
fn is_pem_of(text: &[u8], signer: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    ["CERTIFICATE", "PUBLIC KEY"].iter().any(|label| pem_blocks(text, label).first().map(Vec::as_slice) == Some(signer))
}

fn is_verifier(verifier: &Value, signer: &[u8]) -> bool {
    ["x509Certificate", "publicKey"]
        .iter()
        .any(|name| text(verifier, &[name, "rawBytes"]).and_then(base64).as_deref() == Some(signer))
}

/// Bytes as digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
