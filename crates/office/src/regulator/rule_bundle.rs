// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rulebooks on their way to others: one signed file, made from a commit or a folder, verified before a word of it is read.
//!
//! The file is that of an air gap (`feeds/bundle.rs`): every byte is covered by one Ed25519 signature. What is packed has passed its own
//! cases, so nobody can sign a rule that does not judge what it says. The number of the bundle is the version of the book.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::Serialize;
use underpin_feeds::bundle::{self, BundledFeed, Header, Packing, SigningKey, Trusted};
use underpin_feeds::{Code, Content, FeedError};
use underpin_model::limits::bounds::{RULE_BYTES, RULES};
use underpin_model::{Limits, Timestamp};

use super::cases::try_cases;
use super::rulebooks::Rulebook;
use super::shelf::Shelf;
use crate::error::{OfficeError, Result};
use crate::watch::bundle_apply::trusted_key;
use crate::watch::sync::feed_error;

/// What entries of a bundle of rules belong to.
const FEED: &str = "rulebook";

/// How to pack.
#[derive(Clone, Debug)]
pub struct PackOptions {
    /// The folder of the rulebook.
    pub folder: PathBuf,
    /// The file with the key to sign with.
    pub key: PathBuf,
    /// The file to write.
    pub output: PathBuf,
    /// Who makes it.
    pub creator: String,
}

/// What was packed, or is in a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleBundle {
    /// The rulebook.
    pub rulebook: String,
    /// Its version.
    pub version: u64,
    /// The commit that it comes from; none where the folder is in no clone, or holds what is not committed.
    pub commit: Option<String>,
    /// The identifier of the key.
    pub key: String,
    /// Who made it.
    pub creator: String,
    /// When.
    pub created: Timestamp,
    /// Rules in it, with those that it rests on.
    pub rules: usize,
}

/// Packs a rulebook with all that it rests on.
///
/// # Errors
/// `rule-refused`, `cases-fail` where a rule judges otherwise than its cases say, `bad-key`, `file-exists`.
pub async fn pack(options: &PackOptions, limits: &Limits, at: Timestamp) -> Result<RuleBundle> {
    let key = SigningKey::load(&options.key).map_err(feed_error)?;
    if options.output.exists() {
        let message = format!("{} is there already", options.output.display());
        return Err(OfficeError::new("file-exists", message).hint("name a file that is not there"));
    }
    let (shelf, id) = Shelf::of_folder(&options.folder)?;
    let book = shelf.rulebook(&id)?;
    refuse_wrong(&book, limits).await?;
    let commit = committed(&options.folder, &shelf)?;
    let about = Header {
        creator: options.creator.clone(),
        created: at,
        sequence: u64::from(book.book.version),
        feeds: vec![BundledFeed {
            feed: FEED.to_owned(),
            edition: commit.clone().unwrap_or_default(),
            origin: id.clone(),
            ..BundledFeed::default()
        }],
        ..Header::default()
    };
    let packings: Vec<Packing> = shelf
        .texts
        .iter()
        .map(|(name, text)| Packing {
            name: name.clone(),
            feed: FEED.to_owned(),
            content: Content::Bytes(text.clone().into_bytes()),
        })
        .collect();
    let mut bytes = Vec::new();
    let header = bundle::write(&mut bytes, &about, &packings, &key).map_err(feed_error)?;
    std::fs::write(&options.output, bytes).map_err(|error| OfficeError::file(&options.output, &error))?;
    Ok(told(&header, book.rules.len()))
}

fn told(header: &Header, rules: usize) -> RuleBundle {
    let feed = header.feeds.first();
    RuleBundle {
        rulebook: feed.map(|feed| feed.origin.clone()).unwrap_or_default(),
        version: header.sequence,
        commit: feed.map(|feed| feed.edition.clone()).filter(|commit| !commit.is_empty()),
        key: header.key.clone(),
        creator: header.creator.clone(),
        created: header.created,
        rules,
    }
}

async fn refuse_wrong(book: &Rulebook, limits: &Limits) -> Result<()> {
    let wrong = try_cases(book, limits).await?;
    let Some(first) = wrong.iter().find(|one| one.found != one.expected) else { return Ok(()) };
    let why = format!("{}/{}: {}: it says {}", book.book.id, first.rule, first.case, first.found.as_str());
    Err(OfficeError::new("cases-fail", why)
        .hint("`underpin rules test --rules FOLDER` shows all; mend the rule or its case"))
}

