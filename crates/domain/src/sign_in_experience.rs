//! How people sign in and make accounts, and how the pages look: one set of settings, checked as a
//! whole (contract section 6).

mod branding;
mod code_policy;
mod color;
mod languages;
mod methods;
mod mode;
mod not_offered;
mod password_rules;
mod patch;
mod sign_up;
mod ways;
mod word;

#[cfg(test)]
mod tests;

use std::ops::Deref;

use serde::{Deserialize, Serialize};

pub use self::{
    branding::Branding,
    code_policy::CodePolicy,
    color::{Color, ColorScheme, DARK_GROUNDS, LIGHT_GROUNDS},
    languages::{FallbackLanguage, LanguageInfo},
    methods::{IdentifierKind, SignInMethod, SignInMethods},
    mode::{AgreeToTermsPolicy, ForgotPasswordMethod, SignInMode},
    not_offered::{check_not_offered, defaults as defaults_of_what_is_not_offered},
    password_rules::{CharacterTypes, PasswordLength, PasswordRejects, PasswordRules},
    patch::SignInExperiencePatch,
    sign_up::SignUp,
};
use crate::{
    Error, ErrorCode, Result,
    email::EmailAddress,
    json_object::{Object, object},
    text::{check_called_url, check_web_url},
};

/// The settings as they are written. Read them through [`SignInExperience`], which is checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Colours of the pages.
    #[serde(deserialize_with = "object")]
    pub color: ColorScheme,
    /// Pictures of the operator.
    #[serde(deserialize_with = "object")]
    pub branding: Branding,
    /// Languages of the pages.
    #[serde(deserialize_with = "object")]
    pub language_info: LanguageInfo,
    /// Where the terms of use are.
    pub terms_of_use_url: Option<String>,
    /// Where the privacy policy is.
    pub privacy_policy_url: Option<String>,
    /// How people agree to both.
    pub agree_to_terms_policy: AgreeToTermsPolicy,
    /// How people sign in.
    #[serde(deserialize_with = "object")]
    pub sign_in: SignInMethods,
    /// What a new account begins with.
    #[serde(deserialize_with = "object")]
    pub sign_up: SignUp,
    /// What the pages are open for.
    pub sign_in_mode: SignInMode,
    /// What a password must be.
    #[serde(deserialize_with = "object")]
    pub password_policy: PasswordRules,
    /// Whom to write to for help.
    pub support_email: Option<String>,
    /// Where help is found.
    pub support_website_url: Option<String>,
    /// Where a browser goes whose sign-in has ended or was never begun; an error page otherwise.
    pub unknown_session_redirect_url: Option<String>,
    /// How long codes live.
    #[serde(deserialize_with = "object")]
    pub verification_code_policy: CodePolicy,
    /// How a forgotten password is set anew; by every channel that has a connector unless told.
    pub forgot_password_methods: Option<Vec<ForgotPasswordMethod>>,
}

/// The settings of a fresh register: username, verified email address or phone number sign in;
/// an account is made with a username and a password.
impl Default for Settings {
    fn default() -> Self {
        Self {
            color: ColorScheme::default(),
            branding: Branding::default(),
            language_info: LanguageInfo::default(),
            terms_of_use_url: None,
            privacy_policy_url: None,
            agree_to_terms_policy: AgreeToTermsPolicy::Automatic,
            sign_in: SignInMethods::default(),
            sign_up: SignUp::default(),
            sign_in_mode: SignInMode::SignInAndRegister,
            password_policy: PasswordRules::default(),
            support_email: None,
            support_website_url: None,
            unknown_session_redirect_url: None,
            verification_code_policy: CodePolicy::default(),
            forgot_password_methods: None,
        }
    }
}

/// Settings that hold together: there is a way to sign in, whoever makes an account can come back, and
/// the pages can be read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SignInExperience(Settings);

impl Deref for SignInExperience {
    type Target = Settings;

    fn deref(&self) -> &Settings {
        &self.0
    }
}

impl SignInExperience {
    /// Takes settings that hold together. An empty address is none.
    ///
    /// # Errors
    /// `guard.invalid_input` for the first member that does not.
    pub fn parse(settings: Settings) -> Result<Self> {
        let kept = |text: Option<String>| text.filter(|text| !text.is_empty());
        let settings = Settings {
            branding: settings.branding.without_empty(),
            terms_of_use_url: kept(settings.terms_of_use_url),
            privacy_policy_url: kept(settings.privacy_policy_url),
            support_email: kept(settings.support_email),
            support_website_url: kept(settings.support_website_url),
            unknown_session_redirect_url: kept(settings.unknown_session_redirect_url),
            ..settings
        };
        settings.color.check()?;
        settings.branding.check()?;
        let is_open = settings.sign_in_mode != SignInMode::SignIn;
        settings.sign_in.check()?;
        settings.sign_up.check(&settings.sign_in, is_open)?;
        settings.password_policy.check()?;
        settings.verification_code_policy.check()?;
        settings.check_addresses()?;
        settings.check_forgot_password_methods()?;
        Ok(Self(settings))
    }

