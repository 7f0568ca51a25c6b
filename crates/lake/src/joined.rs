// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The operator `||` as a function, so that it can be bounded like other functions.

use std::sync::Arc;

use datafusion::arrow::array::{Array as _, BooleanArray};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::compute::nullif;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::Result;
use datafusion::functions::string::concat;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

/// Joins texts. Unknown when one of them is unknown; that is its difference to `concat`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Joined {
    concat: Arc<ScalarUDF>,
    signature: Signature,
}

impl Joined {
    /// As queries write it.
    pub(crate) const NAME: &str = "||";
}

impl Default for Joined {
    fn default() -> Self {
        Self { concat: concat(), signature: Signature::variadic_any(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Joined {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, kinds: &[DataType]) -> Result<DataType> {
        self.concat.return_type(kinds)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut unknown: Option<NullBuffer> = None;
        for value in &args.args {
            match value {
                ColumnarValue::Scalar(constant) if constant.is_null() => {
                    return Ok(ColumnarValue::Scalar(ScalarValue::try_from(args.return_field.data_type())?));
                }
                ColumnarValue::Scalar(_) => {}
                ColumnarValue::Array(array) => {
                    unknown = NullBuffer::union(unknown.as_ref(), array.logical_nulls().as_ref());
                }
            }
        }
        match (self.concat.invoke_with_args(args)?, unknown) {
            (ColumnarValue::Array(joined), Some(unknown)) => {
                Ok(ColumnarValue::Array(nullif(&joined, &BooleanArray::new(!unknown.inner(), None))?))
            }
            (joined, _) => Ok(joined),
        }
    }
}
