// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which folders belong to a workspace that the root of a repository declares: of Cargo, npm and Maven.

use serde_json::Value;

/// Folders of members, by kind of package as Dependabot names it; they may end in `*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(Vec<(&'static str, String)>);

impl Members {
    /// Reads what files of the root declare; `root` gives the bytes of a file of the root.
    pub fn read(root: &dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        let text = |name: &str| root(name).and_then(|bytes| String::from_utf8(bytes).ok());
        let mut found = Vec::new();
        if let Some(value) = text("Cargo.toml").and_then(|text| text.parse::<toml::Table>().ok()) {
            let members =
                value.get("workspace").and_then(|table| table.get("members")).and_then(|list| list.as_array());
            let names = members.into_iter().flatten().filter_map(|one| one.as_str());
            found.extend(names.map(|name| ("cargo", name.to_owned())));
        }
        if let Some(value) = text("package.json").and_then(|text| serde_json::from_str::<Value>(&text).ok()) {
            let list = &value["workspaces"];
            let list = list.as_array().or_else(|| list["packages"].as_array());
            found.extend(list.into_iter().flatten().filter_map(Value::as_str).map(|name| ("npm", name.to_owned())));
        }
        for part in text("pom.xml").unwrap_or_default().split("<module>").skip(1) {
            found.extend(part.split_once("</module>").map(|(name, _)| ("maven", name.trim().to_owned())));
        }
        Self(found)
    }

    /// Whether a folder is a member.
    pub fn has(&self, kind: &str, folder: &str) -> bool {
        self.0.iter().any(|(own, name)| *own == kind && fits(name, folder))
    }
}

/// Part by part; `*` is any part, `**` any number of them.
fn fits(name: &str, folder: &str) -> bool {
    let name = name.trim_start_matches("./").trim_end_matches('/');
    let (mut names, mut parts) = (name.split('/'), folder.split('/'));
    loop {
        match (names.next(), parts.next()) {
            (None, None) | (Some("**"), Some(_)) => return true,
            (Some(name), Some(part)) if fits_part(name, part) => {}
            _ => return false,
        }
    }
}

fn fits_part(name: &str, part: &str) -> bool {
    match name.split_once('*') {
        Some((start, end)) => part.len() >= start.len() + end.len() && part.starts_with(start) && part.ends_with(end),
        None => name == part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_declared_folders_are_members() {
        let files: &[(&str, &str)] = &[
            ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\", \"tool\"]\n"),
            ("package.json", "{\"workspaces\": {\"packages\": [\"packages/**\", \"./site/\"]}}"),
            ("pom.xml", "<project><modules><module>core</module></modules></project>"),
        ];
        let root = |name: &str| files.iter().find(|(own, _)| *own == name).map(|(_, text)| text.as_bytes().to_vec());
        let members = Members::read(&root);
        for (kind, folder, expected) in [
            ("cargo", "crates/one", true),
            ("cargo", "crates/one/deep", false),
            ("cargo", "fuzz", false),
            ("cargo", "tool", true),
            ("npm", "packages/a/b", true),
            ("npm", "site", true),
            ("npm", "frontend", false),
            ("npm", "crates/one", false),
            ("maven", "core", true),
            ("maven", "other", false),
        ] {
            assert_eq!(members.has(kind, folder), expected, "{kind} {folder}");
        }
        assert!(!Members::read(&|_| Some(b"[{".to_vec())).has("npm", "frontend"));
    }
}
