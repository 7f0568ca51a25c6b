// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Rules over bills of materials: each is a query over the three tables of what documents state, and names what does not keep it.
//!
//! `sbom` has a row for each document, `sbom_component` for each component, `sbom_fault` for what stands where a fact should be. A
//! rule gives rows of `document`, `component` (NULL for the document itself), `outcome` (`not-met` or `cannot-be-assessed`) and
//! `fact`; a document that it does not name keeps it. Rules are texts from outside: they only read, within memory and time.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanBuilder, Int64Builder, RecordBatch, StringBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::prelude::SessionConfig;
use underpin_model::practices::Outcome;
use underpin_model::stated::{ComponentFact, DocumentFact, StatedSbom};

use crate::error::LakeError;
use crate::opened::{Opened, bounded_text};
use crate::running::Deadline;
use crate::sql::{SqlAnswer, SqlLimits, Value};

/// A column that is no fact: name, kind, meaning.
type OwnColumn = (&'static str, DataType, &'static str);

const DOCUMENT: OwnColumn = ("document", DataType::Int64, "number of the document");
const SBOM: &[OwnColumn] = &[
    DOCUMENT,
    ("spec_number", DataType::Int64, "version of the format as a number: 1.6 is 10600, 3.0.1 is 30001"),
    ("vulnerabilities", DataType::Int64, "vulnerability statements in the document"),
    ("components", DataType::Int64, "components, the primary one among them"),
    ("is_cut", DataType::Boolean, "whether something was not read, because it breaks off or is beyond the limits"),
];
const COMPONENT: &[OwnColumn] = &[
    DOCUMENT,
    ("component", DataType::Int64, "number of the component in its document"),
    ("place", DataType::Utf8, "where it stands"),
    ("is_primary", DataType::Boolean, "whether the document is about it"),
    ("dangling", DataType::Int64, "relations to something that the document does not hold"),
];
const FAULT: &[OwnColumn] = &[
    DOCUMENT,
    ("component", DataType::Int64, "number of the component; NULL for the document"),
    ("fact", DataType::Utf8, "the fact, as its column is called"),
    ("fault", DataType::Utf8, "what stands there instead"),
];

/// Rows that the engine works on at once.
const PIECE_ROWS: usize = 32 << 10;

/// A table that rules read: its name, what one row is, and each column with its meaning.
pub type StatedTable = (&'static str, &'static str, Vec<(&'static str, &'static str)>);

/// The tables that rules read.
pub fn stated_tables() -> Vec<StatedTable> {
    let own = |columns: &[OwnColumn]| columns.iter().map(|(name, _, meaning)| (*name, *meaning)).collect::<Vec<_>>();
    let facts = DocumentFact::ALL.iter().map(|fact| (fact.as_str(), fact.meaning()));
    let component_facts = ComponentFact::ALL.iter().map(|fact| (fact.as_str(), fact.meaning()));
    vec![
        ("sbom", "a bill of materials", own(SBOM).into_iter().chain(facts).collect()),
        ("sbom_component", "a component of one", own(COMPONENT).into_iter().chain(component_facts).collect()),
        ("sbom_fault", "what stands where a fact should be", own(FAULT)),
    ]
}

fn schema(own: &[OwnColumn], facts: impl Iterator<Item = &'static str>) -> SchemaRef {
    let own = own.iter().map(|(name, kind, _)| Field::new(*name, kind.clone(), true));
    Arc::new(Schema::new(own.chain(facts.map(|fact| Field::new(fact, DataType::Utf8, true))).collect::<Vec<_>>()))
}

/// Documents on their way into the tables. Made in parts, one for each thread.
pub struct StatedRows {
    sbom: (Int64Builder, Int64Builder, Int64Builder, Int64Builder, BooleanBuilder),
    sbom_facts: Vec<StringBuilder>,
    component: (Int64Builder, Int64Builder, StringBuilder, BooleanBuilder, Int64Builder),
    component_facts: Vec<StringBuilder>,
    fault: (Int64Builder, Int64Builder, StringBuilder, StringBuilder),
}

