// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Bindings: which document is about which system, and since when.
//!
//! A binding that ends is not changed: the row is closed in the revision that ended it, and a row with its end takes
//! its place, so that an earlier revision still sees it open.

use std::collections::HashSet;

use serde_json::json;
use underpin_model::document::Binding;
use underpin_model::people::Act;
use underpin_model::registry::{DeploymentId, SystemId};
use underpin_model::{DocumentId, Timestamp};

use crate::change::Change;
use crate::database::Session;
use crate::deployments::deployment_key;
use crate::ledger::Writer;
use crate::pages::{self, Field, Rows};
use crate::snapshot::Point;
use crate::states::{offered_document, visible_document};
use crate::value::{Value, values};
use crate::versions::{Kind, existing};
use crate::{LedgerError, STILL, audit_bindings, bulk};

const INSERT: &str = "INSERT INTO binding (document, system, deployment, origin, bound_from, bound_until, \
     revision_from, revision_until)";

/// The bindings of two moments.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    /// Those of the moment asked for, by document.
    pub(crate) then: Vec<Binding>,
    /// Document and system of those holding now, and of those that begin later.
    pub(crate) now: Vec<(DocumentId, String)>,
    /// Document and system of all that ever were.
    pub(crate) ever: Vec<(DocumentId, String)>,
}

impl Writer {
    /// Binds a document to a system. Returns the ledger's revision, the same when it is bound so already.
    ///
    /// # Errors
    /// [`LedgerError::UnknownDocument`], [`LedgerError::UnknownSystem`], [`LedgerError::UnknownDeployment`],
    /// [`LedgerError::NotAllowed`] when the viewer hands in neither what the document is about nor for the system, and what
    /// the database says.
    pub async fn bind(&self, at: Timestamp, binding: Binding) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "bind a document").await?;
        offered_document(&mut change, binding.document).await?;
        check_targets(&mut change, std::slice::from_ref(&binding)).await?;
        if insert(&mut change.session, std::slice::from_ref(&binding), change.revision).await? > 0 {
            let after = json!({ "system": binding.system, "deployment": binding.deployment, "origin": binding.origin });
            change.note("bind", format!("document {}", binding.document), None, Some(after));
        }
        change.commit().await
    }

    /// Ends the binding of a document to a system: to one deployment, or (`None`) every binding to the system. Returns
    /// the ledger's revision, the same when there was none.
    ///
    /// # Errors
    /// [`LedgerError::UnknownDocument`], [`LedgerError::UnknownSystem`] when the viewer may not see it,
    /// [`LedgerError::NotAllowed`] when it does not hand in for it, and what the database says.
    pub async fn unbind(
        &self,
        at: Timestamp,
        document: DocumentId,
        system: &SystemId,
        deployment: Option<&DeploymentId>,
    ) -> Result<i64, LedgerError> {
        let mut change = self.change(at, "unbind a document").await?;
        visible_document(&mut change, document).await?;
        let access = change.access().await?;
        if access.as_ref().is_some_and(|access| !access.sees_system(&system.0)) {
            return Err(LedgerError::UnknownSystem { system: system.clone(), by: "the binding".to_owned() });
        }
        if access.is_some_and(|access| !access.may_at_system(Act::HandIn, &system.0)) {
            return Err(change.refuse(&format!("take documents from system {system}")));
        }
        let sql = "SELECT deployment, origin, bound_from FROM binding WHERE document = $1 AND system = $2 AND \
                   bound_until = $3 AND revision_until = $3";
        let rows = change.session.rows(sql, values![document.0, &system.0, STILL]).await?;
        for row in rows {
            let (name, origin, from) = (row.text(0)?, row.text(1)?, row.timestamp(2)?);
            if deployment.is_some_and(|wanted| wanted.0 != name) {
                continue;
            }
            let close = "UPDATE binding SET revision_until = $1 WHERE document = $2 AND system = $3 AND \
                         deployment = $4 AND bound_until = $5 AND revision_until = $5";
            change.session.execute(close, values![change.revision, document.0, &system.0, &name, STILL]).await?;
            if from < change.at {
                let ended = binding(document, system.0.clone(), name.clone(), origin.clone(), from, change.at);
                insert(&mut change.session, &[ended], change.revision).await?;
            }
            let before = json!({ "system": system, "deployment": name, "origin": origin });
            change.note("unbind", format!("document {document}"), Some(before), None);
        }
        change.commit().await
    }
}

fn binding(
    document: DocumentId,
    system: String,
    deployment: String,
    origin: String,
    from: Timestamp,
    until: Timestamp,
) -> Binding {
    let deployment = (!deployment.is_empty()).then_some(DeploymentId(deployment));
    Binding { document, system: SystemId(system), deployment, origin, from, until }
}

