//! Hashing, sealing, signing and verifying: the only crate that names a cryptographic library.
//!
//! Nothing here reads a clock, a file or the network. Randomness comes from an [`entropy::Entropy`]
//! that the caller hands in, the current time is an argument, and no error or `Debug` text holds a secret.

pub mod digest;
pub mod entropy;
pub mod jwt;
pub mod password;
pub mod seal;
pub mod signing_key;
