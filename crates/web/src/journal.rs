// SPDX-FileCopyrightText: The Underpin authors
// SPDX-License-Identifier: Apache-2.0

//! What the house says about its own work: a number for every request, one line in the journal, and figures for those who
//! watch over machines (the text format of Prometheus).
//!
//! Neither holds what was asked for or by whom: the route stands there as it stands in the list (`/welcome/{key}`), never the
//! address, for addresses can hold keys and names. Whoever needs to know who did what reads the trail.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use underpin_model::Timestamp;

use crate::house::WebHouse;

/// The header that carries the number of a request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// One answered request, as a line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// When it was answered.
    pub at: Timestamp,
    /// `info`; `error` when the house was at fault.
    pub level: &'static str,
    /// Its number, which the answer and the error page show, too.
    pub request: String,
    /// Method.
    pub method: String,
    /// The route in the list; `none` for an address that is not there.
    pub route: String,
    /// Status of the answer.
    pub status: u16,
    /// How long the answer took to begin, in microseconds.
    pub duration_us: i64,
    /// Stable code of what went wrong; empty when nothing did.
    pub code: &'static str,
    /// What went wrong inside, in words that are not for readers.
    pub detail: String,
}

/// Takes lines of the journal. It is called at the edge of the program and must not wait.
pub type Journal = Arc<dyn Fn(&Entry) + Send + Sync>;

/// The number of a request, for the error page.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// What a failed answer says to the journal alone.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    /// Stable code.
    pub code: &'static str,
    /// Details.
    pub detail: String,
}

/// Upper bounds of the classes of durations, in microseconds.
const CLASSES_US: [i64; 9] = [1_000, 5_000, 10_000, 25_000, 100_000, 300_000, 1_000_000, 5_000_000, 30_000_000];

macro_rules! figures {
    ($($name:ident $kind:literal $text:literal;)*) => {
        /// Every figure: name, kind and meaning; the manual is made from it.
        pub const FIGURES: &[(&str, &str, &str)] = &[$((stringify!($name), $kind, $text),)*];
    };
}

figures! {
    underpin_requests_total "counter" "Answered requests, by method, route and status.";
    underpin_request_seconds "histogram" "Seconds until an answer began, by route.";
    underpin_requests_under_way "gauge" "Requests that are being answered.";
    underpin_panics_total "counter" "Answers that broke off by a mistake in the program.";
    underpin_ledger_revision "gauge" "Number of the last change of the ledger.";
    underpin_desks_kept "gauge" "Pictures of the house that are kept for readers.";
    underpin_build_info "gauge" "1, with the version of the program.";
}

#[derive(Debug, Default)]
struct Route {
    classes: [u64; CLASSES_US.len()],
    sum_us: i64,
    count: u64,
}

/// Figures since the start.
#[derive(Debug, Default)]
pub struct Figures {
    under_way: AtomicI64,
    panics: AtomicI64,
    answered: Mutex<BTreeMap<(String, String, u16), u64>>,
    routes: Mutex<BTreeMap<String, Route>>,
}

impl Figures {
    /// Counts an answer that broke off.
    pub fn broke_off(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self, entry: &Entry) {
        let key = (entry.method.clone(), entry.route.clone(), entry.status);
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let route = routes.entry(entry.route.clone()).or_default();
        route.count += 1;
        route.sum_us += entry.duration_us;
        if let Some(class) = CLASSES_US.iter().position(|bound| entry.duration_us <= *bound) {
            route.classes[class] += 1;
        }
    }

