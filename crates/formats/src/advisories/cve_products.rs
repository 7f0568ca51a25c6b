// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Products in a CVE record: configurations of CPE names, stated for matching or made from products with versions.

use std::collections::BTreeSet;

use serde::de::MapAccess;
use underpin_model::gap::GapCode;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::cve::{AnyOf, Configuration, CpeMatch};
use underpin_model::watch::{Affected, Range, RangeKind};

use super::cve_versions::{Version, affected};
use super::wire::{Notes, Part, Place, Value};

/// Nodes that belong together: any of them, or with `AND` all of them.
#[derive(Default)]
pub(super) struct Applicability<'a> {
    is_all: bool,
    nodes: Vec<CpeNode<'a>>,
    is_negated: bool,
}

impl<'a> Applicability<'a> {
    /// With `AND` each node with vulnerable names gives configurations that stand beside one name of each other node.
    pub(super) fn into_configurations(self) -> Vec<Configuration<'a>> {
        let is_all = self.is_all && self.nodes.len() > 1;
        let mut found = Vec::new();
        for (index, node) in self.nodes.iter().enumerate().filter(|(_, node)| !node.is_negated) {
            let others = || {
                let nodes = self.nodes.iter().enumerate().filter(|(other, _)| is_all && *other != index);
                nodes.map(|(_, node)| node)
            };
            for (vulnerable, own) in node.vulnerable() {
                // So many conditions of one another say nothing that can be matched: what they come to is not known.
                let is_kept = found.len() < bounds::CPE_NODES || !(is_all || node.is_all);
                let wanted = others().filter(|node| !node.is_negated).flat_map(CpeNode::conditions);
                let unwanted = others().filter(|node| node.is_negated).flat_map(CpeNode::exclusions);
                let (beside, without) = match is_kept {
                    true => (limited(own.into_iter().chain(wanted)), limited_names(unwanted)),
                    false => (vec![unknown()], Vec::new()),
                };
                found.push(Configuration { vulnerable, beside, without });
            }
        }
        found
    }
}

/// A condition of which nothing is known to fulfil it.
fn unknown<'a>() -> AnyOf<'a> {
    AnyOf { names: vec![CpeMatch::default()] }
}

/// Conditions, as many as have room. What is left out is a condition that is not known.
fn limited<'a>(conditions: impl Iterator<Item = AnyOf<'a>>) -> Vec<AnyOf<'a>> {
    let (mut kept, mut left) = (Vec::new(), bounds::ADVISORY_ALIASES);
    for mut condition in conditions {
        let count = condition.names.len();
        if count > left {
            condition.names.truncate(left);
            condition.names.push(CpeMatch::default());
            kept.push(condition);
            return kept;
        }
        left -= count;
        kept.push(condition);
    }
    kept
}

fn limited_names<'a>(names: impl Iterator<Item = CpeMatch<'a>>) -> Vec<CpeMatch<'a>> {
    let mut names: Vec<_> = names.take(bounds::ADVISORY_ALIASES + 1).collect();
    if names.len() > bounds::ADVISORY_ALIASES {
        names.pop();
        names.push(CpeMatch::default());
    }
    names
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
    /// Whether there are nodes inside it, which the schema does not know: they are not read, and count as not known.
    is_nested: bool,
    matches: Vec<Match<'a>>,
}

impl<'a> CpeNode<'a> {
    fn names(&self, is_vulnerable: bool) -> Vec<CpeMatch<'a>> {
        let of_kind = self.matches.iter().filter(|found| found.is_vulnerable == is_vulnerable);
        of_kind.map(|found| found.name.clone()).collect()
    }

    fn one(found: &Match<'a>) -> AnyOf<'a> {
        AnyOf { names: vec![found.name.clone()] }
    }

    /// Vulnerable names, and what the node itself asks for beside them: with `AND`, all of its other names.
    fn vulnerable(&self) -> Vec<(Vec<CpeMatch<'a>>, Vec<AnyOf<'a>>)> {
        let names = self.names(true);
        if names.is_empty() {
            return Vec::new();
        }
        if !self.is_all {
            return vec![(names, Vec::new())];
        }
        let nested = self.is_nested.then(unknown);
        if names.len() > bounds::CPE_NODES {
            return vec![(names, vec![unknown()])];
        }
        let beside = |own: usize| {
            let others = self.matches.iter().enumerate().filter(|(other, _)| *other != own);
            limited(others.map(|(_, found)| Self::one(found)).chain(nested.clone()))
        };
        let vulnerable = self.matches.iter().enumerate().filter(|(_, found)| found.is_vulnerable);
        vulnerable.map(|(own, found)| (vec![found.name.clone()], beside(own))).collect()
    }

    /// What the node asks for where it stands beside others.
    fn conditions(&self) -> Vec<AnyOf<'a>> {
        if self.is_all && !self.matches.is_empty() {
            return self.matches.iter().map(Self::one).chain(self.is_nested.then(unknown)).collect();
        }
        let mut names: Vec<_> = self.matches.iter().map(|found| found.name.clone()).collect();
        if names.is_empty() || self.is_nested {
            // A condition of which no name can be read is still one.
            names.push(CpeMatch::default());
        }
        vec![AnyOf { names }]
    }

    /// What a negated node excludes. That several must not come together excludes none of them by itself.
    fn exclusions(&self) -> Vec<CpeMatch<'a>> {
        if self.matches.is_empty() || self.is_nested || (self.is_all && self.matches.len() > 1) {
            return vec![CpeMatch::default()];
        }
        self.matches.iter().map(|found| found.name.clone()).collect()
    }
}

