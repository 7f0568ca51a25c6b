// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Things that belong to somebody else: a system with its agency, document, decision, advisory, incident and task; and the same
//! for a system that is kept in a compartment into which nobody of these tests is let.

use underpin_model::contracts::{ContractChange, ContractTerms};
use underpin_model::engagement::{
    Assistance, CarriedPatch, CarriedSource, Milestone, PatchForwarding, RequestKind, Topic,
};
use underpin_model::incidents::{self, ScopeQuery};
use underpin_model::law::AuthorityEvent;
use underpin_model::people::{Grant, Reach, Role};
use underpin_model::registry::Classification;
use underpin_model::rounds::RoundAsks;
use underpin_model::watch::{Place, Status, Tlp};
use underpin_model::{DocumentId, Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::coordinator::keys::system_key;
use underpin_office::incidents::{NewIncident, TasksQuery};
use underpin_office::messages::{Channel, Wish};
use underpin_office::people::{Scope, TokenWish};
use underpin_office::regulator::{WaiverWish, shipped};
use underpin_office::rounds::RoundWish;
use underpin_office::supporter::NewDisclosure;
use underpin_office::supporter::commitments::NewCommitment;
use underpin_office::supporter::contact::ContactWish;
use underpin_office::watch::decisions::Ruling;
use underpin_office::watch::own::Marking;

use crate::support::{Web, random};

/// A kind of thing that an address or a form can name. A new kind gets a line in [`Foreign::made`] and in [`Thing::missing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    Agency,
    System,
    Document,
    Decision,
    Advisory,
    Incident,
    Task,
    Token,
    Person,
    Round,
    /// A contract for a system of others.
    Contract,
    /// A waiver of a rule for a system of others.
    Waiver,
    /// What an authority asked of others.
    AuthorityRequest,
    Subscription,
    /// A promise to a project, which the office alone sees.
    Commitment,
    /// A conversation with a project about a wish of others.
    Conversation,
    /// That wish.
    Request,
    /// A case of a vulnerability that is not public, in a compartment of others.
    Disclosure,
    /// A system by the key under which programs know it.
    Project,
}

impl Thing {
    /// The name of one that is not there.
    pub fn missing(self) -> &'static str {
        match self {
            Self::Agency => "no-such-agency",
            Self::System => "no-such-system",
            Self::Document => "D987654",
            Self::Decision => "V987654",
            Self::Advisory => "NOSEA-0000-0000",
            Self::Person => "no-such-person",
            Self::Incident => "I987654",
            Self::Task => "T987654",
            Self::Waiver => "W987654",
            Self::Token | Self::Subscription | Self::AuthorityRequest => "987654",
            Self::Round => "R987654",
            Self::Contract => "S987654",
            Self::Commitment => "K987654",
            Self::Conversation => "E987654",
            Self::Request => "Q987654",
            Self::Disclosure => "C987654",
            Self::Project => "00000000-0000-8000-8000-000000000000",
        }
    }
}

/// Foreign things, each by kind and name.
#[derive(Debug)]
pub struct Foreign {
    pub things: Vec<(Thing, String)>,
}

/// The agency, and a system of it, that nobody of the treasury has anything to do with.
const AGENCY: &str = "health-institute";
const SYSTEM: &str = "lab-reporting";
/// A system of the treasury that is kept in a compartment.
const HIDDEN: &str = "grants-register";

fn author(at: Timestamp) -> Author {
    Author { actor: "tests".to_owned(), viewer: Viewer::Operator, at }
}

/// What an authority asked of the agency.
async fn request_of_an_authority(web: &Web, at: Timestamp) -> String {
    let asked = AuthorityEvent::Asked {
        authority: "Market surveillance".to_owned(),
        about: "for the tests alone".to_owned(),
        at,
        agency: Some(AGENCY.into()),
        reference: String::new(),
        due: None,
    };
    web.house().note_authority_request(&author(at), asked).await.expect("noted").to_string()
}

/// A promise to a project.
async fn commitment(web: &Web, at: Timestamp) -> String {
    let milestone = Milestone { title: "A report".to_owned(), due: at, payment_cents: 100, evidence: None };
    let new = NewCommitment {
        project: "github.com/apache/logging-log4j2".to_owned(),
        activity: "audit".to_owned(),
        from: at,
        until: at,
        milestones: vec![milestone],
        reason: "for the tests alone".to_owned(),
        shares: Vec::new(),
    };
    web.house().propose_commitment(&author(at), new).await.expect("proposed").to_string()
}

