// The frame around the panels: navigation, the header, and the live connection.

import { control } from "./api.js";
import { announce, dateTime, fill, h } from "./dom.js";
import { Live } from "./live.js";
import * as cache from "./panels/cache.js";
import * as collections from "./panels/collections.js";
import * as controls from "./panels/controls.js";
import * as jobs from "./panels/jobs.js";
import * as realtime from "./panels/realtime.js";
import * as requests from "./panels/requests.js";
import * as search from "./panels/search.js";
import * as secrets from "./panels/secrets.js";
import * as storage from "./panels/storage.js";
import * as tables from "./panels/tables.js";
import * as users from "./panels/users.js";

const GROUPS = [
  ["Data", { tables, cache, storage, collections, search }],
  ["Project", { users, jobs, secrets }],
  ["Live", { requests, realtime }],
  ["Emulator", { controls }],
];
const PANELS = Object.assign({}, ...GROUPS.map(([, panels]) => panels));

const live = new Live();
const main = document.getElementById("main");
let cleanUp = () => {};

function drawNavigation() {
  fill(
    document.getElementById("nav"),
    GROUPS.map(([title, panels]) => [
      h("h2", { id: `group-${title}` }, title),
      h(
        "ul",
        { "aria-labelledby": `group-${title}` },
        Object.entries(panels).map(([id, panel]) =>
          h("li", {}, h("a", { href: `#/${id}` }, panel.title, h("span", { class: "count", id: `count-${id}`, "aria-hidden": "true" }))),
        ),
      ),
    ]),
  );
}

/** Shows the panel that the address names, the first one when it names none. */
function route(event) {
  const id = location.hash.replace(/^#\//, "");
  if (location.hash === "#main") return;
  const panel = PANELS[id] ?? tables;
  cleanUp();
  const root = h("div", {});
  fill(main, h("h1", { id: "panel-title", tabindex: "-1" }, panel.title), h("p", { class: "lead" }, panel.lead), root);
  document.title = `${panel.title} · Aerostack emulator`;
  for (const link of document.querySelectorAll("#nav a")) {
    if (link.hash === `#/${id in PANELS ? id : "tables"}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  cleanUp = panel.mount(root, { live, refreshHeader }) ?? (() => {});
  if (event) document.getElementById("panel-title").focus();
}

let clockOffset = 0;

async function refreshHeader() {
  const [about, clock] = await Promise.all([control("about"), control("clock")]);
  document.getElementById("project").textContent = `${about.projectSlug} (${about.projectId})`;
  clockOffset = clock.nowMs - Date.now();
  drawClock();
}

function drawClock() {
  const shifted = Math.abs(clockOffset) > 2000 ? " (moved)" : "";
  document.getElementById("clock").textContent = dateTime(Date.now() + clockOffset) + shifted;
}

drawNavigation();
live.addEventListener("state", () => {
  const element = document.getElementById("live");
  element.dataset.state = live.state;
  element.textContent = live.state === "on" ? "connected" : "disconnected";
});
live.addEventListener("call", () => (document.getElementById("count-requests").textContent = live.calls.length || ""));
live.addEventListener("frame", () => (document.getElementById("count-realtime").textContent = live.frames.length || ""));
addEventListener("hashchange", route);
route();
live.connect();
refreshHeader().catch((error) => announce(error.message));
setInterval(drawClock, 1000);
