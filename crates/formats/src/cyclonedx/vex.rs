// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! VEX in CycloneDX (1.4 to 1.7): the vulnerabilities of a document as statements, and back.
//!
//! The state of the analysis is what the author says. The status that a list of versions gives counts where there is no
//! analysis, and where it excuses versions of something exploitable; without both, a listed vulnerability is a scanner's
//! hit that nobody looked at. `affects` names a component of the document, which then is meant inside the document's
//! subject, or by a BOM-Link one of another document, which is kept as a reference.
//!
//! Trap: a document with a list of versions and the state `resolved` means that these versions are fixed, although the
//! schema's default for the status of a version is `affected`.

use std::borrow::Cow;

use hashbrown::{HashMap, HashSet};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess};
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::watch::{Justification, Severity, Statement, StatementDocument, Status, Target, Thing, Tlp};
use underpin_model::{Limits, Timestamp};

use super::lenient::{At, Fill, Key, Lenient, Step};
use super::metadata::RawMetadata;
use super::shape::{RawComponent, RawHash, RawSource};
use super::vex_shape::{RawVexRating, RawVexVersion, RawVexVulnerability};
use super::{decode, unreadable_json, vex_write, xml};
use crate::reader::Unreadable;

pub use super::vex_write::write;

/// Reads the statements of a CycloneDX document, JSON or XML.
///
/// # Errors
/// As [`super::read_json`] and [`super::read_xml`]; a document that breaks off is refused. `not-cyclonedx` for another format.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<StatementDocument<'static>, Unreadable> {
    let decoded = decode::decode(bytes);
    let is_xml = decoded.text.trim_start().starts_with('<');
    let mut at = At::new(limits, is_xml);
    let mut document = VexDocument::default();
    if is_xml {
        let mut source = xml::Source::new(&decoded.text);
        if let Err(fault) = source.root(Fill(&mut document, &mut at)) {
            return Err(Unreadable::new(fault.code, source.place(), fault.detail));
        }
    } else {
        let mut deserializer = serde_json::Deserializer::from_str(&decoded.text);
        let read = Fill(&mut document, &mut at).deserialize(&mut deserializer);
        read.and_then(|_| deserializer.end()).map_err(|error| unreadable_json(&error))?;
    }
    let is_ours =
        if is_xml { document.namespace.contains("cyclonedx.org/schema/bom") } else { document.format == "CycloneDX" };
    if !is_ours {
        return Err(Unreadable::new("not-cyclonedx", "/bomFormat", "missing or of another format"));
    }
    if let Some(encoding) = decoded.unusual {
        at.gaps.add(GapCode::WrongEncoding, "/", encoding);
    }
    Ok(document.finish(at, limits))
}

/// A document as far as statements need it.
#[derive(Default)]
struct VexDocument<'a> {
    format: Text<'a>,
    namespace: Text<'a>,
    spec_version: Text<'a>,
    serial: Text<'a>,
    version: super::targets::Scalar<'a>,
    metadata: RawMetadata<'a>,
    components: Vec<RawComponent<'a>>,
    vulnerabilities: Vec<RawVexVulnerability<'a>>,
}

impl<'a> Lenient<'a> for VexDocument<'a> {
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
                "specVersion" => read!("specVersion", &mut self.spec_version),
                "serialNumber" => read!("serialNumber", &mut self.serial),
                "version" => read!("version", &mut self.version),
                "metadata" => read!("metadata", &mut self.metadata),
                "components" => read!("components", &mut self.components),
                "vulnerabilities" => read!("vulnerabilities", &mut self.vulnerabilities),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(true)
    }

    fn text(&mut self, _text: Text<'a>, at: &mut At<'a>) -> bool {
        at.xml
    }
}

