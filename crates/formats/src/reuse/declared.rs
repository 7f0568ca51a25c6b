// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that speak for others: `REUSE.toml` in any folder, and `.reuse/dep5` at the root, which is deprecated.

use toml::{Table, Value};

use super::glob::Glob;

/// How a table stands against what a file says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Precedence {
    /// Only where the file says nothing.
    #[default]
    Closest,
    /// Together with the file.
    Aggregate,
    /// Instead of the file.
    Override,
}

/// What is said about some files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    paths: Vec<Glob>,
    pub(super) precedence: Precedence,
    pub(super) has_copyright: bool,
    pub(super) expressions: Vec<String>,
}

/// What one such file says: the last part that fits a path counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Declared {
    /// Where it lies, from the root.
    pub(super) path: String,
    parts: Vec<Said>,
}

impl Declared {
    /// The folder for which it speaks, with `/` at its end; empty for the root.
    pub(super) fn folder(&self) -> &str {
        if self.path == DEP5 { "" } else { self.path.strip_suffix(TOML).unwrap_or_default() }
    }

    /// What it says about a file, by its path from the root.
    pub(super) fn about(&self, path: &str) -> Option<&Said> {
        let below = path.strip_prefix(self.folder())?;
        self.parts.iter().rev().find(|said| said.paths.iter().any(|glob| glob.fits(below)))
    }
}

/// The name of the one kind, and the place of the other.
pub(super) const TOML: &str = "REUSE.toml";
pub(super) const DEP5: &str = ".reuse/dep5";

/// A `REUSE.toml`; `None` where it is none.
pub(super) fn toml(path: &str, text: &str) -> Option<Declared> {
    let table: Table = text.parse().ok()?;
    table.get("version")?.as_integer()?;
    let annotations = match table.get("annotations") {
        None => &[],
        Some(Value::Array(list)) => list.as_slice(),
        Some(_) => return None,
    };
    let parts = annotations.iter().map(|value| annotation(value.as_table()?)).collect::<Option<Vec<Said>>>()?;
    Some(Declared { path: path.to_owned(), parts })
}

fn annotation(table: &Table) -> Option<Said> {
    let paths = texts(table.get("path"))?;
    let precedence = match table.get("precedence").map(Value::as_str) {
        None | Some(Some("closest")) => Precedence::Closest,
        Some(Some("aggregate")) => Precedence::Aggregate,
        Some(Some("override")) => Precedence::Override,
        Some(_) => return None,
    };
    let has_copyright = !texts(table.get("SPDX-FileCopyrightText"))?.is_empty();
    let expressions = texts(table.get("SPDX-License-Identifier"))?;
    let paths: Vec<Glob> = paths.iter().map(|text| Glob::of_toml(text)).collect();
    (!paths.is_empty()).then_some(Said { paths, precedence, has_copyright, expressions })
}

/// A text or a list of texts; `None` where it is anything else.
fn texts(value: Option<&Value>) -> Option<Vec<String>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::String(text)) => Some(vec![text.clone()]),
        Some(Value::Array(list)) => list.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        Some(_) => None,
    }
}

/// A `.reuse/dep5` in the form of Debian; `None` where it is none.
pub(super) fn dep5(text: &str) -> Option<Declared> {
    let text = text.replace("\r\n", "\n");
    let mut paragraphs = text.split("\n\n").map(fields).filter(|fields| !fields.is_empty());
    let head = paragraphs.next()?;
    head.iter().find(|(name, _)| name.eq_ignore_ascii_case("format"))?;
    let mut parts = Vec::new();
    for fields in paragraphs {
        let field = |wanted: &str| {
            fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
        };
        let Some(files) = field("files") else {
            field("license")?;
            continue;
        };
        let paths = files.split_whitespace().map(Glob::of_dep5).collect::<Option<Vec<Glob>>>()?;
        let licence = field("license").and_then(|value| value.lines().next()).map(|line| line.trim().to_owned());
        parts.push(Said {
            paths,
            precedence: Precedence::Aggregate,
            has_copyright: field("copyright").is_some_and(|value| !value.is_empty()),
            expressions: licence.into_iter().collect(),
        });
    }
    Some(Declared { path: DEP5.to_owned(), parts })
}

/// The fields of a paragraph; lines that begin with a space go on with the one before.
fn fields(paragraph: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for line in paragraph.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = found.last_mut() {
                value.push('\n');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            found.push((name.trim(), value.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_speak_for_paths_and_the_last_counts() {
        let text = "version = 1\n[[annotations]]\npath = \"**\"\nprecedence = \"aggregate\"\nSPDX-FileCopyrightText = \"J\"\n\
                    SPDX-License-Identifier = [\"MIT\", \"ISC\"]\n[[annotations]]\npath = [\"b/*\", \"c\"]\n";
        let found = toml("a/REUSE.toml", text).expect("a declaration");
        assert_eq!(found.about("x"), None, "it speaks for its folder alone");
        let said = found.about("a/x/y").expect("the first");
        assert_eq!((said.precedence, said.has_copyright, said.expressions.len()), (Precedence::Aggregate, true, 2));
        assert!(!found.about("a/b/y").expect("the second").has_copyright);
        for text in [
            "",
            "version = \"1\"",
            "version = 1\nannotations = 1",
            "version = 1\n[[annotations]]\n",
            "version=1\n[[annotations]]\npath=\"a\"\nprecedence=\"x\"",
            "version=1\n[[annotations]]\npath=[1]",
        ] {
            assert_eq!(toml(TOML, text), None, "{text}");
        }
    }

    #[test]
    fn paragraphs_of_debian() {
        let text = "Format: https://www.debian.org/x\nUpstream-Name: x\n\nFiles: a/*\n b\nCopyright: 2020 J\n 2021 K\nLicense: MIT\n words\n\n\
                    License: ISC\n words\n";
        let found = dep5(text).expect("a declaration");
        let said = found.about("a/b/c").expect("the first");
        assert_eq!((said.has_copyright, said.expressions.as_slice()), (true, ["MIT".to_owned()].as_slice()));
        assert!(found.about("b").is_some() && found.about("c").is_none());
        assert_eq!(dep5(&text.replace('\n', "\r\n")), Some(found), "lines of another system");
        assert_eq!(dep5("Files: *\nLicense: MIT\n"), None, "no head");
        assert_eq!(dep5("Format: x\n\nWords: x\n"), None);
    }
}
