// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the tests share: a fresh ledger on either database, and short ways to say agencies, systems and documents.

use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;
use underpin_ledger::{Batch, Committed, EvidenceRecord, Ledger, Location, PackRecord, Reader, RegistryChange, Writer};
use underpin_model::document::Binding;
use underpin_model::registry::{Agency, AgencyId, Classification, System};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, EvidenceId, Limits, Timestamp, Viewer};

/// The present in most tests: after all that happens in them.
pub const NOW: Timestamp = Timestamp(10_000);

/// A ledger of its own for one test.
pub struct Store {
    pub ledger: Ledger,
    pub location: Location,
    schema: Option<(String, String)>,
    folder: TempDir,
}

impl Store {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let location = Location::Sqlite(folder.path().join("ledger.sqlite"));
        let ledger = Ledger::open(&location, &Limits::default()).await.expect("a fresh ledger");
        Self { ledger, location, schema: None, folder }
    }

    /// A schema of its own; `None` after saying that the test is skipped.
    pub async fn postgres() -> Option<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let Ok(url) = std::env::var("UNDERPIN_TEST_POSTGRES") else {
            underpin_testkit::skip("PostgreSQL");
            return None;
        };
        let schema = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        administer(&url, &format!("CREATE SCHEMA {schema}")).await;
        let joint = if url.contains('?') { '&' } else { '?' };
        let location = Location::Postgres(format!("{url}{joint}options[search_path]={schema}"));
        let ledger = Ledger::open(&location, &Limits::default()).await.expect("a fresh ledger");
        let folder = tempfile::tempdir().expect("a temporary folder");
        Some(Self { ledger, location, schema: Some((url, schema)), folder })
    }

    pub fn reader(&self) -> Reader {
        self.ledger.operator_reader()
    }

    pub fn writer(&self) -> Writer {
        self.ledger.writer("registrar", Viewer::Operator)
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The location as text that reads back, password and all.
    pub fn address(&self) -> String {
        match &self.location {
            Location::Sqlite(path) => path.display().to_string(),
            Location::Postgres(url) => url.clone(),
        }
    }

    /// Runs a statement behind the ledger's back.
    pub async fn tamper(&self, sql: &str) {
        match &self.location {
            Location::Sqlite(path) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(false);
                let pool = sqlx::SqlitePool::connect_with(options).await.expect("the file opens");
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&pool).await.expect(sql);
                pool.close().await;
            }
            Location::Postgres(url) => administer(url, sql).await,
        }
    }

    pub async fn put(&self, at: i64, changes: Vec<RegistryChange>) -> i64 {
        self.writer().apply_registry(Timestamp(at), changes).await.expect("a valid change")
    }

    /// Commits documents with their evidence and bindings.
    pub async fn add(&self, at: i64, documents: Vec<DocumentRecord>, bindings: Vec<Binding>) -> Committed {
        let batch = batch(documents, bindings);
        self.writer().commit_batch(Timestamp(at), batch).await.expect("a valid batch")
    }

    pub async fn reserve(&self, count: u64) -> i64 {
        self.writer().reserve_documents(count).await.expect("numbers").0
    }

    pub async fn finish(self) {
        let Self { ledger, schema, .. } = self;
        ledger.close().await;
        if let Some((url, schema)) = schema {
            administer(&url, &format!("DROP SCHEMA {schema} CASCADE")).await;
        }
    }
}

async fn administer(url: &str, sql: &str) {
    let pool = sqlx::PgPool::connect(url).await.expect("the server at UNDERPIN_TEST_POSTGRES answers");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&pool).await.expect(sql);
    pool.close().await;
}

/// Runs each body on both databases, as two tests named after it.
macro_rules! on_both {
    ($($(#[$attribute:meta])* async fn $name:ident($store:ident) $body:block)*) => {
        $(mod $name {
            use super::*;

            async fn body($store: &crate::fixture::Store) $body

            $(#[$attribute])*
            #[tokio::test]
            async fn sqlite() {
                let store = crate::fixture::Store::sqlite().await;
                body(&store).await;
                store.finish().await;
            }

            $(#[$attribute])*
            #[tokio::test]
            async fn postgres() {
                if let Some(store) = crate::fixture::Store::postgres().await {
                    body(&store).await;
                    store.finish().await;
                }
            }
        })*
    };
}
pub(crate) use on_both;

pub fn batch(documents: Vec<DocumentRecord>, bindings: Vec<Binding>) -> Batch {
    let all = documents.iter().flat_map(|document| {
        std::iter::once(document.evidence).chain(document.companions.iter().map(|(_, evidence)| *evidence))
    });
    let evidence: Vec<EvidenceRecord> = all.map(|evidence| located(evidence, "packs/one")).collect();
    let packs = vec![PackRecord { name: "packs/one".to_owned(), bytes: 1_000 }];
    Batch { documents, bindings, evidence, packs, ..Batch::default() }
}

pub fn located(evidence: EvidenceId, pack: &str) -> EvidenceRecord {
    EvidenceRecord { evidence, pack: pack.to_owned(), offset: 10, packed_bytes: 20, raw_bytes: 30, purged: false }
}

pub fn agency(id: &str, parent: Option<&str>) -> Agency {
    Agency { id: id.into(), name: id.to_uppercase(), parent: parent.map(AgencyId::from), ..Agency::default() }
}

pub fn system(id: &str, agency: &str, classification: Classification) -> System {
    System { id: id.into(), name: id.to_uppercase(), agency: agency.into(), classification, ..System::default() }
}

pub fn put_agency(id: &str, parent: Option<&str>) -> RegistryChange {
    RegistryChange::PutAgency(agency(id, parent))
}

pub fn put_system(id: &str, agency: &str) -> RegistryChange {
    RegistryChange::PutSystem(system(id, agency, Classification::Internal))
}

/// A hash made of one number.
pub fn hash(number: u64) -> EvidenceId {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    EvidenceId(bytes)
}

/// An accepted document without companions, learned at `learned`.
pub fn document(id: i64, evidence: u64, learned: i64) -> DocumentRecord {
    DocumentRecord {
        id: DocumentId(id),
        evidence: hash(evidence),
        companions: Vec::new(),
        container: None,
        path: format!("estate/{evidence}.json"),
        size_bytes: 4_096,
        format: "cyclonedx-json".to_owned(),
        reader_version: 1,
        subject: "portal".to_owned(),
        subject_digest: String::new(),
        tool: "a-tool".to_owned(),
        created: Some(Timestamp(learned - 1)),
        learned: Timestamp(learned),
        state: DocumentState::Accepted,
        state_since: Timestamp(learned),
        reason: String::new(),
        occurrences: 12,
        gaps: 1,
        types: vec!["maven".to_owned(), "npm".to_owned()],
        uploader: None,
    }
}

pub fn binding(document: i64, system: &str, from: i64) -> Binding {
    Binding {
        document: DocumentId(document),
        system: system.into(),
        deployment: None,
        origin: "command".to_owned(),
        from: Timestamp(from),
        until: Timestamp::MAX,
    }
}

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(result: Result<T, underpin_ledger::LedgerError>) -> &'static str {
    result.expect_err("a refusal").code()
}
