// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use underpin_model::interventions::Skill;
use underpin_model::limits::bounds::SKILL_HOURS;
use underpin_office::Result;
use underpin_office::supporter::skills::SkillsAnswer;

use super::coverage::snapshot_line;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, print};

/// What the office can do itself: hours a year of each skill, what is promised of them, and what is left to offer
///
/// Without a skill: the register. It holds hours of skills, never of persons. `plan --own-skills` offers no more than what is left.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  underpin skills\n  underpin skills programming --hours 600\n  underpin skills programming --unknown"
)]
pub struct Skills {
    /// The skill: contracting, programming, release-engineering, security-review or facilitation
    #[arg(value_name = "SKILL")]
    skill: Option<Skill>,
    /// Hours a year that the office has
    #[arg(long, value_name = "HOURS", requires = "skill", value_parser = clap::value_parser!(u32).range(0..=i64::from(SKILL_HOURS)))]
    hours: Option<u32>,
    /// Nobody knows any more
    #[arg(long, requires = "skill", conflicts_with = "hours")]
    unknown: bool,
}

const FIELDS: [&str; 5] = ["skill", "hours", "promised", "left", "since"];

impl Skills {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let house = context.existing().await?;
        match (self.skill, self.hours, self.unknown) {
            (Some(skill), hours, unknown) if hours.is_some() || unknown => {
                house.set_own_skill(&context.author(&house).await?, skill, hours).await?;
            }
            (Some(_), ..) => return Err(usage("say how many hours", "--hours N, or --unknown")),
            (None, ..) => (),
        }
        let answer = answer(&house.skills(&context.desk(&house).await?).await?);
        print(&answer, context.printing())?;
        house.close().await;
        Ok(false)
    }
}

fn answer(found: &SkillsAnswer) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.columns = columns(&["skill", "hours a year", "promised", "left", "since"]);
    for row in &found.rows {
        let own = &row.own;
        answer.cells.push(vec![
            own.skill.as_str().to_owned(),
            own.hours.map_or_else(|| "unknown".to_owned(), |hours| hours.to_string()),
            own.promised.to_string(),
            row.left.map_or_else(|| "unknown".to_owned(), |left| left.to_string()),
            own.since.map(|since| since.date()).unwrap_or_default(),
        ]);
    }
    answer.notes.push("promised: what the instruments of promises in force ask of an office as a rule".to_owned());
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}
