// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! Running this very program as a child and watching its time and memory.

use std::io::Read as _;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use underpin_office::{OfficeError, Result};

/// How often the memory of a child is looked at. The system keeps the largest value, so only what a child takes in its
/// last moment can be missed.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// A child that has ended.
#[derive(Debug)]
pub struct Ran {
    /// From start to end.
    pub time: Duration,
    /// Largest memory, in bytes, where the system tells.
    pub peak_bytes: Option<u64>,
    /// What it wrote to standard output.
    pub output: Vec<u8>,
}

/// Runs this program with other arguments and waits for it.
///
/// # Errors
/// `bench` when it cannot be started or fails.
pub fn run(arguments: &[&std::ffi::OsStr]) -> Result<Ran> {
    let (ran, status) = attempt(arguments)?;
    // 1 says that something was found, which is no failure.
    if !matches!(status.code(), Some(0 | 1)) {
        return Err(OfficeError::new("bench", format!("the measured command failed ({status})")));
    }
    Ok(ran)
}

/// The same, whatever becomes of it.
///
/// # Errors
/// `bench` when it cannot be started.
pub fn attempt(arguments: &[&std::ffi::OsStr]) -> Result<(Ran, ExitStatus)> {
    let failed = |error: std::io::Error| OfficeError::new("bench", format!("this program cannot be started: {error}"));
    let program = std::env::current_exe().map_err(failed)?;
    let started = Instant::now();
    let mut child =
        Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(failed)?;
    let (ended, id) = (AtomicBool::new(false), child.id());
    let watch = || {
        let mut largest = None;
        while !ended.load(Ordering::Relaxed) {
            largest = largest.max(peak_of(&format!("/proc/{id}/status")));
            std::thread::sleep(LOOK_EVERY);
        }
        largest
    };
    let mut output = Vec::new();
    let (status, time, peak_bytes) = std::thread::scope(|scope| {
        let watcher = scope.spawn(watch);
        let read = child.stdout.take().map_or(Ok(0), |mut stdout| stdout.read_to_end(&mut output));
        let status = read.and_then(|_| child.wait());
        let time = started.elapsed();
        ended.store(true, Ordering::Relaxed);
        (status, time, watcher.join().ok().flatten())
    });
    let status = status.map_err(failed)?;
    Ok((Ran { time, peak_bytes, output }, status))
}

/// Largest memory of this process so far, in bytes, where the system tells.
pub fn own_peak() -> Option<u64> {
    peak_of("/proc/self/status")
}

pub fn peak_of(path: &str) -> Option<u64> {
    parse_peak(&std::fs::read_to_string(path).ok()?)
}

/// The line `VmHWM:   12345 kB`.
fn parse_peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_the_systems_own_words() {
        assert_eq!(parse_peak("Name:\tx\nVmHWM:\t  2048 kB\nVmRSS:\t 10 kB\n"), Some(2_097_152));
        assert_eq!(parse_peak("Name:\tx\n"), None);
    }
}
