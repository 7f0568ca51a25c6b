// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `thank`: a true sentence for a project: how many services rely on it. An agency is named only where it agreed.

use underpin_model::engagement::{Assistance, RequestKind, Topic};
use underpin_model::registry::AgencyId;

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
    /// Agencies that agreed to be named.
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

impl House {
    /// Writes thanks with the numbers of the ranking, has them judged, and writes the verdict down.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name` for the project; `not-relying` for a named agency that no document shows to use it; as
    /// [`House::contact`].
    pub async fn thank(&self, author: &Author, desk: &Desk, ranking: &Ranking, wish: ThankWish) -> Result<ContactRow> {
        let key = ranking.key_of(&wish.project)?;
        let row = ranking.row(desk, &key)?;
        let names = if wish.named.is_empty() { Vec::new() } else { named(desk, ranking, &key, &wish.named)? };
        let mut text = sentence(row.systems, row.agencies, &names);
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
            ..ContactWish::default()
        };
        self.contact(author, wish).await
    }
}

/// Names of agencies that agreed, each of which must rely on the project.
fn named(desk: &Desk, ranking: &Ranking, key: &str, wanted: &[AgencyId]) -> Result<Vec<String>> {
    let relying = ranking.project(desk, key)?.agencies;
    let name = |id: &AgencyId| match relying.iter().any(|agency| agency.agency == id.0) {
        true => Ok(desk.agency_name(id).to_owned()),
        false => Err(OfficeError::new("not-relying", format!("no document shows that {} relies on {key}", id.0))
            .hint("name agencies that `underpin project` lists for it, and only those that agreed")),
    };
    wanted.iter().map(name).collect()
}

/// The sentence.
fn sentence(services: u32, agencies: u32, names: &[String]) -> String {
    let services = if services == 1 { "1 service".to_owned() } else { format!("{services} services") };
    let agencies_say = if agencies == 1 { "1 agency".to_owned() } else { format!("{agencies} agencies") };
    let rely = if services.starts_with("1 ") { "relies" } else { "rely" };
    let names = match names {
        [] => String::new(),
        names if names.len() as u64 == u64::from(agencies) => format!(" ({})", names.join(", ")),
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
        for (services, agencies, named, expected) in [
            (23, 4, &[][..], "23 services of 4 agencies rely on your work. Thank you."),
            (1, 1, &[], "1 service of 1 agency relies on your work. Thank you."),
            (11, 2, &["Tax Office"], "11 services of 2 agencies, Tax Office among them, rely on your work. Thank you."),
            (2, 1, &["Tax Office"], "2 services of 1 agency (Tax Office) rely on your work. Thank you."),
        ] {
            assert_eq!(sentence(services, agencies, &names(named)), expected);
        }
    }
}
