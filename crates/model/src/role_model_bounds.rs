// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bounds of what the government is a role model with: repositories that are checked, the catalogue, publications, open data.

/// Bytes of the name of a key or a licence that a fault of a practice is about.
pub const PRACTICE_DETAIL_BYTES: usize = 120;
/// Files of a folder or clone that is checked.
pub const CHECKED_FILES: usize = 500_000;
/// Folders inside folders of what is checked.
pub const CHECKED_DEPTH: usize = 128;
/// Bytes of one file that are read for marks of copyright and licence.
pub const CHECKED_FILE_BYTES: u64 = 64 << 20;
/// Bytes of all files together that are read for them.
pub const CHECKED_TOTAL_BYTES: u64 = 16 << 30;
/// Bytes of a file that declares something (publiccode.yml, REUSE.toml, security.txt).
pub const DECLARATION_BYTES: u64 = 1 << 20;
/// Values of such a file, with all that it repeats by alias.
pub const DECLARATION_VALUES: usize = 20_000;
/// Values inside values of such a file.
pub const DECLARATION_DEPTH: usize = 64;
/// Newest commits of a clone that are looked at for sign-offs.
pub const CHECKED_COMMITS: u32 = 50;
/// Documents of a project that are read for what they are about.
pub const CHECKED_DOCUMENTS: usize = 2_000;
/// Places that an answer names for one practice; the rest is counted.
pub const PRACTICE_PLACES: usize = 10_000;
/// Places of one practice when many repositories are checked at once.
pub const PRACTICE_PLACES_OF_MANY: usize = 100;
/// Repositories that are checked at once.
pub const CHECKED_REPOSITORIES: usize = 100_000;
/// Bytes of a list of them.
pub const CHECKED_LIST_BYTES: u64 = 64 << 20;
/// Bytes of a document that is published, with its signature.
pub const PUBLICATION_BYTES: usize = 16 << 20;
/// Bytes of the name of a publication.
pub const PUBLICATION_NAME_BYTES: usize = 200;
/// Bytes of the address of an own repository.
pub const REPOSITORY_ADDRESS_BYTES: usize = 500;
/// Bytes of what is kept of an own repository.
pub const REPOSITORY_BYTES: usize = 512 << 10;
/// Systems that are said to run an own repository, and look-alikes that are put aside.
pub const REPOSITORY_LINKS: usize = 500;
/// Repositories that one look writes down.
pub const REPOSITORIES_TAKEN: usize = 20_000;
/// Bytes of a text that a repository declares; the rest is cut.
pub const DECLARED_TEXT_BYTES: usize = 40_000;
/// Entries of a list that a repository declares; the rest is left out.
pub const DECLARED_ENTRIES: usize = 100;
/// Bytes of a file that declares something, as the catalogue keeps it; of a larger one only what is read out of it is kept.
pub const DECLARED_FILE_BYTES: usize = 128 << 10;
/// Places of one practice that the catalogue keeps; the rest is counted.
pub const KEPT_PLACES: usize = 5;
/// Marks of contents that the catalogue keeps of a repository.
pub const CONTENT_MARKS: usize = 256;
/// Bytes of a field of an exemption.
pub const EXEMPTION_FIELD_BYTES: usize = 2_000;
/// Bytes of a reason or an address in a self-assessment …
pub const SELF_ASSESSMENT_FIELD_BYTES: usize = 2_000;
/// … answers that are written down at once …
pub const SELF_ASSESSMENTS_TAKEN: usize = 500;
/// … and bytes of a file of them.
pub const SELF_ASSESSMENT_FILE_BYTES: u64 = 1 << 20;
/// Bytes of a list of clones to look at.
pub const CRAWL_LIST_BYTES: u64 = 4 << 20;
/// Systems that something is used by at least, so that everybody may be told how widely …
pub const OPEN_DATA_SYSTEMS: u64 = 20;
/// … how many of such things are told of …
pub const OPEN_DATA_ROWS: usize = 10_000;
/// … in so many editions, the newest …
pub const OPEN_DATA_EDITIONS: usize = 8;
/// … and for how many seconds an edition is kept that was worked out.
pub const OPEN_DATA_SECONDS: i64 = 300;
/// In an assessment of dependencies for an authority, what is told of is used by more systems than these …
pub const DEPENDENCY_THRESHOLD: u64 = 10;
/// … and so many packages are told of at most.
pub const DEPENDENCY_ROWS: usize = 100_000;
/// Answers for everybody that are kept as bytes …
pub const KEPT_ANSWERS: usize = 500;
/// … and bytes of all of them.
pub const KEPT_ANSWERS_BYTES: usize = 64 << 20;
/// Bytes of a starter kit, packed and unpacked …
pub const STARTER_KIT_BYTES: u64 = 64 << 20;
/// … and files in it.
pub const STARTER_KIT_FILES: usize = 5_000;
/// Bytes of what is said with an event of a reporting clock, with answers about a role, or of a request of an authority …
pub const LAW_TEXT_BYTES: usize = 4_000;
/// … of a name of evidence, an authority or a reference in them …
pub const LAW_FIELD_BYTES: usize = 500;
/// … pieces of evidence that one event names …
pub const LAW_EVIDENCE: usize = 50;
/// … events of the clocks of one incident, and answers about a role.
pub const CLOCK_EVENTS: usize = 1_000;
/// Answers that one statement about a role holds.
pub const ROLE_FACTS: usize = 64;
