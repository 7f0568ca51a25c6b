// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `go.mod`, read together with its `go.sum`.
//!
//! Source: Go's "Modules Reference". Directives stand alone or in blocks; `// indirect` marks what the module itself does not
//! import. Traps: from Go 1.17 on the file lists every module that the build needs, before that only direct ones; a `replace` takes
//! another module (a fork) or a folder in the place of a required one; the `go` line is the least language version, only
//! `toolchain` (or a full `go 1.21.3`) names a release of the standard library; `go.sum` also holds modules that the build
//! does not take, so it adds digests (`h1`, over the files and not the archive: kept as a property) and never components.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use memchr::memmem;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{
    Component, ComponentKind, Edge, EvidenceKind, Inventory, Pedigree, Scope, Subject, Text, Tool,
};

use crate::installed::PurlText;
use crate::reader::{Context, Probe, Reader, Unreadable};

/// Reads `go.mod`.
pub(super) const READER: Reader =
    Reader { id: "go-mod", title: "Go module (go.mod with go.sum)", version: 1, sniff, read, companions: &["go.sum"] };

const DIRECTIVES: &[&str] =
    &["module", "go", "toolchain", "require", "replace", "exclude", "retract", "godebug", "tool", "ignore"];

/// One statement outside of blocks names the module, and most of the others are Go's; what else stands there is a gap.
fn sniff(probe: &Probe<'_>) -> bool {
    let (mut has_module, mut known, mut odd) = (false, 0_usize, 0_usize);
    for statement in statements(probe.bytes).filter(|statement| !statement.is_in_block) {
        let mut words = statement.content.split_ascii_whitespace();
        let Some(first) = words.next() else { continue };
        if first == "module" {
            let path = unquoted(words.next().unwrap_or_default());
            let is_path = !path.is_empty() && (path == "(" || !path.contains(['(', ')', ';', '{', '"', '#']));
            if !is_path || words.next().is_some() {
                return false;
            }
            has_module = true;
        }
        if DIRECTIVES.contains(&first.trim_end_matches('(')) {
            known += 1;
        } else {
            odd += 1;
        }
        if odd > known + ODD_STATEMENTS {
            return false;
        }
    }
    has_module && (odd <= known || probe.file_name == "go.mod")
}

/// Odd statements before detection gives up on a file in which most may still be Go's.
const ODD_STATEMENTS: usize = 100;

/// A line of the file.
#[derive(Clone, Copy)]
struct Statement<'a> {
    /// Number of the line, counted from 1.
    line: usize,
    /// What stands before the comment.
    content: &'a str,
    /// What stands behind `//`.
    comment: &'a str,
    /// True between the brackets of a block.
    is_in_block: bool,
}

/// The lines, comments taken off; the line that ends a block is still inside of it. What is not UTF-8 reads as odd.
fn statements(bytes: &[u8]) -> impl Iterator<Item = Statement<'_>> {
    let mut is_in_block = false;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.split(|byte| *byte == b'\n').enumerate().map(move |(index, line)| {
        let (content, comment) = match memmem::find(line, b"//") {
            Some(at) => (line.get(..at).unwrap_or_default(), line.get(at + 2..).unwrap_or_default()),
            None => (line, &b""[..]),
        };
        let content = str::from_utf8(content).unwrap_or("\u{fffd}").trim();
        let comment = str::from_utf8(comment).unwrap_or_default();
        let statement = Statement { line: index + 1, content, comment, is_in_block };
        is_in_block = if is_in_block { !content.starts_with(')') } else { content.ends_with('(') };
        statement
    })
}

/// What the file says, line by line.
#[derive(Default)]
struct Module<'a> {
    path: &'a str,
    language: &'a str,
    toolchain: &'a str,
    required: Vec<Required<'a>>,
    /// Where each module and version stands in `required`.
    by_module: HashMap<(&'a str, &'a str), usize>,
    replaced: HashMap<(&'a str, &'a str), (&'a str, &'a str)>,
}

#[derive(Clone, Copy)]
struct Required<'a> {
    path: &'a str,
    version: &'a str,
    is_indirect: bool,
}

