// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables whose rows are made while a query reads them.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use underpin_lake::{
    Beside, Cell, Column, ColumnKind, LakeError, Only, Pass, RowSource, SqlLimits, StreamedTable, Table, TableRows,
    Value, View, names_in,
};

use crate::store::{LIMITS, Store, ask_beside};

const fn column(name: &'static str, kind: ColumnKind) -> Column {
    Column { name, kind, nullable: true, meaning: "" }
}

static COUNTED: Table = Table {
    name: "counted",
    grain: "a number",
    columns: &[
        column("number", ColumnKind::Integer),
        column("half", ColumnKind::Number),
        column("word", ColumnKind::Text),
        column("even", ColumnKind::Boolean),
    ],
    orders: &[],
};

const WORDS: [&str; 3] = ["zero", "one", "two"];

const VIEWS: &[View] = &[View { name: "halves", sql: "-- Halves.\nSELECT number, half FROM counted" }];

/// The numbers below a bound, with a word by their remainder by three.
struct Numbers {
    below: u64,
    bytes: usize,
    asked: Mutex<Vec<Vec<Only>>>,
    made: AtomicU64,
}

struct Picked {
    source: Arc<Numbers>,
    numbers: Vec<u64>,
}

impl RowSource for Numbers {
    fn narrowed_by(&self) -> &'static [&'static str] {
        &["word"]
    }

    fn pass(self: Arc<Self>, only: &[Only]) -> Arc<dyn Pass> {
        self.asked.lock().expect("a list").push(only.to_vec());
        let fits =
            |number: &u64| only.iter().all(|only| only.texts.iter().any(|text| text == WORDS[(number % 3) as usize]));
        let numbers = (0..self.below).filter(fits).collect();
        Arc::new(Picked { source: self, numbers })
    }
}

impl Pass for Picked {
    fn rows(&self) -> u64 {
        self.numbers.len() as u64
    }

    fn bytes(&self) -> usize {
        self.source.bytes
    }

    fn read(&self, places: Range<u64>, wanted: &[usize], rows: &mut TableRows) {
        self.source.made.fetch_add(places.end - places.start, Ordering::Relaxed);
        for number in &self.numbers[places.start as usize..places.end as usize] {
            let all = [
                Cell::Integer(*number as i64),
                Cell::Number(*number as f64 / 2.0),
                Cell::Text(WORDS[(number % 3) as usize]),
                if number % 5 == 0 { Cell::Null } else { Cell::Boolean(number % 2 == 0) },
            ];
            rows.push(&wanted.iter().map(|at| all[*at]).collect::<Vec<_>>());
        }
    }
}

fn source(below: u64, bytes: usize) -> Arc<Numbers> {
    Arc::new(Numbers { below, bytes, asked: Mutex::default(), made: AtomicU64::default() })
}

fn rows(source: Option<&Arc<Numbers>>, sql: &str, limits: SqlLimits) -> Result<Vec<Vec<Value>>, LakeError> {
    let store = Store::of(&[vec![(1, 1, 1)]]);
    let rows = source.map(|source| Arc::clone(source) as Arc<dyn RowSource>);
    let streamed = [StreamedTable { table: &COUNTED, rows }];
    let beside = Beside { streamed: &streamed, views: VIEWS, ..Beside::default() };
    ask_beside(&store.session([1]), sql, beside, limits)?.rows()
}

/// More rows than fit a batch, and no multiple of the number of partitions.
const MANY: u64 = 50_021;

#[test]
fn every_row_is_made_once_whatever_is_asked() {
    let sum = (0..MANY as i64).sum::<i64>();
    let cases = [
        ("SELECT count(*) FROM counted", vec![Value::Integer(MANY as i64)]),
        (
            "SELECT count(DISTINCT number), sum(number), max(number) FROM counted",
            vec![Value::Integer(MANY as i64), Value::Integer(sum), Value::Integer(MANY as i64 - 1)],
        ),
        ("SELECT sum(half) FROM halves", vec![Value::Float(sum as f64 / 2.0)]),
        (
            "SELECT count(*) FROM counted WHERE even IS NULL AND number % 5 <> 0 OR even AND number % 2 = 1",
            vec![Value::Integer(0)],
        ),
        (
            "SELECT number, half, word, even FROM counted WHERE number = 40001",
            vec![Value::Integer(40_001), Value::Float(20_000.5), Value::Text("two".to_owned()), Value::Boolean(false)],
        ),
    ];
    for (sql, expected) in cases {
        let source = source(MANY, 0);
        assert_eq!(rows(Some(&source), sql, LIMITS).expect(sql), [expected], "{sql}");
        assert_eq!(source.made.load(Ordering::Relaxed), MANY, "{sql}");
    }
}

