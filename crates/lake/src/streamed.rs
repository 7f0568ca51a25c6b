// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tables whose rows are made while a query reads them: millions of findings that nobody wrote down.
//!
//! The lake knows nothing of where they come from. Whoever makes them shows only what the viewer of the session may see; conditions
//! are passed on so that rows need not be made in vain, and the engine checks them again.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session as PlannerSession, TableProvider};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{ScalarValue, plan_err};
use datafusion::datasource::TableType;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{BinaryExpr, Expr, Operator, TableProviderFilterPushDown};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};

use crate::rows::TableRows;
use crate::schema::Table;

/// Rows that are made at a time by default.
const BATCH_ROWS: u64 = 8_192;

/// A table of the office, made for one session: what it shows is what the viewer may see.
#[derive(Clone)]
pub struct StreamedTable {
    /// Name, columns and what one row is.
    pub table: &'static Table,
    /// Where its rows come from; `None` where no query names the table: it can be planned with, and reading it is refused.
    pub rows: Option<Arc<dyn RowSource>>,
}

impl fmt::Debug for StreamedTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedTable").field("table", &self.table.name).finish_non_exhaustive()
    }
}

/// A condition: a column has one of these texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Only {
    /// The column.
    pub column: &'static str,
    /// The texts; [`TRUTH`] for a column of truths that has to be true.
    pub texts: Vec<String>,
}

/// That a column is true, among the texts of a condition.
pub const TRUTH: &str = "true";

/// Where the rows of a table come from.
pub trait RowSource: Send + Sync {
    /// Columns whose conditions it can use to make fewer rows.
    fn narrowed_by(&self) -> &'static [&'static str] {
        &[]
    }

    /// One reading of the table. Rows that do not fulfil all conditions may be left out.
    fn pass(self: Arc<Self>, only: &[Only]) -> Arc<dyn Pass>;
}

/// One reading of a table: its rows have places from 0 on, and the same place always has the same row.
pub trait Pass: Send + Sync {
    /// How many rows.
    fn rows(&self) -> u64;

    /// Bytes that it keeps until it ends.
    fn bytes(&self) -> usize {
        0
    }

    /// How many rows are made at a time: more where the wanted columns cost something each time.
    fn rows_at_once(&self, _wanted: &[usize]) -> u64 {
        BATCH_ROWS
    }

    /// Appends the rows at these places (all are there): of each the `wanted` columns, by position in the table.
    fn read(&self, places: Range<u64>, wanted: &[usize], rows: &mut TableRows);
}

/// A streamed table as SQL sees it.
#[derive(Debug)]
pub(crate) struct StreamedProvider {
    table: StreamedTable,
    schema: SchemaRef,
}

impl StreamedProvider {
    pub fn of(table: StreamedTable) -> Self {
        Self { schema: table.table.schema(), table }
    }

    fn narrowed_by(&self) -> &'static [&'static str] {
        self.table.rows.as_ref().map_or(&[], |rows| rows.narrowed_by())
    }
}

#[async_trait]
impl TableProvider for StreamedProvider {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let known = |filter: &&Expr| match only(filter, self.narrowed_by()) {
            Some(_) => TableProviderFilterPushDown::Inexact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(known).collect())
    }

    async fn scan(
        &self,
        state: &dyn PlannerSession,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(source) = self.table.rows.clone() else {
            return plan_err!("the table {} was not made for this query", self.table.table.name);
        };
        let wanted = projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::new(self.schema.project(&wanted)?)),
            Partitioning::UnknownPartitioning(state.config().target_partitions().max(1)),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Arc::new(StreamedRows {
            table: self.table.table,
            source,
            wanted: wanted.into(),
            only: filters.iter().filter_map(|filter| only(filter, self.narrowed_by())).collect(),
            limit: limit.map_or(u64::MAX, |limit| limit as u64),
            pass: Arc::default(),
            properties: Arc::new(properties),
        }))
    }
}

