// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a table of keys cannot say about publiccode.yml: its version, who looks after the software, sections of countries.

use underpin_model::practices::{FaultCode, Inspection};

use super::lists;
use super::schema::DOCUMENT;
use crate::declarations::Source;
use crate::declarations::walk::Walk;
use crate::declarations::yaml::{Kind, Node};

/// Holds a whole document against the standard.
pub(super) fn document(source: &Source<'_>, node: &Node<'_>, found: &mut Inspection) {
    let mut walk = Walk { source, found, is_typed: false };
    if !version(&mut walk, node) {
        return;
    }
    walk.map(node, DOCUMENT, "");
    maintenance(&mut walk, node);
    if let (Some(_), Some(small)) = (node.entry("IT"), node.entry("it")) {
        walk.fault(FaultCode::Twice, small.at, "it");
    }
    if let Some(small) = node.entry("it") {
        walk.warn(FaultCode::SmallLetters, small.at, "it");
    }
}

/// Whether the version lets the rest be judged. A number is none: 0.10 and 0.1 would be the same.
fn version(walk: &mut Walk<'_>, node: &Node<'_>) -> bool {
    const KEY: &str = "publiccodeYmlVersion";
    let Some(entry) = node.entry(KEY).filter(|entry| !entry.value.is_nothing()) else {
        walk.fault(FaultCode::Missing, node.at, KEY);
        return false;
    };
    let Kind::Scalar { text, is_plain } = &entry.value.kind else {
        walk.fault(FaultCode::WrongType, entry.at, KEY);
        return false;
    };
    let is_number = *is_plain && text.parse::<f64>().is_ok();
    if is_number || !lists::VERSIONS.contains(&text.as_ref()) {
        let code = if is_number { FaultCode::WrongType } else { FaultCode::UnsupportedVersion };
        walk.fault(code, entry.at, KEY);
        return false;
    }
    if text != "0" && !text.starts_with("0.7") {
        walk.warn(FaultCode::OldVersion, entry.at, KEY);
    }
    true
}

/// Contractors belong to a contract, contacts to who looks after it themselves.
fn maintenance(walk: &mut Walk<'_>, node: &Node<'_>) {
    let Some(entry) = node.entry("maintenance") else { return };
    let kind = entry.value.get("type").and_then(Node::text);
    let given = |key: &str| entry.value.entry(key).filter(|entry| !entry.value.is_nothing());
    let (contractors, contacts) = (given("contractors"), given("contacts"));
    match (kind, contractors, contacts) {
        (Some("contract"), None, _) => walk.fault(FaultCode::Missing, entry.at, "maintenance.contractors"),
        (Some("contract"), Some(_), _) => {}
        (_, Some(contractors), _) => {
            walk.fault(FaultCode::NotAllowedHere, contractors.at, "maintenance.contractors");
        }
        _ => {}
    }
    if matches!(kind, Some("internal" | "community")) && contacts.is_none() {
        walk.fault(FaultCode::Missing, entry.at, "maintenance.contacts");
    }
}
