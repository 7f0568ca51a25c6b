// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The government's own repositories, each line as it stood once. Nothing is overwritten; the newest line of an address of an agency
//! counts.
//!
//! A public one is seen by everybody but a stranger, an internal one by whoever reads at its agency. How it keeps practices is for the
//! agency, until that publishes it, and then without places. Which systems run it is seen with the systems. It is written by whoever may hand
//! documents in for the agency; who opens it to more people, or lets everybody read how practices stand, registers there.
//!
//! An entry is not overwritten by what only says that it lies there, as a copy does that keeps the files of its upstream.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;
use underpin_model::catalogue::{AddressFrom, Declared, OwnRepository, PutAside, RepositoryLook, Visibility};
use underpin_model::limits::bounds::{
    EXEMPTION_FIELD_BYTES, REPOSITORIES_TAKEN, REPOSITORY_ADDRESS_BYTES, REPOSITORY_BYTES, REPOSITORY_LINKS,
};
use underpin_model::people::Act;
use underpin_model::registry::{AgencyId, SystemId};

use crate::access::Access;
use crate::agencies::agency_names;
use crate::change::Change;
use crate::database::Session;
use crate::incident_events::too_long;
use crate::incidents::{damaged, json_of};
use crate::ledger::{Reader, Writer, next_number};
use crate::own_repository_places::{RefusedLook, refusal, seen};
use crate::value::{Value, values};
use crate::versions::{Kind, existing};
use crate::{LedgerError, bulk, references};

const COLUMNS: &str = "number, agency, address, body, actor, moment, revision";
/// What the change is called.
const ACTION: &str = "write down a repository";

/// A repository as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct RepositoryRecord {
    /// Number of the line.
    pub number: i64,
    /// Whose it is.
    pub agency: AgencyId,
    /// The agency's name, where the viewer sees nothing else of the agency: of what is public everybody may know whose it is.
    pub agency_name: Option<String>,
    /// Its address in one form.
    pub address: String,
    /// What is known of it.
    pub repository: OwnRepository,
    /// Login of whoever wrote it down.
    pub actor: String,
    /// When.
    pub moment: Timestamp,
}

/// What a look at a clone, or the list of a forge, found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LookedAt {
    /// Whose it is.
    pub agency: AgencyId,
    /// Its address in one form.
    pub address: String,
    /// How it is known that it lies there.
    pub address_from: AddressFrom,
    /// Whether its forge shows it to some people only: then it is never public here.
    pub is_closed: bool,
    /// Who may know of it; `None` leaves it as it is.
    pub visibility: Option<Visibility>,
    /// What it declares.
    pub declared: Declared,
    /// What the look showed; absent for what was declared without a clone.
    pub look: Option<RepositoryLook>,
}

/// A change of a repository that is there.
#[derive(Clone, Debug, PartialEq)]
pub enum RepositoryChange {
    /// A system runs it.
    Link(SystemId),
    /// It no longer does.
    Unlink(SystemId),
    /// Who may know of it.
    Show(Visibility),
    /// Whether everybody may read how practices stand.
    PublishScorecard(bool),
    /// Another one looks alike and is not the same.
    PutAside(PutAside),
    /// It is no longer the agency's.
    TakeOut,
}

/// What came of looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct TakenRepositories {
    /// Repositories that were looked at and are in the catalogue.
    pub found: usize,
    /// Of these, not known before.
    pub new: usize,
    /// Of these, known and another than before.
    pub changed: usize,
    /// What was not written down, and why.
    #[serde(skip)]
    pub refused: Vec<RefusedLook>,
}

impl Reader {
    /// Repositories within sight as they stood at a moment, by agency and address.
    ///
    /// # Errors
    /// What the database says.
    pub async fn own_repositories(&self, as_of: Timestamp) -> Result<Vec<RepositoryRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let mut found = within_sight(&mut session, &access, as_of).await?;
        let unnamed = found.iter().map(|(one, _)| one.agency.0.as_str()).filter(|id| !access.names_agency(id));
        let names = agency_names(&mut session, unnamed, as_of).await?;
        for (record, sight) in &mut found {
            record.agency_name = names.get(&record.agency.0).cloned();
            record.repository.systems.retain(|system| access.sees_system(&system.0));
            if *sight != Sight::All {
                let publishes = *sight == Sight::Results;
                record.repository.look = record.repository.look.take().map(|look| look.for_others(publishes));
            }
        }
        Ok(found.into_iter().map(|(record, _)| record).collect())
    }

    /// All lines of a repository up to a moment, the oldest first, for who reads at its agency; none for all others.
    ///
    /// # Errors
    /// What the database says.
    pub async fn repository_lines(
        &self,
        of: (&AgencyId, &str),
        as_of: Timestamp,
    ) -> Result<Vec<RepositoryRecord>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        if !access.may_at_agency(Act::Read, &of.0.0) {
            return Ok(Vec::new());
        }
        lines(&mut session, "", Some(of), as_of).await
    }
}

