// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The repositories of an organisation at a forge, with the files in which they declare something. Nothing is cloned.
//!
//! What a forge does not answer keeps nothing else back: the good ones are given, and what is missing is told. Sources: the REST descriptions
//! of GitHub (List organization repositories, Get repository content), GitLab (List group projects, Get raw file from repository) and
//! Forgejo (`orgs/{org}/repos`, `repos/{owner}/{repo}/raw/{path}`).

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::StreamExt as _;
use underpin_formats::forge::{Forge, Listed};
use underpin_model::limits::bounds::{DECLARATION_BYTES, FORGE_BYTES, FORGE_LIST_PAGES, REPOSITORIES_TAKEN};

use crate::client::Client;
use crate::error::{Code, FeedError};
use crate::fetch::escaped;
use crate::forge::Place;

/// Rows that one page is to have; each forge gives as many.
const PAGE_ROWS: usize = 50;
/// Repositories whose files are asked for at once.
const AT_ONCE: usize = 4;

/// A repository of the list, with what it declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundRepository {
    /// What the list says.
    pub listed: Listed,
    /// Its publiccode.yml.
    pub publiccode: Option<Vec<u8>>,
    /// Its code.json.
    pub code_json: Option<Vec<u8>>,
}

/// What a forge did not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Which page or file.
    pub what: String,
    /// Why.
    pub code: Code,
    /// The same in words.
    pub detail: String,
}

/// What came of asking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundRepositories {
    /// The good ones, by path.
    pub repositories: Vec<FoundRepository>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

/// Asks for all repositories of an organisation, and for their files.
///
/// # Errors
/// Where nothing at all is answered about the organisation.
pub async fn repositories(client: &Client, place: &Place) -> Result<FoundRepositories, FeedError> {
    let (listed, mut missing) = all_pages(client, place).await?;
    let is_over = AtomicBool::new(false);
    let asked = futures::stream::iter(listed.into_iter().map(|listed| with_files(client, place, listed, &is_over)));
    let mut repositories = Vec::new();
    let mut unasked = 0;
    for (found, gone) in asked.buffered(AT_ONCE).collect::<Vec<_>>().await {
        repositories.push(found);
        match gone {
            Gone::Nothing => {}
            Gone::These(these) => missing.extend(these),
            Gone::All => unasked += 1,
        }
    }
    if unasked > 0 {
        let detail = "the forge answers no more questions for now".to_owned();
        missing.push(Missing { what: format!("files of {unasked} repositories"), code: Code::HttpStatus, detail });
    }
    repositories.sort_by(|one, other| one.listed.path.cmp(&other.listed.path));
    Ok(FoundRepositories { repositories, missing })
}

/// What is missing of the files of a repository.
enum Gone {
    Nothing,
    These(Vec<Missing>),
    /// It was not asked for.
    All,
}

