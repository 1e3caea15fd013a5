//! The triggers that write changed rows down, in the transaction of the statement that changed them.
//!
//! SQLite fires no delete trigger for a row that `REPLACE` displaces. So before each insert and update the rows that
//! stand in its way are noted, and after it those of them that are gone are written down as deleted.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Row};

use crate::store::INTERNAL;
use crate::store::values;

/// What the triggers use, and nothing else may.
pub(crate) const NAMES: [&str; 3] = [
    "_aerostack_changes",
    "_aerostack_in_the_way",
    "_aerostack_columns",
];

/// Codes of the column `kind`.
pub(crate) const INSERT: i64 = 0;
pub(crate) const UPDATE: i64 = 1;
pub(crate) const DELETE: i64 = 2;

/// Prepares a connection: the log, and the function that writes columns as JSON.
pub(crate) fn install(connection: &Connection, unwatched: &[&str]) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TEMP TABLE _aerostack_changes (
             seq INTEGER PRIMARY KEY, tab TEXT NOT NULL, kind INTEGER NOT NULL, old TEXT, new TEXT);
         CREATE TEMP TABLE _aerostack_in_the_way (tab TEXT NOT NULL, id INTEGER, row TEXT NOT NULL)",
    )?;
    connection.create_scalar_function(
        "_aerostack_columns",
        -1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| {
            let mut out = Vec::new();
            for index in (0..context.len()).step_by(2) {
                if index > 0 {
                    out.push(b',');
                }
                values::write_json(&mut out, context.get_raw(index));
                out.push(b':');
                values::write_json(&mut out, context.get_raw(index + 1));
            }
            String::from_utf8(out).map_err(|error| rusqlite::Error::UserFunctionError(error.into()))
        },
    )?;
    watch_tables(connection, unwatched)
}

/// Puts the triggers on every table of the project but these. Called again after each schema change.
pub(crate) fn watch_tables(connection: &Connection, unwatched: &[&str]) -> rusqlite::Result<()> {
    let tables = rows(
        connection,
        "SELECT name, wr FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
           AND substr(name, 1, 11) <> ?1",
        INTERNAL,
        |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)),
    )?;
    for (name, without_rowid) in tables {
        if unwatched.contains(&name.as_str()) {
            continue;
        }
        let table = Table::read(connection, name, without_rowid)?;
        connection.execute_batch(&table.triggers())?;
    }
    Ok(())
}

struct Table {
    name: String,
    columns: Vec<String>,
    /// The name under which the row id can be reached; none in a table without one, or one whose columns take all of
    /// its names.
    rowid: Option<&'static str>,
    /// The columns of the primary key.
    primary: Vec<String>,
    /// The columns and collations of each unique index.
    unique: Vec<Vec<(String, String)>>,
}

