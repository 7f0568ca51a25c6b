// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Drafts of reports: each field of the law with what the house knows. What it does not know stays empty and is named. Nothing is sent:
//! neither the single reporting platform nor a national portal takes reports from programs, so a person copies the text.

use std::collections::{BTreeSet, HashSet};

use sha2::{Digest as _, Sha256};
use underpin_assess::clocks::fields::fields;
use underpin_assess::clocks::rule;
use underpin_model::EvidenceId;
use underpin_model::authority_reports::{DraftField, Fact, ReportDraft};
use underpin_model::clocks::{Clock, ClockEvidence, Happened, ReportStep};
use underpin_model::incidents::{IncidentId, ScopeQuery, SystemStanding};
use underpin_model::law_roles::RoleSubject;
use underpin_model::law_routing::ReportField;

use super::citation;
use super::clocks::{ClockRow, EventStanding};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};
use crate::incidents::IncidentRoom;
use crate::watch::decisions::DecisionRow;
use crate::watch::estate::Watched;
use crate::watch::hit::HitAnswer;

/// Which report is drafted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftOf {
    /// The clock.
    pub clock: Clock,
    /// The step.
    pub step: ReportStep,
    /// For whom; `None` for the most pressing history of the clock.
    pub whom: Option<RoleSubject>,
}

impl From<(Clock, ReportStep)> for DraftOf {
    fn from((clock, step): (Clock, ReportStep)) -> Self {
        Self { clock, step, whom: None }
    }
}

/// What a draft is made of.
struct Known<'k> {
    room: &'k IncidentRoom,
    row: &'k ClockRow,
    /// What is known of the vulnerability, where the incident is about one that a source knows.
    hit: Option<HitAnswer<'k>>,
}

impl House {
    /// The draft of a report of a step, as far as the house can fill it.
    ///
    /// # Errors
    /// `not-found` for an incident that is not there or out of sight, and for a step that the clock does not have; `usage` for a step
    /// that is no report; when the ledger cannot be read, or evidence is damaged.
    pub async fn report_draft(
        &self,
        desk: &Desk,
        watched: &Watched,
        id: IncidentId,
        of: impl Into<DraftOf>,
    ) -> Result<ReportDraft> {
        let room = self.incident(desk, watched, id).await?;
        self.draft_in_room(desk, watched, &room, of).await
    }

    /// The same in a room that was judged already.
    ///
    /// # Errors
    /// As [`Self::report_draft`].
    pub async fn draft_in_room(
        &self,
        desk: &Desk,
        watched: &Watched,
        room: &IncidentRoom,
        of: impl Into<DraftOf>,
    ) -> Result<ReportDraft> {
        let DraftOf { clock, step, whom } = of.into();
        let Some(of) = rule(clock).step(step) else {
            let why = format!("the clock {} has no step {}", clock.as_str(), step.as_str());
            return Err(OfficeError::new("not-found", why).hint("`underpin incident clock show` lists its steps"));
        };
        let wanted = fields(clock, step);
        if wanted.is_empty() {
            return Err(OfficeError::new(
                "usage",
                format!("{} is no report: there is nothing to draft", step.as_str()),
            ));
        }
        let all = self.incident_clocks(desk, room.incident.id).await?;
        if all.is_drill {
            return Err(OfficeError::new("usage", "a drill binds nobody: there is nothing to report"));
        }
        let mut rows = all.clocks.iter().filter(|row| row.clock == clock);
        let Some(row) = rows.find(|row| whom.is_none() || row.whom == whom) else {
            return Err(OfficeError::new("not-found", "nobody said anything of this clock for the one who is named")
                .hint("`underpin incident clock show` lists for whom it runs"));
        };
        let known = Known { room, row, hit: hit(self, desk, watched, room) };
        let aware = aware(row);
        let decisions = watched.decision_rows();
        let facts = wanted.iter().map(|one| DraftField {
            field: one.field,
            where_available: one.where_available,
            facts: known.facts(one.field),
            law: citation(one.law),
        });
        Ok(ReportDraft {
            incident: room.incident.id,
            title: room.incident.title.clone(),
            clock,
            step,
            roles: row.roles.clone(),
            whom: row.whom_name.clone(),
            // A date by an assumed awareness is no date of a report; that by which an authority asks stands by itself.
            due: row
                .current_step(step)
                .filter(|_| aware.is_some() || step == ReportStep::Intermediate)
                .and_then(|own| own.due),
            aware,
            country: row.route.country.clone(),
            recipients: row.route.recipients.clone(),
            body: row.route.body.clone(),
            channel: row.route.channel,
            questions: row.route.questions.clone(),
            fields: facts.collect(),
            evidence: evidence(desk, &known, row, &decisions, self.limits().stale_days)?,
            law: citation(of.law),
            snapshot: room.overview.snapshot,
            as_of: room.overview.as_of,
        })
    }
}

