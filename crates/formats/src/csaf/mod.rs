// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! CSAF 2.0 and 2.1: read, judged and written.
