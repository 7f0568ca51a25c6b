// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The whole document. Components are converted one by one while they are read, so that a large document is never
//! held twice; what needs the whole (graph, subject, distribution) is settled at the end.

use std::borrow::Cow;

use serde::de::{IgnoredAny, MapAccess, SeqAccess};
use underpin_model::distribution;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Claim, ComponentKind, Composition, Inventory, Service, Text};

use super::lenient::{At, Fill, Key, Lenient, Step};
use super::metadata::{self, RawMetadata};
use super::shape::{
    RawCitation, RawComponent, RawComposition, RawDependency, RawProperty, RawRating, RawReference, RawService,
    RawVulnerability,
};
use super::{check, component, graph};

/// Format versions that this reader knows.
pub const VERSIONS: &[&str] = &["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// Before this version a list of licences holds licences or one expression, not both.
const MIXED_LICENCES_SINCE: &str = "1.7";

/// Top-level fields that are passed over: texts for people, attestations, cryptography, signatures.
const PASSED: &[&str] =
    &["$schema", "version", "annotations", "formulation", "declarations", "definitions", "signature", "$comment"];

/// A document while it is read.
#[derive(Default)]
pub struct Document<'a> {
    inventory: Inventory<'a>,
    format: Text<'a>,
    namespace: Text<'a>,
    metadata: RawMetadata<'a>,
    services: Vec<RawService<'a>>,
    dependencies: Vec<RawDependency<'a>>,
    compositions: Vec<RawComposition<'a>>,
    vulnerabilities: Vec<RawVulnerability<'a>>,
    properties: Vec<RawProperty<'a>>,
    references: Vec<RawReference<'a>>,
    citations: Vec<RawCitation<'a>>,
}

impl<'a> Lenient<'a> for Document<'a> {
    const DUE: &'static str = "an object";

    fn object<M: MapAccess<'a>>(&mut self, mut map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        while let Some(key) = map.next_key::<Key<'a>>()? {
            macro_rules! read {
                ($key:literal, $target:expr) => {{
                    at.enter(Step::Key($key));
                    map.next_value_seed(Fill($target, at))?;
                    at.leave();
                }};
            }
            match &*key.0 {
                "bomFormat" => read!("bomFormat", &mut self.format),
                "xmlns" => read!("xmlns", &mut self.namespace),
                "specVersion" => read!("specVersion", &mut self.inventory.spec_version),
                "serialNumber" => read!("serialNumber", &mut self.inventory.serial),
                "metadata" => read!("metadata", &mut self.metadata),
                "components" => read!("components", &mut Components(&mut self.inventory)),
                "services" => read!("services", &mut self.services),
                "dependencies" => read!("dependencies", &mut self.dependencies),
                "compositions" => read!("compositions", &mut self.compositions),
                "vulnerabilities" => read!("vulnerabilities", &mut self.vulnerabilities),
                "properties" => read!("properties", &mut self.properties),
                "citations" => read!("citations", &mut self.citations),
                "externalReferences" => read!("externalReferences", &mut self.references),
                other => {
                    if !PASSED.contains(&other) {
                        at.unknown(other);
                    }
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(true)
    }

    fn text(&mut self, _text: Text<'a>, at: &mut At<'a>) -> bool {
        if !at.xml {
            at.wrong_type(Self::DUE, "a text");
        }
        at.xml
    }
}

/// The list of components, converted as they come.
struct Components<'i, 'a>(&'i mut Inventory<'a>);

impl<'a> Lenient<'a> for Components<'_, 'a> {
    const DUE: &'static str = "a list";

    fn list<S: SeqAccess<'a>>(&mut self, mut list: S, at: &mut At<'a>) -> Result<bool, S::Error> {
        for position in 0.. {
            at.enter(Step::Index(position));
            if self.0.components.len() >= at.components_limit {
                if list.next_element::<IgnoredAny>()?.is_none() {
                    at.leave();
                    break;
                }
                at.gap(GapCode::TooManyElements, || "components".into());
                at.leave();
                continue;
            }
            let mut raw = RawComponent::default();
            let taken = list.next_element_seed(Fill(&mut raw, at))?;
            if taken == Some(true) {
                component::add(raw, None, self.0, at);
            }
            at.leave();
            if taken.is_none() {
                break;
            }
        }
        Ok(true)
    }

    fn object<M: MapAccess<'a>>(&mut self, map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        at.wrong_type(Self::DUE, "an object");
        let mut raw = RawComponent::default();
        raw.object(map, at)?;
        component::add(raw, None, self.0, at);
        Ok(true)
    }
}

