// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The measured part of the page about scale: written between its markers, with the pictures beside it.

use std::fmt::Write as _;
use std::path::Path;

use underpin_model::Timestamp;
use underpin_office::{OfficeError, Result};

use super::scale::{Series, series};
use super::scale_charts::{PICTURES, figure};
use super::scale_house::{Measured, Taken};

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// Memory of machines that can be bought, in bytes, for the table of where one machine ends.
const MEMORIES: [u64; 5] = [16 << 30, 64 << 30, 128 << 30, 256 << 30, 1 << 40];
/// Disks, in bytes.
const DISKS: [u64; 4] = [1_000_000_000_000, 4_000_000_000_000, 16_000_000_000_000, 64_000_000_000_000];
/// How long people wait for an answer, in milliseconds.
const WAITS: [f64; 3] = [1_000.0, 10_000.0, 60_000.0];
/// Sizes for which it is told what to buy.
const SIZES: [u64; 4] = [10_000_000, 100_000_000, 300_000_000, 1_000_000_000];
/// What a machine should have beside what a question takes: the system, the cache of files, and readers at once.
const MEMORY_BESIDE: f64 = 1.5;
/// What a disk should have beside what a house takes: files that are put together lie there twice, and backups.
const DISK_BESIDE: f64 = 2.5;

/// The questions of the table, in its order.
const QUESTIONS: [(&str, &str); 8] = [
    ("make-the-house", "Make the continent"),
    ("packages-by-systems", "Packages by systems"),
    ("findings-by-agency", "Findings by agency"),
    ("rule-simulation", "One rule simulated"),
    ("full-match", "Everything in use matched"),
    ("where", "Where one package is used"),
    ("intake", "One more batch"),
    ("compaction", "All files put together"),
];

/// Writes what was measured into the page, and the pictures beside it.
pub fn write(path: &Path, houses: &[Measured], to: u64, at: Timestamp) -> Result<()> {
    let failed = |error: std::io::Error| OfficeError::file(path, &error);
    let page = std::fs::read_to_string(path).map_err(failed)?;
    let written = between(&page, &measured(houses, to, at)).ok_or_else(|| {
        OfficeError::new("bench", format!("{} has no lines {BEGIN} and {END}", path.display()))
            .hint("name the page about scale of the manual")
    })?;
    let all = series(houses);
    for wanted in &PICTURES {
        let found = all.iter().find(|series| series.what == wanted.what && series.unit == wanted.unit);
        let Some(series) = found else { continue };
        let picture = path.with_file_name(format!("{}.svg", wanted.id));
        std::fs::write(&picture, format!("{}\n", figure(wanted, series, to, at).file()))
            .map_err(|error| OfficeError::file(&picture, &error))?;
    }
    std::fs::write(path, written).map_err(failed)
}

/// The page with other lines between the markers.
fn between(page: &str, lines: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n{END}{after}", lines.trim_end()))
}

/// A number of uses in words.
pub fn size_words(uses: u64) -> String {
    let short = |whole: f64, word: &str| {
        let text = if whole < 10.0 { format!("{whole:.1}") } else { format!("{whole:.0}") };
        format!("{}{word}", text.strip_suffix(".0").unwrap_or(&text))
    };
    match uses {
        0..1_000 => uses.to_string(),
        1_000..1_000_000 => short(uses as f64 / 1e3, " thousand"),
        1_000_000..1_000_000_000 => short(uses as f64 / 1e6, " million"),
        _ => short(uses as f64 / 1e9, " billion"),
    }
}

/// A value with its unit, as exact as makes sense.
pub fn shown(unit: &str, value: f64) -> String {
    let (value, words): (f64, &str) = match unit {
        "bytes" | "peak-bytes" => match value {
            v if v >= 1e12 => (v / 1e12, "TB"),
            v if v >= 1e9 => (v / 1e9, "GB"),
            v if v >= 1e6 => (v / 1e6, "MB"),
            v => (v / 1e3, "kB"),
        },
        _ => match value {
            v if v >= 7_200_000.0 => (v / 3_600_000.0, "h"),
            v if v >= 120_000.0 => (v / 60_000.0, "min"),
            v if v >= 1_000.0 => (v / 1_000.0, "s"),
            v => (v, "ms"),
        },
    };
    match value {
        v if v >= 100.0 => format!("{v:.0} {words}"),
        v if v >= 10.0 => format!("{v:.1} {words}"),
        v => format!("{v:.2} {words}"),
    }
}

