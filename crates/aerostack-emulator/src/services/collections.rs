//! The collections service: JSON objects under ids of the platform's making.
//!
//! Only declared collections exist. A list filters by equality on top-level fields; `limit` bounds it. An update
//! replaces the item: fields that are left out are gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::State;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, Pairs, PathParams};
use crate::http::operation::Routes;
use crate::http::operations::{
    COLLECTIONS_CREATE_ITEM, COLLECTIONS_DELETE_ITEM, COLLECTIONS_GET_ITEM, COLLECTIONS_LIST_ITEMS,
    COLLECTIONS_UPDATE_ITEM,
};
use crate::store::database::Database;
use crate::store::schema::Schema;

pub(crate) const SCHEMA: Schema = Schema {
    name: "collections",
    steps: &["
    CREATE TABLE IF NOT EXISTS collection_items (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, collection TEXT NOT NULL,
        fields TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS items_by_collection ON collection_items (collection, number);"],
};

/// The items of a collection called items: a path that would otherwise name the item "items".
const ITEMS: &str = "/v1/collections/items/items";

/// The one pair of a list's query that is no filter.
const LIMIT: &str = "limit";

#[derive(Clone)]
pub(crate) struct Collections {
    db: Database,
    /// The declared collections.
    names: Arc<BTreeSet<String>>,
}

impl Collections {
    pub(crate) fn new(db: Database, names: BTreeSet<String>) -> Self {
        Self {
            db,
            names: Arc::new(names),
        }
    }

    /// The declared collections.
    pub(crate) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    fn require(&self, name: &str) -> ApiResult<()> {
        if self.names.contains(name) {
            Ok(())
        } else {
            Err(ApiError::not_found(format!(
                "No collection is called {name}; the emulator has those it was started with."
            )))
        }
    }

    /// Makes a change that has to meet the item.
    async fn change(
        &self,
        id: &str,
        change: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<usize> + Send + 'static,
    ) -> Reply<Success> {
        match self.db.call(|connection| Ok(change(connection)?)).await? {
            0 => Err(no_item(id)),
            _ => Ok(axum::Json(Success { success: true })),
        }
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new()
            .on(&COLLECTIONS_LIST_ITEMS, list)
            .on(&COLLECTIONS_CREATE_ITEM, create)
            .on(&COLLECTIONS_GET_ITEM, read)
            .on(&COLLECTIONS_UPDATE_ITEM, update)
            .on(&COLLECTIONS_DELETE_ITEM, delete)
            // Of a collection that is called items.
            .at(ITEMS, &COLLECTIONS_LIST_ITEMS, list_items)
            .at(ITEMS, &COLLECTIONS_CREATE_ITEM, create_in_items)
            .with_state(self)
    }
}

/// The fields of an item, each kept to the letter.
type Fields = BTreeMap<String, Box<RawValue>>;

#[derive(Serialize)]
struct Success {
    success: bool,
}

async fn create(
    State(collections): State<Collections>,
    PathParams(name): PathParams<String>,
    Json(mut fields): Json<Fields>,
) -> Reply<Fields> {
    collections.require(&name)?;
    if fields
        .remove("id")
        .is_some_and(|given| given.get() != "null")
    {
        return Err(ApiError::validation(
            "id must be left out; the platform makes it",
        ));
    }
    let id = format!("item_{}", uuid::Uuid::new_v4().simple());
    let (stored, new) = (text(&fields), id.clone());
    collections
        .db
        .call(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO collection_items (id, collection, fields) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![new, name, stored])?;
            Ok(())
        })
        .await?;
    Ok(axum::Json(with_id(fields, &id)))
}

async fn list(
    State(collections): State<Collections>,
    PathParams(name): PathParams<String>,
    pairs: Pairs,
) -> Reply<Vec<Fields>> {
    collections.require(&name)?;
    let limit = match pairs.integer(LIMIT)? {
        None => usize::MAX,
        Some(limit) => usize::try_from(limit)
            .ok()
            .filter(|limit| *limit > 0)
            .ok_or_else(|| ApiError::validation("limit in the query must be at least 1"))?,
    };
    let mut found = Vec::new();
    let items: Vec<(String, String)> = collections
        .db
        .call(move |connection| {
            let items = connection
                .prepare_cached(
                    "SELECT id, fields FROM collection_items WHERE collection = ?1 ORDER BY number",
                )?
                .query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            Ok(items)
        })
        .await?;
    for (id, text) in items {
        if found.len() == limit {
            break;
        }
        let item = with_id(fields(&text)?, &id);
        if matches(&item, &pairs) {
            found.push(item);
        }
    }
    Ok(axum::Json(found))
}

async fn create_in_items(state: State<Collections>, fields: Json<Fields>) -> Reply<Fields> {
    create(state, PathParams("items".to_owned()), fields).await
}

async fn list_items(state: State<Collections>, pairs: Pairs) -> Reply<Vec<Fields>> {
    list(state, PathParams("items".to_owned()), pairs).await
}

async fn read(
    State(collections): State<Collections>,
    PathParams(id): PathParams<String>,
) -> Reply<Fields> {
    let wanted = id.clone();
    let text: Option<String> = collections
        .db
        .call(move |connection| {
            Ok(connection
                .query_row(
                    "SELECT fields FROM collection_items WHERE id = ?1",
                    [wanted],
                    |row| row.get(0),
                )
                .optional()?)
        })
        .await?;
    let text = text.ok_or_else(|| no_item(&id))?;
    Ok(axum::Json(with_id(fields(&text)?, &id)))
}

async fn update(
    State(collections): State<Collections>,
    PathParams(id): PathParams<String>,
    Json(mut fields): Json<Fields>,
) -> Reply<Success> {
    let own = quoted(&id);
    if fields
        .remove("id")
        .is_some_and(|given| given.get() != "null" && unescaped(&given) != unescaped(&own))
    {
        return Err(ApiError::validation(
            "id in the body is not the id in the path; an item's id cannot change",
        ));
    }
    let (stored, wanted) = (text(&fields), id.clone());
    collections
        .change(&id, move |connection| {
            connection.execute(
                "UPDATE collection_items SET fields = ?2 WHERE id = ?1",
                params![wanted, stored],
            )
        })
        .await
}

async fn delete(
    State(collections): State<Collections>,
    PathParams(id): PathParams<String>,
) -> Reply<Success> {
    let wanted = id.clone();
    collections
        .change(&id, move |connection| {
            connection.execute("DELETE FROM collection_items WHERE id = ?1", [wanted])
        })
        .await
}

fn no_item(id: &str) -> ApiError {
    ApiError::not_found(format!("No item has the id {id}."))
}

/// Whether the item has every wanted field with the wanted value, as text: `10` means the number or the text.
fn matches(item: &Fields, pairs: &Pairs) -> bool {
    let mut wanted = pairs.0.iter().filter(|(name, _)| name != LIMIT);
    wanted.all(|(name, wanted)| {
        item.get(name)
            .is_some_and(|found| found.get() == wanted || unescaped(found).as_ref() == Some(wanted))
    })
}

/// The text of a JSON string.
fn unescaped(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

fn quoted(text: &str) -> Box<RawValue> {
    to_raw_value(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn with_id(mut fields: Fields, id: &str) -> Fields {
    fields.insert("id".to_owned(), quoted(id));
    fields
}

fn text(fields: &Fields) -> String {
    serde_json::to_string(fields).unwrap_or_default()
}

fn fields(text: &str) -> ApiResult<Fields> {
    serde_json::from_str(text)
        .map_err(|error| ApiError::internal(format!("A stored item is not JSON: {error}")))
}
