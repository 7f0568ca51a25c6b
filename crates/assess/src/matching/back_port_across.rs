// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Back-ports told across sources: the distribution calls its package fixed, while the source of the language (or of upstream)
//! calls the very version that it was made from affected. Then the fix was put into that older version, and who looks at
//! upstream's number alone gets it wrong.
//!
//! Names differ between the two (`python-django` and `django`, `apache-log4j2` and `log4j-core`): they must share their telling
//! words, because one vulnerability can be in packages with quite other version numbers (a library, and what bundles it).

use underpin_model::Timestamp;
use underpin_model::watch::{Reason, Verdict};

use super::answer::Judgement;
use super::distro_release;
use super::entry::{EntryView, SpanView};
use super::index::AdvisoryRef;
use super::layers::Layers;
use super::lookups::{By, Lookup, Lookups};
use super::upstream_version::upstream_version;

/// The other source's statement that tells a back-port.
#[derive(Clone, Debug)]
pub struct BackPort<'i> {
    /// The version that the package was made from, as upstream numbers it.
    pub upstream_version: String,
    /// The advisory that calls it affected.
    pub advisory: AdvisoryRef,
    /// What that says about the package of upstream.
    pub entry: EntryView<'i>,
    /// The span that holds the version; `None` when a list names it.
    pub span: Option<SpanView<'i>>,
}

/// Words that tell how something is packaged, not what it is.
const PACKAGING: [&str; 24] = [
    "python", "node", "ruby", "golang", "java", "lib", "php", "perl", "rust", "haskell", "apache", "core", "src",
    "sys", "github", "com", "org", "net", "www", "js", "go", "py", "api", "dev",
];

