import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { DialogPage } from "@/features/dialogs/dialog-page.tsx";
import { DialogsPage } from "@/features/dialogs/dialogs-page.tsx";
import { dialogId, dialogRow, dialogsPage, openedDialog, turn } from "@/testing/dialogs.ts";
import { type Answers, refusal, renderPages, stubApi } from "@/testing/page.tsx";

const PATH = `/api/v1/dialogs/${dialogId(1)}`;
const ME = { "/api/v1/auth/me": { name: "ada", role: "analyst", signed_in_by: "session" } };
let client: QueryClient;

function Page() {
  client = useQueryClient();
  return (
    <>
      <DialogPage />
      <Link to="/dialogs/$dialogId" params={{ dialogId: dialogId(2) }}>
        The next dialog
      </Link>
    </>
  );
}

function open(answers: Answers, address = `/dialogs/${dialogId(1)}`) {
  const asked = stubApi({ ...ME, ...answers });
  const page = renderPages(address, { "/dialogs": DialogsPage, "/dialogs/$dialogId": Page });
  return { ...page, opened: () => asked.filter(({ pathname }) => pathname.startsWith(PATH)) };
}

async function giveReason(reason: string) {
  await userEvent.click(await screen.findByRole("textbox", { name: "Reason" }));
  await userEvent.paste(reason);
  await userEvent.click(screen.getByRole("button", { name: "Open the dialog" }));
}

const article = (number: number) => screen.findByRole("article", { name: `Question ${number}` });

afterEach(() => vi.unstubAllGlobals());

it("asks for a reason before it asks for texts, and says that it is recorded", async () => {
  const { opened } = open({ [PATH]: openedDialog([turn(1)]) });
  expect(await screen.findByRole("heading", { level: 1, name: "A dialog" })).toBeVisible();
  expect(await screen.findByText(/audit log: your name \(ada\)/)).toBeVisible();
  expect(screen.queryByText("Without its texts")).toBeNull();
  await giveReason("ab");
  expect(screen.getByRole("textbox")).toHaveAccessibleDescription(/three characters at least/);
  expect(screen.getByRole("textbox")).toHaveFocus();
  expect(opened()).toHaveLength(0);
});

it("offers reasons that can be gone on with", async () => {
  const { opened } = open({ [PATH]: openedDialog([turn(1)]) });
  await userEvent.click(await screen.findByRole("button", { name: "Complaint of…" }));
  await userEvent.keyboard("20 November{Enter}");
  await article(1);
  expect(opened()[0]?.searchParams.get("reason")).toBe("Complaint of 20 November");
});

it("opens once, and remembers the reason nowhere", async () => {
  const { opened, address } = open({ [PATH]: openedDialog([turn(1)]) });
  await giveReason("  quality   sample ");
  expect(await article(1)).toHaveTextContent("Why is the sky blue, 1?");
  expect(screen.getByText(/Opened for:/)).toHaveTextContent("quality sample");
  await act(async () => {
    await client.invalidateQueries();
    window.dispatchEvent(new Event("focus"));
    window.dispatchEvent(new Event("online"));
    document.dispatchEvent(new Event("visibilitychange"));
  });
  expect(opened().map(({ search }) => search)).toEqual(["?reason=quality%20sample"]);
  expect(address()).toBe(`/dialogs/${dialogId(1)}`);
  expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).not.toContain("sample");
});

it("closes the texts, and forgets them", async () => {
  open({ [PATH]: openedDialog([turn(1)]) });
  await giveReason("incident");
  await article(1);
  await userEvent.click(screen.getByRole("button", { name: "Close the texts" }));
  expect(screen.queryByText(/sky blue/)).toBeNull();
  expect(screen.getByRole("textbox", { name: "Reason" })).toHaveValue("");
  expect(screen.getByRole("textbox", { name: "Reason" })).toHaveFocus();
  await waitFor(() => expect(cachedTexts()).not.toContain("sky blue"));
});

it("asks anew for the reason of another dialog", async () => {
  open({ [PATH]: openedDialog([turn(1)]) });
  await giveReason("incident");
  await article(1);
  await userEvent.click(screen.getByRole("link", { name: "The next dialog" }));
  expect(await screen.findByRole("textbox", { name: "Reason" })).toHaveValue("");
  expect(screen.queryByText(/sky blue/)).toBeNull();
  await waitFor(() => expect(cachedTexts()).not.toContain("sky blue"));
});

