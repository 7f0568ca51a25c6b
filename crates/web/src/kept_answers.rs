// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What everybody reads, as bytes: made once, by whoever asks first, and given to all others as long as what it rests on is the very same.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use tokio::sync::OnceCell;
use underpin_model::limits::bounds::{KEPT_ANSWERS, KEPT_ANSWERS_BYTES};

use crate::api::reply::{holds, tag_of};
use crate::error::WebError;
use crate::house::WebHouse;
use crate::pages::Answer;
use crate::visitor::Visitor;

/// For how long a copy of what is public may be shown without asking again.
const PUBLIC_CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// What an answer rests on: as long as it is the very same one, the answer is.
pub(crate) type RestsOn = Arc<dyn Any + Send + Sync>;

/// An answer with a tag.
#[derive(Clone, Debug)]
struct Made {
    headers: HeaderMap,
    body: Bytes,
    tag: String,
}

struct Kept {
    key: String,
    rests_on: RestsOn,
    answer: Arc<OnceCell<Made>>,
}

/// Answers that everybody gets, the newest last.
#[derive(Default)]
pub(crate) struct KeptAnswers {
    kept: Mutex<VecDeque<Kept>>,
    made: AtomicU64,
}

impl KeptAnswers {
    /// How many answers were made since the house was opened.
    pub(crate) fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of an answer; an empty one where it is not made yet, or what it rested on is another.
    fn place(&self, key: &str, rests_on: &RestsOn) -> Arc<OnceCell<Made>> {
        let mut kept = self.lock();
        match kept.iter().find(|one| one.key == key) {
            Some(one) if Arc::ptr_eq(&one.rests_on, rests_on) => return Arc::clone(&one.answer),
            Some(_) => kept.retain(|one| one.key != key),
            None => {}
        }
        let answer = Arc::new(OnceCell::new());
        kept.push_back(Kept { key: key.to_owned(), rests_on: Arc::clone(rests_on), answer: Arc::clone(&answer) });
        answer
    }

    /// Lets go of the oldest ones beyond the bounds.
    fn bound(&self) {
        let mut kept = self.lock();
        let size = |one: &Kept| one.answer.get().map_or(0, |made| made.body.len());
        let mut bytes: usize = kept.iter().map(size).sum();
        while kept.len() > KEPT_ANSWERS || bytes > KEPT_ANSWERS_BYTES {
            let Some(oldest) = kept.pop_front() else { break };
            bytes -= size(&oldest);
        }
    }

    fn forget(&self, answer: &Arc<OnceCell<Made>>) {
        self.lock().retain(|one| !Arc::ptr_eq(&one.answer, answer));
    }

    async fn get(&self, key: &str, rests_on: &RestsOn, make: impl Future<Output = Answer>) -> Result<Made, WebError> {
        let place = self.place(key, rests_on);
        let made = place
            .get_or_try_init(|| async {
                self.made.fetch_add(1, Ordering::Relaxed);
                made_of(make.await?).await
            })
            .await
            .cloned();
        match &made {
            Ok(_) => self.bound(),
            // A fault is nobody's answer: who asks next tries again.
            Err(_) => self.forget(&place),
        }
        made
    }
}

async fn made_of(response: Response) -> Result<Made, WebError> {
    let (mut parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .map_err(|_| WebError::new(StatusCode::INTERNAL_SERVER_ERROR, "export"))?;
    let tag = tag_of(&[&body]);
    parts.headers.insert(header::CACHE_CONTROL, PUBLIC_CACHE);
    if let Ok(value) = tag.parse() {
        parts.headers.insert(header::ETAG, value);
    }
    Ok(Made { headers: parts.headers, body, tag })
}

/// What somebody without an account gets at an address, in their language: `make` is waited for only where nobody asked before.
pub(crate) async fn for_everybody(
    house: &WebHouse,
    (visitor, headers): (&Visitor, &HeaderMap),
    rests_on: RestsOn,
    make: impl Future<Output = Answer>,
) -> Answer {
    let asked = visitor.uri.path_and_query().map_or("/", |path| path.as_str());
    let key = format!("{} {} {asked}", visitor.language.code(), visitor.awaits_factor);
    given(house.kept_answers.get(&key, &rests_on, make).await?, headers)
}

/// The same for a file, which is one for all, signed in or not.
pub(crate) async fn file_for_everybody(
    house: &WebHouse,
    (path, headers): (&str, &HeaderMap),
    rests_on: RestsOn,
    make: impl Future<Output = Answer>,
) -> Answer {
    given(house.kept_answers.get(path, &rests_on, make).await?, headers)
}

/// The answer; whoever has it already is told that it is still the same.
fn given(made: Made, asked: &HeaderMap) -> Answer {
    let has_it = asked.get_all(header::IF_NONE_MATCH).iter().any(|list| holds(list, &made.tag));
    let mut response = Response::new(if has_it { Body::empty() } else { Body::from(made.body) });
    *response.headers_mut() = made.headers;
    if has_it {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    async fn say(text: &str) -> Answer {
        Ok(text.to_owned().into_response())
    }

    #[tokio::test]
    async fn many_who_come_first_make_it_once_and_what_it_rests_on_makes_it_anew() {
        let kept = KeptAnswers::default();
        let (one, other): (RestsOn, RestsOn) = (Arc::new(1), Arc::new(1));
        let slow = async || {
            tokio::task::yield_now().await;
            say("first").await
        };
        let all = futures::future::join_all((0..8).map(|_| kept.get("/a", &one, slow()))).await;
        assert!(all.iter().all(|made| made.as_ref().is_ok_and(|made| made.body == "first")));
        assert_eq!(kept.made(), 1);
        assert_eq!(kept.get("/a", &one, say("never")).await.expect("an answer").body, "first");
        assert_eq!(kept.get("/a", &other, say("second")).await.expect("an answer").body, "second");
        assert_eq!(kept.made(), 2, "an equal one is not the very same");
    }

    #[tokio::test]
    async fn a_fault_is_not_kept_and_the_oldest_go_first() {
        let kept = KeptAnswers::default();
        let one: RestsOn = Arc::new(1);
        let fault = async { Err(WebError::not_found()) };
        assert!(kept.get("/a", &one, fault).await.is_err());
        assert_eq!(kept.lock().len(), 0);
        for number in 0..=KEPT_ANSWERS {
            kept.get(&format!("/{number}"), &one, say("x")).await.expect("an answer");
        }
        assert_eq!(kept.lock().len(), KEPT_ANSWERS);
        assert_eq!(kept.lock().front().map(|one| one.key.clone()).as_deref(), Some("/1"));
        let large = "x".repeat(KEPT_ANSWERS_BYTES + 1);
        kept.get("/large", &one, say(&large)).await.expect("an answer");
        assert_eq!(kept.lock().len(), 0, "what is too large to keep is given and let go");
    }
}
