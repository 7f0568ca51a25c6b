// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! For the tests: reading outside exams and keeping the books of what is passed, explained and surprising.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// The `tests` of an exam in JSON, which some files wrap in an object and others do not.
pub(crate) fn json(path: &Path) -> Vec<Value> {
    let text = std::fs::read(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    match serde_json::from_slice(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display())) {
        Value::Array(cases) => cases,
        Value::Object(mut exam) => match exam.remove("tests") {
            Some(Value::Array(cases)) => cases,
            other => panic!("{}: tests are {other:?}", path.display()),
        },
        other => panic!("{}: {other}", path.display()),
    }
}

/// One row of an exam in JavaScript: its quoted texts and what follows the last of them.
pub(crate) struct Row {
    pub texts: Vec<String>,
    pub options: String,
}

/// Rows such as `['^1.2', '1.3.0', { loose: true }],`, one a line; other lines are passed over.
pub(crate) fn javascript(path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    let rows = text.lines().filter_map(|line| {
        let mut rest = line.trim().strip_prefix('[')?.trim_start();
        let mut texts = Vec::new();
        while let Some(after) = rest.strip_prefix('\'') {
            let (text, behind) = after.split_once('\'')?;
            texts.push(text.replace("\\t", "\t"));
            rest = behind.trim_start().trim_start_matches(',').trim_start();
        }
        let options = rest.split("],").next().unwrap_or("").trim_end_matches(']').to_owned();
        (!texts.is_empty()).then_some(Row { texts, options })
    });
    rows.collect()
}

/// The books of one exam.
pub(crate) struct Books<'a> {
    name: &'a str,
    explained: &'a [(&'a str, &'a str)],
    total: usize,
    passed: usize,
    missed: BTreeSet<String>,
    surprises: Vec<String>,
}

impl<'a> Books<'a> {
    /// `explained`: a case as given to [`Books::enter`], and why it is missed on purpose.
    pub(crate) fn new(name: &'a str, explained: &'a [(&'a str, &'a str)]) -> Self {
        Self { name, explained, total: 0, passed: 0, missed: BTreeSet::new(), surprises: Vec::new() }
    }

    /// Enters one case and what went wrong with it, if anything did.
    pub(crate) fn enter(&mut self, case: String, fault: Option<String>) {
        self.total += 1;
        match fault {
            None => self.passed += 1,
            Some(_) if self.explained.iter().any(|(known, _)| *known == case) => {
                self.missed.insert(case);
            }
            Some(fault) => self.surprises.push(format!("{case}: {fault}")),
        }
    }

    /// Fails when a miss is not explained or an explained one is none, or when there were fewer cases than known.
    pub(crate) fn close(self, least_total: usize) {
        eprintln!(
            "{}: {} of {}, {} kinds of misses explained",
            self.name,
            self.passed,
            self.total,
            self.explained.len()
        );
        let shown: Vec<_> = self.surprises.iter().take(60).collect();
        assert!(shown.is_empty(), "{}: {} surprises: {shown:#?}", self.name, self.surprises.len());
        let stale: Vec<_> = self.explained.iter().filter(|(case, _)| !self.missed.contains(*case)).collect();
        assert!(stale.is_empty(), "{}: explained but passed: {stale:#?}", self.name);
        assert!(self.total >= least_total, "{}: only {} cases", self.name, self.total);
    }
}
