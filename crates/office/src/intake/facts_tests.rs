// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whole documents in, rows of the lake out.

use underpin_lake::{ColumnKind, Rows, Table, integers, texts};
use underpin_model::gap::GapCode;
use underpin_model::{Inventory, Limits};

use super::facts::{Facts, Summary};
use super::read::{Parsed, parse};

/// The rows of all tables.
struct Laid(Vec<(&'static Table, Rows)>);

/// Reads a document and lays out its rows.
fn laid_out(text: &str, path: &str, check: impl FnOnce(&Inventory<'_>)) -> (Summary, Laid) {
    let limits = Limits::default();
    let Parsed::Read { format, mut inventory, .. } = parse(text.as_bytes(), path, &[], &limits) else {
        panic!("{path} is read");
    };
    let mut facts = Facts::default();
    let summary = facts.append(1, format, &mut inventory);
    check(&inventory);
    let tables = facts.take_tables().into_iter().map(|rows| (rows.table(), rows.finish().expect("rows")));
    (summary, Laid(tables.collect()))
}

impl Laid {
    fn table(&self, name: &str) -> &(&'static Table, Rows) {
        self.0.iter().find(|(table, _)| table.name == name).expect("a table")
    }

    /// Each row of a table as one line, without the document; numbers of package versions as their purls.
    fn rows(&self, name: &str) -> Vec<String> {
        let versions = &self.table("package_version").1;
        let (numbers, purls) = (integers(versions, 0).expect("numbers"), texts(versions, 2).expect("texts"));
        let purl = |number: i64| numbers.values().iter().position(|known| *known == number).map(|row| purls.value(row));
        let (table, found) = self.table(name);
        let cell = |column: usize, row: usize| match table.columns[column].kind {
            ColumnKind::Integer => match integers(found, column).expect("numbers").iter().nth(row).flatten() {
                Some(number) => purl(number).map_or(number.to_string(), str::to_owned),
                None => "-".to_owned(),
            },
            ColumnKind::Text => texts(found, column).expect("texts").value(row).replace('\n', "+"),
            _ => String::new(),
        };
        let line = |row: usize| (1..table.columns.len()).map(|column| cell(column, row)).collect::<Vec<_>>().join("|");
        (0..found.num_rows()).map(line).collect()
    }
}

const DOCUMENT: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
  "metadata":{"component":{"type":"application","bom-ref":"root","name":"portal","version":"1","purl":"pkg:generic/portal@1"}},
  "components":[{"type":"library","bom-ref":"lib","name":"lib","version":"1","purl":"pkg:npm/lib@1","scope":"excluded","swhid":["swh:1:rev:00"],
    "properties":[{"name":"tool:layer","value":"7"}],"externalReferences":[{"type":"vcs","url":"https://git.example/lib"}],
    "pedigree":{"ancestors":[{"type":"library","name":"old","version":"0.9"}],"commits":[{"uid":"abc"}],
      "patches":[{"type":"backport","resolves":[{"type":"security","id":"CVE-1"},{"type":"security","id":"CVE-2"}],
        "diff":{"text":{"content":"From: Jane <jane@a.example>\nForwarded: no\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"},"url":"https://p.example/1"}}],"notes":"why"}}],
  "services":[{"bom-ref":"s","name":"ticker","version":"2","provider":{"name":"Partner"},"endpoints":["https://t.example/a","https://t.example/b"]}],
  "vulnerabilities":[{"id":"CVE-3","source":{"name":"NVD"},"ratings":[{"severity":"low"}],"analysis":{"state":"exploitable","response":["update"],"detail":"reached"},
    "affects":[{"ref":"lib"},{"ref":"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#root"},{"ref":"ghost"}]}]}"#;

#[test]
fn what_later_checks_need_is_in_a_table() {
    let (summary, laid) = laid_out(DOCUMENT, "portal.json", |_| {});
    assert_eq!(summary.types, ["npm"], "the artefact itself is no package in it");
    assert_eq!(
        laid.rows("component_fact"),
        [
            "pkg:npm/lib@1|reference||lib",
            "pkg:npm/lib@1|property|tool:layer|7",
            "pkg:npm/lib@1|external-reference|vcs|https://git.example/lib",
            "pkg:npm/lib@1|swhid||swh:1:rev:00",
            "pkg:npm/lib@1|stated-scope||excluded",
            "pkg:npm/lib@1|ancestor||old@0.9",
            "pkg:npm/lib@1|commit||abc",
            "pkg:npm/lib@1|patch|backport|CVE-1+CVE-2+change 145e3cc0dc6c33a0fe33b1599033369dd88e1a5a+forwarding no+address https://p.example/1",
            "pkg:npm/lib@1|pedigree-notes||why",
            "pkg:generic/portal@1|reference||root",
        ]
    );
    assert_eq!(laid.rows("claim"), ["1|CVE-3|NVD|exploitable||update|reached|low"]);
    assert_eq!(
        laid.rows("claim_target"),
        [
            "1|pkg:npm/lib@1|lib",
            "1|pkg:generic/portal@1|urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#root",
            "1|-|ghost",
        ]
    );
    let services: Vec<_> = laid.rows("document_fact").into_iter().filter(|row| row.starts_with("service")).collect();
    assert_eq!(
        services,
        [
            "service|ticker|Partner",
            "service-version|ticker|2",
            "service-endpoint|ticker|https://t.example/a",
            "service-endpoint|ticker|https://t.example/b",
        ]
    );
}

#[test]
fn a_document_about_nothing_but_its_artefact_states_no_types() {
    let alone = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"application","name":"portal","version":"1","purl":"pkg:npm/portal@1"}},"components":[COMPONENTS]}"#;
    let package = |name: &str| format!(r#"{{"SPDXID":"SPDXRef-{name}","name":"{name}","versionInfo":"1"}}"#);
    let spdx = |packages: &[&str], describes: &[&str]| {
        let packages: Vec<_> = packages.iter().map(|name| package(name)).collect();
        let describes: Vec<_> = describes.iter().map(|name| format!("\"SPDXRef-{name}\"")).collect();
        format!(
            r#"{{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"n","documentDescribes":[{}],"packages":[{}]}}"#,
            describes.join(","),
            packages.join(",")
        )
    };
    let listed = |component: &str| alone.replace("COMPONENTS", component);
    for (name, text, types, gaps) in [
        ("artefact only", listed(""), &[][..], 1),
        (
            "artefact listed again",
            listed(r#"{"type":"application","bom-ref":"x","name":"portal","version":"1","purl":"pkg:npm/portal@1"}"#),
            &[],
            1,
        ),
        ("a library", listed(r#"{"type":"library","name":"a","version":"1","purl":"pkg:gem/a@1"}"#), &["gem"], 0),
        ("described only", spdx(&["a"], &["a"]), &[], 1),
        ("described and more", spdx(&["a", "b"], &["a"]), &["generic"], 0),
        ("every package described", spdx(&["a", "b"], &["a", "b"]), &["generic"], 0),
        ("nothing", spdx(&[], &[]), &[], 1),
    ] {
        let (summary, _) = laid_out(&text, "d.json", |inventory| {
            assert_eq!(inventory.gaps.count(GapCode::NoComponents), gaps, "{name}");
        });
        assert_eq!(summary.types, types, "{name}");
    }
}

#[test]
fn identifiers_beside_the_identity_are_kept() {
    let text = r#"{"name":"portal","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"portal","version":"1.0.0","workspaces":["packages/*"],"dependencies":{"fork":"github:o/fork"}},
      "packages/lodash":{"name":"lodash","version":"4.17.21"},"node_modules/lodash":{"resolved":"packages/lodash","link":true},
      "node_modules/fork":{"version":"2.0.0","resolved":"git+ssh://git@github.com/o/fork.git#0123abc"}}}"#;
    let (_, laid) = laid_out(text, "package-lock.json", |_| {});
    let mut identifiers = laid.rows("identifier");
    identifiers.sort();
    assert_eq!(
        identifiers,
        [
            "pkg:npm/fork@2.0.0?repository_url=git%2Bhttps:%2F%2Fgithub.com%2Fo%2Ffork|source|git+ssh://git@github.com/o/fork.git@0123abc",
            "pkg:npm/lodash@4.17.21?repository_url=file:|source|file:packages/lodash",
            "pkg:npm/portal@1.0.0?repository_url=file:|source|file:.",
        ]
    );
}

#[test]
fn bad_cpes_redactions_and_cut_places_are_gaps() {
    let places: Vec<String> = (0..12).map(|number| format!(r#"{{"location":"/a/{number}"}}"#)).collect();
    let text = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[
            {{"type":"library","bom-ref":"a","name":"a","version":"REDACTED","cpe":"nonsense","evidence":{{"occurrences":[{}]}}}},
            {{"type":"library","bom-ref":"b","name":"b","version":"1","cpe":"cpe:2.3:a:b:b:1:*:*:*:*:*:*:*","supplier":{{"name":"[redacted]"}}}}]}}"#,
        places.join(",")
    );
    let (_, laid) = laid_out(&text, "d.json", |_| {});
    let gaps: Vec<_> = laid
        .rows("gap")
        .into_iter()
        .filter(|row| ["invalid-cpe", "redacted", "too-many"].iter().any(|code| row.starts_with(code)))
        .collect();
    assert_eq!(
        gaps,
        [
            "invalid-cpe|a|nonsense|1",
            "redacted|a|version|1",
            "redacted|b|supplier|1",
            "too-many-elements|/|1 package versions lie in more than 8 places; the first are kept|1",
        ]
    );
}
