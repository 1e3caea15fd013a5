// Collections and their items.

import { call, control } from "../api.js";
import { alertBox, announce, attempt, button, counted, empty, field, fill, form, h } from "../dom.js";
import { table } from "../grid.js";

export const title = "Collections";
export const lead = "JSON items of the collections that this emulator was started with.";

export function mount(root) {
  const problem = alertBox();
  const wrong = alertBox();
  const names = h("ul", { class: "list", "aria-label": "Collections" });
  const items = h("div");
  const text = h("textarea", { name: "item", rows: "8", required: true, spellcheck: "false" });
  const heading = h("h2");
  let current;
  let editing;

  async function draw() {
    const known = await control("collections");
    fill(
      names,
      known.length
        ? known.map((name) => h("li", {}, button(name, () => attempt(problem, () => open(name)), { "aria-pressed": String(name === current) })))
        : h("li", {}, empty("None. Start the emulator with --collection NAME.")),
    );
    if (known.length && !current) await open(known[0]);
  }

  async function open(name) {
    current = name;
    edit(undefined);
    for (const other of names.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other.textContent === name));
    await list();
  }

  async function list() {
    const found = await call(`/v1/collections/${encodeURIComponent(current)}/items`, undefined, "GET");
    const columns = [
      { title: "Id", value: (item) => button(item.id, () => edit(item), { class: "link mono" }) },
      { title: "Fields", value: ({ id, ...fields }) => fields },
      { title: "", value: (item) => button("Delete", () => attempt(problem, () => remove(item.id)), { class: "small danger", "aria-label": `Delete ${item.id}` }) },
    ];
    fill(items, table(`${counted(found.length, "item")} of ${current}`, columns, found, { none: `${current} is empty.` }));
  }

  function edit(item) {
    editing = item?.id;
    heading.textContent = item ? `Change ${item.id}` : `New item in ${current}`;
    const { id, ...fields } = item ?? { id: undefined, title: "" };
    text.value = JSON.stringify(fields, null, 2);
  }

  async function save() {
    const fields = JSON.parse(text.value);
    if (editing) await call(`/v1/collections/items/${encodeURIComponent(editing)}`, fields, "PUT");
    else await call(`/v1/collections/${encodeURIComponent(current)}/items`, fields);
    announce(editing ? "The item is changed." : "The item is added.");
    edit(undefined);
    await list();
  }

  async function remove(id) {
    await call(`/v1/collections/items/${encodeURIComponent(id)}`, undefined, "DELETE");
    announce("The item is deleted.");
    edit(undefined);
    await list();
  }

  fill(
    root,
    h("div", { class: "split" },
      h("section", { class: "card", "aria-label": "Collections" }, h("h2", {}, "Collections"), names),
      h("div", {},
        h("section", { class: "card", "aria-label": "Items" }, problem, items),
        h("section", { class: "card", "aria-label": "Edit" },
          heading,
          form(wrong, save, { class: "stack" },
            field("Fields (a JSON object)", text),
            h("div", { class: "row" }, h("button", { class: "primary" }, "Save"), button("New item", () => edit(undefined))),
          ),
          wrong,
        ),
      ),
    ),
  );
  attempt(problem, draw);
}
