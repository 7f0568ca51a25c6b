// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use underpin_model::people::{Grant, Person, PersonId, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::{Viewer, percent_encoded};
use underpin_office::people::Signed;
use underpin_office::role_model::catalogue::{CatalogueQuery, RepositoryRow};
use underpin_office::watch::findings::FindingsQuery;
use underpin_office::{Desk, House, OfficeError, Result, Settings};
use underpin_web::WebHouse;
use underpin_web::routes::ROUTES;
use underpin_web::weigh::Reader;

use super::pages_table::{self, PageFigure};
use crate::commands::demo::publishing;
use crate::context::{self, Context};
use crate::output::Answer;

/// Requests before the clock starts.
const WARM_UP: usize = 3;

/// Ask for every page as an analyst: how long it takes when the house is warm, and what it weighs
#[derive(Debug, clap::Args)]
pub struct Pages {
    /// Times each page is asked for
    #[arg(long, default_value_t = 50, value_name = "N")]
    rounds: usize,
    /// A further house to measure, with the name that the table gives it; without any, the one of --data
    #[arg(long = "house", value_name = "NAME=DIR")]
    houses: Vec<String>,
    /// Only pages whose route contains this
    #[arg(long, default_value = "", value_name = "TEXT")]
    only: String,
    /// Write the table as a page of the manual
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// What the variables of addresses stand for in one house; absent where there is no such thing.
#[derive(Clone, Debug, Default)]
struct Things {
    system: Option<String>,
    agency: Option<String>,
    document: Option<String>,
    vulnerability: Option<String>,
    package: Option<String>,
    repository: Option<String>,
    edition: Option<String>,
}

impl Pages {
    /// Measures. Gives the answer and whether a bound is missed.
    pub async fn run(&self, context: &Context) -> Result<(Answer, bool)> {
        let mut figures = Vec::new();
        if self.houses.is_empty() {
            figures.extend(self.house("this house", context.existing().await?).await?);
        }
        for named in &self.houses {
            let (name, folder) = named.split_once('=').ok_or_else(|| {
                OfficeError::new("usage", format!("--house {named:?} names no house")).hint("write --house corpus=DIR")
            })?;
            // A house that is measured shows all its pages, those for everybody, too.
            let mut settings = Settings::embedded(folder);
            publishing(&mut settings)?;
            figures.extend(self.house(name, House::open(settings).await?).await?);
        }
        if let Some(path) = &self.markdown {
            std::fs::write(path, pages_table::markdown(&figures)).map_err(|error| OfficeError::file(path, &error))?;
        }
        let missed = figures.iter().any(|figure| !figure.met());
        Ok((pages_table::answer(&figures), missed))
    }

    async fn house(&self, name: &str, house: House) -> Result<Vec<PageFigure>> {
        let chance = Arc::new(|| context::random().unwrap_or_default());
        let web = Arc::new(WebHouse::new(house.clone(), false, Arc::new(context::clock), chance));
        let desk = house.desk(Viewer::Operator, web.now().await?).await?;
        let things = Things::of(&house, &desk).await?;
        let size = format!("{} systems, {} documents", desk.snapshot.systems.len(), desk.snapshot.documents.len());
        let mut reader = Reader::new(Arc::clone(&web), Signed::assumed(analyst()));
        // What is worked out behind the first reader is part of warming up.
        for path in ["/", "/agencies/{id}"].iter().filter_map(|route| things.address(route)) {
            reader.time(&path).await;
        }
        while web.is_looking_back() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let mut figures = Vec::new();
        for route in ROUTES.iter().filter(|route| route.method == "get" && route.path.contains(&self.only)) {
            let Some(path) = things.address(route.path) else { continue };
            let weighed = reader.weigh(&path).await;
            // What is not there in this house, or not for analysts, is no page of theirs.
            if weighed.status != 200 {
                continue;
            }
            for _ in 0..WARM_UP {
                reader.time(&path).await;
            }
            let mut times: Vec<Duration> = Vec::with_capacity(self.rounds);
            for _ in 0..self.rounds {
                times.push(reader.time(&path).await);
            }
            let house = format!("{name} ({size})");
            figures.push(PageFigure::of(&house, route.path, &times, (weighed.html_bytes, weighed.sent_bytes)));
        }
        Ok(figures)
    }
}

fn analyst() -> Person {
    Person {
        id: PersonId(0),
        login: "analyst".to_owned(),
        name: "An analyst".to_owned(),
        grants: vec![Grant { role: Role::Analyst, reach: Reach::Government }],
        clearance: Classification::ALL.last().copied().unwrap_or_default(),
        compartments: Vec::new(),
    }
}

impl Things {
    /// The largest of each kind: if it is in time, the others are.
    async fn of(house: &House, desk: &Desk) -> Result<Self> {
        let uses = |system: &u32| desk.current_documents(*system).map(|record| record.occurrences).sum::<u64>();
        let largest = desk.active_systems().max_by_key(uses).map(|system| desk.system(system));
        let document = desk.snapshot.documents.iter().max_by_key(|record| record.occurrences);
        let watched = house.watch(desk).await?;
        let query = FindingsQuery { rows: 1, ..FindingsQuery::default() };
        let vulnerability = watched.findings(desk, &query)?.rows.first().map(|row| row.vulnerability.to_owned());
        let package = desk.usage(Some(1))?.rows.first().map(|row| row.package.clone());
        let repositories = house.catalogue(desk, &CatalogueQuery::default()).await?.rows;
        let judged = |row: &&RepositoryRow| row.practices.map_or(0, |one| one.met + one.not_met + one.not_assessed);
        let editions = house.open_data_editions(desk.overview().as_of).await?;
        Ok(Self {
            repository: repositories.iter().max_by_key(judged).map(|row| row.address.clone()),
            edition: editions.first().map(|at| at.date()),
            system: largest.map(|system| system.id.0.clone()),
            agency: largest.map(|system| system.agency.0.clone()),
            document: document.map(|record| record.id.to_string()),
            vulnerability,
            package,
        })
    }

