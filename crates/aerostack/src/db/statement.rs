//! A statement with its values.

use std::borrow::Cow;

use aerostack_api::RawJson;

use super::{
    IntoParams, IntoValue, Value,
    sql::{self, Token},
};
use crate::Error;

/// One statement with its values.
///
/// ```
/// use aerostack::db::Statement;
///
/// let insert = Statement::new("INSERT INTO tags (name, weight) VALUES (?, ?)").bind("red").bind(3);
/// let same = Statement::from(("INSERT INTO tags (name, weight) VALUES (?, ?)", ("red", 3)));
/// ```
///
/// # Placeholders
/// `?` takes the next value. Named parameters (`:name`, `@name`, `$name`) take the value given to
/// [`bind_named`](Self::bind_named) under their name, as often as they occur; the platform knows `?` only, so they are
/// rewritten before the statement is sent. One statement uses one of the two forms.
#[derive(Debug, Clone)]
pub struct Statement {
    sql: String,
    values: Vec<Value>,
    named: Vec<(String, Value)>,
}

impl Statement {
    /// A statement without values.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            values: Vec::new(),
            named: Vec::new(),
        }
    }

    /// Binds the next `?`.
    #[must_use]
    pub fn bind(mut self, value: impl IntoValue) -> Self {
        self.values.push(value.into_value());
        self
    }

    /// Binds the next `?` once for each value, in order.
    #[must_use]
    pub fn bind_all<V: IntoValue>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values
            .extend(values.into_iter().map(IntoValue::into_value));
        self
    }

    /// Binds the next placeholders to the members of a tuple, an array or a slice.
    #[must_use]
    pub fn params(mut self, values: impl IntoParams) -> Self {
        self.values.extend(values.into_params());
        self
    }

    /// Binds a named parameter, wherever it occurs. The prefix may be left out: `"name"` binds `:name`, `@name` and
    /// `$name`.
    #[must_use]
    pub fn bind_named(mut self, name: impl Into<String>, value: impl IntoValue) -> Self {
        self.named.push((name.into(), value.into_value()));
        self
    }

    /// Binds the next `?`, which stands alone in the parentheses of an `IN`, to all of a list's members.
    ///
    /// ```
    /// use aerostack::db::Statement;
    ///
    /// let some = Statement::new("SELECT * FROM users WHERE id IN (?) AND active = ?").bind_list([3, 5, 8]).bind(true);
    /// ```
    ///
    /// The list travels as one parameter, read with SQLite's `json_each`, so that its length is not limited and an empty
    /// list matches nothing. Bytes cannot be members.
    #[must_use]
    pub fn bind_list<V: IntoValue>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values.push(Value::list(
            values.into_iter().map(IntoValue::into_value).collect(),
        ));
        self
    }

    /// Whether the statement surely changes nothing.
    pub(super) fn only_reads(&self) -> bool {
        sql::only_reads(&self.sql)
    }

    pub(super) fn into_wire(self) -> Result<(String, Option<RawJson>), Error> {
        if self.sql.trim().is_empty() {
            return Err(Error::invalid_input("the SQL statement is empty"));
        }
        if self.sql.contains('\0') {
            return Err(Error::invalid_input(
                "the SQL statement contains a NUL character, where SQLite would stop reading",
            ));
        }
        let (sql, values) = if !self.named.is_empty() {
            self.positional()?
        } else if self.values.iter().any(Value::is_list) {
            let sql = with_lists(&self.sql, &self.values)?;
            (sql, self.values)
        } else {
            (self.sql, self.values)
        };
        for (index, value) in values.iter().enumerate() {
            value.check(index + 1)?;
        }
        let params = (!values.is_empty())
            .then(|| RawJson::encode(&values))
            .transpose()
            .map_err(|error| {
                Error::invalid_input(format!("the parameters have no JSON form: {error}"))
            })?;
        Ok((sql, params))
    }

    /// Rewrites named parameters to `?`, a value for each occurrence.
    fn positional(self) -> Result<(String, Vec<Value>), Error> {
        const MIXED: &str = "the statement mixes `?` with named parameters; use .bind(..) for all of them or \
                             .bind_named(..) for all of them";
        if !self.values.is_empty() {
            return Err(Error::invalid_input(MIXED));
        }
        let bare = |name: &str| name.trim_start_matches([':', '@', '$']).to_owned();
        let mut used = vec![false; self.named.len()];
        let (mut sql, mut values, mut copied) = (String::new(), Vec::new(), 0);
        for token in sql::tokens(&self.sql) {
            match token {
                Token::Positional { .. } => return Err(Error::invalid_input(MIXED)),
                Token::Named { at, name } => {
                    // The last value bound under a name counts.
                    let index = self
                        .named
                        .iter()
                        .rposition(|(given, _)| bare(given) == name)
                        .ok_or_else(|| {
                            Error::invalid_input(format!(
                                "the named parameter `{}` has no value; bind it with .bind_named(\"{name}\", ..)",
                                &self.sql[at.clone()]
                            ))
                        })?;
                    used[index] = true;
                    let value = self.named[index].1.clone();
                    sql.push_str(&self.sql[copied..at.start]);
                    sql.push_str(if value.is_list() { LIST } else { "?" });
                    copied = at.end;
                    values.push(value);
                }
                _ => {}
            }
        }
        sql.push_str(&self.sql[copied..]);
        let known = |name: &str| {
            self.named
                .iter()
                .zip(&used)
                .any(|((other, _), used)| *used && bare(other) == bare(name))
        };
        if let Some((name, _)) = self.named.iter().find(|(name, _)| !known(name)) {
            return Err(Error::invalid_input(format!(
                "the statement has no parameter `:{}`",
                bare(name)
            )));
        }
        Ok((sql, values))
    }
}

