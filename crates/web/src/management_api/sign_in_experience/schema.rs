//! The schemas of the sign-in experience. The members themselves are read and written by the domain's
//! own types; a test keeps both alike.

use utoipa::ToSchema;

/// What changes of the settings. A member that is given is replaced as a whole.
#[derive(ToSchema)]
#[schema(as = UpdateSignInExperience, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
pub(crate) struct UpdateSignInExperience {
    /// Colours of the pages.
    color: Option<ColorSchema>,
    /// Pictures of the operator; pages may load pictures from these origins and no others.
    branding: Option<BrandingSchema>,
    /// Languages of the pages.
    language_info: Option<LanguageInfoSchema>,
    /// Where the terms of use are; an empty string or null clears it.
    terms_of_use_url: Option<String>,
    /// Where the privacy policy is; an empty string or null clears it.
    privacy_policy_url: Option<String>,
    /// How people agree to both: `Automatic` by going on, otherwise by a mark that they set
    /// themselves.
    agree_to_terms_policy: Option<AgreeToTermsPolicySchema>,
    /// How people sign in.
    sign_in: Option<SignInSchema>,
    /// What a new account begins with.
    sign_up: Option<SignUpSchema>,
    /// What the pages are open for.
    sign_in_mode: Option<SignInModeSchema>,
    /// What a password must be. The operator's own policy stays in force beside it.
    password_policy: Option<PasswordPolicySchema>,
    /// Whom to write to for help; an empty string or null clears it.
    support_email: Option<String>,
    /// Where help is found; an empty string or null clears it.
    support_website_url: Option<String>,
    /// Where a browser goes whose sign-in has ended or was never begun; an empty string or null brings
    /// the error page back.
    unknown_session_redirect_url: Option<String>,
    /// How long verification codes live.
    verification_code_policy: Option<VerificationCodePolicySchema>,
    /// How a forgotten password is set anew; null for every channel that has a connector.
    forgot_password_methods: Option<Vec<ForgotPasswordMethodSchema>>,
}

/// The settings. Members that this server does not offer have the contract's defaults.
#[derive(ToSchema)]
#[schema(as = SignInExperience, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
pub(crate) struct SignInExperienceView {
    /// Always `default`.
    tenant_id: String,
    /// Always `default`.
    id: String,
    /// Colours of the pages.
    color: ColorSchema,
    /// Pictures of the operator.
    branding: BrandingSchema,
    /// Languages of the pages.
    language_info: LanguageInfoSchema,
    /// Where the terms of use are.
    #[schema(required = true)]
    terms_of_use_url: Option<String>,
    /// Where the privacy policy is.
    #[schema(required = true)]
    privacy_policy_url: Option<String>,
    /// How people agree to both.
    agree_to_terms_policy: AgreeToTermsPolicySchema,
    /// How people sign in.
    sign_in: SignInSchema,
    /// What a new account begins with.
    sign_up: SignUpSchema,
    /// What the pages are open for.
    sign_in_mode: SignInModeSchema,
    /// What a password must be.
    password_policy: PasswordPolicySchema,
    /// Whom to write to for help.
    #[schema(required = true)]
    support_email: Option<String>,
    /// Where help is found.
    #[schema(required = true)]
    support_website_url: Option<String>,
    /// Where a browser goes whose sign-in has ended or was never begun.
    #[schema(required = true)]
    unknown_session_redirect_url: Option<String>,
    /// How long verification codes live.
    verification_code_policy: VerificationCodePolicySchema,
    /// How a forgotten password is set anew; null for every channel that has a connector. Not in the
    /// public answer.
    forgot_password_methods: Option<Vec<ForgotPasswordMethodSchema>>,
    /// Not offered.
    hide_logto_branding: bool,
    /// Not offered.
    #[schema(value_type = Object)]
    social_sign_in: (),
    /// Not offered.
    social_sign_in_connector_targets: Vec<String>,
    /// Not offered.
    #[schema(required = true)]
    custom_css: Option<String>,
    /// Not offered.
    #[schema(value_type = Object)]
    custom_content: (),
    /// Not offered.
    #[schema(required = true, value_type = Option<Object>)]
    custom_ui_assets: (),
    /// Not offered.
    #[schema(value_type = Object)]
    custom_ui_csp: (),
    /// Not offered.
    #[schema(value_type = Object)]
    mfa: (),
    /// Not offered.
    #[schema(value_type = Object)]
    adaptive_mfa: (),
    /// Not offered.
    single_sign_on_enabled: bool,
    /// Not offered.
    #[schema(value_type = Object)]
    captcha_policy: (),
    /// Not offered; too many failed attempts are always refused.
    #[schema(value_type = Object)]
    sentinel_policy: (),
    /// Not offered, and not in the public answer.
    #[schema(value_type = Option<Object>, required = false)]
    email_blocklist_policy: (),
    /// Not offered.
    #[schema(value_type = Object)]
    passkey_sign_in: (),
    /// Not offered.
    sign_up_profile_fields: Vec<String>,
    /// Not offered.
    #[schema(value_type = Object)]
    password_expiration: (),
    /// Not offered.
    #[schema(value_type = Object)]
    username_policy: (),
    /// Ways to set a forgotten password anew that work now; only in the public answer.
    forgot_password: Option<ForgotPasswordSchema>,
    /// Social connectors: none; only in the public answer.
    #[schema(value_type = Option<Vec<Object>>)]
    social_connectors: (),
    /// Enterprise connectors: none; only in the public answer.
    #[schema(value_type = Option<Vec<Object>>)]
    sso_connectors: (),
    /// Fields of one's own: none; only in the public answer.
    #[schema(value_type = Option<Vec<Object>>)]
    custom_profile_fields: (),
    /// Always false; only in the public answer.
    is_development_tenant: Option<bool>,
}

