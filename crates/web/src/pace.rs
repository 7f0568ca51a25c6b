// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How often somebody may ask: programs in all, questions in SQL, and who shows keys that are none. (Passwords and codes are counted
//! in the ledger, where a new start forgets nothing.)
//!
//! Each is a bucket that holds what is allowed in a minute and fills up evenly (the generic cell rate algorithm: one number a bucket).
//! Buckets lie in memory, bounded: full ones are forgotten first, for a new one is full, too.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use underpin_model::limits::bounds::{PACE_BUCKETS, PACE_SHARDS};
use underpin_model::people::PersonId;
use underpin_model::{Limits, Timestamp};

use crate::api::problem::Problem;
use crate::caller::shown;
use crate::error::WebError;
use crate::house::WebHouse;
use crate::origin::Peer;
use crate::reads::AskedBy;

const MINUTE_US: i64 = 60_000_000;
const SECOND_US: i64 = 1_000_000;
/// For how long a key that was good is known without being looked at.
const GOOD_US: i64 = 10 * MINUTE_US;
/// Where programs ask.
const PROGRAMS: &str = "/api/";
/// Addresses that hold a key: whoever tries keys guesses.
const LINKS: [&str; 4] = ["/answer/", "/deliver/", "/upload/", "/welcome/"];

/// What is counted, and whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Requests of programs and with links, from a network address.
    Address(IpAddr),
    /// Keys from a network address that are none.
    WrongKeys(IpAddr),
    /// Requests of a person's programs.
    Person(PersonId),
    /// A person's questions in SQL.
    Questions(PersonId),
    /// Comments of everybody, from a network address; those whose address is not known are counted together.
    Comments(Option<IpAddr>),
    /// A key that was good: who shows it does not guess. The digest of the key.
    GoodKey(u64),
}

impl Whose {
    /// How many are allowed in a minute.
    fn a_minute(self, limits: &Limits) -> u64 {
        match self {
            Self::Address(_) => limits.address_requests_a_minute,
            Self::WrongKeys(_) => limits.wrong_keys_a_minute,
            Self::Person(_) => limits.person_requests_a_minute,
            Self::Questions(_) => limits.sql_questions_a_minute,
            Self::Comments(_) => limits.comments_a_minute,
            // It is remembered, not counted.
            Self::GoodKey(_) => u64::MAX,
        }
    }
}

/// Asked too often; good again after that many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooOften(pub u64);

/// All buckets: when each will be full again, by its digest.
pub struct Paces {
    state: RandomState,
    shards: Vec<Mutex<HashMap<u64, i64>>>,
    buckets: usize,
}

impl Default for Paces {
    fn default() -> Self {
        Self::holding(PACE_BUCKETS)
    }
}

impl Paces {
    /// So many buckets at most.
    fn holding(buckets: usize) -> Self {
        let shards = (0..PACE_SHARDS).map(|_| Mutex::default()).collect();
        Self { state: RandomState::new(), shards, buckets: (buckets / PACE_SHARDS).max(1) }
    }

    /// The digest of a key, good as long as the program runs.
    fn digest(&self, key: &str) -> u64 {
        self.state.hash_one(key)
    }

    /// Takes one out of a bucket.
    ///
    /// # Errors
    /// When it is empty; nothing is taken then.
    pub fn take(&self, whose: Whose, limits: &Limits, now: Timestamp) -> Result<(), TooOften> {
        self.draw(whose, limits, now, true)
    }

    /// Whether one could be taken.
    ///
    /// # Errors
    /// When the bucket is empty.
    pub fn look(&self, whose: Whose, limits: &Limits, now: Timestamp) -> Result<(), TooOften> {
        self.draw(whose, limits, now, false)
    }

    /// Remembers a key that was good.
    fn remember(&self, key: Whose, now: Timestamp) {
        let digest = self.state.hash_one(key);
        let mut shard = self.shard(digest).lock().unwrap_or_else(PoisonError::into_inner);
        self.put(&mut shard, (digest, now.0.saturating_add(GOOD_US)), now);
    }

    fn put(&self, shard: &mut HashMap<u64, i64>, (digest, until): (u64, i64), now: Timestamp) {
        if shard.len() >= self.buckets && !shard.contains_key(&digest) {
            make_room(shard, now);
        }
        shard.insert(digest, until);
    }

