//! A machine without certificates of authorities, as small container images are.

use std::process::Command;

use aerostack::{Client, ErrorKind};
use aerostack_contract::faults::stage::{KEY, runtime};
use aerostack_emulator::Emulator;
use aerostack_test_support::authority::Authority;

const CHILD: &str = "WITHOUT_CERTIFICATES";

#[test]
fn fault_of_missing_certificates_is_named_and_hurts_no_plain_connection() {
    if std::env::var_os(CHILD).is_none() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "certificates::fault_of_missing_certificates_is_named_and_hurts_no_plain_connection",
                "--nocapture",
            ])
            .env(CHILD, "1")
            .env("SSL_CERT_FILE", "/nowhere/ca.pem")
            .env("SSL_CERT_DIR", "/nowhere")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        return;
    }
    let https = || {
        Client::builder()
            .base_url("https://api.invalid")
            .api_key(KEY)
    };
    if let Err(error) = https().build() {
        assert_eq!(error.kind(), ErrorKind::Config);
        let text = error.to_string();
        for cure in ["ca-certificates", "SSL_CERT_FILE", "root_certificates"] {
            assert!(text.contains(cure), "{text}");
        }
    }
    https()
        .root_certificates(Authority::new().pem)
        .build()
        .unwrap();
    let runtime = runtime();
    runtime.block_on(async {
        let emulator = Emulator::builder().api_key(KEY).start().await.unwrap();
        let client = Client::builder().base_url(emulator.url()).api_key(KEY);
        client.build().unwrap().cache().set("k", &1).await.unwrap();
        Client::builder()
            .base_url("http://elsewhere.invalid")
            .allow_insecure_http()
            .build()
            .unwrap();
    });
}
