// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What a document that was handed in conforms to: worked out from its original bytes whenever somebody asks, stored nowhere.
//!
//! Which rulebooks are held against what comes in is a setting of the house. Nothing is refused because of a verdict: a document that does
//! not conform is still evidence of what is in use.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::practices::Outcome;
use underpin_model::rules::{Confirmed, Demand, Standing};
use underpin_model::{DocumentId, DocumentState, EvidenceId, Timestamp};

use super::bill_files::check_bill;
use super::bills::{BillVerdict, Conformity, JudgedBill};
use super::rulebooks::{Rulebook, bill_book};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House, Overview};

/// The table `[acceptance]`: rulebooks that are held against what comes in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AcceptanceRules {
    /// Rulebooks by their names.
    pub rulebooks: Vec<String>,
}

impl Default for AcceptanceRules {
    fn default() -> Self {
        Self { rulebooks: ["bsi-2.1.0", "cisa-2025-draft"].map(str::to_owned).to_vec() }
    }
}

impl AcceptanceRules {
    /// Whether each rulebook is there.
    ///
    /// # Errors
    /// The name of one that is not.
    pub fn check(&self) -> std::result::Result<(), String> {
        let unknown = self.rulebooks.iter().find(|id| bill_book(id).is_err());
        unknown.map_or(Ok(()), |id| Err(format!("there is no rulebook {id:?}")))
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "TextInTwoLanguages")]
pub struct Words {
    /// English.
    pub en: String,
    /// German.
    pub de: String,
}

impl From<&underpin_formats::rulebook::BothLanguages> for Words {
    fn from(texts: &underpin_formats::rulebook::BothLanguages) -> Self {
        Self { en: texts.en.clone(), de: texts.de.clone() }
    }
}

impl Words {
    /// The text in one of them.
    pub fn of(&self, is_german: bool) -> &str {
        if is_german { &self.de } else { &self.en }
    }
}

/// What a document conforms to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConformityAnswer {
    /// Snapshot and time.
    #[serde(flatten)]
    pub overview: Overview,
    /// The document.
    pub document: DocumentId,
    /// Where it lay.
    pub path: String,
    /// SHA-256 of its bytes.
    pub evidence: String,
    /// When it was handed in.
    pub learned: Timestamp,
    /// Held against each rulebook that is switched on.
    pub rulebooks: Vec<RulebookConformity>,
    /// One row for each clause of each rulebook.
    pub rows: Vec<ClauseRow>,
}

/// What a document conforms to after one rulebook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RulebookConformity {
    /// The rulebook.
    pub rulebook: String,
    /// What it is called.
    pub title: Words,
    /// What the text is, as law goes.
    pub standing: Standing,
    /// Whether the text itself was read.
    pub confirmed: Confirmed,
    /// From when it holds.
    pub valid_from: String,
    /// Where it comes from.
    pub source: String,
    /// Where that can be read.
    pub address: String,
    /// What is to be known of it.
    pub note: Option<Words>,
    /// What the document conforms to; absent where nothing could be judged.
    pub conformity: Option<Conformity>,
    /// Stable code of why nothing could be judged; empty where it could.
    pub code: String,
    /// The same in words.
    pub reason: String,
    /// Components in it.
    pub components: usize,
    /// Tool that made it, as stated.
    pub tool: String,
    /// Format and version, as stated.
    pub format: String,
    /// Clauses that must be kept and are not.
    pub not_met: usize,
    /// Clauses that must be kept and cannot be judged.
    pub not_assessed: usize,
}

/// What became of one clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClauseRow {
    /// The rulebook.
    pub rulebook: String,
    /// Where in the text.
    pub clause: String,
    /// The rule.
    pub rule: String,
    /// Grows when the judgement changes.
    pub version: u16,
    /// What the text is that asks for it, as law goes: that of the book that the clause comes from, which an inherited one keeps.
    pub standing: Standing,
    /// Whether that text itself was read.
    pub confirmed: Confirmed,
    /// The text that asks for it.
    pub source: String,
    /// Where that can be read.
    pub address: String,
    /// How strongly the text asks.
    pub demand: Demand,
    /// One of three.
    pub outcome: Outcome,
    /// Components that do not keep it, or cannot be judged; 1 for the document itself.
    pub count: u64,
    /// The first of them.
    pub places: Vec<FaultPlace>,
    /// What it asks, in one line.
    pub title: Words,
    /// What it asks.
    pub text: Words,
    /// How to mend what does not keep it.
    pub remedy: Words,
}

