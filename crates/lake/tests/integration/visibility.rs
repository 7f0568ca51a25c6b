// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who may not see a document cannot learn of it by any way in.

use underpin_lake::{SystemsOf, Wanted};

use crate::store::{LIMITS, Row, Store, ask, name, numbers};

fn store() -> Store {
    let rows: Vec<Row> = vec![(1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 3, 1)];
    Store::of(&[rows])
}

#[test]
fn a_stranger_finds_nothing_anywhere() {
    let store = store();
    let session = store.session([]);
    assert!(session.uses_of_names(&[name(1)]).expect("answers").is_empty());
    assert!(session.uses_of_names(&["log4j-core".to_owned()]).expect("answers").is_empty());
    assert!(session.occurrences_in(&[1, 2]).expect("answers").is_empty());
    assert!(session.names_where(|_| true).expect("answers").is_empty());
    assert!(session.package_usage(1, &SystemsOf::new(&vec![vec![0]; 9])).expect("answers").is_empty());
    assert!(session.rows("document", "document", "document", Wanted::All, &["document"]).expect("answers").is_empty());
    for table in
        ["occurrence", "package_version", "document", "gap", "hash", "licence", "dependency", "occurrence_stored"]
    {
        assert_eq!(numbers(&session, &format!("SELECT count(*) FROM {table}")), [0], "{table}");
    }
}

/// What one viewer asked for is remembered for the next; what that one sees is another matter.
#[test]
fn what_was_read_for_one_viewer_shows_another_nothing_more() {
    let store = store();
    let documents = |session: &underpin_lake::Session| {
        let uses = session.uses_of_names(&[name(1)]).expect("answers").into_iter().flat_map(|(_, uses)| uses);
        let mut documents: Vec<i64> = uses.map(|one| one.document).collect();
        documents.sort_unstable();
        documents
    };
    for _ in 0..2 {
        assert_eq!(documents(&store.session([1, 2])), [1, 2]);
        assert_eq!(documents(&store.session([2])), [2]);
        assert_eq!(documents(&store.session([])), [0_i64; 0]);
    }
}

/// Removed for good is removed from what is remembered, too.
#[test]
fn what_is_forgotten_is_not_answered_from_memory() {
    let store = store();
    let session = store.session([1, 2]);
    assert_eq!(session.uses_of_names(&[name(1)]).expect("answers").len(), 1);
    let paths: Vec<String> = store.segments.iter().map(|segment| segment.path.clone()).collect();
    for path in &paths {
        std::fs::remove_file(store.lake.segments.path(path)).expect("removed");
    }
    // Whoever still has the segments open is answered; nobody else is.
    assert_eq!(session.uses_of_names(&[name(1)]).expect("answers").len(), 1);
    store.lake.forget(&paths);
    assert!(session.uses_of_names(&[name(1)]).is_err());
}

#[test]
fn the_dictionary_shows_only_what_occurs_in_visible_documents() {
    let store = store();
    let session = store.session([1]);
    assert_eq!(numbers(&session, "SELECT package FROM package_version ORDER BY package"), [1, 2]);
    assert_eq!(session.names_where(|_| true).expect("answers"), [name(1), name(2)]);
}

/// A predicate that fails on a row would tell that the row is there.
#[test]
fn a_failing_predicate_does_not_tell_of_invisible_rows() {
    let store = store();
    let session = store.session([1]);
    let sql = "SELECT count(*) FROM occurrence_stored WHERE 10 / (CASE WHEN document = 2 THEN 0 ELSE 1 END) = 10";
    assert_eq!(numbers(&session, sql), [2]);
}

/// The same for every operator: what is said in document 2 is no pattern, no number, and no list.
#[test]
fn no_operator_works_on_invisible_rows() {
    let store = store();
    let session = store.session([1]);
    let mut answered = 0;
    for operator in [
        "~",
        "~*",
        "!~",
        "!~*",
        "LIKE",
        "ILIKE",
        "NOT LIKE",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "IS DISTINCT FROM",
        "IS NOT DISTINCT FROM",
        "+",
        "-",
        "*",
        "/",
        "%",
        "&",
        "|",
        "^",
        ">>",
        "<<",
        "||",
        "@>",
        "<@",
    ] {
        for filter in [
            format!("supplier {operator} supplier"),
            format!("'x' {operator} supplier"),
            format!("CAST(supplier AS BIGINT) {operator} CAST(supplier AS BIGINT) = 1"),
            format!("NOT (supplier {operator} supplier AND document > 0)"),
        ] {
            let sql = format!("SELECT count(*) FROM component WHERE {filter}");
            match ask(&session, &sql, LIMITS) {
                Ok(_) => answered += 1,
                Err(error) => {
                    let text = error.to_string();
                    assert!(!text.contains("secret"), "{sql}: {text}");
                    // The engine may not know the operator for these types; no row was read then.
                    assert!(
                        text != "a regular expression is not valid" && !text.contains("converted"),
                        "{sql}: {text}"
                    );
                }
            }
        }
    }
    assert!(answered > 50, "{answered}");
}

#[test]
fn a_plan_tells_neither_files_nor_row_counts() {
    let store = store();
    let session = store.session([1]);
    for sql in ["EXPLAIN VERBOSE SELECT * FROM occurrence_stored", "EXPLAIN ANALYZE SELECT * FROM occurrence_stored"] {
        let answer = ask(&session, sql, LIMITS).expect("answers");
        let text = format!("{:?}", answer.rows().expect("rows"));
        assert!(!text.contains(".parquet"), "{text}");
        assert!(
            !text.contains("num_rows=4") && !text.contains("Exact(4)") && !text.contains("output_rows=4"),
            "{text}"
        );
    }
}
