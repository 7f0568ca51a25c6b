// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is known of a vulnerability that somebody is hit by: its severity by whose word, exploitation, likelihood, urgency.

use underpin_assess::findings::{Flags, VulnerabilityFacts};
use underpin_assess::matching::GroupRef;
use underpin_assess::severity::{self, Choice, ExploitedList, Given, Known, Rating, Urgency, deadline};
use underpin_model::Timestamp;

use super::estate::Builder;

/// A vulnerability that somebody is hit by, or may be.
#[derive(Clone, Debug)]
pub struct Vulnerability {
    /// Its name: a CVE where it has one.
    pub name: String,
    /// The advisories joined in it.
    pub group: GroupRef,
    /// How bad, by whose word.
    pub severity: Option<Severity>,
    /// What makes it urgent.
    pub urgency: Urgency,
    /// When it could be known.
    pub known: deadline::Known,
}

/// The severity that counts.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Severity {
    /// Word.
    pub rating: &'static str,
    /// Base score, 0 to 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// Vector or word, as stated.
    pub value: String,
    /// Who says so.
    pub source: String,
}

impl Builder<'_> {
    pub(super) fn vulnerability(&self, group: GroupRef, of_distribution: bool) -> Vulnerability {
        let known = self.known(group);
        let severity = self.severity(group, of_distribution);
        let listed = || known.iter().flat_map(Known::listings);
        let facts = severity::VulnerabilityFacts {
            is_malicious: self.is_malicious(group),
            is_listed: self.compiled.knowledge.has_lists().then(|| listed().next().is_some()),
            ransomware: listed().filter_map(|listing| listing.ransomware).max(),
            likelihood: likelihood(&known),
            ssvc: known.iter().find_map(Known::ssvc),
            rating: severity.as_ref().map_or(Rating::Unknown, |(rating, _, _)| *rating),
            base_tenths: severity.as_ref().and_then(|(_, tenths, _)| *tenths),
        };
        Vulnerability {
            name: self.layers.group_name(group).to_owned(),
            group,
            severity: severity.map(|(_, _, severity)| severity),
            urgency: Urgency::of(&facts),
            known: deadline::Known {
                published: self.published(group),
                is_exploited: listed().next().is_some(),
                listed: listed().filter_map(|listing| listing.added).min(),
            },
        }
    }

    /// What is known under any name of a vulnerability.
    fn known(&self, group: GroupRef) -> Vec<Known<'_>> {
        self.layers.group_names(group).into_iter().filter_map(|name| self.compiled.knowledge.get(name)).collect()
    }

    /// When the first source published it.
    fn published(&self, group: GroupRef) -> Option<Timestamp> {
        let members = self.layers.group_members(group);
        members.into_iter().filter_map(|member| self.layers.advisory(member)?.published()).min()
    }

    fn is_malicious(&self, group: GroupRef) -> bool {
        let mut members = self.layers.group_members(group).into_iter().filter_map(|one| self.layers.advisory(one));
        members.any(|advisory| advisory.is_malicious())
    }

    /// The severity that counts: of the advisories themselves, else of the CVE record.
    fn severity(&self, group: GroupRef, of_distribution: bool) -> Option<(Rating, Option<u8>, Severity)> {
        let members = self.layers.group_members(group);
        let mut stated = Vec::new();
        for advisory in members.into_iter().filter_map(|one| self.layers.advisory(one)) {
            let of_entries = advisory.entries().flat_map(|entry| entry.severities());
            for severity in advisory.severities().into_iter().chain(of_entries) {
                stated.push((severity, advisory.feed()));
            }
        }
        let given: Vec<Given<'_>> = stated
            .iter()
            .map(|(severity, feed)| Given { severity, feed, is_of_distribution: is_of_distribution(feed) })
            .collect();
        if let Some(choice) = severity::choose(&given, of_distribution) {
            return Some(chosen(&choice));
        }
        let known = self.known(group);
        let rated = known.iter().flat_map(Known::ratings).next()?;
        let severity = Severity {
            rating: rated.rating.as_str(),
            score: rated.base_tenths.map(tenths),
            value: rated.value.to_owned(),
            source: rated.source.to_owned(),
        };
        Some((rated.rating, rated.base_tenths, severity))
    }

    pub(super) fn facts(&self, one: &Vulnerability) -> VulnerabilityFacts {
        let known = self.known(one.group);
        let mut flags = Flags::NONE;
        for listing in known.iter().flat_map(Known::listings) {
            flags = flags.and(match listing.list {
                ExploitedList::Kev => Flags::KEV,
                ExploitedList::Euvd => Flags::EUVD,
            });
            if listing.ransomware == Some(true) {
                flags = flags.and(Flags::RANSOMWARE);
            }
        }
        if self.is_malicious(one.group) {
            flags = flags.and(Flags::MALICIOUS);
        }
        let severity = one.severity.as_ref();
        VulnerabilityFacts {
            severity: severity.and_then(|severity| severity.score.as_ref()?.parse().ok()),
            word: severity.map_or(0, |severity| word_of(severity.rating)),
            epss: likelihood(&known),
            flags,
            first_known: one.known.published,
        }
    }

    /// What a search looks at: names and the summaries.
    pub(super) fn text(&self, one: &Vulnerability) -> String {
        let mut text = self.layers.group_names(one.group).join(" ");
        for advisory in self.layers.group_members(one.group).into_iter().filter_map(|one| self.layers.advisory(one)) {
            text.push(' ');
            text.push_str(advisory.summary());
        }
        text.replace('\n', " ")
    }
}

fn likelihood(known: &[Known<'_>]) -> Option<f32> {
    known.iter().filter_map(Known::odds).map(|odds| odds.score).reduce(f32::max)
}

fn chosen(choice: &Choice<'_>) -> (Rating, Option<u8>, Severity) {
    let severity = Severity {
        rating: choice.rating.as_str(),
        score: choice.base_tenths.map(tenths),
        value: choice.value.to_owned(),
        source: choice.source.to_owned(),
    };
    (choice.rating, choice.base_tenths, severity)
}

fn tenths(tenths: u8) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

pub(super) fn word_of(rating: &str) -> u8 {
    Rating::ALL.iter().position(|known| known.as_str() == rating).unwrap_or(0) as u8
}

/// Feeds of distributions: their severities are about their own packages.
fn is_of_distribution(feed: &str) -> bool {
    const FEEDS: [&str; 14] = [
        "Ubuntu",
        "Debian",
        "Alpine",
        "AlmaLinux",
        "Rocky",
        "Red Hat",
        "SUSE",
        "openSUSE",
        "Alpaquita",
        "Wolfi",
        "Chainguard",
        "Oracle",
        "openEuler",
        "Mageia",
    ];
    let name = feed.split_once('/').map_or(feed, |(_, name)| name);
    FEEDS.iter().any(|known| name.starts_with(known))
}

/// A name with its numbers as numbers, so that `CVE-2021-9` stands before `CVE-2021-44228`.
pub(super) fn natural(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (word, tail) = rest.split_at(rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len()));
        let (digits, tail) = tail.split_at(tail.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(tail.len()));
        parts.push((word.to_owned(), digits.parse().unwrap_or(u64::MAX)));
        rest = tail;
    }
    parts
}