/// What stands in the parentheses of an `IN` in place of the `?` of a list.
const LIST: &str = "SELECT value FROM json_each(?)";

/// Replaces each `?` that is bound to a list.
fn with_lists(text: &str, values: &[Value]) -> Result<String, Error> {
    let (mut sql, mut copied, mut index) = (String::new(), 0, 0);
    for token in sql::tokens(text) {
        match token {
            Token::Named { .. } => {
                return Err(Error::invalid_input(
                    "the statement has named parameters; bind its lists with .bind_named(name, db::list(..))",
                ));
            }
            Token::Positional { number, .. } if !number.is_empty() => {
                return Err(Error::invalid_input(
                    "numbered placeholders such as `?1` do not go with .bind_list(..); use `?`",
                ));
            }
            Token::Positional { at, .. } => {
                if values.get(index).is_some_and(Value::is_list) {
                    sql.push_str(&text[copied..at.start]);
                    sql.push_str(LIST);
                    copied = at.end;
                }
                index += 1;
            }
            _ => {}
        }
    }
    sql.push_str(&text[copied..]);
    Ok(sql)
}

/// A list for the `?` or the named parameter that stands alone in the parentheses of an `IN`. See
/// [`Statement::bind_list`], which is the same in fewer words.
///
/// ```
/// use aerostack::db::{self, Statement};
///
/// let some = Statement::new("SELECT * FROM users WHERE id IN (:ids)").bind_named("ids", db::list([3, 5, 8]));
/// ```
pub fn list<V: IntoValue>(values: impl IntoIterator<Item = V>) -> Value {
    Value::list(values.into_iter().map(IntoValue::into_value).collect())
}

macro_rules! from_text {
    ($($text:ty),*) => {$(
        impl From<$text> for Statement {
            fn from(sql: $text) -> Self {
                Self::new(sql)
            }
        }
    )*};
}

