// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The registry as a change finds it: what holds now, what will hold when the change begins to, and what is planned
//! after that. A change goes over everything planned, so that only what it names differs afterwards.
//!
//! A change is worked out from a scene and holds only if nobody changed the registry since; else it is worked out anew.

use std::collections::HashMap;

use serde::Serialize;
use underpin_ledger::{LedgerError, Plans, RegistryChange};
use underpin_model::Timestamp;
use underpin_model::limits::bounds::REGISTRY_ATTEMPTS;
use underpin_model::registry::{RegistryFile, Versioned};

use super::Author;
use super::registry_edit::{ChangeAnswer, explained};
use super::registry_entry::Entry;
use super::registry_fields::{FieldChange, differences};
use crate::error::Result;
use crate::house::{Desk, House};

/// The registry as a change finds it.
#[derive(Debug)]
pub(crate) struct Scene {
    /// As it is now.
    pub(crate) now: Desk,
    then: Option<Desk>,
    then_file: RegistryFile,
    plans: Plans,
    /// Since when the change holds.
    pub(crate) from: Timestamp,
}

/// What a change is to be.
#[derive(Debug, Default)]
pub(crate) struct Intent {
    /// What it is about: `system portal`.
    pub(crate) about: String,
    /// What changes, as far as it holds at once.
    pub(crate) fields: Vec<FieldChange>,
    /// What is to be said; without a date of its own from the moment of the scene on.
    pub(crate) changes: Vec<RegistryChange>,
    /// What to know beyond that.
    pub(crate) notes: Vec<String>,
    /// Kind and key of the thing whose plans the answer names.
    pub(crate) thing: Option<(&'static str, String)>,
}

/// Something that will change, begin or end by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PlannedChange {
    /// `agency`, `system`, `deployment` or `mapping`.
    pub kind: &'static str,
    /// What it is known by.
    pub id: String,
    /// When.
    pub from: Timestamp,
    /// `begins`, `changes` or `ends`.
    pub what: &'static str,
    /// What changes.
    pub fields: Vec<FieldChange>,
}

impl std::fmt::Display for PlannedChange {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kind, id, from, what, fields } = self;
        write!(formatter, "planned: {kind} {id} {what} on {}", from.date())?;
        let shown = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
        for (index, field) in fields.iter().enumerate() {
            let mark = if index == 0 { ":" } else { ";" };
            write!(formatter, "{mark} {} {} → {}", field.field, shown(&field.before), shown(&field.after))?;
        }
        Ok(())
    }
}

impl Scene {
    /// As it will be when the change begins to hold; a change of the past finds what is now.
    pub(crate) fn then(&self) -> &Desk {
        self.then.as_ref().unwrap_or(&self.now)
    }

    /// The registry as it will be when the change begins to hold.
    pub(crate) fn file(&self) -> &RegistryFile {
        &self.then_file
    }

    /// What is believed about a thing from the moment of the change on, in the order of time.
    pub(crate) fn timeline<T: Entry>(&self, key: &str) -> Vec<Versioned<T>> {
        let planned: Vec<Versioned<T>> =
            T::planned(&self.plans).iter().filter(|row| row.value.key() == key).cloned().collect();
        if !planned.is_empty() {
            return planned;
        }
        T::rows(&self.then_file).iter().filter(|row| row.key() == key).map(|row| self.for_ever(row)).collect()
    }

    /// The same of all things of a kind.
    pub(crate) fn timelines<T: Entry>(&self) -> HashMap<String, Vec<Versioned<T>>> {
        let mut timelines: HashMap<String, Vec<Versioned<T>>> = HashMap::new();
        for row in T::planned(&self.plans) {
            timelines.entry(row.value.key()).or_default().push(row.clone());
        }
        for row in T::rows(&self.then_file) {
            timelines.entry(row.key()).or_insert_with(|| vec![self.for_ever(row)]);
        }
        timelines
    }

    /// What holds all the time that matters to the change.
    fn for_ever<T: Clone>(&self, value: &T) -> Versioned<T> {
        Versioned {
            value: value.clone(),
            valid_from: self.from,
            valid_until: Timestamp::MAX,
            recorded_from: self.now.snapshot.at,
            recorded_until: Timestamp::MAX,
        }
    }
}

impl House {
    /// Looks at the registry for a change that is to hold from a moment on (else now).
    pub(crate) async fn scene(&self, author: &Author, from: Option<Timestamp>) -> Result<Scene> {
        let from = from.unwrap_or(author.at);
        let now = self.desk(author.viewer.clone(), author.at).await?;
        let then = match from > author.at {
            true => Some(self.desk_as_of(author.viewer.clone(), from, author.at).await?),
            false => None,
        };
        let plans = self.ledger.reader(author.viewer.clone(), author.at).plans(from).await?;
        let then_file = then.as_ref().unwrap_or(&now).registry_file();
        Ok(Scene { now, then, then_file, plans, from })
    }

