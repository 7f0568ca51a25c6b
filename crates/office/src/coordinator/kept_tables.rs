// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables for SQL that were made for a desk, kept for the next query about it. A rule asks several queries in a row: without this, what
//! is watched would be held against all advisories for each of them.

use std::sync::Arc;

use tokio::sync::OnceCell;
use underpin_lake::{ReadyTable, StreamedTable};
use underpin_model::watch::Tlp;

use crate::regulator::sql_rules;
use crate::watch::estate::Watched;
use crate::watch::freshness::Freshness;

/// What was made for one desk. Queries about another desk need another one.
#[derive(Debug, Default)]
pub struct KeptTables {
    watched: OnceCell<Arc<Watched>>,
    pub(crate) small: OnceCell<Vec<ReadyTable>>,
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

    /// What is watched, where somebody worked it out already.
    pub(crate) fn known(&self) -> Option<&Arc<Watched>> {
        self.watched.get()
    }

    /// What is watched, worked out by `make` where nobody did yet.
    pub(crate) async fn watched(
        &self,
        make: impl Future<Output = crate::error::Result<Watched>>,
    ) -> crate::error::Result<&Arc<Watched>> {
        self.watched.get_or_try_init(|| async { Ok(Arc::new(make.await?)) }).await
    }
}
