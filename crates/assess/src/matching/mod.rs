// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Which package version has which vulnerability: exactly, with the reason, and fast.
