//! One Argon2 computation, and the PHC string that says how it was made.

use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use super::{HashError, PasswordParams};
use crate::digest::equal;
use crate::entropy::Entropy;

const SALT_LEN: usize = 16;
const OUTPUT_LEN: usize = 32;

/// A stored hash taken apart.
pub(super) struct StoredHash {
    algorithm: Algorithm,
    version: Version,
    params: PasswordParams,
    salt: Vec<u8>,
    output: Zeroizing<Vec<u8>>,
}

/// The working memory of one thread: empty until its first hash, then kept at the configured size.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl StoredHash {
    /// A hash to be made at the configured cost; its output is not yet known.
    pub(super) fn new(params: PasswordParams, salt: [u8; SALT_LEN]) -> Self {
        Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            params,
            salt: salt.to_vec(),
            output: Zeroizing::new(vec![0; OUTPUT_LEN]),
        }
    }

    /// A hash that nobody knows a password for.
    pub(super) fn decoy(params: PasswordParams, entropy: &Entropy) -> Self {
        let mut decoy = Self::new(params, entropy.bytes());
        decoy.set_output(&entropy.bytes::<OUTPUT_LEN>());
        decoy
    }

    /// Reads a PHC string of any Argon2 variant, or `None` when it is malformed or costs more than we allow.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let phc = PasswordHash::new(text).ok()?;
        let algorithm = Algorithm::try_from(phc.algorithm.as_str()).ok()?;
        // a text without a version was written by Argon2 1.0, before versions were
        let version = phc
            .version
            .map_or(Ok(Version::V0x10), Version::try_from)
            .ok()?;
        let given = Params::try_from(&phc).ok()?;
        if !given.keyid().is_empty() || !given.data().is_empty() {
            return None;
        }
        Some(Self {
            algorithm,
            version,
            params: PasswordParams::new(given.m_cost(), given.t_cost(), given.p_cost()).ok()?,
            salt: phc.salt?.as_ref().to_vec(),
            output: Zeroizing::new(phc.hash?.as_bytes().to_vec()),
        })
    }

    pub(super) fn to_phc(&self) -> String {
        format!(
            "${}$v={}$m={},t={},p={}${}${}",
            self.algorithm,
            u32::from(self.version),
            self.params.memory_kib(),
            self.params.passes(),
            self.params.lanes(),
            STANDARD_NO_PAD.encode(&self.salt),
            STANDARD_NO_PAD.encode(self.output.as_slice()),
        )
    }

    pub(super) fn set_output(&mut self, output: &[u8]) {
        self.output = Zeroizing::new(output.to_vec());
    }

    pub(super) fn has_output(&self, output: &[u8]) -> bool {
        equal(&self.output, output)
    }

    /// Whether a new hash would be made the same way.
    pub(super) fn is_current(&self, params: PasswordParams) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.params == params
            && self.salt.len() == SALT_LEN
            && self.output.len() == OUTPUT_LEN
    }

    /// The output for `password`, as long as the stored one.
    ///
    /// Memory beyond what `configured` needs is given back, so that one costly imported hash does not hold it for ever.
    pub(super) fn compute(
        &self,
        password: &[u8],
        memory: &mut Memory,
        configured: PasswordParams,
    ) -> Result<Zeroizing<Vec<u8>>, HashError> {
        let mut output = Zeroizing::new(vec![0; self.output.len()]);
        // the values were checked when this was made, so that only memory can be wanting
        let params = argon_params(self.params, Some(output.len()))?;
        let blocks = memory.at_least(params.block_count())?;
        Argon2::new(self.algorithm, self.version, params)
            .hash_password_into_with_memory(password, &self.salt, &mut output, blocks)
            .map_err(|_| HashError::OutOfMemory)?;
        memory.at_most(argon_params(configured, None)?.block_count());
        Ok(output)
    }
}

fn argon_params(params: PasswordParams, output_len: Option<usize>) -> Result<Params, HashError> {
    Params::new(
        params.memory_kib(),
        params.passes(),
        params.lanes(),
        output_len,
    )
    .map_err(|_| HashError::OutOfMemory)
}

