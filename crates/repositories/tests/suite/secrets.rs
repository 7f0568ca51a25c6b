// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Secrets in histories that the tests make: found where they first stood, also when they were removed, and never shown.

use std::path::Path;

use underpin_model::practices::{FaultCode, Obstacle};
use underpin_model::repository_facts::SecretFacts;
use underpin_repositories::{SourceTree, secret_facts};

use crate::git::{ADA, Made, ago};

/// Opens nothing; its checksum does not matter to its kind.
const TOKEN: &str = "glpat-K7mQz2WcR9tYxB4nVd8s";
const OTHER: &str = "glpat-H3wLp6JfT1sGaN5uEk0z";

fn facts(path: &Path) -> SecretFacts {
    secret_facts(path, &SourceTree::open(path).expect("a tree"), true).expect("a clone")
}

/// Path, line and commit of each sure secret.
fn places(facts: &SecretFacts) -> Vec<(String, u32, Option<String>)> {
    facts.sure.iter().map(|one| (one.path.clone(), one.line.expect("a line"), one.commit.clone())).collect()
}

#[test]
fn what_was_removed_is_found_in_the_commit_that_brought_it() {
    let Some(made) = Made::new() else { return };
    made.write("deploy.sh", "one\n");
    made.commit(ADA, ago(9), "first");
    made.write("deploy.sh", &format!("one\ntwo\nuse {TOKEN}\n"));
    made.commit(ADA, ago(8), "a secret");
    let brought = made.git(&["rev-parse", "HEAD"]).trim().to_owned();
    made.write("deploy.sh", &format!("more\none\ntwo\nuse {TOKEN}\n"));
    made.commit(ADA, ago(7), "the same secret on another line");
    made.write("deploy.sh", "more\none\ntwo\nuse $TOKEN\n");
    made.commit(ADA, ago(6), "removed");
    let found = facts(&made.path);
    assert_eq!(places(&found), [("deploy.sh".to_owned(), 3, Some(brought))], "told once, where it came in");
    assert_eq!((found.sure[0].code, found.missing), (FaultCode::SecretGitlab, None));
    assert!(!format!("{found:?}").contains(&TOKEN[6..]), "the secret is not kept");
    let tip = secret_facts(&made.path, &SourceTree::open(&made.path).expect("a tree"), false).expect("a clone");
    assert_eq!((tip.sure.len(), tip.missing), (0, Some(Obstacle::NotAsked)), "the newest commit alone");
    let cut = facts(&made.clone_with("cut", &["--depth", "1"]));
    assert_eq!((cut.sure.len(), cut.missing), (0, Some(Obstacle::NeedsHistory)), "what was cut off proves nothing");
}

#[test]
fn every_branch_and_tag_is_read_and_each_content_once() {
    let Some(made) = Made::new() else { return };
    made.write("a.sh", "nothing\n");
    made.commit(ADA, ago(9), "first");
    made.git(&["checkout", "--quiet", "-b", "side"]);
    made.write("side.sh", &format!("{TOKEN}\n"));
    made.commit(ADA, ago(8), "on a side");
    made.git(&["checkout", "--quiet", "--detach", "main"]);
    made.write("tagged.sh", &format!("x\n{OTHER}\n"));
    made.commit(ADA, ago(7), "under a tag alone");
    made.git(&["tag", "v1"]);
    made.git(&["checkout", "--quiet", "main"]);
    made.dated(ADA, ago(6), &["merge", "--quiet", "--no-ff", "-m", "merged", "side"]);
    let paths: Vec<String> = places(&facts(&made.path)).into_iter().map(|(path, ..)| path).collect();
    assert_eq!(paths, ["side.sh", "tagged.sh"]);
    made.write("copy.sh", &format!("{TOKEN}\n"));
    made.commit(ADA, ago(5), "the same content under another name");
    assert_eq!(facts(&made.path).sure.len(), 2);
}

#[test]
fn a_folder_is_read_as_it_lies_there() {
    let Some(made) = Made::new() else { return };
    made.write("deploy/run.sh", &format!("x\n{TOKEN}\n"));
    made.write("tests/run.sh", &format!("{OTHER}\n"));
    std::fs::remove_dir_all(made.path.join(".git")).expect("removed");
    let found = facts(&made.path);
    assert_eq!(places(&found), [("deploy/run.sh".to_owned(), 2, None)]);
    assert_eq!(found.hints.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["tests/run.sh"]);
    assert_eq!(found.missing, Some(Obstacle::NeedsHistory), "a folder has no commits");
}

#[test]
fn a_packed_file_proves_nothing() {
    let Some(made) = Made::new() else { return };
    made.write("a.sh", "nothing\n");
    made.commit(ADA, ago(9), "first");
    assert_eq!(facts(&made.path).missing, None);
    made.write("keys.zip", "PK\u{3}\u{4} packed");
    made.commit(ADA, ago(8), "packed");
    assert_eq!(facts(&made.path).missing, Some(Obstacle::NotUnderstood));
}
