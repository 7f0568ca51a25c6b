// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Dependence on projects, held against walking the graphs that the documents were written from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use underpin_assess::chance::step as next;
use underpin_model::Viewer;
use underpin_model::registry::{Classification, Exposure, ProtectionNeed};
use underpin_office::coordinator::registry_fields::Fields;
use underpin_office::supporter::Weights;

use crate::documents::{Place, author, day};

/// Packages of the little world, each with the repository that its documents name; two make one project, one has none.
const PACKAGES: [(&str, &str); 8] = [
    ("pkg:npm/a", "https://github.com/o/a"),
    ("pkg:npm/b", "git+https://github.com/o/b.git"),
    ("pkg:npm/%40c/core", "https://github.com/c/mono/tree/main/core"),
    ("pkg:npm/%40c/ui", "https://github.com/c/mono/tree/main/ui"),
    ("pkg:npm/d", ""),
    ("pkg:golang/github.com/x/y/z", ""),
    ("pkg:npm/f", "https://f.example.net/"),
    ("pkg:npm/g", "https://www.npmjs.com/package/g"),
];
const KEYS: [&str; 8] = [
    "github.com/o/a",
    "github.com/o/b",
    "github.com/c/mono",
    "github.com/c/mono",
    "pkg:npm/d",
    "github.com/x/y",
    "f.example.net",
    "pkg:npm/g",
];
const SCOPES: [(&str, f64); 3] = [("required", 1.0), ("optional", 0.5), ("", 1.0)];

/// A system of the little world: its weight, and for each document the packages that it asks for and what these need.
struct Drawn {
    weight: f64,
    documents: Vec<Graph>,
}

struct Graph {
    direct: BTreeSet<usize>,
    needs: Vec<BTreeSet<usize>>,
    scope: [usize; 8],
}

impl Graph {
    fn drawn(state: &mut u64) -> Self {
        let mut some = |most: u64| (0..next(state) % most).map(|_| (next(state) % 8) as usize).collect::<BTreeSet<_>>();
        let (direct, needs) = (some(4), (0..8).map(|_| some(3)).collect());
        Self { direct, needs, scope: std::array::from_fn(|_| (next(state) % 3) as usize) }
    }

    /// Everything that is reached, by walking.
    fn closure(&self) -> BTreeSet<usize> {
        let mut seen = self.direct.clone();
        while let Some(more) =
            seen.iter().flat_map(|node| &self.needs[*node]).find(|node| !seen.contains(node)).copied()
        {
            seen.insert(more);
        }
        seen
    }

    fn document(&self, subject: &str) -> String {
        let reference = |node: usize| format!("n{node}");
        let component = |&node: &usize| {
            let (purl, repository) = PACKAGES[node];
            let mut component = json!({
                "type": "library", "bom-ref": reference(node), "name": purl.rsplit('/').next(), "version": "1.0.0",
                "purl": format!("{purl}@1.0.0"),
            });
            if !repository.is_empty() {
                component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
            }
            if !SCOPES[self.scope[node]].0.is_empty() {
                component["scope"] = json!(SCOPES[self.scope[node]].0);
            }
            component
        };
        let reached = self.closure();
        let needs = |on: &BTreeSet<usize>| on.iter().map(|node| reference(*node)).collect::<Vec<_>>();
        let mut edges = vec![json!({ "ref": "root", "dependsOn": needs(&self.direct) })];
        edges.extend(
            reached.iter().map(|node| json!({ "ref": reference(*node), "dependsOn": needs(&self.needs[*node]) })),
        );
        json!({
            "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "metadata": {
                "timestamp": "2026-02-01T00:00:00Z", "tools": [{ "name": "scout", "version": "1" }],
                "component": { "type": "application", "name": subject, "version": "1", "bom-ref": "root" },
            },
            "components": reached.iter().map(component).collect::<Vec<_>>(),
            "dependencies": edges,
        })
        .to_string()
    }
}

/// Dependence by project: each system counts once, by its strongest use of any package of it.
fn brute_force(systems: &[Drawn]) -> BTreeMap<&'static str, f64> {
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for system in systems {
        let mut strongest: BTreeMap<&str, f64> = BTreeMap::new();
        for graph in &system.documents {
            for node in graph.closure() {
                let part = strongest.entry(KEYS[node]).or_default();
                *part = part.max(SCOPES[graph.scope[node]].1);
            }
        }
        for (key, part) in strongest {
            *sums.entry(key).or_default() += system.weight * part;
        }
    }
    sums
}

