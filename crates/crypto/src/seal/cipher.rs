//! AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D), its output as base64url text.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use super::SealError;
use crate::digest::{base64url, base64url_decode};

/// A prepared key. One key may seal 2^32 messages before the chance of a repeated nonce passes 2^-32.
pub(super) struct Cipher(RandomizedNonceKey);

impl Cipher {
    pub(super) fn new(key: &[u8; 32]) -> Result<Self, SealError> {
        RandomizedNonceKey::new(&AES_256_GCM, key)
            .map(Self)
            .map_err(|_| SealError::Failed)
    }

    /// base64url of nonce, ciphertext and tag; `context` is authenticated but not contained.
    pub(super) fn seal(&self, plaintext: &[u8], context: &str) -> Result<String, SealError> {
        let mut body = plaintext.to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(context), &mut body)
            .map_err(|_| SealError::Failed)?;
        Ok(base64url(&[nonce.as_ref().as_slice(), &body].concat()))
    }

    pub(super) fn open(&self, text: &str, context: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let bytes = Zeroizing::new(base64url_decode(text).ok_or(SealError::Malformed)?);
        let (nonce, body) = bytes
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(SealError::Malformed)?;
        if body.len() < AES_256_GCM.tag_len() {
            return Err(SealError::Malformed);
        }
        let mut body = Zeroizing::new(body.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let length = self
            .0
            .open_in_place(nonce, Aad::from(context), &mut body)
            .map_err(|_| SealError::Refused)?
            .len();
        body.truncate(length);
        Ok(body)
    }
}
