// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How every system stands towards an incident, asked anew: the same answers as `where` and `findings`, told apart for a response.
//!
//! A system is **hit** while its evidence shows it. It is **fixed** once it was hit (a task says so) and a document that came after the
//! incident can show such a thing and does not. Silence is no proof: what has no evidence, or only evidence that cannot show it or
//! is too old, is in the dark.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use underpin_model::coverage::CoverageState;
use underpin_model::incidents::{
    Incident, Scope, ScopeQuery, StandingReason, SystemStanding, Task, TaskId, TaskKind, TaskState,
};
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::watch::Place;
use underpin_model::{Coverage, DocumentId, Viewer};

use super::room::{Counts, Proof};
use super::scope::package_and_versions;
use crate::coordinator::coverage::CoverageQuestion;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::estate::Watched;
use crate::watch::exposure_window::WindowQuery;

/// What people said that bears on how systems stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// Systems that were hit, with the task to fix each.
    pub(super) fixes: HashMap<SystemId, TaskId>,
    /// Systems that were asked.
    pub(super) checks: HashMap<SystemId, TaskId>,
    /// Systems whose reason for not fixing was accepted.
    accepted: HashSet<SystemId>,
}

impl Record {
    /// Of the tasks of an incident.
    pub(super) fn of<'t>(tasks: impl IntoIterator<Item = &'t Task>) -> Self {
        let mut record = Self::default();
        for task in tasks {
            let Place::System(system) = &task.place else { continue };
            match task.kind {
                TaskKind::Fix => _ = record.fixes.insert(system.clone(), task.id),
                TaskKind::Check => _ = record.checks.insert(system.clone(), task.id),
                TaskKind::Verify | TaskKind::Other => continue,
            }
            let is_fix = task.kind == TaskKind::Fix && task.state == TaskState::CannotBecause;
            if is_fix && task.accepted_by.is_some() {
                record.accepted.insert(system.clone());
            }
        }
        record
    }
}

/// How one system stands.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    /// Position of the system at the desk.
    pub(super) system: u32,
    pub(super) standing: SystemStanding,
    pub(super) reason: StandingReason,
    /// What hits it, or could not be decided.
    pub(super) packages: Vec<String>,
    /// Documents that say so.
    pub(super) documents: Vec<String>,
    /// The newest document since the incident that can show such a thing.
    pub(super) proof: Option<Proof>,
}

/// How all systems stand at one desk.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    /// Active systems of the incident's place, by position.
    pub(super) systems: Vec<Judged>,
    pub(super) counts: Counts,
    /// Agencies with systems that are hit.
    pub(super) agencies: u64,
    pub(super) coverage: Coverage,
    pub(super) exploited: Vec<&'static str>,
}

/// What an answer says of a system; the strongest word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Closed,
    LookedInto,
    Undecided,
    InWindow,
    Used,
}

#[derive(Debug)]
struct Seen {
    found: Found,
    packages: BTreeSet<String>,
    documents: BTreeSet<DocumentId>,
    /// Whether some of the evidence is fresh.
    is_fresh: bool,
}

/// An answer to the question of an incident: what it says of systems, and who could have said anything.
struct Answer {
    seen: BTreeMap<u32, Seen>,
    question: CoverageQuestion,
    exploited: Vec<&'static str>,
}

impl Answer {
    fn see(&mut self, system: Option<u32>, found: Found, package: String, documents: &[DocumentId], is_fresh: bool) {
        let Some(system) = system else { return };
        let new = || Seen { found, packages: BTreeSet::new(), documents: BTreeSet::new(), is_fresh: false };
        let seen = self.seen.entry(system).or_insert_with(new);
        if found > seen.found {
            *seen = new();
        }
        if found == seen.found {
            seen.packages.insert(package);
            seen.documents.extend(documents);
            seen.is_fresh |= is_fresh;
        }
    }
}

