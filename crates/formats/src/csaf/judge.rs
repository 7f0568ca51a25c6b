// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Judging CSAF documents: the tests of the standard (CSAF 2.0, section 6), each with its outcome and the places.
//!
//! One list names all tests. A document that fails a mandatory test is no valid CSAF; optional ones point at trouble,
//! informative ones at bad habits. What needs the network or a dictionary (6.3.6 to 6.3.8) is not applicable here. A
//! document of version 2.1 is held against the same tests, with its own names of fields.

use serde_json::Value;
use underpin_model::gap::Gaps;
use underpin_model::limits::bounds;

use super::json;
use super::view::View;
use super::{document_tests, product_tests, profile_tests, score_tests, shape, tracking_tests, vulnerability_tests};

/// How much a test weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// A valid document passes it (section 6.1).
    Mandatory,
    /// A good document passes it (section 6.2).
    Optional,
    /// Hints (section 6.3).
    Informative,
}

/// A test of the standard.
#[derive(Debug)]
pub struct Test {
    /// Number in the standard: `6.1.27.9`.
    pub id: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// Short name.
    pub title: &'static str,
    /// What it checks.
    pub meaning: &'static str,
    run: Run,
}

/// Runs a test: what is wrong, or nothing when the test says nothing about this document.
type Run = fn(&View<'_>) -> Option<Vec<Finding>>;

/// Something wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// JSON pointer.
    pub place: String,
    /// What was seen.
    pub detail: String,
}

impl Finding {
    /// Something wrong at a place.
    pub fn new(place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { place: place.into(), detail: detail.into() }
    }
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing wrong.
    Passed,
    /// Something is wrong: the first places, and how many there are.
    Failed {
        /// The first places.
        findings: Vec<Finding>,
        /// How many there are in all.
        count: usize,
    },
    /// The test is for other documents, or cannot be told without network or dictionary.
    NotApplicable,
}

/// A test and what came of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The test.
    pub test: &'static Test,
    /// What came of it.
    pub outcome: Outcome,
}

/// What is to say about a document.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Missing or wrong properties; the standard's schema says the same.
    pub shape: Vec<Finding>,
    /// Every test, in the order of the list; none when the document is no JSON.
    pub tests: Vec<Judged>,
}

impl Judgement {
    /// Whether the document is valid: its shape is right and no mandatory test fails.
    pub fn is_valid(&self) -> bool {
        self.shape.is_empty() && self.failed(Weight::Mandatory).next().is_none()
    }

    /// The failed tests of a weight.
    pub fn failed(&self, weight: Weight) -> impl Iterator<Item = &Judged> {
        self.tests
            .iter()
            .filter(move |judged| judged.test.weight == weight && matches!(judged.outcome, Outcome::Failed { .. }))
    }

    /// What came of the test of that number.
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        self.tests.iter().find(|judged| judged.test.id == id).map(|judged| &judged.outcome)
    }
}

/// Judges a document. Bytes that are no JSON have one fault of shape and no tests.
pub fn judge(bytes: &[u8]) -> Judgement {
    let mut gaps = Gaps::default();
    let root: Value = match json::parse(bytes, &mut gaps) {
        Ok(root) => root,
        Err(error) => {
            return Judgement { shape: vec![Finding::new(error.place, error.detail)], tests: Vec::new() };
        }
    };
    let view = View::new(&root, bytes);
    let run = |test: &'static Test| Judged {
        test,
        outcome: match (test.run)(&view) {
            None => Outcome::NotApplicable,
            Some(findings) if findings.is_empty() => Outcome::Passed,
            Some(mut findings) => {
                let count = findings.len();
                findings.truncate(bounds::LISTED_FINDINGS);
                Outcome::Failed { findings, count }
            }
        },
    };
    let mut shape = shape::check(&root);
    shape.truncate(bounds::LISTED_FINDINGS);
    Judgement { shape, tests: TESTS.iter().map(run).collect() }
}

macro_rules! tests {
    ($($weight:ident { $($id:literal $title:literal $meaning:literal $run:path;)* })*) => {
        /// Every test of the standard, in its order.
        pub const TESTS: &[Test] = &[$($(
            Test { id: $id, weight: Weight::$weight, title: $title, meaning: $meaning, run: $run },
        )*)*];
    };
}

