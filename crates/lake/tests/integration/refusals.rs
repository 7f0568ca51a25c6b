// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What free SQL may not do.

use std::time::{Duration, Instant};

use underpin_lake::{SqlLimits, Value};

use crate::store::{LIMITS, Store, ask, numbers};

#[test]
fn only_reading_within_limits_is_possible() {
    let store = Store::of(&[vec![(1, 1, 1)]]);
    let session = store.session([1]);
    for sql in [
        "DROP TABLE occurrence_stored",
        "CREATE TABLE x AS SELECT 1",
        "CREATE EXTERNAL TABLE x STORED AS PARQUET LOCATION '/etc'",
        "INSERT INTO package_version VALUES (1)",
        "DELETE FROM package_version",
        "COPY (SELECT 1) TO '/tmp/x.csv'",
        "SET datafusion.execution.batch_size = 1",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT 1; SELECT 2",
        "PREPARE x AS SELECT 1",
        "not sql",
    ] {
        let error = ask(&session, sql, LIMITS).expect_err(sql);
        assert_eq!(error.code(), "query-refused", "{sql}: {error}");
    }
}

#[test]
fn time_memory_and_length_are_limited() {
    let store = Store::of(&[vec![(1, 1, 1)]]);
    let session = store.session([1]);
    let endless = "WITH RECURSIVE n AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";
    let large = "SELECT a.value, b.value FROM generate_series(1, 100000) a CROSS JOIN generate_series(1, 100000) b ORDER BY 1, 2";
    for (sql, limits) in [
        (endless, SqlLimits { timeout_ms: 300, ..LIMITS }),
        (large, SqlLimits { memory_bytes: 1 << 22, timeout_ms: 10_000, ..LIMITS }),
        ("SELECT 1 -- a comment", SqlLimits { text_bytes: 8, ..LIMITS }),
    ] {
        let error = ask(&session, sql, limits).expect_err(sql);
        assert_eq!(error.code(), "query-limit", "{sql}: {error}");
    }
}

/// Joins that find nothing and functions that take long have no point at which the engine would stop by itself.
#[test]
fn a_query_ends_when_its_time_is_up() {
    let store = Store::of(&[vec![(1, 1, 1)]]);
    let session = store.session([1]);
    let columns = "information_schema.columns";
    let join = format!(
        "SELECT count(*) FROM {columns} a, {columns} b, {columns} c, {columns} d \
         WHERE a.ordinal_position + b.ordinal_position + c.ordinal_position + d.ordinal_position = -1"
    );
    // Other tests ask too; what they ask ends.
    let at_work = || {
        let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        tasks
            .filter(|task| std::fs::read_to_string(task.path().join("comm")).is_ok_and(|name| name.trim() == "query"))
            .count()
    };
    for sql in [
        join.as_str(),
        "SELECT count(*) FROM generate_series(1, 3000) a JOIN generate_series(1, 3000) b ON a.value % 2 = b.value % 2 \
         JOIN generate_series(1, 3000) c ON a.value + b.value + c.value = -1",
        "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b, generate_series(1, 100000) c",
        "SELECT sum(levenshtein(repeat('ab', 2000), repeat('ba', 1900 + value % 2))) FROM generate_series(1, 100000)",
    ] {
        let started = Instant::now();
        let error = ask(&session, sql, SqlLimits { timeout_ms: 400, memory_bytes: 1 << 31, ..LIMITS }).expect_err(sql);
        assert_eq!(error.code(), "query-limit", "{sql}: {error}");
        assert!(error.to_string().contains("400 ms"), "{sql}: {error}");
        assert!(started.elapsed() < Duration::from_millis(2_000), "{sql}: {:?}", started.elapsed());
    }
    // What was at work ends soon after.
    let ended = (0..1_200).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        at_work() == 0
    });
    assert!(ended, "{} threads are still at work", at_work());
}

/// Functions make texts before the engine counts them, some even while it plans.
#[test]
fn functions_cannot_make_texts_of_any_size() {
    let store = Store::of(&[vec![(1, 1, 1)]]);
    let session = store.session([1]);
    for sql in [
        "SELECT length(repeat('x', 2000000000))",
        "SELECT length(repeat('x', 9000000000000000000))",
        "SELECT length(lpad('x', 2000000000, 'y')), length(rpad('x', 2000000000))",
        "SELECT length(replace(repeat('x', 200000), 'x', repeat('y', 200000)))",
        "SELECT length(replace(repeat('x', 200000), '', repeat('y', 200000)))",
        "SELECT length(regexp_replace(repeat('x', 200000), 'x', repeat('y', 200000), 'g'))",
        "SELECT length(regexp_replace(repeat('x', 200000), '(x*)', repeat('$1', 100000)))",
        "SELECT length(concat(repeat('x', 200000), repeat('x', 200000)))",
        "SELECT length(concat_ws(repeat('x', 200000), 'a', 'b', 'c'))",
        "SELECT length(repeat('x', 200000) || repeat('x', 200000) || 'y')",
        "SELECT length(translate(repeat('x', 200000), 'x', '\u{1F600}'))",
        "SELECT max(length(repeat('x' || value, 20000))) FROM generate_series(1, 100000)",
        "SELECT repeat('x', 200000), repeat('y', 200000), repeat('z', 200000) FROM generate_series(1, 8192)",
        "SELECT levenshtein(repeat('x', 200000), repeat('y', 200000))",
        "WITH a AS (SELECT repeat('x', 100000 + value) AS x FROM generate_series(1, 2)), b AS (SELECT x || x AS x FROM a), \
         c AS (SELECT x || x AS x FROM b) SELECT length(x) FROM c",
    ] {
        let error = ask(&session, sql, SqlLimits { memory_bytes: 1 << 30, ..LIMITS }).expect_err(sql);
        assert_eq!(error.code(), "query-limit", "{sql}: {error}");
    }
    for sql in [
        "SELECT CAST(NULL AS BIGINT[1000000000])",
        "SELECT arrow_cast(NULL, 'FixedSizeBinary(2000000000)')",
        "SELECT input_file_name() FROM occurrence_stored",
    ] {
        let error = ask(&session, sql, LIMITS).expect_err(sql);
        assert_eq!(error.code(), "query-refused", "{sql}: {error}");
    }
}

