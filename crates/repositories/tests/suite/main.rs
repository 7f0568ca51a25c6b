// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Signals of repositories that the tests make with the real `git`, held against a slow reference that asks `git log`.

mod chance;
mod forks;
mod git;
mod half_year;
mod histories;
mod hostile;
mod owned;
mod packs;
mod privacy;
mod reference;
mod secrets;
mod signed;
mod texts;
