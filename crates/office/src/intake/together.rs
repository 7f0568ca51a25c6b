// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Many uploads of one caller come in together: one batch, one transaction, and each upload gets an answer of its own.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use underpin_ledger::{Announcer, Snapshot};
use underpin_model::people::{Act, Reach};
use underpin_model::registry::{AgencyId, DeploymentId, SystemId};
use underpin_model::{DocumentId, DocumentRecord, DocumentState, Timestamp, Viewer};

use super::binding::{Binder, outermost, resolved};
use super::flush::Intake;
use super::{AddOptions, AddReport, Durable, LeftOut, OutcomeCode, Progress, Walk};
use crate::coordinator::keys::system_of_key;
use crate::coordinator::names::{agency_in, deployment_in, system_in};
use crate::error::{OfficeError, Result};
use crate::house::House;

/// A file that is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// What it is called; no two of one call have the same name.
    pub name: String,
    /// Its bytes: a document, or an archive of documents.
    pub bytes: Vec<u8>,
    /// What it is about.
    pub about: About,
}

/// What an upload is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// What the mapping rules of the registry say.
    #[default]
    Rules,
    /// A system, by its identifier or name, and a deployment of it.
    System(String, Option<String>),
    /// A system by the key under which programs know it.
    Key(String),
    /// A system of this name, of this agency where it has to be made (the caller's own one where it has only one).
    Named {
        /// Identifier, name or alias.
        name: String,
        /// Deployment where it has one that is called so; else a mere word.
        version: String,
        /// The agency of a new system, by identifier or name; or a system beside which it stands.
        beside: Option<String>,
        /// Whether a system that is not there is made.
        is_made: bool,
    },
}

/// What became of a file that was handed in, or of one that came out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// What it is called; `!` parts an archive from what is in it.
    pub path: String,
    /// The document that it is.
    pub document: Option<DocumentId>,
    /// `accepted`, `quarantined`, `duplicate`, or why it is no document.
    pub code: String,
    /// More about that.
    pub detail: String,
    /// Systems that it is about.
    pub systems: Vec<SystemId>,
}

/// An upload that is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// What became of it, file by file.
    pub fates: Vec<Fate>,
    /// The ledger's revision in which it can be seen; 0 when it changed nothing.
    pub revision: i64,
}

impl Fate {
    pub(super) fn new(path: &str, document: Option<DocumentId>, code: &str, detail: &str) -> Self {
        let (path, code, detail) = (path.to_owned(), code.to_owned(), detail.to_owned());
        Self { path, document, code, detail, systems: Vec::new() }
    }

    pub(super) fn of_left_out(file: &LeftOut) -> Self {
        Self::new(&file.path, None, &file.code, &file.detail)
    }

    pub(super) fn of_document(record: &DocumentRecord) -> Self {
        let code = if record.state == DocumentState::Quarantined { "quarantined" } else { "accepted" };
        Self::new(&record.path, Some(record.id), code, &record.reason)
    }
}

impl AddReport {
    /// Notes what became of a file, where somebody wants to know.
    pub(super) fn tell(&mut self, fate: impl FnOnce() -> Fate) {
        if let Some(fates) = &mut self.fates {
            fates.push(fate());
        }
    }

    fn fates_at<'r>(&'r mut self, path: &str) -> impl Iterator<Item = &'r mut Fate> {
        self.fates.iter_mut().flatten().filter(move |fate| fate.path == path)
    }

    /// The file is about this system, too.
    pub(super) fn is_about(&mut self, path: &str, system: &SystemId) {
        for fate in self.fates_at(path).filter(|fate| !fate.systems.contains(system)) {
            fate.systems.push(system.clone());
        }
    }

    /// The file is another document, which came in at the same time or lay out of sight.
    pub(super) fn is_another(&mut self, path: &str, document: DocumentId) {
        self.fates_at(path).for_each(|fate| fate.document = Some(document));
    }

    /// A file that was told of as new was there already. The systems that it was bound to stay.
    pub(super) fn repeat_after_all(
        &mut self,
        path: &str,
        document: DocumentId,
        resting: &HashMap<DocumentId, DocumentState>,
    ) {
        let systems: Vec<SystemId> = self.fates_at(path).flat_map(|fate| std::mem::take(&mut fate.systems)).collect();
        self.fates.iter_mut().for_each(|fates| fates.retain(|fate| fate.path != path));
        self.repeat(path, document, resting);
        systems.iter().for_each(|system| self.is_about(path, system));
    }
}

/// Remembers in which revision the last batch came in.
struct Newest<'p>(Mutex<i64>, &'p dyn Progress);

impl Progress for Newest<'_> {
    fn advance(&self, files: u64, bytes: u64) {
        self.1.advance(files, bytes);
    }

    fn durable(&self, batch: &Durable) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = batch.revision;
        self.1.durable(batch);
    }

    fn announcer(&self) -> Option<Announcer> {
        self.1.announcer()
    }
}

/// What an upload is about, and who hands it in.
type Aimed = (Option<(SystemId, Option<DeploymentId>)>, Option<AgencyId>);

