// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tokens of programs: each belongs to a person, does at most what that person may, and ends. Only digests are kept.

use serde_json::json;
use underpin_model::Timestamp;
use underpin_model::people::{Grant, Person, PersonId, Reach, Scope};

use crate::access::Access;
use crate::database::Session;
use crate::door::{Digest, Door, NewPerson, PERSON, folded, insert, person};
use crate::ledger::next_number;
use crate::value::{Row, values};
use crate::{LedgerError, registry};

/// A token to make.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its name, which stands in the audit chain.
    pub name: String,
    /// Of its secret.
    pub digest: Digest,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// Where, if not everywhere its person may.
    pub reach: Option<Reach>,
    /// Until when it is good.
    pub ends: Timestamp,
}

/// A token in a list. Its secret is not known to anybody but who has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Number.
    pub number: i64,
    /// Login of its person.
    pub login: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// Where, if not everywhere its person may.
    pub reach: Option<Reach>,
    /// When it was made.
    pub made: Timestamp,
    /// Until when it is good.
    pub ends: Timestamp,
    /// When it was used last, to five minutes.
    pub used: Option<Timestamp>,
    /// When it was ended before its time, if it was.
    pub ended: Option<Timestamp>,
}

/// Who shows a token.
#[derive(Clone, Debug)]
pub struct Bearing {
    /// Its person, with what is left of their grants.
    pub person: Person,
    /// The token.
    pub token: Token,
}

const TOKEN: &str = "api_token.number, api_token.name, api_token.scopes, api_token.reach, api_token.made, api_token.ends, \
                     api_token.used, api_token.ended, person.login";

fn token(row: &Row, from: usize) -> Result<Token, LedgerError> {
    let number = row.integer(from)?;
    let damaged = |error: serde_json::Error| LedgerError::Damaged {
        place: format!("api_token {number}"),
        detail: error.to_string(),
    };
    let reach = row.optional_text(from + 3)?;
    Ok(Token {
        number,
        name: row.text(from + 1)?,
        scopes: serde_json::from_str(row.text_ref(from + 2)?).map_err(damaged)?,
        reach: reach.as_deref().map(serde_json::from_str).transpose().map_err(damaged)?,
        made: row.timestamp(from + 4)?,
        ends: row.timestamp(from + 5)?,
        used: row.optional_timestamp(from + 6)?,
        ended: row.optional_timestamp(from + 7)?,
        login: row.text(from + 8)?,
    })
}

/// What is left of a reach within another one, as the registry stands now. Which of two agencies lies within the other is asked of
/// the one place that knows.
async fn within(
    session: &mut Session,
    now: Timestamp,
    (owner, grant): (&Person, &Grant),
    narrow: &Reach,
) -> Result<Option<Reach>, LedgerError> {
    let alone =
        |reach: &Reach| Person { grants: vec![Grant { role: grant.role, reach: reach.clone() }], ..owner.clone() };
    let contains = |access: &Access, reach: &Reach| match reach {
        Reach::Government => false,
        Reach::Agency(agency) => access.sees_agency(&agency.0),
        Reach::System(system) => access.sees_system(&system.0),
    };
    let (kept, contained) = match (&grant.reach, narrow) {
        (_, Reach::Government) => return Ok(Some(grant.reach.clone())),
        (Reach::Government, _) => return Ok(Some(narrow.clone())),
        (Reach::System(own), Reach::System(other)) => return Ok((own == other).then(|| narrow.clone())),
        (Reach::System(_), Reach::Agency(_)) => (false, false),
        (Reach::Agency(_), _) => {
            let wide = Access::load(session, &alone(&grant.reach).viewer(), now).await?;
            (contains(&wide, narrow), matches!(narrow, Reach::System(_)))
        }
    };
    if kept || contained {
        return Ok(kept.then(|| narrow.clone()));
    }
    let inner = Access::load(session, &alone(narrow).viewer(), now).await?;
    Ok(contains(&inner, &grant.reach).then(|| grant.reach.clone()))
}

impl Door {
    /// Makes a token for a person whose account has not ended. `None` when there is no such account.
    ///
    /// # Errors
    /// [`LedgerError::TakenToken`] when the person ever had one of that name, [`LedgerError::TooLong`], and what the database says.
    pub async fn make_token(
        &self,
        at: Timestamp,
        actor: &str,
        owner: PersonId,
        new: &NewToken,
    ) -> Result<Option<i64>, LedgerError> {
        registry::indexed("the name of the token", &new.name)?;
        let mut change = self.writer(actor).change(at, "make a token").await?;
        let sql = "SELECT login FROM person WHERE number = $1 AND ended IS NULL";
        let Some(row) = change.session.row(sql, values![owner.0]).await? else { return Ok(None) };
        let login = row.text(0)?;
        let sql = "SELECT number FROM api_token WHERE person = $1 AND name = $2";
        if change.session.row(sql, values![owner.0, &new.name]).await?.is_some() {
            return Err(LedgerError::TakenToken(format!("{login}/{}", new.name)));
        }
        let number = next_number(&mut change.session, "api_token", 1).await?;
        let sql = "INSERT INTO api_token (number, person, name, digest, scopes, reach, made, ends, revision) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (at, revision) = (change.at, change.revision);
        let scopes = json!(new.scopes);
        let reach = new.reach.as_ref().map(|reach| json!(reach).to_string());
        let row =
            values![number, owner.0, &new.name, &new.digest, scopes.to_string(), reach.clone(), at, new.ends, revision];
        change.session.execute(sql, row).await?;
        let told =
            json!({ "login": login, "name": new.name, "scopes": scopes, "reach": new.reach, "ends": new.ends.0 });
        change.note("make-token", format!("token {number}"), None, Some(told));
        change.commit().await?;
        Ok(Some(number))
    }

