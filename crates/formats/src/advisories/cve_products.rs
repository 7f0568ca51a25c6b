// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Products in a CVE record: configurations of CPE names, stated for matching or made from products with versions.

use serde::de::MapAccess;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::cve::{Configuration, CpeMatch};

use super::wire::{Notes, Part, Place, Value};

/// Nodes that belong together: any of them, or with `AND` all of them.
#[derive(Default)]
pub(super) struct Applicability<'a> {
    is_all: bool,
    nodes: Vec<CpeNode<'a>>,
    is_negated: bool,
}

impl<'a> Applicability<'a> {
    /// With `AND` each node with vulnerable names gives a configuration that stands beside the names of the others.
    pub(super) fn into_configurations(self) -> Vec<Configuration<'a>> {
        if !self.is_all || self.nodes.len() < 2 {
            return self.nodes.into_iter().filter_map(CpeNode::into_configuration).collect();
        }
        let others = |index: usize, is_negated: bool| {
            let nodes = self.nodes.iter().enumerate();
            let mut nodes = nodes.filter(|(other, node)| *other != index && node.is_negated == is_negated).peekable();
            let is_condition = nodes.peek().is_some();
            let names = nodes.flat_map(|(_, node)| node.matches.iter().map(|found| found.name.clone()));
            let mut names: Vec<_> = names.take(bounds::ADVISORY_ALIASES).collect();
            if is_condition && names.is_empty() {
                // A condition of which no name can be read is still one: nothing is known to fulfil it.
                names.push(CpeMatch::default());
            }
            names
        };
        let configuration = |index: usize| {
            let node = self.nodes.get(index).filter(|node| !node.is_negated)?;
            let vulnerable: Vec<_> = node.names(true).cloned().collect();
            (!vulnerable.is_empty()).then(|| Configuration {
                vulnerable,
                beside: others(index, false),
                without: others(index, true),
            })
        };
        // A node of an AND is an OR of few; so many ANDs of one another say nothing that can be matched.
        (0..self.nodes.len().min(bounds::CPE_NODES)).filter_map(configuration).collect()
    }
}

impl<'de> Part<'de> for Applicability<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "operator" => self.is_all = value.name()?.eq_ignore_ascii_case("and"),
            "negate" => self.is_negated = value.truth()?.unwrap_or_default(),
            "nodes" => self.nodes = value.parts(bounds::ADVISORY_ALIASES)?,
            _ => value.unknown()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, at: &Place<'_>, notes: &Notes<'_>) -> bool {
        // Beside other nodes that must hold, a negated one says what must not be there.
        let is_condition = self.is_all && self.nodes.len() > 1;
        if !is_condition {
            self.nodes.retain(|node| !negated(node.is_negated, at, notes));
        }
        negated(self.is_negated, at, notes)
    }
}

/// Negations by themselves are not evaluated: "all products but these" would hit everything.
fn negated(is_negated: bool, at: &Place<'_>, notes: &Notes<'_>) -> bool {
    if is_negated {
        notes.add(GapCode::InvalidValue, at, "a negation was left out");
    }
    is_negated
}

/// Names that belong together.
#[derive(Default)]
struct CpeNode<'a> {
    is_all: bool,
    is_negated: bool,
    matches: Vec<Match<'a>>,
}

impl<'a> CpeNode<'a> {
    fn names(&self, is_vulnerable: bool) -> impl Iterator<Item = &CpeMatch<'a>> {
        self.matches.iter().filter(move |found| found.is_vulnerable == is_vulnerable).map(|found| &found.name)
    }

    fn into_configuration(self) -> Option<Configuration<'a>> {
        let vulnerable: Vec<_> = self.names(true).cloned().collect();
        let beside = if self.is_all { self.names(false).cloned().collect() } else { Vec::new() };
        (!vulnerable.is_empty()).then_some(Configuration { vulnerable, beside, without: Vec::new() })
    }
}

impl<'de> Part<'de> for CpeNode<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "operator" => self.is_all = value.name()?.eq_ignore_ascii_case("and"),
            "negate" => self.is_negated = value.truth()?.unwrap_or_default(),
            "cpeMatch" => self.matches = value.parts(bounds::ADVISORY_ELEMENTS)?,
            _ => value.unknown()?,
        }
        Ok(())
    }
}

/// A name, and whether it is the one with the flaw.
#[derive(Default)]
struct Match<'a> {
    is_vulnerable: bool,
    name: CpeMatch<'a>,
}

