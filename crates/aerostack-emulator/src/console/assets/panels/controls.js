// Switches of the emulator: faults, latency, clock, reset, seed, snapshots.

import { control } from "../api.js";
import { alertBox, announce, attempt, button, check, dateTime, field, fill, form, h, select } from "../dom.js";
import { table } from "../grid.js";

export const title = "Faults and clock";
export const lead = "Make calls fail the way a platform fails, let time pass, and put data in place.";

/** Every kind of fault: its name, what its value means, and how the request is built from it. */
const FAULTS = {
  status: ["Answer a status", "Status", "503", Number],
  rateLimited: ["Rate limited (429)", "Retry-After", "1", String],
  html: ["HTML page of a proxy", "Status", "502", Number],
  redirect: ["Redirect (307)", "Location", "http://127.0.0.1:1/", String],
  delayMs: ["Late answer", "Milliseconds", "2000", Number],
  close: ["Close without an answer"],
  reset: ["Reset the connection"],
  hang: ["Never answer"],
  closeWithinHeaders: ["Close within the headers"],
  closeAfterHeaders: ["Close after the headers"],
  truncateBody: ["Cut the body off", "Bytes", "10", Number],
  wrongLength: ["Wrong Content-Length", "Off by", "-1", Number],
  contentEncoding: ["Claim an encoding", "Encoding", "gzip", String],
  slowHeadersMs: ["Slow headers", "Pause in ms", "50", Number],
  dripMs: ["Body byte by byte", "Pause in ms", "50", Number],
};

export function mount(root, { refreshHeader }) {
  const problem = alertBox();
  fill(root, h("div", { class: "pair" }, faults(problem), h("div", {}, clock(refreshHeader), latency()), data(), snapshots()), problem);
}

function card(title, ...children) {
  return h("section", { class: "card", "aria-label": title }, h("h2", {}, title), children);
}

function faults() {
  const wrong = alertBox();
  const set = h("div", { "aria-live": "polite" });
  const kind = select(Object.entries(FAULTS).map(([id, [label]]) => [id, label]), { name: "fault" });
  const value = h("input", { name: "value" });
  const valueField = field("Value", value);
  const operation = h("select", { name: "on" }, h("option", { value: "" }, "every operation"));
  const times = h("input", { name: "times", type: "number", min: "1", placeholder: "always" });
  const after = h("input", { name: "after", type: "number", min: "0", value: "0" });
  const effect = h("input", { name: "afterEffect", type: "checkbox" });

  function adapt() {
    const [, label, usual] = FAULTS[kind.value];
    valueField.hidden = label === undefined;
    valueField.firstChild.textContent = label ?? "Value";
    value.value = usual ?? "";
  }
  kind.addEventListener("change", adapt);
  adapt();

  async function draw() {
    const columns = [
      { title: "Fault", value: (fault) => fault.name },
      { title: "Calls", value: (fault) => fault.on ?? "every operation" },
      { title: "Struck", value: (fault) => fault.struck },
      { title: "Left", value: (fault) => fault.left ?? "always" },
    ];
    fill(set, table("Faults that are set", columns, await control("faults/set"), { none: "No faults are set: every call is answered." }));
  }

  async function add() {
    const [, label, , convert] = FAULTS[kind.value];
    const fault = label === undefined ? kind.value : { [kind.value]: convert(value.value) };
    const body = { fault, after: Number(after.value) || 0, afterEffect: effect.checked };
    if (operation.value) body.on = operation.value;
    if (times.value) body.times = Number(times.value);
    await control("faults", { method: "POST", body });
    announce("The fault is set.");
    await draw();
  }

  attempt(wrong, async () => {
    for (const id of await control("operations")) operation.append(h("option", { value: id }, id));
    await draw();
  });
  return card(
    "Faults",
    form(wrong, add, { class: "stack" },
      h("div", { class: "row" }, field("What happens", kind, { grow: true }), valueField),
      h("div", { class: "row" }, field("To calls of", operation, { grow: true }), field("Times", times), field("After sparing", after)),
      check("The call takes effect first", effect),
      h("div", { class: "row" },
        h("button", { class: "primary" }, "Set the fault"),
        button("Take all away", () => attempt(wrong, async () => {
          await control("faults", { method: "DELETE" });
          announce("No faults are set.");
          await draw();
        })),
      ),
    ),
    wrong,
    set,
  );
}

