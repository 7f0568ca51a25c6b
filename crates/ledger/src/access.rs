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
//! - What anybody else may do is said by roles, each with a reach: the government, an agency with what is below it in the tree,
//!   or one system. A member has the roles of the account, an analyst of the command line is an analyst of the government, and a
//!   viewer of agencies there is the owner of each. A place must be covered by the reach of a role that may do the act.
//! - A reach over agencies begins at living ones. An agency that has ended counts as part of its only successor; without a
//!   successor as part of its last parent; with several successors (a split) nobody inherits it, so only a reach over the
//!   government covers it.
//! - A system is seen by whoever has a reading role that covers it, up to the clearance, and only with all compartments
//!   that it is in; the role does not matter for that. Whoever sees a system by a reach over it alone may know its agency by name,
//!   and nothing else of the agency.
//! - A deployment or mapping rule is seen with its system.
//! - A bound document is seen with any of its systems; an unbound one by whoever reads the whole government, or the agency that
//!   uploaded it, up to the clearance: a new one is internal, and one that was bound before is as secret as the most
//!   secret system it was ever bound to, and in all of their compartments. Both must hold for the bindings of today and for those
//!   of the moment asked for.
//! - A decision about a vulnerability is seen by whoever sees its place: its system, its agency, or an agency or single system
//!   that hangs below its agency, for it holds there, too. One for the whole government is seen by everybody but a stranger. It
//!   is made and changed by whoever may decide at its place and in whose name it is: the office's are those of who decides for the
//!   government. Agreeing to one needs the right to approve there.
//! - An advisory of the office is seen up to the clearance: clear and green by everybody with something in reach;
//!   amber by who reads the government or one of the agencies it names, and by those below such an agency;
//!   amber+strict by who reads the government and by those of the very agencies it names; red by the latter alone, and by the
//!   operator. Both must hold for how it is marked today (or was last) and for how the version asked for was marked.
//! - A request to say something to a project is seen by whoever reads at its agency, and by whoever ranks for the government. A
//!   conversation is seen whole by the latter; an agency with a request in it sees its project, topic and state, and its own
//!   requests. One about a vulnerability that is not public is in a compartment, and does not exist for who is not let into that.
//! - A case of disclosure is always in a compartment. It is seen by who is let into that and reads anything, and written by who leads for
//!   the whole government beside that.
//! - A carried patch is seen by whoever sees the system that carries it, or reads at the agency that does, and is written down by whoever
//!   may hand documents in there.
//! - What an agency says about being named to projects is seen by whoever reads at the agency, and by whoever ranks for the government. It
//!   is said by an owner of the agency, or by an officer over it.
//! - A public repository of the government is seen by everybody but a stranger, with the name of its agency, an internal one by whoever
//!   reads at its agency; how it keeps practices is for the agency until it publishes that; the systems that run it are seen with the
//!   systems. What people say about its requirements is seen with that, its reasons by whoever reads at the agency; it is said by whoever
//!   may hand documents in there. What everybody may read, signed in or not, is cut apart from that (`public_repositories.rs`).
//! - A contract with a supplier is seen by whoever sees the system that it is for. Who decides there writes it down, waives clauses and
//!   withdraws it; who hands in documents there says what was delivered.
//! - A waiver of a rule is seen by whoever reads where it is decided (its system, its agency, the government), up to its marking, and only
//!   with the system without which nobody knows of its subject. Who decides there asks for it and withdraws it; it is granted or refused
//!   by somebody else: who approves for the whole government, or, where the rule says so, there.
//! - An entry of the register of exemptions is seen by whoever reads at its agency, up to
//!   the clearance. Both must hold for today and for the moment asked for.
//! - Editions of feeds and how fetching goes are seen by everybody but a stranger.
//! - Who decides about a whole document (takes it back, has it read again, purges it) must have that right for all systems it
//!   is bound to, for it is taken from all of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use underpin_model::people::{Act, Grant, Reach, Role};
use underpin_model::registry::{AgencyId, Classification, SystemId};
use underpin_model::watch::{Place, Tlp};
use underpin_model::{Timestamp, Viewer};

