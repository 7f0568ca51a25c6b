// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lists of repositories of an organisation, as three forges give them, and files that forges hand out.
//!
//! All of it is text of somebody else: names are checked sign by sign, texts are cut, and what cannot be read is counted and left out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use underpin_model::limits::bounds::{DECLARATION_BYTES, FORGE_TEXT_BYTES, REPOSITORY_ADDRESS_BYTES};

use super::{Forge, rows};

/// Bytes of the name of a branch, and of a licence.
const NAME_BYTES: usize = 250;

/// A repository in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its path below the host: groups, and its name.
    pub path: String,
    /// Its name.
    pub name: String,
    /// What it is, in one line; empty where nobody said it.
    pub description: String,
    /// Whether it is archived: nothing is changed there any more.
    pub archived: bool,
    /// Its licence, as SPDX names it.
    pub licence: Option<String>,
    /// Its default branch; empty for a repository without contents.
    pub branch: String,
    /// Whether everybody may read it. What the forge does not say is taken for no.
    pub is_public: bool,
    /// Whether it was made from another one.
    pub is_fork: bool,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListPage {
    /// What can be read.
    pub repositories: Vec<Listed>,
    /// How many rows cannot, or lie elsewhere than below the organisation.
    pub broken: usize,
}

impl ListPage {
    /// Whether the list is over.
    pub fn is_empty(&self) -> bool {
        self.repositories.is_empty() && self.broken == 0
    }
}

/// A path of a repository below an organisation: names of letters, digits, dots, hyphens and underscores.
fn path_below(text: &str, organisation: &str) -> Option<String> {
    let is_name = |part: &str| {
        let sign = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'.' | b'-' | b'_');
        !part.is_empty() && part != "." && part != ".." && part.bytes().all(sign)
    };
    let is_path = text.len() <= REPOSITORY_ADDRESS_BYTES / 2 && text.split('/').all(is_name);
    let rest = text.get(..organisation.len()).filter(|start| start.eq_ignore_ascii_case(organisation))?;
    let below = text[rest.len()..].strip_prefix('/')?;
    (is_path && !below.is_empty()).then(|| text.to_owned())
}

/// One line, cut; signs that steer a terminal or the direction of reading are no text.
fn line(value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    let words = text.split(|sign: char| sign.is_whitespace() || sign.is_control());
    let mut text = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    text.retain(|sign| !matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    text.truncate(text.floor_char_boundary(FORGE_TEXT_BYTES));
    text
}

/// An identifier of SPDX; `None` for words that say that it is none of those.
fn licence(text: &str) -> Option<String> {
    let is_sign = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'.' | b'-' | b'+');
    let is_none = ["noassertion", "other", "none", ""].contains(&text.to_ascii_lowercase().as_str());
    (!is_none && text.len() <= NAME_BYTES && text.bytes().all(is_sign)).then(|| text.to_owned())
}

/// What GitLab calls a licence, as SPDX writes it: the same in small letters, but for some.
fn licence_of_gitlab(key: &str) -> Option<String> {
    let found = licence(key)?;
    Some(match found.as_str() {
        "unlicense" => "Unlicense".to_owned(),
        "wtfpl" => "WTFPL".to_owned(),
        "zlib" => "Zlib".to_owned(),
        "artistic-2.0" => "Artistic-2.0".to_owned(),
        "apache-2.0" => "Apache-2.0".to_owned(),
        "bsd-2-clause" => "BSD-2-Clause".to_owned(),
        "bsd-3-clause" => "BSD-3-Clause".to_owned(),
        "bsd-3-clause-clear" => "BSD-3-Clause-Clear".to_owned(),
        other => other.to_uppercase(),
    })
}

