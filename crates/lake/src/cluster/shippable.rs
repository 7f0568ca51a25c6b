// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Makes a finished plan fit to travel, or says that it is not: only steps that give the same rows when they are divided among
//! machines do.

use std::sync::Arc;

use datafusion::arrow::array::{RecordBatch, RecordBatchOptions, new_null_array};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::JoinType;
use datafusion::common::tree_node::{Transformed, TransformedResult as _, TreeNode as _, TreeNodeRecursion};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::execution::TaskContext;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::physical_plan::joins::{HashJoinExec, NestedLoopJoinExec};
use datafusion::physical_plan::limit::LocalLimitExec;
use datafusion::physical_plan::placeholder_row::PlaceholderRowExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties as _};
use futures::StreamExt as _;

use super::shipped::ShippedRows;
use crate::error::LakeError;
use crate::exec::VisibleRows;
use crate::schema::Table;
use crate::streamed::StreamedRows;

/// Steps of the engine that give the same rows when each task has its share of their input; names are those of the engine.
pub(super) const DIVISIBLE: [&str; 22] = [
    "AggregateExec",
    "BoundedWindowAggExec",
    "CoalesceBatchesExec",
    "CoalescePartitionsExec",
    "CooperativeExec",
    "CrossJoinExec",
    "DataSourceExec",
    "EmptyExec",
    "FilterExec",
    "GlobalLimitExec",
    "HashJoinExec",
    "InterleaveExec",
    "LocalLimitExec",
    "NestedLoopJoinExec",
    "PlaceholderRowExec",
    "ProjectionExec",
    "RepartitionExec",
    "SortExec",
    "SortExec(TopK)",
    "SortMergeJoinExec",
    "SortPreservingMergeExec",
    "WindowAggExec",
];
const UNION: &str = "UnionExec";

/// Whether a step may travel.
pub(super) fn is_divisible(name: &str) -> bool {
    DIVISIBLE.contains(&name) || name == UNION || name == ShippedRows::NAME
}

/// What a plan may carry, and where its files lie.
#[derive(Clone, Debug)]
pub(super) struct Baggage {
    /// Most bytes of rows that are no files.
    pub bytes: usize,
    /// Into how many parts they are divided.
    pub partitions: usize,
    /// Where the files lie.
    pub store: Arc<str>,
}

/// A leaf, and its rows as they travel.
type Made = (Arc<dyn ExecutionPlan>, Arc<dyn ExecutionPlan>);