impl House {
    /// How every system of an incident stands, as the desk sees it.
    pub(super) async fn picture(
        &self,
        desk: &Desk,
        watched: Option<&Watched>,
        incident: &Incident,
        record: &Record,
    ) -> Result<Picture> {
        if desk.viewer == Viewer::Stranger {
            return Ok(Picture::default());
        }
        let answer = match &incident.scope.query {
            ScopeQuery::Vulnerability(name) => match watched {
                Some(watched) => vulnerability(desk, watched, name, self.limits().stale_days)?,
                None => vulnerability(desk, &self.watch(desk).await?, name, self.limits().stale_days)?,
            },
            ScopeQuery::Package(text) | ScopeQuery::Digest(text) => self.package(desk, &incident.scope, text).await?,
        };
        Ok(judge(desk, incident, record, &answer))
    }

    async fn package(&self, desk: &Desk, scope: &Scope, text: &str) -> Result<Answer> {
        let (package, versions) = package_and_versions(text);
        let stale_days = self.limits().stale_days;
        let found = desk.where_used(package, versions, stale_days)?;
        let question = desk.question_of(&found, stale_days)?;
        let mut answer = Answer { seen: BTreeMap::new(), question, exploited: Vec::new() };
        let rows = found.rows.iter().map(|row| (row, Found::Used));
        for (row, word) in rows.chain(found.undecided_rows.iter().map(|row| (row, Found::Undecided))) {
            let documents: Vec<DocumentId> = row.documents.iter().map(|named| named.0).collect();
            let called = if row.file.is_empty() { called(&row.package, &row.version) } else { row.file.clone() };
            answer.see(desk.system_position(row.system), word, called, &documents, !row.stale);
        }
        let Some(from) = scope.from else { return Ok(answer) };
        let until = scope.until.unwrap_or(desk.snapshot.at).min(desk.snapshot.at);
        if until < from {
            return Ok(answer);
        }
        let versions = versions.map(str::to_owned);
        let query = WindowQuery { package: package.to_owned(), versions, from, until, stale_days };
        for row in self.had(desk, &query).await?.rows {
            let word = if row.fit == "inside" { Found::InWindow } else { Found::Undecided };
            let documents: Vec<DocumentId> = row.documents.iter().filter_map(|name| name.parse().ok()).collect();
            answer.see(desk.system_position(&row.system), word, called(&row.package, &row.version), &documents, false);
        }
        Ok(answer)
    }
}

fn called(package: &str, version: &str) -> String {
    if version.is_empty() { package.to_owned() } else { format!("{package} {version}") }
}

/// What is known of a vulnerability; nothing, while no source knew it.
fn vulnerability(desk: &Desk, watched: &Watched, name: &str, stale_days: u64) -> Result<Answer> {
    let found = match watched.hit(desk, name, stale_days) {
        Ok(found) => found,
        Err(error) if error.code == "not-found" => {
            let question = desk.coverage_question(&[], stale_days);
            return Ok(Answer { seen: BTreeMap::new(), question, exploited: Vec::new() });
        }
        Err(error) => return Err(error),
    };
    let question = desk.coverage_question(&found.types, stale_days);
    let mut answer = Answer { seen: BTreeMap::new(), question, exploited: found.exploited.clone() };
    for row in &found.rows {
        let word = match row.status {
            "open" => Found::Used,
            "unknown" => Found::Undecided,
            "under-investigation" => Found::LookedInto,
            _ => Found::Closed,
        };
        answer.see(desk.system_position(row.system), word, row.package.to_owned(), &[], !row.stale);
    }
    for system in &found.named_only {
        answer.see(desk.system_position(system), Found::Undecided, String::new(), &[], false);
    }
    Ok(answer)
}

