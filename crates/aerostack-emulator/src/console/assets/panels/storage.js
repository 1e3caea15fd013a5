// Stored files, with previews of what can be shown safely.

import { blob, call } from "../api.js";
import { alertBox, announce, attempt, badge, button, bytes, counted, dateTime, details, empty, field, fill, form, h, pretty } from "../dom.js";
import { table } from "../grid.js";

export const title = "Storage";
export const lead = "Stored files. Images, sound, video and text are previewed; nothing of a file is ever run.";

const TEXT_SHOWN = 64 * 1024;

export function mount(root) {
  const problem = alertBox();
  const wrong = alertBox();
  const files = h("div");
  const shown = h("div", {}, empty("Choose a file to see it."));
  const prefix = h("input", { name: "prefix", placeholder: "avatars/" });
  const file = h("input", { type: "file", name: "file", required: true });
  const key = h("input", { name: "key", placeholder: "the file's name" });
  let url;
  let cursor;
  let rows = [];

  async function draw(more = false) {
    const page = await call("/v1/storage/list", { ...(prefix.value && { prefix: prefix.value }), ...(more && { cursor }), limit: 200 });
    rows = more ? [...rows, ...page.objects] : page.objects;
    cursor = page.truncated ? page.cursor : undefined;
    const columns = [
      { title: "Key", value: (row) => button(row.key, () => attempt(problem, () => open(row)), { class: "link" }) },
      { title: "Type", value: (row) => row.contentType },
      { title: "Size", number: true, value: (row) => bytes(row.size) },
      { title: "Modified", value: (row) => dateTime(row.lastModified) },
      { title: "", value: (row) => button("Delete", () => attempt(problem, () => remove(row.key)), { class: "small danger", "aria-label": `Delete ${row.key}` }) },
    ];
    fill(
      files,
      table(counted(rows.length, "file"), columns, rows, { none: "No files are stored." }),
      cursor && button("Show more", () => attempt(problem, () => draw(true))),
    );
  }

  async function open(row) {
    const content = await blob("/v1/storage/get", { key: row.key });
    if (url) URL.revokeObjectURL(url);
    url = URL.createObjectURL(content);
    const name = row.key.split("/").at(-1);
    fill(
      shown,
      h("h2", {}, row.key),
      details([["Type", row.contentType], ["Size", `${row.size.toLocaleString("en")} bytes`], ["Modified", dateTime(row.lastModified)], ["ETag", row.etag]]),
      h("h3", {}, "Preview"),
      h("div", { class: "preview" }, await preview(row, content)),
      h("p", {}, h("a", { href: url, download: name }, "Download")),
    );
  }

  async function preview(row, content) {
    const kind = row.contentType.split(";")[0].trim().toLowerCase();
    // An SVG in an <img> runs no scripts; an HTML page is shown as its source.
    if (kind.startsWith("image/")) return h("img", { src: url, alt: `Preview of ${row.key}` });
    if (kind.startsWith("video/")) return h("video", { src: url, controls: true });
    if (kind.startsWith("audio/")) return h("audio", { src: url, controls: true });
    if (kind.startsWith("text/") || /\b(json|xml|javascript|yaml|csv|sql|toml)\b/.test(kind)) {
      const text = await content.slice(0, TEXT_SHOWN).text();
      const cut = content.size > TEXT_SHOWN ? badge(`the first ${bytes(TEXT_SHOWN)}`) : null;
      return [kind.includes("json") && !cut ? pretty(text) : h("pre", { tabindex: "0" }, text), cut];
    }
    return hexDump(new Uint8Array(await content.slice(0, 256).arrayBuffer()));
  }

  async function remove(name) {
    await call("/v1/storage/delete", { key: name });
    fill(shown, empty("Choose a file to see it."));
    announce(`${name} is deleted.`);
    await draw();
  }

  async function upload() {
    const chosen = file.files[0];
    const body = new FormData();
    body.append("key", key.value || chosen.name);
    body.append("file", chosen);
    const stored = await call("/v1/storage/upload", body);
    announce(`${stored.key} is stored.`);
    await draw();
  }

  fill(
    root,
    h("div", { class: "split wide" },
      h("div", {},
        h("section", { class: "card", "aria-label": "Files" },
          form(problem, () => draw(), { class: "row" }, field("Keys that start with", prefix, { grow: true }), h("button", {}, "Filter")),
          problem,
          files,
        ),
        h("section", { class: "card", "aria-label": "Upload" },
          h("h2", {}, "Upload"),
          form(wrong, upload, { class: "row" }, field("File", file), field("Key", key, { grow: true }), h("button", { class: "primary" }, "Upload")),
          wrong,
        ),
      ),
      h("section", { class: "card", "aria-label": "File", "aria-live": "polite" }, shown),
    ),
  );
  attempt(problem, draw);
  return () => url && URL.revokeObjectURL(url);
}

function hexDump(data) {
  const lines = [];
  for (let at = 0; at < data.length; at += 16) {
    const part = [...data.slice(at, at + 16)];
    const hex = part.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = part.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(48)} ${text}`);
  }
  return h("pre", { tabindex: "0" }, lines.join("\n") || "The file is empty.");
}
