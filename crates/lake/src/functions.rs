// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which functions a query may call: those that somebody looked at. What else is built decides which of them the engine brings, so
//! every other one is taken away.

use std::sync::Arc;

use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::functions::core::planner::CoreFunctionPlanner;
use datafusion::functions::datetime::planner::DatetimeFunctionPlanner;
use datafusion::functions::unicode::planner::UnicodeFunctionPlanner;
use datafusion::functions_aggregate::planner::AggregateFunctionPlanner;
use datafusion::functions_window::planner::WindowFunctionPlanner;
use datafusion::logical_expr::planner::ExprPlanner;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::bounded::{BoundedCalls, GROWING, REMOVED, Share};

/// Functions that were looked at and give no more than they get.
pub(crate) const STEADY: &[&str] = &[
    "abs",
    "acos",
    "acosh",
    "arrow_field",
    "arrow_metadata",
    "arrow_typeof",
    "ascii",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "bit_length",
    "btrim",
    "cbrt",
    "ceil",
    "character_length",
    "chr",
    "coalesce",
    "contains",
    "cos",
    "cosh",
    "cot",
    "current_date",
    "current_time",
    "date_bin",
    "date_part",
    "date_trunc",
    "decode",
    "degrees",
    "ends_with",
    "exp",
    "factorial",
    "find_in_set",
    "floor",
    "from_unixtime",
    "gcd",
    "get_field",
    "greatest",
    "initcap",
    "isnan",
    "iszero",
    "lcm",
    "least",
    "left",
    "ln",
    "log",
    "log10",
    "log2",
    "ltrim",
    "make_date",
    "make_time",
    "named_struct",
    "nanvl",
    "now",
    "nullif",
    "nvl",
    "nvl2",
    "octet_length",
    "pi",
    "power",
    "radians",
    "random",
    "reverse",
    "right",
    "round",
    "rtrim",
    "signum",
    "sin",
    "sinh",
    "split_part",
    "sqrt",
    "starts_with",
    "strpos",
    "struct",
    "substr",
    "substr_index",
    "tan",
    "tanh",
    "to_date",
    "to_hex",
    "to_local_time",
    "to_time",
    "to_timestamp",
    "to_timestamp_micros",
    "to_timestamp_millis",
    "to_timestamp_nanos",
    "to_timestamp_seconds",
    "to_unixtime",
    "trunc",
    "union_extract",
    "union_tag",
    "uuid",
    "version",
    "with_metadata",
];

/// Whether a query may call it.
pub(crate) fn is_offered(name: &str) -> bool {
    !REMOVED.contains(&name) && (STEADY.contains(&name) || GROWING.iter().any(|(growing, _)| *growing == name))
}

/// What a state begins with: the functions and kinds of expressions that are offered, however the engine was built.
pub(crate) fn offered_state(config: SessionConfig, runtime: Arc<RuntimeEnv>) -> SessionStateBuilder {
    let planners: Vec<Arc<dyn ExprPlanner>> = vec![
        Arc::new(CoreFunctionPlanner::default()),
        Arc::new(DatetimeFunctionPlanner),
        Arc::new(UnicodeFunctionPlanner),
        Arc::new(AggregateFunctionPlanner),
        Arc::new(WindowFunctionPlanner),
    ];
    SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_default_features()
        .with_expr_planners(planners)
        .with_higher_order_functions(Vec::new())
}

/// An engine that offers these functions, with what makes large texts held to its share.
pub(crate) fn offered_context(state: SessionState, share: Share) -> SessionContext {
    let others: Vec<String> =
        state.scalar_functions().keys().filter(|name| !is_function_offered(&state, name)).cloned().collect();
    let context = SessionContext::new_with_state(state);
    context.add_analyzer_rule(Arc::new(BoundedCalls(share)));
    others.iter().for_each(|name| context.deregister_udf(name));
    context
}

/// A function goes by its own name, whatever else it is called.
fn is_function_offered(state: &SessionState, name: &str) -> bool {
    state.scalar_functions().get(name).is_some_and(|function| is_offered(function.name()))
}
