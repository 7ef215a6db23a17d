// Sends the token in this page's fragment, once, when the button is pressed.
"use strict";
const byId = (id) => document.getElementById(id);
const token = location.hash.slice(1);
// The token does not stay in the address bar or in the history; that it was opened does.
const USED = "opened";
history.replaceState(null, "", token === USED ? `/s/#${USED}` : "/s/");

function over(title, text) {
  byId("title").textContent = title;
  byId("say").textContent = text;
  byId("show").hidden = true;
}

function again(text) {
  byId("show").disabled = false;
  byId("say").textContent = text;
}

if (token === USED) {
  over("This password was shown", "It is shown once. If you still need it, ask for a new one.");
} else if (!/^[0-9a-f]{64}$/.test(token)) {
  over("This link is not complete", "Open it from the message you got, in one piece.");
}

byId("show").addEventListener("click", async () => {
  byId("show").disabled = true;
  try {
    const answer = await fetch("/s/open", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
      cache: "no-store",
      credentials: "omit",
    });
    if (answer.ok) {
      byId("secret").textContent = (await answer.json()).secret;
      byId("value").hidden = false;
      history.replaceState(null, "", `/s/#${USED}`);
      over("For you alone", "Here it is, this one time.");
      byId("secret").focus();
    } else if (answer.status === 410) {
      over("This link is used up", "It was opened before, or its time is over. Ask for a new one. If you did not open it, tell your IT: somebody else may have.");
    } else {
      again("The server could not open it just now. Nothing is lost; try again in a minute.");
    }
  } catch {
    again("The server did not answer. Try again; if the link is used up then, ask for a new one.");
  }
});

byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(byId("secret").textContent);
    byId("copy").textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(byId("secret"));
    byId("copy").textContent = "Selected; copy it";
  }
});

// A page that is gone back to shows nothing any more.
addEventListener("pagehide", () => { byId("secret").textContent = ""; });
