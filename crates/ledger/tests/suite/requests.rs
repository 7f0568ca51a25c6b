// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Requests that are sent again are not done again.

use underpin_ledger::Request;
use underpin_model::Timestamp;

use crate::fixture::on_both;

const OLD: Timestamp = Timestamp(0);

on_both! {
    async fn a_request_is_new_once(store) {
        let door = store.ledger.door();
        let begin = async |who: (&str, &str), asked: u8, now: i64, old: Timestamp| {
            door.begin_request(who, &[asked; 32], (Timestamp(now), old)).await.expect("asked")
        };
        let ada = ("ada/ci", "key-1");
        assert_eq!(begin(ada, 1, 10, OLD).await, Request::New);
        assert_eq!(begin(ada, 1, 11, OLD).await, Request::UnderWay);
        assert_eq!(begin(ada, 2, 11, OLD).await, Request::Another);
        assert_eq!(begin(("bob", "key-1"), 2, 11, OLD).await, Request::New, "keys of others are others");
        assert_eq!(begin(("ada/ci", "key-2"), 1, 11, OLD).await, Request::New);
        door.end_request(ada, Some("{}")).await.expect("kept");
        door.end_request(("ada/ci", "key-2"), None).await.expect("forgotten");
        door.end_request(ada, None).await.expect("kept all the same");
        assert_eq!(begin(ada, 1, 12, OLD).await, Request::Answered("{}".to_owned()));
        assert_eq!(begin(ada, 2, 12, OLD).await, Request::Another);
        assert_eq!(begin(("ada/ci", "key-2"), 3, 12, OLD).await, Request::New);
        assert_eq!(begin(ada, 2, 20, Timestamp(11)).await, Request::New, "old ones are forgotten");
    }
}

on_both! {
    async fn of_many_at_once_one_is_new(store) {
        let door = store.ledger.door();
        let attempts = (0..8).map(|_| {
            let door = door.clone();
            tokio::spawn(async move { door.begin_request(("ada", "k"), &[1; 32], (Timestamp(10), OLD)).await })
        });
        let mut seen = Vec::new();
        for attempt in attempts.collect::<Vec<_>>() {
            seen.push(attempt.await.expect("joined").expect("asked"));
        }
        assert_eq!(seen.iter().filter(|one| **one == Request::New).count(), 1, "{seen:?}");
        assert_eq!(seen.iter().filter(|one| **one == Request::UnderWay).count(), 7, "{seen:?}");
    }
}
