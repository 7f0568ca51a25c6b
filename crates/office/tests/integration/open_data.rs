// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Open data seen by somebody who knows everything about the government but one small agency: twin houses that differ in that agency
//! alone, and what of the difference everybody could read.

use underpin_model::Viewer;
use underpin_office::coordinator::registry_fields::Fields;
use underpin_office::role_model::open_data::{OpenData, OpenDataRules};
use underpin_office::{House, Settings};

use crate::documents::{Place, author, bom, day};

/// Systems of the large agencies, and packages that so many of them use (`p12` is used by twelve).
pub const SYSTEMS: usize = 36;
/// The moment at which is looked.
pub const NOW: &str = "2026-03-02";

/// What the small agency's one system is like.
pub struct Small {
    /// Who may know of it.
    pub classification: &'static str,
    /// What it holds.
    pub packages: Vec<String>,
}

pub fn package(users: usize) -> String {
    format!("pkg:npm/p{users}@1.0.0")
}

pub async fn country(small: Option<Small>) -> (Place, House) {
    let place = Place::new().await;
    let fields = |pairs: &[(&str, &str)]| -> Fields {
        pairs.iter().map(|(field, value)| ((*field).to_owned(), vec![(*value).to_owned()])).collect()
    };
    let start = author("registrar", "2026-01-01");
    for agency in ["Roads", "Water", "Seed Office"] {
        place.house.add_agency(&start, None, &fields(&[("name", agency)]), None).await.expect("adds");
    }
    for number in 0..SYSTEMS {
        let (name, agency) = (format!("s{number}"), ["tax", "roads", "water"][number % 3]);
        let exposure = ["internet", "internal"][number / 3 % 2];
        let system =
            fields(&[("name", &name), ("agency", agency), ("classification", "internal"), ("exposure", exposure)]);
        place.house.add_system(&start, Some(name.clone()), &system, None).await.expect("adds");
        let packages: Vec<String> = (number + 1..=SYSTEMS).map(package).collect();
        let text = bom(&name, "2026-02-01", &packages.iter().map(String::as_str).collect::<Vec<_>>());
        place.add(&[("sbom.json", &text)], Some(&name), &format!("2026-02-02T00:{number:02}:00Z")).await;
    }
    // The vault is there in both: only its contents are the secret.
    let classification = small.as_ref().map_or("internal", |small| small.classification);
    let vault = fields(&[("name", "vault"), ("agency", "seed-office"), ("classification", classification)]);
    place.house.add_system(&start, Some("vault".to_owned()), &vault, None).await.expect("adds");
    let packages = small.map(|small| small.packages).unwrap_or_default();
    let text = bom("vault", "2026-02-01", &packages.iter().map(String::as_str).collect::<Vec<_>>());
    place.add(&[("sbom.json", &text)], Some("vault"), "2026-02-03").await;
    let rules = OpenDataRules { publish: true, every_months: 1, delay_days: 1, ..OpenDataRules::default() };
    let house = House::open(Settings { open_data: rules, ..place.settings.clone() }).await.expect("opens");
    (place, house)
}

async fn seen(house: &House) -> OpenData {
    house.open_data(None, day(NOW)).await.expect("answers").expect("an edition")
}

#[tokio::test]
async fn who_knows_all_but_one_small_agency_learns_almost_nothing_of_it() {
    let everything: Vec<String> = (1..=SYSTEMS).map(package).collect();
    let (_one, without) = country(None).await;
    let (_two, with) = country(Some(Small { classification: "internal", packages: everything })).await;
    let (without, with) = (seen(&without).await, seen(&with).await);
    let told = |data: &OpenData, users: usize| {
        data.packages.iter().find(|one| one.name == format!("p{users}")).map(|one| one.systems)
    };
    assert!(told(&without, SYSTEMS).is_some(), "widely used: {:?}", without.packages);
    for users in 1..=9 {
        assert_eq!((told(&without, users), told(&with, users)), (None, None), "{users} systems hide nobody");
    }
    // Each package is one try with an offset of its own: 19 of 100 at most would tell, by the rule; of a list of 36 no more than that.
    let differs = (1..=SYSTEMS).filter(|users| told(&without, *users) != told(&with, *users)).count();
    assert!(differs * 100 <= SYSTEMS * 19, "{differs} of {SYSTEMS} packages tell");
}

#[tokio::test]
async fn what_is_classified_is_in_no_number() {
    let everything: Vec<String> = (1..=SYSTEMS).map(package).collect();
    for classification in ["restricted", "secret"] {
        let (_one, empty) = country(Some(Small { classification, packages: Vec::new() })).await;
        let (_two, full) = country(Some(Small { classification, packages: everything.clone() })).await;
        assert_eq!(seen(&empty).await, seen(&full).await, "{classification}");
    }
}

#[tokio::test]
async fn no_version_no_system_no_agency_and_nothing_withheld_is_named() {
    let (place, house) = country(None).await;
    let data = seen(&house).await;
    let whole = serde_json::to_string(&data).expect("JSON");
    for inside in ["1.0.0", "vault", "roads", "Water", "tax", "s12"] {
        assert!(!whole.contains(inside), "{inside} in {whole}");
    }
    let rules = OpenDataRules { withheld: vec!["pkg:npm/p3".to_owned()], ..house.settings.open_data.clone() };
    let guarded = House::open(Settings { open_data: rules, ..place.settings.clone() }).await.expect("opens");
    let left = seen(&guarded).await;
    assert!(left.packages.iter().all(|one| !one.name.starts_with("p3")), "{:?}", left.packages);
    assert!(left.packages.len() < data.packages.len());
}

#[tokio::test]
async fn before_it_is_published_only_who_plans_for_all_sees_it() {
    let (place, _) = country(None).await;
    let rules = OpenDataRules { publish: false, every_months: 1, delay_days: 1, ..OpenDataRules::default() };
    let house = House::open(Settings { open_data: rules, ..place.settings.clone() }).await.expect("opens");
    let agency = Viewer::Agency { agencies: vec!["tax".into()], clearance: Default::default() };
    for (viewer, expected) in [(Viewer::Operator, true), (Viewer::Stranger, false), (agency, false)] {
        let desk = house.desk(viewer.clone(), day(NOW)).await.expect("a desk");
        assert_eq!(house.open_data_for(&desk, None).await.is_ok(), expected, "{viewer:?}");
    }
    let desk = house.desk(Viewer::Operator, day(NOW)).await.expect("a desk");
    let none = house.open_data_for(&desk, Some("2025-01-01")).await.expect_err("no such edition");
    assert_eq!(none.code, "no-edition");
}

#[tokio::test]
async fn files_say_the_same_in_each_form_and_empty_ones_have_columns() {
    let (_place, house) = country(None).await;
    let data = seen(&house).await;
    let csv = String::from_utf8(data.file("packages.csv").expect("writes").expect("a file")).expect("text");
    let rows: Vec<serde_json::Value> =
        serde_json::from_slice(&data.file("packages.json").expect("writes").expect("a file")).expect("JSON");
    assert_eq!(csv.lines().next(), Some("name,package,systems,type"));
    assert_eq!(csv.lines().count(), rows.len() + 1);
    assert_eq!(rows.len(), data.packages.len());
    let empty = OpenData { packages: Vec::new(), ..data };
    assert_eq!(empty.file("packages.csv").expect("writes").expect("a file"), b"name,package,systems,type\n");
    let parquet = empty.file("packages.parquet").expect("writes").expect("a file");
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    assert_eq!(empty.file("systems.csv").expect("answers"), None);
}
