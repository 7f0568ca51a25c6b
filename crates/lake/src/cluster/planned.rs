// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! From the text of a query to a plan that can travel, made for its viewer in this process.

use std::sync::Arc;

use ballista_core::config::BALLISTA_CLIENT_IO_RETRY_WAIT_TIME_MS;
use ballista_core::extension::{SessionConfigExt as _, SessionConfigHelperExt as _};
use ballista_core::optimizer::with_ballista_optimizer_rules;
use ballista_core::serde::protobuf::KeyValuePair;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::MemTable;
use datafusion::common::tree_node::{TreeNode as _, TreeNodeRecursion, TreeNodeVisitor};
use datafusion::datasource::source_as_provider;
use datafusion::error::DataFusionError;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::{Expr, LogicalPlan, TableScan};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::prelude::SessionConfig;
use datafusion_proto::physical_plan::AsExecutionPlan as _;
use datafusion_proto::protobuf::PhysicalPlanNode;

use super::MESSAGE_BYTES;
use super::codec::PlanCodec;
use super::shippable::{Baggage, shippable};
use super::versions::VersionTable;
use crate::engine::EngineSettings;
use crate::error::LakeError;
use crate::opened::{Opened, reading_only};
use crate::provider::{FactTable, segments_url};
use crate::session::Session;
use crate::sql::{Beside, SqlLimits};
use crate::streamed::StreamedProvider;

/// How long an executor waits before it asks another one again that did not answer: whether that one is lost is found out soon.
const RETRY_PAUSE_MS: usize = 500;
/// Levels of an expression that a thread of 2 MiB works through: one takes 4 KiB of its stack where nothing is optimised.
const DEEPEST: usize = 200;

/// A plan with all that it carries.
pub(super) struct Shipment {
    pub plan: Vec<u8>,
    /// Columns of the answer.
    pub schema: SchemaRef,
    /// How it wants to be carried out.
    pub settings: Vec<KeyValuePair>,
}

/// What may travel.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    small_rows: u64,
    baggage: Baggage,
}

impl Bounds {
    pub fn of(settings: &EngineSettings, limits: SqlLimits, place: &Arc<str>) -> Self {
        let bytes = settings.plan_bytes.min(limits.memory_bytes).min(MESSAGE_BYTES);
        let baggage = Baggage { bytes, partitions: settings.partitions.max(1), store: Arc::clone(place) };
        Self { small_rows: settings.small_rows, baggage }
    }
}

/// An engine for one query that is to travel.
pub(super) async fn opened(
    session: &Session,
    beside: Beside<'_>,
    limits: SqlLimits,
    settings: &EngineSettings,
) -> Result<Opened, LakeError> {
    let mut config = SessionConfig::new()
        .with_information_schema(true)
        .upgrade_for_ballista()
        .with_target_partitions(settings.partitions.max(1))
        .with_ballista_grpc_client_max_message_size(MESSAGE_BYTES)
        .set_usize(BALLISTA_CLIENT_IO_RETRY_WAIT_TIME_MS, RETRY_PAUSE_MS);
    let options = config.options_mut();
    options.execution.parquet.pushdown_filters = true;
    // Tables are divided where they are read here; the scheduler would cut the dictionary, whose first rows rule out later ones.
    options.optimizer.repartition_file_scans = false;
    // Nor would rows be dealt out that one task has to see together.
    options.optimizer.enable_round_robin_repartition = false;
    let opened = Opened::with_rules(config, limits.memory_bytes, |state| {
        let rules = with_ballista_optimizer_rules(state.optimizers());
        SessionStateBuilder::new_from_existing(state).with_optimizer_rules(rules).build()
    })?;
    let store = segments_url()?;
    let versions = Arc::new(VersionTable::of(session, store.clone())?);
    session.register(&opened.context, beside, store, versions).await?;
    Ok(opened)
}

