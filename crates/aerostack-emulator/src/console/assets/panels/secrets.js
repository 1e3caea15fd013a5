// The names of the project's secrets. Values never come to this page.

import { control } from "../api.js";
import { alertBox, attempt, counted, fill, h } from "../dom.js";
import { table } from "../grid.js";

export const title = "Secrets";
export const lead = "The secrets this emulator was started with. Values are masked: the emulator does not send them here.";

export function mount(root) {
  const problem = alertBox();
  const names = h("div");
  fill(
    root,
    h("section", { class: "card", "aria-label": "Secrets" },
      problem,
      names,
      h("p", { class: "note" }, "Set them with ", h("code", {}, "--secrets-file FILE"), " or ", h("code", {}, "AEROSTACK_SECRET_NAME=value"), " in the environment."),
    ),
  );
  attempt(problem, async () => {
    const known = await control("secrets");
    const columns = [
      { title: "Name", value: (secret) => h("span", { class: "mono" }, secret.name) },
      { title: "Value", value: (secret) => (secret.empty ? h("em", {}, "empty") : h("span", {}, h("span", { "aria-hidden": "true" }, "••••••••"), h("span", { class: "visually-hidden" }, "masked"))) },
    ];
    fill(names, table(counted(known.length, "secret"), columns, known, { none: "No secrets are set." }));
  });
}
