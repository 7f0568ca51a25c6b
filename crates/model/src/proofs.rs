// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What signatures of releases prove, part by part. Nothing about people: an identity that is a mail address is told by its host alone.

use serde::Serialize;

use crate::practices::Outcome;
use crate::words::words;

words!(
    /// A part of a proof.
    ProofPart {
        // The signature fits what it signs.
        #[default] Signature "signature",
        // It was made with a pinned key, or one that a pinned authority certified.
        Signer "signer",
        // When it was made, is shown by somebody who is believed.
        Time "time",
        // A pinned log has it.
        Log "log",
        // A pinned log of certificates has the certificate.
        CertificateLog "certificate-log",
        // The signer is who was asked for.
        Identity "identity",
        // The file that was given is among what it is about.
        Subject "subject",
        // The builder is one of those that were allowed, and the signature is its own.
        Builder "builder",
        // The provenance is of the source that was asked for; judged only where somebody asked.
        Source "source",
    }
);
words!(
    /// Why a part does not hold, or cannot be assessed.
    ProofReason {
        #[default] NotUnderstood "not-understood",
        WrongSignature "wrong-signature",
        // No key and no authority that was given is behind it.
        UnknownSigner "unknown-signer",
        NoKeys "no-keys",
        // A root in the bundle itself: old tools did so, and the specification forbids it.
        BringsRoot "brings-root",
        // No moment that is believed lies in the time of the certificate.
        NoTime "no-time",
        WrongEntry "wrong-entry",
        NoEntry "no-entry",
        NoLogKey "no-log-key",
        NotLogged "not-logged",
        OtherIdentity "other-identity",
        NobodyAsked "nobody-asked",
        OtherSubject "other-subject",
        NoSubject "no-subject",
        NoStatement "no-statement",
        UnknownBuilder "unknown-builder",
        OtherBuilder "other-builder",
        // Nobody signed it at all.
        Unsigned "unsigned",
        OtherSource "other-source",
        NoSource "no-source",
    }
);
words!(
    /// The level of SLSA's build track that an attestation shows.
    BuildLevel { #[default] None "none", One "build-1", Two "build-2", Three "build-3", }
);

/// A part with its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ProvenPart {
    /// Which.
    pub part: ProofPart,
    /// One of three.
    pub outcome: Outcome,
    /// Why not, or why nobody can say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ProofReason>,
}

/// What one attestation or signature shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Each part.
    pub parts: Vec<ProvenPart>,
    /// The level that it shows.
    pub level: BuildLevel,
    /// What kind of statement it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
    /// Who built it, as it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builder: Option<String>,
    /// From which source, as it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Which pinned key made it: the SHA-256 of its SubjectPublicKeyInfo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whose certificate it is: an address of a workflow, or the host of a mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// Who confirmed that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// How many things it is about.
    pub subjects: u64,
    /// Which of the files that were given it is about, by their place.
    #[serde(skip)]
    pub covers: Vec<usize>,
}

impl Proof {
    /// The result of a part; `None` where it has no part in it.
    pub fn outcome(&self, part: ProofPart) -> Option<Outcome> {
        self.parts.iter().find(|one| one.part == part).map(|one| one.outcome)
    }

    /// Whether it is authentic: signature and signer hold, and no part is broken. A certificate proves only that somebody signed: who that
    /// has to be must have been asked for, or be the builder that was named.
    pub fn is_authentic(&self) -> bool {
        let holds = |part| self.outcome(part) == Some(Outcome::Met);
        let is_broken = self.parts.iter().any(|one| one.outcome == Outcome::NotMet && one.part != ProofPart::Builder);
        let is_somebody =
            self.outcome(ProofPart::Identity).is_none() || holds(ProofPart::Identity) || holds(ProofPart::Builder);
        holds(ProofPart::Signature) && holds(ProofPart::Signer) && is_somebody && !is_broken
    }
}