/// The commit whose files the shelf holds, byte for byte.
fn committed(folder: &Path, shelf: &Shelf) -> Result<Option<String>> {
    let folder = std::fs::canonicalize(folder).map_err(|error| OfficeError::file(folder, &error))?;
    let Some(clone) = folder.ancestors().find(|folder| folder.join(".git").exists()) else { return Ok(None) };
    let Ok(tree) = underpin_repositories::SourceTree::open(clone) else { return Ok(None) };
    let beside = folder.parent().unwrap_or(&folder);
    let below = beside.strip_prefix(clone).ok().and_then(|path| path.to_str()).unwrap_or_default();
    let is_committed = shelf.texts.iter().all(|(name, text)| {
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let file = tree.find(&path).and_then(|file| tree.read(file, text.len() as u64 + 1).ok());
        file.is_some_and(|bytes| bytes == text.as_bytes())
    });
    Ok(tree.commit().filter(|_| is_committed).map(str::to_owned))
}

/// Opens a bundle of rules: verified whole, by one of the given public keys, before anything of it is read.
///
/// # Errors
/// `wrong-signature`, `truncated-bundle` and the like; `rule-refused`.
pub fn open(path: &Path, trust: &[String], limits: &Limits) -> Result<(Rulebook, RuleBundle)> {
    let keys = trust.iter().map(|text| trusted_key(text)).collect::<Result<Vec<_>>>()?;
    let mut verified = bundle::open(path, &Trusted { keys, applied: None }, limits).map_err(feed_error)?;
    let feed = verified.header.feeds.first().filter(|feed| feed.feed == FEED).cloned().ok_or_else(|| {
        OfficeError::new("rule-refused", format!("{}: it holds no rulebook", path.display()))
            .hint("`underpin rules pack` makes a bundle of rules")
    })?;
    let mut texts = BTreeMap::new();
    verified
        .entries(&mut |entry, reader| {
            let mut text = String::new();
            let failed =
                |error: std::io::Error| FeedError::new(Code::UnreadableFile, entry.name.clone(), error.to_string());
            if entry.bytes > RULE_BYTES || texts.len() > RULES * 2 {
                let detail = format!("{} is larger than a rule may be, or there are too many", entry.name);
                return Err(FeedError::new(Code::TooLarge, path.display().to_string(), detail));
            }
            reader.read_to_string(&mut text).map_err(failed)?;
            texts.insert(entry.name.clone(), text);
            Ok(ControlFlow::Continue(()))
        })
        .map_err(feed_error)?;
    let shelf = Shelf { texts, place: path.display().to_string() };
    let book = shelf.rulebook(&feed.origin)?;
    if u64::from(book.book.version) != verified.header.sequence {
        let why = format!(
            "{}: the bundle says version {}, the book {}",
            path.display(),
            verified.header.sequence,
            book.book.version
        );
        return Err(OfficeError::new("rule-refused", why));
    }
    let rules = book.rules.len();
    Ok((book, told(&verified.header, rules)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits::default()
    }

    /// A book that rests on NTIA's and wants a dot in each version, in a folder of its own.
    fn book(root: &Path, version: u32, sql: &str) -> PathBuf {
        let folder = root.join("house");
        std::fs::create_dir_all(&folder).unwrap();
        let shipped = underpin_testkit::workspace().join("rules/ntia-2021");
        let read = |name: &str| std::fs::read_to_string(shipped.join(name)).unwrap();
        let head = format!("version = {version}\ninherits = \"ntia-2021\"\n");
        let text = format!("{head}{}", read("book.toml").replace("\"ntia-2021\"", "\"house\""));
        std::fs::write(folder.join("book.toml"), text).unwrap();
        let texts = ["title", "text", "remedy"]
            .map(|field| format!("{field} = {{ en = \"Dots\", de = \"Punkte\" }}\n"))
            .concat();
        let rule = format!(
            r#"
id = "dotted"
version = 1
demand = "must"
subject = "component"
clause = "house, 1"
sql = "{sql}"
{texts}
[[case]]
document = "good.cdx.json"
expect = "met"
[[case]]
document = "good.cdx.json"
set = {{ at = "/components/0/version", to = "1" }}
expect = "not-met"
"#
        );
        std::fs::write(folder.join("dotted.toml"), rule).unwrap();
        folder
    }

    const DOTTED: &str = "SELECT document, component, 'not-met' AS outcome, 'version' AS fact FROM sbom_component WHERE version NOT LIKE '%.%'";

    #[tokio::test]
    async fn what_is_packed_is_what_is_read_and_nothing_changed_passes() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        let public = crate::watch::bundle::make_key(&at("key")).unwrap();
        let other = crate::watch::bundle::make_key(&at("other")).unwrap();
        let folder = book(root.path(), 3, DOTTED);
        let options = PackOptions {
            folder: folder.clone(),
            key: at("key"),
            output: at("house.rules"),
            creator: "office".to_owned(),
        };
        let packed = pack(&options, &limits(), Timestamp(0)).await.unwrap();
        assert_eq!((packed.rulebook.as_str(), packed.version, packed.commit.as_deref()), ("house", 3, None));
        let trust = [public];
        let (read, told) = open(&at("house.rules"), &trust, &limits()).unwrap();
        assert_eq!((&read, &told), (&Rulebook::of_folder(&folder).unwrap(), &packed));
        assert!(read.rules.iter().any(|rule| rule.id == "dotted") && read.rules.len() > 5, "with the parent's rules");
        let refused = |path: &Path, trust: &[String]| open(path, trust, &limits()).unwrap_err().code;
        assert_eq!(refused(&at("house.rules"), &[other]), "wrong-signature");
        let mut bytes = std::fs::read(at("house.rules")).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(at("changed.rules"), bytes).unwrap();
        assert!(open(&at("changed.rules"), &trust, &limits()).is_err());
        let without = Rulebook::of_path(&at("house.rules"), &[], &limits()).unwrap_err();
        assert_eq!(without.code, "not-trusted");
        let again = pack(&options, &limits(), Timestamp(0)).await.unwrap_err();
        assert_eq!(again.code, "file-exists");
    }

    #[tokio::test]
    async fn a_rule_that_judges_otherwise_than_it_says_is_not_signed() {
        let root = tempfile::tempdir().unwrap();
        crate::watch::bundle::make_key(&root.path().join("key")).unwrap();
        let nothing =
            "SELECT document, component, 'not-met' AS outcome, 'version' AS fact FROM sbom_component WHERE false";
        let folder = book(root.path(), 1, nothing);
        let output = root.path().join("house.rules");
        let options =
            PackOptions { folder, key: root.path().join("key"), output: output.clone(), creator: String::new() };
        let error = pack(&options, &limits(), Timestamp(0)).await.unwrap_err();
        assert!(error.code == "cases-fail" && error.to_string().contains("house/dotted"), "{error}");
        assert!(!output.exists());
    }

    #[tokio::test]
    async fn the_commit_is_named_where_all_of_it_is_committed() {
        let root = tempfile::tempdir().unwrap();
        crate::watch::bundle::make_key(&root.path().join("key")).unwrap();
        let clone = root.path().join("clone");
        let folder = book(&clone, 1, DOTTED);
        let git = |arguments: &[&str]| {
            let mut command = std::process::Command::new("git");
            command
                .current_dir(&clone)
                .args(["-c", "user.name=Office", "-c", "user.email=office@gov.example"])
                .args(arguments);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        git(&["init", "-q"]);
        git(&["add", "-A"]);
        git(&["commit", "-qm", "rules"]);
        let head = git(&["rev-parse", "HEAD"]);
        let pack_to = async |name: &str| {
            let (key, output) = (root.path().join("key"), root.path().join(name));
            let options = PackOptions { folder: folder.clone(), key, output, creator: String::new() };
            pack(&options, &limits(), Timestamp(0)).await.unwrap().commit
        };
        assert_eq!(pack_to("a.rules").await.as_deref(), Some(head.as_str()));
        std::fs::write(
            folder.join("book.toml"),
            std::fs::read_to_string(folder.join("book.toml")).unwrap() + "\n# changed\n",
        )
        .unwrap();
        assert_eq!(pack_to("b.rules").await, None, "what is not committed has no commit");
    }
}
