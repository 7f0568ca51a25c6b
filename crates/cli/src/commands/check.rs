// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::ProgressBar;
use serde_json::Value;
use underpin_model::Timestamp;
use underpin_model::limits::bounds::RECEIVED_AT_ONCE;
use underpin_model::practices::{Change, Fault, Outcome, Pack};
use underpin_model::repository_facts::ForgeFacts;
use underpin_office::Result;
use underpin_office::role_model::check::{CheckAnswer, CheckedLevel, CheckedPractice, check_at_hand};
use underpin_office::role_model::evidence::{Evidence, keyring};
use underpin_office::role_model::forge::{ForgeKind, Wanted, forge_facts};
use underpin_office::role_model::many::{ManyAnswer, PackCount, RepositoryAnswer, check_many, listed};
use underpin_office::role_model::own::is_own_clone;
use underpin_office::role_model::patch::{Mended, PatchAnswer, write_patch};
use underpin_office::role_model::sarif::sarif;
use underpin_office::role_model::sources::{AtHand, at_hand, is_received};
use underpin_office::role_model::upgrade::{UpgradeAnswer, upgrade_publiccode};
use underpin_office::watch::fetch::Outside;
use underpin_render::{Language, text};

use super::verify::AskedOptions;
use crate::context::{Context, usage};
use crate::output::{Answer, Format, print, write};

/// Do repositories keep the practices that standards ask for?
///
/// Clones (their newest commit), plain folders and bundles of git are read, with no network; only a repository at an address is fetched,
/// into a folder that goes away again. Nothing that it names is run. Each practice is met, not met,
/// or cannot be assessed, with the places that show it and what to do. Nothing is added up to a score, and nothing is written down.
/// The manual lists all practices (reference, Practices).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin check .\n  underpin check portal.git --only publiccode --format json\n  underpin check . --fail-on not-met\n  underpin check . --only signatures --trust allowed_signers\n  underpin check clones/one clones/two --only osps\n  underpin check --list paths.txt --format csv\n  underpin check . --format sarif\n  underpin check https://git.example.gov/portal portal.bundle\n  underpin check . --patch mend.patch\n  underpin check . --upgrade-publiccode new.yml"
)]
pub struct Check {
    /// The folder of a clone, bare or not, a plain folder, a bundle, or an address (https); of several a table is shown
    #[arg(value_name = "PATH", required_unless_present = "list")]
    paths: Vec<PathBuf>,
    /// Also what this file names, one a line
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Only the practices of this standard; may be said again
    #[arg(long, value_name = "PACK")]
    only: Vec<Pack>,
    /// A file or folder of what counts: OpenPGP, allowed_signers of SSH, PEM, trusted_root.json; may be said again
    #[arg(long, value_name = "PATH")]
    trust: Vec<PathBuf>,
    /// The folder with the files of a release and their attestations
    #[arg(long, value_name = "FOLDER")]
    releases: Option<PathBuf>,
    #[command(flatten)]
    asked: AskedOptions,
    /// Ask the forge at this address of the repository, too (branch protection, reviews, issues); without an address, where it was cloned from
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = "")]
    forge: Option<String>,
    /// Which forge it is, where its host does not tell
    #[arg(long, value_name = "FORGE", requires = "forge")]
    forge_kind: Option<ForgeKind>,
    /// The environment variable that holds a token for it
    #[arg(long, value_name = "NAME", requires = "forge")]
    forge_token: Option<String>,
    /// The forge, or a repository at an address, may lie inside (private addresses), and be called over http
    #[arg(long)]
    inside: bool,
    /// Exit with 1 when a practice is not-met, or not even assessed (cannot-be-assessed)
    #[arg(long, value_name = "RESULT")]
    fail_on: Option<Outcome>,
    /// Write its publiccode.yml anew as version 0.7 into this file, which must not be there yet
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "fail_on"])]
    upgrade_publiccode: Option<PathBuf>,
    /// Write what can be mended without a judgement as a patch for `git apply` into this file, which must not be there yet
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "fail_on", "upgrade_publiccode"])]
    patch: Option<PathBuf>,
    /// In German
    #[arg(long)]
    german: bool,
}

