// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who signed a document, held against those whom the house believes: the envelope that it came in, or a signature beside it.
//!
//! Nothing is fetched and no document is lost. What is shown is kept with the document: that its signature holds, and whose it is; or a gap
//! that says why nobody can rely on it. Judged is as of the moment at which the document was learned, so that reading it again tells the same.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use underpin_formats::attestations::{Artefact, Wishes, signed};
use underpin_formats::envelope::signed_payload;
use underpin_formats::signatures::{Digest, Keyring};
use underpin_model::gap::GapCode;
use underpin_model::practices::Outcome;
use underpin_model::proofs::{Proof, ProofPart, ProofReason};
use underpin_model::repository_facts::SignatureState;
use underpin_model::{Inventory, Timestamp};

use super::read::Parsed;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::role_model::evidence::keyring;

/// The role of a signature that lies beside a document.
pub(crate) const SIGNATURE: &str = "signature";
/// How a signature beside a file is called, behind the name of the file; the first that is there counts.
pub(super) const ENDINGS: &[&str] = &[".sigstore.json", ".sigstore", ".asc", ".sig"];

/// The table `[signatures]`: whom the house believes about documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignatureRules {
    /// Files and folders of keys, certificates and trusted roots of Sigstore.
    pub trust: Vec<PathBuf>,
    /// Whose certificates count. Without one a certificate shows only that somebody signed.
    pub signers: Vec<Signer>,
    /// Whether a document whose signature does not hold is kept apart until somebody decides, in place of a gap alone.
    pub quarantine: bool,
}

/// Whose certificates count.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// The address of a workflow, or of mail.
    pub identity: String,
    /// Who has to have confirmed that.
    pub issuer: String,
}

/// Whom the house believes, read.
#[derive(Debug, Default)]
pub(crate) struct Trust {
    keys: Keyring,
    signers: Vec<Signer>,
    is_strict: bool,
}

impl House {
    /// The keys that the settings name, read once.
    ///
    /// # Errors
    /// `no-keys` for a file that holds none that can be used; one that cannot be read.
    pub(crate) fn trust(&self) -> Result<Arc<Trust>> {
        if let Some(read) = self.trust.get() {
            return Ok(Arc::clone(read));
        }
        let rules = &self.settings.signatures;
        let keys = keyring(&rules.trust).map_err(|error| {
            OfficeError::new(error.code, error.message).hint("see the table [signatures] of the configuration")
        })?;
        let read = Arc::new(Trust { keys, signers: rules.signers.clone(), is_strict: rules.quarantine });
        Ok(Arc::clone(self.trust.get_or_init(|| read)))
    }
}

