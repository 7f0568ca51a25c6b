// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The objects of a CycloneDX document, as far as they are kept: one [`shape!`] each.
//!
//! A shape names its keys, the fields they go to, and the keys that the format knows and that are passed over on
//! purpose; any other key is reported. Keys that only XML has stand beside the JSON key (`"value" | "content"`).

use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;

use super::lenient::{At, Lenient};
use super::patch_shape::RawPatch;
use super::targets::{Flag, Identifier, OneOrMany, Reference, Scalar, Share, Word, Words};
use super::{check, hash};

/// Declares an object: its keys and fields, the keys passed over, and a check that runs when it was read.
macro_rules! shape {
    ($(#[$doc:meta])* $name:ident {
        $($key:literal $(| $alias:literal)* => $field:ident: $kind:ty,)*
    } passes [$($passed:literal),*] $(checked by $check:path)?) => {
        $(#[$doc])*
        #[derive(Default)]
        pub struct $name<'a> { $(pub $field: $kind,)* }

        impl<'a> Lenient<'a> for $name<'a> {
            const DUE: &'static str = "an object";

            fn object<M: serde::de::MapAccess<'a>>(&mut self, mut map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
                use crate::cyclonedx::lenient::{Fill, Key, Step};
                while let Some(key) = map.next_key::<Key<'a>>()? {
                    match &*key.0 {
                        $($key $(| $alias)* => {
                            at.enter(Step::Key($key));
                            map.next_value_seed(Fill(&mut self.$field, at))?;
                            at.leave();
                        })*
                        passed => {
                            const PASSED: &[&str] = &[$($passed),*];
                            if !PASSED.contains(&passed) {
                                at.unknown(passed);
                            }
                            map.next_value::<serde::de::IgnoredAny>()?;
                        }
                    }
                }
                $($check(self, at);)?
                Ok(true)
            }

            fn text(&mut self, _text: Text<'a>, at: &mut At<'a>) -> bool {
                if at.xml {
                    // An element without attributes and children: an empty object.
                    $($check(self, at);)?
                } else {
                    at.wrong_type(Self::DUE, "a text");
                }
                at.xml
            }
        }
    };
}
pub(super) use shape;

/// Declares the words that a field allows.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident [$($word:literal),*];)*) => {
        $($(#[$doc])* #[derive(Default)] pub struct $name;
        impl Words for $name { const ALL: &'static [&'static str] = &[$($word),*]; })*
    };
}

words! {
    /// Is it part of the artefact?
    ScopeWords ["required", "optional", "excluded"];
    /// Who says what a licence is?
    AcknowledgementWords ["declared", "concluded"];
    /// How complete is it?
    AggregateWords [
        "complete", "incomplete", "incomplete_first_party_only", "incomplete_first_party_proprietary_only",
        "incomplete_first_party_opensource_only", "incomplete_third_party_only",
        "incomplete_third_party_proprietary_only", "incomplete_third_party_opensource_only", "unknown", "not_specified"
    ];
    /// Which way does the data go?
    FlowWords ["inbound", "outbound", "bi-directional", "unknown"];
    /// How is an attachment written?
    EncodingWords ["base64"];
    /// What kind of patch?
    PatchWords ["unofficial", "monkey", "backport", "cherry-pick"];
    /// What kind of issue?
    IssueWords ["defect", "enhancement", "security"];
}

