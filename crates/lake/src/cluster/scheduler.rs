// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The scheduler of a cluster: Ballista's, which reads plans of ours.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::serde::protobuf::scheduler_grpc_server::SchedulerGrpcServer;
use ballista_core::utils::{GrpcServerConfig, create_grpc_server, create_grpc_server_incoming};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::{SchedulerConfig, TaskDistributionPolicy};
use ballista_scheduler::scheduler_process::create_scheduler;
use datafusion::prelude::SessionConfig;
use tonic::service::interceptor::InterceptedService;

use super::MESSAGE_BYTES;
use super::codec::{NoLogicalPlans, PlanCodec};
use super::door::Door;
use super::functions::scheduler_state;
use super::serving::{Inner, Serving, serve};
use super::under_way::UnderWay;
use crate::engine::{SHORTEST_SILENCE_SECONDS, SchedulerSettings};
use crate::error::LakeError;

/// How often it is looked for executors that are gone.
const LOOKING_SECONDS: u64 = 2;
/// How long parts of answers stay on executors after a query ended: whoever asked fetches them at once.
const RESULT_SECONDS: u64 = 60;
/// How long it is remembered how a query ended.
const STATE_SECONDS: u64 = 300;
/// What a function may make where a plan is read and constants are put together.
const READING_BYTES: usize = 64 << 20;

/// Works as a scheduler until `end`. `ready` is told where it listens.
///
/// # Errors
/// `engine-…` when it cannot listen there, or a certificate is none.
pub async fn run_scheduler(
    settings: SchedulerSettings,
    ready: impl FnOnce(SocketAddr) + Send,
    end: impl Future<Output = ()> + Send,
) -> Result<(), LakeError> {
    let failed = |error: ballista_core::error::BallistaError| LakeError::engine("engine-failed", error.to_string());
    let door = Door::new(&settings.keys)?;
    let config = config(&settings, &door);
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(failed)?;
    let scheduler: Inner = create_scheduler(cluster, Arc::new(config)).await.map_err(failed)?;
    let silence = Duration::from_secs(settings.silent_seconds.max(SHORTEST_SILENCE_SECONDS));
    let waiting = Duration::from_secs(waiting_seconds(&settings));
    let serving = Serving { inner: scheduler, under_way: UnderWay::new(silence, waiting) };
    let looking = tokio::spawn(serving.clone().take_back());
    let serving = SchedulerGrpcServer::new(serving)
        .max_decoding_message_size(MESSAGE_BYTES)
        .max_encoding_message_size(MESSAGE_BYTES);
    let listening = GrpcServerConfig::default();
    let taken = |error: String| LakeError::engine("engine-address", format!("{}: {error}", settings.listen));
    let incoming =
        create_grpc_server_incoming(settings.listen, &listening).map_err(|error| taken(error.to_string()))?;
    let address = incoming.local_addr().unwrap_or(settings.listen);
    let mut server = door.server(create_grpc_server(&listening))?;
    let router = server.add_service(InterceptedService::new(serving, door));
    ready(address);
    let served = serve(router, incoming, end).await;
    looking.abort();
    served
}

/// How long a question waits when no executor is left, in seconds: no less than it takes to notice.
fn waiting_seconds(settings: &SchedulerSettings) -> u64 {
    settings.waiting_seconds.max(settings.silent_seconds)
}

fn config(settings: &SchedulerSettings, door: &Door) -> SchedulerConfig {
    SchedulerConfig {
        bind_host: settings.listen.ip().to_string(),
        bind_port: settings.listen.port(),
        // Executors ask for work: none of them has to take it from whoever reaches it.
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        task_distribution: TaskDistributionPolicy::RoundRobin,
        executor_timeout_seconds: settings.silent_seconds.max(SHORTEST_SILENCE_SECONDS),
        expire_dead_executor_interval_seconds: LOOKING_SECONDS,
        no_executors_grace_period_seconds: waiting_seconds(settings),
        finished_job_data_clean_up_interval_seconds: RESULT_SECONDS,
        finished_job_state_clean_up_interval_seconds: STATE_SECONDS,
        grpc_server_max_decoding_message_size: MESSAGE_BYTES as u32,
        grpc_server_max_encoding_message_size: MESSAGE_BYTES as u32,
        grpc_client_max_message_size: MESSAGE_BYTES as u32,
        override_create_grpc_client_endpoint: Some(door.shaping()),
        override_logical_codec: Some(Arc::new(NoLogicalPlans)),
        override_physical_codec: Some(Arc::new(PlanCodec::default())),
        override_session_builder: Some(Arc::new(|config: SessionConfig| scheduler_state(config, READING_BYTES))),
        ..SchedulerConfig::default()
    }
}
