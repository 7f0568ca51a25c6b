// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The lake: original bytes under their hash, and their facts as immutable columnar segments.
//!
//! Architecture invariants:
//! - only this crate names DataFusion, Arrow or Parquet;
//! - every reader goes through a [`Session`], opened for a set of visible documents; there is no unfiltered way in;
//! - files are written once, synced, and only then named to the catalogue; nothing here changes a file in place.

/// Rows as they come from a session.
pub use datafusion::arrow::array::RecordBatch as Rows;

mod bounded;
#[cfg(feature = "cluster")]
mod cluster;
mod compact;
mod dictionary;
mod engine;
mod error;
mod evidence;
mod exec;
mod fingerprint;
mod forget;
mod functions;
mod given;
mod inspect;
mod joined;
mod judged;
mod lookup;
#[cfg(test)]
mod old_segments;
mod opened;
mod package_uses;
mod positioned;
mod provider;
mod remembered;
mod rows;
mod running;
mod scan;
mod schema;
mod segment;
mod session;
mod sizes;
mod sql;
mod stoppable;
mod store;
mod streamed;
mod systems_of;
mod usage;
mod uses;
mod views;
mod visible;

#[cfg(feature = "cluster")]
pub use cluster::{run_executor, run_scheduler, settled};
pub use compact::compact;
pub use dictionary::Dictionary;
pub use engine::{
    ClusterKeys, ClusterSecret, ClusterTls, EngineAddress, EngineSettings, ExecutorSettings, Listener, Progress,
    SHORTEST_SILENCE_SECONDS, SchedulerSettings, watched,
};
pub use error::LakeError;
pub use evidence::{
    EvidenceStore, Packed, Place, WrittenPack, compressor, evidence_id, make_folder, pack, sync_folder,
};
pub use fingerprint::TableFingerprint;
pub use forget::Forgetting;
pub use given::{GivenRow, GivenTables, asked_of_rows};
pub use inspect::{Inspected, StoredFile};
pub use judged::{Named, StatedRows, StatedTables, stated_tables};
pub use lookup::{Occurrence, PackageVersion, VersionSet};
pub use package_uses::{PackageUse, PackageUses, StatedProject};
pub use rows::{Cell, TableRows, booleans, codes, integers, join, texts};
pub use scan::Wanted;
pub use schema::{Column, ColumnKind, FEED_RECORD, SCHEMA_VERSION, TABLES, Table};
pub use segment::{SegmentStore, Written};
pub use session::{Lake, SegmentRef, Session};
pub use sql::{Beside, ReadyTable, SmallTable, SqlAnswer, SqlLimits, TextColumn, Value, names_in, parquet_of};
pub use store::{BucketLocation, InvalidStore, Provider, StoreLimits, StoreLocation, stem};
pub use streamed::{Only, Pass, RowSource, StreamedTable, TRUTH};
pub use systems_of::SystemsOf;
pub use usage::{NOT_COUNTED, PackageUsage};
pub use uses::{BriefUse, SystemUse, Told};
pub use views::{VIEWS, View, WATCH_VIEWS};
pub use visible::{DocumentSet, Visible};
