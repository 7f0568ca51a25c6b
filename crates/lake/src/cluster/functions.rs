// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The functions of a cluster: those that a query may call, and those that make large texts held to a share of the executor's memory.

use std::collections::HashMap;
use std::sync::Arc;

use ballista_core::registry::BallistaFunctionRegistry;
use datafusion::error::Result;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::functions::all_default_functions;
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::SessionConfig;

use super::executor::OneStore;
use crate::bounded::{Share, bounded_functions};
use crate::functions::offered_state;
use crate::running::Stop;

/// Functions by every name that they have.
fn by_name(memory_bytes: usize) -> HashMap<String, Arc<ScalarUDF>> {
    let share = Share::new(memory_bytes, SessionConfig::new().batch_size(), Stop::default());
    share.run();
    let functions = bounded_functions(share, all_default_functions());
    let named = functions.into_iter().flat_map(|function| {
        let names: Vec<String> = function.aliases().iter().cloned().chain([function.name().to_owned()]).collect();
        names.into_iter().map(move |name| (name, Arc::clone(&function)))
    });
    named.collect()
}

/// What an executor looks functions up in.
pub(super) fn registry(memory_bytes: usize) -> BallistaFunctionRegistry {
    BallistaFunctionRegistry {
        scalar_functions: by_name(memory_bytes),
        higher_order_functions: HashMap::new(),
        ..BallistaFunctionRegistry::default()
    }
}

/// The state in which a scheduler reads plans.
pub(super) fn scheduler_state(config: SessionConfig, memory_bytes: usize) -> Result<SessionState> {
    let runtime = RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(OneStore::empty())).build_arc()?;
    let state = offered_state(config, runtime).build();
    let functions = by_name(memory_bytes).into_values().collect();
    Ok(SessionStateBuilder::new_from_existing(state).with_scalar_functions(functions).build())
}
