//! The ways that are allowed, and those of them that are offered.

use meibo_domain::{
    Result,
    recipient::Channel,
    sign_in::{Channels, SignInWays},
};

use crate::App;

impl App {
    /// The ways that the sign-in experience allows. What is posted is checked against these: a code
    /// that was sent is taken also when its connector is gone.
    pub(super) async fn allowed_ways(&self) -> Result<SignInWays> {
        Ok(self.sign_in_experience().await?.ways())
    }

    /// The allowed ways that work now: codes need a connector of their channel. Pages show these.
    pub(super) async fn offered_ways(&self) -> Result<SignInWays> {
        let allowed = self.allowed_ways().await?;
        let (email, sms) = futures_util::try_join!(
            self.has_connector(Channel::Email),
            self.has_connector(Channel::Sms)
        )?;
        Ok(allowed.served_by(Channels { email, sms }))
    }
}
