// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Tokens of programs: `underpin_`, 43 letters of chance, `_`, and six letters that check the others. The prefix lets scanners find
//! one that was published by mistake, the check lets them be sure without asking this house. Only SHA-256 is kept: 256 bits of
//! chance need no slow hash.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use underpin_ledger::{NewToken, Token};
use underpin_model::people::{Act, Grant, Person, PersonId, Reach, Scope};
use underpin_model::registry::Classification;
use underpin_model::{Timestamp, Viewer};

use super::{NAME_LETTERS, Random, Signed, USED_US, digest};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{House, operator_only};

const PREFIX: &str = "underpin_";
/// Letters for 256 bits in base 62.
const BODY_LETTERS: usize = 43;
const CHECK_LETTERS: usize = 6;
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Days that a token is good for, at most.
pub const TOKEN_LONGEST_DAYS: u32 = 366;
/// Days that a token is good for, when nobody says.
pub const TOKEN_DAYS: u32 = 90;
/// Letters of the name of a token.
const TOKEN_NAME_LETTERS: usize = 60;
/// Tokens of one person that are good at a time.
const TOKENS_OPEN: usize = 50;
const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

/// The secret of a token, shown once. It is never written into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenKey(String);

impl TokenKey {
    fn new(random: &Random) -> Self {
        let body = base62(random, BODY_LETTERS);
        let check = check_letters(&body);
        Self(format!("{PREFIX}{body}_{check}"))
    }

    /// The secret itself.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TokenKey(hidden)")
    }
}

/// A token that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenWish {
    /// Its name: letters, digits, `.`, `_` and `-`. It stands in the audit chain behind the login.
    pub name: String,
    /// What it is for: at least one.
    pub scopes: Vec<Scope>,
    /// Where, if not everywhere its person may.
    pub reach: Option<Reach>,
    /// Days that it is good for.
    pub days: u32,
}

/// A token in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct TokenRow {
    /// Number.
    pub token: i64,
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

impl TokenRow {
    /// Whether it is good at a moment.
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.ends > now
    }
}

impl From<Token> for TokenRow {
    fn from(token: Token) -> Self {
        let Token { number, login, name, scopes, reach, made, ends, used, ended } = token;
        Self { token: number, login, name, scopes, reach, made, ends, used, ended }
    }
}

/// A program that showed a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Who writes: login, `/`, name of the token.
    pub actor: String,
    /// With whose eyes it reads and writes: its person's grants, narrowed to the token's scopes and reach.
    pub viewer: Viewer,
    /// What the token is for. Roles do not tell handing in from reading: ask [`Bearer::may`] beside the viewer.
    pub scopes: Vec<Scope>,
    /// Whose it is.
    pub person: PersonId,
    /// Number of the token.
    pub token: i64,
}

impl Bearer {
    /// True when the scopes and the rights are enough for an act somewhere; storage decides where.
    pub fn may(&self, act: Act) -> bool {
        self.scopes.iter().any(|scope| scope.covers(act)) && self.viewer.may(act)
    }
}

/// The account of a program to make: nobody signs in with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewService {
    /// Login name.
    pub login: String,
    /// Name that others read.
    pub name: String,
    /// What it may do.
    pub grants: Vec<Grant>,
    /// The highest classification it may see.
    pub clearance: Classification,
}

impl House {
    /// The program that shows a secret; `None` when it is unknown or has ended. `wall_now` is the time on the wall.
    ///
    /// # Errors
    /// When the ledger cannot be read or written.
    pub async fn bearer(&self, secret: &str, wall_now: Timestamp) -> Result<Option<Bearer>> {
        // What was mistyped is not looked up.
        if !is_token(secret) {
            return Ok(None);
        }
        let door = self.ledger.door();
        let Some(bearing) = door.bearing(&digest(secret), wall_now).await? else { return Ok(None) };
        let token = bearing.token;
        if token.used.is_none_or(|used| wall_now.0.saturating_sub(used.0) > USED_US) {
            door.use_token(token.number, wall_now).await?;
        }
        Ok(Some(Bearer {
            actor: format!("{}/{}", token.login, token.name),
            viewer: bearing.person.viewer(),
            scopes: token.scopes,
            person: bearing.person.id,
            token: token.number,
        }))
    }