impl House {
    /// Takes uploads of one caller in, all in as few batches as possible. When this returns, what was taken is durable.
    /// One answer an upload, in their order: a wrong target harms nobody else. Small segments are left for
    /// [`House::tidy_up`].
    ///
    /// # Errors
    /// When the whole cannot be taken, for whatever reason; batches that are durable stay. Where one upload may be the
    /// reason, each can be tried alone.
    pub async fn add_together(
        &self,
        options: &AddOptions,
        uploads: Vec<Upload>,
        at: Timestamp,
        progress: &dyn Progress,
    ) -> Result<Vec<Result<Uploaded>>> {
        if !options.viewer.may(Act::HandIn) {
            let refused = OfficeError::new("not-allowed", "you may not hand in documents");
            return Err(refused.hint("it takes the right to hand in, of an account or of its token"));
        }
        self.check_viewer(&options.viewer, at).await?;
        // Before the snapshot: a system that another server makes meanwhile is then found by its name, and made by no other.
        let may_make = uploads.iter().any(|upload| matches!(upload.about, About::Named { is_made: true, .. }));
        let taken = if may_make { self.ledger.operator_reader().system_identifiers().await? } else { BTreeSet::new() };
        let snapshot = self.ledger.reader(options.viewer.clone(), at).snapshot(at).await?;
        // Each upload says itself who hands it in.
        let office = options.uploader.clone().or_else(|| own_agencies(&options.viewer).into_iter().next());
        let options = &AddOptions { uploader: office, ..options.clone() };
        let mut intake = Intake::begin_with(self, options, at, &snapshot).await?;
        intake.binder.never_again(taken);
        let mut made: HashMap<String, (SystemId, AgencyId)> = HashMap::new();
        let aims: Vec<Result<Aimed>> =
            uploads.iter().map(|upload| aimed(upload, options, &snapshot, &mut intake.binder, &mut made)).collect();
        let mut targets = HashMap::new();
        for (upload, aim) in uploads.iter().zip(&aims) {
            if let Ok((target, uploader)) = aim {
                targets.insert(upload.name.clone(), target.clone());
                intake.uploaders.insert(upload.name.clone(), uploader.clone());
            }
        }
        intake.binder.aim_each(targets);
        intake.report.fates = Some(Vec::new());
        let names: Vec<String> = uploads.iter().map(|upload| upload.name.clone()).collect();
        let good = uploads.into_iter().zip(&aims).filter(|(_, aim)| aim.is_ok());
        let mut walk = Walk::of_memory(good.map(|(upload, _)| (upload.name, upload.bytes)), self.limits());
        let newest = Newest(Mutex::new(0), progress);
        while let Some(jobs) = walk.next_batch()? {
            intake.take(jobs, &newest).await?;
        }
        let report = intake.sum(walk.left_out());
        let revision = *newest.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(answers(names, aims, report, revision))
    }
}

/// The answers, upload by upload.
fn answers(names: Vec<String>, aims: Vec<Result<Aimed>>, report: AddReport, revision: i64) -> Vec<Result<Uploaded>> {
    let mut by_name: HashMap<String, Vec<Fate>> = HashMap::new();
    for fate in report.fates.into_iter().flatten() {
        by_name.entry(outermost(&fate.path).to_owned()).or_default().push(fate);
    }
    let mut answer = |(name, aim): (String, Result<Aimed>)| {
        aim.map(|_| {
            let mut fates = by_name.remove(&name).unwrap_or_default();
            if fates.is_empty() {
                let detail = "the archive holds nothing that a reader recognises";
                fates.push(Fate::new(&name, None, OutcomeCode::NoEvidence.as_str(), detail));
            }
            Uploaded { fates, revision }
        })
    };
    names.into_iter().zip(aims).map(&mut answer).collect()
}

/// What an upload is about. A system that has to be made is made with the batch, once for all uploads that name it.
fn aimed(
    upload: &Upload,
    options: &AddOptions,
    snapshot: &Snapshot,
    binder: &mut Binder,
    made: &mut HashMap<String, (SystemId, AgencyId)>,
) -> Result<Aimed> {
    let of_system = |system: &SystemId| {
        let agency = snapshot.systems.iter().find(|known| known.id == *system).map(|known| known.agency.clone());
        uploader(&options.viewer, agency)
    };
    match &upload.about {
        About::Rules => Ok((None, uploader_without_system(&options.viewer)?)),
        About::System(system, deployment) => {
            let (system, deployment) = resolved(snapshot, system, deployment.as_deref())?;
            let uploader = of_system(&system);
            Ok((Some((system, deployment)), uploader))
        }
        About::Key(key) => {
            let system = system_of_key(&snapshot.systems, key).ok_or_else(|| {
                OfficeError::new("not-found", format!("there is no system with the key {key:?} that you may see"))
            })?;
            Ok((Some((system.id.clone(), None)), of_system(&system.id)))
        }
        About::Named { name, version, beside, is_made } => {
            let key = name.trim().to_lowercase();
            if let Some((system, agency)) = made.get(&key) {
                return Ok((Some((system.clone(), None)), uploader(&options.viewer, Some(agency.clone()))));
            }
            match system_in(snapshot, name) {
                Ok(system) => {
                    let deployment = deployment_in(snapshot, &system.id, version).ok().map(|one| one.id.clone());
                    Ok((Some((system.id.clone(), deployment)), of_system(&system.id)))
                }
                Err(error) if error.code == "not-found" && *is_made => {
                    let agency = owner(&options.viewer, snapshot, beside.as_deref())?;
                    let system = binder.create_as(&agency, name.trim(), &base_of(&options.viewer, &agency, name));
                    made.insert(key, (system.clone(), agency.clone()));
                    Ok((Some((system, None)), uploader(&options.viewer, Some(agency))))
                }
                Err(error) => Err(error),
            }
        }
    }
}

