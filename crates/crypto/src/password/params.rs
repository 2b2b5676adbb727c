//! The cost of a hash.

/// Argon2id's cost: memory, passes over it, lanes. Always within the bounds of [`PasswordParams::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordParams {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// The parameters are outside the bounds of [`PasswordParams::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Argon2id needs 1 to 16 passes, 1 to 16 lanes, and 8 KiB of memory for each lane up to 1048576 KiB in all"
)]
pub struct InvalidPasswordParams;

/// More than this in a stored hash would let one row stop a thread for seconds.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
const MAX_PASSES: u32 = 16;
const MAX_LANES: u32 = 16;

impl PasswordParams {
    /// 19 MiB, 2 passes, 1 lane: the first choice of the OWASP password storage recommendation.
    pub const RECOMMENDED: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
        lanes: 1,
    };

    /// The least that Argon2 allows, 8 KiB and 1 pass: for tests that are not about the cost.
    pub const CHEAP: Self = Self {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    /// Memory in KiB (8 for each lane, to 1,048,576), passes (1 to 16), lanes (1 to 16; computed one after another).
    ///
    /// # Errors
    /// [`InvalidPasswordParams`] outside these bounds.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, InvalidPasswordParams> {
        let within = (1..=MAX_PASSES).contains(&passes)
            && (1..=MAX_LANES).contains(&lanes)
            && (8 * lanes..=MAX_MEMORY_KIB).contains(&memory_kib);
        if within {
            Ok(Self {
                memory_kib,
                passes,
                lanes,
            })
        } else {
            Err(InvalidPasswordParams)
        }
    }

    /// Memory in KiB.
    #[must_use]
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    #[must_use]
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// Lanes the memory is divided into.
    #[must_use]
    pub fn lanes(self) -> u32 {
        self.lanes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_kept() {
        for (memory, passes, lanes, fits) in [
            (8, 1, 1, true),
            (19 * 1024, 2, 1, true),
            (MAX_MEMORY_KIB, MAX_PASSES, MAX_LANES, true),
            (7, 1, 1, false),
            (31, 1, 4, false),
            (MAX_MEMORY_KIB + 1, 1, 1, false),
            (64, 0, 1, false),
            (64, 17, 1, false),
            (64, 1, 0, false),
            (u32::MAX, 1, u32::MAX, false),
        ] {
            assert_eq!(
                PasswordParams::new(memory, passes, lanes).is_ok(),
                fits,
                "{memory} {passes} {lanes}"
            );
        }
    }

    #[test]
    fn the_named_ones_are_within_the_bounds() {
        for named in [PasswordParams::RECOMMENDED, PasswordParams::CHEAP] {
            assert_eq!(
                PasswordParams::new(named.memory_kib, named.passes, named.lanes),
                Ok(named)
            );
        }
    }
}
