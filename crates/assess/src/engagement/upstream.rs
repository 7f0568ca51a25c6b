// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Patches that the government carries: what their headers say, how old they are, and which are a debt to the project.
//!
//! Read are the headers of Debian's DEP-3 (`Description` or `Subject`, `Origin`, `Bug`, `Bug-<vendor>`, `Forwarded`, `Applied-Upstream`,
//! `Last-Update`), also as comments behind `#`, and `Upstream-Status` of the Yocto Project. They stand before the change, in any order.
//! `Author`, `From`, `Reviewed-by` and the like are not kept, and neither is any word with an address of a person.
//!
//! A patch that lies here for more than [`DEBT_DAYS`] and was not forwarded is a *debt*: the project cannot take what it does not know,
//! and every update costs us again. DEP-3 says what a missing `Forwarded` means: yes where a `Bug` is named, else no. A patch without any
//! such header says nothing, and nothing is assumed of it.
//!
//! Sources: DEP-3, *Patch Tagging Guidelines* (2009, accepted); Yocto Project, *Contributor Guide*, on `Upstream-Status`.

use std::collections::BTreeSet;

use underpin_model::Timestamp;
use underpin_model::engagement::{CarriedStanding, PatchForwarding};

use super::patch_id::{PatchId, is_upstream};

/// Days after which a patch that was not forwarded is a debt.
pub const DEBT_DAYS: i64 = 30;

/// Whether the project knows of a patch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Forwarding {
    /// Nobody says.
    #[default]
    Unknown,
    /// No.
    No,
    /// It only makes sense here.
    NotNeeded,
    /// Yes; where, if that is said.
    Yes(Option<String>),
    /// Yes, and the project does not want it.
    Denied,
}

/// Where a patch comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OriginKind {
    /// From the project, as it is there.
    Upstream,
    /// From the project, changed for an older version.
    Backport,
    /// From another distributor.
    Vendor,
    /// From elsewhere.
    Other,
}

/// What a patch says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatchHeaders {
    /// Its first line of description.
    pub title: Option<String>,
    /// Where it comes from.
    pub origin: Option<OriginKind>,
    /// Addresses and commits of that origin.
    pub origin_at: Vec<String>,
    /// Reports of the project that it is about.
    pub bugs: Vec<String>,
    /// Reports of distributors that it is about.
    pub distributor_bugs: Vec<String>,
    /// Whether the project knows of it.
    pub forwarding: Forwarding,
    /// Version, commit or address with which the project took it.
    pub applied: Option<String>,
    /// When these headers were last changed.
    pub last_update: Option<Timestamp>,
}

/// Reads the headers of a patch.
pub fn headers(patch: &str) -> PatchHeaders {
    let mut read = PatchHeaders::default();
    let mut has_any = false;
    for line in patch.lines().take_while(|line| !begins_change(line)) {
        let line = line.trim_start_matches(['#', ' ']);
        let Some((name, value)) = line.split_once(':') else { continue };
        has_any |= read.take(&name.trim().to_ascii_lowercase(), &impersonal(value));
    }
    if has_any && read.forwarding == Forwarding::Unknown {
        read.forwarding = if read.bugs.is_empty() { Forwarding::No } else { Forwarding::Yes(None) };
    }
    read
}

/// The word of it that is kept.
pub fn forwarding_word(forwarding: &Forwarding) -> PatchForwarding {
    match forwarding {
        Forwarding::Unknown => PatchForwarding::Unknown,
        Forwarding::No => PatchForwarding::No,
        Forwarding::NotNeeded => PatchForwarding::NotNeeded,
        Forwarding::Yes(_) => PatchForwarding::Yes,
        Forwarding::Denied => PatchForwarding::Denied,
    }
}

fn begins_change(line: &str) -> bool {
    // A line of three dashes alone ends the message of git, and fields may still follow it.
    ["diff ", "Index: ", "--- ", "@@ -"].iter().any(|word| line.starts_with(word))
}

/// A value without words that hold an address of a person.
fn impersonal(value: &str) -> String {
    value.split_whitespace().filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ")
}

impl PatchHeaders {
    /// Whether they say that the project has it.
    pub fn is_upstream(&self) -> bool {
        self.applied.is_some() || self.origin == Some(OriginKind::Upstream)
    }

    /// Takes a field; says whether it is one of DEP-3 that tells about forwarding at all.
    fn take(&mut self, name: &str, value: &str) -> bool {
        match name {
            "description" | "subject" => {
                let title =
                    value.strip_prefix("[PATCH").and_then(|rest| rest.split_once(']')).map_or(value, |(_, rest)| rest);
                self.title = self.title.take().or_else(|| some(title));
                false
            }
            "origin" => {
                self.take_origin(value);
                true
            }
            "forwarded" => {
                self.forwarding = match value.to_ascii_lowercase().as_str() {
                    "no" => Forwarding::No,
                    "not-needed" | "not needed" => Forwarding::NotNeeded,
                    "" => Forwarding::Unknown,
                    _ => Forwarding::Yes(address(value)),
                };
                true
            }
            "applied-upstream" => {
                self.applied = some(value);
                true
            }
            "last-update" | "last-updated" => {
                self.last_update = value.parse().ok();
                self.last_update.is_some()
            }
            "upstream-status" => {
                self.take_yocto(value);
                false
            }
            "bug" => {
                self.bugs.extend(some(value));
                true
            }
            _ if name.starts_with("bug-") => {
                self.distributor_bugs.extend(some(value));
                false
            }
            _ => false,
        }
    }

