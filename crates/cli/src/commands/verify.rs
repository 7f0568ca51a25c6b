// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::Result;
use underpin_office::role_model::evidence::keyring;
use underpin_office::role_model::verify::{Asked, FileProof, VerifyAnswer, source, verify};
use underpin_render::{Language, text};

use crate::context::{Context, usage};
use crate::output::{Answer, print};

/// What do the signatures and attestations of a release prove?
///
/// Bundles of Sigstore, DSSE envelopes, in-toto statements and the provenance of SLSA are verified against what you pin: keys, certificates,
/// or a trusted_root.json of Sigstore. Nobody is called. Each part is told apart: signature, signer, time, log, identity, file, builder.
/// Ends with 1 when a signature is not authentic, or not what was asked for. A statement that nobody signed is told as such: it ends with 0
/// only where nobody was asked for, and it is about the files and the source that were.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin verify portal.tar.gz.sigstore.json --subject portal.tar.gz --trust trusted_root.json\n  underpin verify multiple.intoto.jsonl --trust release.pub --builder https://ci.example.gov\n  underpin verify v1.sigstore.json --trust release.pub --source https://example.gov/portal@v1"
)]
pub struct Verify {
    /// A file of signatures or attestations
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// A file or folder of what counts: PUBLIC KEY or CERTIFICATE in PEM, trusted_root.json
    #[arg(long, value_name = "PATH")]
    trust: Vec<PathBuf>,
    /// A file that it has to be about; may be said again
    #[arg(long, value_name = "FILE")]
    subject: Vec<PathBuf>,
    #[command(flatten)]
    asked: AskedOptions,
    /// In German
    #[arg(long)]
    german: bool,
}

/// Who has to have signed and built.
#[derive(Clone, Debug, clap::Args)]
pub struct AskedOptions {
    /// Who has to have signed: the address of a workflow, or of mail
    #[arg(long, value_name = "TEXT")]
    identity: Option<String>,
    /// Who has to have confirmed that
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// A builder that counts; without its version (behind @) every version does
    #[arg(long, value_name = "ID")]
    builder: Vec<String>,
    /// The same for one that keeps each build apart from all others (SLSA Build L3)
    #[arg(long, value_name = "ID")]
    hardened_builder: Vec<String>,
    /// The source that a provenance has to be of; a short REF is a tag or a branch
    #[arg(long, value_name = "URI[@REF]")]
    source: Option<String>,
}

impl AskedOptions {
    /// As the office takes it.
    ///
    /// # Errors
    /// A source that is none.
    pub fn asked(&self) -> Result<Asked> {
        let source = self.source.as_deref().map(source).transpose();
        Ok(Asked {
            identity: self.identity.clone(),
            issuer: self.issuer.clone(),
            builders: self.builder.clone(),
            hardened: self.hardened_builder.clone(),
            source: source.map_err(|hint| usage("--source names no source", &hint))?,
        })
    }
}

const FIELDS: [&str; 12] = [
    "path",
    "number",
    "is_authentic",
    "level",
    "predicate",
    "builder",
    "source",
    "key",
    "identity",
    "issuer",
    "subjects",
    "parts",
];

impl Verify {
    pub fn run(self, context: &Context) -> Result<bool> {
        let language = if self.german { Language::German } else { Language::English };
        let now = context.global.as_of.unwrap_or(context.now);
        let (keys, asked) = (keyring(&self.trust)?, self.asked.asked()?);
        let found = verify(&self.files, &self.subject, &keys, &asked, now)?;
        print(&answer(&found, language), context.printing_all())?;
        Ok(found.proofs.iter().any(|one| one.is_wrong(&keys, &asked)))
    }
}

fn answer(found: &VerifyAnswer, language: Language) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    Answer {
        rows: json["proofs"].as_array().cloned().unwrap_or_default(),
        json,
        fields: &FIELDS,
        head: found.proofs.iter().flat_map(|one| lines(one, language)).collect(),
        ..Answer::default()
    }
}

/// A signature and its parts.
fn lines(one: &FileProof, language: Language) -> Vec<String> {
    let told = |key: &str| text(language, key, &[]);
    let key = if one.is_authentic { "proof-authentic" } else { "proof-not-authentic" };
    let level = told(&format!("slsa-level-{}", one.proof.level.as_str()));
    let mut lines = vec![format!("{} {}: {} ({level})", one.path, one.number, told(key))];
    for (key, value) in [
        ("proof-predicate", &one.proof.predicate),
        ("proof-builder", &one.proof.builder),
        ("proof-source", &one.proof.source),
        ("proof-key", &one.proof.key),
        ("proof-identity", &one.proof.identity),
        ("proof-issuer", &one.proof.issuer),
    ] {
        lines.extend(value.as_ref().map(|value| format!("  {}: {value}", told(key))));
    }
    for part in &one.proof.parts {
        let why = part.reason.map(|why| format!(": {}", told(&format!("reason-{}", why.as_str())))).unwrap_or_default();
        let outcome = told(&format!("practice-{}", part.outcome.as_str()));
        lines.push(format!("  {}: {outcome}{why}", told(&format!("part-{}", part.part.as_str()))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use underpin_model::proofs::{BuildLevel, ProofPart, ProofReason};

    use super::*;

    #[test]
    fn everything_that_can_be_said_is_said_in_both_languages() {
        let mut keys: Vec<String> = ["proof-authentic", "proof-not-authentic"].map(str::to_owned).to_vec();
        keys.extend(["predicate", "builder", "source", "key", "identity", "issuer"].map(|key| format!("proof-{key}")));
        keys.extend(ProofPart::ALL.iter().map(|word| format!("part-{}", word.as_str())));
        keys.extend(ProofReason::ALL.iter().map(|word| format!("reason-{}", word.as_str())));
        keys.extend(BuildLevel::ALL.iter().map(|word| format!("slsa-level-{}", word.as_str())));
        for language in Language::ALL {
            let missing: Vec<&String> = keys.iter().filter(|key| text(language, key, &[]) == **key).collect();
            assert!(missing.is_empty(), "{language:?} has no words for {missing:?}");
        }
    }
}
