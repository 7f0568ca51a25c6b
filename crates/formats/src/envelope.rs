// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Inventories in signed envelopes: DSSE, in-toto statements, Sigstore bundles, and several of them one after another.
//!
//! An envelope is taken off layer by layer until something that another reader knows comes out; its gaps have places
//! inside that. The envelope's own facts are kept. No signature is checked here: that needs keys.
//! Sources: the DSSE protocol, the in-toto attestation framework (statement v0.1 and v1), the Sigstore bundle.
//!
//! Traps: an attestation about something else (provenance, test results) is no evidence of components and is not ours;
//! the predicate may be an object, a text, or either below `Data`; base64 comes in both alphabets, with and without
//! padding. Layers are bounded, and taken off in a loop, so nested envelopes cannot exhaust the stack.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memmem;
use serde::Deserialize;
use serde_json::value::RawValue;
use underpin_model::Inventory;
use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::{Envelope, Text};

use crate::cyclonedx::TopLevel;
use crate::reader::{Context, Probe, Reader, Unreadable, readers};

/// The readers of this family.
pub const READERS: &[Reader] = &[Reader {
    id: ID,
    title: "Signed envelope (DSSE, in-toto statement, Sigstore bundle) around another format",
    version: 1,
    sniff: is_envelope,
    read,
    companions: &[],
}];

const ID: &str = "envelope";

/// Envelopes in envelopes: a bundle, its DSSE envelope, its statement, and one to spare.
const LAYERS: usize = 4;

/// How far into a document its first fields are looked for.
const HEAD_BYTES: usize = 16_384;

/// The fields of all layers; each layer has some of them.
#[derive(Deserialize)]
struct Layer<'a> {
    #[serde(borrow, rename = "dsseEnvelope")]
    dsse: Option<&'a RawValue>,
    #[serde(borrow, rename = "payloadType")]
    payload_type: Option<&'a RawValue>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    #[serde(borrow)]
    signatures: Option<&'a RawValue>,
    #[serde(borrow, rename = "predicateType")]
    predicate_type: Option<&'a RawValue>,
    #[serde(borrow)]
    subject: Option<&'a RawValue>,
    #[serde(borrow)]
    predicate: Option<&'a RawValue>,
}

/// What an envelope held.
struct Opened<'a> {
    reader: &'static Reader,
    content: Cow<'a, [u8]>,
    envelope: Envelope<'static>,
    signed: bool,
    layers: usize,
}

/// True for an envelope around something that another reader takes, and for a broken one that says it holds an SBOM.
fn is_envelope(probe: &Probe<'_>) -> bool {
    may_be_envelope(probe.bytes) && (opened(probe.bytes).next().is_some() || is_broken_inventory(probe.bytes))
}

/// A cheap look at the first fields.
fn may_be_envelope(bytes: &[u8]) -> bool {
    const FIELDS: [&[u8]; 6] = [b"payload", b"payloadType", b"_type", b"predicateType", b"predicate", b"dsseEnvelope"];
    let head = without_mark(bytes.get(..HEAD_BYTES).unwrap_or(bytes)).trim_ascii_start();
    head.strip_prefix(b"{").is_some_and(|body| TopLevel(body).any(|(key, _)| FIELDS.contains(&key)))
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// True when the outermost readable layer announces an SBOM that then cannot be found in it.
fn is_broken_inventory(bytes: &[u8]) -> bool {
    let mut content = Cow::Borrowed(bytes);
    for _ in 0..LAYERS {
        match inner(&content, &mut Envelope::default()) {
            Some(next) => content = Cow::Owned(next.into_owned()),
            None => break,
        }
    }
    announces_inventory(&content)
}

fn announces_inventory(content: &[u8]) -> bool {
    let Some(start) = memmem::find(content, b"\"predicateType\"") else { return false };
    let value = content.get(start..content.len().min(start + 200)).unwrap_or_default();
    [&b"cyclonedx.org/"[..], b"spdx.dev/", b"spdx.org/"].iter().any(|name| memmem::find(value, name).is_some())
}

/// All envelopes in the document that hold something another reader takes: usually one; some tools write one a line.
fn opened(bytes: &[u8]) -> impl Iterator<Item = Opened<'_>> {
    let text = std::str::from_utf8(without_mark(bytes)).unwrap_or_default();
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    values.map_while(Result::ok).filter_map(|value| open(value.get().as_bytes()))
}

