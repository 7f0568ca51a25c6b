// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_office::Result;
use underpin_office::coordinator::Author;
use underpin_office::reads::ReadsCheck;

use crate::context::Context;
use crate::output::{Answer, columns, dash, print};

/// Who did what: the audit chain, and whether it is whole
#[derive(Debug, clap::Args)]
pub struct Audit {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// The newest entries, newest first
    List {
        /// How many
        #[arg(long, default_value_t = 50, value_name = "NUMBER")]
        limit: u64,
        /// Only entries before this one
        #[arg(long, value_name = "SEQUENCE")]
        before: Option<i64>,
        /// Only entries about this: 'system portal', 'document D7', 'purge 1'
        #[arg(long, value_name = "SUBJECT")]
        subject: Option<String>,
    },
    /// Walk the whole chain and compare it with what is decided; fails when something was changed or is missing
    ///
    /// Every entry is checked against its hash. Compared with the entries are: every row of the registry, in all its
    /// history; documents as they came in, their states, what they are bound to, and whether their originals are there;
    /// purges and settings; feeds, decisions, own advisories, incidents, tasks and rounds. Notes of reading are held
    /// against the digests that the chain keeps of them: it says how many a rule threw away, and fails when others are
    /// missing or changed. Facts read from documents are not compared: `underpin rebuild` reads them anew.
    Verify,
    /// For how many days it is kept who read what; with a number, set it
    ///
    /// The web house notes reading that shows much at once or what few may see. Older notes are thrown away by the house
    /// while it is open; that they were stands in the audit chain.
    Retention {
        /// Keep notes for so many days
        #[arg(value_name = "DAYS")]
        days: Option<i64>,
    },
}

impl Audit {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        let viewer = context.global.viewer.clone();
        let answer = match self.action {
            Action::List { limit, before, subject } => {
                let rows = house.audit(viewer, limit, before, subject.as_deref()).await?;
                let fields = &["sequence", "at", "actor", "action", "subject", "before", "after", "revision", "hash"];
                let mut answer = Answer { fields, ..Answer::default() };
                answer.rows = rows.iter().map(|row| serde_json::to_value(row).unwrap_or_default()).collect();
                answer.json = serde_json::json!({ "rows": answer.rows });
                answer.columns = columns(&["entry", "when", "who", "action", "subject", "before", "after"]);
                let text =
                    |value: &Option<serde_json::Value>| value.as_ref().map_or(String::new(), ToString::to_string);
                answer.cells = rows
                    .iter()
                    .map(|row| {
                        let (before, after) = (text(&row.before), text(&row.after));
                        let (when, who) = (row.at.to_string(), row.actor.clone());
                        vec![
                            row.sequence.to_string(),
                            when,
                            who,
                            row.action.clone(),
                            row.subject.clone(),
                            dash(&before),
                            dash(&after),
                        ]
                    })
                    .collect();
                if rows.is_empty() {
                    answer.head.push("no entries".to_owned());
                }
                answer
            }
            Action::Verify => {
                let entries = house.verify_audit(viewer.clone()).await?;
                let reads = house.check_reads(&viewer).await?;
                verified(entries, &reads)
            }
            Action::Retention { days } => {
                context.operator("set how long it is kept who read what")?;
                if let Some(days) = days {
                    let author = Author { at: context.now, ..context.author(&house).await? };
                    house.set_read_log_days(&author, days).await?;
                }
                let days = house.read_log_days().await?;
                Answer::said(
                    vec![format!("Who read what is kept for {days} days.")],
                    serde_json::json!({ "days": days }),
                )
            }
        };
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

/// What is told of a chain that is whole.
fn verified(entries: u64, reads: &ReadsCheck) -> Answer {
    let ReadsCheck { sound, gone_by_rule, unsealed, .. } = reads;
    let mut head = vec![
        format!(
            "The audit chain is whole: {entries} entries are as they were written, and what is decided is as they say."
        ),
        format!(
            "Notes of reading: {sound} are as the chain says, {gone_by_rule} were thrown away by the rule for that."
        ),
    ];
    if *unsealed > 0 {
        head.push(format!(
            "{unsealed} notes are from before the chain told of them: of these only the number is known."
        ));
    }
    let notes = serde_json::json!({ "sound": sound, "gone_by_rule": gone_by_rule, "unsealed": unsealed });
    Answer::said(head, serde_json::json!({ "entries": entries, "whole": true, "reads": notes }))
}
