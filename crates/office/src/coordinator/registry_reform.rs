// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `registry merge` and `registry split`: the government is reorganised, and nothing is lost.
//!
//! Systems and agencies below move, the old agency ends, the new one names it as predecessor. Everything is one
//! transaction that holds from a moment on: questions about the time before are answered the old way.

use std::collections::{BTreeMap, HashSet};

use underpin_ledger::RegistryChange;
use underpin_model::Timestamp;
use underpin_model::registry::{Agency, AgencyId, SystemId};

use super::Author;
use super::registry_edit::{ChangeAnswer, amended, statements};
use crate::error::{OfficeError, Result};
use crate::house::{Desk, House};

/// Which parts of a split agency go where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The new agencies; one of them may be the old one, which then goes on.
    pub into: Vec<String>,
    /// Names of new agencies that are not registered yet; their identifier where none is given.
    pub names: Vec<(String, String)>,
    /// Agency, and the systems it takes over.
    pub systems: Vec<(String, Vec<String>)>,
    /// Agency, and the agencies below that it takes over.
    pub agencies: Vec<(String, Vec<String>)>,
    /// The agency that takes over everything else.
    pub rest: Option<String>,
}

impl House {
    /// Merges agencies into one, which is registered (with `name`) when it is not there yet.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`, `nothing-to-merge`, and what the ledger refuses.
    pub async fn merge_agencies(
        &self,
        author: &Author,
        sources: &[String],
        into: &str,
        name: Option<&str>,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let known = desk.agency_called(into).ok();
        let target = known.map_or_else(|| AgencyId(into.to_owned()), |agency| agency.id.clone());
        let mut old: Vec<&Agency> = Vec::new();
        for source in sources {
            let agency = desk.agency_called(source)?;
            if agency.id != target && !old.iter().any(|known| known.id == agency.id) {
                old.push(agency);
            }
        }
        let Some(first) = old.first() else {
            return Err(OfficeError::new(
                "nothing-to-merge",
                format!("there is no other agency to merge into {target}"),
            ));
        };
        let moment = from.unwrap_or(author.at);
        let gone: HashSet<&AgencyId> = old.iter().map(|agency| &agency.id).collect();
        let new = Agency {
            id: target.clone(),
            name: name.unwrap_or(into).to_owned(),
            parent: first.parent.clone(),
            ..Agency::default()
        };
        let mut reform = Reform { house: self, author, moment, changes: Vec::new() };
        reform.successor(&desk, known.is_some(), &new, &old).await?;
        for system in desk.snapshot.systems.iter().filter(|system| gone.contains(&system.agency)) {
            reform.move_system(&system.id, &target).await?;
        }
        let children = desk.snapshot.agencies.iter().filter(|agency| agency.id != target && !gone.contains(&agency.id));
        for child in children.filter(|child| child.parent.as_ref().is_some_and(|parent| gone.contains(parent))) {
            reform.move_agency(&child.id, &target).await?;
        }
        reform.changes.extend(old.iter().map(|agency| RegistryChange::EndAgency(agency.id.clone()).valid_from(moment)));
        let names: Vec<&str> = old.iter().map(|agency| agency.id.0.as_str()).collect();
        let about = format!("agencies {} merged into {target}", names.join(", "));
        self.change(author, about, from, Vec::new(), reform.changes).await
    }

