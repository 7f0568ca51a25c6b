// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From the elements of a document to its inventory.
//!
//! Identifiers are resolved first, while the document still holds them; then every element is moved, not copied, into
//! the inventory; last comes what follows from several elements together.

use underpin_model::Inventory;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, ComponentKind, FileFact, Scope};

use super::graph::{self, Links, NONE};
use super::licence::Licences;
use super::notes::{Notes, Origin};
use super::wire::{Annotation, Document, File};
use super::{digest, distribution, header, own, package, producer, reach, subject};
use underpin_model::limits::bounds;

/// The inventory of a document. `notes` may hold gaps found on the way here.
pub(super) fn inventory<'a>(mut document: Document<'a>, mut notes: Notes<'_>) -> Inventory<'a> {
    let mut inventory = Inventory::default();
    let links = graph::links(&document, &mut notes);
    header::read(&mut document, &mut inventory, &mut notes);
    header::list_gaps(&mut document, &mut notes);
    let layers = layers(&document);
    let mut licences = Licences::of(std::mem::take(&mut document.licences.items));
    inventory.components.reserve_exact(document.packages.items.len());
    for (index, package) in document.packages.items.into_iter().enumerate() {
        let spot = notes.spot("packages", index, package.line);
        inventory.components.push(package::component(package, &spot, &mut licences, &mut notes));
    }
    inventory.files = files(document.files.items, &links, &mut notes);
    let root_file = links.root_files.first().and_then(|file| inventory.files.get(*file as usize));
    let root_file = root_file.map(|file| file.name.clone());
    connect(&mut inventory, links, &mut notes);
    if !document.claims.is_empty() {
        notes.gaps.add(GapCode::EmbeddedVulnerabilities, "/@graph", format!("{} statements", document.claims.len()));
        inventory.claims = document.claims;
    }
    let name = notes.text_at(document.name, || "/name".to_owned());
    let roots: Vec<_> = inventory.roots.iter().filter_map(|root| inventory.components.get(*root as usize)).collect();
    inventory.subject = subject::find(&name, &inventory.serial, &roots, root_file, &mut notes);
    if let [root] = roots.as_slice() {
        inventory.supplier = root.supplier.clone();
    }
    annotations(document.annotations.items, &mut inventory, &mut notes);
    producer::inherit(&mut inventory.components);
    producer::name_packages_of_layers(&mut inventory, &layers, &mut notes);
    find_distribution(&mut inventory, &mut notes);
    judge_components(&inventory, &mut notes);
    reach::judge_edges(&mut inventory, &mut notes);
    inventory.gaps = notes.gaps;
    inventory
}

fn layers(document: &Document<'_>) -> Vec<(u32, producer::Layer)> {
    let packages = document.packages.items.iter().enumerate();
    packages
        .filter_map(|(index, package)| Some((graph::number(index), producer::layer(package.comment.as_str())?)))
        .collect()
}

fn files<'a>(files: Vec<File<'a>>, links: &Links, notes: &mut Notes<'_>) -> Vec<FileFact<'a>> {
    let mut facts = Vec::with_capacity(files.len());
    for (index, file) in files.into_iter().enumerate() {
        let spot = notes.spot("files", index, file.line);
        notes.faults(&file.faults, |field| spot.place(field));
        let name = notes.text(file.name, &spot, "fileName");
        if name.is_empty() {
            notes.gaps.add_with(GapCode::NoName, || (spot.place("fileName"), ""));
        }
        let hashes = digest::hashes(file.checksums, &spot, notes);
        let owner = links.owners.get(index).copied().filter(|owner| *owner != NONE);
        facts.push(FileFact { name, hashes, owner });
    }
    facts
}

/// Applies what the relationships say.
fn connect(inventory: &mut Inventory<'_>, links: Links, notes: &mut Notes<'_>) {
    let components = &mut inventory.components;
    inventory.compositions = links.compositions(components);
    let mut is_root = vec![false; components.len()];
    for root in &links.roots {
        if let Some(is_root) = is_root.get_mut(*root as usize) {
            *is_root = true;
        }
    }
    for ((component, parent), is_root) in components.iter_mut().zip(&links.parents).zip(is_root) {
        component.parent = Some(*parent).filter(|parent| *parent != NONE);
        producer::recognise(component, is_root);
    }
    for &(package, scope) in &links.scopes {
        if let Some(component) = components.get_mut(package as usize) {
            component.scope = stronger(component.scope, scope);
        }
    }
    for &package in &links.needed_by_document {
        if let Some(component) = components.get_mut(package as usize) {
            component.direct = Some(true);
        }
    }
    let mut left_out = 0_u64;
    for &(package, file) in &links.evidence {
        if let (Some(component), Some(file)) =
            (components.get_mut(package as usize), inventory.files.get(file as usize))
            && !file.name.is_empty()
        {
            if component.locations.len() < bounds::SPDX_LOCATIONS {
                component.locations.push(file.name.clone());
            } else {
                left_out += 1;
            }
        }
    }
    if left_out > 0 {
        let detail = format!("{left_out} places of packages beyond {} each", bounds::SPDX_LOCATIONS);
        notes.gaps.add(GapCode::TooManyElements, "/packages", detail);
    }
    for &package in &links.patched {
        if let Some(component) = components.get_mut(package as usize) {
            component.modified = Some(true);
        }
    }
    for &(package, source) in &links.sources {
        made_from(components, package, source);
    }
    for &(package, ancestor) in &links.ancestors {
        descends(components, package, ancestor);
    }
    // Layers follow each other; they do not need each other as packages do.
    let is_group =
        |index: u32| components.get(index as usize).is_some_and(|component| component.kind == ComponentKind::Grouping);
    inventory.edges = links.edges;
    inventory.edges.retain(|edge| !(is_group(edge.from) && is_group(edge.to)));
    inventory.roots = links.roots;
}

