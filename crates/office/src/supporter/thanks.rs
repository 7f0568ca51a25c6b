// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `thank`: a true sentence for a project: how many services rely on it. Only services of agencies that agreed are counted, and only
//! agencies that agreed are named; nothing is told of others, not even as a difference.

use std::collections::BTreeMap;

use underpin_model::engagement::{Assistance, RequestKind, Topic};
use underpin_model::registry::{AgencyId, Classification};

use super::contact::{ContactRow, ContactWish};
use super::priorities::Ranking;
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Thanks to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThankWish {
    /// The project, as somebody names it.
    pub project: String,
    /// Words of the author's own that follow the sentence; may be empty.
    pub words: String,
    /// Agencies to name, of those that agreed; the others of these are counted.
    pub named: Vec<AgencyId>,
    /// Name of the author.
    pub author_name: String,
    /// Agency in whose name.
    pub agency: AgencyId,
    /// Where the project can complain.
    pub complaints: String,
    /// How far a program wrote the words. The sentence with the numbers is one of this program.
    pub assistance: Option<Assistance>,
}

/// Services of agencies that agreed, by agency.
pub type Relying = BTreeMap<AgencyId, u32>;

impl House {
    /// Writes thanks with true numbers, has them judged, and writes the verdict down.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name` for the project; `nobody-agreed` where no agency that relies on it agreed to be counted;
    /// `not-agreed` for a named agency that did not agree or does not rely on it; as [`House::contact`].
    pub async fn thank(&self, author: &Author, desk: &Desk, ranking: &Ranking, wish: ThankWish) -> Result<ContactRow> {
        let key = ranking.key_of(&wish.project)?;
        let relying = self.relying(desk, ranking, &key).await?;
        if relying.is_empty() {
            return Err(OfficeError::new("nobody-agreed", format!("no agency that relies on {key} agreed to be counted"))
                .hint("agencies say so with `underpin contact consent`; thanks without numbers are a request of the kind thanks"));
        }
        let mut text = sentence(&relying, &names(desk, &relying, &key, &wish.named)?);
        if !wish.words.trim().is_empty() {
            text = format!("{text}\n\n{}", wish.words.trim());
        }
        let wish = ContactWish {
            project: key,
            kind: RequestKind::Thanks,
            topic: Topic::Community,
            text,
            author_name: wish.author_name,
            agency: wish.agency,
            complaints: wish.complaints,
            assistance: wish.assistance,
            counted: relying.into_keys().collect(),
            ..ContactWish::default()
        };
        self.contact(author, wish).await
    }

    /// Services that rely on a project, of agencies that agreed, as far as the desk sees them. A system in a compartment or classified
    /// above internal is counted towards nobody outside.
    ///
    /// # Errors
    /// As [`Ranking::project`]; what the ledger says.
    pub async fn relying(&self, desk: &Desk, ranking: &Ranking, key: &str) -> Result<Relying> {
        let agreed = self.agreed(key, desk.overview().as_of).await?;
        let mut relying = Relying::new();
        if agreed.is_empty() {
            return Ok(relying);
        }
        for row in ranking.project(desk, key)?.rows {
            let agency = AgencyId(row.agency);
            let Some(position) = desk.system_position(&row.system) else { continue };
            let system = desk.system(position);
            let is_told = system.compartments.is_empty() && system.classification <= Classification::Internal;
            if is_told && agreed.contains(&agency) {
                *relying.entry(agency).or_default() += 1;
            }
        }
        Ok(relying)
    }
}

/// Names of agencies, each of which agreed and relies on the project.
fn names(desk: &Desk, relying: &Relying, key: &str, wanted: &[AgencyId]) -> Result<Vec<String>> {
    let name = |id: &AgencyId| match relying.contains_key(id) {
        true => Ok(desk.agency_name(id).to_owned()),
        false => Err(OfficeError::new(
            "not-agreed",
            format!("{} did not agree to be named to {key}, or does not rely on it", id.0),
        )
        .hint("`underpin contact consent` lists what agencies said")),
    };
    wanted.iter().map(name).collect()
}

/// The sentence.
fn sentence(relying: &Relying, names: &[String]) -> String {
    let (services, agencies) = (relying.values().sum::<u32>(), relying.len());
    let rely = if services == 1 { "relies" } else { "rely" };
    let services = if services == 1 { "1 service".to_owned() } else { format!("{services} services") };
    let agencies_say = if agencies == 1 { "1 agency".to_owned() } else { format!("{agencies} agencies") };
    let names = match names {
        [] => String::new(),
        names if names.len() == agencies => format!(" ({})", names.join(", ")),
        names => format!(", {} among them,", names.join(", ")),
    };
    format!("{services} of {agencies_say}{names} {rely} on your work. Thank you.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_is_true_and_names_only_who_agreed() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        for (services, named, expected) in [
            (&[20, 1, 1, 1][..], &[][..], "23 services of 4 agencies rely on your work. Thank you."),
            (&[1], &[], "1 service of 1 agency relies on your work. Thank you."),
            (
                &[10, 1],
                &["Tax Office"],
                "11 services of 2 agencies, Tax Office among them, rely on your work. Thank you.",
            ),
            (&[2], &["Tax Office"], "2 services of 1 agency (Tax Office) rely on your work. Thank you."),
        ] {
            let agency = |(number, services): (usize, &u32)| (AgencyId(format!("agency-{number}")), *services);
            let relying: Relying = services.iter().enumerate().map(agency).collect();
            assert_eq!(sentence(&relying, &names(named)), expected);
        }
    }
}
