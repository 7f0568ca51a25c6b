// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `explain`: why a package version, or a system, has a vulnerability or has it not, source by source.

use serde::Serialize;
use underpin_assess::findings::{Filter, Finding, FindingStatus, Key, Order};
use underpin_assess::identity;
use underpin_assess::matching::{AdvisoryRef, BackPort, Lookups, SpanEnd, SpanView, StatementJudgement, lookups};
use underpin_model::watch::{Reason, Tlp, Verdict};
use underpin_model::{Component, Purl, Timestamp};

use super::estate::Watched;
use super::freshness::Freshness;
use super::things::Thing;
use super::told::{StateTold, Told};
use super::vulnerabilities::Severity;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, Overview};

/// Package versions of one system that are told about.
const TOLD: usize = 50;

/// The answer of `explain`.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Explanation {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// What was asked about: a system or a package URL.
    pub about: String,
    /// The vulnerability, by its name.
    pub vulnerability: String,
    /// All its names.
    pub names: Vec<String>,
    /// The strongest verdict of all package versions.
    pub verdict: &'static str,
    /// How far this may be passed on, where it rests on an advisory of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
    /// How bad, by whose word.
    pub severity: Option<Severity>,
    /// The story of each package version that any advisory speaks of.
    pub packages: Vec<PackageStory>,
    /// Package versions beyond those told about.
    pub more: u64,
    /// What the findings of the system came to after decisions and statements.
    pub states: Vec<StateTold>,
    /// What was decided and stated, decisions first.
    pub told: Vec<Told>,
    /// Decisions and statements beyond those told.
    pub told_more: u64,
    /// How old the knowledge is.
    pub freshness: Freshness,
}

/// The story of one package version.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct PackageStory {
    /// Canonical purl.
    pub package: String,
    /// What follows from all sources.
    pub verdict: &'static str,
    /// Why.
    pub reason: &'static str,
    /// The same in plain words.
    pub meaning: &'static str,
    /// State of the finding in the system that was asked about, after decisions; `None` where there is no finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// Under which names and versions it was looked up: `Debian:11 openssl 1.1.1n-0`.
    pub looked_up: Vec<String>,
    /// True when only a product name (CPE) led there, which is easily mistaken.
    pub low_confidence: bool,
    /// True when one source says that it is affected and another that it is not.
    pub sources_disagree: bool,
    /// What each source says.
    pub sources: Vec<SourceStory>,
    /// The smallest later version that nothing is known against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade: Option<String>,
    /// The same within the same major version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade_same_major: Option<String>,
}

/// What one advisory means for a package version.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct SourceStory {
    /// Identifier of the advisory.
    pub advisory: String,
    /// Its feed.
    pub feed: String,
    /// Verdict.
    pub verdict: &'static str,
    /// Why.
    pub reason: &'static str,
    /// The evidence: what the advisory states about the package, in words.
    pub evidence: Vec<String>,
    /// When the source last changed it.
    pub modified: Option<Timestamp>,
    /// When the source took it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Timestamp>,
}

impl Watched {
    /// Why a system or a package version (a purl) has a vulnerability, or has it not.
    ///
    /// # Errors
    /// `not-found` when no source knows the vulnerability, or when there is no such system; `usage` for a broken purl.
    pub fn explain(&self, desk: &Desk, about: &str, vulnerability: &str) -> Result<Explanation> {
        let advisories = self.advisories(vulnerability)?;
        let stories: Vec<PackageStory> = match about.starts_with("pkg:") {
            true => vec![self.story(&self.with_products(of_purl(about)?), &advisories)],
            false => self.stories_of_system(desk, about, &advisories, vulnerability)?,
        };
        let strongest = stories.iter().max_by_key(|story| rank(story.verdict)).map(|story| story.verdict);
        let group = self.group_called(vulnerability);
        let more = stories.len().saturating_sub(TOLD) as u64;
        let mut packages = stories;
        packages.truncate(TOLD);
        let mut explanation = Explanation {
            overview: desk.overview(),
            about: about.to_owned(),
            vulnerability: group.map_or(vulnerability, |group| self.layers.group_name(group)).to_owned(),
            names: group
                .map(|group| self.layers.group_names(group))
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
            verdict: strongest.unwrap_or(Verdict::Unknown.as_str()),
            tlp: self.mark_of(vulnerability).map(Tlp::as_str),
            severity: self.severity_of(&self.numbers_of(vulnerability)),
            packages,
            more,
            states: Vec::new(),
            told: Vec::new(),
            told_more: 0,
            freshness: self.freshness.clone(),
        };
        self.tell(desk, &mut explanation)?;
        Ok(explanation)
    }

