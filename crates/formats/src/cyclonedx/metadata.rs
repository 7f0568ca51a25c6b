// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a document says about itself: subject, tools, makers, time, circumstances.
//!
//! Tools come in two shapes: a list of `{vendor, name, version}` until 1.4, and since 1.5 an object with components
//! and services. `manufacture` (until 1.5) made the artefact, `manufacturer` (since 1.6) made the document.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::de::{MapAccess, SeqAccess};
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, ComponentKind, Inventory, LicenceKind, Subject, Text, Tool};

use super::check;
use super::component::{self, add_licences, contact, organisation};
use super::lenient::{At, Lenient, Step};
use super::properties::{self, OWN};
use super::shape::{RawComponent, RawContact, RawLicenceChoice, RawOrganisation, RawProperty, shape};
use super::targets::{Word, Words};

/// Marks a subject that no component stands for; its value is the digest.
const OWN_SUBJECT: &str = "underpin:subject";

/// Says a kind that the format lacks.
const OWN_KIND: &str = "underpin:type";

/// How widely may the document be shared?
#[derive(Default)]
pub struct SharingWords;

impl Words for SharingWords {
    const ALL: &'static [&'static str] = &["CLEAR", "GREEN", "AMBER", "AMBER_AND_STRICT", "RED"];
}

shape! {
    /// The document about itself.
    RawMetadata {
        "timestamp" => timestamp: Text<'a>,
        "lifecycles" => lifecycles: Vec<RawLifecycle<'a>>,
        "tools" => tools: RawTools<'a>,
        "authors" => authors: Vec<RawContact<'a>>,
        "component" => component: Option<Box<RawComponent<'a>>>,
        "manufacture" => manufacture: Option<Box<RawOrganisation<'a>>>,
        "manufacturer" => manufacturer: Option<Box<RawOrganisation<'a>>>,
        "supplier" => supplier: Option<Box<RawOrganisation<'a>>>,
        "licenses" => licences: Vec<RawLicenceChoice<'a>>,
        "properties" => properties: Vec<RawProperty<'a>>,
        "distributionConstraints" => sharing: RawSharing<'a>,
    } passes []
}

shape! {
    /// A phase of life: one of the format's, or a name.
    RawLifecycle {
        "phase" => phase: Text<'a>,
        "name" => name: Text<'a>,
    } passes ["description"]
}

shape! {
    /// How widely the document may be shared.
    RawSharing {
        "tlp" => label: Word<'a, SharingWords>,
    } passes []
}

shape! {
    /// A tool in the older shape; a component or service as tool has the same names.
    RawTool {
        "name" => name: Text<'a>,
        "version" => version: Text<'a>,
        "vendor" => vendor: Text<'a>,
        "group" => group: Text<'a>,
    } passes [
        "hashes", "externalReferences", "bom-ref", "type", "supplier", "manufacturer", "authors", "author", "publisher",
        "versionRange", "isExternal", "scope", "licenses", "cpe", "swid", "swhid", "modified", "pedigree",
        "components", "evidence", "properties", "description", "mime-type", "copyright", "omniborId", "releaseNotes",
        "modelCard", "data", "cryptoProperties", "tags", "signature", "patentAssertions", "purl", "provider",
        "endpoints", "authenticated", "x-trust-boundary", "trustZone", "services"
    ]
}

shape! {
    /// Tools in the newer shape; `tool` only in XML.
    RawToolGroups {
        "tool" => tools: Vec<RawTool<'a>>,
        "components" => components: Vec<RawTool<'a>>,
        "services" => services: Vec<RawTool<'a>>,
    } passes []
}

/// Tools in either shape.
#[derive(Default)]
pub struct RawTools<'a>(pub Vec<RawTool<'a>>);

impl<'a> Lenient<'a> for RawTools<'a> {
    const DUE: &'static str = "a list or an object";

    fn list<S: SeqAccess<'a>>(&mut self, list: S, at: &mut At<'a>) -> Result<bool, S::Error> {
        self.0.list(list, at)
    }

    fn object<M: MapAccess<'a>>(&mut self, map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        let mut groups = RawToolGroups::default();
        groups.object(map, at)?;
        self.0.extend(groups.tools.into_iter().chain(groups.components).chain(groups.services));
        Ok(true)
    }

    fn text(&mut self, _text: Text<'a>, at: &mut At<'a>) -> bool {
        if !at.xml {
            at.wrong_type(Self::DUE, "a text");
        }
        at.xml
    }
}

