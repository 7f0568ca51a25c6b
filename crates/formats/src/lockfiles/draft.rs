// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An inventory in the making: what all lockfile readers do alike.
//!
//! One package version is one component, however often it lies in the tree: package URLs are the key, locations are
//! collected, and the widest use wins. Edges are kept once. Counts and lengths are held to the limits.

use std::borrow::Cow;
use std::collections::HashMap;

use underpin_model::gap::GapCode;
use underpin_model::inventory::{
    Component, ComponentKind, Edge, EvidenceKind, Inventory, Licence, LicenceKind, Scope, Subject, Text, Tool,
};
use underpin_model::{Limits, Purl};

use super::purl_text::purl_text;
use super::tree::{Fault, Node};
use crate::facts::judge_licences;
use crate::reader::{Context, Unreadable};

/// Locations, digests and the like kept of one component; no real lockfile comes near, a hostile one must not be slow.
const KEPT_PLACES: usize = 1_024;

/// An inventory in the making.
pub(super) struct Draft<'a, 'c> {
    pub(super) inventory: Inventory<'a>,
    limits: &'c Limits,
    by_purl: HashMap<String, u32>,
    fault: Option<Fault>,
}

impl<'a, 'c> Draft<'a, 'c> {
    /// An empty one. `tool` is the package manager that writes such lockfiles.
    pub(super) fn new(tool: &'static str, spec_version: impl Into<Text<'a>>, context: &Context<'c>) -> Self {
        let tools = vec![Tool { name: Cow::Borrowed(tool), version: Cow::Borrowed("") }];
        Self {
            inventory: Inventory { tools, spec_version: spec_version.into(), ..Inventory::default() },
            limits: context.limits,
            by_purl: HashMap::new(),
            fault: None,
        }
    }

    /// Records a gap.
    pub(super) fn gap(&mut self, code: GapCode, place: impl Into<String>, detail: impl Into<String>) {
        self.inventory.gaps.add_with(code, || (place.into(), detail.into()));
    }

