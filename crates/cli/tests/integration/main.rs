// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The real binary, from the outside: bad input, full disks, several processes, power cuts, backups, the web house. One binary for all.

mod accepting;
mod assessing;
mod bad_archives;
mod bad_documents;
mod building;
mod cataloguing;
mod cataloguing_forge;
mod checking;
mod checking_many;
mod checking_received;
mod ci_scripts;
#[cfg(feature = "cluster")]
mod clustering;
mod contact;
mod csv;
mod deciding;
mod disk;
mod documents;
mod drills;
mod hostile_advisories;
mod house;
mod intake;
mod keeping;
mod kills;
mod labelled;
mod large;
mod mail_alone;
mod messages;
mod migration;
mod own_advisories;
mod people;
mod people_token;
mod postgres;
mod processes;
mod products;
mod proving;
mod publishing;
mod publishing_rules;
mod replying;
mod reporting;
mod ruling;
mod scaling;
mod servers;
mod serving;
mod serving_kills;
mod sources;
mod sources_cut;
mod starting;
mod stranger_calls;
mod strangers;
mod supporting;
mod supporting_money;
mod supporting_outcomes;
mod supporting_rules;
mod supporting_signals;
mod told;
mod triage;
mod upstream;
mod verifying;
mod waiving;
mod watching;
