// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the address of a plan asks for: the budget, and rules beside it as rows of a form.

use axum::http::Uri;
use underpin_model::Money;
use underpin_model::interventions::InterventionCode;
use underpin_model::limits::bounds::{PLAN_EURO, PLAN_PROJECTS, PLAN_RULES, PLAN_YEARS};
use underpin_office::supporter::plan::{PlanWish, typed};
use underpin_office::supporter::plan_rules::{PlanRule, PlanRules};
use underpin_render::{Language, brief};

use crate::exports;
use crate::forms::{Faults, Sent, Told};
use crate::frame::Frame;
use crate::visitor::pairs;

/// Rows that are offered empty.
const EMPTY_ROWS: usize = 2;
/// Years that the form asks for.
const YEARS: usize = 3;

/// Faults as fields and keys of texts.
type Found = Vec<(String, &'static str)>;

/// What was entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked(pub Sent);

/// A rule as it was entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleRow {
    /// Its place, from 1.
    pub number: u64,
    /// What it is called.
    pub name: String,
    /// `at-most` or `at-least`.
    pub bound: String,
    /// How much.
    pub euro: String,
    /// What is listed: `instruments`, `ecosystems`, `agencies` or `projects`.
    pub kind: String,
    /// The list, with commas.
    pub of: String,
}

