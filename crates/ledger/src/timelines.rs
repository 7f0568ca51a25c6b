// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What is believed about things over time, in memory while it changes: said anew, judged, and then written.
//!
//! A timeline is a row of pieces that do not overlap. A statement from a moment on takes the place of everything behind
//! that moment. Only what differs in the end is written, so that repeating what holds, even piece by piece, writes
//! nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value as Json, json};
use underpin_model::Timestamp;

use crate::change::Change;
use crate::database::Session;
use crate::ledger::next_number;
use crate::value::{Row, Value, values};
use crate::versions::{Content, Kind, Statement, parse};
use crate::{LedgerError, STILL, bulk};

const COLUMNS: &str = "kind, id, owner, secrecy, body, valid_from, valid_until, number FROM registry";

/// Something that holds for a while.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) content: Content,
    pub(crate) from: i64,
    pub(crate) until: i64,
}

/// What is believed about one thing, in the order of time.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// As it is written, with the numbers of the rows.
    stored: Vec<(i64, Piece)>,
    /// As it is to be.
    pub(crate) pieces: Vec<Piece>,
}

/// A difference between what was believed and what is, over a stretch of time; for the audit chain.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) before: Option<Json>,
    pub(crate) after: Option<Json>,
    pub(crate) from: i64,
    pub(crate) until: i64,
}

impl Said {
    /// What it is now, with the stretch where that is not simply from the change on.
    pub(crate) fn after_with_dates(&self, at: Timestamp) -> Option<Json> {
        let mut after = self.after.clone();
        let mut date = |name: &str, moment: i64| {
            if let Json::Object(fields) = after.get_or_insert_with(|| json!({})) {
                fields.insert(name.to_owned(), Json::String(Timestamp(moment).to_string()));
            }
        };
        if self.from != at.0 {
            date("valid_from", self.from);
        }
        if self.until != STILL {
            date("valid_until", self.until);
        }
        after
    }
}

impl Timeline {
    /// Something that was believed and something that is.
    pub(crate) fn between(before: Vec<Piece>, mut after: Vec<Piece>) -> Self {
        let mut stored: Vec<(i64, Piece)> = before.into_iter().map(|piece| (0, piece)).collect();
        stored.sort_by_key(|(_, piece)| piece.from);
        after.sort_by_key(|piece| piece.from);
        Self { stored, pieces: after }
    }

    /// True when more than one thing is to hold at some moment.
    pub(crate) fn overlaps(&self) -> bool {
        self.pieces.array_windows().any(|[one, next]| next.from < one.until)
    }

    /// What differs between what is written and what is to be, of the thing with this name.
    pub(crate) fn said(&self, kind: Kind, id: &str) -> Vec<Said> {
        let said = self.differences().into_iter().map(|(before, after, from, until)| Said {
            kind,
            id: id.to_owned(),
            before: before.map(|content| content.body.clone()),
            after: after.map(|content| content.body.clone()),
            from,
            until,
        });
        said.collect()
    }

    /// Says something from a moment on, or that it ends.
    pub(crate) fn say(&mut self, from: i64, content: Option<&Content>) {
        self.pieces.retain(|piece| piece.from < from);
        let last = self.pieces.last_mut();
        match (last, content) {
            (Some(last), Some(content)) if last.until >= from && last.content == *content => last.until = STILL,
            (last, content) => {
                if let Some(last) = last {
                    last.until = last.until.min(from);
                }
                self.pieces.extend(content.map(|content| Piece { content: content.clone(), from, until: STILL }));
            }
        }
    }

    /// What holds at a moment.
    pub(crate) fn at(&self, moment: i64) -> Option<&Piece> {
        self.pieces.iter().find(|piece| piece.from <= moment && moment < piece.until)
    }

    /// True when something is believed of a moment to come or of now.
    pub(crate) fn reaches(&self, moment: i64) -> bool {
        self.pieces.iter().any(|piece| piece.until > moment)
    }

    /// The stretches of time in which it is there, whatever it is like.
    pub(crate) fn stretches(&self) -> Vec<(i64, i64)> {
        stretches(self.pieces.iter())
    }

    /// True when it is to be there at fewer moments than before.
    pub(crate) fn shrinks(&self) -> bool {
        let now = self.stretches();
        let before = stretches(self.stored.iter().map(|(_, piece)| piece));
        before.iter().any(|(from, until)| !now.iter().any(|(f, u)| f <= from && until <= u))
    }

