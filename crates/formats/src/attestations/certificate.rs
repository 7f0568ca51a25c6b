// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Certificates (RFC 5280) and chains of them, as far as signatures of releases need it: Fulcio's short-lived ones and those of the
//! like. Nothing is fetched; a chain ends at a certificate that was pinned.

use underpin_model::Timestamp;
use underpin_model::limits::bounds::CERTIFICATE_CHAIN;

use crate::signatures::{Der, Digest, PublicKey};

const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const UTC_TIME: u8 = 0x17;
const TIME: u8 = 0x18;
const NAME_MAIL: u8 = 0x81;
const NAME_URI: u8 = 0x86;
const NAME_OTHER: u8 = 0xa0;

const OID_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const OID_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
const OID_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const OID_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
/// What is understood, and may therefore be critical.
const KNOWN: &[&[u8]] = &[OID_CONSTRAINTS, OID_NAMES, OID_USAGE, OID_KEY_USAGE];
/// May certify others: bit 5 of the usages of a key.
const CERT_SIGN: u8 = 0x04;
/// For signing code, and for signing moments.
pub(super) const FOR_CODE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];
pub(super) const FOR_TIME: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
const OID_SCTS: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xd6, 0x79, 0x02, 0x04, 0x02];
/// Below this are the fields that Fulcio adds (1.3.6.1.4.1.57264.1).
const OID_FULCIO: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01];
const OLD_ISSUER: u8 = 1;
const ISSUER: u8 = 8;
const RUNNER: u8 = 11;
/// Below this are the algorithms of ECDSA with a digest; the last number is the digest.
const OID_ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
/// The same for RSA (PKCS #1).
const OID_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
const OID_ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// All of its bytes.
    pub der: Vec<u8>,
    signed: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) serial: Vec<u8>,
    subject: Vec<u8>,
    /// Its key, with what it is for.
    pub(super) spki: Vec<u8>,
    pub(super) key: PublicKey,
    from: i64,
    to: i64,
    extensions: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What the signature of a certificate is made over, by its algorithm.
pub(super) fn digest(algorithm: &[u8]) -> Option<Digest> {
    if algorithm == OID_ED25519 {
        return Some(Digest::Sha512);
    }
    let (last, family) = algorithm.split_last()?;
    match (family, last) {
        (OID_ECDSA, 2) | (OID_RSA, 11) => Some(Digest::Sha256),
        (OID_ECDSA, 3) | (OID_RSA, 12) => Some(Digest::Sha384),
        (OID_ECDSA, 4) | (OID_RSA, 13) => Some(Digest::Sha512),
        _ => None,
    }
}