use crate::database::Session;
use crate::ledger::{Reader, revision};
use crate::standings::{BelievedRow, COMPARTMENTS, Region, Standing, Standings, Tree, secrecy};
use crate::value::values;
use crate::{LedgerError, STILL};

/// What one viewer may see and do, as the registry stands now.
#[derive(Debug)]
pub(crate) struct Access {
    is_stranger: bool,
    is_operator: bool,
    /// Whether it is a viewer of the command line, who reforms and approves what its roles cover.
    is_shell: bool,
    clearance: i64,
    compartments: HashSet<String>,
    /// What is read.
    reads: Region,
    /// How far each role reaches.
    roles: Vec<(Role, Region)>,
    /// Agencies that the viewer belongs to, with what they have inherited.
    own: HashSet<String>,
    /// Those that the viewer's own ones and single systems hang below, with what they have inherited.
    above: HashSet<String>,
    /// Agencies of single systems within sight.
    named: HashSet<String>,
    parents: HashMap<String, String>,
    standings: Arc<Standings>,
}

impl Reader {
    /// What the viewer may see and do, by how things stand in the moment that the session reads.
    pub(crate) async fn access(&self, session: &mut Session) -> Result<Access, LedgerError> {
        if stands_apart(&self.viewer) {
            return Ok(Access::new(&self.viewer, Arc::default(), self.now));
        }
        let revision = revision(session).await?;
        let standings = match self.standings.get(revision, self.now) {
            Some(known) => known,
            None => {
                let standings = Access::standings(session, self.now).await?;
                self.standings.put(revision, &standings);
                standings
            }
        };
        Ok(Access::new(&self.viewer, standings, self.now))
    }
}

