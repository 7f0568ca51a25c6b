// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which artefact a document describes, so that documents of different tools about one artefact meet.
//!
//! One image has many names: syft and trivy name the document `bitnami/git@sha256:…`, bom names it by a random number
//! and gives the described package a purl (`pkg:oci/git@sha256:…?repository_url=index.docker.io%2Fbitnami`), tern writes
//! `Tern report for bitnami/git` and ends the package's identifier with the digest. All become name `bitnami/git` and
//! digest `sha256:…`: tag and digest are taken off, so are `docker.io/`, `index.docker.io/` and `library/`, which every
//! client adds by itself. Other registries stay in the name.
//!
//! Trap: `repository_url` ends with the image's name (purl-spec, trivy) or with its folder (bom).

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, ComponentKind, Subject, Text};

use super::notes::{Notes, says_nothing};

/// Finds the subject.
pub(super) fn find<'a>(
    document_name: &Text<'a>,
    document_namespace: &str,
    roots: &[&Component<'a>],
    root_file: Option<Text<'a>>,
    notes: &mut Notes<'_>,
) -> Subject<'a> {
    let mut subject = Subject::default();
    let report = document_name.strip_prefix("Tern report for ");
    let scanned = document_namespace.contains("/image/") || document_namespace.contains("/container_image/");
    let of_image = scanned || report.is_some() || document_name.contains("@sha256:");
    match roots {
        [root] => of_root(root, of_image, &mut subject),
        _ => {
            if roots.is_empty()
                && let Some(file) = root_file
            {
                subject.name = file;
            }
            if subject.name.is_empty() {
                let name = report.map_or_else(|| document_name.clone(), |name| Cow::Owned(name.to_owned()));
                if of_image {
                    of_image_name(&name, &mut subject);
                } else {
                    subject.name = name;
                }
            }
            if subject.digest.is_empty() {
                subject.digest = digest_in(document_name).unwrap_or_default().into();
            }
        }
    }
    if says_nothing(&subject.name) {
        subject.name = Cow::Borrowed("");
        notes.gaps.add_with(GapCode::NoSubject, || ("/name", "no described element and no document name"));
    }
    subject
}

fn of_root<'a>(root: &Component<'a>, of_image: bool, subject: &mut Subject<'a>) {
    subject.version = root.version.clone();
    subject.purl = root.purl.clone();
    let is_image = of_image || root.kind == ComponentKind::Container || root.name.contains("@sha256:");
    // The name that was asked for counts more than the purl: one image has many names, and trivy takes the first one.
    let of_purl = if root.name.contains("@sha256:") { None } else { image_of_purl(&root.purl, names_by_digest(root)) };
    match of_purl {
        Some((name, digest)) => {
            subject.name = Cow::Owned(name);
            subject.digest = digest.into();
        }
        None if is_image => of_image_name(&root.name, subject),
        None => subject.name = root.name.clone(),
    }
    if subject.digest.is_empty() {
        let digest = digest_in(&root.name).or_else(|| digest_in(&root.version)).or_else(|| {
            let hash = root.hashes.iter().find(|hash| hash.algorithm == "sha256" && is_digest(&hash.value));
            hash.map(|hash| format!("sha256:{}", hash.value))
        });
        subject.digest = digest.or_else(|| digest_at_end(&root.reference)).unwrap_or_default().into();
    }
    if let Some(at) = subject.version.find("@sha256:").or_else(|| subject.version.find("sha256:")) {
        subject.version = Cow::Owned(subject.version.get(..at).unwrap_or_default().to_owned());
    }
}

/// Name, version (the tag) and digest from `registry/path/name:tag@sha256:…`.
fn of_image_name<'a>(name: &Text<'a>, subject: &mut Subject<'a>) {
    let (path, digest) = name.split_once('@').unwrap_or((name, ""));
    if let Some(digest) = digest_in(digest) {
        subject.digest = Cow::Owned(digest);
    }
    let last = path.rfind('/').map_or(0, |slash| slash + 1);
    let (path, tag) = match path.get(last..).and_then(|name| name.find(':')) {
        Some(colon) => (path.get(..last + colon), path.get(last + colon + 1..)),
        None => (Some(path), None),
    };
    if subject.version.is_empty()
        && let Some(tag) = tag
    {
        subject.version = Cow::Owned(tag.to_owned());
    }
    let short = without_registry(path.unwrap_or_default());
    // The name as it stands is borrowed, a part of it is copied: it is one short text in a document.
    subject.name = if short.len() == name.len() { name.clone() } else { Cow::Owned(short.to_owned()) };
}

/// Takes off the registry that every client adds by itself.
fn without_registry(path: &str) -> &str {
    let path = path.strip_prefix("index.docker.io/").or_else(|| path.strip_prefix("docker.io/")).unwrap_or(path);
    path.strip_prefix("library/").unwrap_or(path)
}

/// bom calls packages by their digest; its `repository_url` is the folder of the image, without the name.
fn names_by_digest(root: &Component<'_>) -> bool {
    root.name.starts_with("sha256:")
}

