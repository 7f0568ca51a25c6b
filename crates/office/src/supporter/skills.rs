// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the office can do itself: hours a year of each skill, what is promised of them, and what is left to offer.
//!
//! A skill is what somebody can do, never who: the register holds one number for each. What a promise takes is reckoned from
//! the catalogue of instruments, for each promise that holds today.

use serde::{Deserialize, Serialize};
use underpin_assess::planning::catalogue::intervention;
use underpin_model::Timestamp;
use underpin_model::engagement::CommitmentRecord;
use underpin_model::interventions::{InterventionCode, Skill};
use underpin_model::limits::bounds::SKILL_HOURS;

use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// What is kept under the name of a skill.
#[derive(Serialize, Deserialize)]
struct Kept {
    hours: u32,
    since: Timestamp,
}

/// Hours of one skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct OwnSkill {
    /// Which.
    pub skill: Skill,
    /// Hours a year; `None` while nobody wrote any down.
    pub hours: Option<u32>,
    /// When that was written down.
    pub since: Option<Timestamp>,
    /// Hours that promises in force ask for, as a rule.
    pub promised: i64,
}

impl OwnSkill {
    /// Hours that can still be offered. What nobody wrote down cannot be.
    pub fn left(&self) -> i64 {
        (i64::from(self.hours.unwrap_or(0)) - self.promised).max(0)
    }
}

/// The register of the office's own skills.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct SkillsAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// Every skill there is a word for.
    pub rows: Vec<SkillRow>,
}

/// A line of the register.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct SkillRow {
    /// The skill.
    #[serde(flatten)]
    pub own: OwnSkill,
    /// Hours that can still be offered; `None` while nobody wrote any down.
    pub left: Option<i64>,
}

impl House {
    /// Every skill, with its hours and what is promised of them.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn own_skills(&self, desk: &Desk) -> Result<Vec<OwnSkill>> {
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let as_of = desk.overview().as_of;
        let promises = reader.commitments(as_of).await?;
        let mut found = Vec::with_capacity(Skill::ALL.len());
        for skill in Skill::ALL.iter().copied() {
            let kept = reader.setting(&name(skill)).await?;
            let kept = kept.and_then(|body| serde_json::from_str::<Kept>(&body).ok());
            // Only the newest number is kept: what was said earlier is in the trail.
            let kept = kept.filter(|kept| kept.since <= as_of);
            found.push(OwnSkill {
                skill,
                hours: kept.as_ref().map(|kept| kept.hours),
                since: kept.map(|kept| kept.since),
                promised: promises.iter().map(|one| asked_for(one, skill, as_of)).sum(),
            });
        }
        Ok(found)
    }

    /// The register as it is shown.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn skills(&self, desk: &Desk) -> Result<SkillsAnswer> {
        let own = self.own_skills(desk).await?;
        let row = |own: OwnSkill| SkillRow { left: own.hours.map(|_| own.left()), own };
        Ok(SkillsAnswer { overview: desk.overview(), rows: own.into_iter().map(row).collect() })
    }

    /// Writes down how many hours a year the office has of a skill, or (`None`) that nobody knows.
    ///
    /// # Errors
    /// `not-allowed` for who does not lead for the government, `usage` for more hours than there can be.
    pub async fn set_own_skill(&self, author: &Author, skill: Skill, hours: Option<u32>) -> Result<()> {
        if hours.is_some_and(|hours| hours > SKILL_HOURS) {
            return Err(OfficeError::new("usage", format!("more than {SKILL_HOURS} hours"))
                .hint("say how many hours a year the office has"));
        }
        let kept = hours.map(|hours| Kept { hours, since: author.at });
        let body = kept.map(|kept| serde_json::to_string(&kept)).transpose();
        let body = body.map_err(|error| OfficeError::new("usage", error.to_string()))?;
        let writer = self.ledger.writer(&author.actor, author.viewer.clone());
        writer.set_setting(author.at, &name(skill), body.as_deref()).await?;
        Ok(())
    }
}

fn name(skill: Skill) -> String {
    format!("skill.{}", skill.as_str())
}

/// Hours that a promise takes of a skill: what its instrument asks of an office as a rule, while it is in force.
fn asked_for(promise: &CommitmentRecord, skill: Skill, at: Timestamp) -> i64 {
    let promised = &promise.commitment;
    let is_in_force = promise.approved.is_some()
        && promised.withdrawn.is_none()
        && (promised.from.0..=promised.until.0).contains(&at.0);
    let instrument = promised.activity.parse::<InterventionCode>().ok().and_then(intervention);
    instrument.filter(|one| is_in_force && one.skill == skill).map_or(0, |one| i64::from(one.office_hours))
}

#[cfg(test)]
mod tests {
    use underpin_model::engagement::{Commitment, CommitmentId, Withdrawal};

    use super::*;

    #[test]
    fn a_promise_takes_hours_while_it_is_in_force() {
        let day = |day: i64| Timestamp(day * Timestamp::DAY_US);
        let commitment = Commitment {
            id: CommitmentId(1),
            project: "https://code.example/p".to_owned(),
            activity: "direct-contribution".to_owned(),
            from: day(10),
            until: day(20),
            milestones: Vec::new(),
            withdrawn: None,
        };
        let promise = CommitmentRecord {
            commitment,
            reason: String::new(),
            shares: Vec::new(),
            proposed_by: "a".to_owned(),
            proposed: day(1),
            approved: Some(("b".to_owned(), day(2))),
            payments: Vec::new(),
            revision: 1,
        };
        let hours = |promise: &CommitmentRecord, at| asked_for(promise, Skill::Programming, day(at));
        assert_eq!([9, 10, 20, 21].map(|at| hours(&promise, at)), [0, 200, 200, 0]);
        assert_eq!(asked_for(&promise, Skill::Contracting, day(15)), 0, "of that skill alone");
        assert_eq!(hours(&CommitmentRecord { approved: None, ..promise.clone() }, 15), 0);
        let mut other = promise.clone();
        other.commitment.withdrawn = Some(Withdrawal { at: day(12), reason: "r".to_owned() });
        assert_eq!(hours(&other, 15), 0);
        other = promise;
        other.commitment.activity = "something of ours".to_owned();
        assert_eq!(hours(&other, 15), 0);
    }

    #[test]
    fn what_nobody_wrote_down_cannot_be_offered() {
        let own = |hours, promised| OwnSkill { skill: Skill::Programming, hours, since: None, promised };
        assert_eq!(own(None, 0).left(), 0);
        assert_eq!((own(Some(500), 200).left(), own(Some(100), 200).left()), (300, 0));
    }
}
