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
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

use crate::exec::{Keep, VisibleRows};
use crate::schema::{DOCUMENT, Table};
use crate::segment::SegmentStore;
use crate::session::SegmentRef;
use crate::store::folder_for_engine;
use crate::visible::Visible;

/// A table of facts about documents.
#[derive(Debug)]
pub(crate) struct FactTable {
    pub table: &'static Table,
    pub segments: Vec<SegmentRef>,
    /// The store that reads the folder of the segments, see [`segment_store`].
    pub store: ObjectStoreUrl,
    /// `None` only when every document of these segments is visible.
    pub visible: Option<Visible>,
}

impl FactTable {
    /// The order that fits the predicates best: by document when a document is asked for, else the first one.
    pub fn order(&self, filters: &[Expr]) -> &'static str {
        let asks_for_document =
            filters.iter().any(|filter| filter.column_refs().iter().any(|column| column.name == DOCUMENT));
        let mut orders = self.table.orders.iter().map(|(order, _)| *order);
        let default = orders.next().unwrap_or(DOCUMENT);
        if asks_for_document { orders.find(|order| *order == DOCUMENT).unwrap_or(default) } else { default }
    }
}

#[cfg(feature = "cluster")]
impl FactTable {
    /// How many rows are read at most, by the catalogue. With a condition on the column by which the files are sorted only few
    /// pages are looked at.
    pub fn rows_read(&self, filters: &[Expr]) -> u64 {
        let order = self.order(filters);
        let sorted_by = self.table.orders.iter().find(|(name, _)| *name == order).and_then(|(_, by)| by.first());
        if filters.iter().any(|filter| sorted_by.is_some_and(|column| names_values_of(filter, column))) {
            return 0;
        }
        self.segments.iter().filter(|segment| segment.order == order).map(|segment| segment.rows).sum()
    }
}

/// Whether a condition names the values that a column may have.
#[cfg(feature = "cluster")]
fn names_values_of(filter: &Expr, column: &str) -> bool {
    let is_it = |expr: &Expr| matches!(expr, Expr::Column(found) if found.name == column);
    let is_value = |expr: &Expr| matches!(expr, Expr::Literal(..));
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            (is_it(left) && is_value(right)) || (is_value(left) && is_it(right))
        }
        Expr::InList(list) => !list.negated && is_it(&list.expr) && list.list.iter().all(is_value),
        _ => false,
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
        let keep = self.visible.clone().map_or(Keep::All, Keep::Documents);
        let columns = Columns::of(self.table, projection, keep.looks_at_rows().then_some(DOCUMENT))?;
        let mut source = columns.source();
        if let Some(predicate) = conjunction(filters.to_vec()) {
            let df_schema: DFSchema = Arc::clone(&columns.schema).to_dfschema()?;
            source = source.with_predicate(state.create_physical_expr(predicate, &df_schema)?);
        }
        let order = self.order(filters);
        let files = self.segments.iter().filter(|segment| segment.order == order);
        let groups = files.map(|segment| FileGroup::new(vec![file_of(segment)])).collect();
        let scan = columns.scan(&self.store, source, groups)?;
        let scan: Arc<dyn ExecutionPlan> =
            scan.repartitioned(state.config().target_partitions(), state.config_options())?.unwrap_or(scan);
        Ok(Arc::new(VisibleRows::new(self.table.name, scan, keep, columns.shown)))
    }
}

/// Which columns of a table are read, and which of them are shown.
pub(crate) struct Columns {
    schema: SchemaRef,
    read: Vec<usize>,
    pub shown: SchemaRef,
}

impl Columns {
    /// The wanted ones, and behind them the one that decides whether a row is shown.
    pub fn of(table: &Table, wanted: Option<&Vec<usize>>, deciding: Option<&str>) -> Result<Self> {
        let schema = table.schema();
        let mut read: Vec<usize> = wanted.cloned().unwrap_or_else(|| (0..schema.fields().len()).collect());
        let shown = Arc::new(schema.project(&read)?);
        if let Some(column) = deciding {
            read.push(schema.index_of(column)?);
        }
        Ok(Self { schema, read, shown })
    }

    pub fn source(&self) -> ParquetSource {
        ParquetSource::new(Arc::clone(&self.schema)).with_pushdown_filters(true).with_enable_page_index(true)
    }