const FIELDS: [&str; 7] = ["pack", "practice", "version", "standard", "rule", "outcome", "places"];
/// Places that people are shown of one practice; the other forms have all.
const SHOWN_PLACES: usize = 20;
const MANY_FIELDS: [&str; 9] =
    ["path", "error", "pack", "practice", "version", "standard", "rule", "outcome", "places"];
const PATCH_FIELDS: [&str; 2] = ["path", "practice"];
const CHANGE_FIELDS: [&str; 3] = ["line", "key", "kind"];

impl Check {
    pub async fn run(self, context: &Context) -> Result<bool> {
        if self.fail_on == Some(Outcome::Met) {
            return Err(usage(
                "--fail-on takes not-met or cannot-be-assessed",
                "a practice that is met is no reason to fail",
            ));
        }
        let writes_file = self.patch.is_some() || self.upgrade_publiccode.is_some();
        if context.global.format == Format::Junit || (writes_file && context.global.format == Format::Sarif) {
            return Err(usage("this answer has no such form", "results have table, json, ndjson, csv and sarif"));
        }
        let language = if self.german { Language::German } else { Language::English };
        if let Some(file) = &self.upgrade_publiccode {
            print(&upgraded(&upgrade_publiccode(self.only_path()?, file)?, language), context.printing_all())?;
            return Ok(false);
        }
        if let Some(file) = &self.patch {
            print(&patched(&write_patch(self.only_path()?, file)?, language), context.printing_all())?;
            return Ok(false);
        }
        let evidence = Evidence {
            keys: keyring(&self.trust)?,
            releases: self.releases.clone(),
            asked: self.asked.asked()?,
            forge: self.ask_forge(context).await?,
        };
        let as_of = context.global.as_of.unwrap_or(context.now);
        match (&self.list, self.paths.as_slice()) {
            (None, [path]) => self.one(path, (as_of, &evidence), language, context).await,
            _ => self.many((as_of, &evidence), language, context).await,
        }
    }

    fn only_path(&self) -> Result<&Path> {
        match (&self.list, self.paths.as_slice()) {
            (None, [path]) => Ok(path),
            _ => Err(usage("a file is written for one repository only", "name one folder")),
        }
    }

    async fn at_hand(&self, path: &Path, context: &Context) -> Result<AtHand> {
        let outside = Outside { edge: Arc::new(context.outside()), environment: &|name| std::env::var(name).ok() };
        at_hand(path, self.inside, &context.configuration.watch, outside).await
    }

    async fn one(
        &self,
        path: &Path,
        (as_of, evidence): (Timestamp, &Evidence),
        language: Language,
        context: &Context,
    ) -> Result<bool> {
        let source = self.at_hand(path, context).await?;
        let found = check_at_hand(&source, &self.only, as_of, evidence)?;
        if context.global.format == Format::Sarif {
            write(sarif([(path.to_string_lossy().as_ref(), &found)], language).as_bytes())?;
        } else {
            let organisations = &context.configuration.settings.organisations;
            let is_own = is_own_clone(organisations, path);
            print(&hinted(answer(&found, language), is_own, language), context.printing_all())?;
        }
        Ok(self.fails(&|outcome| found.count(outcome) > 0))
    }