/// The text that the outermost signature of a document in an envelope is about: that of the envelope that [`read`] opens.
pub fn signed_payload(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(without_mark(bytes)).ok()?;
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>().map_while(Result::ok);
    let first = values.map(|value| value.get().as_bytes()).find(|value| open(value).is_some())?;
    let mut content = Cow::Borrowed(first);
    for _ in 0..LAYERS {
        let mut layer = Envelope::default();
        let next = inner(&content, &mut layer)?;
        if !layer.payload_type.is_empty() {
            return Some(next.into_owned());
        }
        content = Cow::Owned(next.into_owned());
    }
    None
}

fn open(bytes: &[u8]) -> Option<Opened<'_>> {
    let mut envelope = Envelope::default();
    let mut content = Cow::Borrowed(bytes);
    for layer in 1..=LAYERS {
        content = match content {
            Cow::Borrowed(bytes) => inner(bytes, &mut envelope)?,
            Cow::Owned(bytes) => Cow::Owned(inner(&bytes, &mut envelope)?.into_owned()),
        };
        let probe = Probe { bytes: &content, file_name: "", path: "" };
        if let Some(reader) = readers().filter(|reader| reader.id != ID).find(|reader| (reader.sniff)(&probe)) {
            let signed = !envelope.payload_type.is_empty() || !envelope.signatures.is_empty();
            return Some(Opened { reader, content, envelope, signed, layers: layer });
        }
    }
    None
}

/// Takes one layer off and keeps what it says. `None` when there is none.
fn inner<'a>(bytes: &'a [u8], envelope: &mut Envelope<'static>) -> Option<Cow<'a, [u8]>> {
    let text = std::str::from_utf8(without_mark(bytes)).ok()?;
    let layer: Layer<'a> = serde_json::from_str(text).ok()?;
    if let Some(dsse) = layer.dsse {
        return Some(Cow::Borrowed(dsse.get().as_bytes()));
    }
    if let Some(payload) = layer.payload {
        envelope.payload_type = layer.payload_type.and_then(text_of).unwrap_or_default();
        envelope.signatures.extend(layer.signatures.map(key_ids).unwrap_or_default());
        return decode(&text_of(payload)?).map(Cow::Owned);
    }
    let predicate = layer.predicate?;
    envelope.predicate_type = layer.predicate_type.and_then(text_of)?;
    envelope.subjects = layer.subject.map(subjects).unwrap_or_default();
    Some(content_of(predicate))
}

fn text_of(value: &RawValue) -> Option<Text<'static>> {
    serde_json::from_str::<String>(value.get()).ok().map(Cow::Owned)
}

/// The content of a predicate: the object, or the text, or either of them below `Data`.
fn content_of(predicate: &RawValue) -> Cow<'_, [u8]> {
    #[derive(Deserialize)]
    struct Wrapped<'a> {
        #[serde(borrow, rename = "Data")]
        data: &'a RawValue,
    }
    let value = serde_json::from_str::<Wrapped<'_>>(predicate.get()).map_or(predicate, |wrapped| wrapped.data);
    match text_of(value) {
        Some(text) => Cow::Owned(text.into_owned().into_bytes()),
        None => Cow::Borrowed(value.get().as_bytes()),
    }
}

fn decode(payload: &str) -> Option<Vec<u8>> {
    let alphabet = if payload.contains(['-', '_']) { URL_SAFE } else { STANDARD };
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet, lenient);
    if payload.contains(char::is_whitespace) {
        let dense: String = payload.split_whitespace().collect();
        return engine.decode(dense).ok();
    }
    engine.decode(payload).ok()
}

/// The key identifiers of the signatures; an empty one where a signature names none.
fn key_ids(signatures: &RawValue) -> Vec<Text<'static>> {
    let list: Vec<serde_json::Value> = serde_json::from_str(signatures.get()).unwrap_or_default();
    let key_id = |signature: &serde_json::Value| signature.get("keyid").and_then(|key| key.as_str()).map(str::to_owned);
    list.iter().map(|signature| Cow::Owned(key_id(signature).unwrap_or_default())).collect()
}

