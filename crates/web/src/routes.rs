//! The route table: each route of an API stands on one line, with who may call it and what it takes
//! and gives. The router, the OpenAPI document and the test of the authorization are made from it.

mod guard;
mod schema;

use axum::{
    Router,
    handler::Handler,
    routing::{MethodFilter, MethodRouter, on},
};
use http::Method;
use meibo_domain::ErrorCode;

use self::guard::Guarded;
pub(crate) use self::schema::{Described, Nothing, Schemas};
use crate::state::AppState;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, without a token.
    Public,
    /// An actor whose access token for the Management API carries this scope.
    Scope(&'static str),
}

/// One route.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with parameters in braces: `/api/users/{userId}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// The chapter of the reference that it stands in.
    pub tag: &'static str,
    /// The name of its handler, unique in the table.
    pub operation: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What else a caller should know.
    pub description: &'static str,
    /// The status of success.
    pub status: u16,
    /// Does it give a list by pages?
    pub is_paged: bool,
    /// Query parameters beside `page` and `page_size`.
    pub query: &'static [Parameter],
    /// Refusals of its own, beside those that every route of its kind has.
    pub refusals: &'static [ErrorCode],
    /// Another body than an error that a status can have.
    pub(crate) other: Option<(u16, Schemas)>,
    pub(crate) body: Schemas,
    pub(crate) answer: Schemas,
    handler: MethodRouter<AppState>,
}

/// A query parameter: its name and what it does.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// What it does, and which values it takes.
    pub description: &'static str,
}

impl Route {
    /// A route that takes a `B` and gives an `A`, both JSON.
    pub(crate) fn new<B: Described + ?Sized, A: Described + ?Sized, T: 'static>(
        (method, filter): (Method, MethodFilter),
        path: &'static str,
        (operation, handler): (&'static str, impl Handler<T, AppState>),
        access: Access,
        (status, summary): (u16, &'static str),
    ) -> Self {
        let handler = match access {
            Access::Public => on(filter, handler),
            Access::Scope(scope) => on(filter, Guarded { scope, handler }),
        };
        Self {
            method,
            path,
            access,
            tag: "",
            operation: operation.rsplit("::").next().unwrap_or(operation).trim(),
            summary,
            description: "",
            status,
            is_paged: false,
            query: &[],
            refusals: &[],
            other: None,
            body: Schemas::of::<B>(),
            answer: Schemas::of::<A>(),
            handler,
        }
    }

    /// The chapter that it stands in.
    pub(crate) const fn tagged(mut self, tag: &'static str) -> Self {
        self.tag = tag;
        self
    }

    /// It gives a list by pages.
    pub(crate) const fn paged(mut self) -> Self {
        self.is_paged = true;
        self
    }

    /// It takes these query parameters.
    pub(crate) const fn query(mut self, parameters: &'static [Parameter]) -> Self {
        self.query = parameters;
        self
    }

    /// It refuses by these codes.
    pub(crate) const fn refuses(mut self, codes: &'static [ErrorCode]) -> Self {
        self.refusals = codes;
        self
    }

    /// With this status it may give this body in place of an error.
    pub(crate) const fn or(mut self, status: u16, body: Schemas) -> Self {
        self.other = Some((status, body));
        self
    }

    /// What else a caller should know.
    pub(crate) const fn note(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }
}

/// The router of a table.
pub(crate) fn router(table: Vec<Route>) -> Router<AppState> {
    table.into_iter().fold(Router::new(), |router, route| {
        router.route(route.path, route.handler)
    })
}

/// Writes a table, a line for each route:
/// `METHOD "path", handler, access, Body => status Answer, "summary" .more(…);`
macro_rules! route_table {
    ($(
        $tag:literal {
            $(
                $method:ident $path:literal, $handler:path, $access:expr,
                $body:ty => $status:literal $answer:ty, $summary:literal
                $(.$more:ident($($argument:expr),*))*;
            )+
        }
    )+) => {
        vec![$($(
            $crate::routes::Route::new::<$body, $answer, _>(
                (http::Method::$method, axum::routing::MethodFilter::$method),
                $path,
                (stringify!($handler), $handler),
                $access,
                ($status, $summary),
            )
            .tagged($tag)
            $(.$more($($argument),*))*,
        )+)+]
    };
}

pub(crate) use route_table;
