// Drives the emulator's web console in a real browser. Started by the test `console`, which fills the emulator first.
//
// Variables: EMULATOR_URL, CONSOLE_URL, API_KEY, CHROMIUM (the program), SHOTS (a folder for screenshots).

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "playwright-core";

const { EMULATOR_URL, CONSOLE_URL, API_KEY, CHROMIUM, SHOTS } = process.env;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const emulator = new URL(EMULATOR_URL);

/** Panels, and a text that each shows once its data is there. */
const PANELS = {
  tables: "CREATE TABLE orders",
  cache: "user:1",
  storage: "logo.png",
  collections: "First article",
  search: "policy",
  users: "ada@example.com",
  jobs: "no such template",
  secrets: "MAIL_KEY",
  requests: "dbQuery",
  realtime: "db_change",
  controls: "Set the fault",
};

await mkdir(SHOTS, { recursive: true });
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP evil.test 127.0.0.1",
  ],
});

/** A call of the platform, as a program makes it. */
async function call(operation, body) {
  return fetch(new URL(operation, EMULATOR_URL), {
    method: "POST",
    headers: { "x-aerostack-key": API_KEY, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

const sql = (statement, params = []) => call("/v1/db/query", { sql: statement, params });

/** Opens the console and notes what must not happen on its page. */
async function open(colorScheme) {
  const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 860 } });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.host !== emulator.host) problems.push(`a request to ${url}`);
  });
  await page.goto(CONSOLE_URL);
  return { context, page, problems };
}

async function show(page, panel) {
  await page.goto(`${EMULATOR_URL}/__emulator/#/${panel}`);
  await page.locator("main", { hasText: PANELS[panel] }).waitFor();
  await page.waitForFunction(() => document.querySelector("#live")?.dataset.state === "on");
}