/// A wish of the other agency, and the conversation that it opens; a case in a compartment.
async fn conversation(web: &Web, at: Timestamp) -> [(Thing, String); 3] {
    let wish = ContactWish {
        project: "github.com/apache/logging-log4j2".to_owned(),
        kind: RequestKind::Offer,
        topic: Topic::Funding,
        text: "We would like to pay for an audit.".to_owned(),
        author_name: "Stella Berg".to_owned(),
        agency: AGENCY.into(),
        complaints: "respect@agency.example".to_owned(),
        assistance: Some(Assistance::NoMachine),
        ..ContactWish::default()
    };
    let facts = serde_json::json!({ "addresses": { "stated": "team@log4j.example" } });
    web.house().note_facts(&author(at), &wish.project, facts).await.expect("noted");
    let row = web.house().contact(&author(at), wish).await.expect("asked");
    let new = NewDisclosure {
        project: "github.com/apache/logging-log4j2".to_owned(),
        title: "a foreign case".to_owned(),
        compartment: "lantern".to_owned(),
    };
    let case = web.house().open_disclosure(&author(at), new).await.expect("opened").disclosure;
    let conversation = row.conversation.expect("a conversation");
    [(Thing::Request, row.request), (Thing::Conversation, conversation), (Thing::Disclosure, case)]
}

/// A patch that a system carries, which stands in a list and has no page; the system as a place.
async fn carry(web: &Web, at: Timestamp, system: &str) -> Place {
    let patch = CarriedPatch {
        name: "foreign.patch".to_owned(),
        is_carried: true,
        forwarding: PatchForwarding::No,
        ..CarriedPatch::default()
    };
    let place = Place::System(system.into());
    let of = (&place, "github.com/apache/logging-log4j2");
    let taken = web.house().take_patches(&author(at), of, CarriedSource::Folder, vec![patch]).await.expect("taken");
    assert_eq!(taken.new, 1);
    place
}

/// A document of a system, and the contract under which it was delivered.
async fn delivered(web: &Web, at: Timestamp, system: &str, document: DocumentId) -> [(Thing, String); 2] {
    let terms = ContractTerms {
        reference: "2026-114".to_owned(),
        supplier: "A foreign supplier".to_owned(),
        product: "Portal".to_owned(),
        system: system.into(),
        rulebook: "ntia-2021".to_owned(),
        ends: Timestamp(at.0 + 300 * Timestamp::DAY_US),
    };
    let id = web.house().open_contract(&author(at), terms).await.expect("written down");
    let delivered = ContractChange::Deliver { document };
    web.house().change_contract(&author(at), id, delivered).await.expect("delivered");
    [(Thing::Document, document.to_string()), (Thing::Contract, id.to_string())]
}

/// A waiver of a rule for a system.
async fn waived(web: &Web, at: Timestamp, system: &str) -> String {
    let wish = WaiverWish {
        rule: "responsible".to_owned(),
        about: system.to_owned(),
        agency: None,
        from: None,
        until: Timestamp(at.0 + 30 * Timestamp::DAY_US),
        reason: "for the tests alone".to_owned(),
        compensation: "for the tests alone".to_owned(),
        classification: Classification::Internal,
    };
    let book = shipped("nis2-article-21").expect("a shipped book");
    web.house().propose_waiver(&author(at), &book, wish).await.expect("asked for").to_string()
}

/// An advisory of the own office for the health institute alone.
async fn own_advisory(web: &Web, at: Timestamp) -> String {
    let record = serde_json::json!({
        "id": "NOSEA-2026-0009",
        "modified": "2026-01-01T00:00:00Z",
        "summary": "only for the health institute",
        "affected": [{
            "package": { "ecosystem": "Maven", "name": "org.apache.logging.log4j:log4j-core" },
            "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }] }],
        }],
    });
    let marking =
        Marking { tlp: Tlp::AmberStrict, audience: vec![AGENCY.into()], classification: Classification::Internal };
    web.house().publish_advisory(&author(at), &record.to_string(), marking).await.expect("published")
}