    /// Splits an agency into several. Every system and every agency directly below it must find its place.
    ///
    /// # Errors
    /// `not-found`, `ambiguous-name`, `unassigned` with what has no place, `not-part` for what does not belong to the
    /// agency, and what the ledger refuses.
    pub async fn split_agency(
        &self,
        author: &Author,
        agency: &str,
        split: &Split,
        from: Option<Timestamp>,
    ) -> Result<ChangeAnswer> {
        let desk = self.desk(author.viewer.clone(), author.at).await?;
        let old = desk.agency_called(agency)?;
        let parts = Parts::of(&desk, old, split)?;
        let moment = from.unwrap_or(author.at);
        let mut reform = Reform { house: self, author, moment, changes: Vec::new() };
        for id in parts.into.iter().filter(|id| **id != old.id) {
            let name = split.names.iter().find(|(agency, _)| *agency == id.0).map(|(_, name)| name.clone());
            let new = Agency {
                id: id.clone(),
                name: name.unwrap_or_else(|| id.0.clone()),
                parent: old.parent.clone(),
                ..Agency::default()
            };
            reform.successor_of_part(desk.agency(id).is_some(), &new, old).await?;
        }
        for (system, id) in parts.systems.iter().filter(|(_, id)| **id != old.id) {
            reform.move_system(system, id).await?;
        }
        for (child, id) in parts.agencies.iter().filter(|(child, id)| **id != old.id && *child != *id) {
            reform.move_agency(child, id).await?;
        }
        let goes_on = parts.into.contains(&old.id);
        if !goes_on {
            reform.changes.push(RegistryChange::EndAgency(old.id.clone()).valid_from(moment));
        }
        let names: Vec<&str> = parts.into.iter().map(|id| id.0.as_str()).collect();
        let about = format!("agency {} split into {}", old.id, names.join(", "));
        let mut answer = self.change(author, about, from, Vec::new(), reform.changes).await?;
        if let Some(number) = old.declared_systems.filter(|_| !goes_on) {
            answer.notes.push(format!(
                "{} had declared {number} systems; say with `underpin registry declare` how many each part declares",
                old.id
            ));
        }
        Ok(answer)
    }
}

/// Changes of one reform, being gathered.
struct Reform<'h> {
    house: &'h House,
    author: &'h Author,
    moment: Timestamp,
    changes: Vec<RegistryChange>,
}

impl Reform<'_> {
    /// The agency that takes over whole others: their names lead to it, their declared numbers are added up.
    async fn successor(&mut self, desk: &Desk, known: bool, new: &Agency, old: &[&Agency]) -> Result<()> {
        let gone: HashSet<&AgencyId> = old.iter().map(|agency| &agency.id).collect();
        let declared: u64 = old.iter().filter_map(|agency| agency.declared_systems).sum();
        let declares = old.iter().any(|agency| agency.declared_systems.is_some());
        self.put(known, new, |agency| {
            for other in old {
                add(&mut agency.predecessors, &other.id);
                for name in std::iter::once(&other.name).chain(&other.aliases).chain([&other.id.0]) {
                    if *name != agency.name && *name != agency.id.0 {
                        add(&mut agency.aliases, name);
                    }
                }
            }
            if declares {
                agency.declared_systems = Some(agency.declared_systems.unwrap_or(0).saturating_add(declared));
            }
            // Who was below an agency that ends comes below what that one was below.
            while let Some(above) = agency.parent.as_ref().filter(|parent| gone.contains(parent)) {
                agency.parent = desk.agency(above).and_then(|above| above.parent.clone());
            }
        })
        .await
    }

    /// An agency that takes over a part.
    async fn successor_of_part(&mut self, known: bool, new: &Agency, old: &Agency) -> Result<()> {
        self.put(known, new, |agency| {
            add(&mut agency.predecessors, &old.id);
            if agency.parent.as_ref() == Some(&old.id) {
                agency.parent.clone_from(&old.parent);
            }
        })
        .await
    }

    async fn put(&mut self, known: bool, new: &Agency, mut amend: impl FnMut(&mut Agency)) -> Result<()> {
        if !known {
            let mut agency = new.clone();
            amend(&mut agency);
            self.changes.push(RegistryChange::PutAgency(agency).valid_from(self.moment));
            return Ok(());
        }
        let timeline = self.house.agency_timeline(self.author, &new.id).await?;
        let changes = amended(&timeline, self.moment, |agency| {
            amend(agency);
            Ok(())
        })?;
        let end = RegistryChange::EndAgency(new.id.clone());
        self.changes.extend(statements(changes, RegistryChange::PutAgency, &end));
        Ok(())
    }

    async fn move_system(&mut self, system: &SystemId, to: &AgencyId) -> Result<()> {
        let timeline = self.house.system_timeline(self.author, system).await?;
        let changes = amended(&timeline, self.moment, |system| {
            system.agency = to.clone();
            Ok(())
        })?;
        let end = RegistryChange::EndSystem(system.clone());
        self.changes.extend(statements(changes, RegistryChange::PutSystem, &end));
        Ok(())
    }

    async fn move_agency(&mut self, agency: &AgencyId, to: &AgencyId) -> Result<()> {
        let timeline = self.house.agency_timeline(self.author, agency).await?;
        let changes = amended(&timeline, self.moment, |agency| {
            agency.parent = Some(to.clone());
            Ok(())
        })?;
        let end = RegistryChange::EndAgency(agency.clone());
        self.changes.extend(statements(changes, RegistryChange::PutAgency, &end));
        Ok(())
    }
}

