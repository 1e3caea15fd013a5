//! What SQL sent over the API may do: read and write rows of the project's own tables, for a limited time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::store::INTERNAL;
use crate::store::cdc::triggers;
use crate::tasks::Disconnected;

const SCHEMA_HINT: &str = "Schema changes are refused over the API; they belong to migrations (the emulator's --schema or .schema()).";

#[derive(Default)]
struct State {
    active: AtomicBool,
    denial: Mutex<Option<String>>,
    run: Mutex<Option<Run>>,
    /// The database is being closed: nothing runs any more.
    closing: AtomicBool,
    overran: AtomicBool,
    /// Whether a pragma switched a behavior of the connection.
    switched: AtomicBool,
}

/// A statement that runs.
struct Run {
    started: Instant,
    time: Duration,
    caller: Disconnected,
}

impl Run {
    fn is_over(&self) -> bool {
        let ran = self.started.elapsed();
        ran >= self.time || ran >= UNATTENDED && self.caller.0.is_cancelled()
    }
}

/// How long a statement may run whose caller has left. Most are done by then, and take effect as they would elsewhere.
const UNATTENDED: Duration = Duration::from_millis(250);

/// Installed on a connection once; active only while [`Authorizer::arm`]'s result lives.
#[derive(Clone, Default)]
pub(crate) struct Authorizer(Arc<State>);

/// Keeps the authorizer active.
pub(crate) struct Scope<'a>(&'a Authorizer);

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.0.0.active.store(false, Ordering::Release);
        *self.0.0.run.lock() = None;
    }
}

impl Authorizer {
    pub(crate) fn install(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let state = Arc::clone(&self.0);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            if !state.active.load(Ordering::Acquire) {
                return Authorization::Allow;
            }
            if let AuthAction::Pragma {
                pragma_name,
                pragma_value: Some(_),
            } = context.action
                && is_one_of(&SWITCHES, pragma_name)
            {
                state.switched.store(true, Ordering::Release);
            }
            match denial_reason(&context) {
                None => Authorization::Allow,
                Some(reason) => {
                    state.denial.lock().get_or_insert(reason);
                    Authorization::Deny
                }
            }
        }))?;
        let state = Arc::clone(&self.0);
        connection.progress_handler(
            2_000,
            Some(move || {
                let over = state.run.lock().as_ref().is_some_and(Run::is_over);
                if over {
                    state.overran.store(true, Ordering::Release);
                }
                over || state.closing.load(Ordering::Acquire)
            }),
        )
    }

    /// Applies the rules to what is prepared and run until the result is dropped.
    pub(crate) fn arm(&self, time: Duration, caller: &Disconnected) -> Scope<'_> {
        *self.0.denial.lock() = None;
        *self.0.run.lock() = Some(Run {
            started: Instant::now(),
            time,
            caller: caller.clone(),
        });
        self.0.overran.store(false, Ordering::Release);
        self.0.active.store(true, Ordering::Release);
        Scope(self)
    }

    /// Stops what runs, and whatever would run after it.
    pub(crate) fn close(&self) {
        self.0.closing.store(true, Ordering::Release);
    }

    /// Switches back what pragmas of the caller switched.
    pub(crate) fn restore(&self, connection: &Connection) -> rusqlite::Result<()> {
        if !self.0.switched.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        SWITCHES
            .iter()
            .try_for_each(|name| connection.execute_batch(&format!("PRAGMA {name} = OFF")))
    }

    /// Why the last statement was refused, when it was the authorizer that refused it.
    pub(crate) fn take_denial(&self) -> Option<String> {
        let denial = self.0.denial.lock().take();
        let overran = self.0.overran.swap(false, Ordering::AcqRel);
        denial.or_else(|| {
            overran.then(|| "The statement ran longer than allowed and was stopped.".to_owned())
        })
    }
}

