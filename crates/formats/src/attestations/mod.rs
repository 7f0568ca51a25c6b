// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Attestations of releases, verified without a network: DSSE envelopes, in-toto statements, SLSA provenance and bundles of Sigstore.
//!
//! Every part of a proof is told apart: a signature may fit while nobody pinned its key. Sources: the specifications of DSSE 1.0, in-toto
//! attestations 0.1 and 1, SLSA provenance 0.2 and 1, `sigstore_bundle.proto` (0.1 to 0.3), PEP 740, the attestations of npm.

mod certificate;
mod entries;
mod envelope;
mod judge;
mod log;
mod moments;
mod sources;
mod statement;
mod subjects;
mod trust;

#[cfg(test)]
mod asked_tests;
#[cfg(test)]
mod exam;
#[cfg(test)]
mod tests;

pub use certificate::{Authority, Certificate};
pub use envelope::is_attestation_name;
pub use judge::{Artefact, Wishes, signed, verify};
pub use sources::Source;
pub use trust::{LogKey, TrustRoot};

/// Bytes of a text in base 64, whichever of its two alphabets; without or with its padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet =
        if text.contains(['-', '_']) { &::base64::alphabet::URL_SAFE } else { &::base64::alphabet::STANDARD };
    GeneralPurpose::new(alphabet, lenient).decode(text.trim_end()).ok()
}
