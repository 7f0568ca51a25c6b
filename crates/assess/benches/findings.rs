// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How long questions about the findings of a nation take: `cargo bench -p underpin-assess --bench findings`.
//!
//! Every run counts and lists anew; nothing is kept from one run to the next. The nation is made up, the same for the same
//! seed. `UNDERPIN_BENCH_SYSTEMS` makes it smaller.

#[path = "findings_nation.rs"]
mod nation;

use std::time::{Duration, Instant};

use underpin_assess::findings::{
    Bits, Deadlines, Engine, Filter, FindingStatus, Flags, Key, Order, Page, Priorities, Start, Statuses, Viewer,
};
use underpin_model::registry::Exposure;

/// Runs of a question.
const RUNS: usize = 100;
/// Rows of a page.
const ROWS: usize = 50;

fn main() {
    let systems = std::env::var("UNDERPIN_BENCH_SYSTEMS").ok().and_then(|text| text.parse().ok()).unwrap_or(60_000);
    let begin = Instant::now();
    let nation = nation::Nation::new(7, systems);
    let estate = &nation.estate;
    println!(
        "nation made in {:.1?}: {systems} systems, {} uses, {} matches",
        begin.elapsed(),
        estate.uses(),
        estate.matches()
    );
    let begin = Instant::now();
    let priorities = Priorities::of(estate, nation::priority);
    println!("priorities in {:.1?}: {} levels", begin.elapsed(), priorities.levels().len());
    let undecided = Statuses::undecided(estate);
    let begin = Instant::now();
    let rules = nation.rules(500);
    let decided = Statuses::decided(&rules);
    println!("states after 500 decisions in {:.1?}", begin.elapsed());
    let bytes = [
        ("estate", estate.bytes()),
        ("priorities", priorities.bytes()),
        ("states without decisions", undecided.bytes()),
        ("states with decisions", decided.bytes()),
    ];
    for (what, bytes) in bytes {
        println!("{what}: {:.1} MB", bytes as f64 / 1e6);
    }
    println!("memory of the process: {}", resident());
    let deadlines = Deadlines::of(estate, nation::due);
    println!("deadlines: {:.1} MB", deadlines.bytes() as f64 / 1e6);
    let engine = Engine { estate, priorities: &priorities, deadlines: &deadlines, statuses: &decided };
    let all = Viewer { systems: Bits::all(systems), withheld: Bits::default() };
    let three = Viewer { systems: Bits::of(systems, [5, 777, 4_242].map(|n| n % systems as u32)), ..Viewer::default() };
    let counted = engine.count(&all, &Filter::default(), Order::default());
    println!("findings: {:?}; kept for a question: {:.1} MB", counted.totals, counted.bytes() as f64 / 1e6);
    for (who, viewer) in [("sees all", &all), ("sees three systems", &three)] {
        println!("\n{who}\n{:44} {:>12} {:>9} {:>9}", "question", "findings", "p50", "p99");
        for (name, filter, order, offset) in questions() {
            measure(&engine, viewer, name, &filter, order, offset);
        }
    }
    let begin = Instant::now();
    let counted = engine.count(&all, &Filter::default(), Order { by: Key::Severity, descending: true });
    let rows = engine
        .stream(&counted)
        .map(|finding| u64::from(finding.system))
        .fold((0_u64, 0_u64), |(n, sum), s| (n + 1, sum ^ s));
    println!("\nall {} findings as a stream by severity in {:.1?} ({})", rows.0, begin.elapsed(), rows.1);
    println!("memory of the process: {}", resident());
}

