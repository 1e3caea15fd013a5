//! The search service: texts found by how close their embeddings are to that of a query.
//!
//! The embeddings are lexical. Choosing another language embeds all entries anew.

use axum::extract::State;
use rusqlite::{Connection, OptionalExtension, named_params, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::embedding::{Language, cosine, embed};
use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, or_default};
use crate::http::operation::Routes;
use crate::http::operations::{
    SEARCH_CONFIGURE, SEARCH_COUNT, SEARCH_DELETE, SEARCH_DELETE_BY_TYPE, SEARCH_GET,
    SEARCH_INGEST, SEARCH_LIST_TYPES, SEARCH_QUERY, SEARCH_UPDATE,
};
use crate::http::page;
use crate::http::raw_object::FreeObject;
use crate::store::database::Database;
use crate::store::schema::Schema;

pub(crate) const SCHEMA: Schema = Schema {
    name: "search",
    steps: &["
    CREATE TABLE IF NOT EXISTS search_entries (
        id TEXT PRIMARY KEY, type TEXT NOT NULL, content TEXT NOT NULL, metadata TEXT, vector BLOB NOT NULL);
    CREATE INDEX IF NOT EXISTS search_by_type ON search_entries (type);
    CREATE TABLE IF NOT EXISTS search_setting (
        only INTEGER PRIMARY KEY CHECK (only = 1), multilingual INTEGER NOT NULL);"],
};

const USUAL_RESULTS: usize = 5;
const MOST_RESULTS: usize = 100;

#[derive(Clone)]
pub(crate) struct Search {
    db: Database,
}

impl Search {
    pub(crate) fn new(db: Database) -> Self {
        Self { db }
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new()
            .on(&SEARCH_INGEST, ingest)
            .on(&SEARCH_QUERY, query)
            .on(&SEARCH_GET, get)
            .on(&SEARCH_UPDATE, update)
            .on(&SEARCH_DELETE, delete)
            .on(&SEARCH_DELETE_BY_TYPE, delete_by_type)
            .on(&SEARCH_COUNT, count)
            .on(&SEARCH_LIST_TYPES, list_types)
            .on(&SEARCH_CONFIGURE, configure)
            .with_state(self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IngestRequest {
    content: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    id: Option<String>,
    #[serde(default)]
    metadata: Option<FreeObject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateRequest {
    id: String,
    content: String,
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: Option<String>,
    #[serde(default)]
    metadata: Option<FreeObject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct QueryRequest {
    text: String,
    #[serde(default, deserialize_with = "or_default")]
    top_k: Option<i64>,
    #[serde(default, deserialize_with = "or_default")]
    types: Option<Vec<String>>,
    #[serde(default)]
    filter: Option<FreeObject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdRequest {
    id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypeRequest {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountRequest {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ConfigureRequest {
    embedding_model: Language,
}

#[derive(Serialize)]
struct Success {
    success: bool,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    #[serde(rename = "type")]
    kind: String,
    metadata: Option<FreeObject>,
}

#[derive(Serialize)]
struct QueryReply {
    results: Vec<Entry>,
}

#[derive(Serialize)]
struct GetReply {
    result: Option<Entry>,
    exists: bool,
}

#[derive(Serialize)]
struct CountReply {
    count: i64,
}

#[derive(Serialize)]
struct TypeCount {
    #[serde(rename = "type")]
    kind: String,
    count: i64,
}

#[derive(Serialize)]
struct TypesReply {
    types: Vec<TypeCount>,
}

const DONE: axum::Json<Success> = axum::Json(Success { success: true });

async fn ingest(
    State(search): State<Search>,
    Json(request): Json<IngestRequest>,
) -> Reply<Success> {
    require("content", &request.content)?;
    require("type", &request.kind)?;
    if let Some(id) = &request.id {
        require("id", id)?;
    }
    let entry = Entry {
        id: request
            .id
            .unwrap_or_else(|| uuid::Uuid::new_v4().to_string()),
        content: request.content,
        score: None,
        kind: request.kind,
        metadata: request.metadata,
    };
    search
        .db
        .call(move |connection| {
            let language = language(connection)?;
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO search_entries (id, type, content, metadata, vector)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute(params![
                    entry.id,
                    entry.kind,
                    entry.content,
                    entry.metadata,
                    pack(&embed(&entry.content, language))
                ])?;
            Ok(DONE)
        })
        .await
}

/// Replaces content and metadata; a type that is left out stays, since an entry has to have one.
async fn update(
    State(search): State<Search>,
    Json(request): Json<UpdateRequest>,
) -> Reply<Success> {
    require("id", &request.id)?;
    require("content", &request.content)?;
    if let Some(kind) = &request.kind {
        require("type", kind)?;
    }
    search.db
        .call(move |connection| {
            let language = language(connection)?;
            let changed = connection.execute(
                "UPDATE search_entries SET content = ?2, type = ifnull(?3, type), metadata = ?4, vector = ?5
                 WHERE id = ?1",
                params![
                    request.id,
                    request.content,
                    request.kind,
                    request.metadata,
                    pack(&embed(&request.content, language))
                ],
            )?;
            Ok(axum::Json(Success {
                success: changed > 0,
            }))
        })
        .await
}

async fn query(
    State(search): State<Search>,
    Json(request): Json<QueryRequest>,
) -> Reply<QueryReply> {
    require("text", &request.text)?;
    let most = page::limit(request.top_k, USUAL_RESULTS, MOST_RESULTS)
        .map_err(|_| ApiError::validation(format!("topK must be between 1 and {MOST_RESULTS}")))?;
    let types = request
        .types
        .map(|types| serde_json::to_string(&types).unwrap_or_default());
    let filter = match request.filter.map(|filter| filter.value()) {
        Some(Value::Object(filter)) => filter,
        _ => Map::new(),
    };
    let mut found = search
        .db
        .call(move |connection| {
            let wanted = embed(&request.text, language(connection)?);
            score_all(connection, &wanted, types.as_deref(), &filter)
        })
        .await?;
    found.sort_by(|a, b| {
        let by_score = b.score.unwrap_or(0.0).total_cmp(&a.score.unwrap_or(0.0));
        by_score.then_with(|| a.id.cmp(&b.id))
    });
    found.truncate(most);
    Ok(axum::Json(QueryReply { results: found }))
}

/// The entries of the given types (a JSON array; `None` means all) that match the filter, scored.
fn score_all(
    connection: &Connection,
    wanted: &[f32],
    types: Option<&str>,
    filter: &Map<String, Value>,
) -> ApiResult<Vec<Entry>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, content, type, metadata, vector FROM search_entries
         WHERE :types IS NULL OR type IN (SELECT value FROM json_each(:types))",
    )?;
    let rows = statement.query_map(named_params! { ":types": types }, |row| {
        let vector: Vec<u8> = row.get("vector")?;
        Ok(Entry {
            id: row.get("id")?,
            content: row.get("content")?,
            score: Some(cosine(wanted, &unpack(&vector))),
            kind: row.get("type")?,
            metadata: row.get("metadata")?,
        })
    })?;
    let mut found = Vec::new();
    for entry in rows {
        let entry = entry?;
        if matches(entry.metadata.as_ref(), filter) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// Whether the metadata holds every field of the filter with an equal value. Numbers are equal by value: 1 is 1.0.
fn matches(metadata: Option<&FreeObject>, filter: &Map<String, Value>) -> bool {
    if filter.is_empty() {
        return true;
    }
    let metadata = metadata.map(FreeObject::value).unwrap_or_default();
    filter.iter().all(|(name, wanted)| {
        metadata
            .get(name)
            .is_some_and(|found| match (found.as_f64(), wanted.as_f64()) {
                (Some(found), Some(wanted)) => found.total_cmp(&wanted).is_eq(),
                _ => found == wanted,
            })
    })
}

async fn get(State(search): State<Search>, Json(request): Json<IdRequest>) -> Reply<GetReply> {
    require("id", &request.id)?;
    let result = search
        .db
        .call(move |connection| {
            Ok(connection
                .query_row(
                    "SELECT id, content, type, metadata FROM search_entries WHERE id = ?1",
                    [request.id],
                    |row| {
                        Ok(Entry {
                            id: row.get(0)?,
                            content: row.get(1)?,
                            score: None,
                            kind: row.get(2)?,
                            metadata: row.get(3)?,
                        })
                    },
                )
                .optional()?)
        })
        .await?;
    Ok(axum::Json(GetReply {
        exists: result.is_some(),
        result,
    }))
}

async fn delete(State(search): State<Search>, Json(request): Json<IdRequest>) -> Reply<Success> {
    require("id", &request.id)?;
    search
        .db
        .call(move |connection| {
            connection.execute("DELETE FROM search_entries WHERE id = ?1", [request.id])?;
            Ok(DONE)
        })
        .await
}

async fn delete_by_type(
    State(search): State<Search>,
    Json(request): Json<TypeRequest>,
) -> Reply<Success> {
    require("type", &request.kind)?;
    search
        .db
        .call(move |connection| {
            connection.execute("DELETE FROM search_entries WHERE type = ?1", [request.kind])?;
            Ok(DONE)
        })
        .await
}

async fn count(
    State(search): State<Search>,
    Json(request): Json<CountRequest>,
) -> Reply<CountReply> {
    let count = search
        .db
        .call(move |connection| {
            Ok(connection.query_row(
                "SELECT count(*) FROM search_entries WHERE ?1 IS NULL OR type = ?1",
                [request.kind],
                |row| row.get(0),
            )?)
        })
        .await?;
    Ok(axum::Json(CountReply { count }))
}

async fn list_types(State(search): State<Search>) -> Reply<TypesReply> {
    let types = search
        .db
        .call(|connection| {
            let types = connection
                .prepare_cached(
                    "SELECT type, count(*) FROM search_entries GROUP BY type ORDER BY type",
                )?
                .query_map([], |row| {
                    Ok(TypeCount {
                        kind: row.get(0)?,
                        count: row.get(1)?,
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(types)
        })
        .await?;
    Ok(axum::Json(TypesReply { types }))
}

async fn configure(
    State(search): State<Search>,
    Json(request): Json<ConfigureRequest>,
) -> Reply<Success> {
    search
        .db
        .call(move |connection| {
            let transaction = connection.transaction()?;
            if language(&transaction)? != request.embedding_model {
                embed_anew(&transaction, request.embedding_model)?;
            }
            transaction.commit()?;
            Ok(DONE)
        })
        .await
}

fn embed_anew(connection: &Connection, language: Language) -> ApiResult<()> {
    connection.execute(
        "INSERT OR REPLACE INTO search_setting (only, multilingual) VALUES (1, ?1)",
        [language == Language::Multilingual],
    )?;
    let entries: Vec<(String, String)> = connection
        .prepare("SELECT id, content FROM search_entries")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut change = connection.prepare("UPDATE search_entries SET vector = ?2 WHERE id = ?1")?;
    for (id, content) in entries {
        change.execute(params![id, pack(&embed(&content, language))])?;
    }
    Ok(())
}

/// What the entries are embedded for; English unless configured.
fn language(connection: &Connection) -> ApiResult<Language> {
    let multilingual: Option<bool> = connection
        .prepare_cached("SELECT multilingual FROM search_setting")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(match multilingual {
        Some(true) => Language::Multilingual,
        _ => Language::English,
    })
}

fn require(field: &str, text: &str) -> ApiResult<()> {
    if text.trim().is_empty() {
        Err(ApiError::validation(format!("{field} must not be empty")))
    } else {
        Ok(())
    }
}

fn pack(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|x| x.to_le_bytes()).collect()
}

fn unpack(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect()
}
