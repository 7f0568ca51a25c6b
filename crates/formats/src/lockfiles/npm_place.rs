// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The places in npm's lockfiles: paths below the root, stated as such or by nesting.

use underpin_model::GapCode;
use underpin_model::inventory::Text;

use super::draft::Draft;
use super::tree::Node;

/// A place below the root and what lies there.
pub(super) struct Place<'n, 't> {
    /// Its path; for a nested list only the name, when too many paths would have to be made.
    pub(super) path: Text<'t>,
    /// Name of the folder it lies in, which an alias differs from the package's.
    pub(super) name: &'n str,
    /// The place that it lies inside of, in a nested list.
    pub(super) parent: Option<u32>,
    /// What is stated about it.
    pub(super) entry: &'n Node<'t>,
    /// What was made of it.
    pub(super) component: Option<u32>,
}

/// The places of a list by paths.
pub(super) fn flat<'n, 't>(draft: &mut Draft<'t, '_>, document: &'n Node<'t>) -> Vec<Place<'n, 't>> {
    let entries = draft.entries(document.get("packages"), "/packages");
    let place = |(path, entry): &'n (Text<'t>, Node<'t>)| Place {
        path: path.clone(),
        name: split_path(path).map_or(path.as_ref(), |(_, name)| name),
        parent: None,
        entry,
        component: None,
    };
    entries.iter().map(place).collect()
}

/// The nested list of version 1, with paths as version 2 has them. A short list can nest so that its paths would fill
/// any memory, so they are only made up to `most_bytes`.
pub(super) fn nested<'n, 't>(
    draft: &mut Draft<'t, '_>,
    document: &'n Node<'t>,
    most_bytes: usize,
) -> Vec<Place<'n, 't>> {
    let mut places: Vec<Place<'n, 't>> = Vec::new();
    let mut open: Vec<(Option<u32>, &'n Node<'t>)> = vec![(None, document)];
    let mut left_bytes = most_bytes;
    while let Some((parent, node)) = open.pop() {
        let above = parent.and_then(|parent| places.get(parent as usize));
        let above = above
            .map_or(Some(String::new()), |above| split_path(&above.path).is_some().then(|| format!("{}/", above.path)));
        for (name, entry) in draft.entries(node.get("dependencies"), "/dependencies") {
            let above = above.as_ref().filter(|above| above.len() + name.len() + FOLDER.len() <= left_bytes);
            let path = match above {
                Some(above) => format!("{above}{FOLDER}{name}").into(),
                None => {
                    draft.gap(GapCode::TextTooLong, "/dependencies", "the path of a nested package was not made");
                    name.clone()
                }
            };
            left_bytes = left_bytes.saturating_sub(path.len());
            let number = u32::try_from(places.len()).ok();
            if entry.get("dependencies").exists() && number.is_some() {
                open.push((number, entry));
            }
            places.push(Place { path, name, parent, entry, component: None });
        }
    }
    places
}

/// The folder in which packages lie.
const FOLDER: &str = "node_modules/";

/// What the path of an installed package lies in, and its name there; nothing for a path outside of `node_modules`.
pub(super) fn split_path(path: &str) -> Option<(&str, &str)> {
    let at = path
        .rmatch_indices(FOLDER)
        .map(|(at, _)| at)
        .find(|&at| at == 0 || path.as_bytes().get(at - 1) == Some(&b'/'))?;
    Some((path.get(..at)?.trim_end_matches('/'), path.get(at + FOLDER.len()..)?))
}

/// The folder in which Node.js looks after that of a path: a name with its scope is one step.
pub(super) fn above(path: &str) -> &str {
    let outside = || path.rsplit_once('/').map_or("", |(above, _)| above);
    match split_path(path) {
        Some((above, name)) if name.matches('/').count() <= usize::from(name.starts_with('@')) => above,
        _ => outside(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_split_where_packages_lie() {
        for (path, split, next) in [
            ("", None, ""),
            ("node_modules/a", Some(("", "a")), ""),
            ("node_modules/@s/a", Some(("", "@s/a")), ""),
            ("node_modules/a/node_modules/@s/b", Some(("node_modules/a", "@s/b")), "node_modules/a"),
            ("node_modules/a/lib", Some(("", "a/lib")), "node_modules/a"),
            ("parts/part", None, "parts"),
            ("parts/part/node_modules/a", Some(("parts/part", "a")), "parts/part"),
            ("my_node_modules/a", None, "my_node_modules"),
        ] {
            assert_eq!((split_path(path), above(path)), (split, next), "{path}");
        }
    }
}
