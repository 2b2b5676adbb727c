//! The key map alone: how often in a second of its CPU time a core reads a reply and applies a map to it, and
//! how the time grows with the reply.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context as _, Result};
use meibo_domain::{
    key_map::{
        apply::apply,
        coerce::{Coercion, GenderSynonyms},
        entry::{EntryText, KeyMap, MapRights},
        reply::{MAX_BYTES, Reply, ReplyLimits},
        value::PropertyValues,
    },
    time::Timestamp,
};
use serde_json::json;

use super::Plan;
use crate::affinity::{self, Cores};
use crate::procfs;
use crate::report::{Bound, Report, Target};
use crate::statistics::Spread;
use crate::tell;

/// CPU time of one figure: long enough to be steady, short beside everything else.
const ROUND: Duration = Duration::from_millis(300);

/// So many applications between two looks at the time.
const CHUNK: u32 = 64;

/// A game company's reply.
const SAMPLE: &str = r#"{"user":{"player_id":"12345678","email":"user@example.com"},"user_info":{"username":"gamer123","user_first_name":"John","user_last_name":"Doe","gender":"male","birthday":"1990-05-15","country":"US","language":"en"},"subscription_status":"active","loyalty_level":"gold"}"#;

/// Measures on the tool's core.
///
/// # Errors
/// The core cannot be chosen, or the example's own map or reply is refused.
pub(super) fn measure(plan: &Plan, cores: Cores, report: &mut Report) -> Result<()> {
    tell("applying key maps");
    let (small, large) = (reply_of(MAX_BYTES / 16), reply_of(MAX_BYTES));
    let (rate, growth) = affinity::on_core(cores.tool, || -> Result<_> {
        let map = example_map()?;
        let mut rates = Vec::new();
        let mut growths = Vec::new();
        for _ in 0..plan.rounds {
            rates.push(per_second(&map, SAMPLE)?);
            let per_byte = |text: &str| Ok((per_second(&map, text)? * text.len() as f64).recip());
            let per_byte: &dyn Fn(&str) -> Result<f64> = &per_byte;
            growths.push(per_byte(&large)? / per_byte(&small)?);
        }
        Ok((Spread::of(rates), Spread::of(growths)))
    })??;
    report.targets.extend(rate.map(|rate| {
        let name = "Key map of six entries, reply read and applied";
        Target::new(name, "/s", rate, Bound::AtLeast, 200_000.0, 0)
    }));
    report.targets.extend(growth.map(|growth| {
        let name = "Key map, time for a byte of a reply of 64 KiB and of 4 KiB";
        Target::new(name, "x", growth, Bound::AtMost, 1.5, 0)
    }));
    Ok(())
}

/// The six properties of the login API.
fn example_map() -> Result<KeyMap> {
    let entry = |(property, key)| json!({"property": property, "key": key});
    let entries = [
        ("birthday", "birthday"),
        ("nickname", "username"),
        ("first_name", "user_info.user_first_name"),
        ("last_name", "user_last_name"),
        ("gender", "gender"),
        ("server_custom_id", "$.user.player_id"),
    ];
    let entries: Vec<EntryText> = serde_json::from_value(entries.map(entry).into_iter().collect())?;
    KeyMap::check(&entries, MapRights::default()).context("the example's map")
}

/// The sample with members before it that no entry reads, nearly `bytes` long.
fn reply_of(bytes: usize) -> String {
    let mut text = String::from("{");
    let mut at = 0;
    while text.len() + SAMPLE.len() + 64 < bytes {
        text.push_str(&format!(
            r#""group{at}":{{"score":{at},"label":"value {at}"}},"#
        ));
        at += 1;
    }
    text.push_str(SAMPLE.get(1..).unwrap_or_default());
    text
}

/// How often in a second of CPU time `text` is read and `map` applied to it. Whatever else runs on the
/// machine costs little of the figure.
fn per_second(map: &KeyMap, text: &str) -> Result<f64> {
    let synonyms = GenderSynonyms::default();
    let now = Timestamp::from_seconds(1_795_435_200);
    let coercion = Coercion::new(now, &synonyms);
    let present = PropertyValues::default();
    let once = || -> Result<()> {
        let reply = Reply::parse(black_box(text.as_bytes()), ReplyLimits::default())?;
        let applied = apply(map, &reply, &present, &coercion);
        anyhow::ensure!(applied.changes.len() == 6, "the map found something else");
        black_box(applied);
        Ok(())
    };
    let start = procfs::own_thread_cpu_time()?;
    let mut count = 0_u32;
    loop {
        for _ in 0..CHUNK {
            once()?;
        }
        count += CHUNK;
        let ran = procfs::own_thread_cpu_time()?.saturating_sub(start);
        if ran >= ROUND {
            return Ok(f64::from(count) / ran.as_secs_f64());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_have_their_size_and_are_read() {
        let map = example_map().unwrap();
        for bytes in [4_096, MAX_BYTES] {
            let text = reply_of(bytes);
            assert!((bytes - 128..=bytes).contains(&text.len()));
            assert!(per_second(&map, &text).unwrap() > 0.0);
        }
    }
}
