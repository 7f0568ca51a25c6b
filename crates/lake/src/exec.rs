// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The leaf of every SQL plan: reads a table's segments and lets through only rows of visible documents.
//!
//! Architecture invariant: to the planner this is a leaf, so no rule and no user predicate can get below the filter, and
//! EXPLAIN shows neither files nor row counts.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::{BooleanArray, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, Partitioning, PlanProperties,
};
use futures::StreamExt as _;
use hashbrown::HashSet;

use crate::rows::integers;
use crate::visible::Visible;

/// Numbers of package versions, sorted.
pub(crate) type SeenVersions = Arc<[i64]>;

/// Which rows of a table are let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// All of them: every document of the segments is visible.
    All,
    /// Those of visible documents.
    Documents(Visible),
    /// Each package version once, as the dictionary has it; only those that occur in visible documents, where not all are visible.
    #[cfg_attr(
        not(feature = "cluster"),
        expect(dead_code, reason = "a dictionary in this process is a table in memory")
    )]
    Versions(Option<SeenVersions>),
}

impl Keep {
    /// Whether a column that decides stands behind the wanted ones.
    pub fn looks_at_rows(&self) -> bool {
        *self != Self::All
    }
}

/// Reads visible rows. `source` gives the wanted columns and, where it matters, the one that decides as the last one.
#[derive(Debug)]
pub(crate) struct VisibleRows {
    pub table: &'static str,
    pub source: Arc<dyn ExecutionPlan>,
    pub keep: Keep,
    properties: Arc<PlanProperties>,
}

impl VisibleRows {
    pub(crate) fn new(table: &'static str, source: Arc<dyn ExecutionPlan>, keep: Keep, schema: SchemaRef) -> Self {
        let partitions = source.output_partitioning().partition_count();
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Incremental,
            Boundedness::Bounded,
        ));
        Self { table, source, keep, properties }
    }
}

impl DisplayAs for VisibleRows {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VisibleRows: table={}", self.table)
    }
}

impl ExecutionPlan for VisibleRows {
    fn name(&self) -> &'static str {
        "VisibleRows"
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
        let rows = self.source.execute(partition, context)?;
        Ok(kept(rows, &self.keep, Arc::clone(self.properties.eq_properties.schema())))
    }
}

/// Lets through the rows that are kept, without the column that decides.
pub(crate) fn kept(rows: SendableRecordBatchStream, keep: &Keep, schema: SchemaRef) -> SendableRecordBatchStream {
    let columns = schema.fields().len();
    let outside = |error: crate::LakeError| DataFusionError::External(Box::new(error));
    match keep.clone() {
        Keep::All => rows,
        Keep::Documents(visible) => {
            let mask = move |batch: &RecordBatch| -> Result<BooleanArray> {
                Ok(visible.mask(integers(batch, columns).map_err(outside)?))
            };
            Box::pin(RecordBatchStreamAdapter::new(schema, rows.map(move |batch| only(&batch?, &mask, columns))))
        }
        Keep::Versions(seen) => {
            let mut given = HashSet::new();
            let mut mask = move |batch: &RecordBatch| -> Result<BooleanArray> {
                let numbers = integers(batch, columns).map_err(outside)?;
                let is_seen = |id: i64| seen.as_ref().is_none_or(|seen| seen.binary_search(&id).is_ok());
                // Two names under one number: two intakes raced, and the first one stays, as in the dictionary.
                let bits = numbers.values().iter().map(|id| is_seen(*id) && given.insert(*id));
                Ok(BooleanArray::from_iter(bits.map(Some)))
            };
            Box::pin(RecordBatchStreamAdapter::new(schema, rows.map(move |batch| only(&batch?, &mut mask, columns))))
        }
    }
}

fn only(
    batch: &RecordBatch,
    mut mask: impl FnMut(&RecordBatch) -> Result<BooleanArray>,
    columns: usize,
) -> Result<RecordBatch> {
    let mask = mask(batch)?;
    let shown = batch.project(&(0..columns).collect::<Vec<_>>())?;
    Ok(if mask.false_count() == 0 { shown } else { filter_record_batch(&shown, &mask)? })
}
