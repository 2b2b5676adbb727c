//! What is wrong with a member.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    TooLong,
    Control,
    NotWebAddress,
    NotBirthdate,
    NotEmail,
    NotPhone,
    NotAge,
    NotSocialSecurityNumber,
    NotCardNumber,
    /// A changed address that nobody has shown to be theirs.
    NotVerified,
    /// Another account has it.
    Taken,
    /// The identity server did not take it.
    Refused,
}

impl Problem {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 12] = [
        Self::TooLong,
        Self::Control,
        Self::NotWebAddress,
        Self::NotBirthdate,
        Self::NotEmail,
        Self::NotPhone,
        Self::NotAge,
        Self::NotSocialSecurityNumber,
        Self::NotCardNumber,
        Self::NotVerified,
        Self::Taken,
        Self::Refused,
    ];

    /// The name in the app's own API.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Control => "control_character",
            Self::NotWebAddress => "not_a_web_address",
            Self::NotBirthdate => "not_a_birthdate",
            Self::NotEmail => "not_an_email_address",
            Self::NotPhone => "not_a_phone_number",
            Self::NotAge => "not_an_age",
            Self::NotSocialSecurityNumber => "not_a_social_security_number",
            Self::NotCardNumber => "not_a_card_number",
            Self::NotVerified => "not_verified",
            Self::Taken => "already_in_use",
            Self::Refused => "refused",
        }
    }
}
