// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Over the corpus of real documents: four tools about the same images. Skipped where it is not unpacked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use underpin_model::Limits;

use super::READERS;
use crate::reader::{Context, Probe};

/// The documents of the corpus.
fn documents() -> Option<Vec<PathBuf>> {
    let folder = underpin_testkit::data("in-the-lab")?.join("spdx-popular-containers/data");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus is a folder")
        .map(|entry| entry.expect("it can be listed").path())
        .collect();
    paths.sort();
    Some(paths)
}

/// Tool, image and digest from a name such as `spdx-syft-bitnami_git-sha256:….json`.
fn parts(name: &str) -> Option<(&str, String, String)> {
    let (tool, rest) = name.strip_prefix("spdx-")?.split_once('-')?;
    let (image, digest) = rest.strip_suffix(".json")?.rsplit_once("-sha256:")?;
    Some((tool, image.replacen('_', "/", 1), format!("sha256:{digest}")))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    accepted: usize,
    unreadable: usize,
    same_subject: usize,
    components: usize,
}

/// The one document whose file is named after another digest than the one it describes itself.
const MISNAMED: &str =
    "spdx-bom-grafana_grafana-sha256:c7a1cd6f9a1a595107a5b67e70a1804687e866bc3a36a88ff4a60f451ec3be77.json";

/// Every tool's document about an image has the image's name and digest, and nothing is unreadable.
#[test]
fn all_tools_agree_on_the_subject() {
    let Some(paths) = documents() else { return };
    let limits = Limits::default();
    let mut counts = BTreeMap::<String, Count>::new();
    let mut other_subjects = Vec::new();
    let mut subjects = BTreeMap::<(String, String), Vec<String>>::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some((tool, image, mut digest)) = parts(&name) else { panic!("{name} names no tool, image and digest") };
        if name == MISNAMED {
            digest = "sha256:2a73ae33c9f0c51af6eced2ef185d5d3682b4c378c4fdd6941a14e8ea4a3e95b".to_owned();
        }
        let bytes = std::fs::read(&path).expect("the corpus can be read");
        let count = counts.entry(tool.to_owned()).or_default();
        let probe = Probe { bytes: &bytes, file_name: &name, path: &name };
        let taken: Vec<_> = READERS.iter().filter(|reader| (reader.sniff)(&probe)).map(|reader| reader.id).collect();
        assert_eq!(taken, ["spdx-json"], "{name}");
        let Ok(inventory) = (READERS[0].read)(&bytes, &Context::new(&limits)) else {
            count.unreadable += 1;
            continue;
        };
        count.accepted += 1;
        count.components += inventory.components.len();
        assert_eq!(inventory.tools.first().map(|tool| tool.name.as_ref()), Some(tool), "{name}");
        let subject = (inventory.subject.name.to_string(), inventory.subject.digest.to_string());
        if subject == (image.clone(), digest.clone()) {
            count.same_subject += 1;
        } else {
            other_subjects.push(format!("{name}: {subject:?}"));
        }
        subjects.entry((image, digest)).or_default().push(format!("{subject:?}"));
    }
    subjects.values_mut().for_each(Vec::dedup);
    let several: Vec<_> = subjects.values().filter(|named| named.len() > 1).collect();
    eprintln!("{counts:#?}");
    assert_eq!(several, Vec::<&Vec<String>>::new());
    assert_eq!(other_subjects, Vec::<String>::new());
    let count = |accepted, components| Count { accepted, unreadable: 0, same_subject: accepted, components };
    assert_eq!(counts.get("bom"), Some(&count(719, 93_982)));
    assert_eq!(counts.get("tern"), Some(&count(159, 12_981)));
    assert_eq!(counts.get("trivy"), Some(&count(713, 192_250)));
    assert_eq!(counts.get("syft"), Some(&count(538, 93_686)));
}
