// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Evidence that waits in the store for a process that takes it in: one pack a piece, named by an open job and by nothing else.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use underpin_lake::Place;
use underpin_ledger::{JobRecord, Reader};
use underpin_model::registry::{AgencyId, DeploymentId, SystemId};
use underpin_model::{EvidenceId, Timestamp, Viewer};

use super::JobKind;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::intake::{AddOptions, Content, Intake, Job, Silent, Target};

/// A piece of a large intake, as its job keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Piece {
    /// The pack in which the bytes wait.
    pub pack: String,
    /// Its files.
    pub files: Vec<WaitingFile>,
    /// The system that the documents are about, where not the rules say it.
    pub system: Option<String>,
    /// … and the deployment of it.
    pub deployment: Option<String>,
    /// Agency that hands them in.
    pub uploader: Option<String>,
    /// In whose sight they are taken in.
    pub viewer: Viewer,
    /// Who handed them in.
    pub actor: String,
}

/// A file of a piece.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WaitingFile {
    /// Where it lay.
    pub path: String,
    /// Hash of its bytes.
    pub evidence: String,
    /// Hash of the archive it came out of.
    pub container: Option<String>,
    /// Role and hash of what is read together with it.
    pub companions: Vec<(String, String)>,
}

fn piece(job: &JobRecord) -> Result<Piece> {
    serde_json::from_str(&job.body)
        .map_err(|error| OfficeError::new("store-damaged", format!("the job {} cannot be read: {error}", job.number)))
}

/// The packs that wait for somebody: nobody may remove them.
///
/// # Errors
/// `store-damaged` when a piece cannot be read: then nobody knows what it needs.
pub(crate) async fn waiting_packs(reader: &Reader) -> Result<HashSet<String>> {
    let jobs = reader.jobs(false).await?;
    let intake = jobs.iter().filter(|job| job.kind == JobKind::Intake.as_str());
    intake.map(|job| Ok(piece(job)?.pack)).collect()
}

/// Removes what waited for a job that is done. What cannot be removed now is left over and collected later.
pub(super) fn forget(house: &House, job: &JobRecord) {
    if job.kind == JobKind::Intake.as_str()
        && let Ok(piece) = piece(job)
    {
        let _ = house.lake.evidence.remove(&piece.pack);
    }
}

/// Takes a piece in. What came in with an earlier try is known already and counts as that.
pub(super) async fn take_in(house: &House, job: &JobRecord, tag: &str, at: Timestamp) -> Result<Json> {
    let piece = piece(job)?;
    let places: HashMap<String, Place> =
        house.lake.evidence.list(&piece.pack)?.into_iter().map(|place| (place.evidence.to_string(), place)).collect();
    let bytes = |evidence: &str| {
        let place = places.get(evidence).ok_or_else(|| {
            OfficeError::new("store-damaged", format!("the pack {} lacks the evidence {evidence}", piece.pack))
        })?;
        Ok::<_, OfficeError>(house.lake.evidence.read(place)?)
    };
    let mut files = Vec::with_capacity(piece.files.len());
    for file in &piece.files {
        let mut companions = Vec::with_capacity(file.companions.len());
        for (role, evidence) in &file.companions {
            companions.push((role.clone(), Arc::new(bytes(evidence)?)));
        }
        let container = file.container.as_deref().and_then(|text| text.parse::<EvidenceId>().ok());
        files.push(Job {
            container,
            companions,
            ..Job::new(file.path.as_str(), Content::Bytes(bytes(&file.evidence)?))
        });
    }
    let target = match &piece.system {
        Some(system) => Target::System(SystemId(system.clone()), piece.deployment.clone().map(DeploymentId)),
        None => Target::Rules,
    };
    let options = AddOptions {
        paths: Vec::new(),
        target,
        uploader: piece.uploader.clone().map(AgencyId),
        viewer: piece.viewer.clone(),
        actor: piece.actor.clone(),
        tag: tag.to_owned(),
    };
    let mut intake = Intake::begin(house, &options, at).await?;
    intake.take(files, &Silent).await?;
    Ok(serde_json::to_value(intake.sum(Vec::new())).unwrap_or_default())
}
