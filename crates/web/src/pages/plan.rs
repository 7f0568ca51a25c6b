// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `/plan`: what does the next euro buy? The budget is a plain number in the address; the plan, its curve and what it rests on follow.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use underpin_model::Money;
use underpin_model::interventions::Skill;
use underpin_model::people::Act;
use underpin_office::OfficeError;
use underpin_office::supporter::plan::{CurvePoint, PlanWish, RefusedItem, RuleUnit, ShadowPrice, typed};
use underpin_office::supporter::plan_rules::PlanRules;
use underpin_office::supporter::skills::SkillRow;
use underpin_office::supporter::{INTERVENTIONS, Intervention, InterventionCode};
use underpin_render::charts::{Figure, Line, Picture, Point, Tick};
use underpin_render::{brief, numbers, text};

use super::incident_view::author;
use super::plan_asked::{self, Asked, RuleRow};
use super::projects::{address, name_of, points};
use super::{Answer, html};
use crate::error::WebError;
use crate::exports::{self, Format, Rows};
use crate::forms::{Faults, Sent, Told};
use crate::frame::{Frame, Place};
use crate::house::WebHouse;
use crate::seat::{Planned, Seat};
use crate::visitor::Person;

/// What is funded, as rows of a file.
const ROWS: Rows = Rows {
    name: "plan",
    list: "items",
    fields: &[
        "project",
        "interventions",
        "cost_cents",
        "office_hours",
        "avoided",
        "avoided_range",
        "stability",
        "marginal",
    ],
};
/// Projects that a line of refusals names.
const NAMED: usize = 3;
/// What sums may differ by because they were added up in another order, as a share.
const ROUNDING: f64 = 1e-9;

/// Another plan beside this one.
struct Alternative {
    /// Key of what is different.
    key: &'static str,
    href: String,
    /// `None` where no plan keeps the rules.
    planned: Option<Arc<Planned>>,
}

/// What may not be done, for one reason.
struct Refused {
    reason: String,
    first: String,
    /// Projects and what may not be done for them; the first of them by name.
    named: Vec<(String, String)>,
    /// How many more.
    more: u64,
}

#[derive(Template)]
#[template(path = "plan.html")]
struct Page {
    frame: Frame,
    asked: Asked,
    faults: Faults,
    /// What the office says to rules that cannot be kept.
    refusal: Told,
    skills: Vec<SkillRow>,
    /// Whether the reader may write skills down.
    may_lead: bool,
    headline: String,
    planned: Option<Arc<Planned>>,
    figure: Option<Figure>,
    refused: Vec<Refused>,
    alternatives: Vec<Alternative>,
    /// Lines about money of others.
    others: Vec<(&'static str, Vec<(String, &'static str)>)>,
    instruments: &'static [Intervention],
}

impl Page {
    fn euro(&self, money: &Money) -> String {
        numbers::euro(self.frame.language, money.cents())
    }

    fn points(&self, number: &f64) -> String {
        points(&self.frame, *number)
    }

    fn percent(&self, share: &f64) -> String {
        numbers::count(self.frame.language, (share.clamp(0.0, 1.0) * 100.0).round() as u64)
    }

    fn range(&self, range: &Option<(f64, f64)>) -> String {
        range.map_or_else(|| "–".to_owned(), |(low, high)| format!("{}–{}", self.points(&low), self.points(&high)))
    }

    fn what(&self, codes: &[InterventionCode]) -> String {
        let words: Vec<String> = codes.iter().map(|code| brief::instrument(self.frame.language, *code)).collect();
        words.join(" + ")
    }

    /// Small numbers, which one digit behind the point would hide.
    fn fine(&self, number: &f64) -> String {
        numbers::thousandths(self.frame.language, *number)
    }

    /// What is expected, and between what it is believed to lie.
    fn belief(&self, [mean, low, high]: &[f64; 3]) -> String {
        format!("{} ({}–{})", self.fine(mean), self.fine(low), self.fine(high))
    }

    fn count(&self, number: &i64) -> String {
        numbers::count(self.frame.language, number.unsigned_abs())
    }

    fn hours(&self, row: &SkillRow) -> String {
        self.known(&row.own.hours.map(i64::from))
    }

