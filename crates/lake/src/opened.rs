// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! An engine for one query: bounded in memory, without a disk, with the functions that are offered. What one query used up or was
//! stopped by is none of the next one's.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::SessionState;
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt as _;

use crate::bounded::Share;
use crate::error::LakeError;
use crate::functions::{offered_context, offered_state};
use crate::running::{Deadline, Stop, on_deep_stack};
use crate::sql::{SqlAnswer, SqlLimits};
use crate::stoppable::stoppable;

/// An engine made for one query.
pub(crate) struct Opened {
    pub context: SessionContext,
    pub stop: Stop,
    share: Share,
    memory_bytes: usize,
}

/// What a query may be: one that reads.
pub(crate) fn reading_only() -> SQLOptions {
    SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false)
}

impl Opened {
    /// An engine without any table.
    pub fn bare(config: SessionConfig, memory_bytes: usize) -> Result<Self, LakeError> {
        Self::with_rules(config, memory_bytes, |state| state)
    }

    /// An engine without any table, whose rules for plans are `ruled`.
    pub fn with_rules(
        config: SessionConfig,
        memory_bytes: usize,
        ruled: impl FnOnce(SessionState) -> SessionState,
    ) -> Result<Self, LakeError> {
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(GreedyMemoryPool::new(memory_bytes)))
            .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
            .build_arc()?;
        let stop = Stop::default();
        let share = Share::new(memory_bytes, config.batch_size(), stop.clone());
        let state = ruled(offered_state(config, runtime).build());
        let context = offered_context(state, share.clone());
        Ok(Self { context, stop, share, memory_bytes })
    }

    /// The answer to a query that only reads, until `deadline`.
    pub async fn answer(self, text: String, deadline: Deadline) -> Result<SqlAnswer, LakeError> {
        let stop = self.stop.clone();
        on_deep_stack(self.run(text), stop, deadline).await
    }

    async fn run(self, text: String) -> Result<SqlAnswer, LakeError> {
        let frame = self.context.sql_with_options(&text, reading_only()).await?;
        let plan = stoppable(frame.create_physical_plan().await?, &self.stop)?;
        self.share.run();
        let mut stream = execute_stream(plan, self.context.task_ctx())?;
        // What the text leaves open, as the kind of a column that begins with NULL, is settled in the plan alone.
        let schema: SchemaRef = stream.schema();
        let mut batches = Vec::new();
        let mut bytes = 0;
        while let Some(batch) = stream.next().await {
            let batch = compact(batch.map_err(|error| LakeError::while_running(&error))?)?;
            bytes += batch.get_array_memory_size();
            if bytes > self.memory_bytes {
                return Err(LakeError::Limit(format!("the answer is larger than {} bytes", self.memory_bytes)));
            }
            batches.push(batch);
        }
        SqlAnswer::of(&schema, &batches)
    }
}

/// Views of texts hold the whole buffers that they point into, which every batch would count anew: each gets its own texts alone.
fn compact(batch: RecordBatch) -> Result<RecordBatch, LakeError> {
    let own = |column: &ArrayRef| match column.as_string_view_opt() {
        Some(views) => Arc::new(views.gc()) as ArrayRef,
        None => Arc::clone(column),
    };
    if batch.num_columns() == 0 {
        return Ok(batch);
    }
    Ok(RecordBatch::try_new(batch.schema(), batch.columns().iter().map(own).collect())?)
}

/// How long a query may be and how deeply it may nest: what is beyond is not even planned.
pub(crate) fn bounded_text(what: &str, text: &str, limits: SqlLimits) -> Result<(), LakeError> {
    if text.len() > limits.text_bytes {
        return Err(LakeError::Limit(format!("the {what} is longer than {} bytes", limits.text_bytes)));
    }
    bounded_depth(text, limits.operators)
}

/// Refuses a text with more operators and keywords than `most`: each can nest the query one step deeper.
fn bounded_depth(text: &str, most: usize) -> Result<(), LakeError> {
    use datafusion::sql::sqlparser::dialect::GenericDialect;
    use datafusion::sql::sqlparser::keywords::Keyword;
    use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
    // What cannot be taken apart is refused by the parser, with its own words.
    let Ok(tokens) = Tokenizer::new(&GenericDialect {}, text).tokenize() else { return Ok(()) };
    let nests = |token: &&Token| match token {
        Token::Word(word) => word.keyword != Keyword::NoKeyword,
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Whitespace(_) => false,
        Token::Comma | Token::Period | Token::LParen | Token::RParen | Token::SemiColon | Token::EOF => false,
        _ => true,
    };
    if tokens.iter().filter(nests).count() > most {
        return Err(LakeError::Limit(format!("the query has more than {most} operators and keywords")));
    }
    Ok(())
}