impl Default for StatedRows {
    fn default() -> Self {
        let texts = |count: usize| (0..count).map(|_| StringBuilder::new()).collect();
        Self {
            sbom: Default::default(),
            sbom_facts: texts(DocumentFact::COUNT),
            component: Default::default(),
            component_facts: texts(ComponentFact::COUNT),
            fault: Default::default(),
        }
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl StatedRows {
    /// Bytes of all texts, and of the numbers beside them.
    pub fn bytes(&self) -> usize {
        let texts = self.sbom_facts.iter().chain(&self.component_facts);
        let texts = texts.chain([&self.component.2, &self.fault.2, &self.fault.3]);
        let cells = self.component.0.values_slice().len() * (ComponentFact::COUNT + COMPONENT.len()) * size_of::<i32>();
        texts.map(|column| column.values_slice().len()).sum::<usize>() + cells
    }

    /// Adds a document under a number.
    pub fn push(&mut self, document: i64, sbom: &StatedSbom<'_>) {
        self.sbom.0.append_value(document);
        self.sbom.1.append_option(sbom.spec_number());
        self.sbom.2.append_value(number(sbom.vulnerabilities));
        self.sbom.3.append_value(number(sbom.components.len()));
        self.sbom.4.append_value(sbom.is_cut);
        for (column, fact) in self.sbom_facts.iter_mut().zip(&sbom.facts) {
            column.append_option(fact.as_deref());
        }
        for (at, component) in sbom.components.iter().enumerate() {
            self.component.0.append_value(document);
            self.component.1.append_value(number(at));
            self.component.2.append_value(&component.place);
            self.component.3.append_value(component.is_primary);
            self.component.4.append_value(number(component.dangling));
            for (column, fact) in self.component_facts.iter_mut().zip(&component.facts) {
                column.append_option(fact.as_deref());
            }
        }
        for fault in &sbom.faults {
            self.fault.0.append_value(document);
            self.fault.1.append_option(fault.component.map(number));
            self.fault.2.append_value(fault.fact);
            self.fault.3.append_value(fault.fault.as_str());
        }
    }

    fn batches(mut self) -> Result<[RecordBatch; 3], LakeError> {
        let texts = |columns: &mut Vec<StringBuilder>| {
            columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect::<Vec<_>>()
        };
        let mut sbom: Vec<ArrayRef> = vec![
            Arc::new(self.sbom.0.finish()),
            Arc::new(self.sbom.1.finish()),
            Arc::new(self.sbom.2.finish()),
            Arc::new(self.sbom.3.finish()),
            Arc::new(self.sbom.4.finish()),
        ];
        sbom.extend(texts(&mut self.sbom_facts));
        let mut component: Vec<ArrayRef> = vec![
            Arc::new(self.component.0.finish()),
            Arc::new(self.component.1.finish()),
            Arc::new(self.component.2.finish()),
            Arc::new(self.component.3.finish()),
            Arc::new(self.component.4.finish()),
        ];
        component.extend(texts(&mut self.component_facts));
        let fault: Vec<ArrayRef> = vec![
            Arc::new(self.fault.0.finish()),
            Arc::new(self.fault.1.finish()),
            Arc::new(self.fault.2.finish()),
            Arc::new(self.fault.3.finish()),
        ];
        Ok([
            RecordBatch::try_new(sbom_schema(), sbom)?,
            RecordBatch::try_new(component_schema(), component)?,
            RecordBatch::try_new(fault_schema(), fault)?,
        ])
    }
}

fn sbom_schema() -> SchemaRef {
    schema(SBOM, DocumentFact::ALL.iter().map(|fact| fact.as_str()))
}

fn component_schema() -> SchemaRef {
    schema(COMPONENT, ComponentFact::ALL.iter().map(|fact| fact.as_str()))
}

fn fault_schema() -> SchemaRef {
    schema(FAULT, std::iter::empty())
}

/// The three tables, ready for rules.
pub struct StatedTables {
    tables: Vec<(&'static str, Arc<MemTable>)>,
    limits: SqlLimits,
}

/// Batches as the engine likes them: short ones, dealt out to as many shares as it has threads.
fn shares(batches: &[RecordBatch]) -> Vec<Vec<RecordBatch>> {
    let threads = SessionConfig::new().target_partitions().max(1);
    let mut shares = vec![Vec::new(); threads];
    let pieces = batches.iter().flat_map(|batch| {
        let starts = (0..batch.num_rows()).step_by(PIECE_ROWS);
        starts.map(|start| batch.slice(start, PIECE_ROWS.min(batch.num_rows() - start)))
    });
    for (at, piece) in pieces.enumerate() {
        if let Some(share) = shares.get_mut(at % threads) {
            share.push(piece);
        }
    }
    shares
}

/// What a rule says of one document: how often, and where first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The document.
    pub document: i64,
    /// `not-met` or `cannot-be-assessed`, as the rule says.
    pub outcome: String,
    /// The fact it is about.
    pub fact: String,
    /// How many components, or 1 for the document itself.
    pub count: i64,
    /// The first component; none for the document itself.
    pub first: Option<i64>,
}

impl StatedTables {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When the engine refuses the rows, which would be a fault of this program.
    pub fn of(parts: Vec<StatedRows>, limits: SqlLimits) -> Result<Self, LakeError> {
        let (mut sboms, mut components, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts {
            let [sbom, component, fault] = part.batches()?;
            sboms.push(sbom);
            components.push(component);
            faults.push(fault);
        }
        let table =
            |schema: SchemaRef, batches: Vec<RecordBatch>| MemTable::try_new(schema, shares(&batches)).map(Arc::new);
        let tables = vec![
            ("sbom", table(sbom_schema(), sboms)?),
            ("sbom_component", table(component_schema(), components)?),
            ("sbom_fault", table(fault_schema(), faults)?),
        ];
        Ok(Self { tables, limits })
    }

    /// What each rule names, in the order of the rules; what it names of one document is put together.
    ///
    /// # Errors
    /// [`LakeError::Query`] with the rule's place where its text is no reading query with the four columns.
    pub async fn named(&self, rules: &[String]) -> Result<Vec<Vec<Named>>, LakeError> {
        let mut all = Vec::with_capacity(rules.len());
        for rule in rules {
            let text = format!(
                "SELECT document, outcome, fact, count(*) AS places, min(component) AS first FROM ({rule}) \
                 GROUP BY document, outcome, fact ORDER BY document, outcome, fact"
            );
            all.push(named_of(&self.rows(text).await?)?);
        }
        Ok(all)
    }

    /// The components of one document that a rule names, at most `most`: place, outcome, fact, and what stands there instead.
    ///
    /// # Errors
    /// As [`StatedTables::named`].
    pub async fn places(&self, rule: &str, document: i64, most: usize) -> Result<Vec<Vec<Value>>, LakeError> {
        // Joined, not asked for row by row: the engine has no plan for a question within a question that may meet NULL.
        let text = format!(
            "SELECT c.place, n.outcome, n.fact, f.fault, n.component \
             FROM (SELECT document, CAST(component AS BIGINT) AS component, outcome, fact FROM ({rule}) \
             WHERE document = {document}) n \
             LEFT JOIN sbom_component c ON c.document = n.document AND c.component = n.component \
             LEFT JOIN (SELECT fact, component, min(fault) AS fault FROM sbom_fault WHERE document = {document} \
             GROUP BY fact, component) f ON f.fact = n.fact AND coalesce(f.component, -1) = coalesce(n.component, -1) \
             ORDER BY n.component, n.fact LIMIT {most}"
        );
        self.rows(text).await?.rows()
    }

    async fn rows(&self, text: String) -> Result<SqlAnswer, LakeError> {
        bounded_text("rule", &text, self.limits)?;
        self.opened()?.answer(text, Deadline::in_ms(self.limits.timeout_ms)).await
    }

    fn opened(&self) -> Result<Opened, LakeError> {
        let opened = Opened::bare(SessionConfig::new(), self.limits.memory_bytes)?;
        for (name, table) in &self.tables {
            opened.context.register_table(*name, Arc::clone(table) as Arc<dyn TableProvider>)?;
        }
        Ok(opened)
    }
}

fn named_of(answer: &SqlAnswer) -> Result<Vec<Named>, LakeError> {
    let rows = answer.rows()?;
    let named = rows.into_iter().map(|row| {
        let [Value::Integer(document), Value::Text(outcome), Value::Text(fact), Value::Integer(count), first] =
            &row[..]
        else {
            return Err(LakeError::Query(
                "a rule gives document, component, outcome and fact, without NULL but for component".to_owned(),
            ));
        };
        if ![Outcome::NotMet, Outcome::NotAssessed].iter().any(|word| word.as_str() == outcome) {
            return Err(LakeError::Query(format!("a rule says not-met or cannot-be-assessed, not {outcome:?}")));
        }
        let first = if let Value::Integer(first) = first { Some(*first) } else { None };
        Ok(Named { document: *document, outcome: outcome.clone(), fact: fact.clone(), count: *count, first })
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use underpin_model::stated::{FactFault, StatedComponent};

    use super::*;

    const LIMITS: SqlLimits =
        SqlLimits { memory_bytes: 64 << 20, timeout_ms: 2_000, text_bytes: 4_000, operators: 200 };

    fn tables() -> StatedTables {
        let components = (0..3_000).map(|at| StatedComponent::at(format!("/components/{at}"))).collect();
        let mut rows = StatedRows::default();
        rows.push(7, &StatedSbom { components, ..StatedSbom::default() });
        StatedTables::of(vec![rows], LIMITS).unwrap()
    }

    fn named(rules: &[&str]) -> Result<Vec<Vec<Named>>, LakeError> {
        let rules: Vec<String> = rules.iter().map(|rule| (*rule).to_owned()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(tables().named(&rules))
    }

    const NAMELESS: &str =
        "SELECT document, component, 'not-met' AS outcome, 'name' AS fact FROM sbom_component WHERE name IS NULL";

    #[test]
    fn what_a_rule_names_is_counted_for_each_document() {
        let of_document =
            "SELECT document, NULL AS component, 'not-met' AS outcome, 'tool' AS fact FROM sbom WHERE tool IS NULL";
        let one = |fact: &str, count, first| Named {
            document: 7,
            outcome: "not-met".to_owned(),
            fact: fact.to_owned(),
            count,
            first,
        };
        let found = named(&[NAMELESS, of_document, NAMELESS]).unwrap();
        assert_eq!(
            found,
            [vec![one("name", 3_000, Some(0))], vec![one("tool", 1, None)], vec![one("name", 3_000, Some(0))]]
        );
    }

    /// Of components and of documents: where, and what stands there instead.
    #[test]
    fn places_are_named_with_what_stands_there_instead() {
        let mut sbom = StatedSbom {
            components: ["/a", "/b"].map(|place| StatedComponent::at(place.to_owned())).to_vec(),
            ..StatedSbom::default()
        };
        sbom.note(Some(1), "name", FactFault::Empty);
        sbom.note(None, "tool", FactFault::Null);
        let mut rows = StatedRows::default();
        rows.push(6, &sbom);
        rows.push(7, &sbom);
        let tables = StatedTables::of(vec![rows], LIMITS).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let of_document =
            "SELECT document, NULL AS component, 'not-met' AS outcome, 'tool' AS fact FROM sbom WHERE tool IS NULL";
        let text = |value: &Value| if let Value::Text(text) = value { text.clone() } else { String::new() };
        for (rule, most, expected) in [
            (NAMELESS, 9, vec![("/a", ""), ("/b", "empty")]),
            (NAMELESS, 1, vec![("/a", "")]),
            (of_document, 9, vec![("", "null")]),
        ] {
            let found = runtime.block_on(tables.places(rule, 7, most)).unwrap();
            let told: Vec<_> = found.iter().map(|row| (text(&row[0]), text(&row[3]))).collect();
            let told: Vec<_> = told.iter().map(|(place, fault)| (place.as_str(), fault.as_str())).collect();
            assert_eq!(told, expected, "{rule}");
        }
    }

    #[test]
    fn rules_only_read_and_give_the_four_columns() {
        for rule in [
            "DROP TABLE sbom",
            "SELECT 1",
            "SELECT document, component, NULL AS outcome, 'name' AS fact FROM sbom_component",
            "SELECT document, component, 'met' AS outcome, 'name' AS fact FROM sbom_component",
            "SELECT * FROM elsewhere",
        ] {
            assert!(named(&[rule]).is_err(), "{rule}");
        }
    }

    /// Twenty-seven thousand million rows: it is stopped, and the one after it is not.
    #[test]
    fn a_rule_without_end_is_stopped() {
        let endless = "SELECT a.document, a.component, 'not-met' AS outcome, 'name' AS fact FROM sbom_component a \
                       CROSS JOIN sbom_component b CROSS JOIN sbom_component c WHERE a.place || b.place < c.place || a.place";
        let tables = tables();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(tables.named(&[endless.to_owned()])).unwrap_err();
        assert!(matches!(error, LakeError::Limit(_)), "{error:?}");
        assert_eq!(runtime.block_on(tables.named(&[NAMELESS.to_owned()])).unwrap().len(), 1);
    }
}