/// A moment in seconds since 1970.
pub(super) fn seconds(time: Der<'_>) -> Option<i64> {
    let text = std::str::from_utf8(time.body).ok()?.strip_suffix('Z')?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    let text = match (time.tag, text.len()) {
        (UTC_TIME, 12) => format!("{}{text}", if text < "50" { "20" } else { "19" }),
        (TIME, 14) => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let (date, hour) =
        (format!("{}-{}-{}", part(0, 4), part(4, 6), part(6, 8)), (part(8, 10), part(10, 12), part(12, 14)));
    let moment = format!("{date}T{}:{}:{}Z", hour.0, hour.1, hour.2).parse::<Timestamp>().ok()?;
    Some(moment.0.div_euclid(1_000_000))
}

impl Certificate {
    /// Reads one; `None` for anything else, and for keys that are not known.
    pub fn read(der: &[u8]) -> Option<Self> {
        let mut outer = Der::only(der)?.tagged(Der::SEQUENCE)?.inside();
        let (body, algorithm, signature) =
            (outer.want(Der::SEQUENCE)?, outer.want(Der::SEQUENCE)?, outer.want(Der::BITS)?.bits()?);
        let mut fields = body.inside();
        let _version = fields.maybe(VERSION);
        let serial = fields.want(Der::INTEGER)?.body.to_vec();
        let inner_algorithm = fields.want(Der::SEQUENCE)?;
        let issuer = fields.want(Der::SEQUENCE)?.whole.to_vec();
        let mut validity = fields.want(Der::SEQUENCE)?.inside();
        let (from, to) = (seconds(validity.next()?)?, seconds(validity.next()?)?);
        let subject = fields.want(Der::SEQUENCE)?.whole.to_vec();
        let spki = fields.want(Der::SEQUENCE)?.whole.to_vec();
        let mut extensions = Vec::new();
        for field in fields.filter(|field| field.tag == EXTENSIONS) {
            for extension in Der::only(field.body)?.tagged(Der::SEQUENCE)?.inside() {
                let mut parts = extension.tagged(Der::SEQUENCE)?.inside();
                let name = parts.want(Der::OID)?.body.to_vec();
                let is_critical = parts.maybe(Der::BOOLEAN).is_some_and(|flag| flag.body != [0]);
                // What must be understood and is not, makes the whole certificate one that nobody understands (RFC 5280, 4.2).
                if is_critical && !KNOWN.contains(&name.as_slice()) {
                    return None;
                }
                extensions.push((name, parts.want(Der::BYTES)?.body.to_vec()));
            }
        }
        let algorithm_name = algorithm.inside().want(Der::OID)?.body.to_vec();
        // What is signed and what is said outside must be the same.
        (inner_algorithm.whole == algorithm.whole && outer.0.is_empty()).then_some(())?;
        Some(Self {
            der: der.to_vec(),
            signed: body.whole.to_vec(),
            algorithm: algorithm_name,
            signature: signature.to_vec(),
            issuer,
            serial,
            subject,
            key: PublicKey::of_spki(&spki)?,
            spki,
            from,
            to,
            extensions,
        })
    }

    fn extension(&self, name: &[u8]) -> Option<&[u8]> {
        self.extensions.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_slice())
    }

    /// Whether it may certify others.
    pub(super) fn is_authority(&self) -> bool {
        let is_authority = self.extension(OID_CONSTRAINTS).and_then(|value| {
            let first = Der::only(value)?.tagged(Der::SEQUENCE)?.inside().next()?;
            Some(first.tag == Der::BOOLEAN && first.body == [0xff])
        });
        let may_sign = self.extension(OID_KEY_USAGE).is_none_or(|value| {
            Der::only(value).and_then(|bits| bits.body.get(1).copied()).is_some_and(|usages| usages & CERT_SIGN != 0)
        });
        is_authority == Some(true) && may_sign
    }

    /// How many authorities may stand between it and a signer; any number where it does not say.
    fn path_length(&self) -> Option<usize> {
        let fields = Der::only(self.extension(OID_CONSTRAINTS)?)?.tagged(Der::SEQUENCE)?.inside();
        let number = fields.filter(|field| field.tag == Der::INTEGER).last()?;
        number.unsigned().map(|digits| digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit)))
    }

    /// Whether it is for a purpose.
    pub(super) fn is_for(&self, purpose: &[u8]) -> bool {
        self.extension(OID_USAGE).and_then(Der::only).is_some_and(|list| list.inside().any(|one| one.body == purpose))
    }

    pub(super) fn is_valid_at(&self, seconds: i64) -> bool {
        self.from <= seconds && seconds <= self.to
    }

    fn is_signed_by(&self, parent: &Self) -> bool {
        self.issuer == parent.subject
            && digest(&self.algorithm).is_some_and(|digest| parent.key.verify(digest, &self.signed, &self.signature))
    }

    /// Whether it certifies itself, as roots do.
    pub(super) fn is_root(&self) -> bool {
        self.is_signed_by(self)
    }

    /// Who it is for: an address of a workflow or of mail.
    pub fn identity(&self) -> Option<String> {
        let names = Der::only(self.extension(OID_NAMES)?)?.tagged(Der::SEQUENCE)?;
        names.inside().find_map(|name| match name.tag {
            NAME_MAIL | NAME_URI => String::from_utf8(name.body.to_vec()).ok(),
            NAME_OTHER => {
                let text = name.inside().nth(1)?.inside().next()?;
                String::from_utf8(text.body.to_vec()).ok()
            }
            _ => None,
        })
    }

    /// Whether its identity is an address of mail: that of a person.
    pub(super) fn is_of_person(&self) -> bool {
        let names = self.extension(OID_NAMES).and_then(Der::only);
        names.is_some_and(|names| names.inside().any(|name| name.tag == NAME_MAIL))
    }

    fn fulcio(&self, number: u8) -> Option<String> {
        let name: Vec<u8> = OID_FULCIO.iter().copied().chain([number]).collect();
        let value = self.extension(&name)?;
        // The oldest fields are bare texts, the later ones texts of DER.
        let text = if number < ISSUER { value } else { Der::only(value)?.body };
        String::from_utf8(text.to_vec()).ok()
    }

    /// Who confirmed the identity.
    pub fn issuer(&self) -> Option<String> {
        self.fulcio(ISSUER).or_else(|| self.fulcio(OLD_ISSUER))
    }

    /// On whose machines the workflow ran.
    pub(super) fn runner(&self) -> Option<String> {
        self.fulcio(RUNNER)
    }

    /// The promises of logs of certificates, and what they sign: the certificate without them (RFC 6962, 3.2).
    pub(super) fn promises(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let list = Der::only(self.extension(OID_SCTS)?)?.tagged(Der::BYTES)?.body.to_vec();
        let mut body = Vec::new();
        for field in Der::only(&self.signed)?.inside() {
            if field.tag != EXTENSIONS {
                body.extend_from_slice(field.whole);
                continue;
            }
            let mut kept = Vec::new();
            for extension in Der::only(field.body)?.inside() {
                if extension.inside().next()?.body != OID_SCTS {
                    kept.extend_from_slice(extension.whole);
                }
            }
            body.extend(wrapped(EXTENSIONS, &wrapped(Der::SEQUENCE, &kept)));
        }
        Some((list, wrapped(Der::SEQUENCE, &body)))
    }
}