/// Name and digest of each subject; of several digests the SHA-256.
fn subjects(subjects: &RawValue) -> Vec<(Text<'static>, Text<'static>)> {
    let list: Vec<serde_json::Value> = serde_json::from_str(subjects.get()).unwrap_or_default();
    let subject = |subject: &serde_json::Value| {
        let name = subject.get("name").and_then(|name| name.as_str()).unwrap_or_default().to_owned();
        let digests = subject.get("digest").and_then(|digest| digest.as_object());
        let digest = digests
            .and_then(|digests| digests.get_key_value("sha256").or_else(|| digests.iter().next()))
            .and_then(|(algorithm, value)| value.as_str().map(|value| format!("{algorithm}:{value}")));
        (Cow::Owned(name), Cow::Owned(digest.unwrap_or_default()))
    };
    list.iter().map(subject).collect()
}

/// Reads what the envelope holds.
///
/// # Errors
/// Those of the reader of the content; `malformed-json` when the envelope announces an SBOM and holds none.
fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let mut all = opened(bytes);
    let Some(opened) = all.next() else {
        return Err(Unreadable::new("malformed-json", "/payload", "the envelope holds no document that can be read"));
    };
    let further = all.count();
    let depth = context.depth.saturating_add(opened.layers);
    let mut inventory = match opened.content {
        Cow::Borrowed(content) => (opened.reader.read)(content, &Context { depth, ..Context::new(context.limits) })?,
        Cow::Owned(content) => {
            (opened.reader.read)(&content, &Context { depth, ..Context::new(context.limits) })?.into_owned()
        }
    };
    if opened.signed {
        let count = opened.envelope.signatures.len();
        inventory.gaps.add(GapCode::SignatureUnchecked, "/signatures", format!("{count} signatures"));
    }
    if further > 0 {
        let detail = format!("{further} further envelopes with inventories were not read");
        inventory.gaps.add(GapCode::TooManyElements, "/", detail);
    }
    fill_subject(&mut inventory, &opened.envelope);
    inventory.envelope = Some(opened.envelope);
    Ok(inventory)
}

/// The statement's subject stands in where the document itself names none, and adds the digest where it is the only one.
fn fill_subject(inventory: &mut Inventory<'_>, envelope: &Envelope<'static>) {
    let Some((name, digest)) = envelope.subjects.first() else { return };
    if inventory.subject.name.is_empty() && !name.is_empty() {
        inventory.subject.name = name.clone();
        inventory.subject.digest = digest.clone();
        inventory.gaps = without(&inventory.gaps, GapCode::NoSubject);
    } else if inventory.subject.digest.is_empty() && envelope.subjects.len() == 1 {
        inventory.subject.digest = digest.clone();
    }
}

