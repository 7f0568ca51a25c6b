// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Free SQL over the lake and the ledger's small tables: reading only, within time and memory, seeing only what the
//! session sees.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, LargeStringArray, RecordBatch};
use datafusion::arrow::compute::{cast, concat_batches};
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::prelude::{SessionConfig, SessionContext};
use underpin_model::COLLECTION_NOTE;

use crate::error::LakeError;
use crate::opened::{Opened, bounded_text};
use crate::provider::{FactTable, segment_store};
use crate::rows::{Cell, TableRows};
use crate::running::Deadline;
use crate::schema::{ColumnKind, TABLES, Table};
use crate::session::Session;
use crate::streamed::{StreamedProvider, StreamedTable};
use crate::views::{VIEWS, View};

/// What one query may use.
#[derive(Clone, Copy, Debug)]
pub struct SqlLimits {
    /// Memory, in bytes.
    pub memory_bytes: usize,
    /// Time, in milliseconds.
    pub timeout_ms: u64,
    /// Length of the text, in bytes.
    pub text_bytes: usize,
    /// Operators and keywords in the text.
    pub operators: usize,
}

/// A value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Unknown.
    Null,
    /// Number without fraction.
    Integer(i64),
    /// Number with fraction.
    Float(f64),
    /// True or false.
    Boolean(bool),
    /// Text, and everything else as text.
    Text(String),
}

/// A table of the ledger or of the office, made for one session: already filtered for the viewer.
#[derive(Clone, Debug)]
pub struct SmallTable {
    /// Name.
    pub name: &'static str,
    /// What one row is.
    pub grain: &'static str,
    /// Columns: name, kind, meaning.
    pub columns: &'static [(&'static str, ColumnKind, &'static str)],
    /// Rows, in the order of the columns.
    pub rows: Vec<Vec<Value>>,
}

impl SmallTable {
    /// The same in the shape in which queries read it, to be kept for several of them.
    ///
    /// # Errors
    /// When its rows do not fit its columns.
    pub fn ready(&self) -> Result<ReadyTable, LakeError> {
        Ok(ReadyTable { name: self.name, table: Arc::new(small_table(self)?) })
    }
}

/// A small table that queries can read as it is.
#[derive(Clone, Debug)]
pub struct ReadyTable {
    name: &'static str,
    table: Arc<MemTable>,
}

impl ReadyTable {
    #[cfg(feature = "cluster")]
    pub(crate) fn new(name: &'static str, table: Arc<MemTable>) -> Self {
        Self { name, table }
    }
}

/// What a query can read beside the lake, as one viewer sees it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'t> {
    /// Tables that are there whole. Without `binding` and `system` there are no views.
    pub small: &'t [SmallTable],
    /// Further ones that were made ready before.
    pub ready: &'t [ReadyTable],
    /// Tables whose rows are made as they are read.
    pub streamed: &'t [StreamedTable],
    /// Views over all of these, each after those it builds on.
    pub views: &'t [View],
}

/// The rows of an answer.
#[derive(Debug)]
pub struct SqlAnswer {
    batch: RecordBatch,
}

impl Session {
    /// Runs one query over the lake and what stands beside it.
    ///
    /// # Errors
    /// [`LakeError::Query`] when the text is no reading query, [`LakeError::Limit`] when it takes too long or too much.
    pub async fn sql(&self, text: &str, beside: Beside<'_>, limits: SqlLimits) -> Result<SqlAnswer, LakeError> {
        bounded_text("query", text, limits)?;
        let deadline = Deadline::in_ms(limits.timeout_ms);
        #[cfg(feature = "cluster")]
        if let Some(answer) = crate::cluster::answered(self, text, beside, limits, deadline).await? {
            return Ok(answer);
        }
        self.context(beside, limits).await?.answer(text.to_owned(), deadline).await
    }

    pub(crate) async fn context(&self, beside: Beside<'_>, limits: SqlLimits) -> Result<Opened, LakeError> {
        let mut config = SessionConfig::new().with_information_schema(true);
        config.options_mut().execution.parquet.pushdown_filters = true;
        // A user must not see where files lie or change how queries run; settings stay out of reach.
        let opened = Opened::bare(config, limits.memory_bytes)?;
        let store = segment_store(&opened.context.runtime_env(), &self.lake.segments)?;
        let versions = Arc::new(self.seen_versions(self.sees_all()?)?);
        self.register(&opened.context, beside, store, versions).await?;
        Ok(opened)
    }

