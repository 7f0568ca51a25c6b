// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Reads a product of endoflife.date: its page (Markdown with a head in YAML), or what its interface gives, version 1 (an
//! object, alone or under `result`) or the older one (a list of releases).
//!
//! Trap: for a date not known, the page and version 1 say whether the support is over (`eoas: true`), the older interface
//! whether it is there (`support: true`).

use std::borrow::Cow;

use underpin_model::gap::{GapCode, Gaps};
use underpin_model::inventory::Text;
use underpin_model::limits::bounds;
use underpin_model::watch::{Lifecycle, Release, Until};
use underpin_model::{Limits, Timestamp};

use super::fault::{Fault, FaultCode};
use super::text;
use crate::lockfiles::tree::Node;
use crate::lockfiles::{tree_json, tree_yaml};
use crate::reader::Unreadable;

/// Reads a product. `id` is its identifier where the file states none: the name of the file without its ending.
///
/// # Errors
/// When it is too large, no such file, or has no releases.
pub fn read<'a>(id: &'a str, bytes: &'a [u8], limits: &Limits) -> Result<Lifecycle<'a>, Unreadable> {
    if bytes.len() > bounds::ADVISORY_BYTES {
        return Err(Fault::new(FaultCode::TooLarge, "", format!("{} bytes", bytes.len())).into());
    }
    match text::readable(bytes) {
        Cow::Borrowed(text) => parse(id, text, limits),
        Cow::Owned(text) => parse(id, &text, limits).map(Lifecycle::into_owned),
    }
}

fn parse<'a>(id: &'a str, text: &'a str, limits: &Limits) -> Result<Lifecycle<'a>, Unreadable> {
    let unreadable = |place: String, detail: String| Fault::new(FaultCode::UnreadableRecord, place, detail);
    let mut lifecycle = match head(text) {
        Some(head) => {
            let (documents, faults) = tree_yaml::yaml(head, limits);
            if let Some(fault) = faults.into_iter().next() {
                return Err(unreadable(format!("line {}", fault.line), fault.detail).into());
            }
            of_page(documents.first().unwrap_or(&Node::Nothing))
        }
        None => {
            let root = tree_json::json(text).map_err(|error| unreadable(error.place, error.detail))?;
            let product = if root.get("result").exists() { root.get("result") } else { &root };
            if root.items().is_empty() { of_interface(product) } else { of_older_interface(&root) }
        }
    };
    if lifecycle.id.is_empty() {
        lifecycle.id = Cow::Borrowed(id);
    }
    if lifecycle.id.is_empty() || lifecycle.id.len() > bounds::ADVISORY_ID_BYTES {
        return Err(Fault::new(FaultCode::NoId, "", "").into());
    }
    if lifecycle.releases.is_empty() {
        return Err(unreadable(String::new(), "no releases".to_owned()).into());
    }
    Ok(lifecycle)
}

/// The YAML between the first line `---` and the next one.
fn head(text: &str) -> Option<&str> {
    let text = text.trim_start().strip_prefix("---")?;
    let text = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n'))?;
    let end = text
        .match_indices("\n---")
        .map(|(at, _)| at)
        .find(|&at| text.get(at + 4..).is_some_and(|rest| rest.is_empty() || rest.starts_with(['\r', '\n'])))?;
    text.get(..=end)
}

/// Reads texts and times of one product.
struct Reader {
    gaps: Gaps,
}

impl Reader {
    fn text<'a>(&mut self, node: &Node<'a>) -> Text<'a> {
        let text = node.text();
        if text.len() > bounds::ADVISORY_NAME_BYTES {
            self.gaps.add(GapCode::TextTooLong, "", "");
            return Text::Borrowed("");
        }
        // Links may be told apart from nothing by `null` or `~` only.
        if matches!(text.as_ref(), "null" | "~") { Text::Borrowed("") } else { text }
    }

    fn time(&mut self, place: &str, node: &Node<'_>) -> Option<Timestamp> {
        let text = self.text(node);
        if text.is_empty() {
            return None;
        }
        let time = text.parse().ok();
        if time.is_none() {
            self.gaps.add(GapCode::InvalidTime, place.to_owned(), text.into_owned());
        }
        time
    }

    /// A date, or whether it is over.
    fn until(&mut self, place: &str, node: &Node<'_>, means_over: bool) -> Until {
        match truth(node) {
            Some(truth) if truth == means_over => Until::Over,
            Some(_) => Until::Open,
            None => self.time(place, node).map_or(Until::Unknown, Until::Date),
        }
    }

    /// A date of version 1, else what it says without one.
    fn until_from(&mut self, place: &str, from: &Node<'_>, is_over: &Node<'_>) -> Until {
        match self.time(place, from) {
            Some(date) => Until::Date(date),
            None => truth(is_over).map_or(Until::Unknown, |over| if over { Until::Over } else { Until::Open }),
        }
    }

    /// Releases that have a name, in the order of the file.
    fn releases<'a>(
        &mut self,
        nodes: &[Node<'a>],
        release: impl Fn(&mut Self, &Node<'a>, &str) -> Release<'a>,
    ) -> Vec<Release<'a>> {
        let mut releases = Vec::new();
        for (index, node) in nodes.iter().enumerate().take(bounds::ADVISORY_ELEMENTS) {
            let place = format!("/releases/{index}");
            let release = release(self, node, &place);
            if release.cycle.is_empty() {
                self.gaps.add(GapCode::MissingId, place, "a release without a name was left out");
            } else {
                releases.push(release);
            }
        }
        if nodes.len() > bounds::ADVISORY_ELEMENTS {
            self.gaps.add(GapCode::TooManyElements, "/releases", "");
        }
        releases
    }

    fn identifiers<'a>(&mut self, pairs: impl Iterator<Item = (Text<'a>, Text<'a>)>) -> Vec<(Text<'a>, Text<'a>)> {
        let known = |kind: &str| matches!(kind, "purl" | "cpe" | "repology");
        let mut identifiers: Vec<_> = pairs.filter(|(kind, id)| known(kind) && !id.is_empty()).collect();
        if identifiers.len() > bounds::ADVISORY_ALIASES {
            self.gaps.add(GapCode::TooManyElements, "/identifiers", "");
            identifiers.truncate(bounds::ADVISORY_ALIASES);
        }
        identifiers
    }
}

