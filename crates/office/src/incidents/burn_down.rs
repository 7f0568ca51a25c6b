// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How exposure falls, from the record: a system counts from the task to fix it on, until the document that proves it came in.

use std::collections::HashMap;

use underpin_model::Timestamp;
use underpin_model::incidents::{Incident, SystemStanding, TaskKind};
use underpin_model::registry::SystemId;
use underpin_model::watch::Place;

use super::judge::{Judged, Picture};
use super::room::{BurnDown, BurnPoint};
use super::tasks::Story;
use crate::house::Desk;

/// Moments that are looked at, at most; the last ones count.
const MOMENTS: usize = 60;

/// When the first task of each kind was made for a system: a nation has tens of thousands of both.
struct Made<'s>(HashMap<(TaskKind, &'s SystemId), Timestamp>);

impl<'s> Made<'s> {
    fn of(stories: &'s [Story]) -> Self {
        let mut made = HashMap::new();
        for (task, _) in stories {
            if let Place::System(system) = &task.place {
                let first = made.entry((task.kind, system)).or_insert(task.made);
                *first = task.made.min(*first);
            }
        }
        Self(made)
    }

    fn first(&self, kind: TaskKind, system: &SystemId) -> Option<Timestamp> {
        self.0.get(&(kind, system)).copied()
    }
}

/// From when until when a system was hit.
struct Span {
    from: Timestamp,
    until: Option<Timestamp>,
}

/// The points of an incident.
pub(super) fn burn_down(desk: &Desk, incident: &Incident, picture: &Picture, stories: &[Story]) -> BurnDown {
    let (now, made) = (desk.snapshot.at, Made::of(stories));
    let spans: Vec<Span> = picture
        .systems
        .iter()
        .filter_map(|judged| {
            let id = &desk.system(judged.system).id;
            let from = made.first(TaskKind::Fix, id);
            match judged.standing {
                SystemStanding::Hit => Some(Span { from: from.unwrap_or(now), until: None }),
                SystemStanding::Fixed => {
                    Some(Span { from: from?, until: judged.proof.as_ref().map(|proof| proof.learned) })
                }
                // Since when a decision or an accepted reason holds is not told here: it counts until now.
                SystemStanding::Accepted => Some(Span { from: from?, until: Some(now) }),
                _ => None,
            }
        })
        .collect();
    let dark = dark(desk, picture, &made);
    let mut moments: Vec<Timestamp> = spans.iter().flat_map(|span| [Some(span.from), span.until]).flatten().collect();
    moments.retain(|at| *at > incident.opened && *at < now);
    moments.sort_unstable();
    moments.dedup();
    let is_cut = moments.len() > MOMENTS;
    let mut moments = moments.split_off(moments.len().saturating_sub(MOMENTS));
    moments.insert(0, incident.opened);
    if now > incident.opened {
        moments.push(now);
    }
    let point = |at: Timestamp| BurnPoint {
        at,
        hit: holding(&spans, at),
        in_the_dark: if at == now { picture.counts.in_the_dark() } else { holding(&dark, at) },
        unacknowledged: stories
            .iter()
            .filter(|(task, _)| task.made <= at && task.acknowledged.is_none_or(|moment| moment > at))
            .count() as u64,
    };
    let points: Vec<BurnPoint> = moments.into_iter().map(point).collect();
    let is_on_track = incident.target.and_then(|target| on_track(&points, incident.opened, target));
    BurnDown { points, target: incident.target, is_on_track, is_cut }
}

fn holding(spans: &[Span], at: Timestamp) -> u64 {
    spans.iter().filter(|span| span.from <= at && span.until.is_none_or(|until| until > at)).count() as u64
}

/// From when until when systems were in the dark: from the task to tell about them on, until the document that answered it came in.
fn dark(desk: &Desk, picture: &Picture, made: &Made<'_>) -> Vec<Span> {
    let span = |judged: &Judged| {
        let from = made.first(TaskKind::Check, &desk.system(judged.system).id)?;
        let until = match judged.standing {
            SystemStanding::Blind | SystemStanding::Stale | SystemStanding::Unknown => None,
            _ => Some(judged.proof.as_ref()?.learned),
        };
        Some(Span { from, until })
    };
    picture.systems.iter().filter_map(span).collect()
}

/// Whether the last point lies on or below the straight line from the highest point at the beginning to none at the target.
fn on_track(points: &[BurnPoint], opened: Timestamp, target: Timestamp) -> Option<bool> {
    let last = points.last()?;
    let most = points.iter().map(|point| point.hit).max()?;
    let (whole, gone) = (target.0.checked_sub(opened.0)?, last.at.0.checked_sub(opened.0)?);
    if whole <= 0 || gone >= whole {
        return Some(last.hit == 0);
    }
    // In whole numbers: hit / most <= (whole - gone) / whole.
    Some(i128::from(last.hit) * i128::from(whole) <= i128::from(most) * i128::from(whole - gone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_is_a_straight_line() {
        let point = |at, hit| BurnPoint { at: Timestamp(at), hit, in_the_dark: 0, unacknowledged: 0 };
        for (points, expected) in [
            (vec![point(0, 10)], Some(true)),
            (vec![point(0, 10), point(50, 5)], Some(true)),
            (vec![point(0, 10), point(50, 6)], Some(false)),
            (vec![point(0, 10), point(100, 1)], Some(false)),
            (vec![point(0, 10), point(100, 0)], Some(true)),
            (vec![point(0, 10), point(20, 20), point(50, 10)], Some(true)),
            (vec![], None),
        ] {
            assert_eq!(on_track(&points, Timestamp(0), Timestamp(100)), expected, "{points:?}");
        }
    }
}