/// How much of a repository somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// What it declares.
    Declared,
    /// That, and how practices stand, as its agency published it.
    Results,
    /// All that there is.
    All,
}

/// Repositories that were there at a moment and are within sight. The right is that of today: what was closed since is closed for the
/// past, too, and so is what was published then.
async fn within_sight(
    session: &mut Session,
    access: &Access,
    as_of: Timestamp,
) -> Result<Vec<(RepositoryRecord, Sight)>, LedgerError> {
    let found = newest(read(session, None, as_of).await?);
    let is_past = later(session, as_of).await?;
    let today = if is_past { newest(read(session, None, Timestamp::MAX).await?) } else { Vec::new() };
    let seen = |record: RepositoryRecord| {
        let now = line_of(&today, &record);
        let is_seen = !record.repository.is_gone && sees(access, &record) && now.is_none_or(|one| sees(access, one));
        let publishes =
            record.repository.publishes_scorecard && now.is_none_or(|one| one.repository.publishes_scorecard);
        let sight = match (access.may_at_agency(Act::Read, &record.agency.0), publishes) {
            (true, _) => Sight::All,
            (false, true) => Sight::Results,
            (false, false) => Sight::Declared,
        };
        is_seen.then_some((record, sight))
    };
    Ok(found.into_iter().filter_map(seen).collect())
}

/// How much of each repository is seen, by agency and address.
pub(crate) async fn sights(
    session: &mut Session,
    access: &Access,
    as_of: Timestamp,
) -> Result<BTreeMap<(String, String), Sight>, LedgerError> {
    let found = within_sight(session, access, as_of).await?;
    Ok(found.into_iter().map(|(record, sight)| ((record.agency.0, record.address), sight)).collect())
}

/// The repository as it stands, where it is within sight.
pub(crate) async fn repository_of(
    session: &mut Session,
    access: Option<&Access>,
    (agency, address): (&AgencyId, &str),
) -> Result<RepositoryRecord, LedgerError> {
    let found = newest(read(session, Some((agency, address)), Timestamp::MAX).await?).pop();
    let found = found.filter(|one| !one.repository.is_gone && access.is_none_or(|access| sees(access, one)));
    found.ok_or_else(|| LedgerError::UnknownRepository(address.to_owned()))
}

/// The line of the same repository.
fn line_of<'l>(lines: &'l [RepositoryRecord], of: &RepositoryRecord) -> Option<&'l RepositoryRecord> {
    lines.iter().find(|one| one.agency == of.agency && one.address == of.address)
}

impl Writer {
    /// Writes down what looks found, in one change. What is as it was leaves no line, whenever it was looked at.
    ///
    /// # Errors
    /// [`LedgerError::InvalidRepository`], [`LedgerError::TooLong`], [`LedgerError::UnknownAgency`], [`LedgerError::NotAllowed`], and
    /// what the database says.
    pub async fn take_repositories(
        &self,
        at: Timestamp,
        looks: Vec<LookedAt>,
    ) -> Result<TakenRepositories, LedgerError> {
        if looks.len() > REPOSITORIES_TAKEN {
            return Err(too_long("the list of repositories", looks.len(), REPOSITORIES_TAKEN));
        }
        let mut change = self.change(at, ACTION).await?;
        let access = change.access().await?;
        let mut taken = TakenRepositories::default();
        let mut lines: Vec<(AgencyId, String, OwnRepository)> = Vec::new();
        for look in looks {
            check_address(&look.address)?;
            allowed(&mut change, access.as_ref(), &look.agency, Act::HandIn).await?;
            let of = (&look.agency, look.address.as_str());
            let written = lines.iter().rposition(|(agency, address, _)| (agency, address.as_str()) == of);
            let known = match written {
                Some(at) => Some(lines.remove(at).2),
                None => {
                    newest(read(&mut change.session, Some(of), Timestamp::MAX).await?).pop().map(|one| one.repository)
                }
            };
            // What was taken out begins anew: nothing of it is public or said to run until somebody who may says so again.
            let before = known.clone().filter(|known| !known.is_gone).unwrap_or_default();
            if let Some(why) = refusal(&mut change.session, access.as_ref(), (&before, &look)).await? {
                // What was taken out of the lines of this change goes back.
                lines.extend(
                    known.filter(|_| written.is_some()).map(|one| (look.agency.clone(), look.address.clone(), one)),
                );
                taken.refused.push(RefusedLook { agency: look.agency, address: look.address, why });
                continue;
            }
            taken.found += 1;
            let visibility = look.visibility.filter(|_| !look.is_closed).unwrap_or(before.visibility);
            if visibility != before.visibility {
                allowed(&mut change, access.as_ref(), &look.agency, Act::Register).await?;
            }
            let after = OwnRepository { visibility, is_gone: false, ..seen(&before, &look) };
            match &known {
                Some(known) if same(known, &after) && written.is_none() => continue,
                Some(known) if !known.is_gone => taken.changed += usize::from(written.is_none()),
                _ => taken.new += usize::from(written.is_none()),
            }
            lines.push((look.agency, look.address, after));
        }
        write(&mut change, lines).await?;
        change.commit().await?;
        Ok(taken)
    }

