/** Above and below the conversation: whom it is with, what the bot does now, how to stop or block it. */

/** @import {State} from "./state.js" */
/** @import {Talk} from "./talk.js" */

import { ApiError, blockBot, promoteBot, stopDraft } from "./api.js";
import { avatar, groupAvatar } from "./avatar.js";
import { byId, h, reconcile } from "./dom.js";
import { actionText, chatTitle, fullName } from "./format.js";
import { openMenu } from "./menu.js";
import { placeUrl } from "./place.js";
import { copyText, tellError } from "./toast.js";

/** @param {State} state */
export function mountHead(state) {
  const stop = /** @type {HTMLButtonElement} */ (byId("stop"));
  /** The draft whose end was asked for. @type {number | null} */
  let stopping = null;

  state.watch(() => {
    const { open: talk, bot } = state;
    byId("app").classList.toggle("talking", talk !== undefined);
    byId("lost").hidden = !state.isLost;
    if (!talk || !bot) return;
    const title = document.createDocumentFragment();
    title.append(
      talk.chat.type === "private" ? avatar(bot) : groupAvatar(talk.chat),
      h(
        "div",
        {},
        h("h1", { dir: "auto" }, chatTitle(talk.chat, bot)),
        h("p", { dir: "auto" }, subtitle(talk, state)),
      ),
    );
    reconcile(byId("talk-title"), title);
    byId("back").setAttribute("href", placeUrl(state.me?.id ?? 0));
    showDoing(talk);
    showBlocked(talk);
  });

  /** @param {Talk} talk */
  function showDoing(talk) {
    byId("doing").hidden = !talk.action;
    byId("doing-words").textContent = talk.action
      ? `${state.bot ? fullName(state.bot) : "The bot"} ${actionText(talk.action)}…`
      : "";
    const draft = talk.drafts.find(({ can_stop }) => can_stop);
    stop.hidden = !draft;
    stop.disabled = draft !== undefined && draft.draft_id === stopping;
  }

  stop.addEventListener("click", async () => {
    const { me, open: talk } = state;
    const draft = talk?.drafts.find(({ can_stop }) => can_stop);
    if (!me || !talk || !draft) return;
    stopping = draft.draft_id;
    state.changed();
    byId("text").focus();
    try {
      await stopDraft(talk.chat.id, draft.draft_id, me.id);
    } catch (error) {
      stopping = null;
      const isOver = error instanceof ApiError && error.status === 404;
      if (!isOver) tellError(error);
    }
  });

  /** @param {boolean} blocked */
  async function block(blocked) {
    const { me, open: talk } = state;
    if (!me || !talk) return;
    try {
      await blockBot(talk.chat.id, me.id, blocked);
      talk.chat = { ...talk.chat, blocked };
      state.changed();
    } catch (error) {
      tellError(error);
    }
  }

  /** @param {boolean} administrator */
  async function promote(administrator) {
    const { me, open: talk } = state;
    if (!me || !talk) return;
    try {
      await promoteBot(talk.chat.id, me.id, administrator);
    } catch (error) {
      tellError(error);
    }
  }

  byId("unblock").addEventListener("click", () => block(false));
  byId("talk-menu").addEventListener("click", ({ currentTarget }) => {
    const talk = state.open;
    if (!talk) return;
    const isBlocked = talk.chat.blocked === true;
    const isAdmin = talk.chat.bot_is_administrator === true;
    openMenu(/** @type {HTMLElement} */ (currentTarget), [
      { label: "Copy the address of this chat", run: () => copyText(location.href) },
      ...(talk.chat.type === "private"
        ? [
            {
              label: isBlocked ? "Unblock the bot" : "Block the bot",
              run: () => block(!isBlocked),
              danger: !isBlocked,
            },
          ]
        : [
            {
              label: isAdmin ? "Make the bot a plain member" : "Make the bot an administrator",
              run: () => promote(!isAdmin),
            },
          ]),
    ]);
  });
}

/** @param {Talk} talk */
function showBlocked(talk) {
  byId("blocked").hidden = !talk.chat.blocked;
  byId("composer").hidden = talk.chat.blocked === true;
}

/**
 * @param {Talk} talk
 * @param {State} state
 */
function subtitle(talk, { bot }) {
  if (talk.drafts.length > 0) return "writing an answer…";
  if (talk.action) return `${actionText(talk.action)}…`;
  if (talk.chat.type === "private") return bot?.username ? `@${bot.username} · bot` : "bot";
  const members = talk.chat.member_count;
  return members ? `group · ${members} members` : "group";
}
