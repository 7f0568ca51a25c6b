// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use clap::CommandFactory as _;
use underpin_office::Result;

use crate::output::write;

/// Print completions for a shell: bash, zsh, fish, powershell or elvish
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: clap_complete::Shell,
}

impl Completions {
    pub fn run(self) -> Result<bool> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut super::Arguments::command(), "underpin", &mut text);
        write(&text)?;
        Ok(false)
    }
}
