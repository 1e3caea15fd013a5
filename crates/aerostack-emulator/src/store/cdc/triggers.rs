//! The triggers that write changed rows down, in the transaction of the statement that changed them.
//!
//! SQLite fires no delete trigger for a row that `REPLACE` displaces. So before each insert and update the rows that
//! stand in its way are noted, and after it those of them that are gone are written down as deleted.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Row};

use crate::store::INTERNAL;
use crate::store::script;
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
pub(crate) fn install(connection: &Connection) -> rusqlite::Result<()> {
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
    )
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

/// Takes the triggers off all tables.
pub(crate) fn unwatch_tables(connection: &Connection) -> rusqlite::Result<()> {
    let triggers = rows(
        connection,
        "SELECT name FROM temp.sqlite_schema WHERE type = 'trigger' AND substr(name, 1, 11) = ?1",
        INTERNAL,
        |row| row.get::<_, String>(0),
    )?;
    for trigger in triggers {
        connection.execute_batch(&format!("DROP TRIGGER temp.{}", identifier(&trigger)))?;
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
    /// For each key of the table, the condition under which a row `t` has the key of `NEW`. Each is one that SQLite
    /// can look up, whatever the size of the table.
    keys: Vec<String>,
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
        let mut keys: Vec<String> = rowid
            .iter()
            .map(|rowid| format!("t.{rowid} = NEW.{rowid}"))
            .collect();
        let indexes = rows(
            connection,
            "SELECT name, partial FROM pragma_index_list(?1, 'main') WHERE \"unique\"",
            &name,
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?)),
        )?;
        for (index, partial) in indexes {
            // Where only a part of the rows is indexed, a row may seem in the way and be left alone. That shows by its
            // row id afterwards; without row ids such an index is passed over.
            if partial && rowid.is_none() {
                continue;
            }
            let columns = rows(
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
            let Some(columns) = columns.into_iter().collect::<Option<Vec<_>>>() else {
                continue;
            };
            let mut same: Vec<_> = columns
                .iter()
                .map(|(column, collation)| {
                    let column = identifier(column);
                    format!(
                        "t.{column} = NEW.{column} COLLATE {}",
                        identifier(collation)
                    )
                })
                .collect();
            if partial {
                same.extend(predicate(connection, &name, &index)?);
            }
            keys.push(same.join(" AND "));
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
            keys,
        })
    }

    /// An expression that writes a row as JSON. A function takes 32 arguments at D1, and a row may have more.
    fn row(&self, side: &str) -> String {
        let calls: Vec<_> = self
            .columns
            .chunks(16)
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
        let table = identifier(&self.name);
        let log = format!("INSERT INTO {INTERNAL}changes (tab, kind, old, new)");
        let forget = format!("DELETE FROM {INTERNAL}in_the_way WHERE tab = {name}");
        let displaced = if self.keys.is_empty() {
            String::new()
        } else {
            let gone = self.rowid.map_or_else(String::new, |rowid| {
                format!(
                    " AND NOT EXISTS (SELECT 1 FROM main.{table} AS t
                      WHERE t.{rowid} = w.id AND t.{rowid} <> NEW.{rowid})"
                )
            });
            format!(
                "{log} SELECT tab, {DELETE}, row, NULL FROM {INTERNAL}in_the_way AS w
                 WHERE tab = {name}{gone};
                 {forget};"
            )
        };
        // A row that a trigger of the project removes is not removed again.
        let forget_one = match self.rowid {
            Some(rowid) => format!("{forget} AND id = OLD.{rowid}"),
            None => format!("{forget} AND row = ({old})"),
        };
        [
            self.before("INSERT", ""),
            self.before("UPDATE", &format!(" AND NOT ({})", self.is_old())),
            self.trigger(
                "AFTER",
                "INSERT",
                "",
                &format!("{displaced} {log} VALUES ({name}, {INSERT}, NULL, {new});"),
            ),
            self.trigger(
                "AFTER",
                "UPDATE",
                "",
                &format!("{displaced} {log} VALUES ({name}, {UPDATE}, {old}, {new});"),
            ),
            self.trigger(
                "AFTER",
                "DELETE",
                "",
                &format!("{forget_one}; {log} VALUES ({name}, {DELETE}, {old}, NULL);"),
            ),
        ]
        .concat()
    }

    /// The trigger that notes the rows in the way, one lookup for each key. It runs only when there are some, or when
    /// a statement that was ignored left some behind.
    fn before(&self, event: &str, but: &str) -> String {
        if self.keys.is_empty() {
            return String::new();
        }
        let (name, table) = (text(&self.name), identifier(&self.name));
        let from = |key: &str| format!("FROM main.{table} AS t WHERE {key}{but}");
        let found: Vec<_> = self
            .keys
            .iter()
            .map(|key| format!("EXISTS (SELECT 1 {})", from(key)))
            .collect();
        let when = format!(
            "WHEN {} OR EXISTS (SELECT 1 FROM {INTERNAL}in_the_way)",
            found.join(" OR ")
        );
        let id = self
            .rowid
            .map_or_else(|| "NULL".to_owned(), |rowid| format!("t.{rowid}"));
        let row = self.row("t");
        let selects: Vec<_> = self
            .keys
            .iter()
            .map(|key| format!("SELECT {name}, {id}, {row} {}", from(key)))
            .collect();
        let body = format!(
            "DELETE FROM {INTERNAL}in_the_way WHERE tab = {name};
             INSERT INTO {INTERNAL}in_the_way (tab, id, row) {};",
            selects.join(" UNION ")
        );
        self.trigger("BEFORE", event, &when, &body)
    }

    /// Dropped first: the table may have gained columns.
    fn trigger(&self, time: &str, event: &str, when: &str, body: &str) -> String {
        let trigger = identifier(&format!("{INTERNAL}{time}_{event}_{}", self.name));
        format!(
            "DROP TRIGGER IF EXISTS temp.{trigger};
             CREATE TEMP TRIGGER {trigger} {time} {event} ON main.{} {when} BEGIN {body} END;",
            identifier(&self.name)
        )
    }
}