fn judge(desk: &Desk, incident: &Incident, record: &Record, answer: &Answer) -> Picture {
    let within: Option<HashSet<AgencyId>> = match &incident.place {
        Place::Agency(agency) => Some(desk.with_descendants(agency).into_iter().collect()),
        _ => None,
    };
    let mut picture = Picture { exploited: answer.exploited.clone(), ..Picture::default() };
    let mut agencies: HashSet<&AgencyId> = HashSet::new();
    let counts = |agency: &AgencyId| within.as_ref().is_none_or(|within| within.contains(agency));
    for system in desk.active_systems().filter(|system| counts(&desk.system(*system).agency)) {
        let judged = one(desk, incident, record, answer, system);
        picture.counts.count(judged.standing);
        picture.coverage.count(match answer.seen.get(&system) {
            Some(seen) if seen.found == Found::Used && seen.is_fresh => CoverageState::Known,
            Some(seen) if seen.found == Found::Used => CoverageState::Stale,
            Some(seen) if seen.found == Found::Undecided => CoverageState::Blind,
            _ => desk.coverage_state(system, &answer.question),
        });
        if judged.standing == SystemStanding::Hit {
            agencies.insert(&desk.system(system).agency);
        }
        picture.systems.push(judged);
    }
    let declared = desk.snapshot.agencies.iter().filter(|agency| counts(&agency.id));
    picture.coverage.declared = declared.filter_map(|agency| agency.declared_systems).sum();
    picture.agencies = agencies.len() as u64;
    picture
}

fn one(desk: &Desk, incident: &Incident, record: &Record, answer: &Answer, system: u32) -> Judged {
    use StandingReason as Why;
    use SystemStanding as Stands;
    let id = &desk.system(system).id;
    let seen = answer.seen.get(&system);
    let proof = proof(desk, incident, &answer.question, system);
    let was_hit = record.fixes.contains_key(id);
    let is_accepted = record.accepted.contains(id);
    let (standing, reason) = match seen.map(|seen| seen.found) {
        Some(Found::Used) if is_accepted => (Stands::Accepted, Why::ReasonAccepted),
        Some(Found::Used) => (Stands::Hit, Why::Used),
        Some(Found::InWindow) if proof.is_some() => (Stands::Fixed, Why::FixedByDocument),
        Some(Found::InWindow) if is_accepted => (Stands::Accepted, Why::ReasonAccepted),
        Some(Found::InWindow) => (Stands::Hit, Why::UsedInWindow),
        Some(Found::Undecided) => (Stands::Unknown, Why::VersionUndecided),
        Some(Found::LookedInto) => (Stands::Unknown, Why::LookedInto),
        Some(Found::Closed) => (Stands::Accepted, Why::ClosedByDecision),
        None => match desk.coverage_state(system, &answer.question) {
            CoverageState::Known if was_hit && proof.is_some() => (Stands::Fixed, Why::FixedByDocument),
            CoverageState::Known => (Stands::NotHit, Why::ShownNotToUse),
            CoverageState::Blind => (Stands::Blind, Why::EvidenceCannotShow),
            CoverageState::Stale => (Stands::Stale, Why::EvidenceTooOld),
            CoverageState::Unknown => (Stands::Unknown, Why::NoEvidence),
        },
    };
    let texts = |seen: &Seen| seen.packages.iter().filter(|name| !name.is_empty()).cloned().collect();
    Judged {
        system,
        standing,
        reason,
        packages: seen.map(texts).unwrap_or_default(),
        documents: seen.map(|seen| seen.documents.iter().map(ToString::to_string).collect()).unwrap_or_default(),
        proof,
    }
}

/// The newest document about a system that came after the incident, counts now, and can show what is asked for.
fn proof(desk: &Desk, incident: &Incident, question: &CoverageQuestion, system: u32) -> Option<Proof> {
    let counting = desk.bound(system).iter().filter(|bound| bound.superseded_by.is_none());
    let newer = counting.filter(|bound| desk.snapshot.documents[bound.document].id > incident.last_document);
    let showing = newer.filter(|bound| desk.can_answer(bound.document, question));
    let record = showing.map(|bound| &desk.snapshot.documents[bound.document]).max_by_key(|record| record.id)?;
    Some(Proof { document: record.id.to_string(), learned: record.learned })
}
