// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! All commands: one list, one file each.

mod add;
mod audit;
mod coverage;
mod documents;
mod purge;
mod registry;
mod registry_change;
mod registry_flags;
mod what;
mod where_used;

use clap::{Parser, Subcommand};
use underpin_office::Result;

use crate::context::{Context, Global};

/// Open source care for governments: what is used, where exactly, how, and how much of the government the answer covers.
#[derive(Debug, Parser)]
#[command(name = "underpin", version, max_term_width = 110, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Add(add::Add),
    What(what::What),
    Where(where_used::Where),
    Coverage(coverage::CoverageCommand),
    Documents(documents::Documents),
    Registry(Box<registry::Registry>),
    Purge(purge::Purge),
    Audit(audit::Audit),
}

/// Runs a command. True when something was found at or above `--fail-on`.
///
/// # Errors
/// What could not be answered.
pub async fn run(arguments: Arguments) -> Result<bool> {
    let context = Context::new(arguments.global)?;
    match arguments.command {
        Command::Add(command) => command.run(&context).await,
        Command::What(command) => command.run(&context).await,
        Command::Where(command) => command.run(&context).await,
        Command::Coverage(command) => command.run(&context).await,
        Command::Documents(command) => command.run(&context).await,
        Command::Registry(command) => command.run(&context).await,
        Command::Purge(command) => command.run(&context).await,
        Command::Audit(command) => command.run(&context).await,
    }
}
