// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A walk over many rows, page by page. Where a walk stands is told by its cursor: the question, the moment that it is about, how
//! many rows there were, and the last one that was given. All pages of a walk are about one moment. When what was written
//! meanwhile would make them disagree all the same (a change of the past, a purge), the walk ends with 410.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use underpin_model::Timestamp;

use super::problem::Problem;
use super::reply::short_digest;

/// How many there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// So many.
    Exact(u64),
    /// So many were seen, and there may be more.
    AtLeast(u64),
}

/// Where a page stands among all rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PageInfo {
    /// Rows in all.
    pub total: Total,
    /// Cursor of the next page; null at the end.
    pub next: Option<String>,
}

/// An answer whose rows come page by page.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "{A}Page")]
pub struct Paged<A> {
    /// The answer, with the rows of this page.
    #[serde(flatten)]
    pub answer: A,
    /// Where this page stands.
    pub page: PageInfo,
}

/// A walk, as far as it is known before its rows are.
#[derive(Clone, Debug)]
pub struct Walk {
    /// Rows of a page at most.
    pub limit: usize,
    /// The moment that all pages are about, once there was a first one.
    pub moment: Option<Timestamp>,
    /// Digest of the question and of who asks it.
    question: String,
    seen: Seen,
}

/// What earlier pages gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Seen {
    rows: u64,
    total: u64,
    last: String,
}

impl Walk {
    /// A walk from its beginning, or from where a cursor says.
    ///
    /// # Errors
    /// `cursor` for a text that is no cursor of this question and caller.
    pub fn new(question: String, limit: usize, cursor: Option<&str>) -> Result<Self, Problem> {
        let Some(cursor) = cursor else {
            return Ok(Self { limit, moment: None, question, seen: Seen::default() });
        };
        let broken = || {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "cursor")
                .detail("this is no cursor of this question")
                .hint("take `page.next` of the answer before as it is, and ask with the same parameters")
        };
        let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or_else(broken)?;
        let (body, check) = text.rsplit_once('.').ok_or_else(broken)?;
        if check != checked(body, &question) {
            return Err(broken());
        }
        let parts: Vec<&str> = body.split('.').collect();
        let [moment, rows, total, last] = parts.as_slice() else { return Err(broken()) };
        let number = |text: &str| text.parse::<u64>().map_err(|_| broken());
        let seen = Seen { rows: number(rows)?, total: number(total)?, last: (*last).to_owned() };
        let moment = moment.parse().map(Timestamp).map_err(|_| broken())?;
        Ok(Self { limit, moment: Some(moment), question, seen })
    }

    /// How many rows earlier pages gave.
    pub fn offset(&self) -> u64 {
        self.seen.rows
    }

    /// The page of rows that are all at hand.
    ///
    /// # Errors
    /// `cursor-stale` when these are not the rows that earlier pages were cut from.
    pub fn cut<T: Serialize>(&self, moment: Timestamp, rows: Vec<T>) -> Result<(Vec<T>, PageInfo), Problem> {
        let total = rows.len() as u64;
        let from = self.seen.rows.saturating_sub(1);
        let skipped = usize::try_from(from).unwrap_or(usize::MAX);
        self.cut_from(moment, total, rows.into_iter().skip(skipped).take(self.limit + 1).collect())
    }

    /// The same of rows that begin with the last one of the page before, if there was one: see [`Walk::window`].
    ///
    /// # Errors
    /// As [`Walk::cut`].
    pub fn cut_from<T: Serialize>(
        &self,
        moment: Timestamp,
        total: u64,
        mut rows: Vec<T>,
    ) -> Result<(Vec<T>, PageInfo), Problem> {
        if self.seen.rows > 0 {
            let is_same = rows.first().is_some_and(|row| digest(row) == self.seen.last) && total == self.seen.total;
            if !is_same {
                return Err(stale());
            }
            rows.remove(0);
        }
        rows.truncate(self.limit);
        let given = self.seen.rows + rows.len() as u64;
        let next = rows.last().filter(|_| given < total).map(|last| {
            let body = format!("{}.{given}.{total}.{}", moment.0, digest(last));
            URL_SAFE_NO_PAD.encode(format!("{body}.{}", checked(&body, &self.question)))
        });
        Ok((rows, PageInfo { total: Total::Exact(total), next }))
    }

    /// Which rows [`Walk::cut_from`] wants: from where, and how many.
    pub fn window(&self) -> (u64, usize) {
        match self.seen.rows {
            0 => (0, self.limit),
            rows => (rows - 1, self.limit + 1),
        }
    }
}

fn stale() -> Problem {
    Problem::new(StatusCode::GONE, "cursor-stale")
        .detail("what was written meanwhile changes pages that were given before")
        .hint("begin again without a cursor")
}

fn digest(row: &impl Serialize) -> String {
    short_digest(&[&serde_json::to_vec(row).unwrap_or_default()])
}

fn checked(body: &str, question: &str) -> String {
    short_digest(&[b"cursor", body.as_bytes(), question.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp(7);

    fn walk(limit: usize, cursor: Option<&str>) -> Walk {
        Walk::new("q".to_owned(), limit, cursor).expect("a walk")
    }

    #[test]
    fn pages_of_a_walk_are_all_rows_once() {
        for (count, limit) in [(0_u32, 3), (1, 3), (3, 3), (7, 3), (9, 1), (4, 100)] {
            let all: Vec<u32> = (0..count).collect();
            let (mut given, mut cursor, mut pages) = (Vec::new(), None, 0);
            loop {
                let walk = walk(limit, cursor.as_deref());
                assert_eq!(walk.moment, cursor.as_ref().map(|_| AT));
                let (rows, page) = walk.cut(AT, all.clone()).expect("a page");
                assert_eq!(page.total, Total::Exact(u64::from(count)));
                let (from, many) = walk.window();
                let window = all.iter().copied().skip(from as usize).take(many).collect();
                assert_eq!(walk.cut_from(AT, u64::from(count), window).expect("a page"), (rows.clone(), page.clone()));
                given.extend(rows);
                pages += 1;
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(given, all);
            assert_eq!(pages, (count as usize).div_ceil(limit).max(1));
        }
    }

    #[test]
    fn a_walk_that_would_disagree_with_itself_ends() {
        let (_, page) = walk(2, None).cut(AT, vec![1, 2, 3, 4]).expect("a page");
        let next = walk(2, page.next.as_deref());
        assert!(next.cut(AT, vec![1, 2, 3, 4]).is_ok());
        for others in [vec![1, 2, 3], vec![1, 9, 3, 4], vec![0, 1, 2, 3, 4], vec![]] {
            let problem = next.cut(AT, others.clone()).expect_err("stale");
            assert_eq!((problem.status, problem.code), (StatusCode::GONE, "cursor-stale"), "{others:?}");
        }
    }

    #[test]
    fn a_cursor_of_another_question_is_none() {
        let (_, page) = walk(2, None).cut(AT, vec![1, 2, 3]).expect("a page");
        let cursor = page.next.expect("a cursor");
        assert!(Walk::new("other".to_owned(), 2, Some(&cursor)).is_err());
        for place in 0..cursor.len() {
            let mut bytes = cursor.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("letters");
            assert!(changed == cursor || Walk::new("q".to_owned(), 2, Some(&changed)).is_err(), "{changed}");
        }
        for text in ["", "a", "%", "AAAA"] {
            assert!(Walk::new("q".to_owned(), 2, Some(text)).is_err(), "{text}");
        }
    }
}