    /// Works a change out and makes it; anew when somebody else changed the registry meanwhile.
    pub(crate) async fn change(
        &self,
        author: &Author,
        from: Option<Timestamp>,
        work_out: impl Fn(&Scene) -> Result<Intent> + Send + Sync,
    ) -> Result<ChangeAnswer> {
        let mut attempts = 1;
        loop {
            let scene = self.scene(author, from).await?;
            let intent = work_out(&scene)?;
            let dated = |change: RegistryChange| match change {
                RegistryChange::ValidFrom(..) => change,
                other => other.valid_from(scene.from),
            };
            let changes = intent.changes.into_iter().map(dated).collect();
            let writer = self.ledger.writer(&author.actor, author.viewer.clone());
            let applied = match writer.apply_registry_since(author.at, scene.now.snapshot.revision, changes).await {
                Err(LedgerError::RegistryMoved) if attempts < REGISTRY_ATTEMPTS => {
                    attempts += 1;
                    continue;
                }
                outcome => outcome.map_err(explained)?,
            };
            let mut notes = intent.notes;
            if let Some((kind, key)) = &intent.thing {
                let planned = self.planned(author, scene.from, |k, id| k == *kind && id == key).await?;
                notes.extend(planned.iter().map(ToString::to_string));
            }
            return Ok(ChangeAnswer {
                about: intent.about,
                revision: applied.revision,
                changed: applied.changed,
                valid_from: scene.from,
                fields: intent.fields,
                notes,
            });
        }
    }

    /// What is planned for the things wanted after a moment, and after now.
    pub(crate) async fn planned(
        &self,
        author: &Author,
        from: Timestamp,
        wanted: impl Fn(&str, &str) -> bool,
    ) -> Result<Vec<PlannedChange>> {
        let after = from.max(author.at);
        let plans = self.ledger.reader(author.viewer.clone(), author.at).plans(after).await?;
        let mut planned = planned_of(&plans.agencies, after, &wanted);
        planned.extend(planned_of(&plans.systems, after, &wanted));
        planned.extend(planned_of(&plans.deployments, after, &wanted));
        planned.extend(planned_of(&plans.mappings, after, &wanted));
        Ok(planned)
    }
}

fn planned_of<T: Entry>(
    rows: &[Versioned<T>],
    after: Timestamp,
    wanted: &impl Fn(&str, &str) -> bool,
) -> Vec<PlannedChange> {
    let kind = T::KIND.as_str();
    let mut timelines: std::collections::BTreeMap<String, Vec<&Versioned<T>>> = std::collections::BTreeMap::new();
    for row in rows {
        let key = row.value.key();
        if wanted(kind, &key) {
            timelines.entry(key).or_default().push(row);
        }
    }
    let mut planned = Vec::new();
    for (id, timeline) in timelines {
        let mut before: Option<&Versioned<T>> = None;
        let mut say = |from, what, fields| planned.push(PlannedChange { kind, id: id.clone(), from, what, fields });
        for row in timeline {
            match before {
                Some(earlier) if earlier.valid_until == row.valid_from => {
                    say(row.valid_from, "changes", differences(Some(&earlier.value), Some(&row.value)));
                }
                earlier => {
                    if let Some(earlier) = earlier {
                        say(earlier.valid_until, "ends", Vec::new());
                    }
                    if row.valid_from > after {
                        say(row.valid_from, "begins", Vec::new());
                    }
                }
            }
            before = Some(row);
        }
        if let Some(last) = before.filter(|last| last.valid_until != Timestamp::MAX) {
            say(last.valid_until, "ends", Vec::new());
        }
    }
    planned
}

/// Goes over every statement that reaches beyond a moment.
///
/// # Errors
/// What `amend` refuses.
pub(crate) fn amended<T: Entry>(
    timeline: &[Versioned<T>],
    from: Timestamp,
    mut amend: impl FnMut(&mut T) -> Result<()>,
) -> Result<Vec<RegistryChange>> {
    let mut changes = Vec::new();
    let mut reaching = timeline.iter().filter(|row| row.valid_until > from).peekable();
    while let Some(row) = reaching.next() {
        let mut value = row.value.clone();
        amend(&mut value)?;
        changes.push(value.put().valid_from(row.valid_from.max(from)));
        let follows = reaching.peek().is_some_and(|next| next.valid_from <= row.valid_until);
        if row.valid_until != Timestamp::MAX && !follows {
            changes.push(row.value.end().valid_from(row.valid_until));
        }
    }
    Ok(changes)
}
