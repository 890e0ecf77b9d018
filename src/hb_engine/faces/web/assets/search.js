// Suggestions below the search boxes while somebody types: a combobox with a list (WAI-ARIA Authoring Practices).
//
// Without this the box is a form like any other, and Enter always sends the form unless an option was chosen. htmx
// fetches the list, and is itself fetched only when somebody begins to search. It refuses to take the focus away.
(() => {
  "use strict";
  const here = document.currentScript;
  let loading = null;

  const htmx = () => {
    loading ??= new Promise((done, fail) => {
      if (window.htmx) {
        done(window.htmx);
        return;
      }
      const script = document.createElement("script");
      script.src = here.dataset.htmx;
      script.onload = () => done(window.htmx);
      script.onerror = fail;
      document.head.append(script);
    });
    return loading;
  };

  const enhance = (input, number) => {
    const form = input.form;
    const box = document.createElement("div");
    box.id = `suggestions-${number}`;
    box.className = "suggestions";
    box.hidden = true;
    form.classList.add("suggesting");
    form.append(box);
    input.type = "text"; // a search field may not be a combobox (ARIA in HTML)
    const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", enterkeyhint: "search" };
    for (const [name, value] of Object.entries(told)) input.setAttribute(name, value);
    let active = -1;
    let stale = false; // the list is of what was typed before

    const options = () => [...box.querySelectorAll("[role=option]")];
    const close = () => {
      box.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      input.removeAttribute("aria-controls");
    };
    const open = () => {
      const list = box.querySelector("[role=listbox]");
      if (!list || !options().length || document.activeElement !== input) {
        close();
        return;
      }
      list.id = `${box.id}-list`;
      options().forEach((one, place) => { one.id = `${box.id}-${place}`; });
      box.hidden = false;
      active = -1;
      stale = false;
      input.setAttribute("aria-expanded", "true");
      input.setAttribute("aria-controls", list.id);
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (place) => {
      const all = options();
      active = (place + all.length + 1) % (all.length + 1); // the place after the last one is the box itself
      all.forEach((one, at) => one.setAttribute("aria-selected", at === active ? "true" : "false"));
      if (all[active]) {
        input.setAttribute("aria-activedescendant", all[active].id);
        all[active].scrollIntoView({ block: "nearest" });
      } else {
        active = -1;
        input.removeAttribute("aria-activedescendant");
      }
    };
    const go = (option) => { window.location.assign(option.dataset.href); };

    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return; // Enter and arrows belong to whoever writes Japanese
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (box.hidden && !stale) open();
        if (box.hidden || stale) return;
        event.preventDefault();
        choose(event.key === "ArrowDown" ? active + 1 : active < 0 ? options().length - 1 : active - 1);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        go(options()[active]);
      } else if (event.key === "Escape" && !box.hidden) {
        event.preventDefault();
        close();
      }
    });
    box.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) go(option);
    });
    input.addEventListener("input", () => { // nothing of an older list may be chosen
      stale = true;
      active = -1;
      input.removeAttribute("aria-activedescendant");
      options().forEach((one) => one.setAttribute("aria-selected", "false"));
    });
    input.addEventListener("blur", close);
    input.addEventListener("focus", () => {
      if (input.hasAttribute("data-hx-get")) return;
      const asked = {
        "data-hx-get": form.dataset.suggest,
        "data-hx-trigger": "input changed delay:150ms, typed",
        "data-hx-target": `#${box.id}`,
        "data-hx-sync": "this:replace",
      };
      for (const [name, value] of Object.entries(asked)) input.setAttribute(name, value);
      const before = input.value;
      htmx().then((found) => {
        found.process(input);
        if (input.value !== before) found.trigger(input, "typed"); // before htmx was there
      }).catch(() => {});
    });
    box.addEventListener("htmx:afterSwap", open);
  };

  document.querySelectorAll("form[data-suggest] input[name=q]").forEach(enhance);
})();
