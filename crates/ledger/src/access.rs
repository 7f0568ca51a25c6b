// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who may see what: the one place where authorisation is decided. No SQL predicate repeats it.
//!
//! **The right is that of today, the content is that of the moment asked for.** Whether a viewer may see a system is
//! judged by what the registry says now (its owner, its classification), also when the question is about the past;
//! else a question "as of last year" would open what has been classified since. On top, what is shown from the past
//! must not have been above the clearance then.
//!
//! - A stranger sees nothing. The operator sees everything.
//! - An analyst sees all agencies, and systems up to the clearance.
//! - A viewer of an agency sees its living agencies and what is below them in the tree, and systems of those up to the
//!   clearance. An agency that has ended counts as part of its only successor; without a successor as part of its last
//!   parent; with several successors (a split) nobody inherits it, so only analysts see it.
//! - A deployment or mapping rule is seen with its system.
//! - A bound document is seen with any of its systems; an unbound one by analysts, and by viewers of the agency that
//!   uploaded it, up to the clearance: a new one is internal, and one that was bound before is as secret as the most
//!   secret system it was ever bound to. Both must hold for the bindings of today and for those of the moment asked for.
//! - A decision about a vulnerability is seen by whoever sees its place: its system, its agency, or an agency that hangs
//!   below its agency, for it holds there, too. One for the whole government is seen by everybody but a stranger. It is
//!   made and changed by whoever sees its place, but viewers of an agency make none for the whole government or for
//!   what lies outside their own part of the tree, and change none of the office's.
//! - An advisory of the office is seen up to the clearance: clear and green by every viewer of a living agency and every
//!   analyst; amber by analysts, by viewers who see one of the agencies it names, and by those below such an agency;
//!   amber+strict by analysts and by viewers of the very agencies it names; red by the latter alone, and by the operator.
//!   Both must hold for how it is marked today (or was last) and for how the version asked for was marked.
//! - Editions of feeds and how fetching goes are seen by everybody but a stranger.
//! - Who decides about a whole document (takes it back, has it read again, purges it) must see all systems it is bound
//!   to, for it is taken from all of them.

use std::collections::{HashMap, HashSet};

use underpin_model::people::Reach;
use underpin_model::registry::{Agency, AgencyId, Classification};
use underpin_model::watch::{Place, Tlp};
use underpin_model::{Timestamp, Viewer};

use crate::database::Session;
use crate::value::values;
use crate::versions::{Kind, parse};
use crate::{LedgerError, STILL};

/// What one viewer may see, as the registry stands now.
#[derive(Debug)]
pub(crate) struct Access {
    sight: Sight,
    /// Agencies within sight.
    agencies: HashSet<String>,
    /// Those among them that the viewer belongs to, with what they have inherited.
    own: HashSet<String>,
    /// Those that the viewer's own ones hang below, with what they have inherited.
    above: HashSet<String>,
    parents: HashMap<String, String>,
    systems: HashMap<String, Standing>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sight {
    Nothing,
    Agencies { clearance: i64 },
    UpTo { clearance: i64 },
    Everything,
}

/// Systems that a document is about.
#[derive(Debug, Default)]
pub(crate) struct About<'s> {
    /// Those it is bound to.
    pub(crate) now: Vec<&'s str>,
    /// Those it was ever bound to.
    pub(crate) ever: Vec<&'s str>,
}

impl<'s> About<'s> {
    /// What an unbound document was bound to before.
    pub(crate) fn ever_if_unbound(&self) -> Vec<&'s str> {
        if self.now.is_empty() { self.ever.clone() } else { Vec::new() }
    }
}

/// The row of the registry that says how a thing stands now.
#[derive(Debug)]
pub(crate) struct Standing {
    owner: String,
    secrecy: i64,
    valid_from: Timestamp,
    valid_until: Timestamp,
    predecessors: Vec<String>,
}

/// Collects how things stand now from the rows that are believed now.
#[derive(Debug, Default)]
pub(crate) struct Standings {
    agencies: HashMap<String, Standing>,
    systems: HashMap<String, Standing>,
}

/// The place of a classification, as stored.
pub(crate) fn secrecy(classification: Classification) -> i64 {
    Classification::ALL.iter().position(|known| *known == classification).map_or(i64::MAX, |place| place as i64)
}

