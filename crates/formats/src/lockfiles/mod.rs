// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Lockfiles: what a package manager fixed, one file a format.
//!
//! All of them are read the same way. `text` makes a text of the bytes, `tree*` a tree of the text, the reader of the
//! format walks the tree, and `draft` collects components and edges, holds the limits and draws what follows from them.
//! Package URLs are built by `purl_text`, so no gap is due for them.

use crate::reader::Reader;

mod bun_lock;
mod cargo_lock;
mod cargo_metadata;
mod composer_lock;
mod conan_lock;
mod deno_lock;
mod digest;
mod draft;
mod gemfile_lock;
mod gradle_lock;
mod mix_lock;
mod node_tree;
mod npm_lock;
mod npm_place;
mod npm_source;
mod nuget_lock;
mod origin;
mod owned;
mod pdm_lock;
mod pipfile_lock;
mod pnpm_importers;
mod pnpm_key;
mod pnpm_lock;
mod podfile_lock;
mod poetry_lock;
mod pubspec_lock;
mod purl_text;
mod pylock;
mod python_source;
mod renv_lock;
mod sniff;
#[cfg(test)]
mod speed;
mod swift_lock;
mod term;
#[cfg(test)]
mod testing;
mod text;
pub(crate) mod tree;
pub(crate) mod tree_json;
mod tree_toml;
pub(crate) mod tree_yaml;
mod uv_lock;
mod yarn_berry;
mod yarn_classic;

pub use digest::digest_of_integrity;

