// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The log of reads in the audit chain: of each stretch of notes that was written down together, how many they are, when the first and
//! the last of them were made, and a digest of them.
//!
//! The digest is SHA-256 over the line `underpin-reads-1`, then of each note its number, moment and count of rows, each on a line, and
//! actor, kind and subject, each as its length in bytes, a colon, the text and a line end. When notes are thrown away by rule, their
//! digest stays.

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use underpin_model::{EvidenceId, Timestamp};

use crate::LedgerError;
use crate::database::Session;
use crate::ledger::Reader;
use crate::reads::{self, ReadNote};
use crate::value::values;

/// The action of an entry about a stretch.
pub(crate) const SEAL: &str = "seal-reads";
/// The subject of all entries about the log.
pub(crate) const LOG: &str = "log of reads";

/// What a check of the log of reads found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadsCheck {
    /// Notes that are as the chain says.
    pub sound: u64,
    /// Notes that were thrown away by rule; their digests stay, where they had any.
    pub gone_by_rule: u64,
    /// Notes from before the chain told of them: only their number is known.
    pub unsealed: u64,
    /// What is missing or changed without a rule.
    pub differences: Vec<String>,
}

/// A stretch of notes as the chain tells of it.
struct Stretch {
    first: i64,
    last: i64,
    digest: String,
}

/// A digest that grows with each note.
struct Sum(Sha256);

impl Sum {
    fn new() -> Self {
        Self(Sha256::new_with_prefix("underpin-reads-1\n"))
    }

    fn add(&mut self, number: i64, note: &ReadNote) {
        self.0.update(format!("{number}\n{}\n{}\n", note.at.0, note.rows));
        for text in [&note.actor, &note.kind, &note.subject] {
            self.0.update(format!("{}:{text}\n", text.len()));
        }
    }

    fn end(self) -> String {
        EvidenceId(self.0.finalize().into()).to_string()
    }
}

/// What the chain keeps of a stretch that begins with this number.
pub(crate) fn told(first: i64, notes: &[ReadNote]) -> Json {
    let mut sum = Sum::new();
    let mut last = first;
    for (number, note) in (first..).zip(notes) {
        sum.add(number, note);
        last = number;
    }
    let moments = || notes.iter().map(|note| note.at);
    json!({
        "notes": notes.len(),
        "first": first,
        "last": last,
        "from": moments().min().map(|at| at.to_string()),
        "until": moments().max().map(|at| at.to_string()),
        "digest": sum.end(),
    })
}

/// Entries at which the stretch of a note is looked for: as many as days can wait in memory to be written down.
const LOOKED_AT: i64 = 1_000;

/// The number of the first note of the stretch that holds a note, which is not older than a moment.
pub(crate) async fn first_of_stretch(
    session: &mut Session,
    before: Timestamp,
    number: i64,
) -> Result<Option<i64>, LedgerError> {
    // An entry is as old as the newest note that was written down with its stretch.
    let sql =
        "SELECT after_value FROM audit WHERE subject = $1 AND action = $2 AND moment >= $3 ORDER BY sequence LIMIT $4";
    let mut found = None;
    session
        .each(sql, values![LOG, SEAL, before, LOOKED_AT], |row| {
            let told = stretch(row.text_ref(0)?).filter(|told| (told.first..=told.last).contains(&number));
            found = told.map(|told| told.first).or(found);
            Ok(())
        })
        .await?;
    Ok(found)
}

fn stretch(text: &str) -> Option<Stretch> {
    let told: Json = serde_json::from_str(text).ok()?;
    let digest = told["digest"].as_str()?.to_owned();
    Some(Stretch { first: told["first"].as_i64()?, last: told["last"].as_i64()?, digest })
}

impl Reader {
    /// Holds the log of reads against the audit chain, which must be whole.
    ///
    /// # Errors
    /// [`LedgerError::NotAllowed`] for everybody but the operator, and what the database says.
    pub async fn check_reads(&self) -> Result<ReadsCheck, LedgerError> {
        self.operator_only("check the log of reads")?;
        let mut session = self.pool.read().await?;
        compare(&mut session).await
    }
}

