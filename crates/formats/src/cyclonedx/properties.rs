// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What tools say in properties: source packages, files, scopes.
//!
//! Names of trivy (`aquasecurity:trivy:*`), syft (`syft:*`), cdxgen (`SrcFile`) and of the common register of
//! property names (`cdx:npm:*`, `cdx:maven:*`, …). All properties are kept as they are as well, except our own
//! (`underpin:*`), by which [`super::write`] keeps what the format has no field for.

use std::borrow::Cow;
use std::collections::HashSet;

use underpin_model::inventory::{Component, ComponentKind, EvidenceKind, FactKind, Hash, Scope, Text};

/// Prefix of the properties that our writer adds and our reader takes back.
pub const OWN: &str = "underpin:";

/// What the properties of one component said, as far as it needs more than one of them.
#[derive(Default)]
pub struct Facts<'a> {
    source_name: Text<'a>,
    source_version: Text<'a>,
    source_release: Text<'a>,
    source_epoch: Text<'a>,
    evidence: Option<EvidenceKind>,
    own_scope: Option<Scope>,
    scope: Option<Scope>,
    project: Option<Text<'a>>,
    trivy: bool,
}

impl<'a> Facts<'a> {
    /// Takes one property. Own ones are used up; all others go to the component's properties.
    pub fn take(&mut self, name: Text<'a>, value: Text<'a>, component: &mut Component<'a>) {
        if let Some(own) = name.strip_prefix(OWN) {
            self.take_own(own, value, component);
            return;
        }
        if let Some(trivy) = name.strip_prefix("aquasecurity:trivy:") {
            self.trivy = true;
            match trivy {
                "SrcName" => self.source_name = value.clone(),
                "SrcVersion" => self.source_version = value.clone(),
                "SrcRelease" => self.source_release = value.clone(),
                "SrcEpoch" => self.source_epoch = value.clone(),
                "FilePath" => add_location(component, &value),
                _ => {}
            }
        } else if let Some(syft) = name.strip_prefix("syft:") {
            self.take_syft(syft, &value, component);
        } else {
            self.take_common(&name, &value, component);
        }
        component.properties.push((name, value));
    }

    fn take_syft(&mut self, name: &str, value: &Text<'a>, component: &mut Component<'a>) {
        match name {
            "cpe23" => component.cpes.push(value.clone()),
            "metadata:source" | "metadata:originPackage" => self.source_name = value.clone(),
            "metadata:sourceVersion" => self.source_version = value.clone(),
            "metadata:sourceRpm" => {
                if let Some((name, version)) = source_rpm(value) {
                    self.source_name = name.to_owned().into();
                    self.source_version = version.to_owned().into();
                }
            }
            _ if name.starts_with("location:") && name.ends_with(":path") => add_location(component, value),
            _ => {}
        }
    }

    fn take_common(&mut self, name: &str, value: &Text<'a>, component: &mut Component<'a>) {
        let scope = match (name, &**value) {
            ("cdx:npm:package:development" | "cdx:composer:package:isDevRequirement", "true")
            | ("cdx:nuget:development", "true")
            | ("cdx:poetry:group", "dev" | "develop" | "development")
            | ("cdx:pipenv:category", "develop" | "dev-packages") => Some(Scope::Development),
            ("cdx:maven:package:test", "true")
            | ("cdx:maven:component_scope" | "cdx:maven:scope", "test")
            | ("cdx:poetry:group", "test" | "tests") => Some(Scope::Test),
            ("cdx:maven:component_scope" | "cdx:maven:scope", "compile" | "runtime") => Some(Scope::Runtime),
            ("SrcFile" | "cdx:npm:package:path", path) if !path.is_empty() => {
                add_location(component, value);
                None
            }
            ("bsi:component:filename", _) => {
                component.file_name = value.clone();
                None
            }
            _ => None,
        };
        self.scope = self.scope.or(scope);
    }

    fn take_own(&mut self, name: &str, value: Text<'a>, component: &mut Component<'a>) {
        match name {
            "scope" => self.own_scope = Scope::ALL.into_iter().find(|scope| scope.as_str() == value),
            "evidence" => self.evidence = EvidenceKind::ALL.into_iter().find(|kind| kind.as_str() == value),
            "upstream" => component.upstream = value,
            "source-info" => component.source_info = value,
            "file-name" => component.file_name = value,
            "project" => self.project = Some(value),
            "hash" => {
                if let Some((algorithm, value)) = value.split_once(':') {
                    let (algorithm, value) = (algorithm.to_owned().into(), value.to_owned().into());
                    component.hashes.push(Hash { algorithm, value });
                }
            }
            "reference" => component.references.extend(reference(&value)),
            "direct" => component.direct = value.parse().ok(),
            "cpe" => component.cpes.push(value),
            _ if name.starts_with("fact:") => {
                let kind = name.strip_prefix("fact:").and_then(FactKind::of_word);
                component.facts.extend(kind.map(|kind| (kind, value)));
            }
            "confidence" => component.confidence_percent = value.parse().ok().filter(|percent| *percent <= 100),
            "type" => {
                if let Some(kind) = super::component::OWN_KINDS.iter().find(|(word, _)| *word == value) {
                    component.kind = kind.1;
                }
            }
            _ => {}
        }
    }

    /// Whether our own writer said the scope: then the field of the format is only the nearest word.
    pub fn has_own_scope(&self) -> bool {
        self.own_scope.is_some()
    }