impl<'de> Part<'de> for CpeNode<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "operator" => self.is_all = value.name()?.eq_ignore_ascii_case("and"),
            "negate" => self.is_negated = value.truth()?.unwrap_or_default(),
            "cpeMatch" => self.matches = value.parts(bounds::ADVISORY_ELEMENTS)?,
            "nodes" | "children" => {
                self.is_nested = true;
                value.unknown()?;
            }
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

/// A product with its names and versions.
#[derive(Default)]
pub(super) struct Product<'a> {
    cpes: Vec<Text<'a>>,
    package: Text<'a>,
    versions: Vec<Version<'a>>,
    is_affected_by_default: bool,
}

impl<'a> Product<'a> {
    /// Every CPE name with every span that is affected. Without versions the names themselves, if they are affected by
    /// default: a version may stand in them. Beside versions, a version in the name says nothing: the versions are meant.
    pub(super) fn configuration(&self) -> Option<Configuration<'a>> {
        let spans = affected(&self.versions, self.is_affected_by_default);
        let named = |name: &Text<'a>| CpeMatch { name: name.clone(), ..CpeMatch::default() };
        let cpes = self.cpes.iter().filter(|cpe| cpe.starts_with("cpe:"));
        let vulnerable: Vec<_> = if self.versions.is_empty() {
            cpes.filter(|_| self.is_affected_by_default).map(named).collect()
        } else {
            let open: BTreeSet<Text<'a>> = cpes.map(any_version).collect();
            let all = open.iter().flat_map(|cpe| spans.iter().map(|span| span.within(named(cpe))));
            all.take(bounds::ADVISORY_ALIASES).collect()
        };
        (!vulnerable.is_empty()).then_some(Configuration { vulnerable, ..Configuration::default() })
    }

    /// The same for its package URL.
    pub(super) fn package(self) -> Option<Affected<'a>> {
        let spans = affected(&self.versions, self.is_affected_by_default);
        if self.package.is_empty() || spans.is_empty() {
            return None;
        }
        let mut package = Affected { purl: self.package, ..Affected::default() };
        for span in spans.into_iter().take(bounds::ADVISORY_ALIASES) {
            package.is_inexact |= span.excludes_from;
            match span.into_events() {
                Ok(events) => package.ranges.push(Range { kind: RangeKind::Ecosystem, events, ..Range::default() }),
                Err(version) => package.versions.push(version),
            }
        }
        Some(package)
    }
}

/// A CPE name with its version left open.
fn any_version<'a>(name: &Text<'a>) -> Text<'a> {
    let (place, open) = if name.starts_with("cpe:/") { (4, "") } else { (5, "*") };
    let mut ends = Vec::new();
    let mut is_escaped = false;
    for (at, byte) in name.bytes().enumerate() {
        if byte == b':' && !is_escaped {
            ends.push(at);
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    let Some(start) = ends.get(place - 1) else { return name.clone() };
    let end = ends.get(place).copied().unwrap_or(name.len());
    match (name.get(..=*start), name.get(end..)) {
        (Some(before), Some(behind)) => Text::Owned([before, open, behind].concat()),
        _ => name.clone(),
    }
}

impl<'de> Part<'de> for Product<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "cpes" => self.cpes = value.names(bounds::ADVISORY_ALIASES)?,
            "packageURL" => self.package = value.name()?,
            "versions" => self.versions = value.parts(bounds::ADVISORY_ALIASES)?,
            "defaultStatus" => self.is_affected_by_default = value.name()? == "affected",
            _ => value.skip()?,
        }
        Ok(())
    }
}