    /// All of them in the text format of Prometheus (version 0.0.4).
    pub fn text(&self, revision: i64, desks: usize) -> String {
        let mut out = String::new();
        for (name, kind, meaning) in FIGURES {
            // Writing into a text cannot fail.
            let _ = writeln!(out, "# HELP {name} {meaning}\n# TYPE {name} {kind}");
            match *name {
                "underpin_requests_total" => {
                    for ((method, route, status), count) in
                        self.answered.lock().unwrap_or_else(PoisonError::into_inner).iter()
                    {
                        let _ = writeln!(
                            out,
                            "{name}{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
                        );
                    }
                }
                "underpin_request_seconds" => self.durations(name, &mut out),
                "underpin_requests_under_way" => plain(&mut out, name, self.under_way.load(Ordering::Relaxed)),
                "underpin_panics_total" => plain(&mut out, name, self.panics.load(Ordering::Relaxed)),
                "underpin_ledger_revision" => plain(&mut out, name, revision),
                "underpin_desks_kept" => plain(&mut out, name, desks as i64),
                _ => {
                    let _ = writeln!(out, "{name}{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
                }
            }
        }
        out
    }

    fn durations(&self, name: &str, out: &mut String) {
        for (path, route) in self.routes.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let mut sum = 0;
            for (bound_us, count) in CLASSES_US.iter().zip(route.classes) {
                sum += count;
                let _ = writeln!(out, "{name}_bucket{{route=\"{path}\",le=\"{}\"}} {sum}", seconds(*bound_us));
            }
            let _ = writeln!(out, "{name}_bucket{{route=\"{path}\",le=\"+Inf\"}} {}", route.count);
            let _ = writeln!(out, "{name}_sum{{route=\"{path}\"}} {}", seconds(route.sum_us));
            let _ = writeln!(out, "{name}_count{{route=\"{path}\"}} {}", route.count);
        }
    }
}

fn plain(out: &mut String, name: &str, value: i64) {
    let _ = writeln!(out, "{name} {value}");
}

fn seconds(duration_us: i64) -> f64 {
    duration_us as f64 / 1_000_000.0
}

/// Gives a request its number, and writes down how it was answered.
pub async fn keep(State(house): State<Arc<WebHouse>>, mut request: Request, next: Next) -> Response {
    let number: String = house.tag();
    let method = request.method().as_str().to_owned();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(RequestId(number.clone()));
    let figures = Arc::clone(&house.figures);
    figures.under_way.fetch_add(1, Ordering::Relaxed);
    let _done = Done(Arc::clone(&figures));
    let began = house.wall_clock();
    let mut response = next.run(request).await;
    let at = house.wall_clock();
    let fault = response.extensions().get::<Fault>().cloned().unwrap_or_default();
    let status = response.status().as_u16();
    let entry = Entry {
        at,
        level: if status >= 500 { "error" } else { "info" },
        request: number,
        // A method that nobody knows would make the list of figures as long as a stranger likes.
        method: if ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(&method.as_str()) {
            method
        } else {
            "other".to_owned()
        },
        route,
        status,
        duration_us: at.0.saturating_sub(began.0).max(0),
        code: fault.code,
        detail: fault.detail,
    };
    figures.count(&entry);
    if let Some(journal) = &house.journal {
        journal(&entry);
    }
    if let Ok(value) = HeaderValue::from_str(&entry.request) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// One request less is under way, also when whoever asked has gone.
struct Done(Arc<Figures>);

impl Drop for Done {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(route: &str, status: u16, duration_us: i64) -> Entry {
        Entry {
            at: Timestamp(1),
            level: "info",
            request: "00".to_owned(),
            method: "GET".to_owned(),
            route: route.to_owned(),
            status,
            duration_us,
            code: "",
            detail: String::new(),
        }
    }

    #[test]
    fn figures_are_lines_that_prometheus_reads() {
        let figures = Figures::default();
        for one in [entry("/find", 200, 900), entry("/find", 200, 40_000), entry("/find", 500, 40_000_000)] {
            figures.count(&one);
        }
        figures.broke_off();
        let text = figures.text(7, 2);
        for line in [
            "underpin_requests_total{method=\"GET\",route=\"/find\",status=\"200\"} 2",
            "underpin_request_seconds_bucket{route=\"/find\",le=\"0.001\"} 1",
            "underpin_request_seconds_bucket{route=\"/find\",le=\"0.1\"} 2",
            "underpin_request_seconds_bucket{route=\"/find\",le=\"+Inf\"} 3",
            "underpin_request_seconds_sum{route=\"/find\"} 40.0409",
            "underpin_panics_total 1",
            "underpin_ledger_revision 7",
            "underpin_desks_kept 2",
        ] {
            assert!(text.lines().any(|own| own == line), "{line}\n{text}");
        }
        for (name, kind, _) in FIGURES {
            assert!(text.contains(&format!("# TYPE {name} {kind}\n")), "{name}");
        }
    }
}