impl Table {
    fn read(connection: &Connection, name: String, without_rowid: bool) -> rusqlite::Result<Self> {
        let columns = rows(
            connection,
            "SELECT name, pk FROM pragma_table_xinfo(?1, 'main') WHERE hidden <> 1",
            &name,
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)),
        )?;
        let taken = |alias: &str| {
            columns
                .iter()
                .any(|(column, _)| column.eq_ignore_ascii_case(alias))
        };
        let rowid = ["rowid", "_rowid_", "oid"]
            .into_iter()
            .find(|alias| !without_rowid && !taken(alias));
        // Where only a part of the rows is indexed, a row may seem in the way and be left alone. That shows by its row
        // id afterwards; without row ids such an index is passed over.
        let indexes = rows(
            connection,
            "SELECT name, partial FROM pragma_index_list(?1, 'main') WHERE \"unique\"",
            &name,
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)),
        )?;
        let mut unique = Vec::new();
        for (index, partial) in indexes {
            let key = rows(
                connection,
                "SELECT name, coll FROM pragma_index_xinfo(?1, 'main') WHERE key ORDER BY seqno",
                &index,
                |row| {
                    Ok(row
                        .get::<_, Option<String>>(0)?
                        .zip(row.get::<_, Option<String>>(1)?))
                },
            )?;
            // An expression has no column to compare.
            if let Some(key) = key.into_iter().collect::<Option<Vec<_>>>()
                && (rowid.is_some() || !partial)
            {
                unique.push(key);
            }
        }
        Ok(Self {
            name,
            rowid,
            primary: columns
                .iter()
                .filter(|(_, primary)| *primary)
                .map(|(column, _)| column.clone())
                .collect(),
            columns: columns.into_iter().map(|(column, _)| column).collect(),
            unique,
        })
    }

    /// An expression that writes a row as JSON. A function takes a thousand arguments and a row may have more.
    fn row(&self, side: &str) -> String {
        let calls: Vec<_> = self
            .columns
            .chunks(400)
            .map(|columns| {
                let pairs: Vec<_> = columns
                    .iter()
                    .map(|name| format!("{}, {side}.{}", text(name), identifier(name)))
                    .collect();
                format!("{INTERNAL}columns({})", pairs.join(", "))
            })
            .collect();
        format!("'{{' || {} || '}}'", calls.join(" || ',' || "))
    }

    /// The condition under which a row `t` has a key of `NEW`; none when the table has no keys.
    fn in_the_way(&self) -> Option<String> {
        let rowid = self.rowid.map(|rowid| format!("t.{rowid} = NEW.{rowid}"));
        let keys = self.unique.iter().map(|key| {
            let same: Vec<_> = key
                .iter()
                .map(|(column, collation)| {
                    let column = identifier(column);
                    format!(
                        "t.{column} = NEW.{column} COLLATE {}",
                        identifier(collation)
                    )
                })
                .collect();
            format!("({})", same.join(" AND "))
        });
        let any: Vec<_> = rowid.into_iter().chain(keys).collect();
        (!any.is_empty()).then(|| format!("({})", any.join(" OR ")))
    }

    /// The condition under which `t` is the row `OLD`.
    fn is_old(&self) -> String {
        match self.rowid {
            Some(rowid) => format!("t.{rowid} = OLD.{rowid}"),
            None => {
                let same: Vec<_> = self
                    .primary
                    .iter()
                    .map(|column| {
                        let column = identifier(column);
                        format!("t.{column} IS OLD.{column}")
                    })
                    .collect();
                same.join(" AND ")
            }
        }
    }

    fn triggers(&self) -> String {
        let (name, new, old) = (text(&self.name), self.row("NEW"), self.row("OLD"));
        let log = format!("INSERT INTO {INTERNAL}changes (tab, kind, old, new)");
        let forget = format!("DELETE FROM {INTERNAL}in_the_way WHERE tab = {name}");
        let (look, displaced) = match self.in_the_way() {
            Some(condition) => {
                let id = self
                    .rowid
                    .map_or_else(|| "NULL".to_owned(), |rowid| format!("t.{rowid}"));
                let look = format!(
                    "{forget};
                     INSERT INTO {INTERNAL}in_the_way (tab, id, row)
                     SELECT {name}, {id}, {row} FROM main.{table} AS t WHERE {condition}",
                    row = self.row("t"),
                    table = identifier(&self.name),
                );
                let gone = self.rowid.map_or_else(String::new, |rowid| {
                    format!(
                        " AND NOT EXISTS (SELECT 1 FROM main.{} AS t
                          WHERE t.{rowid} = w.id AND t.{rowid} <> NEW.{rowid})",
                        identifier(&self.name)
                    )
                });
                let displaced = format!(
                    "{log} SELECT tab, {DELETE}, row, NULL FROM {INTERNAL}in_the_way AS w
                     WHERE tab = {name}{gone};
                     {forget};"
                );
                (Some(look), displaced)
            }
            None => (None, String::new()),
        };
        let before = |event: &str, condition: &str| {
            look.as_ref().map_or_else(String::new, |look| {
                self.trigger("BEFORE", event, &format!("{look}{condition};"))
            })
        };
        // A row that a trigger of the project removes is not removed again.
        let forget_one = match self.rowid {
            Some(rowid) => format!("{forget} AND id = OLD.{rowid}"),
            None => format!("{forget} AND row = ({old})"),
        };
        [
            before("INSERT", ""),
            before("UPDATE", &format!(" AND NOT ({})", self.is_old())),
            self.trigger(
                "AFTER",
                "INSERT",
                &format!("{displaced} {log} VALUES ({name}, {INSERT}, NULL, {new});"),
            ),
            self.trigger(
                "AFTER",
                "UPDATE",
                &format!("{displaced} {log} VALUES ({name}, {UPDATE}, {old}, {new});"),
            ),
            self.trigger(
                "AFTER",
                "DELETE",
                &format!("{forget_one}; {log} VALUES ({name}, {DELETE}, {old}, NULL);"),
            ),
        ]
        .concat()
    }

    /// Dropped first: the table may have gained columns.
    fn trigger(&self, time: &str, event: &str, body: &str) -> String {
        let trigger = identifier(&format!("{INTERNAL}{time}_{event}_{}", self.name));
        format!(
            "DROP TRIGGER IF EXISTS temp.{trigger};
             CREATE TEMP TRIGGER {trigger} {time} {event} ON main.{} BEGIN {body} END;",
            identifier(&self.name)
        )
    }
}

fn rows<T>(
    connection: &Connection,
    query: &str,
    name: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection
        .prepare(query)?
        .query_map([name], read)?
        .collect()
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
