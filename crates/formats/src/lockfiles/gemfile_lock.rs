// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Gemfile.lock (also called gems.locked).
//!
//! Source: Bundler's lockfile parser. Sections begin at the margin; `GEM`, `GIT`, `PATH` and `PLUGIN SOURCE` state where
//! their gems come from and list them below `specs:`, indented by four, with their needs indented by six. `DEPENDENCIES`
//! are the direct ones; which group they belong to is only in the Gemfile, so the use is unknown.
//!
//! Traps: the platform is joined to the version (`1.15.4-x86_64-linux`) and is cut off into a qualifier, one gem may be
//! there for several platforms; `bundler` is needed by some but never listed; a gem at path `.` is the project itself.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use underpin_model::inventory::{Component, ComponentKind, Inventory, Tool};
use underpin_model::{GapCode, Purl};

use super::draft::Draft;
use super::{digest, origin, purl_text, sniff, text};
use crate::reader::{Context, Probe, Reader, Unreadable};

pub(super) const READER: Reader = Reader {
    id: "gemfile-lock",
    title: "Gemfile.lock (Bundler)",
    version: 1,
    sniff,
    read: |bytes, context| text::read(bytes, context, read),
    companions: &[],
};

const SOURCES: [&str; 4] = ["GEM", "GIT", "PATH", "PLUGIN SOURCE"];

fn sniff(probe: &Probe<'_>) -> bool {
    let head = sniff::head(probe);
    let first = head.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.is_empty()).unwrap_or_default();
    let section = SOURCES.iter().any(|section| section.as_bytes() == first) || first == b"CHECKSUMS";
    (section || first.starts_with(b"<<<<<<< "))
        && sniff::has_line(head, "  specs:")
        && sniff::has_line(head, "  remote:")
}

/// Where the gems of a section come from.
#[derive(Clone, Copy, Default)]
struct Source<'t> {
    section: &'t str,
    remote: &'t str,
    revision: &'t str,
}

/// What was read so far.
struct Lock<'t, 'd, 'c> {
    draft: &'d mut Draft<'t, 'c>,
    by_name: HashMap<&'t str, Vec<u32>>,
    /// Gem, and the name of what it needs.
    needs: Vec<(u32, &'t str)>,
    direct: HashSet<&'t str>,
    by_spelling: HashMap<(&'t str, &'t str), u32>,
}

fn read<'t>(text: &'t str, context: &Context<'_>) -> Result<Inventory<'t>, Unreadable> {
    let mut draft = Draft::new("bundler", "", context);
    let mut lock = Lock {
        draft: &mut draft,
        by_name: HashMap::new(),
        needs: Vec::new(),
        direct: HashSet::new(),
        by_spelling: HashMap::new(),
    };
    let (mut source, mut current) = (Source::default(), None);
    for (number, line) in text.lines().enumerate() {
        let (content, indent) = (line.trim(), line.len() - line.trim_start_matches(' ').len());
        match indent {
            _ if content.is_empty() => {}
            0 => {
                source = Source { section: content, ..Source::default() };
                current = None;
            }
            _ if SOURCES.contains(&source.section) => {
                lock.source_line(&mut source, &mut current, indent, content, number)
            }
            _ => lock.other_line(source.section, content),
        }
    }
    lock.finish();
    draft.finish()
}

impl<'t> Lock<'t, '_, '_> {
    fn source_line(
        &mut self,
        source: &mut Source<'t>,
        current: &mut Option<u32>,
        indent: usize,
        content: &'t str,
        number: usize,
    ) {
        match (indent, content.split_once(": ")) {
            (2, Some(("remote", remote))) if source.remote.is_empty() => source.remote = remote.trim(),
            (2, Some(("revision", revision))) => source.revision = revision.trim(),
            (2 | 3, _) => {}
            (4 | 5, _) => *current = self.gem(*source, content, number),
            _ => {
                if let Some(from) = *current {
                    self.needs.push((from, content.split(' ').next().unwrap_or_default()));
                }
            }
        }
    }

