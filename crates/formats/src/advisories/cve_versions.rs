// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Versions of a product in a CVE record (github.com/CVEProject/cve-schema, `versions`): each is one version, or a range in which
//! the status may change, and has a status of its own. What is not named has the default status.

use serde::de::MapAccess;
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::Event;
use underpin_model::watch::cve::CpeMatch;

use super::wire::{Part, Value};

/// Where a span ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End<'a> {
    /// It is one version only.
    Itself,
    /// Nowhere.
    Open,
    /// Before this version.
    Before(Text<'a>),
    /// With this version.
    With(Text<'a>),
}

/// Versions in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span<'a> {
    /// The first version; empty for the beginning of all.
    from: Text<'a>,
    /// Whether the first version itself is left out.
    pub(super) excludes_from: bool,
    end: End<'a>,
}

impl<'a> Span<'a> {
    fn new(from: Text<'a>, end: End<'a>) -> Self {
        Self { from, excludes_from: false, end }
    }

    /// A CPE name with the bounds of the span.
    pub(super) fn within(&self, name: CpeMatch<'a>) -> CpeMatch<'a> {
        let from = self.from.clone();
        let (to_including, to_excluding) = match &self.end {
            End::Itself => (from.clone(), Text::default()),
            End::Open => (Text::default(), Text::default()),
            End::Before(version) => (Text::default(), version.clone()),
            End::With(version) => (version.clone(), Text::default()),
        };
        let (from_including, from_excluding) =
            if self.excludes_from { (Text::default(), from) } else { (from, Text::default()) };
        CpeMatch { from_including, from_excluding, to_including, to_excluding, ..name }
    }

    /// Events of a range, or the one version. Events cannot leave out the first version: it is taken for affected.
    pub(super) fn into_events(self) -> Result<Vec<Event<'a>>, Text<'a>> {
        let from = if self.from.is_empty() { Text::Borrowed("0") } else { self.from };
        let end = match self.end {
            End::Itself => return Err(from),
            End::Open => None,
            End::Before(version) => Some(Event::Fixed(version)),
            End::With(version) => Some(Event::LastAffected(version)),
        };
        Ok(std::iter::once(Event::Introduced(from)).chain(end).collect())
    }
}

/// The versions that are affected. By default all are, where that is said and some are named that are not.
pub(super) fn affected<'a>(versions: &[Version<'a>], by_default: bool) -> Vec<Span<'a>> {
    let stated = versions.iter().flat_map(Version::affected);
    let unaffected: Vec<Span<'a>> = versions.iter().filter_map(Version::unaffected).collect();
    if by_default && (versions.is_empty() || !unaffected.is_empty()) {
        return outside(unaffected).into_iter().chain(stated).collect();
    }
    stated.collect()
}

/// What lies between spans in their order. Where they do not ascend, it is more than that, never less.
fn outside(spans: Vec<Span<'_>>) -> Vec<Span<'_>> {
    let mut found = Vec::new();
    let mut open = Some((Text::Borrowed(""), false));
    for span in spans {
        let Some((from, excludes_from)) = open.take() else { break };
        if !span.from.is_empty() {
            found.push(Span { from, excludes_from, end: End::Before(span.from.clone()) });
        }
        open = match span.end {
            End::Open => None,
            End::Itself => Some((span.from, true)),
            End::Before(version) => Some((version, false)),
            End::With(version) => Some((version, true)),
        };
    }
    found.extend(open.map(|(from, excludes_from)| Span { from, excludes_from, end: End::Open }));
    found
}

/// A version, or a range from one on.
#[derive(Default)]
pub(super) struct Version<'a> {
    version: Text<'a>,
    less_than: Text<'a>,
    less_than_or_equal: Text<'a>,
    changes: Vec<Change<'a>>,
    status: Option<bool>,
    is_commit: bool,
}