#[test]
fn bounded_functions_give_what_they_always_gave() {
    let store = Store::of(&[vec![(1, 1, 1)]]);
    let session = store.session([1]);
    let text = |text: &str| Value::Text(text.to_owned());
    for (sql, expected) in [
        ("SELECT repeat('ab', 3)", text("ababab")),
        ("SELECT length(repeat('x', 200000))", Value::Integer(200_000)),
        ("SELECT 'a' || 'b' || 1 || 'c'", text("ab1c")),
        ("SELECT 'a' || NULL || 'b'", Value::Null),
        ("SELECT concat('a', NULL, 'b')", text("ab")),
        ("SELECT concat_ws('-', 'a', NULL, 'b')", text("a-b")),
        ("SELECT lpad('x', 3, 'ab'), 1", text("abx")),
        ("SELECT rpad(name, 8) || '|' FROM package_version", text("name-1  |")),
        ("SELECT name || CASE WHEN version = '1' THEN NULL ELSE 'x' END FROM package_version", Value::Null),
        ("SELECT replace(name, 'name', 'n') AS n FROM package_version WHERE lower('NAME-1') = name", text("n-1")),
        ("SELECT regexp_replace(name, '(n)ame', '$1', 'g') FROM package_version", text("n-1")),
        ("SELECT overlay('abcd' PLACING 'xy' FROM 2)", text("axyd")),
        ("SELECT translate(upper(name), 'N', 'M') FROM package_version", text("MAME-1")),
        ("SELECT max(n) FROM (SELECT name || '!' AS n FROM package_version GROUP BY name || '!')", text("name-1!")),
        ("SELECT sum(length(repeat('x', value % 3))) FROM generate_series(0, 29999)", Value::Integer(30_000)),
        ("SELECT to_char(to_timestamp(0), '%Y')", text("1970")),
    ] {
        let answer = ask(&session, sql, LIMITS).unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert_eq!(answer.rows().expect("rows")[0][0], expected, "{sql}");
    }
    // A column may begin with nothing: what is behind it says of which kind it is.
    let open = "SELECT x, y FROM (SELECT 1 AS x, NULL AS y UNION ALL SELECT 2, 7 UNION ALL SELECT 3, NULL) ORDER BY x";
    let rows = ask(&session, open, LIMITS).expect("answers").rows().expect("rows");
    let row = |number, value| vec![Value::Integer(number), value];
    assert_eq!(rows, [row(1, Value::Null), row(2, Value::Integer(7)), row(3, Value::Null)]);
    let columns = ask(&session, "SELECT name || 'x', repeat(name, 2) FROM package_version", LIMITS).expect("answers");
    assert_eq!(columns.columns(), ["package_version.name || Utf8(\"x\")", "repeat(package_version.name,Int64(2))"]);
}

/// Each operator nests the query one step deeper; the stack has to be deep enough for all that are allowed.
#[test]
fn the_deepest_query_that_is_allowed_is_answered() {
    let store = Store::of(&[vec![(1, 1, 1)]]);
    let session = store.session([1]);
    let deep = SqlLimits { text_bytes: 100_000, timeout_ms: 120_000, ..LIMITS };
    let sum = format!("SELECT 1{}", "+1".repeat(1_990));
    assert_eq!(ask(&session, &sum, deep).expect("answers").rows().expect("rows"), [[Value::Integer(1_991)]]);
    let sum = format!("SELECT document{} FROM occurrence_stored", "+document".repeat(1_990));
    assert_eq!(ask(&session, &sum, deep).expect("answers").rows().expect("rows"), [[Value::Integer(1_991)]]);
    let union = format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(660));
    assert_eq!(ask(&session, &union, deep).expect("answers").len(), 661);
}

#[test]
fn a_failure_tells_neither_values_nor_files() {
    let store = Store::of(&[vec![(2, 1, 1)]]);
    let session = store.session([2]);
    for (sql, message) in [
        (
            "SELECT CAST(supplier AS BIGINT) FROM component",
            "a value could not be converted; TRY_CAST gives NULL for such values",
        ),
        ("SELECT count(*) FROM component WHERE supplier ~ supplier", "a regular expression is not valid"),
        ("SELECT 1 / (document - 2) FROM component", "a number was divided by zero"),
    ] {
        assert_eq!(ask(&session, sql, LIMITS).expect_err(sql).to_string(), message, "{sql}");
    }
    for segment in &store.segments {
        std::fs::remove_file(store.lake.segments.path(&segment.path)).expect("removed");
    }
    let error = ask(&session, "SELECT * FROM component", LIMITS).expect_err("the file is gone");
    assert_eq!(error.to_string(), "the query could not be carried out");
}

#[test]
fn the_store_may_lie_anywhere() {
    for name in ["d1#x", "d 1%20\u{fc}", "a?b&c", "plain/../other"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir_all(folder.path().join("plain")).expect("a folder");
        let place = folder.path().join(name);
        let store = Store::at(folder, place, &[vec![(1, 1, 1), (1, 2, 1)]]);
        assert_eq!(numbers(&store.session([1]), "SELECT count(*) FROM occurrence"), [2], "{name}");
    }
}
