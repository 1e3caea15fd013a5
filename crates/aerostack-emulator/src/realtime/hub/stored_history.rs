//! History in the project's database, in the table `realtime_messages`, where SQL can read it.

use futures_util::future::BoxFuture;
use rusqlite::{Connection, params};
use serde_json::value::RawValue;

use crate::realtime::hub::history::{HistoryStore, Message, PageQuery, Stored};
use crate::store::database::Database;
use crate::store::project::PlatformTables;
use crate::store::schema::Schema;

/// The table's name, which belongs to the platform.
const TABLE: &str = "realtime_messages";

/// What [`ProjectDb`](crate::store::project::ProjectDb) makes and leaves unwatched.
pub(crate) const TABLES: PlatformTables = PlatformTables {
    schema: &SCHEMA,
    names: &[TABLE],
};

const SCHEMA: Schema = Schema {
    name: "realtime",
    steps: &["
    CREATE TABLE IF NOT EXISTS realtime_messages (
        id TEXT PRIMARY KEY, room_id TEXT NOT NULL, user_id TEXT, event TEXT NOT NULL,
        data TEXT NOT NULL, created_at INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS realtime_messages_by_room ON realtime_messages (room_id, created_at);"],
};

pub(crate) struct DatabaseHistory(Database);

impl DatabaseHistory {
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }
}

impl HistoryStore for DatabaseHistory {
    fn append(
        &self,
        message: Message,
        kept_since: Option<i64>,
        stored: Stored,
    ) -> BoxFuture<'static, ()> {
        let database = self.0.clone();
        Box::pin(async move {
            // Called on the database's thread: that is what keeps the order.
            let done = database
                .run(move |connection| {
                    let result = append(connection, &message, kept_since);
                    stored(result.map_err(|error| format!("The message was not kept: {error}.")));
                })
                .await;
            if done.is_err() {
                tracing::warn!("a message was not kept: the emulator is stopping");
            }
        })
    }

    fn page(&self, query: PageQuery) -> BoxFuture<'static, Result<Vec<Message>, String>> {
        let database = self.0.clone();
        Box::pin(async move {
            match database
                .run(move |connection| page(connection, &query))
                .await
            {
                Ok(result) => result.map_err(|error| error.to_string()),
                Err(error) => Err(error.message().to_owned()),
            }
        })
    }
}

fn append(
    connection: &mut Connection,
    message: &Message,
    kept_since: Option<i64>,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    if let Some(since) = kept_since {
        transaction
            .prepare_cached("DELETE FROM realtime_messages WHERE room_id = ?1 AND created_at < ?2")?
            .execute(params![message.room_id, since])?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO realtime_messages (id, room_id, user_id, event, data, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            message.id,
            message.room_id,
            message.user_id,
            message.event,
            message.data.get(),
            message.created_at,
        ])?;
    transaction.commit()
}

fn page(connection: &mut Connection, query: &PageQuery) -> rusqlite::Result<Vec<Message>> {
    connection
        .prepare_cached(
            "SELECT id, room_id, user_id, event, data, created_at FROM realtime_messages
             WHERE room_id = ?1 AND created_at < ?2 AND created_at >= ?3
             ORDER BY created_at DESC, rowid DESC LIMIT ?4",
        )?
        .query_map(
            params![
                query.room,
                query.before.unwrap_or(i64::MAX),
                query.kept_since.unwrap_or(i64::MIN),
                i64::try_from(query.limit).unwrap_or(i64::MAX),
            ],
            |row| {
                Ok(Message {
                    id: row.get(0)?,
                    room_id: row.get(1)?,
                    user_id: row.get(2)?,
                    event: row.get(3)?,
                    data: json(row.get(4)?),
                    created_at: row.get(5)?,
                })
            },
        )?
        .collect()
}

/// What SQL wrote there may be no JSON; then it is text.
fn json(text: String) -> Box<RawValue> {
    RawValue::from_string(text.clone())
        .or_else(|_| serde_json::value::to_raw_value(&text))
        .unwrap_or_else(|_| RawValue::NULL.to_owned())
}
