// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Maven's `pom.xml`: what the file itself says, with a gap for everything it leaves open.
//!
//! Source: Maven's "POM Reference". Traps: versions and whole dependencies may come from a parent or an imported list that is not there
//! (`unresolved-parent`); a version may be a property of the parent, a range, or missing because it is managed elsewhere
//! (`unresolved-version`); transitive dependencies are never listed (`incomplete`); dependencies of profiles hold only
//! when the profile is on and are taken as optional; modules are projects with files of their own (`external-document`).
//! Scopes: `compile` and `runtime` are runtime, `provided` and `system` are needed to build and come from elsewhere at run
//! time; plugins and extensions only build.

use std::borrow::Cow;
use std::collections::HashMap;

use memchr::memmem;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{
    Component, ComponentKind, Edge, EvidenceKind, Inventory, Licence, LicenceKind, Scope, Subject, Tool,
};

use super::maven_plugins;
use super::maven_project::Project;
use super::xml_tree::{self, Element};
use crate::facts::judge_licences;
use crate::installed::PurlText;
use crate::reader::{Context, Probe, Reader, Unreadable};
use underpin_model::limits::bounds;

/// Reads `pom.xml`.
pub(super) const READER: Reader =
    Reader { id: "maven-pom", title: "Maven project (pom.xml)", version: 1, sniff, read, companions: &[] };

/// The root element is `project`, and it has the model's version or name space (build files of Ant have neither).
fn sniff(probe: &Probe<'_>) -> bool {
    let head = probe.bytes.get(..probe.bytes.len().min(16 << 10)).unwrap_or_default();
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    while rest.starts_with(b"<?") || rest.starts_with(b"<!--") {
        let end: &[u8] = if rest.starts_with(b"<?") { b"?>" } else { b"-->" };
        let Some(at) = memmem::find(rest, end) else { return false };
        rest = rest.get(at + end.len()..).unwrap_or_default().trim_ascii_start();
    }
    let is_project = rest
        .strip_prefix(b"<project")
        .is_some_and(|behind| behind.first().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>'));
    is_project
        && (memmem::find(rest, b"maven.apache.org/POM").is_some() || memmem::find(rest, b"<modelVersion>").is_some())
}

fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    if bytes.len() > bounds::POM_BYTES {
        return Err(Unreadable::new("too-large", "", format!("{} bytes", bytes.len())));
    }
    let xml_tree::Document { root, is_cut, is_recoded } = xml_tree::parse(bytes, context.limits)?;
    let project = Project::new(&root, context.limits);
    let mut inventory = Inventory {
        spec_version: Cow::Owned(root.text_of("modelVersion").to_owned()),
        tools: vec![Tool { name: Cow::Borrowed("maven"), version: Cow::Borrowed("") }],
        graph_complete: true,
        ..Inventory::default()
    };
    if is_cut {
        inventory.gaps.add(GapCode::TruncatedDocument, "", "the file ends in the middle");
    }
    if is_recoded {
        inventory.gaps.add(GapCode::WrongEncoding, "", "read as Windows-1252");
    }
    inventory.gaps.add(GapCode::NoCreationTime, "", "");
    subject(&project, &mut inventory);
    if let Some(parent) = root.child("parent") {
        let detail = ["groupId", "artifactId", "version"].map(|name| parent.text_of(name)).join(":");
        inventory.gaps.add(GapCode::UnresolvedParent, "/project/parent", detail);
    }
    let managed = project.managed();
    let plugins = maven_plugins::managed(&project);
    elsewhere(&project, &root, "/project", &mut inventory);
    dependencies(&project, &root, "/project/dependencies", None, &managed, context, &mut inventory);
    maven_plugins::read(&project, &root, "/project", &plugins, context, &mut inventory);
    for profile in root.items("profiles", "profile") {
        let place = format!("/project/profiles/{}", profile.text_of("id"));
        elsewhere(&project, profile, &place, &mut inventory);
        dependencies(&project, profile, &place, Some(Scope::Optional), &managed, context, &mut inventory);
        maven_plugins::read(&project, profile, &place, &plugins, context, &mut inventory);
    }
    inventory.edges = (1_u32..).take(inventory.components.len() - 1).map(|to| Edge { from: 0, to }).collect();
    if inventory.components.len() > 1 {
        inventory.gaps.add(GapCode::Incomplete, "/project/dependencies", "transitive dependencies are not listed");
    }
    judge_licences(&mut inventory);
    Ok(inventory)
}

/// What a project or profile takes from files that are not there: imported lists and modules.
fn elsewhere(project: &Project<'_>, owner: &Element, place: &str, inventory: &mut Inventory<'_>) {
    if let Some(managed) = owner.child("dependencyManagement") {
        for import in managed.items("dependencies", "dependency").filter(|one| one.text_of("scope") == "import") {
            let detail = project.key(import)[..2].join(":");
            inventory.gaps.add(GapCode::UnresolvedParent, format!("{place}/dependencyManagement"), detail);
        }
    }
    for (list, item) in [("modules", "module"), ("subprojects", "subproject")] {
        for module in owner.items(list, item) {
            inventory.gaps.add(GapCode::ExternalDocument, format!("{place}/{list}"), module.text.clone());
        }
    }
}

