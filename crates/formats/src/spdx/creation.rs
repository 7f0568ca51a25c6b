// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who made the document, with which tools, and when.
//!
//! SPDX writes tools as `Tool: name-version` in the list of creators. What stands behind the first hyphen that a digit
//! follows is the version (`spdx-sbom-generator-v0.0.10`). Some tools give their Go import path as name
//! (`sigs.k8s.io/bom/pkg/spdx`): the project's name in it is kept.

use std::borrow::Cow;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{Text, Tool};
use underpin_model::{Inventory, Timestamp};

use super::notes::{Notes, Origin, says_nothing};
use super::wire::Creation;

/// Puts tools, creators and time into the inventory.
pub(super) fn read<'a>(creation: Creation<'a>, inventory: &mut Inventory<'a>, notes: &mut Notes<'_>) {
    let line = creation.line;
    let origin = notes.origin;
    let place = |field: &str| match origin {
        Origin::Lines => format!("line {line}"),
        Origin::Graph => format!("/@graph/{line}/{field}"),
        Origin::Pointers => format!("/creationInfo/{field}"),
    };
    notes.faults(&creation.faults, place);
    for creator in notes.list(creation.creators, || place("creators")) {
        let text = notes.text_at(creator, || place("creators"));
        match strip(&text, "Tool:") {
            Some(tool) if !tool.is_empty() => inventory.tools.push(split(tool)),
            _ if says_nothing(&text) => {}
            _ => inventory.creators.push(text),
        }
    }
    if inventory.tools.is_empty() {
        notes.gaps.add_with(GapCode::NoTool, || (place("creators"), ""));
    }
    let created = notes.text_at(creation.created, || place("created"));
    if says_nothing(&created) {
        notes.gaps.add_with(GapCode::NoCreationTime, || (place("created"), ""));
        return;
    }
    match created.parse::<Timestamp>() {
        Ok(moment) => inventory.created = Some(moment),
        Err(error) => notes.gaps.add_with(GapCode::InvalidTime, || (place("created"), error.to_string())),
    }
}

/// What follows `prefix`, without blanks around it.
fn strip<'a>(text: &Text<'a>, prefix: &str) -> Option<Text<'a>> {
    match text {
        Cow::Borrowed(text) => text.trim().strip_prefix(prefix).map(|rest| Cow::Borrowed(rest.trim())),
        Cow::Owned(text) => text.trim().strip_prefix(prefix).map(|rest| Cow::Owned(rest.trim().to_owned())),
    }
}

/// A tool and its version from `name-version`.
pub(super) fn split(text: Text<'_>) -> Tool<'_> {
    match text {
        Cow::Borrowed(text) => {
            let (name, version) = parts(text);
            Tool { name: Cow::Borrowed(name), version: Cow::Borrowed(version) }
        }
        Cow::Owned(text) => {
            let (name, version) = parts(&text);
            Tool { name: Cow::Owned(name.to_owned()), version: Cow::Owned(version.to_owned()) }
        }
    }
}

fn parts(text: &str) -> (&str, &str) {
    let starts_version = |rest: &str| {
        let rest = rest.strip_prefix(['v', 'V']).unwrap_or(rest);
        rest.starts_with(|first: char| first.is_ascii_digit())
    };
    for (index, separator) in text.char_indices() {
        let rest = text.get(index + separator.len_utf8()..).unwrap_or_default();
        if matches!(separator, '-' | ' ' | '@' | ':') && starts_version(rest) {
            return (short(text.get(..index).unwrap_or_default().trim()), rest);
        }
        // Development builds of syft call themselves `syft-[not provided]`.
        if separator == '-' && matches!(rest, "[not provided]" | "(devel)" | "dev") {
            return (short(text.get(..index).unwrap_or_default().trim()), "");
        }
    }
    (short(text), "")
}

/// The project's name in an import path (`host.example/owner/name/…`), else the text itself.
fn short(name: &str) -> &str {
    let path = name.strip_prefix("https://").or_else(|| name.strip_prefix("http://")).unwrap_or(name);
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let host = segments.next().unwrap_or_default();
    if !host.contains('.') {
        return name;
    }
    let owners = usize::from(matches!(host, "github.com" | "gitlab.com" | "bitbucket.org" | "codeberg.org"));
    segments.nth(owners).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_split_from_their_versions() {
        for (text, name, version) in [
            ("syft-0.64.0", "syft", "0.64.0"),
            ("syft-1.0.0-rc.1", "syft", "1.0.0-rc.1"),
            ("syft-[not provided]", "syft", ""),
            ("trivy", "trivy", ""),
            ("trivy-0.45.0", "trivy", "0.45.0"),
            ("tern-2.11.0", "tern", "2.11.0"),
            ("sigs.k8s.io/bom/pkg/spdx", "bom", ""),
            ("sigs.k8s.io/bom/pkg/spdx-v0.5.1", "bom", "v0.5.1"),
            ("https://github.com/example/maker-v1.2", "maker", "v1.2"),
            ("Microsoft.SBOMTool-1.1.0", "Microsoft.SBOMTool", "1.1.0"),
            ("spdx-sbom-generator-v0.0.10", "spdx-sbom-generator", "v0.0.10"),
            ("scancode-toolkit 31.2.4", "scancode-toolkit", "31.2.4"),
            ("", "", ""),
            ("é-1", "é", "1"),
        ] {
            let tool = split(Cow::Borrowed(text));
            assert_eq!((tool.name.as_ref(), tool.version.as_ref()), (name, version), "{text}");
            assert_eq!(split(Cow::Owned(text.to_owned())), tool, "{text}");
        }
    }
}
