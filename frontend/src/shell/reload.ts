const LOOK_MS = 10_000;
const SELDOM_MS = 60_000;
const KEY = "parley.reloaded";

/** Reloads once our server answers again: before, that would leave the browser's own error page. */
export function reloadWhenReachable(reload: () => void = () => location.reload()): () => void {
  const look = async () => {
    if (!mayReload() || !(await isReachable())) return;
    remember();
    reload();
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  void look();
  return () => clearInterval(timer);
}

async function isReachable(): Promise<boolean> {
  try {
    return (await fetch("/icon.svg", { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** A part that stays missing must not make the page reload for ever. */
function mayReload(): boolean {
  try {
    return Math.abs(Date.now() - Number(sessionStorage.getItem(KEY) ?? 0)) > SELDOM_MS;
  } catch {
    return false;
  }
}

function remember(): void {
  sessionStorage.setItem(KEY, String(Date.now()));
}
