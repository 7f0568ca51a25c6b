// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Severities and decision points in a CVE record: CVSS of every version, and CISA's SSVC.

use serde::de::MapAccess;
use underpin_model::inventory::Text;
use underpin_model::watch::Severity;
use underpin_model::watch::cve::{Exploitation, Ssvc};

use super::loose::Loose;
use super::wire::{Part, Value};

/// One metric.
#[derive(Default)]
pub(super) struct Metric<'a> {
    pub(super) severities: Vec<Severity<'a>>,
    pub(super) ssvc: Option<Ssvc>,
}

impl<'de> Part<'de> for Metric<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, value: Value<'_, '_, A>) -> Result<(), A::Error> {
        let system = match key {
            "cvssV2_0" => "CVSS_V2",
            "cvssV3_0" | "cvssV3_1" => "CVSS_V3",
            "cvssV4_0" => "CVSS_V4",
            "other" => {
                self.ssvc = ssvc(value.loose()?);
                return Ok(());
            }
            _ => return value.skip(),
        };
        let vector = value.loose()?.into_entry("vectorString");
        if !vector.is_empty() {
            self.severities.push(Severity {
                system: Text::Borrowed(system),
                value: vector,
                source: Text::Borrowed(""),
            });
        }
        Ok(())
    }
}

/// `{ "type": "ssvc", "content": { "timestamp": …, "options": [ { "Exploitation": "none" }, … ] } }`.
fn ssvc(other: Loose<'_>) -> Option<Ssvc> {
    let mut is_ssvc = false;
    let mut ssvc = Ssvc::default();
    for (key, value) in other.into_entries() {
        match key.as_ref() {
            "type" => is_ssvc = value.into_text().eq_ignore_ascii_case("ssvc"),
            "content" => {
                for (key, value) in value.into_entries() {
                    match key.as_ref() {
                        "timestamp" => ssvc.judged = value.into_text().parse().ok(),
                        "options" => value.into_items().into_iter().for_each(|option| choose(&mut ssvc, option)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    is_ssvc.then_some(ssvc)
}

fn choose(ssvc: &mut Ssvc, option: Loose<'_>) {
    for (point, value) in option.into_entries() {
        let value = value.into_text().to_ascii_lowercase();
        match (point.to_ascii_lowercase().as_str(), value.as_str()) {
            ("exploitation", "none") => ssvc.exploitation = Exploitation::None,
            ("exploitation", "poc" | "public poc") => ssvc.exploitation = Exploitation::Poc,
            ("exploitation", "active") => ssvc.exploitation = Exploitation::Active,
            ("automatable", "yes") => ssvc.automatable = Some(true),
            ("automatable", "no") => ssvc.automatable = Some(false),
            ("technical impact", "total") => ssvc.total_impact = Some(true),
            ("technical impact", "partial") => ssvc.total_impact = Some(false),
            _ => {}
        }
    }
}
