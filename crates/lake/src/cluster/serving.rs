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

use super::under_way::UnderWay;
use crate::error::LakeError;

/// Between two looks for questions that nobody waits for.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);
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
    pub under_way: UnderWay,
}

impl Serving {
    /// Ends what nobody waits for any more: whoever asked may have died without a word, and a question knows no end of its own.
    pub async fn take_back(self) {
        let mut looking = tokio::time::interval(BETWEEN_LOOKS);
        loop {
            looking.tick().await;
            for job_id in self.under_way.left(Instant::now()) {
                let asked = Request::new(GetJobStatusParams { job_id: job_id.clone() });
                // What has ended is no more to be ended: that would take away what somebody is fetching.
                match self.inner.get_job_status(asked).await.ok().and_then(standing) {
                    Some(Standing::Queued(_) | Standing::Running(_)) => self.cancel(job_id).await,
                    Some(Standing::Failed(_) | Standing::Successful(_)) | None => self.under_way.ended(&job_id),
                }
            }
        }
    }

    /// What is left of a question is worked on for nobody; it may have ended, too.
    async fn cancel(&self, job_id: String) {
        let _ = SchedulerGrpc::cancel_job(&self.inner, Request::new(CancelJobParams { job_id })).await;
    }
}

fn standing(answer: Response<GetJobStatusResult>) -> Option<Standing> {
    answer.into_inner().status.and_then(|status| status.status)
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
        let executor = heard.metadata.as_ref().map(|metadata| metadata.id.clone()).unwrap_or_default();
        self.under_way.heard(&executor, &heard.task_status, Instant::now());
        let answer = self.inner.poll_work(request).await;
        self.under_way.given(&executor, Instant::now());
        answer
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
        self.under_way.heard(&heard.executor_id, &heard.task_status, Instant::now());
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
                // By the time at which it is accepted, somebody may have parts of it already.
                let begun = Instant::now();
                let answer = self.inner.execute_query(request).await?;
                if let Some(Accepted::Success(taken)) = &answer.get_ref().result {
                    self.under_way.begun(taken.job_id.clone(), begun);
                }
                Ok(answer)
            }
            _ => Err(Status::permission_denied("a cluster of Underpin takes finished plans alone")),
        }
    }

    async fn get_job_status(&self, request: Request<GetJobStatusParams>) -> Answer<GetJobStatusResult> {
        let job_id = request.get_ref().job_id.clone();
        let answer = self.inner.get_job_status(request).await?;
        let status = answer.get_ref().status.as_ref().and_then(|status| status.status.as_ref());
        if let Some(Standing::Failed(_) | Standing::Successful(_)) = status {
            self.under_way.ended(&job_id);
        }
        let Some(words) = self.under_way.asked(&job_id, Instant::now()) else { return Ok(answer) };
        self.cancel(job_id.clone()).await;
        self.under_way.ended(&job_id);
        let failed = FailedJob { error: words.to_owned(), ..FailedJob::default() };
        let status = JobStatus { job_id, status: Some(Standing::Failed(failed)), ..JobStatus::default() };
        Ok(Response::new(GetJobStatusResult { status: Some(status), flight_proxy: None }))
    }

    async fn get_job_metrics(&self, request: Request<GetJobMetricsParams>) -> Answer<GetJobMetricsResult> {
        self.inner.get_job_metrics(request).await
    }

    async fn executor_stopped(&self, request: Request<ExecutorStoppedParams>) -> Answer<ExecutorStoppedResult> {
        self.under_way.gone(&request.get_ref().executor_id, Instant::now());
        self.inner.executor_stopped(request).await
    }

    async fn cancel_job(&self, request: Request<CancelJobParams>) -> Answer<CancelJobResult> {
        SchedulerGrpc::cancel_job(&self.inner, request).await
    }

    async fn clean_job_data(&self, request: Request<CleanJobDataParams>) -> Answer<CleanJobDataResult> {
        self.inner.clean_job_data(request).await
    }
}
