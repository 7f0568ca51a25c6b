// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Texts that look like a questionnaire. None can be sent: there is no such kind of request, and one in the clothes of another kind is
//! refused with a pointer to the project's dossier, which answers from public evidence.
//!
//! Four signs are looked for, in English and German; two of them together make a questionnaire, and so do two words of forms. One sign
//! alone does not: a report may ask three questions, a patch may add attestations to a release, an offer may name a day.
//!
//! 1. *Many questions*: four or more sentences that ask, or lines that demand an item ("Describe …", "Please list …").
//! 2. *Compliance*: two or more different words of audits and certificates; one is enough beside a form.
//! 3. *A deadline for an answer*: a span or a day in a sentence that demands an answer. A day of publication is none.
//! 4. *A form*: something to fill in, sign, complete or return.

use super::near_duplicate::words;

/// Questions and demanded items that are many.
const MANY_QUESTIONS: usize = 4;
/// Words of compliance that are many.
const MANY_COMPLIANCE_WORDS: usize = 2;

/// What a questionnaire was recognised by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    /// Sentences that ask and lines that demand an item.
    pub questions: usize,
    /// Words of compliance in it.
    pub compliance: Vec<&'static str>,
    /// It sets a deadline for an answer.
    pub has_deadline: bool,
    /// Words of forms in it.
    pub form: Vec<&'static str>,
}

impl Signs {
    /// Whether they make a questionnaire together.
    fn are_enough(&self) -> bool {
        let many_compliance_words = if self.form.is_empty() { MANY_COMPLIANCE_WORDS } else { 1 };
        let signs = [
            self.questions >= MANY_QUESTIONS,
            self.compliance.len() >= many_compliance_words,
            self.has_deadline,
            !self.form.is_empty(),
            self.form.len() > 1,
        ];
        signs.into_iter().filter(|is_there| *is_there).count() >= 2
    }
}

const COMPLIANCE: &[&str] = &[
    "compliance",
    "compliant",
    "iso 27001",
    "iso27001",
    "soc 2",
    "nis2",
    "nis 2",
    "cyber resilience act",
    "ssdf",
    "due diligence",
    "third party risk",
    "risk assessment",
    "supplier",
    "vendor",
    "security posture",
    "certification",
    "certified",
    "gdpr",
    "audit trail",
    "information security policy",
    "secure development lifecycle",
    "business continuity",
    "penetration test",
    "lieferant",
    "lieferanten",
    "zertifizierung",
    "zertifiziert",
    "risikobewertung",
    "informationssicherheit",
    "sorgfaltspflicht",
];

const FORM: &[&str] = &[
    "fill in",
    "fill out",
    "filled in",
    "filled out",
    "fill it in",
    "questionnaire",
    "self assessment",
    "attestation of",
    "attest that",
    "signed attestation",
    "attestation form",
    "complete the attached",
    "complete this form",
    "complete the form",
    "attached form",
    "attached spreadsheet",
    "sign and return",
    "return the completed",
    "our portal",
    "supplier portal",
    "fragebogen",
    "ausfüllen",
    "ausgefüllt",
    "selbstauskunft",
    "eigenerklärung",
    "unterschrieben zurück",
];

const DEMANDS_ANSWER: &[&str] = &[
    "respond",
    "response",
    "responses",
    "reply",
    "answer",
    "answers",
    "submit",
    "return",
    "complete",
    "provide",
    "confirm",
    "antworten",
    "antwort",
    "beantworten",
    "zurücksenden",
    "einreichen",
    "bestätigen",
    "rückmeldung",
];

const DAY_WORDS: &[&str] = &[
    "no later than",
    "deadline",
    "at the latest",
    "end of business",
    "close of business",
    "by monday",
    "by tuesday",
    "by wednesday",
    "by thursday",
    "by friday",
    "by tomorrow",
    "by the end of",
    "spätestens",
    "frist",
    "bis zum",
    "bis spätestens",
    "bis montag",
    "bis freitag",
];

const DEMANDED_ITEMS: &[&str] = &[
    "describe",
    "list",
    "state",
    "provide",
    "explain",
    "specify",
    "indicate",
    "confirm",
    "attach",
    "beschreiben",
    "nennen",
    "erläutern",
];

/// The signs of a questionnaire, where a text shows enough of them; `None` for a text that may be said.
pub fn recognise(text: &str) -> Option<Signs> {
    let signs = signs(text);
    signs.are_enough().then_some(signs)
}

/// All signs of a text.
pub fn signs(text: &str) -> Signs {
    let all = spaced(text);
    let found = |phrases: &[&'static str]| -> Vec<&'static str> {
        phrases.iter().copied().filter(|phrase| holds(&all, phrase)).collect()
    };
    Signs {
        questions: text.matches('?').count() + text.lines().filter(|line| demands_item(line)).count(),
        compliance: found(COMPLIANCE),
        has_deadline: sentences(text).any(|sentence| sets_deadline(&spaced(sentence))),
        form: found(FORM),
    }
}

/// The words of a text with one space before, between and after them.
fn spaced(text: &str) -> String {
    format!(" {} ", words(text).join(" "))
}

fn holds(spaced: &str, phrase: &str) -> bool {
    spaced.contains(&format!(" {phrase} "))
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '?', '!', '\n', ';'])
}

/// A line without a question mark whose first word, after a number and "please", demands something.
pub(super) fn demands_item(line: &str) -> bool {
    let words = words(line);
    let is_number = |word: &String| word.chars().all(|letter| letter.is_ascii_digit()) || word.chars().count() == 1;
    let first = words.iter().find(|word| !is_number(word) && *word != "please" && *word != "bitte");
    !line.contains('?') && first.is_some_and(|word| DEMANDED_ITEMS.contains(&word.as_str()))
}

