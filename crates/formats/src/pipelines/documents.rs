// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the documents of a project are about: by the names of files, by headings, and by a few kinds of sentences.
//!
//! English and German words are known. A heading shows that a theme is spoken about, not that all is said.

use underpin_model::build_facts::{BuildFacts, Theme};
use underpin_model::practices::FaultCode;

use super::at;
use super::channels::{Place, themes_of};
use super::commands::of_command;
use super::headings::Heading;
use super::themes::{HEADINGS, WIDE};

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

/// Sentences of a form that nobody has filled in.
const UNFILLED: &[&str] =
    &["use this section to tell people", "tell them where to go, how often they can expect to get an update"];

/// Notes the themes of a document.
pub fn document(path: &str, text: &str, out: &mut BuildFacts) {
    let name = name_of(path);
    // A code of conduct has standards and responsibilities of another kind.
    if name.contains("conduct") {
        return;
    }
    let low_path = path.to_lowercase();
    let speaks_of_security = ["security", "vulnerab", "disclos", "sicherheit"].iter().any(|word| name.contains(word));
    let is_high = !path.contains('/') || low_path.starts_with('.');
    let text = without_comments(text);
    let low: String = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if UNFILLED.iter().any(|words| low.contains(words)) {
        return;
    }
    let mut reader = Reader {
        path,
        is_security: name.starts_with("security") && !name.ends_with(".yml"),
        may_speak_of_security: is_high || speaks_of_security,
        is_near: is_high || low_path.matches('/').count() == 1,
        is_contributing: name.starts_with("contribut") || name.starts_with("hacking"),
        is_changelog: ["changelog", "changes", "history", "news", "release"]
            .iter()
            .any(|start| name.starts_with(start)),
        is_readme: name.starts_with("readme"),
        has_title: false,
        in_code: false,
        in_security: false,
        place: Place::default(),
        paragraph: (0, String::new()),
        out,
    };
    let mut last = "";
    for (line, number) in text.lines().zip(1_u32..) {
        let trimmed = line.trim();
        let is_fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        let is_heading = is_underline(trimmed) && !last.is_empty() && !last.starts_with(['#', '-', '|', '*']);
        if is_fence {
            reader.in_code = !reader.in_code;
        } else if reader.in_code {
            reader.command(trimmed, number);
        } else if let Some(heading) = heading(trimmed) {
            reader.heading(heading, number);
        } else if is_heading {
            reader.paragraph.1.clear();
            reader.heading(last, number.saturating_sub(1));
        } else if trimmed.is_empty() {
            reader.paragraph_ends();
        } else {
            reader.command(trimmed, number);
            reader.sentence(trimmed, number);
        }
        last = trimmed;
    }
    reader.paragraph_ends();
}

/// A text without its comments and without lines about copyright, which name persons for another reason. Lines stay where they are.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<!--") {
        kept.push_str(before);
        let (comment, after) = behind.split_once("-->").unwrap_or((behind, ""));
        kept.extend(comment.matches('\n'));
        rest = after;
    }
    kept.push_str(rest);
    let is_kept = |line: &&str| !line.contains("SPDX-") && !line.trim_start().starts_with("[//]: #");
    let lines: Vec<&str> = kept.split('\n').map(|line| if is_kept(&line) { line } else { "" }).collect();
    lines.join("\n")
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
    /// A part about security may stand here: at the root, or in a document of that name.
    may_speak_of_security: bool,
    /// At the root, in a folder of a forge, or right in a folder of documents.
    is_near: bool,
    is_contributing: bool,
    is_changelog: bool,
    is_readme: bool,
    /// The first heading of a README is the name of the project.
    has_title: bool,
    in_code: bool,
    /// Inside a part about security of another document.
    in_security: bool,
    place: Place,
    /// The first line of a paragraph, and its words so far in small letters.
    paragraph: (u32, String),
    out: &'a mut BuildFacts,
}

impl Reader<'_> {
    fn found(&mut self, theme: Theme, line: u32) {
        self.out.theme(theme, at(self.path, FaultCode::Found, line));
    }

    /// A place that a person has to read.
    fn unclear(&mut self, theme: Theme, line: u32) {
        self.out.theme(theme, at(self.path, FaultCode::NotFollowed, line));
    }

    fn heading(&mut self, heading: &str, line: u32) {
        self.paragraph_ends();
        let heading = Heading::of(heading);
        let about_security = heading.has_any(&["security", "vulnerab", "sicherheit", "schwachstelle"]);
        self.in_security = about_security;
        self.place = Place {
            is_policy: self.is_security,
            is_about_reports: heading.has_any(&["report", "disclos", "meld", "contact", "kontakt"])
                && (about_security || self.is_security),
            is_about_answers: heading
                .has_any(&["respon", "disclos", "timeline", "antwort", "expect", "process", "sla"]),
        };
        let is_title = self.is_readme && !std::mem::replace(&mut self.has_title, true);
        if self.is_changelog || is_title {
            return;
        }
        for (theme, words) in HEADINGS {
            let is_theirs = match theme {
                Theme::Defects => !about_security,
                Theme::Acceptance => self.is_contributing,
                Theme::Purpose | Theme::Maturity => self.is_readme,
                // A library that verifies signatures speaks about them, too.
                Theme::Verification => heading.has_any(RELEASED),
                _ => true,
            };
            let also = if *theme == Theme::Verification { RELEASED } else { &[] };
            let Some(weight) = heading.weight(words, also).filter(|_| is_theirs) else { continue };
            let is_wide = WIDE.contains(theme);
            // What else a heading names may be what it is about, above all in documents deep inside.
            let is_plain = !heading.is_denied() && (is_wide || self.is_near && weight.others <= weight.own);
            if is_plain { self.found(*theme, line) } else { self.unclear(*theme, line) }
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
            if self.paragraph.1.is_empty() {
                self.paragraph.0 = number;
            }
            self.paragraph.1.push_str(&low);
            self.paragraph.1.push(' ');
        }
        if self.is_contributing && low.contains("test") {
            let adds = ["add", "includ", "writ", "provid", "accompan", "cover", "ergänz", "schreib"];
            let is_told = adds.iter().any(|verb| low.contains(verb));
            let is_denied = ["do not", "don't", "no tests", "without tests", "nicht", "keine"]
                .iter()
                .any(|word| low.contains(word));
            match (is_told, is_denied) {
                (true, false) => self.found(Theme::TestPolicy, number),
                (true, true) => self.unclear(Theme::TestPolicy, number),
                (false, _) => {}
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

    /// A paragraph about security is whole: how to report, in private, and when an answer comes.
    fn paragraph_ends(&mut self) {
        let (line, paragraph) = std::mem::take(&mut self.paragraph);
        if paragraph.is_empty() {
            return;
        }
        let place = Place { is_policy: self.is_security, ..self.place };
        for (theme, is_plain) in themes_of(&paragraph, place) {
            if is_plain && self.may_speak_of_security { self.found(theme, line) } else { self.unclear(theme, line) }
        }
    }
}
