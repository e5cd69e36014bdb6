const key = "mycloud.reloadedAtMs";
const onceInMs = 30_000;

/**
 * Loads the page anew when a part of it is gone: after an upgrade of the control plane the parts of an open page have other names. At most
 * once in half a minute, so that a part that is really missing shows its error instead of reloading for ever.
 */
export function reloadAfterUpgrade(page: Window, now: () => number = Date.now): void {
  page.addEventListener("vite:preloadError", (event) => {
    const reloadedAtMs = Number(page.sessionStorage.getItem(key) ?? 0);
    if (now() - reloadedAtMs < onceInMs) return;
    event.preventDefault();
    page.sessionStorage.setItem(key, String(now()));
    page.location.reload();
  });
}
