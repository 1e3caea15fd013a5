//! The document against itself: what it shows as an example is what it declares.

use std::sync::Arc;

use aerostack_contract::{Document, Exchange, Operation, Planted, Prism, Recorder, example};

fn planted() -> Planted {
    Planted {
        api_key: "ac_secret_example".into(),
        user_token: "user.token.example".into(),
        consumer_key: "ask_test_example".into(),
    }
}

struct Setting {
    document: Arc<Document>,
    recorder: Recorder,
    http: reqwest::Client,
    _prism: Prism,
}

impl Setting {
    async fn new() -> Self {
        let document = Arc::new(Document::load().unwrap());
        let prism = Prism::mock(&Document::path()).await.unwrap();
        let recorder = Recorder::start(Arc::clone(&document), prism.url(), planted())
            .await
            .unwrap();
        Self {
            document,
            recorder,
            http: reqwest::Client::new(),
            _prism: prism,
        }
    }

    async fn send(&self, operation: &Operation, headers: [(&str, &str); 2]) -> Exchange {
        let mut request =
            example::request(&self.http, &self.recorder.url(), operation, &planted()).unwrap();
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.send().await.unwrap().bytes().await.unwrap();
        self.recorder.take().remove(0)
    }
}

#[tokio::test]
#[ignore = "needs Node 20: cargo xtask test"]
async fn every_example_is_valid_and_gets_every_declared_status() {
    let setting = Setting::new().await;
    let mut faults = Vec::new();
    for operation in setting.document.operations() {
        for (status, response) in &operation.responses {
            for media_type in response.content.keys() {
                let prefer = format!("code={status}");
                let exchange = setting
                    .send(operation, [("Prefer", &prefer), ("Accept", media_type)])
                    .await;
                let came = (exchange.status, exchange.answered_as.as_ref());
                if let Some(fault) = exchange.fault() {
                    faults.push(fault);
                } else if came != (*status, Some(media_type)) {
                    faults.push(format!(
                        "{} {status} as {media_type}: came as {came:?}",
                        operation.id
                    ));
                } else if !operation.admits(&exchange.credentials) {
                    faults.push(format!("{}: sent {:?}", operation.id, exchange.credentials));
                }
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[tokio::test]
#[ignore = "needs Node 20: cargo xtask test"]
async fn a_misspelt_field_is_seen_in_every_closed_body() {
    let setting = Setting::new().await;
    let mut unseen = Vec::new();
    for operation in setting.document.operations() {
        let mut misspelt = operation.clone();
        let Some(body) = misspelt
            .body
            .as_mut()
            .filter(|body| body.closed && body.media_type == "application/json")
        else {
            continue;
        };
        body.example.as_mut().unwrap()["mispelt"] = serde_json::json!(1);
        let exchange = setting
            .send(
                &misspelt,
                [("Prefer", "code=200"), ("Accept", "application/json")],
            )
            .await;
        if !exchange
            .fault()
            .is_some_and(|fault| fault.contains("mispelt"))
        {
            unseen.push(operation.id.clone());
        }
    }
    assert!(unseen.is_empty(), "unseen in {unseen:?}");
}