/** What a checker of accessibility finds on the page as it stands. */
async function accessible(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("  ")}`);
  assert.deepEqual(found, [], where);
}

async function shot(page, name) {
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
}

async function session() {
  const { context, page, problems } = await open("light");
  assert.equal(page.url(), `${EMULATOR_URL}/__emulator/`, "the token leaves the address bar");
  await page.locator("main", { hasText: PANELS.tables }).waitFor();
  assert.equal(await page.evaluate(() => document.cookie), "", "no script can read the session");
  const [cookie] = await context.cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, "Strict", "/__emulator/"]);
  assert.deepEqual(problems, []);
  await context.close();

  const stranger = await browser.newContext();
  const without = await stranger.newPage();
  await without.goto(`${EMULATOR_URL}/__emulator/`);
  await without.getByLabel("Token").waitFor();
  await accessible(without, "signing in");
  await shot(without, "signin");
  await without.getByLabel("Token").fill("wrong");
  await without.keyboard.press("Enter");
  await without.getByRole("alert").waitFor();
  await without.getByLabel("Token").fill(new URL(CONSOLE_URL).searchParams.get("token"));
  await without.keyboard.press("Enter");
  await without.locator("main", { hasText: PANELS.tables }).waitFor();
  await stranger.close();
}

/** What a user does with the keyboard alone. */
async function keyboard(page) {
  await show(page, "tables");
  await page.reload();
  await page.locator("main", { hasText: PANELS.tables }).waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the panel");
  await page.locator("#nav a", { hasText: "Cache" }).focus();
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "Cache" }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "panel-title", "the focus follows the panel");
  assert.equal(await page.locator("#nav [aria-current=page]").textContent(), "Cache");
}

async function tables(page) {
  await show(page, "tables");
  const box = page.getByLabel("SQL (Ctrl+Enter runs it)");
  await box.fill("SELECT id, customer, total FROM orders WHERE total > 40 ORDER BY id");
  await box.press("Control+Enter");
  await page.getByRole("cell", { name: "Grace" }).waitFor();
  await page.getByRole("status").getByText(/rows? in/).waitFor();
  await shot(page, "tables-result");
  await page.getByRole("button", { name: "Explain" }).click();
  await page.getByText("every row").waitFor();
  await page.getByLabel("Earlier statements").getByText("total > 40").waitFor();
  await box.fill("SELECT nope FROM orders");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByRole("alert").getByText("no such column: nope").waitFor();
  // What somebody stored stays text.
  await box.fill("SELECT * FROM texts");
  await page.getByRole("button", { name: "Run" }).click();
  await page.getByText("<img src=x onerror=").first().waitFor();
  assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
}

async function storage(page) {
  await show(page, "storage");
  await page.getByRole("button", { name: "logo.png", exact: true }).click();
  await page.waitForFunction(() => document.querySelector(".preview img")?.naturalWidth > 0);
  await shot(page, "storage-image");
  await page.getByRole("button", { name: "page.html", exact: true }).click();
  await page.locator(".preview pre", { hasText: "<script>" }).waitFor();
  assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  await page.locator('input[type=file]').setInputFiles({ name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
  await page.getByRole("button", { name: "Upload" }).click();
  await page.getByRole("button", { name: "note.txt", exact: true }).click();
  await page.locator(".preview pre", { hasText: "hello" }).waitFor();
}

async function others(page) {
  await show(page, "cache");
  await page.getByRole("button", { name: "user:1", exact: true }).click();
  await page.locator("pre", { hasText: "Ada" }).waitFor();
  await show(page, "collections");
  await page.getByLabel("Fields (a JSON object)").fill('{"title": "Added here"}');
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("cell", { name: "Added here" }).waitFor();
  await show(page, "search");
  await page.getByRole("textbox", { name: "Query" }).fill("refund");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("cell", { name: "Refunds are paid" }).waitFor();
  await shot(page, "search-result");
  await show(page, "users");
  await page.locator(".code-big", { hasText: /^\d{6}$/ }).waitFor();
  await page.getByRole("button", { name: "ada@example.com", exact: true }).click();
  await page.locator("dl", { hasText: "not" }).or(page.locator("dl", { hasText: "Sessions" })).first().waitFor();
  await show(page, "jobs");
  await page.getByRole("button", { name: "send-mail", exact: true }).first().click();
  await page.locator("pre", { hasText: "welcome" }).waitFor();
  await show(page, "secrets");
  assert.ok(!(await page.content()).includes("planted-secret"), "values of secrets stay away");
}

async function faults(page) {
  await show(page, "controls");
  await page.getByLabel("What happens").selectOption("status");
  await page.getByLabel("Status").fill("503");
  await page.getByLabel("To calls of").selectOption("dbQuery");
  await page.getByLabel("Times").fill("1");
  await page.getByRole("button", { name: "Set the fault" }).click();
  await page.getByRole("cell", { name: "server error" }).waitFor();
  await shot(page, "controls-fault");
  assert.equal((await sql("SELECT 1")).status, 503, "the fault strikes");
  assert.equal((await sql("SELECT 1")).status, 200, "once");

  await page.getByLabel("Let time pass").fill("2");
  await page.getByLabel("Unit").selectOption("86400000");
  await page.getByRole("button", { name: "Advance" }).click();
  await page.locator("#clock", { hasText: "(moved)" }).waitFor();
  await page.getByRole("button", { name: "Back to now" }).click();
  await page.locator("#clock:not(:has-text('moved'))").waitFor();

  await page.getByLabel("Every call takes at least (ms)").fill("120");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("status").getByText("120 ms").waitFor();
  const started = performance.now();
  await sql("SELECT 1");
  assert.ok(performance.now() - started >= 119, "the latency applies");
  await page.getByLabel("Every call takes at least (ms)").fill("0");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("status").getByText("least 0 ms").waitFor();
}

async function requests(page) {
  await show(page, "requests");
  await sql("SELECT broken FROM orders");
  const row = page.getByRole("row", { name: "no such column: broken" });
  await row.waitFor();
  await row.getByRole("button").click();
  await page.locator("section[aria-label=Call] pre", { hasText: "SELECT broken" }).waitFor();
  await page.locator("section[aria-label=Call] summary").first().click();
  const shown = await page.locator("section[aria-label=Call]").textContent();
  assert.ok(shown.includes("x-aerostack-key") && !shown.includes(API_KEY), "credentials are masked");
  await page.getByRole("row", { name: "503" }).getByText("server error").waitFor();
  // The picture in the README is this one: without the message of what was done before.
  await page.evaluate(() => document.getElementById("status").replaceChildren());
  await shot(page, "requests-detail");
}

/** A page of another origin, and what it gets from the emulator. */
async function strangers() {
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<title>page</title>"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  const context = await browser.newContext();
  const reach = async (origin, target) => {
    const page = await context.newPage();
    await page.goto(origin);
    const got = await page.evaluate(
      async ({ target, key }) => {
        const attempt = (path, init) => fetch(target + path, init).then((answer) => answer.status, () => "blocked");
        const headers = { "content-type": "application/json", "x-aerostack-key": key };
        const query = await attempt("/v1/db/query", { method: "POST", headers, body: '{"sql":"SELECT 1"}' });
        const control = await attempt("/__emulator/received", { headers });
        const plain = await attempt("/__emulator/about", { credentials: "include" });
        const socket = new WebSocket(`${target.replace("http", "ws")}/api/realtime?projectId=proj_local`, [`aerostack-key.${key}`, "aerostack-v1"]);
        const realtime = await new Promise((resolve) => {
          socket.onopen = () => resolve("open");
          socket.onerror = () => resolve("blocked");
        });
        socket.close();
        return { query, control, plain, realtime };
      },
      { target, key: API_KEY },
    );
    await page.close();
    return got;
  };
  const closed = { control: "blocked", plain: "blocked" };
  assert.deepEqual(await reach(`http://localhost:${port}/`, EMULATOR_URL), { query: 200, realtime: "open", ...closed }, "a page of this machine");
  assert.deepEqual(await reach(`http://evil.test:${port}/`, EMULATOR_URL), { query: "blocked", realtime: "blocked", ...closed }, "a foreign page");
  const rebound = `http://evil.test:${emulator.port}`;
  const refused = { query: 403, control: 403, plain: 403, realtime: "blocked" };
  assert.deepEqual(await reach(`${rebound}/`, rebound), refused, "a page whose name was rebound");
  await context.close();
  server.close();
}

