//! Table `counters`: how often something happened in a window, shared by all nodes.

use meibo_domain::{
    counter::{Bound, Count},
    time::Timestamp,
};

use crate::{
    db::{Batch, Db, DbError, Table},
    statements, values,
};

statements! {
    LIST = "SELECT key, count, ends_at FROM counters WHERE key IN ($1, $2, $3, $4)";
    COUNT = "INSERT INTO counters (key, count, ends_at) VALUES ($1, 1, $2) ON CONFLICT (key) DO UPDATE SET \
        count = CASE WHEN counters.ends_at <= $3 THEN 1 ELSE counters.count + 1 END, \
        ends_at = CASE WHEN counters.ends_at <= $3 THEN excluded.ends_at ELSE counters.ends_at END \
        WHERE counters.ends_at <= $3 OR counters.count < $4";
    TAKE_BACK = "UPDATE counters SET count = count - 1 WHERE key = $1 AND count > 0";
    CLEAR = "DELETE FROM counters WHERE key = $1";
}

/// Names that one statement asks for.
const AT_ONCE: usize = 4;

/// What the counters of these names have counted; those that have counted nothing are left out.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db, keys: &[&str]) -> Result<Vec<Count>, DbError> {
    let mut counts = Vec::new();
    for keys in keys.chunks(AT_ONCE) {
        // No counter has the empty name.
        let key = |place: usize| keys.get(place).copied().unwrap_or_default();
        let params = values![key(0), key(1), key(2), key(3)];
        for row in db.query(&LIST, &params).await? {
            counts.push(Count {
                key: row.text(0)?,
                count: row.int(1)?,
                ends_at: Timestamp(row.int(2)?),
            });
        }
    }
    Ok(counts)
}

/// Counts one event for each bound; conflicts when one of them is reached.
pub fn count(batch: Batch, bounds: &[Bound], now: Timestamp) -> Batch {
    bounds.iter().fold(batch, |batch, bound| {
        let params = values![bound.key.as_str(), (now + bound.window).0, now.0, bound.max,];
        batch
            .expect(1, Table::Counters, &COUNT, params)
            .conflict("counters.max")
    })
}

/// Takes back an event that was counted.
pub fn take_back(batch: Batch, key: &str) -> Batch {
    batch.run(Table::Counters, &TAKE_BACK, values![key])
}

/// Forgets what a counter has counted.
pub fn clear(batch: Batch, key: &str) -> Batch {
    batch.run(Table::Counters, &CLEAR, values![key])
}