/// The list, page by page until an empty one.
async fn all_pages(client: &Client, place: &Place) -> Result<(Vec<Listed>, Vec<Missing>), FeedError> {
    let organisation = place.path.join("/");
    let (mut found, mut missing, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut list = list_of(place, false);
    let mut page = 1;
    while page <= FORGE_LIST_PAGES {
        let answer = client.fresh(&paged(place.forge, &list, page), FORGE_BYTES).await;
        let read = match answer {
            Ok(answer) => match place.forge.listed(&answer.bytes, &organisation) {
                Some(read) => read,
                None => {
                    let error = FeedError::new(Code::BadAnswer, answer.address, "this is no list of repositories");
                    if page == 1 {
                        return Err(error);
                    }
                    missing.push(of_page(page, &error));
                    page += 1;
                    continue;
                }
            },
            // A person may keep software of an office, too.
            Err(error) if error.code == Code::NotFound && page == 1 && list == list_of(place, false) => {
                list = list_of(place, true);
                continue;
            }
            Err(error) if page == 1 => return Err(error),
            Err(error) if error.code == Code::TooLarge => {
                missing.push(of_page(page, &error));
                page += 1;
                continue;
            }
            Err(error) => {
                missing.push(Missing { what: format!("page {page} and all after it"), ..of_page(page, &error) });
                return Ok((found, missing));
            }
        };
        if read.is_empty() {
            return Ok((found, missing));
        }
        if read.broken > 0 {
            let what = format!("{} of page {page}", read.broken);
            let detail = "not to be read as repositories of this organisation".to_owned();
            missing.push(Missing { what, code: Code::BadAnswer, detail });
        }
        // A list that grows while it is read shows one of them twice.
        found.extend(read.repositories.into_iter().filter(|one| known.insert(one.path.to_lowercase())));
        if found.len() >= REPOSITORIES_TAKEN {
            found.truncate(REPOSITORIES_TAKEN);
            break;
        }
        page += 1;
    }
    let detail = "the list is longer than what is read of it".to_owned();
    missing.push(Missing {
        what: format!("all after page {}", page.min(FORGE_LIST_PAGES)),
        code: Code::TooLarge,
        detail,
    });
    Ok((found, missing))
}

fn of_page(page: usize, error: &FeedError) -> Missing {
    Missing { what: format!("page {page}"), code: error.code, detail: error.detail.clone() }
}

/// Where the list is: of an organisation, or of a person.
fn list_of(place: &Place, is_person: bool) -> String {
    let (base, path) = (&place.base, place.path.join("/"));
    let name = escaped(&path);
    match (place.forge, is_person) {
        (Forge::Github, false) => format!("{base}/orgs/{name}/repos?type=all&sort=full_name"),
        (Forge::Github, true) => format!("{base}/users/{name}/repos?type=owner&sort=full_name"),
        (Forge::Gitlab, false) => {
            format!("{base}/groups/{name}/projects?include_subgroups=true&with_shared=false&order_by=id&sort=asc")
        }
        (Forge::Gitlab, true) => format!("{base}/users/{name}/projects?order_by=id&sort=asc"),
        (Forge::Forgejo, false) => format!("{base}/orgs/{name}/repos"),
        (Forge::Forgejo, true) => format!("{base}/users/{name}/repos"),
    }
}

fn paged(forge: Forge, list: &str, page: usize) -> String {
    let size = if forge == Forge::Forgejo { "limit" } else { "per_page" };
    let joint = if list.contains('?') { '&' } else { '?' };
    format!("{list}{joint}{size}={PAGE_ROWS}&page={page}")
}

/// Where a repository is.
fn root(place: &Place, path: &str) -> String {
    match place.forge {
        Forge::Gitlab => format!("{}/projects/{}", place.base, escaped(path)),
        _ => format!("{}/repos/{path}", place.base),
    }
}

/// Where a file of its default branch is.
fn file_at(place: &Place, listed: &Listed, name: &str) -> String {
    let (root, branch) = (root(place, &listed.path), escaped(&listed.branch));
    match place.forge {
        Forge::Github => format!("{root}/contents/{name}?ref={branch}"),
        Forge::Gitlab => format!("{root}/repository/files/{}/raw?ref={branch}", escaped(name)),
        Forge::Forgejo => format!("{root}/raw/{name}?ref={branch}"),
    }
}

async fn with_files(client: &Client, place: &Place, listed: Listed, is_over: &AtomicBool) -> (FoundRepository, Gone) {
    let mut found = FoundRepository { listed, ..FoundRepository::default() };
    if found.listed.branch.is_empty() {
        return (found, Gone::Nothing);
    }
    if is_over.load(Ordering::Relaxed) {
        return (found, Gone::All);
    }
    let mut gone = Vec::new();
    let mut note = |name: &str, path: &str, error: FeedError| {
        is_over.fetch_or(is_refusal(&error), Ordering::Relaxed);
        gone.push(Missing { what: format!("{path}: {name}"), code: error.code, detail: error.detail });
    };
    // A file packed into text is half as large again.
    let most = DECLARATION_BYTES.saturating_mul(2);
    for name in ["publiccode.yml", "code.json"] {
        let kept = if name == "code.json" { &mut found.code_json } else { &mut found.publiccode };
        match client.fresh(&file_at(place, &found.listed, name), most).await {
            Ok(answer) => match place.forge.file(&answer.bytes) {
                Some(bytes) => *kept = Some(bytes),
                None => note(
                    name,
                    &found.listed.path,
                    FeedError::new(Code::BadAnswer, answer.address, "no such file in it"),
                ),
            },
            Err(error) if error.code == Code::NotFound => {}
            Err(error) => note(name, &found.listed.path, error),
        }
    }
    // Lists of GitLab name no licence; where a file says it nobody needs to ask.
    if place.forge == Forge::Gitlab && found.listed.licence.is_none() && found.publiccode.is_none() {
        match client.fresh(&format!("{}?license=true", root(place, &found.listed.path)), FORGE_BYTES).await {
            Ok(answer) => found.listed.licence = place.forge.licence(&answer.bytes),
            Err(error) if error.code == Code::NotFound => {}
            Err(error) => note("its licence", &found.listed.path, error),
        }
    }
    (found, if gone.is_empty() { Gone::Nothing } else { Gone::These(gone) })
}

/// Whether the forge lets nobody ask on: its limit is reached, or the token is none.
fn is_refusal(error: &FeedError) -> bool {
    error.code == Code::HttpStatus && ["status 401", "status 403", "status 429"].contains(&error.detail.as_str())
}
