//! One statement on the wire, and its rows in the caller's type.

use std::{fmt, marker::PhantomData};

use aerostack_api::{
    CallOptions, Encoder, Idempotency, Operation, Request, Response,
    decode::{TypeMismatch, decode_answer, decode_field},
    requests, types,
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, SeqAccess, Visitor},
};

use super::{
    Statement,
    rows::{Mismatch, Rows},
    shape::Shape,
    sql,
};
use crate::{Client, Error, ErrorKind, decode};

/// What comes of a response: the rows in the caller's type where one pass over the text gives them, or the response
/// itself, to be looked at with care.
enum Reply<Rows> {
    Decoded(Rows),
    Raw(types::DbQueryResponse),
}

impl<Rows: DeserializeOwned> Reply<Rows> {
    fn read(json: &[u8]) -> Result<Self, TypeMismatch> {
        match decode_field(json, "results") {
            Some(rows) => Ok(Self::Decoded(rows)),
            None => decode_answer(json).map(Self::Raw),
        }
    }
}

/// All rows.
pub(super) async fn all<Row: DeserializeOwned>(
    client: &Client,
    options: CallOptions,
    statement: Statement,
) -> Result<Vec<Row>, Error> {
    if Shape::of::<Row>() != Shape::Object {
        let (response, rows) = send(client, options, statement).await?;
        return rows
            .decode()
            .map_err(|mismatch| does_not_fit(&response, &mismatch));
    }
    let request = SqlQuery::new(statement)?;
    let response = client
        .transport()
        .send_with(&request, &options, Reply::<Vec<Row>>::read)
        .await?;
    match response.split() {
        (Reply::Decoded(rows), _) => Ok(rows),
        (Reply::Raw(reply), head) => {
            let rows = rows_of(reply, &head)?;
            rows.decode()
                .map_err(|mismatch| does_not_fit(&head, &mismatch))
        }
    }
}

/// The first row, if there is one, and the response without it.
pub(super) async fn first<Row: DeserializeOwned>(
    client: &Client,
    options: CallOptions,
    statement: Statement,
) -> Result<(Response<()>, Option<Row>), Error> {
    let request = SqlQuery::new(statement)?;
    let read = match Shape::of::<Row>() {
        Shape::Object => Reply::<First<Row>>::read,
        _ => |json: &[u8]| decode_answer(json).map(Reply::Raw),
    };
    let response = client
        .transport()
        .send_with(&request, &options, read)
        .await?;
    match response.split() {
        (Reply::Decoded(First(row)), head) => Ok((head, row)),
        (Reply::Raw(reply), head) => match rows_of(reply, &head)?.first() {
            Ok(row) => Ok((head, row)),
            Err(mismatch) => Err(does_not_fit(&head, &mismatch)),
        },
    }
}

pub(super) async fn send(
    client: &Client,
    options: CallOptions,
    statement: Statement,
) -> Result<(Response<()>, Rows), Error> {
    let (response, rows, _) = send_counted(client, options, statement).await?;
    Ok((response, rows))
}

/// The rows as they are, and the `count` of the response.
pub(super) async fn send_counted(
    client: &Client,
    options: CallOptions,
    statement: Statement,
) -> Result<(Response<()>, Rows, Option<i64>), Error> {
    let request = SqlQuery::new(statement)?;
    let (reply, head) = client.send(&request, &options).await?.split();
    let count = reply.count;
    let rows = rows_of(reply, &head)?;
    Ok((head, rows, count))
}

fn rows_of(reply: types::DbQueryResponse, head: &Response<()>) -> Result<Rows, Error> {
    match reply.results {
        Some(rows) if !rows.is_null() => Ok(Rows::new(rows)),
        _ => Err(decode::lacks(head, "`results`")),
    }
}

/// A statement on its way. One that surely only reads is retried like any other read; whether it does is found out when
/// a retry is at hand.
struct SqlQuery(requests::DbQuery);

impl SqlQuery {
    fn new(statement: Statement) -> Result<Self, Error> {
        let (sql, params) = statement.into_wire()?;
        let body = types::DbQueryRequest::new(sql).params(params);
        Ok(Self(requests::DbQuery::new(body)))
    }
}

impl Request for SqlQuery {
    const OPERATION: &'static Operation = requests::DbQuery::OPERATION;
    type Response = types::DbQueryResponse;

    fn idempotency(&self) -> Idempotency {
        match sql::only_reads(&self.0.body.sql) {
            true => Idempotency::Read,
            false => Self::OPERATION.idempotency,
        }
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        self.0.encode(encoder);
    }
}

/// The first element of an array; the others are skipped.
struct First<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for First<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements<T>(PhantomData<fn() -> T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
            type Value = First<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<First<T>, A::Error> {
                let first = elements.next_element()?;
                while elements.next_element::<IgnoredAny>()?.is_some() {}
                Ok(First(first))
            }
        }

        deserializer.deserialize_seq(Elements(PhantomData))
    }
}

pub(super) fn does_not_fit(response: &Response<()>, mismatch: &Mismatch) -> Error {
    Error::answered(ErrorKind::Decode, response, mismatch.to_string())
}
