// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lets an inventory own its texts, for the few lockfiles whose text had to be changed before it could be read.

use std::borrow::Cow;

use underpin_model::inventory::{Component, Hash, Inventory, Licence, Pedigree, PedigreePatch, Subject, Text, Tool};

/// The same inventory, borrowing nothing. Covers what lockfile readers fill; the test holds it to that.
pub(super) fn inventory(read: Inventory<'_>) -> Inventory<'static> {
    Inventory {
        spec_version: text(read.spec_version),
        subject: Subject {
            name: text(read.subject.name),
            version: text(read.subject.version),
            purl: text(read.subject.purl),
            digest: text(read.subject.digest),
        },
        serial: text(read.serial),
        created: read.created,
        tools: read.tools.into_iter().map(|tool| Tool { name: text(tool.name), version: text(tool.version) }).collect(),
        components: read.components.into_iter().map(component).collect(),
        roots: read.roots,
        edges: read.edges,
        graph_complete: read.graph_complete,
        files: read
            .files
            .into_iter()
            .map(|file| underpin_model::inventory::FileFact {
                name: text(file.name),
                hashes: file.hashes.into_iter().map(hash).collect(),
                owner: file.owner,
            })
            .collect(),
        properties: pairs(read.properties),
        references: pairs(read.references),
        gaps: read.gaps,
        ..Inventory::default()
    }
}

fn component(read: Component<'_>) -> Component<'static> {
    Component {
        reference: text(read.reference),
        kind: read.kind,
        namespace: text(read.namespace),
        name: text(read.name),
        version: text(read.version),
        purl: text(read.purl),
        licences: read
            .licences
            .into_iter()
            .map(|licence| Licence { kind: licence.kind, expression: text(licence.expression) })
            .collect(),
        hashes: read.hashes.into_iter().map(hash).collect(),
        supplier: text(read.supplier),
        originator: text(read.originator),
        scope: read.scope,
        direct: read.direct,
        locations: read.locations.into_iter().map(text).collect(),
        evidence: read.evidence,
        confidence_percent: read.confidence_percent,
        modified: read.modified,
        pedigree: read.pedigree.map(|pedigree| Box::new(self::pedigree(*pedigree))),
        project: text(read.project),
        properties: pairs(read.properties),
        references: pairs(read.references),
        parent: read.parent,
        ..Component::default()
    }
}

fn pedigree(read: Pedigree<'_>) -> Pedigree<'static> {
    Pedigree {
        ancestors: read.ancestors.into_iter().map(text).collect(),
        patches: read
            .patches
            .into_iter()
            .map(|patch| PedigreePatch {
                kind: text(patch.kind),
                resolves: patch.resolves.into_iter().map(text).collect(),
                diff: text(patch.diff),
                address: text(patch.address),
            })
            .collect(),
        commits: read.commits.into_iter().map(text).collect(),
        notes: text(read.notes),
    }
}

fn hash(read: Hash<'_>) -> Hash<'static> {
    Hash { algorithm: text(read.algorithm), value: text(read.value) }
}

fn pairs<'a>(read: Vec<(Text<'a>, Text<'a>)>) -> Vec<(Text<'static>, Text<'static>)> {
    read.into_iter().map(|(key, value)| (text(key), text(value))).collect()
}

fn text(read: Text<'_>) -> Text<'static> {
    Cow::Owned(read.into_owned())
}

#[cfg(test)]
mod tests {
    use super::super::testing;

    #[test]
    fn nothing_that_readers_fill_is_lost() {
        for (path, fixture) in testing::fixtures() {
            let read = testing::read(path, fixture);
            assert_eq!(super::inventory(read.clone()), read, "{path}");
        }
    }
}
