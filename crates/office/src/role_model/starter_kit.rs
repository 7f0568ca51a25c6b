// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The starter kit: what another government or agency needs to begin, as one archive that is made anew from what the program knows.
//!
//! It holds the manual with its playbooks, the glossary, practices with how to keep them, the first 30 days, templates, and a feed of what
//! the office has published. Nothing that is not public is in it. A list with the SHA-256 of every file comes first; whoever takes the
//! kit holds every file against it before anything is written.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use underpin_assess::practices::{all, standard};
use underpin_formats::containers::{Item, unpack};
use underpin_model::limits::bounds::{STARTER_KIT_BYTES, STARTER_KIT_FILES};
use underpin_model::publications::PublicationKind;
use underpin_model::{Limits, Timestamp};
use underpin_render::glossary::{SECTIONS, meaning, term};
use underpin_render::spreadsheet::guarded;
use underpin_render::{Language, book, text};

use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::publish::FileForm;

/// The list of files, which comes first.
const LIST: &str = "kit.json";
/// The folder of what may be taken in as a feed.
pub const FEED: &str = "feed";
/// Templates, by name.
const TEMPLATES: &[(&str, &str)] = &[
    ("registry.toml", include_str!("../../starter-kit/registry.toml")),
    ("survey.csv", include_str!("../../starter-kit/survey.csv")),
    ("underpin.toml", include_str!("../../starter-kit/underpin.toml")),
    ("SECURITY.md", include_str!("../../starter-kit/SECURITY.md")),
    ("publiccode.yml", include_str!("../../starter-kit/publiccode.yml")),
    ("first-letter.md", include_str!("../../starter-kit/first-letter.md")),
];
/// The first 30 days: when, the step, and the page of the manual that says how.
const STEPS: &[(&str, &str, &str)] = &[
    ("first-day", "first-register", "how-to/onboard-an-agency"),
    ("first-day", "first-collect", "how-to/collect-with-nothing"),
    ("first-day", "first-watch", "how-to/watch-for-vulnerabilities"),
    ("first-week", "first-people", "how-to/open-the-web-house"),
    ("first-week", "first-round", "how-to/onboard-an-agency"),
    ("first-week", "first-coverage", "explanation/coverage"),
    ("first-month", "first-decide", "how-to/decide-once"),
    ("first-month", "first-drill", "how-to/answer-an-incident"),
];

/// What a kit says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitList {
    /// Always `underpin-starter-kit`.
    pub kind: String,
    /// The version of the program that made it.
    pub program: String,
    /// When it was made.
    pub made: Timestamp,
    /// SHA-256 of each file, in hex, by path.
    pub files: BTreeMap<String, String>,
}

/// A kit that was opened: every file is what the list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kit {
    /// Its list.
    pub list: KitList,
    /// Files by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Makes a kit, as a tar archive packed with zstd. `shared` are files of the feed, by name. The same content gives the same bytes.
///
/// # Errors
/// When the archive cannot be written.
pub fn make(shared: Vec<(String, Vec<u8>)>, made: Timestamp) -> Result<Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for language in [Language::English, Language::German] {
        let code = language.code();
        files.insert(format!("begin.{code}.md"), begin(language).into_bytes());
        files.insert(format!("glossary.{code}.csv"), glossary(language)?);
        files.insert(format!("practices.{code}.csv"), practices(language)?);
    }
    files.extend(book::sources().iter().map(|(path, text)| (format!("manual/{path}.md"), text.as_bytes().to_vec())));
    files.extend(TEMPLATES.iter().map(|(name, text)| (format!("templates/{name}"), text.as_bytes().to_vec())));
    files.insert("templates/security.txt".to_owned(), security_txt(made).into_bytes());
    files.extend(shared.into_iter().map(|(name, bytes)| (format!("{FEED}/{name}"), bytes)));
    let list = KitList {
        kind: "underpin-starter-kit".to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made,
        files: files.iter().map(|(path, bytes)| (path.clone(), digest(bytes))).collect(),
    };
    let list = serde_json::to_vec_pretty(&list).map_err(|error| OfficeError::new("export", error.to_string()))?;
    packed(std::iter::once((LIST.to_owned(), list)).chain(files), made)
        .map_err(|error| OfficeError::new("export", error.to_string()))
}

