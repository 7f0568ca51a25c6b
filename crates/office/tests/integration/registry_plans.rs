// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is planned stays planned, whatever is changed before it comes, and stands in nobody's way until then.

use underpin_model::registry::Deployment;
use underpin_office::coordinator::registry_edit::Retired;
use underpin_office::coordinator::registry_reform::Split;

use crate::registry::{Government, author, day, fields, file, shown};

/// `exposure contact agency` of a system at some moments.
async fn told(government: &Government, system: &str, moments: &[&str]) -> Vec<String> {
    let mut told = Vec::new();
    for at in moments {
        let desk = government.desk(at).await;
        let found = desk.snapshot.systems.iter().find(|row| row.id.0 == system);
        told.push(
            found.map_or("nothing".to_owned(), |row| {
                format!("{} {:?} {}", row.exposure.as_str(), row.contact, row.agency)
            }),
        );
    }
    told
}

async fn planned_merger(government: &Government) {
    let sources = ["customs".to_owned(), "tax-office".to_owned()];
    let from = Some(day("2027-01-01"));
    let merged = government.house.merge_agencies(&author("2026-02-01"), &sources, "revenue", None, from).await;
    merged.expect("plans");
}

#[tokio::test]
async fn a_planned_merger_stops_nobody_from_working() {
    let government = Government::new().await;
    let house = &government.house;
    planned_merger(&government).await;
    let contact = fields(&[("contact", "tax@gov.example")]);
    let edited = house.edit_system(&author("2026-03-01"), "Tax Portal", &contact, None).await.expect("edits");
    assert_eq!(edited.notes, ["planned: system tax-portal changes on 2027-01-01: agency tax-office → revenue"]);
    house.edit_agency(&author("2026-03-01"), "customs", &contact, None).await.expect("edits");
    let mail = fields(&[("name", "Mail"), ("agency", "Customs")]);
    let added = house.add_system(&author("2026-03-02"), None, &mail, None).await.expect("adds");
    assert_eq!(added.notes, ["planned: system mail changes on 2027-01-01: agency customs → revenue"]);
    let unit = fields(&[("name", "Border Unit"), ("parent", "customs")]);
    house.add_agency(&author("2026-03-03"), None, &unit, None).await.expect("adds");
    let files = [file("new.csv", "name,agency\nPayroll,tax-office\n")];
    let imported = house.import_registry(&author("2026-03-04"), &files, None, false).await.expect("imports");
    let planned: Vec<String> = imported.planned.iter().map(ToString::to_string).collect();
    assert_eq!(planned, ["planned: system payroll changes on 2027-01-01: agency tax-office → revenue"]);
    let site = fields(&[("system", "mail"), ("name", "North")]);
    house.add_deployment(&author("2026-03-05"), None, &site, None).await.expect("adds");
    assert_eq!(
        government.owners("2026-12-31").await,
        [
            "ministry-of-finance: ",
            "customs: mail website-2",
            "border-unit: ",
            "tax-office: identity payroll tax-portal website"
        ]
    );
    assert_eq!(
        government.owners("2027-01-01").await,
        ["ministry-of-finance: ", "revenue: identity mail payroll tax-portal website website-2", "border-unit: "]
    );
    assert_eq!(government.desk("2027-01-01").await.snapshot.deployments.len(), 1);
    assert_eq!(
        told(&government, "tax-portal", &["2026-12-31", "2027-01-01"]).await,
        ["internet \"tax@gov.example\" tax-office", "internet \"tax@gov.example\" revenue"]
    );
}

#[tokio::test]
async fn what_begins_with_a_plan_can_be_prepared() {
    let government = Government::new().await;
    let house = &government.house;
    planned_merger(&government).await;
    let (from, early) = (Some(day("2027-01-01")), Some(day("2026-12-01")));
    let portal = fields(&[("name", "Revenue Portal"), ("agency", "revenue")]);
    house.add_system(&author("2026-03-01"), None, &portal, from).await.expect("plans");
    let error = house.add_system(&author("2026-03-01"), None, &portal, early).await.expect_err("not there yet");
    assert_eq!(error.code, "not-found");
    let files = [file("later.csv", "name,agency\nStatistics,revenue\n")];
    let refused = house.import_registry(&author("2026-03-01"), &files, None, false).await.expect_err("not there yet");
    assert_eq!(refused.code, "invalid-registry");
    house.import_registry(&author("2026-03-01"), &files, from, false).await.expect("plans");
    let again = house.add_system(&author("2026-03-02"), Some("statistics".to_owned()), &portal, from).await;
    assert_eq!(shown(&again.expect_err("is planned")), "already-there: there is a system statistics already");
    let own = fields(&[("name", "Statistics"), ("agency", "customs")]);
    let again = house.add_system(&author("2026-03-02"), Some("statistics".to_owned()), &own, None).await;
    assert_eq!(
        shown(&again.expect_err("is planned")),
        "already-there: a system statistics is planned from 2027-01-01 on"
    );
    let fresh = house.add_system(&author("2026-03-02"), None, &own, None).await.expect("adds");
    assert_eq!(fresh.about, "system statistics-2");
}

