//! Parameters of the authorization request: RFC 6749 section 4.1.1, OpenID Connect Core section
//! 3.1.2.1, RFC 7636 section 4.3, RFC 8707 section 2, and what the contract adds.

use crate::parameters::request_parameters;

request_parameters! {
    /// An authorization request as received. A malformed one is answered on a page: which of two
    /// values to trust is not guessed.
    pub struct AuthorizationParameters {
        /// Which application asks.
        client_id: 128,
        /// Where the answer goes.
        redirect_uri: 2048,
        /// What is wanted; `code`.
        response_type: 64,
        /// How the answer travels.
        response_mode: 32,
        /// What is asked for, space-separated.
        scope: 8192,
        /// Returned unchanged.
        state: 1024,
        /// Repeated in the ID token.
        nonce: 512,
        /// RFC 7636.
        code_challenge: 128,
        /// RFC 7636; `S256`.
        code_challenge_method: 16,
        /// What the person has to do, space-separated.
        prompt: 64,
        /// Seconds since the person last proved who they are.
        max_age: 16,
        /// What the person may type to sign in.
        login_hint: 256,
        /// Languages, best first, space-separated.
        ui_locales: 256,
        /// Languages of claims, best first, space-separated; every claim has one value here.
        claims_locales: 256,
        /// How the page is shown: `page`, `popup`, `touch` or `wap`; all are one page here.
        display: 256,
        /// Authentication context classes that the client would like, best first (a voluntary claim).
        acr_values: 1024,
        /// An ID token of the person expected.
        id_token_hint: 8192,
        /// The page to begin with.
        first_screen: 32,
        /// The older form of the one before.
        interaction_mode: 16,
        /// Which identifiers the page asks for, space-separated.
        identifier: 64,
        /// A way to sign in that the page may skip to; the first screen serves when it does not exist.
        direct_sign_in: 256,
        /// RFC 9101; refused.
        request: 16384,
        /// RFC 9101; refused.
        request_uri: 2048,
        /// OpenID Connect Core section 7.2.1; refused.
        registration: 8192,
    }
    ;
    /// Indicators of the resources that tokens will be asked for (RFC 8707).
    resources: ["resource", 1024]
}

impl AuthorizationParameters {
    /// Language tags of `ui_locales`, best first, at most ten; malformed ones are left out.
    #[must_use]
    pub fn ui_locales(&self) -> Vec<String> {
        let is_tag = |tag: &&str| {
            (1..=35).contains(&tag.len())
                && tag
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        self.ui_locales
            .as_deref()
            .unwrap_or_default()
            .split(' ')
            .filter(is_tag)
            .take(10)
            .map(str::to_owned)
            .collect()
    }
}
