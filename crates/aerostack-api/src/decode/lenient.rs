//! The lenient deserializer: wraps another, and carries the wrapping into whatever is nested in it.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
    value::{
        BoolDeserializer, F64Deserializer, I64Deserializer, StringDeserializer, U64Deserializer,
    },
};

use super::{
    PathSegment,
    error::Flaw,
    reading::{Column, Reading, Readings, column},
};

/// What is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A value of the caller's, for the caller's type.
    Value,
    /// An answer of the platform's.
    Answer,
}

/// What a type asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Integer,
    Number,
    Text,
}

/// One pass over a value: how to read it, and what was seen on the way.
pub(super) struct Pass<'r> {
    mode: Mode,
    tracking: Option<Tracking<'r>>,
}

struct Tracking<'r> {
    readings: &'r Readings,
    path: RefCell<Vec<PathSegment>>,
    candidates: RefCell<Vec<Column>>,
    unfit: Cell<Option<(Column, Kind)>>,
}

impl<'r> Pass<'r> {
    /// A pass that keeps no track of where it is.
    pub(super) fn fast(mode: Mode) -> Self {
        Self {
            mode,
            tracking: None,
        }
    }

    pub(super) fn tracking(mode: Mode, readings: &'r Readings) -> Self {
        Self {
            mode,
            tracking: Some(Tracking {
                readings,
                path: RefCell::default(),
                candidates: RefCell::default(),
                unfit: Cell::default(),
            }),
        }
    }

    /// Where the pass ended.
    pub(super) fn into_path(self) -> Vec<PathSegment> {
        self.tracking
            .map(|tracking| tracking.path.into_inner())
            .unwrap_or_default()
    }

    /// The columns in which a 0 or 1 was buffered.
    pub(super) fn take_candidates(&self) -> Vec<Column> {
        self.tracking
            .as_ref()
            .map(|tracking| tracking.candidates.take())
            .unwrap_or_default()
    }

    /// The optional scalar that did not fit.
    pub(super) fn take_unfit(&self) -> Option<(Column, Kind)> {
        self.tracking.as_ref()?.unfit.take()
    }

    #[inline]
    fn depth(&self) -> usize {
        self.tracking
            .as_ref()
            .map_or(0, |tracking| tracking.path.borrow().len())
    }

    /// Goes on to a value beside or below, at the given depth.
    #[inline]
    fn step(&self, depth: usize, segment: impl FnOnce() -> PathSegment) {
        if let Some(tracking) = &self.tracking {
            let mut path = tracking.path.borrow_mut();
            path.truncate(depth);
            path.push(segment());
        }
    }

    #[inline]
    fn back(&self, depth: usize) {
        if let Some(tracking) = &self.tracking {
            tracking.path.borrow_mut().truncate(depth);
        }
    }

    fn reading(&self) -> Option<Reading> {
        let tracking = self.tracking.as_ref()?;
        tracking.readings.at(&tracking.path.borrow())
    }

    /// A 0 or 1 that is buffered: how to give it.
    fn buffered(&self) -> Option<Reading> {
        let tracking = self.tracking.as_ref()?;
        let here = column(&tracking.path.borrow());
        let mut candidates = tracking.candidates.borrow_mut();
        if !candidates.contains(&here) {
            candidates.push(here);
        }
        self.reading()
    }

    fn unfit(&self, kind: Kind) {
        if let Some(tracking) = &self.tracking {
            let here = column(&tracking.path.borrow());
            tracking.unfit.set(Some((here, kind)));
        }
    }
}

/// What the wrapped thing is to what it is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Plain,
    /// The content of an `Option`.
    Optional,
    /// A value whose type takes whatever comes.
    Any,
    /// The key of a map, or the name of a variant.
    Key,
}

pub(super) struct Lenient<'p, D> {
    inner: D,
    pass: &'p Pass<'p>,
    role: Role,
}

impl<'p, D> Lenient<'p, D> {
    pub(super) fn new(inner: D, pass: &'p Pass<'p>) -> Self {
        Self {
            inner,
            pass,
            role: Role::Plain,
        }
    }

    #[inline]
    fn wrap<V>(&self, inner: V) -> Wrap<'p, V> {
        Wrap {
            inner,
            pass: self.pass,
            role: match self.role {
                Role::Key => Role::Key,
                _ => Role::Plain,
            },
        }
    }
}

impl<'p, 'de, D: Deserializer<'de>> Lenient<'p, D> {
    /// A scalar in any form that can be converted into the one asked for.
    fn scalar<V: Visitor<'de>>(self, kind: Kind, visitor: V) -> Result<V::Value, Flaw> {
        let (pass, role) = (self.pass, self.role);
        let scalar = Scalar {
            visitor,
            kind,
            mode: pass.mode,
        };
        self.inner.deserialize_any(scalar).map_err(|error| {
            if role == Role::Optional && pass.mode == Mode::Answer {
                pass.unfit(kind);
            }
            Flaw::from_inner(error)
        })
    }
}