/// Everything between the markers. Writing into a text cannot fail.
fn measured(houses: &[Measured], to: u64, at: Timestamp) -> String {
    let all = series(houses);
    let mut text = String::new();
    machine(&mut text, at);
    sizes(&mut text, houses);
    questions(&mut text, houses, &all, to);
    pictures(&mut text, &all, to, at);
    ends(&mut text, &all);
    buy(&mut text, &all);
    text
}

fn machine(text: &mut String, at: Timestamp) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total =
        memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB")?.trim().parse().ok());
    let total = total.map_or("memory not known".to_owned(), |kilobytes: u64| {
        format!("{:.0} GB of memory", kilobytes as f64 * 1_024.0 / 1e9)
    });
    let build = if cfg!(debug_assertions) {
        "a development build, which is many times slower than a release"
    } else {
        "a release build"
    };
    let _ =
        writeln!(text, "Measured on {} with {cores} cores and {total}, {build}, nothing else running.\n", at.date());
}

fn sizes(text: &mut String, houses: &[Measured]) {
    text.push_str("| House | Systems | Documents | Uses | On disk | Ledger | Originals | Facts | Index and feeds |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for house in houses {
        let bytes = |what: &str| {
            let found = house.figures.iter().find(|figure| figure.what == what).and_then(|figure| figure.bytes);
            found.map_or("–".to_owned(), |bytes| shown("bytes", bytes as f64))
        };
        let parts = ["disk", "disk-ledger", "disk-evidence", "disk-facts", "disk-other"].map(bytes).join(" | ");
        let (name, systems, documents) = (&house.name, house.systems, house.documents);
        let _ = writeln!(text, "| {name} | {systems} | {documents} | {} | {parts} |", house.occurrences);
    }
    text.push_str("\nCommand: `du -b DIR`.\n\n");
}

fn cell(figure: Option<&Taken>) -> String {
    let Some(figure) = figure else { return "–".to_owned() };
    if figure.is_refused {
        return "refused".to_owned();
    }
    let time = |value: Option<f64>| value.map(|value| shown("milliseconds", value));
    let times: Vec<String> = [time(figure.cold_ms), time(figure.warm_ms)].into_iter().flatten().collect();
    let peak = figure.peak_bytes.map(|bytes| shown("peak-bytes", bytes as f64));
    [times.join(" / "), peak.unwrap_or_default()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn questions(text: &mut String, houses: &[Measured], all: &[Series], to: u64) {
    let names: Vec<String> = houses.iter().map(|house| size_words(house.occurrences)).collect();
    let _ = writeln!(
        text,
        "Each cell: cold / warm time, largest memory. What changes the house was done once. Cold: a new process, the files of the house\n\
         dropped from the cache of the system. Warm: a new process again.\n\n| Question | {} | Expected at {} | Curve, off by |\n|---|{}--:|---|",
        names.join(" | "),
        size_words(to),
        "--:|".repeat(names.len())
    );
    for (what, title) in QUESTIONS {
        let of = |house: &'_ Measured| cell(house.figures.iter().find(|figure| figure.what == what));
        let cells: Vec<String> = houses.iter().map(of).collect();
        let fits: Vec<(&str, &Series)> =
            all.iter().filter(|series| series.what == what).map(|series| (series.unit, series)).collect();
        // What was refused everywhere has no curve, and is said all the same.
        if !houses.iter().any(|house| house.figures.iter().any(|figure| figure.what == what)) {
            continue;
        }
        let expected: Vec<String> = fits
            .iter()
            .filter_map(|(unit, series)| {
                let found = series.fit.as_ref()?.at(to);
                Some(format!(
                    "{} {} ({} to {})",
                    short_unit(unit),
                    shown(unit, found.value),
                    shown(unit, found.low),
                    shown(unit, found.high)
                ))
            })
            .collect();
        let curves: Vec<String> = fits
            .iter()
            .filter_map(|(unit, series)| {
                let fit = series.fit.as_ref()?;
                let off: Vec<String> = fit.residuals_percent.iter().map(|one| format!("{one:+.0} %")).collect();
                Some(format!("{}: {}; {}", short_unit(unit), fit.formula(), off.join(", ")))
            })
            .collect();
        let (expected, curves) = (or_none(&expected), or_none(&curves));
        let _ = writeln!(text, "| {title} | {} | {expected} | {curves} |", cells.join(" | "));
    }
    text.push_str("\nCommands, each with `--format json --data DIR`:\n\n");
    for (what, title) in QUESTIONS {
        let found = houses.iter().flat_map(|house| &house.figures).find(|figure| figure.what == what);
        if let Some(figure) = found {
            let _ = writeln!(text, "- {title}: `{}`", figure.command);
        }
    }
    text.push('\n');
}

fn or_none(parts: &[String]) -> String {
    if parts.is_empty() { "–".to_owned() } else { parts.join("; ") }
}

fn short_unit(unit: &str) -> &'static str {
    match unit {
        "milliseconds-cold" => "cold",
        "milliseconds-warm" => "warm",
        "peak-bytes" => "memory",
        _ => "disk",
    }
}

fn pictures(text: &mut String, all: &[Series], to: u64, at: Timestamp) {
    for wanted in &PICTURES {
        let found = all.iter().find(|series| series.what == wanted.what && series.unit == wanted.unit);
        let Some(series) = found else { continue };
        let figure = figure(wanted, series, to, at);
        let _ = writeln!(text, "### {}\n\n{}\n", figure.headline, figure.subtitle);
        let _ = writeln!(text, "![{}]({}.svg)\n", figure.description(), wanted.id);
        let table = figure.table();
        let heads: Vec<&str> = table.columns.iter().map(|column| column.text.as_str()).collect();
        let lines: String = table.columns.iter().map(|column| if column.is_number { "--:|" } else { "---|" }).collect();
        let _ = writeln!(text, "| {} |\n|{lines}", heads.join(" | "));
        for row in &table.rows {
            let cells: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        let _ = writeln!(text, "\nSource: `{}`, {}.\n", figure.source, figure.moment());
    }
}

fn fit<'s>(all: &'s [Series], what: &str, unit: &str) -> Option<&'s super::scale_fit::Fit> {
    all.iter().find(|series| series.what == what && series.unit == unit).and_then(|series| series.fit.as_ref())
}