impl VexDocument<'_> {
    fn finish(self, mut at: At<'_>, limits: &Limits) -> StatementDocument<'static> {
        let spec_version = match &*self.spec_version {
            "" => self.namespace.rsplit('/').next().unwrap_or_default().to_owned(),
            stated => stated.to_owned(),
        };
        at.enter(Step::Key("metadata"));
        let made = time(&self.metadata.timestamp, "timestamp", &mut at);
        at.leave();
        let subject = self.metadata.component.as_deref();
        let around = subject.map(|subject| thing(subject, &self.serial, &self.version.0));
        let affects = self.vulnerabilities.iter().flat_map(|vulnerability| &vulnerability.affects);
        let mut index = Index {
            wanted: affects.map(|affected| &*affected.reference).collect(),
            serial: &self.serial,
            version: &self.version.0,
            subject: around.as_ref(),
            found: HashMap::new(),
        };
        // The subject may be repeated among the components; it is itself and not a part of itself.
        if let Some(subject) = subject {
            let inside_nothing = Index { subject: None, wanted: index.wanted.clone(), ..index };
            index = inside_nothing.with(std::slice::from_ref(subject));
            index.subject = around.as_ref();
        }
        let things = index.with(&self.components).found;
        let mut reading = Reading { things, left: limits.edges, made };
        let mut statements = Vec::new();
        at.enter(Step::Key("vulnerabilities"));
        for (position, vulnerability) in self.vulnerabilities.iter().enumerate() {
            at.enter(Step::Index(position));
            reading.vulnerability(vulnerability, &mut at, &mut statements);
            at.leave();
        }
        StatementDocument {
            format: "cyclonedx",
            spec_version: Cow::Owned(spec_version),
            id: own(&self.serial),
            version: own(&self.version.0),
            author: author(&self.metadata),
            tlp: sharing(&self.metadata),
            published: made,
            modified: made,
            statements,
            gaps: std::mem::take(&mut at.gaps),
            ..StatementDocument::default()
        }
    }
}

/// A text that no longer borrows.
fn own(text: &Text<'_>) -> Text<'static> {
    Cow::Owned(text.clone().into_owned())
}

fn time(stated: &str, key: &str, at: &mut At<'_>) -> Option<Timestamp> {
    if stated.is_empty() {
        return None;
    }
    let time = stated.parse().ok();
    if time.is_none() {
        at.gap_in(key, GapCode::InvalidTime, || stated.chars().take(60).collect::<String>().into());
    }
    time
}

/// Who made the statements: the maker of the document, else of the subject; an address before a name.
fn author(metadata: &RawMetadata<'_>) -> Text<'static> {
    let makers = [&metadata.manufacturer, &metadata.supplier, &metadata.manufacture];
    for maker in makers.into_iter().filter_map(Option::as_deref) {
        if let Some(stated) = maker.urls.iter().chain([&maker.name]).find(|text| !text.is_empty()) {
            return own(stated);
        }
    }
    let person = metadata.authors.iter().flat_map(|person| [&person.email, &person.name]).find(|text| !text.is_empty());
    person.map(own).unwrap_or_default()
}

/// The label: a field since 1.7, before that our own property.
fn sharing(metadata: &RawMetadata<'_>) -> Option<Tlp> {
    let own = metadata.properties.iter().find(|property| property.name == vex_write::LABEL);
    match &*metadata.sharing.label.0 {
        "CLEAR" => Some(Tlp::Clear),
        "GREEN" => Some(Tlp::Green),
        "AMBER" => Some(Tlp::Amber),
        "AMBER_AND_STRICT" => Some(Tlp::AmberStrict),
        "RED" => Some(Tlp::Red),
        _ => own.and_then(|property| property.value.parse().ok()),
    }
}

/// What the references that are asked for mean: a component, inside what it is nested in, and at last inside the subject.
struct Index<'d> {
    wanted: HashSet<&'d str>,
    serial: &'d str,
    version: &'d str,
    subject: Option<&'d Thing<'static>>,
    found: HashMap<String, Target<'static>>,
}

impl Index<'_> {
    fn with(mut self, components: &[RawComponent<'_>]) -> Self {
        self.add(components, &mut Vec::new());
        self
    }

    /// Adds components; the first of several with one reference counts. Nesting is bound by the reading before.
    fn add<'c, 'a>(&mut self, components: &'c [RawComponent<'a>], around: &mut Vec<&'c RawComponent<'a>>) {
        for component in components {
            let reference = &*component.reference.0;
            if self.wanted.contains(reference) && !self.found.contains_key(reference) {
                let thing = |component: &RawComponent<'_>| thing(component, self.serial, self.version);
                let within = around.iter().rev().map(|outer| thing(outer)).chain(self.subject.cloned());
                let target = Target { thing: thing(component), within: within.collect() };
                self.found.insert(reference.to_owned(), target);
            }
            around.push(component);
            self.add(&component.components, around);
            around.pop();
        }
    }
}

