//! Random bytes and the identifiers made of them.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::rand;

use crate::digest::{base64url, hmac_sha256, sha256};

const DIGITS: &[u8] = b"0123456789";
const LOWERCASE_ALPHANUMERIC: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const ALPHANUMERIC: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A source of random bytes: the system's generator, or a repeatable stream for tests.
///
/// Clones of one seeded source share its stream, so no two of them ever give the same bytes.
#[derive(Clone)]
pub struct Entropy(Source);

#[derive(Clone)]
enum Source {
    System,
    Seeded(Arc<Seeded>),
}

struct Seeded {
    key: [u8; 32],
    next_block: AtomicU64,
}

impl Entropy {
    /// The generator of the cryptographic library, seeded by the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A stream that is the same for the same `seed` and order of calls: for tests only, as whoever knows the seed knows
    /// every byte.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let key = sha256(&seed.to_be_bytes());
        Self(Source::Seeded(Arc::new(Seeded {
            key,
            next_block: AtomicU64::new(0),
        })))
    }

    /// Overwrites `out` with random bytes.
    ///
    /// The system's generator fails only while the kernel has no entropy to give; this call then waits for it, since a
    /// caller that got an error could do nothing better and one that got unfilled bytes would hand out guessable secrets.
    pub fn fill(&self, out: &mut [u8]) {
        match &self.0 {
            Source::System => {
                while rand::fill(out).is_err() {
                    std::thread::yield_now();
                }
            }
            Source::Seeded(stream) => {
                for chunk in out.chunks_mut(32) {
                    let block = stream.next_block.fetch_add(1, Ordering::Relaxed);
                    let bytes = hmac_sha256(&stream.key, &block.to_be_bytes());
                    for (to, from) in chunk.iter_mut().zip(bytes) {
                        *to = from;
                    }
                }
            }
        }
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// A token, code or secret: 32 random bytes as 43 characters of base64url.
    #[must_use]
    pub fn token(&self) -> String {
        base64url(&self.bytes::<32>())
    }

    /// `len` characters of `a-z0-9`, each equally likely (5.17 bits a character).
    #[must_use]
    pub fn lowercase_alphanumeric(&self, len: usize) -> String {
        self.pick(LOWERCASE_ALPHANUMERIC, len)
    }

    /// `len` characters of `A-Za-z0-9`, each equally likely (5.95 bits a character).
    #[must_use]
    pub fn alphanumeric(&self, len: usize) -> String {
        self.pick(ALPHANUMERIC, len)
    }

    /// The 16 bytes of a random UUID with its version and variant bits set (RFC 9562 section 5.4).
    #[must_use]
    pub fn uuid_v4(&self) -> [u8; 16] {
        let mut bytes = self.bytes::<16>();
        let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
        *version = (*version & 0x0f) | 0x40;
        *variant = (*variant & 0x3f) | 0x80;
        bytes
    }

    /// `len` decimal digits, each equally likely (3.32 bits a digit).
    #[must_use]
    pub fn digits(&self, len: usize) -> String {
        self.pick(DIGITS, len)
    }

    /// `len` characters of `alphabet` (at most 256 ASCII characters), without bias.
    fn pick(&self, alphabet: &[u8], len: usize) -> String {
        // bytes above the largest multiple of the alphabet's size would favour its first characters: drawn again
        let fair = 256 - 256 % alphabet.len();
        let mut text = String::with_capacity(len);
        while text.len() < len {
            let drawn = self.bytes::<32>();
            let characters = drawn
                .iter()
                .map(|byte| usize::from(*byte))
                .filter(|value| *value < fair)
                .filter_map(|value| alphabet.get(value % alphabet.len()))
                .map(|character| char::from(*character))
                .take(len - text.len());
            text.extend(characters);
        }
        text
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Entropy::system",
            Source::Seeded(_) => "Entropy::seeded",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn a_seed_repeats_its_stream_and_another_seed_does_not() {
        let draw = |seed| {
            let entropy = Entropy::seeded(seed);
            (
                entropy.token(),
                entropy.lowercase_alphanumeric(12),
                entropy.uuid_v4(),
            )
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn clones_never_repeat_each_other() {
        let entropy = Entropy::seeded(1);
        let other = entropy.clone();
        let tokens: HashSet<String> = (0..500)
            .flat_map(|_| [entropy.token(), other.token()])
            .collect();
        assert_eq!(tokens.len(), 1000);
    }

    #[test]
    fn threads_share_one_stream_without_repeats() {
        let entropy = Entropy::seeded(1);
        let tokens: HashSet<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..200).map(|_| entropy.token()).collect::<Vec<_>>()))
                .collect();
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap())
                .collect()
        });
        assert_eq!(tokens.len(), 800);
    }

    #[test]
    fn the_system_source_fills_every_length() {
        let entropy = Entropy::system();
        for len in [1, 16, 31, 32, 33, 1000] {
            // 8 draws: a byte that stays zero in all of them was not written (once in 2^64 for each)
            let mut seen = vec![0u8; len];
            for _ in 0..8 {
                let mut drawn = vec![0; len];
                entropy.fill(&mut drawn);
                seen.iter_mut()
                    .zip(drawn)
                    .for_each(|(seen, byte)| *seen |= byte);
            }
            assert!(seen.iter().all(|byte| *byte != 0), "{len}");
        }
    }

    #[test]
    fn a_token_is_43_characters_of_base64url() {
        let token = Entropy::system().token();
        assert_eq!(token.len(), 43);
        assert_eq!(
            crate::digest::base64url_decode(&token).map(|bytes| bytes.len()),
            Some(32)
        );
    }

    #[test]
    fn identifiers_have_the_asked_length_and_alphabet() {
        let entropy = Entropy::seeded(3);
        for len in [0, 1, 12, 21, 100] {
            let lower = entropy.lowercase_alphanumeric(len);
            assert_eq!(lower.len(), len);
            assert!(
                lower
                    .bytes()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
                "{lower}"
            );
            let mixed = entropy.alphanumeric(len);
            assert_eq!(mixed.len(), len);
            assert!(mixed.bytes().all(|c| c.is_ascii_alphanumeric()), "{mixed}");
        }
    }

    #[test]
    fn every_character_is_equally_likely() {
        let entropy = Entropy::seeded(11);
        for (text, size) in [
            (entropy.lowercase_alphanumeric(72_000), 36),
            (entropy.alphanumeric(124_000), 62),
        ] {
            let mut counts: HashMap<char, u32> = HashMap::new();
            text.chars()
                .for_each(|c| *counts.entry(c).or_default() += 1);
            assert_eq!(counts.len(), size);
            // 2,000 expected of each, standard deviation 45; a plain remainder would give some of them 12 % more
            assert!(
                counts.values().all(|count| (1_800..2_200).contains(count)),
                "{counts:?}"
            );
        }
    }

    #[test]
    fn a_uuid_has_version_4_and_the_rfc_variant() {
        let entropy = Entropy::system();
        for _ in 0..50 {
            let uuid = entropy.uuid_v4();
            assert_eq!(uuid[6] >> 4, 4);
            assert_eq!(uuid[8] >> 6, 0b10);
        }
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", Entropy::seeded(1)), "Entropy::seeded");
    }
}
