// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Every command shown in the README and the manual is a command that exists, with flags that exist.

use clap::Parser as _;

use super::Arguments;

#[test]
fn examples_are_real_commands() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, text) in pages() {
        for line in examples(&text) {
            let words = words(&line);
            seen += 1;
            if let Err(error) = Arguments::try_parse_from(&words)
                && error.use_stderr()
            {
                wrong.push(format!("{path}: {line}: {}", error.to_string().lines().next().unwrap_or_default()));
            }
        }
    }
    assert!(seen > 20, "only {seen} examples were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_page_is_in_the_summary() {
    let folder = underpin_testkit::workspace().join("book/src");
    let summary = std::fs::read_to_string(folder.join("SUMMARY.md")).expect("the manual has a summary");
    for (path, _) in pages().iter().filter(|(path, _)| path.starts_with("book/src/")) {
        let path = path.trim_start_matches("book/src/");
        assert!(path == "SUMMARY.md" || summary.contains(&format!("({path})")), "{path} is not in SUMMARY.md");
    }
    for link in summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(folder.join(link).is_file(), "SUMMARY.md names {link}, which is not there");
    }
}

#[test]
fn tests_that_a_page_names_are_there() {
    let page = "book/src/explanation/public-matchers.md";
    let text = std::fs::read_to_string(underpin_testkit::workspace().join(page)).expect("the page is there");
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
    assert!(names.len() > 20, "only {} tests are named", names.len());
    let missing = |name: &&&str| {
        let (module, test) = name.rsplit_once("::").unwrap_or_default();
        let file = format!("crates/assess/src/{}.rs", module.replace("::", "/"));
        let source = std::fs::read_to_string(underpin_testkit::workspace().join(file)).unwrap_or_default();
        !source.contains(&format!("fn {test}("))
    };
    let missing: Vec<&&str> = names.iter().filter(missing).collect();
    assert!(missing.is_empty(), "{page} names tests that are not there: {missing:?}");
}

/// README and all pages of the manual: path and text.
fn pages() -> Vec<(String, String)> {
    let root = underpin_testkit::workspace();
    let mut paths = vec!["README.md".to_owned()];
    for folder in ["", "tutorial/", "how-to/", "reference/", "explanation/"] {
        let entries = std::fs::read_dir(root.join("book/src").join(folder)).expect("the manual has this folder");
        for entry in entries {
            let name = entry.expect("a readable entry").file_name().to_string_lossy().into_owned();
            if name.ends_with(".md") {
                paths.push(format!("book/src/{folder}{name}"));
            }
        }
    }
    let read = |path: String| {
        let text = std::fs::read_to_string(root.join(&path)).expect("a readable page");
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// Lines of code blocks that call the program.
fn examples(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("```") {
            inside = !inside;
        } else if inside {
            let line = line.strip_prefix("$ ").unwrap_or(line);
            if line.starts_with("underpin ") {
                found.push(line.to_owned());
            }
        }
    }
    found
}

/// The words of a shell line, up to a pipe, a redirection or a comment.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![];
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), character) if character == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '|' | '>' | '#') => break,
            (None, ' ') => words.extend(word.take()),
            (_, character) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[test]
fn words_are_split_as_a_shell_does() {
    let expected = ["underpin", "where", "a b", "--versions", "<2", ""];
    assert_eq!(words("underpin where 'a b'  --versions \"<2\" '' > file # no"), expected);
}
