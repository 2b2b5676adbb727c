//! The JSON schemas of what routes take and give.

use serde_json::{Value, json};
use utoipa::{ToSchema, openapi};

type Components = Vec<(String, openapi::RefOr<openapi::schema::Schema>)>;

/// What a body or an answer can be: one component, a list of one (`[T]`), or [`Nothing`].
pub(crate) trait Described {
    /// The schema where it is used; none when there is no body.
    fn reference() -> Option<Value>;

    /// Adds the components that the schema refers to.
    fn collect(components: &mut Components);
}

/// No body.
pub(crate) struct Nothing;

impl Described for Nothing {
    fn reference() -> Option<Value> {
        None
    }

    fn collect(_: &mut Components) {}
}

impl<T: ToSchema> Described for T {
    fn reference() -> Option<Value> {
        Some(json!({"$ref": format!("#/components/schemas/{}", T::name())}))
    }

    fn collect(components: &mut Components) {
        components.push((T::name().into_owned(), T::schema()));
        T::schemas(components);
    }
}

impl<T: ToSchema> Described for [T] {
    fn reference() -> Option<Value> {
        Some(json!({"type": "array", "items": T::reference()}))
    }

    fn collect(components: &mut Components) {
        <T as Described>::collect(components);
    }
}

/// The two questions about a type, kept without the type.
#[derive(Clone, Copy)]
pub(crate) struct Schemas {
    pub(crate) reference: fn() -> Option<Value>,
    pub(crate) collect: fn(&mut Components),
}

impl Schemas {
    pub(crate) fn of<T: Described + ?Sized>() -> Self {
        Self {
            reference: T::reference,
            collect: T::collect,
        }
    }
}
