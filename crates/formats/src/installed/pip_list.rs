// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a Python environment holds: `pip freeze` (lines) and `pip list --format json`.
//!
//! Source: pip's reference of both commands. Both say what is installed, not who needs it. Traps: a frozen list looks like a
//! requirements file with pins only, so it is taken as installed only when it comes without a name (standard input) or is called
//! so (`freeze`, `installed`, `pip-list`); else the weaker reading as a requirements file holds. What was installed from a folder
//! without version control stands in a comment.

use std::borrow::Cow;

use serde::Deserialize;
use underpin_model::gap::GapCode;
use underpin_model::inventory::{Component, EvidenceKind, Inventory};

use super::{PurlText, field, pypi_name};
use crate::manifests::{Line, logical_lines, parse_line, plain_text, python_component, starts_well};
use crate::reader::{Context, Probe, Reader, Unreadable};
use underpin_model::limits::bounds;

/// Reads `pip freeze`.
pub(super) const FREEZE_READER: Reader = Reader {
    id: "pip-freeze",
    title: "Python environment (pip freeze)",
    version: 1,
    sniff: sniff_freeze,
    read: read_freeze,
    companions: &[],
};

/// Reads `pip list --format json`.
pub(super) const JSON_READER: Reader = Reader {
    id: "pip-list-json",
    title: "Python environment (pip list --format json)",
    version: 1,
    sniff: sniff_json,
    read: read_json,
    companions: &[],
};

fn sniff_freeze(probe: &Probe<'_>) -> bool {
    let name = probe.file_name.to_ascii_lowercase();
    let is_called_so =
        name.is_empty() || ["freeze", "installed", "pip-list", "pip_list"].iter().any(|word| name.contains(word));
    let Some(text) =
        (is_called_so && starts_well(probe.bytes)).then(|| plain_text(probe.bytes, bounds::PIP_LIST_BYTES)).flatten()
    else {
        return false;
    };
    let mut packages = 0;
    for (_, line) in logical_lines(&text) {
        match parse_line(&line) {
            Line::Requirement(found, _)
                if found.hashes.is_empty() && found.extras.is_empty() && found.marker.is_empty() =>
            {
                packages += 1;
                if found.version.is_empty() && found.address.is_empty() {
                    return false;
                }
            }
            Line::Comment(_) => {}
            _ => return false,
        }
    }
    packages > 0
}

fn read_freeze<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let text = plain_text(bytes, bounds::PIP_LIST_BYTES)
        .ok_or_else(|| Unreadable::new("wrong-encoding", "", "neither UTF-8 nor UTF-16, or too large"))?;
    let mut inventory = field::inventory("pip");
    for (number, line) in logical_lines(&text) {
        let place = format!("line {number}");
        let found = match parse_line(&line) {
            Line::Requirement(found, _) => found,
            Line::Comment(comment) => match local_folder(&comment) {
                Some(Line::Requirement(found, _)) => found,
                _ => continue,
            },
            _ => {
                inventory.gaps.add(GapCode::MalformedLine, place, "");
                continue;
            }
        };
        if inventory.components.len() >= context.limits.components {
            inventory.gaps.add(GapCode::TooManyElements, place, "packages beyond the limit");
            break;
        }
        if let Some(component) = python_component(found, place, &mut inventory) {
            inventory.components.push(Component { evidence: EvidenceKind::Installed, ..component });
        }
    }
    field::finish(&mut inventory);
    Ok(inventory)
}

/// `Editable install with no version control (name==1.0)` names what is installed from a folder.
fn local_folder(comment: &str) -> Option<Line> {
    let inside = comment.strip_prefix("Editable install with no version control (")?.strip_suffix(')')?;
    Some(parse_line(inside))
}

/// One package as pip writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the fields that are not read still tell this list from others")]
struct Package<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    version: Cow<'a, str>,
    #[serde(borrow)]
    editable_project_location: Option<Cow<'a, str>>,
    #[serde(borrow)]
    location: Option<Cow<'a, str>>,
    #[serde(borrow)]
    installer: Option<Cow<'a, str>>,
    #[serde(borrow)]
    latest_version: Option<Cow<'a, str>>,
    #[serde(borrow)]
    latest_filetype: Option<Cow<'a, str>>,
}

