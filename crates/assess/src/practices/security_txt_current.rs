// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The security.txt has not expired. That it should expire within a year is only recommended, and is told.

use underpin_model::practices::{Fault, FaultCode, Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const SECURITY_TXT_CURRENT: Practice =
    Practice { id: "security-txt-current", pack: Pack::SecurityTxt, rule: "section 2.5.5", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.security_txt {
        None => Judgement::not_assessed(Obstacle::NoFile),
        Some(found) => {
            let is_unknown = |fault: &Fault| {
                fault.code == FaultCode::NoMoment || (fault.detail == "expires" && fault.code == FaultCode::Missing)
            };
            if found.faults.iter().any(is_unknown) {
                return Judgement::not_assessed(Obstacle::NotUnderstood);
            }
            let expired = found.faults.iter().filter(|fault| fault.code == FaultCode::Expired);
            let judged = Judgement::without(expired.cloned().collect());
            let late = found.warnings.iter().filter(|_| judged.places.is_empty()).cloned();
            Judgement { places: judged.places.iter().cloned().chain(late).collect(), ..judged }
        }
    }
}
