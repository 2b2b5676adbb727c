//! A JSON object, and nothing that merely could be read as one.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// A `T` that is written as an object. A derived struct would also take its members as a list in
/// their order; no JSON interface means that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

impl<T: Serialize> Serialize for Object<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}

/// Such an object, bare; for `#[serde(deserialize_with)]`.
///
/// # Errors
/// The deserializer's, when it is no object of a `T`.
pub fn object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Object::deserialize(deserializer).map(|Object(value)| value)
}

/// A list of such objects; for `#[serde(deserialize_with)]`.
///
/// # Errors
/// The deserializer's, at the item that is no object of a `T`.
pub fn objects<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let items = Vec::<Object<T>>::deserialize(deserializer)?;
    Ok(items.into_iter().map(|Object(item)| item).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Point {
        x: i64,
    }

    #[test]
    fn a_list_is_no_object() {
        let read = |value| objects::<Point, _>(&value).ok();
        assert_eq!(read(json!([{"x": 1}])), Some(vec![Point { x: 1 }]));
        assert_eq!(read(json!([[1]])), None);
        assert_eq!(read(json!({"x": 1})), None);
        assert_eq!(object(&json!({"x": 1})).ok(), Some(Point { x: 1 }));
        assert!(object::<Point, _>(&json!([1])).is_err());
    }
}
