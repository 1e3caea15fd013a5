//! The faults, and what each means for a call.

use std::time::Duration;

use crate::Treatment;
use crate::faults::edge::Refusal;
use aerostack::ErrorKind;
use aerostack_emulator::Fault;

/// Who causes a fault.
#[derive(Clone, Copy)]
pub enum Cause {
    /// No name server knows the host.
    NoSuchHost,
    /// Nobody listens.
    Refused,
    /// The way there.
    Way(Treatment),
    /// What the server shows when it is spoken to with TLS.
    Certificate(Certificate),
    /// The way there, as TLS begins.
    Handshake(Treatment),
    /// The port speaks no TLS.
    NoTls,
    /// The edge before the platform, by the rules of HTTP/2.
    Edge(Refusal),
    /// The proxy that the program names.
    Proxy,
    /// The platform.
    Platform(fn() -> Fault),
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    UnknownAuthority,
    OtherHost,
    Expired,
}

/// Which calls are repeated after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeated {
    All,
    Harmless,
    None,
}

pub struct Entry {
    pub name: &'static str,
    pub cause: Cause,
    pub kind: ErrorKind,
    pub repeated: Repeated,
}

impl Entry {
    /// Whether the client knows that the platform cannot have heard of the call.
    pub fn is_before_sending(&self) -> bool {
        matches!(self.kind, ErrorKind::Connect | ErrorKind::Tls)
    }

    /// Whether the client knows that the platform did nothing. A refusal is sent, and known to be one.
    pub fn is_without_effect(&self) -> bool {
        use ErrorKind::{BadRequest, RateLimited, Unauthorized};
        let refused = matches!(self.kind, BadRequest | RateLimited | Unauthorized);
        self.is_before_sending()
            || matches!(self.cause, Cause::Edge(_))
            || refused && self.repeated != Repeated::Harmless
    }

    /// Whether no client that meets it ever gets further.
    pub fn is_permanent(&self) -> bool {
        !matches!(
            self.cause,
            Cause::Way(_) | Cause::Platform(_) | Cause::Handshake(_) | Cause::Edge(_)
        )
    }

    /// Whether nothing but a time limit ends the attempt.
    pub fn is_silent(&self) -> bool {
        self.kind == ErrorKind::Timeout
    }
}

/// Between two bytes: long enough that no answer is whole before the time limit.
const PAUSE: Duration = Duration::from_millis(500);

macro_rules! entries {
    ($($name:literal: $cause:expr => $kind:ident, $repeated:ident;)*) => {
        vec![$(Entry {
            name: $name,
            cause: $cause,
            kind: ErrorKind::$kind,
            repeated: Repeated::$repeated,
        }),*]
    };
}

