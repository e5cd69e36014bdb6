import { useEffect, useRef } from "react";
import { useNavigate } from "react-router-dom";
import { useShownNavigation } from "./useShownNavigation.ts";

/** How long `g` waits for the key after it. */
const chordMs = 1_500;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Keyboard: `/` looks for something, `g` and a letter goes somewhere, `?` shows this list. Never while typing. */
export function useShortcuts(actions: { onSearch: () => void; onHelp: () => void }): void {
  const navigate = useNavigate();
  const goPaths: ReadonlyMap<string, string> = new Map(
    useShownNavigation().flatMap(({ items }) => items.flatMap(({ keys, path }) => (keys ? [[keys, path]] : []))),
  );
  const latest = useRef({ ...actions, goPaths });
  latest.current = { ...actions, goPaths };
  useEffect(() => {
    let goAtMs = 0;
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const path = event.timeStamp - goAtMs < chordMs ? latest.current.goPaths.get(event.key) : undefined;
      goAtMs = event.key === "g" ? event.timeStamp : 0;
      if (path !== undefined) void navigate(path);
      else if (event.key === "/") latest.current.onSearch();
      else if (event.key === "?") latest.current.onHelp();
      else return;
      event.preventDefault();
    }
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [navigate]);
}