/// What the identifier of a new system is made from. Where not all systems are in sight, the agency stands before the name: else a
/// number behind it would tell that somebody else has a system of that name.
fn base_of(viewer: &Viewer, agency: &AgencyId, name: &str) -> String {
    if viewer.may_everywhere(Act::Register) { name.to_owned() } else { format!("{agency} {name}") }
}

/// The agency that a new system will belong to.
fn owner(viewer: &Viewer, snapshot: &Snapshot, beside: Option<&str>) -> Result<AgencyId> {
    if !viewer.may(Act::Register) {
        let refused = OfficeError::new("not-allowed", "you may hand in documents, but not make systems");
        return Err(refused.hint("have the system registered first, or use a token that may change the registry"));
    }
    if let Some(beside) = beside {
        let agency = agency_in(snapshot, beside).map(|agency| agency.id.clone());
        let keyed = || system_of_key(&snapshot.systems, beside).map(|system| system.agency.clone());
        let system = || keyed().ok_or(()).or_else(|()| system_in(snapshot, beside).map(|system| system.agency.clone()));
        return agency.or_else(|_| system());
    }
    let living: Vec<AgencyId> =
        own_agencies(viewer).into_iter().filter(|id| snapshot.agencies.iter().any(|known| known.id == *id)).collect();
    match living.as_slice() {
        [only] => Ok(only.clone()),
        _ => Err(OfficeError::new("agency-needed", "to which agency does the new system belong?")
            .hint("name the agency as the parent of the project")),
    }
}

/// Agencies that a viewer belongs to and hands in for, each once.
fn own_agencies(viewer: &Viewer) -> BTreeSet<AgencyId> {
    match viewer {
        Viewer::Agency { agencies, .. } => agencies.iter().cloned().collect(),
        Viewer::Member { grants, .. } => {
            let grants = grants.iter().filter(|grant| grant.role.may(Act::HandIn));
            let agencies = grants.filter_map(|grant| match &grant.reach {
                Reach::Agency(agency) => Some(agency.clone()),
                Reach::Government | Reach::System(_) => None,
            });
            agencies.collect()
        }
        Viewer::Stranger | Viewer::Analyst { .. } | Viewer::Operator => BTreeSet::new(),
    }
}

/// True for whoever works for the whole government: the office itself hands in, and no agency.
fn is_of_the_office(viewer: &Viewer) -> bool {
    match viewer {
        Viewer::Analyst { .. } | Viewer::Operator => true,
        Viewer::Member { grants, .. } => {
            grants.iter().any(|grant| grant.reach == Reach::Government && grant.role.may(Act::HandIn))
        }
        Viewer::Stranger | Viewer::Agency { .. } => false,
    }
}

/// Who hands in a document about a system of this agency.
fn uploader(viewer: &Viewer, agency: Option<AgencyId>) -> Option<AgencyId> {
    if is_of_the_office(viewer) { None } else { agency }
}

/// Who hands in a document of which the system is not known yet.
fn uploader_without_system(viewer: &Viewer) -> Result<Option<AgencyId>> {
    if is_of_the_office(viewer) {
        return Ok(None);
    }
    let own: Vec<AgencyId> = own_agencies(viewer).into_iter().collect();
    match own.as_slice() {
        [only] => Ok(Some(only.clone())),
        _ => Err(OfficeError::new("system-needed", "which system is it about?")
            .hint("name the system, by its identifier or name")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_after_all_is_about_the_same_systems() {
        let mut report = AddReport { fates: Some(Vec::new()), ..AddReport::default() };
        for path in ["a.json", "b.json"] {
            report.tell(|| Fate::new(path, Some(DocumentId(7)), "accepted", ""));
            report.is_about(path, &"hub".into());
        }
        report.repeat_after_all("a.json", DocumentId(3), &HashMap::new());
        let about_hub = |fate: Fate| Fate { systems: vec!["hub".into()], ..fate };
        let expected = [("b.json", 7, "accepted"), ("a.json", 3, "duplicate")]
            .map(|(path, id, code)| about_hub(Fate::new(path, Some(DocumentId(id)), code, "")));
        assert_eq!(report.fates.unwrap_or_default(), expected);
    }
}
