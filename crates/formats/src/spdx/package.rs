// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One package of a document becomes one component.
//!
//! A package URL and CPEs stand among the external references. The project is the repository where the download
//! location names one, else the home page. `NOASSERTION` and `NONE` mean that nothing is said.

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, ComponentKind, LicenceKind, Text};

use super::field::Field;
use super::licence::Licences;
use super::notes::{Notes, Spot, says_nothing, stated};
use super::wire::{Annotation, ExternalReference, Package};
use super::{digest, source_info};

/// The component of one package. `origin` of the package in the document is `spot`.
pub(super) fn component<'a>(
    mut package: Package<'a>,
    spot: &Spot,
    licences: &mut Licences,
    notes: &mut Notes<'_>,
) -> Component<'a> {
    notes.faults(&package.faults, |field| spot.place(field));
    let mut component = Component {
        reference: notes.text(package.id, spot, "SPDXID"),
        name: notes.text(package.name, spot, "name"),
        version: stated(notes.text(package.version, spot, "versionInfo")),
        supplier: stated(notes.text(package.supplier, spot, "supplier")),
        originator: stated(notes.text(package.originator, spot, "originator")),
        file_name: stated(notes.text(package.file_name, spot, "packageFileName")),
        source_info: notes.text(package.source_info, spot, "sourceInfo"),
        hashes: digest::hashes(package.checksums, spot, notes),
        ..Component::default()
    };
    origin(&mut component);
    licences.add(&mut component.licences, LicenceKind::Declared, package.declared, (spot, "licenseDeclared"), notes);
    licences.add(&mut component.licences, LicenceKind::Concluded, package.concluded, (spot, "licenseConcluded"), notes);
    for licence in notes.list(package.observed, || spot.place("licenseInfoFromFiles")) {
        licences.add(&mut component.licences, LicenceKind::Observed, licence, (spot, "licenseInfoFromFiles"), notes);
    }
    references(&mut component, notes.list(package.references, || spot.place("externalRefs")), spot, notes);
    if matches!(package.download, Field::Missing) {
        notes.gaps.add_with(GapCode::MissingField, || (spot.place("downloadLocation"), ""));
    }
    let download = stated(notes.text(package.download, spot, "downloadLocation"));
    let home_page = stated(notes.text(package.home_page, spot, "homepage"));
    project(&mut component, download, home_page);
    component.kind = kind(&package.purpose, &component, spot, notes);
    for text in notes.list(std::mem::take(&mut package.attributions), || spot.place("attributionTexts")) {
        let text = notes.text(text, spot, "attributionTexts");
        component.properties.push(property(text, "attribution"));
    }
    for annotation in notes.list(std::mem::take(&mut package.annotations), || spot.place("annotations")) {
        component.properties.extend(remark(annotation, spot, notes));
    }
    let valid_until = notes.text(package.valid_until, spot, "validUntilDate");
    if !valid_until.is_empty() {
        component.properties.push((Cow::Borrowed("validUntilDate"), valid_until));
    }
    if component.name.is_empty() {
        notes.gaps.add_with(GapCode::NoName, || (spot.place("name"), ""));
        component.name = component.reference.clone();
    }
    component
}

/// What `sourceInfo` says of evidence, paths and source package. Paths borrow where the text does.
fn origin(component: &mut Component<'_>) {
    match &component.source_info {
        Cow::Borrowed(text) => {
            let text: &str = text;
            let info = source_info::read(text);
            component.evidence = info.evidence;
            component.upstream = info.upstream.map(source_info::upstream).unwrap_or_default();
            component.locations = info.paths.into_iter().map(Cow::Borrowed).collect();
        }
        Cow::Owned(text) => {
            let info = source_info::read(text);
            component.evidence = info.evidence;
            component.upstream = info.upstream.map(source_info::upstream).unwrap_or_default();
            component.locations = info.paths.into_iter().map(|path| Cow::Owned(path.to_owned())).collect();
        }
    }
}

