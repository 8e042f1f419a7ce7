// Follows the work that goes on behind a page.

const POLL_MS = 500;

const polled = document.querySelector("[data-poll]");
if (polled) {
  const live = document.getElementById("live") ?? polled.querySelector("[role=status]");
  const spoken = document.getElementById("spoken");
  const url = polled.dataset.poll;

  async function look() {
    try {
      const answer = await fetch(url);
      if (!answer.ok) return location.reload();
      const state = await answer.json();
      if (!state.busy) return location.reload();
      // A screen reader speaks less often than an eye sees.
      if (spoken && state.said !== spoken.textContent) spoken.textContent = state.said ?? "";
      if (state.live) live.innerHTML = state.live; // made by our own templates, with every text escaped
    } catch {
      live.textContent = "The program does not answer. If it has ended, start it again. A run can be finished under History.";
    }
    setTimeout(look, POLL_MS);
  }
  setTimeout(look, POLL_MS / 2);
}
