// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Settings as `underpin config` shows them: name, value and origin. No secret and no place of one is among them.

use underpin_model::Limits;
use underpin_office::DeadlineRules;
use underpin_office::intake::SignatureRules;
use underpin_office::publish::PublishSettings;
use underpin_office::regulator::AcceptanceRules;
use underpin_office::role_model::open_data::OpenDataRules;

use crate::configuration::Origin;

/// What everybody is told of what is used.
pub fn open_data(rules: &OpenDataRules) -> Vec<(String, String, Origin)> {
    let default = OpenDataRules::default();
    let shown = [
        ("open_data.publish", rules.publish.to_string(), rules.publish != default.publish),
        ("open_data.every_months", rules.every_months.to_string(), rules.every_months != default.every_months),
        ("open_data.delay_days", rules.delay_days.to_string(), rules.delay_days != default.delay_days),
        ("open_data.licence", rules.licence.clone(), rules.licence != default.licence),
        ("open_data.withheld", rules.withheld.join(", "), !rules.withheld.is_empty()),
    ];
    let origin = |is_set: bool| if is_set { Origin::File } else { Origin::Default };
    shown.into_iter().map(|(name, value, is_set)| (name.to_owned(), value, origin(is_set))).collect()
}

/// Who publishes. Where the key is stays unsaid.
pub fn publish(publish: &PublishSettings) -> Vec<(String, String, Origin)> {
    let default = PublishSettings::default();
    let security = publish.security_txt.as_ref().map(|one| one.contact.join(", ")).unwrap_or_default();
    let shown = [
        ("publish.serve", publish.serve.to_string(), default.serve.to_string()),
        ("publish.address", publish.address.clone(), default.address),
        ("publish.name", publish.name.clone(), default.name),
        ("publish.namespace", publish.namespace.clone(), default.namespace),
        ("publish.category", publish.category.clone(), default.category),
        ("publish.licence", publish.licence.clone(), default.licence),
        ("publish.security_txt", security, String::new()),
    ];
    let origin = |is_default: bool| if is_default { Origin::Default } else { Origin::File };
    shown.into_iter().map(|(name, value, default)| (name.to_owned(), value.clone(), origin(value == default))).collect()
}

/// Rulebooks that are held against what comes in.
pub fn acceptance(rules: &AcceptanceRules) -> (String, String, Origin) {
    let origin = if *rules == AcceptanceRules::default() { Origin::Default } else { Origin::File };
    ("acceptance.rulebooks".to_owned(), rules.rulebooks.join(", "), origin)
}

/// Whose signatures count.
pub fn signatures(rules: &SignatureRules) -> Vec<(String, String, Origin)> {
    let files = rules.trust.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    let signers = rules.signers.iter().map(|one| one.identity.as_str()).collect::<Vec<_>>().join(", ");
    let shown = [
        ("signatures.trust", files, !rules.trust.is_empty()),
        ("signatures.signers", signers, !rules.signers.is_empty()),
        ("signatures.quarantine", rules.quarantine.to_string(), rules.quarantine),
    ];
    let origin = |is_set: bool| if is_set { Origin::File } else { Origin::Default };
    shown.into_iter().map(|(name, value, is_set)| (name.to_owned(), value, origin(is_set))).collect()
}

/// Rules in their order: the first that fits counts.
pub fn deadlines(rules: &DeadlineRules) -> String {
    rules.0.iter().map(|rule| format!("{}: {} days", rule.name, rule.days)).collect::<Vec<_>>().join("; ")
}

/// Every limit, with its origin.
pub fn limits(limits: &Limits) -> Vec<(String, String, Origin)> {
    let now = serde_json::to_value(limits).unwrap_or_default();
    Limits::manual()
        .into_iter()
        .map(|(name, default, _)| {
            let value = now.get(name).map(ToString::to_string).unwrap_or_default();
            let origin = if value == default { Origin::Default } else { Origin::File };
            (format!("limits.{name}"), value, origin)
        })
        .collect()
}