fn sets_deadline(sentence: &str) -> bool {
    let demands = DEMANDS_ANSWER.iter().any(|word| holds(sentence, word));
    demands && (DAY_WORDS.iter().any(|phrase| holds(sentence, phrase)) || has_span(sentence))
}

/// "Within 24 hours", "within the next five business days", "innerhalb von 14 Tagen".
fn has_span(sentence: &str) -> bool {
    let words: Vec<&str> = sentence.split(' ').collect();
    let units =
        ["hours", "hour", "days", "day", "weeks", "week", "stunden", "tagen", "wochen", "woche", "arbeitstagen"];
    words.iter().enumerate().any(|(at, word)| {
        let follows = words.iter().skip(at + 1).take(5);
        ["within", "innerhalb", "binnen"].contains(word) && follows.into_iter().any(|word| units.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In our own words, after what projects report of the mails that they get.
    const QUESTIONNAIRES: &[&str] = &[
        "You are receiving this message because our company uses a product that you developed. We request that you answer within 24 \
         hours: Do you use a logging library? If yes, which versions? Were you affected? When will you have fixed it? What did you tell \
         your customers?",
        "As part of our supplier risk management please complete the attached security questionnaire.",
        "Dear vendor, to stay compliant with NIS2 we need your ISO 27001 certificate. Please reply no later than 15 March.",
        "1. Describe your secure development lifecycle.\n2. List all third-party components.\n3. State your patch policy.\n4. Provide \
         evidence of penetration tests.\nYour compliance team may use the form in our supplier portal.",
        "Please sign and return the attestation of conformity with the Secure Software Development Framework (SSDF) by Friday.",
        "Under the Cyber Resilience Act we must do due diligence on you. Kindly provide your responses within ten business days.",
        "Do you have a business continuity plan? Is it tested? Who is your data protection officer? Are you GDPR compliant? Is there an \
         audit trail?",
        "Bitte den Fragebogen zur Informationssicherheit ausgefüllt bis zum 1. Juni zurücksenden.",
        "Als Lieferant bitten wir Sie um Ihre Selbstauskunft zur Risikobewertung.",
        "Wir bitten um Antwort binnen 14 Tagen: Sind Sie zertifiziert? Welche Norm? Seit wann? Wer hat geprüft?",
        "Hi! Small favour: could you fill in this spreadsheet? It asks for your security posture, your certification and your patching \
         times. Thanks!",
        "Kindly attest that your component contains no known exploitable vulnerability and confirm no later than tomorrow noon.",
        "For our vendor file: who maintains this? Where do they live? Are they certified? Which policies apply?",
    ];

    const LETTERS: &[&str] = &[
        "Thank you for release 2.17.1. It reached 23 of our services within two days. No answer is needed.",
        "We found that the parser reads past its buffer when a header has no colon. A test that shows it and a patch are attached. Would \
         you like us to open a change in private? We plan to publish after 90 days, or earlier if a fix is out.",
        "Our agency would like to fund twelve months of maintenance, 60,000 EUR, with no say in your road map. Whom may we talk to? There \
         is no hurry.",
        "We would like to hear how you see the rules that are being written on security of software. The talk is on 4 May; you are free \
         to say no.",
        "This change adds a workflow that produces build provenance attestations for your releases. It is tested on our fork.",
        "We reviewed the open change 412 and ran it on our test bench: all green. One remark stands at the loop in line 30.",
        "When a file name has a space, the build stops. Steps: create \"a b.c\", run make. Expected: it builds. A patch is ready, shall we \
         send it?",
        "We carry a patch for your time zone code since March. It is rebased on your main branch. Would you take it? Do you want tests \
         with it?",
        "We read that version 2.14 is affected by the flaw in look-ups. Is 2.12 on Java 7 affected as well? A reproduction for 2.12 is \
         attached.",
        "An audit by a firm of your choice, paid by us and published only when you agree, could begin in autumn. If you would like that, \
         an answer some time before summer is early enough.",
        "Three of our people have time for your backlog of reports on Tuesdays. They would triage, you decide. Is that welcome?",
        "We translated your manual to German and offer it under your licence. Please say if you would rather not have it.",
        "Wir würden gern ein Jahr Pflege bezahlen. Mit wem dürfen wir sprechen? Es eilt nicht.",
        "Please confirm within 7 days that you received this report. It shows a way to read foreign files, with steps to reproduce.",
    ];

    #[test]
    fn questionnaires_are_recognised() {
        for text in QUESTIONNAIRES {
            assert!(recognise(text).is_some(), "{text}: {:?}", signs(text));
        }
    }

    #[test]
    fn letters_may_be_said() {
        for text in LETTERS {
            assert_eq!(recognise(text), None, "{text}");
        }
    }

    #[test]
    fn a_questionnaire_says_what_gave_it_away() {
        let signs = recognise(QUESTIONNAIRES[1]).expect("a questionnaire");
        assert_eq!(signs.form, ["questionnaire", "complete the attached"]);
        assert_eq!(recognise(QUESTIONNAIRES[0]).map(|signs| (signs.questions, signs.has_deadline)), Some((5, true)));
    }

    #[test]
    fn words_are_whole_words() {
        // "list" in "listen", "state" in "statement", "frist" in "befristet".
        for text in ["Listen to the talk", "Statement of thanks", "befristete Stelle, wir antworten gern"] {
            assert_eq!(signs(text), Signs::default(), "{text}");
        }
    }
}
