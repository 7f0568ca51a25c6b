// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Well-formed names (NIST IR 7695, section 5): eleven attributes with a value each.

/// An attribute, in the order of a formatted string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// `a` (application), `o` (operating system) or `h` (hardware).
    Part,
    /// Vendor.
    Vendor,
    /// Product.
    Product,
    /// Version.
    Version,
    /// Update: release candidate, service pack.
    Update,
    /// Edition, as version 2.2 knew it.
    Edition,
    /// Language (RFC 5646).
    Language,
    /// Edition for a market.
    SoftwareEdition,
    /// Software that it runs in (`node.js`, `wordpress`).
    TargetSoftware,
    /// Hardware that it runs on.
    TargetHardware,
    /// Anything else.
    Other,
}

impl Attribute {
    /// All attributes, in the order of a formatted string.
    pub const ALL: [Self; 11] = [
        Self::Part,
        Self::Vendor,
        Self::Product,
        Self::Version,
        Self::Update,
        Self::Edition,
        Self::Language,
        Self::SoftwareEdition,
        Self::TargetSoftware,
        Self::TargetHardware,
        Self::Other,
    ];
}

/// What an attribute says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nothing is said: every value is meant.
    #[default]
    Any,
    /// There is no such thing: no version, no update.
    Na,
    /// A text.
    Text(Pattern),
}

impl Value {
    /// The text, where it is one without wildcards.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.has_wildcards() => Some(&text.body),
            _ => None,
        }
    }
}

/// A text, with wildcards at its ends only (NIST IR 7695, section 5.3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// What may come before.
    pub before: Wild,
    /// The text itself in lower case, without escapes.
    pub body: String,
    /// What may come behind.
    pub behind: Wild,
}

impl Pattern {
    /// Whether it stands for several texts.
    pub fn has_wildcards(&self) -> bool {
        self.before != Wild::Nothing || self.behind != Wild::Nothing
    }
}

/// Characters that a wildcard stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Wild {
    /// No wildcard.
    #[default]
    Nothing,
    /// Question marks: up to that many characters.
    UpTo(u16),
    /// An asterisk: any number of characters.
    Everything,
}

impl Wild {
    /// Whether it can stand for so many characters.
    pub(super) fn holds(self, characters: usize) -> bool {
        match self {
            Self::Nothing => characters == 0,
            Self::UpTo(most) => characters <= usize::from(most),
            Self::Everything => true,
        }
    }
}

/// A name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Name {
    pub(super) values: [Value; 11],
}

impl Name {
    /// What an attribute says.
    pub fn get(&self, attribute: Attribute) -> &Value {
        &self.values[attribute as usize]
    }

    /// Part, vendor and product as one text, under which it is found; `None` when it does not state all three without wildcards.
    pub fn key(&self) -> Option<String> {
        let text = |attribute| Some(self.get(attribute).literal()?.replace('\\', "\\\\").replace(':', "\\:"));
        let parts = [Attribute::Part, Attribute::Vendor, Attribute::Product].map(text);
        let [Some(part), Some(vendor), Some(product)] = parts else { return None };
        Some(format!("{part}:{vendor}:{product}"))
    }

    /// Sets what an attribute says.
    pub fn set(&mut self, attribute: Attribute, value: Value) {
        self.values[attribute as usize] = value;
    }
}