/// A filter as a condition on one of these columns.
fn only(filter: &Expr, columns: &[&'static str]) -> Option<Only> {
    let column = |expr: &Expr| match expr {
        Expr::Column(column) => columns.iter().copied().find(|known| *known == column.name),
        _ => None,
    };
    let text = |expr: &Expr| match expr {
        Expr::Literal(
            ScalarValue::Utf8(Some(text)) | ScalarValue::Utf8View(Some(text)) | ScalarValue::LargeUtf8(Some(text)),
            _,
        ) => Some(text.clone()),
        _ => None,
    };
    match filter {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            let (column, text) = match column(left) {
                Some(column) => (column, text(right)?),
                None => (column(right)?, text(left)?),
            };
            Some(Only { column, texts: vec![text] })
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            let (mut one, other) = (only(left, columns)?, only(right, columns)?);
            one.texts.extend(other.texts);
            (one.column == other.column).then_some(one)
        }
        Expr::InList(list) if !list.negated => {
            let texts = list.list.iter().map(text).collect::<Option<Vec<_>>>()?;
            Some(Only { column: column(&list.expr)?, texts })
        }
        // A column of truths is a condition by itself.
        Expr::Column(_) => Some(Only { column: column(filter)?, texts: vec![TRUTH.to_owned()] }),
        Expr::IsTrue(inner) if matches!(**inner, Expr::Column(_)) => only(inner, columns),
        _ => None,
    }
}

/// A reading, with the memory that it takes. Parts of one plan share it.
type Shared = std::result::Result<(Arc<dyn Pass>, MemoryReservation), String>;

/// The leaf of a plan that makes rows.
pub(crate) struct StreamedRows {
    table: &'static Table,
    source: Arc<dyn RowSource>,
    wanted: Arc<[usize]>,
    only: Vec<Only>,
    limit: u64,
    pass: Arc<OnceLock<Shared>>,
    properties: Arc<PlanProperties>,
}

impl fmt::Debug for StreamedRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedRows").field("table", &self.table.name).finish_non_exhaustive()
    }
}

impl DisplayAs for StreamedRows {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StreamedRows: table={}", self.table.name)
    }
}

impl ExecutionPlan for StreamedRows {
    fn name(&self) -> &'static str {
        "StreamedRows"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, _: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let mut part = Part {
            table: self.table,
            source: Arc::clone(&self.source),
            wanted: Arc::clone(&self.wanted),
            only: self.only.clone(),
            limit: self.limit,
            shared: Arc::clone(&self.pass),
            partition: (partition as u64, self.properties.partitioning.partition_count() as u64),
            rest: None,
        };
        // Nothing is made before the first row is asked for.
        let batches = std::iter::from_fn(move || part.next(&context).transpose());
        let schema = Arc::clone(self.properties.eq_properties.schema());
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, futures::stream::iter(batches))))
    }
}

/// The share of a reading that one partition makes: as many places as each of the others.
struct Part {
    table: &'static Table,
    source: Arc<dyn RowSource>,
    wanted: Arc<[usize]>,
    only: Vec<Only>,
    limit: u64,
    shared: Arc<OnceLock<Shared>>,
    partition: (u64, u64),
    rest: Option<Range<u64>>,
}

impl Part {
    fn next(&mut self, context: &TaskContext) -> Result<Option<RecordBatch>> {
        let shared = self.shared.get_or_init(|| {
            let pass = Arc::clone(&self.source).pass(&self.only);
            let reservation = MemoryConsumer::new(self.table.name).register(context.memory_pool());
            reservation.try_grow(pass.bytes()).map_err(|error| error.to_string())?;
            Ok((pass, reservation))
        });
        let (pass, _) = shared.as_ref().map_err(|message| DataFusionError::ResourcesExhausted(message.clone()))?;
        let (number, parts) = self.partition;
        let rows = pass.rows().min(self.limit);
        let border = |number: u64| rows / parts * number + (rows % parts).min(number);
        let rest = self.rest.get_or_insert(border(number)..border(number + 1));
        if rest.is_empty() {
            return Ok(None);
        }
        let end = rest.end.min(rest.start + pass.rows_at_once(&self.wanted).max(1));
        let outside = |error: crate::LakeError| DataFusionError::External(Box::new(error));
        let mut rows = TableRows::of_columns(self.table, &self.wanted).map_err(outside)?;
        pass.read(rest.start..end, &self.wanted, &mut rows);
        rest.start = end;
        rows.finish().map(Some).map_err(outside)
    }
}
