// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the documents of a project are about: by the names of files, by headings, and by a few kinds of sentences.
//!
//! English and German words are known. A heading shows that a theme is spoken about, not that all is said.

use underpin_model::build_facts::{BuildFacts, Theme};
use underpin_model::practices::FaultCode;

use super::at;
use super::commands::of_command;
use super::themes::HEADINGS;

/// What is verified when a release is.
const RELEASED: &[&str] = &[
    "release",
    "download",
    "artifact",
    "artefact",
    "image",
    "binar",
    "package",
    "tarball",
    "container",
    "asset",
    "freigabe",
];

/// What kind of document a path is, for sentences that count only there.
fn name_of(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_lowercase()
}

/// Notes the themes of a document.
pub fn document(path: &str, text: &str, out: &mut BuildFacts) {
    let name = name_of(path);
    // A code of conduct has standards and responsibilities of another kind.
    if name.contains("conduct") {
        return;
    }
    let mut reader = Reader {
        path,
        is_security: name.starts_with("security") && !name.ends_with(".yml"),
        is_contributing: name.starts_with("contribut") || name.starts_with("hacking"),
        is_changelog: ["changelog", "changes", "history", "news", "release"]
            .iter()
            .any(|start| name.starts_with(start)),
        is_readme: name.starts_with("readme"),
        has_title: false,
        in_code: false,
        in_security: false,
        out,
    };
    let mut last = "";
    for (line, number) in text.lines().zip(1_u32..) {
        let trimmed = line.trim();
        let is_fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        if is_fence {
            reader.in_code = !reader.in_code;
        } else if reader.in_code {
            reader.command(trimmed, number);
        } else if let Some(heading) = heading(trimmed) {
            reader.heading(heading, number);
        } else if is_underline(trimmed) && !last.is_empty() && !last.starts_with(['#', '-', '|', '*']) {
            reader.heading(last, number.saturating_sub(1));
        } else {
            reader.command(trimmed, number);
            reader.sentence(trimmed, number);
        }
        last = trimmed;
    }
}

/// The words of a heading of Markdown, AsciiDoc or HTML.
fn heading(line: &str) -> Option<&str> {
    let marked = ["#", "="].iter().find_map(|mark| {
        let rest = line.trim_start_matches(mark);
        (rest.len() < line.len() && rest.starts_with(' '))
            .then(|| rest.trim_matches(|letter| letter == '#' || letter == '=' || letter == ' '))
    });
    marked.or_else(|| {
        let rest = line.strip_prefix("<h")?.split_once('>')?.1;
        Some(rest.split('<').next().unwrap_or(rest))
    })
}

fn is_underline(line: &str) -> bool {
    line.len() >= 3
        && line.chars().next().is_some_and(|first| {
            matches!(first, '=' | '-' | '~' | '^' | '*') && line.chars().all(|letter| letter == first)
        })
}

struct Reader<'a> {
    path: &'a str,
    is_security: bool,
    is_contributing: bool,
    is_changelog: bool,
    is_readme: bool,
    /// The first heading of a README is the name of the project.
    has_title: bool,
    in_code: bool,
    /// Inside a part about security of another document.
    in_security: bool,
    out: &'a mut BuildFacts,
}

