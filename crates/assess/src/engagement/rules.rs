// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The rules of the contact gate as one list, for the manual, for the pages and for whoever was refused.

use underpin_model::engagement::{ContactRefusal, GateRule};

/// A rule of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Which.
    pub rule: GateRule,
    /// Its short name.
    pub code: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// Why there is such a rule.
    pub source: &'static str,
}

/// All rules, in their order.
pub const RULES: [Rule; 7] = [
    Rule {
        rule: GateRule::OneConversation,
        code: "E1",
        sentence: "The government has one open conversation with a project about one topic; what other agencies want to say is merged into it.",
        source: "Log4Shell, December 2021: one project got the same questions from everybody; CERT Guide to CVD, chapter on many parties",
    },
    Rule {
        rule: GateRule::Budget,
        code: "E2",
        sentence: "Within 30 days a project is approached once, and once more for every three active maintainers; within 60 days one contact is always held back for disclosures of vulnerabilities, which are never refused; by programs only where it says so, and not at all where it does not want to be.",
        source: "OpenSSF SECURITY-INSIGHTS 2.2 (reports-accepted, accepts-change-request, accepts-automated-change-request, bug-fixes-only); Wessel et al. 2021, Don't Disturb Me",
    },
    Rule {
        rule: GateRule::ChannelOrder,
        code: "E3",
        sentence: "Words go where the project's security policy says, else by private report, else to its maintainers; a public issue only asks for a private channel.",
        source: "OpenSSF guide for finders; RFC 9116 (security.txt)",
    },
    Rule {
        rule: GateRule::ValueFirst,
        code: "E4",
        sentence: "Who asks for something brings a patch, a reproduction or money. Questionnaires are never sent.",
        source: "Regulation (EU) 2024/2847, article 13(5): due diligence is the duty of who places a product on the market, not of the project",
    },
    Rule {
        rule: GateRule::Quiet,
        code: "E5",
        sentence: "A reminder follows after 7 days of silence, a second one 21 days later; after that a coordinator is asked and the project is left alone. What the project says is answered at once, at most twice each time.",
        source: "CERT Guide to CVD, on vendors that do not answer; OpenSSF guide for finders",
    },
    Rule {
        rule: GateRule::HumanWords,
        code: "E6",
        sentence: "A named person of a named agency writes, says what a program wrote, and names where to complain; another person approves exactly these words.",
        source: "Regulation (EU) 2016/679, articles 5 and 14; curl's notice on reports written by programs (2025)",
    },
    Rule {
        rule: GateRule::ThankAndReport,
        code: "E7",
        sentence: "A conversation ends with thanks and with what came of it; what was asked is held against what was given. Thanks name and count only agencies that agreed.",
        source: "Eghbal 2020, Working in Public: attention is what a project has least of",
    },
];

/// The rule behind a refusal.
pub fn rule_of(reason: ContactRefusal) -> GateRule {
    use ContactRefusal as R;
    match reason {
        R::OptedOut | R::Archived | R::ReportsNotAccepted | R::ChangesNotAccepted | R::FixesOnly => GateRule::Budget,
        R::BotsNotAccepted | R::BudgetUsed => GateRule::Budget,
        R::NoChannel => GateRule::ChannelOrder,
        R::BringsNothing | R::Questionnaire => GateRule::ValueFirst,
        R::TooSoon | R::Answered | R::NotSentYet | R::RemindersUsed | R::WasSilent => GateRule::Quiet,
        R::NoSuchConversation | R::NothingToAnswer | R::RepliesUsed => GateRule::Quiet,
        R::NoWords | R::AuthorUnnamed | R::AgencyUnnamed | R::AssistanceUnsaid => GateRule::HumanWords,
        R::ConsentWithdrawn => GateRule::ThankAndReport,
        R::NoPlaceForComplaints | R::NotApproved | R::ApproverIsAuthor | R::WordsChanged => GateRule::HumanWords,
    }
}

/// What whoever was refused can do first.
pub fn first_step(reason: ContactRefusal) -> &'static str {
    use ContactRefusal as R;
    match reason {
        R::OptedOut => "Leave the project alone; a vulnerability goes to the national CERT as coordinator.",
        R::Archived => "Nobody works there any more: look for a successor or plan a replacement.",
        R::ReportsNotAccepted => "A vulnerability goes to the national CERT as coordinator.",
        R::ChangesNotAccepted => "Carry the change as a patch of our own, or ask whether an offer is welcome.",
        R::FixesOnly => "Bring a fix of a defect, or keep the change as a patch of our own.",
        R::BotsNotAccepted => "Let a person look at it and send it in their own name.",
        R::BudgetUsed => "Wait until the date, or add it to an open conversation.",
        R::NoChannel => "Find out how the project wants to be approached; a vulnerability goes to a coordinator.",
        R::BringsNothing => "Bring a patch, a reproduction or approved money, or make it an offer.",
        R::Questionnaire => {
            "Take the answers from the project's dossier, which is made of public evidence: `underpin dossier PROJECT --questions FILE`."
        }
        R::TooSoon => "Wait until the date: silence is no refusal.",
        R::Answered => "Read the answer: it is our turn. Write a reply, not a reminder.",
        R::NotSentYet => "Send the first words, or withdraw them.",
        R::RemindersUsed => "Ask a coordinator: the foundation behind the project or the national CERT.",
        R::WasSilent => "Ask a coordinator: the project did not answer on this topic.",
        R::NoSuchConversation => "Name the open conversation that the words belong to.",
        R::NothingToAnswer => "The project said nothing since: note its answer first, or remind it when that is due.",
        R::RepliesUsed => "Wait until the project says something: it was answered twice already.",
        R::NoWords => "Write what is to be said.",
        R::AuthorUnnamed => "Name the person who wrote the words.",
        R::AgencyUnnamed => "Name the agency in whose name they are said.",
        R::AssistanceUnsaid => "Say whether a program wrote or corrected the words.",
        R::NoPlaceForComplaints => "Name an address for complaints.",
        R::NotApproved => "Let another person read and approve exactly these words.",
        R::ApproverIsAuthor => "Let somebody else than the author approve.",
        R::ConsentWithdrawn => "Write the thanks anew: an agency in them no longer agrees to be named or counted.",
        R::WordsChanged => "The words changed since they were approved: let them be approved again.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_stands_once_and_in_order() {
        let rules: Vec<GateRule> = RULES.iter().map(|rule| rule.rule).collect();
        assert_eq!(rules, GateRule::ALL);
        let codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(codes, ["E1", "E2", "E3", "E4", "E5", "E6", "E7"]);
    }

    #[test]
    fn a_refusal_says_something_of_its_own() {
        let mut steps: Vec<&str> = ContactRefusal::ALL.iter().map(|reason| first_step(*reason)).collect();
        steps.sort_unstable();
        steps.dedup();
        assert_eq!(steps.len(), ContactRefusal::ALL.len(), "no two reasons give the same advice");
        // One conversation never refuses anything: it merges.
        let refusing: std::collections::BTreeSet<GateRule> =
            ContactRefusal::ALL.iter().map(|reason| rule_of(*reason)).collect();
        let silent: Vec<GateRule> = GateRule::ALL.iter().copied().filter(|rule| !refusing.contains(rule)).collect();
        assert_eq!(silent, [GateRule::OneConversation]);
    }
}