fn add<T: Clone + PartialEq>(list: &mut Vec<T>, item: &T) {
    if !list.contains(item) {
        list.push(item.clone());
    }
}

/// Where everything of a split agency goes.
struct Parts {
    into: Vec<AgencyId>,
    systems: BTreeMap<SystemId, AgencyId>,
    agencies: BTreeMap<AgencyId, AgencyId>,
}

impl Parts {
    fn of(desk: &Desk, old: &Agency, split: &Split) -> Result<Self> {
        let meant = |text: &String| {
            desk.agency_called(text).map_or_else(|_| AgencyId(text.clone()), |agency| agency.id.clone())
        };
        let into: Vec<AgencyId> = split.into.iter().map(meant).collect();
        let part = |text: &String| {
            let id = meant(text);
            if into.contains(&id) {
                return Ok(id);
            }
            Err(OfficeError::new("not-part", format!("{text} is none of the agencies that {} is split into", old.id))
                .hint("name it with --into"))
        };
        let foreign =
            |what: String| OfficeError::new("not-part", format!("{what} does not belong to agency {}", old.id));
        let mut parts = Self { into: into.clone(), systems: BTreeMap::new(), agencies: BTreeMap::new() };
        for (agency, systems) in &split.systems {
            for text in systems {
                let system = desk.system_called(text)?;
                if system.agency != old.id {
                    return Err(foreign(format!("system {}", system.id)));
                }
                parts.systems.insert(system.id.clone(), part(agency)?);
            }
        }
        for (agency, children) in &split.agencies {
            for text in children {
                let child = desk.agency_called(text)?;
                if child.parent.as_ref() != Some(&old.id) {
                    return Err(foreign(format!("agency {}", child.id)));
                }
                parts.agencies.insert(child.id.clone(), part(agency)?);
            }
        }
        let rest = split.rest.as_ref().map(part).transpose()?;
        parts.assign_rest(desk, old, rest.as_ref())?;
        Ok(parts)
    }

    /// What nobody named goes to the agency of the rest, or is an error.
    fn assign_rest(&mut self, desk: &Desk, old: &Agency, rest: Option<&AgencyId>) -> Result<()> {
        let mut unassigned = Vec::new();
        for system in desk.snapshot.systems.iter().filter(|system| system.agency == old.id) {
            match rest {
                _ if self.systems.contains_key(&system.id) => {}
                Some(rest) => _ = self.systems.insert(system.id.clone(), rest.clone()),
                None => unassigned.push(format!("system {}", system.id)),
            }
        }
        for child in desk.snapshot.agencies.iter().filter(|child| child.parent.as_ref() == Some(&old.id)) {
            match rest {
                // An agency below that becomes a part itself comes beside the others.
                _ if self.agencies.contains_key(&child.id) || self.into.contains(&child.id) => {}
                Some(rest) => _ = self.agencies.insert(child.id.clone(), rest.clone()),
                None => unassigned.push(format!("agency {}", child.id)),
            }
        }
        if unassigned.is_empty() {
            return Ok(());
        }
        Err(OfficeError::new("unassigned", format!("nobody takes over {}", unassigned.join(", ")))
            .hint("name them with --systems AGENCY=ID,ID or --agencies AGENCY=ID,ID, or give --rest AGENCY"))
    }
}
