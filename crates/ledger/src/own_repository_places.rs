// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Whose place an address in the catalogue is: a copy that keeps the files of its upstream says that it lies where that one does, and takes
//! no place by that.

use underpin_model::Timestamp;
use underpin_model::catalogue::{DeclaredIn, OwnRepository, RepositoryLook, Visibility};
use underpin_model::registry::AgencyId;

use crate::LedgerError;
use crate::access::Access;
use crate::database::Session;
use crate::own_repositories::{LookedAt, RepositoryRecord, newest, read, sees};
use crate::value::values;

/// Why a look was not written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOverwritten {
    /// Another one is known to lie there, and this one only says so.
    OnlyDeclared,
    /// Both only say that they lie there, and their histories begin elsewhere.
    OtherHistory,
    /// It is public here, and its forge shows it to some people only.
    Closed,
}

/// A look that was not written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLook {
    /// Whose it would have been.
    pub agency: AgencyId,
    /// Its address in one form.
    pub address: String,
    /// Why.
    pub why: NotOverwritten,
}

/// Why a look must not take the place of what is there, or of what another agency is known to have there.
pub(crate) async fn refusal(
    session: &mut Session,
    access: Option<&Access>,
    (before, look): (&OwnRepository, &LookedAt),
) -> Result<Option<NotOverwritten>, LedgerError> {
    let own = not_overwritten(before, look);
    if own.is_some() || look.address_from.is_firm() {
        return Ok(own);
    }
    // What is out of sight is not given away by a refusal.
    let others = of_others(session, (&look.agency, &look.address)).await?;
    let is_taken = others.iter().any(|one| access.is_none_or(|access| sees(access, one)));
    Ok(is_taken.then_some(NotOverwritten::OnlyDeclared))
}

/// Why a look must not take the place of what is there.
fn not_overwritten(before: &OwnRepository, look: &LookedAt) -> Option<NotOverwritten> {
    if look.is_closed && before.visibility == Visibility::Public {
        return Some(NotOverwritten::Closed);
    }
    if look.address_from.is_firm() {
        return None;
    }
    if before.address_from.is_firm() {
        return Some(NotOverwritten::OnlyDeclared);
    }
    let roots = |look: &Option<RepositoryLook>| look.as_ref().map(|look| look.roots.clone()).unwrap_or_default();
    let (old, new) = (roots(&before.look), roots(&look.look));
    let is_other = !old.is_empty() && !new.is_empty() && new.iter().all(|root| !old.contains(root));
    is_other.then_some(NotOverwritten::OtherHistory)
}

/// What is known after a look. The list of a forge says less than a clone, unless it brings a file that declares something.
pub(crate) fn seen(before: &OwnRepository, look: &LookedAt) -> OwnRepository {
    let declares = look.declared.sources.iter().any(|one| matches!(one, DeclaredIn::Publiccode | DeclaredIn::CodeJson));
    let keeps_declared = look.look.is_none() && before.look.is_some() && !declares;
    OwnRepository {
        declared: if keeps_declared { before.declared.clone() } else { look.declared.clone() },
        look: look.look.clone().or_else(|| before.look.clone()),
        address_from: look.address_from,
        ..before.clone()
    }
}

/// Repositories of other agencies that are known to lie at this address.
async fn of_others(
    session: &mut Session,
    (agency, address): (&AgencyId, &str),
) -> Result<Vec<RepositoryRecord>, LedgerError> {
    let mut agencies: Vec<AgencyId> = Vec::new();
    let sql = "SELECT DISTINCT agency FROM own_repository WHERE address = $1 AND agency <> $2";
    session
        .each(sql, values![address, agency.0.as_str()], |row| {
            agencies.push(AgencyId(row.text(0)?));
            Ok(())
        })
        .await?;
    let mut found = Vec::new();
    for other in &agencies {
        found.extend(newest(read(session, Some((other, address)), Timestamp::MAX).await?));
    }
    found.retain(|one| !one.repository.is_gone && one.repository.address_from.is_firm());
    Ok(found)
}
