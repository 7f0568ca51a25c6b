// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::{CollectScript as Script, Result, collect_script};

use crate::output::write;

/// Print a small readable script for an agency that has no tool yet
///
/// It packs the lists of installed packages and the lockfiles of one machine into one archive, and nothing else. It sends
/// nothing. Read it, run it, and give the archive to `underpin add`.
#[derive(Debug, clap::Args)]
pub struct CollectScript {
    /// For which shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Shell {
    /// Linux and other Unix systems.
    Sh,
    /// Windows PowerShell 5.1 or newer.
    Powershell,
}

impl CollectScript {
    pub fn run(self) -> Result<bool> {
        let kind = match self.shell {
            Shell::Sh => Script::Shell,
            Shell::Powershell => Script::PowerShell,
        };
        write(collect_script(kind).as_bytes())?;
        Ok(false)
    }
}
