// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How agencies and systems stand now, and how far a role reaches among them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use underpin_model::Timestamp;
use underpin_model::people::Reach;
use underpin_model::registry::{Agency, Classification, System};

use crate::LedgerError;
use crate::versions::{Kind, parse};

/// How the body of a system is told that is kept in compartments: only such a one is read.
pub(crate) const COMPARTMENTS: &str = "\"compartments\"";

/// The row of the registry that says how a thing stands now.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) owner: String,
    pub(crate) secrecy: i64,
    pub(crate) compartments: Vec<String>,
    valid_from: Timestamp,
    valid_until: Timestamp,
    predecessors: Vec<String>,
}

/// Collects how things stand now from the rows that are believed now.
#[derive(Debug)]
pub(crate) struct Standings {
    pub(crate) agencies: HashMap<String, Standing>,
    pub(crate) systems: HashMap<String, Standing>,
    /// From the last beginning that has passed …
    since: Timestamp,
    /// … to the next one: within, things stand the same.
    until: Timestamp,
}

impl Default for Standings {
    fn default() -> Self {
        Self { agencies: HashMap::new(), systems: HashMap::new(), since: Timestamp::MIN, until: Timestamp(i64::MAX) }
    }
}

/// A row of the registry that is believed now.
pub(crate) struct BelievedRow<'r> {
    pub(crate) kind: Kind,
    pub(crate) id: &'r str,
    pub(crate) owner: &'r str,
    pub(crate) secrecy: i64,
    pub(crate) body: &'r str,
    pub(crate) valid_from: Timestamp,
    pub(crate) valid_until: Timestamp,
}

/// The place of a classification, as stored.
pub(crate) fn secrecy(classification: Classification) -> i64 {
    Classification::ALL.iter().position(|known| *known == classification).map_or(i64::MAX, |place| place as i64)
}

impl Standings {
    /// Looks at a believed row. The last one that has begun by `now` is how the thing stands (the first one to come
    /// where none has); ended ones too, for the last word on a thing keeps deciding who may see its past.
    pub(crate) fn add(&mut self, row: BelievedRow<'_>, now: Timestamp) -> Result<(), LedgerError> {
        if row.valid_from <= now {
            self.since = self.since.max(row.valid_from);
        } else {
            self.until = self.until.min(row.valid_from);
        }
        let things = match row.kind {
            Kind::Agency => &mut self.agencies,
            Kind::System => &mut self.systems,
            Kind::Deployment | Kind::Mapping => return Ok(()),
        };
        let better = |known: &Standing| match (row.valid_from <= now, known.valid_from <= now) {
            (true, true) => row.valid_from > known.valid_from,
            (true, false) => true,
            (false, true) => false,
            (false, false) => row.valid_from < known.valid_from,
        };
        if !things.get(row.id).is_none_or(better) {
            return Ok(());
        }
        let predecessors = match row.kind {
            Kind::Agency => parse::<Agency>(row.kind, row.id, row.body)?.predecessors,
            _ => Vec::new(),
        };
        let compartments = match row.kind {
            Kind::System if row.body.contains(COMPARTMENTS) => {
                parse::<System>(row.kind, row.id, row.body)?.compartments
            }
            _ => Vec::new(),
        };
        let standing = Standing {
            owner: row.owner.to_owned(),
            secrecy: row.secrecy,
            compartments,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            predecessors: predecessors.into_iter().map(|id| id.0).collect(),
        };
        things.insert(row.id.to_owned(), standing);
        Ok(())
    }
}

/// How things stood when somebody looked last, kept for whoever looks next: on a nation it takes a long time to read.
#[derive(Debug, Default)]
pub(crate) struct KnownStandings(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    /// Revisions of the ledger, the first and the last one, between which the registry stayed the same.
    revisions: (i64, i64),
    standings: Arc<Standings>,
}

impl KnownStandings {
    fn lock(&self) -> MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How things stand in this revision and at this moment, where that is known.
    pub(crate) fn get(&self, revision: i64, now: Timestamp) -> Option<Arc<Standings>> {
        let known = self.lock();
        let known = known.as_ref().filter(|known| known.revisions.0 <= revision && revision <= known.revisions.1)?;
        let holds = known.standings.since <= now && now < known.standings.until;
        holds.then(|| Arc::clone(&known.standings))
    }

    /// Remembers how things stand in a revision. What is known of a later one stays.
    pub(crate) fn put(&self, revision: i64, standings: &Arc<Standings>) {
        let mut known = self.lock();
        if known.as_ref().is_none_or(|known| known.revisions.1 <= revision) {
            *known = Some(Known { revisions: (revision, revision), standings: Arc::clone(standings) });
        }
    }

    /// A revision came that left the registry as it was.
    pub(crate) fn carry(&self, revision: i64) {
        if let Some(known) = self.lock().as_mut().filter(|known| known.revisions.1.checked_add(1) == Some(revision)) {
            known.revisions.1 = revision;
        }
    }
}

/// The tree of agencies as it stands now.
pub(crate) struct Tree<'s> {
    agencies: &'s HashMap<String, Standing>,
    below: HashMap<&'s str, Vec<&'s str>>,
    now: Timestamp,
}

impl<'s> Tree<'s> {
    pub(crate) fn new(agencies: &'s HashMap<String, Standing>, now: Timestamp) -> Self {
        let ended = |id: &str| agencies.get(id).is_some_and(|agency| agency.valid_until <= now);
        Self { agencies, below: below(agencies, ended), now }
    }

    fn has_ended(&self, id: &str) -> bool {
        self.agencies.get(id).is_some_and(|agency| agency.valid_until <= self.now)
    }

