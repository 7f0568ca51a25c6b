// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The catalogue through the office: real clones, what everybody reads of them, and twins that differ in nothing but what is not public.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use underpin_ledger::Location;
use underpin_model::catalogue::{Exemption, PutAside, Visibility};
use underpin_model::registry::AgencyId;
use underpin_office::role_model::RepositoryChange;
use underpin_office::role_model::catalogue::CatalogueQuery;
use underpin_office::role_model::catalogue_export::CatalogueFormat;
use underpin_office::role_model::crawl::{CloneOf, CrawlAnswer};
use underpin_office::{House, Settings};
use underpin_testkit::postgres::psql;

use crate::documents::{Place, author, day};
use crate::registry_races::schema;

const UPSTREAM: &str = "https://git.other.example/city/forms";
const FORMS: &str = "git.gov.example/tax/forms";

fn git(folder: &Path, arguments: &[&str], at: &str) -> bool {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for who in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{who}_NAME"), "somebody")
            .env(format!("GIT_{who}_EMAIL"), "somebody@x.example")
            .env(format!("GIT_{who}_DATE"), at);
    }
    command.output().is_ok_and(|done| done.status.success())
}

/// A clone whose file says that it lies at `url`, made from `origin` where that is not empty; `None` without git.
fn clone(folder: &Path, name: &str, (url, origin): (&str, &str)) -> Option<PathBuf> {
    let path = folder.join(name);
    std::fs::create_dir_all(&path).expect("a folder");
    let text = format!("publiccodeYmlVersion: '0.7'\nname: {name}\nurl: {url}\ndevelopmentStatus: stable\n");
    std::fs::write(path.join("publiccode.yml"), text).expect("a file");
    let at = "2026-01-01T00:00:00Z";
    let message = format!("begin {name}");
    let mut steps: Vec<Vec<&str>> = vec![
        vec!["init", "--quiet", "--initial-branch=main"],
        vec!["add", "--all"],
        vec!["commit", "--quiet", "--message", &message],
    ];
    if !origin.is_empty() {
        steps.push(vec!["remote", "add", "origin", origin]);
    }
    let is_made = steps.iter().all(|step| git(&path, step, at));
    if !is_made {
        underpin_testkit::skip("git");
    }
    is_made.then_some(path)
}

fn of(path: &Path) -> CloneOf {
    CloneOf { path: path.to_owned(), agency: "tax".into(), visibility: None, address: None }
}

async fn crawl(house: &House, clones: &[CloneOf]) -> CrawlAnswer {
    house.crawl(&author("ada", "2026-02-01"), clones).await.expect("a look")
}

/// Addresses with names, as the operator sees them.
async fn all(house: &House) -> Vec<String> {
    let desk = house.desk(underpin_model::Viewer::Operator, day("2026-03-01")).await.expect("a desk");
    let rows = house.catalogue(&desk, &CatalogueQuery::default()).await.expect("the catalogue").rows;
    rows.into_iter().map(|row| format!("{} {}", row.address, row.name)).collect()
}

fn codes(found: &CrawlAnswer) -> Vec<&str> {
    found.rows.iter().map(|row| row.code).collect()
}

