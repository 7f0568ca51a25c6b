// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a document says about itself, and what is wrong with its lists as such.

use std::borrow::Cow;

use underpin_model::Inventory;
use underpin_model::gap::GapCode;

use super::creation;
use super::notes::{Notes, Origin};
use super::wire::Document;

/// Versions of SPDX 2 that are known.
const VERSIONS: &[&str] = &["SPDX-2.0", "SPDX-2.1", "SPDX-2.2", "SPDX-2.3"];

/// Puts the document's own fields into the inventory, except its name.
pub(super) fn read<'a>(document: &mut Document<'a>, inventory: &mut Inventory<'a>, notes: &mut Notes<'_>) {
    let place = |name: &str| format!("/{name}");
    notes.faults(&document.faults, place);
    for (name, field) in [
        ("SPDXID", &document.id),
        ("spdxVersion", &document.spec_version),
        ("name", &document.name),
        ("dataLicense", &document.data_licence),
        ("documentNamespace", &document.namespace),
    ] {
        if field.is_empty() {
            notes.gaps.add_with(GapCode::MissingField, || (place(name), ""));
        }
    }
    inventory.spec_version = notes.text_at(std::mem::take(&mut document.spec_version), || place("spdxVersion"));
    let version = inventory.spec_version.as_ref();
    let known = VERSIONS.contains(&version) || (notes.origin == Origin::Graph && version.starts_with("3.0"));
    if !known && !version.is_empty() {
        notes
            .gaps
            .add_with(GapCode::UnknownVersion, || (place("spdxVersion"), version.chars().take(40).collect::<String>()));
    }
    inventory.data_licence = notes.text_at(std::mem::take(&mut document.data_licence), || place("dataLicense"));
    inventory.serial = notes.text_at(std::mem::take(&mut document.namespace), || place("documentNamespace"));
    inventory.context = notes.text_at(std::mem::take(&mut document.context), || place("context"));
    creation::read(std::mem::take(&mut document.creation), inventory, notes);
    for external in notes.list(std::mem::take(&mut document.external_documents), || place("externalDocumentRefs")) {
        notes.faults(&external.faults, |_| place("externalDocumentRefs"));
        let id = notes.text_at(external.id, || place("externalDocumentRefs"));
        let address = notes.text_at(external.namespace, || place("externalDocumentRefs"));
        notes.gaps.add_with(GapCode::ExternalDocument, || (place("externalDocumentRefs"), format!("{id} {address}")));
        inventory.references.push((Cow::Borrowed("spdx-document"), address));
    }
}

/// Notes what is wrong with the lists of the document as such.
pub(super) fn list_gaps(document: &mut Document<'_>, notes: &mut Notes<'_>) {
    let placeholders: u64 = document.files.items.iter().map(|file| u64::from(file.checksums.placeholders)).sum();
    if placeholders > 0 {
        let detail = format!("{placeholders} digests of zeros only; they say nothing and were left out");
        notes.gaps.add(GapCode::InvalidValue, "/files", detail);
    }
    macro_rules! faults_of {
        ($($list:ident $name:literal),*) => {$(
            let items = std::mem::take(&mut document.$list.items);
            notes.list(std::mem::take(&mut document.$list), || format!("/{}", $name));
            document.$list.items = items;
        )*};
    }
    faults_of!(
        packages "packages", files "files", relationships "relationships", describes "documentDescribes",
        annotations "annotations", licences "hasExtractedLicensingInfos"
    );
    for (index, id) in document.describes.items.iter().enumerate() {
        if let Some(wrong) = id.wrong_type() {
            notes.gaps.add(GapCode::WrongType, format!("/documentDescribes/{index}"), wrong);
        }
    }
}
