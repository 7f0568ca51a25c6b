// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a document says of itself and of its components beyond inventory: words, names and values for later checks.

use hashbrown::HashMap;
use underpin_assess::engagement::patch_id::patch_id;
use underpin_assess::engagement::upstream::{forwarding_word, headers};
use underpin_model::Inventory;
use underpin_model::inventory::{Component, ComponentKind, PedigreePatch};

/// Statements of a document about itself, as kind, name and value.
pub fn of_document(inventory: &Inventory<'_>, mut say: impl FnMut(&'static str, &str, &str)) {
    for tool in &inventory.tools {
        say("tool", &tool.name, &tool.version);
    }
    for creator in &inventory.creators {
        say("creator", "", creator);
    }
    for (name, value) in &inventory.properties {
        say("property", name, value);
    }
    for (name, value) in &inventory.references {
        say("reference", name, value);
    }
    for service in &inventory.services {
        say("service", &service.name, &service.provider);
        if !service.version.is_empty() {
            say("service-version", &service.name, &service.version);
        }
        for endpoint in &service.endpoints {
            say("service-endpoint", &service.name, endpoint);
        }
    }
    for composition in &inventory.compositions {
        say("composition", &composition.aggregate, &composition.references.join("\n"));
    }
    if let Some((word, detail)) = &inventory.signature {
        say("signature", word, detail);
    }
    if let Some(envelope) = &inventory.envelope {
        say("envelope", &envelope.predicate_type, &envelope.signatures.join("\n"));
        if !envelope.payload_type.is_empty() {
            say("envelope-payload", "", &envelope.payload_type);
        }
        for (name, digest) in &envelope.subjects {
            say("envelope-subject", name, digest);
        }
    }
}

/// Statements about a component that no other table holds, as kind, name and value. Its identifier in the document is one
/// of them only `with_reference`.
pub fn of_component(component: &Component<'_>, with_reference: bool, mut say: impl FnMut(&'static str, &str, &str)) {
    if with_reference && !component.reference.is_empty() {
        say("reference", "", &component.reference);
    }
    for (name, value) in &component.properties {
        say("property", name, value);
    }
    for (kind, address) in &component.references {
        say("external-reference", kind, address);
    }
    for (kind, value) in &component.facts {
        say(kind.as_str(), "", value);
    }
    if let Some(pedigree) = &component.pedigree {
        for ancestor in &pedigree.ancestors {
            say("ancestor", "", ancestor);
        }
        for commit in &pedigree.commits {
            say("commit", "", commit);
        }
        for patch in &pedigree.patches {
            say("patch", &patch.kind, &patch_lines(patch));
        }
        if !pedigree.notes.is_empty() {
            say("pedigree-notes", "", &pedigree.notes);
        }
    }
}

/// What a patch resolves, one a line; then, where its text is there, lines with the number of its change, with what its headers say of
/// the project, and with its address. The text itself often names people, and stays in the document.
fn patch_lines(patch: &PedigreePatch<'_>) -> String {
    let mut lines: Vec<String> = patch.resolves.iter().map(ToString::to_string).collect();
    if let Some(number) = patch_id(&patch.diff) {
        let said = headers(&patch.diff);
        lines.push(format!("change {number}"));
        lines.push(format!("forwarding {}", forwarding_word(&said.forwarding).as_str()));
        lines.extend(said.is_upstream().then(|| "upstream".to_owned()));
    }
    lines.extend(
        (!patch.address.is_empty() && !patch.address.contains('@')).then(|| format!("address {}", patch.address)),
    );
    lines.join("\n")
}

/// Whether the identifiers of components say something: in CycloneDX the producer may leave them out or choose them, in
/// other formats they are mere keys.
pub fn names_components(format: &str, inventory: &Inventory<'_>) -> bool {
    format.starts_with("cyclonedx") || (format == "envelope" && inventory.spec_version.starts_with("1."))
}

/// The components that stand for the artefact itself. Some documents describe every package they list: then only those
/// under which something lies are artefacts.
pub fn artefacts(inventory: &Inventory<'_>) -> Vec<u32> {
    if inventory.roots.len() < 2 {
        return inventory.roots.clone();
    }
    let mut holds = vec![false; inventory.components.len()];
    let parents = inventory.components.iter().filter_map(|component| component.parent);
    for index in inventory.edges.iter().map(|edge| edge.from).chain(parents) {
        if let Some(holds) = holds.get_mut(index as usize) {
            *holds = true;
        }
    }
    inventory.roots.iter().copied().filter(|root| holds.get(*root as usize).copied().unwrap_or_default()).collect()
}

