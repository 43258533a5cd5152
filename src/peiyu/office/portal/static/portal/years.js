// The form of a year: what is typed is kept while one types. Without this the button does it.
"use strict";
(() => {
  const form = document.querySelector("form[data-year]");
  if (!form) return;
  const WAIT = 900;
  const AGAIN = 8000;
  const said = form.querySelector("[data-said]");
  const { saved, declared, was } = form.elements;
  const inputs = [...form.querySelectorAll("[data-figure] input.form-control")];
  const before = () => JSON.parse(was.value || "{}");
  // Of two values none is kept before one of them is chosen.
  const clashes = (one) => one.closest("[data-figure]").querySelector("[data-clash]");
  const isOpen = (one) => clashes(one).firstElementChild !== null;
  const typed = () => {
    const old = before();
    return inputs.filter((one) => one.value.trim() !== (old[one.name] || ""));
  };
  const changed = () => typed().some((one) => !isOpen(one));
  const picked = () => form.querySelector("[data-clash] input:checked") !== null;
  const say = (text) => (said.textContent = text);
  const paragraph = (text, colour) => {
    const made = document.createElement("p");
    made.className = colour;
    made.textContent = text;
    return made;
  };
  const mark = (answer) => {
    inputs.forEach((one) => {
      const place = one.closest("[data-figure]");
      const wrong = answer.problems?.[one.name];
      const clash = answer.clashes?.[one.name];
      const remark = answer.remarks?.[one.name];
      place.querySelector("[data-wrong]").replaceChildren(...(wrong ? [paragraph(wrong, "c-bad")] : []));
      place.querySelector("[data-remark]").replaceChildren(...(remark ? [paragraph(remark, "c-unk")] : []));
      if (answer.clashes) clashes(one).innerHTML = clash || "";
      if (wrong || isOpen(one)) one.setAttribute("aria-invalid", "true");
      else one.removeAttribute("aria-invalid");
    });
  };
  // What was sent now stands; what stands otherwise is shown, but never under someone's hands.
  const settle = (sent, texts) => {
    const old = before();
    inputs.forEach((one) => {
      const stands = texts[one.name];
      const untouched = one.value.trim() === sent[one.name];
      if (isOpen(one)) return;
      if (stands === undefined) old[one.name] = sent[one.name];
      else if (untouched && one !== document.activeElement) {
        one.value = stands;
        old[one.name] = stands;
      } else if (sent[one.name] !== (old[one.name] || "")) old[one.name] = sent[one.name];
    });
    was.value = JSON.stringify(old);
  };
  let timer;
  let going = false;
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  };
  const keep = async () => {
    if (going) return later(WAIT);
    if (!changed() && !picked()) return;
    going = true;
    const body = new FormData(form);
    const sent = Object.fromEntries(inputs.map((one) => [one.name, one.value.trim()]));
    say(form.dataset.waiting);
    try {
      const response = await fetch(form.action, {
        method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual",
      });
      if (![200, 409, 422].includes(response.status)) {
        say(response.type === "opaqueredirect" ? form.dataset.gone : form.dataset.lost);
        later(AGAIN);
        return;
      }
      const answer = await response.json();
      mark(answer);
      if (response.status === 422) say(answer.message);
      else {
        saved.value = answer.saved;
        declared.value = answer.declared;
        settle(sent, answer.texts);
        document.getElementById("lacks").outerHTML = answer.lacks;
        form.querySelector("[data-hints]").innerHTML = answer.hints;
        say(answer.said);
        if (changed()) later(WAIT);
      }
    } catch {
      say(form.dataset.lost);
      later(AGAIN);
    } finally {
      going = false;
    }
  };
  form.addEventListener("input", () => later(WAIT));
  form.addEventListener("change", () => later(0));
  let leaving = false;
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && typed().length) event.preventDefault();
  });
  // A link to a figure opens what it is folded in.
  const unfold = () => {
    const aim = location.hash && document.getElementById(location.hash.slice(1));
    const folded = aim && aim.closest("details");
    if (folded) folded.open = true;
    if (aim && aim.matches("input")) aim.focus();
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
