// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What else the Standard for Public Code 0.8.0 asks for with a MUST: what files can show, and what the forge or a person has to tell.
//!
//! Documents may lie elsewhere, so a theme that no document of the tree has is not known, not missing.

use underpin_model::build_facts::Theme;
use underpin_model::practices::{FaultCode, Obstacle, Pack, TreeFacts};

use super::forge_judged;
use super::shown::{free_licence, met, needs_person, signed, spoken, tests_before_merge};
use super::{Judgement, Practice};

const fn row(id: &'static str, rule: &'static str, judge: fn(&TreeFacts) -> Judgement) -> Practice {
    Practice { id, pack: Pack::Files, rule, version: 2, judge }
}

/// A requirement whose judgement changed once.
const fn second(id: &'static str, rule: &'static str, judge: fn(&TreeFacts) -> Judgement) -> Practice {
    Practice { id, pack: Pack::Files, rule, version: 2, judge }
}

/// The rows, by criterion.
pub const PUBLIC_CODE: &[Practice] = &[
    row("free-licence", "publish-with-an-open-license", free_licence),
    row("copyright-kept", "publish-with-an-open-license", needs_person),
    row("install-guide", "document-the-code", install_guide),
    row("examples", "document-the-code", examples),
    row("objectives", "document-codebase-objectives", objectives),
    row("governance", "welcome-contributors", governance),
    row("closed-channel", "make-contributing-easy", closed_channel),
    second("public-tracker", "make-contributing-easy", forge_judged::public_discussion),
    row("style-guide", "use-a-coherent-style", style_guide),
    row("pipeline-there", "use-continuous-integration", pipeline_there),
    row("tests-run", "use-continuous-integration", tests_before_merge),
    row("tests-of-all", "use-continuous-integration", needs_person),
    row("version-control", "maintain-version-control", version_control),
    row("decisions-in-commits", "maintain-version-control", needs_person),
    second("reviews", "require-review-of-contributions", forge_judged::all_reviewed),
    row("standards-listed", "use-open-standards", standards_listed),
    row("maturity-told", "document-codebase-maturity", maturity_told),
    row("policy-bundled", "bundle-policy-and-source-code", needs_person),
    row("nothing-sensitive", "code-in-the-open", needs_person),
    row("reusable", "make-the-codebase-reusable-and-portable", needs_person),
    row("independent", "make-the-codebase-reusable-and-portable", needs_person),
    row("languages-told", "use-plain-english", needs_person),
];

/// A pipeline is set up in the files. One that a forge or another server keeps leaves none.
fn pipeline_there(facts: &TreeFacts) -> Judgement {
    signed(facts, &[FaultCode::Pipeline], Obstacle::NeedsForge)
}

/// A document speaks about installing or building.
fn install_guide(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Installation, Theme::Building], Obstacle::NeedsPerson)
}

/// A document speaks about use.
fn examples(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Usage], Obstacle::NeedsPerson)
}

/// A document speaks about the purpose.
fn objectives(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Purpose], Obstacle::NeedsPerson)
}

/// A document speaks about roles and decisions.
fn governance(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Roles], Obstacle::NeedsPerson)
}

/// A document names a closed channel.
fn closed_channel(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::PrivateChannel], Obstacle::NeedsForge)
}

/// A formatter or linter is set up, or the guide for contributors speaks about style.
fn style_guide(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Style, Theme::Acceptance], Obstacle::NeedsPerson)
}

/// A document speaks about standards.
fn standards_listed(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Standards], Obstacle::NeedsPerson)
}

/// A document speaks about how ready it is.
fn maturity_told(facts: &TreeFacts) -> Judgement {
    spoken(facts, &[Theme::Maturity], Obstacle::NeedsPerson)
}

/// The files were read from a commit. A folder shows nothing of its history.
fn version_control(facts: &TreeFacts) -> Judgement {
    if facts.commit.is_some() { met(Vec::new()) } else { Judgement::not_assessed(Obstacle::NoFile) }
}