/// Where a fault can strike before or after the platform acts, it acts first: the worst for calls that count.
pub fn all() -> Vec<Entry> {
    use Cause::{Edge, Handshake, NoSuchHost, NoTls, Platform, Proxy, Refused, Way};
    let certificate = Cause::Certificate;
    entries! {
        "the host has no address": NoSuchHost => Connect, All;
        "connection refused": Refused => Connect, All;
        "TLS: a certificate of an unknown authority": certificate(Certificate::UnknownAuthority) => Tls, None;
        "TLS: a certificate of another host": certificate(Certificate::OtherHost) => Tls, None;
        "TLS: an expired certificate": certificate(Certificate::Expired) => Tls, None;
        "TLS: the port speaks none": NoTls => Tls, None;
        "TLS: closed within the handshake": Handshake(Treatment::Close) => Connect, All;
        "TLS: reset within the handshake": Handshake(Treatment::ResetWithinRequest(40)) => Connect, All;
        "TLS: silence within the handshake": Handshake(Treatment::Silence) => Timeout, Harmless;
        "HTTP/2: the stream is refused": Edge(Refusal::Stream) => Interrupted, All;
        "HTTP/2: the server goes away before the request": Edge(Refusal::Connection) => Interrupted, All;
        "a proxy that nobody runs": Proxy => Connect, All;
        "closed before the request is read": Way(Treatment::Close) => Interrupted, Harmless;
        "reset before the request is read": Way(Treatment::Reset) => Interrupted, Harmless;
        "reset within the request": Way(Treatment::ResetWithinRequest(40)) => Interrupted, Harmless;
        "half-open: accepted, then silence": Way(Treatment::Silence) => Timeout, Harmless;
        "the answer is lost on the way": Way(Treatment::SwallowAnswer) => Timeout, Harmless;
        "reset on the way when the answer comes": Way(Treatment::ResetAtAnswer) => Interrupted, Harmless;
        "closed before the headers": Platform(|| Fault::close().after_effect()) => Interrupted, Harmless;
        "reset before the headers": Platform(|| Fault::reset().after_effect()) => Interrupted, Harmless;
        "silence before the headers": Platform(|| Fault::hang().after_effect()) => Timeout, Harmless;
        "closed within the headers": Platform(Fault::close_within_headers) => Interrupted, Harmless;
        "reset within the headers": Platform(|| Fault::close_within_headers().by_reset()) => Interrupted, Harmless;
        "closed after the headers": Platform(Fault::close_after_headers) => Truncated, Harmless;
        "reset after the headers": Platform(|| Fault::close_after_headers().by_reset()) => Truncated, Harmless;
        "silence after the headers": Platform(|| Fault::close_after_headers().by_silence()) => Timeout, Harmless;
        "headers dripping in": Platform(|| Fault::slow_headers(PAUSE)) => Timeout, Harmless;
        "body dripping in": Platform(|| Fault::drip(PAUSE)) => Timeout, Harmless;
        "truncated body": Platform(|| Fault::truncate_body(3)) => Truncated, Harmless;
        "silence within the body": Platform(|| Fault::truncate_body(3).by_silence()) => Timeout, Harmless;
        "shorter than its Content-Length": Platform(|| Fault::wrong_length(9)) => Truncated, Harmless;
        "longer than its Content-Length": Platform(|| Fault::wrong_length(-3)) => Decode, None;
        "bytes that are not HTTP": Platform(|| Fault::garbage(*b"\x16\x03\x01 not http\r\n\r\n").after_effect()) => Interrupted, Harmless;
        "JSON that is none": Platform(|| Fault::answer(200, "application/json", "{\"success\":").after_effect()) => Decode, None;
        "JSON of another shape": Platform(|| Fault::answer(200, "application/json", "[[]]").after_effect()) => Decode, None;
        "HTML with status 200": Platform(|| Fault::html(200).after_effect()) => Decode, None;
        "HTML with status 502": Platform(|| Fault::html(502).after_effect()) => Server, Harmless;
        "status 408": Platform(|| Fault::status(408).after_effect()) => BadRequest, Harmless;
        "status 500": Platform(|| Fault::status(500).after_effect()) => Server, Harmless;
        "status 501": Platform(|| Fault::status(501).after_effect()) => Server, None;
        "status 503": Platform(|| Fault::status(503).after_effect()) => Server, Harmless;
        "status 421": Platform(|| Fault::status(421)) => BadRequest, All;
        "status 425": Platform(|| Fault::status(425)) => BadRequest, All;
        "status 400": Platform(|| Fault::status(400)) => BadRequest, None;
        "status 401": Platform(|| Fault::status(401)) => Unauthorized, None;
        "429 with Retry-After in seconds": Platform(|| Fault::rate_limited("0")) => RateLimited, All;
        "429 with Retry-After as a date": Platform(|| Fault::rate_limited("Wed, 21 Oct 2015 07:28:00 GMT")) => RateLimited, All;
        "429 with X-RateLimit-Reset": Platform(|| Fault::status(429).header("x-ratelimit-reset", "1445412480")) => RateLimited, All;
        "429 with a wait of more than 30 s": Platform(|| Fault::rate_limited("31")) => RateLimited, None;
        "429 with a wait beyond the deadline": Platform(|| Fault::rate_limited("86400")) => RateLimited, None;
        "an encoding nobody asked for": Platform(|| Fault::content_encoding("gzip")) => Protocol, None;
        "redirect to itself, without end": Platform(|| Fault::redirect("/").after_effect()) => Protocol, None;
        "redirect to another host": Platform(|| Fault::redirect("https://elsewhere.invalid/").after_effect()) => Protocol, None;
    }
}
