//! The rules as data. An exception needs a reason, and goes when it is not needed any more.

/// Where modules of a crate may stand, from the top to the bottom: a layer may import those below it.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) name: &'static str,
    /// Modules with all that is in them. The longest match counts.
    pub(super) rooms: &'static [&'static str],
    /// Whether its rooms may not import each other.
    pub(super) apart: bool,
}

/// An import against the direction.
#[derive(Debug)]
pub(super) struct Exception {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) reason: &'static str,
}

/// Modules that may need each other.
#[derive(Debug)]
pub(super) struct Circle {
    pub(super) modules: &'static [&'static str],
    pub(super) reason: &'static str,
}

/// The rules of a crate.
#[derive(Debug)]
pub(super) struct Crate {
    pub(super) name: &'static str,
    pub(super) folder: &'static str,
    /// The crates of this workspace it may depend on.
    pub(super) needs: &'static [&'static str],
    /// None: only circles are looked for.
    pub(super) layers: &'static [Layer],
    pub(super) exceptions: &'static [Exception],
    pub(super) circles: &'static [Circle],
}

/// A layer whose rooms may import each other, as long as no circle comes of it.
const fn layer(name: &'static str, rooms: &'static [&'static str]) -> Layer {
    Layer {
        name,
        rooms,
        apart: false,
    }
}

pub(super) const CRATES: &[Crate] = &[
    Crate {
        name: "aerostack-api",
        folder: "crates/aerostack-api",
        needs: &[],
        layers: &[
            layer("generated code", &["generated"]),
            layer(
                "calls",
                &[
                    "exchange",
                    "attempt",
                    "request",
                    "form",
                    "body_stream",
                    "sse",
                    "trace",
                ],
            ),
            layer("transport", &["transport", "pool"]),
            layer(
                "settings of calls",
                &["observer", "options", "response", "retry"],
            ),
            layer(
                "errors and time",
                &["backoff", "clock", "effect", "error", "error_body", "http"],
            ),
            layer(
                "values",
                &[
                    "decode",
                    "decode_error",
                    "finite",
                    "open_enum",
                    "operation",
                    "origin",
                    "parameter",
                    "proxy",
                    "raw_json",
                    "request_id",
                    "secret",
                ],
            ),
        ],
        exceptions: &[],
        circles: &[
            Circle {
                modules: &["effect", "error"],
                reason: "an error says what it knows of the effect, and the effect follows from the error",
            },
            Circle {
                modules: &[
                    "decode::lenient",
                    "decode::lenient::scalar",
                    "decode::lenient::wrap",
                    "decode::reading",
                ],
                reason: "one decoder: a pass reads, and what it saw decides how the next one reads",
            },
        ],
    },
    Crate {
        name: "aerostack-realtime",
        folder: "crates/aerostack-realtime",
        needs: &["aerostack-api"],
        layers: &[
            layer("handles", &["client"]),
            layer("the connection's task", &["task"]),
            layer(
                "shared by handles and task",
                &["shared", "settings", "status"],
            ),
            layer(
                "queues and the network",
                &["queue", "transport", "token", "trace"],
            ),
            layer("protocol", &["protocol"]),
            layer("errors and counters", &["counters", "error"]),
        ],
        exceptions: &[],
        circles: &[Circle {
            modules: &["client::channel", "client::rows"],
            reason: "handles that give each other",
        }],
    },
    Crate {
        name: "aerostack",
        folder: "crates/aerostack",
        needs: &["aerostack-api", "aerostack-realtime"],
        layers: &[
            layer("face", &["handles", "axum", "signposts", "worker"]),
            Layer {
                name: "services",
                rooms: &[
                    "ai",
                    "auth",
                    "cache",
                    "collections",
                    "db",
                    "functions",
                    "gateway",
                    "mail",
                    "queue",
                    "raw_request",
                    "search",
                    "secrets",
                    "services",
                    "socket",
                    "storage",
                ],
                apart: true,
            },
            layer("calls", &["call", "page", "rpc"]),
            layer("client", &["client"]),
            layer("values", &["decode", "input", "observer", "route"]),
            layer("errors", &["error", "code", "db::outcome", "db::violation"]),
        ],
        exceptions: &[Exception {
            from: "gateway",
            to: "ai",
            reason: "a gateway's chat is the AI's chat with another address and credential",
        }],
        circles: &[
            Circle {
                modules: &["ai::chat", "ai::completion", "ai::stream", "ai::wire"],
                reason: "a chat gives completions and streams, and all are read from the same shapes",
            },
            Circle {
                modules: &["db::batch", "db::chunked"],
                reason: "`Batch::chunked` gives a `Chunked`, which sends batches",
            },
            Circle {
                modules: &["db::columns", "db::value"],
                reason: "values of columns bind as values, and a value can be one of them",
            },
        ],
    },
    Crate {
        name: "aerostack-emulator",
        folder: "crates/aerostack-emulator",
        needs: &[],
        layers: &[
            layer("face", &["emulator", "builder"]),
            layer("composition", &["platform", "project", "start_error"]),
            layer("console", &["console"]),
            layer("envelope", &["rpc"]),
            layer("test kit", &["test_kit"]),
            Layer {
                name: "services",
                rooms: &[
                    "services",
                    "services::ai",
                    "services::auth",
                    "services::cache",
                    "services::collections",
                    "services::db",
                    "services::functions",
                    "services::gateway",
                    "services::invoke",
                    "services::queue",
                    "services::search",
                    "services::secrets",
                    "services::storage",
                    "realtime",
                ],
                apart: true,
            },
            layer("shared by services", &["services::callbacks"]),
            layer("http", &["http"]),
            layer("store", &["store"]),
            layer(
                "basics",
                &["clock", "config", "embedding", "error", "tasks"],
            ),
        ],
        exceptions: &[],
        circles: &[
            Circle {
                modules: &["builder", "emulator"],
                reason: "`Emulator::builder` and `EmulatorBuilder::start` give each other",
            },
            Circle {
                modules: &["http::operation", "http::operations"],
                reason: "the type of an operation and the generated table of them",
            },
            Circle {
                modules: &[
                    "realtime::connection",
                    "realtime::connection::handshake",
                    "realtime::faults",
                    "realtime::hub",
                    "realtime::hub::presence",
                    "realtime::hub::state",
                ],
                reason: "the hub and its connections hold each other, with the faults that strike both",
            },
            Circle {
                modules: &["services::ai::chat", "services::ai::echo"],
                reason: "the echo answers what a chat asks",
            },
        ],
    },
    Crate {
        name: "aerostack-contract",
        folder: "tests",
        needs: &[
            "aerostack-api",
            "aerostack-realtime",
            "aerostack",
            "aerostack-emulator",
            "aerostack-test-support",
        ],
        layers: &[],
        exceptions: &[],
        circles: &[],
    },
    Crate {
        name: "aerostack-test-support",
        folder: "crates/aerostack-test-support",
        needs: &["aerostack", "aerostack-emulator", "aerostack-realtime"],
        layers: &[],
        exceptions: &[],
        circles: &[],
    },
    Crate {
        name: "xtask",
        folder: "xtask",
        needs: &[],
        layers: &[],
        exceptions: &[],
        circles: &[],
    },
];

/// How the first line of a generated file starts.
pub(super) const GENERATED: &str = "// Generated ";

/// The lines a file may have without a reason.
pub(super) const LINES: usize = 500;

/// Longer files, and why they are one.
pub(super) const LONG_FILES: &[(&str, &str)] = &[
    (
        "crates/aerostack-emulator/tests/it/auth.rs",
        "the statements about one service",
    ),
    (
        "crates/aerostack-emulator/tests/it/db.rs",
        "the statements about one service",
    ),
    (
        "crates/aerostack-realtime/tests/it/outbound.rs",
        "the statements about one direction",
    ),
    (
        "tests/tests/faults/load.rs",
        "one load, its books and its statements",
    ),
    (
        "crates/aerostack/tests/it/ai.rs",
        "the statements about one service",
    ),
];

/// Folders whose imports stand on lines of their own.
pub(super) const SEPARATE_IMPORTS: &[&str] = &[
    "crates/aerostack-api",
    "crates/aerostack-emulator",
    "crates/aerostack-realtime",
    "tests",
    "xtask",
];

/// What is known and being taken apart: where, and a part of the text.
pub(super) const PENDING: &[(&str, &str)] = &[];
