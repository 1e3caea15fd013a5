//! Several values at once.

use super::{IntoValue, Value};

/// Values for all placeholders of a statement, in order: a tuple of up to 16, an array, a slice or a `Vec`.
///
/// ```
/// use aerostack::db::Statement;
///
/// let insert = Statement::new("INSERT INTO tags (name, weight) VALUES (?, ?)").params(("red", 3));
/// let either = Statement::new("SELECT * FROM tags WHERE name IN (?, ?)").params(["red", "blue"]);
/// let same = Statement::from(("INSERT INTO tags (name, weight) VALUES (?, ?)", ("red", 3)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the parameters of a statement",
    label = "not a tuple, array, slice or Vec of bindable values",
    note = "give a tuple such as `.params((id, name))`, one value with `.bind(id)`, or an iterator with `.bind_all(ids)`",
    note = "every member must be bindable: a number, a bool, text, bytes, an `Option` of those, `serde_json::Value`, or \
            `db::Json(..)` around anything that serializes"
)]
pub trait IntoParams {
    /// The values, in the order of the placeholders.
    fn into_params(self) -> Vec<Value>;
}

impl IntoParams for () {
    fn into_params(self) -> Vec<Value> {
        Vec::new()
    }
}

impl<V: IntoValue, const N: usize> IntoParams for [V; N] {
    fn into_params(self) -> Vec<Value> {
        self.into_iter().map(IntoValue::into_value).collect()
    }
}

impl<V: IntoValue + Clone, const N: usize> IntoParams for &[V; N] {
    fn into_params(self) -> Vec<Value> {
        self.as_slice().into_params()
    }
}

impl<V: IntoValue + Clone> IntoParams for &[V] {
    fn into_params(self) -> Vec<Value> {
        self.iter().cloned().map(IntoValue::into_value).collect()
    }
}

impl<V: IntoValue> IntoParams for Vec<V> {
    fn into_params(self) -> Vec<Value> {
        self.into_iter().map(IntoValue::into_value).collect()
    }
}

impl<V: IntoValue + Clone> IntoParams for &Vec<V> {
    fn into_params(self) -> Vec<Value> {
        self.as_slice().into_params()
    }
}

macro_rules! tuples {
    ($($($name:ident)+;)*) => {$(
        impl<$($name: IntoValue),+> IntoParams for ($($name,)+) {
            fn into_params(self) -> Vec<Value> {
                #[allow(non_snake_case, reason = "the types' names serve for the values")]
                let ($($name,)+) = self;
                vec![$($name.into_value()),+]
            }
        }
    )*};
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
    A B C D E F G;
    A B C D E F G H;
    A B C D E F G H I;
    A B C D E F G H I J;
    A B C D E F G H I J K;
    A B C D E F G H I J K L;
    A B C D E F G H I J K L M;
    A B C D E F G H I J K L M N;
    A B C D E F G H I J K L M N O;
    A B C D E F G H I J K L M N O P;
}
