// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is secret of a system under contracts and the law: a contract with a delivery, a waiver and a remark, and a role. Incidents with
//! their clocks and requests of authorities are of an agency or of the government, never in a compartment: who is cleared there sees them.

use axum::http::StatusCode;
use underpin_model::contracts::{ContractChange, ContractTerms};
use underpin_model::registry::Classification;
use underpin_model::waivers::WaiverChange;
use underpin_model::{DocumentId, Timestamp};
use underpin_office::regulator::{WaiverWish, shipped};

use crate::leaks::{SYSTEM, WORD, by};
use crate::support::{Web, now};

/// Puts it in: the number of the contract.
pub async fn under_the_law(web: &Web, insider: &str, document: DocumentId) -> String {
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
    let token = web.form_token(insider).await;
    let answered = format!("form_token={token}&system={SYSTEM}&law=cra&fact=own-use-only&holds=yes&source={WORD}");
    let told = web.post("/law/role", &answered, insider).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.body);
    contract.to_string()
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
