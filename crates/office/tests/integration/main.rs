// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The behaviour of the office through its public face.

mod buckets;
mod catalogue;
mod contact;
mod dependency_assessment;
mod documents;
mod incidents;
mod law;
mod law_dates;
mod lost_answers;
mod naive;
mod numbers;
mod open_data;
mod projects;
mod publication_keys;
mod publications;
mod purge;
mod questions;
mod registry;
mod registry_plans;
mod registry_races;
mod rounds;
mod signed;
mod simulation;
mod steward;
mod watch;
mod watch_bundle;
mod watch_chance;
mod watch_chance_naive;
mod watch_exams;
mod watch_hostile;
mod watch_layers;
mod watch_more;
mod watch_network;
mod watch_partly;
mod watch_sql;
mod watch_statements;