impl Foreign {
    /// Makes them: of another agency, or (`is_hidden`) about a system in a compartment of the own agency.
    pub async fn made(web: &Web, is_hidden: bool) -> Self {
        let house = web.house();
        let at = house.fixed_clock().await.expect("a ledger").expect("the demo's clock stands still");
        let system = if is_hidden { HIDDEN } else { SYSTEM };
        let mut things = vec![(Thing::System, system.to_owned()), (Thing::Project, system_key(&system.into()))];
        if !is_hidden {
            things.extend([(Thing::Agency, AGENCY.to_owned()), (Thing::Commitment, commitment(web, at).await)]);
            things.extend(conversation(web, at).await);
            things.push((Thing::AuthorityRequest, request_of_an_authority(web, at).await));
        }
        let desk = house.desk(Viewer::Operator, at).await.expect("a desk");
        let bound = desk.snapshot.bindings.iter().find(|binding| binding.system.0 == system).expect("a document");
        things.extend(delivered(web, at, system, bound.document).await);
        things.push((Thing::Waiver, waived(web, at, system).await));
        let place = carry(web, at, system).await;
        let watched = house.watch(&desk).await.expect("what is watched");
        let ruling = Ruling {
            place,
            status: Status::Affected,
            justification: None,
            reason: "for the tests alone".to_owned(),
            action: String::new(),
            agency: None,
            valid_from: at,
            review: None,
            expires: None,
            needs_approval: true,
        };
        let package = "pkg:maven/org.apache.logging.log4j/log4j-core";
        let decided = house.decide(&watched, &author(at), "CVE-2021-44228", package, &ruling).await.expect("decided");
        things.push((Thing::Decision, decided[0].to_string()));
        if !is_hidden {
            things.push((Thing::Advisory, own_advisory(web, at).await));
            let incident = NewIncident {
                title: "a foreign incident".to_owned(),
                scope: everywhere("log4j-core"),
                place: Place::Agency(AGENCY.into()),
                tlp: Tlp::AmberStrict,
                classification: Classification::Internal,
                drill_of: None,
                target: None,
            };
            let incident = house.open_incident(&author(at), incident).await.expect("opened");
            things.push((Thing::Incident, incident.to_string()));
            let desk = house.desk(Viewer::Operator, at).await.expect("a desk");
            let query = TasksQuery { incident: Some(incident), ..TasksQuery::default() };
            let tasks = house.tasks(&desk, None, &query).await.expect("tasks");
            things.push((Thing::Task, tasks.first().expect("a task").task.id.to_string()));
            things.extend(asked_of_others(web, at).await);
            let wish = TokenWish { name: "ci".to_owned(), scopes: vec![Scope::Read], reach: None, days: 9 };
            let (token, _) = house.make_token_for(&author(at), "stella", &wish, random()).await.expect("a token");
            things.push((Thing::Token, token.to_string()));
        }
        Self { things }
    }

    /// Keeps a system in a compartment.
    pub async fn hide(web: &Web) {
        let house = web.house();
        let at = house.fixed_clock().await.expect("a ledger").expect("the demo's clock stands still");
        let fields = vec![("compartments".to_owned(), vec!["radar".to_owned()])];
        house.edit_system(&author(at), HIDDEN, &fields, None).await.expect("hidden");
    }

    /// The names of one kind.
    pub fn of(&self, kind: Thing) -> impl Iterator<Item = &str> {
        self.things.iter().filter(move |(own, _)| *own == kind).map(|(_, name)| name.as_str())
    }
}

/// Somebody of the foreign agency, what they are told, and a round of collection there.
async fn asked_of_others(web: &Web, at: Timestamp) -> [(Thing, String); 3] {
    let house = web.house();
    web.person("stella", vec![Grant { role: Role::Reader, reach: Reach::Agency(AGENCY.into()) }]).await;
    let round = RoundWish {
        title: "a foreign round".to_owned(),
        text: String::new(),
        language: "en".to_owned(),
        asks: RoundAsks::All,
        place: Place::Agency(AGENCY.into()),
        due: Timestamp(at.0 + 30 * Timestamp::DAY_US),
        remind_days: 7,
    };
    let round = house.open_round(&author(at), round).await.expect("opened");
    let by = (&Viewer::Operator, "tests", at);
    let to = (Channel::Mail, "stella@agency.example");
    let subscribed = house.subscribe(by, "stella", to, &Wish::default(), [0; 32]).await.expect("subscribed");
    let person = (Thing::Person, "stella".to_owned());
    [person, (Thing::Round, round.to_string()), (Thing::Subscription, subscribed.0.to_string())]
}

/// Asks for a package at any time.
fn everywhere(package: &str) -> incidents::Scope {
    incidents::Scope { query: ScopeQuery::Package(package.to_owned()), from: None, until: None }
}
