//! `/metrics` in Prometheus' text format: what the code counts, the process, and the build.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use meibo_domain::time::Timestamp;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::process;

/// Upper bounds of durations, in seconds: from a cached document to a request that is given up.
const DURATION_BUCKETS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// Upper bounds of everything else that is distributed, which are counts.
const COUNT_BUCKETS: &[f64] = &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0];

/// How often what histograms have gathered is put together.
const UPKEEP: Duration = Duration::from_secs(5);

/// Where the answer to `/metrics` comes from.
pub(crate) struct MetricsSource {
    recorder: PrometheusHandle,
    started_at: Timestamp,
    dropped_log_lines: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl MetricsSource {
    /// Begins to record for the whole process. Until then counting costs nothing.
    ///
    /// # Errors
    /// Something in this process records already.
    pub(crate) fn install(
        started_at: Timestamp,
        dropped_log_lines: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> Result<Self, BuildError> {
        let seconds = Matcher::Suffix("_seconds".to_owned());
        let recorder = PrometheusBuilder::new()
            .set_buckets(COUNT_BUCKETS)?
            .set_buckets_for_metric(seconds, DURATION_BUCKETS)?
            .install_recorder()?;
        Ok(Self {
            recorder,
            started_at,
            dropped_log_lines: Box::new(dropped_log_lines),
        })
    }

    fn render(&self) -> String {
        let mut text = self.recorder.render();
        let about = "Log lines that found no room since the start.";
        #[allow(clippy::cast_precision_loss, reason = "a count of lines stays small")]
        let dropped = (self.dropped_log_lines)() as f64;
        process::metric(
            &mut text,
            "log_lines_dropped_total",
            "counter",
            about,
            dropped,
        );
        let _ = write!(
            text,
            "# HELP meibo_build_info What is running.\n# TYPE meibo_build_info gauge\n\
             meibo_build_info{{version=\"{}\"}} 1\n",
            env!("CARGO_PKG_VERSION")
        );
        process::render(&mut text, self.started_at);
        text
    }
}

/// The routes of the metrics listener. The histograms are kept up for as long as the runtime lives.
pub(crate) fn serve_metrics(source: MetricsSource) -> Router {
    let source = Arc::new(source);
    let upkeep = source.recorder.clone();
    tokio::spawn(async move {
        let mut timer = tokio::time::interval(UPKEEP);
        loop {
            timer.tick().await;
            upkeep.run_upkeep();
        }
    });
    let render = move || async move {
        let kind = "text/plain; version=0.0.4; charset=utf-8";
        ([(header::CONTENT_TYPE, kind)], source.render())
    };
    Router::new().route("/metrics", get(render))
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::Service as _;

    use super::*;

    #[tokio::test]
    async fn what_is_counted_is_shown() {
        let source = MetricsSource::install(Timestamp(0), || 7).unwrap();
        let mut router = serve_metrics(source);
        metrics::counter!("things_total", "kind" => "a").increment(2);
        metrics::histogram!("things_duration_seconds").record(0.003);
        metrics::histogram!("things_per_request").record(4.0);
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = router.call(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        for line in [
            "things_total{kind=\"a\"} 2",
            "things_duration_seconds_bucket{le=\"0.0025\"} 0",
            "things_duration_seconds_bucket{le=\"0.005\"} 1",
            "things_per_request_bucket{le=\"2\"} 0",
            "things_per_request_bucket{le=\"5\"} 1",
            "log_lines_dropped_total 7",
            concat!(
                "meibo_build_info{version=\"",
                env!("CARGO_PKG_VERSION"),
                "\"} 1"
            ),
            "process_start_time_seconds 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
