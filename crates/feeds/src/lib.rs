// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The only room that calls out: one file a source. It fetches and verifies, and hands bytes to the formats.
