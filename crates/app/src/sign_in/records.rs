//! Activity records of the pages.

use std::collections::BTreeMap;

use meibo_domain::{
    Result,
    event::Activity,
    ids::UserId,
    recipient::Channel,
    sign_in::{Intent, SignIn},
};
use serde_json::json;

use super::application_of;
use crate::App;

impl App {
    /// Notes what became of a form that was posted in a sign-in, and hands it on: a failure with its
    /// code, and whom the form was about as far as that is known.
    pub(super) fn recorded<T>(
        &self,
        sign_in: &SignIn,
        intent: Intent,
        user: Option<&UserId>,
        done: Result<T>,
    ) -> Result<T> {
        let key = match intent {
            Intent::SignIn => "Interaction.SignIn.Submit",
            Intent::Register => "Interaction.Register.Submit",
            Intent::ForgotPassword => "Interaction.ForgotPassword.Submit",
        };
        self.record_form(key, sign_in, user, None, &done);
        done
    }

    /// Notes whether a code was sent, and hands that on.
    pub(super) fn recorded_code(
        &self,
        sign_in: &SignIn,
        intent: Intent,
        channel: Option<Channel>,
        sent: Result<()>,
    ) -> Result<()> {
        let key = match intent {
            Intent::SignIn => "Interaction.SignIn.VerificationCode.Create",
            Intent::Register => "Interaction.Register.VerificationCode.Create",
            Intent::ForgotPassword => "Interaction.ForgotPassword.VerificationCode.Create",
        };
        self.record_form(key, sign_in, None, channel, &sent);
        sent
    }

    fn record_form<T>(
        &self,
        key: &'static str,
        sign_in: &SignIn,
        user: Option<&UserId>,
        channel: Option<Channel>,
        done: &Result<T>,
    ) {
        let channel = channel.map(|channel| ("channel", channel.as_str()));
        let reason = done.as_ref().err();
        let reason = reason.map(|error| ("reason", error.code().as_str()));
        let payload: BTreeMap<_, _> = channel.into_iter().chain(reason).collect();
        self.record_activity(Activity {
            key,
            is_success: done.is_ok(),
            user_id: user.map(|id| id.as_str().to_owned()),
            application_id: application_of(sign_in).map(|id| id.as_str().to_owned()),
            payload: json!(payload),
            at: self.now(),
        });
    }
}
