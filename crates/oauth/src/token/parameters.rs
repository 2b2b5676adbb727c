//! Parameters of the token request (RFC 6749 sections 2.3.1, 4.1.3, 4.4.2 and 6; RFC 7636 section
//! 4.5; RFC 8707 section 2.2).

use crate::parameters::request_parameters;

request_parameters! {
    /// A token request as received.
    pub struct TokenParameters {
        /// Which grant is used.
        grant_type: 128,
        /// Which application asks.
        client_id: 128,
        /// Its secret (client_secret_post).
        client_secret: 1024,
        /// Its signed assertion (private_key_jwt, RFC 7523 section 2.2).
        client_assertion: 16384,
        /// What kind of assertion that is.
        client_assertion_type: 256,
        /// The authorization code.
        code: 512,
        /// RFC 7636.
        code_verifier: 256,
        /// The redirect URI of the authorization request.
        redirect_uri: 2048,
        /// The refresh token.
        refresh_token: 512,
        /// What is asked for, space-separated.
        scope: 8192,
        /// An organization (contract 1.5); nobody is a member of one.
        organization_id: 128,
    }
    ;
    /// The resource that the token is for (RFC 8707); one a token.
    resources: ["resource", 1024]
}
