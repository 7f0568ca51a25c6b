// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! OSV, as osv.dev offers it: a bucket with a folder an ecosystem.
//!
//! `ecosystems.txt` names the ecosystems, `<ecosystem>/all.zip` holds all records, `<ecosystem>/<id>.json` one, and
//! `<ecosystem>/modified_id.csv` has a line `<modified>,<id>` for each, the latest first. So a feed that was read before is brought up
//! to date by the records that are newer than the last change seen; when those are many, the archive is the shorter way.
//! The list also tells which records are gone. Source: the documentation of osv.dev on its data dumps.

use std::collections::BTreeSet;

use underpin_model::Timestamp;
use underpin_model::limits::bounds;
use underpin_model::watch::source::Records;

use crate::delivery::{Content, DeliveredFile, Delivery, Refusal, Selection, Validators};
use crate::download::Wish;
use crate::error::{Code, FeedError};
use crate::fetch::{Fetch, escaped, file_name};

/// The names of all ecosystems, in the order of the list.
///
/// # Errors
/// What the client cannot fetch.
pub async fn ecosystems(fetch: &Fetch<'_>) -> Result<Vec<String>, FeedError> {
    let address = format!("{}ecosystems.txt", fetch.base_of(Records::Osv));
    let answer = fetch.client.fresh(&address, bounds::ANSWER_BYTES).await?;
    let text = String::from_utf8_lossy(&answer.bytes);
    let names =
        text.lines().map(str::trim).filter(|name| !name.is_empty() && !name.contains('/') && !name.starts_with('.'));
    Ok(names.map(str::to_owned).collect())
}

/// Fetches an ecosystem: what has changed, or all of it. `None` when nothing has.
///
/// # Errors
/// What the client cannot fetch. A single record that cannot be fetched is refused and the rest goes on.
pub async fn fetch(fetch: &Fetch<'_>, ecosystem: &str) -> Result<Option<Delivery>, FeedError> {
    let folder = format!("{}{}/", fetch.base_of(Records::Osv), escaped(ecosystem));
    let address = format!("{folder}modified_id.csv");
    // Without a cursor there is nothing to compare with: the list is read anew, whatever its ETag says.
    let none = Validators::default();
    let known = if fetch.known.cursor.is_some() { fetch.known } else { &none };
    let list = match fetch.client.bytes(&address, known, bounds::ANSWER_BYTES).await {
        Ok(Some(answer)) => Some(answer),
        Ok(None) => return Ok(None),
        // Mirrors may have the archives alone.
        Err(error) if error.code == Code::NotFound => None,
        Err(error) => return Err(error),
    };
    let Some(list) = list else { return whole(fetch, ecosystem, &folder, None).await };
    let changes = Changes::read(&list.bytes);
    let validators = Validators { cursor: changes.latest.clone(), ..list.validators };
    let Some(since) = &known.cursor else { return whole(fetch, ecosystem, &folder, Some(validators)).await };
    let newer = changes.since(since);
    if newer.len() > bounds::OSV_SINGLE_RECORDS || changes.lines.is_empty() {
        return whole(fetch, ecosystem, &folder, Some(validators)).await;
    }
    let mut delivery = empty(ecosystem, &folder, validators);
    if let Some(ids) = fetch.known_ids {
        let listed: BTreeSet<&str> = changes.lines.iter().map(|(_, id)| id.as_str()).collect();
        delivery.removed = ids.iter().filter(|id| !listed.contains(id.as_str())).cloned().collect();
    }
    let all = newer.len() as u64;
    for (done, id) in (1..).zip(newer) {
        single(fetch, &folder, id, &mut delivery).await?;
        fetch.tell_documents(&delivery.origin, done, all);
    }
    Ok(Some(delivery))
}

/// One record.
async fn single(fetch: &Fetch<'_>, folder: &str, id: &str, delivery: &mut Delivery) -> Result<(), FeedError> {
    let address = format!("{folder}{}.json", escaped(id));
    match fetch.client.fresh(&address, bounds::ANSWER_BYTES).await {
        Ok(answer) => delivery.files.push(DeliveredFile {
            name: format!("{id}.json"),
            content: Content::Bytes(answer.bytes),
            selection: Selection::All,
            records: Records::Osv,
        }),
        // A record that went between the list and now.
        Err(error) if error.code == Code::NotFound => delivery.removed.push(id.to_owned()),
        Err(error) if matches!(error.code, Code::TooLarge | Code::BadAnswer | Code::CompressionBomb) => {
            delivery.refused.push(error.into());
        }
        // The host fails: nothing half is handed over, and the cursor stays where it was.
        Err(error) => return Err(error),
    }
    Ok(())
}