#[tokio::test]
async fn a_fork_that_keeps_the_file_of_its_upstream_lies_where_it_was_cloned_from() {
    let place = Place::new().await;
    let folder = place.folder.path().join("clones");
    let Some(fork) = clone(&folder, "fork", (UPSTREAM, "git@git.gov.example:tax/forms.git")) else { return };
    let upstream = clone(&folder, "upstream", (UPSTREAM, UPSTREAM)).expect("a clone");
    let found = crawl(&place.house, &[of(&folder)]).await;
    assert_eq!((found.taken.found, codes(&found)), (2, vec![]));
    let both = [format!("{FORMS} fork"), "git.other.example/city/forms upstream".to_owned()];
    assert_eq!(all(&place.house).await, both);
    // A copy that does not say where it came from takes nobody's place.
    let copy = clone(&folder, "copy", (UPSTREAM, "/srv/copies/forms")).expect("a clone");
    let found = crawl(&place.house, &[of(&copy)]).await;
    assert_eq!((found.taken.found, codes(&found)), (0, vec!["other-origin"]));
    assert!(found.rows[0].message.contains("--address") && found.rows[0].path.ends_with("copy"), "{:?}", found.rows);
    assert_eq!(all(&place.house).await, both);
    let said = CloneOf { address: Some("https://git.gov.example/tax/copy".to_owned()), ..of(&copy) };
    assert_eq!(crawl(&place.house, &[said]).await.taken.new, 1);
    assert_eq!(all(&place.house).await.len(), 3);
    let again = crawl(&place.house, &[of(&upstream), of(&fork), of(&folder.join("fork"))]).await;
    assert_eq!(
        (again.taken.found, again.taken.changed, codes(&again)),
        (2, 0, vec![]),
        "named twice is looked at once"
    );
}

#[tokio::test]
async fn of_two_clones_that_claim_one_address_none_is_taken_and_the_others_are() {
    let place = Place::new().await;
    let folder = place.folder.path().join("clones");
    let Some(one) = clone(&folder, "one", (UPSTREAM, "")) else { return };
    let other = clone(&folder, "other", (UPSTREAM, "")).expect("a clone");
    clone(&folder, "good", ("https://git.gov.example/tax/good", "")).expect("a clone");
    let found = crawl(&place.house, &[of(&folder)]).await;
    assert_eq!((found.taken.found, codes(&found)), (1, vec!["same-address", "same-address"]));
    let (one, other) = (one.display().to_string(), other.display().to_string());
    for (row, rest) in found.rows.iter().zip([&other, &one]) {
        assert!(row.message.contains(rest.as_str()) && row.message.contains("--address"), "{row:?}");
    }
    assert_eq!([&found.rows[0].path, &found.rows[1].path], [&one, &other]);
    assert_eq!(all(&place.house).await, ["git.gov.example/tax/good good"]);
    // Each alone only says so, and their histories begin elsewhere: who was first stays.
    assert_eq!(crawl(&place.house, &[of(Path::new(&one))]).await.taken.new, 1);
    let second = crawl(&place.house, &[of(Path::new(&other))]).await;
    assert_eq!((second.taken.found, codes(&second)), (0, vec!["other-history"]));
    let bad = CloneOf { address: Some("nowhere".to_owned()), ..of(Path::new(&other)) };
    assert_eq!(codes(&crawl(&place.house, &[bad]).await), ["no-address"]);
}

/// A house that publishes its catalogue, with one public repository and one that is not.
async fn publishing(ledger: Option<Location>) -> Option<(Place, House)> {
    let place = Place::with_ledger(ledger).await;
    let organisations = vec!["git.gov.example".to_owned()];
    let settings = Settings { publishes_catalogue: true, organisations, ..place.settings.clone() };
    let house = House::open(settings).await.expect("opens");
    let folder = place.folder.path().join("clones");
    let forms = clone(&folder, "forms", ("", &format!("https://{FORMS}")))?;
    let inner = clone(&folder, "inner", ("", "https://git.gov.example/tax/inner"))?;
    let public = CloneOf { visibility: Some(Visibility::Public), ..of(&forms) };
    assert_eq!(crawl(&house, &[public, of(&inner)]).await.taken.new, 2);
    Some((place, house))
}

/// Everything that somebody without an account can be given, as text.
async fn told(house: &House) -> Vec<String> {
    let found = house.public_catalogue(day("2026-03-01")).await.expect("answers").expect("it is published");
    let list = found.list(&CatalogueQuery::default());
    let mut all = vec![format!("{list:?}"), format!("{:?}", found.repository(FORMS))];
    for format in CatalogueFormat::ALL {
        all.push(format!("{:?} {:?}", found.export(format), found.file(FORMS, format)));
    }
    all
}