    /// A rule by its name; those that the plan makes itself in the reader's language.
    fn rule_name(&self, price: &ShadowPrice) -> String {
        let (frame, name) = (&self.frame, price.rule.as_str());
        let year = name.strip_prefix("year ").and_then(|year| year.parse::<u64>().ok());
        match (name, year, name.strip_prefix("hours of ")) {
            ("budget", ..) => frame.t("plan-price-budget"),
            ("office hours", ..) => frame.t("plan-price-office-hours"),
            (_, Some(year), _) => frame.n("plan-year", &year),
            (.., Some(skill)) => format!("{}: {}", frame.t("plan-hours"), frame.word("skill", skill)),
            _ => name.to_owned(),
        }
    }

    /// What a rule was loosened by, in its unit.
    fn looser(&self, price: &ShadowPrice) -> String {
        match price.unit {
            RuleUnit::Cents => numbers::euro(self.frame.language, price.loosened_by),
            RuleUnit::Hours => self.frame.n("plan-hours-count", &price.loosened_by.unsigned_abs()),
        }
    }

    /// A number, or that nobody knows it.
    fn known(&self, number: &Option<i64>) -> String {
        number.map_or_else(|| self.frame.t("chart-not-known"), |number| self.count(&number))
    }

    fn unfunded(&self, planned: &Planned) -> String {
        self.frame.n("plan-unfunded", &(planned.answer.plan.unfunded.len() as u64))
    }

    fn needs(&self, one: &Intervention) -> String {
        self.list("needs", one.prerequisites.iter().map(|needed| needed.as_str()))
    }

    fn routes(&self, one: &Intervention) -> String {
        self.list("route", one.routes.iter().map(|route| route.as_str()))
    }

    fn list<'w>(&self, kind: &str, words: impl Iterator<Item = &'w str>) -> String {
        words.map(|word| self.frame.word(kind, word)).collect::<Vec<_>>().join(", ")
    }

    fn certificate(&self, planned: &Planned) -> String {
        let certificate = &planned.answer.plan.certificate;
        let (share, bound) = (self.percent(&certificate.share), self.points(&certificate.bound));
        text(self.frame.language, "plan-certificate", &[("share", (&share).into()), ("bound", (&bound).into())])
    }
}

/// The page.
pub async fn page(State(house): State<Arc<WebHouse>>, person: Person) -> Answer {
    shown(&house, &person, Told::default()).await
}

/// The page, with what was said to a change of the register of skills.
async fn shown(house: &WebHouse, person: &Person, said: Told) -> Answer {
    let visitor = &person.visitor;
    let seat = house.seat(&visitor.viewer(), visitor.as_of).await?;
    // Who may not rank learns so before anything else.
    seat.ranking().await?;
    let mut frame = Frame::new(visitor, Place::Inventory);
    let asked = Asked::of(&visitor.uri);
    let (wish, faults) = match asked.wish(frame.language) {
        Ok(wish) => (wish, Vec::new()),
        Err(faults) => (None, faults),
    };
    let (planned, refusal) = match plan_of(house, &seat, wish.clone()).await {
        Ok(planned) => (planned, said),
        Err(error) => (None, plan_asked::refused(&error).ok_or(error)?),
    };
    if let Some(format) = exports::wanted(visitor)? {
        let planned = planned.ok_or_else(|| WebError::new(StatusCode::BAD_REQUEST, "usage"))?;
        return exports::give(format, &planned.answer, ROWS);
    }
    frame.title = frame.t("plan");
    for (key, address) in [("nav-inventory", "/find"), ("projects", "/projects")] {
        let words = frame.t(key);
        frame.crumb(words, address);
    }
    frame.answers(seat.desk.overview().as_of, if planned.is_some() { exports::BOTH } else { &[] });
    let alternatives = match wish.as_ref().filter(|_| planned.is_some()) {
        Some(wish) => alternatives(house, &seat, wish).await?,
        None => Vec::new(),
    };
    let language = frame.language;
    let is_well = faults.is_empty() && refusal.is_empty();
    let page = Page {
        headline: planned.as_ref().map_or_else(|| frame.t("plan-ask"), |one| brief::lead(language, &one.brief)),
        faults: plan_asked::told(&frame, &faults),
        refusal,
        skills: house.house.skills(&seat.desk).await?.rows,
        may_lead: visitor.as_of.is_none() && visitor.viewer().may_everywhere(Act::Lead),
        asked,
        alternatives,
        figure: planned.as_ref().and_then(|one| figure(&frame, one)),
        refused: planned.as_ref().map(|one| refused(&frame, &one.answer.plan.refused)).unwrap_or_default(),
        others: planned.as_ref().map(|one| others(&frame, one)).unwrap_or_default(),
        planned,
        instruments: &INTERVENTIONS,
        frame,
    };
    Ok((if is_well { StatusCode::OK } else { StatusCode::BAD_REQUEST }, html(&page)?).into_response())
}

