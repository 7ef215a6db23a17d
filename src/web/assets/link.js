// Sends the token in this page's fragment, once, when the button is pressed.
"use strict";
const byId = (id) => document.getElementById(id);
const token = location.hash.slice(1);
history.replaceState(null, "", "/s/");

function over(text) {
  byId("say").textContent = text;
  byId("show").hidden = true;
}

if (!/^[0-9a-f]{64}$/.test(token)) {
  over("This link is not complete. Open it from the message you got, in one piece.");
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
      over("Here it is.");
      byId("secret").focus();
    } else if (answer.status === 410) {
      over("This link was opened before, or its time is over. Ask for a new password.");
    } else {
      byId("show").disabled = false;
      byId("say").textContent = "The server could not open it just now. Nothing is lost; try again in a minute.";
    }
  } catch {
    byId("show").disabled = false;
    byId("say").textContent = "The server did not answer. Nothing is lost; try again.";
  }
});

byId("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(byId("secret").textContent);
  byId("copy").textContent = "Copied";
});