/// Takes the metadata over into the inventory; the subject's component becomes the last component and the root.
pub fn apply<'a>(raw: RawMetadata<'a>, inventory: &mut Inventory<'a>, at: &mut At<'a>) {
    at.enter(Step::Key("metadata"));
    inventory.created = check::time(&raw.timestamp, at);
    inventory.tools = raw.tools.0.into_iter().map(tool).filter(|tool| !tool.name.is_empty()).collect();
    if raw.timestamp.is_empty() {
        at.gap_in("timestamp", GapCode::NoCreationTime, || "".into());
    }
    if inventory.tools.is_empty() {
        at.gap_in("tools", GapCode::NoTool, || "".into());
    }
    let people = raw.authors.into_iter().map(contact).filter(|name| !name.is_empty());
    inventory.creators = people.map(|name| Cow::Owned(format!("Person: {name}"))).collect();
    let maker = organisation(raw.manufacturer);
    if !maker.is_empty() {
        inventory.creators.push(Cow::Owned(format!("Organization: {maker}")));
    }
    let phases = raw.lifecycles.into_iter().map(|cycle| if cycle.phase.is_empty() { cycle.name } else { cycle.phase });
    inventory.context = join(phases.filter(|phase| !phase.is_empty()).collect(), ", ");
    let mut licences = Vec::new();
    add_licences(raw.licences, Some(LicenceKind::Declared), &mut licences);
    inventory.data_licence = join(licences.into_iter().map(|licence| licence.expression).collect(), " AND ");
    inventory.properties.splice(..0, raw.properties.into_iter().map(|property| (property.name, property.value)));
    let makes = [raw.supplier, raw.manufacture].map(organisation);
    inventory.supplier = makes.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    if let Some(component) = raw.component {
        at.enter(Step::Key("component"));
        add_subject(*component, inventory, at);
        at.leave();
    }
    if inventory.subject.name.is_empty() {
        at.gap_in("component", GapCode::NoSubject, || "".into());
    }
    at.leave();
}

/// Puts back what our writer kept in properties of its own. Gives whether it says that the graph is complete, for after
/// the edges.
pub fn apply_own(inventory: &mut Inventory<'_>) -> Option<bool> {
    let (own, stated): (Vec<_>, _) =
        std::mem::take(&mut inventory.properties).into_iter().partition(|(name, _)| name.starts_with(OWN));
    inventory.properties = stated;
    let mut complete = None;
    let mut roots = HashSet::new();
    for (name, value) in own {
        match name.strip_prefix(OWN).unwrap_or_default() {
            "root" => {
                roots.insert(value);
            }
            "creator" => inventory.creators.push(value),
            "distribution" => inventory.distribution = value,
            "graph-complete" => complete = value.parse().ok(),
            "reference" => inventory.references.extend(properties::reference(&value)),
            _ => {}
        }
    }
    let stated = inventory.components.iter().zip(0..).filter(|(component, _)| roots.contains(&component.reference));
    inventory.roots.extend(stated.map(|(_, index)| index));
    complete
}

/// The subject alone, when our writer says that no component stands for it.
fn bare_subject<'a>(raw: &RawComponent<'a>) -> Option<Subject<'a>> {
    let mark = raw.properties.iter().find(|property| property.name == OWN_SUBJECT)?;
    Some(Subject {
        name: raw.name.clone(),
        version: raw.version.clone(),
        purl: raw.purl.clone(),
        digest: mark.value.clone(),
    })
}

fn add_subject<'a>(raw: RawComponent<'a>, inventory: &mut Inventory<'a>, at: &mut At<'a>) {
    if let Some(subject) = bare_subject(&raw) {
        inventory.subject = subject;
        return;
    }
    let twin = inventory.components.iter().position(|other| {
        !raw.reference.0.is_empty()
            && other.reference == raw.reference.0
            && other.name == raw.name
            && other.version == raw.version
    });
    let raw_grouping = raw.properties.iter().any(|property| property.name == OWN_KIND);
    let root = match twin.and_then(|index| u32::try_from(index).ok()) {
        Some(index) => {
            at.gap_in("bom-ref", GapCode::DuplicateId, || "also listed under components; counted once".into());
            Some(index)
        }
        None => component::add(raw, None, inventory, at),
    };
    let Some(component) = root.and_then(|index| inventory.components.get_mut(index as usize)) else { return };
    if component.kind == ComponentKind::Grouping && !raw_grouping {
        // What looks like a group in the list is the subject here.
        component.kind = ComponentKind::Application;
    }
    inventory.subject = subject(component);
    if inventory.supplier.is_empty() {
        inventory.supplier = component.supplier.clone();
    }
    inventory.roots.extend(root);
}

