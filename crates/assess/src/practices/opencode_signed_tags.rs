// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! At least four of five tags of the last six months are signed.

use underpin_model::practices::{FaultCode, Obstacle, Pack, TreeFacts};

use super::opencode::{history, share, unless_later};
use super::{Judgement, Practice};

/// Tags of a hundred that have to be signed.
const LEAST_PERCENT: u64 = 80;

/// The practice.
pub const OPENCODE_SIGNED_TAGS: Practice =
    Practice { id: "opencode-signed-tags", pack: Pack::OpenCode, rule: "security level 2", version: 2, judge };

fn judge(facts: &TreeFacts) -> Judgement {
    history(facts, |history| match history.tags.missing {
        Some(why) => Judgement::not_assessed(why),
        None if history.tags.seen == 0 => Judgement::not_assessed(Obstacle::NothingThere),
        None => {
            let judged = share(history.signed_tags, history.tags.seen, LEAST_PERCENT, FaultCode::SignedOfHalfYear);
            unless_later(history, judged)
        }
    })
}
