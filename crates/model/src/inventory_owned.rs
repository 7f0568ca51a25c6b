// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An inventory that no longer borrows from its document, for documents that were decoded or unwrapped on the way.

use std::borrow::Cow;

use crate::inventory::{
    Claim, Component, Composition, Envelope, FileFact, Hash, Inventory, Licence, Pedigree, PedigreePatch, Service,
    Subject, Text, Tool,
};

fn text(text: Text<'_>) -> Text<'static> {
    Cow::Owned(text.into_owned())
}

fn texts(list: Vec<Text<'_>>) -> Vec<Text<'static>> {
    list.into_iter().map(text).collect()
}

fn pairs(list: Vec<(Text<'_>, Text<'_>)>) -> Vec<(Text<'static>, Text<'static>)> {
    list.into_iter().map(|(name, value)| (text(name), text(value))).collect()
}

fn each<T, U>(list: Vec<T>, own: impl Fn(T) -> U) -> Vec<U> {
    list.into_iter().map(own).collect()
}

impl Inventory<'_> {
    /// The same inventory with texts of its own.
    pub fn into_owned(self) -> Inventory<'static> {
        Inventory {
            spec_version: text(self.spec_version),
            subject: self.subject.into_owned(),
            serial: text(self.serial),
            created: self.created,
            tools: each(self.tools, |tool| Tool { name: text(tool.name), version: text(tool.version) }),
            creators: texts(self.creators),
            supplier: text(self.supplier),
            context: text(self.context),
            data_licence: text(self.data_licence),
            distribution: text(self.distribution),
            components: each(self.components, Component::into_owned),
            roots: self.roots,
            edges: self.edges,
            graph_complete: self.graph_complete,
            files: each(self.files, |file| FileFact {
                name: text(file.name),
                hashes: each(file.hashes, Hash::into_owned),
                owner: file.owner,
            }),
            compositions: each(self.compositions, |composition| Composition {
                aggregate: text(composition.aggregate),
                references: texts(composition.references),
            }),
            claims: each(self.claims, |claim| Claim {
                id: text(claim.id),
                state: text(claim.state),
                justification: text(claim.justification),
                source: text(claim.source),
                responses: texts(claim.responses),
                detail: text(claim.detail),
                ratings: texts(claim.ratings),
                affects: texts(claim.affects),
            }),
            services: each(self.services, |service| Service {
                reference: text(service.reference),
                name: text(service.name),
                version: text(service.version),
                provider: text(service.provider),
                endpoints: texts(service.endpoints),
            }),
            properties: pairs(self.properties),
            references: pairs(self.references),
            signature: self.signature.map(|(word, detail)| (text(word), text(detail))),
            envelope: self.envelope.map(Envelope::into_owned),
            stated_systems: each(self.stated_systems, |(index, name)| (index, text(name))),
            gaps: self.gaps,
        }
    }
}

impl Subject<'_> {
    /// The same subject with texts of its own.
    pub fn into_owned(self) -> Subject<'static> {
        Subject { name: text(self.name), version: text(self.version), purl: text(self.purl), digest: text(self.digest) }
    }
}

impl Component<'_> {
    /// The same component with texts of its own.
    pub fn into_owned(self) -> Component<'static> {
        Component {
            reference: text(self.reference),
            kind: self.kind,
            namespace: text(self.namespace),
            name: text(self.name),
            version: text(self.version),
            purl: text(self.purl),
            cpes: texts(self.cpes),
            licences: each(self.licences, |licence| Licence {
                kind: licence.kind,
                expression: text(licence.expression),
            }),
            hashes: each(self.hashes, Hash::into_owned),
            supplier: text(self.supplier),
            originator: text(self.originator),
            file_name: text(self.file_name),
            source_info: text(self.source_info),
            upstream: text(self.upstream),
            scope: self.scope,
            direct: self.direct,
            locations: texts(self.locations),
            evidence: self.evidence,
            confidence_percent: self.confidence_percent,
            modified: self.modified,
            pedigree: self.pedigree.map(|pedigree| Box::new(pedigree.into_owned())),
            project: text(self.project),
            properties: pairs(self.properties),
            references: pairs(self.references),
            facts: each(self.facts, |(kind, value)| (kind, text(value))),
            parent: self.parent,
        }
    }
}

impl Hash<'_> {
    /// The same digest with texts of its own.
    pub fn into_owned(self) -> Hash<'static> {
        Hash { algorithm: text(self.algorithm), value: text(self.value) }
    }
}

impl Pedigree<'_> {
    /// The same pedigree with texts of its own.
    pub fn into_owned(self) -> Pedigree<'static> {
        Pedigree {
            ancestors: texts(self.ancestors),
            patches: each(self.patches, |patch| PedigreePatch {
                kind: text(patch.kind),
                resolves: texts(patch.resolves),
                diff: text(patch.diff),
                address: text(patch.address),
            }),
            commits: texts(self.commits),
            notes: text(self.notes),
        }
    }
}

impl Envelope<'_> {
    /// The same envelope with texts of its own.
    pub fn into_owned(self) -> Envelope<'static> {
        Envelope {
            payload_type: text(self.payload_type),
            predicate_type: text(self.predicate_type),
            subjects: pairs(self.subjects),
            signatures: texts(self.signatures),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::FactKind;

    #[test]
    fn owned_is_the_same() {
        let inventory = Inventory {
            spec_version: "1.6".into(),
            subject: Subject { name: "portal".into(), ..Subject::default() },
            components: vec![Component {
                name: "left-pad".into(),
                hashes: vec![Hash { algorithm: "md5".into(), value: "00".into() }],
                pedigree: Some(Box::new(Pedigree { notes: "patched".into(), ..Pedigree::default() })),
                properties: vec![("a".into(), "b".into())],
                facts: vec![(FactKind::Swhid, "swh:1:rev:00".into())],
                ..Component::default()
            }],
            envelope: Some(Envelope { subjects: vec![("x".into(), "sha256:00".into())], ..Envelope::default() }),
            ..Inventory::default()
        };
        assert_eq!(inventory.clone().into_owned(), inventory);
    }
}
