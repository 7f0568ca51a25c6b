// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! `registry merge` and `registry split`: the government is reorganised, and nothing is lost.
//!
//! Systems and agencies below move, the old agency ends, the new one names it as predecessor. Everything is one
//! transaction that holds from a moment on: questions about the time before are answered the old way. What is to belong
//! to the agency only later moves, too; what is planned to leave it still does.

use std::collections::{BTreeMap, HashMap, HashSet};

use underpin_ledger::RegistryChange;
use underpin_model::Timestamp;
use underpin_model::registry::{Agency, AgencyId, System, SystemId, Versioned};

use super::Author;
use super::registry_edit::ChangeAnswer;
use super::registry_scene::{Intent, Scene, amended};
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
        self.change(author, from, |scene| merged(scene, sources, into, name)).await
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
        self.change(author, from, |scene| parted(scene, agency, split)).await
    }
}

fn merged(scene: &Scene, sources: &[String], into: &str, name: Option<&str>) -> Result<Intent> {
    let desk = scene.then();
    let target = desk.agency_called(into).map_or_else(|_| AgencyId(into.to_owned()), |agency| agency.id.clone());
    let mut old: Vec<&Agency> = Vec::new();
    for source in sources {
        let agency = desk.agency_called(source)?;
        if agency.id != target && !old.iter().any(|known| known.id == agency.id) {
            old.push(agency);
        }
    }
    let Some(first) = old.first() else {
        let problem = format!("there is no other agency to merge into {target}");
        return Err(OfficeError::new("nothing-to-merge", problem));
    };
    let new = Agency {
        id: target.clone(),
        name: name.unwrap_or(into).to_owned(),
        parent: first.parent.clone(),
        ..Agency::default()
    };
    let gone: HashSet<&AgencyId> = old.iter().map(|agency| &agency.id).collect();
    let mut reform = Reform { scene, changes: Vec::new() };
    reform.successor(&new, &old)?;
    reform.move_systems(|_, agency| gone.contains(agency).then(|| target.clone()))?;
    let moves = |id: &AgencyId, parent: &AgencyId| {
        (*id != target && !gone.contains(id) && gone.contains(parent)).then(|| target.clone())
    };
    reform.move_agencies(moves)?;
    reform.changes.extend(old.iter().map(|agency| RegistryChange::EndAgency(agency.id.clone())));
    let names: Vec<&str> = old.iter().map(|agency| agency.id.0.as_str()).collect();
    let about = format!("agencies {} merged into {target}", names.join(", "));
    Ok(Intent { about, changes: reform.changes, ..Intent::default() })
}

fn parted(scene: &Scene, agency: &str, split: &Split) -> Result<Intent> {
    let desk = scene.then();
    let old = desk.agency_called(agency)?;
    let parts = Parts::of(desk, old, split)?;
    let mut reform = Reform { scene, changes: Vec::new() };
    for id in parts.into.iter().filter(|id| **id != old.id) {
        let name = split.names.iter().find(|(agency, _)| *agency == id.0).map(|(_, name)| name.clone());
        let new = Agency {
            id: id.clone(),
            name: name.unwrap_or_else(|| id.0.clone()),
            parent: old.parent.clone(),
            ..Agency::default()
        };
        reform.successor_of_part(&new, old)?;
    }
    let part = |to: Option<&'_ AgencyId>| to.or(parts.rest.as_ref()).filter(|to| **to != old.id).cloned();
    reform.move_systems(|id, agency| if *agency == old.id { part(parts.systems.get(id)) } else { None })?;
    reform.move_agencies(|id, parent| {
        let is_part = parts.into.contains(id) && !parts.agencies.contains_key(id);
        let to = if *parent == old.id && !is_part { part(parts.agencies.get(id)) } else { None };
        to.filter(|to| to != id)
    })?;
    let goes_on = parts.into.contains(&old.id);
    if !goes_on {
        reform.changes.push(RegistryChange::EndAgency(old.id.clone()));
    }
    let names: Vec<&str> = parts.into.iter().map(|id| id.0.as_str()).collect();
    let about = format!("agency {} split into {}", old.id, names.join(", "));
    let mut intent = Intent { about, changes: reform.changes, ..Intent::default() };
    if let Some(number) = old.declared_systems.filter(|_| !goes_on) {
        intent.notes.push(format!(
            "{} had declared {number} systems; say with `underpin registry declare` how many each part declares",
            old.id
        ));
    }
    Ok(intent)
}

