// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `watch sync` over the network: which feeds are wanted, and fetching them one after the other.
//!
//! A feed that fails is noted and stops no other one; what was there before stays. What to ask with the next time is kept only
//! with what was applied.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use underpin_assess::matching::lookups;
use underpin_feeds::{
    Client, Credentials, Delivery, Edge, FeedError, Fetch, Progress as Transfer, Proxies, Refusal, Setup, Validators,
    Watcher, csaf, cve, end_of_life, epss, euvd, kev, openvex, osv,
};
pub use underpin_feeds::{CredentialSource, HostPermit, Permits, SecretPlace, System};
use underpin_ledger::{Attempt, FeedState};
use underpin_model::Timestamp;
use underpin_model::watch::source::{Records, SOURCES, Source};

use super::downloads::Downloads;
use super::progress::{Stage, Step};
use super::shelf::Shelf;
use super::sync::{FeedReport, SyncOptions, SyncReport, feed_error};
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::intake::Progress;

/// Codes that say that no host was reached.
const NO_HOST: [&str; 3] = ["unknown-host", "unreachable", "timed-out"];

/// Sources that are one feed and wanted unless the configuration says otherwise.
const BY_DEFAULT: [&str; 4] = ["kev", "euvd", "epss", "endoflife"];

/// What the configuration says about fetching (the table `[watch]`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Network {
    /// Feeds (`osv/PyPI`, `kev`) and sources (`osv`: the ecosystems in use). When empty: `kev`, `euvd`, `epss`, `endoflife`, `osv`,
    /// and the providers and repositories below.
    pub sources: Vec<String>,
    /// Addresses that differ from the built-in ones, by feed or source: for mirrors.
    pub addresses: BTreeMap<String, String>,
    /// Providers of CSAF: a domain, or the address of a `provider-metadata.json`.
    pub csaf: Vec<String>,
    /// Repositories of OpenVEX documents: the address of an archive or manifest, by name.
    pub openvex: BTreeMap<String, String>,
    /// The folder with `deltaLog.json` of the CVE list, to fetch only what has changed.
    pub cve_changes: Option<String>,
    /// What hosts may do beyond the rule (public addresses, https, port 443), by exact name.
    pub permits: BTreeMap<String, HostPermit>,
    /// Where the secrets are that prove who we are, by host.
    pub credentials: BTreeMap<String, CredentialSource>,
    /// Files with further certificates that hosts are checked with.
    pub authorities: Vec<PathBuf>,
    /// The address of a proxy to call through; empty for none. Without it the variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` count.
    /// Names are then resolved by the proxy: it, not this program, must refuse hosts that lie inside.
    pub proxy: Option<String>,
    /// Hosts that are called without that proxy: names with all below them, addresses and ranges of addresses.
    pub no_proxy: Vec<String>,
}

/// The world that a sync calls out to.
pub struct Outside<'o> {
    /// Clock, chance, waiting and names.
    pub edge: Arc<dyn Edge>,
    /// Gives environment variables, for credentials.
    pub environment: &'o dyn Fn(&str) -> Option<String>,
}

/// A feed to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    feed: String,
    source: &'static Source,
    /// Ecosystem, provider or name of a repository.
    part: String,
    /// Empty for the built-in one.
    address: String,
}

impl House {
    /// Fetches feeds over the network and takes them into the house.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `unknown-source`, `nothing-to-fetch`, a configuration that cannot be used,
    /// `no-network` when no host at all was reached, and what the store says. What was there before stays.
    pub async fn sync_from_network(
        &self,
        options: &SyncOptions,
        network: &Network,
        outside: Outside<'_>,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<SyncReport> {
        operator_only(&options.viewer, "update feeds")?;
        let started = std::time::Instant::now();
        let credentials = Credentials::read(&network.credentials, outside.environment).map_err(feed_error)?;
        let permits = Permits { hosts: network.permits.clone() };
        let authorities = network.authorities.clone();
        let proxies = Proxies::read(network.proxy.as_deref(), &network.no_proxy, outside.environment);
        let limits = self.limits().clone();
        let setup = Setup { permits, credentials, limits, authorities, proxies, ..Setup::default() };
        let client = Client::new(setup, outside.edge).map_err(feed_error)?;
        let downloads = Downloads::new(&self.settings.data, &options.tag)?;
        let mut run = Fetching {
            house: self,
            options,
            network,
            client,
            at,
            folder: &downloads.folder,
            report: SyncReport::default(),
        };
        let wanted = run.wanted().await?;
        let deliveries = run.fetch_all(&wanted, progress).await?;
        let mut report = run.report;
        self.take_deliveries(deliveries, options, at, progress, &mut report).await?;
        let order = |feed: &str| wanted.iter().position(|one| one.feed == feed);
        report.feeds.sort_by_key(|feed| order(&feed.feed));
        report.seconds = started.elapsed().as_secs_f64();
        if !report.feeds.is_empty() && report.feeds.iter().all(|feed| NO_HOST.contains(&feed.outcome.as_str())) {
            return Err(no_network(&report));
        }
        Ok(report)
    }
}

