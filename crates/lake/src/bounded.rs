// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Functions that make large texts out of small ones, held to their share of a query's memory.
//!
//! The engine counts what its own steps keep, but not what a function returns: `repeat('x', 2000000000)` is made before anybody
//! counts it. So calls of such functions are taken over after a query is read: what a row can become is known before it is made,
//! rows are worked on in pieces, and a result is weighed.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use datafusion::arrow::array::Array;
use datafusion::arrow::compute::concat;
use datafusion::arrow::datatypes::{DataType, FieldRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode as _};
use datafusion::common::{ScalarValue, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{
    BinaryExpr, ColumnarValue, Expr, LogicalPlan, Operator, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature,
};
use datafusion::optimizer::AnalyzerRule;
use underpin_model::limits::bounds::{QUERY_BATCH_SHARE, QUERY_STEP_BYTES, QUERY_VALUE_BYTES};

use crate::joined::Joined;
use crate::running::Stop;
use crate::sizes::{Sizes, longest};

/// Most bytes that a result can have (or steps that it can take), by the sizes of the arguments: bytes of a text, value of a number.
pub(crate) type Bound = fn(&[u64]) -> u64;

/// Functions whose results can be larger than all their arguments, or that work long on one value.
pub(crate) const GROWING: [(&str, Bound); 19] = [
    ("||", sum),
    ("concat", sum),
    ("concat_ws", |sizes| sum(sizes).saturating_add(size(sizes, 0).saturating_mul(sizes.len() as u64))),
    // As hexadecimal digits.
    ("encode", |sizes| size(sizes, 0).saturating_mul(2)),
    ("levenshtein", |sizes| size(sizes, 0).saturating_mul(size(sizes, 1))),
    ("lpad", padded),
    ("rpad", padded),
    ("overlay", sum),
    ("regexp_count", |sizes| size(sizes, 0)),
    ("regexp_instr", |sizes| size(sizes, 0)),
    ("regexp_like", |sizes| size(sizes, 0)),
    // Each pair of brackets of the pattern can hold the whole text.
    ("regexp_match", |sizes| size(sizes, 0).saturating_mul(1 + size(sizes, 1) / 2)),
    ("regexp_replace", |sizes| replaced_each(sizes, size(sizes, 2).saturating_mul(3) / 2)),
    ("repeat", |sizes| size(sizes, 0).saturating_mul(size(sizes, 1))),
    ("replace", |sizes| match size(sizes, 1) {
        0 => replaced_each(sizes, size(sizes, 2)),
        sought => size(sizes, 0).saturating_add((size(sizes, 0) / sought).saturating_mul(size(sizes, 2))),
    }),
    ("to_char", |sizes| size(sizes, 1).saturating_mul(32)),
    ("translate", |sizes| size(sizes, 0).saturating_mul(4)),
    ("upper", |sizes| size(sizes, 0).saturating_mul(3)),
    ("lower", |sizes| size(sizes, 0).saturating_mul(3)),
];

/// Functions that are not there at all: some tell where files lie, some make values of any size out of the name of a type.
pub(crate) const REMOVED: [&str; 6] =
    ["arrow_cast", "arrow_try_cast", "cast_to_type", "file_row_index", "input_file_name", "try_cast_to_type"];

fn size(sizes: &[u64], index: usize) -> u64 {
    sizes.get(index).copied().unwrap_or(0)
}

fn sum(sizes: &[u64]) -> u64 {
    sizes.iter().fold(0, |sum, size| sum.saturating_add(*size))
}

/// The filling has at most four bytes a character; a blank has one.
fn padded(sizes: &[u64]) -> u64 {
    size(sizes, 0).saturating_add(size(sizes, 1).saturating_mul(size(sizes, 2).clamp(1, 4)))
}

/// Something is put in at every place of the text.
fn replaced_each(sizes: &[u64], bytes: u64) -> u64 {
    (size(sizes, 0).saturating_add(1)).saturating_mul(bytes.saturating_add(1))
}

/// What the calls of one query may use together.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    memory_bytes: usize,
    batch_rows: usize,
    calls: Arc<AtomicUsize>,
    running: Arc<AtomicBool>,
    stop: Stop,
}

impl Share {
    pub(crate) fn new(memory_bytes: usize, batch_rows: usize, stop: Stop) -> Self {
        Self { memory_bytes, batch_rows, calls: Arc::default(), running: Arc::default(), stop }
    }

    /// From now on results belong to real rows. Before, constants are worked out once that later stand in every row.
    pub(crate) fn run(&self) {
        self.running.store(true, Ordering::Relaxed);
    }