    /// Tokens, those that have ended too: of one person, or of everybody. The first one made comes first.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tokens(&self, owner: Option<PersonId>) -> Result<Vec<Token>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!(
            "SELECT {TOKEN} FROM api_token JOIN person ON person.number = api_token.person \
             WHERE $1 = 0 OR api_token.person = $2 ORDER BY api_token.number"
        );
        let number = owner.map_or(0, |owner| owner.0);
        let rows = session.rows(&sql, values![number, number]).await?;
        rows.iter().map(|row| token(row, 0)).collect()
    }

    /// Ends a token. False when the person has none of that number (any more).
    ///
    /// # Errors
    /// What the database says.
    pub async fn end_token(
        &self,
        at: Timestamp,
        actor: &str,
        owner: PersonId,
        number: i64,
    ) -> Result<bool, LedgerError> {
        let mut change = self.writer(actor).change(at, "end a token").await?;
        let sql = "UPDATE api_token SET ended = $1, revision = $2 WHERE number = $3 AND person = $4 AND ended IS NULL";
        let (at, revision) = (change.at, change.revision);
        if change.session.execute(sql, values![at, revision, number, owner.0]).await? == 0 {
            return Ok(false);
        }
        change.note("end-token", format!("token {number}"), None, None);
        change.commit().await?;
        Ok(true)
    }

    /// Who shows a token: its person with the grants narrowed to the token's scopes and reach, as the registry stands now. `None` when
    /// it is unknown or has ended, or its account has.
    ///
    /// # Errors
    /// What the database says.
    pub async fn bearing(&self, digest: &Digest, now: Timestamp) -> Result<Option<Bearing>, LedgerError> {
        let mut session = self.pool.read().await?;
        let sql = format!(
            "SELECT {PERSON}, {TOKEN} FROM api_token JOIN person ON person.number = api_token.person \
             WHERE api_token.digest = $1 AND api_token.ended IS NULL AND api_token.ends > $2 AND person.ended IS NULL"
        );
        let Some(row) = session.row(&sql, values![digest, now]).await? else { return Ok(None) };
        let (token, owner) = (token(&row, PERSON.split(',').count())?, person(&row)?);
        let mut grants = Vec::new();
        for grant in &owner.grants {
            let Some(role) = Scope::narrowed(&token.scopes, grant.role) else { continue };
            let reach = match &token.reach {
                None => Some(grant.reach.clone()),
                Some(narrow) => within(&mut session, now, (&owner, grant), narrow).await?,
            };
            grants.extend(reach.map(|reach| Grant { role, reach }));
        }
        Ok(Some(Bearing { person: Person { grants, ..owner }, token }))
    }

    /// Keeps that a token was used.
    ///
    /// # Errors
    /// What the database says.
    pub async fn use_token(&self, number: i64, at: Timestamp) -> Result<(), LedgerError> {
        let mut session = self.pool.write().await?;
        session.execute("UPDATE api_token SET used = $1 WHERE number = $2", values![at, number]).await?;
        session.commit().await
    }

    /// Makes the account of a program: nobody signs in with it, it only owns tokens.
    ///
    /// # Errors
    /// [`LedgerError::TakenLogin`], [`LedgerError::TooLong`], and what the database says.
    pub async fn make_service(&self, at: Timestamp, actor: &str, new: &Person) -> Result<PersonId, LedgerError> {
        let login = folded(&new.login);
        registry::indexed("the login", &login)?;
        let mut change = self.writer(actor).change(at, "make an account").await?;
        if change.session.row("SELECT number FROM person WHERE folded = $1", values![&login]).await?.is_some() {
            return Err(LedgerError::TakenLogin(new.login.trim().to_owned()));
        }
        let (grants, level) = (json!(new.grants), crate::standings::secrecy(new.clearance));
        let made = NewPerson { login: new.login.clone(), name: new.name.clone(), password: String::new() };
        let id = insert(&mut change, &made, &login, (&grants.to_string(), level)).await?;
        let told = json!({ "login": new.login.trim(), "name": new.name.trim(), "grants": grants, "secrecy": level,
            "service": true });
        change.note("make-account", format!("person {id}"), None, Some(told));
        change.commit().await?;
        Ok(PersonId(id))
    }
}