    /// Makes a token for who asks.
    ///
    /// # Errors
    /// `token` for one that cannot be, `taken-token`, `not-found` for an agency or system that is not there for who asks.
    pub async fn make_token(
        &self,
        signed: &Signed,
        wish: &TokenWish,
        now: Timestamp,
        random: Random,
    ) -> Result<(i64, TokenKey)> {
        self.make_token_of(&signed.person, &signed.person.login, wish, (now, random)).await
    }

    /// Makes a token for somebody, as the operator.
    ///
    /// # Errors
    /// `not-allowed`, `not-found` for a login that is not there, and as [`House::make_token`].
    pub async fn make_token_for(
        &self,
        author: &Author,
        login: &str,
        wish: &TokenWish,
        random: Random,
    ) -> Result<(i64, TokenKey)> {
        operator_only(&author.viewer, "make a token for somebody")?;
        let owner = self.account_of(login).await?;
        self.make_token_of(&owner, &author.actor, wish, (author.at, random)).await
    }

    async fn make_token_of(
        &self,
        owner: &Person,
        actor: &str,
        wish: &TokenWish,
        (now, random): (Timestamp, Random),
    ) -> Result<(i64, TokenKey)> {
        check(wish)?;
        self.check_reach(owner, wish.reach.as_ref(), now).await?;
        let door = self.ledger.door();
        let open = door.tokens(Some(owner.id)).await?.into_iter().map(TokenRow::from).filter(|row| row.is_good(now));
        if open.count() >= TOKENS_OPEN {
            let message = format!("{} has {TOKENS_OPEN} tokens that are good; end some first", owner.login);
            return Err(OfficeError::new("token", message));
        }
        let key = TokenKey::new(&random);
        let mut scopes = wish.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        let ends = Timestamp(now.0.saturating_add(i64::from(wish.days) * DAY_US));
        let new = NewToken {
            name: wish.name.clone(),
            digest: digest(key.secret()),
            scopes,
            reach: wish.reach.clone().filter(|reach| *reach != Reach::Government),
            ends,
        };
        let made = door.make_token(now, actor, owner.id, &new).await?;
        Ok((made.ok_or_else(|| nobody(&owner.login))?, key))
    }

    /// A token that is narrowed to what is not there would be one that does nothing, for no visible reason.
    async fn check_reach(&self, owner: &Person, reach: Option<&Reach>, now: Timestamp) -> Result<()> {
        let now = self.fixed_clock().await?.unwrap_or(now);
        let (what, id, is_there) = match reach {
            None | Some(Reach::Government) => return Ok(()),
            Some(Reach::Agency(id)) => {
                let desk = self.desk_as_of(owner.viewer(), now, now).await?;
                ("agency", &id.0, desk.agency(id).is_some())
            }
            Some(Reach::System(id)) => {
                let desk = self.desk_as_of(owner.viewer(), now, now).await?;
                ("system", &id.0, desk.snapshot.systems.iter().any(|system| system.id == *id))
            }
        };
        let missing = || OfficeError::new("not-found", format!("{} sees no {what} {id:?}", owner.login));
        if is_there { Ok(()) } else { Err(missing()) }
    }

