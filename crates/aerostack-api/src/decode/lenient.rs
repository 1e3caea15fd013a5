//! The lenient deserializer: wraps another, and carries the wrapping into whatever is nested in it.

mod scalar;
mod wrap;

use std::cell::{Cell, RefCell};

use serde::de::{Deserialize, Deserializer, Visitor};

use scalar::{Found, Scalar};
use wrap::Wrap;

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
