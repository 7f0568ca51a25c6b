// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is secret of a system under contracts and the law: a contract with a delivery, a waiver and a remark, and a role. Incidents with
//! their clocks and requests of authorities are of an agency or of the government, never in a compartment: who is cleared there sees them.

use axum::http::StatusCode;
use underpin_model::contracts::{ContractChange, ContractTerms};
use underpin_model::{DocumentId, Timestamp};

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
