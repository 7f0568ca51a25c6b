// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What somebody in the government wants to say to a project, and the conversations that came of it.

use serde::{Deserialize, Serialize};

use super::DisclosureId;
use crate::Timestamp;
use crate::numbers::numbers;
use crate::registry::AgencyId;
use crate::words::words;

numbers! {
    /// Number of a conversation with a project, shown as `E12`.
    ConversationId "E" "a conversation";
    /// Number of an agency's request to say something, shown as `Q12`.
    RequestId "Q" "a request";
}

words!(
    /// What a request wants. There is no word for a questionnaire: none can be sent.
    RequestKind { VulnerabilityReport "vulnerability-report", Issue "issue", Patch "patch", Change "change", Review "review",
        Talk "talk", Thanks "thanks", Offer "offer", Invitation "invitation", #[default] Ask "ask", Reminder "reminder",
        Reply "reply", }
);
words!(
    /// The class of what it is about: all requests of one class about one project are one conversation.
    Topic { Vulnerability "vulnerability", Defect "defect", Maintenance "maintenance", Funding "funding",
        SupplyChain "supply-chain", Community "community", #[default] Other "other", }
);
words!(
    /// Through which door words reach a project.
    Channel { SecurityPolicy "security-policy", PrivateReport "private-report", Stated "stated", Maintainers "maintainers",
        #[default] PublicIssue "public-issue", Coordinator "coordinator", }
);
words!(
    /// How far a program wrote the words.
    Assistance { #[default] NoMachine "no-machine", Corrected "corrected", Drafted "drafted", }
);
words!(
    /// How a conversation ended.
    ConversationEnd { #[default] Solved "solved", Declined "declined", Silent "silent", Withdrawn "withdrawn", }
);
words!(
    /// How a conversation stands: nothing was handed out yet, the project has not answered, it spoke last, or it is over.
    ConversationState { #[default] Draft "draft", Waiting "waiting", Answered "answered", Ended "ended", }
);
words!(
    /// The rules of the gate.
    GateRule { #[default] OneConversation "one-conversation", Budget "budget", ChannelOrder "channel-order",
        ValueFirst "value-first", Quiet "quiet", HumanWords "human-words", ThankAndReport "thank-and-report", }
);
words!(
    /// Why words do not go to a project.
    ContactRefusal { #[default] OptedOut "opted-out", Archived "archived", ReportsNotAccepted "reports-not-accepted",
        ChangesNotAccepted "changes-not-accepted", FixesOnly "fixes-only", BotsNotAccepted "bots-not-accepted",
        BudgetUsed "budget-used", NoChannel "no-channel", BringsNothing "brings-nothing", Questionnaire "questionnaire",
        TooSoon "too-soon", Answered "answered", NotSentYet "not-sent-yet", RemindersUsed "reminders-used",
        NothingToAnswer "nothing-to-answer", RepliesUsed "replies-used",
        WasSilent "was-silent", NoSuchConversation "no-such-conversation", NoWords "no-words",
        AuthorUnnamed "author-unnamed", AgencyUnnamed "agency-unnamed", AssistanceUnsaid "assistance-unsaid",
        NoPlaceForComplaints "no-place-for-complaints", NotApproved "not-approved", ApproverIsAuthor "approver-is-author",
        WordsChanged "words-changed",
        ConsentWithdrawn "consent-withdrawn", }
);

impl RequestKind {
    /// Taking part like anyone else: free, and only noted.
    pub fn is_taking_part(self) -> bool {
        matches!(self, Self::Issue | Self::Patch | Self::Change | Self::Review | Self::Talk)
    }

    /// Whether it belongs to an open conversation and opens or joins none: a reminder, or a reply to what the project said.
    pub fn follows(self) -> bool {
        matches!(self, Self::Reminder | Self::Reply)
    }

    /// Whether it must bring something. Thanks, offers, invitations to be heard and vulnerability reports need not, and a reminder
    /// or reply belongs to words that did.
    pub fn must_bring(self) -> bool {
        self == Self::Ask
    }
}

/// What a request brings along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Brings {
    /// Address of a patch that is ready to be looked at.
    pub patch: Option<String>,
    /// How to see the fault.
    pub reproduction: Option<String>,
    /// Money that is approved.
    pub budget_cents: Option<i64>,
}

/// Who speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Sender {
    /// Login of the person who wrote the words.
    pub author: String,
    /// Name of that person, as it will be signed.
    pub author_name: String,
    /// Agency in whose name.
    pub agency: AgencyId,
    /// What the agency is called.
    pub agency_name: String,
    /// Where the project can complain.
    pub complaints: String,
    /// How far a program wrote the words; `None` while nobody said.
    pub assistance: Option<Assistance>,
    /// A program would send this without a person looking at each.
    pub is_bot: bool,
}

/// A request to say something to a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Request {
    /// Number.
    pub id: RequestId,
    /// Canonical address of the project's repository.
    pub project: String,
    /// What it wants.
    pub kind: RequestKind,
    /// What it is about.
    pub topic: Topic,
    /// The case of a vulnerability that is not public: its conversation is one of its own, because others may not know of it.
    pub case: Option<DisclosureId>,
    /// The conversation that a reminder or a reply belongs to.
    pub conversation: Option<ConversationId>,
    /// The words, without greeting or signature.
    pub text: String,
    /// What it brings along.
    pub brings: Brings,
    /// Who speaks.
    pub sender: Sender,
    /// Minutes of the project's time that an answer will take, by the author's own estimate.
    pub minutes_asked: Option<u32>,
}

/// A request as a conversation keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AskedRequest {
    /// Which.
    pub id: RequestId,
    /// Whose.
    pub agency: AgencyId,
    /// When.
    pub at: Timestamp,
    /// Fingerprint of its words, for finding the like; `None` where it has too few.
    pub fingerprint: Option<u64>,
}

/// That something was said, by one side or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Message {
    /// When.
    pub at: Timestamp,
    /// By the project; else by the government.
    pub is_theirs: bool,
    /// One of the government's reminders.
    pub is_reminder: bool,
}

