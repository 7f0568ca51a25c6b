// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What leaves the house is right at the moment at which it leaves: a draft is held against what it rests on again when it is approved, and
//! what is refused leaves no byte outside.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use underpin_model::Viewer;
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::publications::{PublicationKind, PublicationState};
use underpin_model::registry::Classification;
use underpin_model::watch::{DecisionId, Justification, Place as Where, Status, Tlp};
use underpin_office::coordinator::Author;
use underpin_office::publish::{DecisionsAsked, DraftAsked, Drafted, PublicationRow, PublishSettings};
use underpin_office::watch::decisions::Ruling;
use underpin_office::watch::own::Marking;
use underpin_office::{House, Result, Settings};

use crate::documents::{author, bom, day, settings_in_force};

const CVE: &str = "CVE-2026-0001";
const PACKAGE: &str = "pkg:npm/pad-left";

pub struct Publisher {
    pub house: House,
    pub folder: tempfile::TempDir,
}

impl Publisher {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let publish = PublishSettings {
            serve: true,
            address: "https://cert.example.gov".to_owned(),
            name: "Cyber Agency".to_owned(),
            ..PublishSettings::default()
        };
        let settings = Settings { publish, ..settings_in_force(&folder.path().join("data")) };
        let house = House::open(settings).await.expect("opens");
        let field = |name: &str, value: &str| (name.to_owned(), vec![value.to_owned()]);
        let start = author("registrar", "2026-01-01");
        house.add_agency(&start, None, &vec![field("name", "Tax")], None).await.expect("an agency");
        house
            .add_system(&start, None, &vec![field("name", "Portal"), field("agency", "tax")], None)
            .await
            .expect("added");
        let secret = vec![field("name", "Lantern"), field("agency", "tax"), field("compartments", "lantern")];
        house.add_system(&start, None, &secret, None).await.expect("added");
        house.make_publishing_key(&start, false).await.expect("a key");
        Self { house, folder }
    }

    /// A document of a system, with packages.
    async fn runs(&self, system: &str, packages: &[&str]) {
        let path = self.folder.path().join(format!("{system}.cdx.json"));
        std::fs::write(&path, bom(system, "2026-01-10T00:00:00Z", packages)).expect("written");
        let options = underpin_office::intake::AddOptions {
            paths: vec![path],
            target: underpin_office::intake::Target::System(system.into(), None),
            actor: "clerk".to_owned(),
            tag: system.to_owned(),
            ..underpin_office::intake::AddOptions::default()
        };
        self.house.add(&options, day("2026-01-11"), &underpin_office::intake::Silent).await.expect("added");
    }

    pub async fn advise(&self, id: &str, at: &str, (summary, tlp, classification): (&str, Tlp, Classification)) {
        let record = json!({
            "id": id, "modified": "2026-01-01T00:00:00Z", "summary": summary, "aliases": [CVE],
            "affected": [{ "package": { "ecosystem": "npm", "name": "pad-left" },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "1.3.0" }] }] }],
        });
        let marking = Marking { tlp, audience: Vec::new(), classification };
        self.house.publish_advisory(&author("ada", at), &record.to_string(), marking).await.expect("published");
    }

    async fn decide(&self, at: &str, package: &str, status: Status) -> DecisionId {
        let ruling = Ruling {
            place: Where::Government,
            status,
            justification: (status == Status::NotAffected).then_some(Justification::VulnerableCodeNotPresent),
            reason: "We build without it.".to_owned(),
            action: String::new(),
            agency: None,
            valid_from: day(at),
            review: None,
            expires: None,
            needs_approval: false,
        };
        let desk = self.house.desk(Viewer::Operator, day(at)).await.expect("a desk");
        let watched = self.house.watch(&desk).await.expect("watched");
        self.house.decide(&watched, &author("ada", at), CVE, package, &ruling).await.expect("decided")[0]
    }

    pub async fn of_own(&self, own: &str, id: &str, at: &str) -> Result<Drafted> {
        let asked = DraftAsked { id: id.to_owned(), ..DraftAsked::default() };
        self.house.draft_from_own(&author("ada", at), own, asked).await
    }

    async fn of_decisions(&self, by: &Author, id: &str) -> Result<Drafted> {
        let asked = DraftAsked { id: id.to_owned(), ..DraftAsked::default() };
        self.house.draft_from_decisions(by, &DecisionsAsked::default(), asked).await
    }

    pub async fn approve(&self, by: &Author, name: &str, digest: &str) -> Result<PublicationRow> {
        self.house.approve_publication(by, (PublicationKind::Csaf, name), digest).await
    }

    pub async fn publish(&self, own: &str, id: &str, at: &str) {
        let drafted = self.of_own(own, id, at).await.expect("drafted");
        self.approve(&author("ben", at), id, &drafted.digest).await.expect("approved");
    }

    /// Everything that everybody may fetch, with its tags.
    pub async fn site(&self) -> BTreeMap<String, (String, String)> {
        let site = self.house.site().await.expect("a site").expect("it is served");
        let file = |file: &underpin_office::publish::SiteFile| {
            (file.digest.clone(), String::from_utf8_lossy(&file.bytes).into_owned())
        };
        let mut all: BTreeMap<_, _> = site.files.iter().map(|(path, one)| (path.clone(), file(one))).collect();
        all.insert("the page".to_owned(), (String::new(), format!("{:?}", site.rows)));
        all
    }
}

