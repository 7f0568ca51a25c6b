// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What people say happened to the reporting clocks of incidents, each line as it was said once. Nothing is overwritten: a mistake is
//! corrected or withdrawn by a later event, and both stay.
//!
//! Clocks are seen with their incident, and told by whoever may lead there. Where a step stands is not here: it follows from the events.

use std::collections::HashSet;

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::clocks::{Clock, ClockEvent, Happened, StatedClockEvent};
use underpin_model::incidents::IncidentId;
use underpin_model::law_roles::RoleSubject;
use underpin_model::limits::bounds::{CLOCK_EVENTS, LAW_EVIDENCE, LAW_FIELD_BYTES, LAW_TEXT_BYTES};
use underpin_model::people::Act;
use underpin_model::registry::is_identifier;

use crate::access::Access;
use crate::change::Change;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, governed, json_of, may, subject, told_event};
use crate::law_roles::{must_see, sees};
use crate::ledger::{Reader, Writer, next_number};
use crate::value::values;
use crate::{LedgerError, STILL};

const COLUMNS: &str = "number, incident, clock, body, actor, moment, revision";

/// An event of a reporting clock, as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockEventRecord {
    /// Its number, by which later events name it.
    pub number: u64,
    /// The incident.
    pub incident: IncidentId,
    /// The clock.
    pub clock: Clock,
    /// What was stated.
    pub stated: StatedClockEvent,
    /// Login of whoever said it.
    pub actor: String,
    /// When it was said.
    pub moment: Timestamp,
}

impl ClockEventRecord {
    /// The event as clocks are judged by it.
    pub fn event(&self) -> ClockEvent {
        let StatedClockEvent { at, amends, happened, .. } = &self.stated;
        ClockEvent {
            number: self.number,
            at: *at,
            said: Some(self.moment),
            amends: *amends,
            happened: happened.clone(),
        }
    }
}

impl Reader {
    /// What had been said by a moment about the clocks of one incident or of all that the viewer may see, by number. What is said of
    /// an agency, a system or a product is for who sees it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn clock_events(
        &self,
        of: Option<IncidentId>,
        as_of: Timestamp,
    ) -> Result<Vec<ClockEventRecord>, LedgerError> {
        let seen: HashSet<IncidentId> = self.incidents(as_of).await?.into_iter().map(|incident| incident.id).collect();
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let mut found = read(&mut session, of, as_of).await?;
        let sees = |record: &ClockEventRecord| record.stated.whom.as_ref().is_none_or(|whom| sees(&access, whom));
        found.retain(|record| seen.contains(&record.incident) && sees(record));
        Ok(found)
    }
}

impl Writer {
    /// Writes down what happened to a clock of an incident. Returns the number of the event.
    ///
    /// # Errors
    /// [`LedgerError::InvalidClockEvent`] for what cannot have happened or amends nothing, [`LedgerError::TooLong`],
    /// [`LedgerError::UnknownIncident`] also for one out of sight, [`LedgerError::NotAllowed`], and what the database says.
    pub async fn note_clock_event(
        &self,
        at: Timestamp,
        of: (IncidentId, Clock),
        stated: StatedClockEvent,
    ) -> Result<u64, LedgerError> {
        let numbers = self.note_clock_events(at, of, vec![stated]).await?;
        numbers.first().copied().ok_or_else(|| invalid("nothing was said"))
    }

    /// The same for several events that are said together: all are written down, or none. Returns their numbers.
    ///
    /// # Errors
    /// As [`Self::note_clock_event`].
    pub async fn note_clock_events(
        &self,
        at: Timestamp,
        (incident, clock): (IncidentId, Clock),
        all: Vec<StatedClockEvent>,
    ) -> Result<Vec<u64>, LedgerError> {
        all.iter().try_for_each(check)?;
        let mut change = self.change(at, "write down what happened to a reporting clock").await?;
        let (known, access) = governed(&mut change, incident).await?;
        if !may(access.as_ref(), Act::Lead, &known.place) {
            return Err(change.refuse(&format!("tell of a reporting clock of incident {incident}")));
        }
        if known.is_drill {
            return Err(invalid("a drill binds nobody: no reporting clock runs in it"));
        }
        if all.is_empty() {
            return Err(invalid("nothing was said"));
        }
        if all.iter().any(|stated| stated.at > change.at) {
            return Err(invalid("what happened cannot lie in the future"));
        }
        let before = read(&mut change.session, Some(incident), Timestamp(STILL)).await?;
        let told = before.len() + all.len();
        if told > CLOCK_EVENTS {
            return Err(too_long("the history of the clocks of an incident", told, CLOCK_EVENTS));
        }
        let own: Vec<ClockEventRecord> = before.into_iter().filter(|record| record.clock == clock).collect();
        let mut numbers = Vec::new();
        for stated in all {
            let stated = of_whom(&mut change, access.as_ref(), &own, stated).await?;
            numbers.push(insert(&mut change, (incident, clock), &stated).await?);
        }
        change.commit().await?;
        Ok(numbers)
    }
}

/// An event with whom it is about: a correction speaks of the same one as what it corrects, so that each history is whole.
async fn of_whom(
    change: &mut Change,
    access: Option<&Access>,
    own: &[ClockEventRecord],
    mut stated: StatedClockEvent,
) -> Result<StatedClockEvent, LedgerError> {
    if let Some(whom) = &stated.whom {
        must_see(change, access, whom, "a reporting clock").await?;
    }
    let Some(amended) = stated.amends else { return Ok(stated) };
    let is_seen = |record: &&ClockEventRecord| {
        record.stated.whom.as_ref().is_none_or(|whom| access.is_none_or(|access| sees(access, whom)))
    };
    let found = own.iter().filter(is_seen).find(|record| record.number == amended);
    let Some(found) = found else {
        return Err(invalid(&format!("this clock has no event {amended} that could be corrected")));
    };
    if stated.whom.is_none() {
        stated.whom = found.stated.whom.clone();
    }
    match stated.whom == found.stated.whom {
        true => Ok(stated),
        false => Err(invalid("a correction speaks of the same one; withdraw the event and tell it anew")),
    }
}

