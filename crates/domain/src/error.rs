//! The one application error: a stable wire code, what was wrong with which member, and the cause.
//!
//! Three renderers (JSON, OAuth, page) live in the web room; none of them decides anything.

use std::{error::Error as StdError, fmt, sync::Arc};

use serde_json::Value;

/// What sort of failure a code is. It decides the HTTP status and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request is malformed (400).
    Invalid,
    /// Nobody is identified, or not by proof that holds (401).
    Unauthenticated,
    /// The actor is known and may not do this (403).
    Forbidden,
    /// The thing does not exist (404).
    NotFound,
    /// Somebody else changed the thing first (409).
    Conflict,
    /// The body is too large (413).
    TooLarge,
    /// The body has a media type that is not taken here (415).
    UnsupportedMediaType,
    /// Well formed, but the register's state or rules refuse it (422).
    Refused,
    /// Too many attempts (429).
    TooMany,
    /// A fault of ours (500).
    Internal,
    /// Nothing is configured that could do this (501).
    NotConfigured,
    /// The database or another part is unavailable or overloaded; try again (503).
    Unavailable,
}

impl ErrorKind {
    /// The HTTP status of this kind.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 400,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Refused => 422,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::NotConfigured => 501,
            Self::Unavailable => 503,
        }
    }
}

macro_rules! error_codes {
    ($($variant:ident $code:literal $kind:ident $message:literal;)+) => {
        /// Every code that an answer can carry. The wire form never changes once released.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode { $(#[doc = $message] $variant,)+ }

        impl ErrorCode {
            /// All codes, in the order of the table.
            pub const ALL: &[ErrorCode] = &[$(Self::$variant,)+];

            /// The wire form, for example `user.username_already_in_use`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The kind, which gives the HTTP status.
            #[must_use]
            pub const fn kind(self) -> ErrorKind {
                match self { $(Self::$variant => ErrorKind::$kind,)+ }
            }

            /// The English sentence for logs and the generated error table.
            #[must_use]
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $message,)+ }
            }
        }
    };
}

