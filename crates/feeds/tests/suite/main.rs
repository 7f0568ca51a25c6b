// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! The room through its public face.

#[cfg(test)]
mod bundle;
#[cfg(test)]
mod client;
#[cfg(test)]
mod csaf;
#[cfg(test)]
mod csaf_signatures;
#[cfg(test)]
mod download;
#[cfg(test)]
mod forge;
mod forge_list;
#[cfg(test)]
mod from_path;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod mail_tls;
#[cfg(test)]
mod osv;
#[cfg(test)]
mod portfolio;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod redirects;
#[cfg(test)]
mod world;
