// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a statement is about, by its digests: each is looked up, none is searched for.

use hashbrown::HashSet;
use serde_json::Value;
use underpin_model::limits::bounds::ATTESTATION_SUBJECTS;

use super::Artefact;
use super::entries::hex;
use super::statement::cut;

/// The digests of one thing that are known: SHA-256, SHA-384, SHA-512, each in digits of base 16.
type Known = [Option<String>; 3];

/// All things that a statement is about.
#[derive(Clone, Debug, Default)]
pub(super) struct Subjects {
    count: usize,
    names: HashSet<String>,
    digests: HashSet<Known>,
    /// How often something was looked up.
    #[cfg(test)]
    pub(super) looks: std::cell::Cell<usize>,
}

/// An artefact with its digests in digits, taken once for all statements of a file.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) name: String,
    digests: Known,
}

impl Written {
    pub(super) fn of(artefact: &Artefact) -> Self {
        let digests = [&artefact.sha256, &artefact.sha384, &artefact.sha512].map(|bytes| Some(hex(bytes)));
        Self { name: artefact.name.clone(), digests }
    }

    pub(super) fn has_sha256(&self, digest: &[u8]) -> bool {
        self.digests[0].as_deref() == Some(hex(digest).as_str())
    }
}

impl Subjects {
    /// Reads the list of a statement; `None` where it has none, too many, or a thing without digests.
    pub(super) fn read(list: &[Value]) -> Option<Self> {
        (!list.is_empty() && list.len() <= ATTESTATION_SUBJECTS).then_some(())?;
        let mut all = Self { count: list.len(), ..Self::default() };
        for one in list {
            let digests = one.get("digest")?.as_object()?;
            if let Some(name) = one.get("name").and_then(Value::as_str) {
                all.names.insert(cut(name));
            }
            let pairs = digests.iter().filter_map(|(name, digest)| Some((name.to_lowercase(), digest.as_str()?)));
            all.digests.extend(known(pairs));
        }
        Some(all)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Whether one of them bears this name.
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether one of them is this file: it states a digest that is known, and each that it states is that of the file.
    pub(super) fn holds(&self, file: &Written) -> bool {
        (1..8_u8).any(|places| {
            #[cfg(test)]
            self.looks.set(self.looks.get() + 1);
            let mut stated = file.digests.clone();
            for (place, digest) in stated.iter_mut().enumerate() {
                if places & (1 << place) == 0 {
                    *digest = None;
                }
            }
            self.digests.contains(&stated)
        })
    }
}

/// The digests of a thing that are known; `None` where there is none, or two of one kind contradict each other.
fn known<'v>(pairs: impl Iterator<Item = (String, &'v str)>) -> Option<Known> {
    let mut found = Known::default();
    for (name, digest) in pairs {
        let Some(place) = ["sha256", "sha384", "sha512"].iter().position(|own| *own == name) else { continue };
        let digest = digest.to_lowercase();
        match found.get_mut(place)? {
            Some(before) if *before != digest => return None,
            own => *own = Some(digest),
        }
    }
    found.iter().any(Option::is_some).then_some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn file(number: u8) -> Written {
        let (sha256, sha384, sha512) = (vec![number; 32], vec![number; 48], vec![number; 64]);
        Written::of(&Artefact { name: number.to_string(), sha256, sha384, sha512 })
    }

    #[test]
    fn work_does_not_grow_with_the_number_of_subjects() {
        let of = |number: usize| json!({ "name": "x", "digest": { "sha256": format!("{number:064x}") } });
        let mut list: Vec<Value> = (0..ATTESTATION_SUBJECTS - 1).map(of).collect();
        list.push(json!({ "name": "last", "digest": { "sha512": hex(&[9; 64]), "sha1": "0" } }));
        let all = Subjects::read(&list).expect("subjects");
        assert_eq!(all.len(), ATTESTATION_SUBJECTS);
        let files: Vec<Written> = (0..=255).map(file).collect();
        let found: Vec<&str> = files.iter().filter(|one| all.holds(one)).map(|one| one.name.as_str()).collect();
        assert_eq!(found, ["0", "9"]);
        assert!(all.looks.get() <= 7 * files.len(), "{} look-ups", all.looks.get());
        list.push(of(0));
        assert!(Subjects::read(&list).is_none(), "one too many");
    }

    proptest! {
        /// The same as looking at each subject: it states a known digest, and all known ones are those of the file.
        #[test]
        fn an_index_finds_what_a_search_finds(stated in prop::collection::vec(prop::collection::vec((0_usize..4, 0_u8..3), 1..4), 1..8)) {
            let kinds = [("sha256", 32), ("SHA384", 48), ("sha512", 64), ("gitCommit", 20)];
            let list: Vec<Value> = stated.iter().map(|digests| {
                let all: serde_json::Map<String, Value> = digests.iter()
                    .map(|(kind, number)| (kinds[*kind].0.to_owned(), hex(&vec![*number; kinds[*kind].1]).into())).collect();
                json!({ "name": "x", "digest": all })
            }).collect();
            let all = Subjects::read(&list).expect("subjects");
            for number in 0..3_u8 {
                let expected = list.iter().any(|one| {
                    let known: Vec<bool> = kinds[..3].iter()
                        .filter_map(|(kind, length)| Some(one["digest"].get(kind)? == &Value::from(hex(&vec![number; *length])))).collect();
                    !known.is_empty() && known.iter().all(|is_same| *is_same)
                });
                prop_assert_eq!(all.holds(&file(number)), expected);
            }
        }
    }
}
