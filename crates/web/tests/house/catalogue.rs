// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The catalogue on pages: what each reader may see, what everybody may see, and that the two never mix.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use underpin_model::Viewer;
use underpin_model::catalogue::Visibility;
use underpin_office::coordinator::Author;
use underpin_office::people::{Grant, Reach, Role};
use underpin_office::role_model::RepositoryChange;

use crate::support::Web;

const FORMS: &str = "/catalogue/repository?address=git.norvania.example/digital-service/forms";
const CALCULATOR: &str = "/catalogue/repository?address=git.norvania.example/tax/calculator";

fn of(role: Role, reach: Reach) -> Vec<Grant> {
    vec![Grant { role, reach }]
}

async fn open() -> Web {
    let arrange = |settings: &mut underpin_office::Settings| {
        settings.publishes_catalogue = true;
        settings.organisations = vec!["git.norvania.example".to_owned()];
    };
    Web::demo_arranged(arrange, |web| web).await
}

#[tokio::test]
async fn where_nothing_is_published_there_is_no_such_page_for_strangers() {
    let web = Web::demo().await;
    for path in ["/catalogue", FORMS, "/catalogue?as=code.json", "/catalogue?format=json"] {
        assert_eq!(web.get(path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let cookie = web.person("ana", of(Role::Analyst, Reach::Government)).await;
    assert_eq!(web.get("/catalogue", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn everybody_reads_what_is_public_and_nothing_beside_it() {
    let web = open().await;
    let list = web.get("/catalogue", "").await;
    for words in ["3 repositories of the government", "Forms", "Appointments", "Online forms of Aldermark"] {
        assert!(list.body.contains(words), "{words}: {}", list.body);
    }
    let forms = web.get(FORMS, "").await;
    assert!(
        forms.body.contains("3 standards ask for something that is not met") && forms.body.contains("REUSE"),
        "{}",
        forms.body
    );
    let quiet = web.get("/catalogue/repository?address=git.aldermark.example/it/online-forms", "").await;
    assert!(quiet.body.contains("has not published how it keeps practices"), "{}", quiet.body);
    let mut all = vec![list.body, forms.body.clone(), quiet.body];
    for path in [
        "/catalogue?format=json".to_owned(),
        "/catalogue?format=csv".to_owned(),
        "/catalogue?as=code.json".to_owned(),
        "/catalogue?as=publiccode".to_owned(),
        format!("{FORMS}&format=json"),
        format!("{FORMS}&format=csv"),
        format!("{FORMS}&as=publiccode"),
        format!("{FORMS}&as=codemeta"),
        format!("{FORMS}&as=citation"),
        "/catalogue?q=calculator".to_owned(),
    ] {
        let reply = web.get(&path, "").await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        all.push(reply.body);
    }
    // Systems, internal repositories, places of faults, look-alikes, logins, and why something is not public.
    for body in &all {
        for inside in [
            "forms-service",
            "appointment-polls",
            "tax/calculator",
            "lab-messages",
            "publiccode.yml:1:1",
            "made from the other",
            "mira.halden",
            "Parliament decides",
            "/systems/",
            "/exemptions",
        ] {
            assert!(!body.contains(inside), "{inside} in {body}");
        }
    }
    assert_eq!(web.get(CALCULATOR, "").await.status, StatusCode::NOT_FOUND, "an internal one");
    assert_eq!(web.get("/exemptions", "").await.status, StatusCode::SEE_OTHER);
}

/// What internal things are there and how they stand changes nothing of what everybody reads.
#[tokio::test]
async fn what_is_internal_changes_no_letter_of_what_is_public() {
    let web = open().await;
    let paths = ["/catalogue", "/catalogue?format=json", "/catalogue?as=code.json", FORMS];
    let mut before = Vec::new();
    for path in paths {
        before.push(web.get(path, "").await.body);
    }
    let house = web.house();
    let at = house.fixed_clock().await.expect("a ledger").expect("a clock");
    let author = Author { actor: "ada".to_owned(), viewer: Viewer::Operator, at };
    let change =
        |wanted| house.change_repository(&author, ("git.norvania.example/digital-service/forms", None), wanted);
    change(RepositoryChange::Link("payments-hub".into())).await.expect("linked");
    let calculator = ("git.norvania.example/tax/calculator", None);
    house.change_repository(&author, calculator, RepositoryChange::PublishScorecard(true)).await.expect("changed");
    let exemption = underpin_model::catalogue::Exemption {
        title: "More".to_owned(),
        law: "Law".to_owned(),
        text: "Why".to_owned(),
        review: at,
        ..Default::default()
    };
    house.note_exemption(&author, &"treasury".into(), "more", exemption).await.expect("noted");
    for (path, before) in paths.iter().zip(&before) {
        assert_eq!(&web.get(path, "").await.body, before, "{path}");
    }
    let show = RepositoryChange::Show(Visibility::Internal);
    change(show).await.expect("closed");
    assert_eq!(web.get(FORMS, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_public_page_is_kept_by_caches_and_tells_when_it_is_the_same() {
    let web = open().await;
    for path in ["/catalogue", FORMS, "/catalogue?format=json"] {
        let first = web.get(path, "").await;
        let tag = first.header("etag").to_owned();
        assert!(first.header("cache-control").starts_with("public"), "{path}");
        let request = Request::get(path).header(header::IF_NONE_MATCH, &tag).body(Body::empty()).expect("a request");
        let again = web.ask(request).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
    }
    let cookie = web.person("ana", of(Role::Analyst, Reach::Government)).await;
    assert_eq!(web.get("/catalogue", &cookie).await.header("cache-control"), "no-store", "what depends on who asks");
}

/// What everybody reads is made once, whoever asks, and again only when something of it is another.
#[tokio::test]
async fn what_everybody_reads_is_made_by_the_first_one_alone() {
    let web = open().await;
    let paths = ["/catalogue", "/catalogue?format=json", "/catalogue?as=code.json", FORMS];
    let list = format!("{FORMS}&as=publiccode");
    let paths: Vec<&str> = paths.into_iter().chain([list.as_str()]).collect();
    let all = || futures::future::join_all(paths.iter().flat_map(|path| (0..4).map(|_| web.get(path, ""))));
    assert!(all().await.iter().all(|reply| reply.status == StatusCode::OK));
    assert_eq!(web.shared().public_answers_made(), 5, "twenty readers at once");
    let house = web.house();
    let at = house.fixed_clock().await.expect("a ledger").expect("a clock");
    let author = Author { actor: "ada".to_owned(), viewer: Viewer::Operator, at };
    let forms = ("git.norvania.example/digital-service/forms", None);
    house.change_repository(&author, forms, RepositoryChange::Link("payments-hub".into())).await.expect("linked");
    all().await;
    assert_eq!(web.shared().public_answers_made(), 5, "what is not public is another");
    house.change_repository(&author, forms, RepositoryChange::PublishScorecard(false)).await.expect("closed");
    assert!(!web.get(FORMS, "").await.body.contains("something that is not met"));
    assert_eq!(web.shared().public_answers_made(), 6);
    assert_eq!(web.get("/catalogue/repository?address=x.example/none/here", "").await.status, StatusCode::NOT_FOUND);
    // Another language is another answer; nobody is given the page of who is signed in.
    let cookie = web.person("ana", of(Role::Analyst, Reach::Government)).await;
    assert!(web.get("/catalogue", &cookie).await.body.contains("Tax calculator"));
    assert!(!web.get("/catalogue", "").await.body.contains("Tax calculator"));
}

#[tokio::test]
async fn each_reader_sees_own_and_public_ones_with_the_systems_within_sight() {
    let web = open().await;
    let all = web.person("all", of(Role::Officer, Reach::Government)).await;
    let health = web.person("health", of(Role::Reader, Reach::Agency("health-institute".into()))).await;
    let door = web.person("door", of(Role::Administrator, Reach::Government)).await;
    let page = web.get("/catalogue", &all).await.body;
    for words in ["5 repositories of the government", "Tax calculator", "One says that it was made from the other."] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let own = web.get("/catalogue", &health).await.body;
    assert!(
        own.contains("4 repositories") && own.contains("Laboratory messages") && !own.contains("Tax calculator"),
        "{own}"
    );
    assert!(own.contains("Federal Digital Service"), "of what is public everybody knows whose it is: {own}");
    let none = web.get("/catalogue", &door).await.body;
    assert!(none.contains("No software of the government is in the catalogue yet"), "{none}");
    let whole = web.get(FORMS, &all).await.body;
    assert!(whole.contains("Forms Service") && whole.contains("publiccode.yml:1:1"), "{whole}");
    let theirs = web.get(FORMS, &health).await.body;
    assert!(
        theirs.contains("No system within your sight is known to run it") && !theirs.contains("Forms Service"),
        "{theirs}"
    );
    assert!(
        !theirs.contains("publiccode.yml:1:1") && theirs.contains("3 standards ask for something that is not met"),
        "no places: {theirs}"
    );
    let quiet = "/catalogue/repository?address=git.norvania.example/digital-service/appointments";
    assert!(web.get(quiet, &health).await.body.contains("has not published how it keeps practices"));
    assert!(web.get(quiet, &all).await.body.contains("1 standard asks for something that is not met"));
    assert_eq!(web.get(CALCULATOR, &health).await.status, StatusCode::NOT_FOUND);
    // The other direction of the same question.
    let system = web.get("/systems/forms-service", &all).await.body;
    assert!(
        system.contains("Own software of the government in it") && system.contains("the word of its agency"),
        "{system}"
    );
    assert!(!web.get("/systems/lab-reporting", &health).await.body.contains("Tax calculator"));
    let exemptions = web.get("/exemptions", &all).await.body;
    assert!(
        exemptions.contains("The review of 1 exemption is late") && exemptions.contains("within a month"),
        "{exemptions}"
    );
    let theirs = web.get("/exemptions", &health).await.body;
    assert!(theirs.contains("Laboratory messages") && !theirs.contains("Parliament decides"), "{theirs}");
}