impl<'a> Version<'a> {
    fn is_range(&self) -> bool {
        !self.less_than.is_empty() || !self.less_than_or_equal.is_empty() || !self.changes.is_empty()
    }

    /// The one version, or all; "n/a" stands for a version that is not known.
    fn single(&self) -> Option<Span<'a>> {
        match &*self.version {
            "*" => Some(Span::new(Text::default(), End::Open)),
            version if is_bound(version) => Some(Span::new(self.version.clone(), End::Itself)),
            _ => None,
        }
    }

    /// The spans that are affected. Commits have no order.
    fn affected(&self) -> Vec<Span<'a>> {
        if self.is_commit {
            return Vec::new();
        }
        if !self.is_range() {
            return self.single().filter(|_| self.status == Some(true)).into_iter().collect();
        }
        let mut found = Vec::new();
        let mut open = (self.status == Some(true)).then(|| bound(&self.version));
        for change in self.changes.iter().filter(|change| is_bound(&change.at)) {
            open = match (open, change.status) {
                (Some(from), Some(false)) => {
                    found.push(Span::new(from, End::Before(change.at.clone())));
                    None
                }
                (None, Some(true)) => Some(change.at.clone()),
                (before, _) => before,
            };
        }
        found.extend(open.map(|from| Span::new(from, self.end())));
        found
    }

    /// The span that is not affected, where the status does not change in it.
    fn unaffected(&self) -> Option<Span<'a>> {
        if self.is_commit || self.status != Some(false) || !self.changes.is_empty() {
            return None;
        }
        if self.is_range() { Some(Span::new(bound(&self.version), self.end())) } else { self.single() }
    }

    fn end(&self) -> End<'a> {
        match (is_bound(&self.less_than), is_bound(&self.less_than_or_equal)) {
            (true, _) => End::Before(behind_wildcard(&self.less_than).unwrap_or_else(|| self.less_than.clone())),
            (_, true) => match behind_wildcard(&self.less_than_or_equal) {
                Some(next) => End::Before(next),
                None => End::With(self.less_than_or_equal.clone()),
            },
            _ => End::Open,
        }
    }
}

/// The version behind all that a wildcard at the end stands for: `5.11` for `5.10.*`.
fn behind_wildcard(text: &str) -> Option<Text<'static>> {
    let stem = text.strip_suffix(".*")?;
    let (before, last) = stem.rfind('.').map_or(("", stem), |at| stem.split_at(at + 1));
    let next = last.parse::<u64>().ok()?.checked_add(1)?;
    Some(format!("{before}{next}").into())
}

/// A version; empty for words that stand for none or for all.
fn bound<'a>(text: &Text<'a>) -> Text<'a> {
    if is_bound(text) { text.clone() } else { Text::default() }
}

/// True for a version, false for the words that stand for none or for all.
fn is_bound(text: &str) -> bool {
    !matches!(text.to_ascii_lowercase().as_str(), "" | "*" | "0" | "-" | "n/a" | "unspecified" | "unknown")
}

fn status(word: &str) -> Option<bool> {
    match word {
        "affected" => Some(true),
        "unaffected" => Some(false),
        _ => None,
    }
}

impl<'de> Part<'de> for Version<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "version" => self.version = value.name()?,
            "lessThan" => self.less_than = value.name()?,
            "lessThanOrEqual" => self.less_than_or_equal = value.name()?,
            "status" => self.status = status(&value.name()?),
            "versionType" => self.is_commit = value.name()? == "git",
            "changes" => self.changes = value.parts(bounds::ADVISORY_ALIASES)?,
            _ => value.skip()?,
        }
        Ok(())
    }
}

/// A version from which on the status is another.
#[derive(Default)]
struct Change<'a> {
    at: Text<'a>,
    status: Option<bool>,
}

impl<'de> Part<'de> for Change<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        match key {
            "at" => self.at = value.name()?,
            "status" => self.status = status(&value.name()?),
            _ => value.skip()?,
        }
        Ok(())
    }
}
