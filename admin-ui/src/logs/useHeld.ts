import { useEffect, useState } from "react";

/**
 * A value that moves on by itself, as it was while it is held: what somebody reads does not begin anew under them. Another `key` says that something else
 * was asked for, which is shown at once.
 */
export function useHeld<Value>(value: Value, isHeld: boolean, key: string): Value {
  const [held, setHeld] = useState({ value, key });
  const isStill = isHeld && held.key === key;
  useEffect(() => {
    if (!isStill) setHeld({ value, key });
  }, [value, key, isStill]);
  return isStill ? held.value : value;
}