/// The project itself, as subject and root component.
fn subject(project: &Project<'_>, inventory: &mut Inventory<'_>) {
    let Project { group, artifact, version, root, .. } = project;
    if artifact.is_empty() {
        inventory.gaps.add(GapCode::NoSubject, "/project/artifactId", "");
    }
    let purl = PurlText { kind: "maven", namespace: group, name: artifact, version, ..PurlText::default() }.write();
    let name = if group.is_empty() { artifact.clone() } else { format!("{group}/{artifact}") };
    inventory.subject = Subject {
        name: Cow::Owned(name),
        version: Cow::Owned(version.clone()),
        purl: Cow::Owned(purl.clone()),
        ..Subject::default()
    };
    let repository = root.child("scm").map_or("", |scm| scm.text_of("url"));
    let home_page = if repository.is_empty() { root.text_of("url") } else { repository };
    inventory.components.push(Component {
        reference: Cow::Owned(purl.clone()),
        kind: ComponentKind::Application,
        namespace: Cow::Owned(group.clone()),
        name: Cow::Owned(artifact.clone()),
        version: Cow::Owned(version.clone()),
        purl: Cow::Owned(purl),
        licences: root
            .items("licenses", "license")
            .map(|licence| Licence {
                kind: LicenceKind::Declared,
                expression: Cow::Owned(licence.text_of("name").to_owned()),
            })
            .filter(|licence| !licence.expression.is_empty())
            .collect(),
        project: Cow::Owned(project.resolve(home_page).text),
        supplier: Cow::Owned(root.child("organization").map_or("", |one| one.text_of("name")).to_owned()),
        evidence: EvidenceKind::Manifest,
        ..Component::default()
    });
    inventory.roots.push(0);
}

fn dependencies(
    project: &Project<'_>,
    owner: &Element,
    place: &str,
    profile_scope: Option<Scope>,
    managed: &HashMap<[String; 4], (String, String)>,
    context: &Context<'_>,
    inventory: &mut Inventory<'_>,
) {
    for (index, dependency) in owner.items("dependencies", "dependency").enumerate() {
        let place = format!("{place}/{index}");
        if inventory.components.len() > context.limits.components {
            inventory.gaps.add(GapCode::TooManyElements, place, "dependencies beyond the limit");
            return;
        }
        let key = project.key(dependency);
        let [group, artifact, ..] = &key;
        if artifact.is_empty() {
            inventory.gaps.add(GapCode::NoName, place, "a dependency without artifactId");
            continue;
        }
        let managed = managed.get(&key);
        let own_version = dependency.text_of("version");
        let stated = if own_version.is_empty() { managed.map_or("", |(version, _)| version) } else { own_version };
        let version = version(project, stated, || format!("{group}:{artifact} {stated}"), &place, inventory);
        let own_scope = dependency.text_of("scope");
        let word = if own_scope.is_empty() { managed.map_or("", |(_, scope)| scope) } else { own_scope };
        let is_optional = project.resolve(dependency.text_of("optional")).text == "true";
        let scope = if is_optional { Scope::Optional } else { profile_scope.unwrap_or_else(|| scope_of(word)) };
        let properties = [("maven:scope", word)].into_iter().filter(|(_, word)| !word.is_empty());
        let properties = properties.map(|(name, word)| (Cow::Borrowed(name), Cow::Owned(word.to_owned()))).collect();
        inventory.components.push(Component { properties, scope, ..component(&key, version) });
    }
}

/// What a project asks for, by group, artifact, type and classifier.
pub(super) fn component(key: &[String; 4], version: String) -> Component<'static> {
    let [group, artifact, kind, classifier] = key;
    let purl = PurlText {
        kind: "maven",
        namespace: group,
        name: artifact,
        version: &version,
        qualifiers: &[("classifier", classifier), ("type", if kind == "jar" { "" } else { kind })],
    };
    let purl = purl.write();
    Component {
        reference: Cow::Owned(purl.clone()),
        namespace: Cow::Owned(group.clone()),
        name: Cow::Owned(artifact.clone()),
        version: Cow::Owned(version),
        purl: Cow::Owned(purl),
        direct: Some(true),
        evidence: EvidenceKind::Manifest,
        ..Component::default()
    }
}

/// The exact version; empty with a gap when this file leaves it open.
pub(super) fn version(
    project: &Project<'_>,
    stated: &str,
    detail: impl Fn() -> String,
    place: &str,
    inventory: &mut Inventory<'_>,
) -> String {
    let resolved = project.resolve(stated);
    let text = resolved.text.trim();
    // `[1.0]` is exactly that version; every other bracket is a range.
    let exact = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|text| !text.contains(','));
    let text = exact.unwrap_or(text).trim();
    let is_open = text.is_empty() || text.contains(['[', '(', ',']) || matches!(text, "LATEST" | "RELEASE");
    if is_open || !resolved.is_complete {
        inventory.gaps.add_with(GapCode::UnresolvedVersion, || (place.to_owned(), detail()));
        return String::new();
    }
    text.to_owned()
}