shape! {
    /// A component, its nested ones in it.
    RawComponent {
        "bom-ref" => reference: Identifier<'a>,
        "type" => kind: Text<'a>,
        "supplier" => supplier: Option<Box<RawOrganisation<'a>>>,
        "manufacturer" => manufacturer: Option<Box<RawOrganisation<'a>>>,
        "authors" => authors: Vec<RawContact<'a>>,
        "author" => author: Text<'a>,
        "publisher" => publisher: Text<'a>,
        "group" => group: Text<'a>,
        "name" => name: Text<'a>,
        "version" => version: Text<'a>,
        "versionRange" => version_range: Text<'a>,
        "isExternal" => external: Flag,
        "scope" => scope: Word<'a, ScopeWords>,
        "hashes" => hashes: Vec<RawHash<'a>>,
        "licenses" => licences: Vec<RawLicenceChoice<'a>>,
        "cpe" => cpe: Text<'a>,
        "purl" => purl: Text<'a>,
        "swid" => swid: Option<Box<RawSwid<'a>>>,
        "swhid" => swhids: Vec<Text<'a>>,
        "modified" => modified: Flag,
        "pedigree" => pedigree: Option<Box<RawPedigree<'a>>>,
        "externalReferences" => references: Vec<RawReference<'a>>,
        "components" => components: Vec<RawComponent<'a>>,
        "evidence" => evidence: Option<Box<RawEvidence<'a>>>,
        "properties" => properties: Vec<RawProperty<'a>>,
    } passes [
        "description", "mime-type", "copyright", "omniborId", "releaseNotes", "modelCard", "data", "cryptoProperties",
        "tags", "signature", "patentAssertions", "$comment"
    ]
}

shape! {
    /// An organisation.
    RawOrganisation {
        "name" => name: Text<'a>,
        "url" => urls: Vec<Text<'a>>,
        "contact" => contacts: Vec<RawContact<'a>>,
    } passes ["bom-ref", "address"]
}

shape! {
    /// A person or mailbox.
    RawContact {
        "name" => name: Text<'a>,
        "email" => email: Text<'a>,
    } passes ["bom-ref", "phone"]
}

shape! {
    /// A digest; normalised when read.
    RawHash {
        "alg" => algorithm: Text<'a>,
        "content" => value: Text<'a>,
    } passes [] checked by check_hash
}

shape! {
    /// One entry of a list of licences: a licence or an expression.
    RawLicenceChoice {
        "license" => licence: Option<Box<RawLicence<'a>>>,
        "expression" => expression: Option<Box<RawExpression<'a>>>,
        "expression-detailed" => detailed: Option<Box<RawDetailedExpression<'a>>>,
        "acknowledgement" => acknowledgement: Word<'a, AcknowledgementWords>,
    } passes ["bom-ref", "expressionDetails", "licensing", "properties"] checked by check::licence_choice
}

shape! {
    /// A licence by identifier or name.
    RawLicence {
        "id" => id: Text<'a>,
        "name" => name: Text<'a>,
        "url" => url: Text<'a>,
        "text" => text: RawAttachment<'a>,
        "acknowledgement" => acknowledgement: Word<'a, AcknowledgementWords>,
        "properties" => properties: Vec<RawProperty<'a>>,
    } passes ["bom-ref", "licensing"] checked by check::licence
}

/// An expression: a text in JSON, in XML perhaps with an attribute.
#[derive(Default)]
pub struct RawExpression<'a> {
    /// The expression.
    pub text: Text<'a>,
    /// Who says so.
    pub acknowledgement: Word<'a, AcknowledgementWords>,
}

impl<'a> Lenient<'a> for RawExpression<'a> {
    const DUE: &'static str = "a text";

    fn text(&mut self, text: Text<'a>, at: &mut At<'a>) -> bool {
        self.text.text(text, at)
    }

    fn object<M: serde::de::MapAccess<'a>>(&mut self, map: M, at: &mut At<'a>) -> Result<bool, M::Error> {
        if !at.xml {
            at.wrong_type(Self::DUE, "an object");
        }
        let mut attributes = RawExpressionAttributes::default();
        attributes.object(map, at)?;
        self.text = attributes.text;
        self.acknowledgement = attributes.acknowledgement;
        Ok(true)
    }
}

shape! {
    /// An expression with attributes (XML).
    RawExpressionAttributes {
        "content" => text: Text<'a>,
        "acknowledgement" => acknowledgement: Word<'a, AcknowledgementWords>,
    } passes ["bom-ref"]
}

shape! {
    /// An expression with details (XML, since 1.7).
    RawDetailedExpression {
        "expression" => text: Text<'a>,
        "acknowledgement" => acknowledgement: Word<'a, AcknowledgementWords>,
    } passes ["bom-ref", "details", "licensing", "properties"]
}

shape! {
    /// An attached text; only its encoding is looked at.
    RawAttachment {
        "encoding" => encoding: Word<'a, EncodingWords>,
    } passes ["contentType", "content-type", "content"]
}

