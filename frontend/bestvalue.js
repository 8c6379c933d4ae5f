// Progressive enhancement only: every page works without this.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
initAll();

// A page that follows work in progress asks for its own fragment again, until the fragment no longer asks for that.
const follow = async () => {
  const live = document.querySelector("[data-follow]");
  if (!live) {
    return;
  }
  const answer = await fetch(live.dataset.follow, { headers: { "X-Fragment": "1" } });
  if (answer.redirected || !answer.ok) {
    window.location.reload();
    return;
  }
  live.innerHTML = await answer.text();
  window.setTimeout(follow, 1000);
};
window.setTimeout(follow, 1000);

// Closing the session for want of use loses what was typed, so the page says so two minutes before.
const warning = document.querySelector("[data-idle-seconds]");
if (warning) {
  const warn = () => {
    warning.hidden = false;
    warning.focus();
  };
  window.setTimeout(warn, (Number(warning.dataset.idleSeconds) - 120) * 1000);
}

// A slider says where it stands, and rests on the places that were worked out: on the next one in the direction it is moved.
for (const slider of document.querySelectorAll("input[type=range][data-ticks]")) {
  const ticks = slider.dataset.ticks.split(" ").map(Number);
  const said = document.querySelector(`output[for="${slider.id}"]`);
  let before = Number(slider.value);
  const say = () => {
    said.textContent = `x${Number(slider.value)}`;
    slider.setAttribute("aria-valuetext", `${Number(slider.value)} times today`);
  };
  slider.addEventListener("input", () => {
    const to = Number(slider.value);
    const onward = to >= before ? ticks.find((tick) => tick >= to) : ticks.findLast((tick) => tick <= to);
    before = onward ?? to;
    slider.value = before;
    say();
  });
  say();
}