fn read<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let mut inventory = Inventory {
        tools: vec![Tool { name: Cow::Borrowed("go"), version: Cow::Borrowed("") }],
        graph_complete: true,
        ..Inventory::default()
    };
    let module = module(bytes, context, &mut inventory);
    inventory.spec_version = Cow::Borrowed(module.language);
    inventory.gaps.add(GapCode::NoCreationTime, "", "");
    if module.path.is_empty() {
        inventory.gaps.add(GapCode::NoSubject, "", "");
    }
    let sums = context.companion("go.sum").map(sums);
    if sums.is_none() && !module.required.is_empty() {
        inventory.gaps.add(GapCode::MissingCompanion, "go.sum", "no digests");
    }
    let purl = purl(module.path, "");
    inventory.subject =
        Subject { name: Cow::Borrowed(module.path), purl: Cow::Owned(purl.clone()), ..Subject::default() };
    let (namespace, name) = split(module.path);
    inventory.components.push(Component {
        reference: Cow::Borrowed(module.path),
        kind: ComponentKind::Application,
        namespace: Cow::Borrowed(namespace),
        name: Cow::Borrowed(name),
        purl: Cow::Owned(purl),
        evidence: EvidenceKind::Manifest,
        ..Component::default()
    });
    inventory.roots.push(0);
    standard_library(&module, &mut inventory);
    for required in &module.required {
        let component = component(required, &module, sums.as_ref());
        inventory.components.push(component);
    }
    let direct = (1_u32..).zip(inventory.components.iter().skip(1)).filter(|(_, found)| found.direct == Some(true));
    inventory.edges = direct.map(|(to, _)| Edge { from: 0, to }).collect();
    let lists_all = minor(module.language).is_some_and(|minor| minor >= 17);
    if !lists_all {
        inventory.gaps.add(GapCode::Incomplete, "", "before Go 1.17 indirect modules are not listed");
    }
    Ok(inventory)
}

fn module<'a>(bytes: &'a [u8], context: &Context<'_>, inventory: &mut Inventory<'_>) -> Module<'a> {
    let mut module = Module::default();
    let mut block = "";
    for statement in statements(bytes) {
        let mut words = statement.content.split_ascii_whitespace().map(unquoted);
        if statement.is_in_block && statement.content.starts_with(')') {
            block = "";
            continue;
        }
        let directive = if statement.is_in_block { Some(block) } else { words.next() };
        let Some(directive) = directive.filter(|_| !statement.content.is_empty()) else { continue };
        if !statement.is_in_block && statement.content.ends_with('(') {
            block = directive.trim_end_matches('(');
            continue;
        }
        let place = || format!("line {}", statement.line);
        if !take(directive, &mut words, statement.comment, &mut module) {
            inventory.gaps.add_with(GapCode::MalformedLine, || (place(), directive.to_owned()));
        }
        if module.required.len() > context.limits.components {
            inventory.gaps.add(GapCode::TooManyElements, place(), "modules beyond the limit");
            module.required.truncate(context.limits.components);
            break;
        }
    }
    if !block.is_empty() {
        inventory.gaps.add(GapCode::TruncatedDocument, "", format!("the block {block:?} is not closed"));
    }
    module
}

/// Takes in one statement; false when it is none of Go's.
fn take<'a>(directive: &str, words: &mut dyn Iterator<Item = &'a str>, comment: &str, module: &mut Module<'a>) -> bool {
    let first = words.next().unwrap_or_default();
    if first.is_empty() || !DIRECTIVES.contains(&directive) {
        return false;
    }
    match directive {
        "module" => module.path = first,
        "go" => module.language = first,
        "toolchain" => module.toolchain = first,
        "require" => {
            let Some(version) = words.next() else { return false };
            let is_indirect = comment.split([' ', ';', '\t', '\r']).any(|word| word == "indirect");
            match module.by_module.entry((first, version)) {
                // Stated twice it is one module, direct when one of the lines says so.
                Entry::Occupied(present) => {
                    if let Some(present) = module.required.get_mut(*present.get()) {
                        present.is_indirect &= is_indirect;
                    }
                }
                Entry::Vacant(free) => {
                    free.insert(module.required.len());
                    module.required.push(Required { path: first, version, is_indirect });
                }
            }
        }
        "replace" => {
            let mut next = words.next().unwrap_or_default();
            let mut version = "";
            if next != "=>" {
                version = next;
                next = words.next().unwrap_or_default();
            }
            let Some(target) = words.next().filter(|_| next == "=>") else { return false };
            module.replaced.insert((first, version), (target, words.next().unwrap_or_default()));
        }
        _ => {}
    }
    true
}

