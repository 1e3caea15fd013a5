// Every HTTP call as it arrives, and why it was refused.

import { control } from "../api.js";
import { alertBox, announce, attempt, badge, button, bytes, counted, details, empty, field, fill, h, pretty, select, time } from "../dom.js";
import { table } from "../grid.js";

export const title = "Requests";
export const lead = "Every HTTP call as it arrives, newest first. Credentials are masked; what this console does itself is not listed.";

export function mount(root, { live }) {
  const problem = alertBox();
  const calls = h("div");
  const shown = h("div", {}, empty("Choose a call to see what was sent and answered."));
  const words = h("input", { name: "filter", placeholder: "dbQuery", on: { input: draw } });
  const state = select([["all", "all"], ["failed", "failed"], ["fault", "struck by a fault"]], { name: "state", on: { change: draw } });
  let chosen;

  function wanted(call) {
    if (state.value === "failed" && call.status !== null && call.status < 400) return false;
    if (state.value === "fault" && !call.fault) return false;
    const text = words.value.toLowerCase();
    return !text || `${call.operation ?? ""} ${call.method} ${call.path} ${call.status}`.toLowerCase().includes(text);
  }

  function draw() {
    const rows = live.calls.filter(wanted).toReversed().slice(0, 200);
    const columns = [
      { title: "Time", value: (call) => h("span", { class: "mono nowrap" }, time(call.atMs)) },
      { title: "Call", value: (call) => [
        button(call.operation ?? call.path, () => attempt(problem, () => open(call.seq)), { class: "link", "aria-label": `${call.operation ?? call.path}, call ${call.seq}` }),
        call.reason ? h("div", { class: "reason" }, call.reason) : null,
      ] },
      { title: "Status", value: status },
      { title: "ms", number: true, value: (call) => (call.durationMs === null ? "" : call.durationMs.toFixed(1)) },
    ];
    fill(calls, table(counted(rows.length, "call"), columns, rows, { none: "No calls yet. Point a client at this emulator.", key: (call) => call.seq, chosen }));
  }

  async function open(seq) {
    const call = await control(`calls/${seq}`);
    chosen = seq;
    draw();
    fill(
      shown,
      h("h2", {}, `${call.method} ${call.path}`),
      details([
        ["Operation", call.operation ?? "none of the platform's"],
        ["Status", status(call)],
        ["Time", call.durationMs === null ? null : `${call.durationMs.toFixed(1)} ms`],
        ["Fault", call.fault],
        ["Why", call.reason],
        ["Query", call.query],
      ]),
      part("Request", call.requestHeaders, call.request),
      part("Answer", call.responseHeaders, call.response),
    );
  }

  function part(name, headers, body) {
    return [
      h("h3", {}, name),
      body.bytes > 0 ? body.text === null ? h("p", { class: "note" }, `${bytes(body.bytes)} that are not text`) : pretty(body.text) : h("p", { class: "note" }, "No body"),
      body.text !== null && body.kept < body.bytes ? badge(`the first ${bytes(body.kept)} of ${bytes(body.bytes)}`) : null,
      h("details", {}, h("summary", {}, `${headers.length} headers`), details(headers)),
    ];
  }

  fill(
    root,
    h("div", { class: "split wide" },
      h("section", { class: "card", "aria-label": "Calls" },
        h("div", { class: "row" },
          field("Filter", words, { grow: true }),
          field("Show", state),
          button("Clear", () => attempt(problem, async () => {
            await control("received", { method: "DELETE" });
            live.clear("call");
            announce("The log of requests is empty.");
          })),
        ),
        problem,
        calls,
      ),
      h("section", { class: "card", "aria-label": "Call", "aria-live": "polite" }, shown),
    ),
  );
  draw();
  live.addEventListener("call", draw);
  return () => live.removeEventListener("call", draw);
}

function status(call) {
  const badges = [];
  if (call.fault) badges.push(badge(call.fault, "warn"), " ");
  if (call.status === null) badges.push(badge(call.done ? "no answer" : "in progress", call.done ? "bad" : "accent"));
  else badges.push(badge(String(call.status), call.status < 400 ? "good" : "bad"));
  return h("span", {}, badges);
}