    fn gem(&mut self, source: Source<'t>, content: &'t str, number: usize) -> Option<u32> {
        let (name, rest) = content.split_once(' ').unwrap_or((content, ""));
        let spelled = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or_default();
        if spelled.is_empty() {
            self.draft.gap(GapCode::MalformedLine, format!("line {}", number + 1), "name and version are expected");
        }
        let (version, platform) = spelled.split_once('-').unwrap_or((spelled, ""));
        let mut purl = purl_text::plain("gem", name, version);
        purl_text::qualify(&mut purl, "platform", platform);
        qualify(&mut purl, source);
        let mut component = Component {
            reference: Cow::Borrowed(content),
            name: Cow::Borrowed(name),
            version: Cow::Borrowed(version),
            ..Component::default()
        };
        if source.section == "PATH" {
            component.kind = ComponentKind::Application;
        }
        let index = self.draft.add(&purl, component)?;
        if source.section == "PATH" && source.remote == "." {
            self.draft.root(index);
            self.draft.subject(index);
        }
        self.by_name.entry(name).or_default().push(index);
        self.by_spelling.insert((name, spelled), index);
        Some(index)
    }

    fn other_line(&mut self, section: &str, content: &'t str) {
        let (name, rest) = content.split_once(' ').unwrap_or((content, ""));
        match section {
            "DEPENDENCIES" => {
                self.direct.insert(name.trim_end_matches('!'));
            }
            "CHECKSUMS" => {
                let (spelled, stated) = rest.trim_start_matches('(').split_once(')').unwrap_or_default();
                let Some(&index) = self.by_spelling.get(&(name, spelled)) else { return };
                for stated in stated.split([' ', ',']).filter(|stated| !stated.is_empty()) {
                    let hash = digest::prefixed(self.draft, &Cow::Borrowed(stated), name);
                    if let Some(component) = self.draft.component(index) {
                        component.hashes.extend(hash);
                    }
                }
            }
            "BUNDLED WITH" => {
                self.draft.inventory.tools =
                    vec![Tool { name: Cow::Borrowed("bundler"), version: Cow::Borrowed(content) }];
            }
            "RUBY VERSION" => {
                self.draft.inventory.properties.push((Cow::Borrowed("ruby"), Cow::Borrowed(content)));
            }
            _ => {}
        }
    }

    fn finish(&mut self) {
        for &(from, name) in &self.needs {
            match self.by_name.get(name) {
                // One for each platform.
                Some(found) => found.iter().take(PLATFORMS).for_each(|&to| self.draft.edge(from, to)),
                None if name == "bundler" => {}
                None => {
                    let gem = self.draft.component(from).map(|component| component.name.to_string());
                    self.draft.dangling(&gem.unwrap_or_default(), name);
                }
            }
        }
        if self.direct.is_empty() {
            return;
        }
        for component in &mut self.draft.inventory.components {
            component.direct = Some(self.direct.contains(component.name.as_ref()));
        }
        // A project that is a gem itself asks for gems in its own needs, and the Gemfile does not repeat them.
        let roots: HashSet<u32> = self.draft.inventory.roots.iter().copied().collect();
        let needs = self.needs.iter().filter(|(from, _)| roots.contains(from));
        for &to in needs.filter_map(|(_, name)| self.by_name.get(name)).flat_map(|found| found.iter().take(PLATFORMS)) {
            if let Some(component) = self.draft.inventory.components.get_mut(to as usize) {
                component.direct = Some(true);
            }
        }
        for &root in &self.draft.inventory.roots {
            if let Some(component) = self.draft.inventory.components.get_mut(root as usize) {
                component.direct = None;
            }
        }
        self.draft.inventory.graph_complete = true;
    }
}

/// Platforms of one gem; no real lockfile comes near, a hostile one must not be slow.
const PLATFORMS: usize = 64;

