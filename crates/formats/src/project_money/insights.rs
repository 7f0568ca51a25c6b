// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! SECURITY-INSIGHTS: what a project declares about itself, after versions 1 and 2 of its schema (OpenSSF).
//!
//! A field that is missing or of another kind is unknown, never "no". Contacts, core teams and administrators are people and are not
//! read at all.

use serde_json::Value as Json;
use underpin_model::project_money::{AddressUse, DeclaredAddress};
use underpin_model::signals::{DeclaredStatus, Ignorance, SignalCode, Value};

use super::addresses::{About, below_repository, below_shared_files, own_page, parts};
use super::word;

/// Where each declaration stands, in version 2 and in version 1, of which projects write some names without the plural.
const PLACES: &[(SignalCode, &[&str])] = &[
    (SignalCode::InsightsStatus, &["/repository/status", "/project-lifecycle/status"]),
    (
        SignalCode::InsightsChangeRequests,
        &[
            "/repository/accepts-change-request",
            "/contribution-policy/accepts-pull-requests",
            "/contribution-policy/accepts-pull-request",
        ],
    ),
    (
        SignalCode::InsightsAutomated,
        &[
            "/repository/accepts-automated-change-request",
            "/contribution-policy/accepts-automated-pull-requests",
            "/contribution-policy/accepts-automated-pull-request",
        ],
    ),
    (SignalCode::InsightsBugFixesOnly, &["/repository/bug-fixes-only", "/project-lifecycle/bug-fixes-only"]),
    (
        SignalCode::InsightsReports,
        &[
            "/project/vulnerability-reporting/reports-accepted",
            "/vulnerability-reporting/accepts-vulnerability-reports",
        ],
    ),
];
/// Where addresses stand.
const ADDRESSES: &[(AddressUse, &[&str])] = &[
    (
        AddressUse::SecurityPolicy,
        &[
            "/project/vulnerability-reporting/policy",
            "/project/vulnerability-reporting/security-policy",
            "/repository/documentation/security-policy",
            "/vulnerability-reporting/security-policy",
        ],
    ),
    (
        AddressUse::Contributing,
        &["/repository/documentation/contributing-guide", "/contribution-policy/contributing-policy"],
    ),
    (AddressUse::CodeOfConduct, &["/project/documentation/code-of-conduct", "/contribution-policy/code-of-conduct"]),
    (AddressUse::Governance, &["/repository/documentation/governance", "/project/documentation/governance"]),
    (AddressUse::Funding, &["/project/funding"]),
];

/// What a file declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// Consents and the status.
    pub values: Vec<(SignalCode, Result<Value, Ignorance>)>,
    /// Addresses of the project itself.
    pub addresses: Vec<DeclaredAddress>,
    /// How many addresses lead elsewhere and were not kept.
    pub withheld: usize,
}

/// Reads a file that is there, or says why nothing is known.
pub fn declared(text: Result<&str, Ignorance>, about: &About<'_>) -> Declared {
    let tree = text.and_then(|text| serde_saphyr::from_str::<Json>(text).map_err(|_| Ignorance::NotUnderstood));
    let declaration = |(code, places): &(SignalCode, &[&str])| {
        let value = tree.as_ref().map_err(|why| *why).and_then(|tree| {
            let found = places.iter().find_map(|place| tree.pointer(place)).ok_or(Ignorance::NotSaid)?;
            match found {
                Json::Bool(flag) => Ok(Value::Flag(*flag)),
                Json::String(word) if *code == SignalCode::InsightsStatus => {
                    word.parse::<DeclaredStatus>().map(Value::Word).map_err(|_| Ignorance::NotUnderstood)
                }
                _ => Err(Ignorance::NotUnderstood),
            }
        });
        (*code, value.and_then(|value| fitting(*code, value)))
    };
    let mut found = Declared { values: PLACES.iter().map(declaration).collect(), ..Declared::default() };
    let Ok(tree) = &tree else { return found };
    for (used_for, places) in ADDRESSES {
        let Some(text) = places.iter().find_map(|place| word(tree.pointer(place))) else { continue };
        let own = below_repository(text, about)
            .or_else(|| below_shared_files(text, about))
            .or_else(|| parts(text).and_then(|(host, path)| own_page(&host, &path, about, &[])));
        match own {
            Some(address) => found.addresses.push(DeclaredAddress { used_for: *used_for, address }),
            None => found.withheld += 1,
        }
    }
    found
}

/// A status is a word, everything else a flag.
fn fitting(code: SignalCode, value: Value) -> Result<Value, Ignorance> {
    let is_word = matches!(value, Value::Word(_));
    if is_word == (code == SignalCode::InsightsStatus) { Ok(value) } else { Err(Ignorance::NotUnderstood) }
}
