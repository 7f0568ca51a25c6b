// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a `pom.xml` can say about itself: coordinates, properties, managed versions.
//!
//! Source: Maven's "POM Reference" and "Introduction to the POM". Traps: group and version are inherited from the parent; a
//! property may name other properties, in a circle too; managed versions hold for group and artifact of the same type and classifier.

use std::collections::HashMap;

use underpin_model::Limits;

use super::xml_tree::Element;
use underpin_model::limits::bounds;

/// A project and what its own file resolves.
pub(super) struct Project<'e> {
    pub root: &'e Element,
    pub group: String,
    pub artifact: String,
    pub version: String,
    properties: HashMap<&'e str, &'e str>,
    text_bytes: usize,
}

/// A text with its properties put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resolved {
    pub text: String,
    /// False when a property is not known here.
    pub is_complete: bool,
}

impl<'e> Project<'e> {
    pub fn new(root: &'e Element, limits: &Limits) -> Self {
        let mut properties: HashMap<&str, &str> = HashMap::new();
        if let Some(stated) = root.child("properties") {
            properties.extend(stated.children.iter().map(|property| (property.name.as_str(), property.text.as_str())));
        }
        let parent = root.child("parent");
        let inherited = |name: &str| match (root.text_of(name), parent) {
            ("", Some(parent)) => parent.text_of(name),
            (own, _) => own,
        };
        let (group, artifact, version) = (inherited("groupId"), root.text_of("artifactId"), inherited("version"));
        for (key, value) in [
            ("project.groupId", group),
            ("pom.groupId", group),
            ("groupId", group),
            ("project.artifactId", artifact),
            ("pom.artifactId", artifact),
            ("artifactId", artifact),
            ("project.version", version),
            ("pom.version", version),
            ("version", version),
        ] {
            properties.entry(key).or_insert(value);
        }
        if let Some(parent) = parent {
            properties.insert("project.parent.version", parent.text_of("version"));
            properties.insert("project.parent.groupId", parent.text_of("groupId"));
        }
        let mut project = Self {
            root,
            group: String::new(),
            artifact: String::new(),
            version: String::new(),
            properties,
            text_bytes: limits.text_bytes,
        };
        project.group = project.resolve(group).text;
        project.artifact = project.resolve(artifact).text;
        project.version = project.resolve(version).text;
        project
    }

    /// Puts in the properties that this file states; others stay as they stand.
    pub fn resolve(&self, text: &str) -> Resolved {
        let mut text = text.to_owned();
        for _ in 0..bounds::PROPERTY_STEPS {
            let Some(next) = self.step(&text) else { break };
            text = next;
        }
        let is_complete = !text.contains("${");
        Resolved { text, is_complete }
    }

    /// One round; `None` when nothing changes any more or the text grows beyond its limit.
    fn step(&self, text: &str) -> Option<String> {
        let mut next = String::with_capacity(text.len());
        let (mut rest, mut has_changed) = (text, false);
        while let Some((before, behind)) = rest.split_once("${") {
            next.push_str(before);
            let (name, after) = behind.split_once('}')?;
            match self.properties.get(name).filter(|value| !value.is_empty()) {
                Some(value) => {
                    next.push_str(value);
                    has_changed = true;
                }
                None => {
                    next.push_str("${");
                    next.push_str(name);
                    next.push('}');
                }
            }
            rest = after;
            if next.len() > self.text_bytes {
                return None;
            }
        }
        next.push_str(rest);
        has_changed.then_some(next)
    }

    /// Version and scope by group, artifact, type and classifier, from `dependencyManagement`.
    pub fn managed(&self) -> HashMap<[String; 4], (String, String)> {
        let list = self.root.child("dependencyManagement");
        let dependencies = list.into_iter().flat_map(|list| list.items("dependencies", "dependency"));
        dependencies
            .filter(|dependency| dependency.text_of("scope") != "import")
            .map(|dependency| {
                let scope = dependency.text_of("scope").to_owned();
                (self.key(dependency), (dependency.text_of("version").to_owned(), scope))
            })
            .collect()
    }

    /// Group, artifact, type and classifier of a dependency.
    pub fn key(&self, dependency: &Element) -> [String; 4] {
        let kind = self.resolve(dependency.text_of("type")).text;
        [
            self.resolve(dependency.text_of("groupId")).text,
            self.resolve(dependency.text_of("artifactId")).text,
            if kind.is_empty() { "jar".to_owned() } else { kind },
            self.resolve(dependency.text_of("classifier")).text,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::super::xml_tree::parse;
    use super::*;

    #[test]
    fn properties_are_put_in_and_circles_end() {
        let text = b"<project><parent><groupId>g</groupId><version>9</version></parent><artifactId>a</artifactId>
            <properties><x>${y}</x><y>1.${project.version}</y><loop>${pool}</loop><pool>${loop}</pool>
            <big>${big}${big}${big}${big}</big></properties></project>";
        let limits = Limits { text_bytes: 1000, ..Limits::default() };
        let root = parse(text, &limits).unwrap().root;
        let project = Project::new(&root, &limits);
        assert_eq!((&*project.group, &*project.artifact, &*project.version), ("g", "a", "9"));
        for (text, expected, is_complete) in [
            ("v${x}-${y}", "v1.9-1.9", true),
            ("${unknown}", "${unknown}", false),
            ("plain", "plain", true),
            ("${x", "${x", false),
        ] {
            assert_eq!(project.resolve(text), Resolved { text: expected.to_owned(), is_complete }, "{text}");
        }
        assert!(!project.resolve("${loop}").is_complete);
        assert!(project.resolve("${big}").text.len() <= 1000);
    }
}