/// The plan of a query, ready to travel; none when it is better carried out here. What is wrong with its text is found out there.
pub(super) async fn shipment(opened: Opened, text: String, bounds: Bounds) -> Result<Option<Shipment>, LakeError> {
    let Opened { context, stop, .. } = opened;
    let Ok(frame) = context.sql_with_options(&text, reading_only()).await else { return Ok(None) };
    let state = context.state();
    let Ok(plan) = state.optimize(frame.logical_plan()) else { return Ok(None) };
    let is_small = rows_read(&plan)?.is_none_or(|rows| rows <= bounds.small_rows);
    if is_small || expects_one_row(frame.logical_plan())? || nests_deeply(&plan)? {
        return Ok(None);
    }
    let Ok(plan) = frame.create_physical_plan().await else { return Ok(None) };
    // What the text leaves open, as the kind of a column that begins with NULL, is settled in the plan alone.
    let schema = plan.schema();
    stop.check()?;
    let Some(plan) = shippable(plan, context.task_ctx(), &bounds.baggage).await? else { return Ok(None) };
    let Some(plan) = written(plan, bounds.baggage.bytes) else { return Ok(None) };
    Ok(Some(Shipment { plan, schema, settings: state.config().to_key_value_pairs() }))
}

/// The plan as bytes; none when it cannot be written down, is too large, or nests so deeply that nobody would read it back.
fn written(plan: Arc<dyn ExecutionPlan>, most: usize) -> Option<Vec<u8>> {
    let encoded = |plan: Arc<dyn ExecutionPlan>| {
        let mut bytes = Vec::new();
        let message = PhysicalPlanNode::try_from_physical_plan(plan, &PlanCodec::default()).ok()?;
        message.try_encode(&mut bytes).ok()?;
        (bytes.len() <= most).then_some(bytes)
    };
    let bytes = encoded(Arc::clone(&plan))?;
    // An executor gets a part of it below the step that writes down what the part found.
    let below: Arc<dyn ExecutionPlan> = Arc::new(CoalescePartitionsExec::new(plan));
    let deeper = encoded(Arc::new(CoalescePartitionsExec::new(below)))?;
    PhysicalPlanNode::try_decode(&deeper).ok()?;
    Some(bytes)
}

/// Whether an expression nests more deeply than the stacks of a cluster's threads hold for certain.
fn nests_deeply(plan: &LogicalPlan) -> Result<bool, LakeError> {
    struct Depth {
        now: usize,
        most: usize,
    }
    impl<'n> TreeNodeVisitor<'n> for Depth {
        type Node = Expr;
        fn f_down(&mut self, _: &'n Expr) -> Result<TreeNodeRecursion, DataFusionError> {
            self.now += 1;
            self.most = self.most.max(self.now);
            Ok(TreeNodeRecursion::Continue)
        }
        fn f_up(&mut self, _: &'n Expr) -> Result<TreeNodeRecursion, DataFusionError> {
            self.now -= 1;
            Ok(TreeNodeRecursion::Continue)
        }
    }
    let mut depth = Depth { now: 0, most: 0 };
    plan.apply_with_subqueries(|node| node.apply_expressions(|expression| expression.visit(&mut depth)))?;
    Ok(depth.most > DEEPEST)
}

/// Whether a query stands where one value belongs and could have several rows: only one process notices that it has.
fn expects_one_row(plan: &LogicalPlan) -> Result<bool, LakeError> {
    let mut expects = false;
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expression| {
            expression.apply(|part| {
                if let Expr::ScalarSubquery(query) = part {
                    expects |=
                        query.outer_ref_columns.is_empty() && query.subquery.max_rows().is_none_or(|most| most > 1);
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(expects)
}

/// How many rows of files a plan reads, by the catalogue; none when it reads what is only here.
fn rows_read(plan: &LogicalPlan) -> Result<Option<u64>, LakeError> {
    let mut rows = Some(0_u64);
    plan.apply_with_subqueries(|node| {
        let here = match node {
            LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) | LogicalPlan::DescribeTable(_) => None,
            LogicalPlan::TableScan(scan) => rows_of(scan),
            _ => Some(0),
        };
        rows = rows.zip(here).map(|(sum, here)| sum.saturating_add(here));
        Ok(if rows.is_none() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(rows)
}

fn rows_of(scan: &TableScan) -> Option<u64> {
    let provider = source_as_provider(&scan.source).ok()?;
    if let Some(facts) = provider.downcast_ref::<FactTable>() {
        return Some(facts.rows_read(&scan.filters));
    }
    if let Some(versions) = provider.downcast_ref::<VersionTable>() {
        return Some(versions.rows());
    }
    (provider.is::<MemTable>() || provider.is::<StreamedProvider>()).then_some(0)
}