#[track_caller]
pub fn code<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    done.expect_err("refused").code
}

fn member(compartments: &[&str], at: &str) -> Author {
    let viewer = Viewer::Member {
        grants: vec![Grant { role: Role::Officer, reach: Reach::Government }],
        clearance: Classification::Internal,
        compartments: compartments.iter().map(|name| (*name).to_owned()).collect(),
    };
    Author { actor: format!("officer-{}", compartments.len()), viewer, at: day(at) }
}

const OPEN: (&str, Tlp, Classification) = ("It pads too far", Tlp::Clear, Classification::Internal);

#[tokio::test]
async fn what_changed_since_it_was_drafted_is_refused_and_leaves_no_trace() {
    let place = Publisher::new().await;
    place.advise("NCA-1", "2026-01-02", OPEN).await;
    place.publish("NCA-1", "NCA-1", "2026-01-03").await;
    let before = place.site().await;
    assert!(before["the page"].1.contains("NCA-1"));
    let ben = author("ben", "2026-01-06");
    let changes = [
        ("NCA-2", ("Other words", Tlp::Clear, Classification::Internal)),
        ("NCA-3", ("It pads too far", Tlp::Green, Classification::Internal)),
        ("NCA-4", ("It pads too far", Tlp::Clear, Classification::Secret)),
    ];
    for (id, change) in changes {
        place.advise(id, "2026-01-04", OPEN).await;
        let drafted = place.of_own(id, id, "2026-01-05").await.expect("drafted");
        place.advise(id, "2026-01-06", change).await;
        assert_eq!(code(place.approve(&ben, id, &drafted.digest).await), "publication-outdated", "{id}");
    }
    assert_eq!(code(place.of_own("NCA-3", "NCA-3", "2026-01-07").await), "marked-stricter");
    assert_eq!(code(place.of_own("NCA-4", "NCA-4", "2026-01-07").await), "marked-stricter");
    assert_eq!(place.site().await, before, "no byte, count or tag tells");
    place.publish("NCA-2", "NCA-2", "2026-01-08").await;
    assert!(place.site().await["the page"].1.contains("Other words"));
    // What was published can be taken back, whatever became of what it was made from.
    place.house.withdraw_advisory(&author("ada", "2026-01-09"), "NCA-2", "Wrong.").await.expect("taken back");
    let of = (PublicationKind::Csaf, "NCA-2");
    let back = place.house.withdraw_publication(&author("ada", "2026-01-09"), of, "Wrong.").await.expect("drafted");
    place.approve(&author("ben", "2026-01-10"), "NCA-2", &back.expect("a draft").digest).await.expect("approved");
}

