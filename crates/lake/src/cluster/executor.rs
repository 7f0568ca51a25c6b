// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An executor of a cluster: Ballista's, which reads the segments of one store and nothing else.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use arrow_flight::flight_service_server::FlightServiceServer;
use async_trait::async_trait;
use ballista_core::extension::SessionConfigExt as _;
use ballista_core::ids::new_instance_id;
use ballista_core::serde::BallistaCodec;
use ballista_core::serde::protobuf::executor_grpc_server::{ExecutorGrpc, ExecutorGrpcServer};
use ballista_core::serde::protobuf::executor_resource::Resource;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::serde::protobuf::{
    CancelTasksParams, CancelTasksResult, ExecutorOperatingSystemSpecification, ExecutorRegistration, ExecutorResource,
    ExecutorSpecification, ExecutorStoppedParams, LaunchMultiTaskParams, LaunchMultiTaskResult, LaunchTaskParams,
    LaunchTaskResult, RemoveJobDataParams, RemoveJobDataResult, StopExecutorParams, StopExecutorResult,
};
use ballista_core::utils::{GrpcServerConfig, create_grpc_server, create_grpc_server_incoming};
use ballista_core::{BALLISTA_PROTOCOL_VERSION, ConfigProducer, RuntimeProducer};
use ballista_executor::execution_engine::DefaultExecutionEngine;
use ballista_executor::execution_loop::poll_loop;
use ballista_executor::executor::Executor;
use ballista_executor::flight_service::BallistaFlightService;
use ballista_executor::health::ExecutorHealth;
use ballista_executor::metrics::LoggingMetricsCollector;
use ballista_executor::runtime_cache::{DefaultSessionRuntimeCache, MemoryPoolPolicy};
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::object_store::ObjectStoreRegistry;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::object_store::ObjectStore;
use datafusion::object_store::memory::InMemory;
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tonic::{Request, Response, Status};

use super::MESSAGE_BYTES;
use super::check::{CheckedEngine, Working};
use super::codec::{NoLogicalPlans, PlanCodec};
use super::connections::Connections;
use super::door::Door;
use super::functions::registry;
use super::serving::serve;
use crate::engine::ExecutorSettings;
use crate::error::LakeError;
use crate::evidence::make_folder;
use crate::provider::segments_url;
use crate::session::Lake;
use crate::store::folder_for_engine;

/// Queries whose open files are remembered.
const REMEMBERED_QUERIES: usize = 16;
/// Between two looks for what was left behind, and how old that is: older than any question lasts.
const BETWEEN_TIDYINGS: Duration = Duration::from_secs(600);
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);
/// Between two looks whether it is heard: shorter than the pause after a question for work that failed.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
/// How long leaving may take.
const LEAVING: Duration = Duration::from_secs(5);
/// Parts of plans that are worked on write here, below the folder of the executor.
const PARTS_FOLDER: &str = "parts";
/// Files of a store elsewhere are kept here.
const KEPT_FOLDER: &str = "kept";