impl SyncReport {
    /// Feeds that could not be fetched.
    pub fn failed(&self) -> usize {
        self.feeds.iter().filter(|feed| !matches!(feed.outcome.as_str(), "new-edition" | "unchanged")).count()
    }
}

fn no_network(report: &SyncReport) -> OfficeError {
    let first = report.feeds.iter().find_map(|feed| feed.faults.first());
    let first = first.map(|fault| format!(": {} ({})", fault.place, fault.detail)).unwrap_or_default();
    OfficeError::new("no-network", format!("none of {} feeds could be reached{first}", report.feeds.len())).hint(
        "what was there before stays; without a way out, use `underpin watch sync --from PATH` or `underpin watch bundle apply`",
    )
}

/// A folder that goes with all that is in it.
pub(super) struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(folder: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&folder).map_err(|error| OfficeError::file(&folder, &error))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is in nobody's way: no other run uses a folder of this name.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A run over the network.
struct Fetching<'f> {
    house: &'f House,
    options: &'f SyncOptions,
    network: &'f Network,
    client: Client,
    at: Timestamp,
    folder: &'f Path,
    report: SyncReport,
}

impl Fetching<'_> {
    /// Which feeds are wanted, in the order of the list of sources.
    async fn wanted(&self) -> Result<Vec<Wanted>> {
        let defaults = || {
            let mut names: Vec<String> = BY_DEFAULT.iter().map(|name| (*name).to_owned()).collect();
            names.push("osv".to_owned());
            names.extend((!self.network.csaf.is_empty()).then(|| "csaf".to_owned()));
            names.extend((!self.network.openvex.is_empty()).then(|| "openvex".to_owned()));
            names
        };
        let configured = if self.network.sources.is_empty() { defaults() } else { self.network.sources.clone() };
        let asked = if self.options.sources.is_empty() { &configured } else { &self.options.sources };
        let mut wanted: Vec<Wanted> = Vec::new();
        for name in asked {
            let source = Source::of_feed(name).ok_or_else(|| unknown(name))?;
            let parts = match (source.records, name.split_once('/')) {
                (Records::Kev | Records::Euvd | Records::Epss | Records::Cve | Records::EndOfLife, None) => {
                    vec![String::new()]
                }
                (Records::Osv | Records::Csaf | Records::OpenVex, Some((_, part))) if !part.is_empty() => {
                    vec![part.to_owned()]
                }
                (Records::Osv, None) => {
                    let listed = configured.iter().filter_map(|feed| feed.strip_prefix("osv/"));
                    let listed: Vec<String> = listed.map(str::to_owned).collect();
                    if listed.is_empty() { self.ecosystems().await? } else { listed }
                }
                (Records::Csaf, None) => self.network.csaf.iter().map(|address| host(address)).collect(),
                (Records::OpenVex, None) => self.network.openvex.keys().cloned().collect(),
                _ => return Err(unknown(name)),
            };
            for part in parts {
                let one = self.one(source, part);
                if !wanted.contains(&one) {
                    wanted.push(one);
                }
            }
        }
        let order = |one: &Wanted| SOURCES.iter().position(|source| source.id == one.source.id);
        wanted.sort_by(|a, b| (order(a), &a.feed).cmp(&(order(b), &b.feed)));
        if wanted.is_empty() {
            return Err(OfficeError::new("nothing-to-fetch", format!("{} names no feed here", asked.join(", ")))
                .hint("name feeds (`underpin watch sync kev osv/PyPI`), or list them under [watch] in underpin.toml"));
        }
        Ok(wanted)
    }

    fn one(&self, source: &'static Source, part: String) -> Wanted {
        let feed = if part.is_empty() { source.id.to_owned() } else { format!("{}/{part}", source.id) };
        let stated = [&feed, source.id].into_iter().find_map(|name: &str| self.network.addresses.get(name).cloned());
        let address = stated.unwrap_or_else(|| match source.records {
            // A provider is found by its domain alone.
            Records::Csaf => {
                let own = self.network.csaf.iter().find(|address| host(address) == part);
                own.cloned().unwrap_or_else(|| part.clone())
            }
            Records::OpenVex => self.network.openvex.get(&part).cloned().unwrap_or_default(),
            _ => String::new(),
        });
        Wanted { feed, source, part, address }
    }

    /// The ecosystems of what is in use, as far as OSV has them.
    async fn ecosystems(&self) -> Result<Vec<String>> {
        let desk = self.house.desk(self.options.viewer.clone(), self.at).await?;
        let mut names = BTreeSet::new();
        for thing in desk.things()?.list {
            for lookup in lookups(&thing.subject()).list {
                let root = lookup.ecosystem.split(':').next().unwrap_or_default();
                names.insert(root.to_owned());
            }
        }
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let osv = self.one(&SOURCES[0], String::new());
        let known = Validators::default();
        // A mirror need not have the list: then what it lacks is told feed by feed.
        if let Ok(offered) = osv::ecosystems(&self.fetch(&osv, &known, None, &|_| {})).await {
            names.retain(|name| offered.contains(name));
        }
        Ok(names.into_iter().collect())
    }

    fn fetch<'a>(
        &'a self,
        wanted: &'a Wanted,
        known: &'a Validators,
        known_ids: Option<&'a BTreeSet<String>>,
        watcher: Watcher<'a>,
    ) -> Fetch<'a> {
        Fetch { client: &self.client, address: &wanted.address, known, known_ids, folder: self.folder, watcher }
    }

    /// Fetches what has changed; what fails or says nothing new is noted.
    async fn fetch_all(&mut self, wanted: &[Wanted], progress: &dyn Progress) -> Result<Vec<Delivery>> {
        let reader = self.house.ledger.operator_reader();
        let states: HashMap<String, FeedState> =
            reader.feed_states().await?.into_iter().map(|state| (state.feed.clone(), state)).collect();
        let shelf = self.house.shelf(&reader.editions(Timestamp::MAX).await?).await?;
        let mut deliveries = Vec::new();
        for one in wanted {
            match self.fetch_one(one, states.get(&one.feed), &shelf, progress).await {
                Ok(Some(delivery)) => deliveries.push(delivery),
                Ok(None) => self.note(one, None).await?,
                Err(error) => self.note(one, Some(error)).await?,
            }
            progress.advance(1, 0);
        }
        Ok(deliveries)
    }

    async fn fetch_one(
        &self,
        wanted: &Wanted,
        state: Option<&FeedState>,
        shelf: &Shelf,
        progress: &dyn Progress,
    ) -> std::result::Result<Option<Delivery>, FeedError> {
        let known: Option<Validators> = state.and_then(|state| serde_json::from_str(&state.validators).ok());
        let known = known.unwrap_or_default();
        let ids: BTreeSet<String> = shelf.records(&wanted.feed).map(|(id, _)| id.to_owned()).collect();
        let told = |transfer: Transfer<'_>| {
            progress.step(&Step {
                feed: &wanted.feed,
                stage: Stage::Fetching,
                bytes: transfer.done_bytes,
                all_bytes: transfer.all_bytes,
                records: transfer.done_documents,
                all_records: transfer.all_documents,
            });
        };
        let fetch = self.fetch(wanted, &known, Some(&ids), &told);
        match wanted.source.records {
            Records::Osv => osv::fetch(&fetch, &wanted.part).await,
            Records::Kev => kev::fetch(&fetch).await,
            Records::Euvd => euvd::fetch(&fetch).await,
            Records::Epss => epss::fetch(&fetch).await,
            Records::Cve => cve::fetch(&fetch, self.network.cve_changes.as_deref()).await,
            Records::Csaf => csaf::fetch(&fetch).await,
            Records::OpenVex => openvex::fetch(&fetch, &wanted.part).await,
            Records::EndOfLife => end_of_life::fetch(&fetch).await,
            // They come from files only; none is ever wanted from the network.
            Records::CycloneDx => Ok(None),
        }
    }

    /// Notes that a feed says nothing new, or why it could not be fetched.
    async fn note(&mut self, wanted: &Wanted, error: Option<FeedError>) -> Result<()> {
        let outcome = error.as_ref().map_or("unchanged", |error| error.code.as_str());
        let detail = error.as_ref().map(|error| format!("{}: {}", error.place, error.detail)).unwrap_or_default();
        let attempt = Attempt {
            feed: wanted.feed.clone(),
            succeeded: error.is_none(),
            outcome: outcome.to_owned(),
            detail,
            ..Attempt::default()
        };
        let writer = self.house.ledger.writer(&self.options.actor, self.options.viewer.clone());
        writer.note_attempt(self.at, &attempt).await?;
        let faults: Vec<Refusal> = error.into_iter().map(Refusal::from).collect();
        self.report.feeds.push(FeedReport {
            feed: wanted.feed.clone(),
            outcome: outcome.to_owned(),
            origin: underpin_feeds::shown_address(&wanted.address),
            refused: faults.len() as u64,
            faults,
            ..FeedReport::default()
        });
        Ok(())
    }
}

fn unknown(name: &str) -> OfficeError {
    let known: Vec<&str> = SOURCES.iter().map(|source| source.id).collect();
    OfficeError::new("unknown-source", format!("{name} is no source")).hint(format!(
        "sources are {}; parts of them are written osv/PyPI, csaf/example.org, openvex/NAME",
        known.join(", ")
    ))
}

/// The host of an address or domain, which names the feed of a CSAF provider.
pub fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let rest = rest.rsplit('@').next().unwrap_or_default();
    rest.split(':').next().unwrap_or_default().trim().to_ascii_lowercase()
}
