// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is checked, brought to hand: a folder as it lies there; a bundle of git or a repository at an address in a folder of its own, which
//! goes away again. Addresses are called through the guard and by nobody else: no program of git is run, so none of its options counts.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use underpin_feeds::git::{fetch, permit};
use underpin_feeds::{Client, Code, Credentials, FeedError, Permits, Proxies, Setup};
use underpin_model::Limits;
use underpin_repositories::{Named, Names, Received};

use super::check::unreadable;
use crate::error::{OfficeError, Result};
use crate::watch::fetch::{Network, Outside};
use crate::watch::sync::feed_error;

/// A repository at hand.
#[derive(Debug)]
pub struct AtHand {
    /// As it was named.
    pub name: PathBuf,
    path: PathBuf,
    received: Option<Received>,
}

impl AtHand {
    fn received(name: &Path, received: Received) -> Self {
        Self { name: name.to_owned(), path: received.path().to_owned(), received: Some(received) }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A fault of it under the name that people know: the folder of its own is gone when they read it.
    pub(super) fn named(&self, error: OfficeError) -> OfficeError {
        match &self.received {
            None => error,
            Some(received) => {
                let inner = received.path().display().to_string();
                OfficeError { message: error.message.replace(&inner, &self.name.display().to_string()), ..error }
            }
        }
    }
}

/// Whether something has to be fetched or unpacked before it can be read.
pub fn is_received(name: &Path) -> bool {
    address(name).is_some() || Received::is_bundle(name)
}

/// What is an address, and no path: `scheme://…`, `user@host:…`, and what git would take for a helper program (`ext::…`).
fn address(name: &Path) -> Option<&str> {
    let text = name.to_str()?;
    let is_scp = || text.split_once(':').is_some_and(|(host, _)| host.contains('@') && !host.contains(['/', '\\']));
    (text.contains("://") || text.contains("::") || is_scp()).then_some(text)
}

/// Brings to hand what was named.
///
/// # Errors
/// An address of another kind than https and file, what the guard refuses, what does not answer, and what cannot be unpacked.
pub async fn at_hand(name: &Path, is_inside: bool, network: &Network, outside: Outside<'_>) -> Result<AtHand> {
    let Some(address) = address(name) else { return of_file(name, name) };
    match address.split_once("://") {
        Some(("file", path)) if path.starts_with('/') => of_file(name, Path::new(path)),
        Some(("https" | "http", _)) => fetched(name, address, is_inside, network, outside).await,
        _ => Err(OfficeError::new(
            "no-folder",
            format!("{address} is no address that is called: https:// and file:/// are"),
        )
        .hint("clone it first: git clone --dissociate ADDRESS, then name the folder")),
    }
}

fn of_file(name: &Path, path: &Path) -> Result<AtHand> {
    if Received::is_bundle(path) {
        return Ok(AtHand::received(name, Received::of_bundle(path).map_err(unreadable)?));
    }
    if path.is_file() {
        return Err(OfficeError::new("no-folder", format!("{} is a file, and no bundle of git", name.display()))
            .hint("name a folder, a clone, or a bundle of version 2 or 3 (git bundle create FILE --all)"));
    }
    Ok(AtHand { name: name.to_owned(), path: path.to_owned(), received: None })
}

async fn fetched(
    name: &Path,
    address: &str,
    is_inside: bool,
    network: &Network,
    outside: Outside<'_>,
) -> Result<AtHand> {
    let (host, wanted) = permit(address, is_inside).map_err(explained)?;
    let mut hosts = network.permits.clone();
    let own = hosts.entry(host).or_default();
    own.ports.extend(wanted.ports);
    own.plain_http |= wanted.plain_http;
    own.private_addresses |= wanted.private_addresses;
    let setup = Setup {
        permits: Permits { hosts },
        // Who we are is for feeds: a repository that needs it is cloned by whoever may.
        credentials: Credentials::default(),
        limits: Limits::default(),
        authorities: network.authorities.clone(),
        proxies: Proxies::read(network.proxy.as_deref(), &network.no_proxy, outside.environment),
        ..Setup::default()
    };
    let client = Client::new(setup, Arc::clone(&outside.edge)).map_err(feed_error)?;
    let fault = |error: std::io::Error| OfficeError::file(&std::env::temp_dir(), &error);
    let folder = tempfile::Builder::new().prefix("underpin-fetch").tempdir().map_err(fault)?;
    let pack = folder.path().join("pack");
    let found = fetch(&client, address, &pack).await.map_err(explained)?;
    let all = found.names.into_iter().map(|(object, name)| Named { object, name }).collect();
    let names = Names { all, head: found.head, is_sha256: found.is_sha256 };
    let mut reader = BufReader::new(File::open(&pack).map_err(|error| OfficeError::file(&pack, &error))?);
    let received = Received::of_pack(name, &names, &mut reader).map_err(unreadable)?;
    Ok(AtHand::received(name, received))
}

/// What happened, with what to do about it.
fn explained(error: FeedError) -> OfficeError {
    let hint = match (error.code, error.detail.as_str()) {
        (Code::AddressRefused, detail) if detail.starts_with("it leads elsewhere") => "",
        (Code::AddressRefused, _) => "--inside allows addresses that lie inside, and http",
        (Code::NotFound, _) | (_, "status 401" | "status 403") => {
            "nobody signs in here: clone what is not public first, then name the folder"
        }
        (Code::TooLarge, _) => "clone it first: git clone --dissociate ADDRESS, then name the folder",
        _ => "",
    };
    feed_error(error).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_paths() {
        for (text, expected) in [
            ("https://git.example.gov/a", true),
            ("git@git.example.gov:a/b", true),
            ("ext::sh -c id", true),
            ("ssh://-oProxyCommand=id/x", true),
            (".", false),
            ("C:\\clones\\a", false),
            ("clones/a:b", false),
            ("a@b", false),
        ] {
            assert_eq!(address(Path::new(text)).is_some(), expected, "{text}");
        }
    }
}
