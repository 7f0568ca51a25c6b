// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The interface for programs: `/api/office/v1`.

pub mod problem;
