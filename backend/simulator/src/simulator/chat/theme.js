/** Dark or light: the system's choice until the person makes one. Loaded before the first paint. */

const KEY = "parley:theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

const chosen = localStorage.getItem(KEY);
if (chosen) root.dataset.theme = chosen;

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  const show = () => button?.setAttribute("aria-pressed", String(isDark()));
  button?.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem(KEY, root.dataset.theme);
    show();
  });
  dark.addEventListener("change", show);
  show();
});
