// Takes the files that a person chooses or lets go on the page. Decides nothing.

const drop = document.getElementById("drop");
if (drop) {
  const input = document.getElementById("file");
  const status = document.getElementById("drop-status");

  async function send(file) {
    const headers = { "X-File-Name": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" };
    const answer = await fetch(drop.action, { method: "POST", headers, body: file }).catch(() => null);
    const reply = await answer?.json().catch(() => null);
    if (answer?.ok && reply) return reply.to;
    throw new Error(reply?.error ?? "We could not take it: it is too large, or the program has ended.");
  }

  async function take(files) {
    let to = null;
    for (const file of files) {
      status.textContent = `Taking ${file.name} …`;
      try {
        to = await send(file);
      } catch (error) {
        status.textContent = `${file.name}: ${error.message}`;
        return;
      }
    }
    if (to) location.href = files.length > 1 ? document.querySelector(".brand").href : to;
  }

  input.addEventListener("change", () => take([...input.files]));
  if (input.files.length) take([...input.files]); // chosen before this script ran
  drop.addEventListener("submit", (event) => event.preventDefault());
  // Wherever on the page a file is let go, it is meant for it.
  for (const name of ["dragenter", "dragover"]) window.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) window.addEventListener(name, () => drop.classList.remove("over"));
  window.addEventListener("drop", (event) => { event.preventDefault(); take([...event.dataTransfer.files]); });
}
