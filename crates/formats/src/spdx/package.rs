// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One package of a document becomes one component.
//!
//! A package URL and CPEs stand among the external references. The project is the repository where the download
//! location names one, else the home page. `NOASSERTION` and `NONE` mean that nothing is said.

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, FactKind, LicenceKind, Text};

use super::field::Field;
use super::licence::Licences;
use super::notes::{Notes, Spot, says_nothing, stated};
use super::wire::{Annotation, Package, References};
use super::{digest, kind, own, source_info};

/// The component of one package, which stands at `spot`.
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
    references(&mut component, package.references, spot, notes);
    if matches!(package.download, Field::Missing) {
        notes.gaps.add_with(GapCode::MissingField, || (spot.place("downloadLocation"), ""));
    }
    let download = stated(notes.text(package.download, spot, "downloadLocation"));
    let home_page = stated(notes.text(package.home_page, spot, "homepage"));
    project(&mut component, download, home_page);
    component.kind = kind::of_package(&package.purpose, &component.purl, spot, notes);
    let attributions = notes.list(std::mem::take(&mut package.attributions), || spot.place("attributionTexts"));
    component.properties.reserve_exact(attributions.len());
    for text in attributions {
        let text = notes.text(text, spot, "attributionTexts");
        component.properties.push(property(text, "attribution"));
    }
    for annotation in notes.list(std::mem::take(&mut package.annotations), || spot.place("annotations")) {
        if let Some(property) = remark(annotation, spot, notes) {
            own::apply(&mut component, property);
        }
    }
    notes.list(std::mem::take(&mut package.file_ids), || spot.place("hasFiles"));
    notes.faults(&package.verification.faults, |field| spot.place(&format!("packageVerificationCode/{field}")));
    for (kind, field, name) in [
        (FactKind::VerificationCode, package.verification.value, "packageVerificationCode"),
        (FactKind::Built, package.built, "builtDate"),
        (FactKind::Released, package.released, "releaseDate"),
        (FactKind::ValidUntil, package.valid_until, "validUntilDate"),
    ] {
        let text = notes.text(field, spot, name);
        if !says_nothing(&text) {
            component.facts.push((kind, text));
        }
    }
    if kind::says_more(&package.purpose, component.kind) {
        component.facts.push((FactKind::Purpose, package.purpose.into_text()));
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

fn references<'a>(component: &mut Component<'a>, references: References<'a>, spot: &Spot, notes: &mut Notes<'_>) {
    if let Some(wrong) = references.wrong {
        notes.gaps.add_with(GapCode::WrongType, || (spot.place("externalRefs"), wrong));
    }
    component.purl = notes.text(references.purl, spot, "externalRefs");
    component.cpes = references.cpes.into_iter().map(|cpe| notes.text(cpe, spot, "externalRefs")).collect();
    for reference in references.others {
        let kind = notes.text(reference.kind, spot, "externalRefs");
        component.references.push((kind, notes.text(reference.locator, spot, "externalRefs")));
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
pub(super) fn is_repository(address: &str) -> bool {
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
    fn properties_from_texts() {
        let read = |text: &'static str| property(Cow::Borrowed(text), "attribution");
        assert_eq!(read("PkgType: debian"), (Cow::Borrowed("PkgType"), Cow::Borrowed("debian")));
        assert_eq!(read("Made with love"), (Cow::Borrowed("attribution"), Cow::Borrowed("Made with love")));
        assert_eq!(read("See the page: x").0, "attribution");
    }
}
