// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A scheduler and two executors: whatever is asked, the rows are those that this process gives, for every viewer.

use std::collections::BTreeSet;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use underpin_lake::{
    Beside, ClusterKeys, ClusterSecret, DocumentSet, EngineAddress, EngineSettings, ExecutorSettings, Lake, LakeError,
    Listener, NOT_COUNTED, PackageUsage, Progress, SchedulerSettings, Session, SmallTable, SqlAnswer, SqlLimits,
    StoreLimits, StoreLocation, SystemsOf, Told, Value, run_executor, run_scheduler,
};

use crate::store::{LIMITS, Row, Store, small};

/// Three systems of two agencies, and documents that are about them.
fn beside() -> Vec<SmallTable> {
    let text = |text: &str| Value::Text(text.to_owned());
    let mut tables = small();
    for table in &mut tables {
        table.rows = match table.name {
            "system" => [("a", "one"), ("b", "one"), ("c", "two")]
                .map(|(system, agency)| vec![text(system), text(agency), text("active")])
                .into(),
            _ => (1..60)
                .map(|document| {
                    let system = text(["a", "b"][document as usize % 2]);
                    vec![Value::Integer(document), system, Value::Null, Value::Boolean(document % 5 != 0)]
                })
                .collect(),
        };
    }
    tables
}

const SECRET: &str = "what only this cluster knows, and no other";

fn keys(secret: &str) -> ClusterKeys {
    ClusterKeys { secret: ClusterSecret::new(secret).expect("a secret"), tls: None }
}

/// An address at which nobody listens yet.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("an address")
}

/// Starts a scheduler and executors over a store; they end with the runtime.
fn cluster(store: &Path, executors: usize) -> EngineSettings {
    let scheduler = free();
    let settings = SchedulerSettings { listen: scheduler, keys: keys(SECRET), silent_seconds: 11, waiting_seconds: 11 };
    tokio::spawn(run_scheduler(settings, |_| (), std::future::pending()));
    let address: EngineAddress = format!("df://{scheduler}").parse().expect("an address");
    for number in 0..executors {
        let settings = ExecutorSettings {
            scheduler: address.clone(),
            listen: free(),
            host: "127.0.0.1".to_owned(),
            keys: keys(SECRET),
            store: StoreLocation::Folder(store.to_owned()),
            limits: StoreLimits { cache_bytes: 1 << 30, patience: std::time::Duration::from_secs(1) },
            work: store.join(format!("work-{number}")),
            threads: 1,
            memory_bytes: 256 << 20,
            journal: |line| panic!("{line}"),
        };
        tokio::spawn(run_executor(settings, |_| (), std::future::pending()));
    }
    engine(address, 5)
}

fn engine(address: EngineAddress, attempts: u32) -> EngineSettings {
    let (keys, small_rows, plan_bytes) = (keys(SECRET), 0, 16 << 20);
    let (answer_bytes, timeout_ms) = (16 << 20, 30_000);
    EngineSettings { address, keys, small_rows, plan_bytes, partitions: 3, answer_bytes, timeout_ms, attempts }
}

/// Two hundred documents that use twenty packages in three versions each, in three batches.
fn rows() -> Vec<Vec<Row>> {
    let uses = |document: i64| (0..12).map(move |at| (document, (document * 7 + at * 5) % 20, (document + at) % 3));
    [1..80, 80..90, 90..200].map(|batch: std::ops::Range<i64>| batch.flat_map(uses).collect()).into()
}

