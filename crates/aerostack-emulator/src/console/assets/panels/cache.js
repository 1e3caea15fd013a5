// The cache: keys, values and when they expire.

import { call } from "../api.js";
import { alertBox, announce, attempt, button, counted, dateTime, field, fill, form, h, json } from "../dom.js";
import { table } from "../grid.js";

export const title = "Cache";
export const lead = "Values under keys, and when they expire by the emulator's clock.";

export function mount(root) {
  const problem = alertBox();
  const wrong = alertBox();
  const keys = h("div");
  const shown = h("div", { "aria-live": "polite" });
  const prefix = h("input", { name: "prefix", placeholder: "user:" });
  const key = h("input", { name: "key", required: true });
  const value = h("textarea", { name: "value", rows: "3", required: true, placeholder: '{"name": "Ada"}' });
  const ttl = h("input", { name: "ttl", type: "number", min: "1", placeholder: "none" });
  let cursor;
  let rows = [];

  async function draw(more = false) {
    const page = await call("/v1/cache/list", { ...(prefix.value && { prefix: prefix.value }), ...(more && { cursor }), limit: 200 });
    rows = more ? [...rows, ...page.keys] : page.keys;
    cursor = page.list_complete ? undefined : page.cursor;
    const columns = [
      { title: "Key", value: (row) => button(row.key, () => attempt(problem, () => open(row.key)), { class: "link" }) },
      { title: "Expires", value: (row) => (row.expiration ? dateTime(row.expiration * 1000) : "never") },
      { title: "", value: (row) => button("Delete", () => attempt(problem, () => remove(row.key)), { class: "small danger", "aria-label": `Delete ${row.key}` }) },
    ];
    fill(
      keys,
      table(counted(rows.length, "key"), columns, rows, { none: "The cache holds no such key." }),
      cursor && button("Show more", () => attempt(problem, () => draw(true))),
    );
  }

  async function open(name) {
    const found = await call("/v1/cache/get", { key: name });
    fill(shown, h("h2", {}, name), found.exists ? json(found.value) : h("p", { class: "note" }, "It has expired or was deleted."));
    key.value = name;
    if (found.exists) value.value = JSON.stringify(found.value, null, 2);
  }

  async function remove(name) {
    await call("/v1/cache/delete", { key: name });
    fill(shown);
    announce(`${name} is deleted.`);
    await draw();
  }

  async function save() {
    let parsed;
    try {
      parsed = JSON.parse(value.value);
    } catch {
      parsed = value.value;
    }
    await call("/v1/cache/set", { key: key.value, value: parsed, ...(ttl.value && { ttl: Number(ttl.value) }) });
    announce(`${key.value} is stored.`);
    await draw();
    await open(key.value);
  }

  fill(
    root,
    h("div", { class: "split wide" },
      h("section", { class: "card", "aria-label": "Keys" },
        form(problem, () => draw(), { class: "row" }, field("Keys that start with", prefix, { grow: true }), h("button", {}, "Filter")),
        problem,
        keys,
      ),
      h("div", {},
        h("section", { class: "card", "aria-label": "Store a value" },
          h("h2", {}, "Store a value"),
          form(wrong, save, { class: "stack" },
            field("Key", key),
            field("Value (JSON, or plain text)", value),
            h("div", { class: "row" }, field("Seconds to live", ttl), h("button", { class: "primary" }, "Store")),
          ),
          wrong,
        ),
        h("section", { class: "card", "aria-label": "Value" }, shown),
      ),
    ),
  );
  attempt(problem, draw);
}
