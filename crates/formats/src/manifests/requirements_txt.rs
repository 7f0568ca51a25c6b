// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! pip's requirements files, also as pip-tools and uv write them.
//!
//! Source: pip's "Requirements File Format". An exact pin (`==`) is as good as a lockfile; a range gives no version and a gap.
//! Traps: other files read in (`-r`, `-c`) are a gap, for what they add is unknown here; pip-tools says in comments
//! (`# via flask`, `# via -r requirements.in`) who needs a package, which gives edges and directness.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, EvidenceKind, Hash, Inventory, Text, Tool};

use super::python_lines::{Line, Requirement, logical_lines, parse_line, plain_text};
use crate::installed::{PurlText, pypi_name};
use crate::reader::{Context, Probe, Reader, Unreadable};
use underpin_model::limits::bounds;

/// Reads requirements files.
pub(super) const READER: Reader = Reader {
    id: "requirements-txt",
    title: "Python requirements (requirements.txt)",
    version: 1,
    sniff,
    read,
    companions: &[],
};

/// A file called like a requirements file is one when it names a package; its odd lines become gaps. In other files every
/// line must be one of pip's, or most of them exact pins; words alone are no evidence.
fn sniff(probe: &Probe<'_>) -> bool {
    let (is_named, is_large) = (is_named(probe), probe.bytes.len() > bounds::REQUIREMENTS_BYTES);
    if is_large || !is_named {
        let Some(head) = whole_lines(probe.bytes).map(|head| Tally::of(&decoded(head))) else { return false };
        if is_large || head.odd > head.requirements {
            return is_large && is_named && head.is_named_so();
        }
    }
    if !is_text(probe.bytes) || !is_named && plain_text(probe.bytes, probe.bytes.len()).is_none() {
        return false;
    }
    let tally = Tally::of(&decoded(probe.bytes));
    if is_named { tally.is_named_so() } else { tally.is_by_content(&probe.file_name.to_ascii_lowercase()) }
}

/// `requirements*.txt`, `*requirements.txt` and `requirements/*.txt`; constraints alike.
fn is_named(probe: &Probe<'_>) -> bool {
    let file_name = probe.file_name.to_ascii_lowercase();
    let Some(stem) = file_name.strip_suffix(".txt") else { return false };
    let folder = probe.path.rsplit(['/', '!']).nth(1).unwrap_or_default().to_ascii_lowercase();
    ["requirements", "constraints"].iter().any(|word| stem.starts_with(word) || stem.ends_with(word) || folder == *word)
}

/// What the lines of a file speak for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Lines that can be requirements.
    requirements: usize,
    /// Those that give an exact version.
    pins: usize,
    /// Lines that are pip's and nothing else's.
    certain: usize,
    /// Lines that are not pip's.
    odd: usize,
}

impl Tally {
    fn of(text: &str) -> Self {
        let mut tally = Self::default();
        for (_, line) in logical_lines(text) {
            match parse_line(&line) {
                Line::Requirement(found, _) => {
                    tally.requirements += 1;
                    tally.pins += usize::from(!found.version.is_empty());
                    let is_certain = !found.version.is_empty()
                        || !found.constraint.is_empty()
                        || found.is_editable
                        || !found.hashes.is_empty()
                        || found.address.contains("://");
                    tally.certain += usize::from(is_certain);
                }
                Line::Unknown => tally.odd += 1,
                Line::Include(_) => tally.certain += usize::from(line.trim_start().starts_with("-r")),
                Line::Comment(_) | Line::Option => {}
            }
        }
        tally
    }

    fn is_named_so(self) -> bool {
        self.requirements > 0 && (self.certain > 0 || self.requirements > self.odd)
    }

    fn is_by_content(self, file_name: &str) -> bool {
        let is_called_so = file_name.contains("require") || file_name.contains("constraint");
        let is_mostly_pins = self.pins > 1 && 2 * self.pins > self.requirements + self.odd;
        self.requirements > 0 && if self.odd == 0 { is_called_so || self.certain > 0 } else { is_mostly_pins }
    }
}

/// Bytes looked at first, so that a large file of another kind is not read whole.
const HEAD_BYTES: usize = 2_048;

