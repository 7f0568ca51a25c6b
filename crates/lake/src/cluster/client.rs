// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The way of one query to the cluster and of its answer back. What is lost on the way is begun again, a few times; what nobody waits
//! for any more is taken back.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ballista_core::client::BallistaClient;
use ballista_core::ids::new_instance_id;
use ballista_core::serde::protobuf::execute_query_params::Query;
use ballista_core::serde::protobuf::execute_query_result::Result as Accepted;
use ballista_core::serde::protobuf::job_status::Status as Standing;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use ballista_core::serde::protobuf::{
    CancelJobParams, ExecuteQueryParams, GetJobMetricsParams, GetJobStatusParams, PartitionLocation,
    RemoveSessionParams,
};
use ballista_core::version::insert_version_header;
use datafusion::arrow::array::{Array as _, ArrayRef, RecordBatch};
use futures::StreamExt as _;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use super::MESSAGE_BYTES;
use super::door::Door;
use super::planned::Shipment;
use super::under_way::{NOBODY_WORKS, REPEATED};
use crate::engine::{Engine, EngineSettings, Progress};
use crate::error::LakeError;
use crate::sql::SqlLimits;

/// Between two looks at how a query stands: short at first, for most end soon.
const FIRST_LOOK: Duration = Duration::from_millis(10);
const LAST_LOOK: Duration = Duration::from_millis(200);
/// Before a query is begun again; each time as long once more.
const BEFORE_AGAIN: Duration = Duration::from_secs(2);
/// Looks at a query that the scheduler does not know, until it counts as lost.
const UNKNOWN_LOOKS: u32 = 10;
/// Every so many looks it is counted how many steps are done.
const LOOKS_A_COUNT: u32 = 5;
/// How long it is waited for queries that are taken back.
const TAKING_BACK: Duration = Duration::from_secs(3);
/// Tries to fetch a part of an answer from one executor, and the time between them, in milliseconds.
const FETCH_TRIES: u8 = 2;
const FETCH_PAUSE_MS: u64 = 200;
/// How the scheduler says that nobody is left to work on a query.
const LOST_WORDS: [&str; 2] = ["all executors were lost", "no executors remain"];

/// Queries that are being taken back.
static TAKEN_BACK: AtomicUsize = AtomicUsize::new(0);

type Client = SchedulerGrpcClient<Channel>;

/// Why there is no answer.
enum Failure {
    /// Something was lost; another try may find it.
    Lost(String),
    /// Another try would fail in the same way.
    Final(LakeError),
    /// The cluster cannot read the plan.
    Unread,
}

/// Waits until queries that are being taken back are, but not for long: for programs that are about to end.
pub async fn settled() {
    let waiting = async {
        while TAKEN_BACK.load(Ordering::Acquire) > 0 {
            tokio::time::sleep(FIRST_LOOK).await;
        }
    };
    let _ = tokio::time::timeout(TAKING_BACK, waiting).await;
}

/// The rows of a query; none when the cluster cannot read its plan.
///
/// # Errors
/// `engine-…` when the cluster does not answer, `query-…` when the query itself fails.
pub(super) async fn carried_out(
    engine: &Engine,
    settings: &EngineSettings,
    shipment: &Shipment,
    limits: SqlLimits,
) -> Result<Option<Vec<RecordBatch>>, LakeError> {
    let door = Door::new(&settings.keys)?;
    let mut attempt = 1;
    loop {
        match tried(engine, settings, &door, shipment, limits).await {
            Ok(batches) => return Ok(Some(batches)),
            Err(Failure::Final(error)) => return Err(error),
            Err(Failure::Unread) => return Ok(None),
            Err(Failure::Lost(message)) if attempt >= settings.attempts.max(1) => {
                let message = format!("the cluster did not answer; asked {attempt} times: {message}");
                return Err(LakeError::engine("engine-unreachable", message));
            }
            Err(Failure::Lost(_)) => {
                tokio::time::sleep(BEFORE_AGAIN * attempt).await;
                attempt += 1;
                engine.told(Progress::Again { attempt });
            }
        }
    }
}

