// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Dossiers of projects, put together once for all who look from one seat.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use underpin_office::supporter::dossier::DossierAnswer;
use underpin_office::{House, Result};

use crate::seat::{Seat, beside, kept, locked};

/// Dossiers by the words that they were asked for with.
pub type Dossiers = Mutex<HashMap<String, Arc<DossierAnswer>>>;

impl Seat {
    /// The dossier of a project.
    ///
    /// # Errors
    /// As [`House::dossier`].
    pub async fn dossier(self: &Arc<Self>, house: &House, text: &str) -> Result<Arc<DossierAnswer>> {
        if let Some(known) = locked(&self.dossiers).get(text) {
            return Ok(Arc::clone(known));
        }
        self.watched(house).await?;
        let (seat, house, asked) = (Arc::clone(self), house.clone(), text.to_owned());
        let work = async move { house.dossier(&seat.desk, seat.watched(&house).await?, &asked).await };
        let found = beside(work).await?;
        kept(&self.dossiers, text.to_owned(), || Ok(found))
    }
}
