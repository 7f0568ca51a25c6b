// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What this program itself asks of everything in use: how widely each package is used, and which system uses what. Which documents
//! count for which system travels as a table; what comes back is put together already. Where the cluster is not asked, or its answer
//! would be larger or take longer than one query may, the same is worked out in this process.

use std::sync::Arc;

use datafusion::arrow::array::{Array as _, AsArray as _, BooleanArray, Int64Array, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema, UInt8Type};
use datafusion::catalog::MemTable;
use tokio::runtime::Builder;

use crate::error::LakeError;
use crate::running::Deadline;
use crate::session::Session;
use crate::sql::{Beside, ReadyTable, SqlAnswer, SqlLimits};
use crate::systems_of::SystemsOf;
use crate::usage::{NOT_COUNTED, PackageUsage};
use crate::uses::{SystemUse, Told};

/// Packages with how many systems use them. `is_first` is 1 once for each document, so that its uses are counted once.
const USAGE: &str = "SELECT package, sum(systems) AS systems, max(systems) AS most, sum(uses) AS uses FROM (\
    SELECT package, team, sum(is_counted) AS systems, sum(uses) AS uses FROM (\
    SELECT o.package, c.team, c.is_counted, c.system, sum(c.is_first) AS uses FROM occurrence_stored o \
    JOIN counts c ON c.document = o.document GROUP BY o.package, c.team, c.is_counted, c.system) AS by_system \
    GROUP BY package, team) AS by_team GROUP BY package HAVING sum(systems) > 0";
/// Uses by systems, each once.
const USES: &str = "SELECT DISTINCT o.package_version, c.system, o.scope, o.direct, c.label, \
    CASE WHEN c.label > 0 THEN o.location END AS location, CASE WHEN c.is_told THEN o.document ELSE -1 END AS document \
    FROM occurrence_stored o JOIN counts c ON c.document = o.document";
/// Characters and operators of these two texts; they are no texts from outside.
const OWN_TEXT: usize = 10_000;

/// As [`Session::package_usage_by`]; none where it is to be worked out here.
pub(crate) fn package_usage(
    session: &Session,
    groups: &[u32],
    systems_of: &SystemsOf,
) -> Result<Option<Vec<PackageUsage>>, LakeError> {
    let counts = || {
        let (mut documents, mut systems, mut teams) = (Vec::new(), Vec::new(), Vec::new());
        let (mut counted, mut first) = (Vec::new(), Vec::new());
        for (document, system, is_first) in pairs(systems_of) {
            let Some(group) = groups.get(system as usize) else { continue };
            documents.push(document);
            systems.push(i64::from(system));
            teams.push(i64::from(*group));
            counted.push(i64::from(*group != NOT_COUNTED));
            first.push(i64::from(is_first));
        }
        table(
            [
                ("document", documents),
                ("system", systems),
                ("team", teams),
                ("is_counted", counted),
                ("is_first", first),
            ],
            None,
        )
    };
    let Some(answer) = asked(session, USAGE, counts)? else { return Ok(None) };
    let columns: Vec<Int64Array> = (0..4).map(|column| integers(answer.batch(), column)).collect::<Result<_, _>>()?;
    let [packages, systems, most, uses] = &columns[..] else { return Ok(None) };
    let number = |column: &Int64Array, row: usize| u32::try_from(column.value(row)).unwrap_or(u32::MAX);
    let found = (0..answer.len()).map(|row| PackageUsage {
        package: packages.value(row),
        systems: number(systems, row),
        most_in_a_group: number(most, row),
        occurrences: number(uses, row),
    });
    Ok(Some(found.collect()))
}