/// Works as an executor until `end`. `ready` is told where it listens.
///
/// # Errors
/// `engine-…` when it cannot listen there, `lake-file` when a folder cannot be used.
pub async fn run_executor(
    settings: ExecutorSettings,
    ready: impl FnOnce(SocketAddr) + Send,
    end: impl Future<Output = ()> + Send,
) -> Result<(), LakeError> {
    let door = Door::new(&settings.keys)?;
    let lake = Lake::open_at(&settings.store, settings.work.join(KEPT_FOLDER), settings.limits)?;
    let taken = |error: String| LakeError::engine("engine-address", format!("{}: {error}", settings.listen));
    let listening = GrpcServerConfig::default();
    let incoming =
        create_grpc_server_incoming(settings.listen, &listening).map_err(|error| taken(error.to_string()))?;
    let address = incoming.local_addr().unwrap_or(settings.listen);
    // Not before: where one works already, what lies there is its own.
    let parts = emptied(&settings.work)?;
    let working = Working::default();
    let executor = Arc::new(executor(&settings, address, &door, &lake, &parts, working.clone())?);
    let flight = FlightServiceServer::new(BallistaFlightService::new(executor.work_dir.clone()))
        .max_decoding_message_size(MESSAGE_BYTES)
        .max_encoding_message_size(MESSAGE_BYTES);
    let told = ExecutorGrpcServer::new(Told { executor: Arc::clone(&executor), working });
    let mut server = door.server(create_grpc_server(&listening))?;
    let router = server
        .add_service(InterceptedService::new(flight, door.clone()))
        .add_service(InterceptedService::new(told, door.clone()));
    let channel = door.endpoint(&settings.scheduler.host, settings.scheduler.port)?.connect_lazy();
    let mut scheduler = SchedulerGrpcClient::new(channel)
        .max_decoding_message_size(MESSAGE_BYTES)
        .max_encoding_message_size(MESSAGE_BYTES);
    let codec: BallistaCodec<LogicalPlanNode, PhysicalPlanNode> =
        BallistaCodec::new(Arc::new(NoLogicalPlans), Arc::new(PlanCodec::default()));
    let id = executor.metadata.id.clone();
    let health = ExecutorHealth::new();
    let tidying = tokio::spawn(tidy(parts.clone()));
    let insisting = tokio::spawn(insist(scheduler.clone(), id.clone(), health.clone()));
    let mut asking = tokio::spawn(poll_loop(scheduler.clone(), executor, codec, None, None, health));
    ready(address);
    let served = tokio::select! {
        served = serve(router, incoming, end) => served,
        // It asks as long as it lives. Whatever started it starts it again.
        _ = &mut asking => Err(LakeError::engine("engine-failed", "the executor does not ask for work any more")),
    };
    asking.abort();
    insisting.abort();
    tidying.abort();
    // Whoever leaves says so: else its work is given to others only when it was silent for a while.
    let leaving = scheduler.executor_stopped(ExecutorStoppedParams { executor_id: id, reason: "it ends".to_owned() });
    let _ = tokio::time::timeout(LEAVING, leaving).await;
    let _ = std::fs::remove_dir_all(&parts);
    served
}

/// Removes what questions left behind that ended while this executor was not heard: nobody tells it to.
async fn tidy(parts: PathBuf) {
    let mut looking = tokio::time::interval(BETWEEN_TIDYINGS);
    loop {
        looking.tick().await;
        let folders = std::fs::read_dir(&parts).into_iter().flatten().flatten();
        let old = folders.filter(|folder| {
            let age = folder.metadata().and_then(|found| found.modified()).ok().and_then(|begun| begun.elapsed().ok());
            // Those of the engine's own are in use for as long as it lives.
            !folder.file_name().as_encoded_bytes().starts_with(b"datafusion-")
                && age.is_some_and(|age| age > LEFT_BEHIND)
        });
        for folder in old {
            let _ = tokio::fs::remove_dir_all(folder.path()).await;
        }
    }
}

/// What an executor says with a question for work that fails is lost, and so is what it would have been given: the scheduler waits for
/// it in vain. So it says that it does not know, and its parts are given out anew.
async fn insist(mut scheduler: SchedulerGrpcClient<Channel>, executor_id: String, health: ExecutorHealth) {
    let (mut was_heard, mut is_lost) = (false, false);
    loop {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let is_heard = health.is_ready();
        is_lost |= was_heard && !is_heard;
        was_heard = is_heard;
        if is_lost && is_heard {
            let said = ExecutorStoppedParams {
                executor_id: executor_id.clone(),
                reason: "a question for work failed".to_owned(),
            };
            is_lost = scheduler.executor_stopped(said).await.is_err();
        }
    }
}

/// The folder for what parts of plans find, empty.
fn emptied(work: &Path) -> Result<PathBuf, LakeError> {
    let parts = work.join(PARTS_FOLDER);
    match std::fs::remove_dir_all(&parts) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(LakeError::file(&parts)(error)),
        _ => {}
    }
    make_folder(work)?;
    make_folder(&parts)?;
    Ok(parts)
}