fn truth(node: &Node<'_>) -> Option<bool> {
    match node {
        Node::Truth(truth) => Some(*truth),
        other => match other.str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
    }
}

/// Long-term support may be said by the day on which it begins.
fn long_term(node: &Node<'_>) -> Option<bool> {
    truth(node).or_else(|| node.str().parse::<Timestamp>().ok().map(|_| true))
}

fn of_page<'a>(page: &Node<'a>) -> Lifecycle<'a> {
    let mut reader = Reader { gaps: Gaps::default() };
    let releases = reader.releases(page.get("releases").items(), |reader, node, place| Release {
        cycle: reader.text(node.get("releaseCycle")),
        codename: reader.text(node.get("codename")),
        is_long_term: long_term(node.get("lts")),
        released: reader.time(place, node.get("releaseDate")),
        active_support: reader.until(place, node.get("eoas"), true),
        security_support: reader.until(place, node.get("eol"), true),
        extended_support: reader.until(place, node.get("eoes"), true),
        latest: reader.text(node.get("latest")),
        latest_released: reader.time(place, node.get("latestReleaseDate")),
    });
    let pairs = page.get("identifiers").items().iter().flat_map(Node::entries);
    let identifiers = reader.identifiers(pairs.map(|(kind, id)| (kind.clone(), id.text())));
    let permalink = page.get("permalink").str().trim_matches('/');
    Lifecycle {
        id: Text::Owned(permalink.to_owned()),
        title: reader.text(page.get("title")),
        category: reader.text(page.get("category")),
        identifiers,
        policy: reader.text(page.get("releasePolicyLink")),
        releases,
        gaps: reader.gaps,
    }
}

fn of_interface<'a>(product: &Node<'a>) -> Lifecycle<'a> {
    let mut reader = Reader { gaps: Gaps::default() };
    let releases = reader.releases(product.get("releases").items(), |reader, node, place| Release {
        cycle: reader.text(node.get("name")),
        codename: reader.text(node.get("codename")),
        is_long_term: truth(node.get("isLts")),
        released: reader.time(place, node.get("releaseDate")),
        active_support: reader.until_from(place, node.get("eoasFrom"), node.get("isEoas")),
        security_support: reader.until_from(place, node.get("eolFrom"), node.get("isEol")),
        extended_support: reader.until_from(place, node.get("eoesFrom"), node.get("isEoes")),
        latest: reader.text(node.get("latest").get("name")),
        latest_released: reader.time(place, node.get("latest").get("date")),
    });
    let pairs = product.get("identifiers").items().iter();
    let identifiers = reader.identifiers(pairs.map(|pair| (pair.get("type").text(), pair.get("id").text())));
    Lifecycle {
        id: reader.text(product.get("name")),
        title: reader.text(product.get("label")),
        category: reader.text(product.get("category")),
        identifiers,
        policy: reader.text(product.get("links").get("releasePolicy")),
        releases,
        gaps: reader.gaps,
    }
}

fn of_older_interface<'a>(list: &Node<'a>) -> Lifecycle<'a> {
    let mut reader = Reader { gaps: Gaps::default() };
    let releases = reader.releases(list.items(), |reader, node, place| Release {
        cycle: reader.text(node.get("cycle")),
        codename: reader.text(node.get("codename")),
        is_long_term: long_term(node.get("lts")),
        released: reader.time(place, node.get("releaseDate")),
        active_support: reader.until(place, node.get("support"), false),
        security_support: reader.until(place, node.get("eol"), true),
        extended_support: reader.until(place, node.get("extendedSupport"), false),
        latest: reader.text(node.get("latest")),
        latest_released: reader.time(place, node.get("latestReleaseDate")),
    });
    Lifecycle { releases, gaps: reader.gaps, ..Lifecycle::default() }
}