fn references<'a>(
    component: &mut Component<'a>,
    references: Vec<ExternalReference<'a>>,
    spot: &Spot,
    notes: &mut Notes<'_>,
) {
    for reference in references {
        notes.faults(&reference.faults, |_| spot.place("externalRefs"));
        let locator = notes.text(reference.locator, spot, "externalRefs");
        if locator.is_empty() {
            notes.gaps.add_with(GapCode::MissingField, || (spot.place("externalRefs"), "no referenceLocator"));
            continue;
        }
        // Some write the type as an address: http://spdx.org/rdf/references/purl.
        let kind = reference.kind.as_str();
        match kind.rsplit(['/', '#']).next().unwrap_or(kind) {
            "purl" | "packageUrl" if component.purl.is_empty() => component.purl = locator,
            "cpe23Type" | "cpe22Type" | "cpe23" | "cpe22" => component.cpes.push(locator),
            _ => {
                let kind = notes.text(reference.kind, spot, "externalRefs");
                component.references.push((kind, locator));
            }
        }
    }
}

fn project<'a>(component: &mut Component<'a>, download: Text<'a>, home_page: Text<'a>) {
    if is_repository(&download) {
        component.project = download.clone();
    } else if !home_page.is_empty() {
        component.project = home_page.clone();
    }
    for (kind, address) in [("download", download), ("website", home_page)] {
        if !address.is_empty() {
            component.references.push((Cow::Borrowed(kind), address));
        }
    }
}

/// True for addresses of version control systems and of projects on code hosts.
fn is_repository(address: &str) -> bool {
    if ["git+", "git://", "hg+", "svn+", "bzr+"].iter().any(|prefix| address.starts_with(prefix)) {
        return true;
    }
    let Some((_, rest)) = address.split_once("://") else { return false };
    let path = rest.split(['#', '?']).next().unwrap_or(rest).trim_end_matches('/');
    if path.ends_with(".git") {
        return true;
    }
    let mut segments = path.split('/');
    let host = segments.next().unwrap_or_default();
    matches!(host, "github.com" | "www.github.com" | "gitlab.com" | "bitbucket.org" | "codeberg.org")
        && segments.count() == 2
}

fn kind(purpose: &Field<'_>, component: &Component<'_>, spot: &Spot, notes: &mut Notes<'_>) -> ComponentKind {
    let kind = match purpose.as_str() {
        "" => None,
        text => {
            let kind = of_purpose(text);
            if kind.is_none() {
                let text: String = text.chars().take(80).collect();
                notes.gaps.add_with(GapCode::InvalidValue, || (spot.place("primaryPackagePurpose"), text));
            }
            kind
        }
    };
    let purl = &component.purl;
    match kind {
        Some(kind) => kind,
        None if purl.starts_with("pkg:oci/") || purl.starts_with("pkg:docker/") => ComponentKind::Container,
        None => ComponentKind::Library,
    }
}

/// The kinds that have a word of their own in SPDX 2.3.
const PURPOSES: &[(&str, ComponentKind)] = &[
    ("APPLICATION", ComponentKind::Application),
    ("ARCHIVE", ComponentKind::Archive),
    ("CONTAINER", ComponentKind::Container),
    ("DEVICE", ComponentKind::Device),
    ("FILE", ComponentKind::File),
    ("FIRMWARE", ComponentKind::Firmware),
    ("FRAMEWORK", ComponentKind::Framework),
    ("INSTALL", ComponentKind::Install),
    ("LIBRARY", ComponentKind::Library),
    ("OPERATING-SYSTEM", ComponentKind::OperatingSystem),
    ("OTHER", ComponentKind::Other),
    ("SOURCE", ComponentKind::Source),
    // SPDX 3 has more.
    ("DATA", ComponentKind::Data),
    ("DEVICEDRIVER", ComponentKind::DeviceDriver),
    ("MODEL", ComponentKind::MachineLearningModel),
    ("OPERATINGSYSTEM", ComponentKind::OperatingSystem),
    ("PLATFORM", ComponentKind::Platform),
];

