import { useLive } from "../live/LiveProvider.tsx";
import type { LiveState } from "../providers/types.ts";

const words: Readonly<Record<LiveState, readonly [text: string, title: string]>> = {
  live: ["Live", "Changes appear as they happen"],
  reconnecting: ["Reconnecting", "The stream of changes is interrupted; reconnecting"],
  polling: ["Every 15 s", "No stream of changes: the page asks every 15 seconds"],
};

/** Says how fresh the page is, and tells screen readers of changes now and then. */
export function LiveIndicator() {
  const { state, announcement } = useLive();
  const [text, title] = words[state];
  return (
    <>
      <span className="live" data-state={state} title={title}>
        <span className="live-dot" aria-hidden />
        <span className="word">{text}</span>
      </span>
      <span className="visually-hidden" aria-live="polite">
        {state === "live" ? announcement : title}
      </span>
    </>
  );
}
