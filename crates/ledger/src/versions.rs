// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Statements with two times: how the registry's rows are kept.
//!
//! A row says that something held in the world from `valid_from` to `valid_until`, and that the ledger believed so
//! from `recorded_from` to `recorded_until` (and in which revisions). Rows are never changed except that a belief
//! ends: a new statement from a moment on closes every believed row that reaches beyond that moment, repeats what held
//! before it, and adds itself. So both questions have an answer: what held then, and what we knew then. What changes is
//! worked out on [timelines](crate::timelines) before it is written.

use std::collections::HashSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use underpin_model::Timestamp;
use underpin_model::registry::Versioned;

use crate::change::compact;
use crate::database::Session;
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
    /// Said only when nothing is believed from that moment on.
    pub(crate) if_missing: bool,
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

/// Reads a stored value.
pub(crate) fn parse<T: DeserializeOwned>(kind: Kind, id: &str, body: &str) -> Result<T, LedgerError> {
    serde_json::from_str(body).map_err(|error| LedgerError::Damaged {
        place: format!("the stored {} {id}", kind.as_str()),
        detail: error.to_string(),
    })
}

/// Which of `keys` are there: believed now, holding at some moment from `from` on, or (without it) ever.
pub(crate) async fn existing(
    session: &mut Session,
    kind: Kind,
    keys: &[Value],
    from: Option<Timestamp>,
) -> Result<HashSet<String>, LedgerError> {
    let mut found = HashSet::with_capacity(keys.len());
    // Both conditions name all parameters, so that one list of values serves them.
    let head = if from.is_none() {
        "SELECT DISTINCT id FROM registry WHERE revision_until <= $1 AND valid_until > $2 AND kind = $3 AND id IN"
    } else {
        "SELECT DISTINCT id FROM registry WHERE revision_until = $1 AND valid_until > $2 AND kind = $3 AND id IN"
    };
    let from = from.map_or(i64::MIN, |moment| moment.0);
    bulk::select_in(session, head, "", values![STILL, from, kind.as_str()], keys, |row| {
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
