// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

//! Enums of the platform. Each is open: a value it does not know arrives as `Unknown` and can be sent back.
