//! All routes of the service, put together.

use std::sync::Arc;

use axum::{Router, middleware};
use meibo_app::App;
use meibo_domain::ErrorCode;

use crate::{
    api_reference, assets, brand,
    edge::{EdgeLayer, ShownExperience},
    health, home, inbox, management_api, oidc,
    respond::Failure,
    routes,
    same_site::same_site,
    setup, sign_in,
    state::{AppState, WebConfig},
};

/// The service, ready to be served. Connections should tell their peer by
/// [`ConnectInfo`](axum::extract::ConnectInfo).
pub fn router(app: App, config: WebConfig) -> Router {
    let state = AppState {
        app,
        config: Arc::new(config),
    };
    let entrance = middleware::from_fn_with_state(state.app.clone(), sign_in::entrance);
    let sign_in_pages = sign_in::pages().router.layer(entrance);
    let forms = Router::new()
        .merge(sign_in_pages)
        .merge(setup::pages().router)
        .merge(oidc::form_routes())
        .layer(same_site(&state.config));
    let of_the_demo = if state.app.has_inbox() {
        inbox::pages().router
    } else {
        Router::new()
    };
    Router::new()
        .merge(forms)
        .merge(of_the_demo)
        .merge(home::pages().router)
        .merge(oidc::routes())
        .merge(oidc::pages().router)
        .merge(oidc::browser_routes(state.app.clone()))
        .merge(routes::router(management_api::routes()))
        .merge(api_reference::pages().router)
        .merge(assets::routes())
        .merge(brand::routes())
        .merge(health::routes())
        .fallback(async || Failure::from(ErrorCode::RouteNotFound))
        .method_not_allowed_fallback(async || Failure::from(ErrorCode::MethodNotAllowed))
        .layer(EdgeLayer::new(
            Arc::clone(&state.config),
            state.app.new_node_name(),
            shown_experience(state.app.clone()),
        ))
        .with_state(state)
}

fn shown_experience(app: App) -> ShownExperience {
    Box::new(move || {
        let app = app.clone();
        Box::pin(async move { app.shown_sign_in_experience().await })
    })
}
