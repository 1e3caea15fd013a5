//! `/internal/hooks/rpc`: calls of many services in one envelope, `{method, args, projectId}`.
//!
//! Each method runs the operation it stands for, and its arguments and result are given the form that the official server
//! client uses.

use std::collections::HashMap;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::config::Project;
use crate::error::{ApiError, ApiResult};
use crate::http::extract::Json;
use crate::http::operation::{Operation, Routes};
use crate::http::operations::{
    CACHE_DELETE, CACHE_DELETE_MANY, CACHE_EXPIRE, CACHE_FLUSH, CACHE_GET, CACHE_GET_MANY,
    CACHE_INCREMENT, CACHE_KEYS, CACHE_LIST, CACHE_SET, CACHE_SET_MANY, DB_BATCH, DB_QUERY,
    QUEUE_CANCEL_JOB, QUEUE_ENQUEUE, QUEUE_GET_JOB, QUEUE_LIST_JOBS, SECRETS_GET, SOCKET_EMIT,
};
use crate::realtime::{self, Hub};
use crate::services::auth::Auth;

type Raw = Box<RawValue>;

/// What the envelope reaches.
#[derive(Clone)]
pub(crate) struct Rpc {
    pub(crate) hub: Hub,
    pub(crate) project: Project,
    pub(crate) auth: Auth,
    /// Answers operations without asking for credentials: those of the envelope have been checked.
    pub(crate) operations: Router,
}

impl Rpc {
    pub(crate) fn routes(self) -> Routes {
        Routes::new().on(&SOCKET_EMIT, rpc).with_state(self)
    }
}

/// Clients add fields of their own, which are ignored.
#[derive(Deserialize)]
struct Envelope {
    method: String,
    #[serde(default)]
    args: Vec<Raw>,
    #[serde(rename = "projectId")]
    project: Option<String>,
}

/// How a method calls an operation: the fields its arguments stand for, and the form of its result.
struct Method {
    name: &'static str,
    operation: &'static Operation,
    fields: &'static [Field],
    form: Form,
}

