// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is said of a delivery under a contract: the protocol for procurement, and the draft of a letter to the supplier. Both are made of the
//! same facts, so that they say the same. A person signs the one and sends the other.

use underpin_model::Timestamp;
use underpin_model::practices::Outcome;
use underpin_model::rules::{Confirmed, Demand, Standing};

use crate::letter::Letter;
use crate::pdf::{Part, Report};
use crate::{Argument, Language, dates, numbers, text};

/// Places of one clause that a letter names.
const PLACES_NAMED: usize = 3;

/// A waiver of a clause: that the buyer does not insist on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// Why it need not be kept under this contract.
    pub reason: String,
    /// Until when.
    pub until: Timestamp,
    /// Whether it counts on the day in question; one that has ended is told and waives nothing.
    pub holds: bool,
}

/// A clause with its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Where in the text.
    pub clause: String,
    /// What it asks.
    pub title: String,
    /// How strongly.
    pub demand: Demand,
    /// One of three.
    pub outcome: Outcome,
    /// Components that do not keep it, or cannot be judged.
    pub count: u64,
    /// How to mend it.
    pub remedy: String,
    /// The first places.
    pub places: Vec<String>,
    /// The newest waiver of it under this contract.
    pub waiver: Option<Waived>,
}

impl Clause {
    /// Whether it need not be kept.
    fn is_waived(&self) -> bool {
        self.waiver.as_ref().is_some_and(|waiver| waiver.holds)
    }

    /// Whether the supplier can be asked for it: a text that may be left out is only welcome.
    fn is_asked(&self, demands: &[Demand], outcomes: &[Outcome]) -> bool {
        demands.contains(&self.demand) && outcomes.contains(&self.outcome) && !self.is_waived()
    }
}

/// A delivery and how it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Number of the contract.
    pub contract: String,
    /// How the house calls it.
    pub reference: String,
    /// Who supplies.
    pub supplier: String,
    /// What is supplied.
    pub product: String,
    /// The system that it is for.
    pub system: String,
    /// Number of the document.
    pub document: String,
    /// How the file was called.
    pub file: String,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Its size.
    pub size_bytes: u64,
    /// When it was delivered.
    pub delivered: Timestamp,
    /// Who said so.
    pub delivered_by: String,
    /// What the rulebook is called.
    pub rulebook: String,
    /// Where that comes from.
    pub source: String,
    /// From when it holds.
    pub valid_from: String,
    /// What it is, as law goes.
    pub standing: Standing,
    /// Whether its text was read.
    pub confirmed: Confirmed,
    /// The word of what it conforms to; empty where nothing could be judged.
    pub conformity: String,
    /// Why nothing could be judged: code and words.
    pub reason: String,
    /// Components in it.
    pub components: u64,
    /// Tool that made it.
    pub tool: String,
    /// Format and version.
    pub format: String,
    /// Clauses in their order.
    pub clauses: Vec<Clause>,
    /// Remarks on the contract: what, who, when.
    pub notes: Vec<(String, String, Timestamp)>,
    /// The last moment that any of this rests on: printed again, the protocol is the same.
    pub at: Timestamp,
}

impl Delivered {
    fn of(&self, wanted: impl Fn(&Clause) -> bool) -> Vec<&Clause> {
        self.clauses.iter().filter(|clause| wanted(clause)).collect()
    }

    /// What must be kept, is not, and is not waived.
    fn missing(&self) -> Vec<&Clause> {
        self.of(|clause| clause.is_asked(&[Demand::Must, Demand::IfThere], &[Outcome::NotMet]))
    }

    /// What could not be judged, matters where it exists, and is not waived.
    fn open(&self) -> Vec<&Clause> {
        self.of(|clause| clause.is_asked(&[Demand::Must, Demand::IfThere], &[Outcome::NotAssessed]))
    }

    /// What may be left out, is, and is not waived.
    fn optional(&self) -> Vec<&Clause> {
        self.of(|clause| clause.is_asked(&[Demand::May], &[Outcome::NotMet, Outcome::NotAssessed]))
    }
}

fn word(language: Language, kind: &str, word: &str) -> String {
    text(language, &format!("{kind}-{word}"), &[])
}

/// What a delivery conforms to, in a sentence.
fn result(language: Language, of: &Delivered) -> String {
    match of.conformity.as_str() {
        "" => format!("{} {}", text(language, "conformity-unreadable", &[]), of.reason).trim().to_owned(),
        conformity => word(language, "conformity-result", conformity),
    }
}

