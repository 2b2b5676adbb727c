//! Percentiles of one round, and what several rounds say together.

use serde::Serialize;

/// Median, least and greatest of what the rounds measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    /// The spread of finite values; nothing when there are none. An even number of values has the
    /// mean of the two in the middle as its median.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values
            .into_iter()
            .filter(|value| value.is_finite())
            .collect();
        values.sort_by(f64::total_cmp);
        let upper = *values.get(values.len() / 2)?;
        let lower = *values.get((values.len() - 1) / 2)?;
        Some(Self {
            median: f64::midpoint(lower, upper),
            min: *values.first()?,
            max: *values.last()?,
        })
    }
}

/// The latencies of one round in nanoseconds (at most 4.29 s, longer ones count as that), sorted.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Vec<u32>);

impl Latencies {
    pub(crate) fn new(mut nanoseconds: Vec<u32>) -> Self {
        nanoseconds.sort_unstable();
        Self(nanoseconds)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The latency in milliseconds that `share` (0 to 1) of all stay at or below: nearest rank.
    /// Not a number when nothing was measured.
    pub(crate) fn percentile_ms(&self, share: f64) -> f64 {
        let rank = (share.clamp(0.0, 1.0) * self.0.len() as f64).ceil() as usize;
        self.0
            .get(rank.saturating_sub(1))
            .map_or(f64::NAN, |nanoseconds| f64::from(*nanoseconds) / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let latencies = Latencies::new((1..=100).rev().map(|ms| ms * 1_000_000).collect());
        for (share, expected) in [
            (0.0, 1.0),
            (0.01, 1.0),
            (0.5, 50.0),
            (0.505, 51.0),
            (0.99, 99.0),
            (1.0, 100.0),
        ] {
            assert_eq!(latencies.percentile_ms(share), expected, "share {share}");
        }
    }

    #[test]
    fn one_latency_is_every_percentile_and_none_is_no_number() {
        let one = Latencies::new(vec![2_500_000]);
        assert_eq!(
            (one.percentile_ms(0.5), one.percentile_ms(0.99)),
            (2.5, 2.5)
        );
        assert!(Latencies::default().percentile_ms(0.5).is_nan());
    }

    #[test]
    fn a_percentile_outside_the_range_is_the_nearest_end() {
        let latencies = Latencies::new(vec![1_000_000, 2_000_000]);
        assert_eq!(
            (latencies.percentile_ms(-1.0), latencies.percentile_ms(7.0)),
            (1.0, 2.0)
        );
    }

    #[test]
    fn the_median_ignores_order_and_averages_the_middle() {
        assert_eq!(
            Spread::of([3.0, 1.0, 2.0]),
            Some(Spread {
                median: 2.0,
                min: 1.0,
                max: 3.0
            })
        );
        assert_eq!(
            Spread::of([4.0, 1.0, 2.0, 3.0]),
            Some(Spread {
                median: 2.5,
                min: 1.0,
                max: 4.0
            })
        );
        assert_eq!(
            Spread::of([7.0]),
            Some(Spread {
                median: 7.0,
                min: 7.0,
                max: 7.0
            })
        );
    }

    #[test]
    fn what_is_no_number_does_not_count() {
        assert_eq!(Spread::of([]), None);
        assert_eq!(Spread::of([f64::NAN, f64::INFINITY]), None);
        assert_eq!(
            Spread::of([f64::NAN, 5.0]).map(|spread| spread.median),
            Some(5.0)
        );
    }
}
