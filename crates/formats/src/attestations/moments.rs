// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Moments that an authority certifies (RFC 3161): a message in CMS (RFC 5652) that holds a digest and a time.

use super::certificate::{Authority, Certificate, FOR_TIME, digest, seconds, wrapped};
use crate::signatures::{Der, Digest, Reader};

const OID_SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const OID_STAMP: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
const OID_MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const OID_CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
/// SHA-256, SHA-384 and SHA-512 differ in the last number.
const OID_SHA2: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];
const OPTIONAL: u8 = 0xa0;
const TIME: u8 = 0x18;

fn sha2(algorithm: Der<'_>) -> Option<Digest> {
    let name = algorithm.tagged(Der::SEQUENCE)?.inside().want(Der::OID)?.body;
    match name.strip_prefix(OID_SHA2)? {
        [1] => Some(Digest::Sha256),
        [2] => Some(Digest::Sha384),
        [3] => Some(Digest::Sha512),
        _ => None,
    }
}

/// The moment of a stamp about a signature, in seconds, when a pinned authority made it.
pub(super) fn moment(stamp: &[u8], signature: &[u8], authorities: &[Authority]) -> Option<i64> {
    let mut answer = Der::only(stamp)?.tagged(Der::SEQUENCE)?.inside();
    // Granted, or granted with changes.
    let status = answer.want(Der::SEQUENCE)?.inside().want(Der::INTEGER)?;
    matches!(status.body, [0 | 1]).then_some(())?;
    let mut content = answer.want(Der::SEQUENCE)?.inside();
    (content.want(Der::OID)?.body == OID_SIGNED).then_some(())?;
    let mut signed = Der::only(content.want(OPTIONAL)?.body)?.tagged(Der::SEQUENCE)?.inside();
    let _version = signed.want(Der::INTEGER)?;
    let _digests = signed.want(Der::SET)?;
    let mut inner = signed.want(Der::SEQUENCE)?.inside();
    (inner.want(Der::OID)?.body == OID_STAMP).then_some(())?;
    let text = Der::only(inner.want(OPTIONAL)?.body)?.tagged(Der::BYTES)?.body;
    let brought: Vec<Certificate> = signed
        .maybe(OPTIONAL)
        .map(|list| list.inside().filter_map(|one| Certificate::read(one.whole)).collect())
        .unwrap_or_default();
    let at = stated(text, signature)?;
    let mut signers = signed.find(|field| field.tag == Der::SET)?.inside();
    let signer = signers.next()?.tagged(Der::SEQUENCE)?;
    let is_good = |authority: &Authority| is_signed(signer, text, &brought, authority, at).unwrap_or(false);
    (signers.next().is_none() && authorities.iter().any(is_good)).then_some(at)
}

/// The moment that a stamp states, when it is about this signature.
fn stated(text: &[u8], signature: &[u8]) -> Option<i64> {
    let mut fields = Der::only(text)?.tagged(Der::SEQUENCE)?.inside();
    let _version = fields.want(Der::INTEGER)?;
    let _policy = fields.want(Der::OID)?;
    let mut imprint = fields.want(Der::SEQUENCE)?.inside();
    let digest = sha2(imprint.next()?)?;
    (imprint.want(Der::BYTES)?.body == digest.of(signature)).then_some(())?;
    let _serial = fields.want(Der::INTEGER)?;
    seconds(fields.want(TIME)?)
}

/// Whether the certificate of an authority signed a stamp, at the moment that it states.
fn is_signed(signer: Der<'_>, text: &[u8], brought: &[Certificate], authority: &Authority, at: i64) -> Option<bool> {
    let mut fields = signer.inside();
    let _version = fields.want(Der::INTEGER)?;
    let mut name = fields.want(Der::SEQUENCE)?.inside();
    let (issuer, serial) = (name.want(Der::SEQUENCE)?.whole, name.want(Der::INTEGER)?.body);
    let algorithm = sha2(fields.next()?)?;
    let attributes = fields.want(OPTIONAL)?;
    let signature_kind = fields.want(Der::SEQUENCE)?.inside().want(Der::OID)?.body;
    let signature = fields.want(Der::BYTES)?.body;
    let value = |name: &[u8]| {
        Reader(attributes.body).find_map(|attribute| {
            let mut parts = attribute.inside();
            (parts.want(Der::OID)?.body == name).then(|| parts.want(Der::SET)?.inside().next())?
        })
    };
    let is_text = value(OID_MESSAGE_DIGEST)?.body == algorithm.of(text) && value(OID_CONTENT_TYPE)?.body == OID_STAMP;
    let is_own = |one: &&Certificate| one.issuer == issuer && one.serial == serial;
    // The certificate is pinned, or brought and below what is pinned.
    let certificate = authority.chain.iter().chain(brought).find(is_own)?;
    let is_certified = authority.issuer_of(certificate, brought, at, FOR_TIME).is_some();
    // The kind may name the digest, too; where it names the algorithm alone, that of the attributes counts.
    let over = digest(signature_kind).unwrap_or(algorithm);
    let signed = wrapped(Der::SET, attributes.body);
    Some(is_text && is_certified && certificate.key.verify(over, &signed, signature))
}
