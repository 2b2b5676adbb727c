//! Counters of one route. Looking a metric up by its labels costs more than counting, so each
//! combination is looked up once.

use std::{
    sync::{PoisonError, RwLock},
    time::Duration,
};

use http::{Method, StatusCode};
use metrics::{Counter, Histogram};

/// The name of the counter of requests.
const REQUESTS: &str = "http_requests_total";

/// The name of the histogram of durations, in seconds.
const DURATION: &str = "http_request_duration_seconds";

/// The meters of one route, made when they are needed first. A route answers with few methods and
/// statuses, so a short list is all the index there is.
#[derive(Default)]
pub(super) struct Meters(RwLock<Vec<Meter>>);

struct Meter {
    method: &'static str,
    status: StatusCode,
    requests: Counter,
    duration: Histogram,
}

impl Meters {
    /// Counts a request.
    pub(super) fn count(&self, route: &str, method: &Method, status: StatusCode, took: Duration) {
        let method = label(method);
        let is_it = |meter: &&Meter| meter.method == method && meter.status == status;
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(meter) = known.iter().find(is_it) {
            meter.count(took);
            return;
        }
        drop(known);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(meter) = known.iter().find(is_it) {
            meter.count(took);
            return;
        }
        let meter = Meter::new(route.to_owned(), method, status);
        meter.count(took);
        known.push(meter);
    }
}

impl Meter {
    fn new(route: String, method: &'static str, status: StatusCode) -> Self {
        let labels = [
            ("route", route),
            ("method", method.to_owned()),
            ("status", status.as_str().to_owned()),
        ];
        Self {
            method,
            status,
            requests: metrics::counter!(REQUESTS, &labels),
            duration: metrics::histogram!(DURATION, &labels),
        }
    }

    fn count(&self, took: Duration) {
        self.requests.increment(1);
        self.duration.record(took.as_secs_f64());
    }
}

/// A method as a label. Clients may invent methods; they all count as one.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_meter_for_each_method_and_status() {
        let meters = Meters::default();
        let took = Duration::from_millis(1);
        for method in ["GET", "GET", "HEAD", "PURGE", "BREW"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            meters.count("/x", &method, StatusCode::OK, took);
        }
        meters.count("/x", &Method::GET, StatusCode::NOT_FOUND, took);
        assert_eq!(meters.0.read().unwrap().len(), 4);
    }
}
