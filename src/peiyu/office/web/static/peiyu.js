// What a page does beyond plain links and forms. Every page works without it, more slowly.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (el) => el.matches("input, textarea, select, [contenteditable]");

  // Search: "/" goes there; arrows, enter and escape choose among what was found.
  const search = document.querySelector("[data-search] input");
  const found = document.getElementById("found");
  const options = () => (found ? all("[role=option]", found) : []);
  const choose = (option) => {
    options().forEach((one) => one.setAttribute("aria-selected", String(one === option)));
    if (option) {
      option.id ||= `found-${options().indexOf(option)}`;
      search.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else search.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    if (!found) return;
    found.replaceChildren();
    search.setAttribute("aria-expanded", "false");
    search.removeAttribute("aria-activedescendant");
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && search) {
      if (!search.offsetParent) return; // on the phone the search is a page of its own
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      all("details.menu[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
  });
  search?.addEventListener("keydown", (event) => {
    const rows = options();
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!rows.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(rows[(at + step + rows.length + (at < 0 && step < 0 ? 1 : 0)) % rows.length]);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      (rows[at].closest("a") || rows[at].querySelector("a") || rows[at]).click();
    } else if (event.key === "Escape") {
      if (rows.length) event.preventDefault(); // the first time it closes, then it clears
      close();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-search]")) close();
    all("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // Lists: one box chooses all lines of the page; what can be done appears when any is chosen.
  const count = (form) => {
    const boxes = all("input[name=chosen]", form);
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr")?.classList.toggle("sel", box.checked));
    all("[data-choose-all]", form).forEach((box) => {
      box.checked = boxes.length > 0 && chosen.length === boxes.length;
      box.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    });
    all("[data-bulk]", form).forEach((bar) => {
      bar.hidden = !chosen.length;
      all("[data-chosen]", bar).forEach((place) => (place.textContent = chosen.length));
    });
  };
  const around = (el) => el.closest("form") || el.closest(".pn") || document;
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose-all]")) {
      const place = around(event.target);
      all("input[name=chosen]", place).forEach((box) => (box.checked = event.target.checked));
      count(place);
    } else if (event.target.matches("input[name=chosen]")) count(around(event.target));
  });
  document.addEventListener("click", (event) => {
    const none = event.target.closest("[data-choose-none]");
    if (none) {
      all("input[name=chosen]", around(none)).forEach((box) => (box.checked = false));
      count(around(none));
    }
    const fold = event.target.closest("[data-fold]"); // filters on the phone
    fold?.setAttribute("aria-expanded", String(fold.getAttribute("aria-expanded") !== "true"));
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard?.writeText(copy.dataset.copy).then(() => {
        copy.replaceChildren(copy.dataset.copied);
      });
    }
  });

  // Forms: nothing typed is lost unsaid. Long ones keep a draft in this browser.
  let dirty = false;
  const keyOf = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
  const kept = (form) => {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value !== "string" || name === "csrfmiddlewaretoken") continue;
      if (form.elements[name]?.type === "password") continue;
      (values[name] ||= []).push(value);
    }
    return JSON.stringify(values);
  };
  const restore = (form) => {
    const saved = localStorage.getItem(keyOf(form));
    if (!saved || form.querySelector("[data-errors]")) return;
    for (const [name, values] of Object.entries(JSON.parse(saved))) {
      for (const field of all("input, textarea, select", form).filter((one) => one.name === name)) {
        if (field.type === "hidden" || field.type === "file") continue;
        if (field.type === "checkbox" || field.type === "radio") {
          field.checked = values.includes(field.value);
        } else if (!field.value) field.value = values[0];
      }
    }
  };
  let waiting;
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-form]");
    if (!form) return;
    dirty = true;
    if (!form.dataset.draft) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => localStorage.setItem(keyOf(form), kept(form)), 800);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-log-out]")) {
      Object.keys(localStorage)
        .filter((key) => key.startsWith("draft:"))
        .forEach((key) => localStorage.removeItem(key)); // the next person is someone else
    }
    if (!event.target.matches("form[data-form]")) return;
    dirty = false;
    clearTimeout(waiting);
    if (event.target.dataset.draft) localStorage.removeItem(keyOf(event.target));
  });
  addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });

  // What overflows can be scrolled by keyboard; after every fragment that htmx puts in.
  const settle = (root) => {
    all("[data-scrolls]", root).forEach((region) => {
      const over = region.scrollWidth > region.clientWidth;
      if (over) region.tabIndex = 0;
      else region.removeAttribute("tabindex");
    });
    all("form[data-draft]:not([data-restored])", root).forEach((form) => {
      form.dataset.restored = "";
      restore(form);
    });
    all("[data-bulk]", root).forEach((bar) => count(around(bar)));
    const fresh = all("[data-errors]:not([data-seen])", root);
    fresh.forEach((errors) => (errors.dataset.seen = ""));
    fresh[0]?.focus();
    if (search && found) search.setAttribute("aria-expanded", String(options().length > 0));
  };
  document.addEventListener("htmx:afterSettle", () => settle(document));
  addEventListener("resize", () => settle(document));
  // An answer that refuses (400, 403, 409, 422) is shown in its place, not swallowed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if ([400, 403, 409, 422].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
  });
  settle(document);
})();