/// Whether a viewer sees all or nothing, however things stand.
fn stands_apart(viewer: &Viewer) -> bool {
    matches!(viewer, Viewer::Stranger | Viewer::Operator)
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

impl Access {
    /// Judges by how things stand.
    pub(crate) fn new(viewer: &Viewer, standings: Arc<Standings>, now: Timestamp) -> Self {
        Self::of(viewer, &viewer.grants(), standings, now)
    }

    /// The same for these roles in place of the viewer's.
    pub(crate) fn of(viewer: &Viewer, grants: &[Grant], standings: Arc<Standings>, now: Timestamp) -> Self {
        let tree = Tree::new(&standings.agencies, now);
        let reading = || grants.iter().filter(|grant| grant.role.may(Act::Read)).map(|grant| &grant.reach);
        let reads = Region::of(&tree, reading());
        let mut roles = Vec::new();
        for role in Role::ALL {
            let mut reaches = grants.iter().filter(|grant| grant.role == *role).map(|grant| &grant.reach).peekable();
            if reaches.peek().is_some() {
                roles.push((*role, Region::of(&tree, reaches)));
            }
        }
        let belongs_to = tree.living(reading().filter_map(|reach| match reach {
            Reach::Agency(id) => Some(id.0.as_str()),
            Reach::Government | Reach::System(_) => None,
        }));
        let mut access = Self {
            is_stranger: *viewer == Viewer::Stranger,
            is_operator: viewer.is_operator(),
            is_shell: !matches!(viewer, Viewer::Member { .. }),
            clearance: secrecy(viewer.clearance()),
            compartments: viewer.compartments().iter().cloned().collect(),
            reads,
            roles,
            own: tree.with_inherited(belongs_to.clone()),
            above: HashSet::new(),
            named: HashSet::new(),
            parents: HashMap::new(),
            standings: Arc::clone(&standings),
        };
        let single = access.reads.systems.iter().filter(|id| access.sees_system(id));
        let owners = single.filter_map(|id| access.standings.systems.get(id)).map(|system| system.owner.clone());
        access.named = owners.collect();
        let named =
            access.named.iter().filter_map(|id| standings.agencies.get_key_value(id)).map(|(id, _)| id.as_str());
        let named: Vec<&str> = named.collect();
        let above = tree.ancestors(&[belongs_to, named.clone()].concat());
        access.above = tree.with_inherited([above, named].concat());
        access.parents = standings.agencies.iter().map(|(id, agency)| (id.clone(), agency.owner.clone())).collect();
        access
    }

    /// Reads how things stand and judges by it.
    pub(crate) async fn load(session: &mut Session, viewer: &Viewer, now: Timestamp) -> Result<Self, LedgerError> {
        let standings = if stands_apart(viewer) { Arc::default() } else { Self::standings(session, now).await? };
        Ok(Self::new(viewer, standings, now))
    }

    /// Reads how things stand.
    pub(crate) async fn standings(session: &mut Session, now: Timestamp) -> Result<Arc<Standings>, LedgerError> {
        let mut standings = Standings::default();
        let sql = format!(
            "SELECT kind, id, owner, secrecy, CASE WHEN kind = 'agency' OR body LIKE '%{COMPARTMENTS}%' THEN body ELSE '' \
             END, valid_from, valid_until FROM registry WHERE revision_until = $1 AND kind IN ('agency', 'system')"
        );
        session
            .each(&sql, values![STILL], |row| {
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
        Ok(Arc::new(standings))
    }

    /// True when the viewer may do this at this place. What is out of sight is nobody's to do anything with.
    pub(crate) fn may(&self, act: Act, place: &Place) -> bool {
        match place {
            Place::Artefact { system, .. } | Place::System(system) => self.may_at_system(act, &system.0),
            Place::Agency(agency) => self.may_at_agency(act, &agency.0),
            Place::Government => self.may_everywhere(act),
        }
    }

    /// The same for a system.
    pub(crate) fn may_at_system(&self, act: Act, id: &str) -> bool {
        let owner = self.standings.systems.get(id).map(|system| system.owner.as_str());
        let covers = |region: &Region| owner.is_some_and(|owner| region.covers_system(id, owner));
        self.is_operator || (self.opens(id) && self.regions(act).any(covers))
    }

    /// The same for an agency as a whole.
    pub(crate) fn may_at_agency(&self, act: Act, id: &str) -> bool {
        self.is_operator || self.regions(act).any(|region| region.covers_agency(id))
    }

    /// True when the viewer has one of these roles over an agency.
    pub(crate) fn speaks_for(&self, roles: &[Role], agency: &str) -> bool {
        let mut own = self.roles.iter().filter(|(role, _)| roles.contains(role));
        self.is_operator || own.any(|(_, region)| region.covers_agency(agency))
    }

    /// The same for the whole government.
    pub(crate) fn may_everywhere(&self, act: Act) -> bool {
        self.is_operator || self.regions(act).any(|region| region.government)
    }

    /// The same for one who does it only for a system of the agency: in its name, for these systems.
    pub(crate) fn may_in_name_of(&self, act: Act, agency: &str, systems: &[&str]) -> bool {
        let belongs = |id: &&str| self.standings.systems.get(*id).is_some_and(|system| system.owner == agency);
        self.may_at_agency(act, agency)
            || (systems.iter().any(belongs) && systems.iter().all(|id| self.may_at_system(act, id)))
    }

    /// True when the viewer may change what an agency is or belongs to, which changes what people see.
    pub(crate) fn may_reform(&self, agency: &str) -> bool {
        let act = if self.is_shell { Act::Register } else { Act::Lead };
        self.may_at_agency(act, agency) || self.may_everywhere(Act::Register)
    }

    /// True when the viewer may open a system to more people than now: lower its classification, take it out of a compartment.
    pub(crate) fn may_open(&self, system: &str) -> bool {
        self.may_at_system(if self.is_shell { Act::Register } else { Act::Lead }, system)
    }

    /// True for a repository of an agency that is public, or whose agency the viewer reads.
    pub(crate) fn reads_own_repository(&self, agency: &str, is_public: bool) -> bool {
        (is_public && !self.is_stranger) || self.may_at_agency(Act::Read, agency)
    }

    /// True when the viewer may do this at an agency with what is as secret as that.
    pub(crate) fn opens_at_agency(&self, act: Act, agency: &str, secrecy: i64) -> bool {
        self.is_operator || (secrecy <= self.clearance && self.may_at_agency(act, agency))
    }

    /// True for what is as secret as that and lies in these compartments.
    pub(crate) fn opens_marked(&self, secrecy: i64, compartments: &[String]) -> bool {
        self.is_operator || self.is_let_in(secrecy, compartments)
    }

    /// How far roles reach that may do this.
    fn regions(&self, act: Act) -> impl Iterator<Item = &Region> {
        // Who reaches a command line agrees to what it may decide.
        let act = if self.is_shell && act == Act::Approve { Act::Decide } else { act };
        self.roles.iter().filter(move |(role, _)| role.may(act)).map(|(_, region)| region)
    }

    /// True for an agency that is or was within sight.
    pub(crate) fn sees_agency(&self, id: &str) -> bool {
        self.is_operator || self.reads.covers_agency(id)
    }

    /// True for an agency within sight, and for one that runs a system within sight: its name, and no more, may be known.
    pub(crate) fn names_agency(&self, id: &str) -> bool {
        self.sees_agency(id) || self.named.contains(id)
    }

    /// True when the agency hangs on this parent now.
    pub(crate) fn is_parent(&self, parent: &str, child: &str) -> bool {
        self.parents.get(child).is_some_and(|known| known == parent)
    }

    /// True when the viewer may give rights of this reach. For that no clearance is needed: it opens nothing to the viewer.
    pub(crate) fn admits_to(&self, reach: &Reach) -> bool {
        match reach {
            Reach::Government => self.may_everywhere(Act::Admit),
            Reach::Agency(agency) => self.may_at_agency(Act::Admit, &agency.0),
            Reach::System(SystemId(id)) => {
                let owner = self.standings.systems.get(id).map(|system| system.owner.as_str()).unwrap_or_default();
                self.is_operator || self.regions(Act::Admit).any(|region| region.covers_system(id, owner))
            }
        }
    }

    /// Systems for which the viewer may not do this: they are not to be named.
    pub(crate) fn hidden_systems(&self, act: Act) -> HashSet<String> {
        self.standings.systems.keys().filter(|id| !self.may_at_system(act, id)).cloned().collect()
    }

    /// How a system stands now; `None` for one that the registry does not know, and for the operator, who does not ask.
    pub(crate) fn standing(&self, system: &str) -> Option<&Standing> {
        self.standings.systems.get(system)
    }

    /// True for a system that the clearance and the compartments open, if a role covers it.
    fn opens(&self, id: &str) -> bool {
        self.standings.systems.get(id).is_some_and(|system| self.is_let_in(system.secrecy, &system.compartments))
    }

    fn is_let_in(&self, secrecy: i64, compartments: &[String]) -> bool {
        secrecy <= self.clearance && compartments.iter().all(|name| self.compartments.contains(name))
    }

    /// True for what is kept in this compartment; of an empty name, for what is in none.
    pub(crate) fn opens_compartment(&self, name: &str) -> bool {
        name.is_empty() || self.is_operator || self.compartments.contains(name)
    }

    /// True for a system within sight; false for one that the registry does not know.
    pub(crate) fn sees_system(&self, id: &str) -> bool {
        let covers = |system: &Standing| self.reads.covers_system(id, &system.owner);
        self.is_operator || (self.opens(id) && self.standings.systems.get(id).is_some_and(covers))
    }

    /// True when a system as it was then, with that secrecy and in those compartments, may be shown.
    pub(crate) fn sees_system_as(&self, id: &str, secrecy: i64, compartments: &[String]) -> bool {
        self.is_operator || (self.is_let_in(secrecy, compartments) && self.sees_system(id))
    }

    /// True for a document by its uploader and the systems it is bound to; asked once for the bindings of now and once
    /// for those of the moment in question.
    pub(crate) fn sees_document(&self, uploader: Option<&str>, about: &About<'_>) -> bool {
        if self.is_operator {
            return true;
        }
        match about.now.is_empty() {
            true => self.reads_for(uploader) && self.is_let_into_unbound(about),
            false => about.now.iter().any(|system| self.sees_system(system)),
        }
    }

    /// True when the viewer may do this to the document with everything that it is bound to.
    pub(crate) fn governs_document(&self, act: Act, uploader: Option<&str>, about: &About<'_>) -> bool {
        let governs = match about.now.is_empty() {
            true => self.may_for(act, uploader),
            false => about.now.iter().all(|system| self.may_at_system(act, system)),
        };
        self.is_operator || (self.sees_document(uploader, about) && governs)
    }

    /// True when the document is the viewer's to give to a system: one that it may hand in for some system of it, or
    /// in the name of who uploaded it.
    pub(crate) fn offers_document(&self, uploader: Option<&str>, about: &About<'_>) -> bool {
        match about.now.is_empty() {
            true => self.may_for(Act::HandIn, uploader),
            false => about.now.iter().any(|system| self.may_at_system(Act::HandIn, system)),
        }
    }

    /// True for the place of a decision that the viewer may know of.
    pub(crate) fn sees_place(&self, place: &Place) -> bool {
        match place {
            Place::Artefact { system, .. } | Place::System(system) => self.sees_system(&system.0),
            Place::Agency(agency) => self.sees_agency(&agency.0) || self.above.contains(&agency.0),
            Place::Government => !self.is_stranger,
        }
    }

    /// True when the viewer may do this to a decision for this place in the name of this agency, or (`None`) of the office.
    pub(crate) fn decides(&self, act: Act, place: &Place, agency: Option<&AgencyId>) -> bool {
        let named = match (agency, place) {
            (None, _) => self.may_everywhere(act),
            (Some(agency), Place::Artefact { system: SystemId(system), .. } | Place::System(SystemId(system))) => {
                self.may_in_name_of(act, &agency.0, &[system])
            }
            (Some(agency), Place::Agency(_) | Place::Government) => self.may_at_agency(act, &agency.0),
        };
        named && self.may(act, place)
    }

    /// True for an advisory of the office that is marked so.
    pub(crate) fn sees_advisory(&self, tlp: Tlp, audience: &[AgencyId], secrecy: i64) -> bool {
        let named = |agencies: &HashSet<String>| audience.iter().any(|agency| agencies.contains(&agency.0));
        let addressed = match tlp {
            Tlp::Clear | Tlp::Green => self.reads.government || !self.own.is_empty() || !self.named.is_empty(),
            Tlp::Amber => self.reads.government || named(&self.reads.agencies) || named(&self.above),
            Tlp::AmberStrict => self.reads.government || named(&self.own),
            Tlp::Red => named(&self.own),
        };
        self.is_operator || (secrecy <= self.clearance && addressed)
    }

    /// True for something marked so that is about a place within sight. What is for the very agency alone goes to those who belong
    /// to it, not to those above it; what is red goes to nobody else. Who has a
    /// reach over the very system is told of what is not red.
    pub(crate) fn is_told_of(&self, tlp: Tlp, secrecy: i64, place: &Place) -> bool {
        let owner = match place {
            Place::Artefact { system, .. } | Place::System(system) => {
                self.standings.systems.get(&system.0).map(|standing| standing.owner.as_str())
            }
            Place::Agency(agency) => Some(agency.0.as_str()),
            Place::Government => None,
        };
        let belongs = owner.is_some_and(|owner| self.own.contains(owner));
        let is_single = matches!(place, Place::System(system) if self.reads.systems.contains(&system.0));
        let is_told = match tlp {
            Tlp::Clear | Tlp::Green | Tlp::Amber => true,
            Tlp::AmberStrict => self.reads.government || belongs || is_single,
            Tlp::Red => belongs,
        };
        self.is_operator || (is_told && secrecy <= self.clearance && self.may(Act::Read, place))
    }

    /// An unbound document is internal, unless it was about something more secret before, or about what is kept in
    /// compartments. A system that the registry does not know tells nothing about it.
    fn is_let_into_unbound(&self, about: &About<'_>) -> bool {
        let mut known = about.ever.iter().filter_map(|system| self.standings.systems.get(*system));
        secrecy(Classification::Internal) <= self.clearance
            && known.all(|system| self.is_let_in(system.secrecy, &system.compartments))
    }

    /// True when the viewer reads what belongs to this agency, or (`None`) to nobody.
    fn reads_for(&self, uploader: Option<&str>) -> bool {
        self.reads.government || uploader.is_some_and(|agency| self.reads.agencies.contains(agency))
    }

    /// True when the viewer may do this in the name of this agency, or (`None`) of nobody.
    pub(crate) fn may_for(&self, act: Act, agency: Option<&str>) -> bool {
        match agency {
            Some(agency) => self.may_at_agency(act, agency),
            None => self.may_everywhere(act),
        }
    }
}
