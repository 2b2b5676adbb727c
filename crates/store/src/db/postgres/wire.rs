//! Sending statements and reading their answers.
//!
//! Only unnamed statements with given parameter types: they cost one round trip, and they pass
//! through proxies that hand each transaction to another connection.

use std::error::Error as StdError;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use bytes::BytesMut;
use futures_util::TryStreamExt;
use futures_util::future::{MaybeDone, maybe_done};
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Error};

use super::super::error::DbError;
use super::super::row::Row;
use super::super::sql::Text;
use super::super::value::Value;

/// What one statement gave, not yet decoded.
#[derive(Default)]
pub(super) struct Reply {
    rows: Vec<tokio_postgres::Row>,
    /// Rows changed, or rows given by a SELECT.
    pub(super) affected: u64,
}

/// A statement under way. It is sent when it is first polled.
pub(super) type Sent<'a> = Pin<Box<dyn Future<Output = Result<Reply, Error>> + Send + 'a>>;

/// Runs one statement with parameters.
pub(super) fn statement<'a>(client: &'a Client, sql: &'a Text, params: &'a [Value]) -> Sent<'a> {
    let types = params.iter().map(|value| (value, type_of(value)));
    Box::pin(async move {
        let mut stream = pin!(client.query_typed_raw(sql.as_str(), types).await?);
        let mut rows = Vec::new();
        while let Some(row) = stream.try_next().await? {
            rows.push(row);
        }
        let affected = stream.rows_affected().unwrap_or(0);
        Ok(Reply { rows, affected })
    })
}

/// Runs statements without parameters or answers, such as BEGIN.
pub(super) fn control<'a>(client: &'a Client, sql: &'a str) -> Sent<'a> {
    Box::pin(async move { client.batch_execute(sql).await.map(|()| Reply::default()) })
}

/// Sends all in one flight, in order, and waits for every answer.
pub(super) async fn flight(sent: Vec<Sent<'_>>) -> Vec<Result<Reply, Error>> {
    let mut under_way: Vec<MaybeDone<Sent<'_>>> = sent.into_iter().map(maybe_done).collect();
    poll_fn(|context| {
        // The first turn polls each once before anything can have been answered, so that all lie
        // in the connection's queue together; later turns only collect.
        let mut all_done = true;
        for one in &mut under_way {
            all_done &= Pin::new(one).poll(context).is_ready();
        }
        if all_done {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    under_way
        .iter_mut()
        .filter_map(|one| Pin::new(one).take_output())
        .collect()
}

impl Reply {
    /// Decodes the rows.
    pub(super) fn rows(self, sql: &Text) -> Result<Vec<Row>, DbError> {
        self.rows.iter().map(|row| decode(row, sql)).collect()
    }
}

fn decode(source: &tokio_postgres::Row, sql: &Text) -> Result<Row, DbError> {
    let mut row = Row::new(sql, source.len());
    for (index, column) in source.columns().iter().enumerate() {
        let corrupt = |what: &str| {
            let reason = format!("column {index} {what}: {sql}");
            DbError::Corrupt { reason }
        };
        match *column.type_() {
            Type::TEXT => {
                let text = source
                    .try_get(index)
                    .map_err(|_| corrupt("cannot be read as text"))?;
                row.push_text(text);
            }
            Type::INT8 => {
                let number = source
                    .try_get(index)
                    .map_err(|_| corrupt("cannot be read"))?;
                row.push_int(number);
            }
            ref other => {
                return Err(corrupt(&format!("is {other} where TEXT or BIGINT belongs")));
            }
        }
    }
    Ok(row)
}

fn type_of(value: &Value) -> Type {
    match value {
        Value::Text(_) => Type::TEXT,
        Value::Int(_) => Type::INT8,
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Text(text) => text.as_deref().to_sql(ty, out),
            Self::Int(number) => number.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::TEXT | Type::INT8)
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Binary
    }

    to_sql_checked!();
}