/// The condition of a partial index, where a row `t` can be tested for it.
fn predicate(
    connection: &Connection,
    table: &str,
    index: &str,
) -> rusqlite::Result<Option<String>> {
    let sql: String = connection.query_row(
        "SELECT sql FROM main.sqlite_schema WHERE type = 'index' AND name = ?1",
        [index],
        |row| row.get(0),
    )?;
    let Some(start) = script::find_word(&sql, "WHERE") else {
        return Ok(None);
    };
    // In parentheses of its own lines, so that a comment at its end is over.
    let predicate = format!("(\n{}\n)", &sql[start + "WHERE".len()..]);
    let select = format!(
        "SELECT 1 FROM main.{} AS t WHERE {predicate}",
        identifier(table)
    );
    // One that names its table does not hold for another name of it.
    Ok(connection.prepare(&select).is_ok().then_some(predicate))
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

#[cfg(test)]
mod tests {
    use rusqlite::config::DbConfig;

    use super::*;

    const TABLES: &str = "
        CREATE TABLE plain (id INTEGER PRIMARY KEY, v);
        CREATE TABLE texts (id TEXT PRIMARY KEY, v);
        CREATE TABLE many (id INTEGER PRIMARY KEY, k TEXT UNIQUE, v INTEGER UNIQUE);
        CREATE TABLE pairs (a INTEGER, v TEXT COLLATE NOCASE, UNIQUE (a, v));
        CREATE TABLE folded (a TEXT, v);
        CREATE UNIQUE INDEX folds ON folded (a COLLATE NOCASE);
        CREATE TABLE clustered (a TEXT, b INTEGER, v, PRIMARY KEY (a, b), UNIQUE (v COLLATE RTRIM)) WITHOUT ROWID;
        CREATE TABLE live (id INTEGER PRIMARY KEY, a, v);
        CREATE UNIQUE INDEX alive ON live (a) WHERE v IS NOT NULL -- the others may repeat
            ;
        CREATE TABLE \"new\" (id TEXT PRIMARY KEY, v);
        CREATE TABLE strict (id ANY PRIMARY KEY, v TEXT NOT NULL) STRICT;";

    fn watched() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(TABLES).unwrap();
        install(&connection).unwrap();
        watch_tables(&connection, &[]).unwrap();
        connection
    }

    #[test]
    fn no_write_scans_a_table() {
        let connection = watched();
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_TRIGGER_EQP, true)
            .unwrap();
        let tables: Vec<String> = connection
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
            )
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(tables.len(), 9);
        for analyzed in [false, true] {
            if analyzed {
                connection.execute_batch("ANALYZE").unwrap();
            }
            for table in &tables {
                let table = identifier(table);
                let columns: Vec<_> = rows(
                    &connection,
                    "SELECT name FROM pragma_table_xinfo(?1)",
                    table.trim_matches('"'),
                    |row| row.get::<_, String>(0),
                )
                .unwrap();
                let values = vec!["1"; columns.len()].join(", ");
                for write in [
                    format!("INSERT INTO {table} VALUES ({values})"),
                    format!("INSERT OR REPLACE INTO {table} VALUES ({values})"),
                ] {
                    let plan = plan(&connection, &write);
                    assert!(
                        plan.iter().any(|step| step.starts_with("SEARCH t ")),
                        "{write}: {plan:#?}"
                    );
                    assert_no_scan(&write, &plan);
                }
                // Whatever finds the row to change, the triggers look keys up.
                let write = format!("UPDATE {table} SET v = 2 WHERE \"{}\" = 1", columns[0]);
                let plan = plan(&connection, &write);
                assert_no_scan(&write, &plan);
            }
        }
    }

    fn plan(connection: &Connection, write: &str) -> Vec<String> {
        connection
            .prepare(&format!("EXPLAIN QUERY PLAN {write}"))
            .unwrap()
            .query_map([], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    fn assert_no_scan(write: &str, plan: &[String]) {
        let scan = plan
            .iter()
            .find(|step| *step == "SCAN t" || step.starts_with("SCAN t "));
        assert!(scan.is_none(), "{write}: {plan:#?}");
    }
}
