// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;
use std::sync::Arc;

use underpin_model::practices::{Change, Fault, Outcome, Pack};
use underpin_model::repository_facts::ForgeFacts;
use underpin_office::Result;
use underpin_office::role_model::check::{CheckAnswer, CheckedPractice, check};
use underpin_office::role_model::evidence::{Evidence, keyring};
use underpin_office::role_model::forge::{ForgeKind, Wanted, forge_facts};
use underpin_office::role_model::upgrade::{UpgradeAnswer, upgrade_publiccode};
use underpin_office::watch::fetch::Outside;
use underpin_render::{Language, text};

use super::verify::AskedOptions;
use crate::context::{Context, usage};
use crate::output::{Answer, print};

/// Does a repository keep the practices that standards ask for?
///
/// A clone (its newest commit) or a plain folder is read, with no network; nothing that it names is run. Each practice is met, not met,
/// or cannot be assessed, with the places that show it and what to do. Nothing is added up to a score, and nothing is written down.
/// The manual lists all practices (reference, Practices).
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin check .\n  underpin check portal.git --only publiccode --format json\n  underpin check . --fail-on not-met\n  underpin check . --only signatures --trust allowed_signers\n  underpin check . --upgrade-publiccode new.yml"
)]
pub struct Check {
    /// The folder of a clone, bare or not, or a plain folder
    #[arg(value_name = "PATH")]
    path: PathBuf,
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
    /// The forge may lie inside (private addresses), and be called over http
    #[arg(long, requires = "forge")]
    inside: bool,
    /// Exit with 1 when a practice is not-met, or not even assessed (cannot-be-assessed)
    #[arg(long, value_name = "RESULT")]
    fail_on: Option<Outcome>,
    /// Write its publiccode.yml anew as version 0.7 into this file, which must not be there yet
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "fail_on"])]
    upgrade_publiccode: Option<PathBuf>,
    /// In German
    #[arg(long)]
    german: bool,
}

const FIELDS: [&str; 7] = ["pack", "practice", "version", "standard", "rule", "outcome", "places"];
/// Places that people are shown of one practice; the other forms have all.
const SHOWN_PLACES: usize = 20;
const CHANGE_FIELDS: [&str; 3] = ["line", "key", "kind"];

impl Check {
    pub async fn run(self, context: &Context) -> Result<bool> {
        if self.fail_on == Some(Outcome::Met) {
            return Err(usage(
                "--fail-on takes not-met or cannot-be-assessed",
                "a practice that is met is no reason to fail",
            ));
        }
        let language = if self.german { Language::German } else { Language::English };
        if let Some(file) = &self.upgrade_publiccode {
            print(&upgraded(&upgrade_publiccode(&self.path, file)?, language), context.printing_all())?;
            return Ok(false);
        }
        let evidence = Evidence {
            keys: keyring(&self.trust)?,
            releases: self.releases.clone(),
            asked: self.asked.asked(),
            forge: self.ask_forge(context).await?,
        };
        let found = check(&self.path, &self.only, context.global.as_of.unwrap_or(context.now), &evidence)?;
        print(&answer(&found, language), context.printing_all())?;
        let fails = |outcome| self.fail_on.is_some() && found.count(outcome) > 0;
        Ok(fails(Outcome::NotMet) || (self.fail_on == Some(Outcome::NotAssessed) && fails(Outcome::NotAssessed)))
    }
}

impl Check {
    /// What the forge says, where it is to be asked.
    async fn ask_forge(&self, context: &Context) -> Result<Option<ForgeFacts>> {
        let Some(address) = &self.forge else { return Ok(None) };
        let wanted = Wanted {
            address: address.clone(),
            clone: self.path.clone(),
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

fn answer(found: &CheckAnswer, language: Language) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
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
            .chain(found.practices.iter().flat_map(|one| lines(one, language)))
            .collect(),
        ..Answer::default()
    }
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
    let told = text(language, &format!("fault-{}", place.code.as_str()), &[("detail", (&place.detail).into())]);
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
