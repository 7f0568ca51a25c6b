// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Agencies: a tree, with what came out of mergers and splits.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::registry::{Agency, AgencyId, Versioned};

use crate::database::Session;
use crate::ledger::Reader;
use crate::value::{Value, values};
use crate::versions::{Entry, Kind, history, parse};
use crate::{LedgerError, STILL, bulk};

impl Entry for Agency {
    const KIND: Kind = Kind::Agency;

    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn owner(&self) -> String {
        self.parent.as_ref().map(|parent| parent.0.clone()).unwrap_or_default()
    }
}

impl Reader {
    /// Everything ever said about an agency, in the order it was said. Empty when the viewer may not see it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn history_of_agency(&self, id: &AgencyId) -> Result<Vec<Versioned<Agency>>, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        if !access.sees_agency(&id.0) {
            return Ok(Vec::new());
        }
        Ok(history(&mut session, &id.0).await?.into_iter().map(|(version, _)| version).collect())
    }
}

/// Of an agency, what whoever sees something of it that is public may know.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    name: String,
}

/// Names of agencies at a moment, and nothing else of them; none of one that is not there then.
pub(crate) async fn agency_names<'a>(
    session: &mut Session,
    ids: impl Iterator<Item = &'a str>,
    at: Timestamp,
) -> Result<HashMap<String, String>, LedgerError> {
    let ids: BTreeSet<&str> = ids.collect();
    let keys: Vec<Value> = ids.into_iter().map(Value::from).collect();
    let head = "SELECT id, body FROM registry WHERE revision_until = $1 AND valid_from <= $2 AND valid_until > $2 AND \
                kind = $3 AND id IN";
    let mut found = HashMap::new();
    bulk::select_in(session, head, "", values![STILL, at, Kind::Agency.as_str()], &keys, |row| {
        let id = row.text(0)?;
        let named: Named = parse(Kind::Agency, &id, row.text_ref(1)?)?;
        found.insert(id, named.name);
        Ok(())
    })
    .await?;
    Ok(found)
}
