// To Microsoft and back, in this tab: what only this tab holds never stands in an address.
"use strict";
const byId = (id) => document.getElementById(id);
const KEPT = "countersign sign-in";
const back = location.pathname.endsWith("/done");
const query = new URLSearchParams(location.search);
const token = location.hash.slice(1);
const state = query.get("state") ?? "";
const browser = sessionStorage.getItem(KEPT) ?? "";
// Neither the token nor the code stays in the address bar or in the history.
history.replaceState(null, "", location.pathname);

function say(title, text) {
  byId("title").textContent = title;
  byId("say").textContent = text;
}

function over(text) {
  say("This did not work", text);
  byId("go").hidden = true;
}

async function ask(what, body) {
  const answer = await fetch(`/sign-in/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    cache: "no-store",
    credentials: "omit",
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.say ?? "");
  return told;
}

async function attempt(work) {
  byId("go").disabled = true;
  try {
    await work();
  } catch (error) {
    over(error.message || "The server did not answer. Take a new link in the chat.");
  }
}

async function begin() {
  const begun = await ask("begin", { token });
  sessionStorage.setItem(KEPT, begun.browser);
  location.assign(begun.page);
}

async function confirm() {
  const told = await ask("confirm", { state, browser });
  sessionStorage.removeItem(KEPT);
  say(told.code ? "Almost done" : "Done", told.text);
  byId("go").hidden = true;
  if (told.code) {
    byId("secret").textContent = told.code;
    byId("value").hidden = false;
    byId("secret").focus();
  }
}

async function come() {
  const told = await ask("back", { state, browser, code: query.get("code") });
  say(told.purpose === "link" ? "Is this you?" : "Approve?", told.text);
  byId("go").textContent = told.purpose === "link" ? "Yes, that is me" : "Approve";
  byId("go").disabled = false;
}

if (back && query.has("error")) {
  over(`Microsoft did not sign you in: ${(query.get("error_description") ?? query.get("error")).split("Trace ID")[0]}`);
} else if (back && query.has("code") && browser) {
  say("One moment", "Asking Microsoft who signed in.");
  attempt(come);
} else if (back || !/^[0-9a-f]{64}$/.test(token)) {
  over("This link is not complete, or was opened in another window. Open it from the message you got, in one piece.");
}

byId("go").addEventListener("click", () => attempt(back ? confirm : begin));