    /// Reads what [`SignInExperience::to_stored`] wrote, by this version or an earlier one.
    ///
    /// # Errors
    /// `server.internal` for anything else.
    pub fn from_stored(text: &str) -> Result<Self> {
        let Object(settings) = serde_json::from_str(text).map_err(Error::internal)?;
        Self::parse(settings).map_err(Error::internal)
    }

    /// The form that is stored: JSON, the same for the same settings.
    ///
    /// # Errors
    /// `server.internal`.
    pub fn to_stored(&self) -> Result<String> {
        serde_json::to_string(&self.0).map_err(Error::internal)
    }

    /// May people sign in to an account that they have?
    #[must_use]
    pub fn is_sign_in_open(&self) -> bool {
        self.sign_in_mode != SignInMode::Register
    }

    /// May people make an account?
    #[must_use]
    pub fn is_registration_open(&self) -> bool {
        self.sign_in_mode != SignInMode::SignIn
    }

    /// Must people say that they agree when they make an account?
    #[must_use]
    pub fn asks_agreement_at_registration(&self) -> bool {
        self.has_terms() && self.agree_to_terms_policy != AgreeToTermsPolicy::Automatic
    }

    /// Must people say that they agree each time they sign in?
    #[must_use]
    pub fn asks_agreement_at_sign_in(&self) -> bool {
        self.has_terms() && self.agree_to_terms_policy == AgreeToTermsPolicy::Manual
    }

    /// May somebody sign in who has said so, or has not, that they agree to the terms?
    ///
    /// # Errors
    /// `user.sign_in_method_not_enabled`, `user.terms_not_accepted`.
    pub fn check_sign_in(&self, has_agreed: bool) -> Result<()> {
        if !self.is_sign_in_open() {
            return Err(ErrorCode::SignInMethodNotEnabled.into());
        }
        if self.asks_agreement_at_sign_in() && !has_agreed {
            return Err(ErrorCode::TermsNotAccepted.into());
        }
        Ok(())
    }

    /// May an account be made with a username and a password and nothing else?
    ///
    /// # Errors
    /// `user.sign_in_method_not_enabled`, `user.terms_not_accepted`.
    pub fn check_password_registration(&self, has_agreed: bool) -> Result<()> {
        let takes_username_alone = self.sign_up.identifiers == [IdentifierKind::Username];
        if !self.is_registration_open() || !takes_username_alone {
            return Err(ErrorCode::SignInMethodNotEnabled.into());
        }
        if self.asks_agreement_at_registration() && !has_agreed {
            return Err(ErrorCode::TermsNotAccepted.into());
        }
        Ok(())
    }

    /// May a forgotten password be set anew in this way, where a connector can send the code?
    #[must_use]
    pub fn allows_forgot_password(&self, method: ForgotPasswordMethod) -> bool {
        self.forgot_password_methods
            .as_ref()
            .is_none_or(|methods| methods.contains(&method))
    }

    fn has_terms(&self) -> bool {
        self.terms_of_use_url.is_some() || self.privacy_policy_url.is_some()
    }
}

impl Settings {
    fn check_addresses(&self) -> Result<()> {
        for (path, url) in [
            ("termsOfUseUrl", &self.terms_of_use_url),
            ("privacyPolicyUrl", &self.privacy_policy_url),
            ("supportWebsiteUrl", &self.support_website_url),
        ] {
            url.as_deref()
                .map_or(Ok(()), |url| check_web_url(path, url))?;
        }
        if let Some(url) = &self.unknown_session_redirect_url {
            check_called_url("unknownSessionRedirectUrl", url)?;
        }
        let is_email = |text: &String| EmailAddress::parse(text).is_ok();
        if self
            .support_email
            .as_ref()
            .is_some_and(|text| !is_email(text))
        {
            return Err(Error::invalid("supportEmail", "email", "an email address"));
        }
        Ok(())
    }

    fn check_forgot_password_methods(&self) -> Result<()> {
        let methods = self.forgot_password_methods.as_deref().unwrap_or_default();
        for (index, method) in methods.iter().enumerate() {
            if methods.iter().take(index).any(|other| other == method) {
                let path = format!("forgotPasswordMethods.{index}");
                return Err(Error::invalid(path, "duplicate", "each way at most once"));
            }
        }
        Ok(())
    }
}
