// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who is asking. Every lake session and ledger handle is opened for a viewer and shows only what that viewer may see.

use serde::{Deserialize, Serialize};

use crate::people::{Act, Grant, Reach, Role};
use crate::registry::{AgencyId, Classification};

/// A viewer of the store. The default sees nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Viewer {
    /// Nobody we know: sees nothing.
    #[default]
    Stranger,
    /// Someone of one or more agencies: sees those agencies, what lies below them in the tree, and the unbound
    /// documents their agencies uploaded, up to the clearance.
    Agency {
        /// The agencies the viewer belongs to.
        agencies: Vec<AgencyId>,
        /// The highest classification the viewer may see.
        clearance: Classification,
    },
    /// An analyst of the office: sees every agency and unbound documents, up to the clearance.
    Analyst {
        /// The highest classification the viewer may see.
        clearance: Classification,
    },
    /// Somebody with an account: sees and does what the grants say, up to the clearance.
    Member {
        /// Roles, each with its reach; sorted, each once.
        grants: Vec<Grant>,
        /// The highest classification the viewer may see.
        clearance: Classification,
        /// Compartments the viewer is let into; sorted, each once.
        compartments: Vec<String>,
    },
    /// The operator of the installation on its own command line, and maintenance jobs: sees everything.
    Operator,
}

impl Viewer {
    /// True when the viewer may do this somewhere; storage decides where. Viewers of an agency and analysts of the command
    /// line do all that an owner and an analyst do, and agree to what somebody else decided: who reaches a command line can
    /// do more than any account.
    pub fn may(&self, act: Act) -> bool {
        match self {
            Self::Stranger => false,
            Self::Agency { .. } => act == Act::Approve || Role::Owner.may(act),
            Self::Analyst { .. } => act == Act::Approve || Role::Analyst.may(act),
            Self::Member { grants, .. } => grants.iter().any(|grant| grant.role.may(act)),
            Self::Operator => true,
        }
    }

    /// True when the viewer may do this for the government as a whole.
    pub fn may_everywhere(&self, act: Act) -> bool {
        match self {
            Self::Stranger | Self::Agency { .. } => false,
            Self::Analyst { .. } | Self::Operator => self.may(act),
            Self::Member { grants, .. } => {
                grants.iter().any(|grant| grant.reach == Reach::Government && grant.role.may(act))
            }
        }
    }

    /// Roles with their reach, by which storage decides; none for a stranger and for the operator.
    pub fn grants(&self) -> Vec<Grant> {
        let of = |role: Role, reach: Reach| Grant { role, reach };
        match self {
            Self::Stranger | Self::Operator => Vec::new(),
            Self::Agency { agencies, .. } => {
                agencies.iter().map(|id| of(Role::Owner, Reach::Agency(id.clone()))).collect()
            }
            Self::Analyst { .. } => vec![of(Role::Analyst, Reach::Government)],
            Self::Member { grants, .. } => grants.clone(),
        }
    }

    /// The highest classification that is seen.
    pub fn clearance(&self) -> Classification {
        match self {
            Self::Stranger => Classification::Public,
            Self::Agency { clearance, .. } | Self::Analyst { clearance } | Self::Member { clearance, .. } => *clearance,
            Self::Operator => Classification::Secret,
        }
    }

    /// Compartments that the viewer is let into. Viewers of the command line are let into none, but for the operator, who
    /// is asked nowhere.
    pub fn compartments(&self) -> &[String] {
        if let Self::Member { compartments, .. } = self { compartments } else { &[] }
    }

    /// True for the only viewer whose sight is not limited.
    pub fn is_operator(&self) -> bool {
        matches!(self, Self::Operator)
    }
}
