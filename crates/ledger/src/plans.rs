// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is planned: everything that does not simply hold from a moment on for ever.

use underpin_model::Timestamp;
use underpin_model::registry::{Agency, Deployment, MappingRule, System, Versioned};

use crate::ledger::Reader;
use crate::value::{Row, values};
use crate::versions::{Kind, parse};
use crate::{LedgerError, STILL};

/// What is believed about the time from a moment on, for things that change, begin or end then; each in the order of
/// time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plans {
    /// Of agencies.
    pub agencies: Vec<Versioned<Agency>>,
    /// Of systems; those out of sight are left out of `depends_on`.
    pub systems: Vec<Versioned<System>>,
    /// Of deployments.
    pub deployments: Vec<Versioned<Deployment>>,
    /// Of mapping rules.
    pub mappings: Vec<Versioned<MappingRule>>,
}

impl Reader {
    /// What is planned for the time from `moment` on, as far as the viewer may see it. What holds then and has no known
    /// end is no plan and is left out.
    ///
    /// # Errors
    /// What the database says.
    pub async fn plans(&self, moment: Timestamp) -> Result<Plans, LedgerError> {
        let mut session = self.pool.read().await?;
        let access = self.access(&mut session).await?;
        let sql = "SELECT kind, id, owner, secrecy, body, valid_from, valid_until, recorded_from, recorded_until \
                   FROM registry WHERE revision_until = $1 AND valid_until > $2 AND \
                   (valid_from > $2 OR valid_until < $1) ORDER BY valid_from, kind, id";
        let mut plans = Plans::default();
        session
            .each(sql, values![STILL, moment], |row| {
                let (kind, id, owner): (Kind, String, String) = (row.word(0)?, row.text(1)?, row.text(2)?);
                match kind {
                    Kind::Agency if access.sees_agency(&id) => plans.agencies.push(version(kind, &id, &row)?),
                    Kind::System if access.sees_system_as(&id, row.integer(3)?, &[]) => {
                        let mut version: Versioned<System> = version(kind, &id, &row)?;
                        if !access.sees_system_as(&id, row.integer(3)?, &version.value.compartments) {
                            return Ok(());
                        }
                        version.value.depends_on.retain(|other| access.sees_system(&other.0));
                        plans.systems.push(version);
                    }
                    Kind::Deployment if access.sees_system(&owner) => {
                        plans.deployments.push(version(kind, &id, &row)?);
                    }
                    Kind::Mapping if access.sees_system(&owner) => plans.mappings.push(version(kind, &id, &row)?),
                    _ => {}
                }
                Ok(())
            })
            .await?;
        Ok(plans)
    }
}

fn version<T: serde::de::DeserializeOwned>(kind: Kind, id: &str, row: &Row) -> Result<Versioned<T>, LedgerError> {
    Ok(Versioned {
        value: parse(kind, id, row.text_ref(4)?)?,
        valid_from: row.timestamp(5)?,
        valid_until: row.timestamp(6)?,
        recorded_from: row.timestamp(7)?,
        recorded_until: row.timestamp(8)?,
    })
}