fn thing(component: &RawComponent<'_>, serial: &str, version: &str) -> Thing<'static> {
    let name = match (&*component.group, &*component.name) {
        ("", name) => name.to_owned(),
        (group, name) => format!("{group}/{name}"),
    };
    let stated = |text: &Text<'_>| if text.is_empty() { Vec::new() } else { vec![own(text)] };
    let (mut purls, mut cpes) = (stated(&component.purl), stated(&component.cpe));
    let mut references = Vec::new();
    for further in component.properties.iter().filter(|property| property.name == vex_write::IDENTIFIER) {
        let list = match () {
            () if further.value.starts_with("pkg:") => &mut purls,
            () if further.value.starts_with("cpe:") => &mut cpes,
            () => &mut references,
        };
        list.push(own(&further.value));
    }
    let has_reference = !component.reference.0.is_empty();
    references.extend(stated(&component.reference.0));
    if let Some(uuid) = serial.strip_prefix("urn:uuid:").filter(|_| has_reference) {
        let version = if version.is_empty() { "1" } else { version };
        let reference: String = component.reference.0.chars().flat_map(escaped).collect();
        references.push(Cow::Owned(format!("urn:cdx:{uuid}/{version}#{reference}")));
    }
    Thing {
        name: Cow::Owned(name),
        purls,
        cpes,
        hashes: component.hashes.iter().map(|RawHash { algorithm, value }| (own(algorithm), own(value))).collect(),
        references,
        versions: if component.purl.is_empty() { own(&component.version) } else { Cow::Borrowed("") },
    }
}

/// A character of a fragment: what is no part of one is written in hexadecimal.
fn escaped(character: char) -> Vec<char> {
    let is_plain = character.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?".contains(character);
    if is_plain {
        return vec![character];
    }
    let mut bytes = [0; 4];
    character
        .encode_utf8(&mut bytes)
        .bytes()
        .flat_map(|byte| format!("%{byte:02X}").chars().collect::<Vec<_>>())
        .collect()
}

struct Reading {
    /// What each reference means.
    things: HashMap<String, Target<'static>>,
    /// Targets that may still be taken.
    left: usize,
    made: Option<Timestamp>,
}

impl Reading {
    fn vulnerability(&mut self, raw: &RawVexVulnerability<'_>, at: &mut At<'_>, to: &mut Vec<Statement<'static>>) {
        let mut names: Vec<_> = std::iter::once(&raw.id).chain(raw.references.iter().map(|other| &other.id)).collect();
        names.retain(|name| !name.is_empty());
        let Some((main, aliases)) = names.split_first() else {
            at.gap_in("id", GapCode::MissingId, || "".into());
            return;
        };
        let state = state(raw, at);
        let justification = justification_of(&raw.analysis.justification);
        let said = time(&raw.analysis.updated, "analysis", at).or_else(|| time(&raw.updated, "updated", at));
        let action = action(raw);
        let mut severities: Vec<_> = raw.ratings.iter().filter_map(severity).collect();
        severities.dedup();
        let new = |status: Status| Statement {
            vulnerability: own(main),
            aliases: aliases.iter().copied().filter(|alias| *alias != *main).map(own).collect(),
            targets: Vec::new(),
            status,
            justification: justification.filter(|_| status == Status::NotAffected),
            impact: own(&raw.analysis.detail),
            action: action.clone(),
            said: said.filter(|said| Some(*said) != self.made),
            is_listing: state.is_none() && status == Status::default(),
            severities: severities.clone(),
        };
        let start = to.len();
        for (status, target) in self.targets(raw, state, at) {
            let ours = to.get_mut(start..).unwrap_or_default();
            match ours.iter_mut().find(|statement| statement.status == status) {
                Some(statement) => statement.targets.push(target),
                None => to.push(Statement { targets: vec![target], ..new(status) }),
            }
        }
        if to.len() == start {
            to.push(new(state.unwrap_or_default()));
        }
    }

    /// What is meant, each with its status.
    fn targets(
        &self,
        raw: &RawVexVulnerability<'_>,
        state: Option<Status>,
        at: &mut At<'_>,
    ) -> Vec<(Status, Target<'static>)> {
        let mut targets = Vec::new();
        for affected in &raw.affects {
            let reference = &*affected.reference;
            let known = self.things.get(reference);
            if known.is_none() && !reference.starts_with("urn:cdx:") {
                let shown: String = reference.chars().take(100).collect();
                at.gap_in("affects", GapCode::DanglingEdge, || shown.into());
            }
            let other = || Thing { references: vec![own(&affected.reference)], ..Thing::default() };
            let Target { thing, within } =
                known.cloned().unwrap_or_else(|| Target { thing: other(), within: Vec::new() });
            if self.left.saturating_sub(targets.len()) < 1 + affected.versions.len() {
                at.gap_in("affects", GapCode::TooManyElements, || "products of statements".into());
                break;
            }
            if affected.versions.is_empty() {
                targets.push((state.unwrap_or_default(), Target { thing, within }));
                continue;
            }
            for version in &affected.versions {
                let stated = if version.range.is_empty() { &version.version } else { &version.range };
                let thing = Thing { versions: own(stated), ..thing.clone() };
                targets.push((status(state, version, at), Target { thing, within: within.clone() }));
            }
        }
        targets
    }
}

/// What the analysis says.
fn state(raw: &RawVexVulnerability<'_>, at: &mut At<'_>) -> Option<Status> {
    let (word, status) = (&*raw.analysis.state, status_of(&raw.analysis.state));
    if status.is_none() && !word.is_empty() {
        at.gap_in("analysis", GapCode::InvalidValue, || word.chars().take(60).collect::<String>().into());
    }
    status
}

/// What a state of an analysis means; nothing for a word that the format does not have.
pub fn status_of(state: &str) -> Option<Status> {
    match state {
        "exploitable" => Some(Status::Affected),
        "not_affected" | "false_positive" => Some(Status::NotAffected),
        "resolved" | "resolved_with_pedigree" => Some(Status::Fixed),
        "in_triage" => Some(Status::UnderInvestigation),
        _ => None,
    }
}

/// The status of one version.
fn status(state: Option<Status>, version: &RawVexVersion<'_>, at: &mut At<'_>) -> Status {
    match (state, &*version.status) {
        (Some(Status::Affected | Status::UnderInvestigation) | None, "unaffected") => Status::NotAffected,
        (Some(Status::Affected), "unknown") => Status::UnderInvestigation,
        (None, "affected") => Status::Affected,
        (Some(Status::NotAffected), "affected") => {
            let detail = "a version is called affected by an analysis that says not affected; the analysis counts";
            at.gap_in("affects", GapCode::InvalidValue, || detail.into());
            Status::NotAffected
        }
        (state, _) => state.unwrap_or_default(),
    }
}

/// What a justification of an analysis means: the format's are finer than CISA's.
pub fn justification_of(word: &str) -> Option<Justification> {
    match word {
        "code_not_present" => Some(Justification::VulnerableCodeNotPresent),
        "code_not_reachable" => Some(Justification::VulnerableCodeNotInExecutePath),
        "requires_configuration" | "requires_dependency" | "requires_environment" => {
            Some(Justification::VulnerableCodeCannotBeControlledByAdversary)
        }
        "protected_by_compiler"
        | "protected_at_runtime"
        | "protected_at_perimeter"
        | "protected_by_mitigating_control" => Some(Justification::InlineMitigationsAlreadyExist),
        _ => None,
    }
}

/// What to do: the recommendation and workaround as written, and the responses.
fn action(raw: &RawVexVulnerability<'_>) -> Text<'static> {
    let responses: Vec<_> = raw.analysis.responses.iter().map(|word| word.replace('_', " ")).collect();
    let parts = [&*raw.recommendation, &*raw.workaround, &*responses.join(", ")];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Cow::Owned(parts.join("\n"))
}

/// A rating with a vector, or with a word only.
fn severity(rating: &RawVexRating<'_>) -> Option<Severity<'static>> {
    let system = match &*rating.method {
        "CVSSv2" => "CVSS_V2",
        "CVSSv3" | "CVSSv31" => "CVSS_V3",
        "CVSSv4" => "CVSS_V4",
        "" => "qualitative",
        other => other,
    };
    let RawSource { name, url } = &rating.source;
    let source = own(if name.is_empty() { url } else { name });
    let severity =
        |system: &str, value: Text<'static>| Severity { system: Cow::Owned(system.to_owned()), value, source };
    match (&*rating.vector, &*rating.severity) {
        ("", "") => None,
        ("", _) => Some(severity("qualitative", own(&rating.severity))),
        // The format leaves the prefix of a vector to its method.
        (vector, _) => {
            let prefix = match &*rating.method {
                "CVSSv3" => "CVSS:3.0/",
                "CVSSv31" => "CVSS:3.1/",
                "CVSSv4" => "CVSS:4.0/",
                _ => "",
            };
            let prefix = if vector.starts_with("CVSS:") { "" } else { prefix };
            Some(severity(system, Cow::Owned(format!("{prefix}{vector}"))))
        }
    }
}