    /// Settles what needed all properties: upstream, scope, evidence, grouping.
    pub fn settle(mut self, component: &mut Component<'a>, excluded: bool) {
        remove_repeated(&mut component.locations);
        remove_repeated(&mut component.cpes);
        component.project = self.project.take().unwrap_or_else(|| super::component::project(&component.references));
        if component.upstream.is_empty() {
            component.upstream = upstream(&self);
        }
        if let Some(scope) = self.own_scope {
            component.scope = scope;
        } else if let Some(scope) = self.scope
            && (excluded || scope != Scope::Runtime)
        {
            component.scope = scope;
        }
        component.evidence = self.evidence.unwrap_or(if component.locations.is_empty() {
            EvidenceKind::Inventory
        } else {
            EvidenceKind::Scan
        });
        if self.trivy
            && component.kind == ComponentKind::Application
            && component.version.is_empty()
            && component.purl.is_empty()
        {
            component.kind = ComponentKind::Grouping;
        }
    }
}

/// Kind and address of an external reference that our writer kept in a property.
pub fn reference<'a>(value: &str) -> Option<(Text<'a>, Text<'a>)> {
    let (kind, url) = value.split_once(' ')?;
    Some((kind.to_owned().into(), url.to_owned().into()))
}

/// Keeps the first of equal texts.
fn remove_repeated(texts: &mut Vec<Text<'_>>) {
    if texts.len() > 1 {
        let mut seen = HashSet::with_capacity(texts.len());
        let first: Vec<bool> = texts.iter().map(|text| seen.insert(&**text)).collect();
        let mut first = first.into_iter();
        texts.retain(|_| first.next().unwrap_or(true));
    }
}

fn add_location<'a>(component: &mut Component<'a>, path: &Text<'a>) {
    if !path.is_empty() {
        component.locations.push(path.clone());
    }
}

/// Source package as `name@epoch:version-release`, as far as stated.
fn upstream<'a>(facts: &Facts<'a>) -> Text<'a> {
    if facts.source_name.is_empty() || facts.source_version.is_empty() {
        return facts.source_name.clone();
    }
    let mut upstream = format!("{}@", facts.source_name);
    if !matches!(&*facts.source_epoch, "" | "0") {
        upstream.extend([&facts.source_epoch, ":"]);
    }
    upstream.push_str(&facts.source_version);
    if !facts.source_release.is_empty() {
        upstream.extend(["-", &facts.source_release]);
    }
    Cow::Owned(upstream)
}

/// Name and version of a source rpm file: `openssl-1.1.1k-7.el8.src.rpm` is `openssl`, `1.1.1k-7.el8`.
fn source_rpm(file: &str) -> Option<(&str, &str)> {
    let stem = file.strip_suffix(".src.rpm").or_else(|| file.strip_suffix(".nosrc.rpm"))?;
    let release = stem.rfind('-')?;
    let version = stem.get(..release)?.rfind('-')?;
    Some((stem.get(..version)?, stem.get(version + 1..)?)).filter(|(name, _)| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(properties: &[(&'static str, &'static str)]) -> Component<'static> {
        let mut component = Component { kind: ComponentKind::Application, ..Component::default() };
        let mut facts = Facts::default();
        for (name, value) in properties {
            facts.take((*name).into(), (*value).into(), &mut component);
        }
        facts.settle(&mut component, false);
        component
    }

    #[test]
    fn source_packages_are_put_together() {
        for (properties, expected) in [
            (&[("aquasecurity:trivy:SrcName", "openssl")][..], "openssl"),
            (
                &[
                    ("aquasecurity:trivy:SrcName", "acl"),
                    ("aquasecurity:trivy:SrcVersion", "2.2.53"),
                    ("aquasecurity:trivy:SrcRelease", "1.el8"),
                    ("aquasecurity:trivy:SrcEpoch", "1"),
                ],
                "acl@1:2.2.53-1.el8",
            ),
            (&[("syft:metadata:source", "shadow"), ("syft:metadata:sourceVersion", "1:4.8.1-1")], "shadow@1:4.8.1-1"),
            (&[("syft:metadata:originPackage", "busybox")], "busybox"),
            (&[("syft:metadata:sourceRpm", "dive-0.9.2-1.src.rpm")], "dive@0.9.2-1"),
            (&[("syft:metadata:sourceRpm", "nonsense")], ""),
            (&[("underpin:upstream", "glibc@2.31")], "glibc@2.31"),
        ] {
            assert_eq!(component(properties).upstream, expected, "{properties:?}");
        }
    }

    #[test]
    fn files_make_a_scan() {
        let found = component(&[
            ("syft:location:0:path", "/app/go.sum"),
            ("syft:location:0:layerID", "sha256:00"),
            ("SrcFile", "/app/go.sum"),
            ("aquasecurity:trivy:FilePath", "app/x.jar"),
        ]);
        assert_eq!(found.locations, ["/app/go.sum", "app/x.jar"]);
        assert_eq!(found.evidence, EvidenceKind::Scan);
        assert_eq!(found.properties.len(), 4);
        assert_eq!(component(&[("x", "y")]).evidence, EvidenceKind::Inventory);
    }

    #[test]
    fn scopes_and_groupings() {
        for (properties, scope, kind) in [
            (&[("cdx:npm:package:development", "true")][..], Scope::Development, ComponentKind::Application),
            (&[("cdx:npm:package:development", "false")], Scope::Unknown, ComponentKind::Application),
            (&[("cdx:maven:package:test", "true")], Scope::Test, ComponentKind::Application),
            (&[("underpin:scope", "build"), ("underpin:type", "install")], Scope::Build, ComponentKind::Install),
            (&[("aquasecurity:trivy:Type", "npm")], Scope::Unknown, ComponentKind::Grouping),
        ] {
            let found = component(properties);
            assert_eq!((found.scope, found.kind), (scope, kind), "{properties:?}");
        }
    }
}
