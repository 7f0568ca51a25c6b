// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The dictionary of package versions as files: in this process it is a table in memory, which is too large to travel.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session as PlannerSession, TableProvider};
use datafusion::datasource::TableType;
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::datasource::physical_plan::FileGroup;
use datafusion::error::Result;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;

use crate::error::LakeError;
use crate::exec::{Keep, SeenVersions, VisibleRows};
use crate::provider::{Columns, file_of};
use crate::schema::Table;
use crate::session::{SegmentRef, Session};

/// The column that a package version is known by.
pub(super) const VERSION: &str = "package_version";

/// Each package version once; only those that occur in visible documents, where not all are visible.
#[derive(Debug)]
pub(super) struct VersionTable {
    table: &'static Table,
    segments: Vec<SegmentRef>,
    store: ObjectStoreUrl,
    seen: Option<SeenVersions>,
}

impl VersionTable {
    pub fn of(session: &Session, store: ObjectStoreUrl) -> Result<Self, LakeError> {
        let table = Table::named(VERSION).ok_or_else(|| LakeError::Query("no dictionary".to_owned()))?;
        // In the order of the catalogue, as the dictionary is read: of two names under one number the first one stays.
        let is_wanted = |segment: &&SegmentRef| segment.table == VERSION && segment.order == "id";
        let segments = session.segments.iter().filter(is_wanted).cloned().collect();
        let seen = if session.sees_all()? {
            None
        } else {
            let mut seen: Vec<i64> = session.seen()?.versions.iter().copied().collect();
            seen.sort_unstable();
            Some(seen.into())
        };
        Ok(Self { table, segments, store, seen })
    }

    pub fn rows(&self) -> u64 {
        self.segments.iter().map(|segment| segment.rows).sum()
    }
}

#[async_trait]
impl TableProvider for VersionTable {
    fn schema(&self) -> SchemaRef {
        self.table.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    // No condition is taken over: one that leaves the first of two names out would let the second one through.
    async fn scan(
        &self,
        _: &dyn PlannerSession,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let columns = Columns::of(self.table, projection, Some(VERSION))?;
        let files: Vec<_> = self.segments.iter().map(file_of).collect();
        let groups = if files.is_empty() { Vec::new() } else { vec![FileGroup::new(files)] };
        let scan = columns.scan(&self.store, columns.source(), groups)?;
        Ok(Arc::new(VisibleRows::new(self.table.name, scan, Keep::Versions(self.seen.clone()), columns.shown)))
    }
}
