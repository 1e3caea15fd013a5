use std::collections::BTreeMap;

use super::*;
use crate::secret::Secret;

static ITEMS: Operation = Operation {
    id: "items",
    method: "PUT",
    path: "/v1/{shelf}/items/{id}/edit",
    tag: "Test",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

#[derive(Default)]
struct Items {
    shelf: String,
    id: i64,
    tags: Vec<String>,
    token: Option<Secret>,
}

impl Request for Items {
    const OPERATION: &'static Operation = &ITEMS;
    type Response = ();

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.shelf);
        encoder.path(&self.id);
        encoder.query("tag", &self.tags);
        encoder.query("token", &self.token);
        encoder.json(&self.id);
    }
}

fn url(request: &Items) -> Result<String, TransportError> {
    let origin = Origin::parse("http://127.0.0.1:9/base/v1/", false).unwrap();
    encode(&origin, request).map(|encoded| encoded.url.to_string())
}

#[test]
fn parameters_land_in_their_places() {
    let mut request = Items {
        shelf: "a/b c".to_owned(),
        id: -7,
        ..Items::default()
    };
    let base = "http://127.0.0.1:9/base/v1/a%2Fb%20c/items/-7/edit";
    assert_eq!(url(&request).unwrap(), base);
    request.tags = vec!["x&y".to_owned(), "z".to_owned()];
    request.token = Some("t?".into());
    assert_eq!(
        url(&request).unwrap(),
        format!("{base}?tag=x%26y&tag=z&token=t%3F")
    );
}

/// One parameter of each style.
#[derive(Default)]
struct Styles {
    ids: Vec<i64>,
    session: Option<Secret>,
    filter: BTreeMap<String, String>,
}

impl Request for Styles {
    const OPERATION: &'static Operation = &ITEMS;
    type Response = ();

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path_joined(&self.ids);
        encoder.path(&1);
        encoder.query_joined("ids", "|", &self.ids);
        encoder.query_deep("filter", &self.filter);
        encoder.header("X-Ids", &self.ids);
        encoder.cookie("session", &self.session);
        encoder.cookie("first", &self.ids.first());
        encoder.urlencoded("a", &self.ids);
        encoder.urlencoded("b", "x y");
    }
}

fn styled(request: &Styles) -> Result<Encoded<'_>, TransportError> {
    let origin = Origin::parse("http://127.0.0.1:9/", false).unwrap();
    encode(&origin, request)
}

#[test]
fn every_style_of_parameter_is_written_as_openapi_says() {
    let request = Styles {
        ids: vec![1, 2],
        session: Some("s;1".into()),
        filter: BTreeMap::from([("by".to_owned(), "a&b".to_owned())]),
    };
    let encoded = styled(&request).unwrap();
    assert_eq!(
        encoded.url.as_str(),
        "http://127.0.0.1:9/v1/1%2C2/items/1/edit?ids=1%7C2&filter%5Bby%5D=a%26b"
    );
    assert_eq!(encoded.headers["x-ids"], "1,2");
    assert_eq!(encoded.headers["cookie"], "session=s%3B1; first=1");
    assert!(encoded.headers["cookie"].is_sensitive());
    assert!(matches!(&encoded.body, Body::Whole(bytes) if bytes == "a=1&a=2&b=x+y"));
    assert_eq!(encoded.content_type, Some(FORM));
}

#[test]
fn an_absent_value_adds_no_header() {
    let request = Styles {
        ids: vec![1],
        ..Styles::default()
    };
    let encoded = styled(&request).unwrap();
    assert_eq!(encoded.headers["cookie"], "first=1");
    assert!(!encoded.url.as_str().contains("filter"));
}

#[test]
fn a_path_parameter_cannot_lead_to_another_operation() {
    for shelf in ["", ".", ".."] {
        let request = Items {
            shelf: shelf.to_owned(),
            ..Items::default()
        };
        let error = url(&request).unwrap_err().to_string();
        assert!(error.contains("the path parameter `shelf` is"), "{error}");
    }
}
