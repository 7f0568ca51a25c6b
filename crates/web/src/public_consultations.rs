// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Consultations as everybody reads them, kept: strangers who ask again and again make the house read its ledger once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use underpin_model::Timestamp;
use underpin_model::compass::ConsultationId;
use underpin_office::Result;
use underpin_office::compass::public_consultations::{PublicConsultation, PublicConsultations};

use crate::house::WebHouse;

#[derive(Debug, Default)]
struct Kept {
    /// What was written down when these were made.
    written: [i64; 4],
    all: Option<Arc<PublicConsultations>>,
    /// Only those that are there: asking for others keeps nothing.
    one: HashMap<ConsultationId, Arc<PublicConsultation>>,
}

/// What was made last.
#[derive(Debug, Default)]
pub struct KnownConsultations(Mutex<Kept>);

impl KnownConsultations {
    /// Looks into what is kept; all of it is let go where something was written down since.
    fn with<T>(&self, written: [i64; 4], look: impl FnOnce(&mut Kept) -> T) -> T {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.written != written {
            *kept = Kept { written, ..Kept::default() };
        }
        look(&mut kept)
    }
}

/// Whether something that was made at a moment and holds until another one does so now.
fn holds(made: Timestamp, until: Timestamp, now: Timestamp) -> bool {
    made <= now && now < until
}

impl WebHouse {
    /// All consultations that everybody may read; `None` where the operator has not switched that on.
    pub(crate) async fn public_consultations(&self) -> Result<Option<Arc<PublicConsultations>>> {
        if !self.house.publishes_consultations() {
            return Ok(None);
        }
        let now = self.now().await?;
        let written = self.house.consultations_written(now).await?;
        let kept = self.known_consultations.with(written, |kept| kept.all.clone());
        if let Some(kept) = kept.filter(|kept| holds(kept.as_of, kept.until, now)) {
            return Ok(Some(kept));
        }
        let Some(made) = self.house.public_consultations(now).await? else { return Ok(None) };
        let made = Arc::new(made);
        self.known_consultations.with(written, |kept| kept.all = Some(Arc::clone(&made)));
        Ok(Some(made))
    }

    /// One of them, with its comments; `None` where there is none, or they are not public.
    pub(crate) async fn public_consultation(&self, id: ConsultationId) -> Result<Option<Arc<PublicConsultation>>> {
        if !self.house.publishes_consultations() {
            return Ok(None);
        }
        let now = self.now().await?;
        let written = self.house.consultations_written(now).await?;
        let kept = self.known_consultations.with(written, |kept| kept.one.get(&id).cloned());
        if let Some(kept) = kept.filter(|kept| holds(kept.as_of, kept.until, now)) {
            return Ok(Some(kept));
        }
        let Some(made) = self.house.public_consultation(now, id).await? else { return Ok(None) };
        let made = Arc::new(made);
        self.known_consultations.with(written, |kept| kept.one.insert(id, Arc::clone(&made)));
        Ok(Some(made))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_holds_until_something_is_written_or_begins() {
        assert!(holds(Timestamp(1), Timestamp(9), Timestamp(8)));
        assert!(!holds(Timestamp(1), Timestamp(9), Timestamp(9)), "it ends by itself");
        assert!(!holds(Timestamp(5), Timestamp(9), Timestamp(4)), "a clock that was set back");
        let known = KnownConsultations::default();
        let all = PublicConsultations {
            as_of: Timestamp(1),
            rows: Vec::new(),
            exceptions: Vec::new(),
            until: Timestamp::MAX,
        };
        known.with([1, 0, 0, 0], |kept| kept.all = Some(Arc::new(all)));
        assert!(known.with([1, 0, 0, 0], |kept| kept.all.is_some()));
        assert!(known.with([1, 1, 0, 0], |kept| kept.all.is_none()));
    }
}
