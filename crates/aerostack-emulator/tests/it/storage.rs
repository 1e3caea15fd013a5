//! The storage service.

use aerostack_emulator::{Emulator, Limits};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::common::{Answer, Platform, answer, assert_error};

fn file(bytes: impl Into<Vec<u8>>) -> Part {
    Part::bytes(bytes.into()).file_name("file.bin")
}

async fn send(platform: &Platform, form: Form) -> Answer {
    answer(platform.keyed("/v1/storage/upload").multipart(form)).await
}

async fn put(platform: &Platform, key: &str, content_type: &str, bytes: &[u8]) -> Value {
    let form = Form::new()
        .text("key", key.to_owned())
        .text("contentType", content_type.to_owned())
        .part("file", file(bytes));
    let (status, answer) = send(platform, form).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// The content type and the bytes of a file.
async fn fetch(platform: &Platform, key: &str) -> (String, Vec<u8>) {
    let response = platform
        .keyed("/v1/storage/get")
        .json(&json!({ "key": key }))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let content_type = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let length: usize = response.headers()["content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let bytes = response.bytes().await.unwrap();
    assert_eq!(bytes.len(), length);
    (content_type, bytes.to_vec())
}

/// In memory and on disk must not be told apart.
async fn both() -> [(Platform, Option<tempfile::TempDir>); 2] {
    let folder = tempfile::tempdir().unwrap();
    let on_disk = Platform::with(Emulator::builder().data_dir(folder.path())).await;
    [(Platform::start().await, None), (on_disk, Some(folder))]
}

#[tokio::test]
async fn every_byte_comes_back_with_its_content_type() {
    for (platform, _folder) in both().await {
        let all: Vec<u8> = (0..=255).cycle().take(100_000).collect();
        for (key, content_type, bytes) in [
            ("a.bin", "application/x-thing; v=1", all.as_slice()),
            ("empty", "text/plain", b""),
            ("über/日本/a b%2F?#.txt", "text/plain; charset=utf-8", b"x"),
        ] {
            let uploaded = put(&platform, key, content_type, bytes).await;
            assert_eq!(uploaded["key"], key);
            assert_eq!(uploaded["size"], bytes.len());
            assert_eq!(uploaded["contentType"], content_type);
            assert_eq!(
                fetch(&platform, key).await,
                (content_type.to_owned(), bytes.to_vec())
            );

            let url = platform
                .ok("/v1/storage/getUrl", json!({ "key": key }))
                .await["url"]
                .clone();
            assert_eq!(url, uploaded["url"]);
            let response = platform
                .http
                .get(url.as_str().unwrap())
                .send()
                .await
                .unwrap();
            assert_eq!(response.headers()["content-type"], content_type);
            assert_eq!(response.bytes().await.unwrap(), bytes);
        }
    }
}

#[tokio::test]
async fn the_content_type_is_the_forms_else_the_parts_else_bytes() {
    let platform = Platform::start().await;
    let typed = || file("x").mime_str("image/png").unwrap();
    let cases = [
        (
            Form::new()
                .text("contentType", "text/css")
                .part("file", typed()),
            "text/css",
        ),
        (Form::new().part("file", typed()), "image/png"),
        (
            Form::new().part("file", file("x")),
            "application/octet-stream",
        ),
        // The file may come before its key.
        (
            Form::new()
                .part("file", file("x"))
                .text("contentType", "a/b"),
            "a/b",
        ),
    ];
    for (form, expected) in cases {
        let (status, answer) = send(&platform, form.text("key", "/k")).await;
        assert_eq!(
            (
                status,
                answer["contentType"].as_str(),
                answer["key"].as_str()
            ),
            (200, Some(expected), Some("k"))
        );
    }
}

#[tokio::test]
async fn forms_that_are_no_upload_are_refused() {
    let mut limits = Limits::default();
    limits.upload_bytes = 1000;
    let platform = Platform::with(Emulator::builder().limits(limits)).await;
    let key = |key: &str| {
        Form::new()
            .text("key", key.to_owned())
            .part("file", file("x"))
    };
    let cases = [
        (Form::new().part("file", file("x")), 400),
        (Form::new().text("key", "k"), 400),
        (key("k").text("other", "x"), 400),
        (key("k").text("key", "k"), 400),
        (key("k").text("contentType", "a\nb"), 400),
        (key(""), 400),
        (key("/"), 400),
        (key("a/../b"), 400),
        (key(".."), 400),
        (key("a\\..\\b"), 400),
        (key("a\u{7}b"), 400),
        (key(&"k".repeat(1025)), 400),
        (
            Form::new().text("key", "k").part("file", file([0; 1001])),
            413,
        ),
        (
            Form::new().text("key", "k").part("file", file([0; 1000])),
            200,
        ),
    ];
    for (index, (form, expected)) in cases.into_iter().enumerate() {
        let (status, answer) = send(&platform, form).await;
        assert_eq!(status, expected, "{index}: {answer}");
    }
    assert_error(
        &answer(platform.keyed("/v1/storage/upload").json(&json!({}))).await,
        415,
        "UNSUPPORTED_MEDIA_TYPE",
    );
    let listed = platform.ok("/v1/storage/list", json!({})).await;
    assert_eq!(
        listed["objects"].as_array().unwrap().len(),
        1,
        "only the accepted one is there"
    );
}

#[tokio::test]
async fn a_replaced_copied_moved_or_deleted_file_leaves_no_bytes_behind() {
    for (platform, folder) in both().await {
        put(&platform, "a", "text/plain", b"one").await;
        put(&platform, "a", "text/html", b"two").await;
        let copied = platform
            .ok(
                "/v1/storage/copy",
                json!({ "sourceKey": "a", "destKey": "b" }),
            )
            .await;
        assert!(copied["url"].as_str().unwrap().ends_with("/b"));
        platform
            .ok("/v1/storage/delete", json!({ "key": "a" }))
            .await;
        assert_eq!(
            fetch(&platform, "b").await,
            ("text/html".to_owned(), b"two".to_vec())
        );
        platform
            .ok(
                "/v1/storage/move",
                json!({ "sourceKey": "b", "destKey": "b" }),
            )
            .await;
        platform
            .ok(
                "/v1/storage/move",
                json!({ "sourceKey": "b", "destKey": "c" }),
            )
            .await;
        assert_eq!(
            platform
                .ok("/v1/storage/exists", json!({ "key": "b" }))
                .await["exists"],
            false
        );
        assert_eq!(fetch(&platform, "c").await.1, b"two");
        platform
            .ok("/v1/storage/delete", json!({ "key": "c" }))
            .await;
        platform
            .ok("/v1/storage/delete", json!({ "key": "c" }))
            .await;
        if let Some(folder) = folder {
            assert_eq!(
                std::fs::read_dir(folder.path().join("storage"))
                    .unwrap()
                    .count(),
                0
            );
        }
    }
}

#[tokio::test]
async fn metadata_tells_a_file_from_none() {
    let platform = Platform::start().await;
    put(&platform, "a", "text/plain", b"hello").await;
    let about = platform
        .ok("/v1/storage/getMetadata", json!({ "key": "a" }))
        .await;
    assert_eq!(
        (&about["exists"], &about["size"], &about["contentType"]),
        (&json!(true), &json!(5), &json!("text/plain"))
    );
    assert!(about["lastModified"].as_str().unwrap().ends_with('Z'));
    let response = platform
        .keyed("/v1/storage/get")
        .json(&json!({ "key": "a" }))
        .send()
        .await
        .unwrap();
    assert_eq!(
        response.headers()["etag"]
            .to_str()
            .unwrap()
            .trim_matches('"'),
        about["etag"]
    );
    assert_eq!(
        platform
            .ok("/v1/storage/getMetadata", json!({ "key": "b" }))
            .await,
        json!({ "exists": false })
    );

    assert_error(
        &platform
            .post("/v1/storage/get", json!({ "key": "b" }))
            .await,
        404,
        "NOT_FOUND",
    );
    for path in ["/v1/storage/copy", "/v1/storage/move"] {
        let request = json!({ "sourceKey": "b", "destKey": "c" });
        assert_error(&platform.post(path, request).await, 404, "NOT_FOUND");
        let request = json!({ "sourceKey": "a", "destKey": "../c" });
        assert_error(&platform.post(path, request).await, 400, "VALIDATION_ERROR");
    }
    let outside = platform
        .http
        .get(format!("{}/files/other/a", platform.emulator.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(outside.status(), 404);
}

#[tokio::test]
async fn a_list_is_walked_page_by_page() {
    let platform = Platform::start().await;
    for n in 0..7 {
        platform
            .emulator
            .seed()
            .file(&format!("p/{n}"), "text/plain", "x")
            .await
            .unwrap();
    }
    platform
        .emulator
        .seed()
        .file("q", "text/plain", "x")
        .await
        .unwrap();
    let mut request = json!({ "prefix": "p/", "limit": 3 });
    let mut pages = Vec::new();
    loop {
        let page = platform.ok("/v1/storage/list", request.clone()).await;
        pages.push(page["objects"].as_array().unwrap().len());
        assert_eq!(page["truncated"], page["cursor"].is_string());
        match page["cursor"].as_str() {
            Some(cursor) => request["cursor"] = json!(cursor),
            None => break,
        }
    }
    assert_eq!(pages, [3, 3, 1]);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::with(Emulator::builder().data_dir(folder.path())).await;
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Vec<u8>, std::io::Error>>(1);
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async {
        Some((receiver.recv().await?, receiver))
    });
    let part = Part::stream(reqwest::Body::wrap_stream(stream)).file_name("f");
    let request = platform
        .keyed("/v1/storage/upload")
        .multipart(Form::new().text("key", "k").part("file", part));
    let upload = tokio::spawn(request.send());
    sender.send(Ok(vec![1; 70_000])).await.unwrap();
    sender
        .send(Err(std::io::Error::other("gone")))
        .await
        .unwrap();
    assert!(upload.await.unwrap().is_err());
    assert_eq!(
        platform
            .ok("/v1/storage/exists", json!({ "key": "k" }))
            .await["exists"],
        false
    );
    platform.emulator.shutdown().await;
    assert_eq!(
        std::fs::read_dir(folder.path().join("storage"))
            .unwrap()
            .count(),
        0
    );
}

#[tokio::test]
async fn a_file_can_be_had_in_parts_and_not_twice() {
    let folder = tempfile::tempdir().unwrap();
    for builder in [
        Emulator::builder(),
        Emulator::builder().data_dir(folder.path()),
    ] {
        let platform = Platform::with(builder).await;
        let seed = platform.emulator.seed();
        seed.file("v.mp4", "video/mp4", b"0123456789".to_vec())
            .await
            .unwrap();
        let get = async |headers: &[(&str, &str)]| {
            let mut request = platform.request(Method::GET, "/files/local/v.mp4");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let response = request.send().await.unwrap();
            let header = |name: &str| {
                let value = response.headers().get(name);
                value.map_or(String::new(), |value| value.to_str().unwrap().to_owned())
            };
            let known = (
                header("etag"),
                header("last-modified"),
                header("content-range"),
            );
            (
                response.status().as_u16(),
                known,
                response.text().await.unwrap(),
            )
        };
        let (status, (etag, modified, _), whole) = get(&[]).await;
        assert_eq!((status, whole.as_str()), (200, "0123456789"));
        for known in [("if-none-match", &etag), ("if-modified-since", &modified)] {
            let (status, _, body) = get(&[(known.0, known.1)]).await;
            assert_eq!((status, body.as_str()), (304, ""), "{known:?}");
        }
        let (status, (.., range), body) = get(&[("range", "bytes=3-5"), ("if-range", &etag)]).await;
        assert_eq!(
            (status, range.as_str(), body.as_str()),
            (206, "bytes 3-5/10", "345")
        );
        let (status, (.., range), _) = get(&[("range", "bytes=10-")]).await;
        assert_eq!((status, range.as_str()), (416, "bytes */10"));
        platform.emulator.shutdown().await;
    }
}