#[tokio::test]
async fn an_import_keeps_what_is_planned_and_says_so() {
    let government = Government::new().await;
    let house = &government.house;
    let (later, end) = (Some(day("2026-06-01")), Some(day("2026-09-01")));
    let partners = fields(&[("exposure", "partners"), ("agency", "customs")]);
    house.edit_system(&author("2026-02-01"), "tax-portal", &partners, later).await.expect("plans");
    house.retire(&author("2026-02-01"), &Retired::System("identity".to_owned()), end).await.expect("plans");
    let before = government.revision().await;
    // The whole registry as it is now changes nothing, but for one contact.
    let same = government
        .desk("2026-02-02")
        .await
        .export_registry(underpin_office::coordinator::registry::RegistryFormat::Csv, None);
    let text = String::from_utf8(same.expect("writes")).expect("text");
    let files = [file("same.csv", &text)];
    let report = house.import_registry(&author("2026-03-01"), &files, None, false).await.expect("imports");
    assert_eq!((report.added, report.changed, government.revision().await), (0, 0, before));
    let files = [file(
        "portal.csv",
        "id,name,agency,exposure,depends_on,contact\n\
        tax-portal,Tax Portal,tax-office,internet,identity,tax@gov.example\n",
    )];
    for dry_run in [true, false] {
        let report = house.import_registry(&author("2026-03-01"), &files, None, dry_run).await.expect("imports");
        let fields: Vec<&str> = report.rows[0].fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!((report.changed, fields), (1, vec!["contact"]));
        let planned: Vec<String> = report.planned.iter().map(ToString::to_string).collect();
        assert_eq!(
            planned,
            [
                "planned: system tax-portal changes on 2026-06-01: agency tax-office → customs; exposure internet → partners"
            ]
        );
    }
    assert_eq!(
        told(&government, "tax-portal", &["2026-02-15", "2026-03-02", "2026-06-02"]).await,
        ["internet \"\" tax-office", "internet \"tax@gov.example\" tax-office", "partners \"tax@gov.example\" customs"]
    );
    // What differs is taken over for good, planned or not; what is only planned stays beside what is new.
    let files = [file("portal.csv", "id,name,agency,exposure\ntax-portal,Tax Portal,tax-office,internal\n")];
    house.import_registry(&author("2026-04-01"), &files, None, false).await.expect("imports");
    assert_eq!(
        told(&government, "tax-portal", &["2026-04-02", "2026-06-02"]).await,
        ["internal \"\" tax-office", "internal \"\" customs"]
    );
}

#[tokio::test]
async fn an_import_of_what_begins_later_leaves_the_plan() {
    let government = Government::new().await;
    let house = &government.house;
    let portal = fields(&[("name", "Data Portal"), ("agency", "customs"), ("exposure", "internet")]);
    house.add_system(&author("2026-02-01"), None, &portal, Some(day("2026-06-01"))).await.expect("plans");
    let files = [file("pilot.csv", "id,name,agency,exposure\ndata-portal,Data Portal,tax-office,isolated\n")];
    let report = house.import_registry(&author("2026-03-01"), &files, None, false).await.expect("imports");
    assert_eq!((report.added, report.planned.len()), (1, 1));
    assert_eq!(
        told(&government, "data-portal", &["2026-02-28", "2026-03-02", "2026-06-02"]).await,
        ["nothing", "isolated \"\" tax-office", "internet \"\" customs"]
    );
}

#[tokio::test]
async fn an_import_brings_back_what_has_ended() {
    let government = Government::new().await;
    let house = &government.house;
    let unit = fields(&[("name", "Archive")]);
    house.add_agency(&author("2026-02-01"), None, &unit, None).await.expect("adds");
    let archive = Retired::Agency("archive".to_owned());
    house.retire(&author("2026-03-01"), &archive, None).await.expect("retires");
    let there = async |at: &str| {
        let desk = government.desk(at).await;
        desk.snapshot.agencies.iter().find(|row| row.id.0 == "archive").map(|row| row.contact.clone())
    };
    let files = [file("archive.csv", "kind,id,name,contact\nagency,archive,Archive,post@x\n")];
    house.import_registry(&author("2026-04-01"), &files, Some(day("2025-06-01")), false).await.expect("imports");
    assert_eq!((there("2026-03-15").await, there("2026-04-01").await), (None, Some("post@x".to_owned())));
    house.retire(&author("2026-05-01"), &archive, None).await.expect("retires");
    house.import_registry(&author("2026-06-01"), &files, None, false).await.expect("imports");
    assert_eq!((there("2026-05-15").await, there("2026-06-01").await), (None, Some("post@x".to_owned())));
}