    /// The address that is asked for a route; `None` where this house has no such thing, and for what is no page.
    fn address(&self, route: &str) -> Option<String> {
        let package = || self.package.as_deref();
        let name = || package().and_then(|purl| purl.rsplit('/').next());
        Some(match route {
            "/assets/{tag}/{name}" | "/welcome/{key}" | "/decisions/vex" | "/healthz" | "/readyz" => return None,
            "/find" => format!("/find?q={}", name()?),
            "/suggest" => format!("/suggest?q={}", name()?),
            "/packages" => format!("/packages?purl={}", package()?),
            "/sql" => "/sql?q=SELECT%20*%20FROM%20system%20LIMIT%20100".to_owned(),
            "/help/{*page}" => "/help/reference/commands".to_owned(),
            "/findings/decide" => format!("/findings/decide?all=yes&vulnerability={}", self.vulnerability.as_deref()?),
            "/registry/{kind}/{id}" => format!("/registry/systems/{}", self.system.as_deref()?),
            "/systems/{id}" => format!("/systems/{}", self.system.as_deref()?),
            "/systems/{id}/difference" => format!("/systems/{}/difference", self.system.as_deref()?),
            "/systems/{id}/paths" => format!("/systems/{}/paths?package={}", self.system.as_deref()?, name()?),
            "/agencies/{id}" => format!("/agencies/{}", self.agency.as_deref()?),
            "/documents/{id}" => format!("/documents/{}", self.document.as_deref()?),
            "/vulnerabilities/{name}" => format!("/vulnerabilities/{}", self.vulnerability.as_deref()?),
            "/people/{login}" | "/catalogue/repository/assess" => return None,
            "/catalogue/repository" => {
                format!("/catalogue/repository?address={}", percent_encoded(self.repository.as_deref()?, b""))
            }
            "/open-data/{edition}/{file}" => format!("/open-data/{}/packages.parquet", self.edition.as_deref()?),
            "/plan" | "/plan/brief" => format!("{route}?budget=5000000"),
            "/projects/{*project}" => format!("/projects/{}", percent_encoded(package()?, b"")),
            "/dossiers/{*project}" => format!("/dossiers/{}", percent_encoded(package()?, b"")),
            "/tasks/{id}" => "/tasks/T1".to_owned(),
            "/decisions/{id}" => "/decisions/V1".to_owned(),
            "/rounds/{id}" => "/rounds/R1".to_owned(),
            "/rounds/{id}/letters/{agency}" => format!("/rounds/R1/letters/{}", self.agency.as_deref()?),
            route if route.starts_with("/incidents/{id}") => route.replace("{id}", "I1"),
            route if route.contains('{') => return None,
            route => route.to_owned(),
        })
    }
}
