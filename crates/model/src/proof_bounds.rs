// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bounds of what is read to prove something: keys, signatures, attestations, secrets, answers of forges.

/// Bytes of a file of keys that are pinned.
pub const TRUST_FILE_BYTES: u64 = 4 << 20;
/// Bytes of a repository that comes as a bundle or over the network.
pub const RECEIVED_PACK_BYTES: u64 = 2 << 30;
/// Names of branches, tags and the like of one.
pub const RECEIVED_REFERENCES: usize = 200_000;
/// Bytes of one object of it, unpacked.
pub const RECEIVED_OBJECT_BYTES: usize = 256 << 20;
/// How long its objects may take to be unpacked.
pub const RECEIVED_INDEX_SECONDS: u64 = 600;
/// Bytes in which a server tells the names of a repository.
pub const RECEIVED_NAMES_BYTES: u64 = 64 << 20;
/// Repositories that are fetched, or unpacked, and held at once.
pub const RECEIVED_AT_ONCE: usize = 8;
/// Keys that are pinned at once.
pub const TRUSTED_KEYS: usize = 1_000;
/// Signatures of tags, and of commits, that are verified in one repository.
pub const CHECKED_SIGNATURES: usize = 10_000;
/// Bytes of one answer of a forge.
pub const FORGE_BYTES: u64 = 8 << 20;
/// Rows of one answer of a forge.
pub const FORGE_ROWS: usize = 1_000;
/// Pages of a list of a forge that are read.
pub const FORGE_PAGES: usize = 20;
/// Pages of the list of an organisation's repositories that are read.
pub const FORGE_LIST_PAGES: usize = 400;
/// Bytes of a text of a forge about a repository; the rest is cut.
pub const FORGE_TEXT_BYTES: usize = 1_000;
/// Merged changes whose reviews are asked for, the newest first.
pub const FORGE_CHANGES: usize = 100;
/// Issues whose first reaction is looked for, the newest first.
pub const FORGE_ISSUES: usize = 200;
/// Files of a release, with its attestations.
pub const RELEASE_FILES: usize = 2_000;
/// Bytes of a file of attestations.
pub const ATTESTATION_BYTES: u64 = 16 << 20;
/// Attestations of one file.
pub const ATTESTATIONS: usize = 1_000;
/// Signatures of one envelope that are tried.
pub const ENVELOPE_SIGNATURES: usize = 100;
/// Things that one statement is about.
pub const ATTESTATION_SUBJECTS: usize = 100_000;
/// Bytes of a name that a statement gives: of a builder, a source, a thing.
pub const ATTESTATION_TEXT_BYTES: usize = 1_000;
/// Certificates from that of a signer to a root.
pub const CERTIFICATE_CHAIN: usize = 8;
/// Digests of a proof that an entry is in a log: enough for every log.
pub const PROOF_HASHES: usize = 64;
/// Different files of a whole history in which secrets are looked for.
pub const SECRET_FILES: usize = 2_000_000;
/// Bytes of one file in which they are looked for.
pub const SECRET_FILE_BYTES: u64 = 16 << 20;
/// Bytes of all of them together.
pub const SECRET_TOTAL_BYTES: u64 = 8 << 30;
/// Commits whose files are read for them.
pub const SECRET_COMMITS: usize = 1_000_000;
/// Secrets of one file that are told.
pub const SECRETS_PER_FILE: usize = 1_000;
/// Bytes of the name of a tag that is told.
pub const TAG_NAME_BYTES: usize = 200;
