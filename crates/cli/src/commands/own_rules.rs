// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::Result;
use underpin_office::regulator::Rulebook;

use crate::context::Context;

/// A rulebook of one's own.
#[derive(Debug, Default, clap::Args)]
pub struct OwnRules {
    /// A rulebook of your own: a folder with book.toml and a file for each rule, or a signed bundle from `rules pack`
    #[arg(long, value_name = "PATH")]
    pub rules: Option<PathBuf>,
    /// The public key of who made the bundle: the line that `watch bundle key` printed, or a file with it
    #[arg(long, value_name = "PUBLICKEY", requires = "rules")]
    trust: Vec<String>,
}

impl OwnRules {
    /// The rulebook, where one was named.
    pub fn book(&self, context: &Context) -> Result<Option<Rulebook>> {
        let limits = &context.configuration.settings.limits;
        self.rules.as_ref().map(|path| Rulebook::of_path(path, &self.trust, limits)).transpose()
    }
}
