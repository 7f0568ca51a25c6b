// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `plan`: what does the next euro buy? From dependence, from what the office knows of projects, and from beliefs that are shown.
//!
//! What is not known permits nothing: a project that nobody asked is refused with "ask first". How often projects fail and how long
//! that lasts is believed, not measured, unless the office writes down something better; the beliefs stand in the answer.

use std::path::Path;

use serde::Serialize;
use underpin_assess::planning::make_plan::{MakeError, plan};
pub use underpin_assess::planning::plan::{CurvePoint, PlanItem, PlanOutcome, RefusedItem};
use underpin_assess::planning::refusal::ProjectFacts;
use underpin_assess::planning::request::{PlanProject, PlanRequest, Risk};
use underpin_assess::planning::side_constraints::RuledError;
pub use underpin_assess::planning::side_constraints::{RuleUnit, ShadowPrice};
pub use underpin_formats::project_facts::ProjectFile;
use underpin_formats::project_facts::{self, KnownFunding, KnownProject};
use underpin_model::Money;
use underpin_model::interventions::HarmCause;
use underpin_model::limits::bounds;
use underpin_model::project_class::ProjectClass;

use super::evidence::{Evidence, ProjectEvidence};
use super::facts::{funding_records, with_funding};
use super::plan_rules::PlanRules;
use super::priorities::{Points, Ranking};
use super::risks::CauseBelief;
use super::skills::OwnSkill;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// What to plan.
#[derive(Clone, Debug)]
pub struct PlanWish {
    /// The budget.
    pub budget: Money,
    /// The most that one project gets.
    pub project_cap: Option<Money>,
    /// The unit of the calculation.
    pub unit: Money,
    /// Projects that are looked at beside those that are known: the ones that the government leans on most.
    pub top: usize,
    /// Draws for ranges and stability.
    pub draws: usize,
    /// Where the draws begin.
    pub seed: u64,
    /// Rules beside the budget.
    pub rules: PlanRules,
}

impl PlanWish {
    /// Costs are rounded up to a thousand euro, unless something else is said.
    pub const UNIT: Money = Money::from_cents(100_000);
    /// Projects that are looked at beside those that are known, unless something else is said.
    pub const TOP: usize = 50;
    /// Draws, unless something else is said.
    pub const DRAWS: u16 = 200;
    /// Where the draws begin, unless something else is said.
    pub const SEED: u64 = 7;

    /// A budget, and the rest as it is when nothing is said.
    pub fn of(budget: Money) -> Self {
        Self {
            budget,
            project_cap: None,
            unit: Self::UNIT,
            top: Self::TOP,
            draws: usize::from(Self::DRAWS),
            seed: Self::SEED,
            rules: PlanRules::default(),
        }
    }

    /// The same for readers who wait: a large budget is reckoned in larger units, so that the work stays bounded.
    pub fn bounded(budget: Money) -> Self {
        let most = bounds::PLAN_STEPS.saturating_mul(Self::UNIT.cents());
        let times = budget.cents().max(1).saturating_sub(1) / most + 1;
        Self { unit: Self::UNIT.checked_mul(times).unwrap_or(Self::UNIT), ..Self::of(budget) }
    }

    /// The options of the command that makes the same plan, as `--budget 5000000`.
    pub fn options(&self) -> String {
        let more = [
            self.project_cap.map(|cap| format!(" --cap {}", typed(cap))),
            (self.unit != Self::UNIT).then(|| format!(" --unit {}", typed(self.unit))),
            (self.top != Self::TOP).then(|| format!(" --top {}", self.top)),
            (self.draws != usize::from(Self::DRAWS)).then(|| format!(" --draws {}", self.draws)),
            (self.seed != Self::SEED).then(|| format!(" --seed {}", self.seed)),
            self.rules.office_hours.map(|hours| format!(" --office-hours {hours}")),
            self.rules.own_skills.then(|| " --own-skills".to_owned()),
        ];
        let years = self.rules.years.iter().map(|amount| format!(" --year {}", typed(*amount)));
        let mut options = format!("--budget {}", typed(self.budget));
        options.extend(more.into_iter().flatten());
        options.extend(years);
        let rules = self.rules.rules.iter().map(|rule| rule.line().replace('\'', r"'\''"));
        options.extend(rules.map(|line| format!(" --rule '{line}'")));
        options
    }
}

/// An amount as people type it: cents only where there are some.
pub fn typed(money: Money) -> String {
    let (euro, cents) = (money.cents() / 100, money.cents() % 100);
    if cents == 0 { euro.to_string() } else { format!("{euro}.{cents:02}") }
}

