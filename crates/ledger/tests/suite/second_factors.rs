// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! One-time codes: a secret counts once confirmed, a step and a recovery code count once.

use underpin_model::Timestamp;

use crate::accounts::account;
use crate::fixture::on_both;

const OLD: Timestamp = Timestamp(0);

on_both! {
    async fn a_secret_counts_once_it_is_confirmed(store) {
        let (door, ada) = (store.ledger.door(), account(store, 100, "ada").await);
        let person = door.account("ada").await.expect("asked").expect("an account").person;
        assert!(door.factor(ada).await.expect("asked").is_none());
        assert!(!door.confirm_factor(Timestamp(110), &person, 5, &[]).await.expect("asked"), "nothing is proposed");
        door.propose_factor(ada, &[1; 32]).await.expect("proposed");
        door.propose_factor(ada, &[2; 32]).await.expect("proposed");
        let factor = door.factor(ada).await.expect("asked").expect("a secret");
        assert_eq!((factor.salt, factor.is_confirmed), ([2; 32], false));
        assert!(!door.use_step(ada, 6).await.expect("asked"), "a proposed one opens nothing");
        assert!(door.confirm_factor(Timestamp(120), &person, 5, &[[7; 32], [8; 32]]).await.expect("confirmed"));
        assert!(!door.confirm_factor(Timestamp(130), &person, 9, &[]).await.expect("asked"));
        door.propose_factor(ada, &[3; 32]).await.expect("asked");
        let factor = door.factor(ada).await.expect("asked").expect("a secret");
        assert_eq!((factor.salt, factor.is_confirmed), ([2; 32], true), "a confirmed one stays");
        assert!(!format!("{factor:?}").contains('2'), "a secret is not printed");
        assert_eq!(store.reader().integrity_check().await.expect("a check"), Vec::<String>::new());
    }

    async fn no_code_counts_twice(store) {
        let (door, ada) = (store.ledger.door(), account(store, 100, "ada").await);
        let bob = account(store, 101, "bob").await;
        let person = door.account("ada").await.expect("asked").expect("an account").person;
        door.propose_factor(ada, &[1; 32]).await.expect("proposed");
        door.confirm_factor(Timestamp(110), &person, 5, &[[7; 32], [8; 32]]).await.expect("confirmed");
        for (step, counts) in [(5, false), (4, false), (6, true), (6, false), (5, false), (8, true), (7, false)] {
            assert_eq!(door.use_step(ada, step).await.expect("asked"), counts, "{step}");
        }
        assert!(!door.use_recovery(bob, &[7; 32]).await.expect("asked"), "somebody else's");
        assert!(door.use_recovery(ada, &[7; 32]).await.expect("asked"));
        assert!(!door.use_recovery(ada, &[7; 32]).await.expect("asked"));
        assert_eq!(door.recovery_left(ada).await.expect("asked"), 1);
        assert!(door.end_factor(Timestamp(120), "ada", ada).await.expect("ended"));
        assert!(!door.end_factor(Timestamp(130), "ada", ada).await.expect("asked"));
        assert_eq!(door.recovery_left(ada).await.expect("asked"), 0);
    }

    async fn an_awaited_code_ends_by_time_by_use_and_with_the_account(store) {
        let (door, ada) = (store.ledger.door(), account(store, 100, "ada").await);
        for (at, key) in [(110, 1), (120, 2), (130, 3)] {
            door.await_code(Timestamp(at), ada, &[key; 32], OLD).await.expect("kept");
        }
        let awaited = async |key: u8, since: i64| {
            door.awaited(&[key; 32], Timestamp(since)).await.expect("asked").map(|person| person.login)
        };
        assert_eq!(awaited(1, 110).await.as_deref(), Some("ada"));
        assert_eq!(awaited(1, 111).await, None);
        assert_eq!(awaited(9, 0).await, None);
        door.forget_awaited(&[2; 32]).await.expect("forgotten");
        assert_eq!(awaited(2, 0).await, None);
        door.await_code(Timestamp(140), ada, &[4; 32], Timestamp(125)).await.expect("kept");
        assert_eq!((awaited(1, 0).await, awaited(3, 0).await.as_deref()), (None, Some("ada")), "old ones are forgotten");
        door.end_account(Timestamp(150), "registrar", "ada", "gone").await.expect("ended");
        assert_eq!(awaited(3, 0).await, None);
    }
}
