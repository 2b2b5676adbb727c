//! The header `Authorization: Basic` (RFC 7617 section 2, RFC 6749 section 2.3.1).

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use meibo_domain::ids::ApplicationId;
use percent_encoding::percent_decode_str;

use super::{ClientAuthentication, ClientAuthenticationMethod};
use crate::secret::Secret;

/// The longest header that is decoded, in bytes.
const MAX_LENGTH: usize = 2048;

/// Padding may be left out: some clients do.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Client and secrets of the header, or `None` when it is not a readable Basic header. An empty
/// secret is none (RFC 6749 section 2.3.1).
pub(super) fn read(header: &str) -> Option<ClientAuthentication> {
    let (scheme, credentials) = header.split_once(' ')?;
    if header.len() > MAX_LENGTH || !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64.decode(credentials.trim()).ok()?).ok()?;
    if text.chars().any(char::is_control) {
        return None;
    }
    let (id, secret) = text.split_once(':')?;
    let client_id = match ApplicationId::parse(id) {
        Ok(id) => id,
        Err(_) => ApplicationId::parse(form_decode(id)?).ok()?,
    };
    let mut secrets = vec![Secret::new(secret.to_owned())];
    secrets.extend(
        form_decode(secret)
            .filter(|decoded| decoded != secret)
            .map(Secret::new),
    );
    Some(ClientAuthentication {
        client_id: client_id.into(),
        method: if secret.is_empty() {
            ClientAuthenticationMethod::None
        } else {
            ClientAuthenticationMethod::Basic { secrets }
        },
    })
}

/// The text that was form-encoded (RFC 6749 appendix B).
fn form_decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .ok()
        .map(String::from)
}