impl Forge {
    /// Reads a page of the repositories of an organisation; `None` for what is no list.
    pub fn listed(self, bytes: &[u8], organisation: &str) -> Option<ListPage> {
        let mut page = ListPage::default();
        for value in rows(bytes)? {
            match self.row(&value, organisation) {
                Some(found) => page.repositories.push(found),
                None => page.broken += 1,
            }
        }
        Some(page)
    }

    fn row(self, value: &Value, organisation: &str) -> Option<Listed> {
        let flag = |name: &str| value.get(name).and_then(Value::as_bool);
        let word = |name: &str| value.get(name).and_then(Value::as_str);
        let path =
            path_below(word(if self == Self::Gitlab { "path_with_namespace" } else { "full_name" })?, organisation)?;
        let branch = word("default_branch").unwrap_or_default();
        let is_branch = branch.len() <= NAME_BYTES && !branch.contains(|sign: char| sign.is_control());
        let is_empty = flag("empty").or(flag("empty_repo")) == Some(true);
        let (is_public, is_fork) = match self {
            Self::Gitlab => {
                (word("visibility") == Some("public"), value.get("forked_from_project").is_some_and(|of| !of.is_null()))
            }
            Self::Github => {
                let is_seen = word("visibility").is_none_or(|word| word == "public");
                (is_seen && flag("private") == Some(false), flag("fork") == Some(true))
            }
            // What is internal there is for who is signed in.
            Self::Forgejo => {
                (flag("private") == Some(false) && flag("internal") != Some(true), flag("fork") == Some(true))
            }
        };
        Some(Listed {
            name: line(value.get("name")),
            description: line(value.get("description")),
            archived: flag("archived").unwrap_or_default(),
            licence: self.licence_in(value),
            branch: if is_branch && !is_empty { branch.to_owned() } else { String::new() },
            is_public,
            is_fork,
            path,
        })
    }

    fn licence_in(self, value: &Value) -> Option<String> {
        match self {
            Self::Github => licence(value.pointer("/license/spdx_id")?.as_str()?),
            Self::Gitlab => licence_of_gitlab(value.pointer("/license/key")?.as_str()?),
            // Where there are several nobody can say how they hold together.
            Self::Forgejo => match value.get("licenses")?.as_array()?.as_slice() {
                [one] => licence(one.as_str()?),
                _ => None,
            },
        }
    }

    /// The licence in what a forge answers about one repository.
    pub fn licence(self, bytes: &[u8]) -> Option<String> {
        self.licence_in(&serde_json::from_slice(bytes).ok()?)
    }