const cachedTexts = () =>
  JSON.stringify(
    client
      .getQueryCache()
      .getAll()
      .map(({ state }) => state.data),
  );

it("reads on page by page, each time for the same reason", async () => {
  const dialog = dialogRow(1, { questions: 3 });
  const { opened } = open({
    [PATH]: (words: URLSearchParams) =>
      words.get("cursor") === "abc"
        ? openedDialog([turn(3)], { dialog })
        : openedDialog([turn(1), turn(2)], { dialog, next: "abc" }),
  });
  await giveReason("complaint");
  expect(await screen.findByText("2 of 3 questions")).toBeVisible();
  expect(screen.getByText("Each further page is recorded, too.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Show 1 more" }));
  expect(await article(3)).toBeVisible();
  expect(opened().map(({ search }) => search)).toEqual([
    "?reason=complaint",
    "?reason=complaint&cursor=abc",
  ]);
});

it("keeps what is there when a further page fails, and asks again by hand alone", async () => {
  let isDown = true;
  const { opened } = open({
    [PATH]: (words: URLSearchParams) => {
      if (!words.has("cursor")) return openedDialog([turn(1)], { next: "abc" });
      return isDown ? refusal(503, "database_unreachable") : openedDialog([turn(2)]);
    },
  });
  await giveReason("complaint");
  await userEvent.click(await screen.findByRole("button", { name: "Show 1 more" }));
  expect(await screen.findByRole("alert")).toBeVisible();
  expect(await article(1)).toBeVisible();
  isDown = false;
  await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
  expect(await article(2)).toBeVisible();
  expect(opened()).toHaveLength(3);
});

it("does not try again by itself when it could not be opened", async () => {
  const answers = [refusal(503, "database_unreachable"), openedDialog([turn(1)])];
  const { opened } = open({ [PATH]: () => answers.shift() });
  await giveReason("complaint");
  expect(await screen.findByRole("alert")).toBeVisible();
  expect(screen.getByText("Nothing is asked again here unless you do.")).toBeVisible();
  await act(() => client.invalidateQueries());
  expect(opened()).toHaveLength(1);
  await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
  expect(await article(1)).toBeVisible();
  expect(opened()).toHaveLength(2);
});

it("helps on where there is no such dialog", async () => {
  open({ [PATH]: refusal(404, "dialog_not_found") });
  await giveReason("complaint");
  expect(
    await screen.findByRole("heading", { level: 1, name: "There is no such dialog" }),
  ).toBeVisible();
  expect(screen.getByRole("link", { name: "Search the dialogs" })).toHaveAttribute(
    "href",
    "/dialogs",
  );
});

it.each(["nonsense", "01a1fd6b", "%3Cscript%3E"])("asks nothing about %s", async (id) => {
  const { opened } = open({}, `/dialogs/${id}`);
  expect(
    await screen.findByRole("heading", { level: 1, name: "There is no such dialog" }),
  ).toBeVisible();
  expect(opened()).toHaveLength(0);
});

it("shows what the list knew before it is opened", async () => {
  const row = dialogRow(1, { closed_at: "2026-11-21T10:00:00Z", likes: 1 });
  const whole = openedDialog([turn(1)], { dialog: dialogRow(1, { questions: 31 }) });
  open({ "/api/v1/dialogs": dialogsPage([row]), [PATH]: whole }, "/dialogs?tz=Asia%2FTokyo");
  await userEvent.click(await screen.findByRole("link", { name: /Nov 20, 2026/ }));
  expect(
    await screen.findByRole("heading", { level: 1, name: "Dialog of Quiet Otter 01" }),
  ).toBeVisible();
  const facts = screen.getByRole("region", { name: "Without its texts" });
  for (const text of ["Private", "3 / 2", "Answered", "1,306", "Times are in Asia/Tokyo"]) {
    expect(facts).toHaveTextContent(text);
  }
  expect(facts).toHaveTextContent("Ended by /newNov 21, 2026, 19:00");
  expect(facts).toHaveTextContent(/As in the list/);
  await giveReason("complaint");
  await article(1);
  expect(facts).toHaveTextContent("31 / 2");
  expect(facts).not.toHaveTextContent(/As in the list/);
});

it("says that nobody has asked anything yet", async () => {
  open({ [PATH]: openedDialog([]) });
  await giveReason("complaint");
  expect(await screen.findByText("Nobody has asked anything here yet")).toBeVisible();
});
