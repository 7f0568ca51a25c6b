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
        path: "crates/ledger/tests/suite/fixture.rs",
        what: "#[allow(",
        why: "one import for all bodies of a macro; not every body uses all of it",
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

/// Bounds that are no matter of taste: each is far above any real value of one format, and protects its reader alone.
pub const LIMITS: &[Exception] = &[
    Exception { path: "crates/assess/src/native_range/mod.rs", what: "MOST_PARTS", why: "inside one reader" },
    Exception { path: "crates/assess/src/vers/short.rs", what: "MOST_COMPARISONS", why: "inside one reader" },
    Exception { path: "crates/formats/src/installed/pip_list.rs", what: "MOST_BYTES", why: "inside one reader" },
    Exception { path: "crates/formats/src/manifests/maven_pom.rs", what: "MOST_BYTES", why: "inside one reader" },
    Exception { path: "crates/formats/src/manifests/maven_project.rs", what: "MOST_STEPS", why: "inside one reader" },
    Exception {
        path: "crates/formats/src/manifests/python_lines.rs",
        what: "MOST_NAME_BYTES",
        why: "inside one reader",
    },
    Exception {
        path: "crates/formats/src/manifests/requirements_txt.rs",
        what: "MOST_BYTES",
        why: "inside one reader",
    },
    Exception { path: "crates/formats/src/manifests/xml_tree.rs", what: "MOST_ELEMENTS", why: "inside one reader" },
    Exception { path: "crates/formats/src/spdx/build.rs", what: "LOCATIONS_LIMIT", why: "inside one reader" },
    Exception { path: "crates/formats/src/spdx/field.rs", what: "INNER_LIMIT", why: "inside one reader" },
    Exception { path: "crates/formats/src/spdx/wire.rs", what: "REFERENCES_LIMIT", why: "inside one reader" },
    Exception { path: "crates/formats/src/spdx/wire.rs", what: "CHECKSUMS_LIMIT", why: "inside one reader" },
];

/// Paths that look like a machine's and are not.
pub const PLACES: &[Exception] = &[Exception {
    path: "demo/generate/pack.sh",
    what: concat!("/ro", "ot/"),
    why: "refuses to pack a file that names such a folder",
}];

/// Hosts that look private and are examples.
pub const HOSTS: &[Exception] = &[];

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
