// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Statements with two times: how the registry's rows are kept.
//!
//! A row says that something held in the world from `valid_from` to `valid_until`, and that the ledger believed so
//! from `recorded_from` to `recorded_until` (and in which revisions). Rows are never changed except that a belief
//! ends: a new statement from a moment on closes every believed row that reaches beyond that moment, repeats what held
//! before it, and adds itself. So both questions have an answer: what held then, and what we knew then.

use std::collections::HashMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use underpin_model::Timestamp;
use underpin_model::registry::Versioned;

use crate::change::{Change, compact};
use crate::database::Session;
use crate::ledger::next_number;
use crate::value::{Value, values};
use crate::{LedgerError, STILL, bulk};

/// The four kinds of things in the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Agency,
    System,
    Deployment,
    Mapping,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::System => "system",
            Self::Deployment => "deployment",
            Self::Mapping => "mapping",
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Agency, Self::System, Self::Deployment, Self::Mapping];
        all.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| format!("{text:?} is no kind of the registry"))
    }
}

/// A thing that the registry keeps in versions.
pub(crate) trait Entry: Serialize + DeserializeOwned {
    /// Its kind.
    const KIND: Kind;
    /// Its identifier among its kind.
    fn key(&self) -> String;
    /// What it hangs on; empty for the top.
    fn owner(&self) -> String;
    /// The place of its classification, 0 where it has none.
    fn secrecy(&self) -> i64 {
        0
    }
}

/// What is to be said about one thing from a moment on: something new, or that it ends.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    /// `None` ends it.
    pub(crate) content: Option<Content>,
    pub(crate) valid_from: Timestamp,
}

/// What is stored of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Content {
    pub(crate) owner: String,
    pub(crate) secrecy: i64,
    pub(crate) body: Json,
}

impl Content {
    pub(crate) fn of<T: Entry>(entry: &T) -> Self {
        Self { owner: entry.owner(), secrecy: entry.secrecy(), body: compact(entry) }
    }
}

/// What a statement did, for the audit chain.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) before: Option<Json>,
    pub(crate) after: Option<Json>,
}

struct Believed {
    content: Content,
    valid_from: i64,
    valid_until: i64,
}

/// Reads a stored value.
pub(crate) fn parse<T: DeserializeOwned>(kind: Kind, id: &str, body: &str) -> Result<T, LedgerError> {
    serde_json::from_str(body).map_err(|error| LedgerError::Damaged {
        place: format!("the stored {} {id}", kind.as_str()),
        detail: error.to_string(),
    })
}

/// Says things, no two about the same thing. What holds already is not said again. Ending what is not there is left to
/// the caller to refuse.
pub(crate) async fn say(change: &mut Change, statements: Vec<Statement>) -> Result<Vec<Said>, LedgerError> {
    let mut said = Vec::new();
    for kind in [Kind::Agency, Kind::System, Kind::Deployment, Kind::Mapping] {
        let keys: Vec<Value> =
            statements.iter().filter(|statement| statement.kind == kind).map(|s| Value::from(&s.id)).collect();
        let mut believed = believed(&mut change.session, kind, &keys).await?;
        let mut closing: HashMap<Timestamp, Vec<Value>> = HashMap::new();
        let mut rows = Vec::new();
        for statement in statements.iter().filter(|statement| statement.kind == kind) {
            let timeline = believed.remove(&statement.id).unwrap_or_default();
            if let Some(done) = plan(statement, timeline, change, &mut rows)? {
                closing.entry(statement.valid_from).or_default().push(Value::from(&statement.id));
                said.push(done);
            }
        }
        for (valid_from, keys) in closing {
            let head = "UPDATE registry SET recorded_until = $1, revision_until = $2 WHERE kind = $3 AND \
                        revision_until = $4 AND valid_until > $5 AND id IN";
            let before = values![change.at, change.revision, kind.as_str(), STILL, valid_from];
            bulk::change_in(&mut change.session, head, "", before, &keys).await?;
        }
        insert(change, rows).await?;
    }
    Ok(said)
}

