// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Patches that systems and agencies carry, each line as somebody found one. Nothing is overwritten; the newest line of a patch counts.
//!
//! Somebody takes stock of all patches of a project at a place at once: what is no longer there is written down as gone. Who sees
//! and writes them follows from the place, as everywhere ([`access`](crate::access)).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::engagement::{CarriedPatch, CarriedSource, TakenPatches};
use underpin_model::limits::bounds::{CARRIED_FIELD_BYTES, CARRIED_PATCHES, CARRIED_PLACES};
use underpin_model::people::Act;
use underpin_model::registry::{AgencyId, SystemId};
use underpin_model::watch::Place;

use crate::access::Access;
use crate::change::Change;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of};
use crate::ledger::{Reader, Writer, next_number};
use crate::projects::check_key;
use crate::value::{Value, values};
use crate::versions::{Kind, existing};
use crate::{LedgerError, bulk, references};

/// Columns that are written, in order.
const COLUMNS: &str = "number, agency, system, project, source, name, body, actor, moment, revision";

/// How a carried patch was found once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedRecord {
    /// Number.
    pub number: i64,
    /// Who carries it: a system, or an agency as a whole.
    pub place: Place,
    /// The key of the project that it changes.
    pub project: String,
    /// Where it was seen.
    pub source: CarriedSource,
    /// What was found.
    pub patch: CarriedPatch,
    /// Login of whoever wrote it down.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
}

impl Reader {
    /// Lines about patches within sight that were written down by a moment, the oldest first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn carried_patches(&self, as_of: Timestamp) -> Result<Vec<CarriedRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let mut found = read(&mut session, None, as_of).await?;
        found.retain(|record| access.may(Act::Read, &record.place));
        Ok(found)
    }
}

impl Writer {
    /// Takes stock of the patches of a project at a place, from one source. What is as it was leaves no line.
    ///
    /// # Errors
    /// [`LedgerError::InvalidPatch`], [`LedgerError::InvalidProject`], [`LedgerError::TooLong`], [`LedgerError::UnknownSystem`] and
    /// [`LedgerError::UnknownAgency`] for a place that is not there or out of sight, [`LedgerError::NotAllowed`], and what the
    /// database says.
    pub async fn carry_patches(
        &self,
        at: Timestamp,
        (place, project): (&Place, &str),
        source: CarriedSource,
        patches: Vec<CarriedPatch>,
    ) -> Result<TakenPatches, LedgerError> {
        check_key(project)?;
        check(&patches)?;
        let mut change = self.change(at, "write down carried patches").await?;
        allowed(&mut change, place).await?;
        let of = (place, project, source);
        let before = read(&mut change.session, Some(of), Timestamp::MAX).await?;
        let mut before: BTreeMap<String, CarriedPatch> =
            before.into_iter().map(|record| (record.patch.name.clone(), record.patch)).collect();
        let mut taken = TakenPatches { found: patches.len(), ..TakenPatches::default() };
        let mut lines = Vec::new();
        for patch in patches {
            match before.remove(&patch.name) {
                Some(known) if known == patch => continue,
                Some(known) if known.is_carried => taken.changed += 1,
                _ => taken.new += 1,
            }
            lines.push(patch);
        }
        for known in before.into_values().filter(|known| known.is_carried) {
            taken.gone += 1;
            lines.push(CarriedPatch { is_carried: false, ..known });
        }
        write(&mut change, of, lines).await?;
        change.commit().await?;
        Ok(taken)
    }
}

/// Refuses what can be no stock of patches.
fn check(patches: &[CarriedPatch]) -> Result<(), LedgerError> {
    let mut names = BTreeSet::new();
    if patches.len() > CARRIED_PATCHES {
        return Err(too_long("the list of patches", patches.len(), CARRIED_PATCHES));
    }
    for patch in patches {
        if patch.name.trim().is_empty() || patch.name.contains(char::is_control) {
            return Err(LedgerError::InvalidPatch("the name of a patch is one line".to_owned()));
        }
        if !names.insert(patch.name.as_str()) {
            return Err(LedgerError::InvalidPatch(format!("{} stands there twice", patch.name)));
        }
        if patch.places.len() > CARRIED_PLACES {
            return Err(too_long("the addresses of a patch", patch.places.len(), CARRIED_PLACES));
        }
        let texts = patch.title.iter().chain(&patch.patch_id).chain(&patch.places).chain([&patch.name]);
        if let Some(text) = texts.into_iter().find(|text| text.len() > CARRIED_FIELD_BYTES) {
            return Err(too_long("what is said of a patch", text.len(), CARRIED_FIELD_BYTES));
        }
    }
    Ok(())
}