    /// A file out of an answer: GitHub packs it into text, the others give it as it is. `None` for what is none, or too large.
    pub fn file(self, bytes: &[u8]) -> Option<Vec<u8>> {
        let bytes = match self {
            Self::Gitlab | Self::Forgejo => bytes.to_vec(),
            Self::Github => {
                let value: Value = serde_json::from_slice(bytes).ok()?;
                let is_file = value.get("type")?.as_str()? == "file" && value.get("encoding")?.as_str()? == "base64";
                let text: String =
                    value.get("content")?.as_str()?.chars().filter(|sign| !sign.is_ascii_whitespace()).collect();
                STANDARD.decode(text).ok().filter(|_| is_file)?
            }
        };
        (bytes.len() as u64 <= DECLARATION_BYTES).then_some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(forge: Forge, rows: Value, organisation: &str) -> (Vec<String>, usize) {
        let page = forge.listed(rows.to_string().as_bytes(), organisation).expect("a list");
        (page.repositories.into_iter().map(|one| one.path).collect(), page.broken)
    }

    #[test]
    fn only_what_lies_below_the_organisation_is_listed() {
        let row = |path: &str| json!({ "full_name": path, "name": "x", "private": false });
        let rows = json!([
            row("Office/portal"),
            row("office2/x"),
            row("office"),
            row("office/"),
            row("office/../x"),
            row("office/a b"),
            row("office/a\u{202e}b"),
            row(&format!("office/{}", "x".repeat(400))),
            json!({ "name": "x" }),
            json!(7)
        ]);
        assert_eq!(paths(Forge::Github, rows, "office"), (vec!["Office/portal".to_owned()], 9));
        assert_eq!(Forge::Github.listed(b"{\"message\": \"no\"}", "office"), None);
        assert!(Forge::Gitlab.listed(b"[]", "office").expect("a list").is_empty());
    }

    #[test]
    fn what_a_forge_does_not_call_public_is_not() {
        let told = |forge: Forge, value: Value| {
            let mut value = value;
            value["full_name"] = "o/r".into();
            value["path_with_namespace"] = "o/r".into();
            let page = forge.listed(json!([value]).to_string().as_bytes(), "o").expect("a list");
            page.repositories[0].is_public
        };
        for (forge, value, expected) in [
            (Forge::Github, json!({ "private": false }), true),
            (Forge::Github, json!({ "private": false, "visibility": "internal" }), false),
            (Forge::Github, json!({ "private": true, "visibility": "public" }), false),
            (Forge::Github, json!({}), false),
            (Forge::Gitlab, json!({ "visibility": "public" }), true),
            (Forge::Gitlab, json!({ "visibility": "internal" }), false),
            (Forge::Gitlab, json!({}), false),
            (Forge::Forgejo, json!({ "private": false, "internal": false }), true),
            (Forge::Forgejo, json!({ "private": false, "internal": true }), false),
            (Forge::Forgejo, json!({ "internal": false }), false),
        ] {
            assert_eq!(told(forge, value.clone()), expected, "{forge:?} {value}");
        }
    }

    #[test]
    fn texts_are_one_line_and_licences_those_of_spdx() {
        let long = json!([{ "full_name": "o/r", "name": "a\u{1b}[2Jb\u{202e}c", "description": "ä".repeat(5_000) }]);
        let found = Forge::Forgejo.listed(long.to_string().as_bytes(), "o").expect("a list").repositories.remove(0);
        assert_eq!(found.name, "a [2Jbc");
        assert_eq!(found.description.len(), FORGE_TEXT_BYTES);
        for (forge, value, expected) in [
            (Forge::Github, json!({ "license": { "spdx_id": "EUPL-1.2" } }), Some("EUPL-1.2")),
            (Forge::Github, json!({ "license": { "spdx_id": "NOASSERTION" } }), None),
            (Forge::Github, json!({ "license": null }), None),
            (Forge::Gitlab, json!({ "license": { "key": "apache-2.0" } }), Some("Apache-2.0")),
            (Forge::Gitlab, json!({ "license": { "key": "agpl-3.0" } }), Some("AGPL-3.0")),
            (Forge::Gitlab, json!({ "license": { "key": "other" } }), None),
            (Forge::Forgejo, json!({ "licenses": ["MIT"] }), Some("MIT")),
            (Forge::Forgejo, json!({ "licenses": ["MIT", "ISC"] }), None),
            (Forge::Forgejo, json!({ "licenses": ["<b>"] }), None),
        ] {
            assert_eq!(forge.licence(value.to_string().as_bytes()).as_deref(), expected, "{forge:?} {value}");
        }
    }

    #[test]
    fn files_come_packed_or_as_they_are() {
        let packed = json!({ "type": "file", "encoding": "base64", "content": "bmFt\nZTog\neA==\n" });
        assert_eq!(Forge::Github.file(packed.to_string().as_bytes()).as_deref(), Some(b"name: x".as_slice()));
        let link = json!({ "type": "symlink", "encoding": "base64", "content": "eA==" });
        assert_eq!(Forge::Github.file(link.to_string().as_bytes()), None);
        assert_eq!(Forge::Gitlab.file(b"name: x").as_deref(), Some(b"name: x".as_slice()));
        assert_eq!(Forge::Forgejo.file(&vec![b'x'; DECLARATION_BYTES as usize + 1]), None);
    }
}