/// Every kind of step that can be divided, and those that must not be divided carelessly.
const QUERIES: &[&str] = &[
    "SELECT NULL AS nothing UNION ALL SELECT package FROM occurrence",
    "SELECT document, (SELECT system FROM system) AS one FROM occurrence",
    "SELECT document, (SELECT max(system) FROM system) AS one FROM occurrence WHERE package < 4",
    "SELECT count(*) FROM occurrence",
    "SELECT package, count(*) AS uses, count(DISTINCT document) AS documents FROM occurrence GROUP BY package",
    "SELECT count(DISTINCT document), min(package), max(package_version), sum(package), avg(package) FROM occurrence",
    "SELECT document, package FROM occurrence ORDER BY document DESC, package, package_version LIMIT 17",
    "SELECT document, package FROM occurrence ORDER BY document, package, package_version LIMIT 5 OFFSET 100",
    "SELECT DISTINCT package FROM occurrence WHERE document > 50 AND package <> 3",
    "SELECT v.purl, count(*) FROM occurrence o JOIN package_version v ON v.package_version = o.package_version GROUP BY v.purl",
    "SELECT v.name, o.document FROM package_version v LEFT JOIN occurrence o ON o.package_version = v.package_version AND o.document < 9",
    "SELECT a.package FROM occurrence a FULL JOIN occurrence b ON a.package_version = b.package_version + 1 WHERE a.document < 4 OR b.document < 4",
    "SELECT count(*) FROM occurrence a, occurrence b WHERE a.document < b.document AND b.document < 7 AND a.package = b.package",
    // Which rows found nothing is known only at the end, and to whoever saw all.
    "SELECT a.document, b.document AS other FROM (SELECT DISTINCT document FROM occurrence WHERE document < 40) a \
     LEFT JOIN (SELECT DISTINCT document FROM occurrence WHERE document > 30) b ON a.document > b.document + 3",
    "SELECT count(*) FROM (SELECT DISTINCT document FROM occurrence WHERE document < 40) a \
     FULL JOIN (SELECT DISTINCT document FROM occurrence WHERE document > 100) b ON a.document > b.document",
    "SELECT document FROM document d WHERE NOT EXISTS (SELECT 1 FROM occurrence o WHERE o.document > d.document + 10)",
    "SELECT document FROM document d WHERE EXISTS (SELECT 1 FROM occurrence o WHERE o.document < d.document - 190)",
    "SELECT document FROM document WHERE document NOT IN (SELECT document FROM occurrence WHERE package = 3)",
    "SELECT document FROM document WHERE document NOT IN (SELECT CASE WHEN package = 3 THEN document END FROM occurrence)",
    "SELECT count(*) FROM document WHERE NOT (document < 0 OR document IN (SELECT NULLIF(document, 0) FROM occurrence WHERE package = 3))",
    "SELECT document % 2, count(*) FROM document WHERE NOT (document < 0 OR document IN (SELECT document FROM occurrence)) GROUP BY 1",
    "SELECT count(*) FROM document d WHERE d.document NOT IN (SELECT o.document FROM occurrence o WHERE o.package < d.document)",
    "SELECT document FROM document WHERE document IN (SELECT document FROM occurrence WHERE package = 3)",
    "SELECT document, (SELECT count(*) FROM occurrence) AS uses FROM document WHERE document < 9",
    "SELECT d.document, (SELECT count(*) FROM occurrence o WHERE o.document = d.document) FROM document d",
    "SELECT package FROM occurrence WHERE document = (SELECT max(document) FROM occurrence)",
    "SELECT package, row_number() OVER (PARTITION BY package ORDER BY document, package_version) AS place FROM occurrence",
    "SELECT document, sum(package) OVER (ORDER BY document, package, package_version) AS so_far FROM occurrence WHERE document < 30",
    "SELECT document, rank() OVER (ORDER BY components) FROM document",
    "SELECT package FROM occurrence UNION SELECT document FROM document",
    "SELECT package FROM occurrence UNION ALL SELECT 7 UNION ALL SELECT document FROM document WHERE document < 3",
    "SELECT package FROM occurrence EXCEPT SELECT package FROM occurrence WHERE document % 2 = 0",
    "SELECT package FROM occurrence INTERSECT SELECT document FROM document",
    "SELECT document % 3 AS third, count(*) FROM occurrence GROUP BY document % 3 HAVING count(*) > 10",
    "SELECT package, scope, count(*) FROM occurrence GROUP BY ROLLUP (package, scope)",
    "SELECT upper(v.name) || '-' || repeat('x', 3) AS loud, lpad(v.version, 4, '0') FROM package_version v",
    "SELECT concat(v.name, '/', v.version) AS both, count(*) FROM occurrence o JOIN package_version v \
     ON v.package_version = o.package_version GROUP BY concat(v.name, '/', v.version)",
    "SELECT count(*) FROM package_version WHERE name LIKE '%1%' AND regexp_like(purl, 'npm/name-[0-9]+')",
    "SELECT * FROM gap",
    "SELECT count(*) FROM gap",
    "SELECT d.document, g.code FROM document d LEFT JOIN gap g ON g.document = d.document WHERE d.document < 5",
    "SELECT supplier, count(*) FROM component GROUP BY supplier",
    "SELECT count(*) FROM (SELECT * FROM occurrence LIMIT 13)",
    "SELECT package_version, count(*) AS n FROM occurrence GROUP BY package_version ORDER BY n DESC, package_version LIMIT 4",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT x, count(document) FROM n \
     LEFT JOIN occurrence ON document = x GROUP BY x",
    "SELECT direct, evidence, count(*) FROM occurrence GROUP BY direct, evidence",
    "SELECT system, count(*) FROM occurrence o LEFT JOIN binding b ON b.document = o.document GROUP BY system",
    "SELECT s.system, count(*) FROM occurrence o CROSS JOIN system s GROUP BY s.system",
    "SELECT count(*) FROM occurrence o CROSS JOIN (SELECT * FROM system ORDER BY system LIMIT 2) s",
    "SELECT count(*) FROM occurrence o CROSS JOIN (SELECT 1 FROM system LIMIT 2) s",
    "SELECT s.system, count(b.document) FROM system s LEFT JOIN binding b ON b.system = s.system \
     LEFT JOIN occurrence o ON o.document = b.document GROUP BY s.system",
    "SELECT s.agency, count(DISTINCT o.package) FROM occurrence o JOIN binding b ON b.document = o.document \
     JOIN system s ON s.system = b.system GROUP BY s.agency",
    "SELECT * FROM package_systems",
    "SELECT * FROM use WHERE package = 3",
    "SELECT 1",
    "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'occ%'",
    "EXPLAIN SELECT count(*) FROM occurrence",
];

