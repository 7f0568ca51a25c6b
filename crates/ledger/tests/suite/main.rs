// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The behaviour of the ledger, on SQLite and on PostgreSQL alike (the latter when `UNDERPIN_TEST_POSTGRES` holds a
//! URL whose user may create schemas).

mod access;
mod accounts;
mod admission;
mod audit;
mod audit_catalogue;
mod authority_requests;
mod batches;
mod beside;
mod bindings;
mod carried;
mod clock_events;
mod commitments;
mod compass;
mod contracts;
mod conversations;
mod decisions;
mod disclosures;
mod drawn;
mod editions;
mod exemptions;
mod fixture;
mod formats;
mod incidents;
mod jobs;
mod law_roles;
mod leases;
mod linked;
mod maintenance;
mod measure;
mod naming;
mod opening;
mod oracle;
mod oracle_waivers;
mod oracle_watch;
mod own_advisories;
mod own_repositories;
mod planned;
mod processes;
mod public_repositories;
mod publication_basis;
mod publications;
mod purge;
mod refusals;
mod registry;
mod requests;
mod rounds;
mod rule_waivers;
mod second_factors;
mod segments;
mod self_assessments;
mod states;
mod tokens;
mod trail;
mod writers;