impl House {
    /// A kit of this office, with what it has published for everybody.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the archive not be written.
    pub async fn starter_kit(&self, at: Timestamp) -> Result<Vec<u8>> {
        let site = self.site().await?.unwrap_or_default();
        let names = site.rows.iter().filter(|row| row.kind == PublicationKind::Csaf).flat_map(|row| &row.files);
        // An advisory is matched by its OSV record; a statement is read as CSAF.
        let found = names.filter_map(|(form, path, _)| {
            let bytes = site.files.get(path.trim_start_matches('/'))?.bytes.clone();
            let place = match form {
                FileForm::Csaf => "csaf/office".to_owned(),
                FileForm::Osv => format!("osv/{}", ecosystem(&bytes)?),
                FileForm::OpenVex | FileForm::Sbom => return None,
            };
            Some((format!("{place}/{}", path.rsplit('/').next().unwrap_or(path)), bytes))
        });
        // Publications can share a record.
        let documents: BTreeMap<String, Vec<u8>> = found.collect();
        make(documents.into_iter().collect(), at)
    }
}

/// The ecosystem that a record of OSV speaks of first: the name of its feed.
fn ecosystem(record: &[u8]) -> Option<String> {
    let record: serde_json::Value = serde_json::from_slice(record).ok()?;
    let named = record["affected"][0]["package"]["ecosystem"].as_str()?;
    let plain = named.split(':').next().unwrap_or(named);
    plain.chars().all(|letter| letter.is_ascii_alphanumeric() || " .-".contains(letter)).then(|| plain.to_owned())
}

