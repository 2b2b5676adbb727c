//! Counting what may happen only so often, in the batch that lets it happen.

use meibo_domain::{
    Error, ErrorCode, Result,
    counter::{Bound, check_bounds},
};
use meibo_store::{counters, db::Batch};

use crate::App;

impl App {
    /// Counts one event for each bound. The batch conflicts when one of them is reached meanwhile, so
    /// that of many at once on many nodes none is one too many.
    ///
    /// # Errors
    /// `refusal` when a bound is reached, with the seconds to wait.
    pub(crate) async fn count_in(
        &self,
        batch: Batch,
        bounds: &[Bound],
        refusal: ErrorCode,
    ) -> Result<Batch> {
        let now = self.now();
        let keys: Vec<&str> = bounds.iter().map(|bound| bound.key.as_str()).collect();
        let counts = counters::list(&self.db, &keys).await?;
        check_bounds(bounds, &counts, now)
            .map_err(|seconds| Error::new(refusal).retry_after(seconds))?;
        Ok(counters::count(batch, bounds, now))
    }
}
