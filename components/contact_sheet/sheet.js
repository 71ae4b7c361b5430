// A grid of objects worked through by keys. Decisions travel as state, the whole tail of those not
// acknowledged yet, so none is lost while the page is running; Python answers each by its id.
const UNDO_STEPS = 20;
const MEMORY = "beltmask.contact_sheet.done";
const HELP =
  "Arrows move, Space or Ctrl+click adds, Shift+click or Shift+arrows take a range, Ctrl+A all, " +
  "Enter or A accepts, X rejects, 1–9 give a class, O or a double click opens the picture, " +
  "Ctrl+Z takes back, Esc lets go.";

// Called again on every change of data, with one clean-up at the end.
const sheets = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const sheet = sheets.get(parentElement) ?? new Sheet(parentElement);
  sheets.set(parentElement, sheet);
  sheet.tell = (tail) => setStateValue("tail", tail);
  sheet.show(data);
  return () => sheets.delete(parentElement);
}

const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

const make = (tag, attributes = {}, text = "") => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
};

class Sheet {
  objects = [];
  classes = [];
  tail = [];
  chosen = new Set();
  at = 0;
  anchor = 0;
  done = remembered();

  constructor(parent) {
    this.bar = parent.querySelector(".bar");
    this.grid = parent.querySelector(".grid");
    this.status = parent.querySelector(".status");
    parent.querySelector(".help").textContent = HELP;
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    this.grid.addEventListener("click", (event) => this.onClick(event));
    this.grid.addEventListener("dblclick", (event) => this.open(this.indexOf(event)));
    this.grid.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
  }

  show(data) {
    const same = data.objects.map((o) => o.id).join() === this.objects.map((o) => o.id).join();
    this.objects = data.objects;
    this.classes = data.classes;
    const answered = this.tail.filter((each) => each.id in data.settled);
    this.tail = this.tail.filter((each) => !(each.id in data.settled));
    if (!same) this.lay();
    this.drawBar();
    this.objects.forEach((_, index) => this.draw(index));
    if (answered.length) this.say(answered.map((each) => data.settled[each.id]).join(" "));
  }

  lay() {
    const focused = this.grid.contains(this.grid.getRootNode().activeElement);
    this.chosen.clear();
    this.at = this.anchor = 0;
    this.tiles = this.objects.map((object) => tileOf(object));
    this.grid.replaceChildren(...this.tiles);
    if (focused) this.go(0);
  }

  draw(index) {
    const object = this.objects[index];
    const tile = this.tiles[index];
    const hope = this.hopeFor(object);
    const label = hope.label ?? object.label;
    const state = hope.state ?? object.state;
    tile.dataset.state = state;
    tile.dataset.waiting = String(hope.waiting);
    tile.tabIndex = index === this.at ? 0 : -1;
    tile.setAttribute("aria-selected", String(this.chosen.has(object.id)));
    tile.title = object.picture;
    tile.setAttribute("aria-label", `${label}, ${state}, in ${object.picture}`);
    const picture = tile.querySelector("img");
    if (picture.getAttribute("src") !== object.crop) picture.src = object.crop;
    tile.querySelector(".label").textContent = label;
    tile.querySelector(".state").textContent = hope.waiting ? `${state} …` : state;
    tile.querySelector("a").href = object.link;
  }

  // What the decisions under way will make of an object, unless they are refused.
  hopeFor(object) {
    const hope = { waiting: false };
    for (const each of this.tail.filter((one) => one.objects.some((o) => o.id === object.id))) {
      hope.waiting = true;
      if (each.kind === "undo") delete hope.state, delete hope.label;
      else hope.state = { accept: "accepted", reject: "rejected", relabel: "edited" }[each.kind];
      if (each.kind === "relabel") hope.label = this.classes.find((c) => c.id === each.class)?.name;
    }
    return hope;
  }

  drawBar() {
    const buttons = [
      this.button("Accept", "A", () => this.decide("accept")),
      this.button("Reject", "X", () => this.decide("reject")),
      ...this.classes.map((each) => {
        const button = this.button(each.name, each.key, () => this.decide("relabel", each));
        button.prepend(make("span", { class: "dot", style: `background:${each.color}` }));
        return button;
      }),
      this.button("Take back", "Ctrl+Z", () => this.takeBack(), this.done.length === 0),
    ];
    this.bar.replaceChildren(...buttons);
  }

  button(name, key, action, disabled = false) {
    const button = make("button", { type: "button" }, name);
    button.disabled = disabled;
    if (key) button.append(make("kbd", {}, key));
    button.addEventListener("click", () => {
      action();
      this.tiles[this.at]?.focus();
    });
    return button;
  }