from_text!(&str, &String, String, Box<str>, Cow<'_, str>);

impl<S: Into<String>, P: IntoParams> From<(S, P)> for Statement {
    fn from((sql, params): (S, P)) -> Self {
        Self::new(sql).params(params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn wire(statement: Statement) -> (String, String) {
        let (sql, params) = statement.into_wire().unwrap();
        (sql, params.map_or(String::new(), |raw| raw.text().into()))
    }

    #[test]
    fn values_are_given_one_by_one_or_all_at_once() {
        let one_by_one = Statement::new("SELECT ?, ?, ?")
            .bind(1)
            .bind("a")
            .bind(None::<i64>);
        let expected = ("SELECT ?, ?, ?".to_owned(), "[1,\"a\",null]".to_owned());
        assert_eq!(wire(one_by_one), expected);
        let tuple = Statement::new("SELECT ?, ?, ?").params((1, "a", None::<i64>));
        assert_eq!(wire(tuple), expected);
        let pair = Statement::from(("SELECT ?, ?, ?", (1, "a", None::<i64>)));
        assert_eq!(wire(pair), expected);
        let ids: Vec<i64> = vec![1, 2];
        let expected = ("SELECT ?, ?".to_owned(), "[1,2]".to_owned());
        for statement in [
            Statement::new("SELECT ?, ?").bind_all(&ids),
            Statement::new("SELECT ?, ?").bind_all(ids.iter().copied()),
            Statement::new("SELECT ?, ?").params(&ids),
            Statement::new("SELECT ?, ?").params(&ids.clone().try_into().unwrap() as &[i64; 2]),
            Statement::new("SELECT ?, ?").params([1, 2]),
            Statement::new("SELECT ?, ?").params(ids.as_slice()),
            Statement::from((String::from("SELECT ?, ?"), (1, 2))),
        ] {
            assert_eq!(wire(statement), expected);
        }
        assert_eq!(wire(Statement::from(("SELECT 1", ()))).1, "");
    }

    #[test]
    fn named_parameters_become_positional_ones() {
        let statement =
            Statement::new("SELECT * FROM t WHERE a = :a AND (b = @b OR c = :a) AND d <> ':a'")
                .bind_named(":a", 1)
                .bind_named("b", "x");
        let expected = "SELECT * FROM t WHERE a = ? AND (b = ? OR c = ?) AND d <> ':a'";
        assert_eq!(
            wire(statement),
            (expected.to_owned(), "[1,\"x\",1]".to_owned())
        );
        let last = Statement::new("SELECT :a")
            .bind_named("a", 1)
            .bind_named("a", 2);
        assert_eq!(wire(last).1, "[2]");
    }

    #[test]
    fn lists_travel_as_one_parameter() {
        let statement = Statement::new("SELECT * FROM t WHERE a = ? AND b IN (?) AND c NOT IN (?)")
            .bind(1)
            .bind_list(["x", "y"])
            .bind_list(Vec::<i64>::new());
        let expected = "SELECT * FROM t WHERE a = ? AND b IN (SELECT value FROM json_each(?)) \
                        AND c NOT IN (SELECT value FROM json_each(?))";
        let params = r#"[1,"[\"x\",\"y\"]","[]"]"#;
        assert_eq!(wire(statement), (expected.to_owned(), params.to_owned()));
        let named =
            Statement::new("SELECT * FROM t WHERE a IN (:ids)").bind_named("ids", list([1, 2]));
        assert_eq!(
            wire(named).0,
            "SELECT * FROM t WHERE a IN (SELECT value FROM json_each(?))"
        );
    }

    #[test]
    fn what_cannot_be_bound_is_refused_with_the_right_form() {
        for (statement, expected) in [
            (
                Statement::new("SELECT :a, :b").bind_named("a", 1),
                ".bind_named(\"b\", ..)",
            ),
            (
                Statement::new("SELECT :a")
                    .bind_named("a", 1)
                    .bind_named("c", 1),
                "no parameter `:c`",
            ),
            (Statement::new("SELECT :a, ?").bind_named("a", 1), "mixes"),
            (
                Statement::new("SELECT :a").bind_named("a", 1).bind(2),
                "mixes",
            ),
            (Statement::new("SELECT ?1").bind_list([1]), "use `?`"),
            (Statement::new("SELECT ?").bind_list([vec![1u8]]), "bytes"),
            (Statement::new("SELECT ?").bind_list([f64::NAN]), "NaN"),
        ] {
            let error = statement.into_wire().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
