// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

use std::path::PathBuf;

use underpin_model::Money;
use underpin_office::supporter::plan::{PlanAnswer, PlanWish, RuleUnit, read_facts};
use underpin_office::supporter::plan_rules::{PlanRules, one_rule, read_rules};
use underpin_office::supporter::{INTERVENTIONS, Intervention};
use underpin_office::{OfficeError, Result};
use underpin_render::{Language, brief, text};

use super::coverage::snapshot_line;
use super::priorities::OtherWeights;
use crate::context::{Context, usage};
use crate::output::{Answer, columns, dash, print, word};

/// What does the next euro buy? A plan for supporting the projects that the government leans on
///
/// What the office knows of projects stands in a file: whether they want help, what they can take, who pays already. What is not
/// known permits nothing: a project that nobody asked is refused with "ask-first", and the list of these is where to begin. How often
/// projects fail is believed, not measured; the beliefs stand below the plan. A person decides.
#[derive(Debug, clap::Args)]
pub struct Plan {
    /// The budget in euro
    #[arg(long, value_name = "EURO", required_unless_present = "instruments")]
    budget: Option<Money>,
    /// List the instruments, and plan nothing
    #[arg(long)]
    instruments: bool,
    /// What is known of projects: a TOML file with a table [[project]] for each
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The most that one project gets, in euro
    #[arg(long, value_name = "EURO")]
    cap: Option<Money>,
    /// Projects that are looked at beside those in the file: the ones that are leaned on most
    #[arg(long, value_name = "N", default_value_t = PlanWish::TOP)]
    top: usize,
    /// Costs are rounded up to so many euro
    #[arg(long, value_name = "EURO", default_value = "1000")]
    unit: Money,
    /// Draws behind ranges and stability
    #[arg(long, value_name = "N", default_value_t = PlanWish::DRAWS, value_parser = clap::value_parser!(u16).range(1..=2_000))]
    draws: u16,
    /// Where the draws begin: the same number gives the same plan
    #[arg(long, value_name = "NUMBER", default_value_t = PlanWish::SEED)]
    seed: u64,
    /// Hours that the office itself has
    #[arg(long, value_name = "HOURS")]
    office_hours: Option<u32>,
    /// No more hours of a skill than the register of own skills has left (`underpin skills`)
    #[arg(long)]
    own_skills: bool,
    /// The most for one year in euro; given several times, the first year comes first
    #[arg(long = "year", value_name = "EURO")]
    years: Vec<Money>,
    /// Lines of the budget, floors and caps: a TOML file with a table [[rule]] for each
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// One rule more, as such a table in one line: { name = "grants", at_most = 300000, instruments = ["fellowship"] }
    #[arg(long = "rule", value_name = "RULE")]
    lines: Vec<String>,
    /// The page for whoever decides, as a PDF, into this file
    #[arg(long, value_name = "FILE")]
    brief: Option<PathBuf>,
    /// The page in German
    #[arg(long, requires = "brief")]
    german: bool,
    #[command(flatten)]
    weights: OtherWeights,
}

const FIELDS: [&str; 9] = [
    "project",
    "interventions",
    "cost_cents",
    "office_hours",
    "avoided",
    "avoided_range",
    "stability",
    "marginal",
    "why",
];

impl Plan {
    pub async fn run(self, context: &Context) -> Result<bool> {
        let Some(budget) = self.budget else {
            print(&instruments(), context.printing_all())?;
            return Ok(false);
        };
        let known = self.facts.as_deref().map(read_facts).transpose()?.unwrap_or_default();
        if budget.cents() <= 0 || self.unit.cents() <= 0 {
            return Err(usage("budget and unit are more than nothing", "as in --budget 5000000"));
        }
        let house = context.existing().await?;
        let desk = context.desk(&house).await?;
        let wish = PlanWish {
            budget,
            project_cap: self.cap,
            unit: self.unit,
            top: self.top,
            draws: usize::from(self.draws),
            seed: self.seed,
            rules: self.rules()?,
        };
        let ranking = desk.ranking(&self.weights.weights()?)?;
        let found = house.plan(&desk, &ranking, &wish, known).await?;
        let mut answer = answer(&found);
        if let Some(file) = &self.brief {
            let mut options = wish.options();
            // A file of facts is named as it was.
            options.extend(self.facts.as_ref().map(|facts| format!(" --facts {}", facts.display())));
            let facts = house.plan_brief(&desk, &ranking, &found, &options).await?;
            let language = if self.german { Language::German } else { Language::English };
            let bytes = brief::bytes(language, &facts, &text(language, "house-name", &[]))
                .map_err(|error| OfficeError::new("export", error.to_string()))?;
            std::fs::write(file, bytes).map_err(|error| OfficeError::file(file, &error))?;
            answer.notes.push(format!("The page for whoever decides is in {}.", file.display()));
        }
        print(&answer, context.printing_all())?;
        Ok(false)
    }

    /// The rules of the file, with what was typed beside it.
    fn rules(&self) -> Result<PlanRules> {
        let mut rules = self.rules.as_deref().map(read_rules).transpose()?.unwrap_or_default();
        rules.office_hours = self.office_hours.or(rules.office_hours);
        if !self.years.is_empty() {
            rules.years.clone_from(&self.years);
        }
        rules.own_skills |= self.own_skills;
        for line in &self.lines {
            rules.rules.push(one_rule(line)?);
        }
        rules.check().map_err(|message| usage(message, "see `underpin plan --help`"))?;
        Ok(rules)
    }
}