shape! {
    /// A software identification tag.
    RawSwid {
        "tagId" => tag: Text<'a>,
    } passes ["name", "version", "tagVersion", "patch", "text", "url"] checked by check_swid
}

shape! {
    /// A name and a value.
    RawProperty {
        "name" => name: Text<'a>,
        "value" | "content" => value: Text<'a>,
    } passes [] checked by check_property
}

shape! {
    /// An external reference.
    RawReference {
        "type" => kind: Text<'a>,
        "url" => url: Text<'a>,
    } passes ["comment", "hashes", "properties"] checked by check_reference
}

shape! {
    /// Where a component comes from.
    RawPedigree {
        "ancestors" => ancestors: Vec<RawAncestor<'a>>,
        "commits" => commits: Vec<RawCommit<'a>>,
        "patches" => patches: Vec<RawPatch<'a>>,
        "notes" => notes: Text<'a>,
    } passes ["descendants", "variants"]
}

shape! {
    /// A component that another one was made from; only what names it.
    RawAncestor {
        "group" => group: Text<'a>,
        "name" => name: Text<'a>,
        "version" => version: Text<'a>,
        "purl" => purl: Text<'a>,
    } passes [
        "bom-ref", "type", "supplier", "manufacturer", "authors", "author", "publisher", "versionRange", "isExternal",
        "scope", "hashes", "licenses", "cpe", "swid", "swhid", "modified", "pedigree", "externalReferences",
        "components", "evidence", "properties", "description", "mime-type", "copyright", "omniborId", "releaseNotes",
        "modelCard", "data", "cryptoProperties", "tags", "signature", "patentAssertions"
    ]
}

shape! {
    /// A commit.
    RawCommit {
        "uid" => uid: Text<'a>,
        "url" => url: Text<'a>,
    } passes ["author", "committer", "message"]
}

shape! {
    /// How the producer knows of a component.
    RawEvidence {
        "identity" => identities: OneOrMany<RawIdentity<'a>>,
        "occurrences" => occurrences: Vec<RawOccurrence<'a>>,
        "licenses" => licences: Vec<RawLicenceChoice<'a>>,
    } passes ["callstack", "copyright"]
}

shape! {
    /// How a part of the identity was found.
    RawIdentity {
        "field" => field: Text<'a>,
        "confidence" => confidence: Share,
        "methods" => methods: Vec<RawMethod<'a>>,
    } passes ["concludedValue", "tools"]
}

shape! {
    /// A method of finding out.
    RawMethod {
        "technique" => technique: Text<'a>,
        "confidence" => confidence: Share,
        "value" => value: Text<'a>,
    } passes []
}

shape! {
    /// A place where a component was found.
    RawOccurrence {
        "location" => location: Text<'a>,
    } passes ["bom-ref", "line", "offset", "symbol", "additionalContext"]
}

shape! {
    /// A service.
    RawService {
        "bom-ref" => reference: Identifier<'a>,
        "provider" => provider: Option<Box<RawOrganisation<'a>>>,
        "group" => group: Text<'a>,
        "name" => name: Text<'a>,
        "version" => version: Text<'a>,
        "endpoints" => endpoints: Vec<Text<'a>>,
        "data" => data: Vec<RawFlow<'a>>,
        "services" => services: Vec<RawService<'a>>,
        "properties" => properties: Vec<RawProperty<'a>>,
    } passes [
        "description", "authenticated", "x-trust-boundary", "trustZone", "licenses", "patentAssertions",
        "externalReferences", "releaseNotes", "tags", "signature"
    ]
}

shape! {
    /// Data that flows to or from a service; only its direction is looked at.
    RawFlow {
        "flow" => flow: Word<'a, FlowWords>,
    } passes ["classification", "content", "name", "description", "governance", "source", "destination"]
}

shape! {
    /// What an element depends on.
    RawDependency {
        "ref" => reference: Text<'a>,
        "dependsOn" | "dependency" => depends_on: Vec<Reference<'a>>,
    } passes ["provides"]
}