/// Writes down hours of a skill.
pub async fn skill(State(house): State<Arc<WebHouse>>, person: Person, form: Sent) -> Answer {
    person.check(form.one("form_token"))?;
    let hours = match form.one("hours") {
        "" => None,
        entered => match entered.parse::<u32>() {
            Ok(hours) => Some(hours),
            Err(_) => {
                let words = text(person.visitor.language, "plan-fault-hours", &[]);
                return shown(&house, &person, words.into()).await;
            }
        },
    };
    let skill: Skill =
        form.one("skill").parse().map_err(|_| WebError::new(StatusCode::UNPROCESSABLE_ENTITY, "usage"))?;
    match house.house.set_own_skill(&author(&house, &person).await?, skill, hours).await {
        Ok(()) => Ok(Redirect::to("/plan#skills").into_response()),
        Err(error) if error.code == "usage" => shown(&house, &person, Told::by_the_office(&error)).await,
        Err(error) => Err(error.into()),
    }
}

/// The plan of a wish, if there is one.
///
/// # Errors
/// As [`Seat::plan`].
pub async fn plan_of(
    house: &WebHouse,
    seat: &Seat,
    wish: Option<PlanWish>,
) -> Result<Option<Arc<Planned>>, OfficeError> {
    match wish {
        Some(wish) => Ok(Some(seat.plan(&house.house, wish).await?)),
        None => Ok(None),
    }
}

/// Plans with less and more money, and one that spreads it wider, or not at all; with the same rules.
async fn alternatives(house: &WebHouse, seat: &Seat, wish: &PlanWish) -> Result<Vec<Alternative>, WebError> {
    let budget = |cents: i64| {
        let other = PlanWish::bounded(Money::from_cents(cents.max(PlanWish::UNIT.cents())));
        PlanWish { project_cap: wish.project_cap, top: wish.top, rules: wish.rules.clone(), ..other }
    };
    let spread = Money::from_cents((wish.budget.cents() / 10).max(PlanWish::UNIT.cents()));
    let other_cap = match wish.project_cap {
        None => ("plan-other-spread", PlanWish { project_cap: Some(spread), ..wish.clone() }),
        Some(_) => ("plan-other-uncapped", PlanWish { project_cap: None, ..wish.clone() }),
    };
    let mut others = vec![
        ("plan-other-half", budget(wish.budget.cents() / 2)),
        ("plan-other-double", budget(wish.budget.cents().saturating_mul(2))),
        other_cap,
    ];
    if !wish.rules.is_empty() {
        others.push(("plan-other-free", PlanWish { rules: PlanRules::default(), ..wish.clone() }));
    }
    let mut found = Vec::new();
    for (key, wish) in others {
        let href = plan_asked::address(&wish);
        // What a plan with rules avoids is told here, not how sure it is: one draw does.
        let draws = if wish.rules.is_empty() { wish.draws } else { 1 };
        let planned = match seat.plan(&house.house, PlanWish { draws, ..wish }).await {
            Ok(planned) => Some(planned),
            Err(error) if error.code == "invalid-plan" => None,
            Err(error) => return Err(error.into()),
        };
        found.push(Alternative { key, href, planned });
    }
    Ok(found)
}

/// One line for each reason and what comes first, by how many projects it is about.
fn refused(frame: &Frame, all: &[RefusedItem]) -> Vec<Refused> {
    let mut lines: BTreeMap<(&str, &str), BTreeMap<&str, Vec<String>>> = BTreeMap::new();
    for one in all {
        let key = (one.refusal.reason.as_str(), one.refusal.first.as_str());
        let what = brief::instrument(frame.language, one.refusal.intervention);
        lines.entry(key).or_default().entry(&one.project).or_default().push(what);
    }
    let line = |((reason, first), projects): ((&str, &str), BTreeMap<&str, Vec<String>>)| Refused {
        reason: frame.word("refusal", reason),
        first: frame.word("first", first),
        more: projects.len().saturating_sub(NAMED) as u64,
        named: projects.into_iter().take(NAMED).map(|(key, what)| (key.to_owned(), listed(frame, &what))).collect(),
    };
    let mut lines: Vec<Refused> = lines.into_iter().map(line).collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.named.len() as u64 + line.more));
    lines
}

/// The first instruments, and how many more.
fn listed(frame: &Frame, what: &[String]) -> String {
    if what.len() <= NAMED + 1 {
        return what.join(", ");
    }
    let more = frame.n("plan-more-instruments", &((what.len() - NAMED) as u64));
    format!("{}, {more}", what[..NAMED].join(", "))
}