/// Functions that reach beyond the rows they are given.
const FUNCTIONS: [&str; 5] = [
    "load_extension",
    "fts3_tokenizer",
    "readfile",
    "writefile",
    "edit",
];

/// Tables that show pages and statements in place of rows.
const INNER_TABLES: [&str; 4] = ["dbstat", "sqlite_dbpage", "sqlite_stmt", "bytecode"];

/// Pragmas that show tables, indexes and foreign keys, check them, or hold for one transaction. These and the switches
/// are those that D1 documents.
const PRAGMAS: [&str; 12] = [
    "defer_foreign_keys",
    "foreign_key_check",
    "foreign_key_list",
    "foreign_keys",
    "function_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "quick_check",
    "table_info",
    "table_list",
    "table_xinfo",
];

/// Pragmas that switch a behavior of the connection. It is switched back after the call.
const SWITCHES: [&str; 5] = [
    "case_sensitive_like",
    "ignore_check_constraints",
    "legacy_alter_table",
    "recursive_triggers",
    "reverse_unordered_selects",
];

fn is_switch(value: &str) -> bool {
    is_one_of(
        &["0", "1", "on", "off", "true", "false", "yes", "no"],
        value,
    )
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn is_internal(name: &str) -> bool {
    name.get(..INTERNAL.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(INTERNAL))
}

fn is_sqlites_own(name: &str) -> bool {
    name.get(..7)
        .is_some_and(|head| head.eq_ignore_ascii_case("sqlite_"))
}

/// The reason to refuse an action, if there is one. Anything not known to be harmless is refused.
fn denial_reason(context: &AuthContext<'_>) -> Option<String> {
    // The change-capture triggers run inside the caller's statement. The accessor may as well be a common table expression
    // of the caller's that has such a name, so all it opens is what the triggers write down of the statement itself.
    let capturing = context.accessor.is_some_and(is_internal);
    let is_hidden = |name: &str| {
        is_one_of(&INNER_TABLES, name)
            || is_internal(name) && !(capturing && is_one_of(&triggers::NAMES, name))
    };
    let hidden = |name: &str| Some(format!("The table {name} is not accessible."));
    match context.action {
        AuthAction::Select | AuthAction::Recursive => None,
        AuthAction::Read { table_name, .. } => {
            let temporary = table_name
                .get(..11)
                .is_some_and(|head| head.eq_ignore_ascii_case("sqlite_temp"));
            if is_hidden(table_name) || temporary {
                hidden(table_name)
            } else {
                None
            }
        }
        AuthAction::Insert { table_name }
        | AuthAction::Delete { table_name }
        | AuthAction::Update { table_name, .. } => {
            if is_sqlites_own(table_name) {
                Some(SCHEMA_HINT.to_owned())
            } else if is_hidden(table_name) {
                hidden(table_name)
            } else {
                None
            }
        }
        AuthAction::Function { function_name }
            if is_hidden(function_name) || is_one_of(&FUNCTIONS, function_name) =>
        {
            Some(format!("The function {function_name} is not accessible."))
        }
        AuthAction::Function { .. } => None,
        AuthAction::Transaction { .. } | AuthAction::Savepoint { .. } => Some(
            "Transaction control is refused over the API; send the statements as one batch."
                .to_owned(),
        ),
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => {
            Some("ATTACH, DETACH and VACUUM are refused over the API.".to_owned())
        }
        // FTS5 looks at it within the caller's statement.
        AuthAction::Pragma {
            pragma_name: "data_version",
            pragma_value: None,
        } => None,
        AuthAction::Pragma {
            pragma_name,
            pragma_value,
        } => {
            if is_one_of(&PRAGMAS, pragma_name)
                || is_one_of(&SWITCHES, pragma_name) && pragma_value.is_none_or(is_switch)
            {
                None
            } else {
                Some(format!("PRAGMA {pragma_name} is refused over the API."))
            }
        }
        _ => Some(SCHEMA_HINT.to_owned()),
    }
}
