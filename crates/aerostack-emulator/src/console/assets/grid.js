// Tables of data.

import { h, empty } from "./dom.js";

/**
 * A table in a region that scrolls.
 * @param {string} caption what the table shows, for screen readers too
 * @param {Array<{title: string, value: (row: any) => any, number?: boolean}>} columns
 * @param {any[]} rows
 */
export function table(caption, columns, rows, { none = "Nothing here yet.", key, chosen } = {}) {
  if (rows.length === 0) return empty(none);
  const numeric = (column) => column.number || typeof column.value(rows[0]) === "number";
  const head = h("tr", {}, columns.map((column) => h("th", { scope: "col", class: numeric(column) ? "number" : false }, column.title || h("span", { class: "visually-hidden" }, "Actions"))));
  const body = rows.map((row) =>
    h("tr", { class: key && key(row) === chosen ? "chosen" : false }, columns.map((column) => cell(column, column.value(row)))),
  );
  return h(
    "div",
    { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" },
    h("table", {}, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, body)),
  );
}

function cell(column, value) {
  if (Array.isArray(value) && value[0] instanceof Node) return h("td", {}, value);
  if (value instanceof Node) return h("td", { class: column.number ? "number" : false }, value);
  if (value === null || value === undefined) return h("td", { class: "null" }, "null");
  if (typeof value === "number") return h("td", { class: "number" }, String(value));
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return h("td", { class: column.number ? "number" : false }, h("div", { class: "cell", title: text.length > 120 ? text.slice(0, 2000) : false }, text));
}

/** Rows of a query: objects whose keys are the columns. */
export function resultGrid(caption, rows) {
  const names = rows.length ? Object.keys(rows[0]) : [];
  return table(caption, names.map((name) => ({ title: name, value: (row) => row[name] })), rows, { none: "The statement returned no rows." });
}