    /// Records what the syntax did not allow to be read.
    pub(super) fn faults(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            self.gap(GapCode::MalformedLine, format!("line {}", fault.line), fault.detail.clone());
            self.fault.get_or_insert(fault);
        }
    }

    /// Records a format version that is not among the `known` ones.
    pub(super) fn known_version(&mut self, place: &'static str, known: impl Fn(&str) -> bool) {
        let stated = self.inventory.spec_version.clone();
        if stated.is_empty() {
            self.gap(GapCode::MissingField, place, "");
        } else if !known(&stated) {
            self.gap(GapCode::UnknownVersion, place, stated);
        }
    }

    /// Entries of a map that should be one; what is something else is a gap.
    pub(super) fn entries<'n>(&mut self, node: &'n Node<'a>, place: &str) -> &'n [(Text<'a>, Node<'a>)] {
        if !matches!(node, Node::Map(_) | Node::Nothing) {
            self.gap(GapCode::WrongType, place, "a map is expected");
        }
        node.entries()
    }

    /// Entries of a list that should be one; what is something else is a gap.
    pub(super) fn items<'n>(&mut self, node: &'n Node<'a>, place: &str) -> &'n [Node<'a>] {
        if !matches!(node, Node::List(_) | Node::Nothing) {
            self.gap(GapCode::WrongType, place, "a list is expected");
        }
        node.items()
    }

    /// The text of a part that should be one; a number is taken as written, with a gap.
    pub(super) fn text(&mut self, node: &Node<'a>, place: impl FnOnce() -> String) -> Text<'a> {
        if !matches!(node, Node::Text(_) | Node::Nothing) {
            self.inventory.gaps.add_with(GapCode::WrongType, || (place(), "a text is expected"));
        }
        node.text()
    }

    /// Adds a package of a lockfile, or finds the one that is there already. `None` beyond the limit.
    pub(super) fn add(&mut self, purl: &Purl, mut component: Component<'a>) -> Option<u32> {
        if purl.name.is_empty() {
            // Without a name there is no package URL, and nothing by which two could be one.
            return self.add_nameless(component);
        }
        let purl = purl_text(purl);
        if let Some(&index) = self.by_purl.get(&purl) {
            if let Some(present) = self.inventory.components.get_mut(index as usize) {
                join(present, component);
            }
            return Some(index);
        }
        component.purl = Cow::Owned(purl.clone());
        let index = self.add_nameless(component)?;
        self.by_purl.insert(purl, index);
        Some(index)
    }

    /// Adds a component that gets no package URL. `None` beyond the limit.
    pub(super) fn add_nameless(&mut self, mut component: Component<'a>) -> Option<u32> {
        let count = self.inventory.components.len();
        if count >= self.limits.components {
            self.gap(GapCode::TooManyElements, component.reference, "component");
            return None;
        }
        if component.name.is_empty() && component.reference.is_empty() {
            self.gap(GapCode::MissingField, "", "a package without any name was passed over");
            return None;
        }
        if component.name.is_empty() {
            component.name = component.reference.clone();
            self.gap(GapCode::NoName, component.reference.clone(), "");
        }
        self.shorten(&mut component);
        if component.version.is_empty() && component.kind == ComponentKind::Library {
            self.gap(GapCode::NoVersion, component.reference.clone(), "");
        }
        component.evidence = EvidenceKind::Lockfile;
        self.inventory.components.push(component);
        u32::try_from(count).ok()
    }

    fn shorten(&mut self, component: &mut Component<'a>) {
        let limit = self.limits.text_bytes;
        let Component { reference, namespace, name, version, purl, project, originator, .. } = component;
        if purl.len() > limit {
            // Cut in the middle it would be another one, or none.
            self.inventory.gaps.add(GapCode::TextTooLong, "", format!("{} bytes of a package URL", purl.len()));
            *purl = Cow::Borrowed("");
        }
        let licences = component.licences.iter_mut().map(|licence| &mut licence.expression);
        let hashes = component.hashes.iter_mut().map(|hash| &mut hash.value);
        let further = component.properties.iter_mut().map(|(_, value)| value).chain(&mut component.locations);
        let texts = [reference, namespace, name, version, project, originator].into_iter();
        for text in texts.chain(licences).chain(hashes).chain(further) {
            if text.len() > limit {
                let end = text.floor_char_boundary(limit);
                self.inventory.gaps.add(GapCode::TextTooLong, "", format!("{} bytes", text.len()));
                *text = super::tree::part(text, 0..end);
            }
        }
    }

    /// The component at `index`, to be completed.
    pub(super) fn component(&mut self, index: u32) -> Option<&mut Component<'a>> {
        self.inventory.components.get_mut(index as usize)
    }

    /// Says that a component stands for the subject.
    pub(super) fn root(&mut self, index: u32) {
        self.inventory.roots.push(index);
    }

    /// Records that `from` needs `to`.
    pub(super) fn edge(&mut self, from: u32, to: u32) {
        if self.inventory.edges.len() >= self.limits.edges {
            self.gap(GapCode::TooManyElements, "", "edge");
        } else if from != to {
            self.inventory.edges.push(Edge { from, to });
        }
    }

    /// Records that a need could not be resolved.
    pub(super) fn dangling(&mut self, place: &str, name: &str) {
        self.inventory.gaps.add_with(GapCode::DanglingEdge, || (place.to_owned(), name.to_owned()));
    }

    /// Names the subject after the component at `index`.
    pub(super) fn subject(&mut self, index: u32) {
        if let Some(component) = self.inventory.components.get(index as usize) {
            let name = match component.namespace.as_ref() {
                "" => component.name.clone(),
                namespace => Cow::Owned(format!("{namespace}/{}", component.name)),
            };
            let (version, purl) = (component.version.clone(), component.purl.clone());
            self.inventory.subject = Subject { name, version, purl, digest: Cow::Borrowed("") };
        }
    }

    /// The inventory.
    ///
    /// # Errors
    /// When not a single component was read and the syntax was broken.
    pub(super) fn finish(mut self) -> Result<Inventory<'a>, Unreadable> {
        let read = &mut self.inventory;
        if let Some(fault) = self.fault.filter(|_| read.components.is_empty()) {
            return Err(Unreadable::new(fault.code, format!("line {}", fault.line), fault.detail));
        }
        read.edges.sort_unstable();
        read.edges.dedup();
        read.roots.sort_unstable();
        read.roots.dedup();
        if read.graph_complete && !read.roots.is_empty() {
            directness_from_roots(read);
        }
        if read.components.is_empty() {
            read.gaps.add(GapCode::NoComponents, "", "");
        } else if read.edges.is_empty() && !read.graph_complete {
            read.gaps.add(GapCode::NoEdges, "", "");
        }
        if read.subject.name.is_empty() {
            read.gaps.add(GapCode::NoSubject, "", "");
        }
        if read.created.is_none() {
            read.gaps.add(GapCode::NoCreationTime, "", "");
        }
        judge_licences(read);
        Ok(self.inventory)
    }
}