macro_rules! forward {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
            let visitor = self.wrap(visitor);
            self.inner.$method(visitor).map_err(Flaw::from_inner)
        }
    )*};
}

/// Scalars that convert: in values of the caller's where `always`, in answers in any case, in keys never.
macro_rules! convert {
    ($($method:ident: $kind:ident, $always:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
            if self.role != Role::Key && ($always || self.pass.mode == Mode::Answer) {
                return self.scalar(Kind::$kind, visitor);
            }
            let visitor = self.wrap(visitor);
            self.inner.$method(visitor).map_err(Flaw::from_inner)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Lenient<'_, D> {
    type Error = Flaw;

    convert! {
        deserialize_bool: Boolean, true;
        deserialize_i8: Integer, true;
        deserialize_i16: Integer, true;
        deserialize_i32: Integer, true;
        deserialize_i64: Integer, true;
        deserialize_u8: Integer, true;
        deserialize_u16: Integer, true;
        deserialize_u32: Integer, true;
        deserialize_u64: Integer, true;
        deserialize_f32: Number, false;
        deserialize_f64: Number, false;
        deserialize_str: Text, false;
        deserialize_string: Text, false;
    }

    forward! {
        deserialize_i128 deserialize_u128 deserialize_char deserialize_bytes deserialize_byte_buf
        deserialize_unit deserialize_seq deserialize_map deserialize_identifier deserialize_ignored_any
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        let mut visitor = self.wrap(visitor);
        if self.role != Role::Key {
            visitor.role = Role::Any;
        }
        self.inner
            .deserialize_any(visitor)
            .map_err(Flaw::from_inner)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Flaw> {
        if let Some(Reading::Tolerated(kind)) = self.pass.reading() {
            let found = Found::deserialize(self.inner).map_err(Flaw::from_inner)?;
            return found.offer(kind, visitor);
        }
        let visitor = self.wrap(visitor);
        self.inner
            .deserialize_option(visitor)
            .map_err(Flaw::from_inner)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        let visitor = self.wrap(visitor);
        self.inner
            .deserialize_unit_struct(name, visitor)
            .map_err(Flaw::from_inner)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        let mut visitor = self.wrap(visitor);
        visitor.role = self.role;
        self.inner
            .deserialize_newtype_struct(name, visitor)
            .map_err(Flaw::from_inner)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Flaw> {
        let visitor = self.wrap(visitor);
        self.inner
            .deserialize_tuple(len, visitor)
            .map_err(Flaw::from_inner)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        let visitor = self.wrap(visitor);
        self.inner
            .deserialize_tuple_struct(name, len, visitor)
            .map_err(Flaw::from_inner)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        let visitor = self.wrap(visitor);
        self.inner
            .deserialize_struct(name, fields, visitor)
            .map_err(Flaw::from_inner)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        let visitor = self.wrap(visitor);
        self.inner
            .deserialize_enum(name, variants, visitor)
            .map_err(Flaw::from_inner)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Takes a scalar in another form than the one asked for.
struct Scalar<V> {
    visitor: V,
    kind: Kind,
    mode: Mode,
}

/// Up to here every whole number has a double of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// Digits, after a minus or not, as a database driver writes a `bigint`.
fn integer(text: &str) -> Option<Result<u64, i64>> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.parse() {
        Ok(number) => Some(Ok(number)),
        Err(_) => text.parse().ok().map(Err),
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Scalar<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        match self.kind {
            Kind::Text => self.visitor.visit_string(value.to_string()),
            _ => self.visitor.visit_bool(value),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        match (self.kind, value) {
            (Kind::Boolean, 0 | 1) => self.visitor.visit_bool(value == 1),
            (Kind::Boolean, _) => Err(E::invalid_type(Unexpected::Unsigned(value), &self)),
            (Kind::Text, _) => self.visitor.visit_string(value.to_string()),
            _ => self.visitor.visit_u64(value),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        match (self.kind, u64::try_from(value)) {
            (_, Ok(value)) => self.visit_u64(value),
            (Kind::Text, _) => self.visitor.visit_string(value.to_string()),
            _ => self.visitor.visit_i64(value),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        match (self.kind, whole(value)) {
            (Kind::Integer | Kind::Boolean, Some(value)) => self.visit_i64(value),
            (Kind::Text, _) => self.visitor.visit_string(value.to_string()),
            _ => self.visitor.visit_f64(value),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<V::Value, E> {
        match self.kind {
            Kind::Integer => match integer(value) {
                Some(Ok(number)) => self.visitor.visit_u64(number),
                Some(Err(number)) => self.visitor.visit_i64(number),
                None => self.visitor.visit_str(value),
            },
            Kind::Number => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => self.visitor.visit_f64(number),
                _ => self.visitor.visit_str(value),
            },
            Kind::Boolean if self.mode == Mode::Answer => match value {
                "true" | "1" => self.visitor.visit_bool(true),
                "false" | "0" => self.visitor.visit_bool(false),
                _ => self.visitor.visit_str(value),
            },
            _ => self.visitor.visit_str(value),
        }
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<V::Value, E> {
        match self.kind {
            Kind::Text => self.visitor.visit_borrowed_str(value),
            _ => self.visit_str(value),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    /// With serde_json's feature `arbitrary_precision`, which any crate of an application may turn on, a number arrives
    /// as a map of one field.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        match map.next_key::<String>()?.as_deref() {
            Some("$serde_json::private::Number") => {}
            _ => return Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
        let digits: String = map.next_value()?;
        match (integer(&digits), digits.parse::<f64>()) {
            (Some(Ok(number)), _) => self.visit_u64(number),
            (Some(Err(number)), _) => self.visit_i64(number),
            (None, Ok(number)) => self.visit_f64(number),
            (None, Err(_)) => Err(A::Error::invalid_type(Unexpected::Other("number"), &self)),
        }
    }
}

/// A value of an answer, looked at before it is offered to an optional scalar.
enum Found {
    Null,
    Boolean(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    /// An array or an object.
    Compound,
}

impl Found {
    /// Gives the value if it reads as the kind asked for, and nothing if it does not.
    fn offer<'de, V: Visitor<'de>>(self, kind: Kind, visitor: V) -> Result<V::Value, Flaw> {
        let text = match self {
            Self::Null | Self::Compound => return visitor.visit_none(),
            Self::Boolean(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            Self::Signed(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => text,
        };
        match kind {
            Kind::Text => visitor.visit_some(StringDeserializer::<Flaw>::new(text)),
            Kind::Boolean => match text.as_str() {
                "true" | "1" => visitor.visit_some(BoolDeserializer::<Flaw>::new(true)),
                "false" | "0" => visitor.visit_some(BoolDeserializer::<Flaw>::new(false)),
                _ => visitor.visit_none(),
            },
            Kind::Integer => match (integer(&text), text.parse().ok().and_then(whole)) {
                // All integers of the document are signed, of 64 bits.
                (Some(Ok(number)), _) if i64::try_from(number).is_ok() => {
                    visitor.visit_some(U64Deserializer::<Flaw>::new(number))
                }
                (Some(Err(number)), _) | (None, Some(number)) => {
                    visitor.visit_some(I64Deserializer::<Flaw>::new(number))
                }
                _ => visitor.visit_none(),
            },
            Kind::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    visitor.visit_some(F64Deserializer::<Flaw>::new(number))
                }
                _ => visitor.visit_none(),
            },
        }
    }
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Look;

        impl<'de> Visitor<'de> for Look {
            type Value = Found;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_unit<E: Error>(self) -> Result<Found, E> {
                Ok(Found::Null)
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Found, E> {
                Ok(Found::Boolean(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Found, E> {
                Ok(Found::Unsigned(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Found, E> {
                Ok(Found::Signed(value))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Found, E> {
                Ok(Found::Float(value))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Found, E> {
                Ok(Found::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Found, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Found::Compound)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Found::Compound)
            }
        }

        deserializer.deserialize_any(Look)
    }
}

/// Carries the wrapping into whatever a visitor descends to.
struct Wrap<'p, T> {
    inner: T,
    pass: &'p Pass<'p>,
    role: Role,
}

impl<'p, T> Wrap<'p, T> {
    #[inline]
    fn with<U>(&self, inner: U, role: Role) -> Wrap<'p, U> {
        Wrap {
            inner,
            pass: self.pass,
            role,
        }
    }

    #[inline]
    fn key(&self, name: &str) {
        if self.role == Role::Key {
            let depth = self.pass.depth();
            self.pass
                .step(depth, || PathSegment::Field(name.to_owned()));
        }
    }
}

macro_rules! forward_scalars {
    ($($method:ident: $type:ty),* $(,)?) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )*};
}

macro_rules! forward_keys {
    ($($method:ident: $type:ty),* $(,)?) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.key(&value);
            self.inner.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Wrap<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    forward_scalars! {
        visit_bool: bool, visit_i128: i128, visit_u128: u128, visit_f64: f64, visit_bytes: &[u8],
        visit_borrowed_bytes: &'de [u8], visit_byte_buf: Vec<u8>,
    }

    forward_keys! {
        visit_str: &str, visit_borrowed_str: &'de str, visit_string: String,
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        if self.role == Role::Key {
            self.key(&value.to_string());
        }
        self.inner.visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        match (self.role, value) {
            (Role::Any, 0 | 1) => match self.pass.buffered() {
                Some(Reading::Boolean) => self.inner.visit_bool(value == 1),
                Some(Reading::Marked(mark)) => self.inner.visit_u64(mark),
                _ => self.inner.visit_u64(value),
            },
            (Role::Key, _) => {
                self.key(&value.to_string());
                self.inner.visit_u64(value)
            }
            _ => self.inner.visit_u64(value),
        }
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let deserializer = Lenient {
            inner: deserializer,
            pass: self.pass,
            role: Role::Optional,
        };
        self.inner
            .visit_some(deserializer)
            .map_err(D::Error::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        let deserializer = Lenient {
            inner: deserializer,
            pass: self.pass,
            role: self.role,
        };
        self.inner
            .visit_newtype_struct(deserializer)
            .map_err(D::Error::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        let elements = Elements {
            depth: self.pass.depth(),
            index: 0,
            wrap: self.with(seq, Role::Plain),
        };
        self.inner.visit_seq(elements).map_err(A::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let entries = Entries {
            depth: self.pass.depth(),
            wrap: self.with(map, Role::Plain),
        };
        self.inner.visit_map(entries).map_err(A::Error::custom)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        let data = self.with(data, Role::Plain);
        self.inner.visit_enum(data).map_err(A::Error::custom)
    }
}

struct Elements<'p, A> {
    wrap: Wrap<'p, A>,
    depth: usize,
    index: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, A> {
    type Error = Flaw;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Flaw> {
        let index = self.index;
        self.wrap
            .pass
            .step(self.depth, || PathSegment::Index(index));
        self.index += 1;
        let seed = self.wrap.with(seed, Role::Plain);
        let element = self.wrap.inner.next_element_seed(seed);
        if element.is_ok() {
            self.wrap.pass.back(self.depth);
        }
        element.map_err(Flaw::from_inner)
    }

    fn size_hint(&self) -> Option<usize> {
        self.wrap.inner.size_hint()
    }
}

struct Entries<'p, A> {
    wrap: Wrap<'p, A>,
    depth: usize,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'_, A> {
    type Error = Flaw;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Flaw> {
        if self.wrap.pass.tracking.is_none() {
            let key = self.wrap.inner.next_key_seed(seed);
            return key.map_err(Flaw::from_inner);
        }
        self.wrap.pass.back(self.depth);
        let seed = self.wrap.with(seed, Role::Key);
        self.wrap
            .inner
            .next_key_seed(seed)
            .map_err(Flaw::from_inner)
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Flaw> {
        let seed = self.wrap.with(seed, Role::Plain);
        let value = self.wrap.inner.next_value_seed(seed);
        if value.is_ok() {
            self.wrap.pass.back(self.depth);
        }
        value.map_err(Flaw::from_inner)
    }

    fn size_hint(&self) -> Option<usize> {
        self.wrap.inner.size_hint()
    }
}

impl<'p, 'de, A: EnumAccess<'de>> EnumAccess<'de> for Wrap<'p, A> {
    type Error = Flaw;
    type Variant = Wrap<'p, A::Variant>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Self::Variant), Flaw> {
        let pass = self.pass;
        let depth = pass.depth();
        let seed = self.with(seed, Role::Key);
        let (value, inner) = self.inner.variant_seed(seed).map_err(|error| {
            // The name of a variant that does not exist is a value, which no error may quote.
            pass.back(depth);
            Flaw::from_inner(error)
        })?;
        let role = Role::Plain;
        Ok((value, Wrap { inner, pass, role }))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Wrap<'_, A> {
    type Error = Flaw;

    fn unit_variant(self) -> Result<(), Flaw> {
        self.inner.unit_variant().map_err(Flaw::from_inner)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Flaw> {
        let seed = self.with(seed, Role::Plain);
        self.inner
            .newtype_variant_seed(seed)
            .map_err(Flaw::from_inner)
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Flaw> {
        let visitor = self.with(visitor, Role::Plain);
        self.inner
            .tuple_variant(len, visitor)
            .map_err(Flaw::from_inner)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        let visitor = self.with(visitor, Role::Plain);
        self.inner
            .struct_variant(fields, visitor)
            .map_err(Flaw::from_inner)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Wrap<'_, S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let deserializer = Lenient {
            inner: deserializer,
            pass: self.pass,
            role: self.role,
        };
        self.inner
            .deserialize(deserializer)
            .map_err(D::Error::custom)
    }
}
