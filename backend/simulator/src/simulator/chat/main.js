/** The simulator's chat: puts the parts together, and follows the address and the event stream. */

/** @import {Page, ServerEvent} from "./wire" */

import { mountActions } from "./actions.js";
import { addPerson, fetchMessages, fetchPeople, fetchState } from "./api.js";
import { mountChats } from "./chats.js";
import { mountComposer } from "./composer.js";
import { byId } from "./dom.js";
import { listen } from "./events.js";
import { chatTitle, fullName, summary } from "./format.js";
import { mountHead } from "./head.js";
import { Log } from "./log.js";
import { mountPeople } from "./people.js";
import { currentPlace, settleAt } from "./place.js";
import { State } from "./state.js";
import { tell } from "./toast.js";

/** Wide enough for both columns; narrower screens show the list or the conversation. */
const wide = matchMedia("(min-width: 760px)");
const NOBODY = 0;
/** Who the page is when the simulator knows no one. */
const NEWCOMER = { first_name: "Alex", language_code: navigator.language.split("-")[0] ?? "en" };
const RETRY_MS = 1000;

const state = new State();
const log = new Log(state);
const composer = mountComposer(state, () => log.toBottom());
const { answered } = mountActions(state, composer);
mountChats(state);
mountHead(state);
mountPeople(state);

let stopListening = () => {};
/** Who is at the screen, or nobody yet. */
let seat = NOBODY;
addEventListener("hashchange", follow);
wide.addEventListener("change", follow);
follow();

/** Goes where the address says: another person means another stream, another chat only a redraw. */
async function follow() {
  const place = currentPlace();
  if (place.user === null || place.user !== seat) {
    await become(place.user);
    return;
  }
  if (!state.me) return;
  const bots = wide.matches ? state.me.id : null;
  state.openId = state.talks.has(place.chat ?? 0) ? place.chat : bots;
  if (state.openId !== null) settleAt(state.me.id, state.openId);
  state.changed();
}

/** Takes a person's seat. @param {number | null} userId nobody in particular: the first one there is */
async function become(userId) {
  stopListening();
  state.clear();
  seat = userId ?? NOBODY;
  const me = userId ?? (await someone());
  if (seat !== (userId ?? NOBODY)) return;
  seat = me;
  if (userId === null) settleAt(me);
  stopListening = listen(me, { onOpen: () => refresh(me), onEvent, onLost: showLost });
}

/** Someone to be: the first person there is, or a new one. Asks until the simulator answers. */
async function someone() {
  for (;;) {
    try {
      const [first] = await fetchPeople();
      return (first ?? (await addPerson(NEWCOMER))).id;
    } catch {
      showLost();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Fetches the picture that the events then keep up to date. @param {number} userId */
async function refresh(userId) {
  const snapshot = await fetchState(userId);
  if (!snapshot) {
    await leave(userId);
    return;
  }
  /** @type {Map<number, Page>} */
  const pages = new Map();
  await Promise.all(
    snapshot.chats.map(async ({ id }) => {
      pages.set(id, await fetchMessages(id, userId));
    }),
  );
  if (userId !== seat) return;
  state.load(snapshot, pages);
  await follow();
}

/** A simulator that restarts forgets everyone. @param {number} userId whom it has forgotten */
async function leave(userId) {
  if (userId !== seat) return;
  tell("The simulator was restarted and has forgotten everyone. You are someone new.");
  await become(null);
}

function showLost() {
  state.isLost = true;
  state.changed();
}

/** @param {ServerEvent} event */
function onEvent(event) {
  if (event.type === "callback_answer") {
    answered(event);
    return;
  }
  state.apply(event);
  if (event.type === "message" && !state.isOwn(event.message)) announce(event.message);
}

/** Reads an incoming message to a screen reader. @param {import("./wire").Message} message */
function announce(message) {
  const who = message.from ? fullName(message.from) : chatTitle(message.chat, state.bot);
  byId("announcer").textContent = `${who}: ${summary(message)}`;
}
