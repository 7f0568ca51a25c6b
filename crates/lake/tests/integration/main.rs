// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The lake through its public face, on real files.

mod answers;
mod buckets;
mod buckets_cut;
mod refusals;
mod store;
mod streamed;
mod visibility;