/// A conversation with a project about one topic, for all agencies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Conversation {
    /// Number.
    pub id: ConversationId,
    /// With which project.
    pub project: String,
    /// About what.
    pub topic: Topic,
    /// About which vulnerability that is not public.
    pub case: Option<DisclosureId>,
    /// Every request that was merged into it, with the first.
    pub requests: Vec<AskedRequest>,
    /// What was said, in the order of time.
    pub messages: Vec<Message>,
    /// When it ended, and how; `None` while it is open.
    pub ended: Option<(Timestamp, ConversationEnd)>,
    /// When the project was thanked.
    pub thanked: Option<Timestamp>,
    /// When the project was told what came of it.
    pub outcome_told: Option<Timestamp>,
}

impl Conversation {
    /// Whether the project said something after words of ours went out; `None` while none did: however it ended, nobody was asked.
    pub fn is_answered(&self) -> Option<bool> {
        let first = self.messages.iter().position(|one| !one.is_theirs)?;
        Some(self.messages[first..].iter().any(|one| one.is_theirs))
    }
}

/// That words were handed out to open a conversation: what the contact budget counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Contact {
    /// To which project.
    pub project: String,
    /// When.
    pub at: Timestamp,
    /// What it wanted.
    pub kind: RequestKind,
    /// Whether it belongs to a case that is not public.
    pub is_of_case: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_is_a_questionnaire() {
        for text in ["questionnaire", "survey", "attestation", "self-assessment"] {
            assert!(text.parse::<RequestKind>().is_err(), "{text}");
        }
        assert_eq!("Vulnerability report".parse(), Ok(RequestKind::VulnerabilityReport));
        assert_eq!("E12".parse(), Ok(ConversationId(12)));
        assert_eq!(RequestId(7).to_string(), "Q7");
    }
}
