// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! How much harm is expected from a project, and how sure that is.
//!
//! `Risk_i = R_i · Σ_c λ_ic · d_ic`: dependence, times for each cause the incidents a year and the days each lasts. It is the loss of
//! [`planning::loss`](crate::planning::loss) with nothing done. [`rates`] says what is believed of λ and d and how evidence moves it;
//! plans take the same. [`ranking`] draws from these beliefs: mean, an 80 % interval, and how often a project is among the first.

pub mod gamma;
pub mod ranking;
pub mod rates;
