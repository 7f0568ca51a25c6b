// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One very large document. Time and memory are printed, not asserted: this runs unoptimised and beside other tests.

use std::time::Instant;

use crate::documents::cyclonedx;
use crate::house::{BINARY, House, done};

const COMPONENTS: usize = 300_000;

/// The largest resident set of a process that ended, in bytes, read from the kernel just before it went.
fn peak_bytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1_024)
}

#[test]
fn a_document_of_300_000_components_is_taken_in() {
    let house = House::new();
    let packages: Vec<String> = (0..COMPONENTS).map(|number| format!("part-{number}@1.{}", number % 50)).collect();
    let bytes = cyclonedx("everything", &packages);
    let size = bytes.len();
    house.write("large.json", &bytes);
    drop((bytes, packages));
    let started = Instant::now();
    let mut child = house.command(&["add", "large.json", "--format", "json"]).spawn().expect("the binary runs");
    let mut peak = 0;
    while child.try_wait().expect("a process").is_none() {
        peak = peak.max(peak_bytes(child.id()).unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let took = started.elapsed();
    let report = done(child.wait_with_output().expect("its output")).answer();
    println!(
        "{COMPONENTS} components ({:.0} MB): {:.2} s, peak {:.0} MB with {BINARY}",
        size as f64 / 1e6,
        took.as_secs_f64(),
        peak as f64 / 1e6
    );
    let counts = ["documents", "accepted", "occurrences", "package_versions"].map(|name| report[name].as_u64());
    let all = COMPONENTS as u64 + 1;
    assert_eq!(counts, [Some(1), Some(1), Some(all), Some(all)]);
    let found = house.json(&["where", "part-299999"]);
    assert_eq!(found["occurrences"].as_u64(), Some(0), "it is bound to no system yet");
    assert_eq!(house.number("SELECT count(*) FROM occurrence WHERE direct"), 1);
}