    fn take_origin(&mut self, value: &str) {
        let (kind, rest) = match value.split_once(',') {
            Some((kind, rest)) => (kind, rest),
            None => (value, value),
        };
        self.origin = match kind.trim().to_ascii_lowercase().as_str() {
            "upstream" => Some(OriginKind::Upstream),
            "backport" => Some(OriginKind::Backport),
            "vendor" => Some(OriginKind::Vendor),
            "other" => Some(OriginKind::Other),
            _ => None,
        };
        // Of an origin only addresses and commits are kept: what else stands there is often a name.
        let is_place = |word: &&str| word.contains("://") || word.starts_with("commit:");
        let places = rest.split([',', ' ']).map(str::trim).filter(is_place);
        self.origin_at = places.map(str::to_owned).collect();
    }

    /// `Upstream-Status: Submitted [where]`.
    fn take_yocto(&mut self, value: &str) {
        let (word, detail) = value.split_once('[').unwrap_or((value, ""));
        let detail = detail.trim_end_matches(']');
        match word.trim().to_ascii_lowercase().as_str() {
            "pending" => self.forwarding = Forwarding::No,
            "submitted" => self.forwarding = Forwarding::Yes(address(detail)),
            "backport" | "accepted" => {
                self.origin = self.origin.or(Some(OriginKind::Backport));
                self.forwarding = Forwarding::Yes(address(detail));
                self.applied = some(detail).or_else(|| Some("unnamed".to_owned()));
            }
            "denied" => self.forwarding = Forwarding::Denied,
            // Nobody is there who could take it.
            "inappropriate" | "inactive-upstream" => self.forwarding = Forwarding::NotNeeded,
            _ => {}
        }
    }
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The first address in a text.
fn address(text: &str) -> Option<String> {
    text.split([' ', ',', ';']).find(|word| word.contains("://")).map(str::to_owned)
}

/// How a patch stands at a moment. `carried_since` is when it first lay here, where that is known (from the documents); else the date of
/// its headers counts, which can only make it look younger. `upstream` are the numbers of changes that the project has.
pub fn standing(
    patch: &str,
    carried_since: Option<Timestamp>,
    upstream: &BTreeSet<PatchId>,
    now: Timestamp,
) -> CarriedStanding {
    let headers = headers(patch);
    let is_upstream = headers.is_upstream() || is_upstream(patch, upstream) == Some(true);
    let since = [carried_since, headers.last_update].into_iter().flatten().min();
    judged(is_upstream, forwarding_word(&headers.forwarding), since.map(|since| now.days_since(since)))
}

/// The same of what is kept of a patch: whether the project has it, whether it knows of it, and its age in days.
pub fn judged(is_upstream: bool, forwarding: PatchForwarding, age_days: Option<i64>) -> CarriedStanding {
    if is_upstream {
        return CarriedStanding::Upstream;
    }
    match forwarding {
        PatchForwarding::Yes => CarriedStanding::Forwarded,
        PatchForwarding::Denied => CarriedStanding::Denied,
        PatchForwarding::NotNeeded => CarriedStanding::NotNeeded,
        PatchForwarding::Unknown => CarriedStanding::Unknown,
        PatchForwarding::No => match age_days {
            Some(age_days) if age_days > DEBT_DAYS => CarriedStanding::Debt,
            Some(_) => CarriedStanding::Young,
            None => CarriedStanding::Unknown,
        },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::patch_id::patch_id;
    use super::*;

    const CHANGE: &str = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n";

    #[test]
    fn headers_of_dep_3() {
        let text = "\
Description: Keep the time zone of the registry
 The registry counts days in local time, and
 the rest of the house in UTC.
Author: Jane Doe <jane@example.org>
Origin: backport, https://code.example/commit/abc, Jane Doe <jane@example.org>
Bug: https://code.example/issues/12
Bug-Debian: https://bugs.example/123
Forwarded: https://code.example/pull/34 by mail to jane@example.org
Reviewed-by: John Roe <john@example.org>
Last-Update: 2026-03-01

";
        let read = headers(&format!("{text}{CHANGE}"));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(read.title, some("Keep the time zone of the registry"));
        assert_eq!(
            (read.origin, read.origin_at),
            (Some(OriginKind::Backport), vec!["https://code.example/commit/abc".to_owned()])
        );
        assert_eq!(read.bugs, ["https://code.example/issues/12"]);
        assert_eq!(read.distributor_bugs, ["https://bugs.example/123"]);
        assert_eq!(read.forwarding, Forwarding::Yes(some("https://code.example/pull/34")));
        assert_eq!(read.last_update.map(Timestamp::date), some("2026-03-01"));
        assert_eq!(read.applied, None);
    }

    #[test]
    fn no_person_is_kept() {
        let text = "From: Jane Doe <jane@example.org>\nSubject: [PATCH 2/3] mend it\nOrigin: other, Jane Doe, jane@example.org\n\
            Forwarded: yes, to jane@example.org\nSigned-off-by: Jane Doe <jane@example.org>\n---\nApplied-Upstream: 1.2\n";
        let read = headers(text);
        let said = format!("{read:?}");
        assert!(!said.contains("Jane") && !said.contains('@'), "{said}");
        assert_eq!((read.title.as_deref(), read.applied.as_deref()), (Some("mend it"), Some("1.2")));
    }

    #[test]
    fn what_the_fields_mean() {
        let yes = |address: &str| Forwarding::Yes(Some(address.to_owned()));
        for (text, expected) in [
            ("", Forwarding::Unknown),
            ("Description: only this\n", Forwarding::Unknown),
            ("Forwarded: no\n", Forwarding::No),
            ("Forwarded: not-needed\n", Forwarding::NotNeeded),
            ("Forwarded: Not-Needed\n", Forwarding::NotNeeded),
            ("Forwarded: yes\n", Forwarding::Yes(None)),
            ("## Forwarded: https://a.example/1\n", yes("https://a.example/1")),
            ("Origin: vendor, https://a.example/1\n", Forwarding::No),
            ("Origin: vendor\nBug: https://a.example/1\n", Forwarding::Yes(None)),
            ("Origin: vendor\nBug-Debian: https://a.example/1\n", Forwarding::No),
            ("Last-Update: 2026-03-01\n", Forwarding::No),
            ("Last-Update: some day\n", Forwarding::Unknown),
            ("Upstream-Status: Pending\n", Forwarding::No),
            ("Upstream-Status: Submitted [https://a.example/1]\n", yes("https://a.example/1")),
            ("Upstream-Status: Submitted [mailing list]\n", Forwarding::Yes(None)),
            ("Upstream-Status: Denied [not wanted]\n", Forwarding::Denied),
            ("Upstream-Status: Inappropriate [oe-specific]\n", Forwarding::NotNeeded),
            ("Upstream-Status: Inactive-Upstream [lastcommit: 2020-01-01]\n", Forwarding::NotNeeded),
            ("Upstream-Status: Whatever\n", Forwarding::Unknown),
        ] {
            assert_eq!(headers(&format!("{text}{CHANGE}")).forwarding, expected, "{text}");
        }
        // A field inside the change is no header.
        let inside = "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+Forwarded: no\nForwarded: no\n";
        assert_eq!(headers(inside), PatchHeaders::default());
    }

    #[test]
    fn debt_is_what_nobody_told_the_project() {
        let day = |text: &str| text.parse::<Timestamp>().expect("a date");
        let now = day("2026-06-30");
        for (text, since, expected) in [
            ("Forwarded: no\n", Some("2026-05-30"), CarriedStanding::Debt),
            ("Forwarded: no\n", Some("2026-05-31"), CarriedStanding::Young),
            ("Forwarded: no\n", None, CarriedStanding::Unknown),
            ("Forwarded: no\nLast-Update: 2026-01-01\n", None, CarriedStanding::Debt),
            ("Forwarded: no\nLast-Update: 2026-06-20\n", Some("2026-01-01"), CarriedStanding::Debt),
            ("Forwarded: yes\n", Some("2020-01-01"), CarriedStanding::Forwarded),
            ("Forwarded: not-needed\n", Some("2020-01-01"), CarriedStanding::NotNeeded),
            ("Upstream-Status: Denied\n", Some("2020-01-01"), CarriedStanding::Denied),
            ("Upstream-Status: Backport [1.4]\n", Some("2020-01-01"), CarriedStanding::Upstream),
            ("Origin: upstream, commit:abc\n", Some("2020-01-01"), CarriedStanding::Upstream),
            ("Applied-Upstream: 2.0\n", None, CarriedStanding::Upstream),
            ("", Some("2020-01-01"), CarriedStanding::Unknown),
        ] {
            let found = standing(&format!("{text}{CHANGE}"), since.map(day), &BTreeSet::new(), now);
            assert_eq!(found, expected, "{text} {since:?}");
        }
        let upstream = patch_id(CHANGE).into_iter().collect();
        let found = standing(&format!("Forwarded: no\n{CHANGE}"), Some(day("2020-01-01")), &upstream, now);
        assert_eq!(found, CarriedStanding::Upstream, "the project has it, whatever the headers say");
    }

    proptest! {
        /// Whatever stands there, nothing breaks and no address of a person is kept.
        #[test]
        fn texts_from_outside(fields in proptest::collection::vec(("(Origin|Bug|Forwarded|Description|Applied-Upstream|Upstream-Status|Last-Update|Author)", "[ -~é]{0,40}"), 0..6)) {
            let text: String = fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
            let said = format!("{:?}", headers(&text));
            prop_assert!(!said.contains('@'), "{}", said);
        }
    }
}
