// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::coordinator::purge::PurgeRow;

use crate::context::Context;
use crate::output::{Answer, columns, dash, print};

/// Remove spilled secrets or personal data from evidence: one person requests, another approves
///
/// On approval the original and all facts read from it are removed from the store at once; a tombstone stays. Backups
/// made before still hold them.
#[derive(Debug, clap::Args)]
pub struct Purge {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Ask that evidence be removed
    Request {
        /// A document (D12), or the SHA-256 of evidence (a companion, for example)
        #[arg(value_name = "DOCUMENT|SHA256")]
        what: String,
        /// Why; stays for ever, so do not repeat the secret
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Agree to a request of somebody else, and carry it out (who you are: --actor)
    Approve {
        /// Number of the request
        #[arg(value_name = "NUMBER")]
        purge: i64,
    },
    /// All requests and what became of them
    List,
}

impl Purge {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let author = context.author(&house).await?;
        let answer = match self.action {
            Action::Request { what, reason } => {
                let row = house.request_purge(&author, &what, &reason).await?;
                let mut answer = table(std::slice::from_ref(&row));
                answer.json = serde_json::to_value(&row).unwrap_or_default();
                answer.head = vec![format!("Purge {} is requested by {}.", row.purge, row.requested_by)];
                answer.notes =
                    vec![format!("next: somebody else runs `underpin purge approve {} --actor NAME`", row.purge)];
                answer
            }
            Action::Approve { purge } => {
                let done = house.approve_purge(&author, purge, &context.tag()).await?;
                let json = serde_json::to_value(&done).unwrap_or_default();
                let mut answer = Answer { rows: vec![json.clone()], json, ..Answer::default() };
                let documents: Vec<String> = done.documents.iter().map(ToString::to_string).collect();
                answer.head = vec![
                    format!("Purge {purge} is carried out: {} are tombstones now.", dash(&documents.join(", "))),
                    format!(
                        "{} packs and {} segments were written anew, {} files removed for good.",
                        done.packs, done.segments, done.files_removed
                    ),
                ];
                answer.notes =
                    vec!["backups made before still hold the bytes: make a new one and destroy the old".to_owned()];
                if !done.files_unsure.is_empty() {
                    answer.notes.push(format!(
                        "files of other work, cut off or still going on, may hold it, too: {}; run `underpin purge approve \
                         {purge}` again later",
                        done.files_unsure.join(", ")
                    ));
                }
                answer
            }
            Action::List => table(&house.purges(context.global.viewer.clone(), context.clock(&house).await?).await?),
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

const FIELDS: [&str; 10] = [
    "purge",
    "state",
    "evidence",
    "documents",
    "reason",
    "requested_by",
    "requested",
    "approved_by",
    "approved",
    "executed",
];

fn table(rows: &[PurgeRow]) -> Answer {
    let mut answer = Answer { fields: &FIELDS, ..Answer::default() };
    answer.rows = rows.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect();
    answer.json = serde_json::json!({ "rows": answer.rows });
    answer.columns =
        columns(&["purge", "state", "documents", "reason", "requested by", "approved by", "executed", "evidence"]);
    answer.cells = rows
        .iter()
        .map(|row| {
            let documents: Vec<String> = row.documents.iter().map(ToString::to_string).collect();
            vec![
                row.purge.to_string(),
                row.state.to_owned(),
                dash(&documents.join(" ")),
                row.reason.clone(),
                row.requested_by.clone(),
                dash(row.approved_by.as_deref().unwrap_or_default()),
                dash(&row.executed.map(|at| at.to_string()).unwrap_or_default()),
                row.evidence.clone(),
            ]
        })
        .collect();
    if rows.is_empty() {
        answer.head.push("no purge was ever requested".to_owned());
    }
    answer
}
