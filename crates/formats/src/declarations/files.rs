// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Files that a declaration names: a logo, pictures of the screen, a list of authors.

use underpin_model::practices::FaultCode;

use super::Source;
use super::schema::Check;
use super::values;

/// The first bytes of every PNG, and of the part that says how large it is.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR";

/// What a look at a file of the repository showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is not there.
    Nothing,
    /// It is there and begins so.
    File(Vec<u8>),
    /// Nobody can look: only the file itself is here.
    Blind,
}

/// What is wrong with a file that is named. What lies elsewhere is not asked for.
pub(super) fn judge(source: &Source<'_>, name: &str, check: Check) -> Option<FaultCode> {
    if name.is_empty() {
        return None;
    }
    if name.starts_with('/') {
        return Some(FaultCode::AbsolutePath);
    }
    if values::scheme(name).is_some_and(|(scheme, _)| scheme == "file") || name.starts_with("file:") {
        return Some(FaultCode::AbsolutePath);
    }
    if values::is_address(name) {
        return None;
    }
    let Some(path) = path(source.path, name) else { return Some(FaultCode::OutsideTree) };
    let ending =
        path.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map(|(_, ending)| ending.to_lowercase());
    let ending = ending.unwrap_or_default();
    let fit: &[&str] = match check {
        Check::Logo => &["svg", "svgz", "png"],
        Check::Screenshot => &["jpg", "png"],
        _ => &[],
    };
    if !fit.is_empty() && !fit.contains(&ending.as_str()) {
        return Some(FaultCode::WrongEnding);
    }
    match (source.look)(&path) {
        Seen::Nothing => Some(FaultCode::FileMissing),
        Seen::File(bytes) if matches!(check, Check::Logo) && ending == "png" && !bytes.starts_with(PNG) => {
            Some(FaultCode::NoImage)
        }
        Seen::File(_) | Seen::Blind => None,
    }
}

/// A path beside the file, from the root; `None` where it leads out of the repository.
fn path(beside: &str, name: &str) -> Option<String> {
    let mut parts: Vec<&str> = beside.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(path("publiccode.yml", "a/./b.png").as_deref(), Some("a/b.png"));
        assert_eq!(path("docs/publiccode.yml", "../b.png").as_deref(), Some("b.png"));
        assert_eq!(path("publiccode.yml", "../b.png"), None);
    }
}
