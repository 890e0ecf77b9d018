// What is shown is renewed when it changes: the server tells (Server-Sent Events), and this asks for the page once more
// and takes over those elements that have data-live and an id. Focus, what is open, and what was typed stay as they
// are. While hb does not answer, a quiet line says since when. Without this script a page is as good, until reloaded.
"use strict";

(() => {
  const box = document.getElementById("live");
  if (!box || !window.EventSource || !window.DOMParser) return;

  const PATIENT = 5000; // milliseconds without an answer before that is told
  const SILENT = 65000; // without a heartbeat, of which there is one every 20 seconds
  const FIRST = 2000, LONGEST = 60000; // before a stream that was refused is asked for again
  const said = document.getElementById("live-said"), away = document.getElementById("live-away");
  let shown = box.dataset.number, taken = Number(box.dataset.taken), offset = null;
  let source = null, since = 0, wait = FIRST, renewing = false, wanted = null, out = false;
  let comingBack = 0, telling = 0, watching = 0;

  // -- the stream

  function open() {
    if (source || document.hidden) return;
    source = new EventSource(box.dataset.events);
    source.addEventListener("sight", (event) => heard(event, true));
    source.addEventListener("beat", (event) => heard(event, false));
    source.addEventListener("open", well);
    source.addEventListener("error", lost);
    watch();
  }

  function close() {
    if (source) source.close();
    source = null;
    for (const one of [comingBack, telling, watching]) clearTimeout(one);
    comingBack = telling = watching = 0;
  }

  function heard(event, changed) {
    well();
    let told;
    try { told = JSON.parse(event.data); } catch { return; }
    taken = told.taken_at;
    offset = told.offset;
    if (String(told.number) !== shown) renew(String(told.number), changed ? told.text : "");
  }

  function well() {
    wait = FIRST;
    answers();
    watch();
  }

  function answers() {
    since = 0;
    out = false;
    clearTimeout(telling);
    telling = 0;
    away.hidden = true;
  }

  function lost() {
    since = since || Date.now();
    if (!telling) telling = setTimeout(tell, PATIENT);
    if (source && source.readyState === EventSource.CLOSED) refused();
  }

  // The stream was refused, and nobody tells a script why: the page is asked for. It may be there all the same, as
  // where too many windows are open; or hb serve was started anew, and does not know this browser any more.
  async function refused() {
    again();
    const status = await fetched();
    if (status === 200) answers();
    out = status === 401;
    if (out) tell();
  }

  // A browser comes back by itself after a connection that broke, and not after a refusal.
  function again() {
    if (source) source.close();
    source = null;
    clearTimeout(watching);
    clearTimeout(comingBack);
    comingBack = setTimeout(open, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST);
  }

  function watch() {
    clearTimeout(watching);
    watching = setTimeout(() => { lost(); again(); }, SILENT);
  }

  function tell() {
    // By the clock of the machine that serves, as everything else on the page.
    const how = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(offset === null ? {} : { timeZone: "UTC" }) };
    const time = (at) => new Date(at + (offset || 0) * 1000).toLocaleTimeString(document.documentElement.lang, how);
    const text = out ? box.dataset.out : taken ? box.dataset.away : box.dataset.never;
    const words = text.replace("{since}", time(since)).replace("{seen}", time(taken * 1000));
    if (away.textContent !== words) away.textContent = words;
    away.hidden = false;
  }

  // -- the page

  async function renew(number, text) {
    wanted = { number, text };
    if (renewing) return;
    renewing = true;
    while (wanted) {
      const one = wanted;
      wanted = null;
      if (!document.querySelector("[data-live][id]") || await fetched() === 200) {
        shown = one.number;
        if (one.text) said.textContent = one.text;
      }
    }
    renewing = false;
  }

  // The page's status, and what is live of it taken over where that is 200; 0 where nobody answers.
  async function fetched() {
    const old = document.querySelectorAll("[data-live][id]");
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store", redirect: "error" });
      if (answer.status !== 200) return answer.status;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const one of old) {
        const now = page.getElementById(one.id);
        if (now && one.isConnected && now.hasAttribute("data-live")) become(one, now);
      }
      document.dispatchEvent(new CustomEvent("hb:renewed"));
      return 200;
    } catch {
      return 0;
    }
  }

  // An element becomes like another. What is equal stays; what has the same id or name for its key is moved.
  function become(old, now) {
    if (old.isEqualNode(now) || typed(old)) return;
    if (old.nodeName !== now.nodeName) { old.replaceWith(document.importNode(now, true)); return; }
    attributes(old, now);
    const left = [...old.childNodes];
    let next = old.firstChild;
    for (const child of now.childNodes) {
      const found = take(left, child, now);
      if (!found) {
        old.insertBefore(document.importNode(child, true), next);
      } else {
        if (found === next) next = next.nextSibling; else old.insertBefore(found, next);
        if (found.nodeType === Node.ELEMENT_NODE) become(found, child);
        else if (found.nodeValue !== child.nodeValue) found.nodeValue = child.nodeValue;
      }
    }
    for (const one of left) if (!keeps(one)) one.remove();
  }

  // The child that is to become like another: an equal one, one of the same key, or one that nobody else is waiting for.
  function take(left, child, parent) {
    const key = keyOf(child);
    let at = left.findIndex((one) => one.isEqualNode(child));
    if (at < 0 && key) at = left.findIndex((one) => one.nodeName === child.nodeName && keyOf(one) === key);
    if (at < 0 && !key) {
      at = left.findIndex((one) => one.nodeName === child.nodeName && one.nodeType === child.nodeType && !keyOf(one)
        && ![...parent.childNodes].some((other) => other !== child && other.isEqualNode(one)));
    }
    return at < 0 ? null : left.splice(at, 1)[0];
  }

  function keyOf(node) {
    return node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || "" : "";
  }

  function attributes(old, now) {
    for (const { name } of [...old.attributes]) {
      if (!now.hasAttribute(name) && !theirs(old, name)) old.removeAttribute(name);
    }
    for (const { name, value } of [...now.attributes]) {
      if (old.getAttribute(name) !== value && !theirs(old, name)) old.setAttribute(name, value);
    }
  }

  // What a person opened or closed is that person's.
  function theirs(element, name) {
    return name === "open" && (element.nodeName === "DETAILS" || element.nodeName === "DIALOG");
  }

  // A form in which somebody has begun stays as it is, whatever is news around it.
  function typed(element) {
    if (element.nodeName !== "FORM") return false;
    return [...element.elements].some((one) => one === document.activeElement
      || (one.type === "checkbox" || one.type === "radio" ? one.checked !== one.defaultChecked
        : one.nodeName === "SELECT" ? [...one.options].some((each) => each.selected !== each.defaultSelected) && one.selectedIndex > 0
          : "defaultValue" in one && one.value !== one.defaultValue));
  }

  function keeps(node) {
    return node.nodeType === Node.ELEMENT_NODE && [node, ...node.querySelectorAll("form")].some(typed);
  }

  // -- when

  // A browser has few connections to one server, and a window that nobody sees needs none of them.
  document.addEventListener("visibilitychange", () => { if (document.hidden) close(); else open(); });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