    /// What the result of one call for one batch of rows may weigh.
    fn bytes(&self) -> usize {
        self.memory_bytes / QUERY_BATCH_SHARE / self.calls.load(Ordering::Relaxed).max(1)
    }

    /// In how many rows a constant will stand.
    fn repeated(&self, rows: usize) -> usize {
        if self.running.load(Ordering::Relaxed) { rows.max(1) } else { rows.max(self.batch_rows) }
    }
}

// Calls are compared by what they compute; what they may use is no part of that.
impl PartialEq for Share {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Share {}

impl Hash for Share {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

fn too_large() -> DataFusionError {
    DataFusionError::ResourcesExhausted("a function of the query makes too large a text".to_owned())
}

/// Takes over the calls of growing functions in a query.
#[derive(Debug)]
pub(crate) struct BoundedCalls(pub Share);

impl AnalyzerRule for BoundedCalls {
    fn name(&self) -> &'static str {
        "bounded_calls"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let mut calls = 0;
        let plan = plan.transform_up_with_subqueries(|plan| {
            let names = NamePreserver::new(&plan);
            let plan = plan.map_expressions(|expr| {
                let name = names.save(&expr);
                let bounded = expr.transform_up(|expr| self.bounded(expr))?;
                Ok(bounded.update_data(|expr| name.restore(expr)))
            })?;
            plan.data.apply_expressions(|expr| {
                expr.apply(|expr| {
                    calls += usize::from(call_of(expr).is_some());
                    Ok(datafusion::common::tree_node::TreeNodeRecursion::Continue)
                })
            })?;
            if plan.transformed { plan.map_data(LogicalPlan::recompute_schema) } else { Ok(plan) }
        })?;
        self.0.calls.fetch_max(calls, Ordering::Relaxed);
        Ok(plan.data)
    }
}

/// The call, when it is one that was taken over.
fn call_of(expr: &Expr) -> Option<&ScalarFunction> {
    match expr {
        Expr::ScalarFunction(call) => call.func.inner().downcast_ref::<Bounded>().is_some().then_some(call),
        _ => None,
    }
}

impl BoundedCalls {
    fn bounded(&self, expr: Expr) -> Result<Transformed<Expr>> {
        match expr {
            Expr::ScalarFunction(ScalarFunction { func, args }) => match self.function(&func) {
                Some(bounded) => Ok(Transformed::yes(Expr::ScalarFunction(ScalarFunction::new_udf(bounded, args)))),
                None => Ok(Transformed::no(Expr::ScalarFunction(ScalarFunction { func, args }))),
            },
            // A chain of texts is joined at once: one result instead of one for each link.
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::StringConcat, right }) => {
                let mut args = match *left {
                    Expr::ScalarFunction(call) if is_joined(&call) => call.args,
                    other => vec![other],
                };
                args.push(*right);
                let joined = Arc::new(ScalarUDF::new_from_impl(Joined::default()));
                let joined = self.function(&joined).unwrap_or(joined);
                Ok(Transformed::yes(Expr::ScalarFunction(ScalarFunction::new_udf(joined, args))))
            }
            Expr::Cast(ref to) if is_of_fixed_size(to.field.data_type()) => plan_err!("{NO_FIXED_SIZE}"),
            Expr::TryCast(ref to) if is_of_fixed_size(to.field.data_type()) => plan_err!("{NO_FIXED_SIZE}"),
            other => Ok(Transformed::no(other)),
        }
    }

    fn function(&self, inner: &Arc<ScalarUDF>) -> Option<Arc<ScalarUDF>> {
        if inner.inner().downcast_ref::<Bounded>().is_some() {
            return None;
        }
        let (name, bound) = GROWING.iter().find(|(name, _)| *name == inner.name())?;
        let bounded = Bounded { name, inner: Arc::clone(inner), bound: By(*bound), share: self.0.clone() };
        Some(Arc::new(ScalarUDF::new_from_impl(bounded)))
    }
}

const NO_FIXED_SIZE: &str = "types with a fixed number of elements are not supported";

fn is_joined(call: &ScalarFunction) -> bool {
    call.func.name() == Joined::NAME && call.func.inner().downcast_ref::<Bounded>().is_some()
}

/// A value of such a type has its full size even when it is unknown.
fn is_of_fixed_size(kind: &DataType) -> bool {
    match kind {
        DataType::FixedSizeList(..) | DataType::FixedSizeBinary(_) => true,
        DataType::List(of) | DataType::LargeList(of) => is_of_fixed_size(of.data_type()),
        DataType::Struct(of) => of.iter().any(|field| is_of_fixed_size(field.data_type())),
        _ => false,
    }
}