/// The readers of this family.
pub const READERS: &[Reader] = &[
    cargo_lock::READER,
    cargo_metadata::READER,
    npm_lock::READER,
    yarn_classic::READER,
    yarn_berry::READER,
    pnpm_lock::READER,
    bun_lock::READER,
    deno_lock::READER,
    poetry_lock::READER,
    uv_lock::READER,
    pdm_lock::READER,
    pipfile_lock::READER,
    pylock::READER,
    gemfile_lock::READER,
    composer_lock::READER,
    nuget_lock::READER,
    gradle_lock::READER,
    mix_lock::READER,
    pubspec_lock::READER,
    conan_lock::READER,
    swift_lock::READER,
    podfile_lock::READER,
    renv_lock::READER,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use underpin_model::inventory::{ComponentKind, Inventory};
    use underpin_model::{GapCode, Limits};

    use super::testing::{detected, fixtures, read, try_read};
    use crate::reader::{Context, Probe, detect};

    #[test]
    fn fixtures_are_detected_by_their_content() {
        for (path, text) in fixtures() {
            let named = detected(path, text.as_bytes()).map(|reader| reader.id);
            let old_gradle = path.contains("dependency-locks");
            assert!(named.is_some(), "{path}");
            assert_eq!(detected("x", text.as_bytes()).map(|reader| reader.id), named, "{path} by content alone");
            let probe = Probe { bytes: text.as_bytes(), file_name: "x", path: "x" };
            assert_eq!(detect(&probe).map(|reader| reader.id), named, "{path} among all readers");
            assert!(!old_gradle || named == Some("gradle-lockfile"));
        }
    }

    #[test]
    fn other_files_are_left_alone() {
        for (path, text) in [
            ("package.json", r#"{"name": "x", "version": "1.0.0", "dependencies": {"a": "^1"}}"#),
            ("composer.json", r#"{"name": "a/b", "require": {}, "packages": []}"#),
            ("bom.json", r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": []}"#),
            ("spdx.json", r#"{"spdxVersion": "SPDX-2.3", "packages": []}"#),
            ("data.json", r#"{"version": 1, "dependencies": {}}"#),
            ("flake.lock", r#"{"nodes": {}, "root": "root", "version": 7}"#),
            ("pyproject.toml", "[project]\nname = \"x\"\nversion = \"1\"\nrequires-python = \">=3\"\n"),
            ("Cargo.toml", "[package]\nname = \"x\"\nversion = \"1\"\n"),
            ("requirements.txt", "requests==2.31.0 --hash=sha256:00\n"),
            ("go.mod", "module x\n\nrequire a v1.0.0\n"),
            ("go.sum", "a v1.0.0 h1:00=\n"),
            ("status", "Package: a\nStatus: install ok installed\nVersion: 1\n"),
            ("Gemfile", "source 'https://rubygems.org'\ngem 'rack'\n"),
            ("Podfile", "target 'x' do\n  pod 'A'\nend\n"),
            ("pubspec.yaml", "name: x\ndependencies:\n  http: ^1.0.0\n"),
            ("docker-compose.yaml", "services:\n  a:\n    image: b\n"),
        ] {
            assert_eq!(detected(path, text.as_bytes()).map(|reader| reader.id), None, "{path}");
        }
    }

    #[test]
    fn line_ends_and_byte_order_marks_change_nothing() {
        for (path, text) in fixtures() {
            let plain = read(path, text);
            let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
            assert_eq!(read(path, &windows), plain, "{path}");
        }
    }

    #[test]
    fn cut_files_are_read_or_refused_with_a_place() {
        for (path, text) in fixtures() {
            let half = text.get(..text.len() * 2 / 3).unwrap_or_default();
            if detected(path, half.as_bytes()).is_none() {
                continue;
            }
            match try_read(path, half.as_bytes()) {
                Ok(inventory) => sound(&inventory),
                Err(error) => {
                    assert!(error.code.starts_with("malformed-") && error.place.starts_with("line "), "{error}")
                }
            }
        }
    }

    /// What holds for every inventory, whatever the bytes were.
    fn sound(inventory: &Inventory<'_>) {
        let count = u32::try_from(inventory.components.len()).unwrap();
        assert!(inventory.edges.iter().all(|edge| edge.from < count && edge.to < count && edge.from != edge.to));
        assert!(inventory.edges.is_sorted() && inventory.roots.iter().all(|&root| root < count));
        for component in &inventory.components {
            assert!(!component.name.is_empty());
            assert!(
                component.purl.starts_with("pkg:")
                    || component.kind != ComponentKind::Library
                    || inventory.gaps.total() > 0
            );
        }
        assert_eq!(inventory.components.is_empty(), inventory.gaps.count(GapCode::NoComponents) == 1);
    }

    /// Gives the bytes to every reader, whether it would take them or not.
    fn survive(path: &str, bytes: &[u8]) {
        let limits = Limits { nesting_depth: 32, ..Limits::default() };
        for reader in super::READERS {
            let _ = (reader.sniff)(&Probe { bytes, file_name: path, path });
            if let Ok(inventory) = (reader.read)(bytes, &Context { path, ..Context::new(&limits) }) {
                sound(&inventory);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            survive("x.lockfile", &bytes);
        }

        #[test]
        fn arbitrary_texts_never_panic(text in r#"([ \-#:"'{}\[\],=@%\n/\\<>()a-z0-9é]|name|version|\[\[package\]\]\n){0,80}"#) {
            survive("mix.lock", text.as_bytes());
        }

        #[test]
        fn changed_lockfiles_never_panic(
            which in any::<prop::sample::Index>(),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..40_usize, 0..4_u8), 1..6),
        ) {
            let all: Vec<_> = fixtures().collect();
            let (path, text) = all[which.index(all.len())];
            let mut bytes = text.as_bytes().to_vec();
            for (place, byte, length, kind) in changes {
                let at = place.index(bytes.len().max(1)).min(bytes.len());
                let end = (at + length).min(bytes.len());
                match kind {
                    0 => drop(bytes.drain(at..end)),
                    1 => bytes.insert(at, byte),
                    2 => bytes[at..end].fill(byte),
                    _ => {
                        let again = bytes[at..end].to_vec();
                        bytes.splice(at..at, again);
                    }
                }
            }
            survive(path, &bytes);
        }
    }
}
