// Building the page. Text only ever becomes text: nothing here parses HTML, and the page's policy forbids it.

/** Makes an element. `on` holds listeners, `data` the dataset; a value of true or false sets or leaves out the attribute. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(element.dataset, value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== undefined && value !== null) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Replaces what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let ids = 0;

/** A labelled input, select or textarea. */
export function field(label, control, { grow = false } = {}) {
  control.id ||= `field-${++ids}`;
  return h("div", { class: grow ? "field grow" : "field" }, h("label", { for: control.id }, label), control);
}

/** A labelled checkbox. */
export function check(label, control) {
  return h("label", { class: "check" }, control, label);
}

export function button(label, action, attributes = {}) {
  return h("button", { type: "button", ...attributes, on: { click: action } }, label);
}

export function select(options, attributes = {}) {
  return h("select", attributes, options.map(([value, label]) => h("option", { value }, label)));
}

export function badge(text, kind = "") {
  return h("span", { class: `badge ${kind}` }, text);
}

export function empty(text) {
  return h("p", { class: "empty" }, text);
}

/** A place for error messages that a screen reader reads out at once. */
export function alertBox() {
  return h("p", { class: "error", role: "alert" });
}

let fading;

/** Says what happened, on screen and to screen readers. */
export function announce(text) {
  const status = document.getElementById("status");
  status.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => (status.textContent = ""), 6000);
}

/** Lets a form run `work`, and shows why it failed in `problem`. */
export function form(problem, work, attributes, ...children) {
  return h("form", { ...attributes, on: { submit: (event) => { event.preventDefault(); attempt(problem, work); } } }, children);
}

/** Runs `work` and shows why it failed. */
export async function attempt(problem, work) {
  problem.textContent = "";
  try {
    return await work();
  } catch (error) {
    problem.textContent = error.message;
    return undefined;
  }
}

/** A definition list of name and value pairs; what is missing is left out. */
export function details(pairs) {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return h("dl", { class: "details" }, shown.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** A JSON value, indented. */
export function json(value) {
  return h("pre", { tabindex: "0" }, JSON.stringify(value, null, 2) ?? "undefined");
}

/** Text that may be JSON, indented when it is. */
export function pretty(text) {
  try {
    return json(JSON.parse(text));
  } catch {
    return h("pre", { tabindex: "0" }, text);
  }
}

/** A number with its noun: `1 row`, `2 rows`. */
export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  const units = ["KiB", "MiB", "GiB"];
  let value = count;
  let unit = -1;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export function time(ms) {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(11, 23);
}

export function dateTime(value) {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? String(value ?? "") : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
