// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lines of pip: requirements files and what `pip freeze` prints.
//!
//! Source: pip's "Requirements File Format", PEP 508 (names, extras, markers, direct references), PEP 440 (versions). Traps: `\` at
//! the end of a line goes on with the next; a `#` starts a comment only at the start or behind a blank; PowerShell writes
//! such files in UTF-16; addresses may carry credentials, which are left out here.

use std::borrow::Cow;
use underpin_model::limits::bounds;

/// One requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Requirement {
    /// Name as written; for a direct address without a name what the address tells, else empty.
    pub name: String,
    /// The exact version, when it is fixed.
    pub version: String,
    /// What stands there instead of an exact version (`>=2,<3`); empty when nothing does.
    pub constraint: String,
    /// Direct address, credentials taken out; empty for the index.
    pub address: String,
    /// Environment marker (`python_version < "3.8"`).
    pub marker: String,
    /// Extras asked for.
    pub extras: Vec<String>,
    /// Digests allowed: algorithm, hexadecimal.
    pub hashes: Vec<(String, String)>,
    /// True for `-e`.
    pub is_editable: bool,
}

/// What a logical line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Empty, or a comment: its text.
    Comment(String),
    /// A requirement, and the comment behind it.
    Requirement(Requirement, String),
    /// Another file is read in: its name.
    Include(String),
    /// Any other option of pip.
    Option,
    /// None of these.
    Unknown,
}

/// Options that stand on a line of their own.
const OPTIONS: &[&str] = &[
    "-i",
    "--index-url",
    "--extra-index-url",
    "--no-index",
    "-f",
    "--find-links",
    "--no-binary",
    "--only-binary",
    "--prefer-binary",
    "--require-hashes",
    "--pre",
    "--trusted-host",
    "--use-feature",
    "--use-pep517",
    "--no-use-pep517",
    "--no-build-isolation",
    "--no-deps",
];

/// Options whose value may stand right behind them, as in `-rother.txt`.
const SHORT_OPTIONS: &[&str] = &["-r", "-c", "-e", "-i", "-f"];

/// Plain text: UTF-8, or UTF-16 with its mark; `None` for anything else and for more than `most_bytes`.
pub(crate) fn plain_text(bytes: &[u8], most_bytes: usize) -> Option<Cow<'_, str>> {
    if bytes.len() > most_bytes {
        return None;
    }
    if let Some((encoding, mark_bytes)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, had_errors) = encoding.decode_without_bom_handling(bytes.get(mark_bytes..)?);
        return (!had_errors).then_some(text);
    }
    str::from_utf8(bytes).ok().map(Cow::Borrowed)
}

/// True when the first lines are pip's; a cheap look before a large file is read whole.
pub(crate) fn starts_well(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(2048)).unwrap_or_default();
    let is_cut = head.len() < bytes.len();
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    let whole_lines = if is_cut { head.iter().rposition(|byte| *byte == b'\n').unwrap_or(0) } else { head.len() };
    let text = head.get(..whole_lines).and_then(|head| plain_text(head, head.len()));
    text.is_some_and(|text| logical_lines(&text).all(|(_, line)| parse_line(&line) != Line::Unknown))
}

/// Logical lines with the number of their first physical line, counted from one.
pub(crate) fn logical_lines(text: &str) -> impl Iterator<Item = (usize, Cow<'_, str>)> {
    let mut lines = text.lines().enumerate();
    std::iter::from_fn(move || {
        let (index, line) = lines.next()?;
        // A comment cannot be continued.
        if line.trim_start().starts_with('#') || !line.ends_with('\\') {
            return Some((index + 1, Cow::Borrowed(line)));
        }
        let mut whole = line.trim_end_matches('\\').to_owned();
        for (_, next) in lines.by_ref() {
            whole.push(' ');
            whole.push_str(next.trim_end_matches('\\'));
            if !next.ends_with('\\') {
                break;
            }
        }
        Some((index + 1, Cow::Owned(whole)))
    })
}

/// Reads one logical line.
pub(crate) fn parse_line(line: &str) -> Line {
    let (content, comment) = split_comment(line);
    let content = content.trim();
    if content.is_empty() {
        return Line::Comment(comment.to_owned());
    }
    let (first, rest) = option(content);
    match first {
        "-r" | "--requirement" | "-c" | "--constraint" if !rest.is_empty() => Line::Include(rest.to_owned()),
        "-e" | "--editable" if !rest.is_empty() => {
            let requirement = Requirement { is_editable: true, ..address(rest) };
            Line::Requirement(requirement, comment.to_owned())
        }
        _ if OPTIONS.contains(&first) => Line::Option,
        _ => match requirement(content) {
            Some(requirement) => Line::Requirement(requirement, comment.to_owned()),
            None => Line::Unknown,
        },
    }
}

