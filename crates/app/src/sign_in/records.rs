//! Activity records of the pages.

use meibo_domain::{
    event::Activity,
    ids::UserId,
    sign_in::{Intent, SignIn},
    user::User,
};
use serde_json::json;

use super::application_of;
use crate::App;

/// What became of a form.
pub(super) struct Submission<'s> {
    /// What it was for.
    pub(super) intent: Intent,
    /// Whom it was about, if that is known.
    pub(super) user: Option<&'s UserId>,
    /// Did it succeed?
    pub(super) is_success: bool,
    /// Why not; empty when there is nothing to say.
    pub(super) reason: &'s str,
}

impl App {
    /// Notes what became of a sign-in.
    pub(super) fn record_sign_in(
        &self,
        sign_in: &SignIn,
        user: Option<&User>,
        is_success: bool,
        reason: &str,
    ) {
        let submission = Submission {
            intent: Intent::SignIn,
            user: user.map(|user| &user.id),
            is_success,
            reason,
        };
        self.record_submission(sign_in, &submission);
    }

    /// Notes what became of a form.
    pub(super) fn record_submission(&self, sign_in: &SignIn, submission: &Submission<'_>) {
        self.record_activity(Activity {
            key: match submission.intent {
                Intent::SignIn => "Interaction.SignIn.Submit",
                Intent::Register => "Interaction.Register.Submit",
                Intent::ForgotPassword => "Interaction.ForgotPassword.Submit",
            },
            is_success: submission.is_success,
            user_id: submission.user.map(|id| id.as_str().to_owned()),
            application_id: application_of(sign_in).map(|id| id.as_str().to_owned()),
            payload: match submission.reason {
                "" => json!({}),
                reason => json!({ "reason": reason }),
            },
            at: self.now(),
        });
    }

    /// Notes that a code was sent.
    pub(super) fn record_code(&self, sign_in: &SignIn, intent: Intent, channel: &str) {
        self.record_activity(Activity {
            key: match intent {
                Intent::SignIn => "Interaction.SignIn.VerificationCode.Create",
                Intent::Register => "Interaction.Register.VerificationCode.Create",
                Intent::ForgotPassword => "Interaction.ForgotPassword.VerificationCode.Create",
            },
            is_success: true,
            user_id: None,
            application_id: application_of(sign_in).map(|id| id.as_str().to_owned()),
            payload: json!({ "channel": channel }),
            at: self.now(),
        });
    }
}
