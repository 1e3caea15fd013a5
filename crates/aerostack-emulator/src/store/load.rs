//! Runs SQL scripts that are not the API's: schemas, migrations, seeds, dumps.

use rusqlite::{Connection, OptionalExtension};

use crate::error::{ApiError, ApiResult};
use crate::store::cdc::triggers;
use crate::store::schema::OpenError;
use crate::store::script::{self, Piece};
use crate::store::values;

/// Runs what a script needs in one transaction. Dumps switch foreign keys off, which works outside of a transaction
/// only, and for all of the script: then they are checked at its end.
pub(crate) fn in_transaction<E: From<rusqlite::Error> + From<ScriptError>>(
    connection: &mut Connection,
    script: &str,
    work: impl FnOnce(&Connection) -> Result<(), E>,
) -> Result<(), E> {
    let unchecked = script::pieces(script).iter().any(|piece| {
        piece.verb() == "PRAGMA" && piece.sql.to_ascii_lowercase().contains("foreign_keys")
    });
    if !unchecked {
        let transaction = connection.transaction()?;
        work(&transaction)?;
        return transaction
            .commit()
            .map_err(|error| at_the_end(&error).into());
    }
    connection.execute_batch("PRAGMA foreign_keys = OFF")?;
    let done = (|| {
        let transaction = connection.transaction()?;
        work(&transaction)?;
        let dangling: Option<String> = transaction
            .query_row(
                "SELECT \"table\" FROM pragma_foreign_key_check",
                [],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(table) = dangling {
            return Err(ScriptError(format!(
                "at the end: a row of {table} refers to a row that is not there"
            ))
            .into());
        }
        transaction
            .commit()
            .map_err(|error| at_the_end(&error).into())
    })();
    connection.execute_batch("PRAGMA foreign_keys = ON")?;
    done
}

/// What is wrong with a script, and where.
pub(crate) struct ScriptError(String);

fn at_the_end(error: &rusqlite::Error) -> ScriptError {
    ScriptError(format!("at the end: {}", values::message(error)))
}

impl From<ScriptError> for ApiError {
    fn from(error: ScriptError) -> Self {
        Self::query_failed(error.0)
    }
}

impl From<ScriptError> for OpenError {
    fn from(error: ScriptError) -> Self {
        Self::Project(error.0)
    }
}

/// Runs the statements of a script within a transaction, which is the only one: dumps begin and commit one of their
/// own. Fails with the line of the script.
pub(crate) fn run_script(connection: &Connection, sql: &str) -> Result<(), ScriptError> {
    for piece in script::pieces(sql) {
        run_piece(connection, sql, piece)?;
    }
    Ok(())
}

pub(crate) fn run_piece(
    connection: &Connection,
    sql: &str,
    piece: Piece<'_>,
) -> Result<(), ScriptError> {
    let failed = |error: &rusqlite::Error| {
        let offset = piece.offset + values::offset(error).unwrap_or_default();
        let line = script::line(sql, offset);
        ScriptError(format!("line {line}: {}", values::message(error)))
    };
    let run = |statement: &str| {
        let mut statement = connection.prepare(statement)?;
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
        Ok(())
    };
    match piece.verb().as_str() {
        "BEGIN" | "COMMIT" | "END" => Ok(()),
        _ => run(piece.sql),
    }
    .map_err(|error| failed(&error))?;
    if connection.is_autocommit() {
        let line = script::line(sql, piece.offset);
        return Err(ScriptError(format!(
            "line {line}: the script ends the transaction that it runs in; leave ROLLBACK out"
        )));
    }
    Ok(())
}

/// Runs a script under watch: changes are captured, those of tables that it makes included.
pub(crate) fn run_watched_script(
    connection: &Connection,
    sql: &str,
    unwatched: &[&str],
) -> ApiResult<()> {
    let mut watched = true;
    for piece in script::pieces(sql) {
        match piece.verb().as_str() {
            // A schema change must not find triggers that name what it drops.
            "ALTER" | "CREATE" | "DROP" if watched => {
                triggers::unwatch_tables(connection)?;
                watched = false;
            }
            "ALTER" | "CREATE" | "DROP" => {}
            _ if !watched => {
                triggers::watch_tables(connection, unwatched)?;
                watched = true;
            }
            _ => {}
        }
        run_piece(connection, sql, piece)?;
    }
    if !watched {
        triggers::watch_tables(connection, unwatched)?;
    }
    Ok(())
}
