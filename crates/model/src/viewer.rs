// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Who is asking. Every lake session and ledger handle is opened for a viewer and shows only what that viewer may see.

use serde::{Deserialize, Serialize};

use crate::people::{Act, Grant};
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
    },
    /// The operator of the installation on its own command line, and maintenance jobs: sees everything.
    Operator,
}

impl Viewer {
    /// True when the viewer may do this somewhere; storage decides where. Viewers of an agency and analysts of the command
    /// line do all that an owner and an analyst do.
    pub fn may(&self, act: Act) -> bool {
        match self {
            Self::Stranger => false,
            Self::Agency { .. } => crate::people::Role::Owner.may(act),
            Self::Analyst { .. } => crate::people::Role::Analyst.may(act),
            Self::Member { grants, .. } => grants.iter().any(|grant| grant.role.may(act)),
            Self::Operator => true,
        }
    }

    /// True for the only viewer whose sight is not limited.
    pub fn is_operator(&self) -> bool {
        matches!(self, Self::Operator)
    }
}