async fn tried(
    engine: &Engine,
    settings: &EngineSettings,
    door: &Door,
    shipment: &Shipment,
    limits: SqlLimits,
) -> Result<Vec<RecordBatch>, Failure> {
    let endpoint = door.endpoint(&settings.address.host, settings.address.port).map_err(Failure::Final)?;
    let channel = endpoint.connect().await.map_err(|error| Failure::Lost(causes(&error)))?;
    let mut client = SchedulerGrpcClient::new(channel)
        .max_decoding_message_size(MESSAGE_BYTES)
        .max_encoding_message_size(MESSAGE_BYTES);
    let session_id = new_instance_id();
    let mut request = Request::new(ExecuteQueryParams {
        session_id: session_id.clone(),
        settings: shipment.settings.clone(),
        operation_id: session_id.clone(),
        query: Some(Query::PhysicalPlan(shipment.plan.clone())),
    });
    insert_version_header(request.metadata_mut());
    let accepted = client.execute_query(request).await.map_err(of_status)?.into_inner();
    let job_id = match accepted.result {
        Some(Accepted::Success(success)) => success.job_id,
        _ => return Err(Failure::Unread),
    };
    let mut job = Job { client, job_id, session_id, has_ended: false };
    engine.told(Progress::Queued);
    let places = job.places(engine).await?;
    let batches = fetched(door, places, limits).await?;
    // While it was fetched it may have turned out that a part of it was carried out twice.
    job.places(engine).await?;
    Ok(batches)
}

/// A query on the cluster. One that nobody waits for any more is taken back.
struct Job {
    client: Client,
    job_id: String,
    session_id: String,
    has_ended: bool,
}

impl Job {
    /// Waits until the query ended. Where the parts of its answer are.
    async fn places(&mut self, engine: &Engine) -> Result<Vec<PartitionLocation>, Failure> {
        let (mut pause, mut unknown, mut looks) = (FIRST_LOOK, 0, 0);
        loop {
            let asked = GetJobStatusParams { job_id: self.job_id.clone() };
            let found = self.client.get_job_status(asked).await.map_err(of_status)?.into_inner();
            match found.status.and_then(|status| status.status) {
                None => unknown += 1,
                Some(Standing::Queued(_)) => engine.told(Progress::Queued),
                Some(Standing::Running(_)) => {
                    if engine.is_watched() && looks % LOOKS_A_COUNT == 0 {
                        engine.told(Progress::Running { steps: self.steps().await });
                    }
                    looks += 1;
                }
                Some(Standing::Failed(failed)) => {
                    self.has_ended = true;
                    return Err(of_words(&failed.error));
                }
                Some(Standing::Successful(done)) => {
                    self.has_ended = true;
                    return Ok(done.partition_location);
                }
            }
            if unknown > UNKNOWN_LOOKS {
                self.has_ended = true;
                return Err(Failure::Lost("the scheduler does not know the query any more".to_owned()));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LAST_LOOK);
        }
    }

    /// How many steps are done.
    async fn steps(&mut self) -> usize {
        let asked = GetJobMetricsParams { job_id: self.job_id.clone() };
        self.client.get_job_metrics(asked).await.map_or(0, |found| found.into_inner().stages.len())
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let mut client = self.client.clone();
        let cancelled = (!self.has_ended).then(|| CancelJobParams { job_id: self.job_id.clone() });
        let forgotten = RemoveSessionParams { session_id: self.session_id.clone() };
        let taking_back = TakingBack::new();
        runtime.spawn(async move {
            let _taking_back = taking_back;
            // Nobody is left to be told when the scheduler is gone, and with it the query.
            if let Some(cancelled) = cancelled {
                let _ = client.cancel_job(cancelled).await;
            }
            let _ = client.remove_session(forgotten).await;
        });
    }
}

/// One of the queries that are being taken back, until that is done or given up.
struct TakingBack;

impl TakingBack {
    fn new() -> Self {
        TAKEN_BACK.fetch_add(1, Ordering::AcqRel);
        Self
    }
}

