// The search index: what is in it, and what a query finds.

import { call } from "../api.js";
import { alertBox, announce, attempt, button, counted, details, field, fill, form, h, json } from "../dom.js";
import { table } from "../grid.js";

export const title = "Search";
export const lead = "The search index. The emulator's embeddings are lexical: words count, meaning does not.";

export function mount(root) {
  const problem = alertBox();
  const wrong = alertBox();
  const types = h("div");
  const results = h("div", { "aria-live": "polite" });
  const text = h("input", { name: "text", required: true, placeholder: "refund policy" });
  const most = h("input", { name: "topK", type: "number", min: "1", max: "100", value: "5" });
  const id = h("input", { name: "id", placeholder: "made up when empty" });
  const kind = h("input", { name: "type", required: true, value: "note" });
  const content = h("textarea", { name: "content", rows: "4", required: true });

  async function draw() {
    const found = (await call("/v1/ai/search/listTypes", undefined, "GET")).types;
    const columns = [
      { title: "Type", value: (row) => row.type },
      { title: "Entries", value: (row) => row.count },
    ];
    fill(types, table("Entries by type", columns, found, { none: "The index is empty." }));
  }

  async function query() {
    const found = (await call("/v1/ai/search/query", { text: text.value, topK: Number(most.value) || 5 })).results;
    const columns = [
      { title: "Score", number: true, value: (row) => row.score.toFixed(3) },
      { title: "Type", value: (row) => row.type },
      { title: "Content", value: (row) => row.content },
      { title: "Id", value: (row) => button(row.id, () => attempt(problem, () => open(row.id)), { class: "link mono" }) },
    ];
    fill(results, table(counted(found.length, "result"), columns, found, { none: "Nothing was found." }));
  }

  async function open(wanted) {
    const { result } = await call("/v1/ai/search/get", { id: wanted });
    if (!result) return fill(results, h("p", { class: "note" }, "The entry is gone."));
    id.value = result.id;
    kind.value = result.type;
    content.value = result.content;
    return fill(
      results,
      details([["Id", result.id], ["Type", result.type], ["Content", result.content]]),
      result.metadata && [h("h3", {}, "Metadata"), json(result.metadata)],
      h("div", { class: "row" }, button("Delete", () => attempt(problem, () => remove(result.id)), { class: "danger" })),
    );
  }

  async function remove(wanted) {
    await call("/v1/ai/search/delete", { id: wanted });
    announce(`${wanted} is deleted.`);
    fill(results);
    await draw();
  }

  async function ingest() {
    await call("/v1/ai/search/ingest", { content: content.value, type: kind.value, ...(id.value && { id: id.value }) });
    announce("The entry is indexed.");
    content.value = "";
    id.value = "";
    await draw();
  }

  fill(
    root,
    h("div", { class: "split wide" },
      h("section", { class: "card", "aria-label": "Query" },
        form(problem, query, { class: "row" }, field("Query", text, { grow: true }), field("Results", most), h("button", { class: "primary" }, "Search")),
        problem,
        results,
      ),
      h("div", {},
        h("section", { class: "card", "aria-label": "Types" }, h("h2", {}, "In the index"), types),
        h("section", { class: "card", "aria-label": "Add an entry" },
          h("h2", {}, "Add or replace an entry"),
          form(wrong, ingest, { class: "stack" },
            h("div", { class: "row" }, field("Id", id, { grow: true }), field("Type", kind, { grow: true })),
            field("Content", content),
            h("div", { class: "row" }, h("button", { class: "primary" }, "Index")),
          ),
          wrong,
        ),
      ),
    ),
  );
  attempt(problem, draw);
}
