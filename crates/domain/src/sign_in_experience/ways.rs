//! The ways that the settings open.

use super::{ForgotPasswordMethod, IdentifierKind, SignInExperience};
use crate::sign_in::{Channels, SignInWays};

impl SignInExperience {
    /// The ways that are allowed, whether or not a connector serves them. A forgotten password is set
    /// anew only where a password signs in.
    #[must_use]
    pub fn ways(&self) -> SignInWays {
        let channels = |is_allowed: &dyn Fn(IdentifierKind) -> bool| Channels {
            email: is_allowed(IdentifierKind::Email),
            sms: is_allowed(IdentifierKind::Phone),
        };
        let password = IdentifierKind::ALL
            .iter()
            .any(|kind| self.sign_in.takes_password(*kind));
        let (signs_in, registers) = (self.is_sign_in_open(), self.is_registration_open());
        SignInWays {
            password: signs_in && password,
            code: channels(&|kind| signs_in && self.sign_in.takes_code(kind)),
            register: channels(&|kind| registers && self.sign_up.takes(kind)),
            register_password: self.sign_up.password,
            register_agreement: self.asks_agreement_at_registration(),
            register_username: registers && self.sign_up.identifiers == [IdentifierKind::Username],
            forgot_password: Channels {
                email: signs_in
                    && password
                    && self.allows_forgot_password(ForgotPasswordMethod::Email),
                sms: signs_in
                    && password
                    && self.allows_forgot_password(ForgotPasswordMethod::Phone),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_in_experience::{Settings, SignInMode, SignUp};

    const BOTH: Channels = Channels {
        email: true,
        sms: true,
    };

    fn ways(settings: Settings) -> SignInWays {
        SignInExperience::parse(settings).unwrap().ways()
    }

    #[test]
    fn a_fresh_register() {
        let expected = SignInWays {
            password: true,
            code: BOTH,
            register: Channels::default(),
            register_password: true,
            register_agreement: false,
            register_username: true,
            forgot_password: BOTH,
        };
        assert_eq!(ways(Settings::default()), expected);
    }

    #[test]
    fn what_the_settings_close_is_closed() {
        let sign_up = SignUp {
            identifiers: vec![IdentifierKind::Email],
            password: false,
            verify: true,
            secondary_identifiers: Vec::new(),
        };
        let open = Settings {
            sign_up,
            forgot_password_methods: Some(vec![ForgotPasswordMethod::Email]),
            ..Settings::default()
        };
        let email = Channels {
            email: true,
            sms: false,
        };
        let seen = ways(open.clone());
        assert_eq!((seen.register, seen.forgot_password), (email, email));
        assert!(!seen.register_username && !seen.register_password);

        let closed = ways(Settings {
            sign_in_mode: SignInMode::SignIn,
            ..open.clone()
        });
        assert!(closed.code.is_any() && !closed.register.is_any());
        let only_new = ways(Settings {
            sign_in_mode: SignInMode::Register,
            ..open
        });
        assert!(!only_new.password && !only_new.code.is_any());
        assert!(only_new.register.is_any() && !only_new.forgot_password.is_any());
    }
}
