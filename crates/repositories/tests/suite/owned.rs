// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Clones made with the real git, looked at for the catalogue.

use std::path::Path;

use underpin_model::Timestamp;
use underpin_model::catalogue::{Declared, DeclaredIn, RepositoryLook};
use underpin_model::practices::Topic;
use underpin_repositories::{GitClone, SourceTree, look_at, tree_facts};

use crate::git::{ADA, BEN, Made, ago};

fn look(path: &Path) -> (Declared, RepositoryLook) {
    let clone = GitClone::open(path).expect("a clone");
    let tree = SourceTree::open(path).expect("a tree");
    let facts = tree_facts(&tree, Timestamp::from_seconds(ago(0)), |_| false);
    assert!(facts.find(Topic::Readme).is_some());
    look_at(Some(&clone), &tree, &facts)
}

fn made() -> Option<Made> {
    let made = Made::new()?;
    made.write("README.md", "# Forms of Norvania\n");
    made.write("a.rs", "fn main() {}\n");
    made.write("b.rs", "// more\n");
    made.write("c.py", "pass\n");
    made.write("vendor/z.js", "1\n");
    made.write("LICENSES/EUPL-1.2.txt", "text\n");
    made.commit(ADA, ago(100), "begin");
    Some(made)
}

#[test]
fn a_clone_shows_what_it_declares_and_where_it_begins() {
    let Some(made) = made() else { return };
    made.write(
        "code.json",
        r#"{"description": "Forms. Ask ada@norvania.example", "laborHours": 12, "contact": {"name": "Ada Lovelace"},
            "status": "Production", "repositoryURL": "https://git.norvania.example/treasury/forms"}"#,
    );
    made.commit(BEN, ago(10), "declare");
    let (declared, look) = look(&made.path);
    assert_eq!(declared.name, "Forms of Norvania");
    assert_eq!(declared.licence.as_deref(), Some("EUPL-1.2"));
    assert_eq!(declared.sources, [DeclaredIn::CodeJson, DeclaredIn::Readme, DeclaredIn::Files]);
    assert_eq!(declared.labor_hours, Some(12.0));
    assert_eq!(look.written_in, ["Rust", "Python"]);
    assert_eq!(look.roots, [made.git(&["rev-list", "--max-parents=0", "HEAD"]).trim()]);
    assert_eq!(look.commit.as_deref(), Some(made.git(&["rev-parse", "HEAD"]).trim()));
    assert!(look.begun < look.committed, "{look:?}");
    let told = serde_json::to_string(&(declared, look)).expect("JSON");
    for person in ["Ada", "ada@", "Lovelace", "Zwirbel", "zwirbel"] {
        assert!(!told.contains(person), "{person} in {told}");
    }
}

#[test]
fn a_copy_has_the_same_marks_and_a_cut_clone_no_beginning() {
    let Some(first) = made() else { return };
    let Some(second) = made() else { return };
    second.write("d.py", "more = 1\n");
    second.commit(ADA, ago(5), "another");
    let (one, other) = (look(&first.path).1, look(&second.path).1);
    assert_eq!(one.marks.len(), 4, "the licence and what was brought in do not count");
    assert!(one.marks.iter().all(|mark| other.marks.contains(mark)), "{one:?} {other:?}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cut");
    let from = format!("file://{}", second.path.display());
    second.git(&["clone", "--quiet", "--depth", "1", &from, path.to_str().expect("a path")]);
    let cut = look(&path).1;
    assert_eq!((cut.roots.as_slice(), cut.begun), ([].as_slice(), None));
    assert!(cut.committed.is_some());
}
