// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What each report has to hold, by the law: the skeleton that a draft text is filled into. No text is written here.

use underpin_model::clocks::{Clock, ReportStep};
use underpin_model::law_routing::ReportField;

/// A field of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldRule {
    /// What it holds.
    pub field: ReportField,
    /// Whether the law asks for it only where it applies or is available.
    pub where_available: bool,
    /// The key of the text that asks for it.
    pub law: &'static str,
}

macro_rules! fields {
    ($law:literal: $($field:ident $must:literal),* $(,)?) => {
        &[$(FieldRule { field: ReportField::$field, where_available: !$must, law: $law },)*]
    };
}

/// The fields of a step; empty where the law names none.
pub fn fields(clock: Clock, step: ReportStep) -> &'static [FieldRule] {
    match clock {
        Clock::CraExploitedVulnerability => of_vulnerability(step),
        Clock::CraSevereIncident => of_product_incident(step),
        Clock::Nis2SignificantIncident | Clock::Nis2TrustService => of_service_incident(step),
        Clock::KevDueDate => &[],
    }
}

fn of_vulnerability(step: ReportStep) -> &'static [FieldRule] {
    match step {
        ReportStep::EarlyWarning => fields!("cra-14-2-a": VulnerabilityName true, Product true, MemberStates false),
        ReportStep::Notification => fields!("cra-14-2-b": Product false, NatureOfExploit false,
            NatureOfVulnerability false, MeasuresTaken false, UserMeasures false, Sensitivity false),
        ReportStep::Final => fields!("cra-14-2-c": Description true, Severity true, Impact true, Actor false, Fix true),
        ReportStep::Intermediate => fields!("cra-14-6": StatusUpdate true),
        ReportStep::InformUsers => fields!("cra-14-8": VulnerabilityName true, UserMeasures false),
        ReportStep::Progress | ReportStep::Remediation => &[],
    }
}

fn of_product_incident(step: ReportStep) -> &'static [FieldRule] {
    match step {
        ReportStep::EarlyWarning => {
            fields!("cra-14-4-a": IncidentName true, Product true, Malicious true, MemberStates false)
        }
        ReportStep::Notification => fields!("cra-14-4-b": NatureOfIncident false, InitialAssessment true,
            MeasuresTaken false, UserMeasures false, Sensitivity false),
        ReportStep::Final => {
            fields!("cra-14-4-c": Description true, Severity true, Impact true, RootCause true, OngoingMeasures true)
        }
        ReportStep::Intermediate => fields!("cra-14-6": StatusUpdate true),
        ReportStep::InformUsers => fields!("cra-14-8": IncidentName true, UserMeasures false),
        ReportStep::Progress | ReportStep::Remediation => &[],
    }
}

fn of_service_incident(step: ReportStep) -> &'static [FieldRule] {
    match step {
        ReportStep::EarlyWarning => fields!("nis2-23-4-a": IncidentName true, Malicious false, CrossBorder false),
        ReportStep::Notification => {
            fields!("nis2-23-4-b": InitialAssessment true, Severity true, Impact true, Indicators false)
        }
        ReportStep::Intermediate => fields!("nis2-23-4-c": StatusUpdate true),
        ReportStep::Progress => fields!("nis2-23-4-e": StatusUpdate true),
        ReportStep::Final => fields!("nis2-23-4-d": Description true, Severity true, Impact true, RootCause true,
            OngoingMeasures true, CrossBorder false),
        ReportStep::InformUsers | ReportStep::Remediation => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clocks::rules::CLOCKS;

    #[test]
    fn every_report_of_every_clock_has_fields_and_a_text() {
        for rule in CLOCKS {
            for step in rule.steps {
                let own = fields(rule.clock, step.step);
                assert_eq!(own.is_empty(), step.step == ReportStep::Remediation, "{:?} {:?}", rule.clock, step.step);
                let mut seen: Vec<_> = own.iter().map(|field| field.field).collect();
                seen.sort_unstable();
                seen.dedup();
                assert_eq!(seen.len(), own.len(), "a field stands twice: {:?} {:?}", rule.clock, step.step);
                assert!(own.iter().all(|field| crate::law_sources::source(field.law).is_some()));
            }
        }
    }

    #[test]
    fn only_incidents_ask_for_malice_and_only_vulnerabilities_for_the_actor() {
        let asks = |clock, step, field| fields(clock, step).iter().any(|rule| rule.field == field);
        assert!(asks(Clock::CraSevereIncident, ReportStep::EarlyWarning, ReportField::Malicious));
        assert!(!asks(Clock::CraExploitedVulnerability, ReportStep::EarlyWarning, ReportField::Malicious));
        assert!(asks(Clock::CraExploitedVulnerability, ReportStep::Final, ReportField::Actor));
        assert!(!asks(Clock::CraSevereIncident, ReportStep::Final, ReportField::Actor));
    }
}