/// The systems and deployments named must be there, and within sight.
pub(crate) async fn check_targets(change: &mut Change, bindings: &[Binding]) -> Result<(), LedgerError> {
    let access = change.access().await?;
    // What ends one day is there until then; what is planned may be bound already.
    let now = change.now();
    let systems: HashSet<&str> = bindings.iter().map(|binding| binding.system.0.as_str()).collect();
    let keys: Vec<Value> = systems.into_iter().map(Value::from).collect();
    let systems = existing(&mut change.session, Kind::System, &keys, Some(now)).await?;
    let key = |binding: &Binding| binding.deployment.as_ref().map(|id| deployment_key(&binding.system, id));
    let deployments: HashSet<String> = bindings.iter().filter_map(key).collect();
    let keys: Vec<Value> = deployments.into_iter().map(Value::from).collect();
    let deployments = existing(&mut change.session, Kind::Deployment, &keys, Some(now)).await?;
    for binding in bindings {
        let by = || format!("the binding of document {}", binding.document);
        let seen = access.as_ref().is_none_or(|access| access.sees_system(&binding.system.0));
        if !seen || !systems.contains(&binding.system.0) {
            return Err(LedgerError::UnknownSystem { system: binding.system.clone(), by: by() });
        }
        if access.as_ref().is_some_and(|access| !access.may_at_system(Act::HandIn, &binding.system.0)) {
            return Err(change.refuse(&format!("hand in documents for system {}", binding.system)));
        }
        if let Some(deployment) = key(binding).filter(|key| !deployments.contains(key)) {
            return Err(LedgerError::UnknownDeployment { deployment, by: by() });
        }
    }
    Ok(())
}

/// Adds bindings; those that hold already are passed over. The number added.
pub(crate) async fn insert(session: &mut Session, bindings: &[Binding], revision: i64) -> Result<u64, LedgerError> {
    let mut rows = Vec::with_capacity(bindings.len() * 8);
    for binding in bindings {
        rows.extend(values![
            binding.document.0,
            &binding.system.0,
            binding.deployment.as_ref().map(|id| id.0.as_str()).unwrap_or_default(),
            &binding.origin,
            binding.from,
            binding.until,
            revision,
            STILL,
        ]);
    }
    bulk::insert(session, INSERT, 8, "ON CONFLICT DO NOTHING", rows).await
}

/// Those among the bindings that began in a revision.
pub(crate) async fn begun(
    session: &mut Session,
    bindings: &[Binding],
    revision: i64,
) -> Result<Vec<Binding>, LedgerError> {
    let keys: HashSet<i64> = bindings.iter().map(|binding| binding.document.0).collect();
    let keys: Vec<Value> = keys.into_iter().map(Value::from).collect();
    let mut begun = Vec::with_capacity(bindings.len());
    let head = "SELECT document, system, deployment, origin, bound_from, bound_until FROM binding WHERE \
                revision_from = $1 AND document IN";
    bulk::select_in(session, head, "", values![revision], &keys, |row| {
        begun.push(audit_bindings::read(&row)?);
        Ok(())
    })
    .await?;
    Ok(begun)
}

/// The bindings of the moment asked for, and, unless the viewer sees everything anyway, those of now and ever.
pub(crate) async fn read(session: &mut Session, point: Point, everything: bool) -> Result<Bound, LedgerError> {
    let mut bound = Bound::default();
    let rows = Rows {
        table: "binding",
        key: "document",
        fields: &[
            Field::Number("document"),
            Field::Text("system"),
            Field::Text("deployment"),
            Field::Text("origin"),
            Field::Number("bound_from"),
            Field::Number("bound_until"),
            Field::Number("revision_from"),
            Field::Number("revision_until"),
        ],
        condition: match everything {
            true => "revision_until <= $1 AND revision_from <= $2 AND revision_until > $2",
            false => "revision_until <= $1 AND revision_from <> $2",
        },
    };
    // No row begins at the last revision there can be.
    let values = values![STILL, if everything { point.revision } else { STILL }];
    pages::read(session, rows, values, |line| {
        let document = DocumentId(line.integer()?);
        let (system, deployment, origin) = (line.text()?, line.text()?, line.text()?);
        let (from, until) = (Timestamp(line.integer()?), Timestamp(line.integer()?));
        let (revision_from, revision_until) = (line.integer()?, line.integer()?);
        let holds = |moment: Timestamp| from <= moment && moment < until;
        if !everything {
            bound.ever.push((document, system.to_owned()));
            // A binding by a clock that is ahead of this one counts already.
            if revision_until == STILL && until > point.now {
                bound.now.push((document, system.to_owned()));
            }
        }
        if revision_from <= point.revision && point.revision < revision_until && holds(point.at) {
            let binding = binding(document, system.to_owned(), deployment.to_owned(), origin.to_owned(), from, until);
            bound.then.push(binding);
        }
        Ok(())
    })
    .await?;
    bound.then.sort_by(|a, b| (a.document, &a.system, &a.deployment).cmp(&(b.document, &b.system, &b.deployment)));
    Ok(bound)
}
