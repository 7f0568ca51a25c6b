// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How products by name (CPE) scale: as many CVE records as there are in the world, made here.
//! `cargo bench -p underpin-assess --bench products`; without `--bench` it only checks a few of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use underpin_assess::matching::{Compiler, Index, Lookups, Match, Subject, lookups};
use underpin_model::Timestamp;
use underpin_model::watch::CveRecord;
use underpin_model::watch::cve::{AnyOf, Configuration, CpeMatch};

const RECORDS: u64 = 300_000;
const SUBJECTS: u64 = 100_000;
const RUNS: usize = 5;

/// Numbers that look random and are the same each time (Steele, Lea and Flood 2014, SplitMix).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)) % end
    }

    /// Few products have many records, most have few.
    fn product(&mut self, products: u64) -> u64 {
        let end = 1 + self.below(products);
        self.below(end)
    }

    fn version(&mut self) -> String {
        format!("{}.{}.{}", self.below(20), self.below(10), self.below(30))
    }
}

fn name(product: u64, version: &str) -> String {
    format!("cpe:2.3:a:vendor_{}:product_{product}:{version}:*:*:*:*:*:*:*", product / 3)
}

fn criterion(numbers: &mut Numbers, product: u64) -> CpeMatch<'static> {
    let (from, to) = (numbers.version(), numbers.version());
    match numbers.below(10) {
        0..3 => CpeMatch { name: name(product, &from).into(), ..CpeMatch::default() },
        3 => CpeMatch { name: name(product, "*").into(), to_including: to.into(), ..CpeMatch::default() },
        4..7 => CpeMatch { name: name(product, "*").into(), to_excluding: to.into(), ..CpeMatch::default() },
        _ => CpeMatch {
            name: name(product, "*").into(),
            from_including: from.into(),
            to_excluding: to.into(),
            ..CpeMatch::default()
        },
    }
}

fn record(number: u64, products: u64, numbers: &mut Numbers) -> CveRecord<'static> {
    let product = numbers.product(products);
    let vulnerable = (0..1 + numbers.below(5)).map(|_| criterion(numbers, product)).collect();
    let platform = format!("cpe:2.3:h:vendor_{}:board_{}:-:*:*:*:*:*:*:*", product / 3, numbers.below(9));
    let has_platform = numbers.below(10) == 0;
    let names = vec![CpeMatch { name: platform.into(), ..CpeMatch::default() }];
    let beside = if has_platform { vec![AnyOf { names }] } else { Vec::new() };
    CveRecord {
        id: format!("CVE-2099-{number:06}").into(),
        title: format!("A flaw of product {product} lets somebody do what nobody should, by number {number}").into(),
        configurations: vec![Configuration { vulnerable, beside, without: Vec::new() }],
        ..CveRecord::default()
    }
}

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let (records, subjects) = if is_bench { (RECORDS, SUBJECTS) } else { (500, 200) };
    let products = records / 5;
    let mut numbers = Numbers(7);
    let records: Vec<CveRecord<'_>> = (0..records).map(|number| record(number, products, &mut numbers)).collect();
    let start = Instant::now();
    let mut compiler = Compiler::new();
    records.iter().for_each(|record| compiler.add_cve("cve", record));
    let index = compiler.finish().expect("it fits");
    let compiled = start.elapsed();
    let bytes = index.to_bytes();
    let load = shortest(|| Index::from_bytes(&bytes).expect("sound bytes"));
    println!(
        "products: {} records, {} products, {} statements compiled in {:.0} ms; {} bytes, loaded in {:.1} ms",
        index.len(),
        index.packages(),
        index.statements(),
        milliseconds(compiled),
        bytes.len(),
        milliseconds(load)
    );
    measure(&index, subjects, products, &mut numbers);
}

fn measure(index: &Index, subjects: u64, products: u64, numbers: &mut Numbers) {
    let used: Vec<(String, [String; 1])> =
        (0..subjects).map(|_| (numbers.version(), [name(numbers.product(products), "*")])).collect();
    let subjects: Vec<Subject<'_>> = used
        .iter()
        .map(|(version, cpes)| Subject { kind: "generic", name: "thing", version, cpes, ..Subject::default() })
        .collect();
    let prepared: Vec<Lookups<'_>> = subjects.iter().map(lookups).collect();
    let mut found: Vec<Match> = Vec::new();
    let inner = shortest(|| {
        found.clear();
        prepared.iter().for_each(|lookups| index.matches_of(lookups, Timestamp(0), &mut found));
    });
    let whole = shortest(|| {
        found.clear();
        subjects.iter().for_each(|subject| index.matches(subject, Timestamp(0), &mut found));
    });
    assert!(found.len() > subjects.len() / 4, "{} matches", found.len());
    let each = |time: Duration| time.as_secs_f64() * 1e6 / subjects.len() as f64;
    println!(
        "  {} package versions with a CPE name, {} matches: {:.2} µs each with keys known, {:.2} µs whole",
        subjects.len(),
        found.len(),
        each(inner),
        each(whole)
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The shortest of several runs.
fn shortest<T>(mut run: impl FnMut() -> T) -> Duration {
    let once = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    (0..RUNS).map(once).min().unwrap_or_default()
}