/// Name and digest from a purl of an image; `None` for purls of other types. `is_folder` says that `repository_url` does
/// not end with the name, even if it seems so (`grafana/grafana`).
fn image_of_purl(purl: &str, is_folder: bool) -> Option<(String, String)> {
    let rest = purl.strip_prefix("pkg:oci/").or_else(|| purl.strip_prefix("pkg:docker/"))?;
    let rest = rest.split('#').next().unwrap_or(rest);
    let (path, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
    let (name, version) = path.split_once('@').unwrap_or((path, ""));
    let name = percent_decoded(name);
    let digest = digest_in(&percent_decoded(version)).unwrap_or_default();
    let repository = qualifiers.split('&').find_map(|pair| pair.strip_prefix("repository_url="));
    let repository = percent_decoded(repository.unwrap_or_default());
    let repository = repository.trim_start_matches("https://").trim_end_matches('/');
    let last = name.rsplit('/').next().unwrap_or(&name);
    let full = if repository.is_empty() {
        name.clone()
    } else if !is_folder && repository.rsplit('/').next() == Some(last) {
        repository.to_owned()
    } else {
        format!("{repository}/{name}")
    };
    Some((without_registry(&full).to_owned(), digest))
}

/// The first `sha256:` with 64 digits, in lower case.
fn digest_in(text: &str) -> Option<String> {
    let start = text.find("sha256:")?;
    let value = text.get(start + 7..start + 71)?;
    is_digest(value).then(|| format!("sha256:{}", value.to_ascii_lowercase()))
}

/// The 64 digits behind the last hyphen of an identifier.
fn digest_at_end(id: &str) -> Option<String> {
    let value = id.rsplit('-').next()?;
    is_digest(value).then(|| format!("sha256:{}", value.to_ascii_lowercase()))
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Undoes percent-encoding; what is no encoding stays.
pub(super) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let digits = bytes.get(index + 1..index + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let is_encoding = |digits: &&str| byte == b'%' && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let value = digits.filter(is_encoding).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(value.unwrap_or(byte));
        index += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use underpin_model::Limits;

    use super::super::notes::Origin;
    use super::*;

    const HEX: &str = "7980b87e3f5321ffeb92269d9c67f3d04f13f0aeddfc55c083071bb1bded6c25";

    fn subject(name: &str, root: Option<Component<'static>>) -> (String, String, bool) {
        let limits = Limits::default();
        let mut notes = Notes::new(&limits, Origin::Pointers);
        let roots: Vec<_> = root.iter().collect();
        let subject = find(&Cow::Owned(name.to_owned()), "", &roots, None, &mut notes);
        (subject.name.into_owned(), subject.digest.into_owned(), notes.gaps.total() > 0)
    }

    #[test]
    fn one_image_four_tools() {
        let purl = |url: &str| format!("pkg:oci/git@sha256:{HEX}?arch=amd64&repository_url={url}").into();
        let expected = ("bitnami/git".to_owned(), format!("sha256:{HEX}"), false);
        let syft = format!("bitnami/git@sha256:{HEX}");
        assert_eq!(subject(&syft, None), expected);
        let trivy = Component {
            name: syft.clone().into(),
            purl: purl("index.docker.io%2Fbitnami%2Fgit"),
            ..Component::default()
        };
        assert_eq!(subject(&syft, Some(trivy)), expected);
        let bom = Component {
            name: format!("sha256:{HEX}").into(),
            purl: purl("index.docker.io/bitnami"),
            ..Component::default()
        };
        assert_eq!(subject("SBOM-SPDX-0777", Some(bom)), expected);
        let tern = Component {
            name: "bitnami/git".into(),
            reference: format!("SPDXRef-bitnami-git-{HEX}").into(),
            ..Component::default()
        };
        assert_eq!(subject("Tern report for bitnami/git", Some(tern)), expected);
    }

    #[test]
    fn names_of_images() {
        for (text, name, version) in [
            ("docker.io/library/nginx:1.25", "nginx", "1.25"),
            ("index.docker.io/bitnami/git", "bitnami/git", ""),
            ("registry.example:5000/a/b:2", "registry.example:5000/a/b", "2"),
            ("nginx", "nginx", ""),
        ] {
            let mut subject = Subject::default();
            of_image_name(&Cow::Borrowed(text), &mut subject);
            assert_eq!((subject.name.as_ref(), subject.version.as_ref()), (name, version), "{text}");
        }
    }

    #[test]
    fn without_a_name_there_is_a_gap() {
        assert_eq!(subject("", None), (String::new(), String::new(), true));
        let library = Component { name: "group:artifact".into(), ..Component::default() };
        assert_eq!(subject("x", Some(library)).0, "group:artifact");
    }

    #[test]
    fn percent_encoding() {
        for (text, decoded) in [("a%2Fb", "a/b"), ("%", "%"), ("%zz%4", "%zz%4"), ("%+1", "%+1"), ("é%C3%A9", "éé")]
        {
            assert_eq!(percent_decoded(text), decoded, "{text}");
        }
    }
}
