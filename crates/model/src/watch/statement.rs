// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What somebody says about a vulnerability in a product (VEX): from CSAF, OpenVEX or CycloneDX, in one form.

use crate::Timestamp;
use crate::gap::Gaps;
use crate::inventory::Text;
use crate::words::words;

/// A document of statements.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatementDocument<'a> {
    /// Format: `csaf`, `openvex` or `cyclonedx`.
    pub format: &'static str,
    /// Version of the format, as stated.
    pub spec_version: Text<'a>,
    /// Identifier: tracking id, `@id` or serial number.
    pub id: Text<'a>,
    /// Version of the document.
    pub version: Text<'a>,
    /// Title.
    pub title: Text<'a>,
    /// Category (`csaf_vex`, `csaf_security_advisory`, …), where the format has one.
    pub category: Text<'a>,
    /// State of the document (`draft`, `interim`, `final`), where the format has one.
    pub state: Text<'a>,
    /// Who speaks: namespace or address of the publisher, else name.
    pub author: Text<'a>,
    /// In which role (`vendor`, `coordinator`, …), as stated.
    pub author_role: Text<'a>,
    /// How far it may be passed on.
    pub tlp: Option<Tlp>,
    /// When it was first published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// A note of ours about the whole document, which is written and not read back; may be empty.
    pub note: &'static str,
    /// The statements, in their order.
    pub statements: Vec<Statement<'a>>,
    /// What was missing or wrong.
    pub gaps: Gaps,
}

/// One statement: a vulnerability, a status, and what it is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement<'a> {
    /// Main name of the vulnerability: a CVE where there is one.
    pub vulnerability: Text<'a>,
    /// Other names.
    pub aliases: Vec<Text<'a>>,
    /// What it is about.
    pub targets: Vec<Target<'a>>,
    /// Status.
    pub status: Status,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// Why, in the author's words: hostile text.
    pub impact: Text<'a>,
    /// What to do, in the author's words: hostile text.
    pub action: Text<'a>,
    /// When it was said, where that differs from the document.
    pub said: Option<Timestamp>,
    /// True when the vulnerability is only listed, as scanners do: nobody says what they think of it, and the status is no word of
    /// the author.
    pub is_listing: bool,
    /// Severities that the statement gives.
    pub severities: Vec<super::Severity<'a>>,
}

/// What a statement is about: a thing, inside another where the author says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Target<'a> {
    /// The thing itself: the component, where a component of a product is meant.
    pub thing: Thing<'a>,
    /// The product (and platform) that it must be part of; empty when the thing is meant by itself.
    pub within: Vec<Thing<'a>>,
}

/// A product or component by its identifiers; any of them identifies it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Thing<'a> {
    /// Name, for people.
    pub name: Text<'a>,
    /// Package URLs.
    pub purls: Vec<Text<'a>>,
    /// CPE names.
    pub cpes: Vec<Text<'a>>,
    /// Digests: algorithm and value.
    pub hashes: Vec<(Text<'a>, Text<'a>)>,
    /// Other identifiers: IRI, identifier in the document, BOM-Link.
    pub references: Vec<Text<'a>>,
    /// Versions (VERS) or one version, where the identifiers do not give it.
    pub versions: Text<'a>,
}

words!(
    /// What is said.
    Status {
        #[default]
        UnderInvestigation "under-investigation",
        Affected "affected",
        Fixed "fixed",
        NotAffected "not-affected",
    }
);

words!(
    /// Why something is not affected (CISA, Status Justifications, 2022).
    Justification {
        ComponentNotPresent "component-not-present",
        VulnerableCodeNotPresent "vulnerable-code-not-present",
        #[default]
        VulnerableCodeNotInExecutePath "vulnerable-code-not-in-execute-path",
        VulnerableCodeCannotBeControlledByAdversary "vulnerable-code-cannot-be-controlled-by-adversary",
        InlineMitigationsAlreadyExist "inline-mitigations-already-exist",
    }
);

impl Justification {
    /// Whether it speaks of one place only: the same package can be affected elsewhere.
    pub fn is_bound_to_place(self) -> bool {
        !matches!(self, Self::ComponentNotPresent | Self::VulnerableCodeNotPresent)
    }
}

words!(
    /// Traffic Light Protocol 2.0 (first.org/tlp), from everybody to few. CSAF 2.0's `WHITE` is clear.
    Tlp { #[default] Clear "clear", Green "green", Amber "amber", AmberStrict "amber+strict", Red "red", }
);