    /// Names everything that this session may read to an engine.
    pub(crate) async fn register(
        &self,
        context: &SessionContext,
        beside: Beside<'_>,
        store: ObjectStoreUrl,
        versions: Arc<dyn TableProvider>,
    ) -> Result<(), LakeError> {
        let visible = if self.sees_all()? { None } else { Some(self.visible.clone()) };
        for table in TABLES.iter().filter(|table| table.has_document()) {
            let segments = self.segments.iter().filter(|segment| segment.table == table.name).cloned().collect();
            let provider = FactTable { table, segments, store: store.clone(), visible: visible.clone() };
            context.register_table(stored_name(table), Arc::new(provider))?;
        }
        context.register_table("package_version", versions)?;
        for table in beside.small {
            context.register_table(table.name, Arc::new(small_table(table)?))?;
        }
        for table in beside.ready {
            context.register_table(table.name, Arc::clone(&table.table) as Arc<dyn TableProvider>)?;
        }
        for table in beside.streamed {
            context.register_table(table.table.name, Arc::new(StreamedProvider::of(table.clone())))?;
        }
        let mut names = beside.small.iter().map(|table| table.name).chain(beside.ready.iter().map(|table| table.name));
        let views = if names.any(|name| name == "system") { VIEWS } else { &[] };
        for view in views.iter().chain(beside.views) {
            let plan = context.sql(view.sql).await?;
            context.register_table(view.name, plan.into_view())?;
        }
        Ok(())
    }

    /// The dictionary as a table: each package version once, and only those in visible documents.
    fn seen_versions(&self, all: bool) -> Result<MemTable, LakeError> {
        let table = Table::named("package_version").ok_or_else(|| LakeError::Query("no dictionary".to_owned()))?;
        let dictionary = self.dictionary()?;
        let seen = if all { None } else { Some(self.seen()?) };
        let mut rows = TableRows::new(table);
        for version in
            dictionary.iter().filter(|version| seen.as_ref().is_none_or(|seen| seen.versions.contains(&version.id)))
        {
            rows.push(&[
                Cell::Integer(version.id),
                Cell::Integer(version.package),
                Cell::Text(&version.purl),
                Cell::Text(&version.kind),
                Cell::Text(&version.namespace),
                Cell::Text(&version.name),
                Cell::Text(&version.version),
                Cell::Text(&version.qualifiers),
                Cell::Text(&version.name.to_lowercase()),
            ]);
        }
        Ok(MemTable::try_new(table.schema(), vec![vec![rows.finish()?]])?)
    }
}

/// Words and texts of a query, in lower case: whatever table it reads is named among them.
pub fn names_in(text: &str) -> BTreeSet<String> {
    use datafusion::sql::sqlparser::dialect::GenericDialect;
    use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
    let tokens = Tokenizer::new(&GenericDialect {}, text).tokenize().unwrap_or_default();
    let name = |token: Token| match token {
        Token::Word(word) => Some(word.value.to_lowercase()),
        Token::SingleQuotedString(text) | Token::DoubleQuotedString(text) => Some(text.to_lowercase()),
        _ => None,
    };
    tokens.into_iter().filter_map(name).collect()
}

/// Tables with coded columns are stored under another name; the view that shows words has the plain one.
pub(crate) fn stored_name(table: &Table) -> String {
    let coded = table.columns.iter().any(|column| matches!(column.kind, ColumnKind::Code(_)));
    if coded { format!("{}_stored", table.name) } else { table.name.to_owned() }
}

pub(crate) fn small_table(table: &SmallTable) -> Result<MemTable, LakeError> {
    use datafusion::arrow::array::{BooleanArray, Int64Array, StringArray};
    let fields: Vec<Field> = table
        .columns
        .iter()
        .map(|(name, kind, _)| {
            let kind = match kind {
                ColumnKind::Text => DataType::Utf8,
                ColumnKind::Boolean => DataType::Boolean,
                _ => DataType::Int64,
            };
            Field::new(*name, kind, true)
        })
        .collect();
    let column = |index: usize| table.rows.iter().map(move |row| row.get(index));
    let arrays: Vec<ArrayRef> = fields
        .iter()
        .enumerate()
        .map(|(index, field)| -> ArrayRef {
            match field.data_type() {
                DataType::Utf8 => Arc::new(
                    column(index)
                        .map(|value| if let Some(Value::Text(text)) = value { Some(text.as_str()) } else { None })
                        .collect::<StringArray>(),
                ),
                DataType::Boolean => Arc::new(
                    column(index)
                        .map(|value| if let Some(Value::Boolean(truth)) = value { Some(*truth) } else { None })
                        .collect::<BooleanArray>(),
                ),
                _ => Arc::new(
                    column(index)
                        .map(|value| if let Some(Value::Integer(number)) = value { Some(*number) } else { None })
                        .collect::<Int64Array>(),
                ),
            }
        })
        .collect();
    let schema = Arc::new(Schema::new(fields));
    Ok(MemTable::try_new(Arc::clone(&schema), vec![vec![RecordBatch::try_new(schema, arrays)?]])?)
}