    pub fn scan(
        &self,
        store: &ObjectStoreUrl,
        source: ParquetSource,
        groups: Vec<FileGroup>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let config = FileScanConfigBuilder::new(store.clone(), Arc::new(source))
            .with_file_groups(groups)
            .with_projection_indices(Some(self.read.clone()))?
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

pub(crate) fn file_of(segment: &SegmentRef) -> PartitionedFile {
    PartitionedFile::new(segment.path.as_str(), segment.bytes)
}

/// Where the engine finds segments: a store of its own, in which a file is a bare name.
pub(crate) fn segments_url() -> Result<ObjectStoreUrl> {
    ObjectStoreUrl::parse("segments://store")
}

/// Gives the engine the folder of the segments as a store of its own. Inside it a file is a bare name: what the folder
/// itself is called never becomes part of an address, so it may be relative and hold any character.
pub(crate) fn segment_store(runtime: &RuntimeEnv, segments: &SegmentStore) -> Result<ObjectStoreUrl> {
    let url = segments_url()?;
    runtime.register_object_store(url.as_ref(), folder_for_engine(&segments.files)?);
    Ok(url)
}

/// Operators that cannot fail, whatever stands in a row. Others must not be added for being fast: a pattern in a row can be
/// wrong, a number too large, and the error would tell of it.
const HARMLESS_COMPARISONS: [Operator; 8] = [
    Operator::Eq,
    Operator::NotEq,
    Operator::Lt,
    Operator::LtEq,
    Operator::Gt,
    Operator::GtEq,
    Operator::IsDistinctFrom,
    Operator::IsNotDistinctFrom,
];

/// Whether a predicate may run on rows that are not visible: it must not be able to fail, or its failure would tell of them.
/// Comparisons of columns and constants by the operators above, and what is built from them by AND, OR and NOT, cannot fail.
fn is_harmless(filter: &Expr) -> bool {
    let plain = |expr: &Expr| matches!(expr, Expr::Column(_) | Expr::Literal(..));
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And | Operator::Or, right }) => {
            is_harmless(left) && is_harmless(right)
        }
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            HARMLESS_COMPARISONS.contains(op) && plain(left) && plain(right)
        }
        Expr::InList(list) => plain(&list.expr) && list.list.iter().all(plain),
        Expr::Between(between) => plain(&between.expr) && plain(&between.low) && plain(&between.high),
        Expr::IsNull(inner) | Expr::IsNotNull(inner) => plain(inner),
        Expr::Not(inner) => is_harmless(inner) || plain(inner),
        Expr::Column(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::{binary_expr, col, lit};

    use super::*;

    /// Every operator there is; the match fails to compile when one is added.
    fn operators() -> Vec<(Operator, bool)> {
        use Operator::*;
        let harmless = [Eq, NotEq, Lt, LtEq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom];
        let others = [
            Plus,
            Minus,
            Multiply,
            Divide,
            Modulo,
            IntegerDivide,
            RegexMatch,
            RegexIMatch,
            RegexNotMatch,
            RegexNotIMatch,
            LikeMatch,
            ILikeMatch,
            NotLikeMatch,
            NotILikeMatch,
            BitwiseAnd,
            BitwiseOr,
            BitwiseXor,
            BitwiseShiftRight,
            BitwiseShiftLeft,
            StringConcat,
            AtArrow,
            ArrowAt,
            Arrow,
            LongArrow,
            HashArrow,
            HashLongArrow,
            AtAt,
            HashMinus,
            AtQuestion,
            Question,
            QuestionAnd,
            QuestionPipe,
            Colon,
        ];
        harmless.map(|operator| (operator, true)).into_iter().chain(others.map(|operator| (operator, false))).collect()
    }

    #[test]
    fn only_what_cannot_fail_runs_on_rows_that_are_not_visible() {
        for (operator, harmless) in operators() {
            for (left, right) in [(col("supplier"), col("supplier")), (lit("x"), col("name")), (col("name"), lit("("))]
            {
                let filter = binary_expr(left, operator, right);
                assert_eq!(is_harmless(&filter), harmless, "{filter}");
                assert_eq!(is_harmless(&!filter.clone()), harmless, "NOT {filter}");
                let both = binary_expr(col("document").eq(lit(1_i64)), Operator::And, filter.clone());
                assert_eq!(is_harmless(&both), harmless, "{both}");
            }
        }
        let cast = datafusion::logical_expr::cast(col("name"), datafusion::arrow::datatypes::DataType::Int64);
        assert!(!is_harmless(&cast.eq(lit(1_i64))));
        assert!(!is_harmless(&col("name").like(col("name"))));
        assert!(!is_harmless(&(col("a") / col("b")).gt(lit(1_i64))));
    }
}