error_codes! {
    InvalidInput "guard.invalid_input" Invalid "A member of the request has a wrong form.";
    InvalidPagination "guard.invalid_pagination" Invalid "The page or page_size parameter is out of range.";
    InvalidRequest "request.invalid_input" Invalid "The request cannot be understood.";
    MalformedJson "request.malformed_json" Invalid "The body is not JSON.";
    BodyTooLarge "request.body_too_large" TooLarge "The body is larger than this route takes.";
    UnsupportedMediaType "request.unsupported_media_type" UnsupportedMediaType "The body has a media type that this route does not take.";
    RouteNotFound "request.not_found" NotFound "There is nothing at this address.";
    MethodNotAllowed "request.method_not_allowed" Invalid "The address exists, but not with this method.";
    TooManyRequests "request.too_many" TooMany "Too many requests from this address.";
    AuthorizationHeaderMissing "auth.authorization_header_missing" Unauthenticated "The Authorization header is missing.";
    TokenTypeNotSupported "auth.authorization_token_type_not_supported" Unauthenticated "The Authorization header is not of the type Bearer.";
    Unauthorized "auth.unauthorized" Unauthenticated "The access token is not valid here.";
    Forbidden "auth.forbidden" Forbidden "The access token lacks the scope that this needs.";
    EntityNotFound "entity.not_found" NotFound "It does not exist.";
    EntityNotExistsWithId "entity.not_exists_with_id" NotFound "Nothing exists with this id.";
    RelationNotFound "entity.relation_foreign_key_not_found" NotFound "Something that the request refers to does not exist.";
    ValueTooLong "entity.value_too_long" Refused "A value is too long.";
    UniqueViolation "entity.unique_integrity_violation" Refused "The same thing exists already.";
    TooMany "entity.too_many" Refused "No more of these can be made here.";
    ChangedMeanwhile "entity.changed_meanwhile" Conflict "It was changed by somebody else at the same time.";
    UsernameInUse "user.username_already_in_use" Refused "The username is taken.";
    EmailInUse "user.email_already_in_use" Refused "The email address belongs to another account.";
    PhoneInUse "user.phone_already_in_use" Refused "The phone number belongs to another account.";
    InvalidPhone "user.invalid_phone" Refused "The phone number is not an international number.";
    CannotDeleteSelf "user.cannot_delete_self" Invalid "You cannot delete your own account here.";
    PasswordAndDigest "user.password_and_digest" Invalid "Give a password or a digest of one, not both.";
    PasswordAlgorithmRequired "user.password_algorithm_required" Invalid "A password digest needs its algorithm.";
    PasswordDigestInvalid "user.password_digest_invalid" Refused "The password digest is not of the form that its algorithm has.";
    PasswordRejected "password.rejected" Refused "The password does not meet the policy.";
    InvalidCredentials "session.invalid_credentials" Refused "The account or the password is not right.";
    UserSuspended "user.suspended" Unauthenticated "The account is suspended.";
    SignInNotFound "session.not_found" Invalid "The sign-in has ended or was never begun in this browser.";
    TooManyAttempts "session.verification_blocked_too_many_attempts" TooMany "Too many failed attempts.";
    UserNotExist "user.user_not_exist" NotFound "No account has this address.";
    SignInMethodNotEnabled "user.sign_in_method_not_enabled" Refused "This way of signing in is turned off.";
    VerificationCodeNotFound "verification_code.not_found" Invalid "No code was sent to this address, or it was used.";
    VerificationCodeExpired "verification_code.expired" Invalid "The code has expired.";
    VerificationCodeTooManyTries "verification_code.exceed_max_try" Invalid "The code was tried too often.";
    VerificationCodeMismatch "verification_code.code_mismatch" Invalid "The code is not right.";
    VerificationCodePhoneMismatch "verification_code.phone_mismatch" Invalid "The code was sent to another phone number.";
    VerificationCodeEmailMismatch "verification_code.email_mismatch" Invalid "The code was sent to another email address.";
    MessageRateLimited "request.message_rate_limited" TooMany "Too many messages were sent.";
    RecipientNotAllowed "request.recipient_not_allowed" Refused "Messages to this number are not sent.";
    RecipientCountryNotAllowed "request.recipient_country_not_allowed" Refused "Messages to numbers of this country are not sent.";
    ConnectorNotFound "connector.not_found" NotConfigured "No connector can send this kind of message.";
    ConnectorFactoryNotFound "connector.not_found_with_connector_id" Refused "There is no kind of connector with this id.";
    ConnectorTemplateNotFound "connector.template_not_found" Invalid "The connector has no template for this message.";
    ConnectorInvalidConfig "connector.invalid_config" Invalid "The configuration does not fit the connector.";
    ConnectorSendFailed "connector.general" Invalid "The message could not be handed over.";
    TermsNotAccepted "user.terms_not_accepted" Refused "The terms were not agreed to.";
    SetupLinkUsed "setup.link_not_valid" NotFound "The set-up link was used already, or a newer one was printed.";
    CrossSiteRequest "request.cross_site" Forbidden "The form came from another site.";
    ApplicationTypeFixed "application.type_fixed" Refused "The type of an application cannot be changed.";
    ApplicationSecretNameInUse "application.secret_name_in_use" Refused "A secret of this name exists.";
    ApplicationSecretNotFound "application.secret_not_found" NotFound "The application has no secret of this name.";
    ApplicationHasNoSecrets "application.secrets_not_supported" Refused "A public client has no secrets.";
    ApplicationSaml "application.saml.use_saml_app_api" Refused "SAML applications are made elsewhere.";
    ApplicationTypeNotSupported "application.type_not_supported" Refused "This type of application is not supported.";
    ApplicationThirdPartyType "application.invalid_third_party_application_type" Refused "A machine application cannot be a third-party one.";
    ApplicationIdInUse "application.id_already_in_use" Refused "An application with this id exists.";
    ResourceIdentifierInUse "resource.resource_identifier_in_use" Refused "A resource with this indicator exists.";
    ResourceBuiltIn "resource.cannot_change_built_in" Refused "The Management API resource is built in and stays.";
    ScopeNameInUse "scope.name_exists" Refused "The resource has a scope of this name.";
    RoleNameInUse "role.name_in_use" Refused "A role of this name exists.";
    SigningKeyTooYoung "signing_key.next_too_young" Refused "The next signing key has not been published long enough to sign.";
    SigningKeyInUse "signing_key.in_use" Refused "Only a previous signing key can be deleted.";
    StorageValueMissing "user_storage.required_value_missing" Refused "The user storage's reply lacks a value that the key map requires.";
    Internal "server.internal" Internal "Something went wrong on our side.";
    Unavailable "server.unavailable" Unavailable "The service is unavailable for a moment.";
    Overloaded "server.overloaded" Unavailable "The service has more to do than it can; try again shortly.";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One member that was wrong, by its path (`profile.birthdate`, `redirectUris.0`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the member, dot-separated; empty for the whole body.
    pub path: String,
    /// A short machine word, for example `too_long`.
    pub rule: &'static str,
    /// What is wrong and what would be right, in English.
    pub message: String,
}

/// A failure that an answer is made from. One pointer wide, for it travels in every `Result`.
#[derive(Debug, Clone)]
pub struct Error(Box<Failure>);

#[derive(Debug, Clone)]
struct Failure {
    code: ErrorCode,
    violations: Vec<Violation>,
    data: Option<Value>,
    detail: Option<String>,
    retry_after_seconds: Option<u32>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `code` with nothing more to say.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self(Box::new(Failure {
            code,
            violations: Vec::new(),
            data: None,
            detail: None,
            retry_after_seconds: None,
            source: None,
        }))
    }

    /// `guard.invalid_input` for the member at `path`.
    #[must_use]
    pub fn invalid(
        path: impl Into<String>,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::new(ErrorCode::InvalidInput).violation(path, rule, message)
    }

    /// `entity.not_exists_with_id` for `id`.
    #[must_use]
    pub fn not_found(id: impl fmt::Display) -> Self {
        Self::new(ErrorCode::EntityNotExistsWithId).detail(format!("id {id}"))
    }

    /// `server.internal`, caused by `source`; the cause is logged, never shown.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(ErrorCode::Internal).caused_by(source)
    }

    /// Adds one wrong member.
    #[must_use]
    pub fn violation(
        mut self,
        path: impl Into<String>,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Self {
        self.0.violations.push(Violation {
            path: path.into(),
            rule,
            message: message.into(),
        });
        self
    }

    /// Puts `prefix` before the path of every wrong member.
    #[must_use]
    pub fn within(mut self, prefix: &str) -> Self {
        for violation in &mut self.0.violations {
            violation.path = match violation.path.as_str() {
                "" => prefix.to_owned(),
                path => format!("{prefix}.{path}"),
            };
        }
        self
    }

    /// Adds data for programs (the member `data` of the JSON answer).
    #[must_use]
    pub fn data(mut self, data: Value) -> Self {
        self.0.data = Some(data);
        self
    }

    /// Adds a sentence or word for people; it must not hold a secret.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Says after how many seconds another try makes sense.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// Keeps the cause for the log.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The kind of the code.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.code.kind()
    }

    /// The wrong members, in the order found.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// Data for programs.
    #[must_use]
    pub fn data_value(&self) -> Option<&Value> {
        self.0.data.as_ref()
    }

    /// The sentence for people, when there is one beside the code's own.
    #[must_use]
    pub fn detail_text(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// Seconds until another try makes sense.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.0.retry_after_seconds
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.0.code, self.0.code.summary())?;
        for violation in &self.0.violations {
            write!(formatter, " [{}: {}]", violation.path, violation.message)?;
        }
        self.0
            .detail
            .as_ref()
            .map_or(Ok(()), |detail| write!(formatter, " ({detail})"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_dotted_words() {
        let mut seen = HashSet::new();
        for code in ErrorCode::ALL {
            assert!(seen.insert(code.as_str()), "{code} twice");
            assert!(code.as_str().contains('.') && !code.as_str().contains(' '));
            assert!(code.kind().status() >= 400);
        }
    }

    #[test]
    fn paths_nest() {
        let error = Error::invalid("birthdate", "date", "not a date").within("profile");
        assert_eq!(error.violations()[0].path, "profile.birthdate");
        assert_eq!(
            Error::invalid("", "type", "x").within("body").violations()[0].path,
            "body"
        );
    }
}
