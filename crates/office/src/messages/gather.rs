// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What there is to tell: risks that are new for somebody. Looked for with their eyes, told once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use underpin_ledger::{NewNotice, Subscription};
use underpin_model::Timestamp;

use super::Wish;
use crate::error::Result;
use crate::house::{Desk, House};
use crate::watch::estate::Watched;
use crate::watch::findings::FindingsQuery;

/// What a notice is about; the words come later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum About {
    /// A vulnerability that hits a system.
    Risk {
        /// Its name when it was noticed.
        vulnerability: String,
        /// The system.
        system: String,
        /// How pressing it was then.
        priority: String,
    },
    /// A task of theirs.
    Task {
        /// Its number.
        task: i64,
        /// What is new: `assigned`, `due-soon` or `overdue`.
        what: String,
        /// What tells this time from another: to whom it was given, or the day.
        mark: String,
    },
    /// An incident.
    Incident {
        /// Its number.
        incident: i64,
        /// What is new: `opened` or `closed`, or of a reporting clock `clock-due-soon` or `clock-overdue`.
        what: String,
        /// When; of a reporting clock which step, and when it is due.
        mark: String,
    },
    /// A round of collection.
    Round {
        /// Its number.
        round: i64,
        /// What is new: `opened`, `late` or `closed`.
        what: String,
        /// When.
        mark: String,
    },
}

impl About {
    /// Whether it cannot wait, for who wants such things at once.
    fn is_pressing(&self) -> bool {
        match self {
            Self::Risk { priority, .. } => priority == "act-now",
            Self::Task { .. } => true,
            Self::Incident { what, .. } => what != "closed",
            Self::Round { .. } => false,
        }
    }

    /// Which thing it is: a risk stays the same when its record is updated or its priority moves.
    fn digest(&self) -> [u8; 32] {
        match self {
            Self::Risk { vulnerability, system, .. } => {
                Sha256::digest(format!("risk\u{1f}{vulnerability}\u{1f}{system}")).into()
            }
            Self::Task { task, what, mark } => {
                Sha256::digest(format!("task\u{1f}{task}\u{1f}{what}\u{1f}{mark}")).into()
            }
            Self::Incident { incident, what, mark } => {
                Sha256::digest(format!("incident\u{1f}{incident}\u{1f}{what}\u{1f}{mark}")).into()
            }
            Self::Round { round, what, mark } => {
                Sha256::digest(format!("round\u{1f}{round}\u{1f}{what}\u{1f}{mark}")).into()
            }
        }
    }
}

impl House {
    /// Looks for what is new for every subscription, and puts it into the outbox; how many things that are. What was there when a
    /// subscription is looked at first is not told.
    ///
    /// # Errors
    /// What the ledger says; a subscription that fails stops no other one, and its failure comes last.
    pub(super) async fn gather_notices(&self, content_now: Timestamp, now: Timestamp) -> Result<u64> {
        let door = self.ledger.door();
        let mut groups: BTreeMap<String, Vec<Subscription>> = BTreeMap::new();
        for one in door.subscriptions(None).await? {
            // People with the same rights see the same: their desk is laid once.
            let viewer = serde_json::to_string(&one.person.viewer()).unwrap_or_default();
            groups.entry(viewer).or_default().push(one);
        }
        let (mut count, mut failure) = (0, None);
        for subscriptions in groups.values() {
            match self.gather_group(subscriptions, content_now, now).await {
                Ok(told) => count += told,
                Err(error) => failure = Some(error),
            }
        }
        failure.map_or(Ok(count), Err)
    }

    async fn gather_group(&self, group: &[Subscription], content_now: Timestamp, now: Timestamp) -> Result<u64> {
        let Some(first) = group.first() else { return Ok(0) };
        let desk = self.desk_as_of(first.person.viewer(), content_now, content_now).await?;
        let watched = self.watch(&desk).await?;
        let mut count = 0;
        for one in group {
            let wish: Wish = serde_json::from_value(one.body.clone()).unwrap_or_default();
            let mut told = if wish.wants("risks") { risks(&desk, &watched, &wish) } else { Vec::new() };
            told.extend(self.work_for(&desk, &watched, &one.person.login, &wish).await?);
            let notices: Vec<NewNotice> = told
                .iter()
                .map(|about| NewNotice {
                    digest: about.digest(),
                    body: serde_json::to_value(about).unwrap_or_default(),
                    is_urgent: wish.at_once && about.is_pressing(),
                })
                .collect();
            count += self.ledger.door().tell(now, one.number, &notices, one.begun.is_none()).await?;
        }
        Ok(count)
    }
}

fn risks(desk: &Desk, watched: &Watched, wish: &Wish) -> Vec<About> {
    // An agency or system that is gone, or out of sight by now, has nothing to tell.
    let Ok(answer) = watched.findings(desk, &query_of(wish)) else { return Vec::new() };
    let mut risks: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for row in &answer.rows {
        risks.entry((row.vulnerability, row.system)).or_insert(row.priority);
    }
    let about = |((vulnerability, system), priority): ((&str, &str), &str)| About::Risk {
        vulnerability: vulnerability.to_owned(),
        system: system.to_owned(),
        priority: priority.to_owned(),
    };
    risks.into_iter().map(about).collect()
}

/// Findings that a wish asks for: what is open, all of it.
pub(super) fn query_of(wish: &Wish) -> FindingsQuery {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    FindingsQuery {
        statuses: vec!["open".to_owned()],
        priority: Some(wish.least_priority().to_owned()),
        exploited: wish.exploited,
        agency: some(&wish.agency),
        system: some(&wish.system),
        rows: usize::MAX,
        ..FindingsQuery::default()
    }
}