/// The whole lines among the first bytes; `None` when these are no text.
fn whole_lines(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let end =
        if head.len() < bytes.len() { head.iter().rposition(|byte| *byte == b'\n').unwrap_or(0) } else { head.len() };
    head.get(..end).filter(|head| is_text(head))
}

/// False for what has zero bytes and no mark of UTF-16.
fn is_text(bytes: &[u8]) -> bool {
    encoding_rs::Encoding::for_bom(bytes).is_some() || memchr::memchr(0, bytes).is_none()
}

/// The text: UTF-8 or UTF-16, else Windows-1252, in which every byte is a character.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    plain_text(bytes, bytes.len()).unwrap_or_else(|| encoding_rs::WINDOWS_1252.decode(bytes).0)
}

fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    if bytes.len() > bounds::REQUIREMENTS_BYTES {
        return Err(Unreadable::new("too-large", "", format!("{} bytes", bytes.len())));
    }
    let text = decoded(bytes);
    let mut inventory = Inventory {
        tools: vec![Tool { name: Cow::Borrowed("pip"), version: Cow::Borrowed("") }],
        ..Inventory::default()
    };
    inventory.gaps.add(GapCode::NoSubject, "", "");
    inventory.gaps.add(GapCode::NoCreationTime, "", "");
    if plain_text(bytes, bytes.len()).is_none() {
        inventory.gaps.add(GapCode::WrongEncoding, "", "not UTF-8");
    }
    let mut needed_by: Vec<(u32, String)> = Vec::new();
    let mut in_via = false;
    for (number, line) in logical_lines(&text) {
        let place = format!("line {number}");
        match parse_line(&line) {
            Line::Requirement(_, _) if inventory.components.len() >= context.limits.components => {
                inventory.gaps.add(GapCode::TooManyElements, place, "requirements beyond the limit");
                break;
            }
            Line::Requirement(found, comment) => {
                if let Some(component) = component(found, place, &mut inventory) {
                    inventory.components.push(component);
                    in_via = via(&comment, false, &mut inventory, &mut needed_by);
                }
            }
            Line::Comment(comment) => in_via = via(&comment, in_via, &mut inventory, &mut needed_by),
            Line::Include(file) => inventory.gaps.add(GapCode::UnresolvedParent, place, file),
            Line::Option => {}
            Line::Unknown => inventory.gaps.add(GapCode::MalformedLine, place, "no line of pip's"),
        }
    }
    edges(&needed_by, context, &mut inventory);
    if inventory.components.is_empty() {
        inventory.gaps.add(GapCode::NoComponents, "", "");
    } else if inventory.edges.is_empty() {
        inventory.gaps.add(GapCode::NoEdges, "", "");
    }
    Ok(inventory)
}

/// A requirement as a component; `None` with a gap when it has no name.
pub(crate) fn component<'a>(found: Requirement, place: String, inventory: &mut Inventory<'a>) -> Option<Component<'a>> {
    if found.name.is_empty() {
        inventory.gaps.add(GapCode::NoName, place, format!("address without a name: {}", found.address));
        return None;
    }
    if found.version.is_empty() {
        let wish = if found.address.is_empty() { &found.constraint } else { &found.address };
        inventory.gaps.add(GapCode::UnresolvedVersion, place, format!("{} {wish}", found.name).trim().to_owned());
    }
    let name = pypi_name(&found.name);
    let is_repository = found.address.starts_with("git+");
    let is_download = found.address.starts_with("http");
    let purl = PurlText {
        kind: "pypi",
        name: &name,
        version: &found.version,
        qualifiers: &[
            ("download_url", if is_download { &found.address } else { "" }),
            ("vcs_url", if is_repository { &found.address } else { "" }),
        ],
        ..PurlText::default()
    };
    let mut properties: Vec<(Text<'a>, Text<'a>)> = Vec::new();
    for (key, value) in
        [("pip:marker", found.marker), ("pip:extras", found.extras.join(",")), ("pip:constraint", found.constraint)]
    {
        if !value.is_empty() {
            properties.push((Cow::Borrowed(key), Cow::Owned(value)));
        }
    }
    if found.is_editable {
        properties.push((Cow::Borrowed("pip:editable"), Cow::Borrowed("true")));
    }
    let repository = found.address.strip_prefix("git+").unwrap_or_default();
    let repository = repository.rsplit_once('@').map_or(repository, |(repository, _)| repository);
    Some(Component {
        reference: Cow::Owned(found.name.clone()),
        purl: Cow::Owned(purl.write()),
        evidence: if found.version.is_empty() { EvidenceKind::Manifest } else { EvidenceKind::Lockfile },
        hashes: found
            .hashes
            .into_iter()
            .map(|(algorithm, value)| Hash { algorithm: Cow::Owned(algorithm), value: Cow::Owned(value) })
            .collect(),
        project: Cow::Owned(repository.to_owned()),
        version: Cow::Owned(found.version),
        name: Cow::Owned(found.name),
        properties,
        ..Component::default()
    })
}