#[derive(Clone, Copy)]
enum Field {
    /// The argument is the value of this field; `null` leaves it out.
    Named(&'static str),
    /// The same, and `null` is a value.
    Value(&'static str),
    /// The argument is an object whose fields are the request's.
    Spread,
}

#[derive(Clone, Copy)]
enum Form {
    /// The reply as it is.
    Reply,
    /// One field of the reply, or `null`.
    Field(&'static str),
    /// Rows with `success` and `meta`.
    Rows,
    /// Keys that are called `name`.
    Names,
}

use Field::{Named, Spread, Value as Given};
use Form::{Names, Reply, Rows};

const fn method(
    name: &'static str,
    operation: &'static Operation,
    fields: &'static [Field],
    form: Form,
) -> Method {
    Method {
        name,
        operation,
        fields,
        form,
    }
}

static METHODS: &[Method] = &[
    method(
        "db.query",
        &DB_QUERY,
        &[Named("sql"), Named("params")],
        Rows,
    ),
    method("db.batch", &DB_BATCH, &[Named("queries")], Reply),
    method(
        "cache.get",
        &CACHE_GET,
        &[Named("key")],
        Form::Field("value"),
    ),
    method(
        "cache.set",
        &CACHE_SET,
        &[Named("key"), Given("value"), Named("ttl")],
        Reply,
    ),
    method("cache.delete", &CACHE_DELETE, &[Named("key")], Reply),
    method("cache.list", &CACHE_LIST, &[Named("prefix"), Spread], Names),
    method(
        "cache.keys",
        &CACHE_KEYS,
        &[Named("prefix")],
        Form::Field("keys"),
    ),
    method(
        "cache.getMany",
        &CACHE_GET_MANY,
        &[Named("keys")],
        Form::Field("results"),
    ),
    method("cache.setMany", &CACHE_SET_MANY, &[Named("entries")], Reply),
    method(
        "cache.deleteMany",
        &CACHE_DELETE_MANY,
        &[Named("keys")],
        Reply,
    ),
    method("cache.flush", &CACHE_FLUSH, &[Named("prefix")], Reply),
    method(
        "cache.expire",
        &CACHE_EXPIRE,
        &[Named("key"), Named("ttl")],
        Reply,
    ),
    method(
        "cache.increment",
        &CACHE_INCREMENT,
        &[Named("key"), Named("amount"), Spread],
        Reply,
    ),
    method(
        "queue.enqueue",
        &QUEUE_ENQUEUE,
        &[Named("type"), Given("data"), Named("delay")],
        Reply,
    ),
    method("queue.job", &QUEUE_GET_JOB, &[Named("jobId")], Reply),
    method("queue.jobs", &QUEUE_LIST_JOBS, &[Spread], Reply),
    method("queue.cancel", &QUEUE_CANCEL_JOB, &[Named("jobId")], Reply),
    method(
        "secrets.get",
        &SECRETS_GET,
        &[Named("key")],
        Form::Field("value"),
    ),
];

async fn rpc(State(rpc): State<Rpc>, Json(request): Json<Envelope>) -> ApiResult<Response> {
    if request
        .project
        .as_deref()
        .is_some_and(|named| !rpc.project.is(named))
    {
        return Err(ApiError::forbidden("The key belongs to another project."));
    }
    let args = &request.args;
    match request.method.as_str() {
        "socket.emit" => {
            realtime::emit(&rpc.hub, args)?;
            Ok(axum::Json(json!({ "success": true })).into_response())
        }
        "getUser" => rpc.user(text("getUser", args, 0)?, false).await,
        "getUserByEmail" => rpc.user(text("getUserByEmail", args, 0)?, true).await,
        "sendEmail" => rpc.send_email(args),
        name => match METHODS.iter().find(|method| method.name == name) {
            Some(method) => rpc.run(method, args).await,
            None => Err(ApiError::not_found(format!(
                "There is no method {name:?}; the emulator knows socket.emit, getUser, getUserByEmail, sendEmail, {}.",
                METHODS
                    .iter()
                    .map(|method| method.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        },
    }
}

impl Rpc {
    async fn user(&self, wanted: String, by_email: bool) -> ApiResult<Response> {
        let user = self.auth.look_up(wanted, by_email).await?;
        Ok(axum::Json(user).into_response())
    }

    fn send_email(&self, args: &[Raw]) -> ApiResult<Response> {
        #[derive(Deserialize)]
        struct Mail {
            to: String,
            subject: String,
            #[serde(alias = "html", alias = "text")]
            body: String,
        }
        let mail = match args {
            [mail] => serde_json::from_str(mail.get()).map_err(|error| {
                ApiError::validation(format!("sendEmail: args[0] does not fit: {error}"))
            })?,
            _ => Mail {
                to: text("sendEmail", args, 0)?,
                subject: text("sendEmail", args, 1)?,
                body: text("sendEmail", args, 2)?,
            },
        };
        if !mail.to.contains('@') || mail.to.chars().any(char::is_control) {
            return Err(ApiError::validation(
                "sendEmail: to is not an email address",
            ));
        }
        self.auth
            .mailbox
            .send_mail(&mail.to, &mail.subject, &mail.body);
        Ok(axum::Json(json!({ "success": true })).into_response())
    }

    async fn run(&self, method: &Method, args: &[Raw]) -> ApiResult<Response> {
        let fields = fields(method, args)?;
        let body = serde_json::to_vec(&fields).map_err(internal)?;
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method.operation.method.clone();
        *request.uri_mut() = method.operation.path.parse().map_err(internal)?;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        let response = match self.operations.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        if !response.status().is_success() {
            return Ok(response);
        }
        let body = response.into_body().collect().await.map_err(internal)?;
        Ok(axum::Json(method.form.of(&body.to_bytes())?).into_response())
    }
}

/// The request that the arguments stand for.
fn fields(method: &Method, args: &[Raw]) -> ApiResult<HashMap<String, Raw>> {
    if args.len() > method.fields.len() {
        return Err(ApiError::validation(format!(
            "{} takes at most {} arguments",
            method.name,
            method.fields.len()
        )));
    }
    let mut fields = HashMap::new();
    for (index, (field, arg)) in method.fields.iter().zip(args).enumerate() {
        let is_null = arg.get() == "null";
        match field {
            Given(name) => {
                fields.insert((*name).to_owned(), arg.clone());
            }
            Named(name) if !is_null => {
                fields.insert((*name).to_owned(), arg.clone());
            }
            Spread if !is_null => {
                let more: HashMap<String, Raw> =
                    serde_json::from_str(arg.get()).map_err(|error| {
                        let name = method.name;
                        ApiError::validation(format!("{name}: args[{index}] is no object: {error}"))
                    })?;
                fields.extend(more.into_iter().filter(|(_, value)| value.get() != "null"));
            }
            Named(_) | Spread => {}
        }
    }
    Ok(fields)
}

impl Form {
    fn of(self, reply: &[u8]) -> ApiResult<Raw> {
        if matches!(self, Reply) {
            let text = String::from_utf8(reply.to_vec()).map_err(internal)?;
            return RawValue::from_string(text).map_err(internal);
        }
        let mut fields: HashMap<String, Raw> = serde_json::from_slice(reply).map_err(internal)?;
        let mut take = |name: &str| {
            fields
                .remove(name)
                .unwrap_or_else(|| RawValue::NULL.to_owned())
        };
        match self {
            Self::Field(name) => Ok(take(name)),
            Rows => {
                #[derive(Serialize)]
                struct Answer {
                    results: Raw,
                    success: bool,
                    meta: Meta,
                }
                #[derive(Serialize)]
                #[serde(rename_all = "camelCase")]
                struct Meta {
                    target: &'static str,
                    row_count: Raw,
                }
                let meta = Meta {
                    target: "d1",
                    row_count: take("count"),
                };
                to_raw_value(&Answer {
                    results: take("results"),
                    success: true,
                    meta,
                })
                .map_err(internal)
            }
            Names | Reply => {
                let mut reply: Value = serde_json::from_slice(reply).map_err(internal)?;
                for key in reply["keys"].as_array_mut().into_iter().flatten() {
                    key["name"] = key["key"].clone();
                }
                to_raw_value(&reply).map_err(internal)
            }
        }
    }
}

fn text(method: &str, args: &[Raw], index: usize) -> ApiResult<String> {
    args.get(index)
        .and_then(|arg| serde_json::from_str(arg.get()).ok())
        .ok_or_else(|| ApiError::validation(format!("{method}: args[{index}] has to be text")))
}

fn internal(error: impl std::fmt::Display) -> ApiError {
    ApiError::internal(error.to_string())
}