/// Registers systems with drawn needs and hands in their documents.
async fn build(place: &Place, state: &mut u64) -> Vec<Drawn> {
    let needs = [(ProtectionNeed::Normal, 1.0), (ProtectionNeed::High, 4.0), (ProtectionNeed::VeryHigh, 16.0)];
    let exposures = [(Exposure::Isolated, 0.5), (Exposure::Internal, 1.0), (Exposure::Internet, 2.0)];
    let (mut systems, mut added) = (Vec::new(), 0);
    for number in 0..3 + next(state) % 4 {
        let name = format!("system-{number}");
        let (need, by_need) = needs[(next(state) % 3) as usize];
        let (exposure, by_exposure) = exposures[(next(state) % 3) as usize];
        let of = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        let fields: Fields = vec![
            of("name", &name),
            of("agency", "tax"),
            of("confidentiality", need.as_str()),
            of("integrity", "normal"),
            of("availability", "normal"),
            of("exposure", exposure.as_str()),
        ];
        place
            .house
            .add_system(&author("registrar", "2026-01-01"), Some(name.clone()), &fields, None)
            .await
            .expect("registers");
        let documents: Vec<Graph> = (0..1 + next(state) % 2).map(|_| Graph::drawn(state)).collect();
        for (index, graph) in documents.iter().enumerate() {
            let text = graph.document(&format!("{name}-{index}"));
            added += 1;
            place.add(&[("sbom.json", &text)], Some(&name), &format!("2026-02-{added:02}")).await;
        }
        systems.push(Drawn { weight: by_need * by_exposure, documents });
    }
    systems
}

#[tokio::test]
async fn dependence_is_what_walking_every_graph_gives() {
    for seed in 0..12_u64 {
        let mut state = seed;
        let place = Place::new().await;
        let systems = build(&place, &mut state).await;
        let desk = place.desk("2026-03-01").await;
        let ranking = desk.ranking(&Weights::default()).expect("ranks");
        let answer = ranking.answer(&desk, None);
        let found: BTreeMap<&str, f64> =
            answer.rows.iter().map(|row| (row.project.as_str(), row.dependence.likely)).collect();
        assert_eq!(found, brute_force(&systems), "seed {seed}");
        for row in &answer.rows {
            let sum: f64 = row.parts.iter().map(|part| part.points).sum();
            assert!(
                (sum - row.dependence.likely).abs() < 1e-9,
                "seed {seed}: the parts of {} are its sum",
                row.project
            );
            let one = ranking.project(&desk, &row.project).expect("a project");
            let by_system: f64 = one.rows.iter().map(|row| row.points).sum();
            assert!((by_system - row.dependence.likely).abs() < 1e-9, "seed {seed}: so are its systems");
            assert_eq!((one.priority.place, one.rows.len() as u32), (row.place, row.systems));
        }
    }
}

#[tokio::test]
async fn a_ranking_is_for_those_who_work_with_it() {
    let place = Place::new().await;
    build(&place, &mut 3).await;
    let at = day("2026-03-01");
    let agency = Viewer::Agency { agencies: vec!["tax".into()], clearance: Classification::Secret };
    let desk = place.house.desk(agency, at).await.expect("a desk");
    let refused = desk.ranking(&Weights::default()).map(|_| ()).expect_err("an agency is shown no targets");
    assert_eq!(refused.code, "not-allowed");
}

#[tokio::test]
async fn a_project_is_found_by_any_of_its_names() {
    let place = Place::new().await;
    build(&place, &mut 5).await;
    let desk = place.desk("2026-03-01").await;
    let ranking = desk.ranking(&Weights::default()).expect("ranks");
    for (text, expected) in [
        ("github.com/c/mono", Ok("github.com/c/mono")),
        ("https://github.com/C/Mono.git", Ok("github.com/c/mono")),
        ("mono", Ok("github.com/c/mono")),
        ("pkg:npm/%40c/core", Ok("github.com/c/mono")),
        ("nothing-is-called-so", Err("not-found")),
    ] {
        let found = ranking.key_of(text).map_err(|error| error.code);
        assert_eq!(found.as_deref().map_err(|code| *code), expected, "{text}");
    }
}
