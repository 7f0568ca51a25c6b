// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! A name that was not known yet at the moment asked for: since when it is.

use underpin_model::Timestamp;
use underpin_model::registry::Versioned;

use super::what::Place;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

impl House {
    /// A better word than `not-found` for a system or agency that was registered only later than the moment of the desk. It is said
    /// to who may see it today; for everybody else the error stays as it is.
    ///
    /// # Errors
    /// `not-registered-yet`, else the error given.
    pub async fn since_when<T>(&self, desk: &Desk, text: &str, answer: Result<T>) -> Result<T> {
        let Err(error) = answer else { return answer };
        if error.code != "not-found" || desk.snapshot.at >= desk.now {
            return Err(error);
        }
        let today = self.desk_as_of(desk.viewer.clone(), desk.now, desk.now).await?;
        let reader = self.ledger.reader(desk.viewer.clone(), desk.now);
        let (name, first) = match today.place(text) {
            Ok(Place::System(position)) => {
                let id = today.system(position).id.clone();
                (format!("system {id}"), first(&reader.history_of_system(&id).await?))
            }
            Ok(Place::Agency(id)) => (format!("agency {id}"), first(&reader.history_of_agency(&id).await?)),
            Ok(Place::Document(_)) | Err(_) => return Err(error),
        };
        let Some(first) = first.filter(|first| desk.snapshot.at < *first) else { return Err(error) };
        let message = format!(
            "{name} was registered on {}; nothing is known before (asked for: {})",
            first.date(),
            desk.snapshot.at
        );
        Err(OfficeError::new("not-registered-yet", message).hint(format!("ask for a moment from {first} on")))
    }
}

/// The first moment at which it was registered, as believed then.
fn first<T>(history: &[Versioned<T>]) -> Option<Timestamp> {
    let shown = history.iter().map(|row| (row, row.recorded_from.max(row.valid_from)));
    let shown = shown.filter(|(row, moment)| *moment < row.recorded_until && *moment < row.valid_until);
    shown.map(|(_, moment)| moment).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_day_is_the_one_on_which_it_was_known_and_held() {
        let row = |valid_from: i64, valid_until: i64, recorded_from: i64, recorded_until: i64| Versioned {
            value: (),
            valid_from: Timestamp(valid_from),
            valid_until: Timestamp(valid_until),
            recorded_from: Timestamp(recorded_from),
            recorded_until: Timestamp(recorded_until),
        };
        const END: i64 = i64::MAX;
        for (rows, expected) in [
            (vec![], None),
            (vec![row(5, END, 7, END)], Some(7)),
            (vec![row(9, END, 7, END)], Some(9)),
            // Believed for a while to hold from 9 on, and taken back before that day came.
            (vec![row(9, END, 3, 8), row(12, END, 8, END)], Some(12)),
            // Noted afterwards, for a time that was over by then.
            (vec![row(1, 4, 6, END), row(4, END, 6, END)], Some(6)),
        ] {
            assert_eq!(first(&rows), expected.map(Timestamp), "{rows:?}");
        }
    }
}