    /// Changes a repository that is there. Returns the ledger's revision; the old one where nothing changes.
    ///
    /// # Errors
    /// [`LedgerError::UnknownRepository`], [`LedgerError::UnknownSystem`], [`LedgerError::InvalidRepository`],
    /// [`LedgerError::TooLong`], [`LedgerError::NotAllowed`], and what the database says.
    pub async fn change_repository(
        &self,
        at: Timestamp,
        (agency, address): (&AgencyId, &str),
        wanted: RepositoryChange,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, ACTION).await?;
        let access = change.access().await?;
        let found = repository_of(&mut change.session, access.as_ref(), (agency, address)).await?;
        let act = match &wanted {
            RepositoryChange::Show(_) | RepositoryChange::PublishScorecard(_) => Act::Register,
            _ => Act::HandIn,
        };
        if let RepositoryChange::Link(system) | RepositoryChange::Unlink(system) = &wanted {
            // Who runs something says so: for a system of another agency it is that one's word.
            allowed_at_system(&mut change, access.as_ref(), system).await?;
        } else {
            allowed(&mut change, access.as_ref(), agency, act).await?;
        }
        let before = found.repository;
        let mut after = before.clone();
        applied(&mut after, wanted)?;
        if after != before {
            write(&mut change, vec![(agency.clone(), address.to_owned(), after)]).await?;
        }
        change.commit().await
    }
}

/// Whether two lines say the same, whenever it was looked.
fn same(known: &OwnRepository, after: &OwnRepository) -> bool {
    let mut after = after.clone();
    if let (Some(look), Some(known)) = (&mut after.look, &known.look) {
        look.looked = known.looked;
    }
    *known == after
}

fn applied(repository: &mut OwnRepository, wanted: RepositoryChange) -> Result<(), LedgerError> {
    match wanted {
        RepositoryChange::Link(system) => {
            if !repository.systems.contains(&system) {
                repository.systems.push(system);
                repository.systems.sort_unstable();
            }
        }
        RepositoryChange::Unlink(system) => repository.systems.retain(|own| *own != system),
        RepositoryChange::Show(visibility) => repository.visibility = visibility,
        RepositoryChange::PublishScorecard(publishes) => repository.publishes_scorecard = publishes,
        RepositoryChange::PutAside(aside) => {
            check_address(&aside.address)?;
            if aside.reason.trim().is_empty() || aside.reason.contains(char::is_control) {
                return Err(LedgerError::InvalidRepository("say in one line why the two are not the same".to_owned()));
            }
            if aside.reason.len() > EXEMPTION_FIELD_BYTES {
                return Err(too_long("the reason", aside.reason.len(), EXEMPTION_FIELD_BYTES));
            }
            repository.put_aside.retain(|own| own.address != aside.address);
            repository.put_aside.push(aside);
        }
        RepositoryChange::TakeOut => repository.is_gone = true,
    }
    let links = repository.systems.len().max(repository.put_aside.len());
    if links > REPOSITORY_LINKS {
        return Err(too_long("what a repository is tied to", links, REPOSITORY_LINKS));
    }
    Ok(())
}

pub(crate) fn check_address(address: &str) -> Result<(), LedgerError> {
    if address.is_empty() || address.contains(|letter: char| letter.is_control() || letter.is_whitespace()) {
        return Err(LedgerError::InvalidRepository("its address is one word".to_owned()));
    }
    if address.len() > REPOSITORY_ADDRESS_BYTES {
        return Err(too_long("the address of a repository", address.len(), REPOSITORY_ADDRESS_BYTES));
    }
    Ok(())
}

pub(crate) fn sees(access: &Access, record: &RepositoryRecord) -> bool {
    access.reads_own_repository(&record.agency.0, record.repository.visibility == Visibility::Public)
}

