//! What Argon2id alone reaches: the ceiling of any server that checks passwords.

use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::clock;

/// 19 MiB, two passes, one lane: the server's own parameters (OWASP's first choice but for memory).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes per second of `threads` threads that do nothing else for `length`, each with its memory kept.
///
/// # Errors
/// The parameters are refused.
pub(crate) fn hashes_per_second(threads: usize, length: Duration) -> Result<f64> {
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| one_thread(length)))
            .collect();
        workers
            .into_iter()
            .try_fold(0.0, |sum, worker| match worker.join() {
                Ok(rate) => Ok(sum + rate?),
                Err(_) => bail!("a hashing thread ended by a panic"),
            })
    })
}

fn one_thread(length: Duration) -> Result<f64> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).context("Argon2 parameters")?;
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hash = || -> Result<()> {
        let mut out = [0_u8; 32];
        argon2.hash_password_into_with_memory(
            b"a password to measure",
            b"sixteen-byte-slt",
            &mut out,
            &mut memory,
        )?;
        std::hint::black_box(out);
        Ok(())
    };
    hash().context("the first hash, which maps the memory")?;
    let start = clock::now();
    let mut hashes = 0_u32;
    while start.elapsed() < length {
        hash()?;
        hashes += 1;
    }
    Ok(f64::from(hashes) / start.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_a_moment_counts_a_whole_hash_of_each_thread() {
        assert!(hashes_per_second(2, Duration::from_millis(1)).unwrap() > 0.0);
    }
}
