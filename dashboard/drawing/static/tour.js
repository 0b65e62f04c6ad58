// @ts-check
// A tour of five steps on the first visit, and keys: space plays and pauses, → lives a week, Home starts again.

/**
 * @typedef {object} Traits
 * @property {{ at: string, title: string, says: string }[]} steps
 * @property {number} asked
 */

const STORE = "glasshouse-tour";
const FIELDS = "input, textarea, select, button, [role=button], [role=slider], [role=listbox], a";

/** @type {Record<string, string>} */
const KEYS = { " ": "play", ArrowRight: "step", Home: "restart" };

/** Whether this browser has seen the tour; a page without storage shows none of itself. */
function seen() {
  try {
    return localStorage.getItem(STORE) === "seen";
  } catch {
    return true;
  }
}

/** @type {import("@anywidget/types").Render<Traits>} */
function render({ model, el }) {
  const steps = model.get("steps");
  let at = -1;
  const card = document.createElement("div");
  card.className = "gh-tour";
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-label", "Tour");
  el.append(card);

  const mark = () => {
    for (const pointed of document.querySelectorAll(".gh-pointed")) pointed.classList.remove("gh-pointed");
    if (at >= 0) document.querySelector(steps[at].at)?.classList.add("gh-pointed");
  };

  const end = () => {
    at = -1;
    mark();
    card.style.display = "none";
    try {
      localStorage.setItem(STORE, "seen");
    } catch {
      // A page without storage.
    }
  };

  /** @type {(words: string, act: () => void) => HTMLButtonElement} */
  const button = (words, act) => {
    const made = document.createElement("button");
    made.textContent = words;
    made.onclick = act;
    card.append(made);
    return made;
  };

  /** @param {number} k */
  const show = (k) => {
    at = k;
    mark();
    card.style.display = "block";
    card.innerHTML = `<p><b>${k + 1} of ${steps.length}: ${steps[k].title}</b></p><p>${steps[k].says}</p>`;
    button("Leave", end);
    if (k > 0) button("Back", () => show(k - 1));
    const last = k + 1 === steps.length;
    button(last ? "Begin" : "Next", () => (last ? end() : show(k + 1))).focus();
  };

  /** @param {KeyboardEvent} event */
  const key = (event) => {
    if (event.key === "Escape" && at >= 0) {
      end();
      return;
    }
    const inField = event.target instanceof Element && event.target.closest(FIELDS);
    if (inField || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    model.send({ key: KEYS[event.key] });
  };

  document.addEventListener("keydown", key);
  model.on("change:asked", () => show(0));
  if (!seen()) setTimeout(() => show(0), 300);
  return () => document.removeEventListener("keydown", key);
}

export default { render };
