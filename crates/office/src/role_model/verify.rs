// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `verify`: what signatures and attestations of releases prove, offline, against what was pinned. And the same for a folder of
//! releases, as part of a check.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use underpin_formats::attestations::{Artefact, Source, Wishes};
use underpin_formats::signatures::Keyring;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::ATTESTATION_BYTES;
use underpin_model::practices::Outcome;
use underpin_model::proofs::{BuildLevel, Proof, ProofPart, ProofReason};
use underpin_model::repository_facts::{ReleaseFacts, ReleasedFile};

use super::release_folder::ReleaseFolder;
use crate::error::{OfficeError, Result};

/// Bytes that are read at once to take a digest.
const PORTION_BYTES: usize = 1 << 16;
/// Who is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Who has to have signed.
    pub identity: Option<String>,
    /// Who has to have confirmed that.
    pub issuer: Option<String>,
    /// Builders that count.
    pub builders: Vec<String>,
    /// Builders that keep each build apart from all others.
    pub hardened: Vec<String>,
    /// The source that a provenance has to be of.
    pub source: Option<Source>,
}

/// Reads a source that is asked for: `URI[@REF]`.
///
/// # Errors
/// In words, where it names no host and no path.
pub fn source(text: &str) -> std::result::Result<Source, String> {
    Source::read(text)
        .ok_or_else(|| "name it as https://host/owner/name, with @branch, @tag or @commit behind it".to_owned())
}

/// What the signatures of some files prove.
#[derive(Clone, Debug, Serialize)]
pub struct VerifyAnswer {
    /// Each signature.
    pub proofs: Vec<FileProof>,
}

/// A signature of a file.
#[derive(Clone, Debug, Serialize)]
pub struct FileProof {
    /// The file.
    pub path: String,
    /// Which of its signatures, from 1.
    pub number: usize,
    /// Whether it is authentic and all that was asked for holds.
    pub is_authentic: bool,
    /// What it shows.
    #[serde(flatten)]
    pub proof: Proof,
}

fn wishes<'a>(keys: &'a Keyring, asked: &'a Asked, artefacts: &'a [Artefact], now: Timestamp) -> Wishes<'a> {
    Wishes {
        keys: &keys.keys,
        root: (!keys.root.is_empty()).then_some(&keys.root),
        artefacts,
        any_artefact: false,
        identity: asked.identity.as_deref(),
        issuer: asked.issuer.as_deref(),
        builders: &asked.builders,
        hardened: &asked.hardened,
        source: asked.source.as_ref(),
        now,
    }
}

impl FileProof {
    /// Whether it does not show what was asked for. What nobody signed can still say which files it is about, and from which source they
    /// were built: that is enough where nothing else was asked for.
    pub fn is_wrong(&self, keys: &Keyring, asked: &Asked) -> bool {
        let asks_builder = !asked.builders.is_empty() || !asked.hardened.is_empty();
        let builder = self.proof.outcome(ProofPart::Builder);
        if builder == Some(Outcome::NotMet) || (asks_builder && builder != Some(Outcome::Met)) {
            return true;
        }
        let is_unsigned = self.proof.parts.iter().any(|one| one.reason == Some(ProofReason::Unsigned));
        let asks_signer = !keys.is_empty() || asked.identity.is_some() || asked.issuer.is_some() || asks_builder;
        if !is_unsigned || asks_signer {
            return !self.is_authentic;
        }
        let holds = |part| self.proof.outcome(part) == Some(Outcome::Met);
        let is_broken = self.proof.parts.iter().any(|one| one.outcome == Outcome::NotMet);
        is_broken || !(holds(ProofPart::Subject) || holds(ProofPart::Source))
    }
}

