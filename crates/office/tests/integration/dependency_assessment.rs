// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An assessment of dependencies in the hands of somebody who tries to get at single systems.

use std::collections::BTreeMap;

use underpin_model::Viewer;
use underpin_office::regulator::dependency_assessment::{DependencyAssessment, FILES};
use underpin_office::{House, Settings};
use underpin_testkit::postgres;

use crate::documents::day;
use crate::open_data::{NOW, SYSTEMS, Small, country, package};

async fn asked(
    house: &House,
    viewer: Viewer,
    (edition, at): (Option<&str>, &str),
) -> underpin_office::Result<DependencyAssessment> {
    let desk = house.desk(viewer, day(at)).await.expect("a desk");
    house.dependency_assessment(&desk, edition).await
}

async fn told(house: &House) -> DependencyAssessment {
    asked(house, Viewer::Operator, (None, NOW)).await.expect("an assessment")
}

/// By how many systems each package is used, and by how many of each class, from how the country was made.
fn naive() -> BTreeMap<String, (u64, BTreeMap<&'static str, u64>)> {
    let mut found = BTreeMap::new();
    for users in 1..=SYSTEMS {
        let name = package(users).trim_end_matches("@1.0.0").to_owned();
        let entry: &mut (u64, BTreeMap<&str, u64>) = found.entry(name).or_default();
        // The system with a number holds all packages above it.
        for number in 0..users {
            entry.0 += 1;
            *entry.1.entry(["internet", "internal"][number / 3 % 2]).or_default() += 1;
        }
    }
    found
}

#[tokio::test]
async fn no_cell_is_at_the_threshold_or_below_and_all_are_right_within_rounding() {
    let (_place, house) = country(None).await;
    let found = told(&house).await;
    let naive = naive();
    assert!(found.packages.len() > 5, "{:?}", found.packages);
    let mut classes_told = 0;
    for row in &found.packages {
        let (all, by_class) = &naive[&row.package];
        assert!(row.systems.abs_diff(*all) < 10 && *all > 10, "{row:?}: {all}");
        for (class, cell) in found.classes.iter().zip(&row.by_class) {
            let Some(cell) = cell else { continue };
            let truth = by_class.get(class.class.as_str()).copied().unwrap_or_default();
            assert!(cell.abs_diff(truth) < 10 && truth > 10, "{row:?}: {truth} of {}", class.class.as_str());
            classes_told += 1;
        }
    }
    assert!(classes_told > 0, "some class is told of");
}

/// Whoever has the export with the small agency and the one without it, and knows all others, learns what it holds from a row that differs:
/// of many rows, each with secret numbers of its own, few do.
#[tokio::test]
async fn the_difference_of_two_exports_tells_almost_nothing_of_one_system() {
    let everything: Vec<String> = (1..=SYSTEMS).map(package).collect();
    let (_one, without) = country(None).await;
    let (_two, with) = country(Some(Small { classification: "internal", packages: everything })).await;
    let rows = |found: &DependencyAssessment| -> BTreeMap<String, (u64, Vec<Option<u64>>)> {
        found.packages.iter().map(|row| (row.package.clone(), (row.systems, row.by_class.clone()))).collect()
    };
    let (without, with) = (rows(&told(&without).await), rows(&told(&with).await));
    let names = (1..=SYSTEMS).map(|users| package(users).trim_end_matches("@1.0.0").to_owned());
    let differs = names.filter(|name| without.get(name) != with.get(name)).count();
    assert!(differs * 100 <= SYSTEMS * 35, "{differs} of {SYSTEMS} rows differ");
}

#[tokio::test]
async fn what_is_classified_is_in_no_number_and_nothing_names_a_system_or_an_agency() {
    let everything: Vec<String> = (1..=SYSTEMS).map(package).collect();
    let (_one, empty) = country(Some(Small { classification: "restricted", packages: Vec::new() })).await;
    let (_two, full) = country(Some(Small { classification: "restricted", packages: everything })).await;
    let (empty, full) = (told(&empty).await, told(&full).await);
    assert_eq!(empty, full);
    for name in FILES {
        let text = String::from_utf8(full.file(name).expect("writes").expect("a file")).expect("text");
        for inside in ["1.0.0", "vault", "roads", "Water", "tax", "s12"] {
            assert!(!text.contains(inside), "{inside} in {name}");
        }
    }
}

#[tokio::test]
async fn the_same_edition_gives_the_same_bytes_in_a_restored_house_too() {
    if postgres::is_in_force() {
        return;
    }
    let (place, house) = country(None).await;
    let files = |found: &DependencyAssessment| -> Vec<Vec<u8>> {
        FILES.iter().map(|name| found.file(name).expect("writes").expect("a file")).collect()
    };
    let first = files(&told(&house).await);
    assert_eq!(files(&told(&house).await), first);
    let later = asked(&house, Viewer::Operator, (Some("2026-03-01"), "2026-06-30")).await;
    assert_eq!(files(&later.expect("an assessment")), first, "asked for later");
    let settings = Settings {
        open_data: house.settings.open_data.clone(),
        ..Settings::clone(&place.restored(NOW).await.settings)
    };
    let restored = House::open(settings).await.expect("opens");
    assert_eq!(files(&told(&restored).await), first, "in a restored house");
}

#[tokio::test]
async fn only_who_plans_for_all_may_have_it_and_other_days_are_no_editions() {
    let (_place, house) = country(None).await;
    let agency = Viewer::Agency { agencies: vec!["tax".into()], clearance: Default::default() };
    for viewer in [Viewer::Stranger, agency] {
        let refused = asked(&house, viewer, (None, NOW)).await.expect_err("refused");
        assert_eq!(refused.code, "not-allowed");
    }
    let refused = asked(&house, Viewer::Operator, (Some("2026-01-02"), NOW)).await.expect_err("none");
    assert_eq!(refused.code, "no-edition");
}