/// Colours of buttons, links and focus, as `#rgb` or `#rrggbb`. One that stands out from the page by
/// less than 3:1 is refused.
#[derive(ToSchema)]
#[schema(as = ColorScheme, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct ColorSchema {
    /// On a light page.
    #[schema(required = false)]
    primary_color: String,
    /// Is there a dark page, for readers whose system is dark?
    #[schema(required = false)]
    is_dark_mode_enabled: bool,
    /// On a dark page; a lighter tint of `primaryColor` when it is left out.
    #[schema(required = false)]
    dark_primary_color: String,
}

/// Pictures of the operator, each an http or https URL of at most 2,048 bytes.
#[derive(ToSchema)]
#[schema(as = Branding, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct BrandingSchema {
    /// The logo on a light page.
    logo_url: Option<String>,
    /// The logo on a dark page; the light one otherwise.
    dark_logo_url: Option<String>,
    /// The sign in the browser's tab.
    favicon: Option<String>,
    /// That sign where the browser is dark.
    dark_favicon: Option<String>,
}

/// Which language a reader gets who has not chosen one.
#[derive(ToSchema)]
#[schema(as = LanguageInfo, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct LanguageInfoSchema {
    /// Is the browser's language taken when the pages are written in it?
    #[schema(required = false)]
    auto_detect: bool,
    /// The language otherwise.
    #[schema(required = false)]
    fallback_language: FallbackLanguageSchema,
}

/// A language of the pages.
#[derive(ToSchema)]
#[schema(as = FallbackLanguage, rename_all = "lowercase")]
#[expect(dead_code, reason = "only the schema is used")]
enum FallbackLanguageSchema {
    En,
    Ja,
}

/// How people agree to the terms.
#[derive(ToSchema)]
#[schema(as = AgreeToTermsPolicy)]
#[expect(dead_code, reason = "only the schema is used")]
enum AgreeToTermsPolicySchema {
    Automatic,
    ManualRegistrationOnly,
    Manual,
}

/// Every way to sign in.
#[derive(ToSchema)]
#[schema(as = SignInMethods, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct SignInSchema {
    /// The ways: at least one, and one for each identifier at most.
    methods: Vec<SignInMethodSchema>,
}

