// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The security.txt keeps the rules of its standard, as far as its text shows.

use underpin_model::practices::{FaultCode, Obstacle, Pack, TreeFacts};

use super::{Judgement, Practice};

/// The practice.
pub const SECURITY_TXT_VALID: Practice =
    Practice { id: "security-txt-valid", pack: Pack::SecurityTxt, rule: "sections 2 and 4", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    match &facts.security_txt {
        None => Judgement::not_assessed(Obstacle::NoFile),
        Some(found) => {
            // That it has expired is another practice.
            let faults = found.faults.iter().filter(|fault| fault.code != FaultCode::Expired);
            Judgement::without(faults.cloned().collect())
        }
    }
}
