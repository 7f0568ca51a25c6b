// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a `pom.xml` builds with: plugins, their own dependencies, extensions and plugins of reports.
//!
//! Source: Maven's "POM Reference". Traps: the group of a plugin may be left out; its version may stand in
//! `pluginManagement`, in the parent or nowhere, then Maven takes a newer one with every release (`unresolved-version`).
//! What is only managed is not used here and is no component.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, Inventory, Scope};

use super::maven_pom::{component, version};
use super::maven_project::Project;
use super::xml_tree::Element;
use crate::reader::Context;

/// Versions that the project states for plugins, by group and artifact.
pub(super) type Managed = HashMap<[String; 2], String>;

/// The group of plugins that name none.
const OWN_GROUP: &str = "org.apache.maven.plugins";

/// The versions in the project's own `pluginManagement`.
pub(super) fn managed(project: &Project<'_>) -> Managed {
    let list = project.root.child("build").and_then(|build| build.child("pluginManagement"));
    let plugins = list.into_iter().flat_map(|list| list.items("plugins", "plugin"));
    plugins
        .map(|plugin| {
            let [group, artifact, ..] = key(project, plugin, OWN_GROUP);
            ([group, artifact], plugin.text_of("version").to_owned())
        })
        .collect()
}

/// Reads what a project or profile builds and reports with.
pub(super) fn read(
    project: &Project<'_>,
    owner: &Element,
    place: &str,
    managed: &Managed,
    context: &Context<'_>,
    inventory: &mut Inventory<'_>,
) {
    for (part, list, item, word) in [
        ("build", "plugins", "plugin", "plugin"),
        ("build", "extensions", "extension", "extension"),
        ("reporting", "plugins", "plugin", "report"),
    ] {
        let Some(part_of) = owner.child(part) else { continue };
        let group = if item == "plugin" { OWN_GROUP } else { "" };
        for (index, element) in part_of.items(list, item).enumerate() {
            let place = format!("{place}/{part}/{list}/{index}");
            let mut needed = vec![(place.clone(), key(project, element, group), element, word)];
            for (index, dependency) in element.items("dependencies", "dependency").enumerate() {
                let place = format!("{place}/dependencies/{index}");
                needed.push((place, key(project, dependency, ""), dependency, "plugin dependency"));
            }
            for (place, key, element, word) in needed {
                if inventory.components.len() > context.limits.components {
                    inventory.gaps.add(GapCode::TooManyElements, place, "plugins beyond the limit");
                    return;
                }
                add(project, &place, &key, stated(element, &key, managed), word, inventory);
            }
        }
    }
}

/// Group, artifact, type and classifier.
fn key(project: &Project<'_>, element: &Element, group: &str) -> [String; 4] {
    let mut key = project.key(element);
    if key[0].is_empty() {
        group.clone_into(&mut key[0]);
    }
    key
}

/// The version as stated, here or where it is managed.
fn stated<'s>(element: &'s Element, key: &[String; 4], managed: &'s Managed) -> &'s str {
    match element.text_of("version") {
        "" => managed.get(&key[..2]).map_or("", String::as_str),
        own => own,
    }
}

fn add(
    project: &Project<'_>,
    place: &str,
    key: &[String; 4],
    stated: &str,
    word: &'static str,
    inventory: &mut Inventory<'_>,
) {
    let [group, artifact, ..] = key;
    if artifact.is_empty() {
        inventory.gaps.add(GapCode::NoName, place.to_owned(), format!("a {word} without artifactId"));
        return;
    }
    let version = version(project, stated, || format!("{group}:{artifact} {stated}"), place, inventory);
    let properties = vec![(Cow::Borrowed("maven:part"), Cow::Borrowed(word))];
    inventory.components.push(Component { scope: Scope::Build, properties, ..component(key, version) });
}

#[cfg(test)]
mod tests {
    use underpin_model::Limits;

    use crate::reader::{Context, Probe, detect};

    const POM: &str = "<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId>\
        <version>1</version><properties><p>3</p></properties><modules><module>part</module></modules><build>\
        <pluginManagement><plugins><plugin><artifactId>maven-jar-plugin</artifactId><version>2.4</version></plugin>\
        <plugin><artifactId>unused</artifactId><version>9</version></plugin></plugins></pluginManagement><plugins>\
        <plugin><groupId>org.p</groupId><artifactId>plug</artifactId><version>${p}</version><dependencies><dependency>\
        <groupId>d</groupId><artifactId>inside</artifactId><version>4</version></dependency></dependencies></plugin>\
        <plugin><artifactId>maven-jar-plugin</artifactId></plugin><plugin><artifactId>open</artifactId></plugin>\
        <plugin><version>1</version></plugin></plugins><extensions><extension><groupId>e</groupId>\
        <artifactId>wagon</artifactId><version>5</version></extension></extensions></build><reporting><plugins><plugin>\
        <artifactId>site</artifactId><version>6</version></plugin></plugins></reporting><profiles><profile><id>x</id>\
        <modules><module>more</module></modules><dependencyManagement><dependencies><dependency><groupId>g</groupId>\
        <artifactId>list</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency></dependencies>\
        </dependencyManagement><build><plugins><plugin><artifactId>profiled</artifactId><version>7</version></plugin>\
        </plugins></build></profile></profiles></project>";

    #[test]
    fn what_builds_is_read_or_a_gap() {
        let limits = Limits::default();
        let reader = detect(&Probe { bytes: POM.as_bytes(), file_name: "pom.xml", path: "pom.xml" }).unwrap();
        let inventory = (reader.read)(POM.as_bytes(), &Context::new(&limits)).unwrap();
        let lines: Vec<_> = inventory.components[1..]
            .iter()
            .map(|found| (found.purl.as_ref(), found.scope.as_str(), found.properties[0].1.as_ref()))
            .collect();
        assert_eq!(
            lines,
            [
                ("pkg:maven/org.p/plug@3", "build", "plugin"),
                ("pkg:maven/d/inside@4", "build", "plugin dependency"),
                ("pkg:maven/org.apache.maven.plugins/maven-jar-plugin@2.4", "build", "plugin"),
                ("pkg:maven/org.apache.maven.plugins/open", "build", "plugin"),
                ("pkg:maven/e/wagon@5", "build", "extension"),
                ("pkg:maven/org.apache.maven.plugins/site@6", "build", "report"),
                ("pkg:maven/org.apache.maven.plugins/profiled@7", "build", "plugin"),
            ]
        );
        let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.place.as_ref())).collect();
        assert_eq!(
            gaps,
            [
                ("no-creation-time", ""),
                ("external-document", "/project/modules"),
                ("unresolved-version", "/project/build/plugins/2"),
                ("no-name", "/project/build/plugins/3"),
                ("unresolved-parent", "/project/profiles/x/dependencyManagement"),
                ("external-document", "/project/profiles/x/modules"),
                ("incomplete", "/project/dependencies"),
            ]
        );
    }
}