/// The archive with all records.
async fn whole(
    fetch: &Fetch<'_>,
    ecosystem: &str,
    folder: &str,
    listed: Option<Validators>,
) -> Result<Option<Delivery>, FeedError> {
    let address = format!("{folder}all.zip");
    let name = file_name(&address, &format!("osv-{ecosystem}"));
    // The list has changed, or there is none: only without it the archive's own validators count.
    let none = Validators::default();
    let known = if listed.is_some() { &none } else { fetch.known };
    let wish = Wish { address: &address, known, folder: fetch.folder, name: &name, most_bytes: bounds::DOWNLOAD_BYTES };
    let Some(found) = fetch.client.download(wish, fetch.watcher).await? else { return Ok(None) };
    let digest = Some(found.sha256);
    if listed.is_none() && digest == fetch.known.digest {
        return Ok(None);
    }
    let validators = Validators { digest, ..listed.unwrap_or(found.validators) };
    let mut delivery = empty(ecosystem, folder, validators);
    delivery.is_complete = true;
    delivery.files.push(DeliveredFile {
        name,
        content: Content::File(found.path),
        selection: Selection::Called { start: "", end: ".json" },
        records: Records::Osv,
    });
    Ok(Some(delivery))
}

fn empty(ecosystem: &str, folder: &str, validators: Validators) -> Delivery {
    Delivery {
        feed: format!("osv/{ecosystem}"),
        records: Records::Osv,
        origin: crate::guard::shown_text(folder),
        stated: validators.cursor.clone(),
        files: Vec::new(),
        removed: Vec::new(),
        validators,
        refused: Vec::<Refusal>::new(),
        is_complete: false,
    }
}

/// The list of changes.
struct Changes {
    lines: Vec<(Timestamp, String)>,
    /// The latest moment, as it is written.
    latest: Option<String>,
}

impl Changes {
    /// Lines that are none are passed over: the archive or the next run brings what they meant.
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = Vec::new();
        let mut latest: Option<(Timestamp, &str)> = None;
        for line in text.lines() {
            let Some((moment, path)) = line.trim().split_once(',') else { continue };
            let Ok(at) = moment.parse::<Timestamp>() else { continue };
            // The list of all ecosystems writes `<ecosystem>/<id>`.
            let id = path.rsplit('/').next().unwrap_or(path);
            if id.is_empty() {
                continue;
            }
            lines.push((at, id.to_owned()));
            if latest.is_none_or(|(before, _)| before < at) {
                latest = Some((at, moment));
            }
        }
        let latest = latest.map(|(_, moment)| moment.to_owned());
        Self { lines, latest }
    }

    /// The ids changed since a moment, that moment included: two records may have changed in it and one been seen.
    fn since(&self, cursor: &str) -> Vec<&str> {
        let since = cursor.parse().unwrap_or(Timestamp::MIN);
        self.lines.iter().filter(|(at, _)| *at >= since).map(|(_, id)| id.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_changes_is_read() {
        let text =
            "2024-03-02T00:00:00.5Z,B-2\r\nnonsense\n2024-03-01T00:00:00Z,npm/A-1\n,\nx,y\n2024-03-03T00:00:00Z,\n";
        let changes = Changes::read(text.as_bytes());
        assert_eq!(changes.latest.as_deref(), Some("2024-03-02T00:00:00.5Z"));
        for (since, expected) in [
            ("2024-03-01T00:00:00Z", vec!["B-2", "A-1"]),
            ("2024-03-01T00:00:00.000001Z", vec!["B-2"]),
            ("2024-03-02T00:00:00.5Z", vec!["B-2"]),
            ("2024-03-03T00:00:00Z", vec![]),
            ("no time", vec!["B-2", "A-1"]),
        ] {
            assert_eq!(changes.since(since), expected, "{since}");
        }
    }
}
