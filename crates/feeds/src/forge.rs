// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a forge says about a repository, asked through the one guard. Nothing is written there.
//!
//! A question that the forge does not answer, or not to this token, leaves its fact unknown. Sources: the REST descriptions of GitHub, GitLab and
//! Forgejo.

use std::collections::BTreeMap;

use reqwest::Url;
use underpin_formats::forge::{
    Change, Forge, Protection, Reactions, answer, github_branch, github_protection, reviewed_by_another,
};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::{FORGE_BYTES, FORGE_CHANGES, FORGE_ISSUES, FORGE_PAGES};
use underpin_model::repository_facts::{ForgeFacts, PartOf};

use crate::client::Client;
use crate::credentials::{CredentialSource, SecretPlace};
use crate::error::{Code, FeedError};
use crate::fetch::escaped;
use crate::guard::{HostPermit, host_name, shown_text};

/// How far back is looked.
const CHANGE_MONTHS: i32 = 6;
const ISSUE_MONTHS: i32 = 3;
/// Rows that one page is to have; each forge gives as many.
const PAGE_ROWS: usize = 50;

/// A repository at a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which forge.
    pub forge: Forge,
    /// Where its interface for programs begins.
    pub base: String,
    /// The host that the token is for.
    pub host: String,
    /// The path of the repository: groups, and its name.
    pub path: Vec<String>,
}

impl Place {
    /// The place behind the address of a repository, as people open or clone it. `forge` is which it is where the host does not tell.
    ///
    /// # Errors
    /// An address that is none, or a forge that is not known.
    pub fn of(address: &str, forge: Option<Forge>) -> Result<Self, FeedError> {
        Self::below(address, forge, (2, "the address names no repository"))
    }

    /// The place behind the address of an organisation (a group, a person), as people open it.
    ///
    /// # Errors
    /// As for [`Self::of`].
    pub fn organisation(address: &str, forge: Option<Forge>) -> Result<Self, FeedError> {
        let place = Self::below(address, forge, (1, "the address names no organisation"))?;
        if place.forge != Forge::Gitlab && place.path.len() > 1 {
            let detail = "the address names more than an organisation";
            return Err(FeedError::new(Code::BadAddress, shown_text(address), detail));
        }
        Ok(place)
    }

    /// The host that people open.
    pub fn web_host(&self) -> &str {
        if self.host == "api.github.com" { "github.com" } else { &self.host }
    }

    fn below(address: &str, forge: Option<Forge>, (least, fault): (usize, &str)) -> Result<Self, FeedError> {
        let bad = |detail: &str| FeedError::new(Code::BadAddress, shown_text(address), detail);
        let address = match address.strip_prefix("git@").and_then(|rest| rest.split_once(':')) {
            Some((host, path)) => format!("https://{host}/{path}"),
            None => address.to_owned(),
        };
        let url = Url::parse(&address).map_err(|_| bad("this is no address of a repository"))?;
        let host = url.host_str().map(host_name).ok_or_else(|| bad("the address names no host"))?;
        let trimmed = url.path().trim_matches('/');
        let path: Vec<String> = trimmed.strip_suffix(".git").unwrap_or(trimmed).split('/').map(str::to_owned).collect();
        if path.len() < least || path.iter().any(|part| part.is_empty() || part == "..") {
            return Err(bad(fault));
        }
        let known = match host.as_str() {
            "github.com" => Some(Forge::Github),
            "codeberg.org" => Some(Forge::Forgejo),
            host if host.split('.').any(|part| part == "gitlab") => Some(Forge::Gitlab),
            _ => None,
        };
        let forge = forge.or(known).ok_or_else(|| bad("which forge this is, nobody can tell by its name"))?;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let base = match forge {
            Forge::Github if host == "github.com" => "https://api.github.com".to_owned(),
            Forge::Github => format!("{}://{host}{port}/api/v3", url.scheme()),
            Forge::Gitlab => format!("{}://{host}{port}/api/v4", url.scheme()),
            Forge::Forgejo => format!("{}://{host}{port}/api/v1", url.scheme()),
        };
        let host = if base == "https://api.github.com" { "api.github.com".to_owned() } else { host };
        Ok(Self { forge, base, host, path })
    }

    /// Lets its host be called, with a token where there is one. `is_inside`: also where it lies inside, and without
    /// encryption.
    pub fn admit(
        &self,
        token: Option<&SecretPlace>,
        is_inside: bool,
        permits: &mut BTreeMap<String, HostPermit>,
        credentials: &mut BTreeMap<String, CredentialSource>,
    ) {
        let permit = permits.entry(self.host.clone()).or_default();
        permit.ports.extend(Url::parse(&self.base).ok().and_then(|url| url.port()));
        permit.plain_http |= is_inside;
        permit.private_addresses |= is_inside;
        if let Some(place) = token {
            credentials.insert(self.host.clone(), CredentialSource::Bearer(place.clone()));
        }
    }

