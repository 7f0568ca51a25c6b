// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CVE records of version 5: an archive with one file a record, as the CVE Program (`cvelistV5`) and CISA (`vulnrichment`) publish
//! them, and the CVE Program's list of changes (`cves/deltaLog.json`), which names what changed in the last weeks, run by run.

use std::collections::BTreeMap;

use serde::Deserialize;
use underpin_model::Timestamp;
use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;

use crate::delivery::{Content, DeliveredFile, Delivery, Selection, Validators};
use crate::error::{Code, FeedError};
use crate::fetch::Fetch;

const RECORDS: Selection = Selection::Called { start: "CVE-", end: ".json" };

/// One run of the list of changes.
#[derive(Deserialize)]
struct Run {
    #[serde(rename = "fetchTime")]
    fetched: String,
    #[serde(default)]
    new: Vec<Change>,
    #[serde(default)]
    updated: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    #[serde(rename = "cveId")]
    id: String,
}

/// Fetches what has changed, or all of it. `None` when nothing has. `changes` is the address of the folder that holds `deltaLog.json`
/// and the records (`2026/12xxx/CVE-2026-12345.json`), where there is one.
///
/// # Errors
/// What the client cannot fetch.
pub async fn fetch(fetch: &Fetch<'_>, changes: Option<&str>) -> Result<Option<Delivery>, FeedError> {
    let Some(changes) = changes else { return fetch.one_file("cve", Records::Cve, RECORDS).await };
    let folder = format!("{}/", changes.trim_end_matches('/'));
    let answer = fetch.client.fresh(&format!("{folder}deltaLog.json"), bounds::ANSWER_BYTES).await?;
    let runs: Vec<Run> = serde_json::from_slice(&answer.bytes)
        .map_err(|error| FeedError::new(Code::BadAnswer, answer.address.clone(), error.to_string()))?;
    let mut by_time: BTreeMap<Timestamp, &Run> = BTreeMap::new();
    for run in &runs {
        if let Ok(at) = run.fetched.parse() {
            by_time.insert(at, run);
        }
    }
    let latest = by_time.values().next_back().map(|run| run.fetched.clone());
    let since = fetch.known.cursor.as_ref().and_then(|cursor| cursor.parse::<Timestamp>().ok());
    // The list reaches back some weeks only: an older state is brought up to date by the archive.
    let is_covered = since.is_some_and(|since| by_time.keys().next().is_some_and(|first| *first <= since));
    let mut ids = since.map(|since| changed(&by_time, since)).unwrap_or_default();
    if since.is_some() {
        ids.extend(fetch.known.again.iter().cloned());
    }
    if !is_covered || ids.len() > bounds::CVE_SINGLE_RECORDS {
        let mut delivery = fetch.one_file("cve", Records::Cve, RECORDS).await?;
        if let Some(delivery) = &mut delivery {
            delivery.stated.clone_from(&latest);
            delivery.validators.cursor = latest;
        }
        return Ok(delivery);
    }
    if ids.is_empty() {
        return Ok(None);
    }
    let validators = Validators { cursor: latest.clone(), again: Vec::new(), ..fetch.known.clone() };
    let mut delivery = Delivery {
        feed: "cve".to_owned(),
        records: Records::Cve,
        origin: crate::guard::shown_text(&folder),
        stated: latest,
        files: Vec::new(),
        removed: Vec::new(),
        validators,
        refused: Vec::new(),
        is_complete: false,
    };
    let all = ids.len() as u64;
    for (done, id) in (1..).zip(ids) {
        single(fetch, &folder, &id, &mut delivery).await?;
        fetch.tell_documents(&delivery.origin, done, all);
    }
    Ok(Some(delivery))
}

/// The ids changed after a run, sorted.
fn changed(runs: &BTreeMap<Timestamp, &Run>, since: Timestamp) -> std::collections::BTreeSet<String> {
    let after = runs.iter().filter(|(at, _)| **at > since);
    after.flat_map(|(_, run)| run.new.iter().chain(&run.updated)).map(|change| change.id.clone()).collect()
}

async fn single(fetch: &Fetch<'_>, folder: &str, id: &str, delivery: &mut Delivery) -> Result<(), FeedError> {
    let Some(path) = path_of(id) else {
        let detail = "the list of changes names no CVE record";
        delivery.refused.push(FeedError::new(Code::BadAnswer, id.chars().take(100).collect::<String>(), detail).into());
        return Ok(());
    };
    match fetch.client.fresh(&format!("{folder}{path}"), bounds::ANSWER_BYTES).await {
        Ok(answer) => delivery.files.push(DeliveredFile {
            name: path,
            content: Content::Bytes(answer.bytes),
            selection: Selection::All,
            records: Records::Cve,
        }),
        Err(error)
            if matches!(error.code, Code::NotFound | Code::TooLarge | Code::BadAnswer | Code::CompressionBomb) =>
        {
            // The list names it no more the next time: it is asked for again until it comes.
            delivery.validators.again.push(id.to_owned());
            delivery.refused.push(error.into());
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Where a record lies: `CVE-2026-12345` in `2026/12xxx`.
fn path_of(id: &str) -> Option<String> {
    let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
    let are_digits =
        [year, number].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let thousand = number.get(..number.len().checked_sub(3)?).filter(|part| !part.is_empty())?;
    are_digits.then(|| format!("{year}/{thousand}xxx/{id}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_lie_by_year_and_thousand() {
        for (id, expected) in [
            ("CVE-2026-12345", Some("2026/12xxx/CVE-2026-12345.json")),
            ("CVE-1999-0001", Some("1999/0xxx/CVE-1999-0001.json")),
            ("CVE-2026-123", None),
            ("CVE-2026-../..", None),
            ("CVE-2026", None),
            ("GHSA-1-1", None),
            ("CVE-2026-1é345", None),
        ] {
            assert_eq!(path_of(id).as_deref(), expected, "{id}");
        }
    }
}