/// The same plan with leaves that can travel; none when one of its steps cannot.
pub(super) async fn shippable(
    plan: Arc<dyn ExecutionPlan>,
    context: Arc<TaskContext>,
    baggage: &Baggage,
) -> Result<Option<Arc<dyn ExecutionPlan>>, LakeError> {
    let mut streamed = Vec::new();
    plan.apply(|node| {
        if node.is::<StreamedRows>() {
            streamed.push(Arc::clone(node));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    let mut made: Vec<Made> = Vec::new();
    let mut bytes = 0;
    for leaf in streamed {
        let Some(rows) = collected(&leaf, &context, baggage, &mut bytes).await? else { return Ok(None) };
        made.push((leaf, rows));
    }
    let plan = plan.transform_up(|node| fit(node, &made, baggage)).data()?;
    let mut fits = true;
    plan.apply(|node| {
        fits &= travels(node);
        Ok(if fits { TreeNodeRecursion::Continue } else { TreeNodeRecursion::Stop })
    })?;
    Ok(fits.then_some(plan))
}

/// The rows of a table that is made as it is read, as they travel; none when they are too many.
async fn collected(
    leaf: &Arc<dyn ExecutionPlan>,
    context: &Arc<TaskContext>,
    baggage: &Baggage,
    bytes: &mut usize,
) -> Result<Option<Arc<dyn ExecutionPlan>>, LakeError> {
    let mut parts: Vec<Vec<RecordBatch>> = vec![Vec::new(); baggage.partitions];
    let mut turn = 0;
    for partition in 0..leaf.output_partitioning().partition_count() {
        let mut rows = leaf.execute(partition, Arc::clone(context))?;
        while let Some(batch) = rows.next().await {
            let batch = batch?;
            *bytes += batch.get_array_memory_size();
            if *bytes > baggage.bytes {
                return Ok(None);
            }
            if let Some(part) = parts.get_mut(turn % baggage.partitions) {
                part.push(batch);
            }
            turn += 1;
        }
    }
    parts.truncate(turn.max(1));
    let rows: Arc<dyn ExecutionPlan> = MemorySourceConfig::try_new_exec(&parts, leaf.schema(), None)?;
    Ok(Some(rows))
}

fn fit(node: Arc<dyn ExecutionPlan>, made: &[Made], baggage: &Baggage) -> Result<Transformed<Arc<dyn ExecutionPlan>>> {
    if let Some((_, rows)) = made.iter().find(|(leaf, _)| Arc::ptr_eq(leaf, &node)) {
        return Ok(Transformed::yes(Arc::clone(rows)));
    }
    if let Some(rows) = node.downcast_ref::<VisibleRows>() {
        // Without a file there is nobody to give a share to.
        if rows.source.output_partitioning().partition_count() == 0 {
            return Ok(Transformed::yes(empty(&node)));
        }
        let Some(table) = Table::named(rows.table) else { return Ok(Transformed::no(node)) };
        let store = Arc::clone(&baggage.store);
        let shipped = ShippedRows::new(table, store, rows.keep.clone(), Arc::clone(&rows.source))?;
        return Ok(Transformed::yes(Arc::new(shipped) as Arc<dyn ExecutionPlan>));
    }
    if node.is::<PlaceholderRowExec>() {
        return Ok(Transformed::yes(one_row(&node)?));
    }
    match in_memory(&node) {
        Some(memory) => Ok(Transformed::yes(with_own_limit(&node, memory)?)),
        None => Ok(Transformed::no(node)),
    }
}

/// Rows that lie in memory.
fn in_memory(node: &Arc<dyn ExecutionPlan>) -> Option<&MemorySourceConfig> {
    let config: &dyn std::any::Any = node.downcast_ref::<DataSourceExec>()?.data_source().as_ref();
    config.downcast_ref::<MemorySourceConfig>()
}

/// How many rows are wanted at most is lost on a table in memory when its parts are given out, so it becomes a step of its own.
fn with_own_limit(node: &Arc<dyn ExecutionPlan>, memory: &MemorySourceConfig) -> Result<Arc<dyn ExecutionPlan>> {
    if memory.partitions().is_empty() {
        return Ok(empty(node));
    }
    let Some(most) = node.fetch() else { return Ok(Arc::clone(node)) };
    let (schema, columns) = (memory.original_schema(), memory.projection().clone());
    let rows = MemorySourceConfig::try_new_exec(memory.partitions(), schema, columns)?;
    Ok(Arc::new(LocalLimitExec::new(rows, most)))
}

/// No rows, in place of a step that has nobody to make them.
fn empty(node: &Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
    Arc::new(EmptyExec::new(node.schema()))
}

/// The one row without values that stands below what reads no table, as rows in memory: how many parts those have survives being
/// written down.
fn one_row(node: &Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let schema = node.schema();
    let nothing = schema.fields().iter().map(|field| new_null_array(field.data_type(), 1)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let row = RecordBatch::try_new_with_options(Arc::clone(&schema), nothing, &options)?;
    Ok(MemorySourceConfig::try_new_exec(&[vec![row]], schema, None)?)
}

/// Whether the rows of a step are the same when its parts are carried out by several processes.
fn travels(node: &Arc<dyn ExecutionPlan>) -> bool {
    if let Some(join) = node.downcast_ref::<NestedLoopJoinExec>() {
        let right = join.right();
        let is_one = right.output_partitioning().partition_count() <= 1 && !right.is::<CoalescePartitionsExec>();
        return is_one || !answers_for_left(*join.join_type());
    }
    // Whether a value is in none of the rows of the right side is known only to whoever sees all of them.
    if node.downcast_ref::<HashJoinExec>().is_some_and(|join| join.null_aware) {
        return false;
    }
    // Rows are written down by the kinds of the step, so its inputs must have them, too.
    let kinds = |schema: SchemaRef| schema.fields().iter().map(|field| field.data_type().clone()).collect::<Vec<_>>();
    let is_union = node.name() == UNION;
    is_divisible(node.name())
        && (!is_union || node.children().iter().all(|child| kinds(child.schema()) == kinds(node.schema())))
}

/// Whether a join tells which rows of its left side found nothing. It knows that only when all of the right side went past: in one
/// process its parts tell each other, in several each would answer for itself, and rows would come twice. That its right side is put
/// together first is no help: a scheduler takes such steps away again.
fn answers_for_left(kind: JoinType) -> bool {
    match kind {
        JoinType::Left | JoinType::Full | JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => true,
        JoinType::Inner | JoinType::Right | JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => false,
    }
}
