// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From which source something was built, as a provenance of SLSA states it, held against the one that was asked for.
//!
//! Spellings differ: `git+https://host/name@refs/tags/v1` (pip, SLSA), `https://host/name.git#refs/heads/main` (BuildKit), `git@host:name`.
//! Whether two addresses lead to one repository is decided by host and path alone, and by how it is reached where both say so.

use serde_json::Value;

use super::statement::cut;

/// A source with the state of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How it is reached; not asked for where nobody says so.
    scheme: Option<String>,
    host: String,
    path: String,
    /// A branch, a tag, or a commit.
    reference: Option<String>,
    /// Commits that it was at, in digits of base 16.
    commits: Vec<String>,
}

impl Source {
    /// Reads `URI[@REF]`; `None` for what names no host and no path.
    pub fn read(text: &str) -> Option<Self> {
        let is_odd = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\';
        (!text.contains(is_odd)).then_some(())?;
        let text = text.strip_prefix("git+").unwrap_or(text);
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme.to_lowercase()), rest.to_owned()),
            None => match text.split_once(':') {
                // `git@host:name`, as ssh has it.
                Some((user, path)) if user.contains('@') && !user.contains('/') => {
                    (Some("ssh".to_owned()), format!("{user}/{path}"))
                }
                _ => (None, text.to_owned()),
            },
        };
        let (authority, path) = rest.split_once('/')?;
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).to_lowercase();
        let usual = match scheme.as_deref() {
            Some("https") => ":443",
            Some("http") => ":80",
            Some("ssh") => ":22",
            _ => "",
        };
        let host = host.strip_suffix(usual).unwrap_or(&host).to_owned();
        let (path, reference) = match path.split_once(['@', '#']) {
            Some((before, after)) if path[before.len()..].starts_with('#') => {
                (before, after.split_once(':').map_or(after, |(reference, _)| reference))
            }
            Some((before, after)) => (before, after),
            None => (path, ""),
        };
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path).to_owned();
        let is_plain = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        let has_host = !host.is_empty() || scheme.as_deref() == Some("file");
        let reference = (!reference.is_empty()).then(|| reference.to_owned());
        (is_plain && has_host).then_some(Self { scheme, host, path, reference, commits: Vec::new() })
    }

    /// Whether what a provenance states is what was asked for here.
    pub(super) fn is_met_by(&self, stated: &Self) -> bool {
        let is_same_place = self.host == stated.host && self.path == stated.path;
        let is_same_way = self.scheme.is_none() || self.scheme == stated.scheme;
        is_same_place && is_same_way && self.reference.as_deref().is_none_or(|wanted| stated.is_at(wanted))
    }

    /// Whether it is at a branch, tag or commit. A short name means a tag or a branch.
    fn is_at(&self, wanted: &str) -> bool {
        if matches!(wanted.len(), 40 | 64) && wanted.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let is_wanted = |own: &String| own.eq_ignore_ascii_case(wanted);
            return self.commits.iter().chain(&self.reference).any(is_wanted);
        }
        self.reference.as_deref().is_some_and(|own| {
            let short = own.strip_prefix("refs/tags/").or_else(|| own.strip_prefix("refs/heads/"));
            own == wanted || short == Some(wanted)
        })
    }

    fn is_git(uri: &str) -> bool {
        uri.starts_with("git+") || uri.starts_with("git://") || uri.contains(".git#") || uri.ends_with(".git")
    }
}

/// The sources that a provenance states, as they stand there. Each of them has to be the one that was asked for: what else went into a
/// build (its dependencies) is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Stated {
    /// Those that can be read.
    pub(super) all: Vec<Source>,
    /// One of them cannot be read.
    pub(super) is_unclear: bool,
    /// For people.
    pub(super) shown: Option<String>,
}

impl Stated {
    /// Whether it is of this source and of no other one.
    pub(super) fn is_only(&self, wanted: &Source) -> bool {
        !self.is_unclear && !self.all.is_empty() && self.all.iter().all(|one| wanted.is_met_by(one))
    }

    /// What a predicate of SLSA says. `body` is that of version 1 or of 0.1 and 0.2.
    pub(super) fn of(body: &Value, is_first: bool) -> Self {
        let at = |path: &str| body.pointer(path);
        let (mut places, list) = if is_first {
            let config = at("/buildDefinition/externalParameters/configSource");
            let places = [
                at("/buildDefinition/externalParameters/workflow"),
                at("/buildDefinition/externalParameters/source"),
                at("/buildDefinition/externalParameters/sourceToBuild"),
                config,
            ];
            (
                places.into_iter().flatten().filter(|one| address(one).is_some()).collect::<Vec<_>>(),
                at("/buildDefinition/resolvedDependencies"),
            )
        } else {
            let config = at("/invocation/configSource").filter(|one| address(one).is_some());
            (config.into_iter().collect(), at("/materials"))
        };
        let list: Vec<&Value> = list.and_then(Value::as_array).into_iter().flatten().collect();
        let is_git = |one: &&&Value| address(one).is_some_and(Source::is_git);
        // The first thing of the list is the source; where the parameters name it, only what is of git can contradict them.
        let first = list.first().filter(|one| places.is_empty() || is_git(one));
        let first = if places.is_empty() { list.iter().find(is_git).or(first) } else { first };
        places.extend(first);
        let shown = first.or(places.first()).and_then(|one| address(one)).map(cut);
        let mut stated = Self { shown, ..Self::default() };
        for place in places {
            match address(place).and_then(Source::read) {
                Some(source) => stated.all.push(with_state(source, place)),
                None => stated.is_unclear = true,
            }
        }
        stated
    }
}