/// The telling words of a name, in lower case, without the numbers at their ends.
fn words(name: &str) -> Vec<String> {
    let all = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let bare = all.map(|word| word.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_ascii_lowercase());
    let bare =
        bare.map(|word| word.strip_prefix("lib").filter(|rest| rest.len() > 2).map_or(word.clone(), str::to_owned));
    let mut words: Vec<String> = bare.filter(|word| word.len() > 1 && !PACKAGING.contains(&word.as_str())).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether a distribution's source package and a package of upstream are called alike.
fn is_called_alike(source: &str, upstream: &str) -> bool {
    let last = upstream.rsplit(['/', ':']).next().unwrap_or(upstream);
    let (source, upstream) = (words(source), words(last));
    let holds = |all: &[String], some: &[String]| !some.is_empty() && some.iter().all(|word| all.contains(word));
    holds(&source, &upstream) || holds(&upstream, &source)
}

impl Layers {
    /// Adds to a judgement of "fixed" what another source says about the version that the package was made from.
    pub(super) fn tell_back_port<'l>(
        &'l self,
        judgement: &mut Judgement<'l>,
        lookups: &Lookups<'_>,
        advisory: AdvisoryRef,
        now: Timestamp,
    ) {
        if judgement.verdict() != Verdict::Fixed {
            return;
        }
        let fixed = judgement.statements.iter().filter(|statement| statement.reason.verdict() == Verdict::Fixed);
        let mut keys = fixed.filter_map(|statement| lookups.list.get(statement.lookup as usize));
        let Some(lookup) = keys.find(|lookup| lookup.by != By::Name) else { return };
        let Some(found) = self.back_port(lookup, advisory, now) else { return };
        for statement in &mut judgement.statements {
            if statement.reason == Reason::FixedVersion {
                statement.reason = Reason::BackPort;
            }
        }
        judgement.reason = Reason::BackPort;
        judgement.back_port = Some(found);
    }

    fn back_port(&self, lookup: &Lookup<'_>, advisory: AdvisoryRef, now: Timestamp) -> Option<BackPort<'_>> {
        let own = upstream_version(&lookup.version, lookup.scheme);
        let view = self.advisory(advisory)?;
        let linked = view.names().flat_map(|name| self.find(name)).map(|(found, _)| found);
        let members = self.group_of(advisory).map(|group| self.group_members(group)).unwrap_or_default();
        let mut others: Vec<AdvisoryRef> =
            members.into_iter().chain(linked).filter(|other| *other != advisory).collect();
        others.sort_unstable();
        others.dedup();
        others.into_iter().find_map(|other| {
            let mut entries = self.advisory(other)?.entries();
            entries.find_map(|entry| calls_affected(entry, &lookup.name, own, now)).map(|(entry, span)| BackPort {
                upstream_version: own.to_owned(),
                advisory: other,
                entry,
                span,
            })
        })
    }
}

/// Whether a statement of another source calls a version of upstream affected, and by which span.
fn calls_affected<'i>(
    entry: EntryView<'i>,
    source: &str,
    version: &str,
    now: Timestamp,
) -> Option<(EntryView<'i>, Option<SpanView<'i>>)> {
    let is_distribution = distro_release::scheme(entry.ecosystem()).is_some();
    if is_distribution || !is_called_alike(source, entry.name()) {
        return None;
    }
    let lookup = Lookup {
        ecosystem: entry.ecosystem().into(),
        name: entry.name().into(),
        version: version.into(),
        scheme: entry.scheme(),
        ..Lookup::default()
    };
    let placed = entry.index.placed(entry.package(), &lookup);
    match entry.index.reason(entry, &placed, now) {
        Reason::InRange => Some((entry, entry.index.span_holding(entry, &placed))),
        Reason::InVersionList => Some((entry, None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::matching::subjects::with_subject;
    use crate::matching::test_records::{index, now};

    #[test]
    fn names_of_one_thing_on_both_sides() {
        for (source, upstream, expected) in [
            ("python-django", "django", true),
            ("apache-log4j2", "org.apache.logging.log4j:log4j-core", true),
            ("ruby-rack", "rack", true),
            ("node-lodash", "lodash", true),
            ("libxml2", "libxml2", true),
            ("openssl", "cryptography", false),
            ("golang-github-gin-gonic-gin", "github.com/gin-gonic/gin", true),
            ("curl", "pycurl", false),
            ("python3", "python", false),
        ] {
            assert_eq!(is_called_alike(source, upstream), expected, "{source} {upstream}");
        }
    }

    fn records() -> Layers {
        let fixed = |id: &str, ecosystem: &str, name: &str, fix: &str| {
            json!({ "id": id, "aliases": ["CVE-2099-1"], "affected": [{ "package": { "ecosystem": ecosystem, "name": name },
                "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": fix }] }] }] })
        };
        let mut distribution = fixed("DSA-2099-1", "Debian:12", "ruby-lantern", "2.14.1-5");
        distribution["aliases"] = json!([]);
        distribution["upstream"] = json!(["CVE-2099-1"]);
        Layers::from(Arc::new(index(&[
            distribution,
            fixed("GHSA-lant-ern1-aaaa", "RubyGems", "lantern", "2.15.0"),
            fixed("GHSA-othe-rrrr-aaaa", "PyPI", "oil", "99"),
        ])))
    }

    #[test]
    fn a_fix_in_an_older_version_is_told_by_the_other_source() {
        let layers = records();
        let advisory = layers.find("DSA-2099-1").first().map(|(advisory, _)| *advisory).expect("the advisory");
        for (purl, reason, told) in [
            // The revision alone tells nothing: it is an ordinary one.
            (
                "pkg:deb/debian/lantern@2.14.1-5?distro=debian-12&upstream=ruby-lantern",
                Reason::BackPort,
                Some("2.14.1"),
            ),
            (
                "pkg:deb/debian/lantern@2.14.1%2Bdfsg-7?distro=debian-12&upstream=ruby-lantern",
                Reason::BackPort,
                Some("2.14.1"),
            ),
            ("pkg:deb/debian/lantern@2.15.0-1?distro=debian-12&upstream=ruby-lantern", Reason::FixedVersion, None),
            ("pkg:deb/debian/lantern@2.14.0-1?distro=debian-12&upstream=ruby-lantern", Reason::InRange, None),
        ] {
            with_subject(purl, |subject| {
                let judgement = layers.judge(subject, advisory, now()).expect("a judgement");
                let found = judgement.back_port.as_ref();
                assert_eq!((judgement.reason, found.map(|found| &*found.upstream_version)), (reason, told), "{purl}");
                let other = found.and_then(|found| layers.advisory(found.advisory)).map(|view| view.id().to_owned());
                assert_eq!(other, told.map(|_| "GHSA-lant-ern1-aaaa".to_owned()));
                let span = found.and_then(|found| found.span).and_then(|span| span.upper);
                assert_eq!(span, told.map(|_| "2.15.0"));
            });
        }
    }
}