/// A test that needs the network or a dictionary.
fn untellable(_view: &View<'_>) -> Option<Vec<Finding>> {
    None
}

tests! {
    Mandatory {
        "6.1.1" "Missing definition of a product" "Every product that is referred to is defined in the product tree." product_tests::undefined;
        "6.1.2" "Product defined twice" "No product identifier is defined more than once." product_tests::defined_twice;
        "6.1.3" "Circular definition of a product" "No relationship leads back to the product it defines." product_tests::circular;
        "6.1.4" "Missing definition of a group" "Every group that is referred to is defined." product_tests::undefined_group;
        "6.1.5" "Group defined twice" "No group identifier is defined more than once." product_tests::group_twice;
        "6.1.6" "Contradicting product status" "A product is not affected and unaffected, fixed or investigated at once." product_tests::contradicting_status;
        "6.1.7" "Several scores of one version" "A product has one score of each version of CVSS within a vulnerability." score_tests::several_scores;
        "6.1.8" "Invalid CVSS" "Scores have what their version of CVSS requires." score_tests::invalid;
        "6.1.9" "CVSS computed wrongly" "Scores and their words follow from the vector." score_tests::wrongly_computed;
        "6.1.10" "Inconsistent CVSS" "Single metrics agree with the vector." score_tests::inconsistent;
        "6.1.11" "CWE" "Number and name of a weakness belong together." vulnerability_tests::weakness_name;
        "6.1.12" "Language" "Languages are registered." document_tests::language;
        "6.1.13" "Package URL" "Package URLs keep their specification." product_tests::package_url;
        "6.1.14" "Sorted revision history" "Later revisions have higher numbers." tracking_tests::sorted;
        "6.1.15" "Translator" "A translation names the language of its source." document_tests::translator;
        "6.1.16" "Latest document version" "The document's version is that of the newest revision." tracking_tests::latest;
        "6.1.17" "Document status draft" "A version before the first, or a pre-release, is a draft." tracking_tests::draft;
        "6.1.18" "Released revision history" "A released document has no revision with number 0." tracking_tests::released_history;
        "6.1.19" "Pre-releases in the revision history" "No revision is a pre-release." tracking_tests::prerelease_revision;
        "6.1.20" "Version of a released document" "A released document's version is no pre-release." tracking_tests::released_version;
        "6.1.21" "Missing revision" "The revisions have no gap and start with 0 or 1." tracking_tests::missing;
        "6.1.22" "Revision twice" "No number is given to two revisions." tracking_tests::twice;
        "6.1.23" "Same CVE twice" "No CVE is used for two vulnerabilities." vulnerability_tests::same_cve;
        "6.1.24" "Involvement twice" "A party has one involvement a date within a vulnerability." vulnerability_tests::involvement_twice;
        "6.1.25" "Hash algorithm twice" "A file has one digest of each algorithm." product_tests::algorithm_twice;
        "6.1.26" "Prohibited category" "A category of one's own does not look like one of the standard's." profile_tests::prohibited_category;
        "6.1.27.1" "Document notes" "Informational advisories and incident responses tell their story in a note." profile_tests::document_notes;
        "6.1.27.2" "Document references" "Informational advisories and incident responses refer to something outside." profile_tests::document_references;
        "6.1.27.3" "No vulnerabilities" "Informational advisories have no vulnerabilities." profile_tests::no_vulnerabilities;
        "6.1.27.4" "Product tree" "Security advisories and VEX have products." profile_tests::product_tree;
        "6.1.27.5" "Vulnerability notes" "Vulnerabilities of security advisories and VEX have notes." profile_tests::vulnerability_notes;
        "6.1.27.6" "Product status" "Vulnerabilities of security advisories have a product status." profile_tests::product_status;
        "6.1.27.7" "VEX product status" "Vulnerabilities of VEX have a status that VEX knows." profile_tests::vex_status;
        "6.1.27.8" "Vulnerability identifier" "Vulnerabilities of VEX have a name." profile_tests::vulnerability_name;
        "6.1.27.9" "Impact statement" "VEX says of each unaffected product why." profile_tests::impact;
        "6.1.27.10" "Action statement" "VEX says of each affected product what to do." profile_tests::action;
        "6.1.27.11" "Vulnerabilities" "Security advisories and VEX have vulnerabilities." profile_tests::vulnerabilities;
        "6.1.28" "Translation" "A document and its source have different languages." document_tests::translation;
        "6.1.29" "Remediation without product" "Every remediation names products." vulnerability_tests::remediation_without_product;
        "6.1.30" "Integer and semantic versions mixed" "Revisions are counted in one way." tracking_tests::mixed_versions;
        "6.1.31" "Version range as version" "A product version is one version, no range." product_tests::range_as_version;
        "6.1.32" "Flag without product" "Every flag names products." vulnerability_tests::flag_without_product;
        "6.1.33" "Several flags for a product" "A product has one justification within a vulnerability." vulnerability_tests::several_flags;
    }
    Optional {
        "6.2.1" "Unused product" "Every product is referred to." product_tests::unused;
        "6.2.2" "Missing remediation" "Products affected or investigated have a remediation." vulnerability_tests::missing_remediation;
        "6.2.3" "Missing score" "Affected products have a score." score_tests::missing;
        "6.2.4" "Build metadata in the revision history" "No revision has build metadata." tracking_tests::build_metadata;
        "6.2.5" "First release before the first revision" "The first release is not before the first revision." tracking_tests::early_first_release;
        "6.2.6" "Current release before the last revision" "The current release is not before the last revision." tracking_tests::early_current_release;
        "6.2.7" "Involvement without date" "Involvements have a date." vulnerability_tests::undated_involvement;
        "6.2.8" "MD5 only" "MD5 is not the only digest of a file." product_tests::md5_only;
        "6.2.9" "SHA-1 only" "SHA-1 is not the only digest of a file." product_tests::sha1_only;
        "6.2.10" "Missing TLP label" "The document says how far it may be passed on." document_tests::no_label;
        "6.2.11" "Missing canonical address" "The document refers to itself by the file name that the standard gives it." document_tests::no_canonical_address;
        "6.2.12" "Missing document language" "The document states its language." document_tests::no_language;
        "6.2.13" "Sorting" "Properties stand in alphabetical order." document_tests::unsorted;
        "6.2.14" "Private language" "No language is one for private use." document_tests::private_language;
        "6.2.15" "Default language" "No language is the default language." document_tests::default_language;
        "6.2.16" "Missing identification helper" "Products can be identified beyond their name." product_tests::unidentified;
        "6.2.17" "CVE among other identifiers" "CVEs stand in their own field." vulnerability_tests::cve_among_ids;
        "6.2.18" "Version range without VERS" "Version ranges are written as VERS." product_tests::range_without_vers;
        "6.2.19" "CVSS of fixed products" "The environmental score of a fixed product is 0." score_tests::fixed_products;
        "6.2.20" "Additional properties" "No property is unknown to the standard." shape::unknown_properties;
    }
    Informative {
        "6.3.1" "CVSS 2 only" "CVSS 2 is not the only score." score_tests::only_version_2;
        "6.3.2" "CVSS 3.0" "CVSS 3.1 is used instead of 3.0." score_tests::version_3_0;
        "6.3.3" "Missing CVE" "Vulnerabilities have a CVE." vulnerability_tests::no_cve;
        "6.3.4" "Missing CWE" "Vulnerabilities have a weakness." vulnerability_tests::no_weakness;
        "6.3.5" "Short digest" "Digests have at least 64 digits." product_tests::short_digest;
        "6.3.6" "Other addresses do not resolve" "Needs the network." untellable;
        "6.3.7" "Own addresses do not resolve" "Needs the network." untellable;
        "6.3.8" "Spelling" "Needs a dictionary." untellable;
        "6.3.9" "Branch categories" "Branches lead from vendor over product to version." product_tests::branch_order;
        "6.3.10" "Version range used" "Versions are told one by one." product_tests::range_used;
        "6.3.11" "V before a version" "No version starts with a v." product_tests::v_before_version;
    }
}