#[tokio::test]
async fn statements_rest_on_decisions_and_advisories_as_they_are() {
    let place = Publisher::new().await;
    place.advise("NCA-1", "2026-01-02", OPEN).await;
    place.runs("portal", &["pkg:npm/pad-left@1.2.0"]).await;
    let first = place.decide("2026-01-12", PACKAGE, Status::NotAffected).await;
    let (ada, ben) = (author("ada", "2026-01-13"), author("ben", "2026-01-14"));
    let before = place.site().await;
    // Somebody decides something else about the same.
    let drafted = place.of_decisions(&ada, "VEX-1").await.expect("drafted");
    let second = place.decide("2026-01-13", PACKAGE, Status::Affected).await;
    assert_eq!(code(place.approve(&ben, "VEX-1", &drafted.digest).await), "publication-outdated");
    // What was decided last about a place is what is said of it.
    place.of_decisions(&ada, "VEX-1").await.expect("drafted with the newer one alone");
    place.house.withdraw_decision(&ada, first, "Wrong.").await.expect("taken back");
    // The decision is taken back.
    let drafted = place.of_decisions(&ada, "VEX-1").await.expect("drafted");
    place.house.withdraw_decision(&ada, second, "Wrong, too.").await.expect("taken back");
    assert_eq!(code(place.approve(&ben, "VEX-1", &drafted.digest).await), "publication-outdated");
    let third = place.decide("2026-01-13", PACKAGE, Status::Affected).await;
    // The advisory that it rests on is classified.
    let drafted = place.of_decisions(&ada, "VEX-1").await.expect("drafted");
    place.advise("NCA-1", "2026-01-13", ("It pads too far", Tlp::Clear, Classification::Secret)).await;
    assert_eq!(code(place.approve(&ben, "VEX-1", &drafted.digest).await), "marked-stricter");
    assert_eq!(code(place.of_decisions(&ada, "VEX-1").await), "marked-stricter");
    assert_eq!(place.site().await, before);
    // Declassified, and decided anew: what was decided while it was secret stays inside.
    place.advise("NCA-1", "2026-01-15", OPEN).await;
    let late = author("ada", "2026-01-16");
    assert_eq!(code(place.of_decisions(&late, "VEX-1").await), "marked-stricter");
    place.house.withdraw_decision(&late, third, "Decided anew.").await.expect("taken back");
    place.decide("2026-01-16", PACKAGE, Status::Affected).await;
    let drafted = place.of_decisions(&author("ada", "2026-01-17"), "VEX-1").await.expect("drafted");
    place.approve(&author("ben", "2026-01-17"), "VEX-1", &drafted.digest).await.expect("approved");
}

#[tokio::test]
async fn that_only_a_compartment_runs_a_package_is_told_to_nobody() {
    let place = Publisher::new().await;
    place.advise("NCA-1", "2026-01-02", OPEN).await;
    place.runs("lantern", &["pkg:npm/pad-left@1.2.0"]).await;
    place.decide("2026-01-12", PACKAGE, Status::NotAffected).await;
    let before = place.site().await;
    let (inside, outside) = (member(&["lantern"], "2026-01-13"), member(&[], "2026-01-13"));
    assert_eq!(code(place.of_decisions(&inside, "VEX-1").await), "marked-stricter");
    // Who is not let in learns nothing by a refusal; who is let in does not approve it.
    let drafted = place.of_decisions(&outside, "VEX-1").await.expect("drafted");
    assert_eq!(code(place.approve(&inside, "VEX-1", &drafted.digest).await), "marked-stricter");
    assert_eq!(place.site().await, before);
    // It is no secret any more once others run it.
    place.runs("portal", &["pkg:npm/pad-left@1.2.0"]).await;
    place.approve(&inside, "VEX-1", &drafted.digest).await.expect("approved");
}

#[tokio::test]
async fn what_is_approved_is_what_was_read_however_many_draft_at_once() {
    let place = Publisher::new().await;
    place.advise("NCA-1", "2026-01-02", OPEN).await;
    let (ada, ben) = (author("ada", "2026-01-03"), author("ben", "2026-01-03"));
    for round in 0..12 {
        let asked = |summary: String| DraftAsked { id: "NCA-1".to_owned(), summary, ..DraftAsked::default() };
        let read = place.house.draft_from_own(&ada, "NCA-1", asked(format!("read {round}"))).await.expect("drafted");
        let (approved, other) = tokio::join!(
            place.approve(&ben, "NCA-1", &read.digest),
            place.house.draft_from_own(&ada, "NCA-1", asked(format!("other {round}")))
        );
        other.expect("drafted");
        let public = place.site().await["the page"].1.clone();
        assert!(!public.contains("other"), "{public}");
        match approved {
            Ok(row) => assert!(row.summary.contains("read") && public.contains(&format!("read {round}"))),
            Err(error) => {
                assert_eq!(error.code, "publication-changed");
                assert!(!public.contains(&format!("read {round}")), "{public}");
            }
        }
    }
    let drafted = place.of_own("NCA-1", "NCA-2", "2026-01-04").await.expect("drafted");
    place.of_own("NCA-1", "NCA-2", "2026-01-05").await.expect("the next one");
    let before = place.site().await;
    assert_eq!(
        code(place.approve(&author("ben", "2026-01-06"), "NCA-2", &drafted.digest).await),
        "publication-changed"
    );
    let desk = place.house.desk(Viewer::Operator, day("2026-01-06")).await.expect("a desk");
    let shown = place.house.publication(&desk, PublicationKind::Csaf, "NCA-2").await.expect("it waits");
    assert_eq!(shown.state, PublicationState::Draft);
    assert!(shown.files.iter().all(|file| file.signature.is_empty()), "nothing is signed");
    assert_eq!(place.site().await, before);
}

