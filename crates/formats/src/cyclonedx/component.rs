// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One component of the document to one or more of the inventory: nested components are flattened, each with the
//! index of the one it is nested in. Nesting says what is part of what; it is no dependency edge.

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{
    Component, ComponentKind, FactKind, Hash, Inventory, Licence, LicenceKind, Pedigree, PedigreePatch, Scope, Text,
};

use super::lenient::{At, Step};
use super::properties::Facts;
use super::shape::{
    RawAncestor, RawComponent, RawContact, RawEvidence, RawLicenceChoice, RawOrganisation, RawPedigree,
};
use super::targets::Word;

/// The words of the format and what they mean.
pub const KINDS: &[(&str, ComponentKind)] = &[
    ("library", ComponentKind::Library),
    ("application", ComponentKind::Application),
    ("framework", ComponentKind::Framework),
    ("container", ComponentKind::Container),
    ("platform", ComponentKind::Platform),
    ("operating-system", ComponentKind::OperatingSystem),
    ("device", ComponentKind::Device),
    ("device-driver", ComponentKind::DeviceDriver),
    ("firmware", ComponentKind::Firmware),
    ("file", ComponentKind::File),
    ("machine-learning-model", ComponentKind::MachineLearningModel),
    ("data", ComponentKind::Data),
    ("cryptographic-asset", ComponentKind::CryptographicAsset),
];

/// Kinds that the format lacks, as our own property writes them.
pub const OWN_KINDS: &[(&str, ComponentKind)] = &[
    ("source", ComponentKind::Source),
    ("archive", ComponentKind::Archive),
    ("install", ComponentKind::Install),
    ("grouping", ComponentKind::Grouping),
    ("other", ComponentKind::Other),
];

/// Adds `raw` and all nested in it. The reading must stand at the component, so that gaps name its place.
/// Gives its index, or `None` when the limit is reached.
pub fn add<'a>(
    mut raw: RawComponent<'a>,
    parent: Option<u32>,
    inventory: &mut Inventory<'a>,
    at: &mut At<'a>,
) -> Option<u32> {
    let index = inventory.components.len();
    if index >= at.components_limit {
        at.gap(GapCode::TooManyElements, || format!("more than {index} components").into());
        return None;
    }
    let index = u32::try_from(index).ok()?;
    let nested = std::mem::take(&mut raw.components);
    let component = Component { parent, ..convert(raw, at) };
    inventory.components.push(component);
    if !nested.is_empty() {
        at.enter(Step::Key("components"));
        for (position, child) in nested.into_iter().enumerate() {
            at.enter(Step::Index(position));
            add(child, Some(index), inventory, at);
            at.leave();
        }
        at.leave();
    }
    Some(index)
}

fn convert<'a>(raw: RawComponent<'a>, at: &mut At<'a>) -> Component<'a> {
    let mut component = Component {
        kind: kind(&raw.kind, at),
        scope: match &*raw.scope.0 {
            "required" => Scope::Runtime,
            "optional" => Scope::Optional,
            // In the project, not in the artefact: needed for the work on it.
            "excluded" => Scope::Development,
            _ => Scope::Unknown,
        },
        reference: raw.reference.0,
        namespace: raw.group,
        name: raw.name,
        version: raw.version,
        purl: raw.purl,
        supplier: organisation(raw.supplier),
        modified: raw.modified.0,
        ..Component::default()
    };
    component.originator = originator(raw.author, raw.publisher, raw.authors, raw.manufacturer);
    if !raw.cpe.is_empty() {
        component.cpes.push(raw.cpe);
    }
    if raw.licences.len() > 1 && raw.licences.iter().any(|choice| choice.expression.is_some()) {
        at.mixed_licences();
    }
    add_licences(raw.licences, None, &mut component.licences);
    component.hashes = raw
        .hashes
        .into_iter()
        .filter(|hash| !hash.value.is_empty())
        .map(|hash| Hash { algorithm: hash.algorithm, value: hash.value })
        .collect();
    component.references =
        raw.references.into_iter().map(|reference| (reference.kind, reference.url)).collect::<Vec<_>>();
    if let Some(evidence) = raw.evidence {
        add_evidence(*evidence, &mut component);
    }
    if let Some(pedigree) = raw.pedigree {
        component.modified = component.modified.or((!pedigree.patches.is_empty()).then_some(true));
        component.pedigree = Some(Box::new(convert_pedigree(*pedigree)));
    }
    let mut facts = Facts::default();
    if let Some(swid) = raw.swid.filter(|swid| !swid.tag.is_empty()) {
        component.facts.push((FactKind::Swid, swid.tag));
    }
    component.facts.extend(raw.swhids.into_iter().map(|swhid| (FactKind::Swhid, swhid)));
    for property in raw.properties {
        facts.take(property.name, property.value, &mut component);
    }
    let stated_scope = if facts.has_own_scope() { Cow::Borrowed("") } else { raw.scope.0 };
    facts.settle(&mut component, stated_scope == "excluded");
    check_identity(&mut component, &raw.version_range, raw.external.0, at);
    add_facts(&mut component, stated_scope, raw.external.0, raw.version_range);
    component
}

