// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every limit, in one place. Each can be set in `underpin.toml` under `[limits]` by its name.

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty = $value:expr;)*) => {
        /// The limits in force.
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Limits { $($(#[doc = $doc])+ pub $name: $kind,)* }

        impl Default for Limits {
            fn default() -> Self { Self { $($name: $value,)* } }
        }

        impl Limits {
            /// Name, default and meaning of each limit, for the manual.
            pub fn manual() -> Vec<(&'static str, String, &'static str)> {
                let limits = Self::default();
                vec![$((stringify!($name), limits.$name.to_string(), concat!($($doc,)+).trim()),)*]
            }

            /// Names of the limits that are 0 and with that allow nothing at all.
            pub fn zeros(&self) -> Vec<&'static str> {
                let zeros = [$((stringify!($name), self.$name == 0),)*];
                let zeros = zeros.into_iter().filter(|(name, is_zero)| *is_zero && !Self::MAY_BE_ZERO.contains(name));
                zeros.map(|(name, _)| name).collect()
            }
        }
    };
}

impl Limits {
    /// Limits for which 0 has a meaning: none inside another, at once, always.
    pub const MAY_BE_ZERO: [&str; 7] = [
        "archive_depth",
        "cluster_small_rows",
        "garbage_grace_seconds",
        "orphan_grace_seconds",
        "question_wait_ms",
        "small_segments",
        "stale_days",
    ];
}

limits! {
    /// Largest single piece of evidence, unpacked.
    evidence_bytes: u64 = 2 << 30;
    /// All that one archive may unpack to.
    archive_bytes: u64 = 16 << 30;
    /// How many times larger than its packed form a single file may become (above four mebibytes).
    compression_ratio: u64 = 200;
    /// The same for an archive of many files: they may repeat each other, as the package lists of many hosts do.
    archive_ratio: u64 = 5_000;
    /// Archives inside archives.
    archive_depth: usize = 4;
    /// Members of one archive.
    archive_members: usize = 200_000;
    /// Longest path of an archive member, in bytes.
    path_bytes: usize = 4_096;
    /// Nesting of JSON, YAML and XML.
    nesting_depth: usize = 128;
    /// Components of one document.
    components: usize = 2_000_000;
    /// Relationships of one document.
    edges: usize = 10_000_000;
    /// Longest single text kept in the inventory, in bytes; longer ones are cut and reported.
    text_bytes: usize = 16_384;
    /// Raw bytes read before a batch is made durable and visible.
    batch_bytes: u64 = 256 << 20;
    /// Documents read before a batch is made durable and visible.
    batch_documents: usize = 4_096;
    /// Dependency paths listed for one question.
    paths: usize = 20;
    /// Length of a dependency path, in packages.
    path_length: usize = 64;
    /// Steps of the path search before it says that it was cut.
    path_steps: usize = 200_000;
    /// Rows of one answer on a terminal; other formats are not cut.
    table_rows: usize = 200;
    /// Memory of one SQL query, in bytes.
    query_bytes: usize = 2 << 30;
    /// Time of one SQL query, in milliseconds.
    query_timeout_ms: u64 = 60_000;
    /// How long a page waits for an answer in SQL before it says how far the question is, in milliseconds.
    question_wait_ms: u64 = 3_000;
    /// Length of a SQL text, in bytes.
    query_text_bytes: usize = 100_000;
    /// Operators and keywords of a SQL text: what can nest a query deeply. Values in a list do not count.
    query_operators: usize = 2_000;
    /// Rows that a SQL query may read and still be answered in this process where a cluster is named.
    cluster_small_rows: u64 = 4_000_000;
    /// Largest plan that a cluster is given, with the rows that travel in it, in bytes; a larger one is carried out in this process.
    cluster_plan_bytes: usize = 64 << 20;
    /// Parts into which a cluster divides a large step of a query.
    cluster_partitions: usize = 8;
    /// How often a query is handed to a cluster at most, when its scheduler or results are lost.
    cluster_attempts: u32 = 3;
    /// Age from which evidence counts as stale, in days.
    stale_days: u64 = 90;
    /// Small segments of one table before they are put together.
    small_segments: usize = 8;
    /// How long a writer waits for another writer, in milliseconds.
    lock_timeout_ms: u64 = 600_000;
    /// How long replaced files are kept for readers that still hold them, in seconds.
    garbage_grace_seconds: u64 = 3_600;
    /// How long files that no catalogue knows are kept for writers still at work, in seconds.
    orphan_grace_seconds: u64 = 86_400;
    /// How long a request to an object store that fails in passing is made again, in seconds; then the command fails.
    store_patience_seconds: u64 = 60;
    /// Files of an object store that are kept here for reading, in bytes; what was read least lately goes first.
    store_cache_bytes: u64 = 16 << 30;
    /// Rows of a registry file.
    registry_rows: usize = 1_000_000;
    /// Largest single upload of a program, in bytes as it is sent.
    upload_bytes: u64 = 256 << 20;
    /// Uploads that are in memory at a time, in bytes; whoever comes beyond is asked to come again.
    uploads_bytes: u64 = 1 << 30;
    /// Uploads that wait at a time; whoever comes beyond is asked to come again.
    uploads_waiting: usize = 2_000;
    /// How long a program may take to send an upload, in seconds.
    upload_seconds: u64 = 300;
    /// How long the first upload of a batch waits for others, in milliseconds.
    upload_wait_ms: u64 = 20;
    /// Uploads of one batch.
    upload_batch: usize = 64;
    /// How long a process holds a job without a word before others may take it, in seconds.
    job_lease_seconds: u64 = 30;
    /// How often a job is tried before it is given up.
    job_attempts: u32 = 5;
    /// Pieces of large intakes that wait at a time; whoever hands in more waits, too.
    jobs_waiting: usize = 512;
    /// Requests that the programs of one person may make in a minute, with tokens or a session.
    person_requests_a_minute: u64 = 60_000;
    /// Requests of programs and with links of letters that may come from one network address in a minute.
    address_requests_a_minute: u64 = 120_000;
    /// Questions in SQL that one person may ask in a minute.
    sql_questions_a_minute: u64 = 600;
    /// Wrong tokens and wrong links of letters that may come from one network address in a minute; then no unknown one is looked at.
    wrong_keys_a_minute: u64 = 60;
    /// Comments on consultations, and tries to take one back, that may come from one network address in a minute.
    comments_a_minute: u64 = 6;
    /// Bytes of all files that are handed in with one form of a page: they lie in memory until they are stored.
    form_bytes: usize = 256 << 20;
}

/// Bounds inside single readers: far above any real value of one format, there to stop hostile input early. They are no
/// settings, but they stand here so that every limit is found in one place.
pub mod bounds {
    pub use crate::acceptance_bounds::*;
    pub use crate::compass_bounds::*;
    pub use crate::job_bounds::*;
    pub use crate::proof_bounds::*;
    pub use crate::role_model_bounds::*;
    pub use crate::store_bounds::*;
    pub use crate::waiver_bounds::*;

    /// Moments of a window at which it is looked who had a package.
    pub const WINDOW_MOMENTS: usize = 200;
    /// Entries of the audit chain that are read to find these moments.
    pub const WINDOW_ENTRIES: usize = 1_000_000;
    /// Records about a malicious package that an answer lists.
    pub const MALICIOUS_RECORDS: usize = 100;
    /// Bytes of the pattern of a mapping rule, of the name of a setting, pack or segment: texts that the ledger looks up
    /// by an index. A row of an index of PostgreSQL takes 2,704 bytes, and a rule's key holds two identifiers, too.
    pub const INDEXED_TEXT_BYTES: usize = 1_024;
    /// Rows of one page of the interface for programs, where nobody says how many.
    pub const API_ROWS: usize = 100;
    /// The same at most.
    pub const API_ROWS_MOST: usize = 1_000;
    /// Bytes of an object that a program sends.
    pub const API_JSON_BYTES: usize = 1 << 20;
    /// Rows of a query in SQL that a program gets at once.
    pub const API_SQL_ROWS: usize = 10_000;
    /// Letters of the key by which a request is known that is sent again.
    pub const API_KEY_LETTERS: usize = 255;
    /// Bytes of the title of an incident or a task, and of what an incident asks for.
    pub const INCIDENT_TITLE_BYTES: usize = 500;
    /// Bytes of what is said at once about an incident or a task.
    pub const INCIDENT_TEXT_BYTES: usize = 20_000;
    /// Bytes of the words that somebody wants to say to a project, and of what shows a fault.
    pub const CONTACT_TEXT_BYTES: usize = 20_000;
    /// Bytes of a name, an address or what came of a conversation.
    pub const CONTACT_FIELD_BYTES: usize = 2_000;
    /// Patches of one project that one agency or system carries.
    pub const CARRIED_PATCHES: usize = 5_000;
    /// Bytes of the file of a patch.
    pub const CARRIED_PATCH_BYTES: u64 = 4 << 20;
    /// Bytes of what is kept of a patch: a name, a title, an address.
    pub const CARRIED_FIELD_BYTES: usize = 500;
    /// Addresses that are kept of a patch.
    pub const CARRIED_PLACES: usize = 10;
    /// Bytes of a file of questions that a dossier answers.
    pub const QUESTIONS_BYTES: u64 = 256 << 10;
    /// Bytes of a file of corrections by a project.
    pub const REPLY_BYTES: u64 = 256 << 10;
    /// Corrections that a project sends at once.
    pub const REPLY_STATEMENTS: usize = 200;
    /// Answers that one link without an account takes.
    pub const KEY_ANSWERS: i64 = 400;
    /// Forms with files that one link without an account takes.
    pub const KEY_UPLOADS: i64 = 50;
    /// Mails that one reference takes.
    pub const KEY_MAILS: i64 = 50;
    /// Bytes of a mail that is handed in.
    pub const MAIL_BYTES: usize = 40 << 20;
    /// Files in a mail.
    pub const MAIL_FILES: usize = 50;
    /// Bytes of the text of a mail that are kept as a remark.
    pub const MAIL_TEXT_BYTES: usize = 4_000;
    /// Systems that a letter names.
    pub const LETTER_SYSTEMS: usize = 200;
    /// Bytes of one answer of a provider of sign-in.
    pub const OPENID_BYTES: u64 = 1 << 20;
    /// Sign-ins that are under way at providers; for one more the oldest one is forgotten.
    pub const OPENID_OPEN: i64 = 10_000;
    /// Notes of what was read that wait in memory; then they are written down at once.
    pub const READ_NOTES: usize = 1_000;
    /// Days for which it is kept who read what, unless the office says otherwise.
    pub const READ_LOG_DAYS: i64 = 90;
    /// Counters of how often somebody asked lately that are kept in memory; some 32 bytes each …
    pub const PACE_BUCKETS: usize = 1 << 18;
    /// … in so many parts, so that who asks waits for nobody.
    pub const PACE_SHARDS: usize = 16;
    /// Seconds after which what was to be sent and is still there counts as late.
    pub const OUTBOX_LATE_SECONDS: i64 = 3_600;
    /// Seconds for which it is remembered how the outbox and the sources stand: who asks often gets the same answer.
    pub const FLOW_SECONDS: i64 = 30;
    /// Seconds for which a provider of sign-in that could not be reached is not asked again.
    pub const OPENID_DOWN_SECONDS: i64 = 30;
    /// Parts out of sight that a total must have to be shown to somebody who may not see them.
    pub const SAFE_TOTAL_PARTS: u64 = 10;
    /// What such a total is rounded to.
    pub const SAFE_TOTAL_STEP: u64 = 10;
    /// Weeks of the past of which it is told how exposed they were: each is worked out from the record.
    pub const EXPOSURE_WEEKS: u32 = 12;
    /// Moments at which the exposure of an incident is looked at.
    pub const BURN_POINTS: usize = 24;
    /// Differences between the audit chain and what is decided that are listed.
    pub const LISTED_DIFFERENCES: usize = 100;
    /// Seconds from the first file of a batch to asking the ledger, beyond the time that a writer waits for it.
    pub const WRITING_SECONDS: u64 = 120;
    /// How often a change of the registry is worked out anew when others changed the registry meanwhile.
    pub const REGISTRY_ATTEMPTS: usize = 20;
    /// Letters of the name of a file that somebody sends that are kept.
    pub const FILE_NAME_LETTERS: usize = 200;
    /// Documents that are read again at most when a mapping rule is tried out that looks at more than the catalogue keeps.
    pub const MAPPING_TRIAL_DOCUMENTS: usize = 200;
    /// Alternatives or comparisons of one native range.
    pub const RANGE_PARTS: usize = 1_000;
    /// Comparisons of a range that a person wrote.
    pub const COMPARISONS: usize = 1_000;
    /// Bytes of a package list of one Python environment.
    pub const PIP_LIST_BYTES: usize = 16 << 20;
    /// Bytes of a requirements file.
    pub const REQUIREMENTS_BYTES: usize = 16 << 20;
    /// Bytes of the name of a Python package; no index takes longer ones.
    pub const PYTHON_NAME_BYTES: usize = 256;
    /// Bytes of a Maven project file.
    pub const POM_BYTES: usize = 32 << 20;
    /// How often a Maven property may name another one.
    pub const PROPERTY_STEPS: usize = 16;
    /// Bytes of a file that is read together with another one (`go.sum`, `os-release`).
    pub const COMPANION_BYTES: u64 = 64 << 20;
    /// Elements of an XML manifest.
    pub const XML_ELEMENTS: usize = 500_000;
    /// Words of the name of a distribution that are looked at to tell it from its version; no known name has more.
    pub const DISTRIBUTION_NAME_PARTS: usize = 8;
    /// Folders looked into upwards for a package of Node.js; no file system lets real trees become that deep.
    pub const FOLDER_LEVELS: usize = 64;
    /// Bytes of a path from which is looked upwards, or of a folder that links start from; longer ones no file system takes.
    pub const FOLDER_BYTES: usize = 4_096;
    /// Bytes of all paths put together for one lockfile that nests its packages, unless the file itself is larger.
    pub const NESTED_PATHS_BYTES: usize = 1 << 20;
    /// Paths kept for one SPDX package; a package owns all its files, but was found through few.
    pub const SPDX_LOCATIONS: usize = 1_000;
    /// References kept for one SPDX package.
    pub const SPDX_REFERENCES: usize = 10_000;
    /// Digests kept for one SPDX element; there are not that many algorithms.
    pub const SPDX_DIGESTS: usize = 64;
    /// Rules of one rulebook, and documents that they are tried on.
    pub const RULES: usize = 1_000;
    /// Bytes of a file of a rulebook.
    pub const RULE_BYTES: u64 = 4 << 20;
    /// Operators and keywords in the query of a rule, with what is put around it.
    pub const RULE_OPERATORS: usize = 400;
    /// Places that are named of one clause in one document; the count has all.
    pub const RULE_PLACES: usize = 20;
    /// Faults kept of one document that is judged; the verdict counts all.
    pub const STATED_FAULTS: usize = 10_000;
    /// Elements of a list inside one element of an SPDX document.
    pub const SPDX_INNER_ELEMENTS: usize = 100_000;
    /// Bytes of one record of a source of advisories; the largest known ones have a tenth of a megabyte.
    pub const ADVISORY_BYTES: usize = 16 << 20;
    /// Bytes of the identifier of a record.
    pub const ADVISORY_ID_BYTES: usize = 256;
    /// Bytes of a name, version, identifier or vector in a record. Longer ones are left out: a part of one means something else.
    pub const ADVISORY_NAME_BYTES: usize = 1_024;
    /// Aliases of one record, and other names in lists of identifiers.
    pub const ADVISORY_ALIASES: usize = 5_000;
    /// Packages, references, severities and the like of one record.
    pub const ADVISORY_ELEMENTS: usize = 100_000;
    /// Versions that a record lists for one package.
    pub const ADVISORY_VERSIONS: usize = 200_000;
    /// Events of one range.
    pub const ADVISORY_EVENTS: usize = 20_000;
    /// Nodes of one configuration of CPE names that must come together.
    pub const CPE_NODES: usize = 32;
    /// Records of one file of a source.
    pub const FEED_RECORDS: usize = 4_000_000;
    /// Records of one identifier in one file that are kept.
    pub const DUPLICATE_RECORDS: usize = 32;
    /// Places listed for one test of a document that is judged; the count goes on.
    pub const LISTED_FINDINGS: usize = 100;
    /// Products around a product that a statement is bound to; real ones name a platform, perhaps with a module.
    pub const STATEMENT_PLACES: usize = 64;
    /// Bytes of a text that a function of a SQL query makes.
    pub const QUERY_VALUE_BYTES: usize = 256 << 10;
    /// Bytes that a function of a SQL query may make before it looks at what it made.
    pub const QUERY_STEP_BYTES: u64 = 32 << 20;
    /// Bytes of the one line about an advisory that an index keeps; the whole text stays in the evidence.
    pub const ADVISORY_SUMMARY_BYTES: usize = 512;
    /// Records that a layer over a compiled index may hold before all of it is compiled anew: enough for what feeds change in weeks.
    pub const INDEX_LAYER_RECORDS: u64 = 5_000;
    /// The part of the index below that it may hold: one in so many records.
    pub const INDEX_LAYER_SHARE: u64 = 50;
    /// What a layer may hold over the smallest index.
    pub const INDEX_LAYER_FEW_RECORDS: u64 = 64;
    /// All such functions of a query together may make this part of its memory for one batch of rows.
    pub const QUERY_BATCH_SHARE: usize = 4;
    /// Bytes at the start of a file that tell which source it belongs to.
    pub const SNIFFED_BYTES: usize = 256 << 10;
    /// Bytes of one answer of a server that a portfolio is taken over from: a bill of materials, a page of a list.
    pub const PORTFOLIO_BYTES: u64 = 256 << 20;
    /// Entries of a page that such a server is asked for.
    pub const PORTFOLIO_PAGE: usize = 100;
    /// Pages of one list that are read at most.
    pub const PORTFOLIO_PAGES: usize = 10_000;
    /// Findings in one report for a build server: it is made in memory, and such servers take fewer.
    pub const REPORTED_FINDINGS: u64 = 100_000;
    /// Redirects followed for one request.
    pub const REDIRECTS: usize = 5;
    /// Times that one request is tried, the first one counted.
    pub const ATTEMPTS: u32 = 5;
    /// Milliseconds until a connection must stand.
    pub const CONNECT_MS: u64 = 20_000;
    /// Milliseconds without a byte after which a transfer counts as stuck.
    pub const IDLE_MS: u64 = 60_000;
    /// Milliseconds that one answer may take from first to last byte; what is left is asked for again.
    pub const TRANSFER_MS: u64 = 3_600_000;
    /// Milliseconds before the second try; each further pause is twice as long.
    pub const FIRST_PAUSE_MS: u64 = 1_000;
    /// Longest pause between two tries, in milliseconds, also when the server asks for a longer one.
    pub const LONGEST_PAUSE_MS: u64 = 300_000;
    /// Bytes of an answer that is read into memory: lists, indexes, keys, single records.
    pub const ANSWER_BYTES: u64 = 256 << 20;
    /// Bytes of one file that a source offers for download.
    pub const DOWNLOAD_BYTES: u64 = 8 << 30;
    /// Bytes of a credential.
    pub const CREDENTIAL_BYTES: usize = 16 << 10;
    /// Bytes that a compressed transfer may always unpack to, however small it is.
    pub const UNPACKED_FLOOR_BYTES: u64 = 4 << 20;
    /// Changed OSV records that are fetched one by one; of more, the whole archive is fetched.
    pub const OSV_SINGLE_RECORDS: usize = 400;
    /// Changed CVE records that are fetched one by one; of more, the whole archive is fetched.
    pub const CVE_SINGLE_RECORDS: usize = 1_000;
    /// Pages of a search of EUVD.
    pub const EUVD_PAGES: u64 = 1_000;
    /// Entries on one page of a search of EUVD: as many as the service gives.
    pub const EUVD_PAGE_ENTRIES: u64 = 100;
    /// Documents of one CSAF provider.
    pub const CSAF_DOCUMENTS: usize = 1_000_000;
    /// Documents of a CSAF provider that are fetched at the same time.
    pub const CSAF_PARALLEL: usize = 4;
    /// Documents after one another that a host fails to give before it is left alone.
    pub const CSAF_FAILURES: usize = 5;
    /// Keys of one CSAF provider.
    pub const CSAF_KEYS: usize = 32;
    /// Bytes of a key, a signature, a digest or a security.txt.
    pub const KEY_BYTES: u64 = 1 << 20;
    /// Bytes of the header of a bundle.
    pub const BUNDLE_HEADER_BYTES: u32 = 256 << 20;
    /// How hard the body of a bundle is packed: a medium is carried by hand, so smaller is better than faster.
    pub const BUNDLE_ZSTD_LEVEL: i32 = 9;
    /// Records at the start of a file that are looked at to tell its source.
    pub const SNIFFED_RECORDS: usize = 64;
    /// Bytes copied or hashed at once.
    pub const COPY_BYTES: usize = 64 << 10;
    /// Memory that one zstd frame may ask for, as a power of two: what `zstd --long` uses at most by default.
    pub const ZSTD_WINDOW_LOG: u32 = 27;
    /// Bytes of a CVSS vector; the longest of version 4 with all its metrics has about 250.
    pub const VECTOR_BYTES: usize = 1_024;
    /// Bytes of a text in the compiled knowledge about vulnerabilities; longer ones are cut.
    pub const KNOWLEDGE_TEXT_BYTES: usize = 400;
    /// CPE names of one package version that are looked up.
    pub const CPE_NAMES: usize = 64;
    /// Bytes of a CPE name; longer ones are none.
    pub const CPE_BYTES: usize = 4_096;
    /// Instruments for one project that are combined; every combination is looked at, so each further one doubles the work.
    pub const BUNDLE_OPTIONS: usize = 12;
    /// Instruments that one project gets at once: more than that is a programme of its own.
    pub const BUNDLE_MEMBERS: usize = 4;
    /// How often money is passed on from a dependency to its own ones.
    pub const FUNDING_DEPTH: usize = 8;
    /// Cells of the table of a plan: projects times units of the budget. One takes two bytes.
    pub const PLAN_CELLS: u128 = 200_000_000;
    /// Lines, floors and caps of one plan.
    pub const PLAN_RULES: usize = 20;
    /// Years of which a plan bounds the money.
    pub const PLAN_YEARS: usize = 10;
    /// Hours a year that the office can write down of one skill.
    pub const SKILL_HOURS: u32 = 1_000_000;
    /// Steps of a budget that a plan on a page or for programs reckons in; a larger budget has a larger unit.
    pub const PLAN_STEPS: i64 = 10_000;
    /// The largest budget of such a plan, in euro.
    pub const PLAN_EURO: i64 = 1_000_000_000_000;
    /// Projects that such a plan looks at beside those that are known.
    pub const PLAN_PROJECTS: usize = 500;
    /// Points at which the curve of a plan is given.
    pub const CURVE_POINTS: usize = 100;
    /// A rule is loosened by one in so many parts of its bound to see what it costs.
    pub const SHADOW_STEPS: i64 = 20;
    /// Nodes of the search for a plan with several resources, after which it says how far it got.
    pub const PLAN_NODES: u64 = 2_000_000;
    /// Bytes of the key of a project.
    pub const PROJECT_KEY_BYTES: usize = 500;
    /// Bytes of what is written down about a project at once.
    pub const PROJECT_RECORD_BYTES: usize = 60_000;
    /// Bytes of a file about projects that may be supported.
    pub const PROJECT_FACTS_BYTES: u64 = 8 << 20;
    /// Clones in one folder whose signals are read at once.
    pub const SIGNAL_CLONES: usize = 10_000;
    /// Bytes of the address that a clone names as its origin; a longer one is none.
    pub const GIT_ADDRESS_BYTES: usize = 2_048;
    /// Commits on either side of a fork whose changes are compared.
    pub const FORK_COMMITS: usize = 20_000;
    /// Lines by which two versions of a file differ; beyond, the file counts as written anew.
    pub const FORK_LINES: usize = 2_000;
    /// Commits of one git history; beyond, what needs all of them is unknown.
    pub const GIT_COMMITS: usize = 4_000_000;
    /// Bytes of one commit, tag or folder of a git repository; a larger one is not read.
    pub const GIT_OBJECT_BYTES: u64 = 32 << 20;
    /// Bytes of one file of a git repository that is read for what it says.
    pub const GIT_TEXT_BYTES: u64 = 1 << 20;
    /// Bytes of the file that joins identities of a git history.
    pub const GIT_MAILMAP_BYTES: u64 = 4 << 20;
    /// Bytes at the end of a commit message in which its closing lines are looked for.
    pub const GIT_TRAILER_BYTES: usize = 16 << 10;
    /// Tags of one git repository.
    pub const GIT_TAGS: usize = 500_000;
    /// Tags that point at tags, one after another.
    pub const GIT_TAG_CHAIN: usize = 8;
    /// Files of the newest commit of a git repository.
    pub const GIT_FILES: usize = 2_000_000;
    /// Folders inside folders of a git repository.
    pub const GIT_FOLDER_DEPTH: usize = 256;
    /// Bytes of a path inside a git repository.
    pub const GIT_PATH_BYTES: usize = 4_096;
    /// Changed files of a whole git history.
    pub const GIT_CHANGES: u64 = 64_000_000;
    /// Bytes that one thread keeps of objects from which others are made, in packs beyond those that all threads read together.
    pub const GIT_DELTA_CACHE_BYTES: usize = 96 << 20;
    /// Bytes of objects out of packs of a git repository that all threads together keep.
    pub const GIT_PACK_CACHE_BYTES: usize = 128 << 20;
    /// Packs of a git repository whose objects are kept; those of further ones are unpacked anew for every object made of them.
    pub const GIT_PACKS: usize = 64;
    /// Objects of a pack that are made of each other, one after another: as many as git allows (`pack.depth`).
    pub const GIT_DELTA_CHAIN: usize = 4_095;
    /// Bytes of folders of a git repository that one thread keeps at hand.
    pub const GIT_FOLDER_CACHE_BYTES: usize = 32 << 20;
    /// Bytes of a file of a git repository that is compared with others to find renames.
    pub const GIT_COMPARED_BYTES: u64 = 4 << 20;
    /// Bytes of all files of a git history that are compared to find renames.
    pub const GIT_COMPARED_TOTAL_BYTES: u64 = 8 << 30;
    /// New or removed files of one commit that are compared with each other: as many as git compares (`diff.renameLimit`).
    pub const GIT_RENAMES: usize = 1_000;
    /// Former paths of all files of a git repository that are followed.
    pub const GIT_RENAME_STEPS: usize = 16_000_000;
    /// Spans of 12 months that are listed of a git history.
    pub const SIGNAL_YEARS: usize = 40;
    /// Letters of an excerpt of a community card.
    pub const EXCERPT_LETTERS: usize = 320;
    /// Entries of each list that are kept of a file in which a project speaks of money: ways to pay, wishes, years.
    pub const FUNDING_ENTRIES: usize = 24;
    /// Letters of the name under which an outcome is registered.
    pub const OUTCOME_NAME_LETTERS: usize = 80;
    /// Months after the beginning of help at which is compared.
    pub const OUTCOME_MONTHS: u32 = 60;
    /// Projects that one helped project is compared with.
    pub const OUTCOME_NEIGHBOURS: u32 = 10;
    /// Lines of the accounts of a project.
    pub const ACCOUNT_LINES: usize = 100_000;
    /// Letters of the name of an organisation that pays.
    pub const PAYER_LETTERS: usize = 120;
    /// Bytes of an address that a project gives for itself.
    pub const OWN_ADDRESS_BYTES: usize = 300;
    /// Lines at the top of a README that say what state a project is in.
    pub const README_LINES: usize = 60;
}
