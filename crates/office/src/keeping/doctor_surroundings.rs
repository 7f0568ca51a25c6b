// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the house stands on: versions and disks.

use std::collections::BTreeMap;

use underpin_formats::readers;
use underpin_ledger::{Location, Snapshot};
use underpin_model::{DocumentState, Timestamp, Viewer};

use super::doctor::{Health, REBUILD};
use crate::error::Result;
use crate::house::House;

/// Versions of everything that is stored, and documents that older readers read.
pub fn versions(house: &House, snapshot: &Snapshot, health: &mut Health) {
    let database = match house.ledger.location() {
        Location::Sqlite(_) => "SQLite",
        Location::Postgres(_) => "PostgreSQL",
    };
    let now: BTreeMap<&str, u32> = readers().map(|reader| (reader.id, reader.version)).collect();
    let detail = format!(
        "Underpin {}, schema {} on {database}, schema {} of facts, {} readers",
        env!("CARGO_PKG_VERSION"),
        underpin_ledger::SCHEMA_VERSION,
        underpin_lake::SCHEMA_VERSION,
        now.len()
    );
    health.check("versions", 1, detail);
    let mut older: BTreeMap<&str, u64> = BTreeMap::new();
    for record in snapshot.documents.iter().filter(|record| record.state == DocumentState::Accepted) {
        if now.get(record.format.as_str()).is_some_and(|version| record.reader_version < *version) {
            *older.entry(record.format.as_str()).or_default() += 1;
        }
    }
    for (format, count) in older {
        let detail = format!("{count} documents were read by an older reader");
        health.notice("older-reader", format, detail, REBUILD);
    }
}

/// What somebody has to look at before others do: keys and the end of security.txt.
pub async fn publications(house: &House, viewer: &Viewer, now: Timestamp, health: &mut Health) -> Result<()> {
    for notice in house.publish_notices(viewer, now).await? {
        let day = notice.day.map(|day| day.date().to_string()).unwrap_or_default();
        let (what, detail, remedy) = match notice.code {
            "security-txt-over" => (
                "security.txt",
                format!("it ended on {day} and is served no more"),
                "write a later `expires` into the settings",
            ),
            "security-txt-ends" => {
                ("security.txt", format!("it ends on {day}"), "write a later `expires` into the settings")
            }
            "security-txt-unsigned" => (
                "security.txt",
                "it is served without a signature".to_owned(),
                "`underpin publish sign-again` signs it",
            ),
            "key-missing" => (
                "the key of publications",
                format!("the secret half of {} is not where it should lie", notice.about),
                "put it back from where you keep it, or revoke it and make another one",
            ),
            "key-revoked" => (
                "the key of publications",
                format!("{} is revoked since {day}", notice.about),
                "`underpin publish key new --replace` makes another one",
            ),
            _ => (
                "publications",
                format!("{} are signed with a revoked key", notice.about),
                "`underpin publish sign-again` signs them anew",
            ),
        };
        health.notice(notice.code, what, detail, remedy);
    }
    Ok(())
}

/// Where the store is when it is a bucket, and how much is kept of it here.
pub fn kept(house: &House, health: &mut Health) {
    let Some(bytes) = house.lake.kept_bytes() else { return };
    let (store, room) = (house.settings.store_location(), house.limits().store_cache_bytes);
    health.check("store", 1, format!("{store}; {bytes} bytes of it are kept here, of {room} at most"));
}

/// Room for a few more batches, in the store and where the ledger lies.
pub fn space(house: &House, health: &mut Health) {
    let needed = house.limits().batch_bytes.saturating_mul(2);
    let mut folders = vec![house.settings.store_folder()];
    if let Location::Sqlite(path) = house.ledger.location()
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
        && folders.iter().all(|known| known != folder)
    {
        folders.push(folder.to_owned());
    }
    for folder in folders {
        let what = folder.display().to_string();
        let Ok(disk) = rustix::fs::statvfs(&folder) else {
            health.notice("space-unknown", what, "the free space cannot be read", "look at the disk yourself");
            continue;
        };
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        health.check("free space", 1, format!("{:.1} GB in {what}", free as f64 / 1e9));
        if free < needed {
            let detail = format!("{free} bytes are free; a batch may need {needed}");
            health.fault("low-space", what, detail, "free some space, or move the store to a larger disk");
        }
    }
}

/// Evidence may hold secrets: others on the machine must not look into the folders.
#[cfg(unix)]
pub fn rights(house: &House, health: &mut Health) {
    use std::os::unix::fs::PermissionsExt as _;
    let mut folders = vec![house.settings.data.clone(), house.settings.store_folder()];
    folders.dedup();
    for folder in folders {
        let Ok(metadata) = std::fs::metadata(&folder) else { continue };
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let (what, detail) = (folder.display().to_string(), format!("others may enter it (rights {mode:o})"));
            health.notice("wide-rights", what, detail, "`chmod 700` takes these rights away");
        }
    }
}

/// Other systems have other rights.
#[cfg(not(unix))]
pub fn rights(_: &House, _: &mut Health) {}
