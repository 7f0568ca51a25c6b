// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The interface for programs: `/api/office/v1`.
//!
//! Every endpoint stands in one list ([`ENDPOINTS`]) with who may ask, what it takes and what it gives. Router, OpenAPI document,
//! page of the manual and the tests of rights are made from it.

mod account;
mod again;
mod call;
mod clocks;
mod commitments;
mod compass;
mod contracts;
mod decisions;
mod disclosures;
mod documents;
pub mod door;
pub mod endpoint;
mod engagements;
mod findings;
mod funding;
mod incident_acts;
mod incidents;
mod inventory;
mod knowledge;
mod law;
mod law_requests;
pub mod manual;
mod mappings;
mod naming;
mod office;
pub mod openapi;
mod people;
pub mod problem;
mod projects;
mod publications;
mod registry;
mod registry_import;
mod registry_write;
pub(crate) mod reply;
mod repositories;
mod rounds;
mod rules;
mod service;
mod tasks;
mod triage;
mod upstream;
mod waivers;
mod walk;

use std::sync::LazyLock;

use self::endpoint::Endpoint;

/// Where the interface begins.
pub const BASE: &str = "/api/office/v1";

/// All endpoints.
pub static ENDPOINTS: LazyLock<Vec<Endpoint>> = LazyLock::new(|| {
    let parts = [
        service::endpoints(),
        inventory::endpoints(),
        projects::endpoints(),
        publications::endpoints(),
        commitments::endpoints(),
        funding::endpoints(),
        engagements::endpoints(),
        disclosures::endpoints(),
        upstream::endpoints(),
        repositories::endpoints(),
        rules::endpoints(),
        naming::endpoints(),
        registry::endpoints(),
        registry_write::endpoints(),
        registry_import::endpoints(),
        mappings::endpoints(),
        documents::endpoints(),
        contracts::endpoints(),
        waivers::endpoints(),
        findings::endpoints(),
        decisions::endpoints(),
        triage::endpoints(),
        incidents::endpoints(),
        incident_acts::endpoints(),
        clocks::endpoints(),
        law::endpoints(),
        law_requests::endpoints(),
        tasks::endpoints(),
        rounds::endpoints(),
        knowledge::endpoints(),
        office::endpoints(),
        compass::endpoints(),
        people::endpoints(),
        account::endpoints(),
    ];
    parts.into_iter().flatten().collect()
});