/// Verifies files of signatures and attestations. `subjects` are files that each of them has to be about.
///
/// # Errors
/// `no-attestation` for a file of another kind; one that cannot be read.
pub fn verify(
    files: &[PathBuf],
    subjects: &[PathBuf],
    keys: &Keyring,
    asked: &Asked,
    now: Timestamp,
) -> Result<VerifyAnswer> {
    let artefacts = subjects.iter().map(|path| artefact(path)).collect::<Result<Vec<_>>>()?;
    let wishes = wishes(keys, asked, &artefacts, now);
    let mut proofs = Vec::new();
    for file in files {
        let bytes = attestation(file)?;
        let found = underpin_formats::attestations::verify(&bytes, &wishes).ok_or_else(|| {
            OfficeError::new("no-attestation", format!("{} is no attestation that is known", file.display()))
                .hint("name bundles of Sigstore, DSSE envelopes, *.intoto.jsonl, or attestations of npm or PyPI")
        })?;
        proofs.extend((1..).zip(found).map(|(number, proof)| FileProof {
            path: file.display().to_string(),
            number,
            is_authentic: proof.is_authentic(),
            proof,
        }));
    }
    Ok(VerifyAnswer { proofs })
}

fn attestation(path: &Path) -> Result<Vec<u8>> {
    let fault = |error: std::io::Error| OfficeError::file(path, &error);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(fault)?;
    file.take(ATTESTATION_BYTES + 1).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() as u64 > ATTESTATION_BYTES {
        return Err(OfficeError::new("no-attestation", format!("{} is too large for an attestation", path.display())));
    }
    Ok(bytes)
}

/// The digests of a file, read once.
fn artefact(path: &Path) -> Result<Artefact> {
    let fault = |error: std::io::Error| OfficeError::file(path, &error);
    let mut file = std::fs::File::open(path).map_err(fault)?;
    let (mut one, mut two, mut three) = (Sha256::new(), Sha384::new(), Sha512::new());
    let mut portion = vec![0; PORTION_BYTES];
    loop {
        let count = file.read(&mut portion).map_err(fault)?;
        if count == 0 {
            break;
        }
        let read = &portion[..count];
        one.update(read);
        two.update(read);
        three.update(read);
    }
    Ok(Artefact {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        sha256: one.finalize().to_vec(),
        sha384: two.finalize().to_vec(),
        sha512: three.finalize().to_vec(),
    })
}

/// What the attestations of a folder say about the other files in it: the best level for each.
///
/// # Errors
/// A folder or a file that cannot be read, or too many of them.
pub fn release_facts(folder: &Path, keys: &Keyring, asked: &Asked, now: Timestamp) -> Result<ReleaseFacts> {
    let found = ReleaseFolder::read(folder)?;
    let artefacts = found.released.iter().map(|(_, path)| artefact(path)).collect::<Result<Vec<_>>>()?;
    let wishes = Wishes { any_artefact: true, ..wishes(keys, asked, &artefacts, now) };
    // That there is one does not depend on whom the reader believes.
    let (nobody, nothing) = (Keyring::default(), Asked::default());
    let unpinned = Wishes { any_artefact: true, ..self::wishes(&nobody, &nothing, &artefacts, now) };
    let file = |name: &String| ReleasedFile { name: name.clone(), level: BuildLevel::None, is_claimed: false };
    let mut files: Vec<ReleasedFile> = found.released.iter().map(|(name, _)| file(name)).collect();
    for path in &found.proofs {
        let bytes = attestation(path)?;
        for (wishes, most) in [(&wishes, BuildLevel::Three), (&unpinned, BuildLevel::One)] {
            for proof in underpin_formats::attestations::verify(&bytes, wishes).unwrap_or_default() {
                for place in &proof.covers {
                    let Some(file) = files.get_mut(*place) else { continue };
                    file.level = file.level.max(proof.level.min(most));
                    file.is_claimed = true;
                }
            }
        }
    }
    files.extend(found.unread.iter().map(file));
    Ok(ReleaseFacts {
        has_keys: !keys.is_empty(),
        has_builders: !(asked.builders.is_empty() && asked.hardened.is_empty()),
        has_hardened: !asked.hardened.is_empty(),
        files,
    })
}
