// Queued jobs and how they went.

import { call } from "../api.js";
import { alertBox, announce, attempt, badge, button, counted, dateTime, details, empty, field, fill, form, h, json, select } from "../dom.js";
import { table } from "../grid.js";

export const title = "Jobs";
export const lead = "Jobs of the queue, newest first: where they stand, how often they were tried, and why they failed.";

const STATES = { queued: "accent", processing: "warn", completed: "good", failed: "bad", cancelled: "" };

export function mount(root, { live }) {
  const problem = alertBox();
  const wrong = alertBox();
  const jobs = h("div");
  const shown = h("div", {}, empty("Choose a job to see its data."));
  const state = select([["", "all"], ...Object.keys(STATES).map((name) => [name, name])], { name: "status", on: { change: () => attempt(problem, draw) } });
  const kind = h("input", { name: "type", required: true, placeholder: "send-welcome-email" });
  const data = h("textarea", { name: "data", rows: "3", spellcheck: "false" }, "{}");
  const delay = h("input", { name: "delay", type: "number", min: "0", value: "0" });

  async function draw() {
    const page = await call("/v1/queue/jobs", { ...(state.value && { status: state.value }), limit: 200 });
    const columns = [
      { title: "Type", value: (job) => button(job.type, () => open(job), { class: "link" }) },
      { title: "State", value: (job) => badge(job.status, STATES[job.status]) },
      { title: "Attempts", value: (job) => job.attempts },
      { title: "Created", value: (job) => dateTime(job.createdAt) },
      { title: "Error", value: (job) => job.error ?? "" },
      { title: "", value: (job) => (job.status === "queued" ? button("Cancel", () => attempt(problem, () => cancel(job.id)), { class: "small danger", "aria-label": `Cancel ${job.id}` }) : "") },
    ];
    fill(jobs, table(`${counted(page.jobs.length, "job")}${page.list_complete ? "" : " (the latest)"}`, columns, page.jobs, { none: "No such jobs." }));
  }

  function open(job) {
    fill(
      shown,
      h("h2", {}, job.type),
      details([["Id", job.id], ["State", badge(job.status, STATES[job.status])], ["Attempts", String(job.attempts)], ["Created", dateTime(job.createdAt)], ["Ended", job.completedAt && dateTime(job.completedAt)], ["Error", job.error]]),
      h("h3", {}, "Data"),
      json(job.data),
    );
  }

  async function cancel(id) {
    const answer = await call("/v1/queue/cancel", { jobId: id });
    announce(answer.note || "The job is cancelled.");
    await draw();
  }

  async function enqueue() {
    await call("/v1/queue/enqueue", { type: kind.value, data: JSON.parse(data.value), delay: Number(delay.value) || 0 });
    announce("The job is queued.");
    await draw();
  }

  fill(
    root,
    h("div", { class: "split wide" },
      h("div", {},
        h("section", { class: "card", "aria-label": "Jobs" }, h("div", { class: "row" }, field("State", state), button("Refresh", () => attempt(problem, draw))), problem, jobs),
        h("section", { class: "card", "aria-label": "Enqueue" },
          h("h2", {}, "Enqueue a job"),
          form(wrong, enqueue, { class: "stack" },
            h("div", { class: "row" }, field("Type", kind, { grow: true }), field("Delay in seconds", delay)),
            field("Data (a JSON object)", data),
            h("div", { class: "row" }, h("button", { class: "primary" }, "Enqueue")),
          ),
          wrong,
        ),
      ),
      h("section", { class: "card", "aria-label": "Job", "aria-live": "polite" }, shown),
    ),
  );
  const again = () => attempt(problem, draw);
  again();
  live.addEventListener("call", again);
  const timer = setInterval(again, 3000);
  return () => {
    clearInterval(timer);
    live.removeEventListener("call", again);
  };
}