fn answer(found: &PlanAnswer) -> Answer {
    let mut answer =
        Answer { json: serde_json::to_value(found).unwrap_or_default(), fields: &FIELDS, ..Answer::default() };
    answer.rows = answer.json["items"].as_array().cloned().unwrap_or_default();
    let plan = &found.plan;
    answer.head.push(format!(
        "{} of {} for {} projects: {:.1} incident-system-days a year avoided{}, of {:.1} that are expected.",
        plan.cost,
        plan.budget,
        plan.items.len(),
        plan.avoided,
        range(plan.avoided_range),
        plan.loss
    ));
    answer.head.push(format!(
        "Under these beliefs no plan avoids more than {:.1}: this one surely reaches {:.0} % of the best. That certifies the \
         arithmetic, not the beliefs.",
        plan.certificate.bound,
        plan.certificate.share * 100.0
    ));
    answer.columns = columns(&["project", "what", "cost", "our hours", "avoided", "between", "in draws", "marginal"]);
    for item in &plan.items {
        let what: Vec<&str> = item.interventions.iter().map(|code| code.as_str()).collect();
        answer.cells.push(vec![
            item.project.clone(),
            what.join(" + "),
            item.cost.to_string(),
            item.office_hours.to_string(),
            format!("{:.1}", item.avoided),
            dash(range(item.avoided_range).trim().trim_matches(['(', ')'])),
            format!("{:.0} %", item.stability * 100.0),
            format!("{:.1}", item.marginal),
        ]);
    }
    let costs = plan.shadow_prices.iter().filter(|price| price.gain > 0.0);
    answer.notes.extend(costs.map(|price| {
        let unit = match price.unit {
            RuleUnit::Hours => format!("{} hours", price.loosened_by),
            RuleUnit::Cents => euro(price.loosened_by),
        };
        format!("The rule {:?} costs: {unit} looser, the plan would avoid {:.1} more.", price.rule, price.gain)
    }));
    answer.notes.extend(refused(found));
    answer.notes.push("beliefs (expected, low, high): how often a year, and how many days one lasts:".to_owned());
    for belief in &found.beliefs {
        answer.notes.push(format!(
            "  {}: {:?}; {:?} – {}",
            belief.cause.as_str(),
            belief.incidents,
            belief.days,
            belief.source
        ));
    }
    answer.notes.push(snapshot_line(found.overview.snapshot, found.overview.as_of));
    answer
}

fn euro(cents: i64) -> String {
    Money::from_cents(cents).to_string()
}

fn range(range: Option<(f64, f64)>) -> String {
    range.map_or_else(String::new, |(low, high)| format!(" ({low:.1}–{high:.1})"))
}

/// What may not be done, by reason: the same one for many projects is one line.
fn refused(found: &PlanAnswer) -> Vec<String> {
    let mut lines: std::collections::BTreeMap<(&str, &str), Vec<String>> = std::collections::BTreeMap::new();
    for one in &found.plan.refused {
        let refusal = &one.refusal;
        let key = (refusal.reason.as_str(), refusal.first.as_str());
        lines.entry(key).or_default().push(format!("{}: {}", one.project, refusal.intervention.as_str()));
    }
    let line = |((reason, first), what): ((&str, &str), Vec<String>)| {
        let more = what.len().saturating_sub(3);
        let shown = what.into_iter().take(3).collect::<Vec<_>>().join("; ");
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        format!("  {reason} → {first}: {shown}{more}")
    };
    let mut notes = vec!["refused (why → what first):".to_owned()];
    notes.extend(lines.into_iter().map(line));
    let unfunded = found.plan.unfunded.iter().map(|one| format!("  {}: {}", one.project, word(&one.reason))).take(10);
    notes.push("not funded:".to_owned());
    notes.extend(unfunded);
    if found.plan.unfunded.len() > 10 {
        notes.push(format!("  … and {} more; --format json names all", found.plan.unfunded.len() - 10));
    }
    notes
}

/// The instruments, with what they cost, what they are believed to do and what must hold first.
fn instruments() -> Answer {
    let fields = &["code", "cost_cents", "months", "effects", "prerequisites", "routes", "about"];
    let mut answer = Answer { json: serde_json::json!({ "rows": INTERVENTIONS }), fields, ..Answer::default() };
    answer.rows = answer.json["rows"].as_array().cloned().unwrap_or_default();
    answer.columns =
        columns(&["instrument", "cost", "months", "bugs", "takeover", "abandonment", "needs", "routes", "about"]);
    let share = |one: &Intervention, place: usize| format!("{:.0} %", one.effects[place].share.mean * 100.0);
    for one in &INTERVENTIONS {
        let needs: Vec<&str> = one.prerequisites.iter().map(|needed| needed.as_str()).collect();
        let routes: Vec<&str> = one.routes.iter().map(|route| route.as_str()).collect();
        answer.cells.push(vec![
            one.code.as_str().to_owned(),
            format!("{} – {}", one.cost.low, one.cost.high),
            format!("{}–{}", one.months.0, one.months.1),
            share(one, 0),
            share(one, 1),
            share(one, 2),
            needs.join("\n"),
            routes.join("\n"),
            one.about.to_owned(),
        ]);
    }
    answer.notes.push("shares of the harm that are believed to go away, as a rule; --format json has ranges, sources, guard rails and state aid".to_owned());
    answer
}