/// A bound; the name of its function says which.
#[derive(Clone, Copy, Debug)]
struct By(Bound);

impl PartialEq for By {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for By {}

impl Hash for By {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// A growing function, bounded.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Bounded {
    name: &'static str,
    inner: Arc<ScalarUDF>,
    bound: By,
    share: Share,
}

impl ScalarUDFImpl for Bounded {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, kinds: &[DataType]) -> Result<DataType> {
        self.inner.return_type(kinds)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.inner.return_field_from_args(args)
    }

    fn coerce_types(&self, kinds: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(kinds)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let sizes = args.args.iter().map(Sizes::of).collect::<Result<Vec<_>>>()?;
        let (mut pieces, mut bytes, mut start) = (Vec::new(), 0, 0);
        while start < rows || pieces.is_empty() {
            self.share.stop.check()?;
            let end = self.end_of_piece(&sizes, start, rows)?;
            let piece = self.inner.invoke_with_args(part(&args, start, end))?.into_array(end - start)?;
            if longest(&piece) > QUERY_VALUE_BYTES {
                return Err(too_large());
            }
            bytes += piece.get_array_memory_size();
            if bytes > self.share.bytes() {
                return Err(too_large());
            }
            pieces.push(piece);
            start = end;
        }
        let whole = match pieces.as_slice() {
            [one] => Arc::clone(one),
            several => concat(&several.iter().map(AsRef::as_ref).collect::<Vec<&dyn Array>>())?,
        };
        if !constant {
            return Ok(ColumnarValue::Array(whole));
        }
        if longest(&whole).saturating_mul(self.share.repeated(args.number_rows)) > self.share.bytes() {
            return Err(too_large());
        }
        Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&whole, 0)?))
    }
}

impl Bounded {
    /// The row after the last one of a piece whose results fit into a step.
    fn end_of_piece(&self, sizes: &[Sizes], start: usize, rows: usize) -> Result<usize> {
        let mut bytes: u64 = 0;
        let mut row_sizes = vec![0; sizes.len()];
        for row in start..rows {
            for (size, of) in row_sizes.iter_mut().zip(sizes) {
                *size = of.at(row);
            }
            let next = (self.bound.0)(&row_sizes);
            if next > QUERY_STEP_BYTES {
                return Err(too_large());
            }
            bytes += next;
            if bytes > QUERY_STEP_BYTES && row > start {
                return Ok(row);
            }
        }
        Ok(rows)
    }
}

/// The arguments of some rows.
fn part(args: &ScalarFunctionArgs, start: usize, end: usize) -> ScalarFunctionArgs {
    let slice = |value: &ColumnarValue| match value {
        ColumnarValue::Array(array) => ColumnarValue::Array(array.slice(start, end - start)),
        constant => constant.clone(),
    };
    ScalarFunctionArgs {
        args: args.args.iter().map(slice).collect(),
        arg_fields: args.arg_fields.clone(),
        number_rows: end - start,
        return_field: Arc::clone(&args.return_field),
        config_options: Arc::clone(&args.config_options),
    }
}

/// The functions that a step may call where no query is read any more, by name: those that make large texts, bounded.
#[cfg(feature = "cluster")]
pub(crate) fn bounded_functions(share: Share, all: Vec<Arc<ScalarUDF>>) -> Vec<Arc<ScalarUDF>> {
    let calls = BoundedCalls(share);
    let joined = Arc::new(ScalarUDF::new_from_impl(Joined::default()));
    let offered = all.into_iter().filter(|function| crate::functions::is_offered(function.name()));
    offered.chain([joined]).map(|function| calls.function(&function).unwrap_or(function)).collect()
}

#[cfg(all(test, not(feature = "cluster")))]
mod tests {
    use std::collections::BTreeSet;

    use datafusion::prelude::SessionContext;

    use super::*;
    use crate::functions::STEADY;

    /// A newer engine may bring new functions: each has to be looked at.
    #[test]
    fn every_function_was_looked_at() {
        let state = SessionContext::new().state();
        let there: BTreeSet<&str> = state.scalar_functions().values().map(|function| function.name()).collect();
        // Which of them are there depends on what else is built.
        let known: BTreeSet<&str> = GROWING
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| *name != Joined::NAME)
            .chain(REMOVED)
            .chain(STEADY.iter().copied())
            .collect();
        let unknown: Vec<&&str> = there.difference(&known).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
