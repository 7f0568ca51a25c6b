// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What each type of package URL demands of namespace, name, version and qualifiers (the type definitions of
//! purl-spec). A type that is not listed has no rules.
//!
//! Golang: the definition calls module paths case-sensitive and yet says they shall be written in lower case. They are
//! folded here, because producers disagree and one module must have one identity. A namespace is not demanded of
//! `golang`, against the definition: modules of one path element exist (`stdlib`, `gocloud.dev`).

use super::{InvalidPurl, Purl};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Namespace {
    Needed,
    Possible,
    Forbidden,
}

/// Which parts are compared without case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Folded {
    Nothing,
    Namespace,
    Name,
    Both,
    All,
}

fn rule(kind: &str) -> (Namespace, Folded) {
    use Folded::{All, Both, Name, Nothing};
    use Namespace::{Forbidden, Needed, Possible};
    match kind {
        "alpm" | "apk" | "bitbucket" | "composer" | "deb" | "github" => (Needed, Both),
        "git" | "huggingface" | "maven" | "swift" => (Needed, Nothing),
        "qpkg" | "rpm" => (Needed, Folded::Namespace),
        "vscode-extension" => (Needed, All),
        "bitnami" | "chrome-extension" | "oci" | "otp" | "pub" | "pypi" => (Forbidden, Name),
        "bazel" | "cargo" | "cocoapods" | "conda" | "cran" | "gem" | "hackage" | "julia" | "mlflow" | "nuget"
        | "opam" | "vcpkg" => (Forbidden, Nothing),
        "brew" | "golang" | "hex" | "luarocks" => (Possible, Both),
        "yocto" => (Possible, Folded::Namespace),
        _ => (Possible, Nothing),
    }
}

/// Whether the slashes of the name are part of a path: the name of a bare git repository is its path on the host.
pub(super) fn name_is_a_path(kind: &str) -> bool {
    kind == "git"
}

/// Brings namespace, name and version into the spelling of the type.
pub(super) fn normalise(purl: &mut Purl) {
    let (_, folded) = rule(&purl.kind);
    if matches!(folded, Folded::Namespace | Folded::Both | Folded::All) {
        purl.namespace.make_ascii_lowercase();
    }
    if matches!(folded, Folded::Name | Folded::Both | Folded::All) {
        purl.name.make_ascii_lowercase();
    }
    match purl.kind.as_str() {
        "cpan" => purl.namespace.make_ascii_uppercase(),
        "git" if matches!(purl.namespace.as_str(), "github" | "github.com") => purl.name.make_ascii_lowercase(),
        "huggingface" | "oci" | "vscode-extension" => purl.version.make_ascii_lowercase(),
        "mlflow" if purl.qualifier("repository_url").is_some_and(|url| url.contains("azuredatabricks.net")) => {
            // Databricks folds model names, Azure's own service does not.
            purl.name.make_ascii_lowercase();
        }
        "pypi" | "hackage" if purl.name.contains('_') => purl.name = purl.name.replace('_', "-"),
        "pub" if !purl.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
            purl.name = purl.name.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
        }
        _ => {}
    }
}

/// Whether the parts are complete and allowed for the type.
pub(super) fn check(purl: &Purl) -> Result<(), InvalidPurl> {
    let (namespace, _) = rule(&purl.kind);
    match namespace {
        Namespace::Needed if purl.namespace.is_empty() => return Err(InvalidPurl("this type needs a namespace")),
        Namespace::Forbidden if !purl.namespace.is_empty() => return Err(InvalidPurl("this type has no namespace")),
        _ => {}
    }
    match purl.kind.as_str() {
        "julia" if purl.qualifier("uuid").is_none() => missing_qualifier(),
        "swid" if purl.qualifier("tag_id").is_none() => missing_qualifier(),
        "cpan" if purl.name.contains("::") => Err(InvalidPurl("a CPAN distribution has no :: in its name")),
        "cocoapods" if purl.name.starts_with('.') || purl.name.contains(['+', ' ']) => {
            Err(InvalidPurl("a pod has no plus sign, space or leading full stop in its name"))
        }
        "chrome-extension" => check_chrome_extension(purl),
        _ => Ok(()),
    }
}

fn missing_qualifier() -> Result<(), InvalidPurl> {
    Err(InvalidPurl("this type needs a qualifier that is missing"))
}

fn check_chrome_extension(purl: &Purl) -> Result<(), InvalidPurl> {
    if purl.name.len() != 32 || !purl.name.bytes().all(|byte| matches!(byte, b'a'..=b'p')) {
        return Err(InvalidPurl("the name of a Chrome extension is 32 letters from a to p"));
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = purl.version.split('.').take_while(|part| is_number(part)).count();
    if !purl.version.is_empty() && (numbers > 4 || numbers != purl.version.split('.').count()) {
        return Err(InvalidPurl("the version of a Chrome extension is one to four numbers"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_spelling() {
        let cases = [
            ("pkg:pypi/Zope.Interface_X@1", "pkg:pypi/zope.interface-x@1"),
            ("pkg:golang/github.com/BurntSushi/toml@v1.0.0", "pkg:golang/github.com/burntsushi/toml@v1.0.0"),
            ("pkg:npm/JSONStream@1", "pkg:npm/JSONStream@1"),
            ("pkg:nuget/Newtonsoft.Json@1", "pkg:nuget/Newtonsoft.Json@1"),
            ("pkg:rpm/Fedora/GConf2@1", "pkg:rpm/fedora/GConf2@1"),
            ("pkg:pub/My-Package@1", "pkg:pub/my_package@1"),
            ("pkg:cpan/drolsky/DateTime@1", "pkg:cpan/DROLSKY/DateTime@1"),
            ("pkg:oci/Debian@SHA256:AB", "pkg:oci/debian@sha256:ab"),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Purl>().map(|purl| purl.to_string()).as_deref(), Ok(expected));
        }
    }
}
