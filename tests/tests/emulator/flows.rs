//! What people do with the platform, service by service: write, read back, see it gone.

mod accounts;
mod ai;
mod cache;
mod db;
mod project;
mod queue;
mod realtime;
mod storage;

use futures_util::future::BoxFuture;

use crate::stage::Stage;

/// A scenario. It ends in an error where the local platform does not do what it should.
pub(crate) struct Flow {
    pub(crate) name: &'static str,
    pub(crate) run: for<'a> fn(&'a Stage) -> BoxFuture<'a, anyhow::Result<()>>,
}

macro_rules! flows {
    ($($service:ident: $($name:ident),+;)*) => {
        &[$($(Flow {
            name: stringify!($name),
            run: |stage| Box::pin($service::$name(stage)),
        },)+)*]
    };
}

/// All scenarios.
pub(crate) const FLOWS: &[Flow] = flows! {
    db: rows_are_written_and_read, a_batch_holds_together, bad_sql_is_a_typed_error;
    accounts: a_user_registers_and_leaves, a_forgotten_password_is_reset, a_code_signs_in, servers_manage_accounts;
    cache: values_live_and_expire, keys_are_found_and_flushed, numbers_are_counted;
    storage: a_file_is_kept, files_are_listed_copied_and_moved;
    queue: a_job_is_sent_and_done, waiting_jobs_are_listed_and_cancelled;
    ai: a_chat_is_answered_whole_and_in_pieces, texts_become_vectors, entries_are_found_by_meaning,
        consumers_pay_for_what_they_use;
    project: services_and_functions_are_called, items_are_collected, secrets_are_read;
    realtime: kept_messages_are_the_history, servers_emit_to_subscribers;
};

/// The error that a call must end in.
pub(crate) fn refused<T: std::fmt::Debug>(
    result: Result<T, aerostack::Error>,
    status: u16,
    code: &str,
) -> anyhow::Result<()> {
    let Err(error) = result else {
        anyhow::bail!("no {status} but {result:?}")
    };
    let got = (error.status(), error.code().map(ToString::to_string));
    anyhow::ensure!(
        got == (Some(status), Some(code.to_owned())),
        "{got:?} instead of {status} {code}: {error}"
    );
    Ok(())
}
