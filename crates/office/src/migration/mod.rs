// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Taking over what a server of Dependency-Track keeps: `underpin migrate dependency-track`.
//!
//! Projects become systems, their bills of materials documents, what people said about findings decisions. What was taken is known by what
//! is in the house: a document by its name (project and time of its import), a decision by its origin. So a run that was broken off goes on,
//! and a second one changes nothing. What cannot be taken is told with a code, and the rest goes on.

mod agreed;
mod apply;
mod assign;
mod plan;
mod said;

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use underpin_feeds::portfolio::{Portfolio, admit};
use underpin_feeds::{Client, Credentials, Permits, Proxies, Setup};
use underpin_model::Timestamp;

pub use assign::AgencyMap;
pub use plan::{Left, LeftCode};

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};
use crate::watch::fetch::{Network, Outside};
use crate::watch::sync::feed_error;

/// From where and how.
#[derive(Clone, Debug)]
pub struct MigrationOptions {
    /// Address of the server.
    pub address: String,
    /// File with the key of its interface.
    pub key: PathBuf,
    /// Whether it may lie inside, and be called without encryption.
    pub is_inside: bool,
    /// To which agency each project goes.
    pub agencies: AgencyMap,
    /// Whether only to say what would be done.
    pub is_dry_run: bool,
    /// Makes file names unique across processes.
    pub tag: String,
}

/// What was taken over, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MigrationReport {
    /// True when nothing was written.
    pub dry_run: bool,
    /// The server.
    pub server: String,
    /// Its version.
    pub version: String,
    /// Projects that it has.
    pub projects: u64,
    /// Systems made.
    pub systems: u64,
    /// Deployments made.
    pub deployments: u64,
    /// Documents taken in.
    pub documents: u64,
    /// Decisions made.
    pub decisions: u64,
    /// Decisions withdrawn, for something else or nothing is said there now.
    pub withdrawn: u64,
    /// Project by project.
    pub rows: Vec<MigratedRow>,
    /// What was left, and why.
    pub left: Vec<Left>,
}

/// A project that is taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MigratedRow {
    /// What it is called there.
    pub project: String,
    /// Its version.
    pub version: String,
    /// Its key there.
    pub uuid: String,
    /// Agency.
    pub agency: String,
    /// System.
    pub system: String,
    /// Deployment, where several versions are in use.
    pub deployment: String,
    /// `new` or `known`: whether the system is made.
    pub outcome: &'static str,
    /// `taken`, `known` or `none`.
    pub document: &'static str,
    /// Decisions made.
    pub decisions: u64,
    /// Decisions that are here already.
    pub decisions_known: u64,
}

impl MigrationReport {
    /// Notes what was left.
    fn leave(&mut self, code: LeftCode, what: impl Into<String>, detail: impl Into<String>) {
        self.left.push(Left { code: code.as_str(), what: what.into(), detail: detail.into() });
    }
}

impl House {
    /// Takes over what a server keeps.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator; `not-found` for an agency that is not there; what the guard and the server say where
    /// nothing can be read at all; what the house says. What was taken before stays.
    pub async fn migrate(
        &self,
        options: &MigrationOptions,
        network: &Network,
        outside: Outside<'_>,
        author: &Author,
    ) -> Result<MigrationReport> {
        operator_only(&author.viewer, "take over another server")?;
        let client = self.client_for(options, network, outside)?;
        let server = Portfolio::new(&client, &options.address);
        let version = server.version().await.map_err(explained)?;
        let mut report = MigrationReport {
            dry_run: options.is_dry_run,
            server: server.shown(),
            version,
            left: plan::never_read(),
            ..MigrationReport::default()
        };
        let listed = server.projects().await.map_err(explained)?;
        report.projects = listed.items.len() as u64;
        for fault in listed.faults {
            report.leave(LeftCode::BadAnswer, "list of projects", fault);
        }
        let desk = self.desk_as_of(author.viewer.clone(), author.at, author.at).await?;
        let plan = plan::Plan::of(listed.items, &options.agencies, &desk, &mut report)?;
        apply::register(self, author, &plan, options.is_dry_run, &mut report).await?;
        // What was just registered is in sight, and what was taken before is known.
        let desk = self.desk_as_of(author.viewer.clone(), author.at, author.at).await?;
        let decisions = self.ledger.reader(author.viewer.clone(), author.at).decisions(Timestamp::MAX).await?;
        let decisions = &decisions;
        let run = apply::Run { house: self, server: &server, desk: &desk, decisions, author, options };
        run.take(&plan, &mut report).await?;
        Ok(report)
    }

    fn client_for(&self, options: &MigrationOptions, network: &Network, outside: Outside<'_>) -> Result<Client> {
        let mut hosts = network.permits.clone();
        let mut credentials = network.credentials.clone();
        admit(&options.address, &options.key, options.is_inside, &mut hosts, &mut credentials).map_err(feed_error)?;
        let credentials = Credentials::read(&credentials, outside.environment).map_err(feed_error)?;
        let setup = Setup {
            permits: Permits { hosts },
            credentials,
            limits: self.limits().clone(),
            authorities: network.authorities.clone(),
            proxies: Proxies::read(network.proxy.as_deref(), &network.no_proxy, outside.environment),
            ..Setup::default()
        };
        Client::new(setup, Arc::clone(&outside.edge)).map_err(feed_error)
    }
}

/// What the server says, with what to do about it.
fn explained(error: underpin_feeds::FeedError) -> OfficeError {
    let hint = match (error.code, error.detail.as_str()) {
        (underpin_feeds::Code::AddressRefused, _) => "--inside allows a server that lies inside, and http",
        (_, "status 401") => "the file of --key-file must hold an API key of that server",
        (_, "status 403") => "the key needs the permissions VIEW_PORTFOLIO and VIEW_VULNERABILITY there",
        (underpin_feeds::Code::NotFound | underpin_feeds::Code::BadAnswer, _) => {
            "--url is the address under which the API server answers /api/version"
        }
        _ => "",
    };
    feed_error(error).hint(hint)
}