/// A package was made from the sources `source`: those are no part of the artefact, and name the origin package.
fn made_from(components: &mut [Component<'_>], package: u32, source: u32) {
    let Some(source) = components.get_mut(source as usize) else { return };
    if source.kind == ComponentKind::Library {
        source.kind = ComponentKind::Source;
    }
    let upstream = super::source_info::upstream((&source.name, &source.version));
    if let Some(component) = components.get_mut(package as usize)
        && component.upstream.is_empty()
    {
        component.upstream = upstream;
    }
}

fn descends(components: &mut [Component<'_>], package: u32, ancestor: u32) {
    let Some(ancestor) = components.get(ancestor as usize) else { return };
    let name = if ancestor.purl.is_empty() { ancestor.name.clone() } else { ancestor.purl.clone() };
    if let Some(component) = components.get_mut(package as usize) {
        component.pedigree.get_or_insert_default().ancestors.push(name);
    }
}

/// Of two scopes in which a package is needed, the one that reaches further.
fn stronger(one: Scope, other: Scope) -> Scope {
    let rank = |scope: Scope| match scope {
        Scope::Runtime => 5,
        Scope::Optional => 4,
        Scope::Build => 3,
        Scope::Development => 2,
        Scope::Test => 1,
        Scope::Unknown => 0,
    };
    if rank(other) > rank(one) { other } else { one }
}

/// Annotations of the document, and those that say which element they are about.
fn annotations<'a>(annotations: Vec<Annotation<'a>>, inventory: &mut Inventory<'a>, notes: &mut Notes<'_>) {
    if annotations.is_empty() {
        return;
    }
    let components = inventory.components.iter().enumerate();
    let ids: hashbrown::HashMap<String, usize> =
        components.map(|(index, component)| (component.reference.to_string(), index)).collect();
    for (index, annotation) in annotations.into_iter().enumerate() {
        let spot = notes.spot("annotations", index, annotation.line);
        let subject = ids.get(annotation.subject.as_str()).copied();
        let Some(property) = package::remark(annotation, &spot, notes) else { continue };
        match subject.and_then(|subject| inventory.components.get_mut(subject)) {
            Some(component) => own::apply(component, property),
            None => inventory.properties.push(property),
        }
    }
}

/// The first distribution stated by a component or by the purl of a system package.
fn find_distribution(inventory: &mut Inventory<'_>, notes: &mut Notes<'_>) {
    let systems = inventory.components.iter().filter(|component| component.kind == ComponentKind::OperatingSystem);
    let found = systems
        .map(|component| distribution::of_component(&component.name, &component.version))
        .find(|name| !name.is_empty());
    distribution::keep_first(&mut inventory.distribution, || found);
    if !inventory.distribution.is_empty() {
        return;
    }
    let mut undistributed = 0_u64;
    let packages = inventory.components.iter().filter(|component| distribution::is_system_package(&component.purl));
    for component in packages {
        if let Some(found) = distribution::of_purl(&component.purl) {
            inventory.distribution = found.into();
            return;
        }
        undistributed += 1;
    }
    if undistributed > 0 {
        notes.gaps.add(GapCode::NoDistribution, "/packages", format!("{undistributed} packages"));
    }
}

/// What components lack.
fn judge_components(inventory: &Inventory<'_>, notes: &mut Notes<'_>) {
    let stands_for_more = |component: &Component<'_>| {
        matches!(component.kind, ComponentKind::Grouping | ComponentKind::OperatingSystem | ComponentKind::Source)
    };
    let mut counted = 0_u64;
    for (index, component) in inventory.components.iter().enumerate() {
        let is_root = inventory.roots.first().is_some_and(|root| *root as usize == index);
        if stands_for_more(component) || (is_root && inventory.roots.len() == 1) {
            continue;
        }
        counted += 1;
        let place = |field: &str| match notes.origin {
            Origin::Pointers => format!("/packages/{index}/{field}"),
            Origin::Lines | Origin::Graph => component.reference.to_string(),
        };
        if component.version.is_empty() {
            notes.gaps.add_with(GapCode::NoVersion, || (place("versionInfo"), component.name.to_string()));
        }
        if component.purl.is_empty() {
            notes.gaps.add_with(GapCode::NoPurl, || (place("externalRefs"), component.name.to_string()));
        }
    }
    if counted == 0 && inventory.components.is_empty() {
        notes.gaps.add(GapCode::NoComponents, "/packages", "");
    }
}
