// Colours change at once, without loading the page anew, and the menu of choices closes as menus do. Without this
// script the form is sent and the page comes back; nothing else differs.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target, button = event.submitter;
  if (!button || button.name !== "theme" || !form.classList.contains("theme")) return;
  event.preventDefault();
  document.cookie = `hb_theme=${button.value}; Path=/; Max-Age=31536000; SameSite=Lax`; // as themes.py has it
  show(form, button.value);
});

function show(form, theme) {
  document.documentElement.dataset.theme = theme;
  document.querySelector("meta[name=color-scheme]").content = theme === "system" ? "light dark" : theme;
  for (const one of form.querySelectorAll("button[name=theme]")) {
    one.setAttribute("aria-pressed", String(one.value === theme));
  }
}

document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.choices[open]");
  if (event.key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// A press elsewhere, or going on with the keyboard, closes it.
for (const kind of ["pointerdown", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const open = document.querySelector("details.choices[open]");
    if (open && !open.contains(event.target)) open.open = false;
  });
}