/// Where something does not keep a clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FaultPlace {
    /// Where in the document; empty for the document itself.
    pub place: String,
    /// What stands there instead; empty where nothing does.
    pub fault: String,
}

impl ConformityAnswer {
    /// Fields of a row, in the order of the columns of a file.
    pub const FIELDS: &[&str] = &[
        "rulebook",
        "clause",
        "rule",
        "version",
        "standing",
        "source",
        "demand",
        "outcome",
        "count",
        "places",
        "title.en",
        "title.de",
        "remedy.en",
        "remedy.de",
    ];

    /// Clauses of one rulebook.
    pub fn clauses(&self, rulebook: &str) -> impl Iterator<Item = &ClauseRow> {
        self.rows.iter().filter(move |row| row.rulebook == rulebook)
    }
}

/// Verdicts kept between questions, by the bytes and the rules that they follow from.
type Kept = VecDeque<((EvidenceId, String), Arc<JudgedBill>)>;

/// What was judged last, so that a page and its file do not judge twice. Whether somebody may see a document is asked before.
#[derive(Debug, Default)]
pub(crate) struct KeptVerdicts(Mutex<Kept>);

/// Verdicts that are kept: some kilobytes each.
const KEPT_VERDICTS: usize = 256;

impl KeptVerdicts {
    fn get(&self, key: &(EvidenceId, String)) -> Option<Arc<JudgedBill>> {
        let kept = self.0.lock().ok()?;
        kept.iter().find(|(own, _)| own == key).map(|(_, judged)| Arc::clone(judged))
    }

    fn put(&self, key: (EvidenceId, String), judged: Arc<JudgedBill>) {
        let Ok(mut kept) = self.0.lock() else { return };
        if kept.len() >= KEPT_VERDICTS {
            kept.pop_front();
        }
        kept.push_back((key, judged));
    }
}

/// A name for a rulebook as it is now: another version of one rule is another name.
fn edition(book: &Rulebook) -> String {
    let rules = book.rules.iter().map(|rule| format!("{} {}", rule.id, rule.version));
    format!("{}: {}", book.book.id, rules.collect::<Vec<_>>().join(", "))
}

impl House {
    /// What a document conforms to: the rulebooks that are asked for, else those that the house has switched on.
    ///
    /// # Errors
    /// `not-found` for what is not there or out of sight, `evidence-purged`, `no-rulebook`.
    pub async fn conformity(&self, desk: &Desk, document: &str, asked: &[String]) -> Result<ConformityAnswer> {
        let record = desk.document_called(document)?;
        let ids = if asked.is_empty() { self.settings.acceptance.rulebooks.as_slice() } else { asked };
        let books = ids.iter().map(|id| bill_book(id)).collect::<Result<Vec<_>>>()?;
        if record.state == DocumentState::Purged {
            return Err(OfficeError::new("evidence-purged", format!("{} was purged by four eyes", record.id)));
        }
        let mut answer = ConformityAnswer {
            overview: desk.overview(),
            document: record.id,
            path: record.path.clone(),
            evidence: record.evidence.to_string(),
            learned: record.learned,
            rulebooks: Vec::new(),
            rows: Vec::new(),
        };
        // Also what is kept is given only to who may have the bytes.
        let keys: Vec<_> = books.iter().map(|book| (record.evidence, edition(book))).collect();
        let kept: Vec<_> = keys.iter().map(|key| self.verdicts.get(key)).collect();
        let judged = match kept.into_iter().collect::<Option<Vec<_>>>() {
            Some(judged) => judged,
            None => {
                let bytes = desk.original(record.evidence).await?;
                let judged = check_bill(&record.path, &bytes, &books, self.limits()).await?;
                let judged: Vec<_> = judged.into_iter().map(Arc::new).collect();
                let both = keys.into_iter().zip(&judged);
                both.for_each(|(key, judged)| self.verdicts.put(key, Arc::clone(judged)));
                judged
            }
        };
        for (book, judged) in books.iter().zip(&judged) {
            answer.rulebooks.push(of_rulebook(book, judged));
            answer.rows.extend(clause_rows(book, judged));
        }
        Ok(answer)
    }
}

