// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Everything that a question needs, of one moment, as far as the viewer may see.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use underpin_model::document::Binding;
use underpin_model::registry::{Agency, Deployment, MappingRule, System};
use underpin_model::{DocumentId, DocumentRecord, Timestamp, Viewer};

use crate::access::{About, Access};
use crate::database::Session;
use crate::ledger::{Reader, revision as revision_of};
use crate::pages::{self, Field, Rows};
use crate::segments::SegmentRecord;
use crate::standings::{BelievedRow, Standings};
use crate::value::values;
use crate::versions::{Kind, parse};
use crate::{LedgerError, STILL, TombstoneSecret, bindings, documents, segments, tombstones};

/// What a viewer may see, read in one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Number of the last change that is in it; 0 for a stranger.
    pub revision: i64,
    /// The moment as of which everything is judged.
    pub at: Timestamp,
    /// Agencies, by identifier. The parent of a viewer's own agency may be out of sight and so be missing.
    pub agencies: Vec<Agency>,
    /// Systems, by identifier. Systems out of sight are left out of `depends_on`.
    pub systems: Vec<System>,
    /// Deployments, by system and identifier.
    pub deployments: Vec<Deployment>,
    /// Mapping rules.
    pub mappings: Vec<MappingRule>,
    /// Documents learned by then, by number, with the state they were in then. A purged one is purged at any time.
    pub documents: Vec<DocumentRecord>,
    /// Bindings holding then, by document.
    pub bindings: Vec<Binding>,
    /// Segments live at the revision, by number.
    pub segments: Vec<SegmentRecord>,
    /// For telling which documents are about the same as a purged one.
    pub tombstones: TombstoneSecret,
    /// True when nothing was left out for lack of rights.
    pub sees_everything: bool,
}

/// The point in the ledger's own history and in the world's that a question is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    /// The revision asked for.
    pub(crate) revision: i64,
    /// The moment asked for.
    pub(crate) at: Timestamp,
    /// The present: rights are judged by it.
    pub(crate) now: Timestamp,
}

impl Reader {
    /// What was known by `as_of` and held then, with the ledger as it is now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn snapshot(&self, as_of: Timestamp) -> Result<Snapshot, LedgerError> {
        self.snapshot_at(i64::MAX, as_of).await
    }

    /// The same as it was answered at an earlier revision: later changes are left out, even those about the past.
    /// Only purges and the viewer's rights are always those of now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn snapshot_at(&self, revision: i64, as_of: Timestamp) -> Result<Snapshot, LedgerError> {
        let at = Timestamp(as_of.0.min(STILL - 1));
        if self.viewer == Viewer::Stranger {
            return Ok(Snapshot { at, ..Snapshot::default() });
        }
        let mut session = self.pool.read().await?;
        let newest = revision_of(&mut session).await?;
        let point = Point { revision: revision.min(newest), at, now: self.now };
        let mut snapshot = Snapshot {
            revision: point.revision,
            at,
            sees_everything: self.viewer.is_operator(),
            ..Snapshot::default()
        };
        let access = registry(&mut session, &self.viewer, point, &mut snapshot).await?;
        let bound = bindings::read(&mut session, point, snapshot.sees_everything).await?;
        snapshot.documents = documents::read(&mut session, point).await?;
        snapshot.segments = segments::live(&mut session, point.revision).await?;
        snapshot.tombstones = tombstones::read(&mut session).await?;
        drop(session);
        keep_visible(&mut snapshot, &access, bound);
        Ok(snapshot)
    }
}

/// A row of the registry that holds at the point.
struct Held {
    kind: Kind,
    id: String,
    owner: String,
    secrecy: i64,
    body: String,
}

