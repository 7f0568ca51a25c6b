// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether editions are what the audit chain says, row by row and in the revision it says.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::audit::AuditEntry;
use crate::database::Session;
use crate::{LedgerError, editions};

/// Actions of the chain that are compared here.
pub(crate) const ACTIONS: &str = "'sync'";

/// What is said: about what, in which revision, and the words.
type Line = (String, i64, String);

/// What the chain says.
#[derive(Default)]
pub(crate) struct Told(BTreeSet<Line>);

impl Told {
    /// Takes an entry of one of the [`ACTIONS`]; false for another one.
    pub(crate) fn hear(&mut self, entry: &AuditEntry) -> bool {
        let after = entry.after.as_deref().and_then(|text| serde_json::from_str::<Json>(text).ok());
        let Some(line) = line(entry, after.unwrap_or_default()) else { return false };
        // The same thing said twice is one thing too many.
        if !self.0.insert(line.clone()) {
            self.0.insert((line.0, i64::MIN, line.2));
        }
        true
    }

    /// Holds it against the tables. What differs.
    pub(crate) async fn compare(self, session: &mut Session) -> Result<Vec<String>, LedgerError> {
        let mut found = BTreeSet::new();
        for (edition, evidence) in editions::all(session).await? {
            let about = about_edition(edition.number, &format!("feed {}", edition.feed));
            found.insert((about, edition.revision, edition.told(&evidence).to_string()));
        }
        let differing: BTreeSet<&String> = self.0.symmetric_difference(&found).map(|(about, ..)| about).collect();
        Ok(differing.iter().map(|about| format!("{about} is not what the audit chain says")).collect())
    }
}

fn line(entry: &AuditEntry, mut after: Json) -> Option<Line> {
    let about = match entry.action.as_str() {
        "sync" => {
            after.as_object_mut()?.remove("segments");
            about_edition(after.get("edition")?.as_i64()?, &entry.subject)
        }
        _ => return None,
    };
    Some((about, entry.revision, after.to_string()))
}

fn about_edition(number: i64, feed: &str) -> String {
    format!("edition {number} of {feed}")
}