/// The answer of `plan`.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct PlanAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The plan.
    #[serde(flatten)]
    pub plan: PlanOutcome,
    /// What is believed of projects of which nothing better is written down.
    pub beliefs: Vec<Belief>,
    /// Projects that were looked at, with where the facts about them are from; none where nothing is written down.
    pub looked_at: Vec<LookedAt>,
}

/// A belief.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Belief {
    /// The cause of harm.
    pub cause: HarmCause,
    /// Incidents a year: expected, low, high.
    pub incidents: [f64; 3],
    /// Days one lasts, in the same form.
    pub days: [f64; 3],
    /// Where that is from.
    pub source: &'static str,
}

/// A project that was looked at.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct LookedAt {
    /// The project.
    pub project: String,
    /// How much the government depends on it; `None` where no document shows it.
    pub dependence: Option<Points>,
    /// How it stands.
    pub class: ProjectClass,
    /// Where the facts about it are from.
    pub source: Option<String>,
}

impl Ranking {
    /// Plans for the projects that the government leans on most, and for all that are known.
    ///
    /// # Errors
    /// `unknown-project` for a known project that cannot be told; `invalid-plan` where budget or prices make no sense.
    pub fn plan(
        &self,
        desk: &Desk,
        (wish, skills): (&PlanWish, &[OwnSkill]),
        known: &[KnownProject],
        evidence: &Evidence<'_>,
    ) -> Result<PlanAnswer> {
        let mut keys: Vec<(String, Option<&KnownProject>)> = Vec::new();
        for one in known {
            let key = self.key_or_text(&one.project)?;
            if keys.iter().any(|(own, _)| *own == key) {
                return Err(OfficeError::new("unknown-project", format!("{key} stands there twice"))
                    .hint("keep one table for each project"));
            }
            keys.push((key, Some(one)));
        }
        let ranked = self.answer(desk, Some(wish.top)).rows;
        keys.extend(
            ranked
                .iter()
                .filter(|row| known_of(&keys, &row.project).is_none())
                .map(|row| (row.project.clone(), None))
                .collect::<Vec<_>>(),
        );
        let dependence: Vec<Option<Points>> = keys.iter().map(|(key, _)| self.dependence_of(key)).collect();
        let stand = evidence.of(self, &keys.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>());
        let project = |place: usize| {
            let (key, known) = &keys[place];
            let prices = known.map(|known| known.prices.iter().map(|(code, price)| (*code, *price)).collect());
            PlanProject {
                name: key.clone(),
                facts: known.map(facts).unwrap_or_default(),
                risk: dependence[place].map(|points| risk(points, &stand[place], *known)),
                prices: prices.unwrap_or_default(),
            }
        };
        let names: Vec<String> = keys.iter().map(|(key, _)| key.clone()).collect();
        let request = PlanRequest {
            projects: (0..stand.len()).map(project).collect(),
            budget: wish.budget,
            unit: wish.unit,
            project_cap: wish.project_cap,
            rules: self.house_rules(desk, (&wish.rules, skills), &names)?,
            draws: wish.draws,
            seed: wish.seed,
        };
        let outcome = plan(&request).map_err(|error| {
            let hint = match &error {
                MakeError::Rules(RuledError::Infeasible) => "lower a floor or raise a line",
                _ => "check the budget, the unit and the prices",
            };
            OfficeError::new("invalid-plan", error.to_string()).hint(hint)
        })?;
        let looked_at = keys.iter().zip(dependence).zip(stand).map(|(((key, known), dependence), stand)| LookedAt {
            project: key.clone(),
            dependence,
            class: stand.class,
            source: known.map(|known| known.source.clone()),
        });
        Ok(PlanAnswer { overview: desk.overview(), plan: outcome, beliefs: beliefs(), looked_at: looked_at.collect() })
    }
}

impl House {
    /// Plans with what is written down of projects, what was promised and what others pay; `file` is believed first.
    ///
    /// # Errors
    /// As [`Ranking::plan`]; `not-allowed`; when the ledger cannot be read, or evidence is damaged.
    pub async fn plan(&self, desk: &Desk, ranking: &Ranking, wish: &PlanWish, file: ProjectFile) -> Result<PlanAnswer> {
        let watched = self.watch(desk).await?;
        let evidence = self.project_evidence(desk, &watched).await?;
        let mut known = file.projects;
        for one in &mut known {
            one.project = ranking.key_or_text(&one.project)?;
        }
        let mut written = self.known_projects(desk).await?;
        for one in &mut written.projects {
            one.project = desk.names.settled(&one.project).to_owned();
        }
        for one in written.projects {
            if known.iter().all(|known| known.project != one.project) {
                known.push(one);
            }
        }
        let mut others = written.fundings;
        for one in file.fundings {
            others.push(KnownFunding { project: ranking.key_or_text(&one.project)?, ..one });
        }
        let at = desk.overview().as_of;
        let own = self.ledger.reader(desk.viewer.clone(), desk.now).commitments(at).await?;
        let known = with_funding(known, &funding_records(&own, &others), at);
        let skills = self.own_skills(desk).await?;
        ranking.plan(desk, (wish, &skills), &known, &evidence)
    }
}