function clock(refreshHeader) {
  const wrong = alertBox();
  const now = h("strong", { "aria-live": "polite" });
  const amount = h("input", { name: "amount", type: "number", min: "1", value: "1", required: true });
  const unit = select([["1000", "seconds"], ["60000", "minutes"], ["3600000", "hours"], ["86400000", "days"]], { name: "unit" });
  const show = async ({ nowMs }) => {
    now.textContent = dateTime(nowMs);
    await refreshHeader();
  };
  attempt(wrong, async () => show(await control("clock")));
  return card(
    "Clock",
    h("p", {}, "The services see ", now, "."),
    form(wrong, async () => {
      await show(await control("clock", { method: "POST", body: { advanceMs: Number(amount.value) * Number(unit.value) } }));
      announce("The clock has moved.");
    }, { class: "row" }, field("Let time pass", amount), field("Unit", unit), h("button", { class: "primary" }, "Advance"),
      button("Back to now", () => attempt(wrong, async () => {
        await show(await control("clock", { method: "POST", body: { setMs: null } }));
        announce("The clock shows the system's time.");
      })),
    ),
    wrong,
    h("p", { class: "note" }, "Cache and token expiry, one-time codes, lockouts and queue delays follow this clock."),
  );
}

function latency() {
  const wrong = alertBox();
  const ms = h("input", { name: "latency", type: "number", min: "0", value: "0", required: true });
  attempt(wrong, async () => (ms.value = (await control("latency")).ms));
  return card(
    "Latency",
    form(wrong, async () => {
      await control("latency", { method: "POST", body: { ms: Number(ms.value) } });
      announce(`Every call takes at least ${ms.value} ms.`);
    }, { class: "row" }, field("Every call takes at least (ms)", ms), h("button", { class: "primary" }, "Apply")),
    wrong,
  );
}

function data() {
  const wrong = alertBox();
  const text = h("textarea", { name: "seed", rows: "5", required: true, spellcheck: "false", placeholder: "INSERT INTO users (name) VALUES ('Ada');" });
  const sure = h("dialog", { "aria-labelledby": "sure-title" },
    h("h2", { id: "sure-title" }, "Delete everything?"),
    h("p", {}, "All rows, users, files, jobs and cached values are deleted. Tables, clock and keys stay."),
    h("div", { class: "row" },
      button("Delete everything", () => attempt(wrong, async () => {
        sure.close();
        await control("reset", { method: "POST" });
        announce("The emulator is empty.");
      }), { class: "danger" }),
      button("Cancel", () => sure.close()),
    ),
  );
  return card(
    "Data",
    form(wrong, async () => {
      await control("seed", { method: "POST", body: { sql: text.value } });
      announce("The data is in place.");
    }, { class: "stack" },
      field("SQL to put data in place (any statement, tables included)", text),
      h("div", { class: "row" }, h("button", { class: "primary" }, "Seed"), button("Reset…", () => sure.showModal(), { class: "danger" })),
    ),
    wrong,
    sure,
  );
}

function snapshots() {
  const wrong = alertBox();
  const taken = h("div", { "aria-live": "polite" });

  async function draw() {
    const columns = [
      { title: "Snapshot", value: (snapshot) => snapshot.id },
      { title: "Taken", value: (snapshot) => dateTime(snapshot.atMs) },
      { title: "", value: (snapshot) => button("Restore", () => attempt(wrong, async () => {
        await control(`snapshots/${snapshot.id}/restore`, { method: "POST" });
        announce(`Snapshot ${snapshot.id} is restored.`);
      }), { class: "small", "aria-label": `Restore snapshot ${snapshot.id}` }) },
    ];
    fill(taken, table("Snapshots", columns, await control("snapshots"), { none: "No snapshots were taken." }));
  }
  attempt(wrong, draw);
  return card(
    "Snapshots",
    h("p", { class: "note" }, "A snapshot holds all data: rows, users, files, cache and jobs. It is kept until the emulator stops."),
    h("div", { class: "row" }, button("Take a snapshot", () => attempt(wrong, async () => {
      await control("snapshots", { method: "POST" });
      announce("The snapshot is taken.");
      await draw();
    }), { class: "primary" })),
    wrong,
    taken,
  );
}
