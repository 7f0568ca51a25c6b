// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How large values are, before anything is made of them.

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::error::Result;
use datafusion::logical_expr::ColumnarValue;

/// Bytes of the longest text; of anything else, nothing.
pub(crate) fn longest(array: &ArrayRef) -> usize {
    match Sizes::of_texts(array) {
        Some(sizes) => usize::try_from(sizes.into_iter().max().unwrap_or(0)).unwrap_or(usize::MAX),
        None => 0,
    }
}

/// How large the values of an argument are, row by row.
pub(crate) enum Sizes {
    Same(u64),
    Each(Vec<u64>),
}

impl Sizes {
    pub(crate) fn of(value: &ColumnarValue) -> Result<Self> {
        Ok(match value {
            ColumnarValue::Scalar(constant) => {
                Self::Same(Self::of_array(&constant.to_array()?)?.first().copied().unwrap_or(0))
            }
            ColumnarValue::Array(array) => Self::Each(Self::of_array(array)?),
        })
    }

    fn of_array(array: &ArrayRef) -> Result<Vec<u64>> {
        if let Some(sizes) = Self::of_texts(array) {
            return Ok(sizes);
        }
        if array.data_type().is_integer() {
            let numbers = cast(array, &DataType::Int64)?;
            let numbers = numbers.as_primitive::<Int64Type>();
            return Ok(numbers.iter().map(|number| u64::try_from(number.unwrap_or(0)).unwrap_or(0)).collect());
        }
        // Written out, times and fractions are short; what else there is comes as a whole.
        let each = if array.data_type().is_nested() { array.get_array_memory_size() as u64 } else { 64 };
        Ok(vec![each; array.len()])
    }

    fn of_texts(array: &ArrayRef) -> Option<Vec<u64>> {
        let sizes = |length: &dyn Fn(usize) -> usize| {
            (0..array.len()).map(|row| if array.is_null(row) { 0 } else { length(row) as u64 }).collect()
        };
        Some(match array.data_type() {
            DataType::Utf8 => sizes(&|row| array.as_string::<i32>().value_length(row) as usize),
            DataType::LargeUtf8 => sizes(&|row| array.as_string::<i64>().value_length(row) as usize),
            DataType::Utf8View => sizes(&|row| array.as_string_view().value(row).len()),
            DataType::Binary => sizes(&|row| array.as_binary::<i32>().value_length(row) as usize),
            DataType::LargeBinary => sizes(&|row| array.as_binary::<i64>().value_length(row) as usize),
            DataType::BinaryView => sizes(&|row| array.as_binary_view().value(row).len()),
            _ => return None,
        })
    }

    /// The size in a row.
    pub(crate) fn at(&self, row: usize) -> u64 {
        match self {
            Self::Same(size) => *size,
            Self::Each(sizes) => sizes.get(row).copied().unwrap_or(0),
        }
    }
}