/// Decides what one statement does to the believed rows and adds the new rows; `None` when it says nothing new.
fn plan(
    statement: &Statement,
    timeline: Vec<Believed>,
    change: &Change,
    rows: &mut Vec<Value>,
) -> Result<Option<Said>, LedgerError> {
    let from = statement.valid_from.0;
    let mut touched: Vec<Believed> = timeline.into_iter().filter(|row| row.valid_until > from).collect();
    touched.sort_by_key(|row| row.valid_from);
    let unchanged = match (&statement.content, touched.as_slice()) {
        (None, []) => true,
        (Some(content), [row]) => row.valid_until == STILL && row.valid_from <= from && row.content == *content,
        _ => false,
    };
    if unchanged {
        return Ok(None);
    }
    let mut add = |content: &Content, valid_from: i64, valid_until: i64| {
        rows.extend(values![
            // Its number, given when all rows are known.
            0_i64,
            statement.kind.as_str(),
            &statement.id,
            &content.owner,
            content.secrecy,
            content.body.to_string(),
            valid_from,
            valid_until,
            change.at,
            STILL,
            change.revision,
            STILL,
        ]);
    };
    for row in touched.iter().filter(|row| row.valid_from < from) {
        add(&row.content, row.valid_from, from);
    }
    if let Some(content) = &statement.content {
        add(content, from, STILL);
    }
    Ok(Some(Said {
        kind: statement.kind,
        id: statement.id.clone(),
        before: touched.pop().map(|row| row.content.body),
        after: statement.content.as_ref().map(|content| content.body.clone()),
    }))
}

async fn insert(change: &mut Change, mut rows: Vec<Value>) -> Result<(), LedgerError> {
    const COLUMNS: usize = 12;
    if rows.is_empty() {
        return Ok(());
    }
    let first = next_number(&mut change.session, "registry", (rows.len() / COLUMNS) as u64).await?;
    for (number, row) in (first..).zip(rows.chunks_exact_mut(COLUMNS)) {
        if let Some(value) = row.first_mut() {
            *value = Value::Integer(number);
        }
    }
    let head = "INSERT INTO registry (number, kind, id, owner, secrecy, body, valid_from, valid_until, recorded_from, \
                recorded_until, revision_from, revision_until)";
    bulk::insert(&mut change.session, head, COLUMNS, "", rows).await?;
    Ok(())
}

async fn believed(
    session: &mut Session,
    kind: Kind,
    keys: &[Value],
) -> Result<HashMap<String, Vec<Believed>>, LedgerError> {
    let mut believed: HashMap<String, Vec<Believed>> = HashMap::with_capacity(keys.len());
    let head = "SELECT id, owner, secrecy, body, valid_from, valid_until FROM registry WHERE revision_until = $1 AND \
                kind = $2 AND id IN";
    bulk::select_in(session, head, "", values![STILL, kind.as_str()], keys, |row| {
        let id = row.text(0)?;
        let body = parse(kind, &id, row.text_ref(3)?)?;
        let content = Content { owner: row.text(1)?, secrecy: row.integer(2)?, body };
        let row = Believed { content, valid_from: row.integer(4)?, valid_until: row.integer(5)? };
        believed.entry(id).or_default().push(row);
        Ok(())
    })
    .await?;
    Ok(believed)
}

/// Which of `keys` are there: believed now with no end known, or (`ever`) at any time.
pub(crate) async fn existing(
    session: &mut Session,
    kind: Kind,
    keys: &[Value],
    ever: bool,
) -> Result<std::collections::HashSet<String>, LedgerError> {
    let mut found = std::collections::HashSet::with_capacity(keys.len());
    // Both conditions name both parameters, so that one list of values serves them.
    let head = if ever {
        "SELECT DISTINCT id FROM registry WHERE revision_until <= $1 AND kind = $2 AND id IN"
    } else {
        "SELECT id FROM registry WHERE valid_until = $1 AND revision_until = $1 AND kind = $2 AND id IN"
    };
    bulk::select_in(session, head, "", values![STILL, kind.as_str()], keys, |row| {
        found.insert(row.text(0)?);
        Ok(())
    })
    .await?;
    Ok(found)
}

/// Everything ever said about one thing, in the order it was said, and the place of its classification each time.
pub(crate) async fn history<T: Entry>(
    session: &mut Session,
    id: &str,
) -> Result<Vec<(Versioned<T>, i64)>, LedgerError> {
    let sql = "SELECT body, secrecy, valid_from, valid_until, recorded_from, recorded_until FROM registry \
               WHERE kind = $1 AND id = $2 AND revision_until > revision_from \
               ORDER BY revision_from, valid_from";
    let rows = session.rows(sql, values![T::KIND.as_str(), id]).await?;
    let version = |row: crate::value::Row| {
        let versioned = Versioned {
            value: parse(T::KIND, id, row.text_ref(0)?)?,
            valid_from: row.timestamp(2)?,
            valid_until: row.timestamp(3)?,
            recorded_from: row.timestamp(4)?,
            recorded_until: row.timestamp(5)?,
        };
        Ok((versioned, row.integer(1)?))
    };
    rows.into_iter().map(version).collect()
}