/// The first word of a line, which may be an option, and what stands behind it.
fn option(content: &str) -> (&str, &str) {
    let short = SHORT_OPTIONS.iter().find(|option| content.starts_with(**option) && content.len() > option.len());
    let (first, rest) = match short.and_then(|option| content.split_at_checked(option.len())) {
        Some(parts) => parts,
        None => content.split_once([' ', '\t', '=']).unwrap_or((content, "")),
    };
    (first, rest.trim_start_matches(['=', ' ', '\t']))
}

fn split_comment(line: &str) -> (&str, &str) {
    let start = line
        .match_indices('#')
        .map(|(at, _)| at)
        .find(|at| *at == 0 || line.as_bytes().get(at - 1).is_some_and(u8::is_ascii_whitespace));
    match start.and_then(|at| line.split_at_checked(at)) {
        Some((content, comment)) => (content, comment.trim_start_matches('#').trim()),
        None => (line, ""),
    }
}

/// `name[extras] constraint ; marker --hash=…`, or `name @ address`, or an address alone.
fn requirement(content: &str) -> Option<Requirement> {
    let (content, options) = match content.find(" --") {
        Some(at) => content.split_at_checked(at)?,
        None => (content, ""),
    };
    let mut found = Requirement::default();
    for option in options.split_ascii_whitespace() {
        if let Some((algorithm, value)) = option.strip_prefix("--hash=").and_then(|hash| hash.split_once(':')) {
            found.hashes.push((algorithm.to_ascii_lowercase(), value.to_ascii_lowercase()));
        }
    }
    if is_address(content) {
        let (content, marker) = content.split_once(" ;").unwrap_or((content, ""));
        return Some(Requirement { hashes: found.hashes, marker: marker.trim().to_owned(), ..address(content) });
    }
    let name_end = content.find(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c))).unwrap_or(content.len());
    let (name, rest) = content.split_at_checked(name_end)?;
    let starts_and_ends_well = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    if !starts_and_ends_well(name) || name.len() > bounds::PYTHON_NAME_BYTES {
        return None;
    }
    let mut rest = rest.trim_start();
    if let Some(inside) = rest.strip_prefix('[') {
        let (extras, behind) = inside.split_once(']')?;
        found.extras = listed(extras);
        rest = behind.trim_start();
    }
    if let Some(target) = rest.strip_prefix('@') {
        let (target, marker) = target.split_once(" ;").unwrap_or((target, ""));
        let direct = address(target.trim());
        let name = name.to_owned();
        return Some(Requirement {
            name,
            marker: marker.trim().to_owned(),
            extras: found.extras,
            hashes: found.hashes,
            ..direct
        });
    }
    let (constraint, marker) = rest.split_once(';').unwrap_or((rest, ""));
    let constraint = constraint.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if !constraint.split(',').all(|one| constraint.is_empty() || is_specifier(one.trim())) {
        return None;
    }
    found.name = name.to_owned();
    found.marker = marker.trim().to_owned();
    match exact(constraint) {
        Some(version) => found.version = version.to_owned(),
        None => found.constraint = constraint.to_owned(),
    }
    Some(found)
}

/// Names between commas.
fn listed(names: &str) -> Vec<String> {
    names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// The version of `==1.2` and `===1.2`; a pattern such as `==1.*` fixes nothing.
fn exact(constraint: &str) -> Option<&str> {
    let version = constraint.strip_prefix("===").or_else(|| constraint.strip_prefix("=="))?.trim();
    (!version.contains(['*', ','])).then_some(version)
}

fn is_specifier(text: &str) -> bool {
    let version =
        ["===", "==", "~=", "!=", "<=", ">=", "<", ">"].iter().find_map(|operator| text.strip_prefix(operator));
    version.is_some_and(|version| {
        let version = version.trim();
        version.len() <= bounds::PYTHON_NAME_BYTES
            && version.starts_with(|c: char| c.is_ascii_digit() || c == 'v' || c == 'V')
            && version.chars().all(|c| c.is_ascii_alphanumeric() || ".*+!-_".contains(c))
    })
}

fn is_address(text: &str) -> bool {
    let is_wheel = || text.to_ascii_lowercase().ends_with(".whl") && !text.contains(char::is_whitespace);
    let is_below = |folder: &str| {
        let behind = text.strip_prefix(folder);
        behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(['/', '\\', '[', ' ']))
    };
    let is_path = is_below(".") || is_below("..") || text.starts_with('/') || text.starts_with("file:");
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+'))
        || is_path
        || is_wheel()
}