fn hit<'k>(house: &House, desk: &'k Desk, watched: &'k Watched, room: &IncidentRoom) -> Option<HitAnswer<'k>> {
    let ScopeQuery::Vulnerability(name) = &room.incident.scope.query else { return None };
    watched.hit(desk, name, house.limits().stale_days).ok()
}

/// The first moment of awareness that counts.
fn aware(row: &ClockRow) -> Option<underpin_model::Timestamp> {
    let counts = row.history.iter().filter(|event| event.standing == EventStanding::InForce);
    counts.filter(|event| event.stated.happened == Happened::BecameAware).map(|event| event.stated.at).min()
}

impl Known<'_> {
    /// What the house knows for a field. What only people can know has nothing here.
    fn facts(&self, field: ReportField) -> Vec<Fact> {
        use ReportField as Of;
        match field {
            Of::Product => self.products(),
            Of::VulnerabilityName => self.names(),
            Of::IncidentName => vec![text(format!("{} ({})", self.room.incident.title, self.room.number))],
            Of::NatureOfExploit => self.exploited(),
            Of::NatureOfVulnerability => self.summary(),
            Of::Severity => self.severity(),
            Of::InitialAssessment => [self.severity(), vec![self.systems()]].concat(),
            Of::Impact | Of::StatusUpdate => vec![self.systems(), self.tasks()],
            Of::MeasuresTaken | Of::OngoingMeasures => vec![self.tasks()],
            Of::Sensitivity => {
                let incident = &self.room.incident;
                vec![Fact::Marking { tlp: incident.tlp, classification: incident.classification }]
            }
            // A title of the office describes nothing by itself.
            Of::Description => match self.summary() {
                summary if summary.is_empty() => summary,
                summary => [vec![text(self.room.incident.title.clone())], summary].concat(),
            },
            Of::MemberStates
            | Of::Malicious
            | Of::CrossBorder
            | Of::NatureOfIncident
            | Of::Indicators
            | Of::UserMeasures
            | Of::Actor
            | Of::Fix
            | Of::RootCause => Vec::new(),
        }
    }

    /// The own product for which a person confirmed the role; beside it what it is made of. A package of others is never the product.
    fn products(&self) -> Vec<Fact> {
        let hit = self.room.systems.iter().filter(|row| row.standing == SystemStanding::Hit);
        let mut packages: Vec<String> = hit.flat_map(|row| row.packages.iter().cloned()).collect();
        packages.sort_unstable();
        packages.dedup();
        if let (true, ScopeQuery::Package(asked)) = (packages.is_empty(), &self.room.incident.scope.query) {
            packages.push(asked.clone());
        }
        let own = match &self.row.whom {
            Some(RoleSubject::Product { name, .. }) if !self.row.roles.is_empty() => Some(text(name.clone())),
            _ => None,
        };
        own.into_iter().chain(packages.into_iter().map(|package| Fact::Contains { package })).collect()
    }

    fn names(&self) -> Vec<Fact> {
        match (&self.hit, &self.room.incident.scope.query) {
            (Some(hit), _) => hit.names.iter().cloned().map(text).collect(),
            (None, ScopeQuery::Vulnerability(name)) => vec![text(name.clone())],
            (None, _) => Vec::new(),
        }
    }

    fn exploited(&self) -> Vec<Fact> {
        self.room.exploited.iter().map(|list| Fact::Exploited { list: (*list).to_owned() }).collect()
    }

    fn summary(&self) -> Vec<Fact> {
        let summary = self.hit.as_ref().map(|hit| hit.summary.trim().to_owned()).unwrap_or_default();
        if summary.is_empty() { Vec::new() } else { vec![text(summary)] }
    }

    fn severity(&self) -> Vec<Fact> {
        let known = self.hit.as_ref().and_then(|hit| hit.severity.as_ref());
        let fact = known.map(|severity| Fact::Severity {
            level: severity.rating.to_owned(),
            score: severity.score.clone(),
            source: severity.source.clone(),
        });
        fact.into_iter().collect()
    }

    fn systems(&self) -> Fact {
        let counts = &self.room.counts;
        let (settled, unclear) = (counts.fixed + counts.accepted, counts.in_the_dark());
        Fact::Systems { hit: counts.hit, settled, unclear, agencies: self.room.agencies }
    }

    fn tasks(&self) -> Fact {
        let open = self.room.tasks.iter().filter(|row| row.is_open()).count() as u64;
        Fact::Tasks { open, settled: self.room.tasks.len() as u64 - open }
    }
}