    /// Whether a key was good lately.
    fn knows(&self, whose: Whose, now: Timestamp) -> bool {
        let digest = self.state.hash_one(whose);
        self.shard(digest).lock().unwrap_or_else(PoisonError::into_inner).get(&digest).is_some_and(|full| *full > now.0)
    }

    fn shard(&self, digest: u64) -> &Mutex<HashMap<u64, i64>> {
        // As many shards as there are remainders.
        &self.shards[digest as usize % self.shards.len()]
    }

    fn draw(&self, whose: Whose, limits: &Limits, now: Timestamp, takes: bool) -> Result<(), TooOften> {
        let step = MINUTE_US / i64::try_from(whose.a_minute(limits)).unwrap_or(i64::MAX).max(1);
        let digest = self.state.hash_one(whose);
        let mut shard = self.shard(digest).lock().unwrap_or_else(PoisonError::into_inner);
        // What lies further ahead than a bucket can is from before the clock was set back: it must not lock anybody out.
        let known = shard.get(&digest).copied().filter(|full| full.saturating_sub(now.0) <= MINUTE_US);
        let full = known.unwrap_or(now.0).max(now.0).saturating_add(step.max(1));
        let over = full - now.0 - MINUTE_US;
        if over > 0 {
            return Err(TooOften((over as u64).div_ceil(SECOND_US as u64)));
        }
        if takes {
            self.put(&mut shard, (digest, full), now);
        }
        Ok(())
    }

    /// How many buckets are kept.
    #[cfg(test)]
    fn kept(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().map_or(0, |shard| shard.len())).sum()
    }
}

/// Forgets full buckets; when few are, also the fuller half of the others, so that room is not made again for each newcomer.
fn make_room(shard: &mut HashMap<u64, i64>, now: Timestamp) {
    let held = shard.len();
    shard.retain(|_, full| *full > now.0);
    if shard.len() > held / 2 {
        let mut all: Vec<i64> = shard.values().copied().collect();
        let half = all.len() / 2;
        let (_, middle, _) = all.select_nth_unstable(half);
        let middle = *middle;
        shard.retain(|_, full| *full > middle);
    }
}

/// A network address as it is counted: who has one of version 6 has all of its network (RFC 6177).
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        address => address,
    }
}

/// Sends away who asks too often from a network address, and who guesses keys there.
pub async fn hold(State(house): State<Arc<WebHouse>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_program = path.starts_with(PROGRAMS);
    if !is_program && !LINKS.iter().any(|start| path.starts_with(start)) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let Ok(peer) = Peer::from_request_parts(&mut parts, &()).await;
    let Some(address) = peer.address().map(counted) else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let (limits, paces, now) = (house.house.limits(), &house.paces, house.wall_clock());
    let key = if is_program { key(&parts.headers) } else { Some(parts.uri.path()) };
    let key = key.map(|key| Whose::GoodKey(paces.digest(key)));
    let guesses = key.is_some_and(|key| !paces.knows(key, now));
    let may = paces.take(Whose::Address(address), limits, now);
    let may = may.and_then(|()| if guesses { paces.look(Whose::WrongKeys(address), limits, now) } else { Ok(()) });
    if let Err(wait) = may {
        return if is_program { wait.problem().into_response() } else { wait.page().into_response() };
    }
    let by = parts.extensions.get::<AskedBy>().cloned().unwrap_or_default();
    let response = next.run(Request::from_parts(parts, body)).await;
    let wrong = if is_program { StatusCode::UNAUTHORIZED } else { StatusCode::NOT_FOUND };
    let now = house.wall_clock();
    match key {
        // What is over is refused the next time.
        Some(_) if response.status() == wrong => _ = paces.take(Whose::WrongKeys(address), limits, now),
        // What asks for no key says nothing about one.
        Some(key) if is_good(is_program, &by, response.status()) => paces.remember(key, now),
        _ => {}
    }
    response
}

/// Whether an answer shows that the key was good.
fn is_good(is_program: bool, by: &AskedBy, status: StatusCode) -> bool {
    if is_program { by.0.get().is_some() } else { matches!(status, StatusCode::OK | StatusCode::SEE_OTHER) }
}