fn without(gaps: &Gaps, code: GapCode) -> Gaps {
    let mut kept = Gaps::default();
    for gap in gaps.list().iter().filter(|gap| gap.code != code) {
        for _ in 0..gap.count {
            kept.add_with(gap.code, || (gap.place.clone(), gap.detail.clone()));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
    use proptest::prelude::*;
    use underpin_model::Limits;

    use super::*;
    use crate::detect;

    const BOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"lib-ä","version":"1"}]}"#;

    fn statement(predicate: &str) -> String {
        format!(
            r#"{{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://cyclonedx.org/bom","subject":[{{"name":"registry.example/portal","digest":{{"sha1":"11","sha256":"00"}}}}],"predicate":{predicate}}}"#
        )
    }

    fn dsse(payload: &str) -> String {
        format!(
            r#"{{"payloadType":"application/vnd.in-toto+json","payload":"{payload}","signatures":[{{"keyid":"key","sig":"AA=="}},{{"sig":"BB=="}}]}}"#
        )
    }

    fn taken(text: &str) -> Option<Result<Inventory<'static>, Unreadable>> {
        let limits = Limits::default();
        let reader = detect(&Probe { bytes: text.as_bytes(), file_name: "", path: "" })?;
        assert_eq!(reader.id, ID, "{text}");
        Some((reader.read)(text.as_bytes(), &Context::new(&limits)).map(Inventory::into_owned))
    }

    #[test]
    fn every_kind_of_envelope_is_taken_off() {
        let quoted = serde_json::Value::from(BOM).to_string();
        let plain = statement(BOM);
        let signed = dsse(&BASE64_STANDARD.encode(&plain));
        let folded = BASE64_STANDARD.encode(&plain).replace("eyJ", "eyJ\\n");
        let bundle =
            format!(r#"{{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":{signed}}}"#);
        for (text, signatures) in [
            (plain.clone(), 0),
            (statement(&quoted), 0),
            (statement(&format!(r#"{{"Data":{BOM},"Timestamp":"2026"}}"#)), 0),
            (statement(&format!(r#"{{"Data":{quoted}}}"#)), 0),
            (signed.clone(), 2),
            (dsse(&BASE64_URL_SAFE_NO_PAD.encode(&plain)), 2),
            (dsse(&folded), 2),
            (dsse(&BASE64_STANDARD.encode(statement(&quoted))), 2),
            (format!("\u{feff}{bundle}"), 2),
        ] {
            let inventory = taken(&text).expect("recognised").expect("readable");
            assert_eq!(inventory.components[0].name, "lib-ä", "{text}");
            assert_eq!(
                (&*inventory.subject.name, &*inventory.subject.digest),
                ("registry.example/portal", "sha256:00")
            );
            assert_eq!(inventory.gaps.count(GapCode::NoSubject), 0);
            assert_eq!(inventory.gaps.count(GapCode::SignatureUnchecked), usize::from(signatures > 0), "{text}");
            let envelope = inventory.envelope.expect("an envelope");
            assert_eq!(envelope.predicate_type, "https://cyclonedx.org/bom");
            assert_eq!(envelope.signatures.len(), signatures);
            assert_eq!(envelope.payload_type.is_empty(), signatures == 0);
        }
    }

    #[test]
    fn a_document_may_be_the_payload_itself() {
        let inventory = taken(&dsse(&BASE64_STANDARD.encode(BOM))).expect("recognised").expect("readable");
        assert_eq!((inventory.components.len(), inventory.gaps.count(GapCode::NoSubject)), (1, 1));
    }

    #[test]
    fn one_envelope_a_line_gives_the_first_inventory() {
        let provenance = dsse(
            &BASE64_STANDARD.encode(r#"{"_type":"x","predicateType":"https://slsa.dev/provenance/v1","predicate":{}}"#),
        );
        let signed = dsse(&BASE64_STANDARD.encode(statement(BOM)));
        let text = format!("{provenance}\n{signed}\n{signed}\n");
        let inventory = taken(&text).expect("recognised").expect("readable");
        assert_eq!((inventory.components.len(), inventory.gaps.count(GapCode::TooManyElements)), (1, 1));
    }

    #[test]
    fn other_attestations_are_not_ours() {
        let provenance = r#"{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{}}}"#;
        for text in [
            provenance.to_owned(),
            dsse(&BASE64_STANDARD.encode(provenance)),
            dsse("not base64!"),
            r#"{"payload":7}"#.to_owned(),
            r#"{"_type":"x"}"#.to_owned(),
        ] {
            assert!(taken(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_broken_sbom_in_an_envelope_is_unreadable_not_skipped() {
        let broken = statement(&BOM[..40]);
        let outcome = taken(&dsse(&BASE64_STANDARD.encode(broken))).expect("recognised");
        assert_eq!(outcome.map(|_| ()).map_err(|reason| reason.code), Err("malformed-json"));
    }

    #[test]
    fn envelopes_in_envelopes_are_bounded() {
        let mut text = statement(BOM);
        for _ in 0..8 {
            text = dsse(&BASE64_STANDARD.encode(&text));
        }
        assert!(taken(&text).is_none());
        let deep = "{\"_type\":\"x\",\"predicateType\":\"y\",\"predicate\":".repeat(50_000) + &"}".repeat(50_000);
        assert!(taken(&deep).is_none());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(start in 0_usize..600, with in ".{0,5}") {
            let mut text = dsse(&BASE64_STANDARD.encode(statement(BOM)));
            let start = start.min(text.len());
            text.replace_range(start..start, &with);
            let limits = Limits::default();
            is_envelope(&Probe { bytes: text.as_bytes(), file_name: "", path: "" });
            let _ = read(text.as_bytes(), &Context::new(&limits));
        }
    }
}
