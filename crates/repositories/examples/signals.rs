// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Prints what a clone says about its project, as JSON, and how long that took.
//!
//! `cargo run --release -p underpin-repositories --example signals -- CLONE AS_OF`, where the time is that at which the clone was
//! brought up to date, such as 2026-11-23.

use std::path::Path;
use std::time::Instant;

use underpin_model::Timestamp;
use underpin_repositories::{Elsewhere, GitClone, classify, signals};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which clone?")?;
    let as_of: Timestamp = arguments.next().ok_or("as of when? Give a date such as 2026-11-23")?.parse()?;
    let began = Instant::now();
    // A run that keeps nothing needs no secret.
    let found = signals(&GitClone::open(Path::new(&path))?, as_of, &[0; 32]);
    let took = began.elapsed();
    println!("{}", serde_json::to_string_pretty(&found)?);
    println!("{}", serde_json::to_string_pretty(&classify(&found, Elsewhere::default()))?);
    eprintln!("{} ms", took.as_millis());
    Ok(())
}