/// The first element alone decides: nothing else than what pip writes, name and version among it.
fn sniff_json(probe: &Probe<'_>) -> bool {
    let head = probe.bytes.get(..probe.bytes.len().min(4096)).unwrap_or_default();
    let inside = head.trim_ascii_start().strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    let first = inside.and_then(|inside| inside.get(..=memchr::memchr(b'}', inside)?));
    first.is_some_and(|first| serde_json::from_slice::<Package<'_>>(first).is_ok())
}

fn read_json<'a>(bytes: &'a [u8], context: &Context<'a>) -> Result<Inventory<'a>, Unreadable> {
    let packages: Vec<&serde_json::value::RawValue> = serde_json::from_slice(bytes).map_err(|error| {
        Unreadable::new("malformed-json", format!("line {} column {}", error.line(), error.column()), error.to_string())
    })?;
    let mut inventory = field::inventory("pip");
    for (index, raw) in packages.into_iter().enumerate() {
        let place = format!("/{index}");
        if index >= context.limits.components {
            inventory.gaps.add(GapCode::TooManyElements, place, "packages beyond the limit");
            break;
        }
        match serde_json::from_str::<Package<'a>>(raw.get()) {
            Ok(package) if !package.name.is_empty() => inventory.components.push(component(package)),
            Ok(_) => inventory.gaps.add(GapCode::NoName, place, ""),
            Err(error) => inventory.gaps.add(GapCode::WrongType, place, error.to_string()),
        }
    }
    field::finish(&mut inventory);
    Ok(inventory)
}

fn component(package: Package<'_>) -> Component<'_> {
    let name = pypi_name(&package.name);
    let purl = PurlText { kind: "pypi", name: &name, version: &package.version, ..PurlText::default() };
    Component {
        purl: Cow::Owned(purl.write()),
        reference: package.name.clone(),
        name: package.name,
        version: package.version,
        locations: package.editable_project_location.into_iter().collect(),
        evidence: EvidenceKind::Installed,
        ..Component::default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::Limits;

    use super::*;

    const FREEZE: &str = "\
Flask==2.3.2
tool @ file:///srv/wheels/tool-1.0-py3-none-any.whl
-e git+https://git.example/thing.git@abc#egg=thing
# Editable install with no version control (own==0.1)
-e /srv/own
";

    #[test]
    fn frozen_lists_are_installed() {
        let limits = Limits::default();
        let inventory = read_freeze(FREEZE.as_bytes(), &Context::new(&limits)).unwrap();
        let lines: Vec<_> = inventory.components.iter().map(|c| (c.purl.as_ref(), c.evidence)).collect();
        assert_eq!(
            lines,
            [
                ("pkg:pypi/flask@2.3.2", EvidenceKind::Installed),
                ("pkg:pypi/tool@1.0", EvidenceKind::Installed),
                ("pkg:pypi/thing?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fthing.git%40abc", EvidenceKind::Installed),
                ("pkg:pypi/own@0.1", EvidenceKind::Installed),
            ]
        );
        let codes: Vec<_> = inventory.gaps.list().iter().map(|gap| gap.code.as_str()).collect();
        assert_eq!(codes, ["no-subject", "no-creation-time", "unresolved-version", "no-name", "no-edges"]);
    }

    #[test]
    fn json_lists_are_installed() {
        let json = br#"[{"name": "Flask", "version": "2.3.2"}, {"name": "own", "version": "0.1",
            "editable_project_location": "/srv/own"}, {"name": 3}]"#;
        let limits = Limits::default();
        let inventory = read_json(json, &Context::new(&limits)).unwrap();
        assert_eq!(
            inventory.components.iter().map(|c| c.purl.as_ref()).collect::<Vec<_>>(),
            ["pkg:pypi/flask@2.3.2", "pkg:pypi/own@0.1"]
        );
        assert_eq!(inventory.components[1].locations, ["/srv/own"]);
        assert_eq!(inventory.gaps.count(GapCode::WrongType), 1);
        assert_eq!(read_json(b"[", &Context::new(&limits)).unwrap_err().code, "malformed-json");
    }

    #[test]
    fn detection_leaves_requirements_alone() {
        for (text, file_name, freeze, json) in [
            (FREEZE, "", true, false),
            (FREEZE, "pip-freeze.txt", true, false),
            (FREEZE, "requirements.txt", false, false),
            ("a==1\nb>=2\n", "", false, false),
            ("hello\n", "", false, false),
            ("[{\"name\": \"a\", \"version\": \"1\"}]", "x.json", false, true),
            ("[{\"name\": \"a\", \"version\": \"1\", \"purl\": \"x\"}]", "x.json", false, false),
            ("[]", "", false, false),
        ] {
            let probe = Probe { bytes: text.as_bytes(), file_name, path: file_name };
            assert_eq!((sniff_freeze(&probe), sniff_json(&probe)), (freeze, json), "{text} {file_name}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let limits = Limits::default();
            let probe = Probe { bytes: &bytes, file_name: "", path: "" };
            let _ = (sniff_freeze(&probe), sniff_json(&probe));
            let _ = read_freeze(&bytes, &Context::new(&limits));
            let _ = read_json(&bytes, &Context::new(&limits));
        }
    }
}
