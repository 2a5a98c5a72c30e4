/** Who is at the screen: switching, adding people, making groups. */

/** @import {User} from "./wire" */
/** @import {State} from "./state.js" */

import { addGroup, addPerson, fetchPeople } from "./api.js";
import { avatar } from "./avatar.js";
import { byId, h, reconcile } from "./dom.js";
import { fullName } from "./format.js";
import { placeUrl } from "./place.js";
import { tellError } from "./toast.js";

/** A list longer than this is narrowed by typing a name. */
const LISTED = 60;

/** @param {State} state */
export function mountPeople(state) {
  const panel = byId("people");
  const search = /** @type {HTMLInputElement} */ (byId("people-search"));

  state.watch(() => {
    if (!state.me) return;
    const person = document.createDocumentFragment();
    person.append(
      avatar(state.me),
      h("span", {}, h("small", {}, "You are"), h("bdi", {}, fullName(state.me))),
    );
    reconcile(byId("me"), person);
    if (panel.matches(":popover-open")) drawPeople();
  });

  search.addEventListener("input", drawPeople);
  panel.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== "open") return;
    search.value = "";
    drawPeople();
    fetchPeople().then((people) => state.meetPeople(people), tellError);
  });
  panel.addEventListener("click", ({ target }) => {
    if (/** @type {Element} */ (target).closest("a, button")) panel.hidePopover();
  });
  byId("add-person").addEventListener("click", () => openForm("person-form"));
  byId("add-group").addEventListener("click", () => {
    drawMembers();
    openForm("group-form");
  });
  onSubmit("person-form", async (data) => {
    const person = await addPerson({
      first_name: word(data, "first_name"),
      ...optional(data, "last_name"),
      ...optional(data, "username"),
      ...optional(data, "language_code"),
    });
    location.hash = placeUrl(person.id);
  });
  onSubmit("group-form", async (data) => {
    const myId = state.me?.id ?? 0;
    const others = data.getAll("member").map(Number);
    const group = await addGroup(word(data, "title"), [myId, ...others]);
    state.apply({ type: "chat", chat: group });
    location.hash = placeUrl(myId, group.id);
  });

  function drawPeople() {
    const typed = search.value.trim().toLowerCase();
    const people = [...state.users.values()].filter((user) =>
      label(user).toLowerCase().includes(typed),
    );
    const fresh = document.createDocumentFragment();
    fresh.append(...people.slice(0, LISTED).map((user) => personLink(user, state.me)));
    reconcile(byId("people-list"), fresh);
    search.hidden = state.users.size < 6;
    byId("people-more").hidden = people.length <= LISTED;
    byId("people-more").textContent = `and ${people.length - LISTED} more: type a name`;
  }

  function drawMembers() {
    const others = [...state.users.values()].filter(({ id }) => id !== state.me?.id);
    byId("members").replaceChildren(...others.slice(0, LISTED).map(memberBox));
    byId("no-members").hidden = others.length > 0;
  }
}

/** @param {User} user */
const label = (user) => `${fullName(user)} ${user.username ?? ""}`;

/**
 * @param {User} user
 * @param {User | undefined} me
 */
const personLink = (user, me) =>
  h(
    "li",
    { "data-key": user.id },
    h(
      "a",
      { href: placeUrl(user.id), "aria-current": user.id === me?.id && "true" },
      avatar(user),
      h("bdi", { class: "chat-title" }, fullName(user)),
      h("small", {}, user.username ? `@${user.username}` : (user.language_code ?? "")),
    ),
  );

/** @param {User} user */
const memberBox = (user) =>
  h(
    "label",
    { class: "member" },
    h("input", { type: "checkbox", name: "member", value: user.id }),
    avatar(user),
    h("bdi", { class: "chat-title" }, fullName(user)),
  );

/** @type {(data: FormData, name: string) => string} */
const word = (data, name) => String(data.get(name) ?? "").trim();

/** @type {(data: FormData, name: string) => Record<string, string>} */
const optional = (data, name) => (word(data, name) ? { [name]: word(data, name) } : {});

/** @param {string} formId */
function openForm(formId) {
  const form = /** @type {HTMLFormElement} */ (byId(formId));
  form.reset();
  form.closest("dialog")?.showModal();
}

/**
 * Closes the form's dialog once its work is done; an error leaves what was typed.
 *
 * @param {string} formId
 * @param {(data: FormData) => Promise<void>} work
 */
function onSubmit(formId, work) {
  const form = /** @type {HTMLFormElement} */ (byId(formId));
  form
    .querySelector("[data-cancel]")
    ?.addEventListener("click", () => form.closest("dialog")?.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await work(new FormData(form));
      form.closest("dialog")?.close();
    } catch (error) {
      tellError(error);
    }
  });
}