/// The parts of a package's name as components state them: scope or vendor, and name.
pub(super) fn split_name<'a>(name: &Text<'a>) -> (Text<'a>, Text<'a>) {
    match name.rfind('/') {
        Some(slash) => (super::tree::part(name, 0..slash), super::tree::part(name, slash + 1..name.len())),
        None => (Cow::Borrowed(""), name.clone()),
    }
}

/// A licence as a package's author declares it.
pub(super) fn declared(expression: Text<'_>) -> Licence<'_> {
    Licence { kind: LicenceKind::Declared, expression }
}

/// Lets every component have the widest use among `seeds` from which it can be reached. `seeds` are component and use;
/// what can only be reached over one of the `soft` edges may be left out. What a root needs is among the seeds, with the
/// use it has for it; the edges of roots are not followed.
pub(super) fn spread_scopes(inventory: &mut Inventory<'_>, seeds: &[(u32, Scope)], mut soft: Vec<Edge>) {
    soft.sort_unstable();
    let mut edges = inventory.edges.clone();
    edges.sort_unstable();
    edges.dedup();
    let mut left_out: Vec<u32> = Vec::new();
    let mut reached = vec![Scope::Unknown; inventory.components.len()];
    let mut roots = inventory.roots.clone();
    roots.sort_unstable();
    for scope in [Scope::Runtime, Scope::Optional, Scope::Build, Scope::Test, Scope::Development] {
        let mut open: Vec<u32> = seeds.iter().filter(|seed| seed.1 == scope).map(|seed| seed.0).collect();
        if scope == Scope::Optional {
            open.append(&mut left_out);
        }
        while let Some(at) = open.pop() {
            match reached.get_mut(at as usize) {
                Some(mark) if *mark == Scope::Unknown => *mark = scope,
                _ => continue,
            }
            if roots.binary_search(&at).is_ok() {
                continue;
            }
            let first = edges.partition_point(|edge| edge.from < at);
            for edge in edges.get(first..).unwrap_or_default().iter().take_while(|edge| edge.from == at) {
                let skipped = scope == Scope::Runtime && soft.binary_search(edge).is_ok();
                if skipped { left_out.push(edge.to) } else { open.push(edge.to) }
            }
        }
    }
    for (component, scope) in inventory.components.iter_mut().zip(reached) {
        if scope != Scope::Unknown {
            component.scope = wider(component.scope, scope);
        }
    }
    for &root in &inventory.roots {
        if let Some(component) = inventory.components.get_mut(root as usize) {
            component.scope = Scope::Unknown;
        }
    }
}

fn directness_from_roots(inventory: &mut Inventory<'_>) {
    let mut is_root = vec![false; inventory.components.len()];
    for &root in &inventory.roots {
        if let Some(mark) = is_root.get_mut(root as usize) {
            *mark = true;
        }
    }
    let mut direct = vec![false; inventory.components.len()];
    for edge in &inventory.edges {
        if is_root.get(edge.from as usize) == Some(&true)
            && let Some(mark) = direct.get_mut(edge.to as usize)
        {
            *mark = true;
        }
    }
    for ((component, is_root), direct) in inventory.components.iter_mut().zip(is_root).zip(direct) {
        if !is_root && component.direct.is_none() {
            component.direct = Some(direct);
        }
    }
}

/// Adds what a further place states about a component that is there already.
fn join<'a>(present: &mut Component<'a>, further: Component<'a>) {
    present.scope = wider(present.scope, further.scope);
    present.direct = match (present.direct, further.direct) {
        (Some(a), Some(b)) => Some(a || b),
        (a, b) => a.or(b),
    };
    append(&mut present.locations, further.locations);
    append(&mut present.hashes, further.hashes);
    append(&mut present.licences, further.licences);
    append(&mut present.properties, further.properties);
    if present.project.is_empty() {
        present.project = further.project;
    }
    if further.modified == Some(true) {
        present.modified = further.modified;
        present.pedigree = present.pedigree.take().or(further.pedigree);
    }
}

