// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How good plans are, and how fast: the exam for knapsacks with several resources, planted instances, a whole plan, regret.
//! `cargo bench -p underpin-assess --bench planning`; without `--bench` it only checks small ones.

use std::time::Instant;

use underpin_assess::planning::candidates::Candidate;
use underpin_assess::planning::exact::exact;
use underpin_assess::planning::greedy::{Seeds, greedy};
use underpin_assess::planning::make_plan::plan;
use underpin_assess::planning::multi::multi;
use underpin_assess::planning::multi_exam::Instance;
use underpin_assess::planning::numbers::Numbers;
use underpin_assess::planning::planted::{UNIT_CENTS, choices, drawn, planted, world};
use underpin_assess::planning::policies::Policy;
use underpin_assess::planning::refusal::ProjectFacts;
use underpin_assess::planning::regret::{Distortion, regret_table};
use underpin_assess::planning::request::{HouseRule, PlanProject, PlanRequest, Risk};
use underpin_assess::planning::side_constraints::Bounding;
use underpin_model::Money;
use underpin_model::interventions::InterventionCode;
use underpin_model::limits::bounds;

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    knapsacks(is_bench);
    planted_plans(if is_bench { 1_000 } else { 10 });
    greedy_plans(if is_bench { 1_000 } else { 10 });
    whole_plan(if is_bench { 500 } else { 10 }, if is_bench { 200 } else { 2 });
    regrets(if is_bench { 60 } else { 10 }, if is_bench { 200 } else { 2 });
}

/// Khan's instances: value, proven bound or optimum, gap, nodes, time.
fn knapsacks(is_bench: bool) {
    let Some(folder) = underpin_testkit::exam("mmkp") else { return };
    let optima = std::fs::read_to_string(folder.join("mmkp.opt")).expect("the optima can be read");
    println!("knapsacks with several resources: instance, value, bound, best known, gap to the bound, nodes, time");
    for line in optima.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, known, proven] = words[..] else { continue };
        let nodes = match (is_bench, proven) {
            (false, _) => 20,
            (true, "1") => bounds::PLAN_NODES,
            (true, _) => 2_000,
        };
        let text = std::fs::read_to_string(folder.join(name)).expect("an instance can be read");
        let instance = Instance::read(&text).expect("an instance");
        let start = Instant::now();
        let found = multi(&instance.problem, nodes).expect("a plan");
        let (value, bound) = (instance.shown(found.value), instance.shown(found.bound));
        let known =
            format!("{} {}", known.trim_start_matches('-'), if proven == "1" { "optimum" } else { "upper bound" });
        let (gap, took) = (100.0 * (bound - value) / bound, start.elapsed());
        println!("  {name} {value:>9} {bound:>9} {known:<22} {gap:.3} % {:>8} nodes {took:>10.1?}", found.nodes);
    }
}

/// Instances whose optimum was planted: the exact planner must find it.
fn planted_plans(instances: u64) {
    let (mut hit, mut took) = (0, std::time::Duration::ZERO);
    for seed in 0..instances {
        let instance = planted(&mut Numbers::new(seed), 60, 8);
        let start = Instant::now();
        let found = exact(&instance.components, instance.budget_cents, UNIT_CENTS).expect("a plan");
        took += start.elapsed();
        hit += u64::from((found.value - instance.optimum).abs() <= 1e-9 * instance.optimum);
    }
    let each = took / instances.max(1) as u32;
    println!(
        "planted plans, 60 components with 8 bundles: the exact planner found {hit} of {instances}, {each:.1?} each"
    );
    assert_eq!(hit, instances, "a planted plan was missed");
}

/// Drawn instances: greedy against the exact optimum and its own certificate.
fn greedy_plans(instances: u64) {
    for (name, seeds) in [("empty", Seeds::Empty), ("single", Seeds::Singles)] {
        let (mut gaps, mut certificates) = (Vec::new(), Vec::new());
        let (mut kept, mut took) = (0, std::time::Duration::ZERO);
        for seed in 0..instances {
            let mut numbers = Numbers::new(seed);
            let model = drawn(&mut numbers, 40, 4);
            let budget = (200 + numbers.below(2_800) as i64) * UNIT_CENTS;
            let best = exact(&choices(&model), budget, UNIT_CENTS).expect("a plan").value;
            let start = Instant::now();
            let found = greedy(&model, budget, seeds);
            took += start.elapsed();
            kept += u64::from(
                found.value >= found.certificate() * best * (1.0 - 1e-9) && best <= found.bound * (1.0 + 1e-9),
            );
            gaps.push(100.0 * (1.0 - found.value / best));
            certificates.push(100.0 * found.certificate());
        }
        gaps.sort_by(f64::total_cmp);
        certificates.sort_by(f64::total_cmp);
        let (median, worst) = (gaps[gaps.len() / 2], gaps[gaps.len() - 1]);
        let (certificate, least) = (certificates[certificates.len() / 2], certificates[0]);
        let each = took / instances.max(1) as u32;
        println!(
            "greedy from {name} starts, 160 actions: certificate kept {kept} of {instances}; gap to the optimum median \
             {median:.3} %, worst {worst:.3} %; certificate median {certificate:.2} %, least {least:.2} %; {each:.1?} each"
        );
        assert_eq!(kept, instances, "a certificate was broken");
    }
}