impl SqlAnswer {
    pub(crate) fn of(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Self, LakeError> {
        Ok(Self { batch: concat_batches(schema, batches)? })
    }

    #[cfg(feature = "cluster")]
    pub(crate) fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Names of the columns.
    pub fn columns(&self) -> Vec<String> {
        self.batch.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Memory that it holds, in bytes.
    pub fn bytes(&self) -> usize {
        self.batch.get_array_memory_size()
    }

    /// True when nothing was found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows as values.
    ///
    /// # Errors
    /// When a column is of a kind that cannot be shown.
    pub fn rows(&self) -> Result<Vec<Vec<Value>>, LakeError> {
        let columns = self.batch.columns().iter().map(values).collect::<Result<Vec<_>, _>>()?;
        let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
        Ok((0..self.len()).map(|_| columns.iter_mut().filter_map(Iterator::next).collect()).collect())
    }

    /// One column, without a copy for each row; all unknown where it holds no text.
    ///
    /// # Errors
    /// When there is no such column, or it cannot be read.
    pub fn texts(&self, column: usize) -> Result<TextColumn, LakeError> {
        let unknown = || LakeError::Query(format!("the answer has no column {column}"));
        let column = self.batch.columns().get(column).ok_or_else(unknown)?;
        let texts = is_text(column.data_type()).then(|| cast(column, &DataType::LargeUtf8)).transpose()?;
        Ok(TextColumn(texts.map(|texts| texts.as_string::<i64>().clone())))
    }

    /// The rows as one Parquet file.
    ///
    /// # Errors
    /// When a column is of a kind that Parquet does not know.
    pub fn parquet(&self) -> Result<Vec<u8>, LakeError> {
        let mut bytes = Vec::new();
        // The file says of itself what it is: in its metadata, which no row holds.
        let mut schema = self.batch.schema().as_ref().clone();
        schema.metadata.insert("collection".to_owned(), COLLECTION_NOTE.to_owned());
        let batch = self.batch.clone().with_schema(Arc::new(schema))?;
        let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None)?;
        writer.write(&batch)?;
        writer.close()?;
        Ok(bytes)
    }
}

/// Rows as one Parquet file; the kind of a column follows from its first known value.
///
/// # Errors
/// When the rows do not fit together.
pub fn parquet_of(columns: &[String], rows: &[Vec<Value>]) -> Result<Vec<u8>, LakeError> {
    use datafusion::arrow::array::{BooleanArray, Float64Array, Int64Array, StringArray};
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (index, name) in columns.iter().enumerate() {
        let cells = || rows.iter().map(move |row| row.get(index));
        let array: ArrayRef = match cells().flatten().find(|value| **value != Value::Null) {
            Some(Value::Integer(_)) => Arc::new(
                cells().map(|v| if let Some(Value::Integer(n)) = v { Some(*n) } else { None }).collect::<Int64Array>(),
            ),
            Some(Value::Float(_)) => Arc::new(
                cells().map(|v| if let Some(Value::Float(n)) = v { Some(*n) } else { None }).collect::<Float64Array>(),
            ),
            Some(Value::Boolean(_)) => Arc::new(
                cells()
                    .map(|v| if let Some(Value::Boolean(b)) = v { Some(*b) } else { None })
                    .collect::<BooleanArray>(),
            ),
            _ => Arc::new(
                cells()
                    .map(|v| if let Some(Value::Text(t)) = v { Some(t.as_str()) } else { None })
                    .collect::<StringArray>(),
            ),
        };
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?;
    SqlAnswer { batch }.parquet()
}

/// A column of texts of an answer.
#[derive(Debug)]
pub struct TextColumn(Option<LargeStringArray>);

impl TextColumn {
    /// The text of a row; `None` where it is not known.
    pub fn get(&self, row: usize) -> Option<&str> {
        let texts = self.0.as_ref()?;
        (row < texts.len() && texts.is_valid(row)).then(|| texts.value(row))
    }
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        kind => matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

fn values(column: &ArrayRef) -> Result<Vec<Value>, LakeError> {
    let kind = column.data_type();
    if kind.is_integer() {
        let numbers = cast(column, &DataType::Int64)?;
        let numbers = numbers.as_primitive::<Int64Type>();
        return Ok(numbers.iter().map(|number| number.map_or(Value::Null, Value::Integer)).collect());
    }
    if kind.is_floating() {
        let numbers = cast(column, &DataType::Float64)?;
        let numbers = numbers.as_primitive::<Float64Type>();
        return Ok(numbers.iter().map(|number| number.map_or(Value::Null, Value::Float)).collect());
    }
    if *kind == DataType::Boolean {
        return Ok(column.as_boolean().iter().map(|truth| truth.map_or(Value::Null, Value::Boolean)).collect());
    }
    if is_text(kind) {
        let texts = cast(column, &DataType::LargeUtf8)?;
        let texts = texts.as_string::<i64>();
        return Ok(texts.iter().map(|text| text.map_or(Value::Null, |text| Value::Text(text.to_owned()))).collect());
    }
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(column, &options)?;
    Ok((0..column.len())
        .map(|row| if column.is_null(row) { Value::Null } else { Value::Text(formatter.value(row).to_string()) })
        .collect())
}