/// Those of them that stay in the process that is asked.
const STAYING: &[&str] = &[
    "SELECT document, (SELECT system FROM system) AS one FROM occurrence",
    // What found nothing is known only to whoever saw all.
    "SELECT a.document, b.document AS other FROM (SELECT DISTINCT document FROM occurrence WHERE document < 40) a \
     LEFT JOIN (SELECT DISTINCT document FROM occurrence WHERE document > 30) b ON a.document > b.document + 3",
    "SELECT count(*) FROM (SELECT DISTINCT document FROM occurrence WHERE document < 40) a \
     FULL JOIN (SELECT DISTINCT document FROM occurrence WHERE document > 100) b ON a.document > b.document",
    "SELECT document FROM document d WHERE NOT EXISTS (SELECT 1 FROM occurrence o WHERE o.document > d.document + 10)",
    "SELECT document FROM document d WHERE EXISTS (SELECT 1 FROM occurrence o WHERE o.document < d.document - 190)",
    "SELECT count(*) FROM document WHERE NOT (document < 0 OR document IN (SELECT NULLIF(document, 0) FROM occurrence WHERE package = 3))",
    // No document of these has a gap.
    "SELECT * FROM gap",
    "SELECT count(*) FROM gap",
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT x, count(document) FROM n \
     LEFT JOIN occurrence ON document = x GROUP BY x",
    "SELECT 1",
    "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'occ%'",
    "EXPLAIN SELECT count(*) FROM occurrence",
];

fn session(lake: &Arc<Lake>, store: &Store, visible: &DocumentSet) -> Session {
    lake.session(store.segments.clone(), Arc::new(visible.clone()))
}

async fn asked(session: &Session, text: &str) -> Result<SqlAnswer, LakeError> {
    session.sql(text, Beside { small: &beside(), ..Beside::default() }, LIMITS).await
}

fn told(answer: Result<SqlAnswer, LakeError>) -> Result<(Vec<String>, Vec<String>), String> {
    let answer = answer.map_err(|error| format!("{}: {error}", error.code()))?;
    let mut rows: Vec<String> = answer.rows().expect("rows").into_iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    Ok((answer.columns(), rows))
}

