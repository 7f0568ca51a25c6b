// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The repositories that a forge lists for an organisation, for the catalogue: without a clone, so that how practices stand is not known
//! until somebody looks at one. It is asked only where somebody wishes it, through the guard.

use std::path::PathBuf;

use underpin_assess::catalogue::address_key;
use underpin_feeds::forge::Place;
use underpin_feeds::forge_list::{FoundRepository, Missing, repositories};
use underpin_feeds::{Code, FeedError, SecretPlace};
use underpin_ledger::LookedAt;
use underpin_model::catalogue::{AddressFrom, Declared, DeclaredIn, DeclaredText, DevelopmentState, Visibility};
use underpin_model::people::Act;
use underpin_model::registry::AgencyId;
use underpin_repositories::declared_in;

use super::crawl::{CrawlAnswer, NotTaken};
use super::forge::{ForgeKind, client_for};
use crate::coordinator::Author;
use crate::error::{OfficeError, Result};
use crate::house::House;
use crate::watch::fetch::{Network, Outside};
use crate::watch::sync::feed_error;

/// The language of a text of which nobody says in which one it is (BCP 47).
const UNDETERMINED: &str = "und";

/// Which organisation is asked for, and how.
#[derive(Clone, Debug)]
pub struct OrganisationWanted {
    /// Its address, as people open it.
    pub address: String,
    /// Which forge it is, where its host does not tell.
    pub kind: Option<ForgeKind>,
    /// Where a token is.
    pub token: Option<SecretPlace>,
    /// It may lie inside, and be called without encryption.
    pub is_inside: bool,
    /// Whose repositories they are.
    pub agency: AgencyId,
    /// Who may know of those that the forge shows to everybody; `None` leaves them as they are. The others are internal.
    pub visibility: Option<Visibility>,
}

impl House {
    /// Writes down what a forge lists. What it does not give, or what must not take the place of something else, is told and left out.
    ///
    /// # Errors
    /// An address that is none, what the guard refuses, a forge that answers nothing about the organisation, and what the ledger says.
    pub async fn crawl_forge(
        &self,
        author: &Author,
        wanted: &OrganisationWanted,
        network: &Network,
        outside: Outside<'_>,
    ) -> Result<CrawlAnswer> {
        if !author.viewer.may(Act::HandIn) {
            // Before anybody is called: the ledger would say the same after that.
            return Err(OfficeError::new("not-allowed", "who hands nothing in may not ask a forge for the catalogue"));
        }
        let place = Place::organisation(&wanted.address, wanted.kind.map(ForgeKind::forge)).map_err(explained)?;
        let client = client_for(&place, (wanted.token.as_ref(), wanted.is_inside), network, outside)?;
        let found = repositories(&client, &place).await.map_err(explained)?;
        let looks = found.repositories.iter().map(|one| {
            let address = format!("{}/{}", place.web_host(), one.listed.path);
            (PathBuf::from(&address), listed(wanted, &address, one))
        });
        self.taken(author, (looks.collect(), found.missing.into_iter().map(missing).collect())).await
    }
}

fn listed(wanted: &OrganisationWanted, address: &str, found: &FoundRepository) -> LookedAt {
    LookedAt {
        agency: wanted.agency.clone(),
        // A name without a dot is one of a house of its own.
        address: address_key(&format!("https://{address}")).unwrap_or_else(|| address.to_lowercase()),
        address_from: AddressFrom::Forge,
        is_closed: !found.listed.is_public,
        visibility: wanted.visibility,
        declared: declared(found),
        look: None,
    }
}

/// What its files declare; where they are silent, the list.
fn declared(found: &FoundRepository) -> Declared {
    let mut declared = declared_in(found.publiccode.as_deref(), found.code_json.as_deref());
    let listed = &found.listed;
    let before = declared.clone();
    if declared.name.is_empty() {
        declared.name.clone_from(&listed.name);
    }
    if declared.texts.is_empty() && !listed.description.is_empty() {
        let text = DeclaredText { short: listed.description.clone(), ..DeclaredText::default() };
        declared.texts.insert(UNDETERMINED.to_owned(), text);
    }
    declared.licence = declared.licence.or_else(|| listed.licence.clone());
    if listed.archived && declared.state == DevelopmentState::Unknown {
        declared.state = DevelopmentState::Obsolete;
    }
    if declared != before {
        declared.sources.push(DeclaredIn::Forge);
    }
    declared
}

fn missing(one: Missing) -> NotTaken {
    NotTaken { path: one.what, code: one.code.as_str(), message: one.detail }
}

/// What the forge says, with what to do about it.
fn explained(error: FeedError) -> OfficeError {
    let hint = match (error.code, error.detail.as_str()) {
        (Code::AddressRefused, _) => "--inside allows a forge that lies inside, and http",
        (Code::BadAddress, _) => {
            "--organisation takes the address of an organisation, as https://codeberg.org/office; --forge says which forge it is"
        }
        (_, "status 401" | "status 403") => "--token-file names a file with a token that may read it",
        (Code::NotFound, _) => "an organisation that is not public needs a token: --token-file FILE",
        _ => "",
    };
    feed_error(error).hint(hint)
}