/// The standard library is part of every program that Go builds.
fn standard_library(module: &Module<'_>, inventory: &mut Inventory<'_>) {
    let toolchain = module.toolchain.strip_prefix("go").unwrap_or_default();
    let stated = if toolchain.is_empty() { module.language } else { toolchain };
    let stated = stated.split('-').next().unwrap_or_default();
    let is_release = stated.split('.').count() == 3 && stated.split('.').all(|part| part.parse::<u32>().is_ok());
    let version = if is_release { stated } else { "" };
    if !is_release {
        let detail = format!("go {stated} names no release of the standard library");
        inventory.gaps.add(GapCode::UnresolvedVersion, "stdlib", detail);
    }
    let purl = PurlText { kind: "golang", name: "stdlib", version, ..PurlText::default() };
    inventory.components.push(Component {
        reference: Cow::Borrowed("stdlib"),
        name: Cow::Borrowed("stdlib"),
        version: Cow::Owned(version.to_owned()),
        purl: Cow::Owned(purl.write()),
        scope: Scope::Runtime,
        direct: Some(true),
        evidence: EvidenceKind::Manifest,
        ..Component::default()
    });
}

fn component<'a>(
    required: &Required<'a>,
    module: &Module<'a>,
    sums: Option<&HashMap<(&'a str, &'a str), &'a str>>,
) -> Component<'a> {
    let Required { path, version, is_indirect } = *required;
    let replacement =
        module.replaced.get(&(path, version)).or_else(|| module.replaced.get(&(path, ""))).copied().unwrap_or_default();
    let is_folder = ["./", "../", "/"].iter().any(|start| replacement.0.starts_with(start)) || replacement.0 == ".";
    let (path_used, version_used) = if replacement.0.is_empty() || is_folder { (path, version) } else { replacement };
    let is_fork = path_used != path;
    let (namespace, name) = split(path_used);
    let sum = sums.and_then(|sums| sums.get(&(path_used, version_used))).copied();
    Component {
        reference: Cow::Borrowed(path),
        namespace: Cow::Borrowed(namespace),
        name: Cow::Borrowed(name),
        version: Cow::Borrowed(version_used),
        purl: Cow::Owned(purl(path_used, version_used)),
        direct: Some(!is_indirect),
        evidence: if sum.is_some() && !is_folder { EvidenceKind::Lockfile } else { EvidenceKind::Manifest },
        modified: (is_fork || is_folder).then_some(true),
        pedigree: is_fork
            .then(|| Box::new(Pedigree { ancestors: vec![Cow::Owned(purl(path, version))], ..Pedigree::default() })),
        locations: if is_folder { vec![Cow::Borrowed(replacement.0)] } else { Vec::new() },
        properties: sum.map_or_else(Vec::new, |sum| vec![(Cow::Borrowed("go:h1"), Cow::Borrowed(sum))]),
        project: repository(path_used),
        ..Component::default()
    }
}

/// Digests by module and version.
fn sums(bytes: &[u8]) -> HashMap<(&str, &str), &str> {
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| str::from_utf8(line).ok());
    let fields = lines.filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        Some(((words.next()?, words.next()?), words.next()?.strip_prefix("h1:")?))
    });
    fields.filter(|((_, version), _)| !version.ends_with("/go.mod")).collect()
}

