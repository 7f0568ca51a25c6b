// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What an index answers about a package version.

use underpin_model::watch::{Reason, Verdict};

use super::back_port_across::BackPort;
use super::entry::{EntryView, SpanEnd, SpanView};
use super::index::AdvisoryRef;

/// An advisory that affects a package version, or may do so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Match {
    /// The advisory.
    pub advisory: AdvisoryRef,
    /// The statement in it, by its place in the index of the advisory's layer.
    pub entry: u32,
    /// By which of the subject's keys, in the order of its lookups.
    pub lookup: u32,
    /// Why.
    pub reason: Reason,
    /// True when the source calls its range an approximation.
    pub is_inexact: bool,
}

/// What an advisory means for a package version, with everything that led there.
#[derive(Clone, Debug)]
pub struct Judgement<'i> {
    /// Why.
    pub reason: Reason,
    /// Statements of the advisory about this package, each with its own reason; the strongest counts.
    pub statements: Vec<StatementJudgement<'i>>,
    /// For a fixed package of a distribution: the source that calls the version it was made from affected.
    pub back_port: Option<BackPort<'i>>,
}

impl Judgement<'_> {
    /// The answer.
    pub fn verdict(&self) -> Verdict {
        self.reason.verdict()
    }
}

/// What one statement of an advisory means for a package version.
#[derive(Clone, Debug)]
pub struct StatementJudgement<'i> {
    /// The statement.
    pub entry: EntryView<'i>,
    /// By which of the subject's keys, in the order of its lookups.
    pub lookup: u32,
    /// Why.
    pub reason: Reason,
    /// The span that holds the version; for a fixed version, the span that it lies behind.
    pub span: Option<SpanView<'i>>,
    /// The entry of the list of versions that names it, as written.
    pub listed: Option<&'i str>,
}

impl<'i> StatementJudgement<'i> {
    /// The version that fixes it, where the advisory names one.
    pub fn fixed(&self) -> Option<&'i str> {
        self.span.filter(|span| span.end == SpanEnd::Fixed).and_then(|span| span.upper)
    }
}

/// How strongly a verdict counts where several statements of one advisory speak of a package: any that says affected decides.
pub(super) fn strength(reason: Reason) -> u8 {
    match reason.verdict() {
        Verdict::NotAffected => 0,
        Verdict::Fixed => 1,
        Verdict::Unknown => 2,
        Verdict::UnderInvestigation => 3,
        Verdict::Affected => 4,
    }
}
