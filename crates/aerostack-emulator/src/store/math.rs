//! SQLite's mathematical functions, which its bundled build leaves out and the platform has.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};

type One = fn(f64) -> f64;
type Two = fn(f64, f64) -> f64;

const ONE: &[(&str, One)] = &[
    ("acos", f64::acos),
    ("acosh", f64::acosh),
    ("asin", f64::asin),
    ("asinh", f64::asinh),
    ("atan", f64::atan),
    ("atanh", f64::atanh),
    ("cos", f64::cos),
    ("cosh", f64::cosh),
    ("degrees", f64::to_degrees),
    ("exp", f64::exp),
    ("ln", |x| logarithm(x, f64::ln)),
    ("log", |x| logarithm(x, f64::log10)),
    ("log10", |x| logarithm(x, f64::log10)),
    ("log2", |x| logarithm(x, f64::log2)),
    ("radians", f64::to_radians),
    ("sin", f64::sin),
    ("sinh", f64::sinh),
    ("sqrt", f64::sqrt),
    ("tan", f64::tan),
    ("tanh", f64::tanh),
];

const TWO: &[(&str, Two)] = &[
    ("atan2", f64::atan2),
    ("log", |base, x| {
        let base = logarithm(base, f64::ln);
        if base > 0.0 {
            logarithm(x, f64::ln) / base
        } else {
            f64::NAN
        }
    }),
    ("mod", |x, y| x % y),
    ("pow", f64::powf),
    ("power", f64::powf),
];

/// These leave integers as they are.
const ROUNDING: &[(&str, One)] = &[
    ("ceil", f64::ceil),
    ("ceiling", f64::ceil),
    ("floor", f64::floor),
    ("trunc", f64::trunc),
];

fn logarithm(x: f64, of: One) -> f64 {
    if x > 0.0 { of(x) } else { f64::NAN }
}

/// Adds the functions to a connection.
pub(crate) fn install(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    for &(name, of) in ONE {
        connection.create_scalar_function(name, 1, flags, move |context| {
            Ok(real(context, 0).and_then(|x| finite(of(x))))
        })?;
    }
    for &(name, of) in TWO {
        connection.create_scalar_function(name, 2, flags, move |context| {
            let both = real(context, 0).zip(real(context, 1));
            Ok(both.and_then(|(x, y)| finite(of(x, y))))
        })?;
    }
    for &(name, of) in ROUNDING {
        connection.create_scalar_function(name, 1, flags, move |context| {
            Ok(match number(context.get_raw(0)) {
                Some(Value::Real(x)) => Value::Real(of(x)),
                Some(integer) => integer,
                None => Value::Null,
            })
        })?;
    }
    connection.create_scalar_function("pi", 0, flags, |_| Ok(std::f64::consts::PI))
}

/// SQLite stores NaN as NULL.
fn finite(x: f64) -> Option<f64> {
    (!x.is_nan()).then_some(x)
}

fn real(context: &Context<'_>, index: usize) -> Option<f64> {
    match number(context.get_raw(index))? {
        Value::Real(x) => Some(x),
        #[allow(clippy::cast_precision_loss)]
        Value::Integer(n) => Some(n as f64),
        _ => None,
    }
}

/// A number, or a text that looks like one.
fn number(value: ValueRef<'_>) -> Option<Value> {
    match value {
        ValueRef::Integer(n) => Some(Value::Integer(n)),
        ValueRef::Real(x) => Some(Value::Real(x)),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).ok()?.trim_ascii();
            if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
                return None;
            }
            text.parse()
                .map(Value::Integer)
                .or_else(|_| text.parse().map(Value::Real))
                .ok()
        }
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that SQLite's own shell gives, from its documentation and a build that has the functions.
    #[test]
    fn results_are_those_of_sqlites_own() {
        let connection = Connection::open_in_memory().unwrap();
        install(&connection).unwrap();
        for (expression, expected) in [
            ("sqrt(2)", "1.4142135623730"),
            ("sqrt(-1)", "NULL"),
            ("sqrt('16')", "4.0"),
            ("sqrt('a')", "NULL"),
            ("sqrt(NULL)", "NULL"),
            ("sqrt(x'34')", "NULL"),
            ("sqrt('inf')", "NULL"),
            ("pow(2, 3)", "8.0"),
            ("power(2, -1)", "0.5"),
            ("floor(1.5)", "1.0"),
            ("floor(-1.5)", "-2.0"),
            ("ceil(1.2)", "2.0"),
            ("ceiling(3)", "3"),
            ("trunc(-1.7)", "-1.0"),
            ("floor(9007199254740993)", "9007199254740993"),
            ("ln(exp(1))", "1.0"),
            ("ln(0)", "NULL"),
            ("log(100)", "2.0"),
            ("log(2, 8)", "3.0"),
            ("log(1, 8)", "NULL"),
            ("log10(1000)", "3.0"),
            ("log2(8)", "3.0"),
            ("mod(11, 3.5)", "0.5"),
            ("mod(1, 0)", "NULL"),
            ("round(pi(), 6)", "3.141593"),
            ("degrees(pi())", "180.0"),
            ("round(radians(180), 6)", "3.141593"),
            ("round(atan2(1, 1), 6)", "0.785398"),
            ("round(acosh(2), 6)", "1.316958"),
            ("acos(2)", "NULL"),
        ] {
            let shown: String = connection
                .query_row(&format!("SELECT quote({expression})"), [], |row| row.get(0))
                .unwrap();
            let shown = if expression == "sqrt(2)" {
                shown[..15].to_owned()
            } else {
                shown
            };
            assert_eq!(shown, expected, "{expression}");
        }
    }
}
