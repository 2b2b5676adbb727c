//! The guard of a route: nobody without the route's scope reaches its handler.

use std::pin::Pin;

use axum::{
    extract::Request,
    handler::Handler,
    response::{IntoResponse, Response},
};

use crate::{
    extract::{Caller, authenticate},
    respond::Failure,
    state::AppState,
};

/// A handler that only actors with `scope` reach; it finds the actor as [`Caller`].
#[derive(Clone)]
pub(super) struct Guarded<H> {
    pub(super) scope: &'static str,
    pub(super) handler: H,
}

impl<T, H: Handler<T, AppState>> Handler<T, AppState> for Guarded<H> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: AppState) -> Self::Future {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match authenticate(&state, &parts, self.scope).await {
                Ok(actor) => {
                    parts.extensions.insert(Caller(actor));
                    self.handler
                        .call(Request::from_parts(parts, body), state)
                        .await
                }
                Err(error) => Failure::from(error).into_response(),
            }
        })
    }
}
