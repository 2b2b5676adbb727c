//! The password of a command line: given, read, or made.

use anyhow::{Result, bail};
use clap::Args;
use meibo_crypto::entropy::Entropy;
use meibo_domain::password::{MAX_CHECKED_BYTES, MAX_LENGTH, PasswordPolicy, PasswordRejection};

use super::read_line;

/// Characters (a-z0-9) of a password that is made: 82 bits.
const GENERATED_LENGTH: usize = 16;

/// Where the password comes from; without either it is made and printed.
#[derive(Debug, Args)]
pub(crate) struct PasswordArguments {
    /// Read the password from the first line of the standard input.
    #[arg(long, conflicts_with = "password")]
    password_stdin: bool,
    /// The password. Others on this machine can see it in the list of processes: prefer --password-stdin.
    #[arg(long)]
    password: Option<String>,
}

/// A password, and whether the person who ran the command knows it.
pub(super) struct Password {
    pub(super) text: String,
    pub(super) is_generated: bool,
}

impl PasswordArguments {
    /// The password, checked against the policy when it was given. `personal` are names that it must not be made of.
    ///
    /// # Errors
    /// Every reason to refuse it.
    pub(super) fn read(self, personal: &[&str]) -> Result<Password> {
        let given = if self.password_stdin {
            // one byte more than is ever looked at, so that a longer one is seen to be too long
            Some(read_line("the password", MAX_CHECKED_BYTES as u64 + 1)?)
        } else {
            self.password
        };
        let Some(text) = given else {
            return Ok(generate(&Entropy::system()));
        };
        check(&text, &PasswordPolicy::default(), personal)?;
        Ok(Password {
            text,
            is_generated: false,
        })
    }
}

/// A password that nobody has used.
pub(super) fn generate(entropy: &Entropy) -> Password {
    Password {
        text: entropy.lowercase_alphanumeric(GENERATED_LENGTH),
        is_generated: true,
    }
}

fn check(text: &str, policy: &PasswordPolicy, personal: &[&str]) -> Result<()> {
    let rejections = policy.check(text, personal);
    if rejections.is_empty() {
        return Ok(());
    }
    let reasons: Vec<String> = rejections
        .into_iter()
        .map(|rejection| reason(rejection, policy))
        .collect();
    bail!("the password is refused: {}", reasons.join("; "))
}

fn reason(rejection: PasswordRejection, policy: &PasswordPolicy) -> String {
    match rejection {
        PasswordRejection::TooShort => {
            format!("it has fewer than {} characters", policy.min_length)
        }
        PasswordRejection::TooLong => format!("it has more than {MAX_LENGTH} characters"),
        PasswordRejection::UnsupportedCharacters => "it has control characters".to_owned(),
        PasswordRejection::Common => "it is often used, and guessed first".to_owned(),
        PasswordRejection::UserInfo => "it is little more than the person's name".to_owned(),
        PasswordRejection::RepetitionOrSequence => {
            "it repeats a few characters or follows the alphabet".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let error = check(text, &PasswordPolicy::default(), &["sakura"]);
        error.unwrap_err().to_string()
    }

    #[test]
    fn given_passwords_meet_the_policy() {
        assert!(check("lantern-orbit-7", &PasswordPolicy::default(), &["sakura"]).is_ok());
        assert!(refused("short").contains("fewer than 8"));
        assert!(refused(&"long enough ".repeat(50)).contains("more than 256"));
        assert!(refused("password1").contains("often used"));
        assert!(refused("sakura123").contains("person's name"));
        assert!(refused("aaaaaaaaaa").contains("repeats"));
        assert!(!refused("password1").contains("password1"));
    }

    #[test]
    fn made_passwords_meet_the_policy() {
        let entropy = Entropy::seeded(1);
        for _ in 0..100 {
            let password = generate(&entropy);
            assert!(password.is_generated);
            check(&password.text, &PasswordPolicy::default(), &[]).unwrap();
        }
    }
}