/// Keeps what our own words say less exactly.
fn add_facts<'a>(component: &mut Component<'a>, scope: Text<'a>, external: Option<bool>, range: Text<'a>) {
    if scope == "excluded" {
        component.facts.push((FactKind::StatedScope, scope));
    }
    if external == Some(true) {
        component.facts.push((FactKind::External, Cow::Borrowed("true")));
        // Expected where the artefact runs, and no part of it: it may be absent.
        if matches!(component.scope, Scope::Runtime | Scope::Unknown) {
            component.scope = Scope::Optional;
        }
    }
    if !range.is_empty() {
        component.facts.push((FactKind::VersionRange, range));
    }
}

fn kind(word: &str, at: &mut At<'_>) -> ComponentKind {
    match KINDS.iter().find(|(known, _)| *known == word) {
        Some(&(_, kind)) => kind,
        None if word.is_empty() => {
            at.gap_in("type", GapCode::MissingField, || "read as library".into());
            ComponentKind::Library
        }
        None => {
            at.gap_in("type", GapCode::InvalidValue, || word.chars().take(100).collect::<String>().into());
            ComponentKind::Other
        }
    }
}

/// Reports what is missing to tell which package a component is.
fn check_identity<'a>(component: &mut Component<'a>, range: &str, external: Option<bool>, at: &mut At<'a>) {
    if component.name.is_empty() {
        at.gap_in("name", GapCode::NoName, || "".into());
        component.name =
            if component.reference.is_empty() { component.purl.clone() } else { component.reference.clone() };
    }
    if !range.is_empty() {
        if !component.version.is_empty() {
            at.gap_in("versionRange", GapCode::InvalidValue, || "given beside version, which counts".into());
        } else if external != Some(true) {
            at.gap_in("versionRange", GapCode::InvalidValue, || "only for external components".into());
        } else {
            at.gap_in("versionRange", GapCode::UnresolvedVersion, || {
                range.chars().take(100).collect::<String>().into()
            });
        }
    }
    if matches!(component.kind, ComponentKind::Library | ComponentKind::Framework | ComponentKind::Application) {
        if component.version.is_empty() {
            at.gap_in("version", GapCode::NoVersion, || "".into());
        }
        if component.purl.is_empty() {
            at.gap_in("purl", GapCode::NoPurl, || "".into());
        }
    }
}

