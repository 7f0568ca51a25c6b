// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What lies out of a reader's sight, in totals that tell of nothing single: the one place that looks beyond the rights of who asks, and
//! gives back nothing but [`SafeTotal`]s.
//!
//! Only reach is looked beyond. What lies above the clearance, or in a compartment that the reader is not let into, is in no total.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;
pub use underpin_assess::totals::SafeTotal;
use underpin_assess::totals::{Hidden, Rollup, offset_key, safe_rollup, safe_total};
use underpin_model::coverage::CoverageState;
use underpin_model::incidents::{IncidentId, SystemStanding};
use underpin_model::people::Act;
use underpin_model::registry::{Agency, AgencyId, Classification, System, SystemStatus};
use underpin_model::{Timestamp, Viewer};

use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::estate::Watched;

/// The whole picture, kept while nothing changes.
pub(crate) struct Whole {
    desk: Desk,
    watched: OnceCell<Watched>,
    /// From which secret the offsets of roundings are made.
    secret: String,
}

/// The picture that was taken last.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<(i64, Timestamp, Arc<Whole>)>>);

impl std::fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Kept")
    }
}

/// Systems elsewhere in the government.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// How many there are.
    pub systems: SafeTotal,
    /// Of how many the contents are known.
    pub known: SafeTotal,
}

/// Systems elsewhere that an incident hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitElsewhere {
    /// All of them.
    pub sum: SafeTotal,
    /// By ministry, where the reader sees its name.
    pub ministries: Vec<(String, SafeTotal)>,
}

impl House {
    /// Systems elsewhere in the government; `None` for who reads everywhere, and where the operator has switched such totals off.
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub async fn elsewhere(&self, own: &Desk) -> Result<Option<Elsewhere>> {
        let Some(whole) = self.whole_picture(own).await? else { return Ok(None) };
        let answer = whole.desk.coverage(self.limits().stale_days)?;
        let known: HashSet<&str> = answer
            .systems
            .iter()
            .filter(|system| system.state == CoverageState::Known)
            .map(|system| system.system.0.as_str())
            .collect();
        let hidden: Vec<&System> = hidden(own, &whole.desk).collect();
        let parts = hidden.len() as u64;
        let of = |question: &str, value: u64| {
            safe_total(&Hidden { parts, value, key: offset_key(whole.secret.as_bytes(), question, &place_of(own)) })
        };
        let known = hidden.iter().filter(|system| known.contains(system.id.0.as_str())).count() as u64;
        Ok(Some(Elsewhere { systems: of("systems", parts), known: of("known", known) }))
    }

    /// Systems elsewhere that an incident hits, which the reader sees; `None` as for [`Self::elsewhere`].
    ///
    /// # Errors
    /// As there, and `not-found` for an incident that is out of sight.
    pub async fn hit_elsewhere(&self, own: &Desk, id: IncidentId) -> Result<Option<HitElsewhere>> {
        // Who may not see the incident learns nothing of it.
        self.seen_incident(own, id).await?;
        let Some(whole) = self.whole_picture(own).await? else { return Ok(None) };
        let watched = whole.watched.get_or_try_init(|| self.watch(&whole.desk)).await?;
        let room = self.incident(&whole.desk, watched, id).await?;
        let hit: HashSet<&str> = room
            .systems
            .iter()
            .filter(|row| row.standing == SystemStanding::Hit)
            .map(|row| row.system.as_str())
            .collect();
        let question = format!("hit {id}");
        let key = |place: &str| offset_key(whole.secret.as_bytes(), &question, &format!("{} {place}", place_of(own)));
        let mut places: BTreeMap<&str, Hidden> = BTreeMap::new();
        for system in hidden(own, &whole.desk) {
            let ministry = top(&whole.desk, &system.agency);
            let place =
                places.entry(&ministry.0).or_insert_with(|| Hidden { key: key(&ministry.0), ..Hidden::default() });
            place.parts += 1;
            place.value += u64::from(hit.contains(system.id.0.as_str()));
        }
        let counted: Vec<Hidden> = places.values().copied().collect();
        let Rollup { places: shown, sum } = safe_rollup(&counted, key(""));
        let named = |id: &str| own.agency(&AgencyId(id.to_owned())).map(|agency: &Agency| agency.name.clone());
        let ministries = places.keys().zip(shown).filter_map(|(id, total)| Some((named(id)?, total))).collect();
        Ok(Some(HitElsewhere { sum, ministries }))
    }

