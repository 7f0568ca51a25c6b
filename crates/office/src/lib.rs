// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The use cases of the office. The only place where ledger, lake, formats and the pure verbs meet.
//!
//! Architecture invariant: everything here takes the time and the viewer as parameters, and knows nothing of command
//! lines or web pages. Answers are plain values; `cli` and `web` render them.

pub mod codes;
pub mod compass;
pub mod continent;
pub mod coordinator;
pub mod demo;
mod demo_catalogue;
mod demo_compass;
mod demo_incident;
pub mod demo_publications;
mod demo_support;
mod demo_waivers;
pub mod elsewhere;
pub mod error;
pub mod house;
pub mod incidents;
pub mod intake;
pub mod jobs;
pub mod keeping;
pub mod law;
pub mod maintenance;
pub mod measure;
pub mod messages;
pub mod migration;
pub mod people;
pub mod publish;
pub mod reads;
pub mod regulator;
pub mod role_model;
pub mod rounds;
pub mod simulator;
pub mod supporter;
pub mod watch;

pub use error::{OfficeError, Result};
pub use house::{Desk, House, Settings, operator_only};
pub use underpin_assess::severity::DeadlineRules;
pub use underpin_formats::installed::{CollectScript, collect_script};
pub use underpin_formats::readers;
/// A kind of row in a registry file.
pub use underpin_formats::registry::Kind as RegistryKind;
pub use underpin_lake::{InvalidStore, StoreLocation};
pub use underpin_ledger::{Announced, Announcer, Location};

/// Rows of an answer (JSON objects with the same keys) as one Parquet file. Nested values are written as JSON text. `fields` name the
/// columns where there is no row.
///
/// # Errors
/// When the rows cannot be made into columns.
pub fn parquet_of_rows(fields: &[&str], rows: &[serde_json::Value]) -> Result<Vec<u8>> {
    use underpin_lake::Value;
    let none = || fields.iter().map(|field| (*field).to_owned()).collect();
    let columns: Vec<String> =
        rows.first().and_then(|row| row.as_object()).map_or_else(none, |row| row.keys().cloned().collect());
    let value = |value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => Value::Null,
        Some(serde_json::Value::Bool(truth)) => Value::Boolean(*truth),
        Some(serde_json::Value::String(text)) => Value::Text(text.clone()),
        Some(serde_json::Value::Number(number)) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or_default()), Value::Integer)
        }
        Some(nested) => Value::Text(nested.to_string()),
    };
    let cells: Vec<Vec<Value>> =
        rows.iter().map(|row| columns.iter().map(|column| value(row.get(column))).collect()).collect();
    Ok(underpin_lake::parquet_of(&columns, &cells)?)
}