/// A value of DER around bytes.
pub(super) fn wrapped(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut all = vec![tag];
    match body.len() {
        length @ 0..=0x7f => all.extend(u8::try_from(length)),
        length => {
            let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|digit| *digit == 0).collect();
            all.extend(u8::try_from(digits.len()).map(|count| 0x80 | count));
            all.extend(digits);
        }
    }
    all.extend_from_slice(body);
    all
}

/// Certificates that are believed, with the time for which they are.
#[derive(Clone, Debug, Default)]
pub struct Authority {
    /// The one that issues, those above it, and the root.
    pub chain: Vec<Certificate>,
    /// From this second on.
    pub from: Option<i64>,
    /// Up to and with this second.
    pub to: Option<i64>,
}

impl Authority {
    pub(super) fn is_in_force(&self, seconds: i64) -> bool {
        self.from.is_none_or(|from| from <= seconds) && self.to.is_none_or(|to| seconds <= to)
    }

    /// The certificate directly above `leaf`, when a chain leads from it to the root of this authority. Between them may stand what the
    /// signature brought, and what was pinned. All must be valid at that second.
    pub(super) fn issuer_of<'a>(
        &'a self,
        leaf: &Certificate,
        brought: &'a [Certificate],
        seconds: i64,
        purpose: &[u8],
    ) -> Option<&'a Certificate> {
        (self.is_in_force(seconds) && leaf.is_valid_at(seconds) && leaf.is_for(purpose)).then_some(())?;
        let root = self.chain.last()?;
        let between = || brought.iter().chain(&self.chain);
        let is_sound = |one: &Certificate, below: usize| {
            let has_room = one.path_length().is_none_or(|most| below <= most);
            has_room && one.is_valid_at(seconds) && one.is_authority()
        };
        let first = between().find(|one| is_sound(one, 0) && leaf.is_signed_by(one))?;
        let mut at = first;
        for below in 1..=CERTIFICATE_CHAIN {
            if at == root {
                return Some(first);
            }
            at = between().find(|one| *one != at && is_sound(one, below) && at.is_signed_by(one))?;
        }
        None
    }
}