/// Lists beside the plan: the key of the title, and lines, each with where its rows are.
fn others(frame: &Frame, planned: &Planned) -> Vec<(&'static str, Vec<(String, &'static str)>)> {
    let (language, facts) = (frame.language, &planned.brief);
    let promised = |lines: Vec<String>| lines.into_iter().map(|line| (line, "/commitments")).collect::<Vec<_>>();
    let unknown_at = [(facts.unasked, "/projects"), (facts.unknown_systems, "/coverage?state=unknown#gaps")];
    let unknown_at = unknown_at.into_iter().filter(|(count, _)| *count > 0).map(|(_, href)| href);
    let lists = [
        ("brief-pooled", promised(brief::pooled(language, facts))),
        ("brief-doubled", promised(brief::doubled(language, facts))),
        ("brief-unknown", brief::unknown(language, facts).into_iter().zip(unknown_at).collect()),
    ];
    lists.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
}

/// The budget from which on more money avoids nothing more; `None` while the curve still rises.
fn flat_from(curve: &[CurvePoint]) -> Option<CurvePoint> {
    let last = curve.last().filter(|last| last.avoided > 0.0)?;
    let found = curve.iter().find(|point| last.avoided - point.avoided <= last.avoided * ROUNDING)?;
    (found.budget < last.budget).then_some(*found)
}

/// What the best plan of each smaller budget avoids.
fn figure(frame: &Frame, planned: &Planned) -> Option<Figure> {
    let plan = &planned.answer.plan;
    let last = plan.curve.last().filter(|last| last.avoided > 0.0)?;
    let language = frame.language;
    let euro = |money: Money| numbers::euro(language, money.cents());
    let x = |money: Money| money.cents() as f64;
    let flat = flat_from(&plan.curve);
    let half = plan.curve.get(plan.curve.len() / 2).map_or(0.0, |point| point.avoided / last.avoided);
    let (flat_words, half_words) = (
        flat.map(|point| euro(point.budget)).unwrap_or_default(),
        numbers::count(language, (half * 100.0).round() as u64),
    );
    let headline = match flat {
        Some(_) => text(language, "plan-curve-flat", &[("budget", (&flat_words).into())]),
        None => text(language, "plan-curve-rises", &[("percent", (&half_words).into())]),
    };
    let tick = |money: Money| Tick { x: x(money), text: euro(money) };
    let mut ticks = vec![tick(Money::ZERO)];
    ticks.extend(flat.map(|point| tick(point.budget)));
    ticks.push(tick(last.budget));
    let point = |point: &CurvePoint| Point {
        x: x(point.budget),
        when: euro(point.budget),
        // A cast keeps what is too large within bounds.
        count: Some(point.avoided.round() as u64),
        href: exports::with_pairs("/plan", &[("budget".to_owned(), typed(point.budget))]),
    };
    let line = Line {
        of: frame.t("plan-budget"),
        counted: frame.t("plan-avoided"),
        label: frame.t("plan-curve-label"),
        points: plan.curve.iter().map(point).collect(),
        target: None,
        ticks,
        here: flat.map(|point| x(point.budget)),
        told: headline.clone(),
    };
    Some(Figure {
        id: "by-budget",
        headline,
        subtitle: frame.t("plan-curve-measure"),
        source: frame.t("plan-source"),
        as_of: planned.answer.overview.as_of,
        csv_href: exports::address(&frame.here, Format::Csv),
        sql: String::new(),
        language,
        picture: Picture::Line(line),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_flat_from_where_nothing_is_gained() {
        let curve = |avoided: &[f64]| -> Vec<CurvePoint> {
            let point = |(at, avoided): (usize, &f64)| CurvePoint {
                budget: Money::from_cents(at as i64 * 1_000),
                avoided: *avoided,
            };
            avoided.iter().enumerate().map(point).collect()
        };
        let flat = |avoided: &[f64]| flat_from(&curve(avoided)).map(|point| point.budget.cents());
        assert_eq!(flat(&[0.0, 5.0, 9.0, 9.0, 9.0]), Some(2_000));
        assert_eq!(flat(&[0.0, 5.0, 8.999, 9.0, 9.0]), Some(3_000), "a little is not nothing");
        assert_eq!(flat(&[0.0, 5.0, 9.0]), None);
        assert_eq!((flat(&[0.0, 0.0]), flat(&[])), (None, None));
    }
}
