// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A clone of an own repository, looked at for the catalogue: what its files declare, in which languages it is written, where its history
//! begins, and marks of its contents by which copies are found.

use gix::ObjectId;
use gix::objs::{CommitRef, Kind};
use hashbrown::{HashMap, HashSet};
use underpin_formats::{code_json, publiccode};
use underpin_model::Timestamp;
use underpin_model::catalogue::{Declared, DeclaredIn, RepositoryLook};
use underpin_model::limits::bounds::{
    CONTENT_MARKS, DECLARATION_BYTES, DECLARED_ENTRIES, DECLARED_TEXT_BYTES, GIT_COMMITS, GIT_TEXT_BYTES,
};
use underpin_model::practices::{Topic, TreeFacts};

use crate::checked::{SourceFile, SourceKind, SourceTree};
use crate::clone::GitClone;
use crate::vendored::is_vendored;

/// Endings of files by language, as people name it.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("Ada", &["adb", "ads"]),
    ("C", &["c", "h"]),
    ("C#", &["cs"]),
    ("C++", &["cc", "cpp", "cxx", "hpp", "hh"]),
    ("COBOL", &["cob", "cbl"]),
    ("CSS", &["css", "scss", "sass", "less"]),
    ("Clojure", &["clj"]),
    ("Dart", &["dart"]),
    ("Elixir", &["ex", "exs"]),
    ("Erlang", &["erl"]),
    ("Fortran", &["f", "f90", "f95"]),
    ("Go", &["go"]),
    ("Groovy", &["groovy"]),
    ("HTML", &["html", "htm"]),
    ("Haskell", &["hs"]),
    ("Java", &["java"]),
    ("JavaScript", &["js", "jsx", "mjs", "cjs"]),
    ("Julia", &["jl"]),
    ("Kotlin", &["kt", "kts"]),
    ("Lua", &["lua"]),
    ("Nix", &["nix"]),
    ("PHP", &["php"]),
    ("PLpgSQL", &["plpgsql"]),
    ("Perl", &["pl", "pm"]),
    ("PowerShell", &["ps1"]),
    ("Python", &["py"]),
    ("R", &["r"]),
    ("Ruby", &["rb"]),
    ("Rust", &["rs"]),
    ("SQL", &["sql"]),
    ("Scala", &["scala"]),
    ("Shell", &["sh", "bash"]),
    ("Svelte", &["svelte"]),
    ("Swift", &["swift"]),
    ("Terraform", &["tf"]),
    ("TypeScript", &["ts", "tsx"]),
    ("Vue", &["vue"]),
    ("Zig", &["zig"]),
];
/// Languages that are named.
const NAMED_LANGUAGES: usize = 10;
/// First commits that are kept of a history.
const ROOTS: usize = 8;

/// What its files declare, and what the clone shows; practices are judged elsewhere. `clone` is absent for a plain folder.
pub fn look_at(clone: Option<&GitClone>, tree: &SourceTree, facts: &TreeFacts) -> (Declared, RepositoryLook) {
    let files: Vec<&SourceFile> = tree.files().iter().filter(|file| is_own(file)).collect();
    let mut look = RepositoryLook {
        looked: facts.as_of,
        commit: facts.commit.clone(),
        files: facts.files,
        written_in: languages(&files),
        marks: marks(&files),
        ..RepositoryLook::default()
    };
    if let Some(clone) = clone {
        history(clone, &mut look);
    }
    (declared(tree, facts), look)
}

fn is_own(file: &SourceFile) -> bool {
    file.kind == SourceKind::File && !is_vendored(file.path.as_bytes())
}

fn languages(files: &[&SourceFile]) -> Vec<String> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for file in files {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let Some((_, ending)) = name.rsplit_once('.') else { continue };
        let ending = ending.to_ascii_lowercase();
        if let Some((language, _)) = LANGUAGES.iter().find(|(_, endings)| endings.contains(&ending.as_str())) {
            *counts.entry(*language).or_default() += 1;
        }
    }
    let mut found: Vec<(u64, &str)> = counts.into_iter().map(|(language, files)| (files, language)).collect();
    found.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
    found.into_iter().take(NAMED_LANGUAGES).map(|(_, language)| language.to_owned()).collect()
}

/// The smallest numbers of contents. Texts of licences are the same in strangers.
fn marks(files: &[&SourceFile]) -> Vec<u64> {
    let is_licence = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        path.starts_with("LICENSES/") || ["licen", "copying", "notice"].iter().any(|start| name.starts_with(start))
    };
    let number = |file: &&&SourceFile| {
        let bytes: [u8; 8] = file.object()?.as_slice().get(..8)?.try_into().ok()?;
        Some(u64::from_be_bytes(bytes))
    };
    let own = files.iter().filter(|file| !is_licence(&file.path));
    let mut found: Vec<u64> = own.filter_map(|file| number(&file)).collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(CONTENT_MARKS);
    found
}