    /// Takes away what reaches out of the stretches in which something else is there. What has passed by `base` is left.
    pub(crate) fn clip(&mut self, within: &[(i64, i64)], base: i64) {
        self.pieces.retain_mut(|piece| {
            if piece.until <= base {
                return true;
            }
            let begins = piece.from.max(base);
            let around = within.iter().find(|(from, until)| *from <= begins && begins < *until);
            let before = || within.iter().rfind(|(_, until)| *until <= begins && *until > piece.from);
            match around.or_else(before) {
                Some((_, until)) => piece.until = piece.until.min(*until),
                None => return false,
            }
            true
        });
    }

    /// The differences between what is written and what is to be.
    fn differences(&self) -> Vec<(Option<&Content>, Option<&Content>, i64, i64)> {
        let all = self.stored.iter().map(|(_, piece)| piece).chain(&self.pieces);
        let mut moments: Vec<i64> = all.flat_map(|piece| [piece.from, piece.until]).collect();
        moments.sort_unstable();
        moments.dedup();
        let mut differences: Vec<(Option<&Content>, Option<&Content>, i64, i64)> = Vec::new();
        for (from, until) in moments.iter().zip(moments.iter().skip(1)) {
            let stored = self.stored.iter().map(|(_, piece)| piece);
            let before = stored.clone().find(|p| p.from <= *from && *from < p.until).map(|piece| &piece.content);
            let after = self.at(*from).map(|piece| &piece.content);
            if before == after {
                continue;
            }
            match differences.last_mut() {
                Some((was, is, _, end)) if *end == *from && *was == before && *is == after => *end = *until,
                _ => differences.push((before, after, *from, *until)),
            }
        }
        differences
    }
}

fn stretches<'p>(pieces: impl Iterator<Item = &'p Piece>) -> Vec<(i64, i64)> {
    let mut stretches: Vec<(i64, i64)> = Vec::new();
    for piece in pieces {
        match stretches.last_mut() {
            Some((_, until)) if *until >= piece.from => *until = piece.until.max(*until),
            _ => stretches.push((piece.from, piece.until)),
        }
    }
    stretches
}

/// The timelines of the things that a change is about or that it has to look at.
#[derive(Debug, Default)]
pub(crate) struct Timelines {
    all: BTreeMap<Kind, HashMap<String, Timeline>>,
    /// In the order in which they were first spoken of.
    order: Vec<(Kind, String)>,
}

impl Timelines {
    /// The timeline of a thing, empty when nothing is believed about it.
    pub(crate) fn of(&self, kind: Kind, id: &str) -> Option<&Timeline> {
        self.all.get(&kind)?.get(id)
    }

    /// The same to change it.
    pub(crate) fn change(&mut self, kind: Kind, id: &str) -> Option<&mut Timeline> {
        self.all.get_mut(&kind)?.get_mut(id)
    }

    /// All that were looked at of a kind.
    pub(crate) fn kind(&self, kind: Kind) -> impl Iterator<Item = (&String, &Timeline)> {
        self.all.get(&kind).into_iter().flatten()
    }