fn scope_of(word: &str) -> Scope {
    match word {
        "" | "compile" | "runtime" => Scope::Runtime,
        "test" => Scope::Test,
        "provided" | "system" => Scope::Build,
        _ => Scope::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::Limits;

    use super::*;

    const POM: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>7</version></parent>
  <artifactId>service</artifactId>
  <url>https://service.example/</url>
  <scm><url>https://git.example/${project.artifactId}</url></scm>
  <licenses><license><name>EUPL-1.2</name></license></licenses>
  <properties><log4j.version>2.14.1</log4j.version></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>g</groupId><artifactId>managed</artifactId><version>[1.5]</version><scope>test</scope></dependency>
    <dependency><groupId>g</groupId><artifactId>list</artifactId><version>3</version><type>pom</type><scope>import</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>${log4j.version}</version></dependency>
    <dependency><groupId>g</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>own</artifactId><version>${project.version}</version>
      <type>zip</type><classifier>tests</classifier><scope>provided</scope></dependency>
    <dependency><groupId>g</groupId><artifactId>range</artifactId><version>[1,2)</version><optional>true</optional></dependency>
    <dependency><groupId>g</groupId><artifactId>inherited</artifactId></dependency>
    <dependency><groupId>g</groupId><artifactId>variable</artifactId><version>${parent.says}</version></dependency>
  </dependencies>
  <profiles><profile><id>extra</id><dependencies>
    <dependency><groupId>g</groupId><artifactId>profiled</artifactId><version>1</version></dependency>
  </dependencies></profile></profiles>
</project>"#;

    #[test]
    fn reads_what_the_file_says_and_reports_the_rest() {
        let limits = Limits::default();
        let inventory = read(POM.as_bytes(), &Context::new(&limits)).unwrap();
        let lines: Vec<_> =
            inventory.components.iter().map(|c| (c.purl.as_ref(), c.scope.as_str(), c.direct)).collect();
        assert_eq!(
            lines,
            [
                ("pkg:maven/org.example/service@7", "unknown", None),
                ("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "runtime", Some(true)),
                ("pkg:maven/g/managed@1.5", "test", Some(true)),
                ("pkg:maven/org.example/own@7?classifier=tests&type=zip", "build", Some(true)),
                ("pkg:maven/g/range", "optional", Some(true)),
                ("pkg:maven/g/inherited", "runtime", Some(true)),
                ("pkg:maven/g/variable", "runtime", Some(true)),
                ("pkg:maven/g/profiled@1", "optional", Some(true)),
            ]
        );
        let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.detail.as_ref())).collect();
        assert_eq!(
            gaps,
            [
                ("no-creation-time", ""),
                ("unresolved-parent", "org.example:parent:7"),
                ("unresolved-parent", "g:list"),
                ("unresolved-version", "g:range [1,2)"),
                ("unresolved-version", "g:inherited "),
                ("unresolved-version", "g:variable ${parent.says}"),
                ("incomplete", "transitive dependencies are not listed"),
            ]
        );
        assert_eq!(inventory.edges.len(), 7);
        assert_eq!(inventory.subject.name, "org.example/service");
        let own = &inventory.components[0];
        assert_eq!(
            (own.project.as_ref(), own.licences[0].expression.as_ref()),
            ("https://git.example/service", "EUPL-1.2")
        );
    }

    #[test]
    fn detection_tells_maven_from_other_projects() {
        for (text, expected) in [
            (POM, true),
            ("<project><modelVersion>4.0.0</modelVersion></project>", true),
            ("<project name=\"x\" default=\"all\"><target/></project>", false),
            ("<projects><modelVersion>4.0.0</modelVersion></projects>", false),
            ("<!-- never closed <project><modelVersion>", false),
            ("", false),
        ] {
            assert_eq!(sniff(&Probe { bytes: text.as_bytes(), file_name: "pom.xml", path: "" }), expected, "{text}");
        }
    }

    #[test]
    fn entities_are_refused() {
        let limits = Limits::default();
        let text =
            b"<!DOCTYPE project [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><project><version>&x;</version></project>";
        assert_eq!(read(text, &Context::new(&limits)).unwrap_err().code, "entities-refused");
    }

    proptest! {
        #[test]
        fn mutated_files_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20)) {
            let mut bytes = POM.as_bytes().to_vec();
            for (index, byte) in changes {
                let at = index.index(bytes.len());
                bytes[at] = byte;
            }
            let limits = Limits::default();
            let _ = sniff(&Probe { bytes: &bytes, file_name: "", path: "" });
            let _ = read(&bytes, &Context::new(&limits));
        }
    }
}
