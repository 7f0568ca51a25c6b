// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a bill of materials states, as it stands there, for rules to judge.
//!
//! An [`Inventory`](crate::Inventory) mends what can be mended, so that nothing is lost. A judge must not: a fact is here only where
//! the document states it well, at the place where its format wants it. All else is absent, with a fault that says what stands there
//! instead. Two lists name all facts; the tables that rules read have a column for each.

use crate::inventory::Text;
use crate::limits::bounds::STATED_FAULTS;
use crate::words::words;

macro_rules! facts {
    ($(#[$doc:meta])* $name:ident $($variant:ident $word:literal $meaning:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $(#[doc = $meaning] $variant,)* }

        impl $name {
            /// All of them, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The stable word: the name of its column.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What it is.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

facts! {
    /// A fact about the document.
    DocumentFact
    Format "format" "family of formats: cyclonedx or spdx";
    Notation "notation" "json, xml, tag-value or yaml";
    SpecVersion "spec_version" "version of the format, as stated";
    Created "created" "when it says it was made, a moment as RFC 3339 writes it";
    Creator "creator" "person or organisation that made the document; a tool is none";
    CreatorContact "creator_contact" "mail address of whoever made the document, else a web address";
    Address "address" "identifier of the document in the world: serial number, namespace or address";
    Tool "tool" "tool that made it";
    ToolVersion "tool_version" "version of the tool";
    Context "context" "when in the life of the artefact it was made";
    Primary "primary_component" "name of the component that the document is about";
}

facts! {
    /// A fact about a component.
    ComponentFact
    Reference "reference" "identifier inside the document";
    Name "name" "name";
    Version "version" "version";
    Supplier "supplier" "who supplies it";
    Producer "producer" "who made it: manufacturer, originator or author";
    CreatorContact "creator_contact" "mail address of who made it, else a web address";
    FileName "file_name" "name of its file";
    Executable "executable" "executable, non-executable, or not-told where the format leaves it open";
    Archive "archive" "archive, no archive, or not-told";
    Structured "structured" "structured, unstructured, or not-told";
    DistributionLicence "distribution_licence" "licence under which it may be passed on, concluded, as SPDX expressions";
    OriginalLicence "original_licence" "licence its author declared, as SPDX expressions";
    EffectiveLicence "effective_licence" "licence under which it is used, as an SPDX expression";
    Licence "licence" "any licence, as stated";
    DeployableHash "deployable_hash" "SHA-512 of its deployable form";
    Hash "hash" "algorithm of a digest of it, SHA-256 or stronger";
    SourceHash "source_hash" "algorithm of a digest of its source";
    SourceAddress "source_address" "address of its source";
    DeployableAddress "deployable_address" "address of its deployable form";
    Purl "purl" "package URL";
    Cpe "cpe" "CPE";
    OtherIdentifier "other_identifier" "SWID tag, SWHID or other identifier";
    SecurityTxt "security_txt" "address of a security.txt";
    Relations "relations" "some where it depends on or contains others, none where it is stated that there are none, unknown where that is stated";
    Completeness "completeness" "complete, incomplete or unknown: whether all relations are named, as stated";
    Linked "linked" "primary, or needed or contained where another component says so";
}

words!(
    /// What stands where a fact should be.
    FactFault { #[default] Null "null", Empty "empty", WrongType "wrong-type", SaysNothing "says-nothing", Malformed "malformed",
        // A digest that no longer protects.
        Weak "weak",
        // It stands at a place or without a mark that the format wants.
        NotMarked "not-marked",
        // It points to something that the document does not hold.
        Dangling "dangling",
        // Two elements share one identifier.
        Twice "twice", }
);

/// A document, as it stands there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatedSbom<'a> {
    /// Facts, by [`DocumentFact`].
    pub facts: [Option<Text<'a>>; DocumentFact::COUNT],
    /// Vulnerability statements in it.
    pub vulnerabilities: usize,
    /// Components, the primary one among them.
    pub components: Vec<StatedComponent<'a>>,
    /// What stands where a fact should be, at most [`STATED_FAULTS`].
    pub faults: Vec<StatedFault>,
    /// Whether something of it was not read, because it breaks off or is beyond the limits.
    pub is_cut: bool,
}

/// A component, as it stands there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatedComponent<'a> {
    /// Where it stands: a JSON pointer, a line or an identifier.
    pub place: String,
    /// Whether the document is about it.
    pub is_primary: bool,
    /// Relations to something that the document does not hold.
    pub dangling: usize,
    /// Facts, by [`ComponentFact`].
    pub facts: [Option<Text<'a>>; ComponentFact::COUNT],
}

/// What stands where a fact should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedFault {
    /// The component, by its number; none for the document.
    pub component: Option<usize>,
    /// The fact, as its column is called.
    pub fact: &'static str,
    /// What is wrong.
    pub fault: FactFault,
}

impl<'a> StatedSbom<'a> {
    /// A fact.
    pub fn fact(&self, fact: DocumentFact) -> Option<&str> {
        self.facts.get(fact as usize)?.as_deref()
    }

    /// States a fact, unless it is stated already.
    pub fn state(&mut self, fact: DocumentFact, text: Option<Text<'a>>) {
        if let Some(place) = self.facts.get_mut(fact as usize)
            && place.is_none()
        {
            *place = text;
        }
    }

    /// Notes what stands where a fact should be.
    pub fn note(&mut self, component: Option<usize>, fact: &'static str, fault: FactFault) {
        if self.faults.len() < STATED_FAULTS {
            self.faults.push(StatedFault { component, fact, fault });
        }
    }

    /// The version of the format as a number that can be compared: 1.6 is 10600, 3.0.1 is 30001.
    pub fn spec_number(&self) -> Option<i64> {
        let text = self.fact(DocumentFact::SpecVersion)?;
        let mut parts = text.strip_prefix("SPDX-").unwrap_or(text).split('.');
        let mut number = || parts.next().map_or(Some(0), |part| part.parse::<i64>().ok().filter(|part| *part < 100));
        Some(number()? * 10_000 + number()? * 100 + number()?)
    }
}

impl<'a> StatedComponent<'a> {
    /// A component at a place.
    pub fn at(place: String) -> Self {
        Self { place, ..Self::default() }
    }

    /// A fact.
    pub fn fact(&self, fact: ComponentFact) -> Option<&str> {
        self.facts.get(fact as usize)?.as_deref()
    }

    /// States a fact, unless it is stated already.
    pub fn state(&mut self, fact: ComponentFact, text: Option<Text<'a>>) {
        if let Some(place) = self.facts.get_mut(fact as usize)
            && place.is_none()
        {
            *place = text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        for (text, expected) in [
            ("1.6", Some(10_600)),
            ("1.10", Some(11_000)),
            ("3.0.1", Some(30_001)),
            ("SPDX-2.3", Some(20_300)),
            ("1", Some(10_000)),
            ("", None),
            ("1.x", None),
            ("1.600", None),
        ] {
            let mut sbom = StatedSbom::default();
            sbom.state(DocumentFact::SpecVersion, Some(text.into()));
            assert_eq!(sbom.spec_number(), expected, "{text}");
        }
        assert_eq!(StatedSbom::default().spec_number(), None);
    }

    #[test]
    fn what_is_stated_first_counts() {
        let mut component = StatedComponent::at("/components/0".to_owned());
        component.state(ComponentFact::Name, None);
        component.state(ComponentFact::Name, Some("first".into()));
        component.state(ComponentFact::Name, Some("second".into()));
        assert_eq!(component.fact(ComponentFact::Name), Some("first"));
    }
}