/// Changes of one reform, being gathered.
struct Reform<'s> {
    scene: &'s Scene,
    changes: Vec<RegistryChange>,
}

impl Reform<'_> {
    /// The agency that takes over whole others: their names lead to it, their declared numbers are added up.
    fn successor(&mut self, new: &Agency, old: &[&Agency]) -> Result<()> {
        let desk = self.scene.then();
        let gone: HashSet<&AgencyId> = old.iter().map(|agency| &agency.id).collect();
        let declared: u64 = old.iter().filter_map(|agency| agency.declared_systems).sum();
        let declares = old.iter().any(|agency| agency.declared_systems.is_some());
        self.put(new, |agency| {
            for other in old {
                add(&mut agency.predecessors, &other.id);
                for name in std::iter::once(&other.name).chain(&other.aliases).chain([&other.id.0]) {
                    let same = |known: &String| known.to_lowercase() == name.to_lowercase();
                    if !same(&agency.name) && !same(&agency.id.0) && !agency.aliases.iter().any(same) {
                        agency.aliases.push(name.clone());
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
    }

    /// An agency that takes over a part.
    fn successor_of_part(&mut self, new: &Agency, old: &Agency) -> Result<()> {
        self.put(new, |agency| {
            add(&mut agency.predecessors, &old.id);
            if agency.parent.as_ref() == Some(&old.id) {
                agency.parent.clone_from(&old.parent);
            }
        })
    }

    /// Makes the agency, or amends what is known and planned of it.
    fn put(&mut self, new: &Agency, mut amend: impl FnMut(&mut Agency)) -> Result<()> {
        let timeline: Vec<Versioned<Agency>> = self.scene.timeline(&new.id.0);
        if timeline.first().is_none_or(|first| first.valid_from > self.scene.from) {
            let mut agency = new.clone();
            amend(&mut agency);
            self.changes.push(RegistryChange::PutAgency(agency).valid_from(self.scene.from));
        }
        self.changes.extend(amended(&timeline, self.scene.from, |agency: &mut Agency| {
            amend(agency);
            Ok(())
        })?);
        Ok(())
    }

    /// Moves systems at every moment at which `to` names a new agency for them.
    fn move_systems(&mut self, to: impl Fn(&SystemId, &AgencyId) -> Option<AgencyId>) -> Result<()> {
        for timeline in sorted(self.scene.timelines::<System>()) {
            if timeline.iter().all(|row| to(&row.value.id, &row.value.agency).is_none()) {
                continue;
            }
            self.changes.extend(amended(&timeline, self.scene.from, |system: &mut System| {
                if let Some(to) = to(&system.id, &system.agency) {
                    system.agency = to;
                }
                Ok(())
            })?);
        }
        Ok(())
    }

    /// Moves agencies below others at every moment at which `to` names a new parent for them.
    fn move_agencies(&mut self, to: impl Fn(&AgencyId, &AgencyId) -> Option<AgencyId>) -> Result<()> {
        let new_parent = |agency: &Agency| agency.parent.as_ref().and_then(|parent| to(&agency.id, parent));
        for timeline in sorted(self.scene.timelines::<Agency>()) {
            if timeline.iter().all(|row| new_parent(&row.value).is_none()) {
                continue;
            }
            self.changes.extend(amended(&timeline, self.scene.from, |agency: &mut Agency| {
                if let Some(parent) = new_parent(agency) {
                    agency.parent = Some(parent);
                }
                Ok(())
            })?);
        }
        Ok(())
    }
}

/// In the order of identifiers, so that the same reform is always the same.
fn sorted<T>(timelines: HashMap<String, Vec<Versioned<T>>>) -> impl Iterator<Item = Vec<Versioned<T>>> {
    timelines.into_iter().collect::<BTreeMap<_, _>>().into_values()
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
    rest: Option<AgencyId>,
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
        let mut parts = Self { into: into.clone(), systems: BTreeMap::new(), agencies: BTreeMap::new(), rest: None };
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
        parts.rest = rest;
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
