// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use serde_json::json;
use underpin_office::Result;
use underpin_office::regulator::{PackOptions, RuleBundle, open_rule_bundle, pack_rules};

use crate::context::Context;
use crate::output::{Answer, counted, print};

#[derive(Debug, clap::Args)]
pub struct Pack {
    /// The folder of the rulebook; what it rests on lies beside it or is shipped
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// The key to sign with, from `underpin watch bundle key`
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The bundle to write
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The bundle
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The public key of its maker: the printed line, or a file with it
    #[arg(long, value_name = "PUBLICKEY", required = true)]
    trust: Vec<String>,
}

impl Pack {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let options = PackOptions { folder: self.folder, key: self.key, output: self.output, creator: context.actor() };
        let limits = &context.configuration.settings.limits;
        let packed = pack_rules(&options, limits, crate::context::clock()).await?;
        let mut answer = told(&packed);
        if packed.commit.is_none() {
            answer.notes.push(
                "these files are in no commit: commit them first, so that others can find where they come from"
                    .to_owned(),
            );
        }
        print(&answer, context.printing_all()).map(|()| false)
    }
}

impl Verify {
    pub fn run(self, context: &Context) -> Result<bool> {
        let limits = &context.configuration.settings.limits;
        let (_, found) = open_rule_bundle(&self.file, &self.trust, limits)?;
        print(&told(&found), context.printing_all()).map(|()| false)
    }
}

fn told(found: &RuleBundle) -> Answer {
    let commit = found.commit.as_ref().map_or_else(|| "no commit".to_owned(), |commit| format!("commit {commit}"));
    let json = json!(found);
    Answer {
        head: vec![
            format!(
                "{} version {}: {}, {commit}.",
                found.rulebook,
                found.version,
                counted(found.rules as u64, "rule", "rules")
            ),
            format!("Made by {} at {}, signed with key {}.", found.creator, found.created, found.key),
        ],
        rows: vec![json.clone()],
        json,
        ..Answer::default()
    }
}
