import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

const NowContext = createContext<number | null>(null);

/** One clock for the whole page: relative times move together, with one timer. */
export function NowProvider({ children, intervalMs = 5_000 }: { children: ReactNode; intervalMs?: number }) {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return <NowContext value={nowMs}>{children}</NowContext>;
}

/** The page's present instant in ms UTC, renewed every few seconds. */
export function useNow(): number {
  const nowMs = useContext(NowContext);
  if (nowMs === null) throw new Error("useNow is called outside NowProvider");
  return nowMs;
}