/// Who may do this at the agency. One out of sight is not there.
pub(crate) async fn allowed(
    change: &mut Change,
    access: Option<&Access>,
    agency: &AgencyId,
    act: Act,
) -> Result<(), LedgerError> {
    let id = agency.0.as_str();
    let is_there = existing(&mut change.session, Kind::Agency, &[Value::from(id)], None).await?.contains(id);
    if !is_there || access.is_some_and(|access| !access.may_at_agency(Act::Read, id)) {
        return Err(references::unknown(Kind::Agency, id, "its repositories"));
    }
    if access.is_some_and(|access| !access.may_at_agency(act, id)) {
        return Err(change.refuse(ACTION));
    }
    Ok(())
}

async fn allowed_at_system(change: &mut Change, access: Option<&Access>, system: &SystemId) -> Result<(), LedgerError> {
    let id = system.0.as_str();
    let is_there = existing(&mut change.session, Kind::System, &[Value::from(id)], None).await?.contains(id);
    if !is_there || access.is_some_and(|access| !access.sees_system(id)) {
        return Err(references::unknown(Kind::System, id, "what it runs"));
    }
    if access.is_some_and(|access| !access.may_at_system(Act::HandIn, id)) {
        return Err(change.refuse("say what a system runs"));
    }
    Ok(())
}

/// What a repository is called in the audit chain.
fn subject(agency: &str, address: &str) -> String {
    format!("repository {agency} {address}")
}

async fn write(change: &mut Change, lines: Vec<(AgencyId, String, OwnRepository)>) -> Result<(), LedgerError> {
    if lines.is_empty() {
        return Ok(());
    }
    let first = next_number(&mut change.session, "own-repository", lines.len() as u64).await?;
    let mut rows = Vec::with_capacity(lines.len() * 7);
    for (number, (agency, address, repository)) in (first..).zip(lines) {
        let body = json!(repository);
        let text = body.to_string();
        if text.len() > REPOSITORY_BYTES {
            return Err(too_long("what is kept of a repository", text.len(), REPOSITORY_BYTES));
        }
        let named = subject(&agency.0, &address);
        rows.extend(values![
            number,
            agency.0.as_str(),
            address.as_str(),
            text,
            change.actor(),
            change.at,
            change.revision
        ]);
        change.note("note-repository", named, None, Some(body));
    }
    bulk::insert(&mut change.session, &format!("INSERT INTO own_repository ({COLUMNS})"), 7, "", rows).await?;
    Ok(())
}

/// Whether anything was written down since.
async fn later(session: &mut Session, as_of: Timestamp) -> Result<bool, LedgerError> {
    let sql = "SELECT number FROM own_repository WHERE moment > $1 LIMIT 1";
    Ok(session.row(sql, values![as_of]).await?.is_some())
}

/// The newest line of each, by agency and address.
pub(crate) fn newest(lines: Vec<RepositoryRecord>) -> Vec<RepositoryRecord> {
    let mut found = BTreeMap::new();
    for line in lines {
        found.insert((line.agency.0.clone(), line.address.clone()), line);
    }
    found.into_values().collect()
}

pub(crate) async fn read(
    session: &mut Session,
    of: Option<(&AgencyId, &str)>,
    as_of: Timestamp,
) -> Result<Vec<RepositoryRecord>, LedgerError> {
    // Of each address of an agency only the newest line is read: a body is large.
    lines(session, "GROUP BY agency, address", of, as_of).await
}

/// The newest line of each group; without groups, all lines.
async fn lines(
    session: &mut Session,
    groups: &str,
    of: Option<(&AgencyId, &str)>,
    as_of: Timestamp,
) -> Result<Vec<RepositoryRecord>, LedgerError> {
    let (agency, address) = of.map_or(("", ""), |(agency, address)| (agency.0.as_str(), address));
    let which = if groups.is_empty() { "number" } else { "MAX(number)" };
    let sql = format!(
        "SELECT {COLUMNS} FROM own_repository WHERE number IN (SELECT {which} FROM own_repository \
         WHERE moment <= $1 AND ($2 = 1 OR (agency = $3 AND address = $4)) {groups}) ORDER BY number"
    );
    let mut found = Vec::new();
    session
        .each(&sql, values![as_of, of.is_none(), agency, address], |row| {
            let (agency, address) = (row.text(1)?, row.text(2)?);
            let named = subject(&agency, &address);
            found.push(RepositoryRecord {
                number: row.integer(0)?,
                repository: serde_json::from_value(json_of(&row, 3, &named)?)
                    .map_err(|error| damaged(&named, &error))?,
                actor: row.text(4)?,
                moment: row.timestamp(5)?,
                agency: AgencyId(agency),
                agency_name: None,
                address,
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
        .each("SELECT agency, address, body, revision FROM own_repository", vec![], |row| {
            let body: Json = serde_json::from_str(row.text_ref(2)?).unwrap_or_default();
            lines.push((subject(row.text_ref(0)?, row.text_ref(1)?), row.integer(3)?, body));
            Ok(())
        })
        .await?;
    Ok(lines)
}
