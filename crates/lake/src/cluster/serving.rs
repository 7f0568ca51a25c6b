// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a scheduler answers: what the engine's own does, but for plans that nobody planned for a viewer.

use std::pin::Pin;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use ballista_core::serde::protobuf::execute_query_params::Query;
use ballista_core::serde::protobuf::execute_query_result::Result as Accepted;
use ballista_core::serde::protobuf::job_status::Status as Standing;
use ballista_core::serde::protobuf::scheduler_grpc_server::SchedulerGrpc;
use ballista_core::serde::protobuf::{
    CancelJobParams, CancelJobResult, CleanJobDataParams, CleanJobDataResult, CreateUpdateSessionParams,
    CreateUpdateSessionResult, ExecuteQueryParams, ExecuteQueryResult, ExecutorStoppedParams, ExecutorStoppedResult,
    FailedJob, GetJobMetricsParams, GetJobMetricsResult, GetJobStatusParams, GetJobStatusResult, HeartBeatParams,
    HeartBeatResult, JobStatus, PollWorkParams, PollWorkResult, RegisterExecutorParams, RegisterExecutorResult,
    RemoveSessionParams, RemoveSessionResult, UpdateTaskStatusParams, UpdateTaskStatusResult,
};
use ballista_scheduler::scheduler_server::SchedulerServer;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use futures::Stream;
use tonic::transport::server::{Router, TcpIncoming};
use tonic::{Request, Response, Status};

use super::repeated::{Repeated, WORDS};
use crate::error::LakeError;

/// How long leaving may take.
const LEAVING: Duration = Duration::from_secs(5);

/// Answers until `end`; then what is under way is finished, but nobody is waited for long.
pub(super) async fn serve(
    router: Router,
    incoming: TcpIncoming,
    end: impl Future<Output = ()> + Send,
) -> Result<(), LakeError> {
    let failed = |error: tonic::transport::Error| LakeError::engine("engine-failed", error.to_string());
    let (tell, told) = tokio::sync::oneshot::channel::<()>();
    let serving = router.serve_with_incoming_shutdown(incoming, async {
        // Whoever would tell it to end is gone: that is the end, too.
        let _ = told.await;
    });
    tokio::pin!(serving);
    tokio::select! {
        served = &mut serving => return served.map_err(failed),
        () = end => {}
    }
    let _ = tell.send(());
    tokio::time::timeout(LEAVING, serving).await.unwrap_or(Ok(())).map_err(failed)
}

type Answer<T> = Result<Response<T>, Status>;

/// The engine's scheduler.
pub(super) type Inner = SchedulerServer<LogicalPlanNode, PhysicalPlanNode>;

/// The engine's scheduler, which takes finished plans alone.
#[derive(Clone)]
pub(super) struct Serving {
    pub inner: Inner,
    pub repeated: Repeated,
}

/// An executor that does not say where it can be reached, or what it is, would end the scheduler.
fn is_complete(metadata: Option<&ballista_core::serde::protobuf::ExecutorRegistration>) -> bool {
    metadata.is_some_and(|one| one.host.is_some() && one.specification.is_some() && one.os_info.is_some())
}

fn incomplete() -> Status {
    Status::invalid_argument("the executor does not say where it can be reached")
}

#[async_trait]
impl SchedulerGrpc for Serving {
    async fn poll_work(&self, request: Request<PollWorkParams>) -> Answer<PollWorkResult> {
        if !is_complete(request.get_ref().metadata.as_ref()) {
            return Err(incomplete());
        }
        let heard = request.get_ref();
        let executor = heard.metadata.as_ref().map(|metadata| metadata.id.as_str()).unwrap_or_default();
        self.repeated.heard(executor, &heard.task_status, Instant::now());
        self.inner.poll_work(request).await
    }

    async fn register_executor(&self, request: Request<RegisterExecutorParams>) -> Answer<RegisterExecutorResult> {
        if !is_complete(request.get_ref().metadata.as_ref()) {
            return Err(incomplete());
        }
        self.inner.register_executor(request).await
    }

    async fn heart_beat_from_executor(&self, request: Request<HeartBeatParams>) -> Answer<HeartBeatResult> {
        if !is_complete(request.get_ref().metadata.as_ref()) {
            return Err(incomplete());
        }
        self.inner.heart_beat_from_executor(request).await
    }

    async fn update_task_status(&self, request: Request<UpdateTaskStatusParams>) -> Answer<UpdateTaskStatusResult> {
        let heard = request.get_ref();
        self.repeated.heard(&heard.executor_id, &heard.task_status, Instant::now());
        SchedulerGrpc::update_task_status(&self.inner, request).await
    }

    async fn create_update_session(&self, _: Request<CreateUpdateSessionParams>) -> Answer<CreateUpdateSessionResult> {
        Err(Status::unimplemented("a query brings its own settings"))
    }

    async fn remove_session(&self, request: Request<RemoveSessionParams>) -> Answer<RemoveSessionResult> {
        self.inner.remove_session(request).await
    }

    type ExecuteQueryPushStream = Pin<Box<dyn Stream<Item = Result<GetJobStatusResult, Status>> + Send>>;

    async fn execute_query_push(&self, _: Request<ExecuteQueryParams>) -> Answer<Self::ExecuteQueryPushStream> {
        Err(Status::unimplemented("whoever asks looks for themselves how it stands"))
    }

    async fn execute_query(&self, request: Request<ExecuteQueryParams>) -> Answer<ExecuteQueryResult> {
        match request.get_ref().query {
            Some(Query::PhysicalPlan(_)) => {
                let answer = self.inner.execute_query(request).await?;
                if let Some(Accepted::Success(taken)) = &answer.get_ref().result {
                    self.repeated.begun(taken.job_id.clone(), Instant::now());
                }
                Ok(answer)
            }
            _ => Err(Status::permission_denied("a cluster of Underpin takes finished plans alone")),
        }
    }

    async fn get_job_status(&self, request: Request<GetJobStatusParams>) -> Answer<GetJobStatusResult> {
        let job_id = request.get_ref().job_id.clone();
        let answer = self.inner.get_job_status(request).await?;
        if !self.repeated.holds(&job_id) {
            return Ok(answer);
        }
        // What is left of it is worked on for nobody; it may have ended, too.
        let cancelled = Request::new(CancelJobParams { job_id: job_id.clone() });
        let _ = SchedulerGrpc::cancel_job(&self.inner, cancelled).await;
        let failed = FailedJob { error: WORDS.to_owned(), ..FailedJob::default() };
        let status = JobStatus { job_id, status: Some(Standing::Failed(failed)), ..JobStatus::default() };
        Ok(Response::new(GetJobStatusResult { status: Some(status), flight_proxy: None }))
    }

    async fn get_job_metrics(&self, request: Request<GetJobMetricsParams>) -> Answer<GetJobMetricsResult> {
        self.inner.get_job_metrics(request).await
    }

    async fn executor_stopped(&self, request: Request<ExecutorStoppedParams>) -> Answer<ExecutorStoppedResult> {
        self.inner.executor_stopped(request).await
    }

    async fn cancel_job(&self, request: Request<CancelJobParams>) -> Answer<CancelJobResult> {
        SchedulerGrpc::cancel_job(&self.inner, request).await
    }

    async fn clean_job_data(&self, request: Request<CleanJobDataParams>) -> Answer<CleanJobDataResult> {
        self.inner.clean_job_data(request).await
    }
}
