// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The conformance suite of Sigstore as an outside exam, where it lies beside the clone: each bundle says by its name whether it verifies.

use std::path::{Path, PathBuf};

use underpin_model::Timestamp;
use underpin_model::practices::Outcome;
use underpin_model::proofs::ProofPart;

use super::*;
use crate::signatures::{Digest, PublicKey, pem_blocks};

const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// The folder that holds `bundle-verify` of the suite and `trusted_root.json` of the public instance.
fn folder() -> Option<PathBuf> {
    std::env::var_os("UNDERPIN_SIGSTORE").map(PathBuf::from)
}

fn verifies(folder: &Path, root: &TrustRoot) -> bool {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let own_root = std::fs::read(folder.join("trusted_root.json")).ok();
    let Ok(root) = own_root.map_or_else(|| Ok(root.clone()), |bytes| TrustRoot::read(&bytes)) else { return false };
    let artefact =
        std::fs::read(folder.join("artifact")).or_else(|_| std::fs::read(folder.join("../a.txt"))).expect("a file");
    let [sha256, sha384, sha512] = [Digest::Sha256, Digest::Sha384, Digest::Sha512].map(|digest| digest.of(&artefact));
    let keys: Vec<PublicKey> = text("key.pub")
        .iter()
        .flat_map(|pem| pem_blocks(pem, "PUBLIC KEY"))
        .filter_map(|block| PublicKey::of_spki(&block))
        .collect();
    let (identity, issuer) = (text("identity"), text("issuer"));
    let wishes = Wishes {
        keys: &keys,
        root: Some(&root),
        artefacts: &[Artefact { name: "a.txt".to_owned(), sha256, sha384, sha512 }],
        identity: keys.is_empty().then_some(identity.as_deref().unwrap_or(IDENTITY).trim()),
        issuer: keys.is_empty().then_some(issuer.as_deref().unwrap_or(ISSUER).trim()),
        now: Timestamp::from_seconds(1_790_000_000),
        ..Wishes::default()
    };
    let bundle = std::fs::read(folder.join("bundle.sigstore.json")).expect("a bundle");
    verify(&bundle, &wishes).is_some_and(|proofs| {
        proofs.len() == 1
            && proofs[0].is_authentic()
            && proofs[0].outcome(ProofPart::Log) == Some(Outcome::Met)
            && proofs[0].outcome(ProofPart::Subject) == Some(Outcome::Met)
    })
}

#[test]
fn bundles_verify_exactly_when_they_should() {
    let Some(exam) = folder() else { return eprintln!("skipped: UNDERPIN_SIGSTORE names no folder") };
    let root = TrustRoot::read(&std::fs::read(exam.join("trusted_root.json")).expect("a root")).expect("a root");
    let (mut right, mut wrong) = (0, Vec::new());
    for entry in std::fs::read_dir(exam.join("bundle-verify")).expect("bundles") {
        let path = entry.expect("a folder").path();
        if !path.is_dir() {
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if verifies(&path, &root) == name.ends_with("_fail") { wrong.push(name) } else { right += 1 }
    }
    wrong.sort();
    println!("bundles: {right} right, wrong: {wrong:?}");
    assert!(wrong.is_empty(), "{wrong:?}");
}