    /// Reads the timelines of things, unless they are known.
    pub(crate) async fn load<'k>(
        &mut self,
        session: &mut Session,
        kind: Kind,
        ids: impl Iterator<Item = &'k str>,
    ) -> Result<(), LedgerError> {
        let known = self.all.entry(kind).or_default();
        let mut keys = Vec::new();
        for id in ids {
            if !known.contains_key(id) {
                known.insert(id.to_owned(), Timeline::default());
                self.order.push((kind, id.to_owned()));
                keys.push(Value::from(id));
            }
        }
        let head = format!("SELECT {COLUMNS} WHERE revision_until = $1 AND kind = $2 AND id IN");
        let mut rows = Vec::new();
        bulk::select_in(session, &head, "", values![STILL, kind.as_str()], &keys, |row| {
            rows.push(stored(&row)?);
            Ok(())
        })
        .await?;
        self.fill(rows, &HashSet::new());
        Ok(())
    }

    /// Reads the timelines of everything of some kinds that hangs on the owners at some time.
    pub(crate) async fn load_owned(
        &mut self,
        session: &mut Session,
        kinds: [Kind; 2],
        owners: &[Value],
    ) -> Result<(), LedgerError> {
        for kind in kinds {
            let mut ids: Vec<String> = Vec::new();
            let head = "SELECT DISTINCT id FROM registry WHERE revision_until = $1 AND kind = $2 AND owner IN";
            bulk::select_in(session, head, "", values![STILL, kind.as_str()], owners, |row| {
                ids.push(row.text(0)?);
                Ok(())
            })
            .await?;
            self.load(session, kind, ids.iter().map(String::as_str)).await?;
        }
        Ok(())
    }

    /// Reads the timelines of all agencies that are not known yet.
    pub(crate) async fn load_agencies(&mut self, session: &mut Session) -> Result<(), LedgerError> {
        let known: HashSet<String> = self.kind(Kind::Agency).map(|(id, _)| id.clone()).collect();
        let sql = format!("SELECT {COLUMNS} WHERE revision_until = $1 AND kind = $2");
        let mut rows = Vec::new();
        session
            .each(&sql, values![STILL, Kind::Agency.as_str()], |row| {
                rows.push(stored(&row)?);
                Ok(())
            })
            .await?;
        self.fill(rows, &known);
        Ok(())
    }

    fn fill(&mut self, rows: Vec<(Kind, String, i64, Piece)>, known: &HashSet<String>) {
        let mut filled: HashSet<(Kind, String)> = HashSet::new();
        for (kind, id, number, piece) in rows.into_iter().filter(|(_, id, ..)| !known.contains(id)) {
            let things = self.all.entry(kind).or_default();
            if !things.contains_key(&id) {
                self.order.push((kind, id.clone()));
            }
            things.entry(id.clone()).or_default().stored.push((number, piece));
            filled.insert((kind, id));
        }
        for (kind, id) in filled {
            if let Some(timeline) = self.change(kind, &id) {
                timeline.stored.sort_by_key(|(_, piece)| piece.from);
                timeline.pieces = timeline.stored.iter().map(|(_, piece)| piece.clone()).collect();
            }
        }
    }

    /// Says what a statement says. Its thing must have been looked at.
    pub(crate) fn say(&mut self, statement: &Statement) {
        if let Some(timeline) = self.change(statement.kind, &statement.id) {
            timeline.say(statement.valid_from.0, statement.content.as_ref());
        }
    }

    /// Writes what differs; what that was, for the audit chain.
    pub(crate) async fn write(&self, change: &mut Change) -> Result<Vec<Said>, LedgerError> {
        let (mut said, mut closed, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        let mut order: Vec<&(Kind, String)> = self.order.iter().collect();
        order.sort_by_key(|(kind, _)| *kind);
        for (kind, id) in order {
            let Some(timeline) = self.of(*kind, id) else { continue };
            let differences = timeline.said(*kind, id);
            if differences.is_empty() {
                continue;
            }
            said.extend(differences);
            let gone = timeline.stored.iter().filter(|(_, piece)| !timeline.pieces.contains(piece));
            closed.extend(gone.map(|(number, _)| Value::from(*number)));
            let new = timeline.pieces.iter().filter(|piece| timeline.stored.iter().all(|(_, old)| old != *piece));
            rows.extend(new.flat_map(|piece| row(*kind, id, piece, change)));
        }
        change.touches_registry |= !closed.is_empty() || !rows.is_empty();
        let head = "UPDATE registry SET recorded_until = $1, revision_until = $2 WHERE number IN";
        bulk::change_in(&mut change.session, head, "", values![change.at, change.revision], &closed).await?;
        insert(change, rows).await?;
        Ok(said)
    }
}

fn stored(row: &Row) -> Result<(Kind, String, i64, Piece), LedgerError> {
    let (kind, id) = (row.word(0)?, row.text(1)?);
    let body = parse(kind, &id, row.text_ref(4)?)?;
    let content = Content { owner: row.text(2)?, secrecy: row.integer(3)?, body };
    Ok((kind, id, row.integer(7)?, Piece { content, from: row.integer(5)?, until: row.integer(6)? }))
}

const ROW: usize = 12;

fn row(kind: Kind, id: &str, piece: &Piece, change: &Change) -> Vec<Value> {
    values![
        // Its number, given when all rows are known.
        0_i64,
        kind.as_str(),
        id,
        &piece.content.owner,
        piece.content.secrecy,
        piece.content.body.to_string(),
        piece.from,
        piece.until,
        change.at,
        STILL,
        change.revision,
        STILL,
    ]
}

async fn insert(change: &mut Change, mut rows: Vec<Value>) -> Result<(), LedgerError> {
    if rows.is_empty() {
        return Ok(());
    }
    let first = next_number(&mut change.session, "registry", (rows.len() / ROW) as u64).await?;
    for (number, row) in (first..).zip(rows.chunks_exact_mut(ROW)) {
        if let Some(value) = row.first_mut() {
            *value = Value::Integer(number);
        }
    }
    let head = "INSERT INTO registry (number, kind, id, owner, secrecy, body, valid_from, valid_until, recorded_from, \
                recorded_until, revision_from, revision_until)";
    bulk::insert(&mut change.session, head, ROW, "", rows).await?;
    Ok(())
}
