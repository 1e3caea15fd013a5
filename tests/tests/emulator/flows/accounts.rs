use aerostack::Secret;
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::refused;
use crate::stage::Stage;

const PASSWORD: &str = "Porto-Lisboa-2026";

pub(super) async fn a_user_registers_and_leaves(stage: &Stage) -> anyhow::Result<()> {
    let auth = stage.client.auth();
    let email = "ines@example.com";
    let registration = auth.register(email, PASSWORD).name("Inês").await?;
    let id = registration.user.context("no user")?.id;
    refused(
        auth.register(email, PASSWORD).await,
        409,
        "AUTH_USER_EXISTS",
    )?;
    refused(
        auth.login(email, "Wrong-Password-1").await,
        401,
        "AUTH_INVALID_CREDENTIALS",
    )?;

    let session = auth.login(email, PASSWORD).await?;
    let token = session.access_token;
    let user = auth
        .verify_token(token.clone())
        .await?
        .context("the token is refused")?;
    ensure!((user.id, user.name.as_deref()) == (id, Some("Inês")));
    let user = auth
        .update_profile(token.clone())
        .name("Inês D.")
        .avatar_url("https://images.example.com/i.png")
        .await?;
    ensure!(
        (user.name.as_deref(), user.avatar_url.is_some()) == (Some("Inês D."), true),
        "{user:?}"
    );
    auth.delete_avatar(token.clone()).await?;
    ensure!(auth.current_user(token.clone()).await?.avatar_url.is_none());

    let used = session.refresh_token.context("no refresh token")?;
    let renewed = auth.refresh(used.clone()).await?;
    ensure!(
        auth.refresh(used).await.is_err(),
        "a refresh token works twice"
    );
    auth.logout(renewed.access_token.clone()).await?;
    ensure!(
        auth.verify_token(renewed.access_token).await?.is_none(),
        "the token outlived the logout"
    );
    Ok(())
}

pub(super) async fn a_forgotten_password_is_reset(stage: &Stage) -> anyhow::Result<()> {
    let auth = stage.client.auth();
    let email = "omar@example.com";
    auth.register(email, PASSWORD).await?;
    auth.resend_verification(email).await?;
    auth.verify_email(mailed(stage, email)?).await?;
    auth.request_password_reset(email).await?;
    auth.request_password_reset("nobody@example.com").await?;
    let token = mailed(stage, email)?;
    auth.reset_password(token.clone(), "Sintra-Cascais-2026")
        .await?;
    ensure!(
        auth.reset_password(token, "Sintra-Cascais-2027")
            .await
            .is_err(),
        "a reset token works twice"
    );
    refused(
        auth.login(email, PASSWORD).await,
        401,
        "AUTH_INVALID_CREDENTIALS",
    )?;
    auth.login(email, "Sintra-Cascais-2026").await?;
    Ok(())
}

pub(super) async fn a_code_signs_in(stage: &Stage) -> anyhow::Result<()> {
    let auth = stage.client.auth();
    let email = "lena@example.com";
    auth.register(email, PASSWORD).await?;
    auth.send_otp(email).await?;
    let code = stage.emulator.last_otp(email).context("no code")?;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    ensure!(auth.verify_otp(email).code(wrong).await.is_err());
    let session = auth.verify_otp(email).code(code).await?;
    ensure!(auth.verify_token(session.access_token).await?.is_some());
    Ok(())
}

pub(super) async fn servers_manage_accounts(stage: &Stage) -> anyhow::Result<()> {
    let auth = stage.client.server_auth();
    let email = "server@example.com";
    let new = auth
        .sign_up(email, PASSWORD)
        .name("Server")
        .metadata(&json!({"plan": "team"}))
        .await?;
    refused(auth.sign_up(email, PASSWORD).await, 409, "AUTH_USER_EXISTS")?;
    refused(
        auth.sign_in(email, "Wrong-Password-1").await,
        401,
        "AUTH_INVALID_CREDENTIALS",
    )?;
    let known = auth.sign_in(email, PASSWORD).await?;
    ensure!(known.user.id == new.user.id);
    ensure!(known.user.extras::<Value>()? == Some(json!({"plan": "team"})));
    Ok(())
}

fn mailed(stage: &Stage, email: &str) -> anyhow::Result<Secret> {
    Ok(stage
        .emulator
        .last_email_token(email)
        .context("no mail")?
        .into())
}