async fn insert(
    change: &mut Change,
    (incident, clock): (IncidentId, Clock),
    stated: &StatedClockEvent,
) -> Result<u64, LedgerError> {
    let number = next_number(&mut change.session, "clock-event", 1).await?;
    let body = json!(stated);
    let sql = format!("INSERT INTO clock_event ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    let (moment, revision) = (change.at, change.revision);
    let row = values![number, incident.0, clock.as_str(), body.to_string(), change.actor(), moment, revision];
    change.session.execute(&sql, row).await?;
    let after = told_clock(clock, &body, change.actor(), change.at);
    change.note("note-clock-event", subject(incident), None, Some(after));
    number_of(number)
}

fn invalid(why: &str) -> LedgerError {
    LedgerError::InvalidClockEvent(why.to_owned())
}

fn number_of(number: i64) -> Result<u64, LedgerError> {
    u64::try_from(number).map_err(|_| LedgerError::Damaged {
        place: "the number of a clock event".to_owned(),
        detail: format!("{number} is below zero"),
    })
}

fn check(stated: &StatedClockEvent) -> Result<(), LedgerError> {
    if stated.amends.is_none() && stated.happened == Happened::Withdrawn {
        return Err(invalid("what is withdrawn needs the number of an event"));
    }
    if let Some(RoleSubject::Product { name, .. }) = &stated.whom
        && !is_identifier(name)
    {
        return Err(invalid("the name of a product is an identifier: small letters, digits, hyphens"));
    }
    check_source(stated)?;
    if stated.note.contains(|letter: char| letter.is_control() && letter != '\n') {
        return Err(invalid("its note is plain text"));
    }
    if stated.note.len() > LAW_TEXT_BYTES {
        return Err(too_long("the note of a clock event", stated.note.len(), LAW_TEXT_BYTES));
    }
    if stated.evidence.len() > LAW_EVIDENCE {
        return Err(too_long("the list of evidence", stated.evidence.len(), LAW_EVIDENCE));
    }
    for one in &stated.evidence {
        if one.name.trim().is_empty() || one.name.contains(char::is_control) {
            return Err(invalid("evidence needs a name of one line"));
        }
        if one.name.len() > LAW_FIELD_BYTES {
            return Err(too_long("the name of evidence", one.name.len(), LAW_FIELD_BYTES));
        }
        let is_digest =
            one.sha256.len() == 64 && one.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !one.sha256.is_empty() && !is_digest {
            return Err(invalid("a digest is 64 hexadecimal digits in small letters"));
        }
    }
    Ok(())
}

/// A date that only a person knows is worth what it comes from.
fn check_source(stated: &StatedClockEvent) -> Result<(), LedgerError> {
    let source = &stated.source;
    if matches!(stated.happened, Happened::DueStated(_)) && source.trim().is_empty() {
        return Err(invalid("a due date that a person states needs its source: the directive or letter that sets it"));
    }
    if source.contains(char::is_control) {
        return Err(invalid("its source is one line of plain text"));
    }
    match source.len() > LAW_FIELD_BYTES {
        true => Err(too_long("the source of a clock event", source.len(), LAW_FIELD_BYTES)),
        false => Ok(()),
    }
}

/// What happened, as the audit chain keeps it.
fn told_clock(clock: Clock, body: &Json, actor: &str, at: Timestamp) -> Json {
    let mut told = told_event(body, actor, at);
    if let Json::Object(fields) = &mut told {
        fields.insert("clock".to_owned(), clock.as_str().into());
    }
    told
}

async fn read(
    session: &mut Session,
    of: Option<IncidentId>,
    as_of: Timestamp,
) -> Result<Vec<ClockEventRecord>, LedgerError> {
    let mut found = Vec::new();
    let sql =
        format!("SELECT {COLUMNS} FROM clock_event WHERE moment <= $1 AND (incident = $2 OR $3 = 1) ORDER BY number");
    session
        .each(&sql, values![as_of, of.map_or(0, |id| id.0), of.is_none()], |row| {
            let incident = IncidentId(row.integer(1)?);
            let place = format!("clock event of {}", subject(incident));
            let stated = serde_json::from_value(json_of(&row, 3, &place)?).map_err(|error| damaged(&place, &error))?;
            found.push(ClockEventRecord {
                number: number_of(row.integer(0)?)?,
                incident,
                clock: row.word(2)?,
                stated,
                actor: row.text(4)?,
                moment: row.timestamp(5)?,
            });
            Ok(())
        })
        .await?;
    Ok(found)
}

/// All that was ever said, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT incident, clock, body, actor, moment, revision FROM clock_event", vec![], |row| {
            let body: Json = serde_json::from_str(row.text_ref(2)?).unwrap_or_default();
            let mut told = told_event(&body, row.text_ref(3)?, row.timestamp(4)?);
            if let Json::Object(fields) = &mut told {
                fields.insert("clock".to_owned(), row.text_ref(1)?.into());
            }
            lines.push((subject(IncidentId(row.integer(0)?)), row.integer(5)?, told));
            Ok(())
        })
        .await?;
    Ok(lines)
}