    fn repository(&self) -> String {
        if self.forge == Forge::Gitlab {
            return format!("{}/projects/{}", self.base, escaped(&self.path.join("/")));
        }
        let parts: Vec<String> = self.path.iter().take(2).map(|part| escaped(part)).collect();
        format!("{}/repos/{}", self.base, parts.join("/"))
    }
}

/// Asks what is told.
///
/// # Errors
/// Where the repository itself is not answered; all else is then unknown.
pub async fn facts(client: &Client, place: &Place, now: Timestamp) -> Result<ForgeFacts, FeedError> {
    let asked = Asked { client, place, root: place.repository() };
    let bytes = client.fresh(&asked.root, FORGE_BYTES).await?;
    let repository = place
        .forge
        .repository(&bytes.bytes)
        .ok_or_else(|| FeedError::new(Code::BadAnswer, bytes.address, "this is no repository of that forge"))?;
    let mut facts = ForgeFacts { archived: Some(repository.archived), ..ForgeFacts::default() };
    (facts.is_public, facts.has_issues) = (repository.is_public, repository.has_issues);
    let branch = asked.protection(&repository.branch).await?;
    (facts.protected_branch, facts.review_required) = (branch.no_force, branch.approval);
    (facts.branch_kept, facts.by_proposals) = (branch.is_kept, branch.by_proposals);
    facts.reviewed = asked.reviewed(now).await?;
    if let Some(reactions) = asked.reactions(now).await? {
        let (count, mean) = reactions.mean(now);
        (facts.issues, facts.reaction_seconds) = (Some(count), mean);
    }
    if place.forge == Forge::Github {
        facts.private_reports = asked.flag("/private-vulnerability-reporting", "/enabled").await?;
        facts.immutable_releases = asked.flag("/immutable-releases", "/enabled").await?;
    }
    let (owner, path) = match place.forge {
        Forge::Github => (format!("orgs/{}", escaped(&place.path[0])), "/two_factor_requirement_enabled"),
        Forge::Gitlab => {
            let group = place.path[..place.path.len() - 1].join("/");
            (format!("groups/{}", escaped(&group)), "/require_two_factor_authentication")
        }
        Forge::Forgejo => return Ok(facts),
    };
    let bytes = asked.maybe(format!("{}/{owner}", place.base)).await?;
    facts.second_factor = bytes.and_then(|bytes| answer(&bytes, path));
    Ok(facts)
}

struct Asked<'a> {
    client: &'a Client,
    place: &'a Place,
    root: String,
}

