//! What can go wrong, as types an application can match on.

use std::sync::Arc;

use crate::ApiError;

/// The result of every fallible call of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed. Never carries a token or a secret. Cheap to clone, since callers that
/// waited for the same call share its outcome.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting or argument of the caller cannot work.
    #[error("`{setting}`: {problem}")]
    Setting {
        /// The field or argument.
        setting: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// No connection, or it broke off.
    #[error("the {what} could not be reached")]
    Unreachable {
        /// Which endpoint.
        what: &'static str,
        /// The transport's reason.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// The time of [`HttpOptions`](crate::HttpOptions) ran out.
    #[error("the {what} did not answer in time")]
    Timeout {
        /// Which endpoint.
        what: &'static str,
    },
    /// The answer is longer than [`HttpOptions::max_body`](crate::HttpOptions::max_body).
    #[error("the {what} answered more than {limit} bytes")]
    TooLarge {
        /// Which endpoint.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// The answer is not what the contract says.
    #[error("the {what} answered something unexpected: {problem}")]
    Unexpected {
        /// Which endpoint.
        what: &'static str,
        /// What is wrong with the answer.
        problem: String,
    },
    /// The server refused; its own code and message.
    #[error(transparent)]
    Api(Box<ApiError>),
    /// The callback does not belong to this sign-in, or carries an error.
    #[error(transparent)]
    Callback(#[from] CallbackFault),
    /// A token failed verification.
    #[error("the token is refused: {0}")]
    Token(#[from] TokenFault),
    /// The session has no refresh token (any more): the person has to sign in again.
    #[error("the session has ended; sign in again")]
    SignedOut,
    /// The call this one waited for was dropped, as happens when the runtime stops.
    #[error("the call was abandoned")]
    Abandoned,
    /// The operating system gave no random bytes.
    #[error("no random bytes from the system")]
    Entropy,
}

impl Error {
    /// Whether the server is away or overloaded, so that the same call may work later.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Timeout { .. } => true,
            Self::Api(error) => error.status >= 500 || error.status == 429,
            _ => false,
        }
    }

    /// Whether only a new sign-in can help: no refresh token, the grant is gone (`invalid_grant`),
    /// or the server no longer takes the access token.
    #[must_use]
    pub fn is_signed_out(&self) -> bool {
        match self {
            Self::SignedOut => true,
            // 401 `invalid_client` is about the application's own secret.
            Self::Api(error) if error.is_oauth("invalid_client") => false,
            Self::Api(error) => error.status == 401 || error.is_oauth("invalid_grant"),
            _ => false,
        }
    }
}

/// Why a callback was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackFault {
    /// The server, or the person, said no (RFC 6749 section 4.1.2.1). Both texts come from the
    /// address bar: show them as text, decide nothing by the description.
    #[error("sign-in failed: {error}: {description}")]
    Denied {
        /// The OAuth error code, such as `access_denied`.
        error: String,
        /// The server's words, possibly empty.
        description: String,
    },
    /// A parameter is missing.
    #[error("the callback has no `{0}`")]
    Missing(&'static str),
    /// A parameter came twice, so that it is unclear which one counts.
    #[error("the callback has `{0}` more than once")]
    Repeated(&'static str),
    /// `state` is not the one of this sign-in: a forged or an old callback.
    #[error("the callback belongs to another sign-in")]
    State,
    /// `iss` names another server (RFC 9207).
    #[error("the callback comes from another server")]
    Issuer,
    /// The address is not the redirect URI.
    #[error("the callback address is not the redirect URI")]
    RedirectUri,
}

/// Why a JWT was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenFault {
    /// Not three base64url parts of JSON, or longer than 16 KiB.
    #[error("it is not a well-formed JWT")]
    Malformed,
    /// Not one of RS256, ES256, ES384, EdDSA, or not the algorithm of the named key.
    #[error("its algorithm is not allowed")]
    Algorithm,
    /// The server publishes no key of that `kid`.
    #[error("its key is unknown")]
    UnknownKey,
    /// The signature does not match.
    #[error("its signature is wrong")]
    Signature,
    /// Another kind of token: `typ` does not fit.
    #[error("it is another kind of token")]
    Type,
    /// `iss` is not the server.
    #[error("it comes from another server")]
    Issuer,
    /// `aud` is not the expected one.
    #[error("it is meant for another audience")]
    Audience,
    /// `exp` has passed.
    #[error("it has expired")]
    Expired,
    /// `nbf` has not come.
    #[error("it is not valid yet")]
    NotYetValid,
    /// `iat` is more than 300 seconds away.
    #[error("it was issued at an implausible time")]
    IssuedAt,
    /// `nonce` is not the one of this sign-in.
    #[error("it belongs to another sign-in")]
    Nonce,
    /// `sub` changed between two tokens of one session.
    #[error("it belongs to another person")]
    Subject,
    /// A scope that the caller requires is missing.
    #[error("it lacks the scope `{0}`")]
    MissingScope(String),
    /// A claim is missing or has the wrong type.
    #[error("its claims are incomplete: {0}")]
    Claims(String),
}
