// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whether editions, decisions, the office's own advisories, incidents, tasks, rounds, conversations, carried patches, publications, own
//! repositories, exemptions, self-assessments, reporting clocks, roles under the law, requests of authorities, contracts, waivers, mandates, steps of roles, consultations, what is known of projects and promised to them are what the audit chain says, row by row and in the revision
//! it says.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::audit::AuditEntry;
use crate::database::Session;
use crate::{
    LedgerError, authority_requests, carried, clock_events, commitments, consultations, contracts, conversation_rows,
    decisions, disclosures, editions, exemptions, incidents, law_roles, mandates, naming, own_advisories,
    own_repositories, projects, publications, role_steps, rounds, rule_waivers, self_assessments, tasks,
};

/// Actions of the chain that are compared here, as a list of SQL.
pub(crate) const ACTIONS: &str = "'sync', 'decide', 'approve-decision', 'withdraw-decision', 'publish-advisory', \
    'withdraw-advisory', 'open-incident', 'change-incident', 'make-task', 'change-task', 'open-round', 'change-round', \
    'note-project', 'propose-commitment', 'change-commitment', 'open-conversation', 'change-conversation', 'request-contact', \
    'open-disclosure', 'change-disclosure', 'carry-patch', 'note-naming', \
    'note-repository', 'note-exemption', 'note-self-assessment', 'note-clock-event', 'note-law-role', 'note-authority-request', \
    'open-contract', 'change-contract', 'propose-waiver', 'change-waiver', \
    'draft-publication', 'approve-publication', 'take-back-publication', 'name-publication-key', \
    'sign-publication-again', 'revoke-publication-key', 'sign-security-txt', \
    'set-mandate', 'switch-role', 'draft-consultation', 'change-consultation', 'take-comment'";

/// What is said: about what, in which revision, and the words.
type Line = (String, i64, String);

/// What the chain says.
#[derive(Default)]
pub(crate) struct Told(BTreeSet<Line>);

impl Told {
    /// Takes an entry of one of the [`ACTIONS`].
    pub(crate) fn hear(&mut self, entry: &AuditEntry) {
        let after = entry.after.as_deref().and_then(|text| serde_json::from_str::<Json>(text).ok());
        let mut after = after.unwrap_or_default();
        let about = match entry.action.as_str() {
            "sync" => {
                // Segments come and go with compaction.
                drop_field(&mut after, "segments");
                let number = after.get("edition").and_then(Json::as_i64).unwrap_or_default();
                about_edition(number, &entry.subject)
            }
            "withdraw-advisory" => {
                drop_field(&mut after, "reason");
                entry.subject.clone()
            }
            _ => entry.subject.clone(),
        };
        self.0.insert((about, entry.revision, after.to_string()));
    }

    /// Holds it against the tables. What differs.
    pub(crate) async fn compare(self, session: &mut Session) -> Result<Vec<String>, LedgerError> {
        let mut found = BTreeSet::new();
        for (edition, evidence) in editions::all(session).await? {
            let about = about_edition(edition.number, &format!("feed {}", edition.feed));
            found.insert((about, edition.revision, edition.told(&evidence).to_string()));
        }
        let others = [
            decisions::told(session).await?,
            own_advisories::told(session).await?,
            incidents::told(session).await?,
            tasks::told(session).await?,
            rounds::told(session).await?,
            projects::told(session).await?,
            commitments::told(session).await?,
            conversation_rows::told(session).await?,
            disclosures::told(session).await?,
            carried::told(session).await?,
            naming::told(session).await?,
            own_repositories::told(session).await?,
            exemptions::told(session).await?,
            self_assessments::told(session).await?,
            contracts::told(session).await?,
            rule_waivers::told(session).await?,
            clock_events::told(session).await?,
            law_roles::told(session).await?,
            authority_requests::told(session).await?,
            publications::told(session).await?,
            mandates::told(session).await?,
            role_steps::told(session).await?,
            consultations::told(session).await?,
        ];
        found.extend(others.into_iter().flatten().map(|(about, revision, words)| (about, revision, words.to_string())));
        let differing: BTreeSet<&String> = self.0.symmetric_difference(&found).map(|(about, ..)| about).collect();
        Ok(differing.iter().map(|about| format!("{about} is not what the audit chain says")).collect())
    }
}

fn drop_field(value: &mut Json, name: &str) {
    if let Json::Object(fields) = value {
        fields.remove(name);
    }
}

fn about_edition(number: i64, feed: &str) -> String {
    format!("edition {number} of {feed}")
}