/// Reads what holds at the point, and how things stand now unless everything may be seen anyway.
async fn read_registry(
    session: &mut Session,
    everything: bool,
    point: Point,
) -> Result<(Vec<Held>, Standings), LedgerError> {
    let mut standings = Standings::default();
    let mut held = Vec::new();
    let rows = Rows {
        table: "registry",
        key: "number",
        fields: &[
            Field::Text("kind"),
            Field::Text("id"),
            Field::Text("owner"),
            Field::Number("secrecy"),
            Field::Text("body"),
            Field::Number("valid_from"),
            Field::Number("valid_until"),
            Field::Number("recorded_from"),
            Field::Number("recorded_until"),
            Field::Number("revision_from"),
            Field::Number("revision_until"),
        ],
        condition: "revision_until = $1 OR (revision_from <= $2 AND recorded_from <= $3 AND valid_from <= $3 AND \
                    valid_until > $3 AND (revision_until > $2 OR recorded_until > $3))",
    };
    pages::read(session, rows, values![STILL, point.revision, point.at], |line| {
        let kind = line.word()?;
        let (id, owner, secrecy, body) = (line.text()?, line.text()?, line.integer()?, line.text()?);
        let (valid_from, valid_until) = (Timestamp(line.integer()?), Timestamp(line.integer()?));
        let (recorded_from, recorded_until) = (Timestamp(line.integer()?), Timestamp(line.integer()?));
        let (revision_from, revision_until) = (line.integer()?, line.integer()?);
        if !everything && revision_until == STILL {
            standings.add(BelievedRow { kind, id, owner, secrecy, body, valid_from, valid_until }, point.now)?;
        }
        // What a later revision closed was still believed at this one, whenever it was closed.
        let believed_until = if revision_until > point.revision { Timestamp::MAX } else { recorded_until };
        let holds = revision_from <= point.revision
            && (valid_from <= point.at && point.at < valid_until)
            && (recorded_from <= point.at && point.at < believed_until);
        if holds {
            let (id, owner, body) = (id.to_owned(), owner.to_owned(), body.to_owned());
            held.push(Held { kind, id, owner, secrecy, body });
        }
        Ok(())
    })
    .await?;
    held.sort_unstable_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    Ok((held, standings))
}

/// Reads the registry and fills in what is visible of it.
async fn registry(
    session: &mut Session,
    viewer: &Viewer,
    point: Point,
    snapshot: &mut Snapshot,
) -> Result<Access, LedgerError> {
    let (held, standings) = read_registry(session, viewer.is_operator(), point).await?;
    let access = Access::new(viewer, Arc::new(standings), point.now);
    for row in &held {
        match row.kind {
            Kind::Agency if access.names_agency(&row.id) => {
                snapshot.agencies.push(parse(row.kind, &row.id, &row.body)?);
            }
            Kind::System if access.sees_system_as(&row.id, row.secrecy, &[]) => {
                let system: System = parse(row.kind, &row.id, &row.body)?;
                if access.sees_system_as(&row.id, row.secrecy, &system.compartments) {
                    snapshot.systems.push(system);
                }
            }
            _ => {}
        }
    }
    // What hangs on a system is shown when the system is.
    let systems: HashSet<&str> = snapshot.systems.iter().map(|system| system.id.0.as_str()).collect();
    for row in held.iter().filter(|row| systems.contains(row.owner.as_str())) {
        match row.kind {
            Kind::Deployment => snapshot.deployments.push(parse(row.kind, &row.id, &row.body)?),
            Kind::Mapping => snapshot.mappings.push(parse(row.kind, &row.id, &row.body)?),
            Kind::Agency | Kind::System => {}
        }
    }
    if !viewer.is_operator() {
        for system in &mut snapshot.systems {
            system.depends_on.retain(|other| access.sees_system(&other.0));
        }
    }
    Ok(access)
}

/// Drops the documents and bindings that the viewer may not see.
fn keep_visible(snapshot: &mut Snapshot, access: &Access, bound: bindings::Bound) {
    let bindings::Bound { then, now, ever } = bound;
    snapshot.bindings = then;
    if snapshot.sees_everything {
        return;
    }
    let systems_then = by_document(snapshot.bindings.iter().map(|binding| (binding.document, &binding.system.0)));
    let systems_now = by_document(now.iter().map(|(document, system)| (*document, system)));
    let systems_ever = by_document(ever.iter().map(|(document, system)| (*document, system)));
    let visible: HashSet<DocumentId> = snapshot
        .documents
        .iter()
        .filter(|document| {
            let uploader = document.uploader.as_ref().map(|agency| agency.0.as_str());
            let now = About { now: of(&systems_now, document.id), ever: of(&systems_ever, document.id) };
            // What it was about before it was bound is no secret of a system it is bound to now.
            let then = About { now: of(&systems_then, document.id), ever: now.ever_if_unbound() };
            access.sees_document(uploader, &now) && access.sees_document(uploader, &then)
        })
        .map(|document| document.id)
        .collect();
    snapshot.documents.retain(|document| visible.contains(&document.id));
    snapshot.bindings.retain(|binding| visible.contains(&binding.document) && access.sees_system(&binding.system.0));
}

fn of<'s>(bound: &HashMap<DocumentId, Vec<&'s str>>, id: DocumentId) -> Vec<&'s str> {
    bound.get(&id).cloned().unwrap_or_default()
}

fn by_document<'s>(pairs: impl Iterator<Item = (DocumentId, &'s String)>) -> HashMap<DocumentId, Vec<&'s str>> {
    let mut all: HashMap<DocumentId, Vec<&str>> = HashMap::new();
    for (document, system) in pairs {
        all.entry(document).or_default().push(system);
    }
    all
}
