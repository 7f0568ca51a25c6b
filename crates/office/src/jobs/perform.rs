// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is done with a job of each kind. All of it may be done twice: a holder can end after the work and before it said so.

use serde_json::{Value as Json, json};
use underpin_ledger::JobRecord;
use underpin_model::limits::bounds::JOBS_KEPT_DAYS;
use underpin_model::{Timestamp, Viewer};

use super::{JobKind, Tools, waiting};
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::intake::Silent;
use crate::maintenance::collect_garbage;
use crate::watch::fetch::Outside;
use crate::watch::sync::SyncOptions;

/// Does it; what came of it.
pub(super) async fn perform(house: &House, job: &JobRecord, tools: &Tools) -> Result<Json> {
    let now = (tools.clock)();
    let at = house.fixed_clock().await?.unwrap_or(now);
    let unable = || OfficeError::new("unsupported", format!("this program cannot do work of the kind {:?}", job.kind));
    match JobKind::named(&job.kind).ok_or_else(unable)? {
        JobKind::Intake => waiting::take_in(house, job, &(tools.tag)(), at).await,
        JobKind::Compact => Ok(json!({ "replaced": house.tidy_up(&(tools.tag)(), at, None).await? })),
        JobKind::Messages => {
            let out = tools.outgoing.as_ref().ok_or_else(unable)?;
            let sent = house.send_messages(out, at, now).await?;
            Ok(serde_json::to_value(sent).unwrap_or_default())
        }
        JobKind::Collect => {
            let collected = collect_garbage(house, now).await?;
            let before = Timestamp(now.0.saturating_sub(JOBS_KEPT_DAYS * Timestamp::DAY_US));
            house.ledger.jobs(&Viewer::Operator)?.forget(before).await?;
            Ok(serde_json::to_value(collected).unwrap_or_default())
        }
        JobKind::Renew => {
            let desk = house.desk(Viewer::Operator, at).await?;
            house.watch(&desk).await?;
            Ok(json!({ "revision": desk.snapshot.revision }))
        }
        JobKind::Sync => {
            let sync = tools.sync.as_ref().ok_or_else(unable)?;
            let options = SyncOptions {
                sources: Vec::new(),
                from: Vec::new(),
                actor: tools.holder.clone(),
                viewer: Viewer::Operator,
                tag: (tools.tag)(),
            };
            let outside = Outside { edge: std::sync::Arc::clone(&sync.edge), environment: &sync.environment };
            let report = house.sync_from_network(&options, &sync.network, outside, at, &Silent).await?;
            Ok(json!({ "feeds": report.feeds.len(), "failed": report.failed() }))
        }
    }
}
