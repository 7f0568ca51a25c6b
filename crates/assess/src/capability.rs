// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a tool can show: which package types its documents can list at all.
//!
//! A document without Java libraries proves nothing when its tool never lists any. The table holds what is known of each tool;
//! the office adds what each tool ever showed. A document can always show the types that it does show.
//! Operating system packages count as one kind: a tool that reads one distribution's database says of a
//! system what its operating system holds.

use std::collections::{BTreeMap, BTreeSet};

/// The types of operating system packages: one kind.
pub const OPERATING_SYSTEM: [&str; 4] = ["alpm", "apk", "deb", "rpm"];

/// What the tools can show, as known from their documentation and output.
const TOOLS: &[(&str, &[&str])] = &[
    (
        "syft",
        &[
            "alpm",
            "apk",
            "cargo",
            "cocoapods",
            "composer",
            "conan",
            "deb",
            "gem",
            "golang",
            "hackage",
            "hex",
            "maven",
            "npm",
            "nuget",
            "pub",
            "pypi",
            "rpm",
            "swift",
        ],
    ),
    (
        "trivy",
        &[
            "apk",
            "cargo",
            "cocoapods",
            "composer",
            "conan",
            "deb",
            "gem",
            "golang",
            "hex",
            "maven",
            "npm",
            "nuget",
            "pub",
            "pypi",
            "rpm",
            "swift",
        ],
    ),
    (
        "cdxgen",
        &[
            "cargo",
            "cocoapods",
            "composer",
            "conan",
            "deb",
            "gem",
            "golang",
            "hackage",
            "hex",
            "maven",
            "npm",
            "nuget",
            "pub",
            "pypi",
            "rpm",
            "apk",
            "swift",
        ],
    ),
    // Lists operating system packages and Go modules; a Java archive inside an image stays unseen.
    ("bom", &["apk", "deb", "golang", "rpm"]),
    ("tern", &["apk", "deb", "gem", "npm", "pypi", "rpm"]),
    ("npm", &["npm"]),
    ("yarn", &["npm"]),
    ("pnpm", &["npm"]),
    ("bun", &["npm"]),
    ("cyclonedx-npm", &["npm"]),
    ("pip", &["pypi"]),
    ("poetry", &["pypi"]),
    ("uv", &["pypi"]),
    ("pdm", &["pypi"]),
    ("pipenv", &["pypi"]),
    ("cyclonedx-py", &["pypi"]),
    ("cargo", &["cargo"]),
    ("cargo-cyclonedx", &["cargo"]),
    ("go", &["golang"]),
    ("cyclonedx-gomod", &["golang"]),
    ("bundler", &["gem"]),
    ("composer", &["composer"]),
    ("nuget", &["nuget"]),
    ("gradle", &["maven"]),
    ("maven", &["maven"]),
    ("cyclonedx-maven-plugin", &["maven"]),
    ("mix", &["hex"]),
    ("pub", &["pub"]),
    ("conan", &["conan"]),
    ("dpkg", &["deb"]),
    ("apk", &["apk"]),
    ("rpm", &["rpm"]),
];

/// What each tool can show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    learned: BTreeMap<String, BTreeSet<String>>,
}

impl Capabilities {
    /// Adds what a document of a tool showed.
    pub fn learn<'a>(&mut self, tool: &str, types: impl IntoIterator<Item = &'a str>) {
        if tool.is_empty() {
            return;
        }
        // A survey shows what somebody thought of: that it once named a type says nothing of the next one.
        if tool == "survey" {
            return;
        }
        let known = self.learned.entry(tool.to_owned()).or_default();
        for kind in types {
            if !known.contains(kind) {
                known.insert(kind.to_owned());
            }
        }
    }

    /// Whether a document of this tool, which shows these types, can show packages of the wanted type.
    pub fn can_show(&self, tool: &str, shown: &[String], wanted: &str) -> bool {
        let fits = |kind: &str| same_kind(kind, wanted);
        shown.iter().any(|kind| fits(kind))
            || TOOLS.iter().any(|(name, types)| *name == tool && types.iter().any(|kind| fits(kind)))
            || self.learned.get(tool).is_some_and(|types| types.iter().any(|kind| fits(kind)))
    }

    /// All types a tool can show, sorted.
    pub fn of(&self, tool: &str) -> Vec<String> {
        let mut types: BTreeSet<String> = self.learned.get(tool).cloned().unwrap_or_default();
        for (_, known) in TOOLS.iter().filter(|(name, _)| *name == tool) {
            types.extend(known.iter().map(|kind| (*kind).to_owned()));
        }
        types.into_iter().collect()
    }
}

/// Whether evidence about one type is evidence about the other: the same, or both operating system packages.
pub fn same_kind(shown: &str, wanted: &str) -> bool {
    shown == wanted || (OPERATING_SYSTEM.contains(&shown) && OPERATING_SYSTEM.contains(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_lists_no_java_is_blind_to_it() {
        let capabilities = Capabilities::default();
        let shown = ["deb".to_owned()];
        assert!(!capabilities.can_show("bom", &shown, "maven"));
        assert!(capabilities.can_show("bom", &shown, "rpm"));
        assert!(capabilities.can_show("syft", &shown, "maven"));
        assert!(!capabilities.can_show("a new tool", &shown, "maven"));
    }

    #[test]
    fn what_a_tool_ever_showed_is_learned() {
        let mut capabilities = Capabilities::default();
        capabilities.learn("a new tool", ["maven", "npm"]);
        assert!(capabilities.can_show("a new tool", &[], "maven"));
        assert_eq!(capabilities.of("a new tool"), ["maven", "npm"]);
        capabilities.learn("survey", ["maven"]);
        assert!(!capabilities.can_show("survey", &[], "maven"));
    }
}