fn written(label: &str, cve: &str) -> Vec<u8> {
    let distribution = if label.is_empty() { json!({}) } else { json!({ "tlp": { "label": label } }) };
    json!({
        "document": { "category": "csaf_base", "csaf_version": "2.0", "title": "By hand", "distribution": distribution,
        "tracking": { "id": "HAND-1" } },
        "vulnerabilities": [{ "cve": cve, "notes": [{ "category": "summary", "text": "It pads." }] }],
    })
    .to_string()
    .into_bytes()
}

#[tokio::test]
async fn what_somebody_wrote_is_held_against_marks_and_history_too() {
    let place = Publisher::new().await;
    let ada = author("ada", "2026-01-03");
    let draft = async |bytes: Vec<u8>, id: &str, tlp| {
        let asked = DraftAsked { id: id.to_owned(), tlp, ..DraftAsked::default() };
        place.house.draft_document(&ada, &bytes, asked).await
    };
    for label in ["BLACK", "clear-ish", "TLP:RED!"] {
        assert_eq!(
            code(draft(written(label, "CVE-2026-0009"), "HAND-1", Tlp::Clear).await),
            "invalid-publication",
            "{label}"
        );
    }
    assert_eq!(code(draft(written("RED", "CVE-2026-0009"), "HAND-1", Tlp::Clear).await), "marked-stricter");
    // It speaks of what the office keeps to itself.
    place.advise("NCA-1", "2026-01-02", ("It pads too far", Tlp::Green, Classification::Internal)).await;
    assert_eq!(code(draft(written("", CVE), "HAND-1", Tlp::Clear).await), "marked-stricter");
    assert_eq!(code(draft(written("", CVE), "NCA-1", Tlp::Clear).await), "marked-stricter");
    // What was amber once has a history that is amber.
    let amber = draft(written("", "CVE-2026-0009"), "HAND-2", Tlp::Amber).await.expect("drafted");
    place.approve(&author("ben", "2026-01-04"), "HAND-2", &amber.digest).await.expect("approved");
    assert_eq!(code(draft(written("", "CVE-2026-0009"), "HAND-2", Tlp::Clear).await), "marked-stricter");
    draft(written("", "CVE-2026-0009"), "HAND-3", Tlp::Clear).await.expect("another name has no history");
}

#[tokio::test]
async fn every_address_is_of_one_thing() {
    let place = Publisher::new().await;
    place.advise("NCA-1", "2026-01-02", OPEN).await;
    place.publish("NCA-1", "NCA-1", "2026-01-03").await;
    let alone = place.site().await["publications/osv/NCA-1.json"].clone();
    place.advise("NCA-1", "2026-01-04", ("It pads much too far", Tlp::Clear, Classification::Internal)).await;
    place.publish("NCA-1", "NCA-1-DE", "2026-01-05").await;
    let site = place.house.site().await.expect("a site").expect("served");
    let file = &site.files["publications/osv/NCA-1.json"];
    let record: Value = serde_json::from_slice(&file.bytes).expect("JSON");
    assert_eq!(
        (&record["id"], &record["summary"]),
        (&json!("NCA-1"), &json!("It pads much too far")),
        "the newest words"
    );
    assert_ne!(alone.0, file.digest);
    let mut seen = Vec::new();
    for row in &site.rows {
        for (_, path, digest) in &row.files {
            assert_eq!(&site.files[path.trim_start_matches('/')].digest, digest, "{} {path}", row.name);
            seen.push(path.clone());
        }
    }
    assert_eq!(seen.iter().filter(|path| path.ends_with("/NCA-1.json")).count(), 2, "{seen:?}");
    let list: Value = serde_json::from_slice(&site.files["publications/osv/index.json"].bytes).expect("JSON");
    assert_eq!(list["entries"].as_array().map(Vec::len), Some(1), "{list}");
    assert_eq!(list["entries"][0]["sha256"], file.digest);
    // The name of a list is nobody's.
    place.advise("index", "2026-01-06", OPEN).await;
    place.publish("index", "index", "2026-01-07").await;
    let site = place.house.site().await.expect("a site").expect("served");
    let list: Value = serde_json::from_slice(&site.files["publications/osv/index.json"].bytes).expect("JSON");
    assert_eq!(list["entries"].as_array().map(Vec::len), Some(2), "{list}");
    let urls: Vec<&str> =
        list["entries"].as_array().into_iter().flatten().filter_map(|one| one["url"].as_str()).collect();
    for url in urls {
        let path = url.trim_start_matches("https://cert.example.gov/");
        assert!(site.files.contains_key(path) && !path.ends_with("/index.json"), "{url}");
        let digest = String::from_utf8_lossy(&site.files[&format!("{path}.sha256")].bytes).into_owned();
        assert!(digest.ends_with(&format!("  {}\n", path.rsplit('/').next().unwrap_or_default())), "{digest}");
    }
}