    /// The advisories that a name means: all that are joined with it, and those made from it.
    pub(crate) fn advisories(&self, name: &str) -> Result<Vec<AdvisoryRef>> {
        let found = self.layers.find(name);
        if found.is_empty() {
            return Err(OfficeError::new(
                "not-found",
                format!("no source that we hold knows a vulnerability {name:?}"),
            )
            .hint("`underpin watch status` says how old the knowledge is; `underpin watch sync` fetches what is new"));
        }
        let groups = found.iter().filter_map(|(advisory, _)| self.layers.group_of(*advisory));
        let mut advisories: Vec<AdvisoryRef> = groups.flat_map(|group| self.layers.group_members(group)).collect();
        advisories.extend(found.iter().map(|(advisory, _)| *advisory));
        advisories.sort_unstable();
        advisories.dedup();
        Ok(advisories)
    }

    /// With the product names that the inventory states for the same package version.
    fn with_products(&self, thing: Thing) -> Thing {
        let used = self.things.iter().find(|used| used.purl == thing.purl);
        Thing { cpes: used.map(|used| used.cpes.clone()).unwrap_or_default(), ..thing }
    }

    fn stories_of_system(
        &self,
        desk: &Desk,
        name: &str,
        advisories: &[AdvisoryRef],
        vulnerability: &str,
    ) -> Result<Vec<PackageStory>> {
        let id = desk.system_called(name)?.id.0.clone();
        let Some(position) = desk.system_position(&id) else { return Ok(Vec::new()) };
        let findings = self.findings_of(position, vulnerability);
        let used = self.estate.versions_of(position);
        let mut stories: Vec<PackageStory> = used
            .filter_map(|version| Some((version, self.things.get(version as usize)?)))
            .map(|(version, thing)| PackageStory {
                // Of several vulnerabilities that a name leads to the one that needs most.
                status: findings
                    .iter()
                    .filter(|one| one.version == version)
                    .map(|one| one.status)
                    .min()
                    .map(FindingStatus::as_str),
                ..self.story(thing, advisories)
            })
            .filter(|story| !story.sources.is_empty())
            .collect();
        stories.sort_by(|a, b| rank(b.verdict).cmp(&rank(a.verdict)).then_with(|| a.package.cmp(&b.package)));
        Ok(stories)
    }

    /// The findings of a vulnerability in one system, in every state.
    fn findings_of(&self, system: u32, vulnerability: &str) -> Vec<Finding> {
        let filter = Filter {
            systems: Some(vec![system]),
            vulnerabilities: Some(self.numbers_of(vulnerability)),
            ..Filter::default()
        };
        let engine = self.engine();
        let counted = engine.count(&self.viewer, &filter, Order { by: Key::Package, descending: false });
        engine.stream(&counted).collect()
    }

    /// What all these advisories mean for a package version. Those that do not speak of it are left out.
    fn story(&self, thing: &Thing, advisories: &[AdvisoryRef]) -> PackageStory {
        let keys = lookups(&thing.subject());
        let mut sources = Vec::new();
        let mut reasons = Vec::new();
        for advisory in advisories {
            let Some(judgement) = self.layers.judge_of(&keys, *advisory, self.at) else { continue };
            if judgement.statements.is_empty() && judgement.reason == Reason::NotMentioned {
                continue;
            }
            let Some(view) = self.layers.advisory(*advisory) else { continue };
            if judgement.statements.is_empty() && !speaks_of(&keys, view.entries().map(|entry| entry.name())) {
                continue;
            }
            reasons.push(judgement.reason);
            sources.push(SourceStory {
                advisory: view.id().to_owned(),
                feed: view.feed().to_owned(),
                verdict: judgement.verdict().as_str(),
                reason: judgement.reason.as_str(),
                evidence: judgement
                    .statements
                    .iter()
                    .map(|one| evidence(one, &keys))
                    .chain(judgement.back_port.as_ref().map(|found| self.back_port(found)))
                    .collect(),
                modified: view.modified(),
                withdrawn: view.withdrawn(),
            });
        }
        let strongest = reasons.iter().copied().max_by_key(|reason| reason.verdict());
        let reason = strongest.or(keys.unanswerable).unwrap_or(Reason::NotMentioned);
        let has = |verdict: Verdict| reasons.iter().any(|reason| reason.verdict() == verdict);
        let advice = self.layers.advice(&keys, None, self.at);
        PackageStory {
            package: thing.purl.clone(),
            verdict: reason.verdict().as_str(),
            reason: reason.as_str(),
            meaning: reason.meaning(),
            status: None,
            looked_up: keys.list.iter().map(|key| format!("{} {} {}", key.ecosystem, key.name, key.version)).collect(),
            low_confidence: !reasons.is_empty() && keys.is_by_product_name(),
            sources_disagree: has(Verdict::Affected) && (has(Verdict::NotAffected) || has(Verdict::Fixed)),
            sources,
            upgrade: advice.smallest.map(str::to_owned),
            upgrade_same_major: advice.same_major.map(str::to_owned),
        }
    }
}