    /// The tokens of who asks, those that have ended too.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn own_tokens(&self, signed: &Signed) -> Result<Vec<TokenRow>> {
        let tokens = self.ledger.door().tokens(Some(signed.person.id)).await?;
        Ok(tokens.into_iter().map(TokenRow::from).collect())
    }

    /// The tokens of everybody, or of one login.
    ///
    /// # Errors
    /// `not-allowed` for everybody but the operator, `not-found`.
    pub async fn tokens(&self, viewer: &Viewer, login: Option<&str>) -> Result<Vec<TokenRow>> {
        operator_only(viewer, "list the tokens")?;
        let tokens = self.ledger.door().tokens(None).await?.into_iter().map(TokenRow::from);
        let folded = login.map(|login| login.trim().to_lowercase());
        let own = |row: &TokenRow| folded.as_ref().is_none_or(|login| row.login.to_lowercase() == *login);
        Ok(tokens.filter(own).collect())
    }

    /// Ends a token of who asks.
    ///
    /// # Errors
    /// `not-found` when they have none of that number (any more).
    pub async fn end_own_token(&self, signed: &Signed, token: i64, now: Timestamp) -> Result<()> {
        let ended = self.ledger.door().end_token(now, &signed.person.login, signed.person.id, token).await?;
        if ended { Ok(()) } else { Err(no_token(token)) }
    }

    /// Ends somebody's token: whoever gives accounts takes tokens away, too.
    ///
    /// # Errors
    /// `not-allowed` for who may not give accounts, `not-found`.
    pub async fn end_token_of(&self, signed: &Signed, login: &str, token: i64, now: Timestamp) -> Result<()> {
        if !signed.person.grants.iter().any(|grant| grant.role.may(Act::Admit) && grant.reach == Reach::Government) {
            return Err(OfficeError::new("not-allowed", "only who gives accounts ends the tokens of others"));
        }
        let owner = self.account_of(login).await?;
        let ended = self.ledger.door().end_token(now, &signed.person.login, owner.id, token).await?;
        if ended { Ok(()) } else { Err(no_token(token)) }
    }

    /// Ends somebody's token, as the operator. `token` is its number or its name.
    ///
    /// # Errors
    /// `not-allowed`, `not-found`.
    pub async fn end_token_for(&self, author: &Author, login: &str, token: &str) -> Result<i64> {
        operator_only(&author.viewer, "end somebody's token")?;
        let (door, owner) = (self.ledger.door(), self.account_of(login).await?);
        let own = door.tokens(Some(owner.id)).await?;
        let missing = || {
            OfficeError::new("not-found", format!("{} has no token {token:?} (any more)", owner.login))
                .hint("`underpin people token list` lists them")
        };
        let number = own.iter().find(|one| one.name == token || one.number.to_string() == token).map(|one| one.number);
        let number = number.ok_or_else(missing)?;
        let ended = door.end_token(author.at, &author.actor, owner.id, number).await?;
        if ended { Ok(number) } else { Err(missing()) }
    }

    /// Makes the account of a program. Nobody signs in with it; it only has tokens.
    ///
    /// # Errors
    /// `not-allowed`, `account` for names that cannot be, `taken-login`, `not-found` for an agency that is not there.
    pub async fn make_service(&self, author: &Author, new: &NewService) -> Result<PersonId> {
        operator_only(&author.viewer, "make an account")?;
        for text in [&new.login, &new.name] {
            let letters = text.trim().chars().count();
            if letters == 0 || letters > NAME_LETTERS || text.contains(char::is_control) {
                let message = format!("a name must have 1 to {NAME_LETTERS} letters, on one line");
                return Err(OfficeError::new("account", message));
            }
        }
        self.check_grants(&new.grants, author.at).await?;
        let NewService { login, name, grants, clearance } = new.clone();
        let person = Person { id: PersonId::default(), login, name, grants, clearance, compartments: Vec::new() };
        Ok(self.ledger.door().make_service(author.at, &author.actor, &person).await?)
    }

    async fn account_of(&self, login: &str) -> Result<Person> {
        let account = self.ledger.door().account(login).await?;
        account.map(|account| account.person).ok_or_else(|| nobody(login))
    }
}

fn nobody(login: &str) -> OfficeError {
    OfficeError::new("not-found", format!("nobody has an account with the login {:?}", login.trim()))
        .hint("`underpin people list` lists who has one")
}

fn no_token(number: i64) -> OfficeError {
    OfficeError::new("not-found", format!("there is no token {number} (any more)"))
}

