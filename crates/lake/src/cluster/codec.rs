// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How plans are written down and read back: as the engine does it, with the leaf of ours.

use std::sync::Arc;

use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::{TableReference, plan_err};
use datafusion::error::Result;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{Extension, LogicalPlan};
use datafusion::physical_plan::ExecutionPlan;
use datafusion_proto::logical_plan::LogicalExtensionCodec;
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};

use super::shipped::ShippedRows;
use super::wire;

/// Finished plans.
#[derive(Debug, Default)]
pub(super) struct PlanCodec(BallistaPhysicalExtensionCodec);

impl PhysicalExtensionCodec for PlanCodec {
    fn try_decode(
        &self,
        bytes: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match wire::read(bytes, inputs)? {
            Some(rows) => Ok(Arc::new(rows)),
            None => self.0.try_decode(bytes, inputs, context, converter),
        }
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        buffer: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        match node.downcast_ref::<ShippedRows>() {
            Some(rows) => wire::write(rows, buffer),
            None => self.0.try_encode(node, buffer, converter),
        }
    }
}

/// Plans that are not finished: whoever asks plans for their own viewer, so a cluster takes none.
#[derive(Debug)]
pub(super) struct NoLogicalPlans;

const UNFINISHED: &str = "a cluster of Underpin takes finished plans alone";

impl LogicalExtensionCodec for NoLogicalPlans {
    fn try_decode(&self, _: &[u8], _: &[LogicalPlan], _: &TaskContext) -> Result<Extension> {
        plan_err!("{UNFINISHED}")
    }

    fn try_encode(&self, _: &Extension, _: &mut Vec<u8>) -> Result<()> {
        plan_err!("{UNFINISHED}")
    }

    fn try_decode_table_provider(
        &self,
        _: &[u8],
        _: &TableReference,
        _: SchemaRef,
        _: &TaskContext,
    ) -> Result<Arc<dyn TableProvider>> {
        plan_err!("{UNFINISHED}")
    }

    fn try_encode_table_provider(&self, _: &TableReference, _: Arc<dyn TableProvider>, _: &mut Vec<u8>) -> Result<()> {
        plan_err!("{UNFINISHED}")
    }
}
