// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether an agency wants to be named, or counted, where a project is told who relies on it.

use serde::{Deserialize, Serialize};

/// What an agency said once about being named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NamingConsent {
    /// Whether it agrees; false takes an earlier yes back.
    pub agrees: bool,
    /// Name of the person of the agency who said so.
    pub said_by: String,
}