    async fn many(
        &self,
        (as_of, evidence): (Timestamp, &Evidence),
        language: Language,
        context: &Context,
    ) -> Result<bool> {
        let mut paths = self.paths.clone();
        paths.extend(self.list.as_deref().map(listed).transpose()?.unwrap_or_default());
        let bar = if context.shows_progress() { ProgressBar::new(paths.len() as u64) } else { ProgressBar::hidden() };
        // What has to be fetched or unpacked is held a few at a time; folders lie there anyway.
        let at_once = if paths.iter().any(|path| is_received(path)) { RECEIVED_AT_ONCE } else { paths.len().max(1) };
        let mut found = ManyAnswer { repositories: Vec::new() };
        for portion in paths.chunks(at_once) {
            let mut sources = Vec::new();
            for path in portion {
                sources.push((path.clone(), self.at_hand(path, context).await));
            }
            let part = check_many(&sources, &self.only, (as_of, evidence), || bar.inc(1));
            found.repositories.extend(part.repositories);
        }
        bar.finish_and_clear();
        if context.global.format == Format::Sarif {
            let read = found.repositories.iter().filter_map(|one| Some((one.path.as_str(), one.answer.as_ref()?)));
            write(sarif(read, language).as_bytes())?;
        } else {
            print(&table(&found, language, context.global.format), context.printing())?;
        }
        for one in &found.repositories {
            if let Some(error) = &one.error {
                crate::output::tell(&format!("{}: {} ({})", one.path, error.message, error.code));
            }
        }
        if found.unread() > 0 && found.unread() == found.repositories.len() {
            return Err(usage(
                "none of the repositories could be read",
                "name folders of clones, plain folders, bundles or addresses",
            ));
        }
        Ok(self.fails(&|outcome| found.has(outcome)))
    }

    fn fails(&self, has: &dyn Fn(Outcome) -> bool) -> bool {
        match self.fail_on {
            Some(Outcome::NotAssessed) => has(Outcome::NotMet) || has(Outcome::NotAssessed),
            Some(_) => has(Outcome::NotMet),
            None => false,
        }
    }
}

/// The answer with what it may be used for: about repositories of others it is a hint for who asked.
fn hinted(mut answer: Answer, is_own: bool, language: Language) -> Answer {
    answer.json["is_own"] = is_own.into();
    if !is_own {
        answer.head.insert(answer.head.len().min(2), text(language, "check-hints", &[]));
    }
    answer
}

fn patched(found: &PatchAnswer, language: Language) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let first = text(language, "patch-written", &[("file", (&found.written).into())]);
    let told = |one: &Mended| {
        let line = format!("  {}: {}", one.path, text(language, &format!("practice-{}", one.practice), &[]));
        let keys = one.left.join(", ");
        let left = text(language, "patch-left", &[("keys", (&keys).into())]);
        if one.left.is_empty() { line } else { format!("{line} ({left})") }
    };
    Answer {
        rows: json["mended"].as_array().cloned().unwrap_or_default(),
        json,
        fields: &PATCH_FIELDS,
        head: std::iter::once(first).chain(found.mended.iter().map(told)).collect(),
        ..Answer::default()
    }
}

/// A row for each repository and standard; programs get a row for each practice instead.
fn table(found: &ManyAnswer, language: Language, format: Format) -> Answer {
    let mut json = serde_json::to_value(found).unwrap_or_default();
    for (row, one) in json["repositories"].as_array_mut().into_iter().flatten().zip(&found.repositories) {
        one.answer.iter().for_each(|answer| put_words(row, answer, language));
    }
    let told = |key: &str| text(language, key, &[]);
    let read = found.repositories.len() - found.unread();
    let headline = text(language, "check-many", &[("read", read.into()), ("all", found.repositories.len().into())]);
    let rows =
        if format == Format::Table { Vec::new() } else { found.repositories.iter().flat_map(practice_rows).collect() };
    Answer {
        json,
        rows,
        fields: &MANY_FIELDS,
        head: vec![headline],
        columns: ["repository", "pack", "met", "not-met", "cannot-be-assessed"]
            .iter()
            .map(|key| told(&format!("check-column-{key}")))
            .collect(),
        cells: found.repositories.iter().flat_map(|one| cells(one, language)).collect(),
        ..Answer::default()
    }
}

fn cells(one: &RepositoryAnswer, language: Language) -> Vec<Vec<String>> {
    if let Some(error) = &one.error {
        return vec![vec![one.path.clone(), error.code.clone(), String::new(), String::new(), String::new()]];
    }
    let row = |count: &PackCount| {
        let pack = text(language, &format!("pack-{}", count.pack.as_str()), &[]);
        let numbers = [count.met, count.not_met, count.not_assessed].map(|number| number.to_string());
        std::iter::once(one.path.clone()).chain([pack]).chain(numbers).collect()
    };
    one.packs.iter().map(row).collect()
}

