// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A human approves each word. An approval belongs to the digest of the whole text that is handed out; whoever changes a letter needs
//! a new one. The author cannot give it. A released text is still only a text: a person sends it.

use underpin_model::Timestamp;
use underpin_model::engagement::{ContactRefusal, TextDigest};

use super::gate::{Draft, Refusal};

/// That somebody agreed to exactly these words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Digest of the text that they read.
    pub digest: TextDigest,
    /// Login.
    pub approver: String,
    /// When.
    pub at: Timestamp,
}

/// Words that a person may take along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released<'a> {
    /// The draft that they belong to.
    pub draft: &'a Draft,
    /// The approval that covers them.
    pub approval: &'a Approval,
}

/// Whether the words of a draft may be handed out.
///
/// # Errors
/// Refused with the reason: nobody approved, only the author did, or what was approved are other words.
pub fn release<'a>(draft: &'a Draft, approvals: &'a [Approval]) -> Result<Released<'a>, Refusal> {
    let refused = |reason: ContactRefusal| Err(Refusal::of(reason, None));
    // The digest is made anew: what stands in the draft beside the text may be older than the text.
    let digest = TextDigest::of(&draft.text);
    let is_same = |login: &str| login.trim().eq_ignore_ascii_case(draft.author.trim());
    let mut fitting = approvals.iter().filter(|approval| approval.digest == digest).peekable();
    if fitting.peek().is_none() {
        return refused(if approvals.is_empty() { ContactRefusal::NotApproved } else { ContactRefusal::WordsChanged });
    }
    let by_another = |approval: &&Approval| !approval.approver.trim().is_empty() && !is_same(&approval.approver);
    match fitting.find(by_another) {
        Some(approval) => Ok(Released { draft, approval }),
        None => refused(ContactRefusal::ApproverIsAuthor),
    }
}

#[cfg(test)]
mod tests {
    use underpin_model::engagement::Channel;

    use super::*;

    fn draft(text: &str) -> Draft {
        Draft {
            project: "github.com/a/b".to_owned(),
            channel: Channel::Maintainers,
            address: Some("team@b.example".to_owned()),
            conversation: None,
            digest: TextDigest::of(text),
            text: text.to_owned(),
            author: "anna".to_owned(),
            advice: Vec::new(),
        }
    }

    fn approval(text: &str, approver: &str) -> Approval {
        Approval { digest: TextDigest::of(text), approver: approver.to_owned(), at: Timestamp(0) }
    }

    #[test]
    fn only_exactly_these_words_and_only_by_another() {
        for (text, approvals, expected) in [
            ("Dear all", vec![], Err(ContactRefusal::NotApproved)),
            ("Dear all", vec![approval("Dear all", "anna")], Err(ContactRefusal::ApproverIsAuthor)),
            ("Dear all", vec![approval("Dear all", " ANNA ")], Err(ContactRefusal::ApproverIsAuthor)),
            ("Dear all", vec![approval("Dear all", " ")], Err(ContactRefusal::ApproverIsAuthor)),
            ("Dear all", vec![approval("Dear all ", "bert")], Err(ContactRefusal::WordsChanged)),
            (
                "Dear all",
                vec![approval("Dear All", "bert"), approval("Dear all", "anna")],
                Err(ContactRefusal::ApproverIsAuthor),
            ),
            ("Dear all", vec![approval("Dear all", "anna"), approval("Dear all", "bert")], Ok("bert")),
        ] {
            let draft = draft(text);
            let found = release(&draft, &approvals).map(|released| released.approval.approver.as_str());
            assert_eq!(found.map_err(|refusal| refusal.reason), expected, "{approvals:?}");
        }
    }

    #[test]
    fn a_digest_beside_other_words_does_not_help() {
        let mut draft = draft("Dear all");
        let approvals = [approval("Dear all", "bert")];
        draft.text = "Send us money".to_owned();
        let refusal = release(&draft, &approvals).expect_err("other words");
        assert_eq!(refusal.reason, ContactRefusal::WordsChanged);
    }
}