/// Who may hand documents in at the place. A place out of sight is not there.
async fn allowed(change: &mut Change, place: &Place) -> Result<(), LedgerError> {
    let (kind, id) = match place {
        Place::System(id) => (Kind::System, id.0.as_str()),
        Place::Agency(id) => (Kind::Agency, id.0.as_str()),
        Place::Artefact { .. } | Place::Government => {
            return Err(LedgerError::InvalidPatch("a system or an agency carries a patch".to_owned()));
        }
    };
    let is_there = existing(&mut change.session, kind, &[Value::from(id)], None).await?.contains(id);
    let access: Option<Access> = change.access().await?;
    if !is_there || access.as_ref().is_some_and(|access| !access.may(Act::Read, place)) {
        return Err(references::unknown(kind, id, "the patches"));
    }
    if access.is_some_and(|access| !access.may(Act::HandIn, place)) {
        return Err(change.refuse("write down carried patches"));
    }
    Ok(())
}

/// Agency and system of a place, as columns.
fn columns(place: &Place) -> (&str, &str) {
    match place {
        Place::System(id) | Place::Artefact { system: id, .. } => ("", &id.0),
        Place::Agency(id) => (&id.0, ""),
        Place::Government => ("", ""),
    }
}

/// What the patches of a place are called in the audit chain.
fn subject(agency: &str, system: &str) -> String {
    if system.is_empty() { format!("carried agency {agency}") } else { format!("carried system {system}") }
}

fn told_line(project: &str, source: CarriedSource, body: &Json) -> Json {
    json!({ "project": project, "source": source, "patch": body })
}

async fn write(
    change: &mut Change,
    (place, project, source): (&Place, &str, CarriedSource),
    lines: Vec<CarriedPatch>,
) -> Result<(), LedgerError> {
    if lines.is_empty() {
        return Ok(());
    }
    let (agency, system) = columns(place);
    let first = next_number(&mut change.session, "carried-patch", lines.len() as u64).await?;
    let mut rows = Vec::with_capacity(lines.len() * 10);
    for (number, patch) in (first..).zip(lines) {
        let body = json!(patch);
        rows.extend(values![
            number,
            agency,
            system,
            project,
            source.as_str(),
            patch.name.as_str(),
            body.to_string(),
            change.actor(),
            change.at,
            change.revision
        ]);
        change.note("carry-patch", subject(agency, system), None, Some(told_line(project, source, &body)));
    }
    bulk::insert(&mut change.session, &format!("INSERT INTO carried_patch ({COLUMNS})"), 10, "", rows).await?;
    Ok(())
}

async fn read(
    session: &mut Session,
    of: Option<(&Place, &str, CarriedSource)>,
    as_of: Timestamp,
) -> Result<Vec<CarriedRecord>, LedgerError> {
    let (place, project, source) = match of {
        Some((place, project, source)) => (columns(place), project, source),
        None => (("", ""), "", CarriedSource::default()),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM carried_patch WHERE moment <= $1 AND ($2 = 1 OR (agency = $3 AND system = $4 AND \
         project = $5 AND source = $6)) ORDER BY number"
    );
    let values = values![as_of, of.is_none(), place.0, place.1, project, source.as_str()];
    let mut found = Vec::new();
    session
        .each(&sql, values, |row| {
            let (agency, system) = (row.text(1)?, row.text(2)?);
            let named = subject(&agency, &system);
            let place =
                if system.is_empty() { Place::Agency(AgencyId(agency)) } else { Place::System(SystemId(system)) };
            found.push(CarriedRecord {
                number: row.integer(0)?,
                place,
                project: row.text(3)?,
                source: row.word(4)?,
                patch: serde_json::from_value(json_of(&row, 6, &named)?).map_err(|error| damaged(&named, &error))?,
                actor: row.text(7)?,
                moment: row.timestamp(8)?,
            });
            Ok(())
        })
        .await?;
    Ok(found)
}

/// All that was ever written down, for the comparison with the audit chain: about what, in which revision, and the words.
pub(crate) async fn told(session: &mut Session) -> Result<Vec<(String, i64, Json)>, LedgerError> {
    let mut lines = Vec::new();
    session
        .each("SELECT agency, system, project, source, body, revision FROM carried_patch", vec![], |row| {
            let body: Json = serde_json::from_str(row.text_ref(4)?).unwrap_or_default();
            let about = subject(row.text_ref(0)?, row.text_ref(1)?);
            lines.push((about, row.integer(5)?, told_line(row.text_ref(2)?, row.word(3)?, &body)));
            Ok(())
        })
        .await?;
    Ok(lines)
}