/// Holds the log of reads against the audit chain.
pub(crate) async fn compare(session: &mut Session) -> Result<ReadsCheck, LedgerError> {
    let sql =
        "SELECT after_value FROM audit WHERE subject = $1 AND action = 'forget-reads' ORDER BY sequence DESC LIMIT 1";
    let told = session.row(sql, values![LOG]).await?.map(|row| row.optional_text(0)).transpose()?.flatten();
    let told = told.and_then(|text| serde_json::from_str::<Json>(&text).ok());
    let gone = told.as_ref().and_then(|told| told["up_to"].as_i64()).unwrap_or(0);
    let mut stretches = Vec::new();
    let sql = "SELECT after_value FROM audit WHERE subject = $1 AND action = $2 ORDER BY sequence";
    session
        .each(sql, values![LOG, SEAL], |row| {
            stretches.extend(stretch(row.text_ref(0)?));
            Ok(())
        })
        .await?;
    let given = reads::next(session).await? - 1;
    let told_to = stretches.last().map_or(0, |last| last.last);
    let sealed_from = stretches.first().map_or(given + 1, |first| first.first);
    let mut walk = Walk::over(stretches.into_iter().filter(|stretch| stretch.last > gone).collect());
    let (mut found, mut unsealed) = (0_i64, 0);
    let sql = "SELECT number, moment, actor, kind, subject, read_rows FROM read_note ORDER BY number";
    session
        .each(sql, vec![], |row| {
            let (number, note) = reads::note(&row)?;
            found += 1;
            if number > gone && number < sealed_from {
                unsealed += 1;
            } else {
                walk.meet(number, &note);
            }
            Ok(())
        })
        .await?;
    let (sound, mut differences) = walk.end();
    let expected = given.max(told_to) - gone;
    if found != expected {
        differences.insert(0, format!("the log of reads has {found} notes, and should have {expected}"));
    }
    Ok(ReadsCheck { sound, gone_by_rule: gone.unsigned_abs(), unsealed, differences })
}

/// Notes in their order beside the stretches that the chain tells of.
struct Walk {
    stretches: std::vec::IntoIter<Stretch>,
    present: Option<(Stretch, Sum, u64)>,
    sound: u64,
    differences: Vec<String>,
}

impl Walk {
    fn over(stretches: Vec<Stretch>) -> Self {
        let mut walk = Self { stretches: stretches.into_iter(), present: None, sound: 0, differences: Vec::new() };
        walk.next();
        walk
    }

    /// Judges the present stretch and goes on to the next.
    fn next(&mut self) {
        if let Some((stretch, sum, met)) = self.present.take() {
            let told = stretch.last.abs_diff(stretch.first) + 1;
            let which = format!("notes {} to {} of the log of reads", stretch.first, stretch.last);
            if met < told {
                self.differences.push(format!("of the {which} {} are missing, and no rule took them", told - met));
            } else if sum.end() == stretch.digest {
                self.sound += met;
            } else {
                self.differences.push(format!("the {which} are not what the audit chain says"));
            }
        }
        self.present = self.stretches.next().map(|stretch| (stretch, Sum::new(), 0));
    }

    fn meet(&mut self, number: i64, note: &ReadNote) {
        while self.present.as_ref().is_some_and(|(stretch, ..)| stretch.last < number) {
            self.next();
        }
        match &mut self.present {
            Some((stretch, sum, met)) if stretch.first <= number => {
                sum.add(number, note);
                *met += 1;
            }
            _ => self.differences.push(format!("the audit chain does not tell of note {number} of the log of reads")),
        }
    }

    fn end(mut self) -> (u64, Vec<String>) {
        while self.present.is_some() {
            self.next();
        }
        (self.sound, self.differences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(at: i64, actor: &str, subject: &str) -> ReadNote {
        let text = |text: &str| text.to_owned();
        ReadNote { at: Timestamp(at), actor: text(actor), kind: text("export"), subject: text(subject), rows: 3 }
    }

    #[test]
    fn every_field_and_its_border_counts() {
        let digest = |first, note: ReadNote| told(first, &[note])["digest"].to_string();
        let one = || note(7, "ada", "list findings");
        let same = digest(1, one());
        assert_eq!(same, digest(1, one()));
        for (first, other) in [
            (2, one()),
            (1, note(8, "ada", "list findings")),
            (1, note(7, "ad", "alist findings")),
            (1, ReadNote { rows: 4, ..one() }),
            (1, ReadNote { kind: "sql".to_owned(), ..one() }),
        ] {
            assert_ne!(digest(first, other.clone()), same, "{first} {other:?}");
        }
        let told = told(5, &[note(9, "a", "b"), note(8, "a", "b")]);
        assert_eq!(
            (told["notes"].as_i64(), told["first"].as_i64(), told["last"].as_i64()),
            (Some(2), Some(5), Some(6))
        );
        assert!(told["from"].as_str() < told["until"].as_str(), "{told}");
    }
}
