// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Habits of producers that the format does not explain: packages that stand for a group of packages.
//!
//! - trivy: `SPDXRef-Application-…` stands for a lockfile, a binary or all packages of a language in the image;
//!   `sourceInfo` is its path, or a word such as `Node.js`. `SPDXRef-OperatingSystem-…` is the distribution.
//! - bom and tern: each image layer is a package whose name is a digest.
//! - tern: names no package URLs, but says in the comment of a layer which package manager and distribution it found.
//!   The purl is built from that; without it the same package from another tool would never meet it.

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, ComponentKind, EvidenceKind, Inventory, Text};

use super::distribution;
use super::notes::Notes;

/// Words that trivy writes instead of a path, when a group stands for a language.
const LANGUAGES: &[&str] = &["Conda", "Java", "Node.js", "PHP", "Python", "Ruby", "Rust"];

/// Types of groups that are lockfiles (trivy).
const LOCKFILES: &[&str] = &[
    "bundler",
    "cargo",
    "cocoapods",
    "composer",
    "conan",
    "gomod",
    "gradle",
    "hex",
    "npm",
    "nuget",
    "pipenv",
    "pnpm",
    "poetry",
    "pub",
    "swift",
    "uv",
    "yarn",
];

/// Recognises groups and the operating system among the packages.
pub(super) fn recognise(component: &mut Component<'_>, is_root: bool) {
    let reference = component.reference.as_ref();
    if reference.starts_with("SPDXRef-OperatingSystem") {
        component.kind = ComponentKind::OperatingSystem;
    } else if reference.starts_with("SPDXRef-ContainerImage") {
        component.kind = ComponentKind::Container;
    } else if !is_root && component.purl.is_empty() && component.version.is_empty() {
        let is_group = reference.starts_with("SPDXRef-Application-");
        if is_group || is_layer(component) {
            component.kind = ComponentKind::Grouping;
        }
    }
}

fn is_layer(component: &Component<'_>) -> bool {
    let name = component.name.as_ref();
    let digits = name.strip_prefix("sha256:");
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.is_some_and(is_digest) || (is_digest(name) && component.file_name == component.name)
}

/// What packages inherit from the group that contains them: where they lie, and how the producer knows.
pub(super) fn inherit<'a>(components: &mut [Component<'a>]) {
    for index in 0..components.len() {
        let Some(group) = components.get(index).and_then(|component| component.parent) else { continue };
        let Some(group) = components.get(group as usize) else { continue };
        let (path, evidence) = match group.kind {
            ComponentKind::Grouping if group.reference.starts_with("SPDXRef-Application-") => of_group(group),
            ComponentKind::OperatingSystem if group.reference.starts_with("SPDXRef-OperatingSystem") => {
                (None, Some(EvidenceKind::Installed))
            }
            _ => continue,
        };
        let Some(component) = components.get_mut(index) else { continue };
        if component.evidence == EvidenceKind::Inventory
            && let Some(evidence) = evidence
        {
            component.evidence = evidence;
        }
        if component.locations.is_empty()
            && let Some(path) = path
        {
            component.locations.push(path);
        }
    }
}

fn of_group<'a>(group: &Component<'a>) -> (Option<Text<'a>>, Option<EvidenceKind>) {
    let evidence = if LOCKFILES.contains(&group.name.as_ref()) { EvidenceKind::Lockfile } else { EvidenceKind::Scan };
    let path = if group.source_info.is_empty() || LANGUAGES.contains(&group.source_info.as_ref()) {
        // Newer versions name the group by its path.
        Some(&group.name).filter(|name| name.contains('/'))
    } else {
        Some(&group.source_info)
    };
    (path.cloned(), Some(evidence))
}

/// What tern says of one layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layer {
    /// Distribution, as `debian-11`.
    pub(super) distribution: Option<String>,
    /// Package manager that listed the packages.
    pub(super) manager: Option<String>,
}

/// Reads the comment that tern writes for a layer.
pub(super) fn layer(comment: &str) -> Option<Layer> {
    if !comment.starts_with("Layer ") {
        return None;
    }
    let between = |before: &str, after: &str| {
        let (_, rest) = comment.split_once(before)?;
        rest.split_once(after).map(|(found, _)| found)
    };
    Some(Layer {
        distribution: between("Found '", "' in /etc/os-release").and_then(distribution::of_pretty_name),
        manager: between("Retrieved package metadata using ", " default method").map(str::to_owned),
    })
}

