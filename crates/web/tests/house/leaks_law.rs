// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is secret of a system under contracts and the law: a contract with a delivery, a waiver and a remark, an incident with a reporting
//! clock, a role. Requests of authorities are of an agency or of the office, never in a compartment: who leads or audits there sees them.

use axum::http::StatusCode;
use underpin_model::contracts::{ContractChange, ContractTerms};
use underpin_model::incidents::{Scope, ScopeQuery};
use underpin_model::registry::Classification;
use underpin_model::waivers::WaiverChange;
use underpin_model::watch::{Place, Tlp};
use underpin_model::{DocumentId, Timestamp, Viewer};
use underpin_office::coordinator::Author;
use underpin_office::incidents::NewIncident;
use underpin_office::people::{Grant, Reach, Role};
use underpin_office::regulator::{WaiverWish, shipped};

use crate::leaks::{SYSTEM, WORD, by};
use crate::support::{Web, now};

/// The clock that runs in secret.
pub const CLOCK: &str = "nis2-significant-incident";

/// Puts it in: the numbers of the contract and of the incident.
pub async fn under_the_law(web: &Web, insider: &str, document: DocumentId) -> [String; 2] {
    let house = web.house();
    let later = Timestamp(now().0 + 300 * Timestamp::DAY_US);
    let terms = ContractTerms {
        reference: format!("{WORD}-114"),
        supplier: format!("{WORD} suppliers"),
        product: WORD.to_owned(),
        system: SYSTEM.into(),
        rulebook: "ntia-2021".to_owned(),
        ends: later,
    };
    let contract = house.open_contract(&by("ada"), terms).await.expect("written down");
    for what in [
        ContractChange::Deliver { document },
        ContractChange::Waive { rule: "supplier".to_owned(), reason: WORD.to_owned(), until: later },
        ContractChange::Note { text: WORD.to_owned() },
    ] {
        house.change_contract(&by("ada"), contract, what).await.expect("noted");
    }
    let new = NewIncident {
        title: format!("The {WORD} incident"),
        scope: Scope { query: ScopeQuery::Package(format!("{WORD}-core")), from: None, until: None },
        place: Place::System(SYSTEM.into()),
        tlp: Tlp::Amber,
        classification: Classification::Internal,
        drill_of: None,
        target: None,
    };
    // Whoever opens it sees this system alone, so no other one has a task by which somebody else would be told of it.
    let viewer = Viewer::Member {
        grants: vec![Grant { role: Role::Officer, reach: Reach::System(SYSTEM.into()) }],
        clearance: Classification::Secret,
        compartments: vec!["lantern".to_owned()],
    };
    let incident = house.open_incident(&Author { viewer, ..by("ada") }, new).await.expect("opened");
    let token = web.form_token(insider).await;
    let confirmed = format!("act=confirm&role={CLOCK}+essential-entity&binds=yes&aware=2026-02-20T10:00&note={WORD}");
    let answered = format!("system={SYSTEM}&law=cra&fact=own-use-only&holds=yes&source={WORD}");
    for (path, form) in [(format!("/incidents/{incident}/clocks"), confirmed), ("/law/role".to_owned(), answered)] {
        let told = web.post(&path, &format!("form_token={token}&{form}"), insider).await;
        assert_eq!(told.status, StatusCode::SEE_OTHER, "{path}: {}", told.body);
    }
    [contract.to_string(), incident.to_string()]
}

/// A waiver of a rule for the system, granted.
pub async fn waived(web: &Web) -> String {
    let house = web.house();
    let wish = WaiverWish {
        rule: "responsible".to_owned(),
        about: SYSTEM.to_owned(),
        agency: None,
        from: None,
        until: Timestamp(now().0 + 20 * Timestamp::DAY_US),
        reason: WORD.to_owned(),
        compensation: format!("a wall around {WORD}"),
        classification: Classification::Internal,
    };
    let book = shipped("nis2-article-21").expect("a shipped book");
    let id = house.propose_waiver(&by("ada"), &book, wish).await.expect("asked for");
    let grant = WaiverChange::Grant { note: WORD.to_owned() };
    house.change_waiver(&by("bert"), id, grant).await.expect("granted");
    id.to_string()
}
