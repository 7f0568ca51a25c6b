// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `underpin`: open source care for governments. One binary; each command is one file in `commands/`.

mod bench;
mod cluster_settings;
mod commands;
mod configuration;
mod configuration_shown;
mod context;
mod engine_shown;
mod origin;
mod output;

use std::process::ExitCode;

use clap::Parser as _;

/// The allocator of the system spends a third of a bulk intake in locks between the two workers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match commands::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers; everything else is a usage error, told as every error is.
            if !error.use_stderr() {
                let _ = error.print();
                return ExitCode::SUCCESS;
            }
            output::print_usage_error(&error.render().to_string());
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(arguments)),
        Err(error) => Err(underpin_office::OfficeError::new("runtime", error.to_string())),
    };
    match outcome {
        Ok(found) => ExitCode::from(u8::from(found)),
        Err(error) => {
            output::print_error(&error);
            ExitCode::from(2)
        }
    }
}