impl Memory {
    fn at_least(&mut self, blocks: usize) -> Result<&mut [Block], HashError> {
        let missing = blocks.saturating_sub(self.0.len());
        self.0
            .try_reserve_exact(missing)
            .map_err(|_| HashError::OutOfMemory)?;
        self.0.resize(self.0.len() + missing, Block::new());
        Ok(&mut self.0)
    }

    fn at_most(&mut self, blocks: usize) {
        if self.0.len() > blocks {
            self.0.truncate(blocks);
            self.0.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of the Argon2 reference implementation ("password", "somesalt"), unpadded as there.
    const REFERENCE: [&str; 2] = [
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ];

    #[test]
    fn the_reference_vectors_come_out() {
        let mut memory = Memory::default();
        for text in REFERENCE {
            let stored = StoredHash::parse(text).unwrap();
            let output = stored
                .compute(b"password", &mut memory, PasswordParams::CHEAP)
                .unwrap();
            assert!(stored.has_output(&output), "{text}");
            assert_eq!(stored.to_phc(), text);
        }
    }

    #[test]
    fn memory_starts_empty_is_kept_and_shrinks_after_a_costlier_hash() {
        let mut memory = Memory::default();
        assert_eq!(memory.0.capacity(), 0);
        let configured = PasswordParams::new(64, 1, 1).unwrap();
        let compute = |params, memory: &mut Memory| {
            StoredHash::new(params, [1; 16])
                .compute(b"x", memory, configured)
                .unwrap()
        };
        let first = compute(configured, &mut memory);
        let kept = memory.0.as_ptr();
        compute(PasswordParams::CHEAP, &mut memory);
        assert_eq!((memory.0.len(), memory.0.as_ptr()), (64, kept));
        compute(PasswordParams::new(256, 1, 1).unwrap(), &mut memory);
        assert_eq!((memory.0.len(), memory.0.capacity()), (64, 64));
        assert_eq!(
            compute(configured, &mut memory),
            first,
            "what an earlier hash left does not matter"
        );
    }

    #[test]
    fn only_our_own_parameters_are_current() {
        let params = PasswordParams::CHEAP;
        let ours = StoredHash::new(params, [7; 16]).to_phc();
        assert!(StoredHash::parse(&ours).unwrap().is_current(params));
        assert!(
            !StoredHash::parse(&ours)
                .unwrap()
                .is_current(PasswordParams::RECOMMENDED)
        );
        for (from, to) in [
            ("argon2id", "argon2i"),
            ("argon2id", "argon2d"),
            ("v=19", "v=16"),
            ("$v=19", ""),
            ("m=8", "m=16"),
            ("t=1", "t=2"),
            ("BwcHBwcHBwcHBwcHBwcHBw", "BwcHBwcHBwcHBwcH"),
        ] {
            let other = ours.replacen(from, to, 1);
            assert_ne!(other, ours);
            assert!(
                !StoredHash::parse(&other).unwrap().is_current(params),
                "{other}"
            );
        }
    }

    #[test]
    fn malformed_and_immoderate_hashes_are_refused() {
        let good = REFERENCE[0];
        assert!(StoredHash::parse(good).is_some());
        for bad in [
            String::new(),
            "password".into(),
            "$2b$12$abcdefghijklmnopqrstuuAbcdefghijklmnopqrstuvwxyz01234".into(),
            good.replace("argon2id", "argon2x"),
            good.replace("v=19", "v=20"),
            good.replace("m=256", "m=4294967295"),
            good.replace("m=256", "m=99999999999"),
            good.replace("m=256", "m=1048577"),
            good.replace("m=256", "m=-1"),
            good.replace("t=2", "t=0"),
            good.replace("t=2", "t=1000000"),
            good.replace("p=1", "p=16777215"),
            good.replace("p=1", "p=0"),
            good.replace("p=1", "p=1,data=c29tZQ"),
            good.replace("c29tZXNhbHQ", ""),
            good.replace("$nf65", "$*f65"),
            good.rsplit_once('$').unwrap().0.to_owned(),
            format!("{good}$more"),
        ] {
            assert!(StoredHash::parse(&bad).is_none(), "{bad}");
        }
    }
}
