// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a forge says about a repository that is checked. It is asked only where somebody wishes it, through the guard.

use std::path::PathBuf;
use std::sync::Arc;

use underpin_feeds::forge::{Place, facts};
use underpin_feeds::{Client, Code, Credentials, FeedError, Permits, Proxies, SecretPlace, Setup};
use underpin_formats::forge::Forge;
use underpin_model::repository_facts::ForgeFacts;
use underpin_model::{Limits, Timestamp};
use underpin_repositories::GitClone;

use super::check::unreadable;
use crate::error::{OfficeError, Result};
use crate::watch::fetch::{Network, Outside};
use crate::watch::sync::feed_error;

/// Which forge it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForgeKind {
    /// GitHub.
    Github,
    /// GitLab.
    Gitlab,
    /// Forgejo, Gitea and Codeberg.
    Forgejo,
}

impl ForgeKind {
    pub(super) fn forge(self) -> Forge {
        match self {
            Self::Github => Forge::Github,
            Self::Gitlab => Forge::Gitlab,
            Self::Forgejo => Forge::Forgejo,
        }
    }
}

impl std::str::FromStr for ForgeKind {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        match text {
            "github" => Ok(Self::Github),
            "gitlab" => Ok(Self::Gitlab),
            "forgejo" => Ok(Self::Forgejo),
            other => Err(format!("{other:?} is none of: github, gitlab, forgejo")),
        }
    }
}

/// Which repository is asked about, and how.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Its address; empty for the one that the clone was made from.
    pub address: String,
    /// The clone.
    pub clone: PathBuf,
    /// Which forge it is, where its host does not tell.
    pub kind: Option<ForgeKind>,
    /// The environment variable with a token.
    pub token: Option<String>,
    /// It may lie inside, and be called without encryption.
    pub is_inside: bool,
}

/// Asks the forge.
///
/// # Errors
/// An address that is none, what the guard refuses, and a forge that does not answer about the repository.
pub async fn forge_facts(
    wanted: &Wanted,
    network: &Network,
    outside: Outside<'_>,
    now: Timestamp,
) -> Result<ForgeFacts> {
    let address = if wanted.address.is_empty() {
        let clone = GitClone::open(&wanted.clone).map_err(unreadable)?;
        clone.origin().ok_or_else(|| {
            OfficeError::new("no-address", format!("{} does not say where it was cloned from", wanted.clone.display()))
                .hint("name the address of the repository: --forge URL")
        })?
    } else {
        wanted.address.clone()
    };
    let place = Place::of(&address, wanted.kind.map(ForgeKind::forge)).map_err(explained)?;
    let token = wanted.token.clone().map(SecretPlace::Environment);
    let client = client_for(&place, (token.as_ref(), wanted.is_inside), network, outside)?;
    facts(&client, &place, now).await.map_err(explained)
}

/// A client that may call this forge, with a token for it and for nobody else.
pub(super) fn client_for(
    place: &Place,
    (token, is_inside): (Option<&SecretPlace>, bool),
    network: &Network,
    outside: Outside<'_>,
) -> Result<Client> {
    let (mut hosts, mut credentials) = (network.permits.clone(), network.credentials.clone());
    place.admit(token, is_inside, &mut hosts, &mut credentials);
    credentials.retain(|host, _| *host == place.host);
    let setup = Setup {
        permits: Permits { hosts },
        credentials: Credentials::read(&credentials, outside.environment).map_err(feed_error)?,
        limits: Limits::default(),
        authorities: network.authorities.clone(),
        proxies: Proxies::read(network.proxy.as_deref(), &network.no_proxy, outside.environment),
        ..Setup::default()
    };
    Client::new(setup, Arc::clone(&outside.edge)).map_err(feed_error)
}

/// What the forge says, with what to do about it.
fn explained(error: FeedError) -> OfficeError {
    let hint = match (error.code, error.detail.as_str()) {
        (Code::AddressRefused, _) => "--inside allows a forge that lies inside, and http",
        (Code::BadAddress, _) => "--forge takes the address of the repository; --forge-kind says which forge it is",
        (_, "status 401" | "status 403") => "--forge-token names an environment variable with a token that may read it",
        (Code::NotFound, _) => "a repository that is not public needs a token: --forge-token NAME",
        _ => "",
    };
    feed_error(error).hint(hint)
}
