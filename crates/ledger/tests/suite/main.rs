// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The behaviour of the ledger, on SQLite and on PostgreSQL alike.