fn qualify(purl: &mut Purl, source: Source<'_>) {
    let remote = origin::without_secrets(source.remote.trim_end_matches('/'));
    match source.section {
        "GIT" => purl_text::qualify(purl, "vcs_url", &origin::vcs(source.remote, source.revision)),
        "PATH" => purl_text::local(purl, source.remote),
        _ if matches!(remote.as_str(), "https://rubygems.org" | "http://rubygems.org") => {}
        _ => purl_text::qualify(purl, "repository_url", &remote),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::{read, shown};

    pub(in super::super) const FIXTURES: &[(&str, &str)] = &[("Gemfile.lock", BUNDLER)];

    const BUNDLER: &str = r#"GIT
  remote: https://git.example/site.git
  revision: 0123abc
  branch: main
  specs:
    site (0.1.0)
      rack (>= 2)

PATH
  remote: .
  specs:
    desk (1.0.0)
      nokogiri
      lost

PATH
  remote: parts/part
  specs:
    part (0.2.0)

GEM
  remote: https://gems.example/
  specs:
    office-tool (1.0.pre.1)

GEM
  remote: https://rubygems.org/
  specs:
    mini_portile2 (2.8.5)
    nokogiri (1.15.4)
      mini_portile2 (~> 2.8.2)
      bundler (> 1)
    nokogiri (1.15.4-x86_64-linux)
    rack (3.0.8)
    broken

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  desk!
  nokogiri (~> 1.15)
  part!

CHECKSUMS
  nokogiri (1.15.4-x86_64-linux) sha256=abababababababababababababababababababababababababababababababab
  rack (3.0.8)

RUBY VERSION
   ruby 3.2.2p53

BUNDLED WITH
   2.4.19
"#;

    #[test]
    fn what_the_project_asks_for_as_a_gem_is_direct() {
        let text = "PATH\n  remote: .\n  specs:\n    desk (1.0.0)\n      rack\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    base (1.0)\n    rack (3.0.8)\n      base\n    rake (13.0)\n\nDEPENDENCIES\n  desk!\n  rake\n";
        let read = read("Gemfile.lock", text);
        let direct: Vec<_> = read.components.iter().map(|found| (found.name.as_ref(), found.direct)).collect();
        assert_eq!(direct, [("desk", None), ("base", Some(false)), ("rack", Some(true)), ("rake", Some(true))]);
    }

    #[test]
    fn facts_are_kept() {
        insta::assert_snapshot!(shown("Gemfile.lock", BUNDLER), @r#"
        gemfile-lock, version , by bundler 2.4.19
        subject: desk
        version: 1.0.0
        purl: pkg:gem/desk@1.0.0?download_url=file:.
        ruby: ruby 3.2.2p53
        graph complete
        0 pkg:gem/site@0.1.0?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fsite.git%400123abc
            stated site 0.1.0
            direct false
            reference site (0.1.0)
            needs 7
        1 root pkg:gem/desk@1.0.0?download_url=file:.
            stated desk 1.0.0
            kind Application
            reference desk (1.0.0)
            needs 5 6
        2 pkg:gem/part@0.2.0?download_url=file:parts%2Fpart
            stated part 0.2.0
            kind Application
            direct true
            reference part (0.2.0)
        3 pkg:gem/office-tool@1.0.pre.1?repository_url=https:%2F%2Fgems.example
            stated office-tool 1.0.pre.1
            direct false
            reference office-tool (1.0.pre.1)
        4 pkg:gem/mini_portile2@2.8.5
            stated mini_portile2 2.8.5
            direct false
            reference mini_portile2 (2.8.5)
        5 pkg:gem/nokogiri@1.15.4
            stated nokogiri 1.15.4
            direct true
            reference nokogiri (1.15.4)
            needs 4
        6 pkg:gem/nokogiri@1.15.4?platform=x86_64-linux
            stated nokogiri 1.15.4
            direct true
            reference nokogiri (1.15.4-x86_64-linux)
            hash sha256 abababab
        7 pkg:gem/rack@3.0.8
            stated rack 3.0.8
            direct false
            reference rack (3.0.8)
        8 pkg:gem/broken
            stated broken
            direct false
            reference broken
        gap malformed-line "line 35" "name and version are expected"
        gap no-version "broken" ""
        gap dangling-edge "desk" "lost"
        gap no-creation-time "" ""
        "#);
    }
}
