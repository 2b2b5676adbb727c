//! What a statement takes: TEXT or BIGINT, each with NULL.

use std::fmt;

use super::error::DbError;
use super::sql::Sql;

/// One parameter. Columns are TEXT or BIGINT only, so that both engines hold the same thing.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// UTF-8 text without NUL characters, or NULL.
    Text(Option<String>),
    /// A 64-bit integer (numbers, epoch milliseconds, booleans as 0 and 1), or NULL.
    Int(Option<i64>),
}

/// Shows lengths and numbers, never text: parameters carry hashes and personal data, and error
/// messages and logs show them by this.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(Some(text)) => write!(f, "Text({} bytes)", text.len()),
            Self::Int(Some(number)) => write!(f, "Int({number})"),
            Self::Text(None) | Self::Int(None) => f.write_str("Null"),
        }
    }
}

macro_rules! from {
    ($($source:ty => $variant:ident, $convert:expr;)+) => {
        $(
            impl From<$source> for Value {
                fn from(source: $source) -> Self {
                    let convert: fn($source) -> _ = $convert;
                    Self::$variant(Some(convert(source)))
                }
            }

            impl From<Option<$source>> for Value {
                fn from(source: Option<$source>) -> Self {
                    Self::$variant(source.map($convert))
                }
            }
        )+
    };
}

from! {
    &str => Text, str::to_owned;
    &String => Text, String::clone;
    String => Text, std::convert::identity;
    i64 => Int, std::convert::identity;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    bool => Int, i64::from;
}

/// Makes a `Vec<Value>` of anything that [`Value`] can be made from: `values![id, name, now_ms]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        ::std::vec![$($crate::db::Value::from($value)),*]
    };
}

/// Refuses what the engines would treat differently: another number of parameters than the
/// statement has, which SQLite fills up with NULL, and NUL characters, which PostgreSQL cannot hold.
pub(super) fn check(sql: &Sql, params: &[Value]) -> Result<(), DbError> {
    if params.len() != sql.parameters() {
        let (given, taken) = (params.len(), sql.parameters());
        let reason = format!("{given} parameters for a statement that takes {taken}: {sql}");
        return Err(DbError::Invalid { reason });
    }
    for (index, value) in params.iter().enumerate() {
        if let Value::Text(Some(text)) = value
            && text.as_bytes().contains(&0)
        {
            let number = index + 1;
            let reason = format!("parameter ${number} holds a NUL character: {sql}");
            return Err(DbError::Invalid { reason });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_has_its_column_type() {
        let made = values![
            "a",
            String::from("b"),
            Some("c"),
            None::<String>,
            1,
            true,
            None::<i64>
        ];
        let expected = [
            Value::Text(Some("a".into())),
            Value::Text(Some("b".into())),
            Value::Text(Some("c".into())),
            Value::Text(None),
            Value::Int(Some(1)),
            Value::Int(Some(1)),
            Value::Int(None),
        ];
        assert_eq!(made, expected);
    }

    #[test]
    fn debug_never_shows_text() {
        let shown = format!("{:?}", values!["secret", 7, None::<&str>]);
        assert_eq!(shown, "[Text(6 bytes), Int(7), Null]");
    }

    #[test]
    fn nul_is_refused_by_its_number() {
        let sql = Sql::from("SELECT $1, $2");
        let refused = check(&sql, &values!["fine", "a\0b"])
            .unwrap_err()
            .to_string();
        assert!(refused.contains("$2"), "{refused}");
        assert!(!refused.contains("a\0b"), "{refused}");
    }
}
