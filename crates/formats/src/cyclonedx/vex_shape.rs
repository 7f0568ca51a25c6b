// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The objects of the vulnerabilities of a CycloneDX document, in full: the inventory needs less of them.

use underpin_model::inventory::Text;

use super::lenient::{At, Lenient};
use super::shape::{RawSource, shape};
use super::targets::Scalar;

shape! {
    /// A vulnerability and what is said about it.
    RawVexVulnerability {
        "id" => id: Text<'a>,
        "source" => source: RawSource<'a>,
        "references" => references: Vec<RawVexReference<'a>>,
        "ratings" => ratings: Vec<RawVexRating<'a>>,
        "recommendation" => recommendation: Text<'a>,
        "workaround" => workaround: Text<'a>,
        "updated" => updated: Text<'a>,
        "analysis" => analysis: RawVexAnalysis<'a>,
        "affects" => affects: Vec<RawVexAffected<'a>>,
    } passes [
        "bom-ref", "cwes", "description", "detail", "proofOfConcept", "advisories", "created", "published", "rejected",
        "credits", "tools", "properties"
    ]
}

shape! {
    /// The same vulnerability under another name.
    RawVexReference {
        "id" => id: Text<'a>,
        "source" => source: RawSource<'a>,
    } passes []
}

shape! {
    /// How severe it is, and who says so.
    RawVexRating {
        "source" => source: RawSource<'a>,
        "method" => method: Text<'a>,
        "score" => score: Scalar<'a>,
        "severity" => severity: Text<'a>,
        "vector" => vector: Text<'a>,
    } passes ["justification"]
}

shape! {
    /// What the author found.
    RawVexAnalysis {
        "state" => state: Text<'a>,
        "justification" => justification: Text<'a>,
        "response" | "responses" => responses: Vec<Text<'a>>,
        "detail" => detail: Text<'a>,
        "firstIssued" => issued: Text<'a>,
        "lastUpdated" => updated: Text<'a>,
    } passes []
}

shape! {
    /// What is meant.
    RawVexAffected {
        "ref" => reference: Text<'a>,
        "versions" => versions: Vec<RawVexVersion<'a>>,
    } passes []
}

shape! {
    /// A version or a range of versions (VERS).
    RawVexVersion {
        "version" => version: Text<'a>,
        "range" => range: Text<'a>,
        "status" => status: Text<'a>,
    } passes []
}