fn known_of<'k>(keys: &'k [(String, Option<&KnownProject>)], key: &str) -> Option<&'k String> {
    keys.iter().find(|(own, _)| own == key).map(|(own, _)| own)
}

fn beliefs() -> Vec<Belief> {
    let belief = |one: CauseBelief| Belief {
        cause: one.cause,
        incidents: one.incidents,
        days: one.days,
        source: "judgement: no count of such incidents by project is known",
    };
    super::risks::beliefs().into_iter().map(belief).collect()
}

/// The same beliefs as the ranking by risk has.
fn risk(points: Points, evidence: &ProjectEvidence, known: Option<&KnownProject>) -> Risk {
    let (believed, _) = super::risks::believed(points, evidence, known);
    Risk { exposure: believed.exposure, incidents: believed.incidents.map(|rate| rate.prior()), days: believed.days }
}

fn facts(known: &KnownProject) -> ProjectFacts {
    ProjectFacts {
        consents: known.consents,
        can_receive_money: known.can_receive_money,
        has_triage_capacity: known.has_triage_capacity,
        was_audited: known.was_audited,
        takes_contributions: known.takes_contributions,
        maintainer_hours: known.maintainer_hours,
        promised_hours: known.promised_hours,
        funded: known.funded.clone(),
        has_continuity_reserve: known.has_continuity_reserve,
        has_alternative: known.has_alternative,
        is_unmaintained: known.is_unmaintained,
        has_foundation: known.has_foundation,
    }
}

/// Reads what is known of projects.
///
/// # Errors
/// `project-facts`, with the file, the place and what is wrong.
pub fn read_facts(path: &Path) -> Result<ProjectFile> {
    let fault = |message: String| {
        OfficeError::new("project-facts", format!("{}: {message}", path.display()))
            .hint("`underpin plan --help`; the manual has an example")
    };
    let bytes = std::fs::metadata(path).map_err(|error| fault(error.to_string()))?.len();
    if bytes > bounds::PROJECT_FACTS_BYTES {
        return Err(fault(format!("more than {} bytes", bounds::PROJECT_FACTS_BYTES)));
    }
    project_facts::read(&std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?).map_err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_tells_what_is_not_as_usual() {
        let euro = |euro| Money::from_euro(euro).expect("an amount");
        let mut wish = PlanWish::of(euro(5_000_000));
        assert_eq!(wish.options(), "--budget 5000000");
        wish.project_cap = Some(euro(250_000));
        wish.top = 9;
        wish.draws = 20;
        assert_eq!(wish.options(), "--budget 5000000 --cap 250000 --top 9 --draws 20");
        let mut ruled = PlanWish::of(euro(5_000_000));
        ruled.rules.office_hours = Some(400);
        ruled.rules.years = vec![euro(600_000), Money::from_cents(40_000_050)];
        assert_eq!(ruled.options(), "--budget 5000000 --office-hours 400 --year 600000 --year 400000.50");
        ruled.rules = PlanRules { own_skills: true, ..PlanRules::default() };
        let rule = "{ name = \"what we've said\", at_most = 7, projects = [\"p\"] }";
        ruled.rules.rules.push(super::super::plan_rules::one_rule(rule).expect("a rule"));
        let shell = r#"--rule '{ name = "what we'\''ve said", at_most = 7, projects = ["p"] }'"#;
        assert_eq!(ruled.options(), format!("--budget 5000000 --own-skills {shell}"));
        // Two wishes that differ are never told alike: what is kept for one would be given for the other.
        assert_eq!(PlanWish::of(Money::from_cents(500_000_050)).options(), "--budget 5000000.50");
        for (budget, options) in
            [(10_000_000, ""), (10_000_001, " --unit 2000"), (i64::MAX / 100, " --unit 9223372037000")]
        {
            assert_eq!(PlanWish::bounded(euro(budget)).options(), format!("--budget {budget}{options}"));
        }
    }
}