#[test]
fn conditions_that_a_source_knows_are_passed_on_and_checked_again() {
    let (one, two) = (|| "one".to_owned(), || "two".to_owned());
    let word = |texts: Vec<String>| vec![Only { column: "word", texts }];
    let third = |remainder: u64| (MANY - remainder).div_ceil(3);
    let cases = [
        ("word = 'one'", word(vec![one()]), third(1)),
        ("'two' = word", word(vec![two()]), third(2)),
        ("word IN ('one', 'two')", word(vec![one(), two()]), third(1) + third(2)),
        ("word = 'one' OR word = 'two'", word(vec![one(), two()]), third(1) + third(2)),
        ("word = 'none of them'", word(vec!["none of them".to_owned()]), 0),
        ("word <> 'one'", vec![], MANY),
        ("word LIKE 'o%'", vec![], MANY),
        ("word NOT IN ('one', 'two')", vec![], MANY),
        ("word = 'one' OR number = 2", vec![], MANY),
        ("number = 2", vec![], MANY),
    ];
    for (condition, expected, made) in cases {
        let source = source(MANY, 0);
        let whole = rows(Some(&source), &format!("SELECT number FROM counted WHERE {condition} ORDER BY 1"), LIMITS);
        assert_eq!(*source.asked.lock().expect("a list"), [expected], "{condition}");
        assert_eq!(source.made.load(Ordering::Relaxed), made, "{condition}");
        // The same where nothing can be passed on.
        let blind = format!(
            "SELECT number FROM (SELECT number, concat(word, '') AS word FROM counted) WHERE {condition} ORDER BY 1"
        );
        assert_eq!(whole.expect("answers"), rows(Some(&source), &blind, LIMITS).expect("answers"), "{condition}");
    }
}

#[test]
fn a_few_rows_are_not_made_from_all() {
    for sql in ["SELECT * FROM counted LIMIT 3", "SELECT number FROM halves LIMIT 3"] {
        let source = source(1_000_000, 0);
        assert_eq!(rows(Some(&source), sql, LIMITS).expect(sql).len(), 3);
        assert!(source.made.load(Ordering::Relaxed) <= 9_000, "{sql}: {:?}", source.made);
    }
}

#[test]
fn what_a_reading_keeps_counts_as_memory_of_the_query() {
    let tight = SqlLimits { memory_bytes: 3 << 20, ..LIMITS };
    let counted = "SELECT count(*) FROM counted";
    assert_eq!(rows(Some(&source(10, 2 << 20)), counted, tight).expect("it fits").len(), 1);
    assert_eq!(rows(Some(&source(10, 4 << 20)), counted, tight).expect_err("it does not").code(), "query-limit");
}

#[test]
fn a_table_that_was_not_made_is_known_and_never_empty() {
    let listed = "SELECT count(*) FROM information_schema.columns WHERE table_name IN ('counted', 'halves')";
    assert_eq!(rows(None, listed, LIMITS).expect("answers"), [[Value::Integer(6)]]);
    for sql in ["SELECT * FROM counted", "SELECT count(*) FROM halves"] {
        assert_eq!(rows(None, sql, LIMITS).expect_err(sql).code(), "query-refused", "{sql}");
    }
}

#[test]
fn whatever_a_query_reads_is_among_its_names() {
    let cases = [
        ("SELECT 1 FROM Finding", "finding"),
        ("SELECT 1 FROM \"finding\" f", "finding"),
        ("SELECT 1 FROM `finding`", "finding"),
        ("SELECT 1 FROM 'finding'", "finding"),
        ("SELECT 1 FROM datafusion.public.finding", "finding"),
        ("WITH a AS (SELECT * FROM match) SELECT * FROM a", "match"),
        ("SELECT (SELECT count(*) FROM/**/finding)", "finding"),
    ];
    for (sql, name) in cases {
        assert!(names_in(sql).contains(name), "{sql}: {:?}", names_in(sql));
    }
    assert!(!names_in("SELECT 1 FROM use -- finding").contains("finding"));
    assert!(names_in("SELECT '").is_empty(), "what cannot be taken apart is refused later");
}
