//! The document against itself: what it shows as an example is what it declares.

use std::sync::Arc;

use aerostack_contract::{Document, Planted, Prism, Recorder, example};

fn planted() -> Planted {
    Planted {
        api_key: "ac_secret_example".into(),
        user_token: "user.token.example".into(),
        consumer_key: "ask_test_example".into(),
    }
}

#[tokio::test]
#[ignore = "needs Node 20: cargo xtask test"]
async fn every_example_is_valid_and_gets_every_declared_status() {
    let document = Arc::new(Document::load().unwrap());
    let prism = Prism::mock(&Document::path()).await.unwrap();
    let recorder = Recorder::start(Arc::clone(&document), prism.url(), planted())
        .await
        .unwrap();
    let http = reqwest::Client::new();
    let mut faults = Vec::new();
    for operation in document.operations() {
        for (status, response) in &operation.responses {
            for media_type in response.content.keys() {
                let request =
                    example::request(&http, &recorder.url(), operation, &planted()).unwrap();
                let answer = request
                    .header("Prefer", format!("code={status}"))
                    .header("Accept", media_type)
                    .send()
                    .await
                    .unwrap();
                answer.bytes().await.unwrap();
                let exchange = recorder.take().remove(0);
                if let Some(fault) = exchange.fault() {
                    faults.push(fault);
                } else if (exchange.status, exchange.answered_as.as_ref())
                    != (*status, Some(media_type))
                {
                    faults.push(format!(
                        "{} {status} as {media_type}: came as {} {:?}",
                        operation.id, exchange.status, exchange.answered_as
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
