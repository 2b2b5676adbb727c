//! What is wrong with the settings: the name, the fault, and what is right.

use std::fmt;

/// One wrong setting. No text in it repeats a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The setting as it was given: `--listen`, `MEIBO_LISTEN`, `listen in meibo.toml`.
    pub(crate) name: String,
    /// What is wrong and what is right.
    pub(crate) reason: String,
}

impl Problem {
    pub(crate) fn new(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.reason)
    }
}

/// The settings cannot be used: every problem that was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadSettings(pub(crate) Vec<Problem>);

impl fmt::Display for BadSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BadSettings {}