/// What became of a document as a whole.
pub(super) fn of_rulebook(book: &Rulebook, judged: &JudgedBill) -> RulebookConformity {
    let must = |outcome: Outcome| {
        let must = judged.verdicts.iter().filter(|verdict| verdict.demand != Demand::May);
        must.filter(|verdict| verdict.outcome == outcome).count()
    };
    let about = &book.book;
    RulebookConformity {
        rulebook: about.id.clone(),
        title: (&about.title).into(),
        standing: about.standing,
        confirmed: about.confirmed,
        valid_from: about.valid_from.to_string(),
        source: about.source.name.clone(),
        address: about.source.address.clone(),
        note: about.note.as_ref().map(Words::from),
        conformity: judged.conformity,
        code: judged.code.clone(),
        reason: judged.unreadable.clone().unwrap_or_default(),
        components: judged.components,
        tool: judged.tool.clone(),
        format: judged.format.clone(),
        not_met: must(Outcome::NotMet),
        not_assessed: must(Outcome::NotAssessed),
    }
}

/// Verdicts with what the rules say.
pub(super) fn clause_rows(book: &Rulebook, judged: &JudgedBill) -> Vec<ClauseRow> {
    let row = |verdict: &BillVerdict| {
        let rule = book.rules.iter().find(|rule| rule.id == verdict.rule)?;
        let source = rule.source.as_ref().unwrap_or(&book.book.source);
        let place = |(place, fault): &(String, String)| FaultPlace { place: place.clone(), fault: fault.clone() };
        Some(ClauseRow {
            rulebook: book.book.id.clone(),
            clause: verdict.clause.clone(),
            rule: verdict.rule.clone(),
            version: rule.version,
            standing: rule.standing.unwrap_or(book.book.standing),
            confirmed: rule.confirmed.unwrap_or(book.book.confirmed),
            source: source.name.clone(),
            address: source.address.clone(),
            demand: verdict.demand,
            outcome: verdict.outcome,
            count: verdict.count,
            places: verdict.places.iter().map(place).collect(),
            title: (&rule.title).into(),
            text: (&rule.text).into(),
            remedy: (&rule.remedy).into(),
        })
    };
    judged.verdicts.iter().filter_map(row).collect()
}

impl ClauseRow {
    /// Whether it comes from another text than its book: one that the book inherits, or that the clause names by itself.
    pub fn is_from_elsewhere(&self, book: &RulebookConformity) -> bool {
        (self.standing, self.confirmed) != (book.standing, book.confirmed) || self.source != book.source
    }
}

/// Names and titles of the rules of a shipped rulebook.
///
/// # Errors
/// `no-rulebook`.
pub fn rule_titles(rulebook: &str) -> Result<Vec<(String, Words)>> {
    let book = bill_book(rulebook)?;
    Ok(book.rules.iter().map(|rule| (rule.id.clone(), Words::from(&rule.title))).collect())
}

#[cfg(test)]
mod tests {
    use super::super::inherited::inherited;
    use super::super::rulebooks::shipped;
    use super::*;

    fn judged(rules: &[&str]) -> JudgedBill {
        let verdict = |rule: &&str| BillVerdict {
            rule: (*rule).to_owned(),
            clause: String::new(),
            demand: Demand::Must,
            outcome: Outcome::Met,
            count: 0,
            places: Vec::new(),
        };
        JudgedBill { verdicts: rules.iter().map(verdict).collect(), ..JudgedBill::default() }
    }

    #[test]
    fn an_inherited_clause_keeps_standing_and_source_of_its_own_book() {
        let parent = shipped("ntia-2021").expect("it is shipped");
        let mut heir = shipped("ntia-2021").expect("it is shipped");
        heir.book.id = "house".to_owned();
        heir.book.standing = Standing::Policy;
        heir.book.source.name = "Circular of the office".to_owned();
        heir.rules.retain(|rule| rule.id == "component-version");
        let mut own = heir.rules[0].clone();
        own.id = "of-the-house".to_owned();
        heir.rules.push(own);
        let book = inherited(&parent, heir).expect("it adds");
        // One as it was, one that the heir added to, one of the heir alone.
        let judged = judged(&["component-name", "component-version", "of-the-house"]);
        let (whole, rows) = (of_rulebook(&book, &judged), clause_rows(&book, &judged));
        let found: Vec<_> = rows.iter().map(|row| (row.standing, row.source.as_str())).collect();
        let theirs = (parent.book.standing, parent.book.source.name.as_str());
        assert_eq!(found, [theirs, theirs, (Standing::Policy, "Circular of the office")]);
        assert_eq!(rows.iter().map(|row| row.is_from_elsewhere(&whole)).collect::<Vec<_>>(), [true, true, false]);
    }
}