/// Name and, in parentheses, the mail address or page by which it can be reached.
pub fn organisation(raw: Option<Box<RawOrganisation<'_>>>) -> Text<'_> {
    let Some(raw) = raw else { return Cow::Borrowed("") };
    let RawOrganisation { name, urls, contacts } = *raw;
    let mails = contacts.into_iter().map(|contact| contact.email);
    let reach = mails.chain(urls).find(|text| !text.is_empty());
    with_reach(name, reach.unwrap_or_default())
}

/// Name and, in parentheses, the mail address.
pub fn contact(raw: RawContact<'_>) -> Text<'_> {
    with_reach(raw.name, raw.email)
}

fn with_reach<'a>(name: Text<'a>, reach: Text<'a>) -> Text<'a> {
    match (name.is_empty(), reach.is_empty()) {
        (_, true) => name,
        (true, false) => reach,
        (false, false) => Cow::Owned(format!("{name} ({reach})")),
    }
}

fn originator<'a>(
    author: Text<'a>,
    publisher: Text<'a>,
    authors: Vec<RawContact<'a>>,
    manufacturer: Option<Box<RawOrganisation<'a>>>,
) -> Text<'a> {
    let manufacturer = organisation(manufacturer);
    let mut authors = authors.into_iter().map(contact).filter(|author| !author.is_empty());
    [manufacturer, authors.next().unwrap_or_default(), author, publisher]
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

/// Adds licences as stated; without a word about who says so, they are the author's own.
pub fn add_licences<'a>(choices: Vec<RawLicenceChoice<'a>>, kind: Option<LicenceKind>, to: &mut Vec<Licence<'a>>) {
    let stated = |word: &Word<'_, _>, outer: &str| {
        kind.unwrap_or(match (&*word.0, outer) {
            ("concluded", _) | ("", "concluded") => LicenceKind::Concluded,
            _ => LicenceKind::Declared,
        })
    };
    for choice in choices {
        let outer = &choice.acknowledgement.0;
        let mut add = |kind, expression: Text<'a>| {
            if !expression.is_empty() {
                to.push(Licence { kind, expression });
            }
        };
        if let Some(licence) = choice.licence {
            let kind = stated(&licence.acknowledgement, outer);
            let names = [licence.id, licence.name, licence.url];
            add(kind, names.into_iter().find(|name| !name.is_empty()).unwrap_or_default());
        }
        if let Some(expression) = choice.expression {
            add(stated(&expression.acknowledgement, outer), expression.text);
        }
        if let Some(expression) = choice.detailed {
            add(stated(&expression.acknowledgement, outer), expression.text);
        }
    }
}

/// Repository, else home page.
pub fn project<'a>(references: &[(Text<'a>, Text<'a>)]) -> Text<'a> {
    ["vcs", "website"]
        .iter()
        .find_map(|wanted| references.iter().find(|(kind, url)| kind == wanted && !url.is_empty()))
        .map(|(_, url)| url.clone())
        .unwrap_or_default()
}

fn add_evidence<'a>(evidence: RawEvidence<'a>, component: &mut Component<'a>) {
    add_licences(evidence.licences, Some(LicenceKind::Observed), &mut component.licences);
    for occurrence in evidence.occurrences {
        if !occurrence.location.is_empty() {
            component.locations.push(occurrence.location);
        }
    }
    component.confidence_percent = evidence
        .identities
        .0
        .iter()
        .filter_map(|identity| {
            identity.confidence.0.or_else(|| identity.methods.iter().filter_map(|method| method.confidence.0).max())
        })
        .max();
    for method in evidence.identities.0.into_iter().flat_map(|identity| identity.methods) {
        let names_file = matches!(&*method.technique, "filename" | "manifest-analysis");
        if names_file && method.value.contains('/') {
            component.locations.push(method.value);
        }
    }
}

fn convert_pedigree<'a>(raw: RawPedigree<'a>) -> Pedigree<'a> {
    Pedigree {
        ancestors: raw.ancestors.into_iter().map(ancestor).filter(|name| !name.is_empty()).collect(),
        patches: raw
            .patches
            .into_iter()
            .map(|patch| {
                let resolves = patch.resolves.into_iter();
                let names = resolves.map(|issue| if issue.id.is_empty() { issue.name } else { issue.id });
                let resolves = names.filter(|name| !name.is_empty()).collect();
                let diff = patch.diff.map(|diff| *diff).unwrap_or_default();
                // A text in another writing is not taken apart; its address still tells of it.
                let text = diff.text.0;
                let text = if text.encoding.0.is_empty() { text.content } else { Text::default() };
                PedigreePatch { kind: patch.kind.0, resolves, diff: text, address: diff.address }
            })
            .collect(),
        commits: raw
            .commits
            .into_iter()
            .map(|commit| if commit.uid.is_empty() { commit.url } else { commit.uid })
            .filter(|commit| !commit.is_empty())
            .collect(),
        notes: raw.notes,
    }
}

/// Package URL, else `group/name@version`, as far as stated.
fn ancestor(raw: RawAncestor<'_>) -> Text<'_> {
    if !raw.purl.is_empty() {
        return raw.purl;
    }
    let mut name = raw.name;
    if !raw.group.is_empty() {
        name = Cow::Owned(format!("{}/{name}", raw.group));
    }
    if !raw.version.is_empty() {
        name = Cow::Owned(format!("{name}@{}", raw.version));
    }
    name
}
