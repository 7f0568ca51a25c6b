// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Dependence: how much would the government feel it if something happened to a project?
//!
//! R = Σ W·φ over the systems that use anything of the project. W is the weight of a system, from its protection need and from who
//! can reach it ([`weights`]); φ is the part of it that the use counts for: 1 where the software runs, less where it only helps to
//! build or to test. A system counts once for a project, by its strongest use, however many packages and documents say so.
//!
//! What is not known is no zero: it widens the interval around R. The number itself says nothing without its parts (which systems,
//! which agencies, how), and its place in a ranking nothing without how far it moves ([`stability`]).

pub mod gather;
pub mod only_path;
pub mod stability;
pub mod weights;

pub use gather::{Dependence, Gatherer, Use};
pub use stability::{PlaceInterval, place_intervals};
pub use weights::{Interval, SystemWeight, Weights};
