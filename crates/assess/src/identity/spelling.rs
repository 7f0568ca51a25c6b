// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One spelling of what tools spell differently: names that an ecosystem takes for the same, distributions, and names
//! that hold a namespace.
//!
//! purl-spec leaves some of this open (PyPI takes `zope.interface` and `zope-interface` for one project, NuGet folds
//! case), so it is done for the identity and not when a purl is read.

use std::borrow::Cow;

use underpin_model::inventory::ComponentKind;
use underpin_model::{Purl, distribution};

/// Types whose packages belong to a distribution.
pub const DISTRIBUTION_TYPES: [&str; 4] = ["deb", "rpm", "apk", "alpm"];

/// The name of a package of type `kind` as identities spell it.
pub fn name<'n>(kind: &str, name: &'n str) -> Cow<'n, str> {
    match kind {
        "pypi" => python(name),
        "nuget" if name.bytes().any(|byte| byte.is_ascii_uppercase()) => Cow::Owned(name.to_ascii_lowercase()),
        _ => Cow::Borrowed(name),
    }
}

/// PEP 503: lower case, runs of `-`, `_` and `.` as one hyphen.
fn python(name: &str) -> Cow<'_, str> {
    let separator = |byte: u8| matches!(byte, b'-' | b'_' | b'.');
    let bytes = name.as_bytes();
    let normal = bytes.iter().all(|byte| !byte.is_ascii_uppercase() && !matches!(byte, b'_' | b'.'))
        && !bytes.windows(2).any(|pair| pair.iter().all(|byte| *byte == b'-'));
    if normal {
        return Cow::Borrowed(name);
    }
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        match u8::try_from(character) {
            Ok(byte) if separator(byte) => {
                if !text.ends_with('-') {
                    text.push('-');
                }
            }
            _ => text.extend(character.to_lowercase()),
        }
    }
    Cow::Owned(text)
}

/// Brings name, namespace and `distro` of a purl into the spelling of identities.
pub fn fold(purl: &mut Purl) {
    if let Cow::Owned(folded) = name(&purl.kind, &purl.name) {
        purl.name = folded;
    }
    if DISTRIBUTION_TYPES.contains(&purl.kind.as_str()) {
        let Purl { namespace, qualifiers, .. } = purl;
        let named = if namespace.starts_with(|first: char| first.is_ascii_digit()) { "" } else { namespace.as_str() };
        for (_, value) in qualifiers.iter_mut().filter(|(key, _)| key == "distro") {
            let spelled = distribution::release(value, named).into_owned();
            *value = spelled;
        }
        let spelled = distribution::namespace(namespace);
        if spelled != *namespace {
            *namespace = spelled.into_owned();
        }
    }
}

/// Namespace and name, where a name without a namespace beside it holds both: `group:name` and `group:name:version` of
/// Java, `@scope/name` of npm, paths of Go modules and image names. A path of a file is none of these.
pub fn namespace_in<'n>(name: &'n str, version: &str, kind: ComponentKind) -> Option<(&'n str, &'n str)> {
    if matches!(kind, ComponentKind::File | ComponentKind::OperatingSystem | ComponentKind::Grouping) {
        return None;
    }
    if kind == ComponentKind::Container {
        return name.rsplit_once('/');
    }
    let plain = |segment: &str| {
        segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'~'))
            && segment.bytes().any(|byte| byte.is_ascii_alphanumeric())
    };
    let coordinates = name.strip_suffix(version).and_then(|rest| rest.strip_suffix(':')).unwrap_or(name);
    if let Some((group, artefact)) = coordinates.split_once(':') {
        let letter = artefact.starts_with(|first: char| first.is_ascii_alphabetic());
        return (plain(group) && plain(artefact) && letter).then_some((group, artefact));
    }
    let (path, last) = name.rsplit_once('/')?;
    let mut segments = path.strip_prefix('@').unwrap_or(path).split('/');
    (plain(last) && segments.all(plain)).then_some((path, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_their_ecosystem() {
        for (kind, stated, expected) in [
            ("pypi", "zope.interface", "zope-interface"),
            ("pypi", "Ruamel.YAML__clib", "ruamel-yaml-clib"),
            ("pypi", "flask-login", "flask-login"),
            ("pypi", "a--b", "a-b"),
            ("nuget", "Newtonsoft.Json", "newtonsoft.json"),
            ("npm", "JSONStream", "JSONStream"),
            ("gem", "RedCloth", "RedCloth"),
        ] {
            assert_eq!(name(kind, stated), expected, "{kind} {stated}");
        }
    }

    #[test]
    fn names_that_hold_a_namespace() {
        let library = ComponentKind::Library;
        for (stated, kind, expected) in [
            ("org.apache.logging.log4j:log4j-core", library, Some(("org.apache.logging.log4j", "log4j-core"))),
            ("org.apache.logging.log4j:log4j-core:2.14.1", library, Some(("org.apache.logging.log4j", "log4j-core"))),
            ("org.apache.logging.log4j/log4j-core", library, Some(("org.apache.logging.log4j", "log4j-core"))),
            ("junit:junit", library, Some(("junit", "junit"))),
            ("@scope/name", library, Some(("@scope", "name"))),
            ("github.com/o/module", library, Some(("github.com/o", "module"))),
            ("bitnami/redis", ComponentKind::Container, Some(("bitnami", "redis"))),
            ("usr/lib/libssl.so", ComponentKind::File, None),
            ("/usr/lib/libssl.so", library, None),
            ("./a", library, None),
            ("Foo::Bar", library, None),
            ("libc6:2", library, None),
            ("odd name/x", library, None),
            ("https://example.org/x", library, None),
            ("plain", library, None),
            ("", library, None),
        ] {
            assert_eq!(namespace_in(stated, "2.14.1", kind), expected, "{stated}");
        }
    }
}