fn viewers() -> [(&'static str, DocumentSet); 4] {
    [
        ("all", (0..300).collect()),
        ("some", (0..300).filter(|document| document % 3 != 1).collect()),
        ("one", [42].into_iter().collect()),
        ("none", DocumentSet::new()),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_rows_are_those_of_this_process_for_every_viewer() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_owned();
    let store = Store::at(folder, place.clone(), &rows());
    let far = Lake::open(place.clone()).expect("opens");
    far.use_engine(cluster(&place, 2)).expect("named");
    let taken = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&taken);
    far.watch_engine(Listener(Arc::new(move |progress| {
        counting.fetch_add(usize::from(progress == Progress::Queued), Ordering::Relaxed);
    })));
    let (mut wrong, mut stayed) = (Vec::new(), Vec::new());
    for (viewer, visible) in viewers() {
        for text in QUERIES {
            let here = told(asked(&session(&store.lake, &store, &visible), text).await);
            let before = taken.load(Ordering::Relaxed);
            let there = told(asked(&session(&far, &store, &visible), text).await);
            if here != there {
                wrong.push(format!("{viewer}: {text}\n  here  {here:?}\n  there {there:?}"));
            }
            if viewer == "all" && before == taken.load(Ordering::Relaxed) {
                stayed.push(*text);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What reads no rows of files, what asks how it would be carried out, and what one process alone can do rightly.
    assert_eq!(stayed, STAYING, "these were carried out here");
    // The stacks of executors hold less than the one on which a query is planned.
    let limits = SqlLimits { text_bytes: 100_000, timeout_ms: 120_000, ..LIMITS };
    let sum = format!("SELECT sum(document{}) FROM occurrence", "+document".repeat(1_900));
    let all = &viewers()[0].1;
    let beside = beside();
    let ask = async |lake| {
        let beside = Beside { small: &beside, ..Beside::default() };
        told(session(lake, &store, all).sql(&sum, beside, limits).await).expect("answers")
    };
    assert_eq!(ask(&far).await, ask(&store.lake).await);
}

/// What this program asks itself about everything: which system uses what, and how widely each package is used.
fn of_everything(session: &Session) -> (Vec<PackageUsage>, Vec<String>) {
    let lists: Vec<Vec<u32>> =
        (0..200).map(|document| (0..document % 4).map(|at| (document + at * 3) % 9).collect()).collect();
    let systems_of = SystemsOf::new(&lists);
    let groups = [0, 1, 0, NOT_COUNTED, 2, 2, 1, 0, NOT_COUNTED];
    let mut usage = session.package_usage_by(&groups, &systems_of).expect("counts");
    usage.sort_unstable_by_key(|found| found.package);
    let told = |document: i64| Told { label: (document % 3) as u8, document: document % 5 == 0 };
    let mut uses = BTreeSet::new();
    session
        .each_system_use(&systems_of, told, |found| {
            uses.insert(format!("{found:?}"));
        })
        .expect("reads");
    (usage, uses.into_iter().collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_asked_about_everything_has_the_same_answer_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_owned();
    let store = Store::at(folder, place.clone(), &rows());
    let engine = cluster(&place, 2);
    let (far, narrow) = (Lake::open(place.clone()).expect("opens"), Lake::open(place.clone()).expect("opens"));
    // An answer that would be too large is worked out here, and so is one that takes too long.
    narrow.use_engine(EngineSettings { answer_bytes: 10, ..engine.clone() }).expect("named");
    far.use_engine(engine).expect("named");
    let taken = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&taken);
    far.watch_engine(Listener(Arc::new(move |progress| {
        counting.fetch_add(usize::from(progress == Progress::Queued), Ordering::Relaxed);
    })));
    for (viewer, visible) in viewers() {
        let here = of_everything(&session(&store.lake, &store, &visible));
        assert_eq!(here, of_everything(&session(&far, &store, &visible)), "{viewer}");
        assert_eq!(here, of_everything(&session(&narrow, &store, &visible)), "{viewer}, too large");
        assert_eq!(here.1.is_empty(), viewer == "none");
    }
    assert!(taken.load(Ordering::Relaxed) >= 2 * viewers().len(), "these were worked out here");
}

/// A row that cannot be converted tells as much of itself there as here: nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_fails_there_is_told_in_the_words_of_this_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_owned();
    let store = Store::at(folder, place.clone(), &rows());
    let far = Lake::open(place.clone()).expect("opens");
    far.use_engine(cluster(&place, 1)).expect("named");
    let all: DocumentSet = (0..300).collect();
    for text in [
        "SELECT count(*) FROM component WHERE CAST(supplier AS BIGINT) = 1",
        "SELECT sum(10 / (document - 42)) FROM occurrence",
        "SELECT nothing FROM occurrence",
        "DROP TABLE occurrence",
    ] {
        let here = told(asked(&session(&store.lake, &store, &all), text).await);
        let there = told(asked(&session(&far, &store, &all), text).await);
        assert!(here.is_err(), "{text}");
        assert_eq!(here, there, "{text}");
        assert!(!format!("{there:?}").contains("secret("), "{there:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_does_not_know_the_secret_is_not_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_owned();
    let store = Store::at(folder, place.clone(), &rows());
    let right = cluster(&place, 1);
    let far = Lake::open(place).expect("opens");
    far.use_engine(EngineSettings { keys: keys("what another cluster knows, and not this one"), ..right })
        .expect("named");
    let all: DocumentSet = (0..300).collect();
    let error = asked(&session(&far, &store, &all), QUERIES[0]).await.expect_err("refused");
    assert_eq!(error.code(), "engine-refused", "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_scheduler_that_is_not_there_is_said_and_small_questions_need_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_owned();
    let store = Store::at(folder, place.clone(), &rows());
    let nobody: EngineAddress = format!("df://{}", free()).parse().expect("an address");
    let engine = engine(nobody, 1);
    let all: DocumentSet = (0..300).collect();
    let far = Lake::open(place.clone()).expect("opens");
    far.use_engine(engine.clone()).expect("named");
    let error = asked(&session(&far, &store, &all), QUERIES[0]).await.expect_err("nobody is there");
    assert_eq!(error.code(), "engine-unreachable", "{error}");
    // One document is looked up here, whatever the size of the house.
    for text in ["SELECT count(*) FROM occurrence WHERE document = 42", "SELECT count(*) FROM binding", "SELECT 1"] {
        assert!(asked(&session(&far, &store, &all), text).await.is_ok(), "{text}");
    }
    let patient = Lake::open(place).expect("opens");
    patient.use_engine(EngineSettings { small_rows: 1_000_000, ..engine }).expect("named");
    assert!(asked(&session(&patient, &store, &all), QUERIES[0]).await.is_ok());
}