/// A direct address: name and version as far as it tells them (`#egg=name`, the file name of a wheel).
fn address(text: &str) -> Requirement {
    let text = text.trim();
    let (place, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (place, extras) = match place.strip_suffix(']').and_then(|place| place.rsplit_once('[')) {
        Some((place, extras)) => (place, listed(extras)),
        None => (place, Vec::new()),
    };
    let egg = fragment.split('&').find_map(|part| part.strip_prefix("egg=")).unwrap_or_default();
    let egg = egg.split('[').next().unwrap_or_default();
    let file = place.rsplit('/').next().unwrap_or_default();
    let wheel = file.strip_suffix(".whl").map(|stem| stem.split('-').collect::<Vec<_>>());
    let (name, version) = match wheel.as_deref() {
        Some([name, version, _, _, ..]) => (*name, *version),
        _ => (egg, ""),
    };
    Requirement {
        name: name.to_owned(),
        version: version.to_owned(),
        address: without_credentials(place),
        extras,
        ..Requirement::default()
    }
}

/// The address without the user and password that may stand before its host.
fn without_credentials(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    let (host, path) = rest.find('/').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Option<Requirement> {
        match parse_line(line) {
            Line::Requirement(requirement, _) => Some(requirement),
            _ => None,
        }
    }

    #[test]
    fn requirements_are_read() {
        for (line, name, version, constraint) in [
            ("Django==4.2.1", "Django", "4.2.1", ""),
            ("Django === 4.2.1  # why", "Django", "4.2.1", ""),
            ("a[b, c]>=1,<2; python_version < '3'", "a", "", ">=1,<2"),
            ("a (==1.0)", "a", "1.0", ""),
            ("a==1.*", "a", "", "==1.*"),
            ("a~=1.4.2", "a", "", "~=1.4.2"),
            ("plain", "plain", "", ""),
            ("./dist/my_pkg-1.0-py3-none-any.whl", "my_pkg", "1.0", ""),
            ("-e git+https://host/x.git@abc#egg=thing", "thing", "", ""),
        ] {
            let found = one(line).unwrap();
            assert_eq!((&*found.name, &*found.version, &*found.constraint), (name, version, constraint), "{line}");
        }
        let found = one("a[b,c]==1 ; extra == 'x' --hash=sha256:AB --hash=md5:cd").unwrap();
        assert_eq!((found.extras, found.marker), (vec!["b".to_owned(), "c".to_owned()], "extra == 'x'".to_owned()));
        assert_eq!(found.hashes, [("sha256".to_owned(), "ab".to_owned()), ("md5".to_owned(), "cd".to_owned())]);
        let found = one("x @ git+https://user:secret@host/x.git@v1 ; python_version > '3'").unwrap();
        assert_eq!((&*found.name, &*found.address), ("x", "git+https://host/x.git@v1"));
    }

    #[test]
    fn other_lines_are_told_apart() {
        assert_eq!(parse_line("  # via flask "), Line::Comment("via flask".to_owned()));
        assert_eq!(parse_line("-r base.txt"), Line::Include("base.txt".to_owned()));
        assert_eq!(parse_line("--constraint=base.txt"), Line::Include("base.txt".to_owned()));
        for (line, file) in [("-rother.txt", "other.txt"), ("-c c.txt", "c.txt"), ("--requirement x", "x")] {
            assert_eq!(parse_line(line), Line::Include(file.to_owned()), "{line}");
        }
        for line in ["--index-url https://host/simple", "-ihttps://host/simple", "-f wheels", "--no-build-isolation"] {
            assert_eq!(parse_line(line), Line::Option, "{line}");
        }
        for (line, address, extras, is_editable) in [
            (".", ".", 0, false),
            (".[dev, test]", ".", 2, false),
            ("..", "..", 0, false),
            (".\\part", ".\\part", 0, false),
            ("-e.", ".", 0, true),
            ("-e .[dev]", ".", 1, true),
            ("./part ; python_version < '3'", "./part", 0, false),
            ("file:../part", "file:../part", 0, false),
        ] {
            let found = one(line).unwrap();
            let seen = (&*found.name, &*found.address, found.extras.len(), found.is_editable);
            assert_eq!(seen, ("", address, extras, is_editable), "{line}");
        }
        for line in
            ["hello world", "a = b", "{", "-x", "a==", "name: value", "_a==1", "<html>", "a==1 b", "...", "flask = 2.0"]
        {
            assert_eq!(parse_line(line), Line::Unknown, "{line}");
        }
    }

    #[test]
    fn lines_go_on_behind_a_backslash() {
        let text = "a==1 \\\n  --hash=sha256:00 \\\n  --hash=sha256:11\n# c \\\nb==2";
        let lines: Vec<_> = logical_lines(text).map(|(number, line)| (number, parse_line(&line))).collect();
        assert_eq!(lines.len(), 3);
        assert!(matches!(&lines[0], (1, Line::Requirement(found, _)) if found.hashes.len() == 2));
        assert!(matches!(&lines[2], (5, Line::Requirement(..))));
    }

    #[test]
    fn powershell_writes_utf_16() {
        let bytes: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("a==1\r\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(plain_text(&bytes, 100).as_deref(), Some("a==1\r\n"));
        assert_eq!(plain_text(b"\xff\x00", 100), None);
        assert_eq!(plain_text(b"long", 3), None);
        assert!(starts_well(&bytes) && starts_well(b"a==1\n") && !starts_well(b"two words\n"));
        let long = "a==1\n".repeat(500) + "two words\n";
        assert!(starts_well(long.as_bytes()));
    }
}
