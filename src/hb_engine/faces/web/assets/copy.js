// A button beside every command line, which copies it. Without this script, or where a browser does not let pages
// write to the clipboard, the line is there to be marked.
"use strict";

const told = document.createElement("span");
told.className = "hidden";
told.setAttribute("role", "status");
document.body.append(told);

function copied(button, line) {
  navigator.clipboard.writeText(line.textContent).then(() => {
    button.textContent = told.textContent = document.body.dataset.copied;
    setTimeout(() => { button.textContent = document.body.dataset.copy; told.textContent = ""; }, 2000);
  }).catch(() => getSelection().selectAllChildren(line));
}

function add() {
  if (!navigator.clipboard) return;
  for (const place of document.querySelectorAll(".cmd:not(:has(button))")) {
    const button = document.createElement("button"), line = place.querySelector("code");
    button.type = "button";
    button.textContent = document.body.dataset.copy;
    button.setAttribute("aria-describedby", line.id ||= `line-${++add.count}`);
    button.addEventListener("click", () => copied(button, line));
    place.append(button);
  }
}

add.count = 0;
add();
new MutationObserver(add).observe(document.getElementById("main"), { childList: true, subtree: true });
