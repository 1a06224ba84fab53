// What the pages do beyond plain HTML. Every page works without it; it saves clicks and shows explanations in place.

// On a narrow screen the menu scrolls; the current entry is brought into sight.
const current = document.querySelector(".side [aria-current]");
if (current) {
  const list = current.closest("ul");
  list.scrollLeft = current.offsetLeft - list.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
}

// The choice of community and week takes effect at once.
for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// Empty fields would only make the address longer.
for (const form of document.querySelectorAll("form[data-lean]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      if (field.name && field.value === "") field.disabled = true;
    }
  });
}
window.addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-lean] :disabled")) field.disabled = false;
  document.documentElement.classList.remove("waiting");
});

// A page that takes a while says so.
const waiting = () => {
  document.documentElement.classList.add("waiting");
};
document.addEventListener("click", (e) => {
  const link = e.target.closest("a[href]");
  if (!link || e.defaultPrevented || e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.pathname === location.pathname && link.search === location.search && link.hash) return;
  waiting();
});
document.addEventListener("submit", (e) => {
  if (!e.defaultPrevented) waiting();
});

// Evidence explains itself where it stands.
const bubble = document.createElement("div");
bubble.className = "bubble";
bubble.id = "bubble";
bubble.setAttribute("role", "tooltip");
bubble.hidden = true;
document.body.append(bubble);
let explained = null;

function hide() {
  bubble.hidden = true;
  if (explained) explained.removeAttribute("aria-describedby");
  explained = null;
}

function show(mark) {
  hide();
  explained = mark;
  bubble.replaceChildren();
  for (const line of mark.dataset.why.split("\n")) {
    const [kind, tag, rule] = line.split("\t");
    const row = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = `${kind}: ${tag}`;
    row.append(strong);
    if (rule) {
      const small = document.createElement("span");
      small.textContent = `規則 ${rule}`;
      row.append(small);
    }
    bubble.append(row);
  }
  bubble.hidden = false;
  mark.setAttribute("aria-describedby", "bubble");
  const box = mark.getClientRects()[0];
  const width = bubble.offsetWidth;
  const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - width - 8));
  const below = box.bottom + 6 + bubble.offsetHeight < innerHeight;
  bubble.style.left = `${left + scrollX}px`;
  bubble.style.top = `${(below ? box.bottom + 6 : box.top - 6 - bubble.offsetHeight) + scrollY}px`;
}

document.addEventListener("click", (e) => {
  const mark = e.target.closest("a.ev[data-why]");
  if (!mark) {
    if (!bubble.contains(e.target)) hide();
    return;
  }
  if (e.ctrlKey || e.metaKey || e.shiftKey || mark === explained) return; // a second click follows the link
  e.preventDefault();
  document.documentElement.classList.remove("waiting");
  show(mark);
}, true);
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") hide();
});
addEventListener("resize", hide);
