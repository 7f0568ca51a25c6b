// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whole plans, held against every choice there is.

use proptest::prelude::*;
use underpin_model::Money;
use underpin_model::interventions::{FirstStep, HarmCause, InterventionCode, RefusalReason};

use super::make_plan::{MakeError, plan};
use super::plan::{Method, PlanOutcome, UnfundedReason};
use super::priors::Prior;
use super::refusal::ProjectFacts;
use super::refusal::tests::willing;
use super::request::{HouseRule, PlanProject, PlanRequest, Risk, sorted};
use super::side_constraints::{Bounding, RuledError};
use super::stability::gain;

fn euro(thousands: i64) -> Money {
    Money::from_cents(thousands * 100_000)
}

fn project(name: &str, systems: f64, facts: ProjectFacts) -> PlanProject {
    let about = |mean: f64| Prior { mean, low: mean / 2.0, high: mean * 1.8 };
    let incidents = [about(0.5), about(0.02), about(0.1)];
    let risk = Risk { exposure: about(systems), incidents, days: [about(20.0), about(60.0), about(120.0)] };
    PlanProject { name: name.to_owned(), facts, risk: Some(risk), prices: Vec::new() }
}

fn request(projects: Vec<PlanProject>, budget: i64) -> PlanRequest {
    let (budget, unit) = (euro(budget), euro(1));
    PlanRequest { projects, budget, unit, project_cap: None, rules: Vec::new(), draws: 20, seed: 1 }
}

/// A project for which only these may be done.
fn only(codes: &[InterventionCode]) -> ProjectFacts {
    let funded = InterventionCode::ALL.iter().copied().filter(|code| !codes.contains(code)).collect();
    ProjectFacts { funded: Some(funded), ..willing() }
}

fn names(outcome: &PlanOutcome) -> Vec<(&str, Vec<&str>)> {
    let codes = |codes: &[InterventionCode]| codes.iter().map(|code| code.as_str()).collect();
    outcome.items.iter().map(|item| (item.project.as_str(), codes(&item.interventions))).collect()
}

#[test]
fn a_plan_says_what_why_and_why_not() {
    use InterventionCode::{Audit, BountyWithTriage, ReleaseHardening};
    let unasked = ProjectFacts { consents: None, has_foundation: None, has_alternative: None, ..willing() };
    let busy = ProjectFacts { has_triage_capacity: Some(false), ..only(&[BountyWithTriage, Audit]) };
    let unknown = PlanProject { risk: None, ..project("unknown", 0.0, willing()) };
    let projects = vec![
        project("large", 400.0, only(&[Audit, ReleaseHardening])),
        project("small", 2.0, only(&[Audit])),
        project("unasked", 300.0, unasked),
        project("busy", 200.0, busy),
        unknown,
    ];
    let outcome = plan(&request(projects, 180)).expect("a plan");
    assert_eq!(names(&outcome), [("large", vec!["audit", "release-hardening"]), ("busy", vec!["audit"])]);
    assert_eq!((outcome.cost, outcome.certificate.method, outcome.certificate.share), (euro(180), Method::Exact, 1.0));
    let reasons: Vec<_> = outcome.unfunded.iter().map(|one| (one.project.as_str(), one.reason, one.first)).collect();
    let asked = Some(FirstStep::AskFirst);
    let expected = [
        ("small", UnfundedReason::OthersFirst, None),
        ("unasked", UnfundedReason::AllRefused, asked),
        ("unknown", UnfundedReason::RiskUnknown, None),
    ];
    assert_eq!(reasons, expected);
    let bounty =
        outcome.refused.iter().find(|one| one.project == "busy" && one.refusal.intervention == BountyWithTriage);
    let bounty = bounty.map(|one| (one.refusal.reason, one.refusal.first));
    assert_eq!(bounty, Some((RefusalReason::NoTriageCapacity, FirstStep::PayForTriage)));
    for item in &outcome.items {
        let parts: f64 = item.why.iter().map(|part| part.avoided).sum();
        assert!((parts - item.avoided).abs() < 1e-9 * item.avoided, "{}", item.project);
        let (low, high) = item.avoided_range.expect("a range");
        assert!(low < high && item.stability > 0.0 && item.marginal > 0.0);
    }
    assert!(outcome.items[0].why.iter().any(|part| part.cause == HarmCause::Takeover));
    assert!(outcome.curve.windows(2).all(|pair| pair[0].avoided <= pair[1].avoided));
    let last = outcome.curve.last().expect("a curve");
    assert_eq!((last.budget, last.avoided), (euro(180), outcome.avoided));
}

#[test]
fn an_audit_brings_the_bounty_that_needs_it() {
    let facts = ProjectFacts {
        was_audited: Some(false),
        ..only(&[InterventionCode::Audit, InterventionCode::BountyWithTriage])
    };
    let dear = plan(&request(vec![project("one", 900.0, facts.clone())], 200)).expect("a plan");
    assert_eq!(names(&dear), [("one", vec!["audit", "bounty-with-triage"])]);
    let alone = ProjectFacts { funded: only(&[InterventionCode::BountyWithTriage]).funded, ..facts };
    let refused = plan(&request(vec![project("one", 900.0, alone)], 200)).expect("a plan");
    assert!(refused.items.is_empty());
    let bounty = refused.refused.iter().find(|one| one.refusal.intervention == InterventionCode::BountyWithTriage);
    assert_eq!(bounty.map(|one| one.refusal.first), Some(FirstStep::AuditFirst));
    assert_eq!(refused.unfunded[0].reason, UnfundedReason::AllRefused);
}