/// What an office asks for: projects of all kinds, five million euro, at most a tenth of it for one.
fn request(projects: usize, draws: usize) -> PlanRequest {
    let made = world(&mut Numbers::new(1), projects);
    let project = |(at, candidate): (usize, &Candidate)| PlanProject {
        name: format!("project {at}"),
        facts: ProjectFacts {
            consents: Some(at % 5 != 0),
            can_receive_money: Some(at % 3 != 0),
            has_triage_capacity: (at % 4 == 0).then_some(true),
            was_audited: Some(at % 7 == 0),
            takes_contributions: Some(true),
            maintainer_hours: Some(100 + 90 * (at as u32 % 9)),
            funded: Some(Vec::new()),
            has_continuity_reserve: Some(at % 2 == 0),
            ..ProjectFacts::default()
        },
        risk: Some(Risk { exposure: candidate.exposure, incidents: candidate.incidents, days: candidate.days }),
        prices: Vec::new(),
    };
    PlanRequest {
        projects: made.candidates.iter().enumerate().map(project).collect(),
        budget: Money::from_cents(500_000_000),
        unit: Money::from_cents(500_000),
        project_cap: Some(Money::from_cents(50_000_000)),
        rules: Vec::new(),
        draws,
        seed: 1,
    }
}

/// A plan as an office makes it, from facts to stability, with one budget and under rules of the house.
fn whole_plan(projects: usize, draws: usize) {
    let free = request(projects, draws);
    let ruled = |projects: usize| {
        let floor = |name: &str, amount| HouseRule::Group {
            name: name.to_owned(),
            projects: (0..projects).filter(|at| at % 10 == 1).collect(),
            bounding: Bounding::AtLeast,
            amount: Money::from_cents(amount),
        };
        let audits = HouseRule::Line {
            name: "audits".to_owned(),
            instruments: vec![InterventionCode::Audit],
            bounding: Bounding::AtMost,
            amount: Money::from_cents(150_000_000),
        };
        let rules = vec![HouseRule::OfficeHours(1_200), floor("small agencies", 20_000_000), audits];
        PlanRequest { rules, ..request(projects, 0) }
    };
    // As large as an office plans, with a budget that binds, too.
    let tight = PlanRequest { budget: Money::from_cents(100_000_000), ..ruled(projects / 5) };
    for request in [free, ruled(projects / 25), ruled(projects / 5), tight] {
        let start = Instant::now();
        let found = plan(&request).expect("a plan");
        let range = found.avoided_range.map_or_else(String::new, |(low, high)| format!(" ({low:.0} to {high:.0})"));
        println!(
            "a plan of {} for {} projects with {} rules and {} draws: {} items for {}, avoids {:.0}{range} of \
             {:.0} incident-system-days a year, certificate {:.2} %, {:.1?}",
            request.budget,
            request.projects.len(),
            request.rules.len(),
            found.draws,
            found.items.len(),
            found.cost,
            found.avoided,
            found.loss,
            100.0 * found.certificate.share,
            start.elapsed(),
        );
    }
}

/// Regret under wrong parameters.
fn regrets(projects: usize, draws: usize) {
    let made = world(&mut Numbers::new(2), projects);
    let policies = [
        Policy::TopByDependence(10),
        Policy::TopByDependence(30),
        Policy::EqualSplit,
        Policy::StackAid,
        Policy::EcosystemsFund,
        Policy::Random(10),
    ];
    let start = Instant::now();
    let budget = projects as i64 * 40 * UNIT_CENTS;
    let table = regret_table(&made, &policies, budget, 5 * UNIT_CENTS, draws, 3).expect("a table");
    println!(
        "regret, {projects} projects, {draws} truths, in % of the best plan: mean (nine in ten are below), whole bundles only:"
    );
    for distortion in Distortion::ALL {
        println!("  {}", distortion.name());
        for row in table.iter().filter(|row| row.distortion == distortion) {
            let [mean, bad, strict] = [row.mean, row.bad, row.strict].map(|share| 100.0 * share);
            println!("    {:<22} {mean:>5.1} ({bad:>4.1}) {strict:>6.1}", row.policy);
        }
    }
    println!("  {:.1?}", start.elapsed());
}
