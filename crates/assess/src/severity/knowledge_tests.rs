// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use proptest::prelude::*;
use underpin_model::Timestamp;
use underpin_model::limits::bounds;
use underpin_model::watch::cve::{Exploitation, Ssvc};
use underpin_model::watch::{CveRecord, Exploited, Likelihood, Severity};

use super::choice::Voice;
use super::compile::KnowledgeCompiler;
use super::cvss::System;
use super::knowledge::{ExploitedList, Knowledge, Listing, Odds, Rated};
use super::priority::VulnerabilityFacts;
use super::words::Rating;

fn day(text: &str) -> Option<Timestamp> {
    Some(text.parse().expect("a valid date"))
}

fn sample() -> Knowledge {
    let mut compiler = KnowledgeCompiler::new();
    let entry = Exploited {
        vulnerability: "CVE-2021-44228".into(),
        aliases: vec!["EUVD-2021-0001".into()],
        product: "Apache Log4j2".into(),
        name: "Log4Shell".into(),
        added: day("2021-12-10"),
        due: day("2021-12-24"),
        ransomware: Some(true),
        action: "Update.".into(),
    };
    compiler.add_exploited(ExploitedList::Kev, &Exploited { name: "to be replaced".into(), ..entry.clone() });
    compiler.add_exploited(ExploitedList::Kev, &entry);
    compiler.add_exploited(ExploitedList::Euvd, &Exploited { due: None, ransomware: None, ..entry });
    let likelihood =
        |vulnerability: &'static str, score| Likelihood { vulnerability: vulnerability.into(), score, percentile: 0.5 };
    let list = [likelihood("cve-2021-44228", 0.97), likelihood("CVE-2020-0001", 0.5), likelihood("CVE-2020-0002", 7.0)];
    compiler.add_likelihoods(day("2026-11-20"), &list);
    let severity = |value: &'static str, source: &'static str| Severity {
        system: "CVSS".into(),
        value: value.into(),
        source: source.into(),
    };
    compiler.add_cve(&CveRecord {
        id: "CVE-2021-44228".into(),
        assigner: "apache".into(),
        title: format!("  {}", "ü".repeat(500)).into(),
        severities: vec![
            severity("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "nvd@nist.gov"),
            severity("AV:N/AC:M/Au:N/C:C/I:C/A:C", ""),
            severity("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:H", ""),
            severity("no vector", ""),
        ],
        ssvc: Some(Ssvc {
            exploitation: Exploitation::Active,
            automatable: Some(true),
            total_impact: None,
            judged: day("2024-05-01T10:00:00Z"),
        }),
        ..CveRecord::default()
    });
    compiler.add_cve(&CveRecord { id: "CVE-2024-1000001".into(), is_rejected: true, ..CveRecord::default() });
    compiler.finish()
}

#[test]
fn everything_comes_back() {
    let knowledge = Knowledge::from_bytes(&sample().to_bytes()).expect("what was written can be read");
    assert_eq!(knowledge, sample());
    assert_eq!((knowledge.len(), knowledge.likelihood_date(), knowledge.has_lists()), (4, day("2026-11-20"), true));
    let known = knowledge.get("cve-2021-44228").expect("it is known");
    assert_eq!(known.odds(), Some(Odds { score: 0.97, percentile: 0.5 }));
    let kev = Listing {
        list: ExploitedList::Kev,
        added: day("2021-12-10"),
        due: day("2021-12-24"),
        ransomware: Some(true),
        name: "Log4Shell",
        product: "Apache Log4j2",
        action: "Update.",
    };
    let euvd = Listing { list: ExploitedList::Euvd, due: None, ransomware: None, ..kev };
    assert_eq!(known.listings().collect::<Vec<_>>(), [kev, euvd]);
    let expected = Ssvc {
        exploitation: Exploitation::Active,
        automatable: Some(true),
        total_impact: None,
        judged: day("2024-05-01T10:00:00Z"),
    };
    assert_eq!(known.ssvc(), Some(expected));
    let rated = Rated {
        rating: Rating::Critical,
        system: Some(System::V3_1),
        base_tenths: Some(100),
        current_tenths: Some(100),
        value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H/E:H",
        voice: Voice::Assigner,
        source: "apache",
    };
    let by_nvd = Rated {
        base_tenths: Some(98),
        current_tenths: None,
        value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        voice: Voice::Nvd,
        source: "nvd@nist.gov",
        ..rated
    };
    assert_eq!(known.ratings().collect::<Vec<_>>(), [rated, by_nvd]);
    assert_eq!(known.title(), "ü".repeat(bounds::KNOWLEDGE_TEXT_BYTES / 2));
    assert!(known.has_record() && !known.is_rejected());
    assert!(knowledge.get("CVE-2024-1000001").is_some_and(|known| known.is_rejected() && known.ssvc().is_none()));
    assert_eq!(knowledge.get("EUVD-2021-0001").map(|known| known.listings().count()), Some(2));
    assert!(knowledge.get("CVE-2020-0001").is_some_and(|known| known.odds().is_some() && !known.has_record()));
    for unknown in ["CVE-2020-0002", "CVE-2020-1", "CVE-2020-00001", "", "CVE-2021-44228 x", "GHSA-0000"] {
        assert!(knowledge.get(unknown).is_none(), "{unknown}");
    }
    assert!(Knowledge::default().get("CVE-2020-0001").is_none() && Knowledge::default().is_empty());
}

#[test]
fn all_names_speak_together() {
    let facts = sample().facts(["GHSA-jfh8-c2jp-5v3q", "CVE-2020-0001", "CVE-2021-44228"]);
    let ssvc = Ssvc {
        exploitation: Exploitation::Active,
        automatable: Some(true),
        total_impact: None,
        judged: day("2024-05-01T10:00:00Z"),
    };
    let expected = VulnerabilityFacts {
        is_listed: Some(true),
        ransomware: Some(true),
        likelihood: Some(0.97),
        ssvc: Some(ssvc),
        ..VulnerabilityFacts::default()
    };
    assert_eq!(facts, expected);
    let nothing = VulnerabilityFacts::default();
    assert_eq!(sample().facts(["GHSA-0"]), VulnerabilityFacts { is_listed: Some(false), ..nothing });
    assert_eq!(Knowledge::default().facts(["CVE-2021-44228"]), nothing, "no list is held");
}

#[test]
fn damage_is_an_error() {
    let bytes = sample().to_bytes();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(Knowledge::from_bytes(&changed).is_err(), "a changed byte at {at}");
        assert!(Knowledge::from_bytes(&bytes[..at]).is_err(), "cut at {at}");
    }
    assert!(Knowledge::from_bytes(&[bytes, vec![0]].concat()).is_err());
    let empty = KnowledgeCompiler::new().finish();
    assert_eq!(Knowledge::from_bytes(&empty.to_bytes()), Ok(empty));
}

