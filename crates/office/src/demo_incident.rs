// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What keeps Norvania busy: an incident that is no drill, with a reporting clock of which one step was met, one is due within hours and
//! one is late, a due date that a letter sets, and what an authority asked. All of it is fiction, and told up to the demo's own day.

use underpin_ledger::NewIncident;
use underpin_model::clocks::{Clock, ClockEvidence, ClosingProof, Happened, Obliged, ReportStep, StatedClockEvent};
use underpin_model::incidents::{IncidentId, Scope, ScopeQuery};
use underpin_model::law::AuthorityEvent;
use underpin_model::law_roles::RoleSubject;
use underpin_model::registry::Classification;
use underpin_model::watch::{Place, Tlp};
use underpin_model::{Timestamp, Viewer};

use crate::coordinator::Author;
use crate::demo::moment;
use crate::error::Result;
use crate::house::House;
use crate::law::clocks::document_evidence;

/// Whose services are hit.
const AGENCY: &str = "health-institute";
/// What is hit there.
const SYSTEM: &str = "lab-reporting";

fn analyst(at: Timestamp) -> Author {
    Author { actor: "jonas.vell".to_owned(), viewer: Viewer::Operator, at }
}

/// Writes it down, up to `now`.
pub(crate) async fn incident(house: &House, now: Timestamp) -> Result<()> {
    let new = NewIncident {
        title: "Laboratory Reporting answers to strangers".to_owned(),
        scope: Scope { query: ScopeQuery::Vulnerability("CVE-2021-44228".to_owned()), from: None, until: None },
        place: Place::Agency(AGENCY.into()),
        tlp: Tlp::Amber,
        classification: Classification::Internal,
        drill_of: None,
        target: Some(moment("2026-03-05T23:59:00Z")?),
    };
    let id = house.open_incident(&analyst(now), new).await?;
    significant(house, id, now).await?;
    letter(house, id, now).await?;
    asked(house, now).await
}

fn told(at: &str, happened: Happened, note: &str) -> Result<StatedClockEvent> {
    Ok(StatedClockEvent {
        at: moment(at)?,
        amends: None,
        happened,
        whom: Some(RoleSubject::Agency(AGENCY.into())),
        note: note.to_owned(),
        source: String::new(),
        evidence: Vec::new(),
    })
}

/// The report of the institute: warned in time, the notification due two hours from now, and a request of the response team that nobody
/// answered over the weekend.
async fn significant(house: &House, id: IncidentId, now: Timestamp) -> Result<()> {
    let proofs = vec![ClosingProof::Receipt, ClosingProof::TextSent, ClosingProof::MomentOfAwareness];
    let warned = Happened::HandedIn { step: ReportStep::EarlyWarning, proofs };
    let asked = Happened::IntermediateRequested(Some(moment("2026-03-01T18:00:00Z")?));
    let all = vec![
        told(
            "2026-02-27T13:30:00Z",
            Happened::RoleConfirmed(Obliged::EssentialEntity),
            "Fiction of the demo: the institute runs the reference laboratories.",
        )?,
        told(
            "2026-02-27T11:00:00Z",
            Happened::BecameAware,
            "Fiction of the demo: the log showed a stranger's orders.",
        )?,
        StatedClockEvent { evidence: shown(house, now).await?, ..told("2026-02-28T08:10:00Z", warned, "")? },
        told("2026-02-28T15:00:00Z", asked, "Fiction of the demo: which laboratories still send results?")?,
    ];
    house.tell_clocks(&analyst(now), (id, Clock::Nis2SignificantIncident), all).await?;
    Ok(())
}

/// The newest document of the system that is hit.
async fn shown(house: &House, now: Timestamp) -> Result<Vec<ClockEvidence>> {
    let desk = house.desk(Viewer::Operator, now).await?;
    let bound = desk.snapshot.bindings.iter().filter(|binding| binding.system.0 == SYSTEM);
    let newest = bound.map(|binding| binding.document).max();
    newest.map(|document| document_evidence(&desk, &document.to_string())).into_iter().collect()
}

/// A date that no list sets, but a letter.
async fn letter(house: &House, id: IncidentId, now: Timestamp) -> Result<()> {
    let due = Happened::DueStated(moment("2026-03-05T00:00:00Z")?);
    let all = vec![
        told("2026-02-27T16:00:00Z", Happened::RoleConfirmed(Obliged::OwnPolicy), "")?,
        StatedClockEvent {
            source: "Fiction of the demo: letter NIRT 2026-17 of the National Incident Response Team".to_owned(),
            ..told("2026-02-27T16:00:00Z", due, "")?
        },
    ];
    house.tell_clocks(&analyst(now), (id, Clock::KevDueDate), all).await?;
    Ok(())
}

/// What an authority asked of the office, one answered and one that waits.
async fn asked(house: &House, now: Timestamp) -> Result<()> {
    let request = |about: &str, at: &str, due: &str| -> Result<AuthorityEvent> {
        Ok(AuthorityEvent::Asked {
            authority: "Market Surveillance of Norvania".to_owned(),
            about: format!("Fiction of the demo: {about}"),
            at: moment(at)?,
            agency: None,
            reference: String::new(),
            due: Some(moment(due)?),
        })
    };
    let policy = request("the security policy of the forms", "2026-02-09T08:00:00Z", "2026-02-23T23:59:59Z")?;
    let first = house.note_authority_request(&analyst(now), policy).await?;
    let answer = AuthorityEvent::Answered {
        at: moment("2026-02-18T14:00:00Z")?,
        with: "Fiction of the demo: the policy as it is published, and who answers for it.".to_owned(),
        evidence: Vec::new(),
    };
    house.note_authority_event(&analyst(now), first, answer).await?;
    let contact = request("who is reached at night", "2026-02-26T08:00:00Z", "2026-03-12T23:59:59Z")?;
    house.note_authority_request(&analyst(now), contact).await?;
    Ok(())
}