impl<'a> Document<'a> {
    /// Whether any component was read.
    pub fn has_components(&self) -> bool {
        !self.inventory.components.is_empty()
    }

    /// Settles what there is of a document that ends in the middle, at `place`.
    pub fn finish_truncated(self, mut at: At<'a>, place: String) -> Inventory<'a> {
        at.return_to_start();
        at.gaps.add(GapCode::TruncatedDocument, place, "");
        let mut inventory = self.finish(at);
        // Edges may be among what is missing.
        inventory.graph_complete = false;
        inventory
    }

    /// Settles what needs the whole document.
    pub fn finish(mut self, mut at: At<'a>) -> Inventory<'a> {
        let at = &mut at;
        let mut inventory = std::mem::take(&mut self.inventory);
        if at.xml {
            inventory.spec_version = namespace_version(&self.namespace);
        } else {
            check_format(&self.format, at);
        }
        check_version(&mut inventory.spec_version, at);
        if !inventory.serial.is_empty() && !check::is_serial_number(&inventory.serial, at.xml) {
            at.gap_in("serialNumber", GapCode::InvalidValue, || "no urn:uuid".into());
        }
        inventory.properties = pairs(self.properties, |property| (property.name, property.value));
        inventory.references = pairs(self.references, |reference| (reference.kind, reference.url));
        at.enter(Step::Key("services"));
        add_services(self.services, &mut inventory, at);
        at.leave();
        let listed = inventory.components.len();
        metadata::apply(self.metadata, &mut inventory, at);
        if listed == 0 {
            at.gap_in("components", GapCode::NoComponents, || "".into());
        }
        let complete = metadata::apply_own(&mut inventory);
        graph::add_edges(self.dependencies, &mut inventory, at);
        inventory.graph_complete = complete.unwrap_or(inventory.graph_complete);
        add_compositions(self.compositions, &mut inventory);
        add_claims(self.vulnerabilities, &mut inventory, at);
        if &*inventory.spec_version != MIXED_LICENCES_SINCE {
            at.report_mixed_licences();
        }
        if inventory.distribution.is_empty() {
            inventory.distribution = own_distribution(&inventory);
        }
        report_distribution(&inventory, at);
        inventory.gaps = std::mem::take(&mut at.gaps);
        inventory
    }
}

fn pairs<'a, T>(list: Vec<T>, pair: impl FnMut(T) -> (Text<'a>, Text<'a>)) -> Vec<(Text<'a>, Text<'a>)> {
    list.into_iter().map(pair).collect()
}

/// The version in an XML namespace: what follows the last slash.
fn namespace_version<'a>(namespace: &Text<'a>) -> Text<'a> {
    match namespace {
        Cow::Borrowed(namespace) => Cow::Borrowed(namespace.rsplit('/').next().unwrap_or_default()),
        Cow::Owned(namespace) => Cow::Owned(namespace.rsplit('/').next().unwrap_or_default().to_owned()),
    }
}

fn check_format(format: &str, at: &mut At<'_>) {
    match format {
        "CycloneDX" => {}
        "" => at.gap_in("bomFormat", GapCode::MissingField, || "".into()),
        other => at.gap_in("bomFormat", GapCode::InvalidValue, || other.chars().take(60).collect::<String>().into()),
    }
}

fn check_version(version: &mut Text<'_>, at: &mut At<'_>) {
    if version.is_empty() {
        at.gap_in("specVersion", GapCode::MissingField, || "".into());
    } else if !VERSIONS.contains(&&**version) {
        at.gap_in("specVersion", GapCode::UnknownVersion, || version.chars().take(60).collect::<String>().into());
    }
}