/// How a signature stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// It holds, and is of somebody who is believed: whose it is.
    Verified(String),
    /// It is of nobody who is believed.
    Unknown(&'static str),
    /// It does not hold.
    Wrong(&'static str),
    /// Nobody is believed: nothing was looked at.
    Unchecked,
}

impl Trust {
    /// Looks at the signature of a document that was read, and notes in it what that shows. Where the rules are strict, a document whose
    /// signature does not hold is kept apart.
    pub(crate) fn judge<'a>(
        &self,
        parsed: Parsed<'a>,
        (bytes, companions): (&[u8], &[(&str, &[u8])]),
        at: Timestamp,
    ) -> Parsed<'a> {
        self.judge_as(parsed, (bytes, companions), at, self.is_strict)
    }

    /// The same for a document that counts already, and goes on counting.
    pub(crate) fn judge_again<'a>(
        &self,
        parsed: Parsed<'a>,
        (bytes, companions): (&[u8], &[(&str, &[u8])]),
        at: Timestamp,
    ) -> Parsed<'a> {
        self.judge_as(parsed, (bytes, companions), at, false)
    }

    fn judge_as<'a>(
        &self,
        parsed: Parsed<'a>,
        (bytes, companions): (&[u8], &[(&str, &[u8])]),
        at: Timestamp,
        is_strict: bool,
    ) -> Parsed<'a> {
        let Parsed::Read { format, reader_version, mut inventory } = parsed else { return parsed };
        let beside = companions.iter().find(|(role, _)| *role == SIGNATURE).map(|(_, signature)| *signature);
        let standing = match beside {
            Some(signature) => Some(self.beside(bytes, signature, at)),
            None if inventory.gaps.count(GapCode::SignatureUnchecked) > 0 => Some(self.around(bytes, at)),
            None => None,
        };
        let Some(standing) = standing else { return Parsed::Read { format, reader_version, inventory } };
        note(&mut inventory, &standing);
        match standing {
            Standing::Unknown(why) | Standing::Wrong(why) if is_strict => {
                let reason = underpin_formats::Unreadable::new("signature-not-verified", "/", why);
                Parsed::Quarantined { format, reason }
            }
            _ => Parsed::Read { format, reader_version, inventory },
        }
    }

    /// An envelope around the document: its text has to be the very one that was read.
    fn around(&self, bytes: &[u8], at: Timestamp) -> Standing {
        if self.keys.is_empty() {
            return Standing::Unchecked;
        }
        let Some(payload) = signed_payload(bytes) else { return Standing::Wrong("not-understood") };
        self.held(at, &[], |wishes| {
            let found = signed(bytes, wishes)?;
            found.into_iter().find(|(_, own)| own.as_ref() == Some(&payload)).map(|(proof, _)| proof)
        })
    }

    /// A signature beside the document.
    fn beside(&self, bytes: &[u8], signature: &[u8], at: Timestamp) -> Standing {
        if self.keys.is_empty() {
            return Standing::Unchecked;
        }
        if !signature.trim_ascii_start().starts_with(b"{") {
            return match self.keys.judge_file(bytes, signature, at) {
                (SignatureState::Verified, by) => Standing::Verified(by),
                (SignatureState::UnknownKey, _) => Standing::Unknown("unknown-signer"),
                (SignatureState::Broken | SignatureState::Unsigned, _) => Standing::Wrong("wrong-signature"),
            };
        }
        let [sha256, sha384, sha512] = [Digest::Sha256, Digest::Sha384, Digest::Sha512].map(|kind| kind.of(bytes));
        let artefacts = [Artefact { name: String::new(), sha256, sha384, sha512 }];
        self.held(at, &artefacts, |wishes| {
            let mut found = signed(signature, wishes)?;
            found.sort_by_key(|(proof, _)| !proof.is_authentic());
            found.into_iter().next().map(|(proof, _)| proof)
        })
    }

    /// The best that signatures show, for any of those who are believed.
    fn held(&self, at: Timestamp, artefacts: &[Artefact], of: impl Fn(&Wishes<'_>) -> Option<Proof>) -> Standing {
        if self.keys.is_empty() {
            return Standing::Unchecked;
        }
        let root = (!self.keys.root.is_empty()).then_some(&self.keys.root);
        let base = Wishes { keys: &self.keys.keys, root, artefacts, now: at, ..Wishes::default() };
        let named = self.signers.iter().map(|signer| Wishes {
            identity: Some(&signer.identity),
            issuer: Some(&signer.issuer),
            ..base.clone()
        });
        let mut worst = Standing::Wrong("not-understood");
        // Without anybody named first: a key is nobody's identity, and what does not hold for nobody holds for none.
        for wishes in std::iter::once(base.clone()).chain(named) {
            match of(&wishes).map(|proof| standing(&proof, !artefacts.is_empty())) {
                Some(verified @ Standing::Verified(_)) => return verified,
                Some(other) if wishes.identity.is_none() => worst = other,
                _ => {}
            }
        }
        worst
    }
}

/// What the parts of a proof say together.
fn standing(proof: &Proof, has_file: bool) -> Standing {
    if proof.is_authentic() && (!has_file || proof.outcome(ProofPart::Subject) == Some(Outcome::Met)) {
        return Standing::Verified(proof.identity.clone().or_else(|| proof.key.clone()).unwrap_or_default());
    }
    let broken = |one: &&underpin_model::proofs::ProvenPart| {
        one.outcome == Outcome::NotMet && !matches!(one.part, ProofPart::Builder | ProofPart::Identity)
    };
    match proof.parts.iter().find(broken).and_then(|one| one.reason) {
        Some(ProofReason::UnknownSigner) => Standing::Unknown("unknown-signer"),
        Some(reason) => Standing::Wrong(reason.as_str()),
        None => Standing::Unknown("other-identity"),
    }
}

/// Notes how a signature stands, as a fact and, unless it is verified, as a gap.
fn note(inventory: &mut Inventory<'_>, standing: &Standing) {
    let (word, detail) = match standing {
        Standing::Verified(by) => ("verified", by.as_str()),
        Standing::Unknown(why) => ("unknown-signer", *why),
        Standing::Wrong(why) => ("wrong", *why),
        Standing::Unchecked => ("unchecked", "no-keys"),
    };
    inventory.signature = Some((Cow::Borrowed(word), Cow::Owned(detail.to_owned())));
    let code = match standing {
        Standing::Verified(_) => None,
        Standing::Unknown(_) => Some(GapCode::SignatureUnknown),
        Standing::Wrong(_) => Some(GapCode::SignatureWrong),
        Standing::Unchecked if inventory.gaps.count(GapCode::SignatureUnchecked) > 0 => return,
        Standing::Unchecked => Some(GapCode::SignatureUnchecked),
    };
    inventory.gaps.remove(GapCode::SignatureUnchecked);
    if let Some(code) = code {
        inventory.gaps.add(code, "/", detail.to_owned());
    }
}
