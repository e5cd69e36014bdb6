import type { ConsoleEvent } from "@mycloud/protocol/event";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import type { LiveState, Subscribe } from "../providers/types.ts";
import { eventTypes, resourcesTouchedBy } from "./affected-resources.ts";

interface Live {
  readonly state: LiveState;
  /** What a screen reader is told: a few words now and then. */
  readonly announcement: string;
}

const LiveContext = createContext<Live>({ state: "reconnecting", announcement: "" });

/** Events within this time are one refresh, so that a storm of changes does not become a storm of questions. */
const gatherMs = 1_000;
const pollMs = 15_000;

/** Asks again for what the page shows whenever the control plane says that it changed; without events, every few seconds. */
export function LiveProvider({ children, subscribe }: { children: ReactNode; subscribe: Subscribe }) {
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>("reconnecting");
  const [announcement, setAnnouncement] = useState("");
  const gathered = useRef(new Set<ConsoleEvent["type"]>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    function refresh(types: Iterable<ConsoleEvent["type"]>) {
      for (const resource of resourcesTouchedBy(types)) {
        queryClient.invalidateQueries({ queryKey: [resource] }).catch(() => undefined);
      }
    }
    function flush() {
      timer.current = undefined;
      const types = [...gathered.current];
      gathered.current.clear();
      refresh(types);
      if (types.includes("state-changes")) setAnnouncement(`States changed at ${new Date().toLocaleTimeString()}`);
    }
    let wasLive = false;
    const unsubscribe = subscribe({
      onEvent: (event) => {
        gathered.current.add(event.type);
        timer.current ??= setTimeout(flush, gatherMs);
      },
      onState: (next) => {
        setState(next);
        // What happened while the stream was away was not told: ask for everything once.
        if (next === "live" && wasLive) refresh(eventTypes);
        wasLive ||= next === "live";
      },
    });
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      unsubscribe();
    };
  }, [subscribe, queryClient]);

  useEffect(() => {
    if (state === "live") return;
    const poll = setInterval(() => {
      for (const resource of resourcesTouchedBy(eventTypes)) {
        queryClient.invalidateQueries({ queryKey: [resource] }).catch(() => undefined);
      }
    }, pollMs);
    return () => clearInterval(poll);
  }, [state, queryClient]);

  return <LiveContext value={{ state, announcement }}>{children}</LiveContext>;
}

/** How fresh the page is. */
export function useLive(): Live {
  return useContext(LiveContext);
}