impl<'de> Part<'de> for Match<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        let name = &mut self.name;
        match key {
            "vulnerable" => self.is_vulnerable = value.truth()?.unwrap_or_default(),
            "criteria" => name.name = value.name()?,
            "versionStartIncluding" => name.from_including = value.name()?,
            "versionStartExcluding" => name.from_excluding = value.name()?,
            "versionEndIncluding" => name.to_including = value.name()?,
            "versionEndExcluding" => name.to_excluding = value.name()?,
            "matchCriteriaId" => value.skip()?,
            _ => value.unknown()?,
        }
        Ok(())
    }

    fn is_useless(&mut self, at: &Place<'_>, notes: &Notes<'_>) -> bool {
        let is_cpe = self.name.name.starts_with("cpe:");
        if !is_cpe {
            notes.add(GapCode::InvalidCpe, at, "");
        }
        !is_cpe
    }
}

/// A product with its CPE names and versions.
#[derive(Default)]
pub(super) struct Product<'a> {
    cpes: Vec<Text<'a>>,
    versions: Vec<Version<'a>>,
    is_affected_by_default: bool,
}

impl<'a> Product<'a> {
    /// Every name with every range that is affected. Without versions the names themselves, if they are affected by
    /// default: a version may stand in them.
    pub(super) fn into_configuration(self) -> Option<Configuration<'a>> {
        let mut vulnerable = Vec::new();
        for cpe in self.cpes.iter().filter(|cpe| cpe.starts_with("cpe:")) {
            let named = || CpeMatch { name: cpe.clone(), ..CpeMatch::default() };
            if self.versions.is_empty() && self.is_affected_by_default {
                vulnerable.push(named());
            }
            for version in self.versions.iter().filter(|version| version.says_what_is_affected()) {
                if vulnerable.len() >= bounds::ADVISORY_ALIASES {
                    break;
                }
                vulnerable.push(version.within(named()));
            }
        }
        (!vulnerable.is_empty()).then_some(Configuration { vulnerable, ..Configuration::default() })
    }
}

impl<'de> Part<'de> for Product<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "cpes" => self.cpes = value.names(bounds::ADVISORY_ALIASES)?,
            "versions" => self.versions = value.parts(bounds::ADVISORY_ALIASES)?,
            "defaultStatus" => self.is_affected_by_default = value.name()? == "affected",
            _ => value.skip()?,
        }
        Ok(())
    }
}

/// A version, or a range from one on.
#[derive(Default)]
struct Version<'a> {
    version: Text<'a>,
    less_than: Text<'a>,
    less_than_or_equal: Text<'a>,
    /// First version at which the status becomes unaffected inside the range.
    mended_at: Text<'a>,
    is_affected: bool,
    is_commit: bool,
}

impl<'a> Version<'a> {
    fn is_range(&self) -> bool {
        !self.less_than.is_empty() || !self.less_than_or_equal.is_empty() || !self.mended_at.is_empty()
    }

    /// Commits have no order, and "n/a" stands for a version that is not known, not for all.
    fn says_what_is_affected(&self) -> bool {
        self.is_affected && !self.is_commit && (self.is_range() || self.version == "*" || is_bound(&self.version))
    }

    fn within(&self, found: CpeMatch<'a>) -> CpeMatch<'a> {
        let bound = |text: &Text<'a>| if is_bound(text) { text.clone() } else { Text::Borrowed("") };
        let from_including = bound(&self.version);
        let (to_including, to_excluding) = match self.is_range() {
            false => (from_including.clone(), Text::Borrowed("")),
            true if !self.mended_at.is_empty() => (Text::Borrowed(""), bound(&self.mended_at)),
            true => (bound(&self.less_than_or_equal), bound(&self.less_than)),
        };
        CpeMatch { from_including, to_including, to_excluding, ..found }
    }
}

/// True for a version, false for the words that stand for none or for all.
fn is_bound(text: &str) -> bool {
    !matches!(text.to_ascii_lowercase().as_str(), "" | "*" | "0" | "-" | "n/a" | "unspecified" | "unknown")
}

impl<'de> Part<'de> for Version<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "version" => self.version = value.name()?,
            "lessThan" => self.less_than = value.name()?,
            "lessThanOrEqual" => self.less_than_or_equal = value.name()?,
            "status" => self.is_affected = value.name()? == "affected",
            "versionType" => self.is_commit = value.name()? == "git",
            "changes" => {
                let mended = value.parts::<Change<'_>>(bounds::ADVISORY_ALIASES)?.into_iter();
                self.mended_at =
                    mended.filter(|change| change.is_unaffected).map(|change| change.at).next().unwrap_or_default();
            }
            _ => value.skip()?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Change<'a> {
    at: Text<'a>,
    is_unaffected: bool,
}

impl<'de> Part<'de> for Change<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "at" => self.at = value.name()?,
            "status" => self.is_unaffected = value.name()? == "unaffected",
            _ => value.skip()?,
        }
        Ok(())
    }
}