  onKey(event) {
    const action = this.actionFor(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has keys of its own
    action();
  }

  actionFor(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey) {
      return { a: () => this.chooseRange(0, this.objects.length - 1), z: () => this.takeBack() }[key];
    }
    if (event.altKey) return undefined;
    const given = this.classes.find((each) => each.key === key);
    if (given) return () => this.decide("relabel", given);
    const plain = {
      Enter: () => this.decide("accept"),
      a: () => this.decide("accept"),
      x: () => this.decide("reject"),
      o: () => this.open(this.at),
      " ": () => this.toggle(this.at),
      Escape: () => this.letGo(),
    };
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns(), ArrowDown: this.columns() };
    if (key in plain) return plain[key];
    if (key in step) return () => this.move(this.at + step[key], event.shiftKey);
    if (key === "Home") return () => this.move(0, event.shiftKey);
    if (key === "End") return () => this.move(this.objects.length - 1, event.shiftKey);
    return undefined;
  }

  onClick(event) {
    const index = this.indexOf(event);
    if (index < 0 || event.target.closest("a")) return;
    if (event.shiftKey) this.chooseRange(this.anchor, index);
    else if (event.ctrlKey || event.metaKey) this.toggle(index);
    else {
      this.chosen = new Set([this.objects[index].id]);
      this.anchor = index;
    }
    this.go(index);
    this.sayChosen();
  }

  indexOf(event) {
    return this.tiles.indexOf(event.target.closest('[role="option"]'));
  }

  columns() {
    const top = this.tiles[0]?.offsetTop;
    const next = this.tiles.findIndex((tile) => tile.offsetTop !== top);
    return next < 0 ? this.tiles.length : next;
  }

  move(index, extending) {
    if (index < 0 || index >= this.objects.length) return;
    if (extending) this.chooseRange(this.anchor, index);
    else this.anchor = index;
    this.go(index);
  }

  go(index) {
    this.at = Math.min(Math.max(index, 0), this.objects.length - 1);
    this.objects.forEach((_, each) => this.draw(each));
    this.tiles[this.at]?.focus();
  }

  toggle(index) {
    const { id } = this.objects[index];
    if (!this.chosen.delete(id)) this.chosen.add(id);
    this.anchor = index;
    this.draw(index);
    this.sayChosen();
  }

  chooseRange(from, to) {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    this.chosen = new Set(this.objects.slice(low, high + 1).map((object) => object.id));
    this.objects.forEach((_, index) => this.draw(index));
    this.sayChosen();
  }

  letGo() {
    this.chosen.clear();
    this.objects.forEach((_, index) => this.draw(index));
    this.sayChosen();
  }

  decide(kind, given) {
    const one = this.objects[this.at];
    const meant = this.objects.filter((o) => (this.chosen.size ? this.chosen.has(o.id) : o === one));
    if (!meant.length) return;
    const decision = { id: newId(), kind, class: given?.id ?? null, of: null };
    decision.objects = meant.map((o) => ({
      id: o.id,
      image: o.image,
      base: o.revision,
      after: this.tail.filter((each) => each.objects.some((x) => x.id === o.id)).map((each) => each.id),
    }));
    this.done = [...this.done, { id: decision.id, objects: decision.objects }].slice(-UNDO_STEPS);
    this.send(decision);
    this.chosen.clear();
    const last = this.objects.indexOf(meant[meant.length - 1]);
    this.anchor = Math.min(last + 1, this.objects.length - 1);
    this.go(this.anchor);
  }

  takeBack() {
    const last = this.done[this.done.length - 1];
    if (!last) return;
    this.done = this.done.slice(0, -1);
    this.send({ id: newId(), kind: "undo", class: null, of: last.id, objects: last.objects });
    this.go(this.at);
  }

  send(decision) {
    this.tail = [...this.tail, decision];
    remember(this.done);
    this.drawBar();
    this.say(`Saving ${decision.objects.length} …`);
    this.tell(this.tail);
  }

  open(index) {
    this.tiles[index]?.querySelector("a").click();
  }

  sayChosen() {
    this.say(this.chosen.size ? `${this.chosen.size} selected` : "Nothing selected");
  }

  say(words) {
    this.status.textContent = words;
  }
}

function tileOf(object) {
  const tile = make("div", { role: "option", id: `object-${object.id}` });
  const picture = make("img", { alt: "", draggable: "false", loading: "lazy" });
  const link = make("a", { target: "_blank", rel: "noopener", tabindex: "-1" }, "↗");
  link.title = `Open ${object.picture} in Review`;
  tile.append(picture, make("span", { class: "label" }), make("span", { class: "state" }), link);
  return tile;
}

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(MEMORY) ?? "[]");
  } catch {
    return []; // private windows may have no memory: then a reload forgets what can be taken back
  }
}

function remember(done) {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify(done));
  } catch {
    // as above
  }
}