fn append<T: PartialEq>(present: &mut Vec<T>, further: Vec<T>) {
    for item in further {
        if present.len() < KEPT_PLACES && !present.contains(&item) {
            present.push(item);
        }
    }
}

/// The wider of two uses: what runs counts before what may be left out, and that before what only builds or tests.
pub(super) fn wider(a: Scope, b: Scope) -> Scope {
    const WIDEST_FIRST: [Scope; 6] =
        [Scope::Runtime, Scope::Optional, Scope::Build, Scope::Test, Scope::Development, Scope::Unknown];
    WIDEST_FIRST.into_iter().find(|&scope| scope == a || scope == b).unwrap_or(a)
}

#[cfg(test)]
mod tests {
    use underpin_model::inventory::Hash;

    use super::super::purl_text::{npm, plain};
    use super::*;

    fn named(name: &'static str, scope: Scope) -> Component<'static> {
        Component {
            name: name.into(),
            version: "1".into(),
            scope,
            locations: vec![name.into()],
            ..Component::default()
        }
    }

    #[test]
    fn one_package_version_is_one_component() {
        let limits = Limits::default();
        let mut draft = Draft::new("tool", "1", &Context::new(&limits));
        let mut again = named("a", Scope::Runtime);
        again.locations = vec!["b/a".into()];
        again.hashes = vec![Hash { algorithm: "sha1".into(), value: "00".into() }];
        assert_eq!(draft.add(&npm("a", "1"), named("a", Scope::Development)), Some(0));
        assert_eq!(draft.add(&npm("a", "1"), again), Some(0));
        let component = &draft.inventory.components[0];
        assert_eq!((component.scope, component.locations.len(), component.hashes.len()), (Scope::Runtime, 2, 1));
    }

    #[test]
    fn packages_without_a_name_are_never_joined() {
        let limits = Limits::default();
        let mut draft = Draft::new("tool", "1", &Context::new(&limits));
        for (index, reference) in (0..).zip(["one", "two"]) {
            let nameless = Component { reference: reference.into(), ..Component::default() };
            assert_eq!(draft.add(&npm("", "1"), nameless), Some(index));
        }
        let read = draft.finish().unwrap();
        let seen: Vec<_> = read.components.iter().map(|found| (found.name.as_ref(), found.purl.as_ref())).collect();
        assert_eq!(seen, [("one", ""), ("two", "")]);
        assert_eq!(read.gaps.count(GapCode::NoName), 2);
    }

    #[test]
    fn limits_hold() {
        let limits = Limits { components: 2, edges: 1, text_bytes: 3, ..Limits::default() };
        let mut draft = Draft::new("tool", "1", &Context::new(&limits));
        for name in ["größe", "b", "c"] {
            draft.add(&plain("gem", name, "1"), named(name, Scope::Unknown));
        }
        draft.edge(0, 1);
        draft.edge(1, 0);
        let read = draft.finish().unwrap();
        assert_eq!((read.components.len(), read.edges.len(), read.components[0].name.as_ref()), (2, 1, "gr"));
        assert_eq!(read.gaps.count(GapCode::TooManyElements), 2);
        assert_eq!(read.gaps.count(GapCode::TextTooLong), 4);
    }

    #[test]
    fn uses_spread_along_edges() {
        let limits = Limits::default();
        let mut draft = Draft::new("tool", "1", &Context::new(&limits));
        for name in ["root", "run", "test", "both", "loose", "soft"] {
            draft.add(&plain("gem", name, "1"), named(name, Scope::Unknown));
        }
        for (from, to) in [(0, 1), (0, 2), (1, 3), (2, 3), (3, 1), (1, 5)] {
            draft.edge(from, to);
        }
        draft.root(0);
        draft.inventory.graph_complete = true;
        spread_scopes(
            &mut draft.inventory,
            &[(1, Scope::Runtime), (2, Scope::Test), (900, Scope::Test)],
            vec![Edge { from: 1, to: 5 }],
        );
        let read = draft.finish().unwrap();
        let seen: Vec<_> = read.components.iter().map(|component| (component.scope, component.direct)).collect();
        assert_eq!(
            seen,
            [
                (Scope::Unknown, None),
                (Scope::Runtime, Some(true)),
                (Scope::Test, Some(true)),
                (Scope::Runtime, Some(false)),
                (Scope::Unknown, Some(false)),
                (Scope::Optional, Some(false)),
            ]
        );
    }
}
