// What happens right now: calls and frames, as the emulator streams them.

const KEPT = 500;

/** Keeps the latest calls and frames, and tells `change` listeners about new ones. */
export class Live extends EventTarget {
  calls = [];
  frames = [];
  state = "connecting";

  connect() {
    const source = new EventSource("live");
    source.addEventListener("open", () => this.#turn("on"));
    source.addEventListener("error", () => this.#turn("off"));
    source.addEventListener("call", (event) => this.#add(this.calls, JSON.parse(event.data), "call"));
    source.addEventListener("frame", (event) => this.#add(this.frames, JSON.parse(event.data), "frame"));
    source.addEventListener("start", () => {
      this.calls.length = 0;
      this.frames.length = 0;
      this.#tell("call");
      this.#tell("frame");
    });
  }

  clear(kind) {
    (kind === "call" ? this.calls : this.frames).length = 0;
    this.#tell(kind);
  }

  #add(list, entry, kind) {
    const known = list.findIndex((other) => other.seq === entry.seq);
    if (known >= 0) {
      list[known] = entry;
    } else {
      list.push(entry);
      if (list.length > KEPT) list.splice(0, list.length - KEPT);
    }
    this.#tell(kind);
  }

  #turn(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }

  // Many events may come at once; the page is drawn once for all of them.
  #pending = new Set();
  #tell(kind) {
    if (this.#pending.has(kind)) return;
    this.#pending.add(kind);
    setTimeout(() => {
      this.#pending.delete(kind);
      this.dispatchEvent(new Event(kind));
    }, 50);
  }
}