/// Opens a kit and holds every file against its list. Nothing is written.
///
/// # Errors
/// `kit-damaged` where something is missing, differs, is beyond the list or the limits, or has a path that leaves the kit.
pub fn open(bytes: &[u8], limits: &Limits) -> Result<Kit> {
    let damaged = |why: String| {
        OfficeError::new("kit-damaged", why)
            .hint("get the kit again from where it was published, and compare its SHA-256")
    };
    let (mut files, mut left, mut fault) = (BTreeMap::new(), STARTER_KIT_BYTES, None);
    let _ended = unpack(bytes, "", limits, &mut |item| {
        match item {
            Item::Member(member) => {
                let path = member.path.rsplit('!').next().unwrap_or_default().trim_start_matches("./").to_owned();
                left = left.saturating_sub(member.bytes.len() as u64);
                if member.depth == 0 {
                    fault = Some("it is no archive: this is no starter kit".to_owned());
                } else if left == 0 || files.len() > STARTER_KIT_FILES {
                    fault = Some("it is larger than a starter kit may be".to_owned());
                } else if !is_inside(&path) || member.depth != 1 {
                    fault = Some(format!("{path:?} is no path inside the kit"));
                } else if files.insert(path.clone(), member.bytes.into_owned()).is_some() {
                    fault = Some(format!("{path:?} is there twice"));
                }
            }
            Item::Issue(issue) => fault = Some(format!("{}: {}", issue.path, issue.code.as_str())),
        }
        if fault.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if let Some(why) = fault {
        return Err(damaged(why));
    }
    let list = files.remove(LIST).ok_or_else(|| damaged(format!("it has no {LIST}: this is no starter kit")))?;
    let list: KitList = serde_json::from_slice(&list).map_err(|error| damaged(format!("{LIST}: {error}")))?;
    if list.kind != "underpin-starter-kit" {
        return Err(damaged(format!("{LIST} is of the kind {:?}", list.kind)));
    }
    let found: BTreeMap<String, String> = files.iter().map(|(path, bytes)| (path.clone(), digest(bytes))).collect();
    let differs = list.files.iter().find(|(path, digest)| found.get(*path) != Some(*digest));
    let beyond = found.keys().find(|path| !list.files.contains_key(*path));
    match (differs, beyond) {
        (Some((path, _)), _) => Err(damaged(format!("{path} is missing, or not what {LIST} says"))),
        (None, Some(path)) => Err(damaged(format!("{path} is not in {LIST}"))),
        (None, None) => Ok(Kit { list, files }),
    }
}

impl Kit {
    /// Writes everything into a folder that is not there yet, and gives the folder of the feed if there is one.
    ///
    /// # Errors
    /// `exists` where the folder is there; `not-written`.
    pub fn write(&self, folder: &Path) -> Result<Option<PathBuf>> {
        let failed = |path: &Path, error: &std::io::Error| {
            OfficeError::new("not-written", format!("{}: {error}", path.display()))
                .hint("name a folder that you may write to")
        };
        if folder.symlink_metadata().is_ok() {
            return Err(OfficeError::new("exists", format!("{} is there already", folder.display()))
                .hint("name a folder that is not there yet; nothing is written over"));
        }
        let list =
            serde_json::to_vec_pretty(&self.list).map_err(|error| OfficeError::new("export", error.to_string()))?;
        for (path, bytes) in self.files.iter().chain([(&LIST.to_owned(), &list)]) {
            let file = folder.join(path);
            let parent = file.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
            std::fs::write(&file, bytes).map_err(|error| failed(&file, &error))?;
        }
        Ok(self.has_feed().then(|| folder.join(FEED)))
    }

    /// Whether there is something to take in as a feed.
    pub fn has_feed(&self) -> bool {
        self.files.keys().any(|path| path.starts_with("feed/"))
    }
}

/// Names below the kit, with nothing that leads out.
fn is_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn packed(files: impl Iterator<Item = (String, Vec<u8>)>, made: Timestamp) -> std::io::Result<Vec<u8>> {
    let mut archive = tar::Builder::new(zstd::Encoder::new(Vec::new(), 9)?);
    for (path, bytes) in files {
        let mut head = tar::Header::new_gnu();
        head.set_size(bytes.len() as u64);
        head.set_mode(0o644);
        head.set_mtime(u64::try_from(made.0 / 1_000_000).unwrap_or_default());
        archive.append_data(&mut head, &path, bytes.as_slice())?;
    }
    archive.into_inner()?.finish()
}

/// A security.txt that holds for nearly a year, which is what its standard recommends.
fn security_txt(made: Timestamp) -> String {
    let expires = made.months_later(11).date();
    format!(
        "# Write your own addresses here, and a new day each year (RFC 9116).\n\
         Contact: https://agency.example/report-a-weakness\nContact: mailto:security@agency.example\n\
         Expires: {expires}T00:00:00Z\nPreferred-Languages: en, de\nPolicy: https://agency.example/security-policy\n"
    )
}

/// Where to begin, in one language.
fn begin(language: Language) -> String {
    let say = |key: &str| text(language, key, &[]);
    let mut lines = vec![format!("# {}", say("kit-title")), String::new(), say("kit-lede"), String::new()];
    lines.extend([
        say("kit-how"),
        String::new(),
        "```sh".to_owned(),
        "underpin starter-kit begin KIT --folder kit".to_owned(),
    ]);
    lines.extend(["```".to_owned(), String::new()]);
    let mut last = "";
    for (when, step, page) in STEPS {
        if *when != last {
            let gap = (!last.is_empty()).then(String::new);
            lines.extend(gap.into_iter().chain([format!("## {}", say(when)), String::new()]));
            last = when;
        }
        lines.push(format!("- [ ] {} ([manual/{page}.md](manual/{page}.md))", say(step)));
    }
    lines.extend([String::new(), format!("## {}", say("kit-content")), String::new()]);
    for part in ["manual", "glossary", "practices", "templates", "feed"] {
        lines.push(format!("- `{part}`: {}", say(&format!("kit-{part}"))));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn glossary(language: Language) -> Result<Vec<u8>> {
    let words = SECTIONS.iter().flat_map(|section| section.words.iter().map(move |word| (section.key, *word)));
    table(
        &["key", "section", "word", "meaning"],
        words.map(|(section, word)| {
            vec![word.to_owned(), text(language, section, &[]), term(language, word), meaning(language, word)]
        }),
    )
}

fn practices(language: Language) -> Result<Vec<u8>> {
    table(
        &["practice", "pack", "standard", "rule", "asks", "how to keep it"],
        all().map(|practice| {
            let source = standard(practice.pack);
            let say = |ending: &str| text(language, &format!("practice-{}{ending}", practice.id), &[]);
            vec![
                practice.id.to_owned(),
                practice.pack.as_str().to_owned(),
                format!("{} {}", source.title, source.version),
                practice.rule.to_owned(),
                say(""),
                say("-fix"),
            ]
        }),
    )
}

fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| OfficeError::new("export", error.to_string());
    let mut written = csv::Writer::from_writer(Vec::new());
    written.write_record(head).map_err(|error| failed(&error))?;
    for row in rows {
        written.write_record(row.iter().map(|cell| guarded(cell))).map_err(|error| failed(&error))?;
    }
    written.into_inner().map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: Timestamp = Timestamp(1_780_000_000_000_000);

    fn kit() -> Vec<u8> {
        make(vec![("openvex/one.json".to_owned(), b"{}".to_vec())], MADE).expect("a kit")
    }

    #[test]
    fn a_kit_opens_as_what_it_was_made_of() {
        let made = kit();
        assert_eq!(made, kit(), "the same content gives the same bytes");
        let opened = open(&made, &Limits::default()).expect("opens");
        assert_eq!(opened.list.made, MADE);
        for path in [
            "begin.en.md",
            "begin.de.md",
            "glossary.de.csv",
            "practices.en.csv",
            "manual/how-to/answer-an-incident.md",
            "templates/registry.toml",
            "feed/openvex/one.json",
        ] {
            assert!(opened.files.contains_key(path), "{path}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("kit");
        assert_eq!(opened.write(&place).expect("writes"), Some(place.join("feed")));
        assert_eq!(std::fs::read(place.join("feed/openvex/one.json")).expect("a file"), b"{}");
        let list = std::fs::read(place.join(LIST)).expect("the list");
        assert_eq!(serde_json::from_slice::<KitList>(&list).expect("JSON"), opened.list, "it stays beside the files");
        assert_eq!(opened.write(&place).expect_err("it is there").code, "exists");
    }

    #[test]
    fn every_practice_is_in_it_and_templates_keep_their_standards() {
        use underpin_formats::declarations::{Seen, Source};
        use underpin_formats::{publiccode, security_txt};
        let opened = open(&kit(), &Limits::default()).expect("opens");
        for language in ["en", "de"] {
            let table = opened.files.get(&format!("practices.{language}.csv")).expect("a table");
            let rows: Vec<csv::StringRecord> =
                csv::Reader::from_reader(table.as_slice()).records().map(|row| row.expect("a row")).collect();
            assert_eq!(rows.len(), all().count());
            assert!(rows.iter().all(|row| row.iter().all(|cell| !cell.is_empty() && !cell.starts_with("practice-"))));
        }
        let bytes = opened.files.get("templates/publiccode.yml").expect("a template");
        let source = Source { path: "publiccode.yml", bytes, look: &|_| Seen::Blind, is_json: false };
        let found = publiccode::inspect(&source);
        assert_eq!((found.faults, found.warnings), (vec![], vec![]));
        let found = security_txt::inspect("security.txt", &opened.files["templates/security.txt"], MADE);
        assert_eq!((found.faults, found.warnings), (vec![], vec![]));
        let settings = String::from_utf8_lossy(&opened.files["templates/underpin.toml"]).into_owned();
        assert!(settings.contains("[publish]") && settings.contains("[catalogue]"), "{settings}");
    }

    #[test]
    fn every_step_and_every_text_is_there() {
        for language in [Language::English, Language::German] {
            let text = begin(language);
            assert!(!text.contains("first-") && !text.contains("kit-"), "{text}");
            for (_, _, page) in STEPS {
                assert!(book::page(page).is_some(), "{page}");
            }
        }
    }

    type Files = BTreeMap<String, Vec<u8>>;

    #[test]
    fn what_was_changed_added_or_leads_outside_is_refused() {
        let opened = open(&kit(), &Limits::default()).expect("opens");
        let list = serde_json::to_vec(&opened.list).expect("a list");
        let with = |change: &dyn Fn(&mut Files)| {
            let mut files = opened.files.clone();
            files.insert(LIST.to_owned(), list.clone());
            change(&mut files);
            let bytes = packed(files.into_iter(), MADE).expect("packs");
            open(&bytes, &Limits::default()).map(|kit| kit.files.len()).map_err(|error| error.code)
        };
        assert_eq!(with(&|_| {}), Ok(opened.files.len()));
        let damaged = Err("kit-damaged");
        assert_eq!(with(&|files| drop(files.insert("begin.en.md".to_owned(), b"other".to_vec()))), damaged);
        assert_eq!(with(&|files| drop(files.insert("more.md".to_owned(), Vec::new()))), damaged);
        assert_eq!(with(&|files| drop(files.remove("begin.en.md"))), damaged);
        assert_eq!(with(&|files| drop(files.remove(LIST))), damaged);
        let none = open(b"no archive", &Limits::default()).expect_err("none");
        assert_eq!(none.code, "kit-damaged");
        assert!(none.message.contains("no archive"), "{}", none.message);
        assert!(!is_inside("../x") && !is_inside("/x") && !is_inside("") && is_inside("a/b"));
    }
}