type Question = (&'static str, Filter, Order, u64);

fn questions() -> Vec<Question> {
    let down = |by| Order { by, descending: true };
    let up = |by| Order { by, descending: false };
    let all = Filter::default();
    let open = || Filter { statuses: vec![FindingStatus::Open], ..Filter::default() };
    vec![
        ("by priority", all.clone(), down(Key::Priority), 0),
        ("by priority, row 1,000,000", all.clone(), down(Key::Priority), 1_000_000),
        ("by priority, least first", all.clone(), up(Key::Priority), 0),
        ("open, by priority", open(), down(Key::Priority), 0),
        ("by severity", all.clone(), down(Key::Severity), 0),
        ("by severity, row 1,000,000", all.clone(), down(Key::Severity), 1_000_000),
        ("by EPSS", all.clone(), down(Key::Epss), 0),
        ("by first known", all.clone(), down(Key::FirstKnown), 0),
        ("by name", all.clone(), up(Key::Name), 0),
        ("by package, row 1,000,000", all.clone(), up(Key::Package), 1_000_000),
        ("by system, row 1,000,000", all.clone(), up(Key::System), 1_000_000),
        ("by deadline", all.clone(), up(Key::Due), 0),
        ("by deadline, row 1,000,000", all.clone(), up(Key::Due), 1_000_000),
        ("overdue, by priority", Filter { due_before: Some(nation::TODAY), ..open() }, down(Key::Priority), 0),
        ("overdue, by deadline", Filter { due_before: Some(nation::TODAY), ..open() }, up(Key::Due), 0),
        ("by agency", all.clone(), up(Key::Agency), 0),
        ("exploited (KEV), by priority", Filter { any_flag: Flags::KEV, ..open() }, down(Key::Priority), 0),
        ("EPSS at least 0.5, by EPSS", Filter { epss_at_least: Some(0.5), ..open() }, down(Key::Epss), 0),
        ("severity at least 9, by agency", Filter { severity_at_least: Some(9.0), ..open() }, up(Key::Agency), 0),
        ("one agency, by severity", Filter { agencies: Some(vec![17]), ..open() }, down(Key::Severity), 0),
        (
            "a tenth of the agencies, by priority",
            Filter { agencies: Some((0..40).collect()), ..open() },
            down(Key::Priority),
            0,
        ),
        (
            "half of the agencies, by priority",
            Filter { agencies: Some((0..200).collect()), ..open() },
            down(Key::Priority),
            0,
        ),
        (
            "internet, direct, by priority",
            Filter { exposures: vec![Exposure::Internet], direct: vec![Some(true)], ..open() },
            down(Key::Priority),
            0,
        ),
        ("priority at least 300, by system", Filter { priority_at_least: Some(300), ..open() }, up(Key::System), 0),
        ("package text, by severity", Filter { package_text: "npm/p12".to_owned(), ..open() }, down(Key::Severity), 0),
        ("package text without a hit", Filter { package_text: "nowhere".to_owned(), ..open() }, down(Key::Severity), 0),
        (
            "vulnerability text without a hit",
            Filter { vulnerability_text: "nowhere".to_owned(), ..open() },
            down(Key::Severity),
            0,
        ),
        ("text of one letter, by name", Filter { vulnerability_text: "e".to_owned(), ..open() }, up(Key::Name), 0),
    ]
}

fn measure(engine: &Engine<'_>, viewer: &Viewer, name: &str, filter: &Filter, order: Order, offset: u64) {
    let mut times = Vec::with_capacity(RUNS);
    let mut findings = 0;
    for _ in 0..RUNS {
        let begin = Instant::now();
        let counted = engine.count(viewer, filter, order);
        let page = engine.page(&counted, Page { start: Start::Offset(offset), rows: ROWS });
        times.push(begin.elapsed());
        findings = counted.totals.findings;
        let expected = findings.saturating_sub(offset).min(ROWS as u64);
        assert_eq!(page.len() as u64, expected, "{name}");
    }
    times.sort();
    let at = |share: usize| milliseconds(times[(times.len() * share).div_ceil(100) - 1]);
    println!("{name:44} {findings:>12} {:>9} {:>9}", at(50), at(99));
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// Resident and peak memory, where the system says so.
fn resident() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM"));
    lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(", ")
}
