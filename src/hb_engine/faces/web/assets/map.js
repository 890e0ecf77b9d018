// The port map in motion: wheel, pinch and drag, names under the pointer, and a cursor for the keyboard.
// All of it is there without this file, by links and forms; map/hilbert.py and map/labels.py are its models.
"use strict";
(() => {
  const root = document.getElementById("port-map");
  const frame = root && root.querySelector("[data-map-frame]");
  if (!frame) return;
  const SIDE = 256, PAD = 6, ALL = SIDE + 2 * PAD, UNIT = 100, LEAST = ALL / 32, NUMBERED = 17, NARROW = 520, CALLED = 40;
  const OFF = [0, 2.2, 3.8, 5.6, 8], SVG = "http://www.w3.org/2000/svg";
  const BAD = { alarm: 2, look: 1.5, gone: 1.3 }, CALM = { expected: 1.1, open: 0.95 };
  const words = root.dataset, calmMotion = matchMedia("(prefers-reduced-motion: reduce)");
  const label = root.querySelector("[data-map-label]"), voice = root.querySelector("[data-map-voice]");
  const names = new Map(), threats = [], rest = new Map();
  let marks = new Map(), svg = null, view = null, cursor = null, moving = 0, settling = 0, turning = 0, scrolled = 0;

  // -- the curve: cells in the order of their ports, four copies of itself at each turn
  let cells = [[0, 0]];
  for (let width = 1; width < SIDE; width *= 2) {
    cells = [].concat(cells.map(([x, y]) => [y, x]), cells.map(([x, y]) => [x, y + width]),
      cells.map(([x, y]) => [x + width, y + width]), cells.map(([x, y]) => [2 * width - 1 - y, width - 1 - x]));
  }
  const ports = new Uint16Array(SIDE * SIDE);
  cells.forEach(([x, y], port) => { ports[y * SIDE + x] = port; });
  const onMap = (value) => Math.min(Math.max(Math.floor(value), 0), SIDE - 1);
  const portAt = (x, y) => ports[onMap(y) * SIDE + onMap(x)];
  const inside = (x, y) => x >= 0 && y >= 0 && x < SIDE && y < SIDE;

  // -- the view: left upper corner and width, in cells
  const bounded = ({ x, y, w }) => {
    w = Math.min(Math.max(w, LEAST), ALL);
    const brim = (PAD * w) / ALL, place = (value) => Math.min(Math.max(value, -brim), SIDE + brim - w);
    return { x: place(x), y: place(y), w };
  };
  const around = (x, y, factor) => bounded({ x: x - (x - view.x) * factor, y: y - (y - view.y) * factor, w: view.w * factor });
  const pixel = () => view.w / (svg.clientWidth || 860);

  function show(next) {
    view = bounded(next);
    svg.setAttribute("viewBox", [view.x, view.y, view.w, view.w].map((value) => +(value * UNIT).toFixed(2)).join(" "));
    for (const one of svg.querySelectorAll("[data-base]")) {
      const size = one.dataset.base * view.w;
      if (one.hasAttribute("font-size")) one.setAttribute("font-size", size); else one.setAttribute("transform", `scale(${size})`);
    }
    frame.classList.toggle("near", view.w < ALL);
    clearTimeout(settling);
    settling = setTimeout(settle, 90);
  }

  function glide(next) {
    next = bounded(next);
    cancelAnimationFrame(turning);
    if (calmMotion.matches) return show(next);
    const from = view, start = performance.now();
    const step = (now) => {
      const part = Math.min((now - start) / 180, 1), eased = 1 - (1 - part) ** 3;
      const mix = (one, other) => one + (other - one) * eased;
      show({ x: mix(from.x, next.x), y: mix(from.y, next.y), w: mix(from.w, next.w) });
      if (part < 1) turning = requestAnimationFrame(step);
    };
    turning = requestAnimationFrame(step);
  }

  // Once it stands still: names anew, and the address that leads here.
  function settle() {
    letter();
    const zoom = 2 ** Math.round(Math.log2(ALL / view.w)), at = cursor ?? portAt(view.x + view.w / 2, view.y + view.w / 2);
    const address = new URL(location.href);
    address.searchParams.delete("find");
    for (const [name, value] of [["at", zoom > 1 || cursor !== null ? at : ""], ["zoom", zoom > 1 ? zoom : ""]]) {
      if (value === "") address.searchParams.delete(name); else address.searchParams.set(name, value);
      for (const form of root.querySelectorAll("form")) {
        const field = form.elements[name];
        if (field) field.value = value;
      }
    }
    if (address.href !== location.href) history.replaceState(history.state, "", address);
    for (const one of document.querySelectorAll("[data-map]")) {
      const name = one.dataset.map;
      const stays = name === "closer" ? view.w <= LEAST : view.w >= ALL;
      if (stays) one.setAttribute("aria-disabled", "true"); else one.removeAttribute("aria-disabled");
    }
  }

  // -- names: the bad first, then landmarks, then what else is open; none on another
  function element(kind, attributes, text) {
    const made = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function letter() {
    const narrow = svg.clientWidth < NARROW, size = (narrow ? 11 : 12.5) * pixel() * UNIT;
    const group = element("g", { class: "map-names", "font-size": size, "aria-hidden": "true" });
    if (view.w <= NUMBERED) number(group); else beside(group, size, narrow ? 1.5 : 1, narrow ? PAD : 1.2);
    group.dataset.base = size / view.w;
    for (const old of svg.querySelectorAll(".map-names, .map-cells")) old.remove();
    svg.append(group);
  }

  function number(group) {
    const room = view.w > 9 ? 8 : 11, letters = view.w > 9 ? 19 : 15;
    const [left, top] = [onMap(view.x), onMap(view.y)], right = onMap(view.x + view.w), bottom = onMap(view.y + view.w);
    let grid = "";
    for (let x = left; x <= right + 1; x++) grid += `M${x * UNIT} ${top * UNIT}V${(bottom + 1) * UNIT}`;
    for (let y = top; y <= bottom + 1; y++) grid += `M${left * UNIT} ${y * UNIT}H${(right + 1) * UNIT}`;
    group.append(element("path", { class: "map-grid", d: grid, "vector-effect": "non-scaling-stroke" }));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const port = portAt(x, y), name = (names.get(port) || [""])[0].split(", ")[0];
        const middle = { x: x * UNIT + 50, "text-anchor": "middle" };
        group.append(element("text", { class: "map-number", y: y * UNIT + 27, "font-size": 24, ...middle }, port));
        if (name) {
          const cut = name.length > room ? `${name.slice(0, room - 1)}…` : name;
          group.append(element("text", { class: "map-service", y: y * UNIT + 91, "font-size": letters, ...middle }, cut));
        }
      }
    }
  }

  function beside(group, size, larger, brim) {
    const unit = 8.4 * larger * pixel() * UNIT, seen = [...marks.values()].filter((one) => visible(one.port));
    const calmer = seen.filter((one) => one.state in CALM).length > 50 ? 0.72 : 1;
    const radius = (state) => (BAD[state] ?? CALM[state] * calmer) * unit;
    const middle = (port) => cells[port].map((value) => (value + 0.5) * UNIT);
    const taken = seen.map((one) => {
      const [x, y] = middle(one.port), r = radius(one.state);
      return [x - r, y - r, x + r, y + r];
    });
    const edge = [Math.max(view.x, -brim), Math.max(view.y, -brim), Math.min(view.x + view.w, SIDE + brim), Math.min(view.y + view.w, SIDE + brim)].map((value) => value * UNIT);
    const free = (box) => box[0] >= edge[0] && box[1] >= edge[1] && box[2] <= edge[2] && box[3] <= edge[3]
      && !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
    const order = seen.sort((one, other) => (one.state in CALM) - (other.state in CALM) || one.port - other.port);
    const wanted = order.slice(0, 90).map((one) => [one.port, one.state, radius(one.state), one.state in CALM ? (calmer < 1 ? 1 : 2) : 5]);
    const open = new Set(order.map((one) => one.port));
    if (svg.dataset.landmarks) {
      const far = view.w > 70 ? [] : [...names.keys()].filter(visible), every = Math.ceil(far.length / CALLED);
      const spread = far.filter((_, index) => index % every === 0); // a few of all that are seen, and not all of a corner
      for (const port of new Set([...svg.dataset.landmarks.split(" ").map(Number), ...spread])) {
        if (!open.has(port) && visible(port)) wanted.push([port, "landmark", UNIT / 2, 1]);
      }
    }
    for (const [port, kind, r, reach] of wanted) {
      const name = (names.get(port) || [""])[0].split(", ")[0], text = `${port} ${name}`.trim().slice(0, 22);
      const [x, y] = middle(port), own = [x - UNIT / 2, y - UNIT / 2, x + UNIT / 2, y + UNIT / 2];
      if (kind === "landmark" && !free(own)) continue; // its cell is outlined, and would be seen under what lies there
      const wide = text.length * size * 0.6, high = size * 1.2, by = r + size * 0.3;
      let found = null;
      for (const off of OFF.slice(0, reach)) {
        const out = size * off, sides = [["start", x + by + out, y], ["end", x - by - out, y], ["middle", x, y - r - high / 2 - out], ["middle", x, y + r + high / 2 + out]];
        if (off) for (const down of [-out, out]) sides.push(["start", x + by + out, y + down], ["end", x - by - out, y + down]);
        for (const [anchor, at, line] of sides) {
          const left = at - { start: 0, middle: wide / 2, end: wide }[anchor], box = [left, line - high / 2, left + wide, line + high / 2];
          if (!found && free(box)) found = { anchor, at, line, box, off };
        }
        if (found) break;
      }
      if (!found) continue;
      taken.push(found.box);
      if (found.off) {
        const end = found.anchor === "middle" ? found.line + (found.line < y ? high : -high) / 2 : found.line;
        group.append(element("path", { class: "map-lead", d: `M${x} ${y}L${found.at} ${end}`, "vector-effect": "non-scaling-stroke" }));
      }
      if (kind === "landmark") {
        const [cx, cy] = cells[port];
        taken.push(own);
        group.append(element("rect", { class: "map-tick", x: cx * UNIT, y: cy * UNIT, width: UNIT, height: UNIT, "vector-effect": "non-scaling-stroke" }));
      }
      group.append(element("text", { class: `map-name ${kind}`, x: found.at, y: found.line + size * 0.35, "text-anchor": found.anchor }, text));
    }
  }

  function visible(port) {
    const [x, y] = cells[port];
    return x + 1 > view.x && y + 1 > view.y && x < view.x + view.w && y < view.y + view.w;
  }

  // -- what is told of a port
  function told(port) {
    const lines = [], known = names.get(port), mark = marks.get(port), state = rest.get(port);
    lines.push(`${port} ${known ? known[0] : ""}`.trim());
    if (mark) lines.push(mark.title.split(" · ").slice(1).join(" · "));
    else lines.push(state ? words[`word${state[0].toUpperCase()}${state.slice(1)}`] : words.quiet);
    if (known) lines.push(`${words.registered}: ${known[1]}`);
    else lines.push(port > 49151 ? words.dynamic : words.unregistered);
    const claim = threats.find(([first, last]) => first <= port && port <= last);
    if (claim) lines.push(words.linked.replace("{}", claim[2]));
    return lines;
  }

  function name(port, x, y) {
    const lines = told(port), box = root.getBoundingClientRect();
    label.replaceChildren();
    lines.forEach((line, index) => {
      const part = document.createElement(index ? "span" : "strong");
      part.textContent = line;
      label.append(part);
    });
    label.hidden = false;
    const left = Math.min(x - box.left + 14, box.width - label.offsetWidth - 4);
    const below = y - box.top + 18, above = y - box.top - label.offsetHeight - 12;
    label.style.left = `${Math.max(left, 0)}px`;
    label.style.top = `${y + label.offsetHeight + 30 > innerHeight && above > 0 ? above : below}px`;
  }

  function point(port, speak) {
    cursor = port;
    const [x, y] = cells[port];
    let square = svg.querySelector(".map-cursor");
    if (!square) svg.append(square = element("rect", { class: "map-cursor", width: UNIT, height: UNIT, "vector-effect": "non-scaling-stroke" }));
    square.setAttribute("x", x * UNIT);
    square.setAttribute("y", y * UNIT);
    const edge = view.w * 0.04, fits = x > view.x + edge && y > view.y + edge && x + 1 < view.x + view.w - edge && y + 1 < view.y + view.w - edge;
    if (!fits && view.w < ALL) show({ x: x + 0.5 - view.w / 2, y: y + 0.5 - view.w / 2, w: view.w });
    const box = svg.getBoundingClientRect(), card = root.querySelector("[data-map-here]");
    if (card) card.hidden = card.dataset.mapHere !== String(port);
    name(port, box.left + ((x + 1 - view.x) / view.w) * box.width, box.top + ((y + 1 - view.y) / view.w) * box.height);
    if (speak) voice.textContent = told(port).join(", ");
    clearTimeout(settling);
    settling = setTimeout(settle, 300);
  }

  const open = (port) => { location.href = words.ports + port; };

  // -- pointers: one drags, two pinch
  const held = new Map();
  let far = 0, gap = 0;
  const place = (event) => {
    const box = svg.getBoundingClientRect();
    return [view.x + ((event.clientX - box.left) / box.width) * view.w, view.y + ((event.clientY - box.top) / box.height) * view.w];
  };

  function near(x, y) { // the mark under a pointer, or the cell
    let best = null, least = (11 * pixel()) ** 2;
    for (const one of marks.values()) {
      const [cx, cy] = cells[one.port], far2 = (cx + 0.5 - x) ** 2 + (cy + 0.5 - y) ** 2;
      if (far2 < least) [best, least] = [one.port, far2];
    }
    return best ?? (inside(x, y) ? portAt(x, y) : null);
  }

  frame.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    held.set(event.pointerId, event);
    far = 0;
    if (held.size === 2) gap = 0;
  });
  frame.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (!before) {
      const port = near(...place(event));
      if (port === null) label.hidden = true; else name(port, event.clientX, event.clientY);
      return;
    }
    held.set(event.pointerId, event);
    if (held.size === 2) {
      const [one, two] = [...held.values()], now = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
      const [x, y] = place({ clientX: (one.clientX + two.clientX) / 2, clientY: (one.clientY + two.clientY) / 2 });
      if (gap && now) show(around(x, y, gap / now));
      [gap, far] = [now, 99];
    } else if (view.w < ALL) {
      far += Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
      if (far > 5) {
        if (!frame.hasPointerCapture(event.pointerId)) frame.setPointerCapture(event.pointerId);
        label.hidden = true;
        show({ x: view.x - (event.clientX - before.clientX) * pixel(), y: view.y - (event.clientY - before.clientY) * pixel(), w: view.w });
      }
    }
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    frame.addEventListener(kind, (event) => { held.delete(event.pointerId); gap = 0; });
  }
  frame.addEventListener("pointerleave", () => { if (document.activeElement !== frame) label.hidden = true; });
  frame.addEventListener("dragstart", (event) => event.preventDefault());
  frame.addEventListener("click", (event) => {
    if (far > 5) return event.preventDefault();
    if (event.target.closest("a")) return;
    const port = near(...place(event));
    if (port === null) return;
    if (port === cursor || marks.has(port)) open(port); else point(port, true);
  }, true);
  frame.addEventListener("wheel", (event) => {
    const out = event.deltaY > 0;
    if (performance.now() - scrolled < 350 || (out ? view.w >= ALL : view.w <= LEAST)) return;
    event.preventDefault();
    cancelAnimationFrame(turning);
    show(around(...place(event), Math.exp(Math.min(Math.max(event.deltaY * (event.deltaMode ? 18 : 1), -120), 120) / 240)));
  }, { passive: false });
  addEventListener("scroll", () => { scrolled = performance.now(); }, { passive: true });

  // -- buttons and keys
  const steps = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };
  function turn(what) {
    const [x, y] = cursor !== null && visible(cursor) ? cells[cursor].map((value) => value + 0.5) : [view.x + view.w / 2, view.y + view.w / 2];
    if (what === "closer") glide(around(x, y, 0.5));
    else if (what === "further") glide(around(x, y, 2));
    else if (what === "whole") glide({ x: -PAD, y: -PAD, w: ALL });
    else glide({ x: view.x + (steps[what][0] * view.w) / 2, y: view.y + (steps[what][1] * view.w) / 2, w: view.w });
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-map]");
    if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    turn(button.dataset.map);
  });

  function next(way) {
    const all = [...marks.keys()].sort((one, other) => (one - other) * way), at = cursor ?? (way > 0 ? -1 : SIDE * SIDE);
    const found = all.find((port) => (port - at) * way > 0) ?? all[0];
    if (found !== undefined) point(found, true);
  }
  const keys = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = keys[event.key];
    if (way) {
      const [x, y] = cells[cursor ?? portAt(view.x + view.w / 2, view.y + view.w / 2)], by = event.shiftKey ? 16 : 1;
      point(portAt(x + steps[way][0] * by, y + steps[way][1] * by), true);
    } else if (event.key === "+" || event.key === "=") turn("closer");
    else if (event.key === "-") turn("further");
    else if (event.key === "0") turn("whole");
    else if (event.key === "n") next(1);
    else if (event.key === "p") next(-1);
    else if (event.key === "Enter" && cursor !== null && event.target === frame) open(cursor);
    else if (event.key === "Escape") label.hidden = true;
    else return;
    event.preventDefault();
  });
  frame.addEventListener("blur", () => { label.hidden = true; });

  // -- what the page brought, now and whenever it is brought anew
  async function fetched(address) {
    const answer = await fetch(address, { credentials: "same-origin" });
    return answer.ok ? answer.json() : {};
  }

  function adopt() {
    svg = frame.querySelector("svg.map");
    const box = svg.getAttribute("viewBox").split(" ").map((value) => value / UNIT);
    for (const one of svg.querySelectorAll(".map-size, [font-size]")) {
      if (one.closest(".map-cells")) continue;
      const size = one.getAttribute("font-size") ?? one.getAttribute("transform").slice(6, -1);
      one.dataset.base = size / box[2];
    }
    marks = new Map([...svg.querySelectorAll(".map-mark")].map((one) => {
      const port = Number(one.dataset.port), title = one.querySelector("title");
      const made = { port, state: one.dataset.state, title: title.textContent };
      title.remove(); // the label says it; the link keeps its name
      one.setAttribute("aria-label", made.title);
      return [port, made];
    }));
    rest.clear();
    if (svg.dataset.rest) {
      fetched(svg.dataset.rest).then(({ runs = [] }) => {
        for (let at = 0; at < runs.length; at += 3) for (let port = runs[at]; port <= runs[at + 1]; port++) rest.set(port, runs[at + 2]);
      });
    }
    show(view || { x: box[0], y: box[1], w: box[2] });
    if (cursor !== null) point(cursor, false);
  }

  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-roledescription", words.role);
  frame.setAttribute("aria-label", words.keys);
  adopt();
  const at = new URLSearchParams(location.search).get("at");
  if (/^\d{1,5}$/.test(at || "") && Number(at) < SIDE * SIDE) cursor = Number(at);
  document.addEventListener("hb:renewed", adopt); // live.js has made the page as it is now
  new ResizeObserver(() => { clearTimeout(moving); moving = setTimeout(letter, 90); }).observe(frame);
  fetched(words.names).then(({ names: told_ = [], threats: claims = [] }) => {
    let port = 0;
    for (let index = 0; index < told_.length; index += 3) {
      port += told_[index];
      names.set(port, [told_[index + 2], told_[index + 1]]);
    }
    for (let index = 0; index < claims.length; index += 3) threats.push(claims.slice(index, index + 3));
    root.dataset.ready = "yes";
    letter();
  });
})();
