// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_office::Result;
use underpin_office::supporter::reply::read_reply;

use crate::context::Context;
use crate::output::{Answer, Format, counted, print, write};

/// The right of reply: hand a project what is stored about it, and take its words in
#[derive(Debug, clap::Args)]
pub struct Reply {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Export(Export),
    Take(Take),
}

/// Everything that is stored about a project, as Markdown (or JSON), to be handed to the project by a person
///
/// Rankings, reasons, agencies, other projects and what is in a compartment are not in it. Conversations are in it as far as they were
/// handed out.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin reply export github.com/madler/zlib\n  underpin reply export zlib --format json"
)]
struct Export {
    /// Its repository, or a package of it
    #[arg(value_name = "PROJECT")]
    project: String,
}

/// Write down what a project says about what is stored of it
///
/// Its words stand beside ours, which stay. What it says of how it wants to be approached comes before ours.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  underpin reply take github.com/madler/zlib reply.toml")]
struct Take {
    /// Its repository, or a package of it
    #[arg(value_name = "PROJECT")]
    project: String,
    /// TOML, or JSON where its name ends so; the manual has an example
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

impl Reply {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        match self.what {
            What::Export(export) => {
                let found = house.stored_project(&context.desk(&house).await?, &export.project).await?;
                match context.printing().format {
                    Format::Table => write(found.markdown().as_bytes())?,
                    // It goes to the project as it is: without the marks of a file of this house.
                    Format::Json => {
                        write(format!("{:#}\n", serde_json::to_value(&found).unwrap_or_default()).as_bytes())?
                    }
                    _ => {
                        let json = serde_json::to_value(&found).unwrap_or_default();
                        print(&Answer::said(vec![found.markdown()], json), context.printing())?;
                    }
                }
            }
            What::Take(take) => {
                let reply = read_reply(&take.file)?;
                let project = context.desk_at(&house, None).await?.project_key(&take.project)?;
                let statements = reply.statements.len();
                house.take_reply(&context.author(&house).await?, &project, reply).await?;
                let line =
                    format!("{project}: {} noted.", counted(statements as u64, "statement is", "statements are"));
                let json = serde_json::json!({ "project": project, "statements": statements });
                print(&Answer::said(vec![line], json), context.printing())?;
            }
        }
        house.close().await;
        Ok(false)
    }
}