/** A client in a page of this machine that follows a table. */
async function subscriber(context) {
  const page = await context.newPage();
  await page.goto(EMULATOR_URL);
  await page.evaluate(
    ({ url, key }) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${url.replace("http", "ws")}/api/realtime?projectId=proj_local&userId=ada`, [`aerostack-key.${key}`, "aerostack-v1"]);
        socket.onopen = () => socket.send(JSON.stringify({ type: "subscribe", topic: "table/orders/proj_local" }));
        socket.onmessage = ({ data }) => JSON.parse(data).type === "subscribed" && resolve();
        globalThis.socket = socket;
      }),
    { url: EMULATOR_URL, key: API_KEY },
  );
  return page;
}

try {
  await session();
  await strangers();
  const watchers = await browser.newContext();
  await subscriber(watchers);
  await sql("INSERT INTO orders (customer, total) VALUES ('Katherine', 12.5)");

  const { context, page, problems } = await open("light");
  await show(page, "realtime");
  await sql("INSERT INTO orders (customer, total) VALUES ('Live <b>frame</b>', 99)");
  await page.getByRole("cell", { name: "Live <b>frame</b>" }).first().waitFor();
  await page.getByText("table/orders/proj_local").first().waitFor();
  await page.getByRole("button", { name: /^db_change/ }).first().click();
  await page.locator("section[aria-label=Frame] pre", { hasText: "Live <b>frame</b>" }).waitFor();
  await shot(page, "realtime-frame");
  await keyboard(page);
  await tables(page);
  await storage(page);
  await others(page);
  await faults(page);
  await requests(page);
  assert.deepEqual(problems.filter((text) => !text.includes("status of 400")), []);
  await context.close();

  for (const scheme of ["light", "dark"]) {
    const { context, page, problems } = await open(scheme);
    for (const panel of Object.keys(PANELS)) {
      await show(page, panel);
      await accessible(page, `${panel}, ${scheme}`);
      await shot(page, `${panel}-${scheme}`);
    }
    assert.deepEqual(problems, [], scheme);
    await context.close();
  }
  const narrow = await open("light");
  await narrow.page.setViewportSize({ width: 390, height: 800 });
  await show(narrow.page, "requests");
  await accessible(narrow.page, "on a phone");
  await shot(narrow.page, "requests-narrow");
  console.log(`the console works; its screenshots are in ${SHOTS}`);
} catch (error) {
  for (const [number, page] of browser.contexts().flatMap((context) => context.pages()).entries()) {
    await shot(page, `failure-${number}`);
  }
  throw error;
} finally {
  await browser.close();
}
// Standard input, which ends with the test, would keep the program running.
process.exit(0);
