// Follows the work that goes on behind a page, and tells in its title and, if wanted, in a notice how it ends.

const POLL_MS = 500;

const polled = document.querySelector("[data-poll]");
if (polled) {
  const live = document.getElementById("live") ?? polled.querySelector("[role=status]");
  const spoken = document.getElementById("spoken");
  const needing = [...polled.querySelectorAll("[data-needs-program]")].filter((button) => !button.disabled);
  const url = polled.dataset.poll;
  let isAway = false;

  function enable(is) {
    if (is !== isAway) return;
    isAway = !is;
    for (const button of needing) button.disabled = !is;
  }

  async function look() {
    try {
      const answer = await fetch(url);
      if (!answer.ok) return location.reload();
      const state = await answer.json();
      enable(true);
      if (state.title) document.title = state.title;
      if (!state.busy) {
        tell(state.title);
        return location.reload();
      }
      // A screen reader speaks less often than an eye sees.
      if (spoken && state.said !== spoken.textContent) spoken.textContent = state.said ?? "";
      if (state.live) live.innerHTML = state.live; // made by our own templates, with every text escaped
    } catch {
      enable(false);
      live.textContent = "The program does not answer. If it has ended, start it again: then open History, where you can finish a run that stopped. Nothing is sent twice.";
      if (spoken) spoken.textContent = "The program does not answer.";
    }
    setTimeout(look, POLL_MS);
  }
  setTimeout(look, POLL_MS / 2);
}

// The notice is shown only to those who ask for it, and makes no sound.
const wish = document.getElementById("tell");
const KEY = `tell ${location.pathname}`;

function tell(title) {
  if (!sessionStorage.getItem(KEY)) return;
  sessionStorage.removeItem(KEY);
  if (Notification.permission === "granted" && document.hidden) new Notification(title, { silent: true });
}

if (wish && "Notification" in window && Notification.permission !== "denied") {
  const [button, said] = wish.children;
  const agree = () => {
    sessionStorage.setItem(KEY, "1");
    button.disabled = true;
    said.textContent = "We tell you when it is done. Keep this tab open.";
  };
  wish.hidden = false;
  if (sessionStorage.getItem(KEY)) agree();
  button.addEventListener("click", async () => {
    if ((await Notification.requestPermission()) === "granted") agree();
    else said.textContent = "Your browser does not let us. The title of this tab tells how far it is.";
  });
}