impl Watched {
    /// How another source tells a back-port, in words.
    fn back_port(&self, found: &BackPort<'_>) -> String {
        let source = self.layers.advisory(found.advisory).map_or("another source", |view| view.id());
        let range = found.span.as_ref().map_or_else(|| "version named".to_owned(), in_words);
        let (ecosystem, name) = (found.entry.ecosystem(), found.entry.name());
        let version = &found.upstream_version;
        format!(
            "{source} calls {version} of {ecosystem} {name} affected ({range}): the distribution put the fix into this older version"
        )
    }
}

fn rank(verdict: &str) -> usize {
    Verdict::ALL.iter().position(|known| known.as_str() == verdict).unwrap_or(0)
}

/// Whether an advisory names the package at all, if only for another release.
fn speaks_of<'n>(keys: &Lookups<'_>, mut names: impl Iterator<Item = &'n str>) -> bool {
    names.any(|name| keys.list.iter().any(|key| key.name == name))
}

/// A statement of an advisory in words.
fn evidence(found: &StatementJudgement<'_>, keys: &Lookups<'_>) -> String {
    let entry = found.entry;
    let version = keys.list.get(found.lookup as usize).map_or("", |key| &*key.version);
    let mut text = match entry.cpe() {
        "" => format!("{} {}: ", entry.ecosystem(), entry.name()),
        cpe => format!("{cpe}: "),
    };
    match (found.listed, found.span) {
        (Some(listed), _) => text.push_str(&format!("version {listed} is named")),
        (None, Some(span)) => text.push_str(&in_words(&span)),
        (None, None) => {
            let spans: Vec<String> = entry.spans().map(|span| in_words(&span)).collect();
            let all = if spans.is_empty() { "no range".to_owned() } else { spans.join("; ") };
            text.push_str(&format!("{all}; {version} is in none of them"));
        }
    }
    if !entry.part().is_empty() {
        text.push_str(&format!(" (it names the package {} below this module)", entry.part()));
    }
    if !entry.module().is_empty() {
        text.push_str(&format!(" (module {})", entry.module()));
    }
    for (word, is_excluded) in [("running on", false), ("not on", true)] {
        let mut platforms = entry.running_on(is_excluded);
        if let Some(first) = platforms.next() {
            let first = if first.is_empty() { "what cannot be read" } else { first };
            let more = platforms.count();
            let others = if more == 0 { String::new() } else { format!(" or {more} others") };
            text.push_str(&format!(", {word} {first}{others}"));
        }
    }
    if !entry.status_word().is_empty() {
        text.push_str(&format!(" (its word: {})", entry.status_word()));
    }
    text.push_str(&format!(" [{}]", found.reason.as_str()));
    text
}

fn in_words(span: &SpanView<'_>) -> String {
    let from = match (span.lower, span.includes_lower) {
        (None, _) => "from the beginning".to_owned(),
        (Some(version), true) => format!("from {version}"),
        (Some(version), false) => format!("after {version}"),
    };
    match (span.end, span.upper) {
        (SpanEnd::Fixed, Some(version)) => format!("{from} until fixed in {version}"),
        (SpanEnd::Last, Some(version)) => format!("{from} up to {version}"),
        (SpanEnd::Limit, Some(version)) => format!("{from} before {version}, beyond which nothing is said"),
        _ => format!("{from}, without an end"),
    }
}

/// A package version by its purl, used somewhere or not.
fn of_purl(text: &str) -> Result<Thing> {
    Purl::parse_lenient(text)
        .map_err(|error| OfficeError::new("usage", format!("{text:?} is no package URL: {error}")))?;
    let component = Component { purl: text.into(), ..Component::default() };
    let identity = identity::resolve(&component, "");
    let module = identity.beside.iter().find(|(kind, _)| *kind == "rpmmod").map(|(_, label)| label.clone());
    Ok(Thing {
        purl: identity.text,
        kind: identity.purl.kind,
        namespace: identity.purl.namespace,
        name: identity.purl.name,
        version: identity.purl.version,
        qualifiers: identity.qualifiers,
        module: module.unwrap_or_default(),
        ..Thing::default()
    })
}