    /// Those that are there and have not ended: an agency that is no more gives no rights.
    pub(crate) fn living<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Vec<&'s str> {
        let known = ids.filter_map(|id| self.agencies.get_key_value(id)).map(|(id, _)| id.as_str());
        known.filter(|id| !self.has_ended(id)).collect()
    }

    /// These agencies with all that is below them.
    pub(crate) fn with_below(&self, ids: Vec<&'s str>) -> HashSet<String> {
        reach(&self.below, ids, |_| true)
    }

    /// These agencies with what they have inherited from those that ended.
    pub(crate) fn with_inherited(&self, ids: Vec<&'s str>) -> HashSet<String> {
        reach(&self.below, ids, |id| self.has_ended(id))
    }

    /// The parents of these agencies, and their parents.
    pub(crate) fn ancestors(&self, of: &[&'s str]) -> Vec<&'s str> {
        let mut above: Vec<&str> = Vec::new();
        for id in of {
            let mut child = *id;
            while let Some(parent) = self.agencies.get(child).map(|agency| agency.owner.as_str()) {
                if parent.is_empty() || above.contains(&parent) {
                    break;
                }
                above.push(parent);
                child = parent;
            }
        }
        above
    }
}

/// How far something reaches.
#[derive(Debug, Default)]
pub(crate) struct Region {
    /// Everywhere.
    pub(crate) government: bool,
    /// Agencies, with all that is below them.
    pub(crate) agencies: HashSet<String>,
    /// Single systems.
    pub(crate) systems: HashSet<String>,
}

impl Region {
    /// What these reaches cover together.
    pub(crate) fn of<'r>(tree: &Tree<'_>, reaches: impl Iterator<Item = &'r Reach> + Clone) -> Self {
        let agencies = reaches.clone().filter_map(|reach| match reach {
            Reach::Agency(id) => Some(id.0.as_str()),
            Reach::Government | Reach::System(_) => None,
        });
        let systems = reaches.clone().filter_map(|reach| match reach {
            Reach::System(id) => Some(id.0.clone()),
            Reach::Government | Reach::Agency(_) => None,
        });
        Self {
            government: reaches.clone().any(|reach| *reach == Reach::Government),
            agencies: tree.with_below(tree.living(agencies)),
            systems: systems.collect(),
        }
    }

    pub(crate) fn covers_agency(&self, id: &str) -> bool {
        self.government || self.agencies.contains(id)
    }

    pub(crate) fn covers_system(&self, id: &str, owner: &str) -> bool {
        self.covers_agency(owner) || self.systems.contains(id)
    }
}

/// What lies below each agency: its children, and the ended ones that are counted as part of it.
fn below(agencies: &HashMap<String, Standing>, ended: impl Fn(&str) -> bool) -> HashMap<&str, Vec<&str>> {
    let mut successors: HashMap<&str, Vec<&str>> = HashMap::new();
    for (id, agency) in agencies {
        for predecessor in agency.predecessors.iter().filter(|predecessor| ended(predecessor)) {
            successors.entry(predecessor).or_default().push(id);
        }
    }
    let mut below: HashMap<&str, Vec<&str>> = HashMap::new();
    for (id, agency) in agencies {
        let above = match successors.get(id.as_str()).map(Vec::as_slice) {
            Some([only]) => *only,
            Some(_) => continue,
            None => agency.owner.as_str(),
        };
        below.entry(above).or_default().push(id);
    }
    below
}

/// These agencies, and those below them as far as `follow` says.
fn reach<'s>(
    below: &HashMap<&'s str, Vec<&'s str>>,
    mut open: Vec<&'s str>,
    follow: impl Fn(&str) -> bool,
) -> HashSet<String> {
    let mut reached = HashSet::new();
    while let Some(id) = open.pop() {
        if reached.insert(id.to_owned()) {
            open.extend(below.get(id).into_iter().flatten().filter(|id| follow(id)));
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::STILL;

    fn standings(beginnings: &[i64], now: i64) -> Arc<Standings> {
        let mut standings = Standings::default();
        for (number, from) in beginnings.iter().enumerate() {
            let row = BelievedRow {
                kind: Kind::System,
                id: &format!("system-{number}"),
                owner: "tax",
                secrecy: 1,
                body: "",
                valid_from: Timestamp(*from),
                valid_until: Timestamp(STILL),
            };
            standings.add(row, Timestamp(now)).expect("a row");
        }
        Arc::new(standings)
    }

    #[test]
    fn what_is_known_holds_between_two_beginnings() {
        let known = KnownStandings::default();
        known.put(7, &standings(&[10, 20, 30], 25));
        for (now, holds) in [(19, false), (20, true), (25, true), (29, true), (30, false)] {
            assert_eq!(known.get(7, Timestamp(now)).is_some(), holds, "at {now}");
        }
    }

    #[test]
    fn what_is_known_holds_as_long_as_the_registry_stays() {
        let (known, now) = (KnownStandings::default(), Timestamp(25));
        let holds = |revisions: &[i64]| revisions.iter().map(|one| known.get(*one, now).is_some()).collect::<Vec<_>>();
        known.put(7, &standings(&[10], 25));
        known.carry(8);
        assert_eq!(holds(&[6, 7, 8, 9]), [false, true, true, false]);
        // Revision 9 was about the registry, or of another process.
        known.carry(10);
        assert_eq!(holds(&[8, 9, 10]), [true, false, false]);
        known.put(10, &standings(&[10, 11], 25));
        assert_eq!(holds(&[8, 9, 10]), [false, false, true]);
        // Whoever read long ago takes nothing away.
        known.put(7, &standings(&[10], 25));
        assert_eq!(holds(&[7, 10]), [false, true]);
    }
}