fn add_services<'a>(raw: Vec<RawService<'a>>, inventory: &mut Inventory<'a>, at: &mut At<'a>) {
    for (position, service) in raw.into_iter().enumerate() {
        at.enter(Step::Index(position));
        if service.name.is_empty() {
            at.gap_in("name", GapCode::NoName, || "".into());
        }
        let name = if service.group.is_empty() {
            service.name
        } else {
            Cow::Owned(format!("{}/{}", service.group, service.name))
        };
        inventory.services.push(Service {
            reference: service.reference.0,
            name,
            version: service.version,
            provider: component::organisation(service.provider),
            endpoints: service.endpoints,
        });
        at.enter(Step::Key("services"));
        add_services(service.services, inventory, at);
        at.leave();
        at.leave();
    }
}

fn add_compositions<'a>(raw: Vec<RawComposition<'a>>, inventory: &mut Inventory<'a>) {
    for composition in raw {
        let references = composition.assemblies.into_iter().chain(composition.dependencies);
        let references = references.chain(composition.vulnerabilities).map(|reference| reference.0).collect();
        inventory.compositions.push(Composition { aggregate: composition.aggregate.0, references });
    }
}

fn add_claims<'a>(raw: Vec<RawVulnerability<'a>>, inventory: &mut Inventory<'a>, at: &mut At<'a>) {
    if !raw.is_empty() {
        let count = raw.len();
        at.gap_in("vulnerabilities", GapCode::EmbeddedVulnerabilities, || format!("{count} statements").into());
    }
    inventory.claims = raw
        .into_iter()
        .map(|claim| Claim {
            id: claim.id,
            state: claim.analysis.state,
            justification: claim.analysis.justification,
            source: if claim.source.name.is_empty() { claim.source.url } else { claim.source.name },
            responses: claim.analysis.responses,
            detail: if claim.analysis.detail.is_empty() { claim.detail } else { claim.analysis.detail },
            ratings: claim.ratings.into_iter().map(rating).filter(|rating| !rating.is_empty()).collect(),
            affects: claim.affects.into_iter().map(|affected| affected.reference).collect(),
        })
        .collect();
}

/// Reports packages of an operating system whose distribution neither they nor the document state.
fn report_distribution(inventory: &Inventory<'_>, at: &mut At<'_>) {
    if !inventory.distribution.is_empty() {
        return;
    }
    let undistributed = inventory
        .components
        .iter()
        .filter(|component| {
            ["pkg:deb/", "pkg:rpm/", "pkg:apk/", "pkg:alpm/"].iter().any(|prefix| component.purl.starts_with(prefix))
        })
        .filter(|component| !component.purl.contains("?distro=") && !component.purl.contains("&distro="))
        .count();
    if undistributed > 0 {
        at.gap_in("components", GapCode::NoDistribution, || format!("{undistributed} packages").into());
    }
}

/// What is stated of method, score, severity and vector, in one line.
fn rating(raw: RawRating<'_>) -> Text<'_> {
    let parts = [raw.method, raw.score.0, raw.severity, raw.vector];
    let stated: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    Cow::Owned(stated.join(" "))
}

/// `debian-11` from the component that stands for the operating system. Debian counts in whole numbers.
pub fn own_distribution<'a>(inventory: &Inventory<'a>) -> Text<'a> {
    let mut systems = inventory.components.iter().filter(|component| component.kind == ComponentKind::OperatingSystem);
    let Some(system) = systems.find(|component| !component.name.is_empty()) else { return Cow::Borrowed("") };
    let name = distribution::canonical(&system.name);
    let stated = system.version.split_whitespace().next().unwrap_or_default();
    let version = match &*name {
        "debian" => stated.split('.').next().unwrap_or_default(),
        _ => stated,
    };
    if version.is_empty() { Cow::Owned(name.into_owned()) } else { Cow::Owned(format!("{name}-{version}")) }
}
