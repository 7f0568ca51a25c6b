// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an executor carries out: steps from one list over the files of its own store, and nothing that runs on when nobody waits.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use ballista_core::JobId;
use ballista_core::serde::protobuf::{RuntimeStatsReport, ShuffleWritePartition, WindowStateReport};
use ballista_executor::execution_engine::{DefaultExecutionEngine, ExecutionEngine, QueryStageExecutor};
use datafusion::common::plan_err;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::physical_plan::{FileScanConfig, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::execution::TaskContext;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::metrics::MetricsSet;
use datafusion::prelude::SessionConfig;

use super::shippable::is_divisible;
use super::shipped::ShippedRows;
use crate::provider::segments_url;
use crate::running::Stop;
use crate::schema::Table;
use crate::stoppable::stoppable;

/// Steps by which parts of a plan hand rows to each other.
const BETWEEN_PARTS: [&str; 3] = ["ShuffleReaderExec", "ShuffleWriterExec", "SortShuffleWriterExec"];

/// Refuses a plan with a step that is not known, or with a file that is no segment of this store.
pub(super) fn refuse_strangers(plan: &Arc<dyn ExecutionPlan>, store: &str) -> Result<()> {
    if !is_divisible(plan.name()) && !BETWEEN_PARTS.contains(&plan.name()) {
        return plan_err!("an executor does not carry out {}", plan.name());
    }
    if let Some(rows) = plan.downcast_ref::<ShippedRows>() {
        if *rows.store != *store {
            return plan_err!("the plan is about the store {}, and this executor reads {store}", rows.store);
        }
        return match files_of(&rows.input) {
            Some(files) => only_segments(rows.table, files),
            None => plan_err!("rows of {} are not read from files", rows.table.name),
        };
    }
    if plan.is::<DataSourceExec>() && !is_in_memory(plan) {
        return plan_err!("a file is read without asking who may see it");
    }
    plan.children().into_iter().try_for_each(|child| refuse_strangers(child, store))
}

fn is_in_memory(plan: &Arc<dyn ExecutionPlan>) -> bool {
    plan.downcast_ref::<DataSourceExec>().is_some_and(|source| {
        let config: &dyn std::any::Any = source.data_source().as_ref();
        config.is::<MemorySourceConfig>()
    })
}

fn files_of(plan: &Arc<dyn ExecutionPlan>) -> Option<&FileScanConfig> {
    let config: &dyn std::any::Any = plan.downcast_ref::<DataSourceExec>()?.data_source().as_ref();
    config.downcast_ref::<FileScanConfig>()
}

fn only_segments(table: &Table, files: &FileScanConfig) -> Result<()> {
    let source: &dyn std::any::Any = files.file_source().as_ref();
    if files.object_store_url != segments_url()? || !source.is::<ParquetSource>() {
        return plan_err!("a file lies outside of the store");
    }
    let prefix = format!("{}-", table.name);
    let is_segment = |name: &str| {
        name.starts_with(&prefix) && name.ends_with(".parquet") && !name.contains('/') && !name.contains("..")
    };
    let files = files.file_groups.iter().flat_map(|group| group.files());
    let mut names = files.map(|file| file.object_meta.location.to_string());
    match names.find(|name| !is_segment(name)) {
        Some(name) => plan_err!("{name:?} is no segment of {}", table.name),
        None => Ok(()),
    }
}

/// A part of a plan that is worked on: query, step, task.
type Work = (String, usize, usize);

/// What is worked on, and how to stop it.
#[derive(Clone, Debug, Default)]
pub(super) struct Working(Arc<Mutex<HashMap<Work, Stop>>>);

impl Working {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Work, Stop>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody waits for this part any more.
    pub fn stop(&self, job: &str, stage: usize, task: usize) {
        if let Some(stop) = self.lock().remove(&(job.to_owned(), stage, task)) {
            stop.set();
        }
    }
}

/// The engine's own, which looks at every plan first.
pub(super) struct CheckedEngine {
    pub inner: DefaultExecutionEngine,
    pub store: Arc<str>,
    pub working: Working,
    pub journal: fn(&str),
}

impl ExecutionEngine for CheckedEngine {
    fn create_query_stage_exec(
        &self,
        job: JobId,
        stage: usize,
        task: usize,
        outputs: Vec<usize>,
        plan: Arc<dyn ExecutionPlan>,
        folder: &str,
        config: &SessionConfig,
    ) -> Result<Arc<dyn QueryStageExecutor>> {
        refuse_strangers(&plan, &self.store).inspect_err(|error| {
            // It names steps, stores and files; no row was read.
            (self.journal)(&format!("refused: {error}"));
        })?;
        let (stop, work) = (Stop::default(), (job.to_string(), stage, task));
        let plan = stoppable(plan, &stop)?;
        let inner = self.inner.create_query_stage_exec(job, stage, task, outputs, plan, folder, config)?;
        self.working.lock().insert(work.clone(), stop);
        Ok(Arc::new(Worked { inner, work, working: self.working.clone() }))
    }
}

/// A part of a plan that is worked on; it is forgotten when it ends.
#[derive(Debug)]
struct Worked {
    inner: Arc<dyn QueryStageExecutor>,
    work: Work,
    working: Working,
}

impl Drop for Worked {
    fn drop(&mut self) {
        self.working.lock().remove(&self.work);
    }
}

impl fmt::Display for Worked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.inner, f)
    }
}

#[async_trait]
impl QueryStageExecutor for Worked {
    async fn execute_query_stage(&self, task: usize, context: Arc<TaskContext>) -> Result<Vec<ShuffleWritePartition>> {
        self.inner.execute_query_stage(task, context).await
    }

    fn collect_plan_metrics(&self) -> Vec<MetricsSet> {
        self.inner.collect_plan_metrics()
    }

    fn collect_runtime_stats_reports(&self) -> Vec<RuntimeStatsReport> {
        self.inner.collect_runtime_stats_reports()
    }

    fn collect_window_state_reports(&self) -> Result<Vec<WindowStateReport>> {
        self.inner.collect_window_state_reports()
    }

    fn collect_column_stats(&self) -> Vec<ballista_core::serde::protobuf::TaskColumnStats> {
        self.inner.collect_column_stats()
    }
}