fn text(text: String) -> Fact {
    Fact::Text { text }
}

/// What can be attached: what events of the clock name, documents that show what is hit or mended, and decisions about it, each once.
fn evidence(
    desk: &Desk,
    known: &Known<'_>,
    row: &ClockRow,
    decisions: &[DecisionRow],
    stale_days: u64,
) -> Result<Vec<ClockEvidence>> {
    let mut all: Vec<ClockEvidence> = row.history.iter().flat_map(|event| event.stated.evidence.clone()).collect();
    let shown = || known.room.systems.iter().filter(|system| system.standing != SystemStanding::NotHit);
    let documents = shown().flat_map(|system| {
        system.documents.iter().chain(system.proof.as_ref().map(|proof| &proof.document)).map(String::as_str)
    });
    all.extend(documents.filter_map(|name| document(desk, name)));
    // Findings name packages and no documents: those that show them in the systems of this incident are looked up.
    let systems: HashSet<&str> = shown().map(|system| system.system.as_str()).collect();
    let hits = known.hit.iter().flat_map(|hit| &hit.rows).filter(|row| systems.contains(row.system));
    for package in hits.map(|row| row.package).collect::<BTreeSet<&str>>() {
        let used = desk.where_used(package, None, stale_days)?;
        let here = used.rows.iter().filter(|row| systems.contains(row.system));
        all.extend(here.flat_map(|row| &row.documents).filter_map(|named| document(desk, &named.0.to_string())));
    }
    let names: Vec<String> = match &known.hit {
        Some(hit) => hit.names.iter().map(|name| name.to_lowercase()).collect(),
        None => Vec::new(),
    };
    let about = decisions.iter().filter(|row| names.contains(&row.decision_made.vulnerability.to_lowercase()));
    all.extend(about.map(|row| ClockEvidence {
        name: format!("decision {}", row.decision),
        sha256: digest(&serde_json::to_vec(&row.decision_made).unwrap_or_default()),
    }));
    all.sort_by(|a, b| (&a.name, &a.sha256).cmp(&(&b.name, &b.sha256)));
    all.dedup();
    Ok(all)
}

/// A document of the house as evidence, by its number as `D12`; `None` where it is out of sight.
pub(crate) fn document(desk: &Desk, name: &str) -> Option<ClockEvidence> {
    let number: i64 = name.trim_start_matches(['D', 'd']).parse().ok()?;
    let record = desk.document(number)?;
    Some(ClockEvidence { name: format!("document {}", record.id), sha256: record.evidence.to_string() })
}

/// A SHA-256 in hexadecimal digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    EvidenceId(Sha256::digest(bytes).into()).to_string()
}
