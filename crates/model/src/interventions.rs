// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The words of support: what an office can do for a project, against which cause of harm, in which legal form, and why not.
//!
//! What each instrument costs and does is in `assess::planning::catalogue`; here are only the names that are stored and shown.

use crate::words::words;

words!(
    /// An instrument: what an office can do for a project.
    InterventionCode { #[default] Audit "audit", Fuzzing "fuzzing", PaidMaintenance "paid-maintenance",
        Fellowship "fellowship", DirectContribution "direct-contribution", ReleaseHardening "release-hardening",
        Succession "succession", BountyWithTriage "bounty-with-triage", FoundationMembership "foundation-membership",
        PooledFund "pooled-fund", Replace "replace", Adopt "adopt", }
);
words!(
    /// What people of the office can do themselves, as far as it is asked for when a project is helped. Never who they are.
    Skill { #[default] Contracting "contracting", Programming "programming", ReleaseEngineering "release-engineering",
        SecurityReview "security-review", Facilitation "facilitation", }
);
words!(
    /// What makes a component harm those who use it.
    HarmCause { #[default] Bug "bug", Takeover "takeover", Abandonment "abandonment", }
);
words!(
    /// The legal form of an instrument. A person decides; which of them may fit is said beside each.
    LegalRoute { #[default] Procurement "procurement", Grant "grant", Membership "membership",
        Employment "employment", OwnWork "own-work", }
);
words!(
    /// What must hold before an instrument may be used.
    Prerequisite { #[default] Consent "consent", CanReceiveMoney "can-receive-money", TriageCapacity "triage-capacity",
        AuditFirst "audit-first", AbsorptiveCapacity "absorptive-capacity", TakesContributions "takes-contributions",
        ContinuityReserve "continuity-reserve", KnownAlternative "known-alternative", NobodyMaintains "nobody-maintains",
        KnownFoundation "known-foundation", }
);
words!(
    /// Why an instrument is refused for a project. Not knowing is a reason of its own.
    RefusalReason { ConsentUnknown "consent-unknown", #[default] ConsentRefused "consent-refused",
        TriageUnknown "triage-unknown", NoTriageCapacity "no-triage-capacity", NotAudited "not-audited",
        CapacityUnknown "capacity-unknown", AboveCapacity "above-capacity", FundedElsewhere "funded-elsewhere",
        FundingUnknown "funding-unknown", CannotReceiveMoney "cannot-receive-money", FundingCliff "funding-cliff",
        TakesNoContributions "takes-no-contributions", NoAlternative "no-alternative", IsMaintained "is-maintained",
        NoFoundation "no-foundation", ExcludedByAnother "excluded-by-another", }
);
words!(
    /// What to do first where an instrument is refused.
    FirstStep { #[default] AskFirst "ask-first", RespectTheAnswer "respect-the-answer",
        PayForTriage "pay-for-triage", AuditFirst "audit-first", AskForHours "ask-for-hours",
        OfferLess "offer-less", JoinTheOtherFunder "join-the-other-funder", AskTheFunders "ask-the-funders",
        FindFiscalHost "find-fiscal-host", ReserveContinuation "reserve-continuation", OfferOtherHelp "offer-other-help",
        LookForAlternative "look-for-alternative", HelpThePresentPeople "help-the-present-people",
        NameFoundation "name-foundation", ChooseOne "choose-one", }
);
words!(
    /// Why a project gets nothing. *Risk unknown*: nobody knows how many systems depend on it, or how often it fails. *All
    /// refused*: every instrument is. *Nothing helps*: no instrument takes anything away. *Too dear*: what helps costs more than
    /// the cap for one project or the budget. *Others first*: others avoid more for the money, or a rule stands against it.
    UnfundedReason { #[default] RiskUnknown "risk-unknown", AllRefused "all-refused", NothingHelps "nothing-helps",
        TooDear "too-dear", OthersFirst "others-first", }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for code in InterventionCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
        }
        assert_eq!("Bounty with triage".parse(), Ok(InterventionCode::BountyWithTriage));
        assert!("gift".parse::<InterventionCode>().is_err());
    }
}