shape! {
    /// How complete a part of the document is.
    RawComposition {
        "aggregate" => aggregate: Word<'a, AggregateWords>,
        "assemblies" => assemblies: Vec<Reference<'a>>,
        "dependencies" => dependencies: Vec<Reference<'a>>,
        "vulnerabilities" => vulnerabilities: Vec<Reference<'a>>,
    } passes ["bom-ref", "signature"] checked by check_composition
}

shape! {
    /// A vulnerability statement.
    RawVulnerability {
        "id" => id: Text<'a>,
        "source" => source: RawSource<'a>,
        "ratings" => ratings: Vec<RawRating<'a>>,
        "detail" => detail: Text<'a>,
        "analysis" => analysis: RawAnalysis<'a>,
        "affects" => affects: Vec<RawAffected<'a>>,
    } passes [
        "bom-ref", "references", "cwes", "description", "recommendation", "workaround",
        "proofOfConcept", "advisories", "created", "published", "updated", "rejected", "credits", "tools", "properties"
    ]
}

shape! {
    /// Who says that a part of the document is so; only whether somebody is named is looked at.
    RawCitation {
        "attributedTo" => attributed_to: Text<'a>,
        "process" => process: Text<'a>,
    } passes ["bom-ref", "pointers", "expressions", "timestamp", "note", "signature"] checked by check_citation
}

shape! {
    /// What the producer found about a vulnerability.
    RawAnalysis {
        "state" => state: Text<'a>,
        "justification" => justification: Text<'a>,
        "response" | "responses" => responses: Vec<Text<'a>>,
        "detail" => detail: Text<'a>,
    } passes ["firstIssued", "lastUpdated"]
}

shape! {
    /// Who describes a vulnerability.
    RawSource {
        "name" => name: Text<'a>,
        "url" => url: Text<'a>,
    } passes []
}

shape! {
    /// How severe a vulnerability is.
    RawRating {
        "method" => method: Text<'a>,
        "score" => score: Scalar<'a>,
        "severity" => severity: Text<'a>,
        "vector" => vector: Text<'a>,
    } passes ["source", "justification"]
}

shape! {
    /// A component that a vulnerability affects.
    RawAffected {
        "ref" => reference: Text<'a>,
    } passes ["versions"]
}

fn check_hash<'a>(hash: &mut RawHash<'a>, at: &mut At<'a>) {
    let (algorithm, digits) = hash::algorithm(std::mem::take(&mut hash.algorithm));
    let (value, valid) = hash::value(std::mem::take(&mut hash.value), digits);
    if algorithm.is_empty() || value.is_empty() {
        at.gap(GapCode::MissingField, || "alg and content".into());
    } else if digits.is_none() {
        at.gap_in("alg", GapCode::InvalidValue, || algorithm.chars().take(100).collect::<String>().into());
    } else if !valid {
        at.gap_in("content", GapCode::InvalidHash, || format!("{algorithm}, {} characters", value.len()).into());
    }
    *hash = RawHash { algorithm, value };
}

fn check_swid<'a>(swid: &mut RawSwid<'a>, at: &mut At<'a>) {
    if swid.tag.is_empty() {
        at.gap_in("tagId", GapCode::MissingField, || "".into());
    }
}

fn check_property<'a>(property: &mut RawProperty<'a>, at: &mut At<'a>) {
    if property.name.is_empty() {
        at.gap_in("name", GapCode::MissingField, || "".into());
    }
}

fn check_reference<'a>(reference: &mut RawReference<'a>, at: &mut At<'a>) {
    if reference.url.is_empty() {
        at.gap_in("url", GapCode::MissingField, || "".into());
    }
}

fn check_citation<'a>(citation: &mut RawCitation<'a>, at: &mut At<'a>) {
    if citation.attributed_to.is_empty() && citation.process.is_empty() {
        at.gap(GapCode::MissingField, || "neither attributedTo nor process".into());
    }
}

fn check_composition<'a>(composition: &mut RawComposition<'a>, at: &mut At<'a>) {
    match &*composition.aggregate.0 {
        "" => at.gap_in("aggregate", GapCode::MissingField, || "".into()),
        "complete" => {}
        stated => at.gap(GapCode::Incomplete, || stated.chars().take(100).collect::<String>().into()),
    }
}
