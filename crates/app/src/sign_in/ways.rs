//! Which ways the pages offer: what the sign-in experience allows, as far as connectors serve it.

use meibo_domain::{
    Result,
    recipient::Channel,
    sign_in::{Channels, SignInWays},
};

use crate::App;

impl App {
    /// What the sign-in experience allows, whether a connector serves it or not. A code that has
    /// been sent is taken also when its connector is gone.
    pub(super) async fn allowed_ways(&self) -> Result<SignInWays> {
        Ok(self.sign_in_experience().await?.ways())
    }

    /// What the pages offer.
    pub(super) async fn offered_ways(&self) -> Result<SignInWays> {
        let allowed = self.allowed_ways().await?;
        let (email, sms) = futures_util::try_join!(
            self.has_connector(Channel::Email),
            self.has_connector(Channel::Sms)
        )?;
        Ok(allowed.served_by(Channels { email, sms }))
    }
}
