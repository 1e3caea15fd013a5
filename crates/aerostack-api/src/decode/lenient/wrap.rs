//! Visitors, sequences, maps and enums that wrap what is nested in them.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::{Lenient, Pass, Role};
use crate::decode::{PathSegment, error::Flaw, reading::Reading};

/// Carries the wrapping into whatever a visitor descends to.
pub(super) struct Wrap<'p, T> {
    pub(super) inner: T,
    pub(super) pass: &'p Pass<'p>,
    pub(super) role: Role,
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