/// The protocol of an acceptance, for procurement: it ends with room for the name of a person, who decides.
pub fn protocol(language: Language, of: &Delivered) -> Report {
    let say = |key: &str, arguments: &[(&str, Argument<'_>)]| text(language, key, arguments);
    let waived = of.of(|clause| clause.waiver.is_some() && clause.outcome != Outcome::Met);
    let mut parts = vec![Part::Lead(result(language, of)), Part::Text(say("protocol-lede", &[]))];
    parts.push(Part::Heading(say("protocol-delivered", &[])));
    parts.push(delivered(language, of));
    parts.push(Part::Heading(say("protocol-rulebook", &[])));
    parts.push(rulebook(language, of));
    if !of.clauses.is_empty() {
        parts.push(Part::Heading(say("protocol-clauses", &[])));
        parts.push(table(language, of));
    }
    let remedies = of.of(|clause| clause.demand != Demand::May && clause.outcome != Outcome::Met);
    if !remedies.is_empty() {
        parts.push(Part::Heading(say("protocol-mend", &[])));
        parts.push(Part::List(remedies.iter().map(|clause| mended(language, clause)).collect()));
    }
    if !waived.is_empty() {
        parts.push(Part::Heading(say("protocol-waivers", &[])));
        parts.push(Part::Text(say("protocol-waivers-note", &[])));
        parts.push(Part::List(waived.iter().filter_map(|clause| waiver(language, clause)).collect()));
    }
    if !of.notes.is_empty() {
        parts.push(Part::Heading(say("protocol-notes", &[])));
        let note =
            |(words, by, at): &(String, String, Timestamp)| format!("{}, {by}: {words}", dates::day(language, *at));
        parts.push(Part::List(of.notes.iter().map(note).collect()));
    }
    parts.push(Part::Heading(say("protocol-cannot", &[])));
    parts.push(Part::Text(say("conformity-limits", &[])));
    parts.push(Part::Heading(say("protocol-decision", &[])));
    parts.push(Part::Text(say("protocol-decision-note", &[])));
    let line = "_".repeat(44);
    let fields = ["protocol-decides", "protocol-because", "protocol-name", "protocol-day", "protocol-signature"];
    parts.push(Part::Facts(
        [say("protocol-field", &[]), say("protocol-by-hand", &[])],
        fields.map(|key| [say(key, &[]), line.clone()]).to_vec(),
    ));
    let author = say("house-name", &[]);
    Report {
        title: say("protocol-title", &[("product", (&of.product).into()), ("document", (&of.document).into())]),
        foot: format!("{author}, {} {}, sha256:{}", of.contract, of.document, of.digest),
        author,
        marking: String::new(),
        made: of.at,
        language,
        parts,
    }
}

fn delivered(language: Language, of: &Delivered) -> Part {
    let say = |key: &str| text(language, key, &[]);
    let rows = [
        ("protocol-contract", format!("{} ({})", of.reference, of.contract)),
        ("protocol-supplier", of.supplier.clone()),
        ("protocol-product", of.product.clone()),
        ("protocol-system", of.system.clone()),
        ("protocol-document", format!("{}: {}", of.document, of.file)),
        ("protocol-digest", broken_up(&format!("sha256:{}", of.digest))),
        ("protocol-size", numbers::count(language, of.size_bytes)),
        ("protocol-at", dates::minute(language, of.delivered)),
        ("protocol-by", of.delivered_by.clone()),
        ("protocol-format", of.format.clone()),
        ("protocol-tool", of.tool.clone()),
        ("protocol-components", numbers::count(language, of.components)),
    ];
    let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
    let rows = rows.map(|(key, value)| [say(key), value]).collect();
    Part::Facts([say("protocol-field"), say("protocol-value")], rows)
}

/// A digest that may be broken into lines.
fn broken_up(digest: &str) -> String {
    let letters: Vec<char> = digest.chars().collect();
    letters.chunks(16).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("\u{200b}")
}

fn rulebook(language: Language, of: &Delivered) -> Part {
    let say = |key: &str| text(language, key, &[]);
    let standing = word(language, "conformity-standing", of.standing.as_str());
    let confirmed = word(language, "conformity-confirmed", of.confirmed.as_str());
    let rows = [
        ("protocol-rulebook-title", of.rulebook.clone()),
        ("protocol-rulebook-source", of.source.clone()),
        ("protocol-rulebook-from", of.valid_from.clone()),
        ("protocol-rulebook-standing", standing),
        ("protocol-rulebook-confirmed", confirmed),
    ];
    Part::Facts([say("protocol-field"), say("protocol-value")], rows.map(|(key, value)| [say(key), value]).to_vec())
}

fn table(language: Language, of: &Delivered) -> Part {
    let say = |key: &str| text(language, key, &[]);
    let head = ["conformity-clause", "conformity-asks", "conformity-demand", "conformity-outcome", "conformity-count"];
    let row = |clause: &Clause| {
        let outcome = word(language, "practice", clause.outcome.as_str());
        let waived = match &clause.waiver {
            Some(waiver) if clause.outcome != Outcome::Met => {
                say(if waiver.holds { "protocol-waived" } else { "protocol-waiver-over" })
            }
            _ => String::new(),
        };
        vec![
            clause.clause.clone(),
            clause.title.clone(),
            word(language, "conformity-demand", clause.demand.as_str()),
            format!("{outcome} {waived}").trim().to_owned(),
            if clause.count > 0 { numbers::count(language, clause.count) } else { "–".to_owned() },
        ]
    };
    Part::Table(head.map(say).to_vec(), of.clauses.iter().map(row).collect())
}

/// A clause with how it is mended and where.
fn mended(language: Language, clause: &Clause) -> String {
    let places: Vec<&str> = clause.places.iter().take(PLACES_NAMED).map(String::as_str).collect();
    let more = clause.count.saturating_sub(places.len() as u64);
    let places = match (places.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(" ({})", places.join(", ")),
        (false, more) => {
            let more = text(language, "conformity-more", &[("count", more.into())]);
            format!(" ({} {more})", places.join(", "))
        }
    };
    format!("{} {}: {}{places}", clause.clause, clause.title, clause.remedy)
}

fn waiver(language: Language, clause: &Clause) -> Option<String> {
    let waiver = clause.waiver.as_ref()?;
    let until = dates::day(language, waiver.until);
    let arguments = [("reason", (&waiver.reason).into()), ("until", (&until).into())];
    let key = if waiver.holds { "protocol-waiver" } else { "protocol-waiver-ended" };
    Some(format!("{} {}: {}", clause.clause, clause.title, text(language, key, &arguments)))
}

/// The draft of a letter to the supplier: thanks first, then what is offered, then what is asked. `link` is where the supplier can try as
/// often as they like; empty where there is none.
pub fn supplier_letter(language: Language, of: &Delivered, link: &str) -> Letter {
    let say = |key: &str, arguments: &[(&str, Argument<'_>)]| text(language, key, arguments);
    let (missing, open, optional) = (of.missing(), of.open(), of.optional());
    let delivered = dates::day(language, of.delivered);
    let about = [
        ("product", (&of.product).into()),
        ("file", (&of.file).into()),
        ("day", (&delivered).into()),
        ("rulebook", (&of.rulebook).into()),
        ("source", (&of.source).into()),
        ("reference", (&of.reference).into()),
    ];
    let list = |clauses: &[&Clause]| Part::List(clauses.iter().map(|clause| mended(language, clause)).collect());
    let mut parts = vec![
        Part::Text(say("supplier-to", &[("supplier", (&of.supplier).into())])),
        Part::Text(say("supplier-thanks", &about)),
    ];
    let key = match (of.conformity.as_str(), missing.is_empty(), open.is_empty()) {
        ("", ..) => "supplier-unreadable",
        ("conforms", ..) => "supplier-conforms",
        (_, false, _) => "supplier-missing",
        (_, true, false) => "supplier-nothing-missing",
        // Neither kept nor asked for: what is left is waived.
        (_, true, true) => "supplier-waived",
    };
    parts.push(Part::Text(say(key, &about)));
    if of.conformity.is_empty() {
        parts.push(Part::List(vec![of.reason.clone()]));
    }
    parts.push(Part::Heading(say("supplier-offer", &[])));
    let mut offers = vec![say("supplier-offer-check", &[]), say("supplier-offer-ask", &[])];
    if !link.is_empty() {
        offers.insert(0, say("supplier-offer-link", &[("link", link.into())]));
    }
    if !missing.is_empty() || !open.is_empty() {
        offers.push(say("supplier-offer-settings", &[]));
    }
    parts.push(Part::List(offers));
    if !missing.is_empty() {
        parts.push(Part::Heading(say("supplier-please", &[])));
        parts.push(list(&missing));
    }
    if !open.is_empty() {
        parts.push(Part::Heading(say("supplier-where-there", &[])));
        parts.push(list(&open));
    }
    if !optional.is_empty() {
        parts.push(Part::Heading(say("supplier-optional", &[])));
        parts.push(list(&optional));
    }
    parts.push(Part::Text(say("supplier-upstream", &[])));
    let office = say("house-name", &[]);
    parts.push(Part::Text(say("supplier-regards", &[])));
    Letter { subject: say("supplier-subject", &about), language, office, at: of.at, is_drill: false, parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clause(title: &str, demand: Demand, outcome: Outcome) -> Clause {
        Clause {
            clause: "5.2.2".to_owned(),
            title: title.to_owned(),
            demand,
            outcome,
            count: 5,
            remedy: format!("Mend {title}."),
            places: vec!["/components/0".to_owned()],
            waiver: None,
        }
    }

    fn waived(holds: bool) -> Option<Waived> {
        let (reason, until) = ("agreed until the next release".to_owned(), Timestamp(1_772_668_800_000_000));
        Some(Waived { reason, until, holds })
    }

    fn delivery() -> Delivered {
        let file_names = Clause { waiver: waived(true), ..clause("File names", Demand::Must, Outcome::NotMet) };
        Delivered {
            contract: "S1".to_owned(),
            reference: "2026-114".to_owned(),
            supplier: "Supplier".to_owned(),
            product: "Portal".to_owned(),
            system: "Portal of the tax office".to_owned(),
            document: "D7".to_owned(),
            file: "portal.cdx.json".to_owned(),
            digest: "ab".repeat(32),
            delivered: Timestamp(1_772_000_000_000_000),
            rulebook: "Bills of materials".to_owned(),
            source: "A guideline".to_owned(),
            conformity: "does-not-conform".to_owned(),
            clauses: vec![
                clause("Names", Demand::Must, Outcome::Met),
                clause("Digests", Demand::Must, Outcome::NotMet),
                clause("Addresses", Demand::IfThere, Outcome::NotAssessed),
                clause("Security contacts", Demand::May, Outcome::NotMet),
                file_names,
            ],
            notes: vec![("Seen <b>together</b>.".to_owned(), "ada".to_owned(), Timestamp(1_772_000_000_000_000))],
            at: Timestamp(1_772_000_000_000_000),
            ..Delivered::default()
        }
    }

    #[test]
    fn a_protocol_is_the_same_whenever_it_is_printed() {
        for language in [Language::English, Language::German] {
            let report = protocol(language, &delivery());
            let bytes = crate::pdf::pdf(&report).expect("a PDF");
            assert_eq!(bytes, crate::pdf::pdf(&report).expect("again"), "{language:?}");
            let rows = report.parts.iter().find_map(|part| match part {
                Part::Table(_, rows) => Some(rows.len()),
                _ => None,
            });
            assert_eq!(rows, Some(5), "every clause stands in it");
        }
    }

    #[test]
    fn a_letter_thanks_offers_and_then_asks() {
        let letter = supplier_letter(Language::English, &delivery(), "https://house.example/deliver/abc");
        let words = letter.text();
        let place = |part: &str| words.find(part).unwrap_or_else(|| panic!("{part:?} is missing in {words}"));
        let order = [
            "Thank you",
            "https://house.example/deliver/abc",
            "Mend Digests.",
            "Mend Addresses.",
            "Mend Security contacts.",
        ];
        let places: Vec<usize> = order.map(place).to_vec();
        assert!(places.is_sorted(), "{words}");
        assert!(words.contains("/components/0 and 4 more"), "{words}");
        assert!(!words.contains("Mend File names."), "what is waived is not asked for: {words}");
        assert!(!words.contains("Mend Names."), "{words}");
        let kept = Delivered { clauses: Vec::new(), conformity: "conforms".to_owned(), ..delivery() };
        let words = supplier_letter(Language::English, &kept, "").text();
        assert!(!words.contains("Mend") && !words.contains("/deliver/"), "{words}");
    }

    #[test]
    fn a_waiver_that_has_ended_waives_nothing_and_one_that_holds_asks_for_nothing() {
        use Demand::{IfThere, May, Must};
        use Outcome::{NotAssessed, NotMet};
        for (demand, outcome) in
            [(Must, NotMet), (IfThere, NotMet), (Must, NotAssessed), (IfThere, NotAssessed), (May, NotMet)]
        {
            for holds in [true, false] {
                let file_names = Clause { waiver: waived(holds), ..clause("File names", demand, outcome) };
                let of = Delivered { clauses: vec![file_names], ..delivery() };
                let letter = supplier_letter(Language::English, &of, "").text();
                assert_eq!(letter.contains("Mend File names."), !holds, "{demand:?} {outcome:?}: {letter}");
                if demand == May {
                    continue;
                }
                let is_waived_in_all = letter.contains("What is not there, we have waived");
                assert_eq!(is_waived_in_all, holds, "{demand:?} {outcome:?}: {letter}");
                let parts = format!("{:?}", protocol(Language::English, &of).parts);
                assert_eq!(parts.contains("(waived)"), holds, "{parts}");
                assert_eq!(parts.contains("it no longer counted"), !holds, "{parts}");
            }
        }
    }
}
