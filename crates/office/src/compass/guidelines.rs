// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `guidelines`: how the office behaves towards the people who make open source, in numbers that lead to their rows. There is no score:
//! a number that nobody can work out is not known, and none is added to another.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use underpin_model::Timestamp;
use underpin_model::compass::{CommentState, Guideline};
use underpin_model::engagement::{ContactRefusal, ConversationState, PromiseState};

use super::facts::Known;
use crate::error::Result;
use crate::house::{Desk, House, Overview};
use crate::supporter::conversations::{ConversationRow, ConversationsAnswer};

/// The answer of `guidelines`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct GuidelinesAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The first moment of the twelve months that are looked at, where a number is about them.
    pub from: Timestamp,
    /// The numbers, guideline by guideline.
    pub rows: Vec<GuidelineRow>,
}

/// A number about a guideline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct GuidelineRow {
    /// Which guideline.
    pub guideline: Guideline,
    /// What is counted, as a word.
    pub code: &'static str,
    /// How many; `None` where that cannot be worked out, or is not for the viewer.
    pub count: Option<u64>,
    /// Of how many, where that is meant.
    pub of: Option<u64>,
    /// The page where the rows stand.
    pub href: &'static str,
}

/// Words of all that is counted, for the texts.
pub const GUIDELINE_NUMBERS: &[&str] = &[
    "projects-contacted",
    "most-contacts-of-one",
    "minutes-asked",
    "requests-without-minutes",
    "opted-out-contacted",
    "opt-outs-kept",
    "topics-with-two-voices",
    "requests-merged",
    "findings-shared",
    "consultations-closed",
    "comments-answered",
    "replies-given",
    "conversations-rated",
    "promises-kept",
    "promises-late",
    "promises-withdrawn",
    "systems-not-known",
    "switched-unheard",
];

impl House {
    /// How the guidelines are kept, as of the moment of the desk.
    ///
    /// # Errors
    /// When the ledger cannot be read, or a segment is missing or damaged.
    pub async fn guidelines(&self, desk: &Desk) -> Result<GuidelinesAnswer> {
        let known = self.compass_facts(desk).await?;
        let as_of = desk.overview().as_of;
        let from = Timestamp(as_of.0.saturating_sub(365 * Timestamp::DAY_US));
        let opted_out = match &known.conversations {
            Some(found) => Some(self.opted_out(desk, found).await?),
            None => None,
        };
        let steps = self.ledger.reader(desk.viewer.clone(), desk.now).role_steps(as_of).await?;
        let unheard = steps.iter().filter(|one| one.step.exception.is_some()).count();
        let mut rows = respect(known, opted_out, from);
        rows.extend(cooperation(known));
        rows.extend(collaboration(known));
        rows.extend(sincerity(known, (unheard, steps.len())));
        Ok(GuidelinesAnswer { overview: desk.overview(), from, rows })
    }

    /// Projects that want no contact, and with which a conversation is open all the same.
    async fn opted_out(&self, desk: &Desk, found: &ConversationsAnswer) -> Result<u64> {
        let is_open = |row: &&ConversationRow| row.state != ConversationState::Ended;
        let open: BTreeSet<&str> = found.rows.iter().filter(is_open).map(|row| row.project.as_str()).collect();
        let mut count = 0;
        for project in open {
            count += u64::from(self.told_facts_for(desk, project).await?.facts.is_opted_out);
        }
        Ok(count)
    }
}

fn row(
    (guideline, code, href): (Guideline, &'static str, &'static str),
    count: Option<u64>,
    of: Option<u64>,
) -> GuidelineRow {
    GuidelineRow { guideline, code, count, of, href }
}