/// One way to sign in.
#[derive(ToSchema)]
#[schema(as = SignInMethod, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct SignInMethodSchema {
    /// What is typed.
    identifier: IdentifierSchema,
    /// Does a password prove it?
    password: bool,
    /// Does a code prove it? Offered while a connector can send one; never for a username.
    verification_code: bool,
    /// Is the password asked for first, where both do? True unless told.
    #[schema(required = false)]
    is_password_primary: bool,
}

/// A kind of identifier.
#[derive(ToSchema)]
#[schema(as = IdentifierKind, rename_all = "lowercase")]
#[expect(dead_code, reason = "only the schema is used")]
enum IdentifierSchema {
    Username,
    Email,
    Phone,
}

/// What a person gives to make an account. Each identifier must be able to sign in afterwards.
#[derive(ToSchema)]
#[schema(as = SignUp, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct SignUpSchema {
    /// Identifiers. With email and phone together one of the two is enough.
    identifiers: Vec<IdentifierSchema>,
    /// Is a password chosen? A username needs one.
    password: bool,
    /// Is an address proved with a code first? Email and phone need it.
    verify: bool,
}

/// What the pages are open for.
#[derive(ToSchema)]
#[schema(as = SignInMode)]
#[expect(dead_code, reason = "only the schema is used")]
enum SignInModeSchema {
    SignIn,
    Register,
    SignInAndRegister,
}

/// What a password must be.
#[derive(ToSchema)]
#[schema(as = PasswordPolicy, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct PasswordPolicySchema {
    /// How long it is.
    #[schema(required = false)]
    length: PasswordLengthSchema,
    /// Which kinds of characters it has.
    #[schema(required = false)]
    character_types: CharacterTypesSchema,
    /// What it must not be.
    #[schema(required = false)]
    rejects: PasswordRejectsSchema,
}

/// Bounds in characters.
#[derive(ToSchema)]
#[schema(as = PasswordLength, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct PasswordLengthSchema {
    /// Least, 8 to 256; 8 unless told.
    #[schema(required = false)]
    min: i64,
    /// Greatest, 64 to 256; 256 unless told.
    #[schema(required = false)]
    max: i64,
}

/// Rules of composition, of which there are none.
#[derive(ToSchema)]
#[schema(as = PasswordCharacterTypes, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct CharacterTypesSchema {
    /// Kinds of characters at least; always 1.
    #[schema(required = false)]
    min: i64,
}

/// What is refused, always.
#[derive(ToSchema)]
#[schema(as = PasswordRejects, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct PasswordRejectsSchema {
    /// Passwords that many people use; always true.
    #[schema(required = false)]
    pwned: bool,
    /// One piece over and over, and plain sequences; always true.
    #[schema(required = false)]
    repetition_and_sequence: bool,
    /// Little more than the person's identifiers or names; always true.
    #[schema(required = false)]
    user_info: bool,
    /// Words of one's own; always empty.
    #[schema(required = false)]
    words: Vec<String>,
}

/// The life of a verification code.
#[derive(ToSchema)]
#[schema(as = VerificationCodePolicy, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct VerificationCodePolicySchema {
    /// Seconds until it ends, 60 to 3,600; 600 unless told.
    #[schema(required = false)]
    expiration_duration: i64,
    /// Tries until it is worthless, 1 to 100; 10 unless told.
    #[schema(required = false)]
    max_retry_attempts: i64,
}

/// How a forgotten password is set anew.
#[derive(ToSchema)]
#[schema(as = ForgotPasswordMethod)]
#[expect(dead_code, reason = "only the schema is used")]
enum ForgotPasswordMethodSchema {
    EmailVerificationCode,
    PhoneVerificationCode,
}

/// Ways to set a forgotten password anew that work now.
#[derive(ToSchema)]
#[schema(as = ForgotPassword, rename_all = "camelCase")]
#[expect(dead_code, reason = "only the schema is used")]
struct ForgotPasswordSchema {
    /// By email?
    email: bool,
    /// By text message?
    phone: bool,
}