/// Reads everything that a block holds.
fn read_all(knowledge: &Knowledge, names: &[&str]) -> usize {
    let known = names.iter().filter_map(|name| knowledge.get(name));
    known
        .map(|it| it.title().len() + it.listings().count() + it.ratings().count() + usize::from(it.ssvc().is_some()))
        .sum()
}

proptest! {
    #[test]
    fn forged_blocks_are_survived(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u32>()), 1..8)) {
        let mut forged = sample();
        forged.block.change(|words| for (at, word) in &changes {
            let at = at.index(words.len());
            words[at] = *word;
        });
        read_all(&forged, &["CVE-2021-44228", "EUVD-2021-0001", "CVE-2020-0001", "ZZZ"]);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Knowledge::from_bytes(&bytes).is_err());
    }

    /// A plain map as oracle.
    #[test]
    fn likelihoods_are_found(scores in prop::collection::hash_map((1999_u32..2027, 1_u32..2_000_000), 0.0_f32..=1.0, 0..200)) {
        let names: Vec<(String, f32)> =
            scores.iter().map(|((year, number), score)| (format!("CVE-{year}-{number:04}"), *score)).collect();
        let list: Vec<Likelihood<'_>> = names
            .iter()
            .map(|(name, score)| Likelihood { vulnerability: name.as_str().into(), score: *score, percentile: *score })
            .collect();
        let mut compiler = KnowledgeCompiler::new();
        compiler.add_likelihoods(None, &list);
        let knowledge = compiler.finish();
        prop_assert_eq!(knowledge.len(), names.len());
        for (name, score) in &names {
            prop_assert_eq!(knowledge.get(name).and_then(|known| known.odds()).map(|odds| odds.score), Some(*score));
        }
    }
}

#[test]
fn time_of_load_and_lookup() {
    if std::env::var_os("UNDERPIN_MEASURE").is_none() {
        eprintln!("skipped: set UNDERPIN_MEASURE and build for release to measure");
        return;
    }
    let mut compiler = KnowledgeCompiler::new();
    let names: Vec<String> = (0..300_000).map(|at| format!("CVE-{}-{:04}", 1999 + at % 28, at / 28 + 1)).collect();
    let list: Vec<Likelihood<'_>> = names
        .iter()
        .map(|name| Likelihood { vulnerability: name.as_str().into(), score: 0.1, percentile: 0.5 })
        .collect();
    compiler.add_likelihoods(None, &list);
    for name in &names {
        compiler.add_cve(&CveRecord {
            id: name.as_str().into(),
            title: format!("A flaw in a product of somebody called {name} lets attackers do something").into(),
            severities: vec![Severity {
                value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(),
                ..Severity::default()
            }],
            ..CveRecord::default()
        });
    }
    let start = std::time::Instant::now();
    let knowledge = compiler.finish();
    eprintln!("finish {:?}, {} bytes", start.elapsed(), knowledge.memory_bytes());
    let bytes = knowledge.to_bytes();
    let start = std::time::Instant::now();
    let knowledge = Knowledge::from_bytes(&bytes).expect("it is whole");
    eprintln!("load {:?}", start.elapsed());
    let start = std::time::Instant::now();
    let found = names.iter().filter(|name| knowledge.get(name).and_then(|known| known.odds()).is_some()).count();
    eprintln!("{found} lookups, {} ns each", start.elapsed().as_nanos() / 300_000);
}