/// What an agency does that is nobody else's business.
async fn private_work(place: &Place, house: &House) {
    let at = |text: &str| author("mira", text);
    let change = async |moment: &str, name: &str, wanted| {
        house
            .change_repository(&at(moment), (&format!("git.gov.example/tax/{name}"), None), wanted)
            .await
            .expect("changed");
    };
    change("2026-02-02", "forms", RepositoryChange::Link("portal".into())).await;
    let aside = PutAside { address: "git.x.example/a/b".to_owned(), reason: "another thing".to_owned() };
    change("2026-02-03", "forms", RepositoryChange::PutAside(aside)).await;
    change("2026-02-04", "inner", RepositoryChange::PublishScorecard(true)).await;
    let exemption = Exemption {
        title: "Rules".to_owned(),
        law: "Law".to_owned(),
        text: "Why".to_owned(),
        review: day("2026-02-20"),
        ..Exemption::default()
    };
    house.note_exemption(&at("2026-02-05"), &AgencyId("tax".to_owned()), "rules", exemption).await.expect("noted");
    // Another day, another look, the same files: only when somebody looked is another.
    let folder = place.folder.path().join("clones");
    let again = house.crawl(&at("2026-02-06"), &[of(&folder)]).await.expect("a look");
    assert_eq!((again.taken.found, again.rows.len()), (2, 0));
}

/// Twins: the one rests, the other one's agency works at what is not public.
async fn twins(ledger: Option<Location>) {
    let Some((_place, resting)) = publishing(None).await else { return };
    let Some((place, busy)) = publishing(ledger).await else { return };
    let before = told(&resting).await;
    assert_eq!(told(&busy).await, before);
    let kept = busy.public_catalogue(day("2026-03-01")).await.expect("answers").expect("it is published");
    private_work(&place, &busy).await;
    assert_eq!(told(&busy).await, before, "neither bytes nor moment");
    let after = busy.public_catalogue(day("2026-03-01")).await.expect("answers").expect("it is published");
    assert!(Arc::ptr_eq(&kept, &after), "and nothing is made again");
    // Who opens the same house anew reads the same, too.
    let anew = House::open((*busy.settings).clone()).await.expect("opens");
    assert_eq!(told(&anew).await, before);
    for inside in ["inner", "portal", "mira", "another thing", "Rules", "rules"] {
        assert!(before.iter().all(|text| !text.contains(inside)), "{inside}");
    }
    let show = RepositoryChange::PublishScorecard(true);
    busy.change_repository(&author("mira", "2026-02-07"), (FORMS, None), show).await.expect("published");
    assert_ne!(told(&busy).await, before, "what is public moves it");
    for house in [resting, busy, anew] {
        house.close().await;
    }
    place.house.close().await;
}

#[tokio::test]
async fn twins_that_differ_in_what_is_not_public_tell_everybody_the_same() {
    twins(None).await;
    if let Some((schema, location)) = schema("twins") {
        twins(Some(location)).await;
        let url = std::env::var("UNDERPIN_TEST_POSTGRES").unwrap_or_default();
        assert!(psql(&url, &format!("DROP SCHEMA {schema} CASCADE")));
    }
}

#[tokio::test]
async fn many_who_come_first_are_given_one_answer_that_is_made_once() {
    let Some((_place, house)) = publishing(None).await else { return };
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let house = house.clone();
        asking.spawn(async move { house.public_catalogue(day("2026-03-01")).await });
    }
    let all: Vec<_> =
        asking.join_all().await.into_iter().map(|one| one.expect("answers").expect("it is published")).collect();
    assert!(all.iter().all(|one| Arc::ptr_eq(one, &all[0])));
    let (one, other) = (all[0].export(CatalogueFormat::CodeJson), all[1].export(CatalogueFormat::CodeJson));
    assert!(std::ptr::eq(one, other), "a file is made once");
    let closed =
        House::open(Settings { publishes_catalogue: false, ..(*house.settings).clone() }).await.expect("opens");
    assert!(closed.public_catalogue(day("2026-03-01")).await.expect("answers").is_none());
}
