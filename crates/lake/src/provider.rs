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

use crate::exec::VisibleRows;
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
        let files = self.segments.iter().filter(|segment| segment.order == order);
        let files = files.map(|segment| PartitionedFile::new(segment.path.as_str(), segment.bytes));
        let config = FileScanConfigBuilder::new(self.store.clone(), Arc::new(source))
            .with_file_groups(files.map(|file| FileGroup::new(vec![file])).collect())
            .with_projection_indices(Some(read))?
            .build();
        let scan = DataSourceExec::from_data_source(config);
        let scan: Arc<dyn ExecutionPlan> =
            scan.repartitioned(state.config().target_partitions(), state.config_options())?.unwrap_or(scan);
        Ok(Arc::new(VisibleRows::new(self.table.name, scan, self.visible.clone(), shown)))
    }
}

/// Gives the engine the folder of the segments as a store of its own. Inside it a file is a bare name: what the folder
/// itself is called never becomes part of an address, so it may be relative and hold any character.
pub(crate) fn segment_store(runtime: &RuntimeEnv, segments: &SegmentStore) -> Result<ObjectStoreUrl> {
    let url = ObjectStoreUrl::parse("segments://store")?;
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
