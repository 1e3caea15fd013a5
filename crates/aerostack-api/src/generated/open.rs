// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

//! Enums of the platform. Each is open: a value it does not know arrives as `Other` and can be sent back.

use crate::open_enum;

open_enum! {
    /// Who speaks.
    pub enum ChatRole {
        /// `system`
        System = "system",
        /// `user`
        User = "user",
        /// `assistant`
        Assistant = "assistant",
    }
}

open_enum! {
    /// Which family of texts the search index is made for.
    pub enum EmbeddingModel {
        /// `english`
        English = "english",
        /// `multilingual`
        Multilingual = "multilingual",
    }
}

open_enum! {
    /// Why the model stopped. `length` means that `max_tokens` or the model's own limit cut the text off.
    pub enum FinishReason {
        /// `stop`
        Stop = "stop",
        /// `length`
        Length = "length",
        /// `content_filter`
        ContentFilter = "content_filter",
    }
}

open_enum! {
    /// Where a job stands. `completed`, `failed` and `cancelled` are final.
    pub enum JobState {
        /// `queued`
        Queued = "queued",
        /// `processing`
        Processing = "processing",
        /// `completed`
        Completed = "completed",
        /// `failed`
        Failed = "failed",
        /// `cancelled`
        Cancelled = "cancelled",
    }
}

open_enum! {
    /// The platform function to run. The same path takes all functions of the platform's own workers; these have no
    /// path of their own.
    pub enum RpcMethod {
        /// `socket.emit`
        SocketEmit = "socket.emit",
        /// `getUser`
        GetUser = "getUser",
        /// `getUserByEmail`
        GetUserByEmail = "getUserByEmail",
        /// `sendEmail`
        SendEmail = "sendEmail",
    }
}