impl Reader<'_> {
    fn found(&mut self, theme: Theme, line: u32) {
        self.out.theme(theme, at(self.path, FaultCode::Found, line));
    }

    fn heading(&mut self, heading: &str, line: u32) {
        // Words only, so that a word at the end of a heading is one, too.
        let letters =
            heading.chars().map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { ' ' });
        let low = format!(" {} ", letters.collect::<String>().to_lowercase());
        let about_security = low.contains("security") || low.contains("vulnerab") || low.contains("sicherheit");
        self.in_security = about_security;
        let is_title = self.is_readme && !std::mem::replace(&mut self.has_title, true);
        if self.is_changelog || is_title {
            return;
        }
        for (theme, words) in HEADINGS {
            let is_short = |word: &str| word.len() <= 3;
            let has =
                |word: &&str| if is_short(word) { low.contains(&format!(" {word} ")) } else { low.contains(*word) };
            let is_theirs = match theme {
                Theme::Defects => !about_security,
                Theme::Acceptance => self.is_contributing,
                Theme::Purpose | Theme::Maturity => self.is_readme,
                // A library that verifies signatures speaks about them, too.
                Theme::Verification => RELEASED.iter().any(|word| low.contains(word)),
                _ => true,
            };
            if is_theirs && words.iter().any(has) {
                self.found(*theme, line);
            }
        }
    }

    /// A line of code: how tests are run.
    fn command(&mut self, line: &str, number: u32) {
        let inline = line.split('`').skip(1).step_by(2);
        let whole = self.in_code.then_some(line.trim_start_matches("$ "));
        let tests = |code: &str| {
            let words: Vec<String> = code.split_whitespace().map(str::to_owned).collect();
            words.len() < 20 && of_command(&words).contains(&FaultCode::RunsTests)
        };
        if !self.is_changelog && inline.chain(whole).any(tests) {
            self.found(Theme::Testing, number);
        }
    }

    fn sentence(&mut self, line: &str, number: u32) {
        let low = line.to_lowercase();
        if self.is_security || self.in_security {
            self.contact(&low, number);
        }
        if self.is_contributing && low.contains("test") {
            let adds = ["add", "includ", "writ", "provid", "accompan", "cover", "ergänz", "schreib"];
            let is_told = adds.iter().any(|verb| low.contains(verb));
            if is_told {
                self.found(Theme::TestPolicy, number);
            }
        }
        if self.is_changelog && (low.contains("cve-2") || low.contains("ghsa-") || low.contains("rustsec-")) {
            self.found(Theme::Advisories, number);
        }
        if low.contains("/security/advisories") && !low.contains("/security/advisories/new") {
            self.found(Theme::Advisories, number);
        }
        let names_author = ["--certificate-identity", "gh attestation verify", "gpg --verify", "slsa-verifier"];
        if names_author.iter().any(|word| low.contains(word)) {
            self.found(Theme::Author, number);
            self.found(Theme::Verification, number);
        }
    }

    /// How to report: with an address at all, in private, and when an answer comes.
    fn contact(&mut self, low: &str, line: u32) {
        let has_mail =
            low.split(|letter: char| letter.is_whitespace() || "<>()[]`\"',:;*_".contains(letter)).any(is_mail);
        let is_private = [
            "/security/advisories",
            "private vulnerability",
            "privately",
            "hackerone.com",
            "bugcrowd.com",
            "intigriti.com",
            "yeswehack",
            "report a vulnerability",
            "vertraulich",
            "huntr.",
            "signal",
        ];
        let is_private = has_mail || is_private.iter().any(|word| low.contains(word));
        if is_private {
            self.found(Theme::PrivateChannel, line);
        }
        if is_private || low.contains("https://") || low.contains("http://") {
            self.found(Theme::Contact, line);
        }
        if has_time(low) {
            self.found(Theme::ResponseTime, line);
        }
    }
}

fn is_mail(word: &str) -> bool {
    let Some((local, host)) = word.split_once('@') else { return false };
    let masks = ["[at]", "(at)"];
    !local.is_empty() && local != "git" && host.trim_end_matches('.').contains('.') && !host.contains('/')
        || masks.iter().any(|mask| word.contains(mask))
}

/// A span of time in words: a number and a unit after it.
fn has_time(low: &str) -> bool {
    const UNITS: &[&str] = &["hour", "day", "week", "month", "stunde", "tage", "woche", "monat"];
    const BEFORE_UNITS: &[&str] = &["business", "working", "calendar", "werktag", "arbeitstag"];
    const NUMBERS: &[&str] =
        &["one", "two", "three", "four", "five", "six", "seven", "ten", "fourteen", "thirty", "ninety", "zwei", "drei"];
    let words: Vec<&str> =
        low.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let starts = |list: &[&str], word: &str| list.iter().any(|unit| word.starts_with(unit));
    let is_span = |number: &str, unit: &str| {
        let counts = number.chars().all(|letter| letter.is_ascii_digit()) || NUMBERS.contains(&number);
        let joined = number.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let is_joined = joined.len() < number.len() && matches!(joined, "h" | "hrs" | "hours" | "days");
        let is_one = matches!(number, "a" | "an" | "einem" | "einer") && starts(UNITS, unit);
        is_joined || is_one || (counts && (starts(UNITS, unit) || starts(BEFORE_UNITS, unit)))
    };
    words.windows(2).any(|pair| matches!(pair, [number, unit] if is_span(number, unit)))
}
