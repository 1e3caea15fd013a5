// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

//! Every type of the generated client that holds a secret, made of planted ones.

use aerostack_api::generated::types;

use crate::debug::{Type, shown};

pub(crate) const TYPES: &[Type] = &[
    Type { name: "AuthResponse", secrets: 1, json: r#"{"token":"Planted-in-a-type"}"#, show: shown::<types::AuthResponse> },
    Type { name: "AuthSigninRequest", secrets: 1, json: r#"{"email":"seen","password":"Planted-in-a-type"}"#, show: shown::<types::AuthSigninRequest> },
    Type { name: "AuthSignupRequest", secrets: 1, json: r#"{"email":"seen","password":"Planted-in-a-type"}"#, show: shown::<types::AuthSignupRequest> },
    Type { name: "PublicAuthLoginRequest", secrets: 2, json: r#"{"email":"seen","password":"Planted-in-a-type","turnstileToken":"Planted-in-a-type"}"#, show: shown::<types::PublicAuthLoginRequest> },
    Type { name: "PublicAuthLogoutRequest", secrets: 2, json: r#"{"accessToken":"Planted-in-a-type","refreshToken":"Planted-in-a-type"}"#, show: shown::<types::PublicAuthLogoutRequest> },
    Type { name: "PublicAuthOtpVerifyRequest", secrets: 1, json: r#"{"code":"Planted-in-a-type"}"#, show: shown::<types::PublicAuthOtpVerifyRequest> },
    Type { name: "PublicAuthRefreshRequest", secrets: 1, json: r#"{"refreshToken":"Planted-in-a-type"}"#, show: shown::<types::PublicAuthRefreshRequest> },
    Type { name: "PublicAuthRegisterRequest", secrets: 2, json: r#"{"email":"seen","password":"Planted-in-a-type","turnstileToken":"Planted-in-a-type"}"#, show: shown::<types::PublicAuthRegisterRequest> },
    Type { name: "PublicAuthResetPasswordRequest", secrets: 2, json: r#"{"newPassword":"Planted-in-a-type","token":"Planted-in-a-type"}"#, show: shown::<types::PublicAuthResetPasswordRequest> },
    Type { name: "PublicAuthResetPasswordRequestRequest", secrets: 1, json: r#"{"email":"seen","turnstileToken":"Planted-in-a-type"}"#, show: shown::<types::PublicAuthResetPasswordRequestRequest> },
    Type { name: "PublicAuthResponse", secrets: 3, json: r#"{"accessToken":"Planted-in-a-type","refreshToken":"Planted-in-a-type","token":"Planted-in-a-type"}"#, show: shown::<types::PublicAuthResponse> },
    Type { name: "SecretsGetResponse", secrets: 1, json: r#"{"value":"Planted-in-a-type"}"#, show: shown::<types::SecretsGetResponse> },
];
