// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Repositories of the catalogue, as people read them.

use underpin_model::practices::Outcome;
use underpin_office::role_model::DuplicateReason;
use underpin_office::role_model::catalogue::{CatalogueAnswer, RepositoryRow};
use underpin_office::role_model::repository_view::{DuplicateRow, DuplicatesAnswer, RepositoryView};
use underpin_render::{Language, text};

use super::coverage::snapshot_line;
use crate::output::{Answer, columns, counted, dash};

const FIELDS: [&str; 15] = [
    "address",
    "agency",
    "name",
    "description",
    "visibility",
    "licence",
    "state",
    "software_type",
    "categories",
    "written_in",
    "commit",
    "committed",
    "looked",
    "practices",
    "systems",
];
const PAIR: [&str; 7] = ["one", "one_agency", "other", "other_agency", "points", "reasons", "put_aside"];

pub(super) fn list(found: &CatalogueAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let cells = |row: &RepositoryRow| {
        vec![
            row.address.clone(),
            row.agency.clone(),
            row.name.clone(),
            row.visibility.as_str().to_owned(),
            dash(row.licence.as_deref().unwrap_or_default()),
            row.state.as_str().to_owned(),
            dash(&row.looked.map(|at| at.date()).unwrap_or_default()),
        ]
    };
    let head = counted(found.rows.len() as u64, "repository", "repositories");
    Answer {
        head: vec![format!("{head} of {} within sight.", found.all)],
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        fields: &FIELDS,
        columns: columns(&["address", "agency", "name", "visibility", "licence", "state", "looked"]),
        cells: found.rows.iter().map(cells).collect(),
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
        json,
    }
}

pub(super) fn shown(found: &RepositoryView) -> Answer {
    let row = &found.repository;
    let mut head = vec![format!("{} ({}, {})", row.name, row.address, row.agency_name)];
    head.extend(Some(row.description.clone()).filter(|text| !text.is_empty()));
    let licence = row.licence.as_deref().unwrap_or("licence unknown");
    head.push(format!("{}; {licence}; {}", row.visibility.as_str(), row.state.as_str()));
    match (&row.looked, &row.commit) {
        (Some(looked), Some(commit)) => {
            head.push(format!("Looked at on {}, commit {}.", looked.date(), commit.get(..12).unwrap_or(commit)));
        }
        (Some(looked), None) => head.push(format!("Looked at on {}.", looked.date())),
        (None, _) => head.push("Nobody has looked at a clone.".to_owned()),
    }
    for run in &found.runs {
        let how = run.because.as_str();
        head.push(format!("Runs in {} of {} (known by {how}).", run.system_name, run.agency_name));
    }
    head.extend(found.elsewhere.as_ref().map(elsewhere));
    head.extend(found.duplicates.iter().map(|pair| {
        let other = if pair.one == row.address { &pair.other } else { &pair.one };
        format!("Looks like {other}: {}.", reasons(pair))
    }));
    let mut cells = Vec::new();
    for standard in &found.standards {
        for one in &standard.practices {
            let told = |key: &str| text(Language::English, key, &[]);
            let fix = if one.outcome == Outcome::NotMet {
                told(&format!("practice-{}-fix", one.practice))
            } else {
                String::new()
            };
            let places = one.places.iter().map(|place| place.place.as_str()).filter(|place| !place.is_empty());
            cells.push(vec![
                standard.standard.clone(),
                told(&format!("practice-{}", one.practice)),
                told(&format!("practice-{}", one.outcome.as_str())),
                places.collect::<Vec<_>>().join(", "),
                fix,
            ]);
        }
    }
    let json = serde_json::to_value(found).unwrap_or_default();
    let practices = found.standards.iter().flat_map(|standard| &standard.practices);
    Answer {
        head,
        rows: practices.map(|one| serde_json::to_value(one).unwrap_or_default()).collect(),
        fields: &["pack", "practice", "version", "standard", "rule", "outcome", "obstacle", "places", "more_places"],
        columns: columns(&["standard", "practice", "result", "where", "what to do"]),
        cells,
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
        json,
    }
}

fn elsewhere(total: &underpin_office::role_model::SafeTotal) -> String {
    use underpin_office::role_model::SafeTotal as T;
    match total {
        T::Nothing => "No system elsewhere in the government.".to_owned(),
        T::About(count) => format!("About {count} systems elsewhere in the government run it."),
        T::Withheld => "How many systems elsewhere run it is not told: it would tell of single ones.".to_owned(),
    }
}

/// Why two look alike, in words.
fn reasons(pair: &DuplicateRow) -> String {
    pair.reasons.iter().map(reason).collect::<Vec<_>>().join("; ")
}

fn reason(reason: &DuplicateReason) -> String {
    use DuplicateReason as R;
    match reason {
        R::SameBeginning => "their histories begin with the same commit".to_owned(),
        R::MadeFromTheOther => "one says that it was made from the other".to_owned(),
        R::SameContents { percent } => format!("{percent} of 100 files have the same contents"),
        R::SameOrigin { from } => format!("both were made from {from}"),
        R::SameName => "they have the same name".to_owned(),
        R::SameWords { percent } => format!("{percent} of 100 words of their descriptions are the same"),
        R::SameKind { categories } => format!("they are of the same kind ({})", categories.join(", ")),
    }
}

pub(super) fn duplicates(found: &DuplicatesAnswer) -> Answer {
    let json = serde_json::to_value(found).unwrap_or_default();
    let cells = |row: &DuplicateRow| {
        vec![
            format!("{}, {}", row.one, row.other),
            format!("{}, {}", row.one_agency, row.other_agency),
            row.points.to_string(),
            reasons(row),
            dash(row.put_aside.as_deref().unwrap_or_default()),
        ]
    };
    let pairs = counted(found.rows.len() as u64, "pair looks", "pairs look");
    Answer {
        head: vec![format!("{pairs} like the same thing built twice.")],
        rows: json["rows"].as_array().cloned().unwrap_or_default(),
        fields: &PAIR,
        columns: columns(&["repositories", "agencies", "points", "because", "put aside"]),
        cells: found.rows.iter().map(cells).collect(),
        notes: vec![snapshot_line(found.overview.snapshot, found.overview.as_of)],
        json,
    }
}
