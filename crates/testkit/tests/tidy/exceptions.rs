// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every exception from a rule, with its reason. One that is no longer needed fails too.

/// An exception: a file may say this.
pub struct Exception {
    /// The file, below the root.
    pub path: &'static str,
    /// The end of the finding.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
}

/// Lints silenced and tests not run.
pub const SILENCERS: &[Exception] = &[
    Exception {
        path: "crates/lake/src/old_segments.rs",
        what: "#[ignore",
        why: "wrote the fixtures of schema 1, which must never change",
    },
    Exception {
        path: "crates/ledger/tests/suite/formats.rs",
        what: "#[ignore",
        why: "writes the fixture of a new schema, once a schema",
    },
    Exception { path: "crates/ledger/tests/suite/measure.rs", what: "#[ignore", why: "a measurement, no test" },
    Exception {
        path: "crates/ledger/tests/suite/processes.rs",
        what: "#[ignore",
        why: "the second process; the tests beside it start it",
    },
];

/// Limits outside the one file.
pub const LIMITS: &[Exception] = &[Exception {
    path: "crates/ledger/src/database.rs",
    what: "CONNECT_TIMEOUT",
    why: "how long a connection may take; a duration of the driver",
}];

/// Paths that look like a machine's and are not.
pub const PLACES: &[Exception] = &[Exception {
    path: "demo/generate/pack.sh",
    what: concat!("/ro", "ot/"),
    why: "refuses to pack a file that names such a folder",
}];

/// Hosts that look private and are examples.
pub const HOSTS: &[Exception] = &[
    Exception {
        path: "crates/lake/src/store/location.rs",
        what: "//127.0.0.1",
        why: "addresses of a store on this machine, and what only looks like one",
    },
    Exception {
        path: "crates/lake/src/store/location.rs",
        what: "//localhost",
        why: "addresses of a store on this machine, and what only looks like one",
    },
];

/// Takes the findings that an exception covers out of `found`, and adds the exceptions that cover nothing.
pub fn check(exceptions: &[Exception], found: &mut Vec<String>) {
    let mut unused = Vec::new();
    for exception in exceptions {
        let before = found.len();
        found.retain(|finding| {
            let at = finding.strip_prefix(exception.path).is_some_and(|rest| rest.starts_with(':'));
            !(at && finding.ends_with(exception.what))
        });
        if found.len() == before {
            let Exception { path, what, why } = exception;
            unused.push(format!("{path} no longer needs its exception for {what}: {why}"));
        }
    }
    found.extend(unused);
}
