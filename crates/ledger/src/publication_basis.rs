// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a draft of a publication is made from, as it was when somebody read it: an approval belongs to that, too. An advisory or a decision
//! that has changed since, was taken back or marked anew makes the draft an old one.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::json;
use underpin_model::watch::{Decision, DecisionId};

use crate::change::Change;
use crate::publications::digest_of;
use crate::{LedgerError, OwnAdvisory, decisions, own_advisories};

/// Something that a draft is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// What it is.
    pub kind: BasisKind,
    /// Its identifier or number.
    pub id: String,
    /// SHA-256 of all that was written of it, in hexadecimal.
    pub digest: String,
}

/// What a draft can be made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BasisKind {
    /// An advisory of the office.
    Advisory,
    /// A decision.
    Decision,
}

impl Basis {
    /// An advisory in its last version, and whether that counts still.
    pub fn of_advisory(advisory: &OwnAdvisory, counts: bool) -> Self {
        let told = json!({ "advisory": advisory.told(), "counts": counts });
        Self { kind: BasisKind::Advisory, id: advisory.id.clone(), digest: digest_of(&told.to_string()) }
    }

    /// A decision with what has happened to it.
    pub fn of_decision(decision: &Decision) -> Self {
        let digest = digest_of(&json!(decision).to_string());
        Self { kind: BasisKind::Decision, id: decision.id.0.to_string(), digest }
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            BasisKind::Advisory => write!(f, "advisory {}", self.id),
            BasisKind::Decision => write!(f, "decision V{}", self.id),
        }
    }
}

/// The first of these that is not as it was read, in words.
pub(crate) async fn changed(change: &mut Change, basis: &[Basis]) -> Result<Option<String>, LedgerError> {
    for read in basis {
        let now = match read.kind {
            BasisKind::Advisory => own_advisories::standing(change, &read.id).await?,
            BasisKind::Decision => {
                let number = read.id.parse().unwrap_or_default();
                let at = change.at;
                let decision = decisions::standing(&mut change.session, DecisionId(number)).await?;
                decision.filter(|decision| decision.holds_at(at)).map(|decision| Basis::of_decision(&decision))
            }
        };
        if now.as_ref() != Some(read) {
            return Ok(Some(read.to_string()));
        }
    }
    Ok(None)
}
