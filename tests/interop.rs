//! Clients that other people wrote, unmodified, against the real binary. Each is also given answers that are wrong in
//! one thing, to show that it looks: what it accepts from Meibo it would not accept from anybody.
//!
//! The programs lie in `interop/`; `make deps` brings the libraries.

mod client;
mod documented;
mod logto_api;
mod logto_browser;
mod logto_express;
mod noticed;
mod oauth4webapi;
mod openid_client;
mod openidconnect;
mod stage;

/// Makes tests on SQLite and on PostgreSQL of each body.
macro_rules! on_both_databases {
    ($(async fn $name:ident($stage:ident: Stage) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn story($stage: Stage) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let installation = crate::support::process::Installation::sqlite();
                story(Stage::new(installation).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let installation = crate::support::process::Installation::postgres().await;
                story(Stage::new(installation).await).await;
            }
        }
    )*};
}

use on_both_databases;