fn check(wish: &TokenWish) -> Result<()> {
    let letter = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let letters = wish.name.chars().count();
    if letters == 0 || letters > TOKEN_NAME_LETTERS || !wish.name.chars().all(letter) {
        let message = format!(
            "the name of a token must have 1 to {TOKEN_NAME_LETTERS} letters out of a-z, A-Z, 0-9, '.', '_' and '-'"
        );
        return Err(OfficeError::new("token", message));
    }
    if wish.scopes.is_empty() {
        return Err(OfficeError::new("token", "a token needs a scope: read, hand-in or work"));
    }
    if !(1..=TOKEN_LONGEST_DAYS).contains(&wish.days) {
        return Err(OfficeError::new("token", format!("a token is good for 1 to {TOKEN_LONGEST_DAYS} days")));
    }
    Ok(())
}

/// Whether a text is written like a token of this house, its check letters included.
pub fn is_token(text: &str) -> bool {
    let Some((body, given)) = text.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_')) else { return false };
    body.len() == BODY_LETTERS && body.bytes().all(|byte| LETTERS.contains(&byte)) && given == check_letters(body)
}

fn check_letters(body: &str) -> String {
    let sum: Random = Sha256::new().chain_update("underpin token\n").chain_update(body).finalize().into();
    base62(&sum, CHECK_LETTERS)
}

/// The last letters of a number (most significant byte first) in base 62.
fn base62(bytes: &Random, letters: usize) -> String {
    let mut number = *bytes;
    let mut out: Vec<u8> = (0..letters)
        .map(|_| {
            let rest = number.iter_mut().fold(0_u32, |rest, byte| {
                let value = rest * 256 + u32::from(*byte);
                // Below 256, for the rest is below 62.
                *byte = (value / 62) as u8;
                value % 62
            });
            LETTERS[rest as usize]
        })
        .collect();
    out.reverse();
    out.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_base_62() {
        let number = |last: u64| {
            let mut bytes = [0; 32];
            bytes[24..].copy_from_slice(&last.to_be_bytes());
            bytes
        };
        for (value, text) in [(0, "000"), (9, "009"), (61, "00z"), (62, "010"), (238_327, "zzz"), (238_328, "000")] {
            assert_eq!(base62(&number(value), 3), text, "{value}");
        }
        // 2^256 - 1 fills 43 letters: no chance is lost.
        assert!(base62(&[255; 32], 43).as_str() > &base62(&[255; 32], 44)[..43]);
        assert_eq!(&base62(&[255; 32], 45)[..2], "00");
    }

    #[test]
    fn a_token_is_told_from_other_texts() {
        let key = TokenKey::new(&[7; 32]);
        assert!(is_token(key.secret()), "{}", key.secret());
        assert_eq!(key.secret().len(), "underpin_".len() + 43 + 1 + 6);
        assert_eq!(format!("{key:?}"), "TokenKey(hidden)");
        let secret = key.secret();
        // One letter changed anywhere is seen.
        for place in PREFIX.len()..secret.len() {
            let mut bytes = secret.as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'a' { b'b' } else { b'a' };
            let changed = String::from_utf8(bytes).expect("letters");
            assert!(!is_token(&changed), "{changed}");
        }
        for other in ["", "underpin_", "underpin__", &secret[1..], &format!("{secret} "), "ghp_0123456789"] {
            assert!(!is_token(other), "{other:?}");
        }
    }

    #[test]
    fn wishes_that_cannot_be_are_refused() {
        let wish = |name: &str, scopes: &[Scope], days| TokenWish {
            name: name.to_owned(),
            scopes: scopes.to_vec(),
            reach: None,
            days,
        };
        let long = "a".repeat(61);
        assert!(check(&wish("ci.build_1-x", &[Scope::Read], 366)).is_ok());
        for (name, scopes, days) in [
            ("", &[Scope::Read][..], 1),
            (long.as_str(), &[Scope::Read], 1),
            ("a/b", &[Scope::Read], 1),
            ("é", &[Scope::Read], 1),
            ("a", &[], 1),
            ("a", &[Scope::Read], 0),
            ("a", &[Scope::Read], 367),
        ] {
            assert_eq!(check(&wish(name, scopes, days)).expect_err("refused").code, "token", "{name} {days}");
        }
    }
}