/// The kind that a purpose names, in any spelling.
fn of_purpose(text: &str) -> Option<ComponentKind> {
    let usual = |text: &str| text.trim().replace(['_', ' '], "-").to_ascii_uppercase();
    let found = |text: &str| PURPOSES.iter().find(|(word, _)| *word == text).map(|(_, kind)| *kind);
    found(text).or_else(|| found(&usual(text)))
}

/// The purpose that SPDX 2.3 has for a kind.
pub(super) fn purpose(kind: ComponentKind) -> Option<&'static str> {
    PURPOSES.iter().take(12).find(|(_, known)| *known == kind).map(|(word, _)| *word)
}

/// Name and value from `Name: value`; other texts are called `otherwise`.
pub(super) fn property<'a>(text: Text<'a>, otherwise: &'static str) -> (Text<'a>, Text<'a>) {
    let is_name = |name: &str| {
        !name.is_empty() && name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_graphic()) && !name.contains("//")
    };
    match &text {
        Cow::Borrowed(borrowed) => match borrowed.split_once(": ") {
            Some((name, value)) if is_name(name) => (Cow::Borrowed(name), Cow::Borrowed(value)),
            _ => (Cow::Borrowed(otherwise), text),
        },
        Cow::Owned(owned) => match owned.split_once(": ") {
            Some((name, value)) if is_name(name) => (Cow::Owned(name.to_owned()), Cow::Owned(value.to_owned())),
            _ => (Cow::Borrowed(otherwise), text),
        },
    }
}

/// The property that an annotation makes, if it says anything.
pub(super) fn remark<'a>(
    annotation: Annotation<'a>,
    spot: &Spot,
    notes: &mut Notes<'_>,
) -> Option<(Text<'a>, Text<'a>)> {
    notes.faults(&annotation.faults, |_| spot.place("annotations"));
    let comment = notes.text(annotation.comment, spot, "annotations");
    (!says_nothing(&comment)).then(|| property(comment, "annotation"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_told_from_downloads() {
        for (address, expected) in [
            ("git+https://example.org/x@v1#sub", true),
            ("https://github.com/example/maker", true),
            ("https://github.com/example/maker/", true),
            ("http://github.com/example/maker.git", true),
            ("https://github.com/example/maker/archive/v1.tar.gz", false),
            ("https://registry.npmjs.org/x/-/x-1.0.0.tgz", false),
            ("NOASSERTION", false),
        ] {
            assert_eq!(is_repository(address), expected, "{address}");
        }
    }

    #[test]
    fn purposes_in_any_spelling() {
        for (text, expected) in [
            ("OPERATING-SYSTEM", Some(ComponentKind::OperatingSystem)),
            ("OPERATING_SYSTEM", Some(ComponentKind::OperatingSystem)),
            ("operatingSystem", Some(ComponentKind::OperatingSystem)),
            ("library", Some(ComponentKind::Library)),
            ("HAMMER", None),
        ] {
            assert_eq!(of_purpose(text), expected, "{text}");
        }
        assert_eq!(purpose(ComponentKind::OperatingSystem), Some("OPERATING-SYSTEM"));
        assert_eq!(purpose(ComponentKind::Grouping), None);
    }

    #[test]
    fn properties_from_texts() {
        let read = |text: &'static str| property(Cow::Borrowed(text), "attribution");
        assert_eq!(read("PkgType: debian"), (Cow::Borrowed("PkgType"), Cow::Borrowed("debian")));
        assert_eq!(read("Made with love"), (Cow::Borrowed("attribution"), Cow::Borrowed("Made with love")));
        assert_eq!(read("See the page: x").0, "attribution");
    }
}