/// Gives the packages of tern's layers the package URLs that follow from the layer's package manager. `layers` are sorted
/// by their component.
pub(super) fn name_packages_of_layers(inventory: &mut Inventory<'_>, layers: &[(u32, Layer)], notes: &mut Notes<'_>) {
    let distribution = layers.iter().find_map(|(_, layer)| layer.distribution.clone());
    if let Some(distribution) = &distribution {
        distribution::keep_first(&mut inventory.distribution, || Some(distribution.clone()));
    }
    let id = distribution.as_deref().and_then(|text| text.split('-').next()).unwrap_or_default();
    for index in 0..inventory.components.len() {
        let Some(component) = inventory.components.get(index) else { continue };
        let place = component.parent.and_then(|parent| layers.binary_search_by_key(&parent, |(layer, _)| *layer).ok());
        let layer = place.and_then(|place| layers.get(place));
        let Some(manager) = layer.and_then(|(_, layer)| layer.manager.as_deref()) else { continue };
        if component.kind == ComponentKind::Grouping || !component.purl.is_empty() {
            continue;
        }
        let Some(purl) = purl(manager, id, &component.name, &component.version) else { continue };
        notes.gaps.add_with(GapCode::NoPurl, || {
            (component.reference.to_string(), format!("read as {purl}, by the package manager of its layer"))
        });
        if let Some(component) = inventory.components.get_mut(index) {
            component.purl = Cow::Owned(purl);
            component.evidence = EvidenceKind::Installed;
        }
    }
}

fn purl(manager: &str, distribution: &str, name: &str, version: &str) -> Option<String> {
    let (kind, namespace) = match manager {
        "dpkg" | "distroless" => ("deb", if distribution.is_empty() { "debian" } else { distribution }),
        "apk" => ("apk", if distribution.is_empty() { "alpine" } else { distribution }),
        "rpm" | "tdnf" if !distribution.is_empty() => ("rpm", distribution),
        "pip" | "pip3" => ("pypi", ""),
        "npm" => ("npm", ""),
        "gem" => ("gem", ""),
        _ => return None,
    };
    let separator = if namespace.is_empty() { "" } else { "/" };
    let name = encoded(&if kind == "pypi" { name.to_ascii_lowercase().replace('_', "-") } else { name.to_owned() });
    let at = if version.is_empty() { "" } else { "@" };
    Some(format!("pkg:{kind}/{namespace}{separator}{name}{at}{}", encoded(version)))
}

/// Percent-encodes what a purl may not hold as it is.
fn encoded(text: &str) -> String {
    underpin_model::percent_encoded(text, b".-_~:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_layers() {
        let comment = "Layer 1:\n\tinfo: Found 'Debian GNU/Linux 11 (bullseye)' in /etc/os-release.\n\tinfo: Retrieved package metadata using dpkg default method. \n\n";
        let expected = Layer { distribution: Some("debian-11".to_owned()), manager: Some("dpkg".to_owned()) };
        assert_eq!(layer(comment), Some(expected));
        assert_eq!(layer("Layer 2:\n\twarning: nothing known"), Some(Layer::default()));
        assert_eq!(layer("a remark"), None);
    }

    #[test]
    fn package_urls_from_package_managers() {
        for (manager, id, name, version, expected) in [
            ("dpkg", "debian", "libstdc++6", "1:10.2+x", Some("pkg:deb/debian/libstdc%2B%2B6@1:10.2%2Bx")),
            ("apk", "alpine", "musl", "1.2.3-r0", Some("pkg:apk/alpine/musl@1.2.3-r0")),
            ("rpm", "", "bash", "5", None),
            ("pip", "debian", "Typing_Extensions", "4", Some("pkg:pypi/typing-extensions@4")),
            ("dpkg", "", "bash", "", Some("pkg:deb/debian/bash")),
        ] {
            assert_eq!(purl(manager, id, name, version).as_deref(), expected);
        }
    }

    #[test]
    fn groups_pass_on_their_path() {
        let group = |name: &'static str, source_info: &'static str| Component {
            reference: "SPDXRef-Application-1".into(),
            kind: ComponentKind::Grouping,
            name: name.into(),
            source_info: source_info.into(),
            ..Component::default()
        };
        for (name, source_info, path, evidence) in [
            ("gobinary", "usr/bin/tool", Some("usr/bin/tool"), EvidenceKind::Scan),
            ("node-pkg", "Node.js", None, EvidenceKind::Scan),
            ("composer", "app/composer.lock", Some("app/composer.lock"), EvidenceKind::Lockfile),
        ] {
            let mut components = [group(name, source_info), Component { parent: Some(0), ..Component::default() }];
            inherit(&mut components);
            assert_eq!(components[1].locations.first().map(AsRef::as_ref), path);
            assert_eq!(components[1].evidence, evidence);
        }
    }
}
