// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The leaf of every SQL plan: reads a table's segments and lets through only rows of visible documents.
//!
//! Architecture invariant: to the planner this is a leaf, so no rule and no user predicate can get below the filter, and
//! EXPLAIN shows neither files nor row counts.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
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

use crate::rows::integers;
use crate::visible::Visible;

/// Reads visible rows. `source` gives the wanted columns and, where `visible` is set, the document as the last one.
#[derive(Debug)]
pub(crate) struct VisibleRows {
    table: &'static str,
    source: Arc<dyn ExecutionPlan>,
    visible: Option<Visible>,
    properties: Arc<PlanProperties>,
    columns: usize,
}

impl VisibleRows {
    pub(crate) fn new(
        table: &'static str,
        source: Arc<dyn ExecutionPlan>,
        visible: Option<Visible>,
        schema: SchemaRef,
    ) -> Self {
        let columns = schema.fields().len();
        let partitions = source.output_partitioning().partition_count();
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Incremental,
            Boundedness::Bounded,
        ));
        Self { table, source, visible, properties, columns }
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
        let Some(visible) = self.visible.clone() else { return Ok(rows) };
        let columns = self.columns;
        let filtered = rows.map(move |batch| only_visible(&batch?, &visible, columns));
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(self.properties.eq_properties.schema()), filtered)))
    }
}

fn only_visible(batch: &RecordBatch, visible: &Visible, columns: usize) -> Result<RecordBatch> {
    let outside = |error: crate::LakeError| DataFusionError::External(Box::new(error));
    let mask = visible.mask(integers(batch, columns).map_err(outside)?);
    let shown = batch.project(&(0..columns).collect::<Vec<_>>())?;
    Ok(if mask.false_count() == 0 { shown } else { filter_record_batch(&shown, &mask)? })
}
