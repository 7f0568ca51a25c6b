// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables for SQL that were made for a desk, kept for the next query about it. A rule asks several queries in a row: without this, what
//! is watched would be held against all advisories for each of them.

use std::sync::Arc;

use tokio::sync::OnceCell;
use underpin_lake::{ReadyTable, SmallTable, StreamedTable};
use underpin_model::watch::Tlp;

use crate::error::Result;
use crate::house::Desk;
use crate::regulator::{PackagesByAgency, sql_rules};
use crate::watch::estate::Watched;
use crate::watch::freshness::Freshness;

/// What was made for one desk. Queries about another desk need another one.
#[derive(Debug, Default)]
pub struct KeptTables {
    watched: OnceCell<Arc<Watched>>,
    registry: OnceCell<Vec<ReadyTable>>,
    packages: OnceCell<PackagesByAgency>,
    pub(crate) of_watch: OnceCell<(Vec<StreamedTable>, Freshness, Option<Tlp>)>,
    pub(crate) end_of_life: OnceCell<(StreamedTable, Freshness)>,
    /// In the order of [`sql_rules::TABLES`].
    pub(crate) of_rules: [OnceCell<StreamedTable>; sql_rules::TABLES.len()],
}

impl KeptTables {
    /// For a desk whose watched things are known already.
    pub fn of(watched: Arc<Watched>) -> Self {
        Self { watched: OnceCell::new_with(Some(watched)), ..Self::default() }
    }

    /// Makes what almost every question about the desk needs, before anybody asks: the tables of the registry, and who uses which package.
    ///
    /// # Errors
    /// When a segment is missing or damaged.
    pub async fn prepare(&self, desk: &Desk) -> Result<()> {
        self.registry(desk).await?;
        self.packages(desk).await?;
        Ok(())
    }

    /// Tables of the registry.
    pub(crate) async fn registry(&self, desk: &Desk) -> Result<&Vec<ReadyTable>> {
        let make =
            || async { Ok(desk.small_tables().iter().map(SmallTable::ready).collect::<std::result::Result<_, _>>()?) };
        self.registry.get_or_try_init(make).await
    }

    /// Which agency uses which package.
    pub(crate) async fn packages(&self, desk: &Desk) -> Result<&PackagesByAgency> {
        self.packages.get_or_try_init(|| async { desk.packages_by_agency() }).await
    }

    /// What is watched, where somebody worked it out already.
    pub(crate) fn known(&self) -> Option<&Arc<Watched>> {
        self.watched.get()
    }

    /// What is watched, worked out by `make` where nobody did yet.
    pub(crate) async fn watched(&self, make: impl Future<Output = Result<Watched>>) -> Result<&Arc<Watched>> {
        self.watched.get_or_try_init(|| async { Ok(Arc::new(make.await?)) }).await
    }
}