impl Standings {
    /// Looks at a believed row. The last one that has begun by `now` is how the thing stands (the first one to come
    /// where none has); ended ones too, for the last word on a thing keeps deciding who may see its past.
    pub(crate) fn add(&mut self, row: BelievedRow<'_>, now: Timestamp) -> Result<(), LedgerError> {
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
        let standing = Standing {
            owner: row.owner.to_owned(),
            secrecy: row.secrecy,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            predecessors: predecessors.into_iter().map(|id| id.0).collect(),
        };
        things.insert(row.id.to_owned(), standing);
        Ok(())
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

impl Access {
    /// Judges by how things stand.
    pub(crate) fn new(viewer: &Viewer, standings: Standings, now: Timestamp) -> Self {
        let (sight, belongs_to) = match viewer {
            Viewer::Stranger => (Sight::Nothing, Vec::new()),
            Viewer::Operator => (Sight::Everything, Vec::new()),
            Viewer::Member { grants, clearance } if grants.iter().any(|grant| grant.reach == Reach::Government) => {
                (Sight::UpTo { clearance: secrecy(*clearance) }, Vec::new())
            }
            Viewer::Member { grants, clearance } => {
                let agencies = grants.iter().filter_map(|grant| match &grant.reach {
                    Reach::Agency(agency) => Some(agency.clone()),
                    Reach::Government | Reach::System(_) => None,
                });
                (Sight::Agencies { clearance: secrecy(*clearance) }, agencies.collect())
            }
            Viewer::Analyst { clearance } => (Sight::UpTo { clearance: secrecy(*clearance) }, Vec::new()),
            Viewer::Agency { agencies, clearance } => {
                (Sight::Agencies { clearance: secrecy(*clearance) }, agencies.clone())
            }
        };
        let known = &standings.agencies;
        let ended = |id: &str| known.get(id).is_some_and(|agency| agency.valid_until <= now);
        let living = belongs_to.iter().map(|id| id.0.as_str()).filter(|id| known.contains_key(*id) && !ended(id));
        let living: Vec<&str> = living.collect();
        let below = below(known, ended);
        let agencies = reach(&below, living.clone(), |_| true);
        let above = reach(&below, ancestors(&living, known), ended);
        let own = reach(&below, living, ended);
        let parents = standings.agencies.into_iter().map(|(id, agency)| (id, agency.owner)).collect();
        Self { sight, agencies, own, above, parents, systems: standings.systems }
    }

    /// Reads how things stand and judges by it.
    pub(crate) async fn load(session: &mut Session, viewer: &Viewer, now: Timestamp) -> Result<Self, LedgerError> {
        let mut standings = Standings::default();
        let sql = "SELECT kind, id, owner, secrecy, CASE WHEN kind = 'agency' THEN body ELSE '' END, valid_from, \
                   valid_until FROM registry WHERE revision_until = $1 AND kind IN ('agency', 'system')";
        if !matches!(viewer, Viewer::Stranger | Viewer::Operator) {
            session
                .each(sql, values![STILL], |row| {
                    let believed = BelievedRow {
                        kind: row.word(0)?,
                        id: row.text_ref(1)?,
                        owner: row.text_ref(2)?,
                        secrecy: row.integer(3)?,
                        body: row.text_ref(4)?,
                        valid_from: row.timestamp(5)?,
                        valid_until: row.timestamp(6)?,
                    };
                    standings.add(believed, now)
                })
                .await?;
        }
        Ok(Self::new(viewer, standings, now))
    }

    /// True for an agency that is or was within sight.
    pub(crate) fn sees_agency(&self, id: &str) -> bool {
        match self.sight {
            Sight::Nothing => false,
            Sight::Agencies { .. } => self.agencies.contains(id),
            Sight::UpTo { .. } | Sight::Everything => true,
        }
    }

    /// True when the agency hangs on this parent now.
    pub(crate) fn is_parent(&self, parent: &str, child: &str) -> bool {
        self.parents.get(child).is_some_and(|known| known == parent)
    }

    /// True for a system within sight; false for one that the registry does not know.
    pub(crate) fn sees_system(&self, id: &str) -> bool {
        let standing = self.systems.get(id);
        match self.sight {
            Sight::Nothing => false,
            Sight::Agencies { clearance } => standing
                .is_some_and(|system| system.secrecy <= clearance && self.agencies.contains(system.owner.as_str())),
            Sight::UpTo { clearance } => standing.is_some_and(|system| system.secrecy <= clearance),
            Sight::Everything => true,
        }
    }

    /// True when a system as it was then, with that secrecy, may be shown.
    pub(crate) fn sees_system_as(&self, id: &str, secrecy: i64) -> bool {
        let cleared = match self.sight {
            Sight::Nothing => false,
            Sight::Agencies { clearance } | Sight::UpTo { clearance } => secrecy <= clearance,
            Sight::Everything => true,
        };
        cleared && self.sees_system(id)
    }

    /// True for a document by its uploader and the systems it is bound to; asked once for the bindings of now and once
    /// for those of the moment in question.
    pub(crate) fn sees_document(&self, uploader: Option<&str>, about: &About<'_>) -> bool {
        if !about.now.is_empty() {
            return self.sight == Sight::Everything || about.now.iter().any(|system| self.sees_system(system));
        }
        let cleared = |clearance: i64| self.secrecy_of_unbound(about) <= clearance;
        match self.sight {
            Sight::Nothing => false,
            Sight::Agencies { clearance } => self.uploads_for(uploader) && cleared(clearance),
            Sight::UpTo { clearance } => cleared(clearance),
            Sight::Everything => true,
        }
    }

    /// True when the viewer sees the document and everything that it is bound to.
    pub(crate) fn governs_document(&self, uploader: Option<&str>, about: &About<'_>) -> bool {
        self.sees_document(uploader, about)
            && (self.sight == Sight::Everything || about.now.iter().all(|system| self.sees_system(system)))
    }

    /// True for the place of a decision that the viewer may know of.
    pub(crate) fn sees_place(&self, place: &Place) -> bool {
        match place {
            Place::Artefact { system, .. } | Place::System(system) => self.sees_system(&system.0),
            Place::Agency(agency) => self.sees_agency(&agency.0) || self.above.contains(&agency.0),
            Place::Government => self.sight != Sight::Nothing,
        }
    }

    /// True when the viewer may make a decision for this place in the name of this agency, or (`None`) of the office, and
    /// change such a one.
    pub(crate) fn decides(&self, place: &Place, agency: Option<&AgencyId>) -> bool {
        let within = match place {
            Place::Artefact { system, .. } | Place::System(system) => self.sees_system(&system.0),
            Place::Agency(agency) => self.sees_agency(&agency.0),
            Place::Government => matches!(self.sight, Sight::UpTo { .. } | Sight::Everything),
        };
        within && self.uploads_for(agency.map(|agency| agency.0.as_str()))
    }

    /// True for an advisory of the office that is marked so.
    pub(crate) fn sees_advisory(&self, tlp: Tlp, audience: &[AgencyId], secrecy: i64) -> bool {
        let named = |agencies: &HashSet<String>| audience.iter().any(|agency| agencies.contains(&agency.0));
        match self.sight {
            Sight::Nothing => false,
            Sight::Everything => true,
            Sight::UpTo { clearance } => secrecy <= clearance && tlp != Tlp::Red,
            Sight::Agencies { clearance } => {
                let addressed = match tlp {
                    Tlp::Clear | Tlp::Green => !self.own.is_empty(),
                    Tlp::Amber => named(&self.agencies) || named(&self.above),
                    Tlp::AmberStrict | Tlp::Red => named(&self.own),
                };
                secrecy <= clearance && addressed
            }
        }
    }

    /// An unbound document is internal, unless it was about something more secret before. A system that the registry
    /// does not know tells nothing about it.
    fn secrecy_of_unbound(&self, about: &About<'_>) -> i64 {
        let known = about.ever.iter().filter_map(|system| self.systems.get(*system));
        known.map(|system| system.secrecy).fold(secrecy(Classification::Internal), i64::max)
    }

    /// True when the viewer may hand in documents in the name of this agency, or (`None`) of nobody.
    pub(crate) fn uploads_for(&self, uploader: Option<&str>) -> bool {
        match self.sight {
            Sight::Nothing => false,
            Sight::Agencies { .. } => uploader.is_some_and(|agency| self.agencies.contains(agency)),
            Sight::UpTo { .. } | Sight::Everything => true,
        }
    }
}

impl Access {
    /// True for something marked so that is about a place within sight. What is for the very agency alone goes to those who belong
    /// to it, not to those above it; what is red goes to nobody else.
    pub(crate) fn is_told_of(&self, tlp: Tlp, secrecy: i64, place: &Place) -> bool {
        let (owner, is_within) = match place {
            Place::Artefact { system, .. } | Place::System(system) => {
                (self.systems.get(&system.0).map(|standing| standing.owner.as_str()), self.sees_system(&system.0))
            }
            Place::Agency(agency) => (Some(agency.0.as_str()), self.sees_agency(&agency.0)),
            Place::Government => (None, self.uploads_for(None)),
        };
        let is_strict = matches!(tlp, Tlp::AmberStrict | Tlp::Red);
        match self.sight {
            Sight::Nothing => false,
            Sight::Everything => true,
            Sight::UpTo { clearance } => is_within && secrecy <= clearance && tlp != Tlp::Red,
            Sight::Agencies { clearance } => {
                is_within && secrecy <= clearance && (!is_strict || owner.is_some_and(|owner| self.own.contains(owner)))
            }
        }
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

/// The parents of these agencies, and their parents.
fn ancestors<'s>(of: &[&str], agencies: &'s HashMap<String, Standing>) -> Vec<&'s str> {
    let mut above: Vec<&str> = Vec::new();
    for id in of {
        let mut child = *id;
        while let Some(parent) = agencies.get(child).map(|agency| agency.owner.as_str()) {
            if parent.is_empty() || above.contains(&parent) {
                break;
            }
            above.push(parent);
            child = parent;
        }
    }
    above
}
