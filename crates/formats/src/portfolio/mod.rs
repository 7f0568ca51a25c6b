// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Answers of a server that kept a portfolio before: Dependency-Track, version 4 (its published OpenAPI).
//!
//! A list keeps what can be read of it; what cannot is told with its position. Names, comments and texts are hostile.

mod analysis;
#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde_json::Value;
use underpin_model::Timestamp;

pub use analysis::{Analysis, Comment, Ruled, ruled};

/// A list, and what of it could not be read: position and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// What could be read.
    pub items: Vec<T>,
    /// What could not.
    pub faults: Vec<String>,
    /// Entries in all.
    pub entries: usize,
}

/// A project: one version of something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Project {
    /// Key.
    pub uuid: String,
    /// Group or namespace.
    pub group: Option<String>,
    /// Name.
    pub name: String,
    /// Version; may be missing.
    pub version: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// False when it is not in use any more. It is, where nothing is said.
    pub active: Option<bool>,
    /// Labels.
    pub tags: Vec<Tag>,
    /// The project that it belongs to.
    pub parent: Option<Parent>,
    /// When its bill of materials came in last, in milliseconds since 1970; none when it never got one.
    pub last_bom_import: Option<i64>,
}

/// A label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Tag {
    /// What it says.
    pub name: String,
}

/// The project above another one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Parent {
    /// Key.
    pub uuid: String,
}

impl Project {
    /// What it is called without its version.
    pub fn title(&self) -> String {
        match self.group.as_deref().map(str::trim).filter(|group| !group.is_empty()) {
            Some(group) => format!("{group}/{}", self.name.trim()),
            None => self.name.trim().to_owned(),
        }
    }

    /// Its version; empty when none is stated.
    pub fn version(&self) -> &str {
        self.version.as_deref().unwrap_or_default().trim()
    }

    /// Whether it is in use.
    pub fn is_active(&self) -> bool {
        self.active != Some(false)
    }

    /// When its bill of materials came in last.
    pub fn bom(&self) -> Option<Timestamp> {
        self.last_bom_import.filter(|millis| *millis > 0).map(|millis| Timestamp(millis.saturating_mul(1_000)))
    }

    /// Labels, sorted.
    pub fn labels(&self) -> Vec<&str> {
        let mut labels: Vec<&str> =
            self.tags.iter().map(|tag| tag.name.trim()).filter(|name| !name.is_empty()).collect();
        labels.sort_unstable();
        labels.dedup();
        labels
    }
}

/// A finding as the server shows it: where somebody may have said something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// Key of the component.
    pub component: String,
    /// What it is called.
    pub name: String,
    /// Its purl; empty when it has none.
    pub package: String,
    /// Key of the vulnerability.
    pub vulnerability: String,
    /// Its name: `CVE-2021-44228`.
    pub called: String,
    /// Whose name that is: `NVD`, `GITHUB`, `INTERNAL`, …
    pub source: String,
    /// Whether something is said: a state, or that it is hidden.
    pub is_analysed: bool,
}

/// The version of the server that answers, where it is one of these.
///
/// # Errors
/// Why it is none.
pub fn version(bytes: &[u8]) -> Result<String, String> {
    #[derive(Deserialize)]
    struct About {
        #[serde(default)]
        application: String,
        version: String,
    }
    let about: About = serde_json::from_slice(bytes).map_err(|error| format!("no version: {error}"))?;
    if !about.application.is_empty() && about.application != "Dependency-Track" {
        return Err(format!("the server calls itself {:?}", shortened(&about.application)));
    }
    Ok(shortened(&about.version))
}

/// Projects.
///
/// # Errors
/// When it is no list.
pub fn projects(bytes: &[u8]) -> Result<Listed<Project>, String> {
    list(bytes, |value| {
        let project: Project = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
        if project.uuid.is_empty() || project.name.trim().is_empty() {
            return Err("it has no key or no name".to_owned());
        }
        Ok(project)
    })
}

/// Findings.
///
/// # Errors
/// When it is no list.
pub fn findings(bytes: &[u8]) -> Result<Listed<Finding>, String> {
    list(bytes, |value| {
        let text = |part: &str, name: &str| value[part][name].as_str().unwrap_or_default().trim().to_owned();
        let state = value["analysis"]["state"].as_str().unwrap_or_default();
        let finding = Finding {
            component: text("component", "uuid"),
            name: text("component", "name"),
            package: text("component", "purl"),
            vulnerability: text("vulnerability", "uuid"),
            called: text("vulnerability", "vulnId"),
            source: text("vulnerability", "source"),
            is_analysed: !matches!(state, "" | "NOT_SET") || value["analysis"]["isSuppressed"] == Value::Bool(true),
        };
        if [&finding.component, &finding.vulnerability, &finding.called].into_iter().any(String::is_empty) {
            return Err("it names no component or no vulnerability".to_owned());
        }
        Ok(finding)
    })
}

/// How many components a bill of materials has; none when it is no CycloneDX in JSON.
pub fn components(bytes: &[u8]) -> Option<usize> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Bom {
        bom_format: String,
        #[serde(default)]
        components: Vec<serde::de::IgnoredAny>,
    }
    let bom: Bom = serde_json::from_slice(bytes).ok()?;
    (bom.bom_format == "CycloneDX").then_some(bom.components.len())
}

fn list<T>(bytes: &[u8], read: impl Fn(&Value) -> Result<T, String>) -> Result<Listed<T>, String> {
    let values: Vec<Value> = serde_json::from_slice(bytes).map_err(|error| format!("no list: {error}"))?;
    let mut listed = Listed { items: Vec::with_capacity(values.len()), faults: Vec::new(), entries: values.len() };
    for (position, value) in values.iter().enumerate() {
        match read(value) {
            Ok(item) => listed.items.push(item),
            Err(why) => listed.faults.push(format!("entry {}: {why}", position + 1)),
        }
    }
    Ok(listed)
}

/// A word from outside, of a length that fits a line.
fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(60).collect()
}