fn join<'a>(mut texts: Vec<Text<'a>>, separator: &str) -> Text<'a> {
    if texts.len() > 1 { Cow::Owned(texts.join(separator)) } else { texts.pop().unwrap_or_default() }
}

/// The tool, its version taken off the name when it stands there.
fn tool(raw: RawTool<'_>) -> Tool<'_> {
    if raw.version.is_empty()
        && let Some((name, version)) = raw.name.rsplit_once([' ', '@', '-'])
        && !name.is_empty()
        && version.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
    {
        let version = version.trim_start_matches('v').to_owned();
        return Tool { name: Cow::Owned(name.to_owned()), version: Cow::Owned(version) };
    }
    let name = [raw.name, raw.group, raw.vendor].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    Tool { name, version: raw.version }
}

/// The subject that the root component describes: tag and digest of an image are taken off its name.
fn subject<'a>(root: &Component<'a>) -> Subject<'a> {
    let mut name: &str = &root.name;
    let mut version: Text<'a> = root.version.clone();
    let mut digest =
        root.hashes.iter().find(|hash| hash.algorithm == "sha256").map(|hash| format!("sha256:{}", hash.value));
    if let Some((rest, tail)) = name.split_once('@')
        && is_digest(tail)
    {
        digest = Some(tail.to_ascii_lowercase());
        name = rest;
    }
    if is_digest(&version) {
        digest = Some(version.to_ascii_lowercase());
        version = Cow::Borrowed("");
    }
    let stated = root.purl.find("@sha256").and_then(|start| root.purl.get(start + 1..)).map(|tail| {
        let tail = tail.split(['?', '#']).next().unwrap_or_default();
        tail.replacen("%3A", ":", 1).replacen("%3a", ":", 1)
    });
    digest = digest.or(stated.filter(|digest| is_digest(digest)));
    if root.kind == ComponentKind::Container
        && let Some((rest, tag)) = name.rsplit_once(':')
        && !tag.contains('/')
    {
        name = rest;
        if version.is_empty() {
            version = Cow::Owned(tag.to_owned());
        }
    }
    let name = if root.namespace.is_empty() { name.to_owned() } else { format!("{}/{name}", root.namespace) };
    let name = if name == root.name { root.name.clone() } else { Cow::Owned(name) };
    Subject { name, version, purl: root.purl.clone(), digest: digest.unwrap_or_default().into() }
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_lose_tag_and_digest() {
        let hex = "0123456789abcdef".repeat(4);
        let digest = format!("sha256:{hex}");
        let container = |name: &str, version: &str, purl: &str| Component {
            kind: ComponentKind::Container,
            name: name.to_owned().into(),
            version: version.to_owned().into(),
            purl: purl.to_owned().into(),
            ..Component::default()
        };
        for (root, name, version, with_digest) in [
            (container("perl", "5.16", ""), "perl", "5.16", false),
            (container("docker.io/library/perl:5.16", "", ""), "docker.io/library/perl", "5.16", false),
            (container("localhost:5000/perl", "", ""), "localhost:5000/perl", "", false),
            (container(&format!("perl:5@{digest}"), "", ""), "perl", "5", true),
            (container("perl:5", &digest, ""), "perl", "5", true),
            (container("perl", "", &format!("pkg:oci/perl@sha256%3A{hex}?tag=5")), "perl", "", true),
        ] {
            let found = subject(&root);
            let expected = if with_digest { digest.as_str() } else { "" };
            assert_eq!((&*found.name, &*found.version, &*found.digest), (name, version, expected), "{root:?}");
        }
    }

    #[test]
    fn tools_lose_their_version() {
        for (name, version, expected) in [
            ("syft", "1.2", ("syft", "1.2")),
            ("syft v0.60.3", "", ("syft", "0.60.3")),
            ("cyclonedx-gomod", "", ("cyclonedx-gomod", "")),
            ("trivy-0.50", "", ("trivy", "0.50")),
        ] {
            let found = tool(RawTool { name: name.into(), version: version.into(), ..RawTool::default() });
            assert_eq!((&*found.name, &*found.version), expected, "{name}");
        }
    }
}