fn executor(
    settings: &ExecutorSettings,
    address: SocketAddr,
    door: &Door,
    lake: &Lake,
    parts: &Path,
    working: Working,
) -> Result<Executor, LakeError> {
    let threads = settings.threads.max(1);
    let memory_bytes = (settings.memory_bytes / threads).max(1);
    let store = folder_for_engine(&lake.segments.files)?;
    let spilled = parts.to_owned();
    let runtime: RuntimeProducer = Arc::new(move |_: &SessionConfig| {
        RuntimeEnvBuilder::new()
            .with_object_store_registry(Arc::new(OneStore(Arc::clone(&store))))
            .with_disk_manager_builder(
                DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![spilled.clone()])),
            )
            .build_arc()
    });
    let pool: MemoryPoolPolicy = Arc::new(move |runtime: Arc<RuntimeEnv>, _: &SessionConfig, shares: u32| {
        let bytes = memory_bytes.saturating_mul(shares.max(1) as usize);
        RuntimeEnvBuilder::from_runtime_env(&runtime).with_memory_pool(Arc::new(FairSpillPool::new(bytes))).build_arc()
    });
    let shaping = door.shaping();
    let config: ConfigProducer = Arc::new(move || {
        SessionConfig::new_with_ballista()
            .with_ballista_grpc_client_max_message_size(MESSAGE_BYTES)
            .with_ballista_override_create_grpc_client_endpoint(Arc::clone(&shaping))
    });
    let engine = CheckedEngine {
        inner: DefaultExecutionEngine::with_client_pool(Arc::new(Connections::default())),
        store: Arc::clone(lake.place()),
        working,
        journal: settings.journal,
    };
    let folder = parts.to_string_lossy().into_owned();
    let cache = DefaultSessionRuntimeCache::new(Arc::clone(&runtime), pool, REMEMBERED_QUERIES);
    let executor = Executor::new(
        registration(settings, address, threads),
        &folder,
        runtime,
        config,
        Arc::new(registry(memory_bytes)),
        Arc::new(LoggingMetricsCollector::default()),
        threads,
        Arc::new(engine),
    );
    Ok(executor.with_session_runtime_cache(Some(Arc::new(cache))))
}

fn registration(settings: &ExecutorSettings, address: SocketAddr, threads: usize) -> ExecutorRegistration {
    ExecutorRegistration {
        id: new_instance_id(),
        host: Some(settings.host.clone()),
        port: u32::from(address.port()),
        grpc_port: u32::from(address.port()),
        specification: Some(ExecutorSpecification {
            resources: vec![ExecutorResource { resource: Some(Resource::Vcores(threads as u32)) }],
        }),
        // What machine it is, is nobody's business.
        os_info: Some(ExecutorOperatingSystemSpecification::default()),
        ballista_protocol_version: BALLISTA_PROTOCOL_VERSION,
    }
}

/// The one store that plans can name.
#[derive(Debug)]
pub(super) struct OneStore(Arc<dyn ObjectStore>);

impl OneStore {
    /// One that holds nothing, for whoever reads plans and no files: a plan is understood only where its store has a name.
    pub fn empty() -> Self {
        Self(Arc::new(InMemory::new()))
    }
}

impl ObjectStoreRegistry for OneStore {
    fn register_store(&self, _: &url::Url, _: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        None
    }

    fn get_store(&self, url: &url::Url) -> EngineResult<Arc<dyn ObjectStore>> {
        let known = segments_url()?;
        let known: &url::Url = known.as_ref();
        if url.scheme() == known.scheme() && url.host_str() == known.host_str() {
            return Ok(Arc::clone(&self.0));
        }
        Err(DataFusionError::Plan("a file lies outside of the store".to_owned()))
    }
}

/// What the scheduler may tell an executor: to stop working on something. Work itself is asked for, never taken.
struct Told {
    executor: Arc<Executor>,
    working: Working,
}

fn asked_for() -> Status {
    Status::unimplemented("an executor of Underpin asks for work")
}

#[async_trait]
impl ExecutorGrpc for Told {
    async fn launch_task(&self, _: Request<LaunchTaskParams>) -> Result<Response<LaunchTaskResult>, Status> {
        Err(asked_for())
    }

    async fn launch_multi_task(
        &self,
        _: Request<LaunchMultiTaskParams>,
    ) -> Result<Response<LaunchMultiTaskResult>, Status> {
        Err(asked_for())
    }

    async fn stop_executor(&self, _: Request<StopExecutorParams>) -> Result<Response<StopExecutorResult>, Status> {
        // One that was silent for too long was given up; it goes on asking, and gets new work.
        Ok(Response::new(StopExecutorResult {}))
    }

    async fn cancel_tasks(&self, request: Request<CancelTasksParams>) -> Result<Response<CancelTasksResult>, Status> {
        for task in request.into_inner().task_infos {
            let (stage, number) = (task.stage_id as usize, task.task_id as usize);
            self.working.stop(&task.job_id, stage, number);
            // It ended in the meantime, then.
            let _ = self.executor.cancel_task(task.job_id.into(), stage, number).await;
        }
        Ok(Response::new(CancelTasksResult { cancelled: true }))
    }

    async fn remove_job_data(&self, _: Request<RemoveJobDataParams>) -> Result<Response<RemoveJobDataResult>, Status> {
        // What is to be removed comes with the next answer to the question for work.
        Err(asked_for())
    }
}
