// Realtime: who is connected, to what, and every frame on the wire.

import { control } from "../api.js";
import { alertBox, announce, attempt, badge, button, counted, empty, field, fill, form, h, pretty, select } from "../dom.js";
import { table } from "../grid.js";

export const title = "Realtime";
export const lead = "Connections, what they are subscribed to, and every frame, newest first. Credentials are masked.";

export function mount(root, { live }) {
  const problem = alertBox();
  const wrong = alertBox();
  const connections = h("div");
  const frames = h("div");
  const shown = h("div", {}, empty("Choose a frame to see it whole."));
  const topic = h("input", { name: "topic", required: true, placeholder: "orders" });
  const event = h("input", { name: "event", required: true, value: "message" });
  const data = h("textarea", { name: "data", rows: "3", spellcheck: "false" }, "{}");
  const direction = select([["all", "both ways"], ["in", "from clients"], ["out", "to clients"]], { name: "direction", on: { change: drawFrames } });

  async function drawConnections() {
    const open = await control("realtime/connections");
    const columns = [
      { title: "#", value: (connection) => connection.id },
      { title: "User", value: (connection) => connection.userId ?? "" },
      { title: "Subscriptions", value: (connection) => h("span", {}, connection.topics.map((name) => [badge(name, "accent"), " "])) },
      { title: "", value: (connection) => button("Drop", () => strike({ dropConnection: connection.id }, "The connection is cut."), { class: "small danger", "aria-label": `Drop connection ${connection.id}` }) },
    ];
    fill(connections, table(counted(open.length, "open connection"), columns, open, { none: "Nobody is connected." }));
  }

  function drawFrames() {
    const rows = live.frames.filter((frame) => direction.value === "all" || frame.direction === direction.value).toReversed().slice(0, 200);
    const columns = [
      { title: "Time", value: (frame) => h("span", { class: "mono nowrap" }, `${(frame.atMs / 1000).toFixed(3)} s`) },
      { title: "#", value: (frame) => frame.connection },
      { title: "Way", value: (frame) => (frame.direction === "in" ? badge("→ in", "accent") : badge("← out", "good")) },
      { title: "Frame", value: (frame) => button(name(frame), () => open(frame), { class: "link", "aria-label": `${name(frame)}, frame ${frame.seq}` }) },
      { title: "Content", value: (frame) => h("div", { class: "cell mono" }, (frame.text ?? JSON.stringify(frame.detail) ?? "").slice(0, 200)) },
    ];
    fill(frames, table(counted(rows.length, "frame"), columns, rows, { none: "Nothing has gone over the wire." }));
  }

  function open(frame) {
    fill(shown, h("h2", {}, `${name(frame)} on connection ${frame.connection}`), frame.text === undefined ? pretty(JSON.stringify(frame.detail ?? null)) : pretty(frame.text));
  }

  const strike = (fault, said) =>
    attempt(problem, async () => {
      await control("realtime/faults", { method: "POST", body: fault });
      announce(said);
      await drawConnections();
    });

  async function publish() {
    const { subscribers } = await control("realtime/publish", { method: "POST", body: { topic: topic.value, event: event.value, data: JSON.parse(data.value) } });
    announce(`Sent to ${counted(subscribers, "subscriber")}.`);
  }

  fill(
    root,
    h("section", { class: "card", "aria-label": "Connections" },
      h("h2", {}, "Connections"),
      h("div", { class: "row" },
        button("Drop all", () => strike("dropAll", "All connections are cut.")),
        button("Deploy", () => strike("deploy", "All connections are closed as at a deployment.")),
      ),
      problem,
      connections,
    ),
    h("div", { class: "split wide" },
      h("section", { class: "card", "aria-label": "Frames" },
        h("div", { class: "row" },
          field("Direction", direction),
          button("Clear", () => attempt(problem, async () => {
            await control("realtime/transcript", { method: "DELETE" });
            live.clear("frame");
          })),
        ),
        frames,
      ),
      h("div", {},
        h("section", { class: "card", "aria-label": "Frame", "aria-live": "polite" }, shown),
        h("section", { class: "card", "aria-label": "Publish" },
          h("h2", {}, "Publish an event"),
          form(wrong, publish, { class: "stack" },
            h("div", { class: "row" }, field("Topic", topic, { grow: true }), field("Event", event, { grow: true })),
            field("Data (JSON)", data),
            h("div", { class: "row" }, h("button", { class: "primary" }, "Publish")),
          ),
          wrong,
        ),
      ),
    ),
  );
  const again = () => {
    drawFrames();
    attempt(problem, drawConnections);
  };
  again();
  live.addEventListener("frame", again);
  return () => live.removeEventListener("frame", again);
}

function name(frame) {
  if (frame.text !== undefined) {
    try {
      const { type } = JSON.parse(frame.text);
      if (typeof type === "string") return type;
    } catch {
      return "text";
    }
  }
  return frame.event;
}