fn practice_rows(one: &RepositoryAnswer) -> Vec<Value> {
    let practices = one.answer.iter().flat_map(|answer| &answer.practices);
    let rows = practices.filter_map(|practice| {
        let mut row = serde_json::to_value(practice).ok()?;
        row["path"] = one.path.clone().into();
        Some(row)
    });
    let failed = one.error.iter().map(|error| serde_json::json!({ "path": one.path, "error": error.code }));
    rows.chain(failed).collect()
}

impl Check {
    /// What the forge says, where it is to be asked.
    async fn ask_forge(&self, context: &Context) -> Result<Option<ForgeFacts>> {
        let Some(address) = &self.forge else { return Ok(None) };
        let named = self.only_path()?;
        // What was named by its address came from there.
        let address = match named.to_str().filter(|text| address.is_empty() && text.starts_with("https://")) {
            Some(own) => own,
            None => address.as_str(),
        };
        if address.is_empty() && self.forge_token.is_some() {
            // A clone can name any host as where it came from; a token goes only where somebody says.
            return Err(usage("a token needs the address that it is for", "name it: --forge https://host/owner/name"));
        }
        let wanted = Wanted {
            address: address.to_owned(),
            clone: named.to_owned(),
            kind: self.forge_kind,
            token: self.forge_token.clone(),
            is_inside: self.inside,
        };
        let outside = Outside { edge: Arc::new(context.outside()), environment: &|name| std::env::var(name).ok() };
        let now = context.global.as_of.unwrap_or(context.now);
        forge_facts(&wanted, &context.configuration.watch, outside, now).await.map(Some)
    }
}

fn upgraded(found: &UpgradeAnswer, language: Language) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let key = if found.changes.is_empty() { "upgrade-nothing" } else { "upgrade-written" };
    let told = |change: &Change| {
        let line = change.line.to_string();
        let key = format!("upgrade-{}", change.kind.as_str());
        format!("  {}", text(language, &key, &[("line", (&line).into()), ("key", (&change.key).into())]))
    };
    let first = text(language, key, &[("file", (&found.written).into())]);
    Answer {
        rows: json["changes"].as_array().cloned().unwrap_or_default(),
        json,
        fields: &CHANGE_FIELDS,
        head: std::iter::once(first).chain(found.changes.iter().map(told)).collect(),
        ..Answer::default()
    }
}

/// Programs read, too, what a practice is and how to mend it.
fn put_words(json: &mut Value, found: &CheckAnswer, language: Language) {
    for (row, one) in json["practices"].as_array_mut().into_iter().flatten().zip(&found.practices) {
        row["title"] = text(language, &format!("practice-{}", one.practice), &[]).into();
        row["fix"] = text(language, &format!("practice-{}-fix", one.practice), &[]).into();
    }
}

fn answer(found: &CheckAnswer, language: Language) -> Answer {
    let mut json = serde_json::to_value(found).unwrap_or_default();
    put_words(&mut json, found, language);
    let count = |outcome| found.count(outcome);
    let headline = text(
        language,
        "check-headline",
        &[
            ("met", count(Outcome::Met).into()),
            ("all", found.practices.len().into()),
            ("not", count(Outcome::NotMet).into()),
            ("unknown", count(Outcome::NotAssessed).into()),
        ],
    );
    let files = text(language, "check-file-count", &[("count", found.files.into())]);
    let source = match &found.commit {
        Some(commit) => text(language, "check-commit", &[("commit", commit.into()), ("files", (&files).into())]),
        None => text(language, "check-folder", &[("files", (&files).into())]),
    };
    Answer {
        rows: json["practices"].as_array().cloned().unwrap_or_default(),
        json,
        fields: &FIELDS,
        head: [headline, source]
            .into_iter()
            .chain(found.levels.iter().map(|one| level_line(one, language)))
            .chain(found.practices.iter().flat_map(|one| lines(one, language)))
            .collect(),
        ..Answer::default()
    }
}

