// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How a project rates a conversation that has ended: two questions, each of which it may leave out.

use serde::{Deserialize, Serialize};

/// A rating. Who of the project gave it is not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectRating {
    /// Was it worth your time? None for no answer.
    #[serde(default)]
    pub was_worth_it: Option<bool>,
    /// Would you like to hear from us again? None for no answer.
    #[serde(default)]
    pub welcomes_more: Option<bool>,
}
