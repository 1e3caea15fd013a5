//! What SQL sent over the API may do: read and write rows of the project's own tables, for a limited time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::store::INTERNAL;
use crate::store::cdc::triggers;

const SCHEMA_HINT: &str = "Schema changes are refused over the API; they belong to migrations (the emulator's --schema or .schema()).";

#[derive(Default)]
struct State {
    active: AtomicBool,
    denial: Mutex<Option<String>>,
    deadline: Mutex<Option<Instant>>,
    overran: AtomicBool,
}

/// Installed on a connection once; active only while [`Authorizer::arm`]'s result lives.
#[derive(Clone, Default)]
pub(crate) struct Authorizer(Arc<State>);

/// Keeps the authorizer active.
pub(crate) struct Scope<'a>(&'a Authorizer);

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.0.0.active.store(false, Ordering::Release);
        *self.0.0.deadline.lock() = None;
    }
}

impl Authorizer {
    pub(crate) fn install(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let state = Arc::clone(&self.0);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            if !state.active.load(Ordering::Acquire) {
                return Authorization::Allow;
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
                let late = state
                    .deadline
                    .lock()
                    .is_some_and(|deadline| Instant::now() >= deadline);
                if late {
                    state.overran.store(true, Ordering::Release);
                }
                late
            }),
        )
    }

    /// Applies the rules to what is prepared and run until the result is dropped.
    pub(crate) fn arm(&self, time: Duration) -> Scope<'_> {
        *self.0.denial.lock() = None;
        *self.0.deadline.lock() = Instant::now().checked_add(time);
        self.0.overran.store(false, Ordering::Release);
        self.0.active.store(true, Ordering::Release);
        Scope(self)
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
        AuthAction::Pragma { pragma_name, .. } => {
            Some(format!("PRAGMA {pragma_name} is refused over the API."))
        }
        _ => Some(SCHEMA_HINT.to_owned()),
    }
}