/// Components by what claims call them.
pub struct References<'i> {
    by_reference: HashMap<&'i str, u32>,
    serial: &'i str,
}

impl<'i> References<'i> {
    /// The components of an inventory; of two with one identifier the first counts.
    pub fn of(inventory: &'i Inventory<'_>) -> Self {
        let mut by_reference = HashMap::with_capacity(inventory.components.len());
        for (component, index) in inventory.components.iter().zip(0..) {
            for name in [&component.reference, &component.purl] {
                if !name.is_empty() {
                    by_reference.entry(&**name).or_insert(index);
                }
            }
        }
        Self { by_reference, serial: inventory.serial.strip_prefix("urn:uuid:").unwrap_or(&inventory.serial) }
    }

    /// The component that an identifier, a purl or a link into this very document (`urn:cdx:serial/1#identifier`) means.
    pub fn find(&self, reference: &str) -> Option<u32> {
        let inside = reference.strip_prefix("urn:cdx:").and_then(|link| link.strip_prefix(self.serial));
        let inside = inside.filter(|_| !self.serial.is_empty()).and_then(|rest| rest.split_once('#'));
        self.by_reference.get(inside.map_or(reference, |(_, name)| name)).copied()
    }
}

/// Whether a producer wrote, instead of a value, that it was left out on purpose.
pub fn is_redacted(text: &str) -> bool {
    // Longer texts are never such a mark.
    text.len() <= 16 && text.trim_matches(|mark: char| !mark.is_ascii_alphanumeric()).eq_ignore_ascii_case("redacted")
}

/// The stored word of a kind.
pub fn kind_word(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::Library => "library",
        ComponentKind::Application => "application",
        ComponentKind::Framework => "framework",
        ComponentKind::Container => "container",
        ComponentKind::Platform => "platform",
        ComponentKind::OperatingSystem => "operating-system",
        ComponentKind::Device => "device",
        ComponentKind::DeviceDriver => "device-driver",
        ComponentKind::Firmware => "firmware",
        ComponentKind::File => "file",
        ComponentKind::MachineLearningModel => "machine-learning-model",
        ComponentKind::Data => "data",
        ComponentKind::CryptographicAsset => "cryptographic-asset",
        ComponentKind::Source => "source",
        ComponentKind::Archive => "archive",
        ComponentKind::Install => "install",
        ComponentKind::Grouping => "grouping",
        ComponentKind::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::inventory::Edge;

    use super::*;

    fn inventory(count: usize, roots: &[u32], edges: &[(u32, u32)]) -> Inventory<'static> {
        Inventory {
            components: vec![Component::default(); count],
            roots: roots.to_vec(),
            edges: edges.iter().map(|&(from, to)| Edge { from, to }).collect(),
            ..Inventory::default()
        }
    }

    #[test]
    fn artefacts_are_told_from_packages_that_are_merely_described() {
        for (roots, edges, expected) in [
            (&[0][..], &[][..], &[0][..]),
            (&[0], &[(0, 1)], &[0]),
            (&[0, 1, 2], &[], &[]),
            (&[0, 1], &[(0, 2), (1, 2)], &[0, 1]),
            (&[0, 9], &[(0, 2)], &[0]),
            (&[], &[(0, 1)], &[]),
        ] {
            assert_eq!(artefacts(&inventory(3, roots, edges)), expected, "{roots:?} {edges:?}");
        }
    }

    #[test]
    fn marks_of_redaction() {
        for (text, expected) in
            [("REDACTED", true), ("[redacted]", true), ("<Redacted>", true), ("redacted-lib", false), ("", false)]
        {
            assert_eq!(is_redacted(text), expected, "{text}");
        }
    }

    #[test]
    fn claims_find_their_components() {
        let mut given = inventory(2, &[], &[]);
        given.serial = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".into();
        given.components[1].reference = "b".into();
        given.components[0].purl = "pkg:npm/a@1".into();
        let index = References::of(&given);
        for (reference, expected) in [
            ("b", Some(1)),
            ("pkg:npm/a@1", Some(0)),
            ("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#b", Some(1)),
            ("urn:cdx:00000000-395b-41f5-a30f-a58921a69b79/1#b", None),
            ("nowhere", None),
            ("", None),
        ] {
            assert_eq!(index.find(reference), expected, "{reference}");
        }
    }
}
