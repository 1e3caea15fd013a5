// Requests to the emulator. The session cookie goes along by itself; no key is ever held here.

export class CallError extends Error {
  constructor(status, body) {
    super(body?.message ?? body?.error?.message ?? body?.error ?? `The emulator answered ${status}.`);
    this.status = status;
    this.body = body;
  }
}

let leaving = false;

async function send(path, method, body) {
  const init = { method, headers: {}, credentials: "same-origin", cache: "no-store" };
  if (body instanceof FormData) {
    init.body = body;
  } else if (body !== undefined) {
    init.headers["content-type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Error("The emulator does not answer. Is it still running?");
  }
  if (response.status === 401) {
    // No session, or one of an emulator that has been restarted since.
    if (!leaving) location.replace("signin");
    leaving = true;
    throw new Error("The session is over. Open the link that the emulator printed.");
  }
  if (!response.ok) throw new CallError(response.status, await response.json().catch(() => null));
  return response;
}

/** Calls a control endpoint, such as `clock`. */
export async function control(path, { method = "GET", body } = {}) {
  return (await send(path, method, body)).json();
}

/** Runs an operation of the platform past faults, latency and the log of requests. */
export async function call(path, body, method = "POST") {
  return (await send(`call${path}`, method, body)).json();
}

/** Like {@link call} for operations that answer bytes. */
export async function blob(path, body) {
  return (await send(`call${path}`, "POST", body)).blob();
}

/** Runs one SQL statement and returns its rows. */
export async function sql(statement, params = []) {
  return (await call("/v1/db/query", { sql: statement, params })).results;
}