/// The key that a program shows.
fn key(headers: &HeaderMap) -> Option<&str> {
    match shown(headers) {
        Ok(key) => key,
        // What cannot be read is wrong, too.
        Err(_) => Some(""),
    }
}

impl TooOften {
    /// As programs are told.
    pub fn problem(self) -> Problem {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often")
            .detail("these are more requests than this house takes in a minute")
            .hint("wait for the seconds that Retry-After says, then go on more slowly; limits says what is allowed")
            .header(header::RETRY_AFTER, &self.0.to_string())
    }

    /// As people are told.
    pub fn page(self) -> WebError {
        WebError::new(StatusCode::TOO_MANY_REQUESTS, "too-often").after(u16::try_from(self.0).unwrap_or(u16::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { person_requests_a_minute: 60, ..Limits::default() }
    }

    fn after(seconds: i64) -> Timestamp {
        Timestamp(1_000 * MINUTE_US + seconds * SECOND_US)
    }

    #[test]
    fn a_bucket_holds_a_minute_and_fills_up_evenly() {
        let (paces, limits, ada) = (Paces::default(), limits(), Whose::Person(PersonId(1)));
        for nth in 0..60 {
            assert_eq!(paces.take(ada, &limits, after(0)), Ok(()), "{nth}");
        }
        assert_eq!(paces.take(ada, &limits, after(0)), Err(TooOften(1)));
        assert_eq!(paces.look(ada, &limits, after(0)), Err(TooOften(1)));
        // Being refused costs nothing, and others are not held up.
        assert_eq!(paces.take(Whose::Person(PersonId(2)), &limits, after(0)), Ok(()));
        assert_eq!(paces.take(Whose::Questions(PersonId(1)), &limits, after(0)), Ok(()));
        for _ in 0..2 {
            assert_eq!(paces.take(ada, &limits, after(2)), Ok(()));
        }
        assert!(paces.take(ada, &limits, after(2)).is_err());
        let many = (0..100).filter(|_| paces.take(ada, &limits, after(90)).is_ok()).count();
        assert_eq!(many, 60, "never more than a minute's");
        // A clock that is set back locks nobody out.
        assert_eq!(paces.take(ada, &limits, after(-100_000)), Ok(()));
    }

    #[test]
    fn memory_is_bounded_and_who_waits_still_waits() {
        let (paces, limits) = (Paces::holding(PACE_SHARDS * 100), limits());
        let ada = Whose::Person(PersonId(0));
        while paces.take(ada, &limits, after(0)).is_ok() {}
        for number in 1..50_000 {
            assert_eq!(paces.take(Whose::Person(PersonId(number)), &limits, after(0)), Ok(()));
        }
        assert!(paces.kept() <= PACE_SHARDS * 100, "{}", paces.kept());
        assert!(paces.take(ada, &limits, after(0)).is_err(), "the emptiest bucket is kept longest");
    }

    #[test]
    fn a_network_of_version_6_is_one_address() {
        for (given, expected) in
            [("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"), ("::ffff:192.0.2.7", "192.0.2.7"), ("192.0.2.7", "192.0.2.7")]
        {
            assert_eq!(counted(given.parse().expect("an address")).to_string(), expected);
        }
    }

    #[test]
    fn fifty_that_hand_in_and_fifty_that_read_are_not_held_up() {
        let (paces, limits) = (Paces::default(), Limits::default());
        let address = Whose::Address("192.0.2.7".parse().expect("an address"));
        // Each of fifty hands in eight documents a second, each of fifty reads four lists a second, for a minute.
        for second in 0..60 {
            for _ in 0..50 * 8 {
                assert_eq!(paces.take(Whose::Person(PersonId(1)), &limits, after(second)), Ok(()));
                assert_eq!(paces.take(address, &limits, after(second)), Ok(()));
            }
            for _ in 0..50 * 4 {
                assert_eq!(paces.take(Whose::Person(PersonId(2)), &limits, after(second)), Ok(()));
                assert_eq!(paces.take(address, &limits, after(second)), Ok(()));
            }
        }
    }
}
