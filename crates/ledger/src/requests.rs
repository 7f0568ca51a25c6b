// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Requests of programs that carry a key of their own, so that one that is sent again is not done again.
//!
//! A request is noted before it is done and its answer afterwards. They stand in no audit chain and change no answer.

use underpin_model::Timestamp;

use crate::LedgerError;
use crate::door::{Digest, Door};
use crate::value::values;

/// What is known of a request with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// It is the first one with this key, and noted.
    New,
    /// It was done before; this was the answer.
    Answered(String),
    /// It was begun before and has no answer: it is under way, or its end is not known.
    UnderWay,
    /// The key belongs to another request.
    Another,
}

impl Door {
    /// Notes a request of somebody by its key, unless there is one. Forgets those that began before `old`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin_request(
        &self,
        (actor, name): (&str, &str),
        asked: &Digest,
        (now, old): (Timestamp, Timestamp),
    ) -> Result<Request, LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("DELETE FROM request_answer WHERE began < $1", values![old]).await?;
        // Two at once: the second one waits here for the first one's end of the transaction, and inserts nothing.
        let sql = "INSERT INTO request_answer (actor, name, asked, began, answer) VALUES ($1, $2, $3, $4, '') \
                   ON CONFLICT (actor, name) DO NOTHING";
        let is_new = session.execute(sql, values![actor, name, asked, now]).await? > 0;
        let sql = "SELECT asked, answer FROM request_answer WHERE actor = $1 AND name = $2";
        let row = session.row(sql, values![actor, name]).await?;
        let known = match row {
            _ if is_new => Request::New,
            None => Request::UnderWay,
            Some(row) if row.sha256(0)? != *asked => Request::Another,
            Some(row) => match row.text(1)? {
                answer if answer.is_empty() => Request::UnderWay,
                answer => Request::Answered(answer),
            },
        };
        session.commit().await?;
        Ok(known)
    }

    /// Keeps the answer to a request; without one the request is forgotten, so that it can be sent again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_request(&self, (actor, name): (&str, &str), answer: Option<&str>) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        match answer {
            Some(answer) => {
                let sql = "UPDATE request_answer SET answer = $1 WHERE actor = $2 AND name = $3";
                session.execute(sql, values![answer, actor, name]).await?;
            }
            None => {
                let sql = "DELETE FROM request_answer WHERE actor = $1 AND name = $2 AND answer = ''";
                session.execute(sql, values![actor, name]).await?;
            }
        }
        session.commit().await
    }
}
