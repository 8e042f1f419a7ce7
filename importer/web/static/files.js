// Takes the files that a person chooses or lets go, on any page. Decides nothing.

const address = document.body.dataset.files;
const status = document.getElementById("drop-status");
const dropping = document.getElementById("dropping");
const input = document.getElementById("file");

async function send(file) {
  const headers = { "X-File-Name": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" };
  const answer = await fetch(address, { method: "POST", headers, body: file }).catch(() => null);
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

if (input) {
  input.addEventListener("change", () => take([...input.files]));
  if (input.files.length) take([...input.files]); // chosen before this script ran
  document.getElementById("drop").addEventListener("submit", (event) => event.preventDefault());
}

if (address) {
  // Wherever on a page a file is let go, it is meant for it; a text or a link that is dragged is not.
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (is) => { dropping.hidden = !is; };
  for (const name of ["dragenter", "dragover"]) window.addEventListener(name, (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(true);
  });
  window.addEventListener("dragleave", (event) => { if (!event.relatedTarget) show(false); });
  window.addEventListener("drop", (event) => {
    show(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
}