fn respect(known: &Known, opted_out: Option<u64>, from: Timestamp) -> Vec<GuidelineRow> {
    let is = |code| (Guideline::Respect, code, "/engagements");
    let talks = known.conversations.as_ref();
    let mut by_project: BTreeMap<&str, u64> = BTreeMap::new();
    for one in talks.into_iter().flat_map(|found| &found.rows).filter(|one| one.opened >= from) {
        *by_project.entry(&one.project).or_default() += 1;
    }
    let projects = talks.map(|_| by_project.len() as u64);
    let most = talks.and_then(|_| by_project.values().max().copied());
    let asked = |of: fn(&crate::supporter::conversations::BurdenRow) -> u64| {
        talks.map(|found| found.burden.iter().map(of).sum::<u64>())
    };
    let refused = talks.map(|found| {
        let kept = found.apart.iter().filter(|one| one.says.reason == Some(ContactRefusal::OptedOut));
        kept.count() as u64
    });
    let open = talks.map(|found| found.rows.iter().filter(|one| one.state != ConversationState::Ended).count() as u64);
    vec![
        row(is("projects-contacted"), projects, None),
        row(is("most-contacts-of-one"), most, None),
        row(is("minutes-asked"), asked(|one| one.asked_minutes), None),
        row(is("requests-without-minutes"), asked(|one| one.asked_unknown.into()), None),
        row(is("opted-out-contacted"), opted_out, open),
        row(is("opt-outs-kept"), refused, None),
    ]
}

fn cooperation(known: &Known) -> Vec<GuidelineRow> {
    let is = |code, href| (Guideline::Cooperation, code, href);
    let talks = known.conversations.as_ref();
    let mut voices: BTreeMap<(String, String), u64> = BTreeMap::new();
    for one in talks.into_iter().flat_map(|found| &found.rows).filter(|one| one.state != ConversationState::Ended) {
        *voices.entry((one.project.clone(), format!("{:?}", one.topic))).or_default() += 1;
    }
    let two = talks.map(|_| voices.values().filter(|count| **count > 1).count() as u64);
    let merged = talks.map(|found| found.burden.iter().map(|one| u64::from(one.merged)).sum::<u64>());
    let requests = talks.map(|found| found.burden.iter().map(|one| u64::from(one.merged + one.requests)).sum::<u64>());
    vec![
        row(is("topics-with-two-voices", "/engagements"), two, talks.map(|_| voices.len() as u64)),
        row(is("requests-merged", "/engagements"), merged, requests),
        row(
            is("findings-shared", "/publications/drafts"),
            known.publications.as_ref().map(|all| all.len() as u64),
            None,
        ),
    ]
}

fn collaboration(known: &Known) -> Vec<GuidelineRow> {
    let is = |code, href| (Guideline::Collaboration, code, href);
    let held = &known.consultations;
    let comments = || held.iter().flat_map(|one| &one.comments).filter(|one| one.state == CommentState::Shown);
    let closed = held.iter().filter(|one| one.closed.is_some()).count() as u64;
    let talks = known.conversations.as_ref();
    let replies = talks.map(|found| found.burden.iter().map(|one| u64::from(one.replies)).sum::<u64>());
    vec![
        row(is("consultations-closed", "/consultations"), Some(closed), Some(held.len() as u64)),
        row(
            is("comments-answered", "/consultations"),
            Some(comments().filter(|one| one.answer.is_some()).count() as u64),
            Some(comments().count() as u64),
        ),
        row(is("replies-given", "/engagements"), replies, None),
        row(
            is("conversations-rated", "/engagements"),
            talks.map(|found| found.ratings.rated.into()),
            talks.map(|found| found.ratings.ended.into()),
        ),
    ]
}

fn sincerity(known: &Known, (unheard, steps): (usize, usize)) -> Vec<GuidelineRow> {
    let is = |code, href| (Guideline::Sincerity, code, href);
    let promises = known.commitments.as_ref().map(|answer| &answer.states);
    let all = promises.map(|states| states.iter().map(|one| u64::from(one.commitments)).sum::<u64>());
    let count = |state: PromiseState| {
        promises.map(|states| {
            let of = states.iter().filter(|one| one.state == state);
            of.map(|one| u64::from(one.commitments)).sum::<u64>()
        })
    };
    let coverage = known.coverage.as_ref();
    vec![
        row(is("promises-kept", "/commitments"), count(PromiseState::Kept), all),
        row(is("promises-late", "/commitments"), count(PromiseState::Late), all),
        row(is("promises-withdrawn", "/commitments"), count(PromiseState::Withdrawn), all),
        row(
            is("systems-not-known", "/coverage"),
            coverage.map(|of| of.blind + of.stale + of.unknown),
            coverage.map(underpin_model::Coverage::systems),
        ),
        row(is("switched-unheard", "/roles"), Some(unheard as u64), Some(steps as u64)),
    ]
}