#[test]
fn caps_and_offers_are_kept() {
    let facts = only(&[InterventionCode::Audit, InterventionCode::ReleaseHardening]);
    let capped =
        |cap| PlanRequest { project_cap: Some(euro(cap)), ..request(vec![project("one", 900.0, facts.clone())], 500) };
    let spent = |request: &PlanRequest| plan(request).expect("a plan").cost;
    assert_eq!([spent(&capped(200)), spent(&capped(100)), spent(&capped(40))], [euro(105), euro(75), euro(30)]);
    let nothing = plan(&capped(10)).expect("a plan");
    assert_eq!(nothing.unfunded[0].reason, UnfundedReason::TooDear);
    let mut offered = capped(100);
    offered.projects[0].prices.push((InterventionCode::Audit, euro(60)));
    assert_eq!(spent(&offered), euro(90));
}

#[test]
fn rules_of_the_house_are_kept_and_priced() {
    use InterventionCode::{Audit, Fuzzing};
    let projects: Vec<PlanProject> = [("a", 300.0), ("b", 200.0), ("c", 10.0)]
        .map(|(name, systems)| project(name, systems, only(&[Audit, Fuzzing])))
        .into();
    let mut ruled = PlanRequest { draws: 4, ..request(projects, 240) };
    let free = plan(&ruled).expect("a plan");
    ruled.rules = vec![
        HouseRule::OfficeHours(100),
        HouseRule::Group { name: "small".to_owned(), projects: vec![2], bounding: Bounding::AtLeast, amount: euro(40) },
        HouseRule::Line {
            name: "audits".to_owned(),
            instruments: vec![Audit],
            bounding: Bounding::AtMost,
            amount: euro(80),
        },
        HouseRule::Year { year: 0, amount: euro(240) },
    ];
    let outcome = plan(&ruled).expect("a plan");
    assert_eq!(names(&outcome), [("a", vec!["audit", "fuzzing"]), ("b", vec!["fuzzing"]), ("c", vec!["fuzzing"])]);
    assert!(outcome.avoided < free.avoided && outcome.certificate.method == Method::Rules);
    let rules: Vec<&str> = outcome.shadow_prices.iter().map(|price| price.rule.as_str()).collect();
    assert_eq!(rules, ["budget", "office hours", "small", "audits", "year 1"]);
    ruled.rules.push(HouseRule::OfficeHours(-1));
    assert_eq!(plan(&ruled), Err(MakeError::Rules(RuledError::Infeasible)));
}

#[test]
fn years_add_up_to_the_price() {
    // A fellowship takes 15 months as a rule: twelve fifteenths in the first year.
    let facts = only(&[InterventionCode::Fellowship]);
    let with = |first: i64| PlanRequest {
        rules: vec![HouseRule::Year { year: 0, amount: euro(first) }],
        ..request(vec![project("one", 100.0, facts.clone())], 60)
    };
    assert_eq!(plan(&with(48)).expect("a plan").items.len(), 1);
    assert_eq!(plan(&with(47)).expect("a plan").items.len(), 0);
}

/// The best of all choices, without any planner.
fn brute_force(request: &PlanRequest) -> f64 {
    let cap = request.project_cap.unwrap_or(request.budget).min(request.budget).cents();
    let mut best = vec![(0_i64, 0.0_f64)];
    for project in &request.projects {
        let sorted = sorted(project, cap);
        let valued = sorted.candidate.mean();
        let cost = |bits: u32| -> i64 {
            let chosen = sorted.candidate.options.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
            chosen.map(|(_, option)| option.cost_cents).sum()
        };
        let picks: Vec<(i64, f64)> = std::iter::once((0, 0.0))
            .chain(sorted.candidate.allowed.iter().map(|bits| (cost(*bits), gain(&valued, *bits))))
            .collect();
        best = best
            .iter()
            .flat_map(|(spent, value)| picks.iter().map(move |(cost, gain)| (spent + cost, value + gain)))
            .filter(|(spent, _)| *spent <= request.budget.cents())
            .collect();
    }
    best.into_iter().map(|(_, value)| value).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_plan_is_the_best_of_all(
        systems in prop::collection::vec(1.0..500.0f64, 1..4),
        picks in prop::collection::vec(prop::collection::btree_set(0_usize..12, 0..4), 4),
        hours in 0_u32..600,
        budget in 0_i64..500,
        cap in 0_i64..300,
    ) {
        let projects = systems.iter().zip(&picks).map(|(systems, picks)| {
            let codes: Vec<InterventionCode> = picks.iter().map(|at| InterventionCode::ALL[*at]).collect();
            project("one", *systems, ProjectFacts { maintainer_hours: Some(hours), ..only(&codes) })
        });
        let cap = Some(euro(cap));
        let request = PlanRequest { project_cap: cap, draws: 1, ..request(projects.collect(), budget) };
        let best = brute_force(&request);
        let outcome = plan(&request).expect("a plan");
        prop_assert!((outcome.avoided - best).abs() < 1e-9 * (1.0 + best), "{} is not {best}", outcome.avoided);
        prop_assert!(outcome.cost <= request.budget);
        // A rule that binds nothing changes nothing.
        let ruled = PlanRequest { rules: vec![HouseRule::OfficeHours(1_000_000)], ..request };
        let ruled = plan(&ruled).expect("a plan");
        prop_assert!((ruled.avoided - best).abs() < 1e-6 * (1.0 + best), "{} is not {best}", ruled.avoided);
    }
}
