// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A lake table as SQL sees it.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session as PlannerSession, TableProvider};
use datafusion::common::{DFSchema, ToDFSchema as _};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

use crate::exec::VisibleRows;
use crate::schema::{DOCUMENT, Table};
use crate::session::SegmentRef;
use crate::visible::Visible;

/// A table of facts about documents.
#[derive(Debug)]
pub(crate) struct FactTable {
    pub table: &'static Table,
    pub segments: Vec<SegmentRef>,
    pub folder: std::path::PathBuf,
    /// `None` only when every document of these segments is visible.
    pub visible: Option<Visible>,
}

impl FactTable {
    /// The order that fits the predicates best: by document when a document is asked for, else the first one.
    fn order(&self, filters: &[Expr]) -> &'static str {
        let asks_for_document =
            filters.iter().any(|filter| filter.column_refs().iter().any(|column| column.name == DOCUMENT));
        let mut orders = self.table.orders.iter().map(|(order, _)| *order);
        let default = orders.next().unwrap_or(DOCUMENT);
        if asks_for_document { orders.find(|order| *order == DOCUMENT).unwrap_or(default) } else { default }
    }
}

#[async_trait]
impl TableProvider for FactTable {
    fn schema(&self) -> SchemaRef {
        self.table.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(filters
            .iter()
            .map(|filter| match is_harmless(filter) {
                true => TableProviderFilterPushDown::Inexact,
                false => TableProviderFilterPushDown::Unsupported,
            })
            .collect())
    }

    async fn scan(
        &self,
        state: &dyn PlannerSession,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = self.schema();
        let wanted: Vec<usize> = projection.cloned().unwrap_or_else(|| (0..schema.fields().len()).collect());
        let shown = Arc::new(schema.project(&wanted)?);
        let mut read = wanted;
        if self.visible.is_some() {
            read.push(schema.index_of(DOCUMENT)?);
        }
        let mut source =
            ParquetSource::new(Arc::clone(&schema)).with_pushdown_filters(true).with_enable_page_index(true);
        if let Some(predicate) = conjunction(filters.to_vec()) {
            let df_schema: DFSchema = Arc::clone(&schema).to_dfschema()?;
            source = source.with_predicate(state.create_physical_expr(predicate, &df_schema)?);
        }
        let order = self.order(filters);
        let files = self.segments.iter().filter(|segment| segment.order == order).map(|segment| {
            PartitionedFile::new(
                self.folder.join(&segment.path).to_string_lossy().trim_start_matches('/'),
                segment.bytes,
            )
        });
        let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), Arc::new(source))
            .with_file_groups(files.map(|file| FileGroup::new(vec![file])).collect())
            .with_projection_indices(Some(read))?
            .build();
        let scan = DataSourceExec::from_data_source(config);
        let scan: Arc<dyn ExecutionPlan> =
            scan.repartitioned(state.config().target_partitions(), state.config_options())?.unwrap_or(scan);
        Ok(Arc::new(VisibleRows::new(self.table.name, scan, self.visible.clone(), shown)))
    }
}

/// Whether a predicate may run on rows that are not visible: it must not be able to fail, or its failure would tell of them.
/// Comparisons of a column with a constant, and what is built from them by AND, OR and NOT, cannot fail.
fn is_harmless(filter: &Expr) -> bool {
    let plain = |expr: &Expr| matches!(expr, Expr::Column(_) | Expr::Literal(..));
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op, right }) if op.is_logic_operator() => {
            is_harmless(left) && is_harmless(right)
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => op.supports_propagation() && plain(left) && plain(right),
        Expr::InList(list) => plain(&list.expr) && list.list.iter().all(plain),
        Expr::Between(between) => plain(&between.expr) && plain(&between.low) && plain(&between.high),
        Expr::IsNull(inner) | Expr::IsNotNull(inner) => plain(inner),
        Expr::Not(inner) => is_harmless(inner) || plain(inner),
        Expr::Column(_) => true,
        _ => false,
    }
}
