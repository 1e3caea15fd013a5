//! What SQL sent over the API may do: read and write rows of the project's own tables, for a limited time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Names of the emulator's own tables, triggers and functions begin with this.
pub(crate) const INTERNAL: &str = "_aerostack_";

const SCHEMA_HINT: &str = "Schema changes are refused over the API; they belong to migrations (the emulator's --schema or .schema()).";

#[derive(Default)]
struct Watch {
    armed: AtomicBool,
    refusal: Mutex<Option<String>>,
    deadline: Mutex<Option<Instant>>,
    overran: AtomicBool,
}

/// Installed on a connection once; active only while [`Guard::arm`]'s result lives.
#[derive(Clone, Default)]
pub(crate) struct Guard(Arc<Watch>);

/// Keeps a guard active.
pub(crate) struct Armed<'a>(&'a Guard);

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        self.0.0.armed.store(false, Ordering::Release);
        *lock(&self.0.0.deadline) = None;
    }
}

impl Guard {
    pub(crate) fn install(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let watch = Arc::clone(&self.0);
        connection.authorizer(Some(move |context: AuthContext<'_>| {
            if !watch.armed.load(Ordering::Acquire) {
                return Authorization::Allow;
            }
            match refusal(&context) {
                None => Authorization::Allow,
                Some(reason) => {
                    lock(&watch.refusal).get_or_insert(reason);
                    Authorization::Deny
                }
            }
        }))?;
        let watch = Arc::clone(&self.0);
        connection.progress_handler(
            2_000,
            Some(move || {
                let late = lock(&watch.deadline).is_some_and(|deadline| Instant::now() >= deadline);
                if late {
                    watch.overran.store(true, Ordering::Release);
                }
                late
            }),
        )
    }

    /// Applies the rules to what is prepared and run until the result is dropped.
    pub(crate) fn arm(&self, time: Duration) -> Armed<'_> {
        *lock(&self.0.refusal) = None;
        *lock(&self.0.deadline) = Instant::now().checked_add(time);
        self.0.overran.store(false, Ordering::Release);
        self.0.armed.store(true, Ordering::Release);
        Armed(self)
    }

    /// Why the last statement was refused, when it was this guard that refused it.
    pub(crate) fn take_refusal(&self) -> Option<String> {
        let refusal = lock(&self.0.refusal).take();
        let overran = self.0.overran.swap(false, Ordering::AcqRel);
        refusal.or_else(|| {
            overran.then(|| "The statement ran longer than allowed and was stopped.".to_owned())
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the change-capture triggers use, and nothing else has.
const CAPTURE: [&str; 3] = [
    "_aerostack_changes",
    "_aerostack_in_the_way",
    "_aerostack_columns",
];

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
fn refusal(context: &AuthContext<'_>) -> Option<String> {
    // The change-capture triggers run inside the caller's statement. The accessor may as well be a common table expression
    // of the caller's that has such a name, so all it opens is what the triggers write down of the statement itself.
    let capturing = context.accessor.is_some_and(is_internal);
    let is_hidden = |name: &str| {
        is_one_of(&INNER_TABLES, name)
            || is_internal(name) && !(capturing && is_one_of(&CAPTURE, name))
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
