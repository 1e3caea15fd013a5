// The project's database: its tables, and a box for SQL.

import { sql } from "../api.js";
import { alertBox, announce, attempt, badge, button, counted, empty, field, fill, h } from "../dom.js";
import { resultGrid, table } from "../grid.js";

export const title = "Tables";
export const lead = "The project's SQLite database, with the same rules as dbQuery. Changes reach realtime subscribers.";

const HISTORY = "aerostack-emulator.sql-history";
const SCHEMA = String.raw`SELECT name, type, sql FROM sqlite_schema
  WHERE type IN ('table', 'view') AND name NOT LIKE '\_aerostack\_%' ESCAPE '\' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
  ORDER BY type, name`;

const quoted = (name) => `"${name.replaceAll('"', '""')}"`;

export function mount(root) {
  const problem = alertBox();
  const list = h("ul", { class: "list", "aria-label": "Tables and views" });
  const definition = h("div");
  const result = h("div", { id: "sql-result" });
  const past = h("ul", { class: "list", "aria-label": "Earlier statements" });
  const box = h("textarea", { rows: "4", spellcheck: "false", name: "sql", placeholder: "SELECT * FROM users WHERE id = 1" });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    }
  });

  async function draw() {
    const found = await sql(SCHEMA);
    if (found.length === 0) {
      fill(list, h("li", {}, empty("No tables. Give the emulator a schema with --schema.")));
      return;
    }
    fill(
      list,
      found.map((entry) =>
        h("li", {}, button([entry.name, entry.type === "view" ? badge("view") : null], () => open(entry), { "aria-pressed": "false", data: { name: entry.name } })),
      ),
    );
    if (!box.value) await open(found[0]);
  }

  async function open(entry) {
    for (const other of list.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other.dataset.name === entry.name));
    fill(definition, h("h2", {}, "Definition"), h("pre", { tabindex: "0" }, entry.sql ?? ""));
    box.value = `SELECT * FROM ${quoted(entry.name)} LIMIT 100`;
    await run({ remember: false });
  }

  function run({ remember = true } = {}) {
    const statement = box.value.trim();
    return attempt(problem, async () => {
      if (!statement) throw new Error("Type a statement first.");
      const started = performance.now();
      const rows = await sql(statement);
      const took = `${(performance.now() - started).toFixed(1)} ms`;
      const count = counted(rows.length, "row");
      fill(result, resultGrid(`${count} in ${took}`, rows));
      if (remember) {
        keep(statement);
        announce(`${count} in ${took}`);
      }
    });
  }

  function explain() {
    return attempt(problem, async () => {
      const steps = await sql(`EXPLAIN QUERY PLAN ${box.value.trim()}`);
      const depth = new Map([[0, 0]]);
      for (const step of steps) depth.set(step.id, (depth.get(step.parent) ?? 0) + 1);
      const columns = [
        {
          title: "Step",
          value: (step) => `${"    ".repeat(depth.get(step.id) - 1)}${step.detail}`,
        },
        { title: "Reads", value: (step) => (/^SCAN\b/.test(step.detail) ? badge("every row", "warn") : /\bSEARCH\b/.test(step.detail) ? badge("by index", "good") : "") },
      ];
      fill(result, table("Query plan", columns, steps, { none: "SQLite has no plan for this statement." }));
    });
  }

  function keep(statement) {
    const earlier = [statement, ...history().filter((other) => other !== statement)].slice(0, 20);
    localStorage.setItem(HISTORY, JSON.stringify(earlier));
    drawHistory();
  }

  function drawHistory() {
    const earlier = history();
    fill(
      past,
      earlier.length
        ? earlier.map((statement) => h("li", {}, button(h("span", { class: "mono" }, statement.slice(0, 160)), () => { box.value = statement; box.focus(); })))
        : h("li", { class: "note" }, "Statements you run appear here."),
    );
  }

  fill(
    root,
    h("div", { class: "split" },
      h("div", {},
        h("section", { class: "card", "aria-label": "Tables" }, h("h2", {}, "Tables and views"), list),
        h("section", { class: "card", "aria-label": "History" }, h("h2", {}, "History"), past),
      ),
      h("div", {},
        h("section", { class: "card", "aria-label": "SQL" },
          h("form", { class: "stack", on: { submit: (event) => { event.preventDefault(); run(); } } },
            field("SQL (Ctrl+Enter runs it)", box),
            h("div", { class: "row" }, h("button", { class: "primary" }, "Run"), button("Explain", explain)),
            problem,
          ),
          result,
        ),
        h("section", { class: "card", "aria-label": "Definition" }, definition),
      ),
    ),
  );
  drawHistory();
  attempt(problem, draw);
}

function history() {
  try {
    return JSON.parse(localStorage.getItem(HISTORY) ?? "[]");
  } catch {
    return [];
  }
}