/// When the commit was made, and where its history begins. A history that was cut begins nowhere.
fn history(clone: &GitClone, look: &mut RepositoryLook) {
    let mut objects = clone.objects();
    let hash = objects.hash();
    let Some(tip) = clone.tip() else { return };
    let mut read = |id: &ObjectId| {
        let commit = CommitRef::from_bytes(objects.read(id, Kind::Commit)?, hash).ok()?;
        let seconds = commit.committer().map(|committer| committer.seconds()).unwrap_or_default();
        Some((Timestamp::from_seconds(seconds), commit.parents().collect::<Vec<_>>()))
    };
    let mut open = vec![tip];
    let mut seen: HashSet<ObjectId> = HashSet::new();
    seen.insert(tip);
    let mut roots: Vec<(Timestamp, String)> = Vec::new();
    let mut is_cut = clone.is_shallow();
    while let Some(id) = open.pop() {
        let Some((at, parents)) = read(&id) else {
            is_cut = true;
            continue;
        };
        if id == tip {
            look.committed = Some(at);
        }
        if parents.is_empty() {
            roots.push((at, id.to_string()));
        }
        open.extend(parents.into_iter().filter(|parent| seen.insert(*parent)));
        if seen.len() > GIT_COMMITS {
            is_cut = true;
            break;
        }
    }
    if !is_cut {
        roots.sort();
        look.begun = roots.first().map(|(at, _)| *at);
        look.roots = roots.into_iter().take(ROOTS).map(|(_, id)| id).collect();
    }
}

/// What publiccode.yml says; where it is silent, code.json; then the headline of the readme and the names of licences.
fn declared(tree: &SourceTree, facts: &TreeFacts) -> Declared {
    let bytes = |topic: Topic, limit: u64| {
        let (path, _) = facts.find(topic)?;
        tree.find(path).and_then(|file| tree.read(file, limit).ok())
    };
    let file = |topic: Topic| bytes(topic, DECLARATION_BYTES);
    let mut found = declared_in(file(Topic::Publiccode).as_deref(), file(Topic::CodeJson).as_deref());
    if found.name.is_empty()
        && let Some(title) = bytes(Topic::Readme, GIT_TEXT_BYTES).and_then(|bytes| title(&bytes))
    {
        found.name = title;
        found.sources.push(DeclaredIn::Readme);
    }
    if found.licence.is_none() {
        found.licence = licences(tree);
        found.sources.extend(found.licence.is_some().then_some(DeclaredIn::Files));
    }
    found
}

/// What a publiccode.yml says; where it is silent, a code.json.
pub fn declared_in(publiccode: Option<&[u8]>, code_json: Option<&[u8]>) -> Declared {
    let first = publiccode.and_then(publiccode::declared);
    let second = code_json.and_then(code_json::declared);
    match (first, second) {
        (Some(first), Some(second)) => filled(first, second),
        (first, second) => first.or(second).unwrap_or_default(),
    }
}

/// The first, with what only the second says.
fn filled(first: Declared, second: Declared) -> Declared {
    fn or(one: String, other: String) -> String {
        if one.is_empty() { other } else { one }
    }
    fn any<T>(one: Vec<T>, other: Vec<T>) -> Vec<T> {
        if one.is_empty() { other } else { one }
    }
    Declared {
        sources: first.sources.into_iter().chain(second.sources).collect(),
        name: or(first.name, second.name),
        url: first.url.or(second.url),
        landing: first.landing.or(second.landing),
        texts: if first.texts.is_empty() { second.texts } else { first.texts },
        state: if first.state == Default::default() { second.state } else { first.state },
        maintenance: if first.maintenance == Default::default() { second.maintenance } else { first.maintenance },
        licence: first.licence.or(second.licence),
        categories: any(first.categories, second.categories),
        organisation: first.organisation.or(second.organisation),
        based_on: any(first.based_on, second.based_on),
        version: first.version.or(second.version),
        labor_hours: second.labor_hours,
        sbom: second.sbom,
        feedback: second.feedback,
        software_type: first.software_type,
        platforms: first.platforms,
        languages: first.languages,
        can_be_localised: first.can_be_localised,
        organisation_uri: first.organisation_uri,
        used_by: first.used_by,
        depends_on: first.depends_on,
        released: first.released,
        contractors: first.contractors,
        files: first.files.into_iter().chain(second.files).collect(),
    }
}

/// The first headline of a text, without markup and addresses.
fn title(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let line = text
        .lines()
        .find(|line| line.starts_with(|mark: char| mark == '#' || mark == '=' || mark.is_alphanumeric()))?;
    let plain = line.trim_matches(|mark: char| matches!(mark, '#' | '=' | ' ' | '*' | '`'));
    let words: Vec<&str> =
        plain.split_whitespace().filter(|word| !word.contains(['@', '[', ']', '<', '>', '!'])).collect();
    let mut title = words.join(" ");
    title.truncate(title.floor_char_boundary(DECLARED_TEXT_BYTES.min(200)));
    (!title.is_empty()).then_some(title)
}

/// The licence whose text lies in the folder that REUSE asks for; where there are several nobody can say how they hold together.
fn licences(tree: &SourceTree) -> Option<String> {
    let names = tree.files().iter().filter_map(|file| file.path.strip_prefix("LICENSES/"));
    let mut names: Vec<&str> = names.filter_map(|name| Some(name.rsplit_once('.')?.0)).take(DECLARED_ENTRIES).collect();
    names.dedup();
    match names.as_slice() {
        [name] if !name.contains('/') => Some((*name).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_of_a_readme() {
        for (text, expected) in [
            ("# Forms of Norvania\n\nText", Some("Forms of Norvania")),
            ("[![badge](x)](y)\n\n## The `Portal` by <b>ada@x.example</b>\n", Some("The `Portal` by")),
            ("Forms\n=====\n", Some("Forms")),
            ("\n\n", None),
        ] {
            assert_eq!(title(text.as_bytes()).as_deref(), expected, "{text}");
        }
    }
}