    /// Systems elsewhere that run an own repository which the reader sees; `None` as for [`Self::elsewhere`].
    ///
    /// # Errors
    /// When the ledger cannot be read, or evidence is damaged.
    pub(crate) async fn running_elsewhere(&self, own: &Desk, address: &str) -> Result<Option<SafeTotal>> {
        let Some(whole) = self.whole_picture(own).await? else { return Ok(None) };
        let running = self.running_everywhere(&whole.desk, address).await?;
        let hidden: Vec<&System> = hidden(own, &whole.desk).collect();
        let value = hidden.iter().filter(|system| running.contains(&system.id.0)).count() as u64;
        let key = offset_key(whole.secret.as_bytes(), &format!("runs {address}"), &place_of(own));
        Ok(Some(safe_total(&Hidden { parts: hidden.len() as u64, value, key })))
    }

    /// The whole picture, where a reader may be told of it in totals.
    async fn whole_picture(&self, own: &Desk) -> Result<Option<Arc<Whole>>> {
        let is_partial = !own.viewer.may_everywhere(Act::Read) && own.viewer.may(Act::Read);
        if !self.settings.safe_totals || !is_partial {
            return Ok(None);
        }
        let as_of = own.snapshot.at;
        let revision = self.revision(Viewer::Operator, own.now).await?;
        let lock = || self.whole.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = lock().clone().filter(|(number, at, _)| (*number, *at) == (revision, as_of));
        if let Some((_, _, whole)) = kept {
            return Ok(Some(whole));
        }
        let desk = self.desk_as_of(Viewer::Operator, as_of, own.now).await?;
        let secret = self.rounding_secret().await?;
        let whole = Arc::new(Whole { desk, watched: OnceCell::new(), secret });
        *lock() = Some((revision, as_of, Arc::clone(&whole)));
        Ok(Some(whole))
    }
}

/// Systems that are there and that the reader does not see only because they lie beyond the reach.
fn hidden<'w>(own: &'w Desk, whole: &'w Desk) -> impl Iterator<Item = &'w System> {
    let (clearance, compartments): (Classification, &[String]) = match &own.viewer {
        Viewer::Member { clearance, compartments, .. } => (*clearance, compartments.as_slice()),
        Viewer::Agency { clearance, .. } | Viewer::Analyst { clearance } => (*clearance, &[]),
        Viewer::Stranger | Viewer::Operator => (Classification::default(), &[]),
    };
    let level = |of: Classification| Classification::ALL.iter().position(|one| *one == of);
    whole.snapshot.systems.iter().filter(move |system| {
        system.status == SystemStatus::Active
            && level(system.classification) <= level(clearance)
            && system.compartments.iter().all(|name| compartments.contains(name))
            && own.system_position(&system.id.0).is_none()
    })
}

/// Where the reader stands: everybody with the same reach gets the same roundings.
fn place_of(own: &Desk) -> String {
    let reaches = own.viewer.grants().into_iter().filter(|grant| grant.role.may(Act::Read)).map(|grant| grant.reach);
    let mut reaches: Vec<String> = reaches.map(|reach| format!("{reach:?}")).collect();
    reaches.sort_unstable();
    reaches.dedup();
    reaches.join(" ")
}

/// The agency at the top of the tree that an agency belongs to.
fn top<'d>(desk: &'d Desk, agency: &'d AgencyId) -> &'d AgencyId {
    let mut top = agency;
    // As many steps as there are agencies: a circle ends, too.
    for _ in 0..desk.snapshot.agencies.len() {
        match desk.agency(top).and_then(|agency| agency.parent.as_ref()) {
            Some(parent) => top = parent,
            None => break,
        }
    }
    top
}
