// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The leaf of a plan on its way: the files of a table, and above them what the viewer may see of their rows.
//!
//! For the planner it was one leaf. A scheduler gives each task a share of the files, and for that it has to see them as a child; so
//! the two are taken apart only when the plan is finished, and nothing that comes after moves a condition between them.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::plan_err;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties as _, Partitioning, PlanProperties,
};

use super::versions::VERSION;
use crate::exec::{Keep, kept};
use crate::schema::{DOCUMENT, Table};

/// Files of a table, and which of their rows are let through.
#[derive(Debug)]
pub(super) struct ShippedRows {
    pub table: &'static Table,
    /// Where the files lie.
    pub store: Arc<str>,
    pub keep: Keep,
    pub input: Arc<dyn ExecutionPlan>,
    properties: Arc<PlanProperties>,
}

impl ShippedRows {
    pub const NAME: &str = "ShippedRows";

    /// # Errors
    /// When the rows do not bring the column that decides who sees them.
    pub fn new(table: &'static Table, store: Arc<str>, keep: Keep, input: Arc<dyn ExecutionPlan>) -> Result<Self> {
        let schema = shown(table, &keep, &input.schema())?;
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(input.output_partitioning().partition_count()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        ));
        Ok(Self { table, store, keep, input, properties })
    }
}

/// The columns without the one that decides; it must be there, and be the one that decides for this table.
fn shown(table: &Table, keep: &Keep, read: &SchemaRef) -> Result<SchemaRef> {
    let deciding = match keep {
        Keep::All if table.has_document() => return Ok(Arc::clone(read)),
        Keep::Documents(_) if table.has_document() => DOCUMENT,
        Keep::Versions(_) if table.name == VERSION => VERSION,
        _ => return plan_err!("rows of {} are not decided about in this way", table.name),
    };
    let last = read.fields().len().checked_sub(1);
    match last.map(|last| (last, read.field(last))) {
        Some((last, field)) if field.name() == deciding && *field.data_type() == DataType::Int64 => {
            Ok(Arc::new(read.project(&(0..last).collect::<Vec<_>>())?))
        }
        _ => plan_err!("rows of {} do not bring {deciding}", table.name),
    }
}

impl DisplayAs for ShippedRows {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: table={}", Self::NAME, self.table.name)
    }
}

impl ExecutionPlan for ShippedRows {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    // Nothing is put between files and what is let through of them.
    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let input = children.into_iter().next().unwrap_or_else(|| Arc::clone(&self.input));
        Ok(Arc::new(Self::new(self.table, Arc::clone(&self.store), self.keep.clone(), input)?))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let rows = self.input.execute(partition, context)?;
        Ok(kept(rows, &self.keep, Arc::clone(self.properties.eq_properties.schema())))
    }
}