/// Takes in a comment of pip-tools behind a requirement. True while following comments go on with its list.
fn via(comment: &str, in_via: bool, inventory: &mut Inventory<'_>, needed_by: &mut Vec<(u32, String)>) -> bool {
    let who = match comment.strip_prefix("via") {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => rest,
        _ if in_via && !comment.is_empty() => comment,
        _ => return false,
    };
    let Some(index) = inventory.components.len().checked_sub(1) else { return false };
    let Some(component) = inventory.components.get_mut(index) else { return false };
    for who in who.split(',').map(str::trim).filter(|who| !who.is_empty()) {
        if who.starts_with("-r") || who.starts_with("-c") || who.contains('(') {
            component.direct = Some(true);
        } else {
            component.direct = Some(component.direct.unwrap_or(false));
            needed_by.push((u32::try_from(index).unwrap_or(u32::MAX), pypi_name(who)));
        }
    }
    true
}

fn edges(needed_by: &[(u32, String)], context: &Context<'_>, inventory: &mut Inventory<'_>) {
    let by_name: HashMap<String, u32> =
        (0_u32..).zip(&inventory.components).map(|(index, component)| (pypi_name(&component.name), index)).collect();
    for (to, who) in needed_by {
        match by_name.get(who) {
            Some(_) if inventory.edges.len() >= context.limits.edges => {
                inventory.gaps.add(GapCode::TooManyElements, "", "dependencies beyond the limit");
                return;
            }
            Some(from) => inventory.edges.push(underpin_model::inventory::Edge { from: *from, to: *to }),
            None => inventory.gaps.add(GapCode::DanglingEdge, "", format!("via {who}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::Limits;
    use underpin_model::inventory::Edge;

    use super::*;

    const COMPILED: &str = "\
#
# This file is autogenerated by pip-compile
#
--index-url https://packages.example/simple

Flask==2.3.2 \\
    --hash=sha256:77fd4e1249d8c9923de34907236b747ced06e5467ecac1a7bb7115ae0e9670b0 \\
    --hash=sha256:8c2f9abd47a9e8df7f0c3f091ce9497d011dc3b31effcf4c85a6e2b50f4114ef
    # via -r requirements.in
jinja2==3.1.2
    # via
    #   flask
    #   my-tool (setup.py)
zope.interface>=5 ; python_version < '3.9'  # via flask
tool @ git+https://git.example/tool.git@v1.0
-r more.txt
";

    #[test]
    fn reads_pins_ranges_and_who_needs_what() {
        let limits = Limits::default();
        let inventory = read(COMPILED.as_bytes(), &Context::new(&limits)).unwrap();
        let lines: Vec<_> = inventory
            .components
            .iter()
            .map(|c| (c.purl.as_ref(), c.version.as_ref(), c.direct, c.evidence, c.hashes.len()))
            .collect();
        assert_eq!(
            lines,
            [
                ("pkg:pypi/flask@2.3.2", "2.3.2", Some(true), EvidenceKind::Lockfile, 2),
                ("pkg:pypi/jinja2@3.1.2", "3.1.2", Some(true), EvidenceKind::Lockfile, 0),
                ("pkg:pypi/zope-interface", "", Some(false), EvidenceKind::Manifest, 0),
                (
                    "pkg:pypi/tool?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Ftool.git%40v1.0",
                    "",
                    None,
                    EvidenceKind::Manifest,
                    0
                ),
            ]
        );
        assert_eq!(inventory.edges, [Edge { from: 0, to: 1 }, Edge { from: 0, to: 2 }]);
        assert_eq!(inventory.components[3].project, "https://git.example/tool.git");
        let gaps: Vec<_> = inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.place.as_ref())).collect();
        assert_eq!(
            gaps,
            [
                ("no-subject", ""),
                ("no-creation-time", ""),
                ("unresolved-version", "line 14"),
                ("unresolved-version", "line 15"),
                ("unresolved-parent", "line 16"),
            ]
        );
    }

    #[test]
    fn words_are_no_evidence() {
        for (text, file_name, expected) in [
            (COMPILED, "x", true),
            ("django\nflask\n", "words.txt", false),
            ("django\nflask\n", "requirements-dev.txt", true),
            ("django==1\n", "", true),
            ("django==1\nthis is prose\n", "requirements.txt", true),
            ("django==1\nthis is prose\n", "notes.txt", false),
            ("django==1\nflask==2\nthis is prose\n", "pins.lst", true),
            ("django==1\nflask==2\na b\nc d\n", "pins.lst", false),
            ("requests==2.31.0\ndjango==4.2.1\n.[dev]\nflask==2.0.0\n", "requirements.txt", true),
            ("requests==2.31.0\n-rother.txt\nflask = 2.0\n", "dev-requirements.txt", true),
            ("flask = 2.0\ndjango\nrequests\n", "x/requirements/base.txt", true),
            ("flask = 2.0\ndjango\nrequests\n", "x/other/base.txt", false),
            ("Requirements\n\nEight gigabytes of memory\nA network card\n", "requirements.txt", false),
            ("# nothing\n", "requirements.txt", false),
            ("-r base.txt\n", "requirements.txt", false),
            ("key=value\n", "requirements.txt", false),
            ("{\"a\": 1}", "requirements.txt", false),
        ] {
            let probe =
                Probe { bytes: text.as_bytes(), file_name: file_name.rsplit('/').next().unwrap(), path: file_name };
            assert_eq!(sniff(&probe), expected, "{file_name}: {text}");
        }
        let named = |bytes| sniff(&Probe { bytes, file_name: "requirements.txt", path: "requirements.txt" });
        let large = [b"a==1\n".repeat(bounds::REQUIREMENTS_BYTES / 5), b"two words\n".to_vec()].concat();
        assert!(named(&large) && named(b"# B\xfccher\na==1\n") && !named(b"a==1\0\n"));
        let late = format!("{}a==1\n", "# licence\n".repeat(1_000));
        assert!(named(late.as_bytes()));
    }

    /// One odd line costs itself, never the file.
    #[test]
    fn odd_lines_are_gaps() {
        let limits = Limits::default();
        for (text, names, gaps) in [
            (
                &b"requests==2.31.0\ndjango==4.2.1\n.[dev]\nflask==2.0.0\n"[..],
                &["requests", "django", "flask"][..],
                &[("no-name", "line 3")][..],
            ),
            (
                b"requests==2.31.0\n-rother.txt\nflask = 2.0\n-e.\n.\n",
                &["requests"],
                &[
                    ("unresolved-parent", "line 2"),
                    ("malformed-line", "line 3"),
                    ("no-name", "line 4"),
                    ("no-name", "line 5"),
                ],
            ),
            (b"# B\xfccher\na==1\n", &["a"], &[("wrong-encoding", "")]),
        ] {
            let inventory = read(text, &Context::new(&limits)).unwrap();
            let read: Vec<_> = inventory.components.iter().map(|component| component.name.as_ref()).collect();
            let found: Vec<_> =
                inventory.gaps.list().iter().map(|gap| (gap.code.as_str(), gap.place.as_ref())).collect();
            assert_eq!(read, names);
            assert_eq!(found[2..found.len() - 1], *gaps);
            assert_eq!(found[found.len() - 1].0, "no-edges");
        }
        let large = b"a==1\n".repeat(bounds::REQUIREMENTS_BYTES / 5 + 1);
        assert_eq!(read(&large, &Context::new(&limits)).unwrap_err().code, "too-large");
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "[a-z=<>#@\\[\\];, \\\\\n~!.-]{0,200}") {
            let limits = Limits::default();
            let _ = sniff(&Probe { bytes: text.as_bytes(), file_name: "requirements.txt", path: "" });
            prop_assert!(read(text.as_bytes(), &Context::new(&limits)).is_ok());
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let limits = Limits::default();
            let _ = sniff(&Probe { bytes: &bytes, file_name: "requirements.txt", path: "" });
            let _ = read(&bytes, &Context::new(&limits));
        }
    }
}