/// As [`Session::each_system_use`]; whether the cluster did it.
pub(crate) fn each_system_use(
    session: &Session,
    systems_of: &SystemsOf,
    told: &[Told],
    take: &mut impl FnMut(SystemUse<'_>),
) -> Result<bool, LakeError> {
    let counts = || {
        let (mut documents, mut systems) = (Vec::new(), Vec::new());
        let (mut labels, mut is_told) = (Vec::new(), Vec::new());
        for (document, system, _) in pairs(systems_of) {
            let wanted = told.get(document as usize).copied().unwrap_or_default();
            documents.push(document);
            systems.push(i64::from(system));
            labels.push(i64::from(wanted.label));
            is_told.push(wanted.document);
        }
        table([("document", documents), ("system", systems), ("label", labels)], Some(("is_told", is_told)))
    };
    let Some(answer) = asked(session, USES, counts)? else { return Ok(false) };
    let batch = answer.batch();
    let (versions, systems) = (integers(batch, 0)?, integers(batch, 1)?);
    let (scopes, direct) = (cast(batch.column(2), &DataType::UInt8)?, cast(batch.column(3), &DataType::Boolean)?);
    let (labels, locations) = (integers(batch, 4)?, cast(batch.column(5), &DataType::LargeUtf8)?);
    let documents = integers(batch, 6)?;
    let (scopes, direct) = (scopes.as_primitive::<UInt8Type>(), direct.as_boolean());
    let locations = locations.as_string::<i64>();
    for row in 0..batch.num_rows() {
        take(SystemUse {
            package_version: versions.value(row),
            system: systems.value(row) as u32,
            scope: scopes.value(row),
            direct: direct.is_valid(row).then(|| direct.value(row)),
            label: labels.value(row) as u8,
            location: if locations.is_valid(row) { locations.value(row) } else { "" },
            document: Some(documents.value(row)).filter(|document| *document >= 0),
        });
    }
    Ok(true)
}

/// Documents with each of their systems, and whether that is the first of the document.
fn pairs(systems_of: &SystemsOf) -> impl Iterator<Item = (i64, u32, bool)> {
    (0_i64..).zip(systems_of.lists()).flat_map(|(document, systems)| {
        systems.iter().enumerate().map(move |(at, system)| (document, *system, at == 0))
    })
}

fn table<const N: usize>(
    integers: [(&str, Vec<i64>); N],
    truths: Option<(&str, Vec<bool>)>,
) -> Result<ReadyTable, LakeError> {
    let mut columns: Vec<(Field, datafusion::arrow::array::ArrayRef)> = integers
        .into_iter()
        .map(|(name, values)| (Field::new(name, DataType::Int64, false), Arc::new(Int64Array::from(values)) as _))
        .collect();
    columns.extend(
        truths.map(|(name, values)| {
            (Field::new(name, DataType::Boolean, false), Arc::new(BooleanArray::from(values)) as _)
        }),
    );
    let (fields, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?;
    Ok(ReadyTable::new("counts", Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]])?)))
}

fn integers(batch: &RecordBatch, column: usize) -> Result<Int64Array, LakeError> {
    Ok(cast(batch.column(column), &DataType::Int64)?.as_primitive::<Int64Type>().clone())
}

/// The answer of the cluster. Whoever asks may be a task itself, and must not wait for another one: it is waited for elsewhere.
fn asked(
    session: &Session,
    text: &str,
    counts: impl FnOnce() -> Result<ReadyTable, LakeError>,
) -> Result<Option<SqlAnswer>, LakeError> {
    let Some(settings) = session.lake.engine.settings() else { return Ok(None) };
    let rows: u64 = session
        .segments
        .iter()
        .filter(|one| one.table == "occurrence" && one.order == "package")
        .map(|one| one.rows)
        .sum();
    if rows <= settings.small_rows {
        return Ok(None);
    }
    let ready = [counts()?];
    let limits = SqlLimits {
        memory_bytes: settings.answer_bytes,
        timeout_ms: settings.timeout_ms,
        text_bytes: OWN_TEXT,
        operators: OWN_TEXT,
    };
    let deadline = Deadline::in_ms(limits.timeout_ms);
    let answer = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let started = |error: std::io::Error| LakeError::Limit(format!("no thread could be started: {error}"));
            let runtime = Builder::new_current_thread().enable_all().build().map_err(started)?;
            runtime.block_on(async {
                let beside = Beside { ready: &ready, ..Beside::default() };
                let answer = super::answered(session, text, beside, limits, deadline).await;
                super::settled().await;
                answer
            })
        });
        waiting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    match answer {
        // One query may take so much; this process takes what it needs.
        Err(LakeError::Limit(_)) => Ok(None),
        other => other,
    }
}