/// How far a level is reached.
fn level_line(one: &CheckedLevel, language: Language) -> String {
    let pack = text(language, &format!("pack-{}", one.pack.as_str()), &[]);
    let key = if one.is_reached { "check-level-reached" } else { "check-level" };
    text(
        language,
        key,
        &[
            ("pack", (&pack).into()),
            ("level", usize::from(one.level).into()),
            ("met", one.met.into()),
            ("not", one.not_met.into()),
            ("unknown", one.not_assessed.into()),
        ],
    )
}

/// A practice, its places, and what to do about it.
fn lines(one: &CheckedPractice, language: Language) -> Vec<String> {
    let told = |key: &str| text(language, key, &[]);
    let outcome = told(&format!("practice-{}", one.outcome.as_str()));
    let why = one.obstacle.map(|why| format!(": {}", told(&format!("obstacle-{}", why.as_str())))).unwrap_or_default();
    let title = told(&format!("practice-{}", one.practice));
    let mut lines = vec![format!("{title}: {outcome}{why} [{}, {}]", one.practice, one.standard)];
    lines.extend(one.places.iter().take(SHOWN_PLACES).map(|place| format!("  {}", place_line(place, language))));
    let more = one.places.len().saturating_sub(SHOWN_PLACES) as u64 + one.more_places;
    if more > 0 {
        lines.push(format!("  {}", text(language, "check-more", &[("count", more.into())])));
    }
    if one.outcome == Outcome::NotMet {
        let fix = told(&format!("practice-{}-fix", one.practice));
        lines.push(format!("  {}", text(language, "check-fix", &[("fix", (&fix).into())])));
    }
    lines
}

fn place_line(place: &Fault, language: Language) -> String {
    let told = underpin_render::practices::fault(language, place.code, &place.detail);
    let at = match (place.line, place.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}", place.path),
        (Some(line), None) => format!("{}:{line}", place.path),
        _ => place.path.clone(),
    };
    let at = match &place.commit {
        Some(commit) => text(language, "check-in-commit", &[("place", (&at).into()), ("commit", commit.into())]),
        None => at,
    };
    if at.is_empty() { told } else { format!("{at}: {told}") }
}

#[cfg(test)]
mod tests {
    use underpin_model::practices::{ChangeKind, FaultCode, Obstacle};
    use underpin_office::role_model::check::practices;

    use super::*;

    #[test]
    fn everything_that_can_be_said_is_said_in_both_languages() {
        let mut keys: Vec<String> = Vec::new();
        keys.extend(Pack::ALL.iter().map(|word| format!("pack-{}", word.as_str())));
        keys.extend(Outcome::ALL.iter().map(|word| format!("practice-{}", word.as_str())));
        keys.extend(Obstacle::ALL.iter().map(|word| format!("obstacle-{}", word.as_str())));
        keys.extend(FaultCode::ALL.iter().map(|word| format!("fault-{}", word.as_str())));
        keys.extend(ChangeKind::ALL.iter().map(|word| format!("upgrade-{}", word.as_str())));
        for practice in practices(&[]) {
            keys.extend([format!("practice-{}", practice.id), format!("practice-{}-fix", practice.id)]);
        }
        for language in Language::ALL {
            let missing: Vec<&String> = keys.iter().filter(|key| text(language, key, &[]) == **key).collect();
            assert!(missing.is_empty(), "{language:?} has no words for {missing:?}");
        }
    }

    #[test]
    fn a_place_is_told_as_compilers_do() {
        let fault = Fault::of_file("publiccode.yml", FaultCode::Missing).about("name").at(3, 1);
        assert_eq!(place_line(&fault, Language::English), "publiccode.yml:3:1: name is missing");
        assert_eq!(
            place_line(&Fault::of_file("", FaultCode::NotThere), Language::German),
            "es gibt keine solche Datei"
        );
    }
}
