// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Matches where they are used, after decisions: millions of findings without writing one down.
