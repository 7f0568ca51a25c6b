// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Subjects of tests, made from package URLs as the inventory makes them.

use underpin_model::Purl;

use super::lookups::Subject;
use crate::identity;

/// Calls `with` for the subject of a package URL. What stands behind a blank is the distribution of the document.
///
/// # Panics
/// When it is none.
pub(crate) fn with_subject<T>(text: &str, with: impl FnOnce(&Subject<'_>) -> T) -> T {
    let (text, distribution) = text.split_once(' ').unwrap_or((text, ""));
    let (purl, _) = Purl::parse_lenient(text).expect("a package URL");
    let identity = identity::of_purl(purl);
    let module = identity.beside.iter().find(|(kind, _)| *kind == "rpmmod").map_or("", |(_, label)| label);
    with(&Subject {
        kind: &identity.purl.kind,
        namespace: &identity.purl.namespace,
        name: &identity.purl.name,
        version: &identity.purl.version,
        qualifiers: &identity.qualifiers,
        distribution,
        module,
        ..Subject::default()
    })
}
