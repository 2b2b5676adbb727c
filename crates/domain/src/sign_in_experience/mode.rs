//! What the pages are open for, and how people agree to the terms.

use super::word::words;

words! {
    /// What the pages are open for.
    pub enum SignInMode {
        /// Signing in; nobody makes an account.
        SignIn = "SignIn",
        /// Making an account; nobody signs in to an old one.
        Register = "Register",
        /// Both.
        SignInAndRegister = "SignInAndRegister",
    }
}

words! {
    /// How people agree to the terms of use and the privacy policy.
    pub enum AgreeToTermsPolicy {
        /// By going on; the links stand at the foot of the page.
        Automatic = "Automatic",
        /// By a mark that they set themselves when they make an account.
        ManualRegistrationOnly = "ManualRegistrationOnly",
        /// By a mark that they set themselves when they make an account or sign in.
        Manual = "Manual",
    }
}

words! {
    /// How a forgotten password is set anew.
    pub enum ForgotPasswordMethod {
        /// With a code by email.
        Email = "EmailVerificationCode",
        /// With a code by text message.
        Phone = "PhoneVerificationCode",
    }
}
