// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a house is asked when a cluster is measured.

use underpin_office::regulator::Rulebook;

/// What is asked, in this order. `{…}` are numbers of one document and one package of the house, and the numbers before them: a
/// condition by them looks at the same pages as one that names the number, and is handed over all the same.
pub const QUESTIONS: [(&str, Way); 12] = [
    (
        "packages by systems",
        Way::AtHand(
            "SELECT CASE WHEN systems < 10 THEN 1 WHEN systems < 100 THEN 10 WHEN systems < 1000 THEN 100 ELSE 1000 END \
             AS from_systems, count(*) AS packages, sum(systems) AS all_systems, sum(versions) AS all_versions \
             FROM package_systems GROUP BY 1",
        ),
    ),
    (
        "packages by systems, the first 100",
        Way::AtHand(
            "SELECT type, namespace, name, systems, versions FROM package_systems ORDER BY systems DESC, package LIMIT 100",
        ),
    ),
    (
        "uses by package version",
        Way::AtHand(
            "SELECT count(*) AS package_versions, sum(uses) AS all_uses, max(uses) AS most_uses, \
             sum(documents) AS all_documents FROM (SELECT package_version, count(*) AS uses, \
             count(DISTINCT document) AS documents FROM use GROUP BY package_version) AS counted",
        ),
    ),
    (
        "findings by agency",
        Way::AtHand("SELECT agency, level, count(*) AS findings FROM finding GROUP BY agency, level"),
    ),
    (
        "findings by agency, joined with packages",
        Way::AtHand(
            "SELECT finding.agency, package_version.type, count(*) AS findings FROM finding JOIN package_version \
             ON package_version.package_version = finding.package_version GROUP BY finding.agency, package_version.type",
        ),
    ),
    ("simulation of a rule", Way::Simulation),
    (
        "full match",
        Way::Anew(
            "SELECT count(*) AS matches, count(DISTINCT package_version) AS package_versions, \
             count(DISTINCT vulnerability) AS vulnerabilities FROM match",
        ),
    ),
    ("gaps of all documents", Way::AtHand("SELECT code, documents, times FROM gap_documents")),
    (
        "one document",
        Way::AtHand("SELECT package_version, scope, depth, direct FROM occurrence WHERE document = {document}"),
    ),
    (
        "one document, handed over",
        Way::AtHand(
            "SELECT package_version, scope, depth, direct FROM occurrence \
             WHERE document > {document-before} AND document <= {document}",
        ),
    ),
    ("one package", Way::AtHand("SELECT package_version, document, scope FROM occurrence WHERE package = {package}")),
    (
        "one package, handed over",
        Way::AtHand(
            "SELECT package_version, document, scope FROM occurrence \
             WHERE package > {package-before} AND package <= {package}",
        ),
    ),
];

/// How a question is asked.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// In SQL, with the tables at hand that the same question left the time before.
    AtHand(&'static str),
    /// In SQL, with nothing at hand.
    Anew(&'static str),
    /// As `rules simulate` does, with the tables of the registry at hand.
    Simulation,
}

/// What questions are about.
#[derive(Debug)]
pub struct About {
    /// Number of a document.
    pub document: i64,
    /// Number of a package.
    pub package: i64,
    /// The rulebook of the rule.
    pub book: Rulebook,
    /// The rule, by its name in the book.
    pub rule: String,
}

impl About {
    /// What is asked, in words: the query, or the rule.
    pub fn asked(&self, way: Way) -> String {
        match way {
            Way::AtHand(text) | Way::Anew(text) => self.filled(text),
            Way::Simulation => format!("{}/{}", self.book.book.id, self.rule),
        }
    }

    fn filled(&self, text: &str) -> String {
        let before = |number: i64| number.saturating_sub(1).to_string();
        text.replace("{document-before}", &before(self.document))
            .replace("{package-before}", &before(self.package))
            .replace("{document}", &self.document.to_string())
            .replace("{package}", &self.package.to_string())
    }
}
