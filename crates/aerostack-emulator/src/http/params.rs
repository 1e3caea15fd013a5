//! Reading paths and queries: what is wrong with them is told like everything else.

use axum::extract::{FromRequestParts, Path, RawQuery};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, ApiResult};
use crate::platform::App;

/// The variable segments of the path, percent-decoded.
pub(crate) struct PathParams<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for PathParams<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        match Path::<T>::from_request_parts(parts, app).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(error) => Err(ApiError::validation(format!(
                "The path does not fit: {}",
                error.body_text()
            ))),
        }
    }
}

/// The pairs of the query, decoded, in the order they came.
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

impl Pairs {
    /// The value of a pair that may be left out but not come twice.
    pub(crate) fn get(&self, name: &str) -> ApiResult<Option<&str>> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(ApiError::validation(format!(
                "The query holds {name} more than once."
            ))),
            (value, None) => Ok(value.map(|(_, value)| value.as_str())),
        }
    }

    /// The value of a pair that has to be there.
    pub(crate) fn require(&self, name: &str) -> ApiResult<&str> {
        self.get(name)?
            .ok_or_else(|| ApiError::validation(format!("The query lacks {name}.")))
    }

    /// The value of a pair that is a whole number.
    pub(crate) fn integer(&self, name: &str) -> ApiResult<Option<i64>> {
        self.get(name)?
            .map(|text| {
                text.parse().map_err(|_| {
                    ApiError::validation(format!("{name} in the query must be a whole number"))
                })
            })
            .transpose()
    }
}

impl FromRequestParts<App> for Pairs {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let RawQuery(query) = match RawQuery::from_request_parts(parts, app).await {
            Ok(query) => query,
            Err(never) => match never {},
        };
        Ok(Self(pairs(query.as_deref().unwrap_or_default())))
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    reqwest::Url::parse(&format!("http://query/?{query}")).map_or_else(
        |_| Vec::new(),
        |url| url.query_pairs().into_owned().collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_decoded_and_in_order() {
        let expected = [("b", "1 2"), ("a", "ü&="), ("b", ""), ("c", "")];
        let found = pairs("b=1+2&a=%C3%BC%26%3D&b=&c");
        let found: Vec<_> = found
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(found, expected);
        assert!(pairs("").is_empty());
    }

    #[test]
    fn a_pair_that_comes_twice_or_is_no_number_is_refused() {
        let pairs = Pairs(pairs("n=12&text=x&twice=1&twice=2"));
        assert_eq!(pairs.integer("n").ok(), Some(Some(12)));
        assert_eq!(pairs.integer("missing").ok(), Some(None));
        assert!(pairs.integer("text").is_err());
        assert!(pairs.get("twice").is_err());
        assert!(pairs.require("missing").is_err());
    }
}
