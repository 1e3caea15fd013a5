//! Requests that are nearly right: whatever is wrong with them, the answer is one that the document declares.

use aerostack_emulator::{Emulator, GatewayApi, GatewayConsumer};
use fastrand::Rng;
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::common::Platform;

const ROUNDS: usize = 25;
const CONSUMER_KEY: &str = "ask_test_1";

struct Operation {
    id: String,
    method: Method,
    path: String,
    parameters: Vec<Value>,
    example: Option<Value>,
    statuses: Vec<u16>,
    bearer: bool,
}

/// The operations that take JSON or nothing.
fn operations() -> Vec<Operation> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/aerostack.yaml");
    let document: Value = serde_saphyr::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, it) in methods.as_object().unwrap() {
            let content = &it["requestBody"]["content"];
            let takes_json = content.is_null() || content.get("application/json").is_some();
            let (Some(id), true) = (it["operationId"].as_str(), takes_json) else {
                continue;
            };
            let parameters = it["parameters"].as_array().map(|parameters| {
                parameters
                    .iter()
                    .map(|parameter| match parameter["$ref"].as_str() {
                        Some(place) => document.pointer(&place[1..]).unwrap().clone(),
                        None => parameter.clone(),
                    })
            });
            let statuses = it["responses"].as_object().unwrap().keys();
            found.push(Operation {
                id: id.to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                parameters: parameters.into_iter().flatten().collect(),
                example: content["application/json"].get("example").cloned(),
                statuses: statuses.map(|status| status.parse().unwrap()).collect(),
                bearer: it["security"][0].get("GatewayConsumerKey").is_some(),
            });
        }
    }
    assert!(found.len() > 60, "{}", found.len());
    found
}

/// Values that programs stumble over.
fn odd(random: &mut Rng) -> Value {
    let choices = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e300),
        json!(0.5),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("\u{1F980} ../%2F'\";--"),
        json!("x".repeat(10_000)),
        json!([]),
        json!([null, [[]], {}]),
        json!({}),
        json!({ "": null, "type": { "type": [] } }),
    ];
    choices[random.usize(..choices.len())].clone()
}

/// Changes one place, at any depth.
fn mutate(value: &mut Value, random: &mut Rng) {
    match value {
        Value::Object(fields) if !fields.is_empty() && random.u8(..4) > 0 => {
            let names: Vec<String> = fields.keys().cloned().collect();
            let name = &names[random.usize(..names.len())];
            match random.u8(..5) {
                0 => drop(fields.remove(name)),
                1 => drop(fields.insert("unknown".to_owned(), odd(random))),
                _ => mutate(&mut fields[name.as_str()], random),
            }
        }
        Value::Array(items) if !items.is_empty() && random.u8(..4) > 0 => {
            let place = random.usize(..items.len());
            mutate(&mut items[place], random);
        }
        value => *value = odd(random),
    }
}

/// The text of an example or of an odd value.
fn text(parameter: &Value, random: &mut Rng) -> String {
    let value = if random.bool() {
        parameter["example"].clone()
    } else {
        odd(random)
    };
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn url(platform: &Platform, operation: &Operation, random: &mut Rng) -> reqwest::Url {
    let mut url = reqwest::Url::parse(&platform.emulator.url()).unwrap();
    let mut path = operation.path.clone();
    let mut query = Map::new();
    for parameter in &operation.parameters {
        let name = parameter["name"].as_str().unwrap();
        let given = text(parameter, random);
        match parameter["in"].as_str() {
            Some("path") => {
                // Nothing, or more than one segment, would be another path.
                let segment: String = given
                    .chars()
                    .filter(|c| c.is_alphanumeric())
                    .take(50)
                    .collect();
                let segment = if segment.is_empty() { "x" } else { &segment };
                path = path.replace(&format!("{{{name}}}"), segment);
            }
            Some("query") => drop(query.insert(name.to_owned(), given.into())),
            _ => {}
        }
    }
    url.set_path(&path);
    if !query.is_empty() && random.u8(..4) > 0 {
        let pairs = query
            .iter()
            .map(|(name, value)| (name, value.as_str().unwrap_or_default()));
        url.query_pairs_mut().extend_pairs(pairs);
    }
    url
}

#[tokio::test]
async fn a_request_with_one_thing_wrong_gets_a_declared_answer() {
    let platform = Platform::with(
        Emulator::builder()
            .schema("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, active INTEGER)")
            .project_slug("lisbon-notes")
            .collection("articles")
            .service("invoice-renderer", |data| async move { Ok(data) })
            .function("shipping-quote", |call| async move { Ok(call.body.into()) })
            .gateway_api(GatewayApi::new("support-bot").id("api_44c2"))
            .gateway_consumer(GatewayConsumer::new(CONSUMER_KEY, 1_000).id("con_81d0")),
    )
    .await;
    let mut random = Rng::with_seed(7);
    let mut faults = Vec::new();
    let mut refused = 0;
    for operation in operations() {
        let mut told_apart = Vec::new();
        let mut implemented = false;
        for _ in 0..ROUNDS {
            let mut body = operation.example.clone();
            if let Some(body) = &mut body {
                mutate(body, &mut random);
            }
            let url = url(&platform, &operation, &mut random);
            let mut request = platform.http.request(operation.method.clone(), url.clone());
            request = match (operation.bearer, operation.id.as_str()) {
                (true, _) => request.bearer_auth(CONSUMER_KEY),
                (false, "socketEmit") => request.bearer_auth(platform.emulator.api_key()),
                _ => request.header("x-aerostack-key", platform.emulator.api_key()),
            };
            if let Some(body) = &body {
                request = request.json(body);
            }
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let answer = response.text().await.unwrap();
            refused += usize::from(status == 400);
            let told = serde_json::from_str::<Value>(&answer).unwrap_or_default();
            let fits = operation.statuses.contains(&status)
                && status < 500
                && (status < 400 || (told["code"].is_string() && told["message"].is_string()));
            implemented |= fits || status != 404;
            if !fits {
                let sent = body.unwrap_or_default().to_string();
                told_apart.push(format!(
                    "{} {url} {:.300}: {status} {answer:.300}",
                    operation.id, sent
                ));
            }
        }
        // What is new in the document may not be played yet; `cargo xtask coverage` says so.
        if implemented {
            faults.append(&mut told_apart);
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(refused > 500, "only {refused} were refused");
}