impl Asked<'_> {
    /// The answer to a question; `None` where the forge has none, or not for this token.
    async fn maybe(&self, address: String) -> Result<Option<Vec<u8>>, FeedError> {
        match self.client.fresh(&address, FORGE_BYTES).await {
            Ok(answer) => Ok(Some(answer.bytes)),
            Err(error) if error.code == Code::NotFound => Ok(None),
            Err(error) if error.code == Code::HttpStatus && is_refusal(&error.detail) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn flag(&self, below: &str, path: &str) -> Result<Option<bool>, FeedError> {
        Ok(self.maybe(format!("{}{below}", self.root)).await?.and_then(|bytes| answer(&bytes, path)))
    }

    async fn protection(&self, branch: &str) -> Result<Protection, FeedError> {
        let (root, name) = (&self.root, escaped(branch));
        let below = match self.place.forge {
            Forge::Github => format!("{root}/rules/branches/{name}"),
            Forge::Gitlab => format!("{root}/protected_branches?per_page=100"),
            Forge::Forgejo => format!("{root}/branches/{name}"),
        };
        let found = self.maybe(below).await?.map(|bytes| self.place.forge.protection(&bytes, branch));
        let found = found.unwrap_or_default();
        if self.place.forge != Forge::Github || found.is_whole() {
            return Ok(found);
        }
        let old = match self.maybe(format!("{root}/branches/{name}/protection")).await? {
            Some(bytes) => github_protection(&bytes),
            // The same answer for "there is none" and "not for you": whether there is one, the branch itself says.
            None => {
                match self.maybe(format!("{root}/branches/{name}")).await?.and_then(|bytes| github_branch(&bytes)) {
                    Some(false) => Protection::NONE,
                    _ => Protection::default(),
                }
            }
        };
        Ok(found.or(old))
    }

    /// Changes merged in the last months, the newest first, and how many of them somebody else reviewed.
    async fn reviewed(&self, now: Timestamp) -> Result<Option<PartOf>, FeedError> {
        let from = now.months_later(-CHANGE_MONTHS);
        let list = match self.place.forge {
            Forge::Github => format!("{}/pulls?state=closed&sort=updated&direction=desc", self.root),
            Forge::Gitlab => format!("{}/merge_requests?state=merged&order_by=updated_at&sort=desc", self.root),
            Forge::Forgejo => format!("{}/pulls?state=closed&sort=recentupdate", self.root),
        };
        let mut changes: Vec<Change> = Vec::new();
        let mut is_any = false;
        for page in 1..=FORGE_PAGES {
            let Some(bytes) = self.maybe(self.page(&list, page)).await? else { break };
            let Some(found) = self.place.forge.changes(&bytes) else { return Ok(None) };
            is_any = true;
            // Sorted by their last change: a page without a recent one is followed by older ones alone.
            let recent: Vec<Change> = found.into_iter().filter(|one| one.merged > from && one.merged <= now).collect();
            let is_last = recent.is_empty();
            changes.extend(recent);
            if is_last || changes.len() >= FORGE_CHANGES {
                break;
            }
        }
        if changes.is_empty() {
            return Ok(is_any.then(PartOf::default));
        }
        changes.truncate(FORGE_CHANGES);
        let mut counted = PartOf::default();
        for change in &changes {
            let below = match self.place.forge {
                Forge::Gitlab => format!("{}/merge_requests/{}/approvals", self.root, change.number),
                _ => format!("{}/pulls/{}/reviews", self.root, change.number),
            };
            let Some(bytes) = self.maybe(below).await? else { return Ok(None) };
            let Some(is_reviewed) = reviewed_by_another(self.place.forge, &bytes, change) else { return Ok(None) };
            counted.whole += 1;
            counted.part += u64::from(is_reviewed);
        }
        Ok(Some(counted))
    }

    /// Issues of the last months with what was said about them; `None` where the forge does not tell.
    async fn reactions(&self, now: Timestamp) -> Result<Option<Reactions>, FeedError> {
        let from = now.months_later(-ISSUE_MONTHS);
        let since = escaped(&from.to_string());
        let list = match self.place.forge {
            Forge::Github => format!("{}/issues?state=all&sort=created&direction=desc&since={since}", self.root),
            Forge::Gitlab => format!("{}/issues?order_by=created_at&sort=desc&created_after={since}", self.root),
            Forge::Forgejo => format!("{}/issues?type=issues&state=all&since={since}", self.root),
        };
        let mut reactions = Reactions::default();
        let mut is_any = false;
        for page in 1..=FORGE_PAGES {
            let Some(bytes) = self.maybe(self.page(&list, page)).await? else { break };
            let Some(found) = self.place.forge.issues(&bytes) else { return Ok(None) };
            is_any = true;
            let is_last = found.is_empty();
            reactions.add_issues(found, from);
            if is_last || reactions.numbers().len() >= FORGE_ISSUES {
                break;
            }
        }
        if !is_any {
            return Ok(None);
        }
        reactions.keep_newest(FORGE_ISSUES);
        if self.place.forge == Forge::Gitlab {
            for number in reactions.numbers() {
                let below =
                    format!("{}/issues/{number}/notes?sort=asc&order_by=created_at&per_page={PAGE_ROWS}", self.root);
                let Some(bytes) = self.maybe(below).await? else { return Ok(None) };
                let Some(found) = self.place.forge.comments(&bytes) else { return Ok(None) };
                reactions.add_comments(found, Some(number));
            }
            return Ok(Some(reactions));
        }
        let list = format!("{}/issues/comments?since={since}", self.root);
        let list = if self.place.forge == Forge::Github { format!("{list}&sort=created&direction=asc") } else { list };
        for page in 1..=FORGE_PAGES {
            let Some(bytes) = self.maybe(self.page(&list, page)).await? else { return Ok(None) };
            let Some(found) = self.place.forge.comments(&bytes) else { return Ok(None) };
            let is_last = found.is_empty();
            reactions.add_comments(found, None);
            if is_last {
                return Ok(Some(reactions));
            }
        }
        // There are more words than are read: who answered late may have answered early.
        Ok(None)
    }

    fn page(&self, list: &str, page: usize) -> String {
        let size = if self.place.forge == Forge::Forgejo { "limit" } else { "per_page" };
        format!("{list}&{size}={PAGE_ROWS}&page={page}")
    }
}

/// Whether a status says that this token is not told, or nobody is.
fn is_refusal(detail: &str) -> bool {
    ["status 401", "status 403", "status 405", "status 422", "status 451"].contains(&detail)
}
