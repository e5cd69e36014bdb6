import { useEffect, useState } from "react";

/** A value that follows another once that has rested for a moment: what is asked of the server while somebody types. */
export function useSettled<Value>(value: Value, settleMs = 350): Value {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  // By what it says, not by identity: forms make new objects all the time.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for `value`
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [key, settleMs]);
  return settled;
}