/// The address in a place, which some builders write without anything around it.
fn address(place: &Value) -> Option<&str> {
    let field = |name: &str| place.get(name).and_then(Value::as_str);
    place.as_str().or_else(|| field("uri")).or_else(|| field("repository"))
}

/// Adds branch, tag and commits that stand beside the address.
fn with_state(source: Source, place: &Value) -> Source {
    let beside = place.get("ref").and_then(Value::as_str).filter(|one| !one.is_empty()).map(str::to_owned);
    let digests = place.get("digest").and_then(Value::as_object).into_iter().flatten();
    let commits = digests.filter(|(kind, _)| matches!(kind.as_str(), "gitCommit" | "sha1"));
    let commits = commits.filter_map(|(_, digest)| digest.as_str().map(str::to_lowercase)).collect();
    Source { reference: source.reference.or(beside), commits, ..source }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn spellings_of_one_source() {
        let stated = "git+https://github.com/agency/portal@refs/tags/v1";
        for (asked, expected) in [
            ("https://github.com/agency/portal", true),
            ("git+https://GitHub.com:443/agency/portal.git@refs/tags/v1", true),
            ("https://github.com/agency/portal/", true),
            ("github.com/agency/portal@v1", true),
            ("github.com/agency/portal.git#refs/tags/v1:docs", true),
            ("github.com/agency/portal@refs/heads/v1", false),
            ("github.com/agency/portal@v2", false),
            ("github.com/agency/portal@v", false),
            ("http://github.com/agency/portal", false),
            ("git@github.com:agency/portal", false),
            ("github.com/agency/portal2", false),
            ("github.com/agency", false),
            ("evil.example/agency/portal", false),
        ] {
            let (asked, stated) = (Source::read(asked).expect(asked), Source::read(stated).expect("a source"));
            assert_eq!(asked.is_met_by(&stated), expected, "{asked:?}");
        }
        let asked = Source::read("github.com/agency/portal").expect("a source");
        for (stated, expected) in [
            ("git@github.com:agency/portal.git", true),
            ("ssh://git@github.com:22/agency/portal", true),
            ("https://github.com@evil.example/agency/portal", false),
            ("https://github.com.evil.example/agency/portal", false),
            ("https://evil.example/github.com/agency/portal", false),
        ] {
            assert_eq!(asked.is_met_by(&Source::read(stated).expect(stated)), expected, "{stated}");
        }
        for none in
            ["", "portal", "https://", "https:///x", "https://h/", "https://h/a/../b", "https://h/a b", "h\\a/b"]
        {
            assert_eq!(Source::read(none), None, "{none:?}");
        }
    }

    #[test]
    fn what_builders_state_and_what_is_a_mere_dependency() {
        let sha = "a".repeat(40);
        let wanted = |text: &str| Source::read(text).expect("a source");
        let (portal, other) = (wanted("https://example.gov/portal"), wanted("https://example.gov/library"));
        let first = json!({ "buildDefinition": { "externalParameters": { "workflow": { "repository": "https://example.gov/portal", "ref": "refs/heads/main" } },
            "resolvedDependencies": [{ "uri": "git+https://example.gov/portal@refs/heads/main", "digest": { "gitCommit": sha } }, { "uri": "git+https://example.gov/library" }] } });
        let stated = Stated::of(&first, true);
        assert!(stated.is_only(&portal) && !stated.is_only(&other));
        assert!(
            stated.is_only(&wanted("example.gov/portal@main")) && !stated.is_only(&wanted("example.gov/portal@dev"))
        );
        let torn = json!({ "buildDefinition": { "externalParameters": { "source": "https://example.gov/portal" },
            "resolvedDependencies": [{ "uri": "git+https://example.gov/library" }] } });
        assert!(
            !Stated::of(&torn, true).is_only(&portal) && !Stated::of(&torn, true).is_only(&other),
            "two are stated"
        );
        let bare = json!({ "buildDefinition": { "resolvedDependencies": [{ "uri": "pkg:docker/x" }, { "uri": "git+https://example.gov/portal", "digest": { "sha1": sha } }] } });
        assert!(Stated::of(&bare, true).is_only(&wanted(&format!("example.gov/portal@{sha}"))));
        let old = json!({ "invocation": { "configSource": { "uri": "https://example.gov/portal.git#refs/tags/v1:." } }, "materials": [{ "uri": "pkg:docker/x" }] });
        assert!(Stated::of(&old, false).is_only(&wanted("https://example.gov/portal@v1")));
        let materials = json!({ "materials": [{ "uri": "git+https://example.gov/portal" }, { "uri": "git+https://example.gov/library" }] });
        assert!(Stated::of(&materials, false).is_only(&portal) && !Stated::of(&materials, false).is_only(&other));
        let unclear = json!({ "invocation": { "configSource": { "uri": "portal" } }, "materials": [{ "uri": "git+https://example.gov/portal" }] });
        assert!(!Stated::of(&unclear, false).is_only(&portal));
        assert!(!Stated::of(&json!({}), true).is_only(&portal), "nothing is stated");
    }
}