/// Where a module's name is its repository.
fn repository(path: &str) -> Text<'static> {
    let mut parts = path.split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(host @ ("github.com" | "gitlab.com" | "codeberg.org" | "bitbucket.org")), Some(owner), Some(name)) => {
            Cow::Owned(format!("https://{host}/{owner}/{name}"))
        }
        _ => Cow::Borrowed(""),
    }
}

fn purl(path: &str, version: &str) -> String {
    let path = path.to_lowercase();
    let (namespace, name) = split(&path);
    PurlText { kind: "golang", namespace, name, version, ..PurlText::default() }.write()
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn minor(language: &str) -> Option<u32> {
    language.strip_prefix("1.")?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '`'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::Limits;

    use super::*;

    const GO_MOD: &str = "\
// Deprecated: for the test
module example.org/Own/app

go 1.21.3

require (
\tgithub.com/BurntSushi/toml v1.3.2
\tgolang.org/x/text v0.9.0 // indirect
\tgithub.com/old/lib v2.0.0+incompatible // indirect; why
\texample.org/local v0.0.0
)

require \"gopkg.in/yaml.v3\" v3.0.1

replace github.com/old/lib => github.com/new/lib v2.0.1
replace (
\texample.org/local => ../local
\tgopkg.in/yaml.v3 v3.0.1 => gopkg.in/yaml.v3 v3.0.2
)
exclude example.org/bad v1.0.0
";

    const GO_SUM: &str = "\
github.com/BurntSushi/toml v1.3.2 h1:o7IhLm0Msx3BaB+n3Ag7L8EVlByGnpq14C4YWiu/gL8=
github.com/BurntSushi/toml v1.3.2/go.mod h1:CxXYINrC8qIiEnFrOxCa7Jy5BFHlXnUU2pbicEuybxQ=
";

    #[test]
    fn reads_modules_with_their_digests_and_replacements() {
        let limits = Limits::default();
        let context = Context { companions: vec![("go.sum", GO_SUM.as_bytes())], ..Context::new(&limits) };
        let inventory = read(GO_MOD.as_bytes(), &context).unwrap();
        let lines: Vec<_> = inventory
            .components
            .iter()
            .map(|c| (c.purl.as_ref(), c.direct, c.modified, c.evidence.as_str(), c.properties.len()))
            .collect();
        assert_eq!(
            lines,
            [
                ("pkg:golang/example.org/own/app", None, None, "manifest", 0),
                ("pkg:golang/stdlib@1.21.3", Some(true), None, "manifest", 0),
                ("pkg:golang/github.com/burntsushi/toml@v1.3.2", Some(true), None, "lockfile", 1),
                ("pkg:golang/golang.org/x/text@v0.9.0", Some(false), None, "manifest", 0),
                ("pkg:golang/github.com/new/lib@v2.0.1", Some(false), Some(true), "manifest", 0),
                ("pkg:golang/example.org/local@v0.0.0", Some(true), Some(true), "manifest", 0),
                ("pkg:golang/gopkg.in/yaml.v3@v3.0.2", Some(true), None, "manifest", 0),
            ]
        );
        let fork = inventory.components[4].pedigree.as_ref().unwrap();
        assert_eq!(fork.ancestors, ["pkg:golang/github.com/old/lib@v2.0.0%2Bincompatible"]);
        assert_eq!(inventory.components[5].locations, ["../local"]);
        assert_eq!(inventory.components[2].project, "https://github.com/BurntSushi/toml");
        assert_eq!(
            inventory.edges.iter().map(|edge| (edge.from, edge.to)).collect::<Vec<_>>(),
            [(0, 1), (0, 2), (0, 5), (0, 6)]
        );
        assert_eq!(inventory.subject.name, "example.org/Own/app");
        assert_eq!(inventory.gaps.list().iter().map(|gap| gap.code.as_str()).collect::<Vec<_>>(), ["no-creation-time"]);
    }

    #[test]
    fn what_is_left_open_is_a_gap() {
        for (text, codes) in [
            (
                "module a\ngo 1.16\nrequire b v1.0.0\n",
                &["no-creation-time", "missing-companion", "unresolved-version", "incomplete"][..],
            ),
            ("module a\ngo 1.21\ntoolchain go1.22.1-custom\n", &["no-creation-time"]),
            ("module a\ngo 1.21.0\nrequire (\n", &["truncated-document", "no-creation-time"]),
            (
                "module a\ngo 1.21.0\nrequire (\n\tb\n)\nreplace c => \nunknown x\n\u{e9} y\n",
                &["malformed-line", "malformed-line", "malformed-line", "malformed-line", "no-creation-time"],
            ),
        ] {
            let limits = Limits::default();
            let inventory = read(text.as_bytes(), &Context::new(&limits)).unwrap();
            assert_eq!(inventory.gaps.list().iter().map(|gap| gap.code.as_str()).collect::<Vec<_>>(), codes, "{text}");
        }
    }

    /// Heads of blocks with comments, a mark of the encoding, lines stated twice, and a comment in Latin-1.
    #[test]
    fn all_notations_say_the_same() {
        let limits = Limits::default();
        for text in [
            &b"module m\n\ngo 1.21.0\n\nrequire ( // pinned for security\n\ta/b v1.0.0\n\tc v2.0.0 // indirect\n)\n"[..],
            b"\xef\xbb\xbfmodule m\r\ngo 1.21.0\r\nrequire a/b v1.0.0\r\nrequire c v2.0.0 // indirect\r\n",
            b"module m\ngo 1.21.0\nrequire(\na/b v1.0.0 // indirect\na/b v1.0.0\nc v2.0.0 // indirect\n)\n",
            b"module (\n m\n)\ngo 1.21.0 // f\xfcr\nrequire \"a/b\" v1.0.0\nrequire c v2.0.0 //indirect\n",
            b"module m\ngo 1.21.0\nretract [v1.0.0, v1.1.0] // bad\nexclude a/b v0.9.0\ntool c/cmd\ngodebug x=y\nignore ./z\n\
              require a/b v1.0.0\nrequire c v2.0.0 // indirect\n",
        ] {
            let shown = String::from_utf8_lossy(text);
            assert!(sniff(&Probe { bytes: text, file_name: "go.mod", path: "go.mod" }), "{shown}");
            let inventory = read(text, &Context::new(&limits)).unwrap();
            let lines: Vec<_> = inventory.components.iter().map(|found| (found.purl.as_ref(), found.direct)).collect();
            assert_eq!(
                lines,
                [
                    ("pkg:golang/m", None),
                    ("pkg:golang/stdlib@1.21.0", Some(true)),
                    ("pkg:golang/a/b@v1.0.0", Some(true)),
                    ("pkg:golang/c@v2.0.0", Some(false)),
                ],
                "{shown}"
            );
            assert_eq!(inventory.gaps.count(GapCode::MalformedLine), 0, "{shown}");
        }
    }

    #[test]
    fn detection_tells_go_from_other_modules() {
        for (text, expected) in [
            (GO_MOD, true),
            ("module m\n", true),
            ("module \"quoted.example/m\" // c\n", true),
            ("module adder (\n  input a\n);\n", false),
            ("module adder;\nendmodule\n", false),
            ("module \"vpc\" {\n}\n", false),
            ("module Foo where\n", false),
            ("module m\nsomething odd\n", true),
            ("go 1.21\n", false),
            ("", false),
        ] {
            let probe = Probe { bytes: text.as_bytes(), file_name: "go.mod", path: "go.mod" };
            assert_eq!(sniff(&probe), expected, "{text}");
        }
        let prose = b"module m\nsomething odd\nand more of it\n";
        for (file_name, expected) in [("go.mod", true), ("notes", false)] {
            assert_eq!(sniff(&Probe { bytes: prose, file_name, path: file_name }), expected, "{file_name}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "(module|go|require|replace|=>|\\(|\\)|//|v1.0.0|a/b|[ \n\t\"]){0,60}") {
            let limits = Limits { components: 3, ..Limits::default() };
            let _ = sniff(&Probe { bytes: text.as_bytes(), file_name: "", path: "" });
            let inventory = read(text.as_bytes(), &Context::new(&limits)).unwrap();
            prop_assert!(inventory.components.len() <= 5);
        }
    }
}
