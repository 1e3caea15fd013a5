// End users, and the codes and mails they would have been sent.

import { control } from "../api.js";
import { alertBox, announce, attempt, badge, button, counted, dateTime, details, empty, fill, h, json, time } from "../dom.js";
import { table } from "../grid.js";

export const title = "Users";
export const lead = "The project's end users, and the codes and mails that the platform would have sent them.";

const KINDS = { code: "One-time code", verification: "Address verification", reset: "Password reset", mail: "Mail" };

export function mount(root, { live }) {
  const problem = alertBox();
  const users = h("div");
  const mails = h("div");
  const shown = h("div", {}, empty("Choose a user to see all fields."));

  async function draw() {
    const [known, sent] = await Promise.all([control("users"), control("mails")]);
    const userColumns = [
      { title: "User", value: (user) => button(user.email ?? user.phone ?? user.id, () => open(user), { class: "link" }) },
      { title: "Name", value: (user) => user.name ?? "" },
      { title: "State", value: state },
      { title: "Created", value: (user) => dateTime(user.createdAt) },
    ];
    fill(users, table(counted(known.length, "user"), userColumns, known, { none: "Nobody has registered." }));
    const mailColumns = [
      { title: "Sent", value: (mail) => time(mail.atMs) },
      { title: "To", value: (mail) => mail.to },
      { title: "What", value: (mail) => KINDS[mail.kind] ?? mail.kind },
      { title: "Content", value: content },
    ];
    fill(mails, table(`${counted(sent.length, "message")}, latest first`, mailColumns, sent.toReversed(), { none: "No messages were sent." }));
  }

  function content(mail) {
    if (mail.kind === "mail") return `${mail.subject ?? ""}\n${mail.body ?? ""}`;
    return h("span", {},
      h("span", { class: mail.kind === "code" ? "code-big" : "mono" }, mail.secret),
      " ",
      button("Copy", () => navigator.clipboard.writeText(mail.secret).then(() => announce("Copied.")), { class: "small", "aria-label": `Copy what was sent to ${mail.to}` }),
    );
  }

  function state(user) {
    const badges = [user.emailVerifiedAt ? badge("verified", "good") : badge("not verified")];
    if (user.lockedUntil) badges.push(badge("locked", "bad"));
    if (user.sessions) badges.push(badge(counted(user.sessions, "session"), "accent"));
    return h("span", {}, badges.flatMap((it) => [it, " "]));
  }

  function open(user) {
    fill(
      shown,
      h("h2", {}, user.email ?? user.phone ?? user.id),
      details([
        ["Id", user.id],
        ["Email", user.email],
        ["Phone", user.phone],
        ["Name", user.name],
        ["Verified", user.emailVerifiedAt && dateTime(user.emailVerifiedAt)],
        ["Locked until", user.lockedUntil && dateTime(user.lockedUntil)],
        ["Created", dateTime(user.createdAt)],
        ["Sessions", String(user.sessions)],
      ]),
      h("h3", {}, "Metadata"), json(user.metadata),
      h("h3", {}, "Custom fields"), json(user.customFields),
    );
  }

  fill(
    root,
    problem,
    h("div", { class: "split wide" },
      h("div", {},
        h("section", { class: "card", "aria-label": "Users" }, h("h2", {}, "Users"), users),
        h("section", { class: "card", "aria-label": "Codes and mails", "aria-live": "polite" }, h("h2", {}, "Codes and mails"), mails),
      ),
      h("section", { class: "card", "aria-label": "User", "aria-live": "polite" }, shown),
    ),
  );
  const again = () => attempt(problem, draw);
  again();
  live.addEventListener("call", again);
  return () => live.removeEventListener("call", again);
}