#[tokio::test]
async fn deployments_keep_their_plans_and_take_their_rules_along() {
    let government = Government::new().await;
    let house = &government.house;
    let site = fields(&[("system", "Tax Portal"), ("name", "North"), ("location", "north-1")]);
    house.add_deployment(&author("2026-02-01"), None, &site, None).await.expect("adds");
    let moved = fields(&[("location", "north-2")]);
    let at = author("2026-02-02");
    house.edit_deployment(&at, "tax-portal", "North", &moved, Some(day("2026-06-01"))).await.expect("plans");
    let production = fields(&[("environment", "production")]);
    let edited = house.edit_deployment(&author("2026-03-01"), "tax-portal", "north", &production, None).await;
    assert_eq!(
        edited.expect("edits").notes,
        ["planned: deployment tax-portal/north changes on 2026-06-01: location north-1 → north-2"]
    );
    let places = async |at: &str| {
        let desk = government.desk(at).await;
        let line = |row: &Deployment| format!("{} {} {:?}", row.id, row.location, row.environment);
        desk.snapshot.deployments.iter().map(line).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(places("2026-03-02").await, "north north-1 \"production\"");
    assert_eq!(places("2026-06-02").await, "north north-2 \"production\"");
    let text = "kind,system,id,name,environment,location\ndeployment,tax-portal,north,North,test,north-1\n";
    let report = house.import_registry(&author("2026-04-01"), &[file("sites.csv", text)], None, false).await;
    assert_eq!(report.expect("imports").planned.len(), 1);
    assert_eq!(places("2026-04-02").await, "north north-1 \"test\"");
    assert_eq!(places("2026-06-02").await, "north north-2 \"test\"");
    let elsewhere = fields(&[("system", "identity")]);
    let error = house.edit_deployment(&author("2026-04-02"), "tax-portal", "north", &elsewhere, None).await;
    assert_eq!(
        shown(&error.expect_err("it stays")),
        "invalid-field: deployment tax-portal/north stays with its system"
    );
    // Its rules end with it, and the same name may come again.
    let rule = fields(&[("on", "subject"), ("pattern", "portal-*"), ("system", "tax-portal"), ("deployment", "north")]);
    house.add_mapping(&author("2026-05-01"), &rule, None).await.expect("adds");
    let north = Retired::Deployment("Tax Portal".to_owned(), "North".to_owned());
    let retired = house.retire(&author("2026-05-02"), &north, None).await.expect("retires");
    assert_eq!(retired.notes, ["the mapping of subject \"portal-*\" to tax-portal ends with it"]);
    assert_eq!(places("2026-06-02").await, "");
    assert!(government.desk("2026-05-03").await.snapshot.mappings.is_empty());
    let again = house.retire(&author("2026-05-03"), &north, None).await.expect_err("has ended");
    assert_eq!(again.code, "not-found");
    let added = house.add_deployment(&author("2026-05-04"), None, &site, None).await.expect("adds");
    assert_eq!(added.about, "deployment tax-portal/north");
    assert_eq!(places("2026-06-02").await, "north north-1 \"\"");
}

#[tokio::test]
async fn reorganised_agencies_keep_the_plans_of_their_systems() {
    let government = Government::new().await;
    let house = &government.house;
    let (june, july, august) = (Some(day("2026-06-01")), Some(day("2026-07-01")), Some(day("2026-08-01")));
    // One system leaves in August, another one comes in July.
    let (away, home) = (fields(&[("agency", "ministry-of-finance")]), fields(&[("agency", "tax-office")]));
    house.edit_system(&author("2026-02-01"), "identity", &away, august).await.expect("plans");
    house.edit_system(&author("2026-02-01"), "website-2", &home, july).await.expect("plans");
    let split = Split {
        into: vec!["income-tax".to_owned(), "digital".to_owned()],
        systems: vec![("income-tax".to_owned(), vec!["Tax Portal".to_owned()])],
        rest: Some("digital".to_owned()),
        ..Split::default()
    };
    house.split_agency(&author("2026-02-02"), "tax-office", &split, june).await.expect("splits");
    let mut owners = Vec::new();
    for at in ["2026-06-02", "2026-07-02", "2026-08-02"] {
        owners.push(government.owners(at).await.join("; "));
    }
    assert_eq!(
        owners,
        [
            "ministry-of-finance: ; customs: website-2; digital: identity website; income-tax: tax-portal",
            "ministry-of-finance: ; customs: ; digital: identity website website-2; income-tax: tax-portal",
            "ministry-of-finance: identity; customs: ; digital: website website-2; income-tax: tax-portal"
        ]
    );
}

#[tokio::test]
async fn what_would_be_left_without_an_agency_is_refused_with_the_date() {
    let government = Government::new().await;
    let house = &government.house;
    let unit = fields(&[("name", "Archive")]);
    house.add_agency(&author("2026-02-01"), None, &unit, None).await.expect("adds");
    let archive = Retired::Agency("archive".to_owned());
    house.retire(&author("2026-02-01"), &archive, Some(day("2027-01-01"))).await.expect("plans");
    let files = fields(&[("name", "Files"), ("agency", "archive")]);
    let error = house.add_system(&author("2026-03-01"), None, &files, None).await.expect_err("outlives it");
    assert_eq!(shown(&error), "agency-ends: agency archive ends on 2027-01-01, and system files would outlive it");
    assert!(!error.hint.is_empty());
    let error = house.edit_agency(&author("2027-02-01"), "archive", &unit, None).await.expect_err("has ended");
    assert_eq!(shown(&error), "ended: agency archive ended on 2027-01-01");
}