impl RuleRow {
    /// Sides from which a rule bounds.
    pub const BOUNDS: [&'static str; 2] = ["at-most", "at-least"];
    /// What a rule can be about.
    pub const KINDS: [&'static str; 4] = ["instruments", "ecosystems", "agencies", "projects"];

    /// What a field of the row is called on the page.
    pub fn id(&self, field: &str) -> String {
        format!("{field}-{}", self.number)
    }

    fn is_empty(&self) -> bool {
        [&self.name, &self.euro, &self.of].iter().all(|text| text.is_empty())
    }

    /// The rule.
    fn rule(&self, language: Language) -> Result<PlanRule, Found> {
        let mut faults = Found::new();
        let amount = self.euro.parse::<Money>().ok().filter(|money| is_whole(*money));
        let listed: Vec<String> =
            self.of.split(',').map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect();
        if self.name.is_empty() {
            faults.push((self.id("rule"), "plan-fault-name"));
        }
        if amount.is_none() {
            faults.push((self.id("euro"), "plan-fault-euro"));
        }
        if listed.is_empty() {
            faults.push((self.id("of"), "plan-fault-of"));
        }
        let mut rule = PlanRule {
            name: self.name.clone(),
            at_most: amount.filter(|_| self.bound != "at-least"),
            at_least: amount.filter(|_| self.bound == "at-least"),
            instruments: Vec::new(),
            ecosystems: Vec::new(),
            agencies: Vec::new(),
            projects: Vec::new(),
        };
        match self.kind.as_str() {
            "ecosystems" => rule.ecosystems = listed,
            "agencies" => rule.agencies = listed,
            "projects" => rule.projects = listed,
            _ => match listed.iter().map(|text| instrument(language, text)).collect() {
                Some(instruments) => rule.instruments = instruments,
                None => faults.push((self.id("of"), "plan-fault-instrument")),
            },
        }
        if faults.is_empty() { Ok(rule) } else { Err(faults) }
    }
}

/// An instrument by its stable word, or by its name in the reader's language.
fn instrument(language: Language, text: &str) -> Option<InterventionCode> {
    let named = |code: &&InterventionCode| brief::instrument(language, **code).to_lowercase() == text.to_lowercase();
    text.parse().ok().or_else(|| InterventionCode::ALL.iter().find(named).copied())
}

fn is_whole(money: Money) -> bool {
    money >= Money::ZERO && money.cents() % 100 == 0 && money.cents() / 100 <= PLAN_EURO
}

impl Asked {
    /// What an address asks for.
    pub fn of(uri: &Uri) -> Self {
        Self(Sent(pairs(uri)))
    }

    /// The value of a field.
    pub fn one(&self, field: &str) -> &str {
        self.0.one(field)
    }

    /// What was entered for the years, with empty fields for more.
    pub fn years(&self) -> Vec<String> {
        let mut years: Vec<String> = self.0.all("year").map(|text| text.trim().to_owned()).collect();
        years.truncate(PLAN_YEARS);
        years.resize(years.len().max(YEARS), String::new());
        years
    }

    /// The fields of the years: number, what it is called on the page, what was entered.
    pub fn year_fields(&self) -> Vec<(u64, String, String)> {
        (1..).zip(self.years()).map(|(number, text)| (number, format!("year-{number}"), text)).collect()
    }

    /// Rules as they were entered, with empty rows for more.
    pub fn rows(&self) -> Vec<RuleRow> {
        let column = |name: &'static str| self.0.all(name).map(|text| text.trim().to_owned()).collect::<Vec<_>>();
        let (names, bounds, euro) = (column("rule"), column("bound"), column("euro"));
        let (kinds, of) = (column("kind"), column("of"));
        let at = |column: &[String], row: usize| column.get(row).cloned().unwrap_or_default();
        let row = |row: usize| RuleRow {
            number: 0,
            name: at(&names, row),
            bound: at(&bounds, row),
            euro: at(&euro, row),
            kind: at(&kinds, row),
            of: at(&of, row),
        };
        let mut rows: Vec<RuleRow> = (0..names.len()).map(row).filter(|row| !row.is_empty()).collect();
        rows.truncate(PLAN_RULES);
        rows.resize((rows.len() + EMPTY_ROWS).min(PLAN_RULES.max(rows.len())), RuleRow::default());
        for (number, row) in (1..).zip(&mut rows) {
            row.number = number;
        }
        rows
    }

    /// Whether rules are asked for: then they are shown open.
    pub fn has_rules(&self) -> bool {
        let fields = ["office_hours", "own_skills", "year", "rule", "euro", "of"];
        fields.iter().any(|field| self.0.all(field).any(|text| !text.trim().is_empty()))
    }

    /// The plan that is asked for; `None` while nothing is.
    ///
    /// # Errors
    /// Fields and what is wrong with them.
    pub fn wish(&self, language: Language) -> Result<Option<PlanWish>, Found> {
        let (budget, cap, top) = (self.one("budget"), self.one("cap"), self.one("top"));
        if [budget, cap, top].iter().all(|text| text.is_empty()) && !self.has_rules() {
            return Ok(None);
        }
        let mut faults = Found::new();
        let mut money = |field: &str, text: &str| {
            let read =
                text.parse::<Money>().ok().filter(|money| *money >= PlanWish::UNIT && money.cents() / 100 <= PLAN_EURO);
            if read.is_none() {
                faults.push((field.to_owned(), "plan-fault-money"));
            }
            read
        };
        let (budget, cap) = (money("budget", budget), (!cap.is_empty()).then(|| money("cap", cap)));
        let top =
            if top.is_empty() { Some(PlanWish::TOP) } else { top.parse().ok().filter(|top| *top <= PLAN_PROJECTS) };
        if top.is_none() {
            faults.push(("top".to_owned(), "plan-fault-top"));
        }
        let rules = match self.rules(language) {
            Ok(rules) => Some(rules),
            Err(more) => {
                faults.extend(more);
                None
            }
        };
        match (budget, top, rules) {
            (Some(budget), Some(top), Some(rules)) if faults.is_empty() => {
                Ok(Some(PlanWish { project_cap: cap.flatten(), top, rules, ..PlanWish::bounded(budget) }))
            }
            _ => Err(faults),
        }
    }

    fn rules(&self, language: Language) -> Result<PlanRules, Found> {
        let mut faults = Found::new();
        let hours = self.one("office_hours");
        let office_hours = if hours.is_empty() { None } else { hours.parse().ok() };
        if office_hours.is_none() && !hours.is_empty() {
            faults.push(("office_hours".to_owned(), "plan-fault-hours"));
        }
        let mut years = self.years();
        while years.last().is_some_and(String::is_empty) {
            years.pop();
        }
        let mut amounts = Vec::new();
        for (year, text) in (1..).zip(&years) {
            match text.parse::<Money>().ok().filter(|money| is_whole(*money)) {
                Some(amount) => amounts.push(amount),
                None => faults.push((format!("year-{year}"), "plan-fault-euro")),
            }
        }
        let mut rules = Vec::new();
        for row in self.rows().iter().filter(|row| !row.is_empty()) {
            match row.rule(language) {
                Ok(rule) if rules.iter().any(|known: &PlanRule| known.name == rule.name) => {
                    faults.push((row.id("rule"), "plan-fault-name"));
                }
                Ok(rule) => rules.push(rule),
                Err(more) => faults.extend(more),
            }
        }
        let own_skills = self.0.is_ticked("own_skills");
        if faults.is_empty() { Ok(PlanRules { office_hours, own_skills, years: amounts, rules }) } else { Err(faults) }
    }
}

/// Faults as they are told.
pub fn told(frame: &Frame, faults: &Found) -> Faults {
    Faults(faults.iter().map(|(field, key)| (field.clone(), frame.t(key))).collect())
}

/// What the office says to rules that cannot be kept.
pub fn refused(error: &underpin_office::OfficeError) -> Option<Told> {
    matches!(error.code, "invalid-plan" | "unknown-project" | "not-found" | "ambiguous-name")
        .then(|| Told::by_the_office(error))
}

/// The page of a plan.
pub fn address(wish: &PlanWish) -> String {
    let mut asked: Vec<(&str, String)> = vec![("budget", typed(wish.budget))];
    asked.extend(wish.project_cap.map(|cap| ("cap", typed(cap))));
    asked.extend((wish.top != PlanWish::TOP).then(|| ("top", wish.top.to_string())));
    asked.extend(wish.rules.office_hours.map(|hours| ("office_hours", hours.to_string())));
    asked.extend(wish.rules.own_skills.then(|| ("own_skills", "1".to_owned())));
    asked.extend(wish.rules.years.iter().map(|amount| ("year", typed(*amount))));
    for rule in &wish.rules.rules {
        let (bound, amount) = match (rule.at_least, rule.at_most) {
            (Some(least), _) => ("at-least", least),
            (None, most) => ("at-most", most.unwrap_or_default()),
        };
        let codes: Vec<String> = rule.instruments.iter().map(|code| code.as_str().to_owned()).collect();
        let lists = [&codes, &rule.ecosystems, &rule.agencies, &rule.projects];
        let told = RuleRow::KINDS.into_iter().zip(lists).find(|(_, list)| !list.is_empty());
        let (kind, of) = told.unwrap_or((RuleRow::KINDS[0], &codes));
        asked.extend([
            ("rule", rule.name.clone()),
            ("bound", bound.to_owned()),
            ("euro", typed(amount)),
            ("kind", kind.to_owned()),
            ("of", of.join(", ")),
        ]);
    }
    let asked: Vec<(String, String)> = asked.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    exports::with_pairs("/plan", &asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        let uri: Uri = format!("/plan?{query}").parse().expect("an address");
        Asked::of(&uri)
    }

    fn fields(found: Found) -> Vec<String> {
        found.into_iter().map(|fault| fault.0).collect()
    }

    #[test]
    fn what_is_asked_for_is_a_plan_or_faults() {
        let options = |query: &str| {
            asked(query).wish(Language::English).map(|wish| wish.map(|wish| wish.options())).map_err(fields)
        };
        assert_eq!(options("budget=&cap=+&top="), Ok(None));
        assert_eq!(options("budget=5+000+000"), Ok(Some("--budget 5000000".to_owned())));
        let full = Ok(Some("--budget 5000000 --cap 250000 --top 9".to_owned()));
        assert_eq!(options("budget=%E2%82%AC5,000,000&cap=250000&top=9"), full);
        for (query, faults) in [
            ("budget=much", vec!["budget"]),
            ("budget=-5", vec!["budget"]),
            ("budget=999", vec!["budget"]),
            ("cap=1000", vec!["budget"]),
            ("budget=5000&cap=x&top=x", vec!["cap", "top"]),
            ("budget=5000&top=1000000000", vec!["top"]),
            ("budget=5000&office_hours=x&year=1.50", vec!["office_hours", "year-1"]),
            ("budget=5000&year=&year=1", vec!["year-1"]),
            ("budget=5000&rule=a&euro=&of=", vec!["euro-1", "of-1"]),
            ("budget=5000&rule=&euro=7&of=x&kind=instruments", vec!["rule-1", "of-1"]),
            ("budget=5000&rule=a&euro=7&of=npm&kind=ecosystems&rule=a&euro=8&of=pypi&kind=ecosystems", vec!["rule-2"]),
        ] {
            assert_eq!(options(query), Err(faults.into_iter().map(str::to_owned).collect()), "{query}");
        }
    }

    #[test]
    fn rules_come_back_as_they_were_entered() {
        let query = "budget=5000000&office_hours=400&own_skills=1&year=600000&year=0&rule=grants&bound=at-most&euro=300000\
                     &kind=instruments&of=Fellowship,+audit&rule=&bound=at-most&euro=&kind=instruments&of=&rule=small\
                     &bound=at-least&euro=50000&kind=agencies&of=justice";
        let wish = asked(query).wish(Language::English).expect("no fault").expect("a wish");
        let rules = &wish.rules;
        assert_eq!(
            (rules.office_hours, rules.own_skills, rules.years.len(), rules.rules.len()),
            (Some(400), true, 2, 2)
        );
        assert_eq!(rules.rules[0].instruments, [InterventionCode::Fellowship, InterventionCode::Audit]);
        assert_eq!(rules.rules[1].at_least, Money::from_euro(50_000));
        let uri: Uri = address(&wish).parse().expect("an address");
        let again = Asked::of(&uri).wish(Language::German).expect("no fault").expect("a wish");
        assert_eq!((again.options(), &again.rules), (wish.options(), rules));
        let rows = Asked::of(&uri).rows();
        assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["grants", "small", "", ""]);
        let many = "&rule=a&euro=1&of=npm&kind=ecosystems".repeat(PLAN_RULES + 5);
        assert_eq!(asked(&format!("budget=5000{many}")).rows().len(), PLAN_RULES);
    }
}
