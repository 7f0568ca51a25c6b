// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The room through its public face.

mod bundle;
mod client;
mod csaf;
mod csaf_signatures;
mod download;
mod from_path;
mod lists;
mod osv;
mod redirects;
mod world;