/// The fewest uses at which any question needs more memory than there is, with its name.
fn memory_ends(all: &[Series], bytes: u64) -> Option<(u64, &'static str)> {
    let bound = bytes as f64 / MEMORY_BESIDE;
    let within = |(what, title): (&str, &'static str)| Some((fit(all, what, "peak-bytes")?.uses_within(bound)?, title));
    QUESTIONS.into_iter().filter_map(within).min()
}

fn ends(text: &mut String, all: &[Series]) {
    text.push_str("### Where one machine ends\n\nBy the highest curve that fits; beyond what was measured these are expectations.\n\n| A machine with | holds at most | because of |\n|---|--:|---|\n");
    let words = |uses: u64| format!("{} uses", size_words(uses));
    for bytes in MEMORIES {
        let found = memory_ends(all, bytes);
        let (uses, title) = found.map_or(("any number".to_owned(), "–"), |(uses, title)| (words(uses), title));
        let _ =
            writeln!(text, "| {} GB of memory | {uses} | {title}, with half as much memory beside it |", bytes >> 30);
    }
    for bytes in DISKS {
        let found = fit(all, "disk", "bytes").and_then(|fit| fit.uses_within(bytes as f64 / DISK_BESIDE));
        let uses = found.map_or("–".to_owned(), words);
        let _ = writeln!(
            text,
            "| {} of disk | {uses} | {DISK_BESIDE} times what a house takes |",
            shown("bytes", bytes as f64)
        );
    }
    text.push_str("\n| People wait at most | ");
    let questions = ["packages-by-systems", "where", "full-match", "findings-by-agency", "rule-simulation"];
    let titles: Vec<&str> =
        QUESTIONS.iter().filter(|(what, _)| questions.contains(what)).map(|(_, title)| *title).collect();
    let _ = writeln!(text, "{} |\n|--:|{}", titles.join(" | "), "--:|".repeat(titles.len()));
    for wait in WAITS {
        let within = |what: &str| match fit(all, what, "milliseconds-cold").map(|fit| fit.uses_within(wait)) {
            None => "–".to_owned(),
            Some(None) => "any number".to_owned(),
            Some(Some(uses)) => words(uses),
        };
        let cells: Vec<String> =
            QUESTIONS.iter().filter(|(what, _)| questions.contains(what)).map(|(what, _)| within(what)).collect();
        let _ = writeln!(text, "| {} | {} |", shown("milliseconds", wait), cells.join(" | "));
    }
    text.push('\n');
}

fn buy(text: &mut String, all: &[Series]) {
    text.push_str("### What to buy\n\n| Uses | Memory | Disk |\n|--:|--:|--:|\n");
    for uses in SIZES {
        let memory = QUESTIONS.iter().filter_map(|(what, _)| Some(fit(all, what, "peak-bytes")?.at(uses).high));
        let memory = memory.fold(f64::NAN, f64::max) * MEMORY_BESIDE;
        let disk = fit(all, "disk", "bytes").map_or(f64::NAN, |fit| fit.at(uses).high * DISK_BESIDE);
        let show = |value: f64| if value.is_finite() { shown("bytes", value) } else { "–".to_owned() };
        let _ = writeln!(text, "| {} | {} | {} |", size_words(uses), show(memory), show(disk));
    }
    let _ = writeln!(
        text,
        "\nMemory: {MEMORY_BESIDE} times what the question that needs most takes, at the upper end of what is expected. Disk: {DISK_BESIDE} times the house."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(name: &str, uses: u64) -> Measured {
        let time = |what: &str, per_use: f64| Taken {
            what: what.to_owned(),
            cold_ms: Some(100.0 + uses as f64 * per_use),
            warm_ms: Some(50.0 + uses as f64 * per_use / 2.0),
            peak_bytes: Some(50_000_000 + uses * 120),
            command: format!("underpin {what}"),
            ..Taken::default()
        };
        let disk = Taken { what: "disk".to_owned(), bytes: Some(30_000_000 + uses * 36), ..Taken::default() };
        let refused = Taken { what: "rule-simulation".to_owned(), is_refused: true, ..Taken::default() };
        let figures = vec![disk, time("full-match", 0.000_5), time("where", 0.000_001), refused];
        Measured { name: name.to_owned(), systems: uses / 1_000, documents: uses / 168, occurrences: uses, figures }
    }

    fn houses() -> Vec<Measured> {
        [("small", 1_500_000), ("middle", 15_000_000), ("large", 150_000_000)]
            .map(|(name, uses)| house(name, uses))
            .to_vec()
    }

    #[test]
    fn the_page_gets_tables_pictures_and_what_to_buy() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("scale.md");
        std::fs::write(&path, format!("# Scale\n\n{BEGIN}\nold\n{END}\n\nafter\n")).expect("writes");
        let at = "2026-06-01T00:00:00Z".parse().expect("a time");
        write(&path, &houses(), 1_000_000_000, at).expect("written");
        let page = std::fs::read_to_string(&path).expect("reads");
        assert!(page.starts_with("# Scale\n\n<!-- measured: begin -->\n\nMeasured on 2026-06-01 with "), "{page}");
        assert!(page.ends_with("<!-- measured: end -->\n\nafter\n") && !page.contains("\nold\n"), "{page}");
        for part in [
            "| large | 150000 | 892857 | 150000000 | 5.43 GB | – |",
            "| Everything in use matched | 850 ms / 425 ms, 230 MB | 7.60 s / 3.80 s, 1.85 GB | 75.1 s / 37.5 s, 18.1 GB |",
            "| One rule simulated | refused | refused | refused |",
            "1 billion: about 36.0 GB expected (36.0 GB to ",
            "### What to buy\n\n| Uses | Memory | Disk |\n|--:|--:|--:|\n| 10 million | ",
            " million uses | Everything in use matched, with half as much memory beside it |",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        let again = page.clone();
        write(&path, &houses(), 1_000_000_000, at).expect("written");
        assert_eq!(std::fs::read_to_string(&path).expect("reads"), again);
        for wanted in &PICTURES {
            let svg = std::fs::read_to_string(folder.path().join(format!("{}.svg", wanted.id))).expect("a picture");
            assert!(svg.starts_with("<svg ") && svg.contains("1 billion") && svg.contains("<style>"), "{svg}");
        }
    }

    #[test]
    fn a_page_without_markers_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("other.md");
        std::fs::write(&path, "# Other\n").expect("writes");
        let at = "2026-06-01T00:00:00Z".parse().expect("a time");
        assert_eq!(write(&path, &houses(), 1, at).expect_err("refused").code, "bench");
        assert_eq!(std::fs::read_to_string(&path).expect("reads"), "# Other\n");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn sizes_and_values_are_said_in_words() {
        for (uses, words) in
            [(7, "7"), (1_500, "1.5 thousand"), (15_000_000, "15 million"), (1_000_000_000, "1 billion")]
        {
            assert_eq!(size_words(uses), words);
        }
        for (unit, value, words) in [
            ("bytes", 512.0, "0.51 kB"),
            ("peak-bytes", 1.5e12, "1.50 TB"),
            ("milliseconds-cold", 37.25, "37.2 ms"),
            ("milliseconds-warm", 119_000.0, "119 s"),
            ("milliseconds-warm", 7_200_000.0, "2.00 h"),
        ] {
            assert_eq!(shown(unit, value), words);
        }
    }
}