impl Drop for TakingBack {
    fn drop(&mut self) {
        TAKEN_BACK.fetch_sub(1, Ordering::AcqRel);
    }
}

async fn fetched(door: &Door, places: Vec<PartitionLocation>, limits: SqlLimits) -> Result<Vec<RecordBatch>, Failure> {
    let fetching = door.fetching();
    let (mut batches, mut bytes, mut seen) = (Vec::new(), 0, HashSet::new());
    for place in places {
        let layout = place.layout();
        let (Some(executor), Some(partition)) = (place.executor_meta, place.partition_id) else {
            return Err(Failure::Lost("a part of the answer has no place".to_owned()));
        };
        // An executor that was taken for dead and is not gives its part beside the one that replaced it. Of the last step, each part
        // of an answer has one place.
        if !seen.insert((partition.stage_id, partition.partition_id)) {
            return Err(Failure::Lost(REPEATED.to_owned()));
        }
        let port = executor.port as u16;
        let partition = partition.into();
        let lost = |error: ballista_core::error::BallistaError| Failure::Lost(error.to_string());
        let shaped = Some(Arc::clone(&fetching));
        let connecting = BallistaClient::try_new(
            &executor.host,
            port,
            MESSAGE_BYTES,
            false,
            shaped,
            FETCH_TRIES,
            FETCH_PAUSE_MS,
            0,
            0,
        );
        let mut client = connecting.await.map_err(lost)?;
        let reading =
            client.fetch_partition_proxied(&executor.id, &partition, place.file_id, layout, &executor.host, port, true);
        let mut rows = reading.await.map_err(lost)?;
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(|error| Failure::Lost(error.to_string()))?;
            bytes += own_bytes(&batch);
            if bytes > limits.memory_bytes {
                let message = format!("the answer is larger than {} bytes", limits.memory_bytes);
                return Err(Failure::Final(LakeError::Limit(message)));
            }
            batches.push(batch);
        }
    }
    Ok(batches)
}

/// Bytes of the values of a batch: of what came in one message every column holds the whole message.
fn own_bytes(batch: &RecordBatch) -> usize {
    // Columns whose values cannot be counted take at least what they hold.
    let bytes =
        |column: &ArrayRef| column.to_data().get_slice_memory_size().unwrap_or_else(|_| column.get_array_memory_size());
    batch.columns().iter().map(bytes).sum()
}

/// An error with what it came from: the connection says only that there is none, and its cause why.
fn causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !words.contains(&said) {
            words = format!("{words}: {said}");
        }
        cause = inner.source();
    }
    words
}

fn of_status(status: Status) -> Failure {
    let refused = |message: &str| Failure::Final(LakeError::engine("engine-refused", message.to_owned()));
    match status.code() {
        Code::Unauthenticated => refused("the cluster does not know this program: its secret is another one"),
        Code::FailedPrecondition => refused("the cluster is of another version than this program"),
        Code::PermissionDenied | Code::Unimplemented => refused(status.message()),
        Code::OutOfRange | Code::InvalidArgument => Failure::Unread,
        _ => Failure::Lost(status.message().to_owned()),
    }
}

/// What may be said of a query that failed on the cluster: the kind of failure, never a value or a file.
fn of_words(words: &str) -> Failure {
    if words.contains(REPEATED) {
        return Failure::Lost(REPEATED.to_owned());
    }
    if words.contains(NOBODY_WORKS) {
        return Failure::Final(LakeError::engine("engine-unreachable", NOBODY_WORKS.to_owned()));
    }
    if LOST_WORDS.iter().any(|lost| words.contains(lost)) {
        return Failure::Lost("its executors were lost".to_owned());
    }
    if words.contains("StoreFailed") {
        return Failure::Lost("its executors could not reach the store".to_owned());
    }
    Failure::Final(
        LakeError::in_words(words)
            .unwrap_or_else(|| LakeError::engine("engine-failed", "the cluster could not carry out the query")),
    )
}
