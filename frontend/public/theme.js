// Runs before the first paint, so that nobody in the dark sees a white page.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("parley.theme");
  } catch {
    // a browser that keeps nothing follows the system
  }
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme =
    chosen === "dark" || chosen === "light" ? chosen : isDark ? "dark" : "light";
})();
